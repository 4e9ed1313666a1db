import type { Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";

/** Milliseconds for making a connection, TLS included. */
export const CONNECT_DEADLINE = 10_000;
/** The code of a connection that was not made in time. */
export const TOO_SLOW = "ERR_CONNECT_TIMEOUT";

/** The code of a request that was dropped before it was written whole, because this process may not send any more. */
export const NOT_OURS = "ERR_LANE_LOST";

const SYSTEM = new Set([
	NOT_OURS,
	"ENOTFOUND",
	"EAI_AGAIN",
	"ECONNREFUSED",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENETDOWN",
	TOO_SLOW,
]);
const TLS = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

/** Whether an error's code means that the request surely did not arrive: as a rule because no connection was made. */
export function neverConnected(code: string): boolean {
	return SYSTEM.has(code) || TLS.test(code);
}

/** An agent for https that gives up a connection which is not made in time, half of `deadline` at the most: a request that never left is then known from one whose answer was lost. */
export function directAgent(deadline: number): PlainAgent {
	const agent = new Agent({ keepAlive: true });
	const connect = agent.createConnection.bind(agent);
	agent.createConnection = (options, done) => {
		const socket = connect(options, done);
		const limit = AbortSignal.timeout(Math.min(CONNECT_DEADLINE, deadline / 2));
		const late = () => socket?.destroy(Object.assign(new Error("no connection was made in time"), { code: TOO_SLOW }));
		limit.addEventListener("abort", late, { once: true });
		socket?.once("secureConnect", () => limit.removeEventListener("abort", late));
		return socket;
	};
	return agent;
}

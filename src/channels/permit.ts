import type { Agent, ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { CONNECT_DEADLINE, NOT_OURS, TOO_SLOW } from "./network.ts";

type Done = (error: Error | null, socket?: Socket) => void;

/** What node:http and agent-base (proxies) call on an agent; their types do not tell all of it. */
interface Inside {
	addRequest(request: ClientRequest, ...rest: unknown[]): void;
	createConnection(options: unknown, done?: Done): Socket | undefined;
	connect?(request: ClientRequest, options: unknown): Promise<Socket | Agent>;
}

/** Agents that ask already: a second question would hold one channel's requests back for another's sake. */
const asking = new WeakSet<Agent>();

/**
 * The same agent, whose requests are written only while `may` says so: it is asked in the very turn of the event loop in which the bytes go to the system,
 * and once more when the end of a body that was streamed is written, for no server acts on half a request. A request that may not is destroyed with a code that means «surely not sent».
 *
 * What remains: the process can be stopped between the question and the system call, and what is written waits in the system's buffers and in the network.
 * A look after a lost answer therefore comes only after a quiet period that covers a whole lease and a whole send.
 * The agent must serve one channel alone: throws when it asks for another already.
 */
export function permitted<A extends Agent>(agent: A, may: () => boolean): A {
	if (asking.has(agent)) throw new Error("an agent that asks before it writes serves one channel: give each its own");
	asking.add(agent);
	const inside = agent as unknown as Inside;
	const addRequest = inside.addRequest.bind(agent);
	inside.addRequest = (request, ...rest) => {
		const ask = (): boolean => {
			if (may()) return true;
			request.destroy(Object.assign(new Error("this process may not send here any more"), { code: NOT_OURS }));
			return false;
		};
		// node:http writes what it holds for the request right behind this event, in the same turn.
		request.once("socket", ask);
		const end = request.end.bind(request) as (...given: unknown[]) => ClientRequest;
		request.end = ((...given: unknown[]) =>
			request.socket === null || ask() ? end(...given) : request) as typeof request.end;
		addRequest(request, ...rest);
	};
	// A request that had its socket before the connection is made would be written by the socket, later and unasked.
	if (inside.connect) {
		const connect = inside.connect.bind(agent);
		inside.connect = async (request, options) => {
			const made = await connect(request, options);
			if (!("writable" in made)) return made;
			return new Promise((resolve, reject) => whenOpen(made, (error) => (error ? reject(error) : resolve(made))));
		};
		return agent;
	}
	const create = inside.createConnection.bind(agent);
	inside.createConnection = (options, done = () => {}) => {
		// node:net would take a callback for a listener.
		const made = create(options);
		if (made) whenOpen(made, (error) => (error ? done(error) : done(null, made)));
		return undefined;
	};
	return agent;
}

/** Calls once: when a socket that was just made is connected, behind TLS when it speaks it, or with why it never was. */
function whenOpen(socket: Socket, call: (error?: Error) => void): void {
	const encrypted = socket instanceof TLSSocket;
	if (!encrypted && !socket.connecting) {
		call();
		return;
	}
	let called = false;
	const once = (error?: Error) => {
		if (called) return;
		called = true;
		call(error);
	};
	// Without its socket a request cannot be given up: nothing else would end the wait.
	AbortSignal.timeout(CONNECT_DEADLINE).addEventListener("abort", () => {
		if (!called) socket.destroy(Object.assign(new Error("no connection was made in time"), { code: TOO_SLOW }));
	});
	socket.once(encrypted ? "secureConnect" : "connect", () => once());
	socket.on("error", once);
	socket.once("close", () => once(Object.assign(new Error("closed before it was open"), { code: "ECONNRESET" })));
}

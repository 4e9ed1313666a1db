import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";

/** The port belongs to somebody else. */
export class PortTakenError extends Error {
	override readonly name = "PortTakenError";
}

/** How long requests on their way may take at a stop. Milliseconds. */
const CLOSE_WITHIN = 1_000;

/** What listens, and where. */
export interface WebServer {
	/** `host:port`, the port as given by the system when 0 was asked for. */
	readonly address: string;
	close(): Promise<void>;
}

/** Listens at `host:port`. Throws PortTakenError, or the system's error. */
export async function listen(app: Pick<Hono, "fetch">, address: string): Promise<WebServer> {
	const at = address.lastIndexOf(":");
	const hostname = address.slice(0, at).replace(/^\[|\]$/g, "");
	const port = Number(address.slice(at + 1));
	const server = await new Promise<Server>((resolve, reject) => {
		const started = serve({ fetch: app.fetch, hostname, port, autoCleanupIncoming: true }, () =>
			resolve(started),
		) as Server;
		started.once("error", (error: NodeJS.ErrnoException) =>
			reject(
				error.code === "EADDRINUSE" ? new PortTakenError(`WEB_ADDRESS: ${address} is taken by another program`) : error,
			),
		);
		// A slow sender must not hold a connection for long.
		started.requestTimeout = 10_000;
		started.headersTimeout = 5_000;
	});
	return {
		address: `${address.slice(0, at)}:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeIdleConnections();
				AbortSignal.timeout(CLOSE_WITHIN).addEventListener("abort", () => server.closeAllConnections());
			}),
	};
}

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on 127.0.0.1 that remembers what it was asked. */
export interface HttpServer {
	readonly origin: string;
	readonly host: string;
	readonly requests: IncomingMessage[];
	close(): Promise<void>;
}

/** What a path answers: a listener, or a body. */
export type Routes = Readonly<Record<string, RequestListener | string | Buffer>>;

/** Starts a server; unknown paths are 404. */
export async function httpServer(routes: Routes): Promise<HttpServer> {
	const requests: IncomingMessage[] = [];
	const server = createServer((request: IncomingMessage, response: ServerResponse) => {
		requests.push(request);
		const route = routes[new URL(request.url ?? "/", "http://x").pathname];
		if (route === undefined) response.writeHead(404).end("nothing here");
		else if (typeof route === "function") route(request, response);
		else response.writeHead(200).end(route);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		origin: `http://${host}`,
		host,
		requests,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

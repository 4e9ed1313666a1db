import type { RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { type Web, web } from "../../src/http.ts";
import { lookAt } from "../../src/sources/conditional.ts";
import type { Validators } from "../../src/sources/source.ts";
import { type HttpServer, httpServer } from "../servers/http.ts";

const open: (HttpServer | Web)[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

async function site(answer: RequestListener, own = true) {
	const server = await httpServer({
		"/feed": answer,
		"/old": (_, response) => response.writeHead(301, { location: "/feed" }).end(),
	});
	const door = web({ userAgent: "test", allowPrivate: [server.host], now: () => new Date() });
	open.push(server, door);
	const { signal } = new AbortController();
	const look = (before?: Validators, path = "/feed") =>
		lookAt(server.origin + path, { web: door, accept: "*/*", signal, before, own });
	return { look, server };
}

test("F2: 304 changes nothing and refreshes what it says of itself", async () => {
	const { look, server } = await site((request, response) =>
		request.headers["if-none-match"]
			? response.writeHead(304, { etag: '"2"' }).end()
			: response.writeHead(200, { etag: '"1"', "last-modified": "Mon, 23 Nov 2026 08:00:00 GMT" }).end("x"),
	);
	const first = await look();
	expect(first).toMatchObject({ unchanged: false, validators: { etag: '"1"' } });
	const second = await look(first.validators);
	expect(server.requests.at(-1)?.headers).toMatchObject({
		"if-none-match": '"1"',
		"if-modified-since": "Mon, 23 Nov 2026 08:00:00 GMT",
	});
	expect(second).toMatchObject({ unchanged: true, validators: { ...first.validators, etag: '"2"' } });
});

test("F3: the same bytes without any validator are the same", async () => {
	let body = "one";
	const { look } = await site((_, response) => response.end(body));
	const first = await look();
	expect(await look(first.validators)).toMatchObject({ unchanged: true });
	body = "two";
	expect(await look(first.validators)).toMatchObject({ unchanged: false });
});

test("F4: says where it has moved for good", async () => {
	const { look, server } = await site((_, response) => response.end("x"));
	expect((await look(undefined, "/old")).said.movedTo).toBe(`${server.origin}/feed`);
	expect((await look()).said.movedTo).toBeUndefined();
});

const DATE = "Mon, 23 Nov 2026 09:00:00 GMT";
test.each<[string, boolean, Record<string, string>, { minutes?: number; pause?: number }]>([
	["nothing asked", true, {}, {}],
	["Retry-After to the newsroom itself", true, { "retry-after": "600" }, { minutes: 10 }],
	["of a day: an hour at most", true, { "retry-after": "86400" }, { minutes: 60 }],
	["of two days to strangers: a day at most", false, { "retry-after": "172800" }, { minutes: 24 * 60 }],
	["freshness means nothing to the newsroom itself", true, { "cache-control": "max-age=600" }, {}],
	["freshness to strangers", false, { "cache-control": "public, max-age=600" }, { pause: 600_000 }],
	["of a day: an hour at most", false, { "cache-control": "max-age=86400" }, { pause: 3_600_000 }],
	["none", false, { "cache-control": "max-age=0, no-cache" }, {}],
])("waits as asked: %s (own: %s)", async (_name, own, headers, { minutes, pause }) => {
	const { look } = await site((_, response) => response.writeHead(200, { date: DATE, ...headers }).end("x"), own);
	const { said } = await look();
	expect(said.next?.getTime()).toBe(minutes === undefined ? undefined : Date.parse(DATE) + minutes * 60_000);
	expect(said.pause).toBe(pause);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type Web, web } from "../../src/http.ts";
import { stillStands } from "../../src/sources/stands.ts";
import { type HttpServer, httpServer } from "../servers/http.ts";

let site: HttpServer;
let door: Web;
beforeEach(async () => {
	site = await httpServer({
		"/there": "<p>خبر</p>",
		"/gone": (_, response) => response.writeHead(410).end(),
		"/broken": (_, response) => response.writeHead(503).end(),
	});
	door = web({ userAgent: "test", allowPrivate: [site.host], now: () => new Date() });
});
afterEach(async () => {
	await door.close();
	await site.close();
});

test.each([
	["there", true],
	["gone", false],
	["never-was", false],
	["broken", true],
])("/%s: %s", async (path, expected) => {
	const { signal } = new AbortController();
	expect(await stillStands({ url: `${site.origin}/${path}` }, { web: door, signal })).toBe(expected);
});

test("a site that is down says nothing about its articles", async () => {
	const { signal } = new AbortController();
	expect(await stillStands({ url: "http://127.0.0.1:9/x" }, { web: door, signal })).toBe(true);
});

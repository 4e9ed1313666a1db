import type { LookupFunction } from "node:net";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isPublicAddress } from "../src/guard.ts";
import { type GetOptions, type Web, web } from "../src/http.ts";
import { SourceError } from "../src/sources/source.ts";
import { type HttpServer, httpServer } from "./servers/http.ts";

const NOW = new Date("2026-03-01T09:00:00Z");
const TEXT = "افتتحت مديرية الري قناة جديدة في قضاء المشخاب.";

let site: HttpServer;
let other: HttpServer;
let door: Web;
let guarded: Web;
const signal = new AbortController().signal;
const forms: string[] = [];

beforeAll(async () => {
	other = await httpServer({
		"/": (request, response) => response.end(request.headers.authorization ?? "nobody"),
	});
	site = await httpServer({
		"/plain": TEXT,
		"/gzip": (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(TEXT)),
		"/br": (_, response) => response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(TEXT)),
		"/deflate": (_, response) => response.writeHead(200, { "content-encoding": "deflate" }).end(deflateSync(TEXT)),
		"/raw-deflate": (_, response) =>
			response.writeHead(200, { "content-encoding": "deflate" }).end(deflateRawSync(TEXT)),
		"/unknown-encoding": (_, response) => response.writeHead(200, { "content-encoding": "secret" }).end(TEXT),
		"/bomb": (_, response) =>
			response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(64 * 1024 * 1024))),
		"/cut-gzip": (_, response) =>
			response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(TEXT.repeat(50)).subarray(0, 40)),
		"/large": Buffer.alloc(2_000_000, 65),
		"/truncated": (_, response) => {
			response.writeHead(200, { "content-length": "1000" });
			response.write("half");
			setImmediate(() => response.destroy());
		},
		"/drip": (_, response) => {
			response.writeHead(200);
			const timer = setInterval(() => response.write("."), 20);
			response.on("close", () => clearInterval(timer));
		},
		"/silent": () => {},
		"/etag": (request, response) => {
			if (request.headers["if-none-match"] === '"v1"') response.writeHead(304, { etag: '"v1"' }).end();
			else response.writeHead(200, { etag: '"v1"' }).end(TEXT);
		},
		"/whoami": (request, response) => response.end(request.headers.authorization ?? "nobody"),
		"/moved": (_, response) => response.writeHead(301, { location: "/plain" }).end(),
		"/moved-twice": (_, response) => response.writeHead(308, { location: "/moved" }).end(),
		"/found": (_, response) => response.writeHead(302, { location: "/moved" }).end(),
		"/loop": (_, response) => response.writeHead(302, { location: "/loop" }).end(),
		"/elsewhere": (_, response) => response.writeHead(302, { location: other.origin }).end(),
		"/elsewhere-as": (_, response) =>
			response.writeHead(302, { location: other.origin.replace("//", "//eve:evil@") }).end(),
		"/to-metadata": (_, response) =>
			response.writeHead(302, { location: "http://169.254.169.254/latest/meta-data" }).end(),
		"/to-file": (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
		"/to-nowhere": (_, response) => response.writeHead(302, { location: "http://[" }).end(),
		"/form": (request, response) => {
			request.setEncoding("utf8").on("data", (form: string) => {
				response.writeHead(202, { "x-type": request.headers["content-type"] }).end();
				forms.push(form);
			});
		},
		"/204": (_, response) => response.writeHead(204).end(),
		"/403": (_, response) => response.writeHead(403).end(),
		"/cloudflare": (_, response) => response.writeHead(403, { "cf-mitigated": "challenge" }).end(),
		"/410": (_, response) => response.writeHead(410).end(),
		"/429": (_, response) => response.writeHead(429, { "retry-after": "90" }).end(),
		"/503": (_, response) => response.writeHead(503, { "retry-after": "Sun, 01 Mar 2026 10:00:00 GMT" }).end(),
		"/500": (_, response) => response.writeHead(500, { "retry-after": "soon" }).end(),
	});
	door = web({
		userAgent: "Mirsal-test",
		allowPrivate: [site.host, other.host],
		now: () => NOW,
	});
	guarded = web({ userAgent: "Mirsal-test", allowPrivate: [], now: () => NOW });
});

afterAll(async () => {
	await Promise.all([door.close(), guarded.close()]);
	await Promise.all([site.close(), other.close()]);
});

const get = (path: string, options: Partial<GetOptions> = {}) => door.get(site.origin + path, { signal, ...options });
const text = async (path: string) => Buffer.from((await get(path)).body).toString();

async function faultOf(attempt: Promise<unknown>): Promise<SourceError> {
	const error = await attempt.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SourceError);
	return error as SourceError;
}

describe("an answer", () => {
	test.each(["/plain", "/gzip", "/br", "/deflate", "/raw-deflate"])("%s is decoded", async (path) => {
		expect(await text(path)).toBe(TEXT);
	});

	test("names us and the encodings we read", async () => {
		await get("/plain", { accept: "text/html" });
		expect(site.requests.at(-1)?.headers).toMatchObject({
			"user-agent": "Mirsal-test",
			accept: "text/html",
			"accept-encoding": "gzip, deflate, br",
		});
	});

	test("is 304 with no body when nothing changed", async () => {
		const answer = await get("/etag", { cursor: { etag: '"v1"' } });
		expect(answer).toMatchObject({
			status: 304,
			body: new Uint8Array(),
			headers: { etag: '"v1"' },
		});
	});

	test.each([
		["/moved", "/plain"],
		["/moved-twice", "/plain"],
		["/found", undefined], // F5: followed, and not remembered
		["/plain", undefined],
	])("F4, F5: %s moved for good to %s", async (path, target) => {
		const answer = await get(path);
		expect(answer.url).toBe(`${site.origin}/plain`);
		expect(answer.permanent).toBe(target && site.origin + target);
	});
});

describe("a failure", () => {
	test.each([
		["/204", "status", "204"],
		["/404", "status", "nothing at this address"],
		["/403", "status", "does not let Mirsal in"],
		["/cloudflare", "status", "Cloudflare"],
		["/410", "status", "gone for good"],
		["/500", "status", "500"],
		["/loop", "status", "more than 5 times"],
		["/to-nowhere", "status", "no address"],
		["/to-file", "forbidden", "only http and https"],
		["/to-metadata", "forbidden", "private address"],
		["/truncated", "body", "broke off"],
		["/cut-gzip", "body", "broke off"],
		["/bomb", "body", "larger than"],
		["/unknown-encoding", "body", "does not know"],
	])("F1, F5, F6, F7, F13: %s is %s: %s", async (path, kind, sentence) => {
		const fault = await faultOf(get(path));
		expect(fault.kind).toBe(kind);
		expect(fault.message).toContain(sentence);
		expect(fault.retryAt).toBeUndefined();
	});

	test.each([
		["/429", "2026-03-01T09:01:30.000Z"],
		["/503", "2026-03-01T10:00:00.000Z"],
	])("%s may be asked again at %s", async (path, time) => {
		expect((await faultOf(get(path))).retryAt?.toISOString()).toBe(time);
	});

	test("a body over the caller's limit is cut", async () => {
		expect((await faultOf(get("/large", { maxBytes: 1000 }))).message).toContain("larger than 1000 bytes");
	});

	test.each(["/drip", "/silent"])("%s is cut by the total deadline", async (path) => {
		expect(await faultOf(get(path, { deadline: 150 }))).toMatchObject({
			kind: "slow",
		});
	});

	test("the caller's own giving up is no fault of the source", async () => {
		const controller = new AbortController();
		const answer = get("/silent", { signal: controller.signal });
		controller.abort(new Error("stopping"));
		await expect(answer).rejects.toThrow("stopping");
	});

	test("a closed port is unreachable, and the sentence hides the password", async () => {
		const closed = await httpServer({});
		await closed.close();
		const open = web({
			userAgent: "x",
			allowPrivate: [closed.host],
			now: () => NOW,
		});
		const fault = await faultOf(open.get(`http://reem:s3cret@${closed.host}/?token=abc123`, { signal }));
		await open.close();
		expect(fault.kind).toBe("unreachable");
		expect(fault.message).toContain(closed.host);
		expect(fault.message).not.toMatch(/s3cret|abc123/);
	});
});

describe("credentials", () => {
	const withUser = (path: string) => door.get(site.origin.replace("//", "//reem:pa%20ss@") + path, { signal });
	const basic = `Basic ${Buffer.from("reem:pa ss").toString("base64")}`;

	test("log in at their own host and leave no trace in the answer's address", async () => {
		const answer = await withUser("/whoami");
		expect(Buffer.from(answer.body).toString()).toBe(basic);
		expect(answer.url).toBe(`${site.origin}/whoami`);
	});

	test.each(["/elsewhere", "/elsewhere-as"])("%s sends none to another host", async (path) => {
		expect(Buffer.from((await withUser(path)).body).toString()).toBe("nobody");
	});
});

const PRIVATE =
	`127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 0x7f.1 127.0x1
0.0.0.0 0 0.1.2.3 10.0.0.1 10.255.255.255 167772161 172.16.0.1 172.31.255.255 0xac100001 192.168.0.1 192.168.255.1 3232235521
100.64.0.1 100.127.255.255 169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 192.0.0.1 192.0.2.1 198.18.0.1 198.51.100.1
203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 127。0。0。1 １２７.０.０.１ ①②⑦.⓪.⓪.①
[::] [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:a9fe:a9fe] [::127.0.0.1] [::7f00:1]
[64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:a00:1::1] [2001:0:7f00:1::] [2001::1] [fc00::1]
[fd12:3456:789a::1] [fe80::1] [febf::1] [fec0::1] [ff02::1] [ff0e::1] [2001:db8::1] [100::1] [::ffff:0:127.0.0.1] [5f00::1] [4000::1]
127.1.1 127.0.0.01 0x7F.0.0.0x1 0177.1 0x7f.0x1 017700000002 2130706434 0x7f000002 4294967295 0xffffffff 037777777777
10.1 0xa.1 012.0.0.1 0x0a000001 10.0.1 172.16.1 2886729729 0xac.0x10.1 192.168.1 0xc0a80001 0300.0250.0.1 169.254.43518 0xa9.254.169.254
100.64.1 192.88.99.1 198.19.255.255 255.255.65535 %31%32%37.0.0.1 127%2e0%2e0%2e1 127．0．0．1 ⑫⑦.0.0.1 [0::1] [0:0::1] [::ffff:127.1.2.3]
[::ffff:192.168.0.1] [::ffff:100.64.0.1] [0:0:0:0:0:ffff:7f00:1] [2002:c0a8:1::1] [64:ff9b::a9fe:a9fe] [fe90::1] [ff05::2] [fdff::1]
localhost LOCALHOST localhost. api.localhost printer.local ledger.internal router.home.arpa`
		.split(/\s+/)
		.filter(Boolean);

describe("the guard", () => {
	test("the table is long enough to mean something", () => {
		expect(new Set(PRIVATE).size).toBeGreaterThanOrEqual(100);
	});

	test.each(PRIVATE)("refuses %s without connecting", async (host) => {
		const port = site.host.split(":")[1];
		const before = site.requests.length;
		expect((await faultOf(guarded.get(`http://${host}:${port}/plain`, { signal }))).kind).toBe("forbidden");
		expect(site.requests.length).toBe(before);
	});

	test.each(["1.1.1.1", "8.8.8.8", "185.60.216.35", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e"])(
		"%s is public",
		(address) => {
			expect(isPublicAddress(address)).toBe(true);
		},
	);

	test.each([
		"ftp://example.org/",
		"file:///etc/passwd",
		"data:text/plain,x",
		"javascript:alert(1)",
		"example.org/feed",
		"",
	])("refuses “%s”", async (address) => {
		expect((await faultOf(guarded.get(address, { signal }))).kind).toBe("forbidden");
	});

	test("refuses a private host behind a redirect, and another port of an exempt host", async () => {
		const one = web({
			userAgent: "x",
			allowPrivate: [site.host],
			now: () => NOW,
		});
		const before = other.requests.length;
		expect((await faultOf(one.get(`${site.origin}/elsewhere`, { signal }))).kind).toBe("forbidden");
		expect(other.requests.length).toBe(before);
		await one.close();
	});

	test("exempts every port of a host named without one", async () => {
		const one = web({
			userAgent: "x",
			allowPrivate: ["127.0.0.1"],
			now: () => NOW,
		});
		expect((await one.get(`${site.origin}/elsewhere`, { signal })).status).toBe(200);
		await one.close();
	});

	test.each([
		["only private", [{ address: "127.0.0.1", family: 4 }]],
		[
			"private among public",
			[
				{ address: "93.184.216.34", family: 4 },
				{ address: "::1", family: 6 },
			],
		],
		["nothing at all", []],
	])("a name that leads to %s addresses is refused when connecting", async (_, addresses) => {
		const lookup: LookupFunction = (_host, _options, done) => done(null, addresses);
		const one = web({
			userAgent: "x",
			allowPrivate: [],
			now: () => NOW,
			lookup,
		});
		const before = site.requests.length;
		expect(
			(
				await faultOf(
					one.get(`http://news.example:${site.host.split(":")[1]}/plain`, {
						signal,
					}),
				)
			).kind,
		).toBe("forbidden");
		expect(site.requests.length).toBe(before);
		await one.close();
	});

	test("a name is looked up once, at the connection itself: there is no second answer to rebind to", async () => {
		let asked = 0;
		const lookup: LookupFunction = (_host, _options, done) => {
			asked++;
			done(null, [{ address: asked === 1 ? "127.0.0.1" : "93.184.216.34", family: 4 }]);
		};
		const one = web({
			userAgent: "x",
			allowPrivate: [],
			now: () => NOW,
			lookup,
		});
		await faultOf(one.get("http://rebind.example/", { signal }));
		expect(asked).toBe(1);
		await one.close();
	});
});

describe("a proxy", () => {
	test("carries plain http and is not asked for private addresses", async () => {
		const seen: string[] = [];
		const proxy = await httpServer({
			"/through": (request, response) => {
				seen.push(request.url ?? "");
				response.end("by proxy");
			},
		});
		const one = web({
			userAgent: "x",
			allowPrivate: [],
			now: () => NOW,
			proxyUrl: proxy.origin,
		});
		const answer = await one.get("http://news.example/through", { signal });
		expect(Buffer.from(answer.body).toString()).toBe("by proxy");
		expect((await faultOf(one.get("http://10.0.0.1/through", { signal }))).kind).toBe("forbidden");
		expect((await faultOf(one.get("http://localhost/through", { signal }))).kind).toBe("forbidden");
		expect(seen).toEqual(["http://news.example/through"]);
		await one.close();
		await proxy.close();
	});
});

describe("a form", () => {
	const post = (path: string) => door.post(site.origin + path, { topic: "https://a.example/?أ=1&b" }, signal);

	test("is posted to one address, and the status is what comes back", async () => {
		expect(await post("/form")).toBe(202);
		expect(forms).toEqual(["topic=https%3A%2F%2Fa.example%2F%3F%D8%A3%3D1%26b"]);
		expect(site.requests.at(-1)?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
	});

	test("is not sent on where a redirect points", async () => {
		const before = site.requests.length;
		expect(await post("/moved")).toBe(301);
		expect(site.requests).toHaveLength(before + 1);
	});

	test.each(["http://127.0.0.1:1/", "http://[::ffff:169.254.169.254]/", "file:///etc/passwd", "no address"])(
		"is not sent to %s",
		async (address) => {
			expect((await faultOf(guarded.post(address, { secret: "s" }, signal))).kind).toBe("forbidden");
		},
	);

	test("ends with the reason of whoever gave up", async () => {
		const reason = new Error("enough");
		await expect(door.post(`${site.origin}/silent`, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
	});
});

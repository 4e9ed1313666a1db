import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Log, LogFields } from "../../src/ports.ts";
import { listen, type WebServer } from "../../src/web/server.ts";
import { type Websub, websub } from "../../src/web/websub.ts";
import { type FakeClock, fakeClock } from "../servers/clock.ts";
import { addressed, type Hub, type Method, openHub, pushTo, signed } from "../servers/hub.ts";

const SECRET = "hook-secret-of-forty-characters-and-more";
const SOURCE = "dijla.example/الأخبار/feed";
const TOPIC = "https://dijla.example/feed?lang=ar&n=20";
const PUSH = "<rss><channel><item><title>افتتاح جسر جديد في البصرة</title></item></channel></rss>";
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let clock: FakeClock;
let hub: Hub;
let server: WebServer;
let service: Websub;
/** The ledger: what it keeps is JSON. */
let ledger: Map<string, string>;
let hinted: string[];
let lines: string[];
let random: number;
/** What the guarded door gives instead of an answer. */
let door: Error | undefined;

const log: Log = {
	debug: (fields, message) => void write("debug", fields, message),
	info: (fields, message) => void write("info", fields, message),
	warn: (fields, message) => void write("warn", fields, message),
	error: (fields, message) => void write("error", fields, message),
};

function write(level: string, fields: LogFields, message: string): void {
	lines.push(JSON.stringify({ level, ...fields, message }));
}

/** A life of the process, over what an earlier one left in the ledger. */
function live(more: { readonly publicUrl?: string; readonly sources?: readonly string[] } = {}): Websub {
	return websub({
		publicUrl: more.publicUrl ?? `http://${server.address}/`,
		secret: SECRET,
		sources: (more.sources ?? [SOURCE, "second"]).map((name) => ({ name })),
		now: clock.now,
		random: () => random,
		log,
		hint: async (source) => void hinted.push(source),
		keep: async (key, value) => void ledger.set(key, JSON.stringify(value)),
		kept: async <T>(key: string) => {
			const text = ledger.get(key);
			return text === undefined ? undefined : (JSON.parse(text) as T);
		},
		async post(url, form, signal) {
			if (door) throw door;
			const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), signal, redirect: "manual" });
			await answer.arrayBuffer();
			return answer.status;
		},
	});
}

const tend = () => service.tend(new AbortController().signal);
const kept = (source = SOURCE) => JSON.parse(ledger.get(`websub:${source}`) ?? "null");
const form = (at = -1) => hub.forms.at(at) ?? {};
const callback = () => form()["hub.callback"] ?? "";
const warnings = () => lines.filter((line) => line.includes('"level":"warn"'));

async function verifyAs(said: Record<string, string>, at = callback()): Promise<{ status: number; text: string }> {
	const answer = await fetch(addressed(at, said));
	return { status: answer.status, text: await answer.text() };
}

async function subscribe(): Promise<void> {
	await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
	await tend();
	expect(await hub.verify()).toEqual([200]);
}

beforeEach(async () => {
	clock = fakeClock("2026-11-23T08:00:00Z");
	hub = await openHub({ now: clock.now });
	ledger = new Map();
	hinted = [];
	lines = [];
	random = 0;
	door = undefined;
	server = await listen({ fetch: (...request) => service.app.fetch(...request) }, "127.0.0.1:0");
	service = live();
});
afterEach(async () => {
	await Promise.all([server.close(), hub.close()]);
});

describe("a subscription", () => {
	test("is asked for, verified, pushed to and renewed", async () => {
		await subscribe();
		expect(form()).toEqual({
			"hub.mode": "subscribe",
			"hub.topic": TOPIC,
			"hub.callback": expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/websub\/[0-9a-f]{64}$/),
			"hub.secret": expect.stringMatching(/^[0-9a-f]{64}$/),
			"hub.lease_seconds": "259200",
		});
		expect(kept()).toMatchObject({ v: 1, hub: hub.url, topic: TOPIC, state: "subscribed", tries: 0 });
		expect(kept().until).toBe("2026-11-26T08:00:00.000Z");
		expect(await hub.push(TOPIC, PUSH)).toEqual([202]);
		expect(hinted).toEqual([SOURCE]);

		await clock.advance(0.9 * 3 * DAY - 1);
		await tend();
		expect(hub.forms).toHaveLength(1);
		await clock.advance(1);
		await tend();
		expect(form()).toEqual(form(0));
		expect(await hub.verify()).toEqual([200]);
		expect(kept().until).toBe("2026-11-29T00:48:00.000Z");
	});

	test.each([
		[0, 9_000],
		[0.999_999, 8_501],
	])("of ten seconds is renewed before it ends, with jitter %s after %s ms", async (jitter, milliseconds) => {
		random = jitter;
		hub.lease = 10;
		await subscribe();
		await clock.advance(milliseconds - 2);
		await tend();
		expect(hub.forms).toHaveLength(1);
		await clock.advance(2);
		await tend();
		expect(hub.forms).toHaveLength(2);
		expect(await hub.verify()).toEqual([200]);
		await clock.advance(9_999);
		expect(await hub.push(TOPIC, PUSH)).toEqual([202]);
		expect(hinted).toEqual([SOURCE]);
	});

	test("goes on while it is renewed", async () => {
		await subscribe();
		await clock.advance(0.95 * 3 * DAY);
		await tend();
		expect(await hub.push(TOPIC, PUSH)).toEqual([202]);
		expect(hinted).toEqual([SOURCE]);
	});

	test("may be verified before the request is answered", async () => {
		hub.eager = true;
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await tend();
		expect(kept().state).toBe("subscribed");
		await tend();
		expect(hub.forms).toHaveLength(1);
	});

	test("survives a restart, and nothing is asked twice", async () => {
		await subscribe();
		service = live();
		await tend();
		await hub.push(TOPIC, PUSH);
		expect(hub.forms).toHaveLength(1);
		expect(hinted).toEqual([SOURCE]);
	});

	test("that a restart cut off is asked for again", async () => {
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		service = live();
		await tend();
		expect(await hub.verify()).toEqual([200]);
	});

	test("is asked for at once when PUBLIC_URL changes", async () => {
		await subscribe();
		service = live({ publicUrl: `http://${server.address.replace("127.0.0.1", "localhost")}/` });
		await tend();
		expect(callback()).toMatch(/^http:\/\/localhost:/);
		await tend();
		expect(hub.forms).toHaveLength(2);
	});

	test("of each source has a callback and a secret of its own", async () => {
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await service.learned("second", { hub: hub.url, topic: TOPIC });
		await tend();
		expect(new Set(hub.forms.map((one) => one["hub.callback"])).size).toBe(2);
		expect(new Set(hub.forms.map((one) => one["hub.secret"])).size).toBe(2);
		expect(await hub.verify()).toEqual([200, 200]);
		await hub.push(TOPIC, PUSH);
		expect(hinted).toEqual([SOURCE, "second"]);
	});

	test("of a source that is not there is not asked for", async () => {
		await service.learned("other", { hub: hub.url, topic: TOPIC });
		await tend();
		expect(hub.forms).toEqual([]);
		expect(ledger.size).toBe(0);
	});

	test("follows a site that names another topic, once an hour", async () => {
		await subscribe();
		const before = callback();
		const other = { hub: hub.url, topic: "https://dijla.example/atom" };
		await service.learned(SOURCE, other);
		await tend();
		expect(hub.forms).toHaveLength(1);
		await clock.advance(60 * MINUTE);
		await service.learned(SOURCE, other);
		await tend();
		expect(form()["hub.topic"]).toBe(other.topic);
		expect(callback()).not.toBe(before);
		expect(await hub.verify()).toEqual([200]);
		// The one before is known no more.
		expect(await hub.push(TOPIC, PUSH)).toEqual([404]);
		expect(await hub.push(other.topic, PUSH)).toEqual([202]);
	});

	test("is not asked for twice by ticks that overlap", async () => {
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await Promise.all([tend(), tend()]);
		expect(hub.forms).toHaveLength(1);
	});
});

describe("a verification", () => {
	const good = { mode: "subscribe", topic: TOPIC, challenge: "c", lease_seconds: "86400" };
	beforeEach(async () => {
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await tend();
	});

	test.each<[string, Record<string, string>, string]>([
		["as it was asked for", {}, "c"],
		["with markup as its challenge", { challenge: "<script>alert(1)</script>" }, "<script>alert(1)</script>"],
		["of an older hub, without a lease", { lease_seconds: "" }, "c"],
		["with the topic in the hub's spelling", { topic: "https://DIJLA.example:443/feed?lang=ar&n=20" }, "c"],
	])("%s is answered with its challenge as plain text", async (_name, change, echo) => {
		const said = Object.fromEntries(Object.entries({ ...good, ...change }).filter(([, value]) => value !== ""));
		const answer = await fetch(addressed(callback(), said));
		expect(answer.status).toBe(200);
		expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
		expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
		expect(await answer.text()).toBe(echo);
		expect(kept().state).toBe("subscribed");
	});

	test.each<[string, Record<string, string>]>([
		["another topic", { topic: "https://dijla.example/other" }],
		["no topic", { topic: "" }],
		["a mode that was not asked for", { mode: "unsubscribe" }],
		["no mode", { mode: "" }],
		["no challenge", { challenge: "" }],
		["a lease of nothing", { lease_seconds: "0" }],
		["a lease that is no number", { lease_seconds: "for ever" }],
		["a negative lease", { lease_seconds: "-5" }],
	])("with %s is refused", async (_name, change) => {
		const before = kept();
		expect(await verifyAs({ ...good, ...change })).toEqual({ status: 404, text: "not found\n" });
		expect(kept()).toEqual(before);
	});

	test.each<[string, (path: string) => string]>([
		["a stranger who guesses", () => "0".repeat(64)],
		["a stranger who knows its beginning", (id) => `${id.slice(0, 63)}${id.endsWith("0") ? "1" : "0"}`],
		["a stranger who knows less", (id) => id.slice(0, 16)],
		["a stranger who knows the source", () => encodeURIComponent(SOURCE)],
	])("by %s is refused", async (_name, id) => {
		const at = callback().replace(/[^/]+$/, id);
		expect(await verifyAs(good, at)).toEqual({ status: 404, text: "not found\n" });
		expect(await verifyAs({ mode: "denied", topic: TOPIC }, at)).toEqual({ status: 404, text: "not found\n" });
		expect(kept().state).toBe("asked");
	});

	test("that is played again is refused and prolongs nothing", async () => {
		expect((await verifyAs(good)).status).toBe(200);
		const before = kept();
		await clock.advance(MINUTE);
		expect((await verifyAs({ ...good, lease_seconds: "99999999" })).status).toBe(404);
		expect(kept()).toEqual(before);
	});

	test("with an endless lease is believed for thirty days", async () => {
		await verifyAs({ ...good, lease_seconds: "9999999999" });
		expect(kept().until).toBe("2026-12-23T08:00:00.000Z");
	});
});

describe("a push", () => {
	beforeEach(subscribe);

	test.each<Method>(["sha256", "sha384", "sha512"])("signed with %s makes the source be looked at", async (method) => {
		hub.method = method;
		expect(await hub.push(TOPIC, PUSH)).toEqual([202]);
		expect(hinted).toEqual([SOURCE]);
	});

	test.each<[string, (body: string, secret: string) => Record<string, string>]>([
		["in capital letters", (body, secret) => ({ "x-hub-signature": signed(body, secret).toUpperCase() })],
		[
			"with a weak signature beside a strong one",
			(body, secret) => ({
				"x-hub-signature": signed(body, secret, "sha1"),
				"x-hub-signature-256": signed(body, secret),
			}),
		],
	])("signed %s counts", async (_name, headers) => {
		await pushTo(callback(), PUSH, { secret: "", headers: headers(PUSH, form()["hub.secret"] ?? "") });
		expect(hinted).toEqual([SOURCE]);
	});

	test("of nothing counts, since its content says nothing to us", async () => {
		await hub.push(TOPIC, "");
		expect(hinted).toEqual([SOURCE]);
	});

	test.each<[string, (body: string, secret: string) => Record<string, string>]>([
		["without a signature", () => ({})],
		["with an empty signature", () => ({ "x-hub-signature": "sha256=" })],
		["signed with another secret", (body) => ({ "x-hub-signature": signed(body, "other") })],
		["signed with HOOK_SECRET itself", (body) => ({ "x-hub-signature": signed(body, SECRET) })],
		["signed for another body", (body, secret) => ({ "x-hub-signature": signed(`${body} `, secret) })],
		["with half a signature", (body, secret) => ({ "x-hub-signature": signed(body, secret).slice(0, 40) })],
		[
			"signed in an unknown way",
			(body, secret) => ({ "x-hub-signature": signed(body, secret).replace("sha256", "md5") }),
		],
		[
			"with another method's signature",
			(body, secret) => ({ "x-hub-signature": signed(body, secret).replace("sha256", "sha512") }),
		],
		[
			"with a wrong strong signature beside a right weak one",
			(body, secret) => ({
				"x-hub-signature": signed(body, secret, "sha1"),
				"x-hub-signature-256": signed(body, "other"),
			}),
		],
	])("%s is thanked for and ignored, with one complaint", async (_name, headers) => {
		const given = { secret: "", headers: headers(PUSH, form()["hub.secret"] ?? "") };
		expect(await pushTo(callback(), PUSH, given)).toBe(202);
		expect(await pushTo(callback(), PUSH, given)).toBe(202);
		expect(hinted).toEqual([]);
		expect(warnings()).toEqual([expect.stringContaining("no signature, or a wrong one")]);
	});

	test("signed with SHA-1 alone is ignored, and the log says why", async () => {
		hub.method = "sha1";
		expect(await hub.push(TOPIC, PUSH)).toEqual([202]);
		expect(hinted).toEqual([]);
		expect(warnings()).toEqual([expect.stringContaining("SHA-1 alone")]);
	});

	test("that is played again counts once a minute", async () => {
		await hub.push(TOPIC, PUSH);
		await hub.push(TOPIC, PUSH);
		expect(hinted).toEqual([SOURCE]);
		await hub.push(TOPIC, `${PUSH}<!-- 2 -->`);
		expect(hinted).toEqual([SOURCE, SOURCE]);
		await clock.advance(MINUTE);
		await hub.push(TOPIC, PUSH);
		expect(hinted).toHaveLength(3);
	});

	test("to an address of nobody is not found", async () => {
		expect(await pushTo(callback().replace(/[^/]+$/, "0".repeat(64)), PUSH, { secret: "x" })).toBe(404);
	});

	test.each([
		[1024 * 1024, 202, 1],
		[1024 * 1024 + 1, 413, 0],
	])("of %s bytes is answered with %s", async (size, status, hints) => {
		expect(await hub.push(TOPIC, "x".repeat(size))).toEqual([status]);
		expect(hinted).toHaveLength(hints);
	});
});

describe("a hub that does not help", () => {
	const waits = [1, 2, 4, 8, 16, 32, 60, 60];

	test.each<[string, () => void]>([
		[
			"is down",
			() => {
				door = new Error("connect ECONNREFUSED");
			},
		],
		[
			"refuses",
			() => {
				hub.status = 400;
			},
		],
		[
			"is overloaded",
			() => {
				hub.status = 503;
			},
		],
		[
			"sends us elsewhere",
			() => {
				hub.status = 302;
			},
		],
		["never verifies", () => {}],
	])("because it %s is asked again after 1, 2, 4 … 60 minutes", async (_name, trouble) => {
		trouble();
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await tend();
		for (const [at, minutes] of waits.entries()) {
			expect(kept()).toMatchObject({ state: "asked", tries: at + 1 });
			await clock.advance(minutes * MINUTE - 1);
			await tend();
			expect(kept().tries).toBe(at + 1);
			await clock.advance(1);
			await tend();
		}
		expect(kept().tries).toBe(waits.length + 1);
	});

	test("and comes back is subscribed to", async () => {
		await hub.close();
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await tend();
		expect(warnings()).toEqual([expect.stringContaining("could not be asked")]);
		hub = await openHub({ now: clock.now });
		await clock.advance(60 * MINUTE);
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await tend();
		expect(await hub.verify()).toEqual([200]);
	});

	test("is asked for one source at a time while it is silent", async () => {
		door = new Error("timed out");
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await service.learned("second", { hub: hub.url, topic: TOPIC });
		await tend();
		expect([kept().tries, kept("second").tries]).toEqual([1, 0]);
		await tend();
		expect([kept().tries, kept("second").tries]).toEqual([1, 1]);
	});

	test("is not asked any more once we are to stop", async () => {
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await service.tend(AbortSignal.abort(new Error("stopping")));
		expect(hub.forms).toEqual([]);
		expect(kept().state).toBe("wanted");
	});

	test.each<[string, () => Promise<void>]>([
		[
			"before it verified",
			async () => {
				await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
				await tend();
			},
		],
		["later", subscribe],
	])("because it denies us %s is asked again a day later, and not before", async (_name, begin) => {
		await begin();
		expect(await hub.deny(TOPIC, "not for you")).toEqual([200]);
		expect(kept()).toMatchObject({ state: "denied", next: "2026-11-24T08:00:00.000Z" });
		expect(kept().until).toBeUndefined();
		expect(warnings()).toEqual([expect.stringContaining("not for you")]);
		await service.learned(SOURCE, { hub: hub.url, topic: TOPIC });
		await clock.advance(DAY - 1);
		// Said again, it puts off nothing.
		expect((await verifyAs({ mode: "denied", topic: TOPIC })).status).toBe(200);
		await tend();
		expect(hub.forms).toHaveLength(1);
		await clock.advance(1);
		await tend();
		expect(hub.forms).toHaveLength(2);
		await clock.advance(DAY - 1);
		await tend();
		expect(hub.forms).toHaveLength(2);
		expect(await hub.verify()).toEqual([200]);
		expect(kept().state).toBe("subscribed");
	});
});

test("no secret and no callback is in the log or the ledger, whatever goes wrong", async () => {
	await subscribe();
	const { "hub.secret": secret = "", "hub.callback": address = "" } = form();
	const id = address.replace(/^.*\//, "");
	await hub.push(TOPIC, PUSH);
	hub.method = "sha1";
	await hub.push(TOPIC, PUSH);
	await verifyAs({ mode: "unsubscribe", topic: TOPIC });
	await pushTo(address, PUSH, { secret: SECRET });
	await clock.advance(3 * DAY);
	door = new Error(`cannot post hub.secret=${secret}&hub.callback=${encodeURIComponent(address)}`);
	await tend();
	door = undefined;
	hub.status = 500;
	await clock.advance(MINUTE);
	await tend();
	await hub.deny(TOPIC);
	expect(lines.length).toBeGreaterThan(5);
	const written = [...lines, ...ledger.values()].join("\n");
	for (const one of [SECRET, secret, id]) expect(written).not.toContain(one);
});

test("what a hub is told signs nothing at /hooks: it is not derived with HOOK_SECRET itself", async () => {
	await subscribe();
	const id = callback().replace(/^.*\//, "");
	const told = [form()["hub.secret"], id];
	for (const words of [
		["secret", SOURCE, hub.url, TOPIC],
		["id", SOURCE, hub.url, TOPIC],
	])
		expect(told).not.toContain(signed(JSON.stringify(words), SECRET).slice("sha256=".length));
});

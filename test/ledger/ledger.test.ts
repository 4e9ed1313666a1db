import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { advance, type Delivery, type Intent, type LossPolicy, orderOf } from "../../src/ledger/delivery.ts";
import { type Known, type Ledger, openLedger } from "../../src/ledger/ledger.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import type { Store } from "../../src/ledger/store.ts";

const NOW = new Date("2026-11-23T21:30:00.000Z");
const POLICY: LossPolicy = { onLost: "ask", quiet: 20_000, between: 5_000, patience: 60_000 };

let folder: string;
let store: Store;
let ledger: Ledger;
let now: Date;

const open = (on: Store) => openLedger(on, { now: () => now, day: (time) => time.toISOString().slice(0, 10) });

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-ledger-"));
	now = NOW;
	store = await openSqlite({ path: join(folder, "mirsal.db"), lock: true, now: () => now });
	ledger = open(store);
});
afterEach(async () => {
	await ledger.close();
	rmSync(folder, { recursive: true, force: true });
});

function known(id: string, title = "افتتاح مدرسة في الحي الغربي"): Known {
	const article = {
		id,
		url: `https://example.org/${id}`,
		title,
		lead: "",
		paragraphs: [],
		credits: [],
		tags: [],
		images: [],
		source: "feed",
	};
	return { v: 1, article, foundAt: now.toISOString(), removed: [] };
}

function delivery(id: string, more: Partial<Delivery> = {}): Delivery {
	const stamp = now.toISOString();
	const kind = more.kind ?? "article";
	return {
		v: 1,
		channel: "telegram",
		id,
		kind,
		order: orderOf(kind, "2026-11-23T20:00:00.000Z", id),
		state: "planned",
		plannedAt: stamp,
		changedAt: stamp,
		attempts: 0,
		...more,
	};
}

const plan = (id: string, ...deliveries: Delivery[]) =>
	ledger.plan(known(id), [`url-${id}`], deliveries.length > 0 ? deliveries : [delivery(id)]);

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
	const found: T[] = [];
	for await (const one of list) found.push(one);
	return found;
}

const intent = (id: string): Intent => ({
	attempt: 1,
	at: now.toISOString(),
	hash: "h",
	post: { channel: "telegram", kind: "article", articles: [id], silent: false, text: "خبر", length: 3, limit: 4096 },
});

/** Carries a planned delivery to the end of one send. */
async function sent(id: string, receipt = `m-${id}`): Promise<void> {
	const planned = (await ledger.delivery("telegram", id)) as Delivery;
	const sending = advance(planned, { type: "claim", intent: intent(id) }, now, POLICY);
	await ledger.record(planned, sending);
	const done = advance(sending, { type: "sent", receipt: { id: receipt } }, now, POLICY);
	await ledger.record(sending, done, { last: receipt });
}

describe("plan", () => {
	test("remembers article, aliases and deliveries in one go", async () => {
		expect(await plan("a1", delivery("a1"), delivery("a1", { channel: "twitter" }))).toBe(true);
		expect(await ledger.article("a1")).toEqual(known("a1"));
		expect(await ledger.idOf(["unheard-of", "url-a1"])).toBe("a1");
		expect(await ledger.idOf(["unheard-of"])).toBeUndefined();
		for (const channel of ["telegram", "twitter"]) expect((await ledger.head(channel))?.id).toBe("a1");
	});

	test("twice is once, and the second changes nothing", async () => {
		await plan("a1");
		expect(await ledger.plan(known("a1", "عنوان آخر"), ["url-a1"], [delivery("a1", { order: "0:first" })])).toBe(false);
		expect((await ledger.article("a1"))?.article.title).toBe(known("a1").article.title);
		expect(await all(ledger.shelf("open", "telegram"))).toEqual([delivery("a1")]);
	});

	test("another article under a known alias is not planned", async () => {
		await plan("a1");
		expect(await ledger.plan(known("a2"), ["url-a2", "url-a1"], [delivery("a2")])).toBe(false);
		expect(await ledger.article("a2")).toBeUndefined();
		expect(await ledger.idOf(["url-a2"])).toBeUndefined();
	});

	test("of many who plan one article at once, one does", async () => {
		const other = open(store);
		const done = await Promise.all(
			Array.from({ length: 8 }, (_, index) =>
				(index % 2 ? ledger : other).plan(known("a1", `عنوان ${index}`), ["url-a1"], [delivery("a1")]),
			),
		);
		expect(done.filter(Boolean)).toHaveLength(1);
		expect(await ledger.size("open", "telegram")).toBe(1);
	});

	test("many articles at once all find their place, and the counts are right", async () => {
		const ids = Array.from({ length: 12 }, (_, index) => `a${index}`);
		await Promise.all(ids.map((id) => plan(id, delivery(id, { state: "skipped", reason: "first visit" }))));
		expect((await ledger.counts("telegram")).skipped).toBe(12);
	});

	test("two articles in one place of the queue are both kept", async () => {
		// Two sources looked at in the same millisecond, each with its newest article of the same second.
		const place = { order: orderOf("article", "2026-11-23T20:00:00.000Z", "1") };
		await plan("a1", delivery("a1", place));
		await plan("a2", delivery("a2", place));
		expect((await all(ledger.shelf("open", "telegram"))).map(({ id }) => id).sort()).toEqual(["a1", "a2"]);
		await sent("a1");
		expect((await ledger.head("telegram"))?.id).toBe("a2");
	});

	test("a new name leads to a known article, and never takes one that is taken", async () => {
		await plan("a1");
		await plan("a2");
		await ledger.alias("a1", ["guid-1", "url-a2"]);
		expect(await ledger.idOf(["guid-1"])).toBe("a1");
		expect(await ledger.idOf(["url-a2"])).toBe("a2");
	});
});

describe("shelves", () => {
	test("the queue: breaking first, then by publication time", async () => {
		const early = "2026-11-23T19:00:00.000Z";
		await plan("late", delivery("late", { order: orderOf("article", "2026-11-23T20:00:00.000Z", "1") }));
		await plan("early", delivery("early", { order: orderOf("article", early, "1") }));
		await plan("urgent", delivery("urgent", { kind: "breaking" }));
		expect((await all(ledger.shelf("open", "telegram"))).map(({ id }) => id)).toEqual(["urgent", "early", "late"]);
		expect((await all(ledger.shelf("open", "telegram", 2))).map(({ id }) => id)).toEqual(["urgent", "early"]);
	});

	test("each state stands on its shelf, and on no other channel's", async () => {
		await plan("open");
		await plan("held", delivery("held", { state: "held", reason: "old" }));
		await plan("refused", delivery("refused", { state: "refused" }));
		await plan("unsure", delivery("unsure", { state: "unsure", closed: true }));
		await plan("skipped", delivery("skipped", { state: "skipped" }));
		for (const name of ["open", "held", "refused", "unsure"] as const) {
			expect((await all(ledger.shelf(name, "telegram"))).map(({ id }) => id)).toEqual([name]);
			expect(await ledger.size(name, "telegram")).toBe(1);
			expect(await ledger.size(name, "twitter")).toBe(0);
		}
	});

	test("a delivery leaves its shelf with its state", async () => {
		await plan("a1");
		await sent("a1");
		expect(await ledger.head("telegram")).toBeUndefined();
		expect(await ledger.size("open", "telegram")).toBe(0);
		expect((await ledger.delivery("telegram", "a1"))?.receipt).toEqual({ id: "m-a1" });
	});

	test("names that begin alike do not share a queue", async () => {
		await plan("a1", delivery("a1", { channel: "tele" }));
		expect(await ledger.head("telegram")).toBeUndefined();
		await plan("a2", delivery("a2", { channel: "telegram-sport" }));
		expect(await ledger.head("telegram")).toBeUndefined();
	});
});

describe("record", () => {
	test("pace, last id and the article's place among the last ones are written with the state", async () => {
		await plan("a1");
		const planned = delivery("a1");
		const sending = advance(planned, { type: "claim", intent: intent("a1") }, now, POLICY);
		await ledger.record(planned, sending, { pace: [now.getTime()] });
		expect(await ledger.pace("telegram")).toEqual([now.getTime()]);
		expect(await ledger.channel("telegram")).toEqual({ v: 1, recent: [] });
		await ledger.record(sending, advance(sending, { type: "sent", receipt: { id: "41" } }, now, POLICY), {
			last: "41",
		});
		expect(await ledger.channel("telegram")).toEqual({ v: 1, last: "41", recent: ["a1"] });
	});

	test("a confirmed post has no id of its own: the last known one stays", async () => {
		await plan("a1");
		await sent("a1", "41");
		await plan("a2", delivery("a2", { state: "unsure", closed: true }));
		const unsure = delivery("a2", { state: "unsure", closed: true });
		await ledger.record(unsure, advance(unsure, { type: "confirm" }, now, POLICY));
		expect(await ledger.channel("telegram")).toMatchObject({ last: "41", recent: ["a2", "a1"] });
	});

	test("the last fifty articles are kept, newest first", async () => {
		for (let index = 0; index < 52; index++) {
			await plan(`a${index}`);
			await sent(`a${index}`);
		}
		const { recent } = await ledger.channel("telegram");
		expect(recent).toHaveLength(50);
		expect(recent.slice(0, 2)).toEqual(["a51", "a50"]);
	});

	test("whoever loses the race for a delivery is told, and nothing of his is written", async () => {
		await plan("a1");
		const before = delivery("a1");
		const skipped = advance(before, { type: "skip", reason: "skipped by 1" }, new Date(now.getTime() + 1), POLICY);
		const sending = advance(before, { type: "claim", intent: intent("a1") }, new Date(now.getTime() + 2), POLICY);
		await ledger.record(before, skipped);
		await expect(ledger.record(before, sending, { pace: [1] })).rejects.toThrow("does not own its lane any more");
		expect((await ledger.delivery("telegram", "a1"))?.state).toBe("skipped");
		expect(await ledger.pace("telegram")).toEqual([]);
		expect(await ledger.size("open", "telegram")).toBe(0);
	});

	test("of two who claim one delivery at once, one does", async () => {
		await plan("a1");
		const other = open(store);
		const claim = (on: Ledger, hash: string) =>
			on.record(delivery("a1"), {
				...advance(delivery("a1"), { type: "claim", intent: { ...intent("a1"), hash } }, now, POLICY),
			});
		const done = await Promise.allSettled([claim(ledger, "one"), claim(other, "two")]);
		expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
	});
});

describe("counts", () => {
	test("finished deliveries count once, in all and on their day", async () => {
		await plan("a1");
		await plan("a2", delivery("a2", { state: "skipped", reason: "first visit" }));
		await sent("a1");
		now = new Date("2026-11-24T00:30:00.000Z");
		await plan("a3");
		await sent("a3");
		expect(await ledger.counts("telegram")).toEqual({ sent: 2, refused: 0, skipped: 1 });
		expect(await ledger.countsToday("telegram")).toEqual({ sent: 1, refused: 0, skipped: 0 });
		expect(await ledger.countsOn("telegram", "2026-11-23")).toEqual({ sent: 1, refused: 0, skipped: 1 });
		expect(await ledger.countsOn("telegram", "2026-11-22")).toEqual({ sent: 0, refused: 0, skipped: 0 });
		expect(await ledger.counts("twitter")).toEqual({ sent: 0, refused: 0, skipped: 0 });
	});

	test("a change that leaves the state as it is counts nothing", async () => {
		await plan("a1", delivery("a1", { state: "unsure" }));
		const one = delivery("a1", { state: "unsure" });
		await ledger.record(one, advance(one, { type: "absent" }, now, POLICY));
		expect(await ledger.counts("telegram")).toEqual({ sent: 0, refused: 0, skipped: 0 });
	});
});

test("records of channels and sources change one after the other, whoever changes them", async () => {
	const bump = (on: Ledger) =>
		on.updateChannel("telegram", (before) => ({ ...before, recent: [...before.recent, "x"] }));
	const other = open(store);
	await Promise.all(Array.from({ length: 10 }, (_, index) => bump(index % 2 ? ledger : other)));
	expect((await ledger.channel("telegram")).recent).toHaveLength(10);
	expect(await ledger.source("feed")).toBeUndefined();
	await ledger.updateSource("feed", (before) => ({ v: 1, kind: before ? "again" : "rss", cursor: { etag: "1" } }));
	expect(await ledger.source("feed")).toEqual({ v: 1, kind: "rss", cursor: { etag: "1" } });
});

test("a decision stands until its lane carried it out or dismissed it", async () => {
	const decision = { v: 1, do: "skip", by: "7", at: now.toISOString() } as const;
	await plan("a1");
	await plan("a2");
	await ledger.decide("telegram", "a1", decision);
	await ledger.decide("telegram", "a2", decision);
	await ledger.decide("twitter", "a1", decision);
	expect(await all(ledger.decisions("telegram"))).toEqual([
		["a1", decision],
		["a2", decision],
	]);
	await ledger.record(delivery("a1"), advance(delivery("a1"), { type: "skip", reason: "by 7" }, now, POLICY), {
		decided: true,
	});
	await ledger.dismiss("telegram", "a2");
	expect(await all(ledger.decisions("telegram"))).toEqual([]);
	expect(await all(ledger.decisions("twitter"))).toHaveLength(1);
});

test("an incident is opened once and closed once", async () => {
	expect(await ledger.closeIncident("parked:telegram")).toBe(false);
	expect(await ledger.openIncident("parked:telegram", "القناة متوقفة")).toBe(true);
	expect(await ledger.openIncident("parked:telegram", "القناة متوقفة")).toBe(false);
	expect(await ledger.incidents()).toEqual([
		{ incident: "parked:telegram", text: "القناة متوقفة", since: now.toISOString() },
	]);
	expect(await ledger.closeIncident("parked:telegram")).toBe(true);
	expect(await ledger.closeIncident("parked:telegram")).toBe(false);
	expect(await ledger.incidents()).toEqual([]);
	expect(await ledger.openIncident("parked:telegram", "مرة أخرى")).toBe(true);
});

test("what must happen once is noted once, also by two at once", async () => {
	const other = open(store);
	const done = await Promise.all([ledger.note("update:1"), other.note("update:1"), ledger.note("update:1")]);
	expect(done.filter(Boolean)).toHaveLength(1);
	expect(await ledger.note("update:2")).toBe(true);
});

test("what is kept comes back until it is forgotten", async () => {
	await ledger.keep("nonce:1", { by: 7 });
	expect(await ledger.kept("nonce:1")).toEqual({ by: 7 });
	await ledger.forget("nonce:1");
	expect(await ledger.kept("nonce:1")).toBeUndefined();
});

test("everything is there again after reopening", async () => {
	await plan("a1");
	await ledger.updateChannel("telegram", (before) => ({ ...before, paused: { by: "7", at: now.toISOString() } }));
	await ledger.close();
	store = await openSqlite({ path: join(folder, "mirsal.db"), lock: true, now: () => now });
	ledger = open(store);
	expect(await ledger.head("telegram")).toEqual(delivery("a1"));
	expect((await ledger.channel("telegram")).paused?.by).toBe("7");
});

test("what sites and platforms say is kept without the secrets that they echo; a post keeps every byte", async () => {
	ledger = openLedger(store, {
		now: () => now,
		day: () => "2026-11-23",
		redact: (text) => text.replaceAll("s3cret", "[secret]"),
	});
	const before = delivery("a");
	await ledger.plan(known("a"), ["a"], [before]);
	await ledger.record(before, { ...before, state: "waiting", reason: "bad token s3cret" });
	await ledger.updateSource("feed", () => ({
		v: 1,
		kind: "feed",
		cursor: {},
		fault: { since: "", message: "401 for s3cret", times: 1 },
	}));
	await ledger.updateChannel("telegram", (old) => ({ ...old, wait: { until: "", reason: "s3cret" } }));
	await ledger.openIncident("x", "s3cret");
	expect((await ledger.delivery("telegram", "a"))?.reason).toBe("bad token [secret]");
	expect((await ledger.source("feed"))?.fault?.message).toBe("401 for [secret]");
	expect((await ledger.channel("telegram")).wait?.reason).toBe("[secret]");
	expect(await ledger.incidents()).toMatchObject([{ text: "[secret]" }]);
	await ledger.plan(known("b", "خبر s3cret"), ["b"], []);
	expect((await ledger.article("b"))?.article.title).toBe("خبر s3cret");
});

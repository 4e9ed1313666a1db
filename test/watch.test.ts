import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cleaner } from "../src/arabic/clean.ts";
import type { Draft } from "../src/article/article.ts";
import { type Cursor, type Poll, type Source, SourceError } from "../src/sources/source.ts";
import { type WatchParts, watcher } from "../src/watch.ts";
import { Death, type Fate, fate, openWorld, silence, type World } from "./world.ts";

const HOUR = 3_600_000;
const EARLIER: Draft = draft("old", { publishedAt: "2026-11-23T06:00:00.000Z" });

let world: World;
let feed: FakeSource;
let woken: number[];

beforeEach(async () => {
	world = await openWorld();
	feed = fakeSource("feed");
	woken = [];
});
afterEach(() => world.close());

/** A site in memory. Lists are given newest first, as sites give them. */
interface FakeSource extends Source {
	list: readonly Draft[];
	/** What the next polls throw. */
	readonly faults: Error[];
	readonly cursors: Cursor[];
	next: Date | undefined;
	/** Runs in the middle of each poll. */
	during: () => Promise<void>;
	/** The article as its own page has it. */
	page: (draft: Draft) => Draft | Promise<Draft>;
	readonly completed: string[];
}

function fakeSource(name: string): FakeSource {
	const source: FakeSource = {
		name,
		kind: "feed",
		url: `https://${name}.example.org/rss`,
		list: [],
		faults: [],
		cursors: [],
		next: undefined,
		during: () => Promise.resolve(),
		page: (one) => one,
		completed: [],
		async poll(cursor): Promise<Poll> {
			source.cursors.push(cursor);
			await source.during();
			const fault = source.faults.shift();
			if (fault) throw fault;
			const hash = JSON.stringify(source.list);
			const more = source.next ? { next: source.next } : {};
			if (cursor.hash === hash) return { unchanged: true, cursor, ...more };
			return { unchanged: false, drafts: source.list, cursor: { hash }, ...more };
		},
		async complete(one) {
			source.completed.push(one.title);
			return source.page(one);
		},
	};
	return source;
}

function draft(title: string, more: Partial<Draft> = {}): Draft {
	const slug = encodeURIComponent(title);
	return { url: `https://example.org/${slug}`, title, tags: [], images: [], source: "feed", ...more };
}

/** So many minutes after eight o'clock; it is nine when a test begins. */
const published = (title: string, minute: number, more: Partial<Draft> = {}) =>
	draft(title, {
		publishedAt: new Date(Date.parse("2026-11-23T08:00:00.000Z") + minute * 60_000).toISOString(),
		...more,
	});

function start(more: Partial<WatchParts> = {}, end: Fate = fate()) {
	const { clock, admins } = world;
	return watcher({
		ledger: world.reopen(end),
		sources: new Map([feed].map((source) => [source.name, source])),
		channels: ["telegram", "twitter"],
		cleaner: cleaner({ agencies: [], places: [] }),
		firstVisit: 0,
		maxAge: 24 * HOUR,
		clock,
		log: silence,
		admins,
		wake: async (at) => void woken.push(at.getTime()),
		...more,
	});
}

const look = (watch = start(), name = "feed", signal = new AbortController().signal) => watch.look(name, signal);

async function shelf(name: "open" | "held" = "open", channel = "telegram"): Promise<string[]> {
	const titles: string[] = [];
	for await (const { id } of world.ledger.shelf(name, channel))
		titles.push((await world.ledger.article(id))?.article.title ?? "");
	return titles;
}

/** Past the first visit, with one old article seen. */
async function visited(): Promise<void> {
	feed.list = [EARLIER];
	await look();
}

describe("the first visit", () => {
	test("what is listed is seen and nothing is posted", async () => {
		feed.list = [published("جديد", 50), published("قديم", 10)];
		expect(await look()).toBe(true);
		expect(await shelf()).toEqual([]);
		expect(await world.ledger.counts("telegram")).toMatchObject({ skipped: 2 });
		expect(await world.ledger.source("feed")).toMatchObject({
			firstVisit: world.clock.now().toISOString(),
			lastArticle: "2026-11-23T08:50:00.000Z",
		});
		expect(feed.completed, "pages of what is not posted are not fetched").toEqual([]);
	});

	test("latest:N: the newest N are posted, whatever their age, oldest first", async () => {
		const years = "2020-01-01T00:00:00.000Z";
		feed.list = [draft("ج", { publishedAt: years }), published("ب", 10), published("أ", 20)];
		await look(start({ firstVisit: 2 }));
		expect(await shelf()).toEqual(["ب", "أ"]);
		await world.close();
		world = await openWorld();
		await look(start({ firstVisit: 9 }));
		expect(await shelf()).toEqual(["ج", "ب", "أ"]);
	});

	test("latest:N counts an article once that is listed twice", async () => {
		feed.list = [published("أ", 20), published("أ", 20), published("ب", 10), published("ج", 5)];
		await look(start({ firstVisit: 2 }));
		expect(await shelf()).toEqual(["ب", "أ"]);
	});

	test.each<[string, () => void]>([
		[
			"an empty list",
			() => {
				feed.list = [];
			},
		],
		["a failure", () => void feed.faults.push(new SourceError("status", "the server answered 503"))],
	])("%s is none", async (_, prepare) => {
		prepare();
		await look();
		expect((await world.ledger.source("feed"))?.firstVisit).toBeUndefined();
		feed.list = [published("أ", 20)];
		await look();
		expect(await shelf()).toEqual([]);
		feed.list = [published("ب", 30), published("أ", 20)];
		await look();
		expect(await shelf()).toEqual(["ب"]);
	});
});

describe("what is new", () => {
	beforeEach(visited);

	test("is planned for every channel by publication time, then from the end of the list", async () => {
		feed.list = [
			published("خامس", 40),
			published("رابع", 30),
			published("ثالث", 30),
			published("ثان", 30),
			published("أول", 5),
			EARLIER,
		];
		await look();
		for (const channel of ["telegram", "twitter"])
			expect(await shelf("open", channel)).toEqual(["أول", "ثان", "ثالث", "رابع", "خامس"]);
	});

	test("without dates the order of the list decides, oldest last", async () => {
		feed.list = [draft("ثالث"), draft("ثان"), draft("أول")];
		await look();
		expect(await shelf()).toEqual(["أول", "ثان", "ثالث"]);
	});

	test("and goes on deciding when pages are slow", async () => {
		feed.page = async (one) => {
			await world.clock.advance(1_000);
			return one;
		};
		feed.list = [draft("ثالث"), draft("ثان"), draft("أول")];
		await look();
		expect(await shelf()).toEqual(["أول", "ثان", "ثالث"]);
	});

	test("a stop in the middle keeps what is planned and leaves the rest to the next look", async () => {
		const stop = new AbortController();
		feed.page = (one) => {
			stop.abort();
			return one;
		};
		feed.list = [published("ثان", 20), published("أول", 10)];
		expect(await look(start(), "feed", stop.signal)).toBe(true);
		expect(await shelf()).toEqual(["أول"]);
		await look();
		expect(await shelf()).toEqual(["أول", "ثان"]);
	});

	test("C4: a date in the future does not hold back what comes after it", async () => {
		feed.list = [published("من الغد", 24 * 60)];
		await look();
		await world.clock.advance(60_000);
		feed.list = [published("بعده", 61), ...feed.list];
		await look();
		expect(await shelf()).toEqual(["من الغد", "بعده"]);
	});

	test("breaking news comes first", async () => {
		feed.list = [published("عاجل | حريق في السوق", 50), published("عادي", 10)];
		await look();
		expect(await shelf()).toEqual(["عاجل | حريق في السوق", "عادي"]);
		const { value } = await world.ledger.shelf("open", "telegram", 1).next();
		expect(value).toMatchObject({ kind: "breaking" });
	});

	test("is completed from its page; a page that cannot be read leaves the entry as it is", async () => {
		feed.page = (one) => {
			if (one.title === "ب") throw new SourceError("status", "the page answered 500");
			return { ...one, body: "أعلنت البلدية افتتاح حديقة عامة جديدة في وسط المدينة اليوم." };
		};
		feed.list = [published("ب", 20), published("أ", 10)];
		await look();
		expect(await shelf()).toEqual(["أ", "ب"]);
		expect(feed.completed).toEqual(["أ", "ب"]);
		const { value } = await world.ledger.shelf("open", "telegram", 1).next();
		expect((await world.ledger.article(value?.id ?? ""))?.article.lead).toContain("حديقة عامة");
	});

	test("C12: what says nothing is skipped with its reason, once", async () => {
		feed.list = [published("", 10, { url: "https://example.org/empty" })];
		await look();
		feed.list = [published("", 10, { url: "https://example.org/empty" }), EARLIER];
		await look();
		expect(await shelf()).toEqual([]);
		expect(await world.ledger.counts("telegram")).toMatchObject({ skipped: 2 });
	});

	test("an entry without a usable address harms no other", async () => {
		feed.list = [published("معطوب", 10, { url: "mailto:desk", guid: "7" }), published("سليم", 20, { guid: "8" })];
		expect(await look()).toBe(true);
		expect(await shelf()).toEqual(["سليم"]);
	});
});

describe("the same article", () => {
	beforeEach(visited);
	const one = published("خبر", 10, { url: "https://example.org/news/1", guid: "tag:1" });

	test.each<[string, Partial<Draft>]>([
		["under a changed guid", { guid: "tag:2" }],
		["under another scheme and www.", { url: "http://www.example.org/news/1" }],
		["with tracking parameters", { url: "https://example.org/news/1?utm_source=rss&fbclid=x" }],
		["with another title", { title: "خبر معدل" }],
		["with another date", { publishedAt: "2026-11-23T08:59:00.000Z" }],
		["C2: under a new address with its old guid", { url: "https://example.org/news/slug" }],
	])("%s is not planned again", async (_, change) => {
		feed.list = [one];
		await look();
		feed.list = [{ ...one, ...change }];
		await look();
		expect(await shelf()).toEqual(["خبر"]);
	});

	test("is still the same when it leaves the list and comes back", async () => {
		for (const list of [[one], [EARLIER], [one]]) {
			feed.list = list;
			await look();
		}
		expect(await shelf()).toEqual(["خبر"]);
	});

	test("twice in one poll is one", async () => {
		feed.list = [one, { ...one, url: `${one.url}?utm_source=x` }];
		await look();
		expect(await shelf()).toEqual(["خبر"]);
	});

	test("a move is learned: the new guid alone leads to it later", async () => {
		feed.list = [one];
		await look();
		feed.list = [{ ...one, guid: "tag:new" }];
		await look();
		feed.list = [{ ...one, url: "https://example.org/elsewhere", guid: "tag:new" }];
		await look();
		expect(await shelf()).toEqual(["خبر"]);
	});

	test("C3: a guid that stands on two articles is not trusted", async () => {
		feed.list = [published("ب", 20, { guid: "same" }), published("أ", 10, { guid: "same" })];
		await look();
		expect(await shelf()).toEqual(["أ", "ب"]);
	});

	test("C3: a guid that a feed gives to every article does not hide the next one", async () => {
		feed.list = [published("أ", 10, { guid: "same" })];
		await look();
		feed.list = [published("ب", 20, { guid: "same" })];
		await look();
		await look();
		expect(await shelf()).toEqual(["أ", "ب"]);
	});

	test("two sources that list it plan it once, also at the same time", async () => {
		const other = fakeSource("other");
		other.list = [{ ...EARLIER, source: "other" }];
		const sources = new Map([feed, other].map((source) => [source.name, source]));
		const watch = start({ sources });
		await look(watch, "other");
		feed.list = [one];
		other.list = [{ ...one, source: "other", guid: "other:1", url: "http://www.example.org/news/1" }];
		await Promise.all([look(watch, "feed"), look(watch, "other")]);
		expect(await shelf()).toEqual(["خبر"]);
	});
});

describe("age", () => {
	beforeEach(visited);
	const stale = draft("قديم", { publishedAt: "2026-11-22T08:59:59.000Z" });

	test("C6: older than MAX_AGE when first seen is not posted", async () => {
		feed.list = [stale, published("في حدها", 0, { publishedAt: "2026-11-22T09:00:00.000Z" })];
		await look();
		expect(await shelf()).toEqual(["في حدها"]);
		expect(await shelf("held")).toEqual([]);
	});

	test("published during an outage longer than that, it is held and admins are asked", async () => {
		await world.clock.advance(72 * HOUR);
		feed.list = [
			draft("اليوم", { publishedAt: "2026-11-26T08:00:00.000Z" }),
			draft("في الانقطاع", { publishedAt: "2026-11-24T10:00:00.000Z" }),
			draft("قبله", { publishedAt: "2026-11-23T05:00:00.000Z" }),
		];
		await look();
		expect(await shelf()).toEqual(["اليوم"]);
		expect(await shelf("held")).toEqual(["في الانقطاع"]);
		expect(world.admins.told).toMatchObject([{ sentence: "oldHeld", fields: { count: 1, source: "feed" } }]);
	});

	test("an outage of the network counts as well: failed looks are none", async () => {
		for (let hour = 0; hour < 60; hour++) {
			await world.clock.advance(HOUR);
			feed.faults.push(new SourceError("unreachable", "no answer"));
			await look();
		}
		feed.list = [draft("في الانقطاع", { publishedAt: "2026-11-23T12:00:00.000Z" })];
		await look();
		expect(await shelf("held")).toEqual(["في الانقطاع"]);
	});
});

describe("a source that fails", () => {
	const fail = async (error = new SourceError("status", "the server answers 503")) => {
		feed.faults.push(error);
		return look();
	};

	test("marks nothing, keeps its cursor, and is looked at again", async () => {
		await visited();
		const before = await world.ledger.source("feed");
		expect(await fail()).toBe(false);
		expect(await world.ledger.source("feed")).toEqual({
			...before,
			fault: { since: world.clock.now().toISOString(), message: "the server answers 503", times: 1 },
		});
		feed.list = [published("أ", 10), EARLIER];
		expect(await look()).toBe(true);
		expect(feed.cursors.at(-1)).toEqual(before?.cursor);
		expect(await shelf()).toEqual(["أ"]);
		expect(await world.ledger.source("feed")).not.toHaveProperty("fault");
	});

	test("F1: admins are told after three failures and half an hour, once, and when it is over", async () => {
		for (let minute = 0; minute < 30; minute++) {
			await fail();
			await world.clock.advance(60_000);
		}
		expect(world.admins.told).toEqual([]);
		for (let minute = 30; minute < 40; minute++) {
			await fail();
			await world.clock.advance(60_000);
		}
		expect(world.admins.told).toMatchObject([
			{ sentence: "sourceFailing", fields: { source: "feed", minutes: 30 }, incident: "source:feed" },
		]);
		await look();
		expect(world.admins.resolved).toMatchObject([{ sentence: "sourceRecovered", incident: "source:feed" }]);
	});

	test("two failures an hour apart are not three", async () => {
		await fail();
		await world.clock.advance(HOUR);
		await fail();
		expect(world.admins.told).toEqual([]);
	});

	test("a short failure that is over is not told of at all", async () => {
		await fail();
		await look();
		expect([world.admins.told, world.admins.resolved]).toEqual([[], []]);
	});

	test.each([
		["as long as it said", 10 * 60_000, 10 * 60_000],
		["an hour at the most", 24 * HOUR, HOUR],
	])("F8: is left alone %s", async (_, asked, kept) => {
		const retryAt = new Date(world.clock.now().getTime() + asked);
		await fail(new SourceError("status", "the server answers 429", { retryAt }));
		await world.clock.advance(kept - 1);
		expect(await look()).toBe(false);
		expect(feed.cursors).toHaveLength(1);
		await world.clock.advance(1);
		expect(await look()).toBe(true);
		expect(feed.cursors).toHaveLength(2);
	});

	test("F1: it is looked at again after a minute however seldom the tick comes, or when it asked to be", async () => {
		const watch = start();
		const signal = new AbortController().signal;
		const minutes = async () => {
			const again = await watch.run("feed", signal);
			return again === "done" ? again : (again.again.getTime() - world.clock.now().getTime()) / 60_000;
		};
		feed.faults.push(new SourceError("unreachable", "no answer"));
		expect(await minutes()).toBe(1);
		const retryAt = new Date(world.clock.now().getTime() + 20 * 60_000);
		feed.faults.push(new SourceError("status", "the server answers 503", { retryAt }));
		expect(await minutes()).toBe(20);
		await world.clock.advance(20 * 60_000);
		expect(await minutes()).toBe("done");
	});

	test("an hour at the most it is left alone after a good look too, whatever its clock says", async () => {
		feed.next = new Date("2036-01-01T00:00:00.000Z");
		await look();
		expect((await world.ledger.source("feed"))?.next).toBe(new Date(world.clock.now().getTime() + HOUR).toISOString());
	});

	test("a mistake of ours is not the site's fault", async () => {
		feed.faults.push(new TypeError("x is not a function"));
		await expect(look()).rejects.toThrow(TypeError);
		expect(await world.ledger.source("feed")).toBeUndefined();
	});

	test("a stop in the middle of a look is no failure", async () => {
		const stop = new AbortController();
		feed.during = async () => stop.abort();
		feed.faults.push(new SourceError("unreachable", "aborted"));
		expect(await look(start(), "feed", stop.signal)).toBe(true);
		expect(await world.ledger.source("feed")).toBeUndefined();
	});
});

test("F2: looks that change nothing are written down once a minute", async () => {
	await visited();
	const writes = async () => {
		const count = fate();
		await look(start({}, count));
		return count.calls;
	};
	expect(await writes()).toBe(0);
	await world.clock.advance(59_999);
	expect(await writes()).toBe(0);
	await world.clock.advance(1);
	expect(await writes()).toBe(1);
	expect((await world.ledger.source("feed"))?.lastPoll).toBe(world.clock.now().toISOString());
});

describe("dying at every write", () => {
	test.each(["before", "after"] as const)("planned once, in order, nothing lost: %s", async (moment) => {
		for (let n = 1; ; n++) {
			await visited();
			feed.list = [published("ج", 30), published("ب", 20, { guid: "b" }), published("أ", 10), EARLIER];
			const died = await look(start({}, fate(n, moment))).then(
				() => false,
				(error: unknown) => error instanceof Death,
			);
			// Meanwhile one more appears.
			feed.list = [published("د", 40), ...feed.list];
			await look();
			await look();
			for (const channel of ["telegram", "twitter"]) expect(await shelf("open", channel)).toEqual(["أ", "ب", "ج", "د"]);
			if (!died) {
				expect(n).toBe(5);
				return;
			}
			await world.close();
			world = await openWorld();
			feed = fakeSource("feed");
		}
	});
});

describe("waking the lanes", () => {
	const now = () => world.clock.now().getTime();

	test("at once when no other source is being looked at", async () => {
		await visited();
		expect(woken).toEqual([now()]);
	});

	test("three seconds later, or with the last one, while others are: articles of several sources keep their order", async () => {
		const slow = fakeSource("slow");
		slow.list = [{ ...EARLIER, url: "https://slow.example.org/0", source: "slow" }];
		const watch = start({ sources: new Map([feed, slow].map((source) => [source.name, source])) });
		feed.list = [EARLIER];
		await look(watch);
		await look(watch, "slow");
		woken = [];
		let release = () => {};
		slow.during = () =>
			new Promise((resolve) => {
				release = resolve;
			});
		slow.list = [published("أقدم", 5, { source: "slow" })];
		feed.list = [published("أحدث", 30)];
		const slowly = look(watch, "slow");
		await look(watch);
		expect(woken).toEqual([now() + 3_000]);
		await world.clock.advance(2_000);
		release();
		await slowly;
		expect(woken.at(-1)).toBe(now());
		expect(await shelf()).toEqual(["أقدم", "أحدث"]);
	});

	test("a failed look wakes them too: something else may be due", async () => {
		feed.faults.push(new SourceError("slow", "no answer"));
		await look();
		expect(woken).toEqual([now()]);
	});
});

test("an unknown source is a mistake of ours", async () => {
	await expect(look(start(), "nobody")).rejects.toThrow("no source is named «nobody»");
});

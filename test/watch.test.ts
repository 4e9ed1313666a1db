import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cleaner } from "../src/arabic/clean.ts";
import type { Draft } from "../src/article/article.ts";
import { type Cursor, type Poll, type Source, SourceError } from "../src/sources/source.ts";
import { holds } from "../src/holds.ts";
import { type WatchParts, watcher } from "../src/watch.ts";
import { Death, type Fate, fate, openWorld, silence, type World } from "./world.ts";

const HOUR = 3_600_000;
const EARLIER: Draft = draft("old", { publishedAt: "2026-11-23T06:00:00.000Z" });

let world: World;
let feed: FakeSource;
let other: FakeSource;
let woken: number[];

beforeEach(async () => {
	world = await openWorld();
	feed = fakeSource("feed");
	other = fakeSource("other");
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
	const ledger = world.reopen(end);
	const channels = ["telegram", "twitter"];
	return watcher({
		ledger,
		sources: new Map([feed, other].map((source) => [source.name, source])),
		channels,
		cleaner: cleaner({ agencies: [], places: [] }),
		firstVisit: 0,
		maxAge: 24 * HOUR,
		floodLimit: 50,
		filtered: () => undefined,
		holds: holds({ ledger, channels, admins, clock }),
		asks: true,
		own: new Set(["feed", "other", "slow"]),
		random: () => 0.5,
		day: (time) => new Date(time.getTime() + 3 * HOUR).toISOString().slice(0, 10),
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

describe("approval", () => {
	const ask = (channel?: string) => ({
		approves: (_source: string, name: string) => channel === undefined || name === channel,
	});

	test("each article waits in every channel, and the admins are asked with it", async () => {
		await visited();
		feed.list = [published("ب", 20), published("أ", 10), EARLIER];
		await look(start(ask()));
		expect(await shelf()).toEqual([]);
		expect([await shelf("held"), await shelf("held", "twitter")]).toEqual([
			["أ", "ب"],
			["أ", "ب"],
		]);
		expect(world.admins.asked.map(({ sentence, fields }) => [sentence, fields["text"]])).toEqual([
			["askApprove", "أ"],
			["askApprove", "ب"],
		]);
	});

	test("in one channel alone the other one goes on", async () => {
		await visited();
		feed.list = [published("أ", 10), EARLIER];
		await look(start(ask("twitter")));
		expect([await shelf(), await shelf("held", "twitter")]).toEqual([["أ"], ["أ"]]);
	});

	test("what is filtered out, too old or much like another story is no question of approval", async () => {
		await visited();
		feed.list = [published("أ", 10), draft("قديم", { publishedAt: "2026-11-20T08:00:00.000Z" }), EARLIER];
		await look(start({ ...ask(), filtered: (_article, channel) => (channel === "twitter" ? "no" : undefined) }));
		expect([await shelf("held"), await shelf("held", "twitter")]).toEqual([["أ"], []]);
		expect(world.admins.asked).toHaveLength(1);
	});

	test.each(["before", "after"] as const)(
		"dying %s any write, every article is asked about in the end",
		async (moment) => {
			for (let n = 1; ; n++) {
				await world.close();
				world = await openWorld();
				await visited();
				feed.list = [published("أ", 10), EARLIER];
				const died = await look(start(ask(), fate(n, moment))).then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
				if (!died) return expect(n).toBeGreaterThan(2);
				await look(start(ask()));
				await world.clock.advance(5 * 60_000);
				await holds({
					ledger: world.ledger,
					channels: ["telegram", "twitter"],
					admins: world.admins,
					clock: world.clock,
				}).remind();
				expect(await shelf("held"), `after write ${n}`).toEqual(["أ"]);
				expect(world.admins.asked.length, `after write ${n}`).toBeGreaterThan(0);
			}
		},
	);
});

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

	test("C1: is planned for every channel by publication time, then from the end of the list", async () => {
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

	test("C5: without dates the order of the list decides, oldest last", async () => {
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
		expect(await shelf()).toEqual(["بعده", "من الغد"]);
	});

	test.each<[string, number[], (string | undefined)[]]>([
		["C4: a little in the future is now", [69], [undefined]],
		["C4: scheduled within a day waits for its time", [120], ["2026-11-23T10:00:00.000Z"]],
		["C4: further off is now: nobody schedules so", [26 * 60], [undefined]],
		["C4: several in the future are a clock that is wrong", [180, 200], [undefined, undefined]],
	])("%s", async (_name, minutes, times) => {
		feed.list = [...minutes.map((minute) => published(`دقيقة ${minute}`, minute)).reverse(), EARLIER];
		await look();
		const waiting: (string | undefined)[] = [];
		for await (const { notBefore } of world.ledger.shelf("open", "telegram")) waiting.push(notBefore);
		expect(waiting).toEqual(times);
	});

	test("an entry that tells no date is judged by the date on its page", async () => {
		feed.page = (one) => ({ ...one, publishedAt: "2026-11-20T08:00:00.000Z" });
		feed.list = [draft("بلا تاريخ"), EARLIER];
		await look();
		expect(await shelf()).toEqual([]);
		expect(await world.ledger.counts("telegram")).toMatchObject({ skipped: 2 });
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

	test.each<[string, Partial<Draft>]>([
		["with times", {}],
		["without times", { publishedAt: undefined as never }],
	])("C3: guids that number the places of a list hide no article, %s", async (_, more) => {
		const titles = ["افتتاح مدرسة في الحي", "تبليط شارع المحطة", "حريق في سوق النجارين", "وفد زراعي يزور المحافظة"];
		const listed = (count: number) =>
			titles.slice(0, count).map((title, at) => {
				const { publishedAt, ...entry } = published(title, at * 10, { guid: String(count - at) });
				return "publishedAt" in more || publishedAt === undefined ? entry : { ...entry, publishedAt };
			});
		for (const count of [1, 2, 4]) {
			feed.list = listed(count).reverse().slice(0, 2);
			await look();
			await world.clock.advance(60_000);
		}
		expect(await shelf()).toEqual(titles);
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
		expect(world.admins.asked).toMatchObject([
			{ sentence: "askAway", fields: { count: 1, source: "feed" }, hold: "away:feed" },
		]);
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

const LONG = "مجلس المحافظة يقر خطة الإعمار الجديدة للأقضية الشمالية";

describe("C2: under another address and another guid", () => {
	beforeEach(visited);
	const one = published(LONG, 10, { url: "https://example.org/?p=7", guid: "tag:7" });
	const moved = { ...one, url: "https://example.org/2026/11/plan", guid: "tag:moved" };

	test("the same headline of the same day is the same article, once its old address left the list", async () => {
		feed.list = [one];
		await look();
		feed.list = [moved];
		await look();
		expect(await shelf()).toEqual([LONG]);
		feed.list = [{ ...moved, title: "عنوان آخر تماما بعد التعديل الأخير" }];
		await look();
		expect(await shelf(), "the new address is learned").toHaveLength(1);
	});

	test.each<[string, Draft[]]>([
		["while both addresses are listed they are two", [moved, one]],
		[
			"another day's is another article",
			[
				{ ...moved, publishedAt: "2026-11-22T20:00:00.000Z" },
				draft("القديم", { publishedAt: "2026-11-23T08:20:00.000Z" }),
			],
		],
		["another headline is another article", [{ ...moved, title: `${LONG} والغربية` }]],
	])("%s", async (_name, list) => {
		feed.list = [one];
		await look();
		feed.list = list;
		await look();
		expect((await shelf()).length).toBeGreaterThan(1);
	});

	test("an article whose headline was rewritten is known by its new one when it moves", async () => {
		const rewritten = "اللجنة المالية تؤجل عرض الخطة إلى الأسبوع المقبل";
		for (const entry of [one, { ...one, title: rewritten }, { ...moved, title: rewritten }]) {
			feed.list = [entry];
			await look();
		}
		expect(await shelf()).toHaveLength(1);
	});

	test("short headlines that come back are no name", async () => {
		feed.list = [published("موجز", 5, { url: "https://example.org/a" })];
		await look();
		feed.list = [published("موجز", 20, { url: "https://example.org/b" })];
		await look();
		expect(await shelf()).toEqual(["موجز", "موجز"]);
	});
});

describe("C7: an edited article", () => {
	beforeEach(visited);
	const body = "أقر مجلس المحافظة اليوم خطة الإعمار الجديدة للأقضية الشمالية بعد نقاش استمر ثلاث ساعات.";
	const one = published(LONG, 10, { body });
	const known = async () => {
		const { value } = await world.ledger.shelf("open", "telegram", 1).next();
		return world.ledger.article(value?.id ?? "");
	};

	test.each<[string, Partial<Draft>, string[]]>([
		["a headline", { title: `${LONG} بالإجماع` }, ["title"]],
		["the text behind the lead", { body: `${body}\nوقال رئيس المجلس إن التنفيذ يبدأ مطلع العام.` }, ["text"]],
		["the lead", { body: body.replace("ثلاث", "أربع") }, ["lead", "text"]],
		["the picture", { images: [{ url: "https://example.org/new.jpg" }] }, ["image"]],
		["a hamza in the headline", { title: LONG.replace("الأقضية", "الاقضية").replace("للأقضية", "للاقضية") }, ["title"]],
	])("%s is a revision, and what waits is posted as it reads now", async (_name, change, changed) => {
		feed.list = [one];
		await look();
		feed.list = [{ ...one, ...change }];
		await look();
		const { article, revisions } = (await known()) ?? {};
		expect(revisions).toMatchObject([{ changed, title: LONG }]);
		expect(article?.title).toBe(change.title ?? LONG);
		expect(await shelf()).toHaveLength(1);
	});

	test.each<[string, Partial<Draft>]>([
		["white space", { body: body.replace(" اليوم ", " \u00A0 اليوم  ") }],
		["the date", { publishedAt: "2026-11-23T08:59:00.000Z" }],
		["another size of the picture", { images: [{ url: "https://example.org/pic-300x200.jpg?resize=1" }] }],
	])("%s is none", async (_name, change) => {
		feed.list = [{ ...one, images: [{ url: "https://example.org/pic-1024x683.jpg" }] }];
		await look();
		feed.list = [{ ...one, images: [{ url: "https://example.org/pic-1024x683.jpg" }], ...change }];
		await look();
		expect((await known())?.revisions ?? []).toEqual([]);
		expect((await known())?.article.publishedAt).toBe(one.publishedAt);
	});

	test("that got another address at the same time is revised, and has not left the list", async () => {
		const guid = "tag:edited";
		feed.list = [{ ...one, guid }, EARLIER];
		await look();
		feed.list = [{ ...one, guid, url: "https://example.org/new-slug", title: `${LONG} بالإجماع` }, EARLIER];
		await look();
		const { article, revisions, vanished } = (await known()) ?? {};
		expect(revisions).toMatchObject([{ changed: ["title"], title: LONG }]);
		expect([article?.title, vanished]).toEqual([`${LONG} بالإجماع`, undefined]);
		expect(await shelf()).toHaveLength(1);
	});

	test("in a list that an earlier version remembered by stamps alone is told from the others", async () => {
		const stamped = (stamp: string, fingerprint?: string) => ({
			...one,
			stamp,
			...(fingerprint === undefined ? {} : { fingerprint }),
		});
		feed.list = [stamped("first")];
		await look();
		const other = published("خبر آخر عن جلسة مجلس المحافظة", 20, { body, stamp: "other" });
		feed.list = [other, stamped("first", "f1")];
		await look();
		expect((await known())?.revisions ?? []).toEqual([]);
		expect(Object.values((await world.ledger.source("feed"))?.listed ?? {})).toEqual(["other", "first.f1"]);
		feed.list = [other, { ...stamped("second", "f2"), title: `${LONG} بالإجماع` }];
		await look();
		expect((await known())?.revisions).toMatchObject([{ changed: ["title"] }]);
	});

	test("what another source makes of it is none", async () => {
		feed.list = [one];
		await look();
		other.list = [{ ...one, source: "other" }];
		await look(start(), "other");
		other.list = [{ ...one, source: "other", title: "عنوان الناقل لا عنوان الكاتب نفسه" }];
		await look(start(), "other");
		expect((await known())?.revisions ?? []).toEqual([]);
	});
});

describe("C10: an article that leaves the list", () => {
	beforeEach(visited);
	const [a, b, c] = [published("أ", 10), published("ب", 20), published("ج", 30)];
	const vanished = async () => {
		const titles: string[] = [];
		for await (const { id } of world.ledger.shelf("open", "telegram")) {
			const known = await world.ledger.article(id);
			if (known?.vanished) titles.push(known.article.title);
		}
		return titles;
	};

	test("while older ones are still listed is noted, until it comes back", async () => {
		feed.list = [c, b, a];
		await look();
		feed.list = [c, a];
		await look();
		expect(await vanished()).toEqual(["ب"]);
		feed.list = [c, b, a];
		await look();
		expect(await vanished()).toEqual([]);
	});

	test.each<[string, Draft[]]>([
		["because it is the oldest", [c, b]],
		["with all others", [published("د", 40)]],
		["of a source that tells no dates", [draft("ج", { url: c.url }), a]],
		["when the list is empty", []],
	])("%s is nothing special", async (_name, list) => {
		feed.list = [c, b, a];
		await look();
		feed.list = list;
		await look();
		expect(await vanished()).toEqual([]);
	});
});

describe("C11: the same story from another source", () => {
	beforeEach(async () => {
		await visited();
		other.list = [draft("قديم هناك", { source: "other" })];
		await look(start(), "other");
	});
	const there = (title: string, minute: number) =>
		published(title, minute, { source: "other", url: `https://other.example.org/${minute}` });

	test("is skipped with its reason", async () => {
		feed.list = [published(LONG, 10)];
		await look();
		other.list = [there("مجلس المحافظة يقرّ خطة الاعمار الجديدة للأقضية الشمالية", 20)];
		await look(start(), "other");
		expect(await shelf()).toEqual([LONG]);
		expect(await world.ledger.counts("telegram")).toMatchObject({ skipped: 3 });
	});

	test("perhaps: the admins are asked, and both answers are carried out", async () => {
		feed.list = [published(LONG, 10)];
		await look();
		other.list = [there("مجلس المحافظة يقر خطة إعمار جديدة في الأقضية الجنوبية", 20)];
		await look(start(), "other");
		expect(await shelf("held")).toHaveLength(1);
		expect(world.admins.asked).toMatchObject([{ sentence: "askSimilar", fields: { source: "other" } }]);
	});

	test("perhaps, and nobody can be asked: it is posted", async () => {
		feed.list = [published(LONG, 10)];
		await look();
		other.list = [there("مجلس المحافظة يقر خطة إعمار جديدة في الأقضية الجنوبية", 20)];
		await look(start({ asks: false }), "other");
		expect(await shelf()).toHaveLength(2);
	});

	test("other figures are news", async () => {
		feed.list = [published("مقتل 3 مدنيين بانفجار عبوة ناسفة في كركوك", 10)];
		await look();
		other.list = [there("مقتل 5 مدنيين بانفجار عبوة ناسفة في كركوك", 20)];
		await look(start(), "other");
		expect(await shelf()).toHaveLength(2);
	});

	test("what was never posted is no twin", async () => {
		feed.list = [published(LONG, 10, { publishedAt: "2026-11-21T08:00:00.000Z" })];
		await look();
		other.list = [there(LONG, 20)];
		await look(start(), "other");
		expect(await shelf()).toEqual([LONG]);
	});

	test("the same source may say it again", async () => {
		feed.list = [published(LONG, 10), published(LONG, 30, { url: "https://example.org/again" })];
		await look();
		expect(await shelf()).toEqual([LONG, LONG]);
	});
});

describe("C9: too many at once", () => {
	beforeEach(visited);
	const many = (count: number, from = 0) =>
		Array.from({ length: count }, (_, index) => published(`خبر ${from + index}`, 1 + from + index)).reverse();

	test("wait for the admins, and one of them decides for all", async () => {
		feed.list = many(6);
		await look(start({ floodLimit: 5 }));
		expect(await shelf()).toEqual([]);
		expect(await shelf("held")).toHaveLength(6);
		expect(world.admins.asked).toMatchObject([
			{ sentence: "askFlood", fields: { count: 6, source: "feed" }, hold: "flood:feed" },
		]);
		feed.list = [published("بعد الطوفان", 50), ...feed.list];
		await look(start({ floodLimit: 5 }));
		expect(await shelf(), "what comes later is posted").toEqual(["بعد الطوفان"]);
	});

	test("as many as the limit are posted; 0 sets none", async () => {
		feed.list = many(5);
		await look(start({ floodLimit: 5 }));
		feed.list = [...many(30, 5), ...feed.list];
		await look(start({ floodLimit: 0 }));
		expect(await shelf()).toHaveLength(35);
	});

	test("with a week of history, more than ten and five times the usual are too many", async () => {
		for (let day = 0; day < 8; day++) {
			await world.clock.advance(24 * HOUR);
			feed.list = [draft(`يوم ${day}`, { publishedAt: world.clock.now().toISOString() }), ...feed.list];
			await look();
		}
		await world.clock.advance(60_000);
		const now = world.clock.now().toISOString();
		const burst = (count: number) =>
			Array.from({ length: count }, (_, index) => draft(`دفعة ${count} ${index}`, { publishedAt: now }));
		feed.list = [...burst(10), ...feed.list];
		await look();
		expect(await shelf("held")).toHaveLength(0);
		await world.clock.advance(60_000);
		feed.list = [...burst(12), ...feed.list];
		await look();
		expect(await shelf("held")).toHaveLength(12);
	});

	test("after hours away, what the hours would have brought is no flood", async () => {
		for (let day = 0; day < 8; day++)
			for (let hour = 0; hour < 24; hour += 6) {
				await world.clock.advance(6 * HOUR);
				const now = world.clock.now().toISOString();
				feed.list = [
					...many(4, 0).map((one, index) =>
						draft(`د${day} س${hour} ${index}`, {
							...one,
							url: `https://example.org/${day}/${hour}/${index}`,
							publishedAt: now,
						}),
					),
					...feed.list,
				].slice(0, 30);
				await look();
			}
		await world.clock.advance(23 * HOUR);
		const now = world.clock.now().getTime();
		feed.list = Array.from({ length: 20 }, (_, index) =>
			draft(`غياب ${index}`, { publishedAt: new Date(now - index * HOUR).toISOString() }),
		);
		await look();
		expect(await shelf("held")).toHaveLength(0);
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

describe("F11: a list of news on a page", () => {
	const HEADLINES = ["جسر", "مدرسة", "سوق", "متنزه", "ملعب", "مكتبة"];
	const front = (numbers: readonly number[]) =>
		numbers.map((number) =>
			draft(`افتتاح ${HEADLINES[number % 6]} في القضاء رقم ${number}`, { url: `https://example.org/n/${number}` }),
		);

	test("that shows a few links nobody knows is another page: nothing is taken, and it is looked at again", async () => {
		Object.assign(feed, { kind: "listing", list: front([106, 105, 104, 103, 102]) });
		await look();
		feed.list = [draft("لماذا أرى هذه الصفحة الآن ولم أطلبها", { url: "https://example.org/help" })];
		expect(await look()).toBe(false);
		feed.list = front([107, 106]);
		expect(await look()).toBe(true);
		expect(await shelf()).toEqual(["افتتاح مكتبة في القضاء رقم 107"]);
	});

	test("that loses an article shows an older one, which is not posted", async () => {
		for (const numbers of [
			[106, 105, 104, 103],
			[106, 105, 103, 102],
			[107, 106, 105, 103, 102, 101, 100],
		]) {
			feed.list = front(numbers);
			await look();
		}
		expect(await shelf()).toEqual(["افتتاح مكتبة في القضاء رقم 107"]);
	});
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

describe("other people's sources", () => {
	const polite = () => start({ own: new Set() });
	const next = async () =>
		(Date.parse((await world.ledger.source("feed"))?.next ?? "") - world.clock.now().getTime()) / 60_000;

	test("are looked at politely, and a push makes it sooner", async () => {
		feed.list = [EARLIER];
		const watch = polite();
		await look(watch);
		expect(await next()).toBeGreaterThanOrEqual(5);
		expect(await watch.isDue("feed")).toBe(false);
		expect(await polite().isDue("feed"), "also in another life").toBe(false);
		feed.list = [published("خبر", 50), EARLIER];
		await look(watch);
		expect(await shelf()).toEqual([]);
		await watch.hint("feed");
		expect(await watch.isDue("feed")).toBe(true);
		await look(watch);
		expect(await shelf()).toEqual(["خبر"]);
	});

	test("F8: what a busy site asks for is kept, whatever pushes", async () => {
		const watch = polite();
		feed.faults.push(
			new SourceError("status", "429", { status: 429, retryAt: new Date(world.clock.now().getTime() + 3 * HOUR) }),
		);
		await look(watch);
		expect(await next()).toBe(180);
		await watch.hint("feed");
		expect(await watch.isDue("feed")).toBe(false);
	});

	test("F1: failures are answered with patience", async () => {
		const watch = polite();
		const waits: number[] = [];
		for (let turn = 0; turn < 6; turn++) {
			feed.faults.push(new SourceError("unreachable", "no answer"));
			await look(watch);
			waits.push(await next());
			await world.clock.advance((waits.at(-1) ?? 0) * 60_000);
		}
		expect(waits).toEqual([5.25, 10, 20, 40, 60, 60]);
	});
});

describe("another door", () => {
	const reopened: Cursor[] = [];
	beforeEach(async () => {
		reopened.length = 0;
		await visited();
		feed.reopen = async (cursor) => {
			reopened.push(cursor);
			return { door: { kind: "listing", url: "https://feed.example.org/" } };
		};
	});
	const breakFor = async (minutes: number) => {
		const watch = start();
		for (let minute = 0; minute <= minutes; minute++) {
			feed.faults.push(new SourceError("body", "an HTML page"));
			await look(watch);
			await world.clock.advance(60_000);
		}
		return watch;
	};

	test("is looked for when a source stays broken, the admins are told, and what it lists as well is not posted", async () => {
		const watch = await breakFor(31);
		expect(reopened).toHaveLength(1);
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["sourceFailing", "sourceSwitched"]);
		feed.list = [
			draft("جديد بلا تاريخ"),
			published("جديد بتاريخ", 80),
			draft("قديم بلا تاريخ"),
			draft("قديم", { url: "https://feed.example.org/else", publishedAt: "2026-11-23T05:00:00.000Z" }),
		];
		feed.page = (one) => ({
			...one,
			publishedAt:
				one.publishedAt ?? (one.title.startsWith("جديد") ? "2026-11-23T09:10:00.000Z" : "2026-11-23T04:00:00.000Z"),
		});
		await look(watch);
		expect(await shelf()).toEqual(["جديد بلا تاريخ", "جديد بتاريخ"]);
		expect(world.admins.resolved.map(({ sentence }) => sentence)).toEqual(["sourceRecovered"]);
		feed.list = [draft("بعده بلا تاريخ"), ...feed.list];
		await look(watch);
		expect(await shelf()).toHaveLength(3);
	});

	test("is not looked for again and again", async () => {
		feed.reopen = async (cursor) => {
			reopened.push(cursor);
			return undefined;
		};
		await breakFor(7 * 60);
		expect(reopened).toHaveLength(2);
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["sourceFailing"]);
	});
});

describe("F4: a site that has moved for good", () => {
	const OLD = { kind: "feed", url: "https://feed.example.org/rss" } as const;
	const NEW = "https://new.example.org/rss";
	const say = (to: string | undefined) => {
		const poll = feed.poll.bind(feed);
		return async (cursor: Cursor, signal: AbortSignal): Promise<Poll> => {
			const found = await poll(cursor, signal);
			return {
				...found,
				cursor: { ...found.cursor, door: cursor.door ?? OLD },
				...(to === undefined ? {} : { movedTo: to }),
			};
		};
	};
	const door = async () => (await world.ledger.source("feed"))?.cursor.door?.url;

	test("is read at its new address once it said so three times over a day, and the admins are told", async () => {
		feed.list = [EARLIER];
		feed.poll = say(NEW);
		for (let hour = 0; hour < 24; hour += 6) {
			await look();
			await world.clock.advance(6 * HOUR);
			expect(await door(), `after ${hour} hours`).toBe(OLD.url);
		}
		await look();
		expect(await door()).toBe(NEW);
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["sourceMoved"]);
	});

	test("not while it says now this, now that", async () => {
		feed.list = [EARLIER];
		const polls = [say(NEW), say(undefined)];
		for (let turn = 0; turn < 10; turn++) {
			feed.poll = polls[turn % 2] as typeof feed.poll;
			await look();
			await world.clock.advance(12 * HOUR);
		}
		expect(await door()).toBe(OLD.url);
	});

	test("not while nothing that stands there is known", async () => {
		feed.list = [EARLIER];
		feed.poll = say(undefined);
		await look();
		feed.poll = say(NEW);
		for (let turn = 0; turn < 6; turn++) {
			feed.list = [draft(`شيء آخر ${turn}`, { url: `https://squatter.example/${turn}` })];
			await look();
			await world.clock.advance(12 * HOUR);
		}
		expect(await door()).toBe(OLD.url);
	});
});

describe("what admins are told of a source", () => {
	beforeEach(visited);
	const told = () => world.admins.told.map(({ sentence }) => sentence);

	test("F6, F9: what patience cannot mend, at once", async () => {
		feed.faults.push(new SourceError("status", "feed answered 410 (Gone).", { status: 410 }));
		await look();
		expect(told()).toEqual(["sourceFailing"]);
		expect(Date.parse((await world.ledger.source("feed"))?.next ?? "")).toBe(world.clock.now().getTime() + HOUR);
	});

	test("F10: a name that nobody knows for a day is perhaps gone for good", async () => {
		for (let hour = 0; hour <= 25; hour++) {
			feed.faults.push(new SourceError("unreachable", "feed cannot be reached: its name is not known (DNS)."));
			await look();
			await world.clock.advance(HOUR);
		}
		expect(told()).toEqual(["sourceFailing", "domainGone"]);
		await look();
		expect(world.admins.resolved.map(({ incident }) => incident)).toEqual(["source:feed", "domain:feed"]);
	});

	test("articles that may have come and gone unseen", async () => {
		feed.list = [published("ب", 40), published("أ", 30)];
		await look();
		expect(told()).toEqual(["sourceGap"]);
		feed.list = [published("ج", 50), ...feed.list];
		await look();
		expect(told()).toEqual(["sourceGap"]);
	});

	test("a silence that is not its way, and its end", async () => {
		for (let hour = 0; hour < 24 * 21; hour++) {
			await world.clock.advance(HOUR);
			const { length } = feed.list;
			feed.list = [draft(`ساعة ${length}`, { publishedAt: world.clock.now().toISOString() }), ...feed.list].slice(
				0,
				20,
			);
			feed.list = feed.list.map((one, place) => (place === 0 ? { ...one, url: `https://example.org/h/${hour}` } : one));
			if (hour % 6 === 0) await look();
		}
		expect(told()).toEqual([]);
		for (let hour = 0; hour < 100; hour++) {
			await world.clock.advance(HOUR);
			await look();
		}
		expect(told()).toEqual(["sourceSilent"]);
		feed.list = [draft("عاد", { publishedAt: world.clock.now().toISOString() }), ...feed.list];
		await look();
		expect(world.admins.resolved.map(({ sentence }) => sentence)).toEqual(["sourceSpeaks"]);
	});

	test("F12: an empty list changes nothing, and a day of it is told where there was life", async () => {
		for (let index = 0; index < 10; index++) {
			await world.clock.advance(HOUR);
			feed.list = [draft(`خبر ${index}`, { publishedAt: world.clock.now().toISOString() }), ...feed.list];
			await look();
		}
		const list = feed.list;
		feed.list = [];
		await look();
		await world.clock.advance(23 * HOUR);
		feed.list = [];
		await look();
		expect(told()).toEqual([]);
		await world.clock.advance(2 * HOUR);
		await look();
		expect(told()).toEqual(["sourceSilent"]);
		const before = (await shelf()).length;
		feed.list = list;
		await look();
		expect(await shelf(), "they are still known").toHaveLength(before);
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

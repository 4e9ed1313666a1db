import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cleaner } from "../../src/arabic/clean.ts";
import type { Draft } from "../../src/article/article.ts";
import { aliasesOf, articleId, canonicalUrl } from "../../src/article/identity.ts";
import { holds } from "../../src/holds.ts";
import { disorder } from "../../src/ledger/order.ts";
import { doubtRestored } from "../../src/ledger/restored.ts";
import { retention } from "../../src/ledger/retention.ts";
import type { Cursor, Poll, Source } from "../../src/sources/source.ts";
import { watcher } from "../../src/watch.ts";
import { openWorld, silence, type World } from "../world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const day = (time: Date) => time.toISOString().slice(0, 10);
const { signal } = new AbortController();

let world: World;
let list: readonly Draft[];
/** Mirsal works in safe mode. */
let safe: boolean;
let firstVisit: number;

beforeEach(async () => {
	world = await openWorld();
	list = [];
	safe = false;
	firstVisit = 0;
});
afterEach(() => world.close());

const draft = (slug: string, more: Partial<Draft> = {}): Draft => ({
	url: `https://nirgal.example/news/${slug}`,
	guid: `guid-${slug}`,
	title: `افتتاح جسر المشاة الجديد في حي النخيل، ${slug}`,
	body: "افتتحت البلدية جسر المشاة الجديد في حي النخيل بعد عام من العمل، وحضر الافتتاح جمع من أهالي الحي.",
	tags: [],
	images: [],
	source: "nirgal",
	...more,
});
const published = (slug: string, at: Date) => draft(slug, { publishedAt: at.toISOString() });
const idOf = (slug: string) => articleId(canonicalUrl(draft(slug).url));

function watch() {
	const source: Source = {
		name: "nirgal",
		kind: "feed",
		url: "https://nirgal.example/rss",
		async poll(_cursor: Cursor): Promise<Poll> {
			return { unchanged: false, drafts: list, cursor: { hash: String(world.clock.now()) } };
		},
		complete: async (one) => one,
	};
	const { ledger, clock, admins } = world;
	return watcher({
		ledger,
		sources: new Map([["nirgal", source]]),
		own: new Set(["nirgal"]),
		channels: ["telegram"],
		cleaner: cleaner({ agencies: [], places: [] }),
		firstVisit,
		safe,
		maxAge: DAY,
		floodLimit: 50,
		filtered: () => undefined,
		holds: holds({ ledger, channels: ["telegram"], admins, clock }),
		asks: true,
		random: () => 0.5,
		day,
		clock,
		log: silence,
		admins,
		wake: async () => {},
	});
}

/** The source lists this now, and is looked at. */
async function lists(...drafts: readonly Draft[]): Promise<void> {
	list = drafts;
	await world.clock.advance(60_000);
	await watch().look("nirgal", signal);
}

/** Everything that is planned has been sent. */
async function sendAll(): Promise<number> {
	let count = 0;
	for (let head = await world.ledger.head("telegram"); head; head = await world.ledger.head("telegram")) {
		await world.ledger.record(head, {
			...head,
			state: "sent",
			receipt: { id: "1" },
			changedAt: world.clock.now().toISOString(),
		});
		count++;
	}
	return count;
}

/** Walks once through the whole ledger, by a clock that runs so much ahead. Milliseconds. */
async function walk(ahead = 0): Promise<void> {
	const now = () => new Date(world.clock.now().getTime() + ahead);
	const { step } = retention(world.store, { now, maxAge: DAY, day });
	while ((await step()).looked > 0);
}

const namesOf = (slug: string) => aliasesOf(draft(slug), { trustGuid: true });

async function problems(): Promise<string[]> {
	const found: string[] = [];
	for await (const problem of disorder(world.store)) found.push(problem);
	return found;
}

/** So many days pass, each with its steps of forgetting. */
async function pass(days: number): Promise<void> {
	await world.clock.advance(days * DAY);
	for (let turn = 0; turn < 4; turn++) {
		await world.clock.advance(7 * HOUR);
		await walk();
	}
}

describe("what was forgotten does not come back as new", () => {
	test("an article with a date, listed again after years", async () => {
		const first = world.clock.now();
		await lists(published("old", first));
		await lists(published("one", first));
		expect(await sendAll()).toBe(1);
		await pass(200);
		await lists(published("later", world.clock.now()));
		expect(await sendAll()).toBe(1);
		await pass(250);
		expect(await world.ledger.article(idOf("one"))).toBeUndefined();
		await lists(published("one", first), published("newest", world.clock.now()));
		expect(await sendAll()).toBe(1);
		expect((await world.ledger.delivery("telegram", idOf("one")))?.reason).toBe("too old");
		expect((await world.ledger.delivery("telegram", idOf("newest")))?.state).toBe("sent");
	});

	test("an article without a date, listed again after years under another guid", async () => {
		await lists(draft("old"));
		await lists(draft("one"));
		expect(await sendAll()).toBe(1);
		await lists(draft("later"));
		expect(await sendAll()).toBe(1);
		await pass(1_000);
		await lists(draft("later"), draft("one", { guid: "changed" }));
		expect(await sendAll()).toBe(0);
	});

	test("an article that its source has listed for years, and edits at last", async () => {
		const first = world.clock.now();
		await lists(published("old", first));
		await lists(published("pinned", first));
		expect(await sendAll()).toBe(1);
		await pass(1_000);
		await lists(
			draft("pinned", { publishedAt: first.toISOString(), body: "نص آخر للخبر المثبت في أعلى الصفحة منذ أعوام." }),
		);
		expect(await sendAll()).toBe(0);
		expect((await world.ledger.article(idOf("pinned")))?.revisions).toHaveLength(1);
	});

	test("the articles of a source that left the settings and comes back after years", async () => {
		await lists(draft("old"));
		await lists(draft("one"), draft("two"));
		expect(await sendAll()).toBe(2);
		await pass(1_000);
		await lists(draft("one"), draft("two"));
		expect(await sendAll()).toBe(0);
	});

	test("between the article's end and that of its names it is still known", async () => {
		const first = world.clock.now();
		await lists(published("old", first));
		await lists(published("one", first));
		await sendAll();
		await world.clock.advance(10 * DAY);
		await lists(published("later", world.clock.now()));
		await sendAll();
		await world.clock.advance(401 * DAY);
		await walk();
		expect(await world.ledger.article(idOf("one"))).toBeUndefined();
		expect(await world.ledger.idOf(namesOf("one"))).toBe(idOf("one"));
		await lists(published("one", first));
		expect(await sendAll()).toBe(0);
		expect(await world.ledger.delivery("telegram", idOf("one"))).toBeUndefined();
		// Nor is a new one taken for it that bears its name at the source.
		await lists({ ...published("new", world.clock.now()), guid: "guid-one" });
		expect(await sendAll()).toBe(1);
		expect((await world.ledger.delivery("telegram", idOf("new")))?.state).toBe("sent");
	});

	test("an article of yesterday, after an hour in which the clock ran years ahead", async () => {
		const first = world.clock.now();
		await lists(published("old", first));
		await lists(published("one", first));
		expect(await sendAll()).toBe(1);
		await lists(published("later", world.clock.now()));
		expect(await sendAll()).toBe(1);
		await walk(1_000 * DAY);
		await walk(1_001 * DAY);
		await lists(published("later", world.clock.now()), published("one", first));
		expect(await sendAll()).toBe(0);
		expect((await world.ledger.delivery("telegram", idOf("one")))?.state).toBe("sent");
	});

	test("an article that says it is from the future, listed again while it still is", async () => {
		const ahead = new Date(world.clock.now().getTime() + 600 * DAY);
		await lists(published("old", world.clock.now()));
		await lists(published("one", ahead));
		expect(await sendAll()).toBe(1);
		await lists(published("later", world.clock.now()));
		await sendAll();
		await pass(450);
		await lists(published("newest", world.clock.now()), published("one", ahead));
		expect(await sendAll()).toBe(1);
		expect((await world.ledger.delivery("telegram", idOf("newest")))?.state).toBe("sent");
	});
});

describe("a ledger that was lost", () => {
	const ago = (hours: number) => new Date(world.clock.now().getTime() - hours * HOUR);

	test("safe mode: an article that had left the list and comes back to it is not posted again unless an admin says so", async () => {
		safe = true;
		firstVisit = 5;
		const at = new Map([1, 2, 3].map((hours) => [hours, published(`h${hours}`, ago(hours))] as const));
		const [one, two, three] = [at.get(1), at.get(2), at.get(3)] as [Draft, Draft, Draft];
		await lists(one, two);
		safe = false;
		await world.clock.advance(HOUR);
		const fresh = published("fresh", ago(0));
		await lists(fresh, one, two);
		expect(await sendAll()).toBe(1);
		// The newest one is deleted, and the list shows an older one at its end.
		await lists(one, two, three);
		expect(await sendAll()).toBe(0);
		expect(await world.ledger.delivery("telegram", articleId(canonicalUrl(three.url)))).toMatchObject({
			state: "held",
			hold: "lost:nirgal",
		});
		expect(world.admins.asked).toMatchObject([{ sentence: "askLost", fields: { count: 1 } }]);
	});

	test("safe mode: what is published later is posted, however late it is listed, and so is what bears only a day", async () => {
		safe = true;
		await lists(published("one", ago(1)));
		safe = false;
		// What was published before may have gone out before, though this ledger's first list did not show it.
		await lists(published("before", ago(0.1)), published("one", ago(1)));
		expect(await sendAll()).toBe(0);
		await world.clock.advance(HOUR);
		await lists(published("late", ago(0.9)), published("one", ago(1)));
		expect(await sendAll()).toBe(1);
		await lists(draft("dayless"), draft("today", { publishedAt: `${day(world.clock.now())}T00:00:00.000Z` }));
		expect(await sendAll()).toBe(2);
	});

	describe("brought back from a backup", () => {
		const restore = async () => {
			await world.clock.advance(HOUR);
			await doubtRestored(world.store, world.clock.now());
		};

		test("what was published since the backup is asked about, what comes later is posted", async () => {
			await lists(published("old", ago(5)));
			await lists(published("known", ago(4)), published("old", ago(5)));
			expect(await sendAll()).toBe(1);
			await restore();
			const doubtful = [published("between", ago(0.5)), draft("undated")];
			await lists(...doubtful, published("known", ago(4)));
			expect(await sendAll()).toBe(0);
			expect(world.admins.asked).toMatchObject([{ sentence: "askLost", fields: { count: 2 } }]);
			await lists(published("new", ago(0)), draft("undated too"), ...doubtful);
			expect(await sendAll()).toBe(2);
			expect(await problems()).toEqual([]);
		});

		test("what waited to be sent is asked about at the next tick, and posted when an admin says so", async () => {
			await lists(published("old", ago(5)));
			await lists(published("one", ago(1)), published("two", ago(1)));
			await world.ledger.decide("telegram", idOf("old"), { v: 1, do: "retry", by: "سلمى", at: ago(0).toISOString() });
			await restore();
			expect(await problems()).toEqual([]);
			expect(await world.ledger.head("telegram")).toBeUndefined();
			for await (const decision of world.ledger.decisions("telegram")) expect(decision).toBeUndefined();
			const { ledger, clock, admins } = world;
			const held = holds({ ledger, channels: ["telegram"], admins, clock });
			await held.remind();
			expect(admins.asked).toMatchObject([{ sentence: "askLost", fields: { count: 2, source: "nirgal" } }]);
			await held.release("lost:nirgal", "all", "سلمى");
			let decided = 0;
			for await (const _ of ledger.decisions("telegram")) decided++;
			expect(decided).toBe(2);
		});

		test("twice in a row changes nothing more", async () => {
			await lists(published("old", ago(5)));
			await lists(published("one", ago(1)));
			await restore();
			const before = (await world.ledger.delivery("telegram", idOf("one")))?.state;
			await restore();
			expect([before, (await world.ledger.delivery("telegram", idOf("one")))?.state]).toEqual(["held", "held"]);
			expect(await problems()).toEqual([]);
		});

		test("a source that had not been read by then: FIRST_VISIT does not post what was posted since", async () => {
			firstVisit = 5;
			await world.ledger.updateSource("nirgal", () => ({ v: 1, kind: "feed", cursor: {} }));
			await restore();
			await lists(published("one", ago(0.5)));
			expect(await sendAll()).toBe(0);
		});
	});
});

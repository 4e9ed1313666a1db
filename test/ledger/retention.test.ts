import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { articleId, canonicalUrl, titleAlias } from "../../src/article/identity.ts";
import { type Delivery, shelfKey } from "../../src/ledger/delivery.ts";
import { type Known, type Ledger, openLedger, type SourceRecord } from "../../src/ledger/ledger.ts";
import { retention } from "../../src/ledger/retention.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import { backupSqlite } from "../../src/ledger/sqlite-file.ts";
import type { Json, Store } from "../../src/ledger/store.ts";
import { fate, mortal } from "../world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse("2026-11-23T09:00:00.000Z");
const json = (value: unknown) => value as Json;
const day = (time: Date) => time.toISOString().slice(0, 10);

let folder: string;
let path: string;
let store: Store;
let ledger: Ledger;
let time: number;
const now = () => new Date(time);

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-retention-"));
	path = join(folder, "mirsal.db");
	time = START;
	store = await openSqlite({ path, lock: true, now });
	ledger = openLedger(store, { now, day });
});
afterEach(async () => {
	await store.close();
	rmSync(folder, { recursive: true, force: true });
});

const PARAGRAPH =
	"وأضاف المتحدث أن الفرق الهندسية باشرت أعمالها منذ الصباح في ثلاثة أحياء، وأن نسبة الإنجاز بلغت نصف المرحلة الأولى.";
const urlOf = (number: number) => canonicalUrl(`https://nakhla.example/2026/11/23/${710_000 + number}/`);
const idOf = (number: number) => articleId(urlOf(number));

function articleOf(number: number, more: Partial<Article> = {}): Article {
	const url = urlOf(number);
	return {
		id: idOf(number),
		url,
		link: `${url}/`,
		title: `مجلس المحافظة يقر مشروع الطريق الرابط بين القضاء والقرى المجاورة رقم ${number}`,
		lead: PARAGRAPH,
		paragraphs: Array.from({ length: 8 }, () => PARAGRAPH),
		credits: ["بغداد / نخلة"],
		tags: ["إعمار", "محافظات"],
		author: "سلمى الجبوري",
		images: [{ url: `https://nakhla.example/images/${number}.jpg` }],
		publishedAt: "2026-11-23T08:30:00.000Z",
		source: "nakhla",
		...more,
	};
}

function deliveryOf(number: number, channel: string, more: Partial<Delivery> = {}): Delivery {
	const at = new Date(START).toISOString();
	const { title } = articleOf(number);
	const post = {
		channel,
		kind: "article",
		articles: [idOf(number)],
		link: urlOf(number),
		silent: false,
		html: `<b>${title}</b>\n\n${PARAGRAPH}`,
		text: `${title}\n\n${PARAGRAPH}`,
		length: 200,
		limit: 4096,
	} as const;
	return {
		v: 1,
		channel,
		id: idOf(number),
		kind: "article",
		order: `1:${at}:${at}:00001`,
		state: "sent",
		plannedAt: at,
		changedAt: at,
		attempts: 1,
		intent: { attempt: 1, at, hash: "5f".repeat(32), post, baseline: "100" },
		receipt: { id: String(number), url: `https://t.me/nakhla_news/${number}` },
		...more,
	};
}

const CHANNELS = ["telegram", "twitter"];
const aliasesOf = (number: number) => [
	`url-${idOf(number)}`,
	`guid-${idOf(number)}`,
	titleAlias(articleOf(number), "2026-11-23") ?? "",
];

/** What the ledger holds of an article that is settled on every channel. */
function entriesOf(
	number: number,
	{ article = {}, first = {} }: { readonly article?: Partial<Article>; readonly first?: Partial<Delivery> } = {},
): [string, Json][] {
	const id = idOf(number);
	const made = articleOf(number, article);
	const known: Known = {
		v: 1,
		article: made,
		foundAt: new Date(START).toISOString(),
		removed: [{ rule: "credit", text: "بغداد / نخلة" }],
	};
	const deliveries = CHANNELS.map((channel, place) => deliveryOf(number, channel, place === 0 ? first : {}));
	return [
		[`article:${id}`, json(known)],
		...aliasesOf(number).map((alias): [string, Json] => [`alias:${alias}`, id]),
		...deliveries.map((delivery): [string, Json] => [`delivery:${delivery.channel}:${id}`, json(delivery)]),
		...deliveries.flatMap((delivery): [string, Json][] => {
			const place = shelfKey(delivery);
			return place === undefined ? [] : [[place, id]];
		}),
	];
}

/** An article without its date. */
function undated(number: number): [string, Json][] {
	return entriesOf(number).map(([key, value]) => {
		if (!key.startsWith("article:")) return [key, value];
		const { article, ...known } = value as unknown as Known;
		const { publishedAt: _publishedAt, ...rest } = article;
		return [key, json({ ...known, article: rest })];
	});
}

/** A source that lists these articles, and whose newest one was published at this time. */
const source = (name: string, ids: readonly string[], lastArticle = START + 1_000 * DAY): [string, Json] => [
	`cursor:${name}`,
	json({
		v: 1,
		kind: "feed",
		cursor: {},
		firstVisit: new Date(START).toISOString(),
		lastArticle: new Date(lastArticle).toISOString(),
		listed: Object.fromEntries(ids.map((id) => [id, "stamp"])),
	} satisfies SourceRecord),
];

const forgetful = (over: Store = store, maxAge = DAY) => retention(over, { now, maxAge, day });

/** Walks through the whole ledger as often as there is something to forget. */
async function walk(maxAge = DAY): Promise<void> {
	for (let forgotten = 1; forgotten > 0; ) {
		forgotten = 0;
		time += 7 * HOUR;
		const { step } = forgetful(store, maxAge);
		for (let looked = 1; looked > 0; ) {
			const result = await step();
			looked = result.looked;
			forgotten += result.forgotten;
		}
	}
}

async function keys(prefix = ""): Promise<string[]> {
	const found: string[] = [];
	for await (const [key] of store.list(prefix)) if (key !== "retention") found.push(key);
	return found;
}

const raw = async (key: string) => JSON.stringify((await store.keyv.get(key)) ?? null);
const hasText = async (number: number) => (await raw(`article:${idOf(number)}`)).includes("الفرق الهندسية");
const hasBytes = async (number: number, channel = "telegram") =>
	(await raw(`delivery:${channel}:${idOf(number)}`)).includes("html");

describe("the text, after 30 days", () => {
	test.each([
		["29 days: stays", 29, true],
		["31 days: forgotten", 31, false],
	])("%s", async (_name, days, stays) => {
		await store.write({ set: entriesOf(1) });
		time += days * DAY;
		await walk();
		expect(await hasText(1)).toBe(stays);
		expect([await hasBytes(1), await hasBytes(1, "twitter")]).toEqual([stays, stays]);
	});

	test("counted from the last delivery", async () => {
		const later = new Date(START + 20 * DAY).toISOString();
		await store.write({ set: entriesOf(1, { first: { changedAt: later } }) });
		time += 31 * DAY;
		await walk();
		expect(await hasText(1)).toBe(true);
		time += 20 * DAY;
		await walk();
		expect(await hasText(1)).toBe(false);
	});

	test.each<[Delivery["state"], Partial<Delivery>]>([
		["held", { hold: "flood:nakhla" }],
		["planned", {}],
		["sending", {}],
		["waiting", {}],
		["refused", {}],
		["unsure", {}],
		["unsure", { closed: true }],
	])("never while a delivery is %s %o", async (state, more) => {
		await store.write({ set: entriesOf(1, { first: { state, ...more } }) });
		const before = await keys();
		time += 1_000 * DAY;
		await walk();
		expect(await keys()).toEqual(before);
		expect([await hasText(1), await hasBytes(1), await hasBytes(1, "twitter")]).toEqual([true, true, true]);
	});

	test("never while an admin's decision waits for its lane", async () => {
		await store.write({ set: entriesOf(1, { first: { state: "skipped", reason: "too old" } }) });
		await ledger.decide("telegram", idOf(1), { v: 1, do: "retry", by: "سلمى", at: now().toISOString() });
		time += 1_000 * DAY;
		await walk();
		expect(await hasText(1)).toBe(true);
	});

	test("an article that its source lists still keeps it, to tell an edit; the sent bytes go", async () => {
		await store.write({ set: [...entriesOf(1), source("nakhla", [idOf(1)])] });
		time += 100 * DAY;
		await walk();
		expect([await hasText(1), await hasBytes(1)]).toEqual([true, false]);
	});

	test("what /why tells and what identity needs stay, and forgetting again changes nothing", async () => {
		await store.write({
			set: entriesOf(1, {
				first: { attempts: 3, reason: "the answer was lost; the platform says that the post stands there" },
			}),
		});
		time += 31 * DAY;
		await walk();
		const before = await raw(`article:${idOf(1)}`);
		await walk();
		expect(await raw(`article:${idOf(1)}`)).toBe(before);
		const { url, title, publishedAt } = articleOf(1);
		expect(await ledger.article(idOf(1))).toEqual({
			v: 1,
			article: {
				id: idOf(1),
				url,
				title,
				publishedAt,
				source: "nakhla",
				lead: "",
				paragraphs: [],
				credits: [],
				tags: [],
				images: [],
			},
			foundAt: new Date(START).toISOString(),
			removed: [{ rule: "credit", text: "بغداد / نخلة" }],
		});
		expect(await ledger.delivery("telegram", idOf(1))).toMatchObject({
			channel: "telegram",
			id: idOf(1),
			kind: "article",
			state: "sent",
			changedAt: new Date(START).toISOString(),
			attempts: 3,
			reason: "the answer was lost; the platform says that the post stands there",
			receipt: { id: "1", url: "https://t.me/nakhla_news/1" },
		});
		expect(await ledger.idOf([`guid-${idOf(1)}`])).toBe(idOf(1));
		expect(await ledger.idOf([aliasesOf(1)[2] ?? ""])).toBeUndefined();
	});

	test("a skipped one can be posted after all: it has its place, its headline and its address", async () => {
		const {
			intent: _intent,
			receipt: _receipt,
			...bare
		} = deliveryOf(1, "telegram", { state: "skipped", reason: "too old" });
		await store.write({ set: [...entriesOf(1), [`delivery:telegram:${idOf(1)}`, json(bare)]] });
		time += 31 * DAY;
		await walk();
		const kept = await ledger.delivery("telegram", idOf(1));
		expect(kept).toEqual(bare);
		await ledger.record(bare, { ...bare, state: "planned", changedAt: now().toISOString() });
		expect((await ledger.head("telegram"))?.id).toBe(idOf(1));
		expect((await ledger.article(idOf(1)))?.article.link).toBe(articleOf(1).link);
	});

	test("an edit of what was forgotten gives it its text again", async () => {
		await store.write({ set: entriesOf(1) });
		time += 31 * DAY;
		await walk();
		await ledger.revise(idOf(1), (before) => ({ ...before, article: { ...before.article, lead: "مقدمة جديدة" } }));
		expect((await ledger.article(idOf(1)))?.article).toMatchObject({
			lead: "مقدمة جديدة",
			paragraphs: [],
			source: "nakhla",
		});
	});
});

describe("the article itself, after 400 days", () => {
	test.each<readonly [name: string, set: () => [string, Json][], days: number, maxAge: number]>([
		["399 days", () => [...entriesOf(1), source("nakhla", [])], 398, DAY],
		[
			"nothing later came from its source, so our clock may run years ahead",
			() => [...entriesOf(1), source("nakhla", [], START + HOUR)],
			2_000,
			DAY,
		],
		["nothing is known of its source", () => entriesOf(1), 2_000, DAY],
		[
			"its date is in the future, and it would be new again",
			() => [
				...entriesOf(1, { article: { publishedAt: "2031-11-23T08:30:00.000Z" } }),
				source("nakhla", [], START + 9_000 * DAY),
			],
			1_000,
			DAY,
		],
		["its source lists it", () => [...entriesOf(1), source("nakhla", ["x", idOf(1)])], 2_000, DAY],
		["another source lists it", () => [...entriesOf(1), source("nakhla", []), source("other", [idOf(1)])], 2_000, DAY],
		[
			"it has no date: nobody could tell that it is old when it comes back",
			() => [...undated(1), source("nakhla", [])],
			2_000,
			DAY,
		],
		["MAX_AGE is longer", () => [...entriesOf(1), source("nakhla", [])], 450, 450 * DAY],
	])("stays: %s", async (_name, set, days, maxAge) => {
		await store.write({ set: set() });
		time += days * DAY;
		await walk(maxAge);
		expect(await ledger.article(idOf(1))).toBeDefined();
		expect(await ledger.delivery("twitter", idOf(1))).toBeDefined();
		expect(await ledger.idOf([`url-${idOf(1)}`])).toBe(idOf(1));
	});

	test("goes with its deliveries, then with its names", async () => {
		await store.write({ set: [...entriesOf(1), source("nakhla", [idOf(2)])] });
		await store.write({ set: entriesOf(2) });
		time += 401 * DAY;
		await walk();
		expect((await keys()).filter((key) => key.includes(idOf(1)))).toEqual([]);
		expect((await keys()).filter((key) => key.includes(idOf(2)))).toHaveLength(5);
	});

	test("its names stay where a source lists more than is remembered of it: one of them may stand there", async () => {
		const ids = Array.from({ length: 300 }, (_, number) => `listed-${number}`);
		await store.write({ set: [...entriesOf(1), source("nakhla", []), source("other", ids)] });
		time += 401 * DAY;
		await walk();
		expect(await ledger.article(idOf(1))).toBeUndefined();
		expect(await ledger.idOf([`url-${idOf(1)}`])).toBe(idOf(1));
	});

	test("of a channel that left the settings as well, and the counts stay", async () => {
		await store.write({
			set: [
				...entriesOf(1),
				source("nakhla", []),
				[`delivery:old-channel:${idOf(1)}`, json(deliveryOf(1, "old-channel"))],
				["stats:all", {}],
			],
		});
		time += 401 * DAY;
		await walk();
		expect(await keys()).toEqual(["cursor:nakhla", "stats:all"]);
	});
});

describe("the rest", () => {
	const ago = (days: number) => new Date(START - days * DAY).toISOString();
	test.each<[name: string, key: string, value: Json, stays: boolean]>([
		["an update of yesterday", "update:7", ago(1), true],
		["an update of last week", "update:7", ago(8), false],
		["a line of the audit trail of this year", `audit:${ago(300)}:000`, { v: 1 }, true],
		["a line of the audit trail of long ago", `audit:${ago(401)}:000`, { v: 1 }, false],
		["that an incident was told this week", "told:source:x", ago(6), true],
		["that an incident was told long ago", "told:source:x", ago(8), false],
		["a question that can be answered", "nonce:ab", { v: 1, until: ago(-1) }, true],
		["a question of long ago", "nonce:ab", { v: 1, until: ago(31) }, false],
		["an incident of this week", "incident:source:x", { text: "…", since: ago(6) }, true],
		["an incident of long ago", "incident:source:x", { text: "…", since: ago(31) }, false],
		["an incident about a hold that is over", `incident:hold:flood:x:${ago(40)}`, { text: "…", since: ago(40) }, false],
		["an incident about a delivery that moved on", "incident:refused:telegram:a", { text: "…", since: ago(40) }, false],
		["a count of a year ago", `stats:${ago(390).slice(0, 10)}`, {}, true],
		["a count of two years ago", `stats:${ago(700).slice(0, 10)}`, {}, false],
		["the counts of all time", "stats:all", {}, true],
		["a story of yesterday", `story:${ago(1)}:a`, { id: "a" }, true],
		["a story of last month", `story:${ago(30)}:a`, { id: "a" }, false],
		["a decision about nothing", "decision:telegram:a", { v: 1, do: "skip", by: "x", at: ago(1) }, false],
		["what nobody knows how to forget", "pace:telegram", [1], true],
	])("%s", async (_name, key, value, stays) => {
		await store.write({ set: [[key, value]] });
		await forgetful().step();
		expect(await keys()).toEqual(stays ? [key] : []);
	});

	test("a digest goes 30 days after its delivery was finished, and one that is refused stays", async () => {
		const digestOf = (name: string, state: Delivery["state"]): [string, Json][] => {
			const id = `digest:telegram:2026-11-23:${name}`;
			const delivery = deliveryOf(1, "telegram", { id, kind: "digest", state });
			const place = shelfKey(delivery);
			return [
				[id, { v: 1, title: "نشرة الصباح", at: "2026-11-23T05:00:00.000Z", most: 10 }],
				[`delivery:telegram:${id}`, json(delivery)],
				...(place === undefined ? [] : [[place, id] as [string, Json]]),
			];
		};
		await store.write({ set: [...digestOf("sent", "sent"), ...digestOf("no", "refused")] });
		time += 29 * DAY;
		await walk();
		expect(await keys("digest:")).toHaveLength(2);
		time += 2 * DAY;
		await walk();
		expect(await keys("digest:")).toEqual(["digest:telegram:2026-11-23:no"]);
		expect(await keys("delivery:")).toEqual(["delivery:telegram:digest:telegram:2026-11-23:no"]);
	});

	test("an incident stays while what it tells of stands, and nobody would tell of it again", async () => {
		const hold = { name: "flood:nakhla", source: "nakhla", why: "flood", count: 60, since: ago(40), askedAt: ago(40) };
		await store.write({
			set: [
				...entriesOf(1, { first: { state: "refused" } }),
				...entriesOf(2, { first: { state: "unsure", closed: true } }),
				["hold:flood:nakhla", hold],
				[`incident:hold:flood:nakhla:${ago(40)}`, { text: "…", since: ago(40) }],
				[`incident:refused:telegram:${idOf(1)}`, { text: "…", since: ago(40) }],
				[`incident:unsure:telegram:${idOf(2)}:1`, { text: "…", since: ago(40) }],
			],
		});
		await walk();
		expect(await keys("incident:")).toHaveLength(3);
	});
});

describe("steps", () => {
	const COUNT = 150;
	const fill = async () => {
		await store.write({ set: Array.from({ length: COUNT }, (_, number) => entriesOf(number)).flat() });
		time += 31 * DAY;
	};
	const forgottenTexts = async () => {
		let count = 0;
		for (let number = 0; number < COUNT; number++) if (!(await hasText(number))) count++;
		return count;
	};

	test("at most 200 keys each; the next life goes on where the last one ended", async () => {
		await fill();
		let steps = 0;
		for (let looked = 1; looked > 0; steps++) {
			looked = (await forgetful().step()).looked;
			// An article is looked at with all of its deliveries.
			expect(looked).toBeLessThan(200 + 3);
			expect(steps).toBeLessThan(20);
		}
		expect(await forgottenTexts()).toBe(COUNT);
		// 450 names, 150 articles with two deliveries each, and one step that finds the end.
		expect(steps).toBeLessThanOrEqual(7);
	});

	test("after a walk it rests for six hours, and a clock that was set back does not prolong that", async () => {
		await fill();
		await walk();
		const { step } = forgetful();
		expect(await step()).toEqual({ looked: 0, forgotten: 0 });
		time -= 50 * DAY;
		expect((await step()).looked).toBeGreaterThan(0);
	});

	test.each([
		[1, "before"],
		[1, "after"],
		[2, "before"],
		[3, "after"],
		[5, "before"],
	] as const)(
		"H4: a death at write %s (%s it) loses nothing, and the next life forgets the rest",
		async (n, moment) => {
			await fill();
			const end = fate(n, moment);
			const dying = forgetful(mortal(store, ["write"], end));
			await expect(
				(async () => {
					while ((await dying.step()).looked > 0);
				})(),
			).rejects.toThrow("died");
			for (let number = 0; number < COUNT; number++)
				expect((await ledger.article(idOf(number)))?.article.title).toContain(`رقم ${number}`);
			while ((await forgetful().step()).looked > 0);
			expect(await forgottenTexts()).toBe(COUNT);
		},
	);

	test("what changes between looking and writing is left alone; the rest is forgotten", async () => {
		await fill();
		const meddled = new Set<number>();
		const meddle = async (number: number) => {
			if (number === 7) {
				const before = deliveryOf(7, "telegram");
				await ledger.record(before, { ...before, reason: "edited", changedAt: now().toISOString() });
			} else await ledger.revise(idOf(8), (known) => ({ ...known, vanished: now().toISOString() }));
		};
		const meddling: Store = {
			...store,
			async write(batch) {
				for (const number of [7, 8]) {
					if (meddled.has(number) || !batch.set?.some(([key]) => key === `article:${idOf(number)}`)) continue;
					meddled.add(number);
					await meddle(number);
				}
				return store.write(batch);
			},
		};
		while ((await forgetful(meddling).step()).looked > 0);
		expect([...meddled].sort()).toEqual([7, 8]);
		expect([await hasText(7), await hasBytes(7), await hasText(8)]).toEqual([true, true, true]);
		expect((await ledger.delivery("telegram", idOf(7)))?.reason).toBe("edited");
		expect((await ledger.article(idOf(8)))?.vanished).toBeDefined();
		expect(await forgottenTexts()).toBe(COUNT - 2);
	});

	test("an article that comes back into its source's list while it is being forgotten stays", async () => {
		await store.write({ set: [...entriesOf(1), source("nakhla", [])] });
		time += 401 * DAY;
		let relisted = false;
		const relisting: Store = {
			...store,
			async write(batch) {
				if (!relisted && batch.del?.includes(`article:${idOf(1)}`)) {
					relisted = true;
					await store.write({ set: [source("nakhla", [idOf(1)])] });
				}
				return store.write(batch);
			},
		};
		while ((await forgetful(relisting).step()).looked > 0);
		expect(relisted).toBe(true);
		expect(await ledger.article(idOf(1))).toBeDefined();
	});
});

test("a sent article takes at most 1.5 kB of disk once its text is forgotten", {
	timeout: 120_000,
}, async () => {
	const COUNT = 2_000;
	for (let number = 0; number < COUNT; number += 500)
		await store.write({ set: Array.from({ length: 500 }, (_, more) => entriesOf(number + more)).flat() });
	time += 31 * DAY;
	const { step } = forgetful();
	let slowest = 0;
	for (let looked = 1; looked > 0; ) {
		const begun = performance.now();
		looked = (await step()).looked;
		slowest = Math.max(slowest, performance.now() - begun);
	}
	const copy = join(folder, "copy.db");
	await backupSqlite(path, copy);
	// The live file keeps the pages that became free for what comes next; a copy is without them.
	expect(statSync(copy).size / COUNT).toBeLessThan(1_500);
	expect(slowest).toBeLessThan(1_000);
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Article } from "../src/article/article.ts";
import { aliasesOf, articleId, canonicalUrl } from "../src/article/identity.ts";
import { byHand, NotOneArticle, type Read } from "../src/by-hand.ts";
import { Death, fate, openWorld, type World } from "./world.ts";

const ADDRESS = "https://example.org/news/bridge";
const CHANNELS = ["telegram", "twitter"];
let world: World;
let reads: number;

beforeEach(async () => {
	world = await openWorld();
	reads = 0;
});
afterEach(() => world.close());

const article = (more: Partial<Article> = {}): Article => ({
	id: articleId(canonicalUrl(ADDRESS)),
	url: ADDRESS,
	title: "افتتاح جسر جديد في الكوت",
	lead: "",
	paragraphs: [],
	credits: [],
	tags: [],
	images: [],
	source: "example.org",
	...more,
});
const hand = (found: readonly Article[] = [article()], ledger = world.ledger) =>
	byHand({
		ledger,
		channels: CHANNELS,
		read: async () => {
			reads++;
			return found.map((one): Read => ({ article: one, kind: "article", removed: [] }));
		},
		day: (time) => time.toISOString().slice(0, 10),
		now: world.clock.now,
	});
const wish = { channels: CHANNELS, kind: "article", by: "سارة" } as const;

describe("a new article", () => {
	test("is planned once, whatever its address looks like the next time", async () => {
		expect((await hand().post(ADDRESS, wish)).channels).toEqual([
			{ name: "telegram", outcome: "planned" },
			{ name: "twitter", outcome: "planned" },
		]);
		for (const same of ["http://www.example.org/news/bridge/?utm_source=x", `${ADDRESS}#top`])
			expect((await hand().post(same, wish)).channels.map(({ outcome }) => outcome)).toEqual(["queued", "queued"]);
		expect(reads).toBe(1);
	});

	test("that its source lists later is known by then", async () => {
		await hand().post("https://example.org/?p=7", wish);
		const names = aliasesOf({ url: ADDRESS, source: "feed" }, { trustGuid: false });
		expect(await world.ledger.idOf(names)).toBe(article().id);
	});

	test.each([
		["before", ["planned", "planned"]],
		["after", ["queued", "queued"]],
	] as const)("dying %s the one write, the next wish finds all or nothing", async (moment, outcomes) => {
		await expect(hand([article()], world.reopen(fate(1, moment))).post(ADDRESS, wish)).rejects.toThrow(Death);
		expect((await hand().post(ADDRESS, wish)).channels.map(({ outcome }) => outcome)).toEqual(outcomes);
	});

	test.each([0, 3])("%i articles at an address are none to post", async (count) => {
		const several = Array.from({ length: count }, (_none, index) => article({ id: `x${index}` }));
		await expect(hand(several).post(ADDRESS, wish)).rejects.toThrow(NotOneArticle);
		expect(await world.ledger.head("telegram")).toBeUndefined();
	});
});

test("breaking news made of a planned article goes before everything, as breaking news", async () => {
	await world.plan("خبر سابق", 1, { channels: CHANNELS, kind: "breaking" });
	await hand().post(ADDRESS, wish);
	expect(await hand().post(ADDRESS, { ...wish, kind: "breaking", channels: ["telegram"] })).toMatchObject({
		channels: [{ name: "telegram", outcome: "planned" }],
	});
	const decided: string[] = [];
	for await (const [id, { do: does }] of world.ledger.decisions("telegram")) decided.push(`${id} ${does}`);
	expect(decided).toEqual([`${article().id} breaking`]);
});

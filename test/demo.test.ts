import { readFileSync } from "node:fs";
import { parseFeed } from "feedsmith";
import { afterEach, expect, test } from "vitest";
import { type DemoArticle, readDemo, startDemo } from "../src/demo.ts";
import { fakeClock } from "./servers/clock.ts";

const newsroom = readDemo(readFileSync(new URL("../templates/demo.yaml", import.meta.url), "utf8"));
const few: DemoArticle[] = ["أ", "ب", "ج", "د"].map((title) => ({
	title,
	category: "خدمات",
	tags: ["وسم & آخر"],
	paragraphs: ["كلمة ".repeat(20).trim(), "الفقرة <الثانية>"],
}));

let demo: Awaited<ReturnType<typeof startDemo>>;
afterEach(() => demo.stop());

async function listed(): Promise<{ title: string; link: string; description: string; date: string }[]> {
	const parsed = parseFeed(await (await fetch(demo.feedUrl)).text());
	if (parsed.format !== "rss") throw new Error(`a feed of the format ${parsed.format}`);
	return (parsed.feed.items ?? []).map((item) => ({
		title: item.title ?? "",
		link: item.link ?? "",
		description: item.description ?? "",
		date: String(item.pubDate),
	}));
}

test("three articles at the start, the next after two seconds, then one each interval", async () => {
	const clock = fakeClock("2026-11-23T09:00:00Z");
	demo = await startDemo({ articles: few, every: 8000, clock });
	expect((await listed()).map(({ title }) => title)).toEqual(["ج", "ب", "أ"]);
	await clock.advance(1999);
	expect(await listed()).toHaveLength(3);
	await clock.advance(1);
	expect((await listed())[0]).toMatchObject({
		title: "د",
		date: "Mon, 23 Nov 2026 09:00:02 GMT",
	});
	await clock.advance(8000);
	expect((await listed())[0]?.title).toBe("أ – الطبعة 2");
});

test("no address ever comes back, and old ones stay readable", async () => {
	const clock = fakeClock(new Date(0));
	demo = await startDemo({ articles: few, every: 1000, clock });
	const seen: string[] = [];
	for (let round = 0; round < 5; round++) {
		seen.push(...(await listed()).map(({ link }) => link));
		await clock.advance(4000);
	}
	const addresses = new Set(seen);
	expect(addresses.size).toBe(18);
	for (const address of addresses) expect((await fetch(address)).status).toBe(200);
});

test("entries are short, pages are whole and run from the right", async () => {
	demo = await startDemo({
		articles: few,
		every: 1000,
		clock: fakeClock(new Date(0)),
	});
	const [entry] = await listed();
	expect(entry?.description).toBe(`${"كلمة ".repeat(10)}[…]`);
	expect(entry?.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/news\/\d+$/);
	const page = await (await fetch(entry?.link ?? "")).text();
	expect(page).toContain('<html lang="ar" dir="rtl">');
	expect(page).toContain("<p>الفقرة &lt;الثانية&gt;</p>");
});

test("304 while nothing is new, 404 elsewhere", async () => {
	const clock = fakeClock(new Date(0));
	demo = await startDemo({ articles: few, every: 1000, clock });
	const etag = (await fetch(demo.feedUrl)).headers.get("etag") ?? "";
	const again = () => fetch(demo.feedUrl, { headers: { "if-none-match": etag } }).then(({ status }) => status);
	expect(await again()).toBe(304);
	await clock.advance(2000);
	expect(await again()).toBe(200);
	expect((await fetch(`http://${demo.host}/nothing`)).status).toBe(404);
});

test("stop closes the port, cancels the clock and may be called twice", async () => {
	const clock = fakeClock(new Date(0));
	demo = await startDemo({ articles: few, every: 1000, clock });
	await Promise.all([demo.stop(), demo.stop()]);
	await clock.advance(10_000);
	await expect(fetch(demo.feedUrl)).rejects.toThrow();
});

test("the built-in newsroom has what a newsroom has", () => {
	const { articles } = newsroom;
	expect(articles.length).toBeGreaterThanOrEqual(24);
	expect(new Set(articles.map(({ title }) => title)).size).toBe(articles.length);
	const text = articles.map(({ title, paragraphs }) => [title, ...paragraphs].join("\n"));
	const kinds: Record<string, boolean> = {
		breaking: articles.some(({ title }) => title.startsWith("عاجل")),
		latin: articles.some(({ title }) => /^[A-Za-z]/.test(title)),
		long: articles.some(({ title }) => title.length > 280),
		credit: text.some((one) => /^المصدر:/m.test(one)),
		chain: text.some((one) => /^شبكة .+ \/ وكالة .+ \/ ذي قار /m.test(one)),
		dateline: text.some((one) => /^\p{L}+ – وكالة [^:]+: /mu.test(one)),
		empty: articles.some(({ paragraphs }) => paragraphs.length === 0),
		bracketed: text.some((one) => /\(\d+\)/.test(one)),
		ve: text.some((one) => one.includes("ڨ")),
		kurdish: text.some((one) => /[ەڕێژ]/.test(one)),
	};
	expect(Object.entries(kinds).filter(([, there]) => !there)).toEqual([]);
	demo = { feedUrl: "", host: "", stop: () => Promise.resolve() };
});

test("a newsroom without articles is refused", async () => {
	demo = { feedUrl: "", host: "", stop: () => Promise.resolve() };
	await expect(startDemo({ articles: [], every: 1, clock: fakeClock(new Date(0)) })).rejects.toThrow(
		"templates/demo.yaml",
	);
	expect(() => readDemo("name: شبكة\narticles: []")).toThrow();
});

import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { parseFeed } from "../../src/sources/feed.ts";
import { lazyDraft, once } from "../../src/sources/lazy-draft.ts";

const HEAD = { url: "https://news.example/a", guid: "1", title: "عنوان", source: "news" };
const REST = { tags: ["محليات"], images: [], body: "نص." };

describe("once", () => {
	test("works when it is first asked, and never again", () => {
		const values: number[] = [];
		const value = once(() => values.push(1));
		expect(values).toEqual([]);
		expect([value(), value()]).toEqual([1, 1]);
		expect(values).toEqual([1]);
	});

	test("remembers that there was nothing", () => {
		let times = 0;
		const value = once(() => {
			times++;
			return undefined;
		});
		value();
		value();
		expect(times).toBe(1);
	});
});

describe("lazyDraft", () => {
	function counted() {
		const read: string[] = [];
		const draft = lazyDraft(
			HEAD,
			() => {
				read.push("rest");
				return REST;
			},
			{
				stamp: () => {
					read.push("stamp");
					return "s";
				},
				fingerprint: () => {
					read.push("fingerprint");
					return "f";
				},
			},
		);
		return { draft, read };
	}

	test("reads nothing more to know an entry again", () => {
		const { draft, read } = counted();
		expect([draft.url, draft.guid, draft.title, draft.publishedAt, draft.source]).toEqual([
			"https://news.example/a",
			"1",
			"عنوان",
			undefined,
			"news",
		]);
		expect(read).toEqual([]);
	});

	test.each<readonly [name: string, use: (draft: Draft) => unknown]>([
		["is copied", (draft) => ({ ...draft })],
		["is written as JSON", (draft) => JSON.parse(JSON.stringify(draft))],
		["is compared", (draft) => draft],
		["is cloned", (draft) => structuredClone(draft)],
	])("is a plain object when it %s", (_, use) => {
		const { draft, read } = counted();
		expect(use(draft)).toEqual({ ...HEAD, ...REST });
		expect(read).toEqual(["rest"]);
	});

	test.each([["stamp", "s"] as const, ["fingerprint", "f"] as const])(
		"has a %s that is no part of it",
		(name, value) => {
			const { draft, read } = counted();
			expect([draft[name], draft[name]]).toEqual([value, value]);
			expect(Object.keys(draft)).not.toContain(name);
			expect(read).toEqual([name]);
		},
	);
});

describe("the marks of a feed's entry", () => {
	const BEFORE =
		'<title>عنوان</title><link>https://news.example/a</link><guid>1</guid><description>&lt;p class="a"&gt;نص &lt;img src="/a.jpg"&gt;&lt;/p&gt;</description>';
	const draftOf = async (entry: string, before = "") => {
		const feed = `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel>${before}<item>${entry}</item></channel></rss>`;
		const drafts = await parseFeed(Buffer.from(feed), { url: "https://news.example/feed", source: "news" });
		return drafts.at(-1);
	};
	const stamp = async (entry: string) => (await draftOf(entry))?.stamp;
	const fingerprint = async (entry: string, before?: string) => (await draftOf(entry, before))?.fingerprint;

	test.each([
		["the headline", BEFORE.replace("عنوان", "غيره")],
		["a word of the text", BEFORE.replace("نص", "نص جديد")],
		["the picture in the text", BEFORE.replace("a.jpg", "b.jpg")],
		["an attached picture", `${BEFORE}<media:content url="/c.jpg" medium="image"/>`],
		["the guid", BEFORE.replace("<guid>1", "<guid>2")],
	])("the stamp changes with %s", async (_, after) => {
		expect(await stamp(after)).not.toBe(await stamp(BEFORE));
	});

	test.each([
		["nothing", BEFORE],
		["a counter of comments", `${BEFORE}<slash:comments>7</slash:comments>`],
		["a token in an attribute", BEFORE.replace('class="a"', 'class="b" data-token="7"')],
	])("the stamp stays with %s", async (_, after) => {
		expect(await stamp(after)).toBe(await stamp(BEFORE));
		expect(await stamp(after)).toMatch(/^[\w-]{12}$/);
	});

	test.each([
		["a word of the text", BEFORE.replace("نص", "نض")],
		["an element in front", `<slash:comments>7</slash:comments>${BEFORE}`],
		["an element at the end", `${BEFORE}<slash:comments>7</slash:comments>`],
		["a token in an attribute", BEFORE.replace('class="a"', 'class="b"')],
		["its last character", `${BEFORE} `],
	])("the fingerprint changes with %s", async (_, after) => {
		expect(await fingerprint(after)).not.toBe(await fingerprint(BEFORE));
	});

	test.each([
		["a new date of the feed", "<lastBuildDate>Mon, 23 Nov 2026 09:00:00 GMT</lastBuildDate>"],
		["another entry in front of it", "<item><title>آخر</title><link>https://news.example/b</link></item>"],
	])("the fingerprint stays with %s", async (_, before) => {
		expect(await fingerprint(BEFORE, before)).toBe(await fingerprint(BEFORE));
		expect(await fingerprint(BEFORE, before)).toMatch(/^[\da-z]{1,7}$/);
	});

	test("an entry of Atom has them as well", async () => {
		const entry = (text: string) =>
			`<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title>عنوان</title><link href="https://news.example/a"/><content type="xhtml"><div><p>${text}</p></div></content></entry></feed>`;
		const read = async (text: string) =>
			(await parseFeed(Buffer.from(entry(text)), { url: "https://news.example/feed", source: "news" }))[0];
		const [one, same, other] = [await read("نص"), await read("نص"), await read("نض")];
		expect([one?.stamp, one?.fingerprint]).toEqual([same?.stamp, same?.fingerprint]);
		expect(one?.stamp).not.toBe(other?.stamp);
		expect(one?.fingerprint).not.toBe(other?.fingerprint);
	});
});

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
			() => {
				read.push("stamp");
				return "s";
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

	test("has a stamp that is no part of it", () => {
		const { draft, read } = counted();
		expect([draft.stamp, draft.stamp]).toEqual(["s", "s"]);
		expect(Object.keys(draft)).not.toContain("stamp");
		expect(read).toEqual(["stamp"]);
	});
});

describe("the stamp of a feed's entry", () => {
	const BEFORE =
		'<title>عنوان</title><link>https://news.example/a</link><guid>1</guid><description>&lt;p class="a"&gt;نص &lt;img src="/a.jpg"&gt;&lt;/p&gt;</description>';
	const stamp = async (entry: string) => {
		const feed = `<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item>${entry}</item></channel></rss>`;
		const [draft] = await parseFeed(Buffer.from(feed), { url: "https://news.example/feed", source: "news" });
		return draft?.stamp;
	};

	test.each([
		["the headline", BEFORE.replace("عنوان", "غيره")],
		["a word of the text", BEFORE.replace("نص", "نص جديد")],
		["the picture in the text", BEFORE.replace("a.jpg", "b.jpg")],
		["an attached picture", `${BEFORE}<media:content url="/c.jpg" medium="image"/>`],
		["the guid", BEFORE.replace("<guid>1", "<guid>2")],
	])("changes with %s", async (_, after) => {
		expect(await stamp(after)).not.toBe(await stamp(BEFORE));
	});

	test.each([
		["nothing", BEFORE],
		["a counter of comments", `${BEFORE}<slash:comments>7</slash:comments>`],
		["a token in an attribute", BEFORE.replace('class="a"', 'class="b" data-token="7"')],
	])("stays with %s", async (_, after) => {
		expect(await stamp(after)).toBe(await stamp(BEFORE));
		expect(await stamp(after)).toMatch(/^[\w-]{12}$/);
	});
});

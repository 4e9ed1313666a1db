import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleaner } from "../../src/arabic/clean.ts";
import { articleOf, type Draft, kindOf } from "../../src/article/article.ts";

const clean = cleaner({ agencies: ["وكالة الضفتين"], places: ["ذي قار"] });
const BODY =
	"باشرت ملاكات الآثار ترميم دار تراثية على ضفة الفرات تمهيداً لتحويلها إلى متحف. ويعود بناء الدار إلى القرن الماضي.";

function draft(more: Partial<Draft> = {}): Draft {
	return {
		url: "http://www.example.org/news/1?utm_source=rss",
		title: "ترميم دار تراثية في ذي قار",
		body: BODY,
		tags: [],
		images: [],
		source: "feed",
		...more,
	};
}

const made = (more: Partial<Draft> = {}) => {
	const result = articleOf(draft(more), clean);
	if (!result) throw new Error("nothing was made");
	return result;
};

test("a draft becomes the contract's Article", () => {
	const images = [{ url: "https://example.org/1.jpg" }];
	const { article, removed } = made({
		tags: ["تراث", " تراث ", ""],
		author: " حيدر المنصوري ",
		images,
		publishedAt: "2026-11-23T08:00:00.000Z",
	});
	expect(article).toMatchObject({
		url: "https://example.org/news/1",
		link: "http://www.example.org/news/1",
		title: "ترميم دار تراثية في ذي قار",
		paragraphs: [BODY],
		credits: [],
		tags: ["تراث"],
		author: "حيدر المنصوري",
		images,
		publishedAt: "2026-11-23T08:00:00.000Z",
		source: "feed",
	});
	expect(article.id).toMatch(/^[0-9a-z]{26}$/);
	expect(article.lead).toMatch(/^باشرت ملاكات الآثار .*متحف\.?$/);
	expect(removed).toEqual([]);
});

describe("C12: what is missing", () => {
	test.each<[string, Partial<Draft>]>([
		["neither title nor text", { title: "", body: "" }],
		["marks alone", { title: " . ", body: "…\n•" }],
	])("%s is no article", (_, more) => expect(articleOf(draft(more), clean)).toBeUndefined());

	test("a title alone is an article without a lead", () => {
		expect(made({ body: "" }).article).toMatchObject({ lead: "", paragraphs: [] });
	});

	test("text alone: its first sentence is the title, and is not said twice", () => {
		const { article } = made({ title: "" });
		expect(article.title).toMatch(/^باشرت ملاكات الآثار ترميم دار تراثية على ضفة الفرات تمهيداً لتحويلها إلى متحف\.?$/);
		expect(article.lead).not.toContain("باشرت");
	});
});

describe("summaries", () => {
	const summary = "دار عمرها قرن تفتح أبوابها للزوار متحفاً للحرف الشعبية بعد عام من العمل.";
	test("the editor's own summary is the lead", () => {
		const { article } = made({ summary });
		expect(article.lead).toBe(summary);
		expect(article.paragraphs).toEqual([BODY]);
	});

	test.each([
		["cut off with dots", `${BODY.slice(0, 50)}...`],
		["cut off with […]", `${BODY.slice(0, 60)} […]`],
		["the whole first sentence", BODY.slice(0, BODY.indexOf(".") + 1)],
	])("a summary that is only the beginning of the text is none: %s", (_, excerpt) => {
		expect(made({ summary: excerpt }).article.lead).toBe(made().article.lead);
	});

	test("without a body the summary is the text", () => {
		const { body: _, ...bare } = draft({ summary });
		expect(articleOf(bare, clean)?.article.paragraphs).toEqual([summary]);
	});

	test("a credit in it is taken out and kept", () => {
		const { article, removed } = made({ summary: `${summary}\nالمصدر: وكالة الضفتين` });
		expect(article.credits).toEqual(["وكالة الضفتين"]);
		expect(article.lead).not.toContain("المصدر");
		expect(removed).toHaveLength(1);
	});
});

test("a saved page without an address of its own keeps its file's", () => {
	const { article } = made({ url: "file:///home/desk/page.html" });
	expect(article.url).toBe("file:///home/desk/page.html");
	expect(article).not.toHaveProperty("link");
});

test("what is no address is a mistake of the source", () => {
	expect(() => articleOf(draft({ url: "mailto:desk@example.org" }), clean)).toThrow(TypeError);
});

test.each([
	["عاجل | حريق في السوق", [], "breaking"],
	["حريق في السوق", ["عاجل"], "breaking"],
	["حريق في السوق", ["محليات"], "article"],
	["اجتماع عاجل لمجلس المحافظة", [], "article"],
] as const)("kindOf(%s, %j) is %s", (title, tags, kind) => expect(kindOf({ title, tags })).toBe(kind));

test("any words: the article is clean, and made again of the same draft it is the same", () => {
	const words = fc.string({
		unit: fc.oneof(
			fc.constantFrom(..."خبر عاجل . : – « » \n \u202E\u2066<b>&".split(" ")),
			fc.string({ unit: "binary", maxLength: 2 }),
		),
	});
	fc.assert(
		fc.property(words, words, (title, body) => {
			const first = articleOf(draft({ title, body }), clean);
			expect(articleOf(draft({ title, body }), clean)).toEqual(first);
			if (!first) return;
			expect(first.article.title).not.toBe("");
			for (const text of [first.article.title, first.article.lead, ...first.article.paragraphs]) {
				expect(text).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/);
				expect(text).toBe(text.trim());
			}
			expect(first.article.title).not.toContain("\n");
		}),
		{ numRuns: 150 },
	);
});

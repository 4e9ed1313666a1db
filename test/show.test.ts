import { expect, test } from "vitest";
import type { Post } from "../src/post/post.ts";
import { articleText, showPost } from "../src/show.ts";
import { occasionOf } from "./contracts/channel.ts";

const post: Post = {
	channel: "telegram",
	kind: "article",
	articles: ["a1"],
	link: "https://example.org/1",
	silent: false,
	html: '<b>خبر &lt;1&gt; &amp;amp;</b>\n\n<a href="https://example.org/1">اقرأ الخبر</a>',
	text: "خبر <1> &amp;\n\nاقرأ الخبر",
	length: 25,
	limit: 4096,
};

test("a post stands between two rules, as followers see it, with its length beneath", () => {
	const [first = "", ...rest] = showPost(post, { color: false, label: "telegram" }).split("\n");
	expect(first).toMatch(/^── telegram ─+$/);
	expect(rest.slice(0, 3).join("\n")).toBe(post.text);
	expect(rest[3]).toMatch(/^── 25 of 4096 · link: https:\/\/example\.org\/1 ─+$/);
	expect(rest.at(-1)).toBe("");
});

test("in colour, bold is bold, links are underlined, and signs are what they stand for", () => {
	const shown = showPost(post, { color: true, label: "telegram" });
	expect(shown).toContain("\u001B[1mخبر <1> &amp;\u001B[0m");
	expect(shown).toContain("\u001B[4mاقرأ الخبر\u001B[0m");
	expect(shown).not.toMatch(/<b>|href|&lt;/);
});

test("in colour, what is struck through is struck through", () => {
	const html = "<s>خبر</s>\nحُذف هذا الخبر من الموقع.";
	const shown = showPost({ ...post, kind: "retraction", html, text: "" }, { color: true, label: "telegram" });
	expect(shown).toContain("\u001B[9mخبر\u001B[0m\nحُذف");
});

test("plain text needs no address beneath; a complaint is shown", () => {
	const { html: _, ...tweet } = post;
	const shown = showPost({ ...tweet, complaint: "own.liquid:1:1: no" }, { color: false, label: "twitter" });
	expect(shown).not.toContain("link:");
	expect(shown).toContain("own.liquid:1:1: no");
});

test("an article is told field by field, without empty ones, and with what was taken out", () => {
	const { article } = occasionOf({ tags: ["نينوى"], body: "" });
	const text = articleText(article, [{ rule: "credit", text: "المصدر: وكالة" }]);
	expect(text).toContain(`title      ${article.title}`);
	expect(text).toContain("tags       نينوى");
	expect(text).toContain("taken out  المصدر: وكالة (credit)");
	expect(text).not.toMatch(/^(lead|author|picture|published)/m);
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { listRuleOf, parseSites, ruleFor, withSelectors } from "../../src/sources/sites.ts";

describe("parseSites", () => {
	test("reads rows, with hosts in one spelling", () => {
		expect(parseSites("www.News.example:\n  title: h1\n  strip: [.a, .b]\nother.example:\n  strip: .c\n")).toEqual({
			"news.example": { title: "h1", strip: [".a", ".b"] },
			"other.example": { strip: [".c"] },
		});
	});

	test.each([
		["a selector", "list: .latest a", { items: ".latest a" }],
		[
			"all there is to say",
			"list: { items: .card, title: .card b, time: .card i, pages: [/sport] }",
			{ items: ".card", title: ".card b", time: ".card i", pages: ["/sport"] },
		],
	])("reads a list that is %s", (_, line, list) => {
		expect(parseSites(`news.example:\n  ${line}\n`)).toEqual({ "news.example": { list } });
	});

	test.each([
		["nothing", ""],
		["the file that comes with Mirsal", readFileSync(new URL("../../templates/sites.yaml", import.meta.url), "utf8")],
	])("%s has no rows", (_, text) => {
		expect(parseSites(text)).toEqual({});
	});

	test.each([
		["a list", "- a", "expected hosts"],
		["a bare host", "news.example:", "news.example should have selectors"],
		["an unknown field", "news.example:\n  heading: h1", "heading"],
		["a number", "news.example:\n  title: 5", "title"],
		["a wrong strip", "news.example:\n  strip: [5]", "strip"],
		["a wrong list", "news.example:\n  list: [a]", "news.example: list"],
		["a list with an unknown field", "news.example:\n  list: { links: a }", "news.example: list"],
		["a list with wrong pages", "news.example:\n  list: { pages: [5] }", "news.example: list"],
	])("%s is refused with its place", (_, text, sentence) => {
		expect(() => parseSites(text)).toThrow(sentence);
	});
});

describe("ruleFor", () => {
	const sites = {
		"example.org": { title: "h1" },
		"sport.example.org": { title: "h2" },
	};
	test.each([
		["https://example.org/a", "h1"],
		["https://www.example.org/a", "h1"],
		["https://sport.example.org/a", "h2"],
		["https://news.example.org/a", "h1"],
		["https://notexample.org/a", undefined],
		["no address", undefined],
	])("%s", (url, title) => {
		expect(ruleFor(url, sites)?.title).toBe(title);
	});
});

describe("withSelectors", () => {
	const sites = { "example.org": { title: "h1", author: ".w", list: { items: ".a", pages: ["/sport"] } } };
	test.each([
		["nothing of its own", undefined, sites["example.org"]],
		["a list", { list: ".b" }, { title: "h1", author: ".w", list: { items: ".b", pages: ["/sport"] } }],
		["title and body", { title: "h2", body: ".x" }, { ...sites["example.org"], title: "h2", body: ".x" }],
	])("a source with %s", (_, selectors, rule) => {
		const rules = withSelectors(sites, "https://www.example.org/news", selectors);
		expect(ruleFor("https://example.org/a", rules)).toEqual(rule);
		expect(listRuleOf("https://example.org/a", rules)).toEqual(rule?.list);
	});

	test("leaves other hosts alone, and the rules it was given", () => {
		const rules = withSelectors(sites, "https://news.example/", { list: ".b" });
		expect(rules).toEqual({ ...sites, "news.example": { list: { items: ".b" } } });
		expect(Object.keys(sites)).toEqual(["example.org"]);
	});
});

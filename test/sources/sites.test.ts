import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSites, ruleFor } from "../../src/sources/sites.ts";

describe("parseSites", () => {
	test("reads rows, with hosts in one spelling", () => {
		expect(parseSites("www.News.example:\n  title: h1\n  strip: [.a, .b]\nother.example:\n  strip: .c\n")).toEqual({
			"news.example": { title: "h1", strip: [".a", ".b"] },
			"other.example": { strip: [".c"] },
		});
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

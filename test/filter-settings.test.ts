import { describe, expect, test } from "vitest";
import { compileFilter } from "../src/article/filter.ts";
import { filterSchema } from "../src/filter-settings.ts";

describe("filter in newsroom.yaml", () => {
	test("what is left out is empty", () => {
		const setting = filterSchema.parse({ include: { words: [" نفط "] } });
		expect(setting).toEqual({ include: { words: ["نفط"], categories: [], authors: [], patterns: [] } });
		const verdict = compileFilter(setting)({ title: "أسعار النفط", lead: "", paragraphs: [], tags: [] });
		expect(verdict.pass).toBe(true);
	});

	test("nothing is a filter too", () => expect(filterSchema.parse({})).toEqual({}));

	test("a pattern keeps its spaces", () => {
		expect(filterSchema.parse({ exclude: { patterns: [" نفط "] } }).exclude?.patterns).toEqual([" نفط "]);
	});

	test.each<[name: string, value: unknown, path: readonly PropertyKey[], words: RegExp]>([
		["an unknown list", { include: { word: [] } }, ["include"], /word/],
		["an unknown key", { only: {} }, [], /only/],
		["a word that is no list", { include: { words: "نفط" } }, ["include", "words"], /array/],
		["a number", { include: { words: [2027] } }, ["include", "words", 0], /string/],
		["a word without letters", { exclude: { words: ["نفط", "…"] } }, ["exclude", "words", 1], /«…» has no letter/],
		["a blank category", { exclude: { categories: [" "] } }, ["exclude", "categories", 0], /no letter/],
		["a blank author", { exclude: { authors: [""] } }, ["exclude", "authors", 0], /no letter/],
		["an empty pattern", { exclude: { patterns: [""] } }, ["exclude", "patterns", 0], /./],
		["look-behind", { exclude: { patterns: ["نفط", "(?<=a)b"] } }, ["exclude", "patterns", 1], /«\(\?<=a\)b» cannot/],
		["an open group", { include: { patterns: ["("] } }, ["include", "patterns", 0], /«\(» cannot be used: missing/],
	])("%s is refused at its place", (_, value, path, words) => {
		const issues = filterSchema.safeParse(value).error?.issues ?? [];
		expect(issues).toHaveLength(1);
		expect(issues[0]?.path).toEqual(path);
		expect(issues[0]?.message).toMatch(words);
	});
});

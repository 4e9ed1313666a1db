import fc from "fast-check";
import twitter from "twitter-text";
import { expect, test } from "vitest";
import { hashtag, hashtags } from "../../src/arabic/hashtag.ts";

test.each([
	["العراق", "#العراق"],
	["ذي قار", "#ذي_قار"],
	["إيڨان", "#إيڨان"],
	["ڤيان أحمد", "#ڤيان_أحمد"],
	["هەولێر", "#هەولێر"],
	["کوردستان", "#کوردستان"],
	["ܣܘܪܝܝܐ", "#ܣܘܪܝܝܐ"],
	["ܣܽܘܪܝܳܝܳܐ", "#ܣܘܪܝܝܐ"],
	["كأس العالم 2026", "#كأس_العالم_2026"],
	["سَلَام", "#سلام"],
	["العـــراق", "#العراق"],
	["#مهرجان القيثارة", "#مهرجان_القيثارة"],
	["#بغداد", "#بغداد"],
	["##بغداد", "#بغداد"],
	["بغداد،", "#بغداد"],
	["«بغداد»", "#بغداد"],
	["(بغداد)", "#بغداد"],
	["العراق-إيران", "#العراق_إيران"],
	["العراق/إيران", "#العراق_إيران"],
	["د.أحمد", "#د_أحمد"],
	["حقوق  الإنسان", "#حقوق_الإنسان"],
	["حقوق_الإنسان", "#حقوق_الإنسان"],
	["__بغداد__", "#بغداد"],
	["\u200Fبغداد\u200F", "#بغداد"],
	["بغ\u200Dداد", "#بغداد"],
	["می\u200Cروم", "#می\u200Cروم"],
	["\u200Cروم\u200C", "#روم"],
	["ﻻجئون", "#لاجئون"],
	["COP31", "#COP31"],
	["F-16", "#F_16"],
	["C++", "#C"],
	["R&D", "#R_D"],
	["Côte d'Ivoire", "#Côte_d_Ivoire"],
	["٢٠٢٦ عام", "#٢٠٢٦_عام"],
	["نينوى 🌾", "#نينوى"],
	["a#b", "#a_b"],
	["2026", undefined],
	["٢٠٢٦", undefined],
	["2026 / 11", undefined],
	["", undefined],
	["🔴", undefined],
	["#", undefined],
	["___", undefined],
	["ا".repeat(61), undefined],
	["ا".repeat(60), `#${"ا".repeat(60)}`],
])("%s", (name, tag) => {
	expect(hashtag(name)).toBe(tag);
});

test.each([
	["mapped by category", ["اقتصاد"], { map: { اقتصاد: "اقتصاد العراق" } }, ["#اقتصاد_العراق"]],
	["mapped whatever the spelling", ["#إقتصاد"], { map: { اقتصاد: "الاقتصاد" } }, ["#الاقتصاد"]],
	["mapped to nothing", ["عام", "نينوى"], { map: { عام: "" } }, ["#نينوى"]],
	["never", ["عاجل", "نينوى"], { never: ["عاجل"] }, ["#نينوى"]],
	["never, by its mapped name", ["الأخبار العاجلة"], { map: { "الأخبار العاجلة": "عاجل" }, never: ["#عاجل"] }, []],
	["once", ["ذي قار", "#ذي_قار", "ذى قار"], {}, ["#ذي_قار"]],
	["at most", ["أ ب", "ج د", "ه و"], { most: 2 }, ["#أ_ب", "#ج_د"]],
	["none wanted", ["نينوى"], { most: 0 }, []],
	["numbers left out", ["2026", "نينوى"], { most: 1 }, ["#نينوى"]],
	["names from a prototype", ["constructor"], {}, ["#constructor"]],
] as const)("%s", (_, names, rules, tags) => {
	expect(hashtags(names, { map: {}, never: [], most: 3, ...rules })).toEqual(tags);
});

test("Twitter and Telegram read every tag whole", () => {
	const word = fc.constantFrom(
		"بغداد",
		"ذي",
		"قار",
		"ڤيان",
		"هەولێر",
		"2026",
		"ܣܘܪܝܝܐ",
		"سَلَام",
		"COP31",
		"-",
		"/",
		"،",
		"\u200C",
		"ـ",
		"(",
		"ﻻ",
	);
	fc.assert(
		fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.constantFrom("", " "), (words, glue) => {
			const tag = hashtag(words.join(glue));
			if (tag === undefined) return;
			expect(twitter.extractHashtags(`خبر ${tag}`)).toEqual([tag.slice(1)]);
			expect(tag).toMatch(/^#[\p{L}\p{Nd}_\u200C]{1,60}$/u);
		}),
	);
});

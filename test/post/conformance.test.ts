import twitter from "twitter-text";
import { describe, expect, test } from "vitest";
import { hashtag } from "../../src/arabic/hashtag.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";

// X weighs a post by twitter-text's configuration v3: code points to U+10FF and most of U+2000–U+201F weigh 1, all others 2,
// an emoji with all its parts 2, an address 23; the text is composed (NFC) first.
describe("a post weighs what X says it weighs", () => {
	test.each([
		["Arabic letters", "خبر", 3],
		["vowel signs, each beside its letter", "سَلام", 5],
		["a hamza written apart, composed", "ا\u0654مل", 3],
		["Arabic-Indic digits and marks", "٢٠٢٦، ٨٥٪؟", 10],
		["lengthening strokes", "خبـــر", 6],
		["letters of Sorani", "هەولێر", 6],
		["Syriac", "ܢܝܢܘܐ", 5],
		["guillemets", "«قول»", 5],
		["curled quotation marks", "“قول”", 5],
		["a dash", "قال – ثم", 8],
		["an ellipsis, twice a letter", "قال…", 5],
		["a bullet", "• خبر", 6],
		["a joiner inside a word", "می\u200Cروم", 6],
		["a direction mark", "\u200Fخبر", 5],
		["isolates around a name", "\u2067Delta\u2069", 9],
		["a ligature for a phrase", "ﷺ", 2],
		["Chinese", "新闻", 4],
		["a line break", "خبر\nثان", 7],
		["a siren", "🔴 عاجل", 7],
		["a flag of two letters", "🇮🇶", 2],
		["a hand with its colour", "👍🏽", 2],
		["a family of four", "👨‍👩‍👧‍👦", 2],
		["eighty families", "👨‍👩‍👧‍👦".repeat(80), 160],
		["a digit in a key", "3️⃣", 2],
		["an address", "https://news.example.com/2026/11/1", 23],
		["a long address", `https://news.example.com/${"n".repeat(300)}`, 23],
		["an address shorter than 23", "http://a.iq", 23],
		["an address without a scheme", "www.news.iq", 23],
		["a name that is no address", "multaqa.example", 15],
		["an address with an encoded path", "https://news.iq/%D8%AE%D8%A8%D8%B1", 23],
		["an address that ends where a raw path begins", "https://news.iq/خبر", 26],
		["an address before a comma", "https://news.iq/1، ثم", 27],
		["two addresses", "https://news.iq/1 https://news.iq/2", 47],
	])("%s", (_, text, weight) => {
		expect(twitterLayout.measure(text)).toBe(weight);
	});

	test.each([
		["280 letters", "ا".repeat(280), true],
		["281 letters", "ا".repeat(281), false],
		["140 sirens", "🔴".repeat(140), true],
		["140 sirens and a letter", `${"🔴".repeat(140)}ا`, false],
		["256 letters and an address", `${"ا".repeat(256)} https://news.iq/1`, true],
		["257 letters and an address", `${"ا".repeat(257)} https://news.iq/1`, false],
		["281 code points that compose to 280", `${"ا".repeat(279)}ا\u0654`, true],
		["nothing", "", false],
		["what is no character", "خبر\uFFFE", false],
	])("fits or does not: %s", (_, text, fits) => {
		expect(twitterLayout.measure(text) <= twitterLayout.limit).toBe(fits);
	});
});

describe("X reads our hashtags whole wherever they stand", () => {
	test.each([
		["between words", "بغداد", "خبر ", " آخر"],
		["at the beginning", "ذي قار", "", " خبر"],
		["on a line of its own", "سهل نينوى", "خبر\n", "\n"],
		["before a comma", "البصرة", "في ", "، ثم"],
		["before a question mark", "أربيل", "في ", "؟"],
		["in brackets", "كأس العالم", "(", ")"],
		["in guillemets", "مهرجان القيثارة", "«", "»"],
		["behind a siren", "عاجل", "🔴", " خبر"],
		["in front of a flag", "العراق", "خبر ", "🇮🇶"],
		["behind a direction mark", "COP31", "\u200F", " خبر"],
		["with a digit in front", "٢٠٢٦ عام", "خبر ", ""],
		["with a joiner inside", "می\u200Cروم", "خبر ", ""],
		["with vowel signs taken off", "سَلَام", "خبر ", ""],
		["with letters of Sorani", "کۆمەڵگا", "خبر ", ""],
		["with letters of Hebrew and a mark between", "על־ידי", "خبر ", ""],
		["in front of another", "نينوى", "خبر ", " #بغداد"],
	])("%s", (_, name, before, after) => {
		const tag = hashtag(name);
		expect(tag).toBeDefined();
		expect(twitter.extractHashtags(`${before}${tag}${after}`)[0]).toBe(tag?.slice(1));
	});
});

import fc from "fast-check";
import twitter from "twitter-text";
import { expect, test } from "vitest";
import { neutral } from "../../src/arabic/neutral.ts";

const Z = "\u200C";

test.each([
	["a mention", "كتب @name اليوم", `كتب @${Z}name اليوم`],
	["glued to Arabic", "و@name", `و@${Z}name`],
	["full width", "＠name", `＠${Z}name`],
	["a retweet", "RT@name", `RT@${Z}name`],
	["an e-mail", "info@rafidain.example", "info@rafidain.example"],
	["an e-mail in a sentence", "على info.desk@rafidain.example.", "على info.desk@rafidain.example."],
	["an address", "https://a.example/@name/1", "https://a.example/%40name/1"],
	["Arabic behind the sign", "@بغداد", "@بغداد"],
	["a command", "/start الآن", `/${Z}start الآن`],
	["a command on its own line", "نص\n/start", `نص\n/${Z}start`],
	["a slash between words", "بغداد/واع km/h", "بغداد/واع km/h"],
	["nothing to do", "بغداد: 3.5 مليون", "بغداد: 3.5 مليون"],
])("%s", (_, text, expected) => {
	expect(neutral(text)).toBe(expected);
	expect(neutral(expected)).toBe(expected);
});

test("nobody is mentioned, and doing it twice is doing it once", () => {
	const piece = fc.constantFrom(
		"@",
		"＠",
		"name",
		"RT",
		"rt:",
		"بغداد",
		" ",
		".",
		"-",
		"/",
		"com",
		"https://a.example/",
		"!",
		"_",
		"\n",
		"1",
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
			const once = neutral(pieces.join(""));
			expect(twitter.extractMentions(once)).toEqual([]);
			expect(neutral(once)).toBe(once);
			expect(once).not.toMatch(/^\/[a-z]/);
		}),
		{ numRuns: 1000 },
	);
});

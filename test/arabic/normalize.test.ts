import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKey, tidy } from "../../src/arabic/normalize.ts";

test.each([
	["أحمد", "احمد"],
	["إلى آخره", "الي اخره"],
	["مدرسة", "مدرسه"],
	["مؤتمر شؤون", "موتمر شوون"],
	["شاطئ", "شاطي"],
	["کوردستان", "كوردستان"],
	["إيڨان گلي پاشا چاي", "ايفان كلي باشا جاي"],
	["العـــراقُ", "العراق"],
	["\u200Fبغداد\u200B", "بغداد"],
	["٢٠٢٦ ۱۲", "2026 12"],
	["ﻻ إله", "لا اله"],
	["COP31  Iraq", "cop31 iraq"],
])("the key of %s", (text, key) => {
	expect(compareKey(text)).toBe(key);
});

test("a key is its own key, for words of plain letters as for any text", () => {
	const word = fc.stringMatching(/^[ء-غف-ي]{1,8}$/);
	fc.assert(
		fc.property(fc.oneof(word, fc.string({ unit: "grapheme", maxLength: 20 })), (text) => {
			expect(compareKey(compareKey(text))).toBe(compareKey(text));
			// The harakat sends the word the long way.
			expect(compareKey(`${text}\u064E`)).toBe(compareKey(text));
		}),
		{ numRuns: 2000 },
	);
});

test.each([
	["bidi controls", "\u200Fبغداد\u202B \u2067واسط\u2069\u061C", "بغداد واسط"],
	["BOM and zero width", "\uFEFFبغ\u200Bداد", "بغداد"],
	["soft hyphen", "بغ\u00ADداد", "بغداد"],
	["ZWNJ stays", "می\u200Cروم", "می\u200Cروم"],
	["a stray joiner goes", "ه\u200D", "ه"],
	["the family stays", "👨\u200D👩\u200D👧 في بغداد", "👨\u200D👩\u200D👧 في بغداد"],
	["control characters", "بغ\u0000داد\u0007", "بغداد"],
	["presentation forms", "ﻻجئون في ﺑﻐﺪاد", "لاجئون في بغداد"],
	["ﷺ stays", "محمد ﷺ  نبي", "محمد ﷺ نبي"],
	["NFC", "ا\u0653سيا", "آسيا"],
	["white space", " بغداد\u00A0\t واسط ", "بغداد واسط"],
	["space before a comma", "بغداد ، واسط ؛ ماذا ؟", "بغداد، واسط؛ ماذا؟"],
	["lines", "\r\n أول \n\n\u2028ثان\n", "أول\nثان"],
	["a lone surrogate", "بغ\uD800داد", "بغداد"],
	["nothing to do", "قال «نعم»: 3.5 و COP31، هەولێر.", "قال «نعم»: 3.5 و COP31، هەولێر."],
	["several lines, nothing to do", "أول\nثان", "أول\nثان"],
])("%s", (_, text, expected) => {
	expect(tidy(text)).toBe(expected);
});

test("tidying twice is tidying once", () => {
	const piece = fc.oneof(
		fc.constantFrom(
			"\u200D",
			"😀",
			"\uFE0F",
			"\u200F",
			" ",
			"\n",
			"،",
			"ﻻ",
			"\uD83D",
			"\uDE00",
			"\u0653",
			"ا",
			"\uFE70",
			"ﷺ",
			"\u200C",
			"\u0085",
		),
		fc.string({ unit: "binary", maxLength: 4 }),
	);
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const once = tidy(pieces.join(""));
			expect(tidy(once)).toBe(once);
		}),
		{ numRuns: 500 },
	);
});

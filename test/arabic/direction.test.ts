import fc from "fast-check";
import { expect, test } from "vitest";
import { direct } from "../../src/arabic/direction.ts";

const R = "\u200F";
const phone = (number: string) => `\u2066${number}\u2069`;

test.each([
	["Arabic first", "العراق يعرض خطة", "العراق يعرض خطة"],
	["Latin first", "COP31: العراق يعرض خطة", `${R}COP31: العراق يعرض خطة`],
	["a mention first", "@name يكتب عن بغداد", `${R}@name يكتب عن بغداد`],
	["a Latin hashtag first", "#COP31 في بغداد", `${R}#COP31 في بغداد`],
	["an Arabic hashtag first", "#العراق و COP31", "#العراق و COP31"],
	["an address first", "https://a.example خبر", `${R}https://a.example خبر`],
	["an address alone", "https://a.example/x", "https://a.example/x"],
	["an address with Arabic in it", "https://a.example/خبر", "https://a.example/خبر"],
	["Latin only", "Breaking news", "Breaking news"],
	["digits first", "214 عائلة تعود", "214 عائلة تعود"],
	["digits, then Latin", "3 Tigris شركات", `${R}3 Tigris شركات`],
	["an emoji first", "🔴 عاجل", "🔴 عاجل"],
	["an emoji, then Latin", "🔴 COP31 في بغداد", `${R}🔴 COP31 في بغداد`],
	["guillemets first", "«القيثارة» يعود", "«القيثارة» يعود"],
	["a quoted Latin word first", '"Delta" شركة عراقية', `${R}"Delta" شركة عراقية`],
	["a bracket first", "(116) مدفأة", "(116) مدفأة"],
	["Syriac first", "ܣܘܪܝܝܐ word", "ܣܘܪܝܝܐ word"],
	["Latin before Syriac", "word ܣܘܪܝܝܐ", `${R}word ܣܘܪܝܝܐ`],
	["Sorani", "هەولێر NRT", "هەولێر NRT"],
	["marked already", `${R}COP31 بغداد`, `${R}COP31 بغداد`],
	["marked from the left", "\u200Eالعراق", `${R}\u200Eالعراق`],
	["each line by itself", "عنوان\nCOP31 بغداد\nhttps://a.example", `عنوان\n${R}COP31 بغداد\nhttps://a.example`],
	["empty", "", ""],
	["empty lines", "أ\n\nب", "أ\n\nب"],
	["a phone number", "اتصل بالرقم +964 770 000 1234.", `اتصل بالرقم ${phone("+964 770 000 1234")}.`],
	["a phone number with hyphens", "اتصل 0770-000-1234 الآن", `اتصل ${phone("0770-000-1234")} الآن`],
	["a phone number in one piece with a plus", "اتصل +9647700001234", `اتصل ${phone("+9647700001234")}`],
	["a phone number in one piece", "اتصل 07700001234", "اتصل 07700001234"],
	["a phone number in a Latin line", "Call +964 770 000 1234", "Call +964 770 000 1234"],
	["Arabic-Indic digits", "اتصل ٠٧٧٠ ٠٠٠ ١٢٣٤", `اتصل ${phone("٠٧٧٠ ٠٠٠ ١٢٣٤")}`],
	["C++", "لغة C++ في المدارس", `لغة ${phone("C++")} في المدارس`],
	["a version", "الإصدار 1.2.3-b متاح", `الإصدار ${phone("1.2.3-b")} متاح`],
	["a fighter", "طائرة F-16 عراقية", "طائرة F-16 عراقية"],
	["a date with slashes", "في 2026/11/23 ببغداد", "في 2026/11/23 ببغداد"],
	["a date with hyphens", "في 2026-11-23 ببغداد", "في 2026-11-23 ببغداد"],
	["a score", "فاز 2-1 على ضيفه", "فاز 2-1 على ضيفه"],
	["a range", "من 10-12 عاماً", "من 10-12 عاماً"],
	["a percentage", "بنسبة 85% هذا العام", "بنسبة 85% هذا العام"],
	["two amounts", "بين 1,408 140,800 دينار", "بين 1,408 140,800 دينار"],
	["figures in an address", "خبر https://a.example/0770-000-1234", "خبر https://a.example/0770-000-1234"],
])("%s", (_, text, expected) => {
	expect(direct(text)).toBe(expected);
});

test("marking twice is marking once, and only marks are added", () => {
	const piece = fc.oneof(
		fc.constantFrom(
			"بغداد",
			"COP31",
			" ",
			"\n",
			"+964 770 000 1234",
			"0770-000-1234",
			"C++",
			"1.2.3-b",
			"https://a.example/بغداد",
			"#",
			"@",
			"2026-11-23",
			R,
			"\u2066",
			"\u2069",
			"🔴",
		),
		fc.string({ unit: "grapheme", maxLength: 6 }),
	);
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const text = pieces.join("");
			const once = direct(text);
			expect(direct(once)).toBe(once);
			expect(once.replace(/[\u200F\u2066\u2069]/g, "")).toBe(text.replace(/[\u200F\u2066\u2069]/g, ""));
		}),
	);
});

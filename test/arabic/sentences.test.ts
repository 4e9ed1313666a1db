import fc from "fast-check";
import { expect, test } from "vitest";
import { sentences } from "../../src/arabic/sentences.ts";

const rows: readonly (readonly [name: string, parts: readonly string[], joined?: string])[] = [
	["one sentence", ["وصل الوفد إلى البصرة."]],
	["two sentences", ["وصل الوفد إلى البصرة.", "والتقى المحافظ."]],
	["a question", ["هل يعود النازحون؟", "سؤال يتكرر كل شتاء."]],
	["an exclamation", ["يا لها من مباراة!", "هكذا وصفها المدرب."]],
	["the Urdu full stop", ["وصل الوفد۔", "والتقى المحافظ۔"]],
	["no stop at the end", ["وصل الوفد إلى البصرة"]],
	["د.", ["قالت د. ليلى الحسني إن الفحص مجاني.", "وأضافت أنه يستمر أسبوعاً."]],
	["أ.د.", ["افتتح أ.د. كريم الساعدي المؤتمر.", "وحضره طلبة الجامعة."]],
	["أ. د. with a space", ["افتتح أ. د. كريم الساعدي المؤتمر."]],
	["م.", ["أشرف م. نزار على المشروع.", "وانتهى العمل."]],
	["و before د.", ["حضر الوزير ود. هناء الجبوري الجلسة."]],
	["ص.ب.", ["ترسل الطلبات إلى ص.ب. 114 في بغداد."]],
	["ق.م.", ["يعود المعبد إلى عام 2100 ق.م. بحسب المنقبين."]],
	["a year with م. ends", ["أسست المدرسة عام 1921 م.", "وهي الأقدم في المدينة."]],
	["a year with هـ. ends", ["وافق ذلك عام 1448 هـ.", "وهو عام هجري بسيط."]],
	["Dr. in Latin", ["شارك Dr. Salem في الورشة."]],
	["U.S. in Latin", ["قال متحدث U.S. Army إن القاعدة آمنة."]],
	["a decimal", ["بلغت النسبة 3.5 بالمئة.", "وكانت 2.9 قبل عام."]],
	["a thousands dot", ["وزعت 1.200 سلة غذائية.", "ويستمر التوزيع."]],
	["Arabic-Indic decimal", ["بلغت النسبة ٣٫٥ بالمئة.", "وهي الأعلى."]],
	["a date with dots", ["عقد اللقاء في 12.11.2026 ببغداد.", "وحضره نواب."]],
	["an address", ["التفاصيل على https://rafidain.example/a.b.html اليوم.", "والتسجيل مفتوح."]],
	["an e-mail", ["راسلونا على info@rafidain.example دائماً.", "شكراً لكم."]],
	["a bare domain", ["يمكن التسجيل عبر multaqa.example أو الهاتف."]],
	["a quotation of two sentences", ['وقال سرمد إن "المرحلة الثانية تبدأ قريباً. ونأمل أن تنجح".', "وختم بالشكر."]],
	["guillemets over two sentences", ["وقال: «بدأنا العمل. ولن نتوقف».", "ثم غادر."]],
	["curly quotes over two sentences", ["وقال: “بدأنا العمل. ولن نتوقف”.", "ثم غادر."]],
	["a bracket over a stop", ["سلم الطلب (رقم 4. نسخة) إلى اللجنة.", "وانتظر الجواب."]],
	["a leading dot", ["وصل الوفد."], ".وصل الوفد."],
	["a leading ellipsis", ["وصل الوفد."], "… وصل الوفد."],
	["a semicolon does not end", ["وصل الوفد؛ والتقى المحافظ؛ ثم غادر."]],
	["a colon does not end", ["قال الوزير: بغداد آمنة."]],
	["two dots are a pause", ["وأضاف.. نحن ماضون في الطريق.", "وختم."]],
	["glued sentences", ["وذهب.", "وعاد"], "وذهب.وعاد"],
	["a line break ends", ["العنوان الأول", "النص الثاني"], "العنوان الأول\nالنص الثاني"],
	["blank lines", ["أول", "ثان"], "أول\n\n\nثان"],
	["numbered points", ["1. تأهيل الشبكة.", "2. حفر الآبار."]],
	["only punctuation", [], "... !!"],
	["empty", [], ""],
	["Sorani", ["وەزیر گەیشتە هەولێر.", "دواتر کۆبوونەوە."]],
	["English", ["The council voted today.", "It rejected the plan."]],
	["exclamation in quotes", ["صرخ المشجعون «فزنا!» ثم غادروا."]],
];

test.each(rows.map(([name, parts, joined]) => [name, parts, joined ?? parts.join(" ")] as const))(
	"%s",
	(_, parts, text) => {
		expect(sentences(text)).toEqual(parts);
	},
);

test("a quotation that never closes does not swallow the text", () => {
	expect(sentences(`قال: «بدأنا. ${"وصل الوفد إلى المدينة القديمة. ".repeat(60)}`).length).toBeGreaterThan(20);
});

test("no letter is lost or moved", () => {
	fc.assert(
		fc.property(
			fc.array(
				fc.oneof(
					fc.constantFrom("د.", "قال ", "«", "»", ". ", "؟ ", "\n", '"', "3.5", "م. "),
					fc.string({ unit: "grapheme", maxLength: 8 }),
				),
			),
			(pieces) => {
				const text = pieces.join("");
				const letters = (value: string) => value.replace(/[^\p{L}\p{N}]/gu, "");
				expect(letters(sentences(text).join(" "))).toBe(letters(text));
			},
		),
	);
});

test("a line of tens of thousands of characters is divided as its sentences alone are", () => {
	const sentence = "أعلنت الوزارة، اليوم، خطة جديدة للطرق في المحافظات الجنوبية.";
	expect(sentences(Array.from({ length: 2_000 }, () => sentence).join(" "))).toEqual(
		Array.from({ length: 2_000 }, () => sentence),
	);
});

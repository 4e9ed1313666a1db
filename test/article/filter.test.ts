import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	compileFilter,
	FilterError,
	type Filtered,
	type FilterSetting,
	patternFault,
} from "../../src/article/filter.ts";

const OIL: Filtered = {
	title: "وزير النفط يعلن تشغيل مصفاة كربلاء بطاقتها الكاملة",
	lead: "أعلن وزير النفط، اليوم الأحد، بلوغ مصفاة كربلاء طاقتها التصميمية.",
	paragraphs: [
		"أعلن وزير النفط، اليوم الأحد، بلوغ مصفاة كربلاء طاقتها التصميمية.",
		"وقال المتحدث باسم الوزارة إن الخام المكرّر يبلغ ١٤٠ ألف برميل يومياً، وإن الكهربـــاء المجهزة للمصفاة مستقرة.\nوأضاف: «سنصدّر الفائض في 2027».",
		"وتعمل شركات Hyundai و TotalEnergies في المشروع ضمن اتفاق أوبك بلس.",
	],
	tags: ["اقتصاد", "النفط والغاز", "#محافظة_كربلاء"],
	author: "سناء الجبوري، مهدي عبّاس",
};

const article = (text: string): Filtered => ({ title: text, lead: "", paragraphs: [], tags: [] });

function passes(setting: FilterSetting, one: Filtered = OIL): boolean {
	return compileFilter(setting)(one).pass;
}

describe("words", () => {
	test.each<[name: string, word: string, text: string, found: boolean]>([
		["the word itself", "نفط", "أسعار نفط خام", true],
		["with the article", "نفط", "أسعار النفط", true],
		["with و", "نفط", "غاز ونفط", true],
		["with و and the article", "نفط", "الغاز والنفط", true],
		["with ب", "نفط", "مقايضة بنفط", true],
		["with ب and the article", "نفط", "المقايضة بالنفط", true],
		["with ل", "نفط", "مبادلة لنفط", true],
		["with لل", "نفط", "الشركة العامة للنفط", true],
		["with ولل", "نفط", "للغاز وللنفط", true],
		["with كال", "نفط", "سلعة كالنفط", true],
		["with فال", "نفط", "أما السعر فالنفط يحدده", true],
		["with وبال", "نفط", "بالغاز وبالنفط", true],
		["no ending", "نفط", "المشتقات النفطية", false],
		["no beginning", "نفط", "منفط", false],
		["no plural", "مصفاة", "المصافي العراقية", false],
		["ك and ف with a word of four letters", "عراق", "بلد كعراق", true],
		["ف and a word of four letters", "عراق", "فعراق", true],
		["«كمال» is not «مال»", "مال", "القاضي كمال حسين", false],
		["«بالمال» is «مال»", "مال", "تبرع بالمال", true],
		["«ورد» is not «رد»", "رد", "ورد في البيان", false],
		["«الرد» is «رد»", "رد", "الرد الرسمي", true],
		["«وطن» is not «طن»", "طن", "حب وطن", false],
		["«للسد» is «سد»", "سد", "صيانة للسد", true],
		["«فسد» is not «سد»", "سد", "فسد الطعام", false],
		["the article is asked for", "النفط", "وزارة نفط", false],
		["the article with و", "النفط", "والنفط", true],
		["the article after ل", "النفط", "للنفط", true],
		["the article after ول", "النفط", "وللنفط", true],
		["ل before a word in ل", "لحم", "أسعار للحم", true],
		["ل before the article and ل", "الليل", "ساعات لليل", true],
		["ل before الله", "الله", "حمداً لله", true],
		["a name that begins with ال", "ألمانيا", "وفد لألمانيا", true],
		["with و a name that begins with ال", "ألمانيا", "فرنسا وألمانيا", true],
		["hamza does not matter", "اربيل", "وصل إلى أربيل", true],
		["hamza in the filter", "أربيل", "وصل الى اربيل", true],
		["teh marbuta and heh", "كهربائيه", "مولدة كهربائية", true],
		["alef maqsura and yeh", "مستشفي", "مستشفى البصرة", true],
		["harakat", "عَلَم", "رفع علم", true],
		["harakat in the text", "محمد", "القاضي مُحَمَّد", true],
		["tatweel", "بغداد", "بغـــداد", true],
		["Persian letters", "كركوك", "محافظة کرکوک", true],
		["invisible marks", "بغداد", "\u200Fبغ\u200Bداد", true],
		["presentation forms", "لا", "\uFEFB", true],
		["Arabic digits", "2027", "خطة ٢٠٢٧", true],
		["a number is no part of another", "14", "نحو 140 برميلاً", false],
		["a number with ل", "2027", "خطة ل2027", true],
		["Latin without case", "opec", "اتفاق OPEC الجديد", true],
		["Latin with the article", "OPEC", "الـOPEC", true],
		["Latin whole", "OPEC", "OPECs", false],
		["a hashtag", "كربلاء", "#محافظة_كربلاء", true],
		["between marks", "نفط", "«نفط»، غاز", true],
		["a phrase", "مجلس النواب", "رئيس مجلس النواب العراقي", true],
		["a phrase with ل", "مجلس النواب", "قال لمجلس النواب", true],
		["a phrase takes the article on", "وزير خارجية", "الوزير: وزير الخارجية", true],
		["a phrase with the article on both", "هيئة نزاهة", "الهيئة النزاهة", true],
		["a phrase in order", "النواب مجلس", "مجلس النواب", false],
		["a phrase without anything between", "مجلس النواب", "مجلس محافظة النواب", false],
		["a phrase over marks and lines of space", "مجلس النواب", "مجلس   «النواب»", true],
		["no second و", "مجلس نواب", "مجلس ونواب", false],
		["Kurdish letters", "هەولێر", "لە هەولێر", true],
		["Turkish", "Irak", "Irak petrolü", true],
	])("%s", (_, word, text, found) => {
		expect(passes({ exclude: { words: [word] } }, article(text))).toBe(!found);
		expect(passes({ include: { words: [word] } }, article(text))).toBe(found);
	});

	test.each<[name: string, one: Partial<Filtered>, found: boolean]>([
		["title", { title: "صفقة نفط" }, true],
		["lead", { lead: "صفقة نفط" }, true],
		["text", { paragraphs: ["أول", "صفقة نفط"] }, true],
		["not tags", { tags: ["نفط"] }, false],
		["not author", { author: "نفط" }, false],
	])("in the %s", (_, part, found) => {
		expect(passes({ include: { words: ["نفط"] } }, { ...article("أول"), ...part })).toBe(found);
	});

	test("a phrase is not made of the end of one paragraph and the beginning of the next", () => {
		expect(
			passes({ include: { words: ["مجلس النواب"] } }, { ...article("مجلس"), paragraphs: ["النواب", "مجلس"] }),
		).toBe(false);
	});
});

describe("categories and authors", () => {
	test.each<[name: string, setting: FilterSetting["include"], found: boolean]>([
		["a category", { categories: ["اقتصاد"] }, true],
		["a category with hamza", { categories: ["إقتصاد"] }, true],
		["a category of two words", { categories: ["النفط والغاز"] }, true],
		["no part of a category", { categories: ["النفط"] }, false],
		["no category with the article", { categories: ["الاقتصاد"] }, false],
		["a hashtag is its words", { categories: ["محافظة كربلاء"] }, true],
		["a hashtag by itself", { categories: ["#محافظة_كربلاء"] }, true],
		["an author", { authors: ["سناء الجبوري"] }, true],
		["an author, harakat", { authors: ["مهدي عباس"] }, true],
		["both authors as written", { authors: ["سناء الجبوري، مهدي عباس"] }, true],
		["no part of a name", { authors: ["سناء"] }, false],
		["another one", { authors: ["علي ناصر"] }, false],
	])("%s", (_, include, found) => {
		expect(passes({ include })).toBe(found);
		expect(passes({ exclude: include })).toBe(!found);
	});

	test("no author is nobody", () => {
		expect(passes({ include: { authors: ["سناء"] } }, article("خبر"))).toBe(false);
	});
});

describe("patterns", () => {
	test.each<[name: string, pattern: string, text: string, found: boolean]>([
		["anywhere in the text", "مصفا(ة|تي)", "تشغيل مصفاة", true],
		["as written", "أربيل", "أربيل", true],
		["text of other spelling", "أربيل", "اربيل", true],
		["pattern of other spelling", "اربيل", "أربيل", true],
		["harakat in the text", "محمد", "مُحَمَّد", true],
		["harakat asked for", "مُح", "مُحَمَّد", true],
		["Arabic digits as digits", "[0-9]{3} برميل", "١٤٠ برميل", true],
		["a range that folding would turn round", "[ة-ت]", "مدرسة", true],
		["lower case finds both", "opec", "OPEC", true],
		["upper case is meant", "OPEC", "opec", false],
		["case by flag", "(?i)OPEC", "opec", true],
		["the beginning of a line", "^عاجل", "عاجل: زلزال", true],
		["not within a line", "^عاجل", "خبر عاجل", false],
		["a number of letters", "^\\pL{4}$", "زلزا", true],
		["the end of a line", "بغداد$", "زار بغداد", true],
		["nothing", "كركوك|نينوى", "بغداد", false],
	])("%s", (_, pattern, text, found) => {
		expect(passes({ include: { patterns: [pattern] } }, article(text))).toBe(found);
	});

	test("each paragraph begins a line", () => {
		expect(passes({ exclude: { patterns: ["^وأضاف"] } })).toBe(false);
	});

	test.each([
		["look-behind", "(?<=أ)ب"],
		["look-ahead", "نفط(?!ية)"],
		["a back-reference", "(أ)\\1"],
		["an open group", "(نفط"],
		["too many repetitions", "((a{100}){100}){100}"],
		["a word boundary beside Arabic", "\\bنفط\\b"],
		["a Latin letter beside Arabic", "نفط \\w+"],
	])("%s is refused by name", (_, pattern) => {
		expect(patternFault(pattern)).toContain(`«${pattern}» cannot be used`);
		expect(() => compileFilter({ include: { patterns: [pattern] } })).toThrow(FilterError);
	});

	test.each([
		["a word boundary beside Latin", "\\bOPEC\\b"],
		["an escaped backslash", "نفط\\\\w"],
		["a class of characters", "\\p{Arabic}+"],
	])("%s is fine", (_, pattern) => {
		expect(patternFault(pattern)).toBeUndefined();
	});

	test("a pattern without end is refused", () => {
		expect(patternFault("ن".repeat(1_001))).toMatch(/longer than 1000 characters/);
	});

	test.each(["(a+)+$", "(a|aa)+b", "(x+x+)+y", "(a*)*b", "(\\pL+\\s?)+#", "(a?){200}a{200}b"])(
		"%s takes no time worth the name",
		(pattern) => {
			const filter = compileFilter({ exclude: { patterns: [pattern] } });
			const begin = performance.now();
			const verdict = filter({ ...article("خبر"), paragraphs: [`${"a".repeat(19_000)}!`] });
			// Backtracking would need longer than the age of the world.
			expect(performance.now() - begin).toBeLessThan(5_000);
			expect(verdict.pass).toBe(true);
		},
	);

	test("what stands far down is not looked at", () => {
		const far = { ...article("خبر"), paragraphs: ["ا ".repeat(10_000), "سر"] };
		expect(passes({ exclude: { patterns: ["سر"] } }, far)).toBe(true);
		expect(passes({ exclude: { words: ["سر"] } }, far)).toBe(false);
	});
});

describe("include and exclude", () => {
	test.each<[name: string, setting: FilterSetting, reason: string | undefined]>([
		["nothing asked for", {}, undefined],
		["empty lists", { include: { words: [] }, exclude: { words: [], patterns: [] } }, undefined],
		["one of several", { include: { words: ["رياضة", "مصفاة"] } }, undefined],
		["by another list", { include: { words: ["رياضة"], categories: ["اقتصاد"] } }, undefined],
		["not the only one", { include: { words: ["رياضة"] } }, "not included: it lacks the word «رياضة»"],
		[
			"none of several",
			{ include: { words: ["رياضة"], authors: ["علي"] } },
			"not included: nothing that «include» names was found",
		],
		["excluded by a word", { exclude: { words: ["رياضة", "نفط"] } }, "excluded by the word «نفط»"],
		["excluded by a category", { exclude: { categories: ["اقتصاد"] } }, "excluded by the category «اقتصاد»"],
		["excluded by an author", { exclude: { authors: ["مهدي عباس"] } }, "excluded by the author «مهدي عباس»"],
		["excluded by a pattern", { exclude: { patterns: ["كربل.ء"] } }, "excluded by the pattern «كربل.ء»"],
		["exclusion wins", { include: { words: ["نفط"] }, exclude: { words: ["أوبك"] } }, "excluded by the word «أوبك»"],
		["included and not excluded", { include: { words: ["نفط"] }, exclude: { words: ["رياضة"] } }, undefined],
	])("%s", (_, setting, reason) => {
		expect(compileFilter(setting)(OIL)).toEqual(reason === undefined ? { pass: true } : { pass: false, reason });
	});

	test.each<[name: string, setting: FilterSetting]>([
		["a word", { include: { words: ["…"] } }],
		["a category", { exclude: { categories: ["#"] } }],
		["an author", { exclude: { authors: [" "] } }],
	])("%s without a letter is refused", (_, setting) => {
		expect(() => compileFilter(setting)).toThrow(/no letter and no digit/);
	});
});

describe("for any text", () => {
	const letters = fc.stringMatching(/^[ء-غف-ي]{3,8}$/);
	const prose = fc.array(letters, { minLength: 1, maxLength: 12 });

	test("a word of the text is found, however it is dressed", () => {
		fc.assert(
			fc.property(prose, fc.nat(), fc.constantFrom("", "و", "ب", "ال", "وال"), (words, at, particle) => {
				const word = words[at % words.length] ?? "";
				// A second article is no Arabic.
				fc.pre(!/^[اآأإ]ل/.test(word));
				const text = words.map((one) => (one === word ? `${particle}${one}\u064E` : one)).join(" ، ");
				expect(passes({ include: { words: [word] } }, article(text))).toBe(true);
			}),
		);
	});

	test("a word that is part of none is not found", () => {
		fc.assert(
			fc.property(prose, letters, (words, word) => {
				const text = words.map((one) => `${one}x`).join(" ");
				expect(passes({ include: { words: [word] } }, article(text))).toBe(false);
			}),
		);
	});

	test("any strings: a filter is refused with FilterError or answers", () => {
		const some = fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 2 });
		const list = fc.record({ words: some, categories: some, authors: some, patterns: some });
		fc.assert(
			fc.property(list, list, fc.string({ unit: "grapheme" }), (include, exclude, text) => {
				let filter: ReturnType<typeof compileFilter>;
				try {
					filter = compileFilter({ include, exclude });
				} catch (error) {
					expect(error).toBeInstanceOf(FilterError);
					return;
				}
				const verdict = filter(article(text));
				expect(verdict).toEqual(verdict.pass ? { pass: true } : { pass: false, reason: expect.any(String) });
			}),
		);
	});

	test("what one filter includes the same filter excludes", () => {
		fc.assert(
			fc.property(prose, fc.array(letters, { minLength: 1, maxLength: 3 }), (words, named) => {
				const text = article(words.join(" "));
				expect(passes({ include: { words: named } }, text)).toBe(!passes({ exclude: { words: named } }, text));
			}),
		);
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { headlineOf, type Likeness, likeness, type Story } from "../../src/article/similar.ts";

const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-23T09:00:00.000Z");
const dayOf = (at: number) => new Date(at + 3 * HOUR).toISOString().slice(0, 10);
const story = (title: string, more: Partial<Story> = {}): Story => ({
	headline: headlineOf(title),
	text: "",
	at: NOON,
	...more,
});

describe("headlines of one day", () => {
	test.each<[name: string, fresh: string, known: string, Likeness]>([
		["the very same", "افتتاح جسر جديد على نهر دجلة في الموصل", "افتتاح جسر جديد على نهر دجلة في الموصل", "duplicate"],
		[
			"hamza and ta marbuta written otherwise",
			"أزمة الوقود تتفاقم في إقليم كردستان",
			"ازمه الوقود تتفاقم في اقليم كردستان",
			"duplicate",
		],
		["harakat and tatweel", "الـعِراق يوقّع اتفاقية مياه مع تركيا", "العراق يوقع اتفاقية مياه مع تركيا", "duplicate"],
		[
			"punctuation and a site's mark",
			"العراق يوقع اتفاقية مياه مع تركيا!",
			"«العراق» يوقع اتفاقية مياه مع تركيا",
			"duplicate",
		],
		["the order of the words", "مع تركيا العراق يوقع اتفاقية مياه", "العراق يوقع اتفاقية مياه مع تركيا", "duplicate"],
		[
			"one small word more",
			"العراق وتركيا يوقعان اتفاقية المياه الجديدة في أنقرة",
			"العراق وتركيا يوقعان اتفاقية المياه في أنقرة",
			"duplicate",
		],
		[
			"a prefix more",
			"والبرلمان العراقي يصوت على قانون الضمان الاجتماعي",
			"البرلمان العراقي يصوت على قانون الضمان الاجتماعي",
			"duplicate",
		],
		[
			"number words and digits of one number",
			"مقتل ثلاثة مدنيين بانفجار عبوة في كركوك",
			"مقتل 3 مدنيين بانفجار عبوة في كركوك",
			"duplicate",
		],
		[
			"Arabic-Indic digits",
			"ضبط ٤٠ كيلوغراما من المخدرات في البصرة",
			"ضبط 40 كيلوغراما من المخدرات في البصرة",
			"duplicate",
		],
		[
			"most words in common",
			"وزير النفط يعلن زيادة الصادرات عبر موانئ البصرة",
			"وزير النفط يعلن ارتفاع الصادرات من موانئ البصرة",
			"similar",
		],
		[
			"another verb and a detail",
			"الدفاع المدني يخمد حريقا في سوق الشورجة وسط بغداد",
			"الدفاع المدني يسيطر على حريق سوق الشورجة وسط بغداد",
			"similar",
		],
		["other figures", "مقتل 3 مدنيين بانفجار عبوة في كركوك", "مقتل 7 مدنيين بانفجار عبوة في كركوك", "update"],
		[
			"other figures as words",
			"مقتل ثلاثة مدنيين بانفجار عبوة في كركوك",
			"مقتل سبعة مدنيين بانفجار عبوة في كركوك",
			"update",
		],
		[
			"a figure that was not known",
			"مقتل 3 مدنيين بانفجار عبوة في كركوك",
			"مقتل مدنيين بانفجار عبوة في كركوك",
			"update",
		],
		[
			"another price",
			"سعر صرف الدولار في بورصة الكفاح 1,408 دنانير",
			"سعر صرف الدولار في بورصة الكفاح 1,415 دينارا",
			"update",
		],
		[
			"another day of the week",
			"أسعار صرف الدولار في بغداد ليوم الاثنين",
			"أسعار صرف الدولار في بغداد ليوم الثلاثاء",
			"update",
		],
		["morning and evening", "أسعار صرف الدولار في بغداد صباحا", "أسعار صرف الدولار في بغداد مساء", "update"],
		["the second round", "انطلاق الجولة الثانية من مفاوضات جنيف", "انطلاق الجولة الأولى من مفاوضات جنيف", "update"],
		["a score", "الزوراء 2 - 1 الشرطة في دوري نجوم العراق", "الزوراء 2 - 3 الشرطة في دوري نجوم العراق", "update"],
		["another place", "أمطار متوقعة في البصرة غدا", "أمطار متوقعة في دهوك غدا", "other"],
		["another city of a short headline", "انقطاع الكهرباء في الناصرية", "انقطاع الكهرباء في السماوة", "other"],
		[
			"one theme, other news",
			"رئيس الوزراء يستقبل وفدا من غرفة تجارة أربيل",
			"رئيس الوزراء يترأس جلسة المجلس الوزاري للاقتصاد",
			"other",
		],
		["nothing in common", "مهرجان القيثارة يعود إلى أور", "ارتفاع أسعار النفط عالميا", "other"],
		["one word", "عاجل", "عاجل", "other"],
		["no letters", "2026", "2026", "other"],
		["nothing", "", "", "other"],
	])("%s", (_name, fresh, known, expected) => {
		expect(likeness(story(fresh), story(known), dayOf)).toBe(expected);
		expect(likeness(story(known), story(fresh), dayOf)).toBe(expected);
	});
});

describe("time", () => {
	const title = "أسعار الذهب في الأسواق العراقية اليوم";
	test.each<[name: string, hours: number, Likeness]>([
		["the same hour", 0.5, "duplicate"],
		["the same day", 7, "duplicate"],
		["over midnight, the same night", -9.5, "duplicate"],
		["yesterday's recurring headline", -24, "other"],
		["tomorrow's recurring headline", 24, "other"],
		["beyond the window", 49, "other"],
	])("%s", (_name, hours, expected) => {
		expect(likeness(story(title, { at: NOON + hours * HOUR }), story(title), dayOf)).toBe(expected);
	});
});

describe("texts", () => {
	const text =
		"أعلنت أمانة بغداد افتتاح متنزه الزوراء بعد أعمال صيانة شملت الممرات والبحيرة وحديقة الحيوان، وقالت إن الدخول مجاني خلال الأسبوع الأول وإن الأبواب تفتح من الصباح حتى منتصف الليل.";
	const other =
		"قررت لجنة المسابقات تأجيل مباريات الجولة السادسة بسبب سوء الأحوال الجوية، على أن تعلن المواعيد الجديدة بعد التنسيق مع الأندية والشركة الناقلة ورابطة المحترفين نهاية الأسبوع.";
	const long = "أمانة بغداد تفتتح متنزه الزوراء بعد الصيانة أمام العوائل مجانا";

	test("a headline that comes back the next day with the very same text is the same news", () => {
		expect(likeness(story(long, { text, at: NOON + 22 * HOUR }), story(long, { text }), dayOf)).toBe("duplicate");
	});
	test("nearly the same headline over another text is for an admin", () => {
		const fresh = story(`${long} وزائريها`, { text });
		expect(likeness(fresh, story(long, { text: other }), dayOf)).toBe("similar");
	});
	test("nearly the same headline over the same text is the same news", () => {
		expect(likeness(story(`${long} وزائريها`, { text }), story(long, { text }), dayOf)).toBe("duplicate");
	});
});

test("any headline is its own duplicate or something else, and never fails", () => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (one, two) => {
			expect(["duplicate", "other"]).toContain(likeness(story(one), story(one), dayOf));
			expect(likeness(story(one), story(two), dayOf)).toBe(likeness(story(two), story(one), dayOf));
		}),
	);
});

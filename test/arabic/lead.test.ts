import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { naughty } from "./naughty.ts";
import { LEAD_LENGTH, lead, secondSentence, shorten } from "../../src/arabic/lead.ts";

const A = "أعلنت مديرية الموارد المائية، اليوم الأحد، إطلاق حصة إضافية من المياه إلى أنهار الجنوب.";
const B = "وقال مدير المشروع إن العمل يستمر ثلاثة أشهر في المحافظات الجنوبية كلها.";
const T = "الموارد المائية تطلق حصة إضافية";
const LONG =
	"تنطلق في مدينة أور الأثرية الدورة الرابعة من مهرجان الفنون بمشاركة فنانين من ست دول عربية وأجنبية، وتستمر فعالياته خمسة أيام تتضمن معارض للحرف وورشاً للأطفال وجولات ليلية بين الزقورة والبيوت التي أعيد ترميمها";

describe("lead", () => {
	test.each<[name: string, title: string, paragraphs: string[], summary: string | undefined, expected: string]>([
		["the first sentence", T, [`${A} ${B}`], undefined, A],
		["the first paragraph", T, [A, B], undefined, A],
		["not the title", T, [T, A], undefined, A],
		["not the title with a dot", T, [`${T}. ${A}`], undefined, A],
		["not a question", T, ["هل تكفي هذه الحصة لإنقاذ ما تبقى من الأهوار؟", A], undefined, A],
		["not a line that ends in a colon", T, ["وجاء في بيان الوزارة الذي تسلمنا نسخة منه:", A], undefined, A],
		["not a sentence under seven words", T, ["خبر سار للمزارعين.", A], undefined, A],
		["a short one when there is nothing else", T, ["خبر سار للمزارعين."], undefined, "خبر سار للمزارعين."],
		["a question when there is nothing else", T, ["هل تكفي الحصة؟"], undefined, "هل تكفي الحصة؟"],
		["nothing at all", T, [], undefined, ""],
		["only the title", T, [T], undefined, ""],
		["the editor's summary", T, [A], B, B],
		["not a summary that is the title", T, [A], T, A],
		["not a summary that is cut off", T, [A], "أعلنت مديرية الموارد المائية إطلاق حصة إضافية من […]", A],
		["not a summary cut with dots", T, [A], "أعلنت مديرية الموارد المائية إطلاق حصة إضافية من…", A],
		["not a teaser under seven words", T, [A], "تفاصيل الحصة الجديدة", A],
		["not a question as summary", T, [A], "هل تكفي هذه الحصة لإنقاذ ما تبقى من الأهوار؟", A],
		["the first sentence of a long summary", T, [B], `${A} ${B}`, A],
		["a whole sentence before a cut", T, [], `${A} وقال مدير المشروع إن […]`, A],
		["at a clause", T, [LONG], undefined, LONG.slice(0, LONG.indexOf("،"))],
		[
			"the title as a prefix stays",
			"الموارد المائية تطلق حصة",
			["الموارد المائية تطلق حصة إضافية إلى أنهار الجنوب كلها."],
			undefined,
			"الموارد المائية تطلق حصة إضافية إلى أنهار الجنوب كلها.",
		],
		[
			"د. does not end it",
			T,
			["قالت د. ليلى الحسني إن الفحص مجاني لجميع المواطنين. وأضافت."],
			undefined,
			"قالت د. ليلى الحسني إن الفحص مجاني لجميع المواطنين.",
		],
		[
			"not what stands between colon and quotation marks",
			T,
			["وقالت الوزارة في بيان لها:", "«الخطة قائمة والتمويل متوفر. ولا صحة لما يشاع في المواقع.»", B],
			undefined,
			B,
		],
		[
			"a sentence before points, without its colon and what points to them",
			T,
			["أعلن البنك المركزي حزمة إجراءات جديدة لضبط سوق الصرف، وفيما يلي أبرز النقاط:", "تخفيض العمولات", B],
			undefined,
			"أعلن البنك المركزي حزمة إجراءات جديدة لضبط سوق الصرف",
		],
		[
			"not what only points to the text, but the first of the points without its number",
			T,
			["وفيما يلي أبرز قرارات مجلس الوزراء في جلسته الاعتيادية:", `1- ${A}`, `2- ${B}`],
			undefined,
			A,
		],
		[
			"not the title before a colon",
			"الموارد المائية تطلق حصة إضافية إلى أنهار الجنوب",
			["الموارد المائية تطلق حصة إضافية إلى أنهار الجنوب:", B],
			undefined,
			B,
		],
		[
			"not cut around «اليوم»",
			T,
			[
				"افتتح محافظ النجف، اليوم، معرض الكتاب الدولي بدورته الثالثة عشرة في حدائق الكوفة بمشاركة أكثر من مئتي دار نشر عراقية وعربية وأجنبية وسط حضور رسمي وشعبي واسع تقدمه عدد من الوزراء والأدباء.",
			],
			undefined,
			"افتتح محافظ النجف، اليوم، معرض الكتاب الدولي بدورته الثالثة عشرة في حدائق الكوفة بمشاركة أكثر من مئتي دار نشر عراقية وعربية وأجنبية",
		],
		[
			"not cut before what was said",
			T,
			[
				"قال وزير النفط، وهو يشغل منصب نائب رئيس الوزراء لشؤون الطاقة في الحكومة الحالية، إن العراق سيزيد طاقته الإنتاجية إلى ستة ملايين برميل يومياً، مؤكداً أن الخطة تمتد خمسة أعوام كاملة ولا رجعة عنها.",
			],
			undefined,
			"قال وزير النفط، وهو يشغل منصب نائب رئيس الوزراء لشؤون الطاقة في الحكومة الحالية، إن العراق سيزيد طاقته الإنتاجية إلى ستة ملايين برميل يومياً",
		],
		[
			"not after «بالتعاون»",
			T,
			[
				"في خطوة وصفت بأنها الأولى من نوعها، أعلنت دائرة الصحة تشكيل فرق جوالة لفحص سكان القرى النائية في عمق الأهوار وتوزيع الأدوية عليهم مجاناً بالتعاون مع منظمات دولية ومحلية عاملة في المحافظة منذ سنوات.",
			],
			undefined,
			"في خطوة وصفت بأنها الأولى من نوعها، أعلنت دائرة الصحة تشكيل فرق جوالة لفحص سكان القرى النائية في عمق الأهوار وتوزيع الأدوية عليهم مجاناً",
		],
		[
			"an ellipsis at the end goes",
			T,
			["أعلنت الوزارة إطلاق حصة إضافية إلى أنهار الجنوب…"],
			undefined,
			"أعلنت الوزارة إطلاق حصة إضافية إلى أنهار الجنوب",
		],
	])("%s", (_, title, paragraphs, summary, expected) => {
		expect(
			lead({
				title,
				paragraphs,
				...(summary === undefined ? {} : { summary }),
			}),
		).toBe(expected);
	});

	test("for any text it keeps its length and ends without «…»", () => {
		const word = fc.constantFrom(
			"أعلنت",
			"الوزارة",
			"في",
			"من",
			"،",
			"«",
			"»",
			"(",
			")",
			"…",
			".",
			"3.5",
			"https://a.example/b",
			"التي",
			"بغداد",
			":",
			"؟",
			"بنسبة",
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 120 }), (words) => {
				const text = lead({ title: T, paragraphs: [words.join(" ")] });
				expect(text.length).toBeLessThanOrEqual(LEAD_LENGTH);
				expect(text).not.toMatch(/…$/);
			}),
		);
	});
});

describe("second sentence", () => {
	test("the one nearest the title, not a repetition of the lead", () => {
		const paragraphs = [
			A,
			A.replace("اليوم ", ""),
			"وتوقعت الأنواء أن يكون الطقس صحواً في معظم المدن.",
			"وتصل الحصة الإضافية من المياه إلى أهوار الجبايش نهاية الأسبوع.",
		];
		expect(secondSentence({ title: T, paragraphs, lead: A })).toBe(paragraphs[3]);
	});
	test.each([
		["no text", []],
		["only the lead", [A]],
		["only a question", [A, "هل تكفي هذه الحصة لإنقاذ ما تبقى من الأهوار؟"]],
		["only a short line", [A, "انتهى البيان."]],
	])("none: %s", (_, paragraphs) => {
		expect(secondSentence({ title: T, paragraphs, lead: A })).toBeUndefined();
	});
});

const within = (most: number) => (text: string) => text.length <= most;

describe("shorten", () => {
	test.each([
		["whole", A, 200, A],
		["at a sentence", `${A} ${B}`, 120, A],
		["at a clause", LONG, 140, LONG.slice(0, LONG.indexOf("،"))],
		[
			"never before the object",
			"افتتح محافظ النجف، اليوم، معرض الكتاب الدولي في حدائق الكوفة",
			45,
			"افتتح محافظ النجف، اليوم، معرض الكتاب الدولي…",
		],
		[
			"never behind the phrase before the sentence",
			"في خطوة وصفت بأنها الأولى من نوعها، أعلنت دائرة الصحة تشكيل فرق جوالة",
			60,
			"في خطوة وصفت بأنها الأولى من نوعها، أعلنت دائرة الصحة تشكيل…",
		],
		[
			"never inside «، خلال جلسته،»",
			"قرر مجلس الوزراء، خلال جلسته الاعتيادية، تعطيل الدوام الرسمي يوم الخميس",
			58,
			"قرر مجلس الوزراء، خلال جلسته الاعتيادية، تعطيل الدوام…",
		],
		[
			"before «مشيراً» although a day stands there",
			"أعلنت الوزارة إطلاق حصة جديدة من المياه، أمس السبت، مشيراً إلى أنها تكفي",
			62,
			"أعلنت الوزارة إطلاق حصة جديدة من المياه، أمس السبت",
		],
		[
			"a short clause gives way to a word",
			"اتفق الجانبان على الأمر كله، وتعهدا بتنفيذ المشاريع المشتركة في المحافظات",
			66,
			"اتفق الجانبان على الأمر كله، وتعهدا بتنفيذ المشاريع المشتركة…",
		],
		["at a word", "عودة العائلات النازحة إلى قرى سهل نينوى", 25, "عودة العائلات النازحة…"],
		["never after a preposition", "عودة العائلات النازحة إلى قرى سهل نينوى", 27, "عودة العائلات النازحة…"],
		["never inside a bracket", "عودة العائلات (وعددها كبير جداً) إلى القرى", 26, "عودة العائلات…"],
		["never inside quotes", "افتتاح معرض «بغداد مدينة السلام» في المتحف", 25, "افتتاح معرض…"],
		["never inside straight quotes", 'افتتاح معرض "بغداد مدينة السلام" في المتحف', 25, "افتتاح معرض…"],
		["never inside a phone number", "للحجز اتصلوا بالرقم +964 770 000 1234 اليوم", 32, "للحجز اتصلوا بالرقم…"],
		["never inside an address", "التفاصيل كلها https://rafidain.example/a-b-c اليوم", 30, "التفاصيل كلها…"],
		["never inside a hashtag", "شاركونا الآراء #حقوق_الإنسان_في_العراق", 25, "شاركونا الآراء…"],
		["never inside an amount", "بلغت الكلفة 1.408.000 دينار", 16, "بلغت الكلفة…"],
		["a word of its own length", "ا".repeat(50), 10, `${"ا".repeat(9)}…`],
		["whole graphemes of it", "👨‍👩‍👧".repeat(4) + "ب".repeat(9), 3, ""],
		["no address is cut", "https://rafidain.example/a", 10, ""],
		["nothing fits", A, 0, ""],
		["empty", "", 5, ""],
	])("%s", (_, text, most, expected) => {
		expect(shorten(text, within(most))).toBe(expected);
	});

	test("it always fits, asks about 40 times at most, leaves pairs closed and only cuts", () => {
		const word = fc.oneof(
			fc.constantFrom(
				"أعلنت",
				"الوزارة",
				"في",
				"«نعم ولا»",
				"(116)",
				"«",
				")",
				".",
				"،",
				"حيث",
				"😀",
				"https://a.example/b",
				"#بغداد",
				"3.5",
				"+964 770",
				'"قال نعم"',
			),
			fc.string({ unit: "grapheme", maxLength: 10 }),
		);
		fc.assert(
			fc.property(fc.array(word, { maxLength: 60 }), fc.nat(200), (words, most) => {
				const text = words.join(" ").trim();
				let asked = 0;
				const short = shorten(text, (candidate) => {
					asked++;
					return candidate.length <= most;
				});
				expect(short.length).toBeLessThanOrEqual(most);
				expect(asked).toBeLessThanOrEqual(60);
				if (text.length <= most) expect(short).toBe(text);
				else expect(text.startsWith(short.replace(/…?["»”)\]]*$/, ""))).toBe(true);
			}),
			{ numRuns: 300 },
		);
	});
});

test("naughty strings keep the lengths, before and behind a real sentence", () => {
	for (const text of naughty) {
		for (const body of [text, `${text} ${A}`, `${A} ${text}`, `${text} ${LONG} ${text}`]) {
			const chosen = lead({ title: text, paragraphs: body.split("\n"), summary: text });
			expect(chosen.length, JSON.stringify(body)).toBeLessThanOrEqual(LEAD_LENGTH);
			expect(chosen, JSON.stringify(body)).not.toMatch(/…$/);
			for (const most of [0, 1, 20, 100]) {
				expect(shorten(body, within(most)).length, JSON.stringify(body)).toBeLessThanOrEqual(most);
			}
		}
	}
});

test("hostile texts come to an end, and fit", () => {
	for (const text of [
		"(".repeat(20000) + " كلمة".repeat(4000),
		"،".repeat(20000),
		"ا".repeat(20000),
		`${A} `.repeat(200),
		'" '.repeat(10000),
	]) {
		expect(shorten(text, within(280)).length).toBeLessThanOrEqual(280);
		expect(lead({ title: T, paragraphs: [text] }).length).toBeLessThanOrEqual(LEAD_LENGTH);
	}
});

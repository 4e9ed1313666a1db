import { breaking } from "../arabic/breaking.ts";
import { compareKey, compareWords } from "../arabic/normalize.ts";
import { parseDate } from "../arabic/parse-date.ts";

/** Where a link's words come from, the surest last. */
export type Rank = 1 | 2 | 3 | 4 | 5;

/** One wording found for a link. */
export interface Wording {
	readonly text: string;
	readonly rank: Rank;
	/** How much it looks like a headline. */
	readonly words: 0 | 1 | 2;
}

const NUMBER = "[\\d٠-٩۰-۹]";
const COUNT = `${NUMBER}[\\d٠-٩۰-۹,.٬]*`;
const SPAN = `(?:حوالي\\s+)?(?:${NUMBER}+\\s*)?(?:لحظات|لحظة|ثانية|ثوان|ثواني|ثانيتين|دقيقة|دقيقه|دقيقتين|دقائق|ساعة|ساعه|ساعتين|ساعات|يوم|يومين|أيام|ايام|يوماً|يوما|يومًا|أسبوع|اسبوع|أسبوعين|اسبوعين|أسابيع|شهر|شهرين|أشهر|اشهر|سنة|سنتين|سنوات|عام|عامين|أعوام)(?:\\s+واحدة?)?`;
const AGO = `(?:قبل|منذ)\\s+${SPAN}`;
const CLOCK = `${NUMBER}{1,2}:${NUMBER}{2}(?::${NUMBER}{2})?(?:\\s*(?:[صم]|صباحا|صباحاً|مساء|مساءً|am|pm)(?!\\p{L}))?`;
const DAY = `${NUMBER}{1,4}\\s?[-/.]\\s?${NUMBER}{1,2}\\s?[-/.]\\s?${NUMBER}{1,4}`;
const MOMENT = `(?:${DAY}(?:\\s*[-–|,،]?\\s*${CLOCK})?|${CLOCK}(?:\\s*[-–|,،]?\\s*${DAY})?)`;
const SEEN = `(?:(?:عدد\\s+)?(?:المشاهدات|مشاهدات|مشاهدة|القراءات|القراء|قراءة|الزيارات|زيارة|views?|hits?)\\s*[:：]?\\s*[(]?${COUNT}[)]?|[(]?${COUNT}\\s*(?:مشاهدة|مشاهدات|مشاهده|قراءة|قراءات|زيارة|زيارات|تعليق|تعليقات|views?|hits?|comments?)[)]?)`;
const MORE =
	"(?:[إا]قر[أا] المزيد|[إا]قر[أا]ي? (?:الخبر|التفاصيل|بقية الخبر)(?: كاملا| كاملاً)?|للمزيد|المزيد|مزيد من التفاصيل|التفاصيل(?: كاملة)?|تتمة الخبر|تابع القراءة|[أا]كمل القراءة|[إا]قر[أا] أكثر|شاهد المزيد|قراءة (?:المزيد|الخبر)|متابعة القراءة|عرض التفاصيل|(?:للتفاصيل|للمزيد)?\\s*(?:اضغط|إضغط|انقر|أنقر) هنا|read more|continue reading|more)";
const MARKS = "[\\s»«›‹←→|•·▪◄►:،…>.\\[\\]()-]*";
const PIECE = `(?:${AGO}|من\\s+${SPAN}|${MOMENT}|${SEEN}|${MORE}|${NUMBER}+(?!${NUMBER}))`;
/** Texts that are furniture as a whole. */
const FURNITURE = new RegExp(`^${MARKS}${PIECE}(?:${MARKS}${PIECE}){0,3}${MARKS}$`, "iu");
const ONLY_MORE = new RegExp(`^${MARKS}${MORE}${MARKS}$`, "iu");
/** «قبل ساعات» and «120 زيارة» also begin and end real headlines: without a bar or bracket they stay. */
const HEAD = new RegExp(
	`^(?:[\\[(]\\s*(?:${MOMENT}|${AGO}|${SEEN})\\s*[\\])]\\s*[-–—|:،•·]?|(?:${AGO}|${SEEN})\\s*[-–—|:•·]|${MOMENT}\\s*[-–—|:،•·]?)\\s+(?=\\S)`,
	"iu",
);
const TAIL = new RegExp(
	`(?:\\s*[\\[(]\\s*(?:${MOMENT}|${AGO}|${SEEN}|${MORE})[\\s.…]*[\\])]|\\s*[-–—|•·]\\s*(?:${MOMENT}|${AGO}|${SEEN}|${MORE})|(?:\\s+${MORE}\\s*[.…»›←<>]|(?<=[.…»›←])\\s*${MORE}|\\s+(?:[إا]قر[أا] المزيد|read more)))[\\s.…»›←<>]*$`,
	"iu",
);
const RANKED = new RegExp(`^${NUMBER}{1,2}\\s*[-–.)]\\s+(?=\\p{L})`, "u");
/** Links of every news site that lead to no article however long they are. */
const SERVICE =
	/^(?:من نحن|عن الموقع$|اتصل بنا|تواصل معنا|راسلنا|اعلن معنا|للاعلان (?:معنا|في|علي)|هييه التحرير|خريطه الموقع|سياسه (?:الخصوصيه|الاستخدام|النشر|التحرير|الموقع|ملفات)|شروط (?:الاستخدام|الخدمه|النشر|الموقع)|اتفاقيه (?:الاستخدام|المستخدم)|الرييسيه$|العوده (?:الي )?(?:اعلي|الاعلي|للاعلي|الرييسيه|الصفحه)|الصفحه (?:الرييسيه|التاليه|السابقه|الاولي|الاخيره|\d)|تسجيل (?:الدخول|الخروج|حساب|عضو)|انشاء حساب|نسيت كلمه|(?:عرض|شاهد|تصفح) (?:الكل|المزيد|جميع|كل|كافه) ?|(?:كل|جميع) (?:الاخبار|المقالات|المواضيع|اخبار)(?: \S+){0,2}$|جميع الحقوق|(?:ال)?مزيد من (?:الاخبار|المقالات|المواضيع|اخبار)|اقرا المزيد|اشترك (?:الان|معنا|في (?:النشره|نشرتنا|القناه|قناتنا|خدمه))|انضم (?:الينا|الي (?:قناتنا|القناه))|تابعنا |(?:حمل|تحميل) تطبيق|\d+ تعليق|لا توجد تعليقات|(?:اضف|اترك) تعليق|(?:تخط|تخطي|انتقل|تجاوز) الي|skip to|privacy|terms of|contact us|about us|all rights)/;
const LONGEST_DATE = 60;
/** Far beyond any headline; what is longer is a text that somebody made a link. */
const LONGEST_TITLE = 400;
/** So many times, counts and ranks may stand around one headline. */
const MOST_ADDITIONS = 5;

/** How much a text looks like a headline: 0 too short for one · 1 long enough · 2 surely a sentence (Arabic headlines have four words and more). */
export function headlineStrength(text: string): 0 | 1 | 2 {
	const words = compareWords(text);
	const letters = words.reduce((sum, word) => sum + word.length, 0);
	if (words.length > 5 || (words.length > 4 && letters > 23)) return 2;
	return (words.length > 3 && letters > 13) || (words.length > 2 && letters > 19) ? 1 : 0;
}

/** Whether a text is a time, a count, «اقرأ المزيد» or nothing at all. */
export function isFurniture(text: string): boolean {
	if (text.length > LONGEST_TITLE) return false;
	const plain = text.replace(/[\u064B-\u0652\u0640\u200B-\u200F]/g, "").trim();
	return !/\p{L}|\p{N}/u.test(plain) || FURNITURE.test(plain) || isDateAlone(plain);
}

/** Whether a text says only that there is more: «اقرأ المزيد», «التفاصيل». */
export function isMore(text: string): boolean {
	return text.length < LONGEST_DATE && ONLY_MORE.test(text.replace(/[\u064B-\u0652\u0640\u200B-\u200F]/g, "").trim());
}

/** Whether a text leads to the site's own services («من نحن», «عرض الكل») however long it is. */
export function isService(text: string): boolean {
	return SERVICE.test(compareKey(text.slice(0, LONGEST_DATE)));
}

/** Whether a text is «عاجل» and the like: beside a headline it is a part of it, though it may be a section's name as well. */
export function isBreakingMark(text: string): boolean {
	return text.length < 20 && compareWords(text).length < 3 && breaking(text, []).breaking;
}

/** Whether a list gave only the beginning of a headline. */
export function isCut(text: string): boolean {
	return /(?:…|\.{2,})[\s\])»"”]*$/u.test(text.trim());
}

/** A link's words without what a list adds to a headline: times, counts, ranks, «اقرأ المزيد», and the site's own section names. */
export function headlineOf(text: string, sections: ReadonlySet<string>): string {
	let title = text.slice(0, LONGEST_TITLE).replace(/\s+/g, " ").trim();
	for (let before = "", round = 0; before !== title && round < MOST_ADDITIONS; round++) {
		before = title;
		title = title.replace(RANKED, "").replace(HEAD, "").replace(TAIL, "").trim();
		const label = /^(.{2,30}?)\s*(?:[|/\\:•·]|\s[-–—])\s+(?=\S)/u.exec(title);
		// «بغداد: …» and «عاجل | …» belong to the headline; a name the site gives its own section does not, before a bar.
		if (label?.[1] && !/:\s+$/.test(label[0]) && sections.has(compareKey(label[1])))
			title = title.slice(label[0].length);
	}
	return /\p{L}/u.test(title) ? title : text.trim();
}

/** The best of the wordings found for one address; a cut one gives way to one that goes on where it stops. */
export function bestWording(wordings: readonly Wording[]): Wording | undefined {
	const [best] = wordings
		.map((wording, at) => ({ wording, at }))
		.sort((a, b) => b.wording.rank - a.wording.rank || a.at - b.at)
		.map(({ wording }) => wording);
	if (!best || !isCut(best.text)) return best;
	const whole = wordings.find(({ text }) => !isCut(text) && continues(text, best.text));
	return whole ?? best;
}

/** Whether a text begins as a cut one does and goes on. */
export function continues(whole: string, cut: string): boolean {
	const beginning = compareWords(cut.replace(/(?:…|\.{2,})[\s\])»"”]*$/u, "")).join(" ");
	const words = compareWords(whole).join(" ");
	return beginning.length > 0 && words.length > beginning.length && words.startsWith(beginning);
}

/** The moment a short text names when it names nothing else, ISO 8601 UTC; a time without a zone is read in `zone`, a day without a time is its midnight in UTC. */
export function momentOf(text: string, zone: string | undefined): string | undefined {
	const plain = text.replace(/[\u200B-\u200F\u061C]/g, "").trim();
	if (plain.length < 8 || !isDateAlone(plain)) return undefined;
	return parseDate(plain, /\d:\d\d|[٠-٩]:[٠-٩]{2}/.test(plain) ? zone : undefined);
}

const DATE_WORD =
	/(?:كانون الثاني|كانون ثاني|كانون الاول|كانون اول|تشرين الاول|تشرين اول|تشرين الثاني|تشرين ثاني|\p{L}+)/u;
const AROUND_DATE =
	/^(?:(?:تاريخ النشر|تاريخ|نشر في|نشرت في|نشر بتاريخ|بتاريخ|في|يوم|الساعه|اخر تحديث|السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|ص|م|صباحا|مساء|ظهرا|عصرا|ليلا|بتوقيت بغداد|بتوقيت|بغداد|غرينتش|كرينتش|جرينتش|gmt|utc|am|pm|sat|sun|mon|tue|wed|thu|fri|saturday|sunday|monday|tuesday|wednesday|thursday|friday|at|on|t|z|من|شهر|عام|سنه|هـ|ه)(?![\p{L}])[\s:،,|/–-]*)*$/u;
const NUMERIC_DAY =
	/(?<!\d)(?:\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{4})(?!\d)/;
const NAMED_DAY = new RegExp(
	`(?<!\\d)\\d{1,2}[\\s/-]+(?:من\\s+)?${DATE_WORD.source}(?:\\s*[/(-]\\s*${DATE_WORD.source}\\)?)?[\\s/،,-]+\\d{4}(?!\\d)|(?<!\\p{L})[a-z]{3,9}\\.?\\s+\\d{1,2},?\\s+\\d{4}`,
	"u",
);

/** A whole date (day, month and year) with nothing beside it but its weekday, its time and the words that introduce it. */
function isDateAlone(text: string): boolean {
	if (text.length > LONGEST_DATE || !/[\d٠-٩۰-۹]/.test(text)) return false;
	const key = compareKey(text).replace(/[()[\]]/g, " ");
	const day = NUMERIC_DAY.exec(key) ?? NAMED_DAY.exec(key);
	if (!day || parseDate(day[0]) === undefined) return false;
	const rest = `${key.slice(0, day.index)} ${key.slice(day.index + day[0].length)}`
		.replace(/\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?/g, " ")
		.replace(/[+-]\d{2}:?\d{2}/g, " ")
		.replace(/[،,|/•·:–—.-]+/g, " ")
		.trim();
	return AROUND_DATE.test(rest);
}

import { compareKey } from "./normalize.ts";
import { isPastVerb, isVerb } from "./verbs.ts";
import { firstKey, unwrap, type Word, wordsOf } from "./words.ts";

/** Words, in compareKey's form, that no name holds. */
export const STOP = keys(
	"في علي الي عن ان التي الذي هذا هذه بعد قبل خلال لا ما لم لن هل كيف لماذا متي اين اذا كل مع او ضد عبر حول بين دون حتي منذ بسبب بحسب حسب وفق وفقا كما وهو وهي اليوم غدا امس جديد جديده",
);
// Who speaks in a headline, never who reports it.
const ORGAN = keys(
	"وزير وزيره وزاره رئيس رئيسه رئاسه نائب نواب مجلس لجنه محافظ حكومه الحكومه قائد قياده امين مدير مديريه هيئه حزب تيار ائتلاف كتله تحالف مصدر مصادر بيان مسؤول خبير خبراء محلل نقابه جامعه شركه بنك البنك محكمه القضاء الداخليه الخارجيه الصحه الدفاع النفط الماليه التربيه التعليم الدوله البرلمان منظمه برنامج مفوضيه صندوق جمعيه مؤسسه المصدر المصادر تصوير بقلم الرئيس الوزير الشيخ السيد الملك الامير الدولار النفط الذهب اسعار بلديه شرطه خليه كليه اتحاد تربيه صحه الرئاسه قوات القوات الجيش الحشد الاستخبارات استخبارات عمليات جهاز سفاره السفاره وفد ديوان امانه دائره النائب المحافظ القائد المدير الامين اللواء العميد الدكتور الناطق المتحدث السفير",
);
// Who speaks to an outlet and is none of its people.
const SPEAKER = keys(
	"وزير وزيره رئيس رئيسه نائب نواب محافظ قائد امين مدير مصدر مصادر مسؤول خبير خبراء محلل عضو متحدث ناطق سفير باحث ناشط اكاديمي برلماني قيادي المتحدث الناطق السفير الرئيس الوزير",
);
// What a kicker above or before a headline begins with: it is out, and nobody's name.
const TOPIC = keys(
	"عاجل ازمه ازمات ملف ملفات قضيه قضايا حرب شان شؤون تطورات احداث انتخابات الانتخابات موازنه الموازنه رواتب جفاف حادث حادثه جريمه مفاوضات احتجاجات تظاهرات دوري كاس بطوله تصفيات مونديال مهرجان معرض مؤتمر قمه زلزال فيضانات خليجي تقرير تقارير تحليل تحقيق تحقيقات حوار مقابله راي اراء قراءه قانون مشروع تعديل تعديلات اتفاق اتفاقيه اتفاقات خطه حمله مبادره زياره جوله استفتاء هدنه معركه معارك قصف اغتيال تفجير انفجار حريق حرائق فساد جدل تصعيد عقوبات بالصور بالفيديو فيديو الدوري اقتصاد الاقتصاد سياسه السياسه رياضه الرياضه محليات ثقافه الثقافه منوعات مجتمع",
);
// What the names of small outlets begin or end with.
const VOICE = keys("صدي اصداء صوت نبض منبر مرايا ضفاف بوابه");
const CLOSING = keys("الحر بوست تايم بلس");
// Given names of which one is enough to tell a person from a phrase.
const GIVEN = keys(
	"عبد محمد احمد علي حسن حسين كاظم جاسم عباس حيدر مصطفي ابراهيم يوسف خالد سعد سعيد صالح كريم فاضل عادل عمر عمار مهدي هادي ناصر زينب فاطمه مريم نور ساره هدي رنا ايناس بن ابو ال جورج يعقوب متي محمود طارق ياسر نبيل هاني وليد زياد فؤاد سامي رامي هشام باسم بلال ياسين منير مروان غسان ايمن اياد سلمان عثمان اسماعيل داود سليمان موسي شيرزاد ازاد بهاء علاء اسراء مروه شيماء رانيا",
);
const TOWN = keys(
	"هور ناحيه قضاء قلعه كرمه ابو ام سوق تل قريه حي بني عين شط خان باب جسر دير راس وادي جبل كفر منفذ ميناء مخيم منطقه مدينه محافظه بلده سهل سد حقل جزيره",
);
/** Whether an unknown piece of text could be the name of an outlet or a person: a few words, no verb, no figure, nobody who speaks in headlines. */
export function isNameLike(segment: string, most: number): boolean {
	const trimmed = unwrap(segment);
	if (trimmed.length > 40 || /[\d٠-٩۰-۹؟?!،,؛;%#@]/.test(trimmed)) return false;
	const words = wordsOf(trimmed);
	return (
		words.length > 0 &&
		words.length <= most &&
		(!ORGAN.has(words[0]?.key ?? "") || isAmin(words)) &&
		!(words.length > 1 && isActing(words[0]?.key ?? "")) &&
		words.every(
			(word) =>
				(!STOP.has(word.key) || trimmed.slice(word.start, word.end) === "علي") &&
				!(word !== words[0] && isVerb(word.key)),
		)
	);
}

/** Whether a name-like piece names what a text is about and nobody: «أزمة المياه», «ملف كركوك». */
export function isTopic(segment: string): boolean {
	return TOPIC.has(firstKey(segment));
}

/** Whether the words of a piece tell who speaks to an outlet: «وزير النفط لشفق نيوز», «وقال لوكالة …». */
export function isSpeaking(words: readonly Word[]): boolean {
	const [first = ""] = words.map((word) => word.key);
	if (SPEAKER.has(first) || (/^[وف]/.test(first) && isVerb(first) && !isPastVerb(first))) return true;
	return words.some(
		({ key }, index) =>
			index > 0 &&
			/^ل(?!بنان$|يبيا$|ندن$|الش$|لانباء$|لاخبار$|لاعلام$|لصحاف|ايف$)\p{L}{2}/u.test(key) &&
			index < words.length - 1,
	);
}

/** Whether two or three words make a name as outlets bear it: «صدى الرافدين», «الجنوب الحر». */
export function isOutletLike(segment: string): boolean {
	if (!/^[\p{L}\p{M} ]+$/u.test(segment)) return false;
	const words = wordsOf(segment).map((word) => word.key);
	if (words.length < 2 || words.length > 3 || !isNameLike(segment, 3) || isTopic(segment)) return false;
	return (VOICE.has(words[0] ?? "") && !CLOSING.has(words[1] ?? "")) || CLOSING.has(words.at(-1) ?? "");
}

/** Whether a name-like piece could be a person's: two words without an article, or (`surely`: always) with a given name in it or a name of origin at its end. */
export function isPerson(segment: string, surely = false): boolean {
	const words = wordsOf(unwrap(segment)).map((word) => word.key);
	const [first = ""] = words;
	if (words.length < 2 || words.length > 4 || /^ال/.test(first) || !isNameLike(segment, 4)) return false;
	const origin = words.length < 4 && /^ال.+ي$/.test(words.at(-1) ?? "") && !/^ال/.test(words.at(-2) ?? "");
	return (words.length === 2 && !surely) || origin || words.some((word) => GIVEN.has(word));
}

/** Whether an unknown name behind an outlet's is more likely a place or section than a person. */
export function isTown(segment: string): boolean {
	const words = wordsOf(unwrap(segment));
	return words.length === 1 || TOWN.has(words[0]?.key ?? "");
}

// «أمين بنعيسى» is a person, «أمين بغداد» a mayor.
function isAmin(words: readonly Word[]): boolean {
	const [first, second, ...more] = words.map((word) => word.key);
	return first === "امين" && more.length === 0 && /^بن|^ال.+ي$/.test(second ?? "");
}

// «شملت …», but «صوت الجنوب».
function isActing(key: string): boolean {
	return key.endsWith("ت") && key !== "صوت" && isPastVerb(key);
}

function keys(list: string): ReadonlySet<string> {
	return new Set(list.split(" ").map(compareKey));
}

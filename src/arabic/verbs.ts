import { compareKey } from "./normalize.ts";
import { wordsOf } from "./words.ts";

// The past-tense verbs that open Arabic news, masculine; the feminine is formed.
const PAST = words(`
أعلن أشرف شمل ضم تضمن أكد كشف اتهم طالب دعا حذر نفى وصل أفاد بحث شهد قرر صوت وجه استقبل انطلق عقد ضبط اعتقل افتتح سجل ارتفع انخفض قال ذكر أوضح أشار أضاف بين
أعرب شدد نقل لفت رأى اعتبر توقع وقع أطلق أصدر أقر أنهى بدأ باشر نظم أقام نفذ أحبط قتل أصيب لقي توفي رحل غادر عاد زار التقى ناقش تسلم سلم منح حصل فاز خسر
تعادل تأهل تصدر حقق أحرز تمكن عثر رصد اندلع أخمد انفجر سقط هاجم قصف استهدف شن دمر اغتال خطف حرر فرض رفع خفض زاد تراجع هبط قفز بلغ وقع وافق رفض
أرجأ أجل ألغى علق استأنف واصل تابع اختتم انتهى شارك ساهم دشن وضع أنجز أكمل استكمل شيع ودع نعى أدان استنكر رحب هنأ بارك عزى تظاهر اعتصم احتج أضرب
طرح عرض قدم تقدم اقترح اختار انتخب عين أقال استقال كلف خصص صرف وزع رمم أغلق فتح منع سمح حظر أوقف أحال حكم برأ استعاد صادر أتلف أصاب ضرب اجتاح
غرق حاصر عبر تجاوز تسبب أسفر أظهر بث نشر وثق تداول اجتمع تفقد ترأس حضر استضاف احتضن احتفل أحيا كرم خرج دخل نزح هجر استشهد أنقذ أجلى أخلى تلقى
طمأن نصح أوصى ناشد هدد توعد رد علم تعرض انضم انسحب أسس شكل أدى حل انهار اشتعل التهم تحطم اصطدم انقلب دهس تعطل غمر جرف فاض هطل تساقط لجأ فر هرب فقد عاش اعترف اعتذر شرح لاحظ أنشأ شيد جهز زود زرع صنع ابتكر صمم رسم سدد قاد درب أقلع أبحر استورد أنفق دفع استثمر اقترض تبرع ساعد أغاث عالج لقح أفرج سجن اعتدى سرق نهب زور تورط تصدى أبطل فكك دهم داهم صادر أتلف اختطف تبادل تلا ألقى أكمل تفاعل أثار أحرق تسلق تسمم تقاضى حاور حاز حافظ حدد حول خاض خضع خطط رافق راقب رجح رشح ركز روى سعى شدد شكا صادق ضاعف طالت طور عكس عمد فاجأ فند قاطع كثف لخص مدد نال ناهز نجا نجح نشب هاجر واجه وسع اختفى ارتدى استعرض استهل استفاد اشترط اشتكى اقتحم انتهج اندمج تأجل تجدد تحول تدفق ترك تسبب تضرر تغلب توصل توقف توافد توزع تولى تعدى تصاعد حل تعهد وعد أبدى بحث جدد تبنى انتقد هز ساد انتشر تفشى تحسن تدهور استقر انعقد جرى تم تعاقد
`);
const PRESENT_STEMS = words(`
علن ؤكد كشف تهم طالب دعو حذر نفي صل بحث شهد قرر وجه ستقبل نطلق عقد ضبط عتقل فتتح سجل قول ذكر وضح شير ضيف عتزم ستعد واصل ناقش لتقي زور بدأ باشر نظم قيم
نفذ رفض وافق صوت ستضيف حتضن شارك ختتم تسلم فرض رفع خفض نشر طلق صدر عرض قدم توقع خطط سعى حتفل ستأنف تصدر حقق تأهل غادر عود ضم شمل بلغ تضمن شكل عاني شكو بث ظل بقي مد حل صر قر
`);

const PHRASE = new Set(
	words(
		"في بعد بعدما قبل عقب مع خلال على من منذ وسط رغم للمرة ضمن عبر حين بينما عندما فيما لدى بهدف تحت إثر بحضور بمشاركة برعاية",
	),
);
const PARTICLE = new Set(words("لم لا ما قد لقد كما لليوم ليس إن أن كان كانت حتى هكذا مئات آلاف عشرات ملايين"));
// «أسفرت», «توغلت»: hardly any noun of news has this form.
const FEMININE = /^(?!ال)(?:\p{L}[^ا]|\p{L}{3,})[^اويت]ت$/u;
// «يتوافد», «استخدم»
const VERB_FORM = /^(?:ي(?!وم|مين|سار|منا|مني|عقوب|وسف|حي|اسين|ونس|ابان|هود|ورو|ا)\p{L}{3,}|است[^اي]\p{L}{2})$/u;

const past = new Set<string>();
for (const verb of PAST) {
	past.add(verb);
	// دعا → دعت, نفى → نفت, أدى → أدت
	past.add(`${verb.replace(/[اي]$/u, "")}ت`);
	past.add(`${verb}ت`);
	past.add(`${verb}وا`);
}
const present = new Set(PRESENT_STEMS.flatMap((stem) => [`ي${stem}`, `ت${stem}`]));

/** Whether a word, as it stands in compareKey's form, is a past-tense verb that news begins with: one of the list, or any in the feminine. */
export function isPastVerb(key: string): boolean {
	return past.has(key) || FEMININE.test(key);
}

/** Whether a word, in compareKey's form, most likely opens a sentence of news: a verb by list or by form, or a particle. */
export function opensNews(key: string): boolean {
	return isVerb(key) || isPastVerb(key) || PHRASE.has(key) || PARTICLE.has(key) || VERB_FORM.test(key);
}

/** Whether a word, in compareKey's form, opens a phrase that stands before its sentence: «في خطوة لافتة، …». */
export function opensPhrase(key: string): boolean {
	return PHRASE.has(key);
}

/** Whether a text begins as a sentence of news does: with a verb in the past, at once or behind a phrase and its comma («في خطوة لافتة، أعلن …»). */
export function startsNews(text: string): boolean {
	const [first, ...others] = wordsOf(text.slice(0, 90));
	if (isPastVerb(first?.key ?? "")) return true;
	const comma = text.indexOf("،");
	return PHRASE.has(first?.key ?? "") && comma > 0 && isPastVerb(others.find((word) => word.start > comma)?.key ?? "");
}

/** Whether a word, in compareKey's form, is a verb of news in the past or the present. */
export function isVerb(key: string): boolean {
	return (
		past.has(key) ||
		present.has(key) ||
		(key.length > 4 && /^[وسف]/.test(key) && (past.has(key.slice(1)) || present.has(key.slice(1))))
	);
}

function words(list: string): string[] {
	return list.trim().split(/\s+/).map(compareKey);
}

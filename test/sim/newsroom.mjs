/** Articles that every world shares, so that what is made of them is made once: article n reads the same in all of them. */

const WHO =
	"وزارة الكهرباء|مديرية المرور|هيئة الاستثمار|وزارة النفط|أمانة بغداد|دائرة الصحة|مجلس المحافظة|هيئة الأنواء الجوية|وزارة التربية|مصرف الرافدين|نقابة المعلمين|الشركة العامة للموانئ".split(
		"|",
	);
const DOES =
	"تعلن افتتاح|تباشر أعمال|تستكمل تأهيل|تؤجل مشروع|تناقش خطة|تمدد مهلة|تعيد تشغيل|تطلق حملة|توقع عقد|تراجع موازنة".split(
		"|",
	);
const WHAT =
	"محطة التحويل الجديدة|الجسر المعلق|خط نقل المياه|مدرسة نموذجية|طريق المطار|سوق الجملة|مستشفى الأطفال|معمل الإسمنت|سد الوادي|حقل الغاز|متنزه الزوراء|مرسى الصيادين|مخازن الحبوب".split(
		"|",
	);
const WHERE = "البصرة|الموصل|كركوك|النجف|ميسان|ذي قار|واسط|بابل|ديالى|الأنبار|صلاح الدين|دهوك".split("|");

const texts = new Map();

/** Title and text of the n-th article after so many edits. */
export function textOf(index, edits = 0) {
	const key = index * 16 + edits;
	const known = texts.get(key);
	if (known) return known;
	const title = `${WHO[index % 12]} ${DOES[Math.floor(index / 12) % 10]} ${WHAT[index % 13]} في ${WHERE[Math.floor(index / 5) % 12]} رقم ${index}`;
	const body = [
		`قال مصدر مسؤول إن المرحلة ${index + 1} من العمل تسير وفق الجدول الذي وضعته اللجنة المشرفة، وإن نسبة الإنجاز بلغت ${10 + (index % 80)} بالمئة.`,
		`وأضاف أن الكلفة الكلية تصل إلى ${100 + index} مليار دينار، وأن ${3 + (index % 9)} شركات محلية تشارك في التنفيذ على مراحل متتابعة حتى نهاية العام.`,
		...Array.from({ length: edits }, (_, edit) => `وجاء في توضيح لاحق رقم ${edit + 1} أن الموعد لم يتغير.`),
	].join("\n");
	const made = { title, body };
	texts.set(key, made);
	return made;
}

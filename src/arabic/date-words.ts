import type { Word } from "./words.ts";

const DATE_WORD = new Set(
	"السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه يوم كانون تشرين الاول الثاني اول ثاني شباط اذار نيسان ايار حزيران تموز اب ايلول يناير فبراير مارس ابريل مايو يونيو يونيه يوليو يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر جانفي فيفري افريل ماي جوان جويليه اوت غشت شتنبر نونبر دجنبر يوليوز ثان محرم صفر ربيع الاخر جمادي الاولي الاخره الثانيه رجب شعبان رمضان شوال ذو ذي القعده الحجه الموافق في م ه هـ ص صباحا مساء".split(
		" ",
	),
);
const MONTH =
	/^(?:كانون|تشرين|جمادي|محرم|صفر|ربيع|رجب|شعبان|رمضان|شوال|القعده|الحجه|شباط|اذار|نيسان|ايار|حزيران|تموز|اب|ايلول|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر)$/;
const WEEKDAY = /^(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)$/;

/** Whether words, in compareKey's form, make up a date: a weekday, a month with a day or a year, three figures. */
export function isDate(words: readonly Word[]): boolean {
	const numbers = words.filter((word) => /^\d/.test(word.key)).length;
	const month = words.some((word) => MONTH.test(word.key));
	return (
		(words.length === 1 && (month || WEEKDAY.test(words[0]?.key ?? ""))) ||
		(month && (numbers > 0 || words.length === 2)) ||
		(numbers === 3 && words.some((word) => /^\d{4}/.test(word.key)))
	);
}

/** Whether a word may stand in a date: a figure, a weekday, a month of any calendar. */
export function isDateWord(word: Word): boolean {
	return DATE_WORD.has(word.key) || /^\d{1,4}[مه]?$/.test(word.key);
}

import { isPastVerb, opensPhrase } from "./verbs.ts";
import { fold, wordsOf } from "./words.ts";

const FEWEST_WORDS = 7;
const COLON = /\s*[:：]\s*$/u;
// «…، وفيما يلي أبرز النقاط», «… على النحو الآتي», «…، قائلاً»: what is left without it says as much.
const BELOW = "(?:فيما|في ما) (?:يلي|يأتي)|إليكم|إليك|نعرض|نستعرض|ندرج|نورد|ننشر|هذه (?:أبرز|أهم|تفاصيل)|هذا نص";
const THUS = "كالآتي|كالتالي|كما (?:يلي|يأتي)|(?:على|وفق) (?:النحو|الشكل) (?:الآتي|التالي)";
const SAYS = "(?:قائل|مضيف|مبين|موضح|مؤكد|مشير|متابع|مخاطب)(?:\u064B?ا\u064B?|ة\u064B?)";
const HOLDS = "و(?:تضمن|شمل|ضم|جاء|كان)ت?";
const ANNOUNCING = new RegExp(
	fold(
		`[\\s،؛.–—-]+و?(?:(?:${BELOW})(?:\\s[^،؛]{0,80})?|(?:(?:من )?بينها|أبرزها|أهمها|منها|هي|هم|هما|أدناه)|(?:و?(?:جاء|كان)ت? )?(?:${THUS}))$|\\s*[،؛]\\s*(?:و?${SAYS}|${HOLDS})(?:\\s[^،؛]{0,40})?$`,
	),
	"u",
);
// What only points to the text below.
const POINTING =
	/^و?(?:فيما|في ما) (?:يلي|ياتي)(?!\p{L})|^و?(?:اليكم|اليك|هذا|هذه|هولاء|نص|تفاصيل|ابرز|اهم)(?!\p{L})|(?:ما (?:يلي|ياتي)|(?:ال|لل?)(?:تالي|تاليه|اتي|اتيه))$/u;
const SAYING =
	/^(?:[وف])?(?:قال|اضاف|ذكر|صرح|تابع|جاء|كتب|غرد|نقل|نص|ورد|يقول|تقول|اكد|اوضح|بين|اشار|لفت|شدد|سال|رد|علق|افاد|اعرب)(?:ت|وا)?$/;
// With a quotation behind the colon these, too, wait for what was said.
const DECLARING = /^(?:[وف])?(?:اعلن|كشف|حذر|دعا|دعت|طالب|وصف|نشر|تعهد|وعد|اعتبر|راي|رات|خاطب|هتف)(?:ت|وا)?$/;
const QUOTE = /^["«“]/;
// The words above are Arabic; what waits in other languages is not known.
const ARABIC = /[\u0627-\u064A]/;
const SORANI = /[ەێۆڵڕ]/;

/** A sentence that announces points or a quotation, without its colon and without the words that only point to them; undefined when it says nothing by itself. */
export function beforeColon(sentence: string, next = ""): string | undefined {
	if (!COLON.test(sentence) || !ARABIC.test(sentence) || SORANI.test(sentence)) return undefined;
	const bare = sentence.replace(COLON, "");
	const pointing = ANNOUNCING.exec(fold(bare));
	const text = (pointing ? bare.slice(0, pointing.index) : bare).replace(/[\s،؛:–—-]+$/u, "");
	const plain = fold(text.replace(/[\u064B-\u0652]/g, ""));
	const words = wordsOf(text).map((word) => word.key);
	const [first = ""] = words;
	if (words.length < FEWEST_WORDS || POINTING.test(plain) || (opensPhrase(first) && !words.some(isPastVerb)))
		return undefined;
	if (/^و?(?:بحسب|حسب|وفق|وفقا|نقلا)$/.test(first)) return undefined;
	const told = words.some((word) => /^(?:ان|انه|انها|بان|بانه|بانها|انهم)$/.test(word));
	const waits = words.some((word) => SAYING.test(word) || (QUOTE.test(next) && DECLARING.test(word)));
	return waits && !told && !pointing?.[0].match(/قائل|مضيف/) ? undefined : text;
}

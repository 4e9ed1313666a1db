import { compareKey } from "./normalize.ts";
import { sentences } from "./sentences.ts";
import { opensPhrase } from "./verbs.ts";
import { wordsOf } from "./words.ts";

const CONNECTIVE =
	/\s+(?=(?:وذلك|حيث|فيما|بينما|مشيرا|مشيراً|مشيرًا|مشيرة|مؤكدا|مؤكداً|مؤكدًا|مؤكدة|مؤكدين|موضحا|موضحاً|موضحًا|موضحة|معتبرا|معتبراً|معتبرًا|معتبرة|لافتا|لافتاً|لافتًا|لافتة|مضيفا|مضيفاً|مضيفًا|مضيفة|مبينا|مبيناً|مبينًا|مبينة|داعيا|داعياً|داعيًا|داعية|منوها|منوهاً|بحسب|وفق|وفقا|وفقاً|وفقًا|حسبما|بعدما|بعد أن|بعد ان|في حين|التي|الذي|إذ|كما|مما|لكن|ولكن|عقب|وسط|إثر|اثر|على خلفية|في وقت|بالتزامن|لا سيما|خصوصا|خصوصاً|فضلا عن|فضلاً عن|إضافة إلى|بالإضافة إلى|غير أن|إلا أن|من دون أن|قبل أن)(?:\s|$))/gu;
const PHRASE =
	/\s+(?=(?:خلال|بعد|قبل|منذ|بهدف|من أجل|بسبب|نتيجة|بمناسبة|بتمويل|بالاستفادة|لغرض|بغرض|بواقع|و[يت]\p{L}{3,}|ضمن|أثناء|بمشاركة|بحضور|بالتعاون|بعيدا|بغية|عبر|بينهم|بينها|من بينهم|من بينها|وأن|وأنه|وأنها|وقال|وأكد|وأضاف|لدى|في إطار|على هامش|دون|بدون|ليصل|لتصل|مع)\s)/gu;
const COMMA = /[،؛,;:](?=\s)/g;
// What stands between two commas inside a clause: «، اليوم الأحد،», «، في بيان،», «، خلال جلسته الاعتيادية،».
const ASIDE =
	/[،,]\s+(?:اليوم|أمس|امس|الليلة|غدا|غداً|مساء|صباح|فجر|ظهر|عصر|ليلة|ليل|نهار|يوم|أول|السبت|الأحد|الاحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة|في|خلال|عبر|على|من|عن|وفق|وفقا|وفقاً|وفقًا|بحسب|حسب|نقلا|نقلاً|ضمن|بعد|قبل|عقب|مع|وهو|وهي|الذي|التي)(?:\s[^،,.:؛]{0,60})?(?=[،,]\s)/gu;
const GOES_ON = /^[،,]\s+(?:و(?!زير|زارة|فد|كالة|قف|حدات?)|ثم\s|لكن|بل\s)/u;
const SAYING = /^(?:\p{L}+\s)?(?:قال|ذكر|أوضح|أكد|أفاد|أضاف|أعلن|كشف|صرح|رأى|اعتبر|توقع|حذر|نفى|بين|أشار|لفت)ت?(?=\s)/u;
const SAID = /\s(?:إن|أن|بأن|إنه|أنه|إنها|أنها|إنهم|أنهم|ان|عن|إلى|من)\s|:/u;
const FEWEST_WORDS = 5;
// Behind so many letters a clause has its verb and object.
const LATE = 90;
const DANGLING = new Set(
	"و في من علي الي عن ان انه انها الي التي الذي الذين اللذين مع بين بعد قبل هذا هذه ذلك تلك لم لا لن قد كل او ثم ما حتي منذ خلال عند لدي نحو ضد دون عبر حول تحت فوق اذا اذ لكن بل كما حيث فيما بينما اما سوف كان كانت ليس غير سوي اي احد احدي بان لان وان بما مما وفق وفقا بحسب بالتعاون بالاشتراك بالتزامن بالاضافه مقارنه فضلا".split(
		" ",
	),
);
// What one word is for the eye although it holds spaces: «+964 770 000 1234», «140 800».
const NUMBER_GAP = /[0-9٠-٩۰-۹)]\s(?=[0-9٠-٩۰-۹(])/g;

/** Where a sentence ends inside the text (offsets, ascending, the end of the text left out). */
export function sentenceCuts(text: string): number[] {
	const cuts: number[] = [];
	let at = 0;
	for (const sentence of sentences(text)) {
		const start = text.indexOf(sentence, at);
		if (start < 0) continue;
		at = start + sentence.length;
		if (at < text.length) cuts.push(at);
	}
	return balanced(text, cuts);
}

/** Where a clause ends: before a connective, at a comma or semicolon that is not inside it; pairs closed, no dangling word at the end, never before anything is said. */
export function clauseCuts(text: string): number[] {
	const commas = [...text.matchAll(COMMA)].filter((found) => found[0] !== ":").map((found) => found.index);
	const connectives = new Set([...text.matchAll(CONNECTIVE)].map((found) => found.index));
	const inside = new Set<number>();
	for (const { index, 0: aside } of text.matchAll(ASIDE)) {
		const end = index + aside.length;
		if (index > LATE || connectives.has(end + 1) || GOES_ON.test(text.slice(end, end + 12))) continue;
		inside.add(index).add(end);
	}
	const [first = 0] = commas;
	if (opensPhrase(wordsOf(text.slice(0, 30))[0]?.key ?? "")) inside.add(first);
	// «قال فلان، وهو …، إن …» has said nothing before its «إن».
	const saying = SAYING.exec(text);
	const said = saying ? (SAID.exec(text.slice(saying[0].length))?.index ?? 0) + saying[0].length : 0;
	return usable(text, [...commas.filter((cut) => !inside.has(cut)), ...connectives]).filter(
		(cut) => cut > said && wordsOf(text.slice(0, Math.min(cut, 80))).length >= FEWEST_WORDS,
	);
}

/** Where a phrase of time, place or manner begins that a sentence can do without. */
export function phraseCuts(text: string): number[] {
	return usable(
		text,
		[...text.matchAll(PHRASE)].map((found) => found.index),
	);
}

/** Where a word ends: pairs closed, never inside a figure written in groups, no dangling word at the end. */
export function wordCuts(text: string): number[] {
	const gaps = new Set([...text.matchAll(NUMBER_GAP)].map((found) => found.index + 1));
	return usable(
		text,
		[...text.matchAll(/\s+(?!\p{M}|\u200D)/gu)].map((found) => found.index).filter((cut) => !gaps.has(cut)),
	);
}

/** When no word boundary will do: between two letters of the first long words (whole graphemes), but not in an address, tag or figure. */
export function lastResort(text: string): number[] {
	const cuts: number[] = [];
	const head = text.slice(0, 2000);
	const kept = [...head.matchAll(/\S+/g)]
		.filter(([word]) => /[0-9٠-٩۰-۹]|^[#@]|\S\.\S|:\/\//.test(word))
		.map((found) => [found.index, found.index + found[0].length] as const);
	for (const { index } of new Intl.Segmenter("ar", {
		granularity: "grapheme",
	}).segment(head)) {
		if (
			index > 0 &&
			!kept.some(([from, to]) => index > from && index <= to) &&
			/[\p{L}\p{N}\p{M}]/u.test(text[index - 1] ?? "")
		)
			cuts.push(index);
	}
	return cuts;
}

/** The beginning of a text without the punctuation left hanging at its end. */
export function tailOff(text: string): string {
	return text
		.replace(/[\s،؛,;:–—-]+$/u, "")
		.replace(/(?<=[\p{L}\p{N}»")])[.…]+$/u, (dots) => (dots === "." ? "." : ""));
}

/** The beginning of a text up to `cut`, marked with «…», its open pairs closed. */
export function closeAt(text: string, cut: number): string {
	const kept = text.slice(0, cut).replace(/[\s.،؛,;:…–—-]+$/u, "");
	return kept === "" ? "" : `${kept}…${openPairs(kept)}`;
}

function usable(text: string, cuts: readonly number[]): number[] {
	const sorted = [...new Set(cuts)].filter((cut) => cut > 0 && cut < text.length).sort((a, b) => a - b);
	return balanced(text, sorted).filter((cut) => !dangles(text.slice(Math.max(0, cut - 40), cut)));
}

function dangles(text: string): boolean {
	const word = /(\S+)\s*$/u.exec(text.replace(/[\s،؛,;:–—-]+$/u, ""))?.[1] ?? "";
	return DANGLING.has(compareKey(word)) || /^[^\p{L}\p{N}»")\]!؟?.%٪”]+$/u.test(word);
}

const PAIRS: Readonly<Record<string, string>> = {
	"«": "»",
	"“": "”",
	"(": ")",
	"[": "]",
};

const CLOSERS = new Set(Object.values(PAIRS));

// One walk for all cuts: the cuts at which nothing is open.
function balanced(text: string, cuts: readonly number[]): number[] {
	const open: string[] = [];
	const kept: number[] = [];
	let next = 0;
	for (let at = 0; at <= text.length && next < cuts.length; at++) {
		while (next < cuts.length && cuts[next] === at) {
			if (open.length === 0) kept.push(at);
			next++;
		}
		step(open, text[at] ?? "");
	}
	return kept;
}

function openPairs(text: string): string {
	const open: string[] = [];
	for (const sign of text) step(open, sign);
	return open.reverse().join("");
}

function step(open: string[], sign: string): void {
	const close = PAIRS[sign];
	if (close !== undefined) open.push(close);
	else if (sign === '"') {
		if (open.includes('"')) open.splice(open.lastIndexOf('"'));
		else open.push('"');
	} else if (CLOSERS.has(sign) && open.includes(sign)) open.splice(open.lastIndexOf(sign));
}

import { beforeColon } from "./colon.ts";
import { clauseCuts, closeAt, lastResort, phraseCuts, sentenceCuts, tailOff, wordCuts } from "./cuts.ts";
import { compareWords } from "./normalize.ts";
import { leavesOpen, sentences } from "./sentences.ts";
import { similarity, terms } from "./stem.ts";

/** The most characters a lead has: nine of ten standfirsts that editors write are shorter. */
export const LEAD_LENGTH = 185;

const FEWEST_WORDS = 7;
const LOOKED_AT = 8;
const LONGEST_SECOND = 260;
const WORD = /[\p{L}\p{M}\p{N}\u0640]+/gu;
// «1- مراجعة المركز …»: the first of several points.
const NUMBER = /^\(?[0-9٠-٩۰-۹]{1,2}\s?[-–.)]\s*(?=\p{L})/u;
const LEAST = 0.45;
// A clause that keeps less says too little beside a cut at a word.
const LEAST_CLAUSE = 0.6;
const LIST = /[،؛,]\s+(?:و?(?:من )?بين(?:هم|ها|هن|هما)|و?منه[ما]|أبرزه[ما]|و?في مقدمته[ما]|مثل)\s[^،]*$/u;
const CUT_OFF =
	/(?:\.\.\.|…|\[(?:…|\.\.\.|&hellip;)\]|اقرأ المزيد|إقرأ المزيد|المزيد|Read more|Continue reading)[\s»"”\].)]*$/iu;

/** What a lead is taken from; `summary` is the editor's own, already cleaned. */
export interface LeadInput {
	readonly title: string;
	readonly paragraphs: readonly string[];
	readonly summary?: string;
}

/** The sentence an article is told by: the editor's summary when it is one, else the first real sentence; at most LEAD_LENGTH characters, complete, never with «…» at its end. */
export function lead(input: LeadInput): string {
	const title = compareWords(input.title).join(" ");
	const summary = editorsSentence(input, title);
	if (summary !== undefined) return trimmed(summary);
	const candidates: string[] = [];
	for (const paragraph of input.paragraphs) {
		candidates.push(...sentences(paragraph));
		if (candidates.length >= LOOKED_AT) break;
	}
	const fresh = candidates.filter((sentence) => !isTitle(sentence, title));
	const rest =
		fresh.length > 0 ? fresh : sentences(input.summary ?? "").filter((sentence) => !isTitle(sentence, title));
	const chosen =
		firstReal(rest.slice(0, LOOKED_AT), title) ?? rest.find((sentence) => !/[؟?:]["»”)]*$/.test(sentence)) ?? rest[0];
	return chosen === undefined ? "" : trimmed(chosen);
}

/** For long posts: the sentence after the lead that says most about the title without repeating the lead, whole or cut at a clause; undefined when there is none. */
export function secondSentence(input: {
	readonly title: string;
	readonly paragraphs: readonly string[];
	readonly lead: string;
}): string | undefined {
	const title = terms(input.title);
	const first = terms(input.lead);
	const told = compareWords(input.lead).join(" ");
	const named = compareWords(input.title).join(" ");
	let best: { readonly text: string; readonly score: number } | undefined;
	let index = 0;
	for (const paragraph of input.paragraphs) {
		for (const sentence of sentences(paragraph)) {
			if (++index > 2 * LOOKED_AT) return best?.text;
			const key = compareWords(sentence).join(" ");
			if (
				!isReal(sentence) ||
				leavesOpen(sentence) ||
				key === named ||
				(told !== "" && (key.startsWith(told) || told.startsWith(key)))
			)
				continue;
			const own = terms(sentence);
			if (similarity(own, first) > 0.8) continue;
			const score = similarity(own, title) + 0.5 / (index + 1);
			if (best && score <= best.score) continue;
			const text = sentence.length <= LONGEST_SECOND ? sentence : atClause(sentence, LONGEST_SECOND);
			if (text !== undefined) best = { text, score };
		}
	}
	return best?.text;
}

/**
 * The longest cut of a text that fits: the whole, then at a sentence, then at a clause (both complete, without «…»), then at a word with «…»; '' when
 * nothing fits. A complete cut is only taken when it keeps most of what would fit. `fits` is taken to be monotone and is asked about 40 times at most.
 */
export function shorten(text: string, fits: (candidate: string) => boolean): string {
	if (text === "" || fits(text)) return text;
	const word = longest(wordCuts(text), (cut) => closeAt(text, cut), fits);
	const least = LEAST * word.length;
	const sentence = longest(sentenceCuts(text), (cut) => text.slice(0, cut).trimEnd(), fits);
	if (sentence !== "" && sentence.length >= least) return sentence;
	const clause = longest(clauseCuts(text), (cut) => tailOff(text.slice(0, cut)), fits);
	if (clause !== "" && clause.length >= LEAST_CLAUSE * word.length) return clause;
	if (word !== "") return word;
	return longest(lastResort(text), (cut) => closeAt(text, cut), fits);
}

function longest(
	cuts: readonly number[],
	render: (cut: number) => string,
	fits: (candidate: string) => boolean,
): string {
	let low = 0;
	let high = cuts.length;
	let best = "";
	while (low < high) {
		const middle = (low + high) >> 1;
		const candidate = render(cuts[middle] ?? 0);
		if (candidate !== "" && fits(candidate)) {
			best = candidate;
			low = middle + 1;
		} else high = middle;
	}
	return best;
}

function editorsSentence(input: LeadInput, title: string): string | undefined {
	const summary = input.summary?.trim() ?? "";
	if (summary === "") return undefined;
	const all = sentences(summary);
	// What is cut off counts as far as it is whole.
	const whole = CUT_OFF.test(summary) ? all.slice(0, -1) : all;
	return whole.find((sentence) => isReal(sentence) && !isTitle(sentence, title) && !CUT_OFF.test(sentence));
}

// A sentence that announces points or a quotation counts without what only points to them.
function firstReal(all: readonly string[], title: string): string | undefined {
	for (const [index, one] of all.entries()) {
		if (isReal(one) && !isQuoted(one, all[index - 1])) return one.replace(NUMBER, "");
		const whole = beforeColon(one, all[index + 1]);
		if (whole !== undefined && !isTitle(whole, title)) return whole;
	}
	return undefined;
}

// «قالت الوزارة:» and what she said, on a line of its own.
function isQuoted(sentence: string, before = ""): boolean {
	return /^["«“]/.test(sentence) && /:$/.test(before);
}

function isTitle(sentence: string, title: string): boolean {
	return sentence.length < 2 * title.length + 20 && compareWords(sentence).join(" ") === title;
}

function isReal(sentence: string): boolean {
	return (sentence.match(WORD)?.length ?? 0) >= FEWEST_WORDS && !/[؟?:]["»”)\s]*$/.test(sentence);
}

function trimmed(sentence: string): string {
	const whole = sentence.replace(/(?:\s*(?:…|\.{2,}|\[(?:…|\.+)\]))+$/u, "");
	if (whole.length <= LEAD_LENGTH) return whole === sentence ? whole : tailOff(whole);
	return atClause(whole, LEAD_LENGTH) ?? atWord(whole, LEAD_LENGTH);
}

function atClause(sentence: string, most: number): string | undefined {
	for (const [cuts, least] of [
		[clauseCuts(sentence), LEAST * most],
		[phraseCuts(sentence), LEAST * most],
		[clauseCuts(sentence), 0.25 * most],
	] as const) {
		const cut = cuts.findLast((one) => one >= least && one <= most);
		if (cut !== undefined) return tailOff(withoutList(sentence.slice(0, cut), LEAST * most));
	}
	return undefined;
}

// «…، بينهم فلان وفلان»: a list of examples cut short is less than none.
function withoutList(text: string, least: number): string {
	const list = text.search(LIST);
	return list >= least ? text.slice(0, list) : text;
}

function atWord(sentence: string, most: number): string {
	const cut = wordCuts(sentence).findLast((one) => one <= most) ?? lastResort(sentence).findLast((one) => one <= most);
	return cut === undefined ? "" : tailOff(sentence.slice(0, cut));
}

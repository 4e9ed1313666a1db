import { compareWords } from "../arabic/normalize.ts";
import { terms } from "../arabic/stem.ts";

/** What is compared of an article. */
export interface Story {
	readonly headline: Headline;
	/** The beginning of its text; empty when it has none. */
	readonly text: string;
	/** Published or first seen, milliseconds since 1970. */
	readonly at: number;
}

/** A headline, ready to be compared. */
export interface Headline {
	readonly stems: ReadonlySet<string>;
	/** Numbers, days and the like: what tells one occurrence of a recurring headline from another. */
	readonly figures: ReadonlySet<string>;
}

/**
 * What a fresh story is beside one that is known already. `duplicate`: the same news again · `similar`: perhaps, an admin knows ·
 * `update`: the same news with other figures or of another day of the week, which followers want · `other`: something else.
 */
export type Likeness = "duplicate" | "similar" | "update" | "other";

/** Stories further apart than this have nothing to do with each other. Milliseconds. */
export const STORY_WINDOW = 48 * 3_600_000;
/** A headline that comes back on another day after longer than this is a recurring one. */
const SAME_NIGHT = 12 * 3_600_000;
/** Shares of common stems in two headlines: at 0.8, 98 of 100 pairs of one day are the same story; at 0.6, 93. */
const DUPLICATE = 0.8;
const SIMILAR = 0.6;
/** Share of common stems in the beginnings of two texts from which they count as one text. */
const SAME_TEXT = 0.25;
const BEGINNING = 600;
/** Texts with fewer stems confirm nothing. */
const ENOUGH = 12;

const NUMBERS = new Map(
	[
		["واحد", "واحده"],
		["اثنان", "اثنين", "اثنتان", "اثنتين"],
		["ثلاثه", "ثلاث"],
		["اربعه", "اربع"],
		["خمسه", "خمس"],
		["سته", "ست"],
		["سبعه", "سبع"],
		["ثمانيه", "ثماني", "ثمان"],
		["تسعه", "تسع"],
		["عشره", "عشر"],
	].flatMap((forms, index) => forms.map((form) => [form, String(index + 1)] as const)),
);
/** Words that tell one occurrence of a recurring headline from another. */
const MARKS = new Set(
	`احد اثنين ثلاثاء اربعاء خميس جمعه سبت
	اول اولي ثاني ثانيه ثالث ثالثه رابع رابعه خامس خامسه سادس سادسه سابع سابعه ثامن ثامنه تاسع تاسعه عاشر عاشره
	عشرون عشرين ثلاثون ثلاثين اربعون اربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئه مائه مئات مئتين الاف مليون مليار
	صباح صباحا مساء مساءا ظهرا ليلا صباحي مسائي`.split(/\s+/),
);
const PREFIX = /^(?:و|ف)?(?:ب|ل|ك)?(?:ال)?(?=.{2})/u;

/** How a fresh story stands to a known one. `dayOf` gives the day of the newsroom's calendar. */
export function likeness(fresh: Story, known: Story, dayOf: (at: number) => string): Likeness {
	const apart = Math.abs(fresh.at - known.at);
	if (apart > STORY_WINDOW) return "other";
	const share = shared(fresh.headline, known.headline);
	if (share < SIMILAR) return "other";
	if (!equal(fresh.headline.figures, known.headline.figures)) return "update";
	const texts = [beginning(fresh.text), beginning(known.text)] as const;
	const telling = texts.every(({ size }) => size >= ENOUGH);
	const sameText = telling && jaccard(...texts) >= SAME_TEXT;
	if (apart > SAME_NIGHT && dayOf(fresh.at) !== dayOf(known.at)) return sameText ? "duplicate" : "other";
	if (share < DUPLICATE) return "similar";
	return telling && !sameText && share < 1 ? "similar" : "duplicate";
}

/** Whether two headlines could belong to one story, whenever they stood. */
export function alike(one: Headline, two: Headline): boolean {
	return shared(one, two) >= SIMILAR;
}

/** Share of common stems, 0 to 1; 0 where there is too little to compare. */
function shared(one: Headline, two: Headline): number {
	return one.stems.size < 2 || two.stems.size < 2 ? 0 : jaccard(one.stems, two.stems);
}

/** Takes a headline apart. */
export function headlineOf(title: string): Headline {
	const figures = new Set<string>();
	const words: string[] = [];
	for (const word of compareWords(title)) {
		const bare = word.replace(PREFIX, "");
		const number = NUMBERS.get(word) ?? NUMBERS.get(bare);
		if (/\d/.test(word)) figures.add(word.replace(/\D+/g, " ").trim());
		else if (number !== undefined) figures.add(number);
		else if (MARKS.has(bare) || MARKS.has(word)) figures.add(bare);
		else words.push(word);
	}
	return { stems: new Set(terms(words.join(" ")).keys()), figures };
}

function beginning(text: string): ReadonlySet<string> {
	return new Set(terms(text.slice(0, BEGINNING)).keys());
}

function jaccard(one: ReadonlySet<string>, two: ReadonlySet<string>): number {
	let common = 0;
	for (const stem of one) if (two.has(stem)) common++;
	const all = one.size + two.size - common;
	return all === 0 ? 0 : common / all;
}

function equal(one: ReadonlySet<string>, two: ReadonlySet<string>): boolean {
	return one.size === two.size && [...one].every((figure) => two.has(figure));
}

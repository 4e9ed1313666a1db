import { direct } from "../arabic/direction.ts";

/** A headline laid out for a card: the size of its type in pixels, and its lines from the top. */
export interface Layout {
	readonly size: number;
	readonly lines: readonly string[];
	/** Whether words had to go, with «…» in their place. */
	readonly cut: boolean;
}

/** The room for a headline, in pixels. */
export interface Room {
	readonly width: number;
	readonly height: number;
	readonly largest: number;
	readonly smallest: number;
	/** Distance of two lines, in parts of the size. */
	readonly pitch: number;
	readonly mostLines: number;
}

/** Width of a piece of text on one line, in parts of the size of its type. */
export type Measure = (text: string) => number;

/** What a single line takes from the top of its tallest letter to the bottom of its lowest, in parts of the size. */
const EXTENT = 1.3;
/** How much smaller than the largest fitting size a better divided headline may be. */
const GIVE = 0.82;
/** What breaks cost; 1 is a line with nothing on it. */
const AFTER_PARTICLE = 0.1;
const AFTER_NUMBER = 0.05;
const INSIDE_PAIR = 0.015;
const LONE_WORD = 0.12;
/** Measured words and a drawn line differ by a hair. */
const HAIR = 0.995;

/** Words that lean on the next one: a line should not end in them. */
const PARTICLE =
	/^و?(?:في|من|على|إلى|الى|عن|مع|أن|إن|لا|ما|لم|لن|قد|كل|أو|ثم|بين|بعد|قبل|حتى|عند|ضد|نحو|منذ|خلال|دون|غير|هل|هذا|هذه|الذي|التي|the|a|an|of|to|in|on|for|and|or|at|by)$/iu;
// An isolated phone number is one word with spaces inside.
const WORD = /(?:[\u2066-\u2068][^\u2069]*\u2069|\S)+/gu;
const PICTURE =
	/[#*0-9]\uFE0F?\u20E3|(?:(?![©®™#*0-9])\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier})(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\uFE0F/gu;
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Co}\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]/gu;
const graphemes = new Intl.Segmenter("ar", { granularity: "grapheme" });

/** A text as a card shows it: on one line, without emoji and invisible leftovers, with isolates around what a right-to-left line would turn round. */
export function cardText(text: string): string {
	const plain = text
		.replace(PICTURE, " ")
		.replace(/\s+/gu, " ")
		.replace(INVISIBLE, "")
		.replace(/ +([،؛؟!:.»)\]])/gu, "$1")
		.replace(/ +/g, " ")
		.trim();
	return direct(plain).replace(/^\u200F/u, "");
}

/**
 * Divides a headline into lines of about the same length, in the largest type that fits the room. No word is lost or cut: only a single word
 * wider than the room in the smallest type is divided, and only words for which there is no room even then give way to «…».
 */
export function layOut(text: string, room: Room, measure: Measure): Layout {
	const widths = new Map<string, number>();
	const width: Measure = (word) => {
		const known = widths.get(word) ?? measure(word);
		widths.set(word, known);
		return known;
	};
	const words = wordsOf(text);
	const across = (size: number) => (room.width / size) * HAIR;
	const most = (size: number) =>
		Math.min(room.mostLines, Math.max(1, Math.floor((room.height / size - EXTENT) / room.pitch) + 1));
	let fit: number | undefined;
	let best: { readonly size: number; readonly lines: readonly string[]; readonly worth: number } | undefined;
	for (let size = room.largest; size >= Math.max(room.smallest, (fit ?? 0) * GIVE); size -= 2) {
		const least = greedy(words, across(size), width).length;
		if (least > most(size) || words.some((word) => width(word) > across(size))) continue;
		fit ??= size;
		for (let count = Math.max(1, least); count <= most(size); count++) {
			const { lines, cost } = balance(words, count, across(size), width);
			const worth = size / fit - cost;
			if (lines.length > 0 && (best === undefined || worth > best.worth)) best = { size, lines, worth };
		}
	}
	if (best) return { size: best.size, lines: best.lines, cut: false };
	return squeeze(words, { across: across(room.smallest), most: most(room.smallest), size: room.smallest }, width);
}

/** What does not fit whole, in the smallest type. */
function squeeze(
	words: readonly string[],
	{ across, most, size }: { readonly across: number; readonly most: number; readonly size: number },
	width: Measure,
): Layout {
	const pieces = words.flatMap((word) => (width(word) > across ? divided(word, across, width) : [word]));
	const whole = greedy(pieces, across, width);
	if (whole.length <= most) return { size, lines: whole, cut: false };
	for (let kept = pieces.length - 1; kept > 0; kept--) {
		const last = (pieces[kept - 1] ?? "").replace(/[\p{P}\u200D]+$/u, "");
		if (last === "" || PARTICLE.test(last)) continue;
		const lines = greedy([...pieces.slice(0, kept - 1), `${last}…`], across, width);
		if (lines.length <= most) return { size, lines, cut: true };
	}
	return { size, lines: ["…"], cut: true };
}

/** The words of a text; a lone «و» belongs to the word behind it. */
function wordsOf(text: string): string[] {
	const words: string[] = [];
	let before = "";
	for (const [word] of text.matchAll(WORD)) {
		if (word === "و") before += "و ";
		else {
			words.push(before + word);
			before = "";
		}
	}
	return before === "" ? words : [...words, before.trim()];
}

/** As many words on each line as it holds. */
function greedy(words: readonly string[], across: number, width: Measure): string[] {
	const space = width(" ");
	const lines: string[] = [];
	let used = 0;
	for (const word of words) {
		const wide = width(word);
		if (lines.length > 0 && used + space + wide <= across) {
			lines[lines.length - 1] += ` ${word}`;
			used += space + wide;
		} else {
			lines.push(word);
			used = wide;
		}
	}
	return lines;
}

/** The cheapest division into exactly so many lines; no line when there is none. */
function balance(
	words: readonly string[],
	count: number,
	across: number,
	width: Measure,
): { readonly lines: readonly string[]; readonly cost: number } {
	const space = width(" ");
	const ends = [0];
	for (const word of words) ends.push((ends.at(-1) ?? 0) + width(word) + space);
	const from = (start: number, end: number) => (ends[end] ?? 0) - (ends[start] ?? 0) - space;
	const ideal = (from(0, words.length) - (count - 1) * space) / count;
	const open = depths(words);
	const breakCost = (end: number) => {
		const last = (words[end - 1] ?? "").replace(/\p{M}/gu, "");
		if (end === words.length) return 0;
		const leaning = PARTICLE.test(last) ? AFTER_PARTICLE : /\d$/u.test(last) ? AFTER_NUMBER : 0;
		return leaning + ((open[end - 1] ?? 0) > 0 ? INSIDE_PAIR : 0);
	};
	let row = new Map<number, { readonly cost: number; readonly starts: readonly number[] }>([
		[0, { cost: 0, starts: [] }],
	]);
	for (let line = 1; line <= count; line++) {
		const next: typeof row = new Map();
		for (const [start, { cost, starts }] of row) {
			for (let end = start + 1; end <= words.length; end++) {
				const long = from(start, end);
				if (long > across) break;
				if ((line === count) !== (end === words.length)) continue;
				const lone = count > 1 && end === start + 1 && words.length > 3 ? LONE_WORD : 0;
				const sum = cost + ((long - ideal) / across) ** 2 + breakCost(end) + lone;
				if (sum < (next.get(end)?.cost ?? Number.POSITIVE_INFINITY))
					next.set(end, { cost: sum, starts: [...starts, start] });
			}
		}
		row = next;
	}
	const found = row.get(words.length);
	if (!found) return { lines: [], cost: Number.POSITIVE_INFINITY };
	const { starts } = found;
	return {
		lines: starts.map((start, line) => words.slice(start, starts[line + 1]).join(" ")),
		cost: found.cost,
	};
}

/** How many brackets and quotation marks are open after each word. */
function depths(words: readonly string[]): number[] {
	let depth = 0;
	return words.map((word) => {
		depth += (word.match(/[«“([]/gu)?.length ?? 0) - (word.match(/[»”)\]]/gu)?.length ?? 0);
		return depth;
	});
}

/** A word in pieces that fit, its letters joined across the break (U+200D asks for the joined form). */
function divided(word: string, across: number, width: Measure): string[] {
	const pieces: string[] = [];
	let piece = "";
	for (const { segment } of graphemes.segment(word)) {
		if (piece !== "" && width(`${piece}${segment}\u200D`) > across) {
			pieces.push(`${piece}\u200D`);
			piece = "\u200D";
		}
		piece += segment;
	}
	return [...pieces, piece];
}

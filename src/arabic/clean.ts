import { readByline } from "./bylines.ts";
import { readCreditLine, readHead } from "./datelines.ts";
import { isDeskSign, isSignature } from "./endings.ts";
import { isListed, readFurniture, readTail } from "./furniture.ts";
import { readCaption, readLabelHead, readLabelLine, readLabelTail } from "./labels.ts";
import { type Names, type Register, register } from "./names.ts";
import { compareKey, tidy } from "./normalize.ts";
import { doubledEnd, strayHead, subheadlines, withoutDoubled, withoutStray } from "./strays.ts";
import { type TitleFinder, titleFinder } from "./titles.ts";
import { fold, wordsOf } from "./words.ts";

export type { Names } from "./names.ts";

/** Something taken out of a text, and the rule that took it. */
export interface Removed {
	readonly rule: string;
	readonly text: string;
}

/** A title and text without what is not theirs; `credits` keeps the sources that were named. */
export interface Cleaned {
	readonly title: string;
	readonly paragraphs: readonly string[];
	readonly credits: readonly string[];
	readonly removed: readonly Removed[];
}

/** Cleans articles; cleaning what is clean changes nothing. */
export interface Cleaner {
	/** `body` is plain text, its paragraphs divided by line breaks. */
	clean(title: string, body: string): Cleaned;
}

const MOST_HEADS = 6;
const MARKS = new Set(["خاص", "حصري", "متابعه", "متابعات", "خاص متابعه", "متابعه خاصه", "متابعه صحفيه", "تغطيه خاصه"]);
const LETTERS = /(?!\u0640)[\p{L}\p{N}]/u;

interface Work {
	readonly names: Register;
	readonly title: TitleFinder;
	readonly on: (rule: string) => boolean;
	/** The names by their keys, with where they stood in the body. */
	readonly credits: Map<string, { readonly name: string; readonly at: number }>;
	readonly body: string;
	readonly removed: Removed[];
	/** Lines that an earlier round found nothing in, and whether it looked at them as one of the first two. */
	readonly settled: Map<string, boolean>;
	/** Lines, with what stood around them, that an earlier round did not take for credits. */
	readonly passed: Set<string>;
	/** Lines that are neither furniture nor label nor title, with their keys. */
	readonly plain: Map<string, string>;
	/** Whether the first paragraphs say before a stroke what they are about: then those below do too. */
	kicked: boolean;
}

/** A cleaner for a newsroom's names; `without` switches rules off by name. */
export function cleaner(names: Names, options: { readonly without?: readonly string[] } = {}): Cleaner {
	const known = register(names);
	const off = new Set(options.without);
	return {
		clean(title, body) {
			const one = tidy(tidy(title).replaceAll("\n", " "));
			const headline = off.has("stray") ? one : withoutStray(one);
			const work: Work = {
				names: known,
				title: titleFinder(headline),
				on: (rule) => !off.has(rule),
				credits: new Map(),
				body: tidy(body),
				removed: [],
				settled: new Map(),
				passed: new Set(),
				plain: new Map(),
				kicked: false,
			};
			let lines = work.body.split("\n").filter(Boolean);
			// Each round only takes away, so the rounds end; the last one changes nothing, which makes cleaning twice cleaning once.
			for (;;) {
				const next = round(lines, work);
				if (next.length === lines.length && next.every((line, index) => line === lines[index])) break;
				lines = next;
			}
			return {
				title: headline,
				paragraphs: lines,
				credits: withoutMarks([...work.credits.values()].sort((a, b) => a.at - b.at).map((credit) => credit.name)),
				removed: work.removed,
			};
		},
	};
}

function round(lines: readonly string[], work: Work): string[] {
	const kept = wholeLines(lines, work);
	const bullets = work.on("subheadline") ? subheadlines(kept) : 0;
	const text: string[] = [];
	for (const line of kept.slice(0, bullets)) take(work, "subheadline", line, []);
	for (const line of kept.slice(bullets)) {
		const settled = work.settled.get(line);
		if (settled === true || (settled === false && text.length > 1)) {
			text.push(line);
			continue;
		}
		const cut = trimEnd(trimHead(line, text.length, work), work);
		const rest = cut === line ? line : tidy(cut);
		if (rest === line) work.settled.set(line, text.length < 2);
		if (LETTERS.test(rest)) text.push(rest);
		else if (rest !== "") {
			if (work.on("empty")) take(work, "empty", rest, []);
			else text.push(rest);
		}
	}
	return text;
}

function wholeLines(lines: readonly string[], work: Work): string[] {
	const kept: string[] = [];
	const seen = new Set<string>();
	let listed = false;
	let open = false;
	for (const [index, line] of lines.entries()) {
		const told = kept.some((one) => one.length > 60);
		const known = work.plain.get(line);
		const found = known === undefined ? readFurniture(line) : undefined;
		if (found && work.on(found.rule)) {
			take(work, found.rule, line, []);
			if (found.ends && told && work.on("sidebar")) {
				for (const rest of lines.slice(index + 1)) take(work, "sidebar", rest, []);
				break;
			}
			listed = found.list === true;
			continue;
		}
		if (listed && work.on("sidebar") && isInList(line, lines.slice(index + 1), kept.some(isText))) {
			take(work, "sidebar", line, []);
			continue;
		}
		listed = false;
		const label = known === undefined ? readLabelLine(line, work.names) : undefined;
		if (label && work.on(label.rule)) {
			take(work, label.rule, line, label.credits);
			open = label.open === true;
			continue;
		}
		if (open && wordsOf(line).length < 7 && !/[.!؟:]$/.test(line) && line.length < 60) {
			take(work, "label", line, [line]);
			open = false;
			continue;
		}
		open = false;
		const head = kept.length < 2;
		const last = index >= lines.length - 3;
		const around = `${kept.length}${told}${last && lines.length - index}${work.credits.size > 0}${head ? lines[index + 1] : ""}\n${line}`;
		const passed = !(head || last) || work.passed.has(around);
		if (!passed) work.passed.add(around);
		const credit = !passed ? readCreditLine(line, work.names, kept.length === 0 ? lines[index + 1] : "") : undefined;
		if (
			credit &&
			work.on(credit.rule) &&
			(credit.rule !== "place-line" || (kept.length === 0 && index + 1 < lines.length))
		) {
			take(work, credit.rule, line, credit.credits);
			continue;
		}
		const closing = last && lines.slice(index + 1).every((one) => one.length < 45);
		if (!passed && told && closing && isDeskSign(line) && work.on("end")) {
			take(work, "end", line, []);
			continue;
		}
		const final = told && index === lines.length - 1 && work.credits.size > 0;
		if (final && isSignature(line, kept.at(-1) ?? "") && work.on("byline")) {
			take(work, "byline", line, [line]);
			continue;
		}
		const caption =
			!passed && head && lines.length > index + 1 ? readCaption(line, lines[index + 1] ?? "", work.names) : undefined;
		if (caption && work.on(caption.rule)) {
			take(work, caption.rule, line, caption.credits);
			continue;
		}
		const byline =
			!passed && kept.length === 0 && lines.length > index + 1
				? readByline(line, work.names, work.credits.size > 0)
				: undefined;
		if (byline && work.on(byline.rule)) {
			take(work, byline.rule, line, byline.credits);
			continue;
		}
		if (known === undefined && work.on("title") && work.title.equals(line)) {
			take(work, "title", line, []);
			continue;
		}
		const key = known ?? (line.length > 30 ? fold(line) : "");
		work.plain.set(line, key);
		if (key !== "" && seen.has(key) && work.on("repeat")) {
			take(work, "repeat", line, []);
			continue;
		}
		seen.add(key);
		kept.push(line);
	}
	return kept;
}

// Under the last list of an article a headline may be a question; a list above the text ends where the text begins.
function isInList(line: string, below: readonly string[], under: boolean): boolean {
	if (!under) return isListed(line) && below.some((one) => !isListed(one));
	const headline = (one: string) => isListed(one) || (one.length <= 90 && /؟["»”)]*$/.test(one));
	return isListed(line) || (headline(line) && below.every(headline));
}

function isText(line: string): boolean {
	return line.length > 60 || /[.!؟]["»”)]*$/.test(line);
}

function trimHead(line: string, index: number, work: Work): string {
	let rest = line;
	for (let turn = 0; turn < MOST_HEADS; turn++) {
		const before = rest;
		if (work.on("stray")) {
			const stray = strayHead(rest, rest === line);
			if (stray !== "") {
				if (stray.trim() !== "") take(work, "stray", stray.trim(), []);
				rest = rest.slice(stray.length);
			}
		}
		if (work.on("title")) {
			const end = work.title.repeated(
				rest,
				(behind) => readHead(behind, work.names) !== undefined || readFurniture(behind) !== undefined,
			);
			rest = cutHead(rest, end, "title", [], work);
		}
		if (index < 2) {
			const label = readLabelHead(rest, work.names);
			if (label && work.on(label.rule)) rest = cutHead(rest, label.end, label.rule, label.credits, work);
		}
		if (index < 2 || work.kicked || work.names.prefix(rest)?.reading.kind === "place") {
			const head = readHead(rest, work.names);
			if (head && work.on(head.rule) && (index < 2 || head.certain || (work.kicked && head.kicker))) {
				if (head.kicker) work.kicked = true;
				rest = cutHead(rest, head.end, head.rule, head.credits, work);
			}
		}
		if (rest === before) break;
	}
	return rest;
}

function trimEnd(line: string, work: Work): string {
	let rest = line;
	for (let turn = 0; turn < MOST_HEADS; turn++) {
		const tail = readTail(rest, (rest === line && work.plain.get(line)) || fold(rest));
		const label = readLabelTail(rest, work.names);
		if (tail && work.on(tail.rule)) {
			take(work, tail.rule, rest.slice(tail.start).trim(), []);
			rest = rest.slice(0, tail.start).trimEnd();
		} else if (label && work.on(label.rule)) {
			take(work, label.rule, rest.slice(label.start).trim(), label.credits);
			rest = rest.slice(0, label.start).trimEnd();
		} else break;
	}
	const closing = work.on("title") ? work.title.closing(rest) : rest.length;
	if (closing < rest.length) {
		take(work, "title", rest.slice(closing), []);
		rest = rest.slice(0, closing).trimEnd();
	}
	const doubled = work.on("repeat") ? doubledEnd(rest) : rest.length;
	if (doubled < rest.length) {
		take(work, "repeat", rest.slice(doubled), []);
		rest = rest.slice(0, doubled).trimEnd();
	}
	return work.on("doubled") ? withoutDoubled(rest) : rest;
}

function cutHead(line: string, end: number, rule: string, credits: readonly string[], work: Work): string {
	if (end <= 0) return line;
	take(work, rule, line.slice(0, end).trim(), credits);
	return line.slice(end);
}

// «خاص» and «متابعة» say whose a text is when nobody is named.
function withoutMarks(credits: readonly string[]): string[] {
	const named = credits.filter((credit) => !MARKS.has(compareKey(credit)));
	return named.length > 0 ? named : credits.filter((credit) => /^خاصه?$/.test(compareKey(credit))).slice(0, 1);
}

function take(work: Work, rule: string, text: string, credits: readonly string[]): void {
	work.removed.push({ rule, text });
	const at = credits.length > 0 ? work.body.indexOf(text) : 0;
	for (const credit of credits) {
		const name = tidy(credit).trim();
		const key = compareKey(name);
		if (key !== "" && !work.credits.has(key)) work.credits.set(key, { name, at });
	}
}

import { isNameLike } from "./name-like.ts";
import type { Reading, Register } from "./names.ts";
import { unwrap } from "./words.ts";

/** A piece of a line between separators. */
export interface Segment {
	readonly raw: string;
	readonly reading: Reading | undefined;
	/** The separator behind it: one of / | - : or nothing. */
	readonly sep: string;
	/** The sign that closes the brackets or quotes around it, or nothing. */
	readonly bracket: string;
	readonly end: number;
}

const MOST_SEGMENTS = 7;
const LONGEST_SEGMENT = 70;
const SEPARATOR = /\s*(?:\/|\\|\||•|:|--|-|–|—|ـ+(?=\s))+\s*/y;
// Between two figures a stroke is part of a date or a score.
const STOPPER = /[\\|•–—()[\]{}«»"“”]|(?<![0-9٠-٩۰-۹]\s?)[/:-]|[/:-](?!\s?[0-9٠-٩۰-۹])|\sـ+\s/g;
const CLOSING: Readonly<Record<string, string>> = {
	"(": ")",
	"[": "]",
	"{": "}",
	"«": "»",
	'"': '"',
	"“": "”",
};
const DATE =
	/[0-9٠-٩۰-۹]{1,4}\s?([/.-])\s?[0-9٠-٩۰-۹]{1,2}\s?\1\s?[0-9٠-٩۰-۹]{1,4}(?:\s+[0-9٠-٩۰-۹]{1,2}:[0-9٠-٩۰-۹]{2})?(?![0-9٠-٩۰-۹])|[0-9٠-٩۰-۹]{1,2}\s?[-/]\s?[0-9٠-٩۰-۹]{1,2}(?=\s*[([{])/y;

/** The pieces that a line begins with, as far as they could be names, places or dates. */
export function split(line: string, names: Register): Segment[] {
	const segments: Segment[] = [];
	let at = 0;
	while (segments.length < MOST_SEGMENTS) {
		while (line[at] === " ") at++;
		const segment = bracketed(line, at, names) ?? dated(line, at) ?? plain(line, at, names);
		if (!segment) break;
		segments.push(segment);
		at = segment.end;
	}
	return segments;
}

function bracketed(line: string, at: number, names: Register): Segment | undefined {
	const close = CLOSING[line[at] ?? ""];
	if (!close) return undefined;
	const end = line.indexOf(close, at + 1);
	if (end < 0 || end - at > LONGEST_SEGMENT) return undefined;
	const raw = line.slice(at + 1, end);
	const reading = names.read(raw);
	if (!reading && !isNameLike(raw, 3)) return undefined;
	return { raw, reading, bracket: close, ...separator(line, end + 1) };
}

function dated(line: string, at: number): Segment | undefined {
	DATE.lastIndex = at;
	const found = DATE.exec(line);
	return found
		? {
				raw: found[0],
				reading: { kind: "date", credits: [] },
				bracket: "",
				...separator(line, at + found[0].length),
			}
		: undefined;
}

function plain(line: string, at: number, names: Register): Segment | undefined {
	STOPPER.lastIndex = at;
	let unspaced: Segment | undefined;
	for (let stop = STOPPER.exec(line); stop && stop.index - at <= LONGEST_SEGMENT; stop = STOPPER.exec(line)) {
		const raw = line.slice(at, stop.index);
		if (unwrap(raw) === "") return undefined;
		const reading = names.read(raw);
		const segment: Segment = {
			raw,
			reading,
			bracket: "",
			...separator(line, stop.index),
		};
		// «سكاي نيوز-عربية» and «ا-ف-ب» hold a hyphen themselves.
		const inside = stop[0] === "-" && line[stop.index - 1] !== " " && line[stop.index + 1] !== " ";
		if (reading && !(inside && reading.kind === "weak")) return segment;
		if (!inside) return isNameLike(raw, 4) || placeLike(raw, segment.sep, stop[0]) ? segment : unspaced;
		unspaced = undefined;
	}
	return undefined;
}

// «قره تبه، ديالى (رويترز)»: any place may stand before an agency in brackets.
function placeLike(raw: string, sep: string, stop: string): boolean {
	return (
		sep === "" && /[([{«"“]/.test(stop) && raw.length <= 60 && raw.split(/[،,]/).every((part) => isNameLike(part, 3))
	);
}

function separator(line: string, at: number): { sep: string; end: number } {
	SEPARATOR.lastIndex = at;
	const found = SEPARATOR.exec(line);
	if (!found) return { sep: "", end: at };
	const signs = found[0].trim();
	const sep = /[/\\]/.test(signs) ? "/" : /[|•]/.test(signs) ? "|" : signs.includes(":") ? ":" : "-";
	return { sep, end: at + found[0].length };
}

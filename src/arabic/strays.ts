import { startsNews } from "./verbs.ts";
import { wordsOf } from "./words.ts";

const STRAY = /^(?:\s|[،؛:*•·●▪■◾◼▫□►▶◄◀➤➢✔✓|_~»]|\.(?![A-Za-z0-9٠-٩۰-۹])|[-–—](?![0-9٠-٩۰-۹])|…|\/(?=\s))+/u;
const BULLET = /^[\s.]*(?:[•·●▪■◾◼▫□►▶◄◀➤➢✔✓*]|[-–—](?=\s))/u;
const DOUBLED = /([،؛])(?:\s*[،؛,])+|,(?=\s*،)/g;
// «اليوم .» and «،،»
const SPACED_STOP = /\s+\.$/;
const TWO_STOPS = /[\p{L}\p{N}»"”)]\.\.$/u;
const PAUSE = /^(?:\.{3}|…)\s+(?=[\p{L}«"“])/u;
const LETTERS = /[\p{L}\p{N}]/u;

/** The signs at the head of a line that belong to no text; an ellipsis is the text's own as long as nothing was cut off before it (`untouched`). */
export function strayHead(line: string, untouched: boolean): string {
	return untouched && PAUSE.test(line) && !startsNews(line) ? "" : (STRAY.exec(line)?.[0] ?? "");
}

/** A title without the signs in front of it; one that is nothing but signs stays. */
export function withoutStray(title: string): string {
	const bare = title.replace(STRAY, "");
	return LETTERS.test(bare) ? bare : title;
}

/** How many lines at the head are subheadlines with a bullet, above the text. */
export function subheadlines(lines: readonly string[]): number {
	let count = 0;
	while (BULLET.test(lines[count] ?? "")) count++;
	const next = lines[count];
	// A conversation.
	if (lines.slice(0, count).some((line) => /؟["»”)]*$/.test(line))) return 0;
	if (count === 0 || next === undefined || wordsOf(next.slice(0, 200)).length < 7) return 0;
	// Points that are told in whole sentences are the text itself.
	const sentence = (line: string) =>
		/[.!؟]["»”)]*$/.test(line) && wordsOf(line).length > (count === 1 || startsNews(line) ? 8 : 20);
	return lines.slice(0, count).some(sentence) ? 0 : count;
}

/** A line without commas and full stops written twice. */
export function withoutDoubled(line: string): string {
	return oneStop(line.replace(DOUBLED, (_, sign: string | undefined) => sign ?? ""));
}

// Two full stops at the end of a paragraph are a slip; at the end of a short one they may be a pause.
function oneStop(line: string): string {
	if (!line.endsWith(".")) return line;
	return line.length > 40 && TWO_STOPS.test(line.slice(-3)) ? line.slice(0, -1) : line.replace(SPACED_STOP, ".");
}

/** Where a headline of another article begins that is glued behind the text twice; the length of the line when there is none. */
export function doubledEnd(line: string): number {
	const start = Math.max(...[". ", "! ", "؟ "].map((end) => line.lastIndexOf(end) + 2));
	if (start < 60) return line.length;
	const keys = wordsOf(line.slice(start)).map((word) => word.key);
	const half = keys.length / 2;
	return half >= 4 && keys.slice(0, half).join(" ") === keys.slice(half).join(" ") ? start : line.length;
}

import { isPerson } from "./name-like.ts";
import { wordsOf } from "./words.ts";

const END =
	/^[\s/(«"*.|–—-]*(?:انتهى|انتهت|إنتهى|النهاية|ا\.?\s?هـ)(?![\p{L}])[\s/\\)».*:|–—-]*(?:البيان|الخبر|(?:(?!\p{L}{3})\S){0,8}(?:[\s/\\.]\s*\S{1,3}){0,5})[\s/)».]*$|^[تمح]\s*[:/]\s*\p{L}(?:\s*[./]\s*\p{L}){1,2}\.?$/u;
const INITIALS = /^[(\s=_*–—-]*\p{L}(?:\s*[./\s]\s*\p{L}){1,6}\s*[).]*$/u;
const END_TAIL =
	/(?:(?<=[.!؟…»"”)\]])\s*[/(]*|\s*[(/])\s*(?:انتهى|إنتهى)(?![\p{L}])\s*[/\\).|:–—-]*\s*(?:\S{0,4}(?:[\s/\\.]\s*\S{1,3}){0,3})[/)]*\s*$/u;
// «… اليوم. (النهاية)», «… (وال – طرابلس) ع.م»
const FINISH_TAIL = /\s*[(/]\s*النهاية\s*[)/]\s*$/u;
const INITIALS_TAIL = /(?<=[.!؟](?:\s?\([^()]{2,40}\))?)\s\p{L}(?:\s?[./]\s?\p{L}){1,3}\.?$/u;
const CLOSED = /[.!؟]["»”)]*$/;

/** Whether a whole line only says that the text is over: «انتهى / م.ع», «(النهاية)». */
export function isEnd(line: string): boolean {
	return END.test(line);
}

/** Where the mark that ends a paragraph's text begins, or -1. */
export function endingOf(line: string): number {
	const end = line.includes("نتهى") ? END_TAIL.exec(line) : line.includes("النهاية") ? FINISH_TAIL.exec(line) : null;
	if (end) return end.index;
	const from = Math.max(0, line.length - 70);
	const initials = INITIALS_TAIL.exec(line.slice(from));
	return initials ? from + initials.index : -1;
}

/** Whether a line, or a piece of one, is nothing but the initials of a desk: «ن.ع», «ح س / م خ». */
export function isInitials(line: string): boolean {
	return line.length < 25 && INITIALS.test(line);
}

/** Whether a line behind the text is a desk's own: its initials, or the number of the report. */
export function isDeskSign(line: string): boolean {
	return isInitials(line) || /^[0-9٠-٩]{1,5}$/.test(line);
}

/** Whether the last line is the name of the reporter under the text: a person's alone, behind a finished sentence. */
export function isSignature(line: string, before: string): boolean {
	return (
		line.length < 30 && wordsOf(line).length < 4 && !/\p{P}/u.test(line) && CLOSED.test(before) && isPerson(line, true)
	);
}

import { compareKey } from "./normalize.ts";

/** A word with its key and its place in the text. */
export interface Word {
	readonly key: string;
	readonly start: number;
	readonly end: number;
}

// Letters that are their own key.
const PLAIN = /^[ءابت-غف-هوي]+$/;

/** The words of a text in compareKey's form, with their places. */
export function wordsOf(text: string): Word[] {
	const words: Word[] = [];
	for (const found of text.matchAll(/[\p{L}\p{M}\p{N}\u0640\u200C]+/gu)) {
		const key = PLAIN.test(found[0]) ? found[0] : compareKey(found[0]);
		if (key !== "")
			words.push({
				key,
				start: found.index,
				end: found.index + found[0].length,
			});
	}
	return words;
}

/** The first word of a text in compareKey's form, or nothing. */
export function firstKey(text: string): string {
	const word = /[\p{L}\p{M}\p{N}\u0640\u200C]+/u.exec(text)?.[0] ?? "";
	return PLAIN.test(word) ? word : compareKey(word);
}

/** The text with the look-alike letters that writers mix up folded (أإآ, ة, ى); as long as it was. */
export function fold(text: string): string {
	return text.replace(/[أإآ]/g, "ا").replaceAll("ة", "ه").replaceAll("ى", "ي");
}

/** A name without the brackets, quotes and marks around it. */
export function unwrap(name: string): string {
	return name.replace(/^[\s"“”«»()[\]{}.،,:;؛*'‘’–—ـ|/-]+|[\s"“”«»()[\]{}.،,:;؛*'‘’–—ـ|/-]+$/g, "");
}

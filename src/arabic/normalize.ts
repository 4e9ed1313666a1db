const MARKS =
	/[\u0610-\u061A\u061C\u0640\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\u00AD]/g;
const FOLDS: readonly (readonly [RegExp, string])[] = [
	[/[أإآٱ]/g, "ا"],
	[/[ىیئ\u06D2]/g, "ي"],
	[/[ةە\u06C0\u06C1]/g, "ه"],
	[/ؤ/g, "و"],
	[/[کگ]/g, "ك"],
	[/[ڤڨ]/g, "ف"],
	[/پ/g, "ب"],
	[/چ/g, "ج"],
];
// A single word of plain letters, by far the most frequent text: one pass.
const LETTERS = /^[ء-غف-ي]+$/;
const FOLD: Readonly<Record<string, string>> = { آ: "ا", أ: "ا", إ: "ا", ؤ: "و", ئ: "ي", ة: "ه", ى: "ي" };
// Text of which NFKC leaves every sign as it is, as far as the folding keeps it.
const COMPATIBLE = /^[ -~\u0600-\u0674\u0679-\u06FF«»–—“”]*$/;

/** The text as it is compared, never as it is shown: NFKC, without harakat, tatweel and invisible marks, look-alike letters folded, digits 0-9, lower case, single spaces. */
export function compareKey(text: string): string {
	if (LETTERS.test(text)) return text.replace(/[آأؤإئةى]/g, (letter) => FOLD[letter] ?? letter);
	let key = (COMPATIBLE.test(text) ? text : text.normalize("NFKC")).replace(MARKS, "");
	for (const [letters, letter] of FOLDS) key = key.replace(letters, letter);
	return latinDigits(key).toLowerCase().replace(/\s+/g, " ").trim();
}

/** The words of a text as they are compared: letters and digits only. */
export function compareWords(text: string): string[] {
	return compareKey(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Arabic-Indic and Persian digits written as 0-9. */
function latinDigits(text: string): string {
	return text.replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

// Everything that tidy could have to touch: text without a hit comes back untouched, and fast.
const UNTIDY =
	/(?!\n)\p{Cc}|\n\n|^\n|\n$| \n|\n |\p{Cs}|\u200D|[\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFB50-\uFDFF\uFE70-\uFEFC\uFFF0-\uFFFF\u{E0001}]|(?! )\p{Zs}| {2}| [،؛؟]|^ | $/u;
const JUNK =
	/\p{Cs}|(?![\t\n\v\f\r\u0085])\p{Cc}|[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF0-\uFFFC\uFFFE\uFFFF\u{E0001}]/gu;
// Joins emoji into one picture; anywhere else it is a leftover.
const STRAY_JOINER =
	/(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D+|\u200D+(?!\p{Extended_Pictographic})/gu;
// ﷺ and ﷻ would unfold into whole phrases: they stay.
const PRESENTATION = /[\uFB50-\uFDF9\uFDFC\uFE70-\uFEFC]/g;

/** One text (it may hold several lines) without bidi controls, zero-width junk, control characters, presentation forms and superfluous white space; text without such marks is returned as it was. */
export function tidy(text: string): string {
	const composed = text.normalize("NFC");
	if (!UNTIDY.test(composed)) return composed;
	return text
		.replace(JUNK, "")
		.replace(STRAY_JOINER, "")
		.replace(PRESENTATION, (sign) => sign.normalize("NFKC").trim())
		.normalize("NFC")
		.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
		.split("\n")
		.map((line) =>
			line
				.replace(/\s+/g, " ")
				.replace(/ +(?=[،؛؟])/g, "")
				.trim(),
		)
		.filter((line) => line !== "")
		.join("\n");
}

import { breaking } from "./breaking.ts";
import { compareKey } from "./normalize.ts";
import { startsNews } from "./verbs.ts";
import { wordsOf } from "./words.ts";

const WORD = /[\p{L}\p{M}\p{N}\u0640\u200C]+/gu;
const SHORTEST = 12;
const MOST_REPEATS = 3;

// What a site writes around a headline: «بالفيديو.. …», «… (صور)», «… | شبكة الضفاف».
const MEDIA = "(?:(?:بال)?صور|(?:بال)?فيديو|(?:بال)?صور[ة]? و(?:ال)?فيديو|(?:بال)?فيديو و(?:ال)?صور)";
const LABEL = new RegExp(`^(?:${MEDIA}|شاهد|خاص|حصري|تقرير|متابعة)\\s*(?:\\.\\.+|…|[|:/–—-])\\s*`, "u");
const SHOWN = new RegExp(`^\\s*(?:[(\\[]\\s*${MEDIA}\\s*[)\\]]|[+|]\\s*${MEDIA}(?=\\s|$))`, "u");
const SHOWN_LAST = new RegExp(`${SHOWN.source.slice(1)}$`, "u");
const SITE = /\s*(?:[|]|\s[–—-]\s)\s*[^|–—-]{2,40}$/u;
const ENDS = /[.!؟…»”"]\s*(?=\S)/gu;

/** A title, ready to be found again in the text. */
export interface TitleFinder {
	/** Whether the line says nothing but the title. */
	equals(line: string): boolean;
	/** Where the text begins behind one to three repetitions of the title at the head of the line; 0 when it is not repeated there. `creditFollows` is asked about what stands behind. */
	repeated(line: string, creditFollows: (rest: string) => boolean): number;
	/** Where the title begins again behind the last sentence of the line; its length when it does not. */
	closing(line: string): number;
}

/** Makes a finder of the title and of its form without a breaking mark; titles under 12 letters are never looked for. */
export function titleFinder(title: string): TitleFinder {
	const forms = [...new Set([title, breaking(title, []).headline].flatMap((one) => [one, bare(one)]))]
		.map(keysOf)
		.filter((keys) => keys.join(" ").length >= SHORTEST);
	const equals = (line: string) => {
		// The text may say «بالفيديو.. …» where the title does not.
		const from = LABEL.exec(line)?.[0].length ?? 0;
		return forms.some((form) => {
			const end = matchAt(line, 0, form) ?? (from > 0 ? matchAt(line, from, form) : undefined);
			return end !== undefined && !/[\p{L}\p{N}]/u.test(line.slice(end));
		});
	};
	return {
		equals,
		closing(line) {
			const from = Math.max(0, line.length - title.length - 40);
			for (const found of line.slice(from).matchAll(ENDS)) {
				const start = from + found.index + found[0].length;
				if (start > 30 && equals(line.slice(start))) return start;
			}
			return line.length;
		},
		repeated(line, creditFollows) {
			let end = 0;
			let count = 0;
			for (; count < MOST_REPEATS; count++) {
				const next = forms.map((form) => matchAt(line, end, form)).find((one) => one !== undefined);
				if (next === undefined) break;
				end = next;
			}
			if (count === 0) return 0;
			const rest = line.slice(end);
			const boundary =
				count > 1 ||
				/^\s*(?:$|[.:|؛!؟…/]|[-–—]\s|\s[-–—])/.test(rest) ||
				creditFollows(rest.replace(/^[\s.،؛:–—|/-]+/, "")) ||
				verbFollows(rest, forms[0]?.length ?? 0);
			return boundary ? end + (/^[\s.،؛:!…–—|/-]*/.exec(rest)?.[0].length ?? 0) : 0;
		},
	};
}

// A short title may be the subject of the verb behind it.
function verbFollows(rest: string, titleWords: number): boolean {
	return titleWords >= 5 && /^["»”)]?\s/.test(rest) && startsNews(rest);
}

function matchAt(line: string, from: number, form: readonly string[]): number | undefined {
	let matched = 0;
	let end = from;
	WORD.lastIndex = from;
	for (let found = WORD.exec(line); found && matched < form.length; found = WORD.exec(line)) {
		const key = compareKey(found[0]);
		if (key === "" || (matched === 0 && key === "عاجل" && form[0] !== key)) continue;
		if (key !== form[matched]) return undefined;
		matched++;
		end = found.index + found[0].length;
	}
	if (matched < form.length) return undefined;
	// What closes the title itself belongs to it.
	end += /^[»”")%٪]+/.exec(line.slice(end, end + 9))?.[0].length ?? 0;
	return end + (SHOWN.exec(line.slice(end, end + 40))?.[0].length ?? 0);
}

function bare(title: string): string {
	const inner = title.replace(LABEL, "").replace(SHOWN_LAST, "");
	const own = inner.replace(SITE, "");
	const suffix = wordsOf(inner).length - wordsOf(own).length;
	return wordsOf(own).length >= 4 && suffix < 5 ? own : inner;
}

function keysOf(text: string): string[] {
	return wordsOf(text).map((word) => word.key);
}

import { compareKey } from "./normalize.ts";

const SIGN = "[\\s\\p{Extended_Pictographic}\\uFE0F\\u200D|*•.:!-]*";
const WORD = "(?:خبر عاجل|هام وعاجل|عاجل وهام|عاجل جدا|عاجل|بەپەلە|breaking news|breaking)";
// A mark with a sign of its own (#, brackets, a lamp in front, a separator behind) or the bare word before a headline.
const HEAD = new RegExp(
	`^${SIGN}(?:[(\\[«"“]\\s*#?${WORD}\\s*[)\\]»"”]|#?${WORD})(?:\\s*(?:[|:/!،.…•*-]|[–—]|\\p{Extended_Pictographic}|\\uFE0F)+\\s*|\\s+(?!(?:إلى|الى|لـ|من|في|عن|على|أن|و)\\s)|$)`,
	"iu",
);
const TAIL = new RegExp(`(?:\\s*[|–—/-]\\s*#?|\\s+#|\\s*[(\\[]\\s*#?)(?:${WORD})\\s*[)\\]]?\\s*$`, "iu");
const TAGS = new Set(["عاجل", "خبر عاجل", "اخبار عاجله", "الاخبار العاجله", "عواجل", "breaking", "breaking news"]);

/** Whether an article is breaking news by its title's mark or a tag, and the title without that mark (never empty: a title that is nothing but the mark stays). */
export function breaking(
	title: string,
	tags: readonly string[],
): { readonly breaking: boolean; readonly headline: string } {
	let headline = title.trim();
	let marked = false;
	for (;;) {
		const shorter = headline.replace(HEAD, "").replace(TAIL, "").trim();
		if (shorter === headline) break;
		marked = true;
		if (shorter === "") break;
		headline = shorter;
	}
	const tagged = tags.some((tag) => TAGS.has(compareKey(tag.replace(/[#_\s]+/g, " "))));
	return { breaking: marked || tagged, headline };
}

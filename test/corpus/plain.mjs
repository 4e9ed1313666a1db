// What two readers say is compared as a reader sees it: markup gone, entities decoded, spaces left out, addresses absolute, dates as moments.
import { Parser } from "htmlparser2";

/** Elements whose text is no part of an article: nobody sees it, or it belongs to a picture, a player or a form. */
const UNSEEN = new Set(
	"script style template head noscript noembed noframes iframe object applet svg math audio video figcaption button select textarea".split(
		" ",
	),
);

/** HTML as bare characters: the same reduction for what is expected and for what every other reader gives. */
export function bare(html) {
	let out = "";
	let unseen = 0;
	const parser = new Parser({
		onopentagname(name) {
			if (UNSEEN.has(name)) unseen++;
		},
		ontext(text) {
			if (unseen === 0) out += text;
		},
		onclosetag(name) {
			if (UNSEEN.has(name)) unseen--;
		},
	});
	parser.end(html);
	return squeezed(out);
}

/** Text without spaces: where one block ends and the next begins is a matter of taste. */
export function squeezed(text) {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are no text either.
	return text.normalize("NFC").replace(/[\s\0-\x1F\x7F\uFEFF]+/gu, "");
}

/** An absolute address in one spelling; undefined for what is none. */
export function address(link, base) {
	const trimmed = link.trim().replaceAll("&amp;", "&");
	return trimmed !== "" && URL.canParse(trimmed, base) ? new URL(trimmed, base).href : undefined;
}

/** A moment as ISO 8601 UTC, to the second; undefined for what JavaScript itself takes for no date. */
export function moment(date) {
	const time = date instanceof Date ? date.getTime() : Date.parse(date);
	return Number.isNaN(time) ? undefined : new Date(Math.floor(time / 1_000) * 1_000).toISOString();
}

import { Parser } from "htmlparser2";

/** Elements that begin and end a line of their own. */
const BLOCKS = new Set(
	"address article aside blockquote body caption center dd details div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody tfoot thead tr ul".split(
		" ",
	),
);
/** Elements whose text is no part of what a reader reads as the article. */
const DROPPED = new Set(
	"script style template figcaption iframe noscript object svg math select textarea button audio video head noembed noframes applet".split(
		" ",
	),
);
/** Blink nests no deeper either (its tree ends at 512); the parser's work grows with the square of the depth. */
const MAX_DEPTH = 400;
const HAS_MARKUP = /<[a-z!/?]/i;
const HAS_ENTITY = /&(?:#\d|#x[0-9a-f]|[a-z])/i;

/** What one pass over a piece of HTML gives. */
export interface HtmlReading {
	/** Plain text, one line per block. */
	readonly text: string;
	/** The `src` of each picture as written, in order. */
	readonly images: readonly string[];
}

/** The plain text of a piece of HTML: markup gone, entities decoded, one line per block. Plain text passes unchanged. */
export function htmlToText(html: string): string {
	return readHtml(html).text;
}

/** The text of a title: one line, markup gone and its text kept, even that of an element that was never closed. */
export function textOf(value: string): string {
	return (HAS_MARKUP.test(value) || HAS_ENTITY.test(value) ? walk(value, true).text : value)
		.replace(/\s+/g, " ")
		.trim();
}

/** Text and pictures of a piece of HTML in one pass. */
export function readHtml(html: string): HtmlReading {
	if (!HAS_MARKUP.test(html) && !HAS_ENTITY.test(html)) return { text: html, images: [] };
	return walk(html, false);
}

/** How large a page is as a tree, for a reader that asks before it builds one; `weight` counts each character of text once for every element it stands in. */
export interface TreeSize {
	readonly depth: number;
	readonly elements: number;
	readonly weight: number;
}

/** Measures a page without building its tree; one that nests deeper than 400 elements is measured no further. */
export function sizeOf(html: string): TreeSize {
	let [open, depth, elements, weight, scripts] = [0, 0, 0, 0, 0];
	const parser = new Parser({
		onopentagname(name) {
			if (name === "script" || name === "style") scripts++;
			elements++;
			depth = Math.max(depth, ++open);
			if (depth > MAX_DEPTH) parser.pause();
		},
		ontext(text) {
			if (scripts === 0) weight += text.length * open;
		},
		onclosetag(name) {
			if (name === "script" || name === "style") scripts--;
			open--;
		},
	});
	parser.write(html);
	if (depth <= MAX_DEPTH) parser.end();
	return { depth, elements, weight };
}

function walk(html: string, title: boolean): HtmlReading {
	// Hand-written text with blank lines and only inline tags (WordPress before wpautop): the blank lines are its paragraphs.
	const keepsLines = !HAS_MARKUP.test(html) || (!/<(?:p|br|div|li|h\d|tr)\b/i.test(html) && /\n\s*\n/.test(html));
	const images: string[] = [];
	let out = "";
	const dropped: string[] = [];
	let withheld = "";
	let pre = 0;
	let fresh = true;
	let ended = false;
	let depth = 0;
	const line = () => {
		if (!fresh) out += "\n";
		fresh = true;
	};
	const parser = new Parser({
		onopentag(name, attributes) {
			if (++depth > MAX_DEPTH) parser.pause();
			if (DROPPED.has(name)) dropped.push(name);
			if (dropped.length > 0) return;
			if (name === "br" || BLOCKS.has(name)) line();
			else if (name === "td" || name === "th") out += " ";
			if (name === "pre") pre++;
			if (name === "img") images.push(...pictureOf(attributes));
		},
		ontext(text) {
			if (dropped.length > 0) {
				withheld += text;
				return;
			}
			out += pre > 0 || keepsLines ? text : text.replace(/[\t\n\f\r ]+/g, " ");
			fresh = false;
		},
		onclosetag(name, implied) {
			depth--;
			if (dropped.at(-1) === name && !(implied && ended)) {
				dropped.pop();
				if (dropped.length === 0) withheld = "";
				return;
			}
			if (dropped.length > 0) return;
			if (name === "pre") pre--;
			if (BLOCKS.has(name)) line();
		},
	});
	parser.write(html);
	if (depth > MAX_DEPTH) return walk(flattened(html), title);
	ended = true;
	parser.end();
	// An element that is never closed would otherwise swallow the rest of a headline.
	if (title && dropped.length > 0) out += ` ${withheld}`;
	return { text: tidied(out), images };
}

/** The same with nothing nested: tags that begin or end a line are line breaks, pictures stay, other tags go. For markup that is never closed, or hostile. */
function flattened(html: string): string {
	let out = "";
	let from = 0;
	let dropped = "";
	for (const tag of html.matchAll(/<(\/?)([a-z][^\s/<>]*)[^<>]*>/gi)) {
		const name = (tag[2] ?? "").toLowerCase();
		if (dropped === "") out += html.slice(from, tag.index);
		from = tag.index + tag[0].length;
		if (name === dropped && tag[1]) dropped = "";
		else if (dropped === "" && DROPPED.has(name) && !tag[1]) dropped = name;
		else if (dropped === "" && name === "img") out += tag[0];
		else if (dropped === "" && (name === "br" || BLOCKS.has(name))) out += "<br>";
		else if (dropped === "" && (name === "td" || name === "th")) out += " ";
	}
	return out + (dropped === "" ? html.slice(from) : "");
}

function pictureOf(attributes: Record<string, string>): string[] {
	const source = [
		attributes["data-src"],
		attributes["data-lazy-src"],
		attributes["data-original"],
		attributes["src"],
	].find((value) => value?.trim() && !value.trim().startsWith("data:"));
	const isPixel = [attributes["width"], attributes["height"]].some(
		(size) => size !== undefined && /^[0-2](?:px)?$/.test(size.trim()),
	);
	return source === undefined || isPixel ? [] : [source.trim()];
}

function tidied(text: string): string {
	return text
		.replace(/[^\S\n]+/g, " ")
		.replace(/ ?\n[ \n]*/g, "\n")
		.trim();
}

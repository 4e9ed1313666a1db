import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Draft, Image } from "../article/article.ts";
import { linkOf, madeUpAddress, permalink } from "./entry-address.ts";
import { feedDate } from "./feed-date.ts";
import { readHtml, textOf } from "./html.ts";
import { type DraftRest, lazyDraft } from "./lazy-draft.ts";
import { SourceError } from "./source.ts";
import { child, type Element, resolved } from "./xml.ts";

const DATES = [
	"pubdate",
	"published",
	"dc:date",
	"issued",
	"dc:created",
	"dc:issued",
	"created",
	"updated",
	"modified",
	"dc:modified",
];
const LONG_TEXTS = ["content:encoded", "xhtml:body", "body", "content", "fullitem"];
const SHORT_TEXTS = ["description", "summary", "dc:description", "itunes:summary", "dc:abstract"];
/** A feed of the largest allowed size would have to spend less than 530 bytes on an entry to have more. */
const MOST_ENTRIES = 20_000;
/** More characters than anybody's name and address have. */
const LONGEST_NAME = 300;
const IMAGE_FILE = /\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)/i;

/** The entries of a feed's tree, in its order: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0. Throws SourceError `body` for a flood of them. */
export function entriesOf(root: Element, source: string): Draft[] {
	const madeUp = madeUpAddress(homeOf(root));
	const entries = entryElements(root, 0);
	refuseFlood(entries.length, root.base);
	const shared = sharedHomes(entries, homeOf(root));
	return entries.map((entry) => draftOf(entry, madeUp, source, shared));
}

/** The front page, when several entries with different headlines give it as their own address: it is nobody's. */
function sharedHomes(entries: readonly Element[], home: string): ReadonlySet<string> {
	const names = new Map<string, string>();
	const shared = new Set<string>();
	for (const entry of entries) {
		const link = linkOf(entry);
		if (link === undefined || (link !== home && !/^https?:\/\/[^/?#]+\/?$/.test(link))) continue;
		const name = child(entry, "title")?.text.trim() ?? "";
		if (name === "") continue;
		const other = names.get(link);
		if (other === undefined) names.set(link, name);
		else if (name !== other) shared.add(link);
	}
	return shared;
}

/** Throws SourceError `body` for more entries than any feed has: each takes memory however little it says. */
export function refuseFlood(entries: number, address: string): void {
	if (entries > MOST_ENTRIES)
		throw new SourceError("body", `${address} lists ${entries} entries: more than any feed does (${MOST_ENTRIES}).`);
}

/** Whether the tree's root is that of a feed. */
export function isFeedRoot(root: Element): boolean {
	if (["rss", "rdf:rdf", "feed", "channel"].includes(root.name)) return true;
	return root.name !== "html" && entryElements(root, 0).length > 0;
}

function entryElements(element: Element, depth: number): Element[] {
	if (element.name === "item" || element.name === "entry") return [element];
	return depth > 2 ? [] : element.children.flatMap((one) => entryElements(one, depth + 1));
}

function homeOf(root: Element): string {
	const head = child(root, "channel") ?? root;
	return linkOf(head) ?? head.base;
}

/** What is needed to know an entry again is read at once; the rest when somebody asks, because most entries of a list are known. */
function draftOf(entry: Element, madeUp: (mark: string) => string, source: string, shared: ReadonlySet<string>): Draft {
	const guid = guidOf(entry);
	const title = textOf(markupOf(child(entry, "title") ?? child(entry, "dc:title") ?? child(entry, "media:title")));
	const publishedAt = dateOf(entry);
	const head = { title, ...(guid ? { guid } : {}), ...(publishedAt ? { publishedAt } : {}), source };
	const link = linkOf(entry);
	const own = link !== undefined && shared.has(link) ? undefined : link;
	const url = own ?? permalink(entry) ?? madeUp(guid ?? (link === undefined ? title + textsIn(entry) : title));
	return lazyDraft({ url, ...head }, () => restOf(entry), {
		stamp: () => stampOf(entry, title, guid),
		fingerprint: () => fingerprintOf(entry.written ?? ""),
	});
}

function guidOf(entry: Element): string | undefined {
	return (child(entry, "guid") ?? child(entry, "id"))?.text.trim() || entry.attributes["rdf:about"]?.trim();
}

function restOf(entry: Element): DraftRest {
	const long = firstText(entry, LONG_TEXTS);
	const short = firstText(entry, SHORT_TEXTS);
	const author = authorOf(entry);
	return {
		tags: tagsOf(entry),
		images: imagesOf(entry, long.images, short.images),
		...texts(short.text, long.text),
		...(author ? { author } : {}),
	};
}

function textsIn(entry: Element): string {
	return firstText(entry, LONG_TEXTS).text + firstText(entry, SHORT_TEXTS).text;
}

/** Its words and its first picture as they stand, read without making a text of them. Other markup is left out: a counter or token in an attribute is no edit. */
function stampOf(entry: Element, title: string, guid: string | undefined): string {
	const words: string[] = [title, guid ?? ""];
	for (const name of [...LONG_TEXTS, ...SHORT_TEXTS]) {
		const element = child(entry, name);
		if (!element) continue;
		const markup = element.markup ?? element.text;
		const picture = markup.indexOf("<img");
		if (picture >= 0) words.push(/\ssrc=["']?([^"'\s<>]+)/.exec(markup.slice(picture, picture + 2_000))?.[1] ?? "");
		for (let from = 0; from < markup.length; ) {
			const tag = markup.indexOf("<", from);
			words.push(markup.slice(from, tag < 0 ? undefined : tag));
			const end = tag < 0 ? -1 : markup.indexOf(">", tag);
			from = end < 0 ? markup.length : end + 1;
		}
	}
	for (const { url } of imagesOf(entry, [], []).slice(0, 1)) words.push(url);
	// Two bytes a character: encoding Arabic as UTF-8 first would take longer than hashing it.
	return createHash("sha256").update(words.join("\n"), "utf16le").digest("base64url").slice(0, 12);
}

/** A checksum of an entry's every character: no protection against a forger, who could as well leave the entry as it is, but a sixth of the work of a stamp. */
function fingerprintOf(written: string): string {
	return crc32(Buffer.from(written, "utf16le")).toString(36);
}

/** The shorter of two texts is the summary, the longer one the body; a single one is the body. */
export function texts(one: string, other: string): { summary?: string; body?: string } {
	const [short, long] = one.length <= other.length ? [one, other] : [other, one];
	if (!long) return {};
	return short && short !== long ? { summary: short, body: long } : { body: long };
}

/** Leaves out the control characters that XML and JSON let through and nobody can read. */
export function withoutControls(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
	return text.replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, "");
}

function markupOf(element: Element | undefined): string {
	if (!element) return "";
	if (element.markup !== undefined) return withoutControls(element.markup);
	if (element.attributes["mode"] === "base64" || element.attributes["type"] === "application/octet-stream")
		return withoutControls(Buffer.from(element.text, "base64").toString("utf8"));
	return withoutControls(element.text || element.children.map(markupOf).join(" "));
}

function firstText(entry: Element, names: readonly string[]): { text: string; images: readonly string[] } {
	for (const name of names) {
		const element = child(entry, name);
		if (!element || /^(?:audio|video|image)\//i.test(element.attributes["type"] ?? "")) continue;
		const { text, images } = readHtml(markupOf(element));
		const found = images.map((address) => resolved(address, element.base)).filter((address) => address !== undefined);
		const lines = withoutBlankLines(text);
		if (lines || found.length > 0) return { text: lines, images: found };
	}
	return { text: "", images: [] };
}

function withoutBlankLines(text: string): string {
	if (!/[\r\n]/.test(text)) return text.trim();
	return text
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join("\n");
}

function tagsOf(entry: Element): string[] {
	const tags = entry.children.flatMap((one) => {
		if (one.name === "category" || one.name === "dc:subject")
			return [one.attributes["label"] ?? (one.text.trim() || one.attributes["term"] || "")];
		if (one.name === "media:keywords" || one.name === "keywords") return one.text.split(/[,،;]/);
		return [];
	});
	return [...new Set(tags.map((tag) => textOf(withoutControls(tag))).filter((tag) => tag !== ""))];
}

function authorOf(entry: Element): string | undefined {
	for (const name of ["dc:creator", "author", "itunes:author", "dc:author"]) {
		const element = child(entry, name);
		if (!element) continue;
		const said = textOf(withoutControls(child(element, "name")?.text || element.text));
		// RSS asks for an e-mail address with the name in brackets; a bare address names nobody. Looking for one takes the square of the length.
		const person =
			said.length > LONGEST_NAME ? said : (/^\S+@\S+\s*\((.+)\)$/.exec(said)?.[1] ?? said.replace(/<?\S+@\S+>?/, ""));
		if (person.trim()) return person.trim();
	}
	return undefined;
}

function dateOf(entry: Element): string | undefined {
	for (const name of DATES) {
		const text = child(entry, name)?.text.trim();
		const date = text ? feedDate(text) : undefined;
		if (date !== undefined) return date;
	}
	return undefined;
}

function imagesOf(entry: Element, ofLong: readonly string[], ofShort: readonly string[]): Image[] {
	const flat = entry.children.flatMap((one) =>
		one.name === "media:group" || one.name === "media:content" ? [one, ...one.children] : [one],
	);
	const attached = (names: readonly string[]) =>
		flat
			.filter((one) => names.includes(one.name) && isPicture(one))
			.map((one) =>
				resolved(one.attributes["url"] ?? one.attributes["href"] ?? child(one, "url")?.text ?? one.text, one.base),
			);
	const all = [
		...attached(["media:content", "enclosure", "link", "image"]),
		...[ofLong[0] ?? ofShort[0]],
		...attached(["media:thumbnail", "itunes:image"]),
	];
	return [...new Set(all)]
		.filter((url) => url !== undefined && /^https?:/.test(url))
		.map((url) => ({ url: url as string }));
}

function isPicture({ name, attributes }: Element): boolean {
	if (name === "link" && attributes["rel"] !== "enclosure") return false;
	if (name === "media:thumbnail" || name === "image" || name === "itunes:image") return true;
	const kind = attributes["medium"] ?? attributes["type"];
	return kind ? /^image/i.test(kind) : IMAGE_FILE.test(attributes["url"] ?? "");
}

import { createHash } from "node:crypto";
import { parseDate } from "../arabic/dates.ts";
import type { Draft, Image } from "../article/article.ts";
import { readHtml, textOf } from "./html.ts";
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
const IMAGE_FILE = /\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)/i;

/** The entries of a feed's tree, in its order: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0. */
export function entriesOf(root: Element, source: string): Draft[] {
	const home = homeOf(root);
	return entryElements(root, 0).map((entry) => draftOf(entry, home, source));
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

function draftOf(entry: Element, home: string, source: string): Draft {
	const guid = (child(entry, "guid") ?? child(entry, "id"))?.text.trim() || entry.attributes["rdf:about"]?.trim();
	const title = textOf(markupOf(child(entry, "title") ?? child(entry, "dc:title") ?? child(entry, "media:title")));
	const long = firstText(entry, LONG_TEXTS);
	const short = firstText(entry, SHORT_TEXTS);
	const author = authorOf(entry);
	const publishedAt = dateOf(entry);
	const draft = {
		title,
		tags: tagsOf(entry),
		images: imagesOf(entry, long.images, short.images),
		source,
	};
	return {
		url: linkOf(entry) ?? permalink(entry) ?? madeUpAddress(home, guid ?? `${title}${long.text}${short.text}`),
		...(guid ? { guid } : {}),
		...draft,
		...texts(short.text, long.text),
		...(author ? { author } : {}),
		...(publishedAt ? { publishedAt } : {}),
	};
}

/** The shorter of two texts is the summary, the longer one the body; a single one is the body. */
export function texts(one: string, other: string): { summary?: string; body?: string } {
	const [short, long] = one.length <= other.length ? [one, other] : [other, one];
	if (!long) return {};
	return short && short !== long ? { summary: short, body: long } : { body: long };
}

/** An entry without any address of its own gets the site's, with a mark of its own: two such entries must not become one article. */
export function madeUpAddress(home: string, mark: string): string {
	const url = new URL(home);
	url.hash = "";
	url.searchParams.set("entry", createHash("sha256").update(mark).digest("hex").slice(0, 16));
	return url.href;
}

/** Leaves out the control characters that XML and JSON let through and nobody can read. */
export function withoutControls(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
	return text.replace(/[\0-\x08\x0B\x0C\x0E-\x1F\x7F]/g, "");
}

function linkOf(entry: Element): string | undefined {
	const links = entry.children.filter((one) => one.name === "link" || one.name === "feedburner:origlink");
	const origin = links.find((one) => one.name === "feedburner:origlink");
	const alternates = links.filter(
		({ attributes }) => attributes["href"] && /^(?:alternate)?$/i.test(attributes["rel"] ?? ""),
	);
	const best = alternates.find(({ attributes }) => /html/i.test(attributes["type"] ?? "html")) ?? alternates[0];
	const written = links.find((one) => one.name === "link" && one.text.trim() && !one.attributes["href"]);
	const candidates = [
		resolved(origin?.text, entry.base),
		written && resolved(withEntities(written.text), written.base),
		best && resolved(best.attributes["href"], best.base),
		resolved(child(entry, "url")?.text, entry.base),
	];
	return candidates.find((address) => address !== undefined && /^https?:/.test(address));
}

/** Some feeds escape the ampersands of an address twice. */
function withEntities(address: string): string {
	return address.trim().replace(/&amp;/g, "&");
}

function permalink(entry: Element): string | undefined {
	const guid = child(entry, "guid");
	const address = guid && guid.attributes["isPermaLink"]?.toLowerCase() !== "false" ? guid.text.trim() : undefined;
	const id = child(entry, "id")?.text.trim() ?? entry.attributes["rdf:about"]?.trim();
	return [address, id].find((one) => one !== undefined && /^https?:\/\//i.test(one) && URL.canParse(one));
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
		const lines = text.replace(/\s*[\r\n]+\s*/g, "\n").trim();
		if (lines || found.length > 0) return { text: lines, images: found };
	}
	return { text: "", images: [] };
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
		// RSS asks for an e-mail address with the name in brackets; a bare address names nobody.
		const person = /^\S+@\S+\s*\((.+)\)$/.exec(said)?.[1] ?? said.replace(/<?\S+@\S+>?/, "");
		if (person.trim()) return person.trim();
	}
	return undefined;
}

function dateOf(entry: Element): string | undefined {
	for (const name of DATES) {
		const text = child(entry, name)?.text.trim();
		const date = text ? parseDate(text) : undefined;
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

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { parseDate } from "../arabic/dates.ts";
import type { Answer } from "../http.ts";
import { decodeText } from "./charset.ts";
import { withoutControls } from "./entries.ts";
import { textOf } from "./html.ts";
import { ofSite, type SitemapChild, type SitemapEntry } from "./sitemap-picks.ts";
import { SourceError } from "./source.ts";
import { type Element, readXml, resolved } from "./xml.ts";

/** What one file of a sitemap holds: addresses of pages, or of further sitemaps. Of its own site alone, in its order. */
export type Sitemap =
	| { readonly kind: "list"; readonly entries: readonly SitemapEntry[] }
	| { readonly kind: "index"; readonly children: readonly SitemapChild[] };

/** As much as the door to the web lets through. */
const MAX_BYTES = 10 * 1024 * 1024;
/** Twice what the protocol allows: Arabic addresses grow when they are percent-encoded. */
const LONGEST = 4096;
/** A sitemap that is one closed tag. */
const EMPTY = /^(?:<\?xml[^>]*>\s*)?<(?:[\w-]+:)?(?:urlset|sitemapindex)(?:\s[^<>]*)?\/>\s*$/i;
const unpack = promisify(gunzip);

/** Reads the file of a sitemap, packed (.gz) or not. Throws SourceError `body` when it is no sitemap, damaged, or larger than 10 MiB unpacked. */
export async function readSitemap({ body, url, headers }: Pick<Answer, "body" | "url" | "headers">): Promise<Sitemap> {
	const isPacked = body[0] === 0x1f && body[1] === 0x8b;
	const bytes = isPacked ? await unpacked(body, url) : body;
	return parseSitemap(decodeText(bytes, isPacked ? undefined : headers["content-type"]), url);
}

async function unpacked(body: Uint8Array, url: string): Promise<Uint8Array> {
	try {
		return await unpack(body, { maxOutputLength: MAX_BYTES });
	} catch (cause) {
		const isLarge = cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
		const what = isLarge ? `is larger than ${MAX_BYTES} bytes when it is unpacked` : "is packed (gzip) and damaged";
		throw new SourceError("body", `The sitemap ${url} ${what}.`, { cause });
	}
}

/**
 * Reads the text of a sitemap (https://www.sitemaps.org/protocol.html): news and ordinary ones, indexes, and plain lists of addresses.
 * Throws SourceError `body` for what is none, breaks off, declares entities, or lists other sites alone.
 */
export function parseSitemap(text: string, url: string): Sitemap {
	const plain = withoutControls(text).replace(/^[\uFEFF\s]+/, "");
	if (plain === "") throw new SourceError("body", `${url} gave an empty answer instead of a sitemap.`);
	if (/^https?:\/\//i.test(plain)) {
		const addresses = plain.split(/[\r\n]+/).filter((line) => /^\s*https?:/i.test(line));
		return { kind: "list", entries: own(addresses.map(located(url)), url) };
	}
	if (EMPTY.test(plain)) return { kind: "list", entries: [] };
	const start = plain.search(/<(?:\?xml|!doctype|(?:[\w-]+:)?(?:urlset|sitemapindex))[\s/>]/i);
	const html = plain.search(/<!doctype html|<html[\s>]/i);
	if (html >= 0 && (start < 0 || html <= start || /^<\?xml[^>]*>\s*<(?:!doctype html|html)/i.test(plain)))
		throw new SourceError(
			"body",
			`${url} gave an HTML page instead of a sitemap: perhaps a login or captcha page, or the address is not that of the sitemap.`,
		);
	if (start < 0) throw new SourceError("body", `${url} is no sitemap: there is neither XML nor an address in it.`);
	const root = readXml(plain.slice(start), url);
	const kind = localName(root);
	if (kind === "urlset")
		return {
			kind: "list",
			entries: own(
				elements(root, "url").map((one) => entryOf(one, url)),
				url,
			),
		};
	if (kind === "sitemapindex")
		return {
			kind: "index",
			children: own(
				elements(root, "sitemap").map((one) => childOf(one, url)),
				url,
			),
		};
	throw new SourceError("body", `${url} is no sitemap: its XML begins with <${root.name.slice(0, 60)}>.`);
}

function own<T extends { readonly url: string }>(entries: readonly (T | undefined)[], url: string): T[] {
	const listed = entries.filter((entry) => entry !== undefined);
	const kept = ofSite(listed, url);
	const [foreign] = listed;
	if (foreign && kept.length === 0)
		throw new SourceError(
			"body",
			`The sitemap ${url} lists no address of its own site, but ${foreign.url.slice(0, 200)}: check how the site writes its sitemap.`,
		);
	return kept;
}

function childOf(element: Element, base: string): SitemapChild | undefined {
	const place = located(base)(textIn(element, "loc"));
	return place && { ...place, ...changed(element) };
}

function entryOf(element: Element, base: string): SitemapEntry | undefined {
	const place = located(base)(textIn(element, "loc"));
	if (!place) return undefined;
	const [news] = elements(element, "news");
	if (!news) return { ...place, ...changed(element) };
	const written = textIn(news, "publication_date");
	// A day without a time would make an evening's article a day old: its page knows better.
	const publishedAt = /\d:\d/.test(written) ? momentOf(written) : undefined;
	const images = elements(element, "image").map((image) => located(base)(textIn(image, "loc"))?.url);
	const tags = textIn(news, "keywords")
		.split(/[,،;]/)
		.map(textOf)
		.filter((tag) => tag !== "");
	return {
		...place,
		...changed(element),
		...(publishedAt === undefined ? {} : { publishedAt }),
		news: {
			title: textOf(textIn(news, "title")),
			tags: [...new Set(tags)],
			images: [...new Set(images.filter((image) => image !== undefined))],
		},
	};
}

function changed(element: Element): { readonly changedAt?: string } {
	const written = textIn(element, "lastmod");
	const changedAt = written === "" ? undefined : momentOf(written);
	return changedAt === undefined ? {} : { changedAt };
}

/** The date format of the W3C at its own speed (a sitemap may have 50,000), others as they come. */
function momentOf(written: string): string | undefined {
	const isPlain = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(written);
	const time = isPlain ? Date.parse(written) : Number.NaN;
	return Number.isNaN(time) ? parseDate(written) : new Date(time).toISOString();
}

function located(base: string): (written: string) => { readonly url: string } | undefined {
	return (written) => {
		// Some generators escape the ampersands of an address twice.
		const url = resolved(written.replaceAll("&amp;", "&"), base);
		return url !== undefined && /^https?:/.test(url) && url.length <= LONGEST ? { url } : undefined;
	};
}

function elements(element: Element, name: string): Element[] {
	return element.children.filter((one) => localName(one) === name);
}

function textIn(element: Element, name: string): string {
	return element.children.find((one) => localName(one) === name)?.text.trim() ?? "";
}

/** Sitemaps are read by the names of their elements, whatever namespace or prefix a generator gives them. */
function localName({ name }: Element): string {
	return name.slice(name.lastIndexOf(":") + 1);
}

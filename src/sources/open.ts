import type { Draft } from "../article/article.ts";
import { decodeText } from "./charset.ts";
import { parseFeed } from "./feed.ts";
import { readPage } from "./page.ts";
import { sitemapDrafts } from "./sitemap.ts";
import type { SiteRules } from "./sites.ts";
import { parseWordpress } from "./wordpress.ts";

const FEED = /<(?:rss|feed|rdf:rdf|(?:\w+:)(?:rss|feed|rdf))[\s>]/i;
const PAGE = /<(?:!doctype html|html|body|head|article|main|h1|div|p)[\s>]/i;

const SITEMAP = /<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]/i;
/** How much of a text tells what it is. Characters. */
const BEGINNING = 20_000;

/** What the bytes of an address are, by looking at them: words about their type are wrong too often. */
export function kindOf(body: Uint8Array, contentType: string | undefined): "feed" | "sitemap" | "wordpress" | "page" {
	if (body[0] === 0x1f && body[1] === 0x8b) return "sitemap";
	const text = decodeText(body, contentType).slice(0, BEGINNING);
	if (/^[\uFEFF\s]*[[{]/.test(text))
		return /^[\uFEFF\s]*\[/.test(text) || /"wp\/v2"|"namespaces"\s*:/.test(text) ? "wordpress" : "feed";
	if (/^[\uFEFF\s]*https?:\/\/\S+\s*(?:[\r\n]|$)/.test(text)) return "sitemap";
	if (/<body[^>]*>\s*<(?:feed|rss)[\s>]/i.test(text)) return "feed";
	const [feed, sitemap, page] = [FEED, SITEMAP, PAGE].map((pattern) => {
		const place = text.search(pattern);
		return place < 0 ? Number.POSITIVE_INFINITY : place;
	}) as [number, number, number];
	if (sitemap < Math.min(feed, page)) return "sitemap";
	return page < feed ? "page" : "feed";
}

/** What the bytes of an address are, by looking at them, and the drafts in them. Throws SourceError `body` when they are nothing that Mirsal reads. */
export async function openInput(
	body: Uint8Array,
	at: {
		readonly url: string;
		readonly contentType?: string;
		readonly source: string;
		/** IANA name of the zone of times on pages that name none. */
		readonly timeZone?: string;
	},
	sites: SiteRules,
): Promise<{ readonly kind: ReturnType<typeof kindOf>; readonly drafts: Draft[] }> {
	const kind = kindOf(body, at.contentType);
	switch (kind) {
		case "feed":
			return { kind, drafts: await parseFeed(body, at) };
		case "wordpress":
			return { kind, drafts: parseWordpress(body, at) };
		case "sitemap":
			return { kind, drafts: await sitemapDrafts(body, at) };
		case "page":
			return {
				kind,
				drafts: [
					{ ...(await readPage(decodeText(body, at.contentType), at.url, sites, at.timeZone)), source: at.source },
				],
			};
	}
}

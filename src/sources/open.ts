import type { Draft } from "../article/article.ts";
import { decodeText } from "./charset.ts";
import { parseFeed } from "./feed.ts";
import { readPage } from "./page.ts";
import type { SiteRules } from "./sites.ts";

const FEED = /<(?:rss|feed|rdf:rdf|(?:\w+:)(?:rss|feed|rdf))[\s>]/i;
const PAGE = /<(?:!doctype html|html|body|head|article|main|h1|div|p)[\s>]/i;

/** What the bytes of an address are, by looking at them, and the drafts in them. Throws SourceError `body` when they are neither a feed nor a page with an article. */
export async function openInput(
	body: Uint8Array,
	at: {
		readonly url: string;
		readonly contentType?: string;
		readonly source: string;
	},
	sites: SiteRules,
): Promise<{ readonly kind: "feed" | "page"; readonly drafts: Draft[] }> {
	const text = decodeText(body, at.contentType);
	const feed = text.search(FEED);
	const page = text.search(PAGE);
	const isFeed = /^[\uFEFF\s]*\{/.test(text) || page < 0 || (feed >= 0 && feed < page);
	if (isFeed) return { kind: "feed", drafts: await parseFeed(body, at) };
	return {
		kind: "page",
		drafts: [{ ...(await readPage(text, at.url, sites)), source: at.source }],
	};
}

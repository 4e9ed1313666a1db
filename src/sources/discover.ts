import { Parser } from "htmlparser2";
import type { Web } from "../http.ts";
import { resolved } from "./xml.ts";
import { type Door, SourceError } from "./source.ts";

/** A door that a site may have, and how it was found, in words; the page itself has no other address. */
export interface Finding {
	readonly door: Door;
	readonly why: string;
}

/** Where feeds stand that no page names, by the ways of publishing systems. */
export const FEED_PATHS = [
	"/feed",
	"/rss",
	"/rss.xml",
	"/feed.xml",
	"/atom.xml",
	"/index.xml",
	"/feeds/posts/default?alt=rss",
];
const NEWS_SITEMAPS = ["/news-sitemap.xml", "/sitemap-news.xml"];
const FEED_TYPE = /^application\/(?:(?:rss|atom|rdf)\+xml|feed\+json)|^text\/xml$/i;
const COMMENTS = /comments?\b|تعليق/i;
/** Front pages: the root, a language's root, and what some servers write for them. */
const FRONT = /^\/(?:index\.\w+|home|(?:ar|en|ku|ckb)(?:-\w+)?)?\/?$/i;
/** How much of a page is looked at for what its head says. Characters. */
const HEAD = 400_000;

/** What a page says about the site's doors. */
interface Named {
	/** WordPress's REST API. */
	readonly api?: string;
	readonly feeds: readonly { readonly url: string; readonly title: string }[];
}

/** Whether an address is that of a whole site rather than of one of its sections. */
export function isFront(url: string): boolean {
	const { pathname, search } = new URL(url);
	return FRONT.test(pathname) && search === "";
}

/** Whether a page says of itself that it is one article (Open Graph, schema.org). */
export function isArticlePage(html: string): boolean {
	const head = html.slice(0, HEAD);
	return (
		/<meta[^>]+og:type["'][^>]+content=["']article["']|<meta[^>]+content=["']article["'][^>]+og:type["']/i.test(head) ||
		/"@type"\s*:\s*\[?\s*"(?:\w*NewsArticle|Article|BlogPosting|LiveBlogPosting)"/.test(head)
	);
}

/**
 * The doors that a site may have, the best first: WordPress's interface (it has an archive to page back in), the feeds that its pages name, a news sitemap
 * that its robots.txt names, feeds and news sitemaps at the usual places, the page itself as a list of articles, and an ordinary sitemap at the last.
 * A page of one section is read through its own feed or its own list, because the site's other doors know more than was asked for.
 */
export async function* doorsOf(
	page: { readonly html: string; readonly url: string },
	{ web, signal }: { readonly web: Web; readonly signal: AbortSignal },
): AsyncGenerator<Finding> {
	const { url } = page;
	const front = isFront(url);
	const { api, feeds } = namedIn(page.html, url);
	if (front && api !== undefined)
		yield { door: { kind: "wordpress", url: api }, why: "the site is made with WordPress" };
	for (const feed of feeds)
		if (front || belongsTo(feed.url, url))
			yield { door: { kind: "feed", url: feed.url }, why: "its page names this feed" };
	const sitemaps = front ? await sitemapsOf(url, web, signal) : [];
	for (const sitemap of sitemaps.filter((one) => /news/i.test(one)))
		yield { door: { kind: "sitemap", url: sitemap }, why: "its robots.txt names this news sitemap" };
	if (front) {
		for (const path of FEED_PATHS)
			yield { door: { kind: "feed", url: new URL(path, url).href }, why: "a feed stands at a usual place" };
		for (const path of NEWS_SITEMAPS)
			yield { door: { kind: "sitemap", url: new URL(path, url).href }, why: "a news sitemap stands at a usual place" };
	}
	yield { door: { kind: "listing" }, why: "the page lists articles" };
	for (const sitemap of sitemaps.filter((one) => !/news/i.test(one)))
		yield { door: { kind: "sitemap", url: sitemap }, why: "its robots.txt names this sitemap" };
	if (front)
		yield {
			door: { kind: "sitemap", url: new URL("/sitemap.xml", url).href },
			why: "a sitemap stands at the usual place",
		};
}

/** The doors that a page names in its head: `<link rel="alternate">` (html.spec.whatwg.org, 4.6.7.1) and WordPress's `https://api.w.org/`. */
function namedIn(html: string, address: string): Named {
	const feeds = new Map<string, string>();
	let api: string | undefined;
	let generator = "";
	let base = address;
	const parser = new Parser({
		onopentag(name, attributes) {
			const { rel = "", type = "", href = "", title = "" } = attributes;
			if (name === "base" && href) base = resolved(href, address) ?? base;
			if (name === "meta" && attributes["name"]?.toLowerCase() === "generator") generator = attributes["content"] ?? "";
			if (name !== "link") return;
			const target = resolved(href, base);
			if (target === undefined) return;
			if (/(^|\s)https:\/\/api\.w\.org\/?($|\s)/i.test(rel)) api ??= target;
			if (!/\balternate\b/i.test(rel) || !FEED_TYPE.test(type.trim())) return;
			if (!COMMENTS.test(title) && !COMMENTS.test(decoded(target)) && !feeds.has(target)) feeds.set(target, title);
		},
	});
	parser.write(html.slice(0, HEAD));
	parser.end();
	if (api === undefined && /^WordPress/i.test(generator)) api = new URL("/wp-json/", address).href;
	return { ...(api === undefined ? {} : { api }), feeds: [...feeds].map(([url, title]) => ({ url, title })) };
}

/** Whether a feed is that of a section: its address begins with the section's. */
function belongsTo(feed: string, section: string): boolean {
	const [one, two] = [new URL(feed), new URL(section)];
	const path = decoded(two.pathname).replace(/\/+$/, "");
	return (
		decoded(one.pathname).startsWith(`${path}/`) || (two.search !== "" && one.search.includes(two.search.slice(1)))
	);
}

/** The sitemaps that a site's robots.txt names (sitemaps.org); none when there is no such file. */
async function sitemapsOf(url: string, web: Web, signal: AbortSignal): Promise<readonly string[]> {
	try {
		const { body } = await web.get(new URL("/robots.txt", url).href, { signal, maxBytes: 500_000 });
		const text = new TextDecoder().decode(body);
		const named = [...text.matchAll(/^\s*sitemap\s*:\s*(\S+)/gim)].map(([, one = ""]) => resolved(one, url));
		return [...new Set(named.filter((one) => one !== undefined))].slice(0, 10);
	} catch (error) {
		if (error instanceof SourceError) return [];
		throw error;
	}
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

import { parseDate } from "../arabic/dates.ts";
import { textOf } from "./html.ts";
import type { SiteRule } from "./sites.ts";
import { resolved } from "./xml.ts";

/** The little of the DOM that reading a page needs; linkedom's own types want the browser's. */
export interface PageElement {
	readonly localName: string;
	readonly children: ArrayLike<PageElement> & Iterable<PageElement>;
	readonly parentElement: PageElement | null;
	textContent: string;
	innerHTML: string;
	getAttribute(name: string): string | null;
	querySelector(selector: string): PageElement | null;
	querySelectorAll(selector: string): ArrayLike<PageElement> & Iterable<PageElement>;
	contains(other: PageElement): boolean;
	remove(): void;
}

/** What a page says about its article outside of the text. */
export interface PageMeta {
	readonly url: string;
	readonly title: string;
	readonly summary?: string;
	readonly author?: string;
	readonly publishedAt?: string;
	readonly tags: readonly string[];
	readonly images: readonly string[];
	/** The whole text, from JSON-LD. */
	readonly body?: string;
	/** Whether the page declares itself to be one article. */
	readonly isArticle: boolean;
}

const ARTICLE_TYPE = /^(?:\w*NewsArticle|Article|BlogPosting|Report|LiveBlogPosting)$/i;
const DATES_META = [
	"article:published_time",
	"og:article:published_time",
	"datePublished",
	"date",
	"pubdate",
	"publish-date",
	"publishdate",
	"dc.date",
	"dc.date.issued",
	"dcterms.date",
	"sailthru.date",
];
const DATES_TEXT =
	"time[datetime], .entry-date, .post-date, .article-date, .published, .submitted, .date, .date-display-single, .post-timestamp";

/** Reads JSON-LD, Open Graph and the usual tags of a page. */
export function metaOf(document: PageElement, url: string, rule: SiteRule | undefined): PageMeta {
	const data = articleData(document);
	const meta = (name: string) => contentOf(document, name);
	const picked = (selector: string | undefined) =>
		selector ? textOf(document.querySelector(selector)?.textContent ?? "") : "";
	const author = [
		picked(rule?.author),
		names(data["author"])[0],
		meta("author"),
		meta("article:author"),
		picked("[rel~=author]"),
		picked("[itemprop=author]"),
	].find((name) => name && !/^https?:/.test(name));
	const publishedAt = dateOf(document, data, rule);
	const summary = meta("og:description") || meta("description");
	const body = string(data["articleBody"]);
	const tags = [
		...metaAll(document, "article:tag"),
		...names(data["keywords"]).flatMap((words) => words.split(/[,،]/)),
		...names(data["articleSection"]),
		meta("article:section"),
		...texts(document, "a[rel~=tag]"),
	];
	const images = [meta("og:image"), meta("og:image:url"), ...addresses(data["image"]), meta("twitter:image")];
	return {
		url: canonicalOf(document, url),
		title: titleOf(document, string(data["headline"]), rule),
		...(summary ? { summary: textOf(summary) } : {}),
		...(author ? { author } : {}),
		...(publishedAt ? { publishedAt } : {}),
		tags: [...new Set(tags.map((tag) => textOf(tag)).filter(Boolean))],
		images: [...new Set(images.map((image) => resolved(image, url)))].filter((image) => image !== undefined),
		...(body ? { body } : {}),
		isArticle: data["@type"] !== undefined || /article/i.test(meta("og:type")),
	};
}

function contentOf(document: PageElement, name: string): string {
	return metaAll(document, name)[0] ?? "";
}

function metaAll(document: PageElement, name: string): string[] {
	return [...document.querySelectorAll(`meta[property="${name}"], meta[name="${name}"], meta[itemprop="${name}"]`)]
		.map((one) => one.getAttribute("content")?.trim() ?? "")
		.filter(Boolean);
}

function texts(document: PageElement, selector: string): string[] {
	return [...document.querySelectorAll(selector)].map((one) => one.textContent);
}

/** A canonical address that leads from an article to the site's front page is a template's mistake. */
function canonicalOf(document: PageElement, url: string): string {
	const isInner = URL.canParse(url) && new URL(url).pathname + new URL(url).search !== "/";
	const said = [document.querySelector("link[rel~=canonical]")?.getAttribute("href"), contentOf(document, "og:url")];
	for (const one of said) {
		const address = resolved(one ?? undefined, url);
		if (address === undefined || !/^https?:/.test(address)) continue;
		const { pathname, search } = new URL(address);
		if (pathname + search !== "/" || !isInner) return address;
	}
	return url;
}

function titleOf(document: PageElement, headline: string, rule: SiteRule | undefined): string {
	const picked = rule?.title ? textOf(document.querySelector(rule.title)?.textContent ?? "") : "";
	if (picked) return picked;
	const page = textOf(document.querySelector("title")?.textContent ?? "");
	const shared = textOf(contentOf(document, "og:title"));
	const headings = ["h1", "h2", ".post-title, .entry-title, .title"]
		.flatMap((selector) => texts(document, selector).map((text) => textOf(text)))
		.filter((text) => text.length > 3);
	const confirmed = headings.find((text) => page.includes(text) || shared.includes(text));
	if (confirmed && (!headline || headline.includes(confirmed))) return confirmed;
	const first = texts(document, "h1")
		.map((text) => textOf(text))
		.filter(Boolean);
	const only = first.length === 1 ? first[0] : undefined;
	return (
		textOf(headline) ||
		withoutSite(shared, contentOf(document, "og:site_name")) ||
		only ||
		withoutSite(page, contentOf(document, "og:site_name"))
	);
}

/** «Headline | Site» → «Headline»: the site's own name when it says it, otherwise a short last part behind a bar. */
function withoutSite(title: string, site: string): string {
	const parts = title.split(/\s+[|–—»-]\s+/);
	const last = parts.at(-1) ?? "";
	const isSite = site !== "" ? last === site : /\s[|»]\s[^|»]*$/.test(title) && last.length < title.length / 2;
	return parts.length > 1 && isSite ? title.slice(0, title.length - last.length).replace(/\s+[|–—»-]\s+$/, "") : title;
}

function dateOf(document: PageElement, data: Record<string, unknown>, rule: SiteRule | undefined): string | undefined {
	const byRule = rule?.date ? [...document.querySelectorAll(rule.date)] : [];
	const marked = [...document.querySelectorAll("[itemprop=datePublished]"), ...document.querySelectorAll(DATES_TEXT)];
	const said = (one: PageElement) => [one.getAttribute("datetime"), one.getAttribute("content"), one.textContent];
	const all = [
		...byRule.flatMap(said),
		string(data["datePublished"]),
		...DATES_META.map((name) => contentOf(document, name)),
		...marked.slice(0, 10).flatMap(said),
	];
	for (const text of all) {
		const date = text?.trim() && text.length < 120 ? parseDate(text.trim()) : undefined;
		if (date !== undefined) return date;
	}
	return undefined;
}

function articleData(document: PageElement): Record<string, unknown> {
	for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
		try {
			const found = findArticle(
				JSON.parse(script.textContent.replace(/^\s*(?:<!--|\/\/<!\[CDATA\[)|(?:-->|\/\/\]\]>)\s*$/g, "")),
				0,
			);
			if (found) return found;
		} catch {
			// Broken JSON-LD is common and only a hint: the page itself is still there.
		}
	}
	return {};
}

function findArticle(value: unknown, depth: number): Record<string, unknown> | undefined {
	if (depth > 4 || typeof value !== "object" || value === null) return undefined;
	if (Array.isArray(value)) return value.map((one) => findArticle(one, depth + 1)).find(Boolean);
	const object = value as Record<string, unknown>;
	if (names(object["@type"]).some((type) => ARTICLE_TYPE.test(type))) return object;
	return findArticle(object["@graph"], depth + 1) ?? findArticle(object["mainEntity"], depth + 1);
}

function names(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(names);
	if (typeof value === "object" && value !== null && "name" in value) return names(value.name);
	return typeof value === "string" && value.trim() ? [value.trim()] : [];
}

function addresses(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(addresses);
	if (typeof value === "object" && value !== null && "url" in value) return addresses(value.url);
	return typeof value === "string" ? [value] : [];
}

function string(value: unknown): string {
	return typeof value === "string" ? value.trim() : "";
}

import { compareKey } from "../arabic/normalize.ts";
import { textOf } from "./html.ts";
import { dateOf } from "./page-date.ts";
import { type ArticleData, dataOf } from "./page-data.ts";
import { metaAll, metaFirst, type PageElement } from "./page-element.ts";
import { headlineOf } from "./page-title.ts";
import type { SiteRule } from "./sites.ts";
import { resolved } from "./xml.ts";

/** What a page says about its article outside of the text. */
export interface PageMeta {
	readonly url: string;
	readonly title: string;
	/** The headline as the reader of the page sees it. */
	readonly headline?: PageElement;
	readonly summary?: string;
	readonly author?: string;
	readonly publishedAt?: string;
	readonly tags: readonly string[];
	readonly images: readonly string[];
	/** The whole text, from JSON-LD. */
	readonly body?: string;
	/** Whether the page declares itself to be one article. */
	readonly isArticle: boolean;
	/** The names of the site. */
	readonly sites: readonly string[];
}

/** Accounts and desks of a publishing system that wrote nothing. */
const NOBODY =
	/^(?:admin\w*|administrator|super ?user|user\d*|root|editor\d*|webmaster|author|guest|مدير(?: الموقع)?|المدير|المحرر|محرر|ادمن|أدمن|مشرف|الكاتب|كاتب|ضيف)$/iu;
const BYLINE =
	/^(?:كتبها?|كُتب|كتب بواسطة|بواسطة|بقلم|الكاتب|الكاتبة|مرسلة بواسطة|نشر(?:ها?|ت)? بواسطة|أضيف بواسطة|المحررة?|تحرير|إعداد|by|posted by|author|written by)\s*[:：]?\s+/iu;
/** A picture that stands for every page of a site. */
const STANDS_IN =
	/(?:^|[/_-])(?:(?:default|site|share|fb|og|social|header)[-_]?)?(?:logo|default|placeholder|no[-_]?image|no[-_]?photo|blank|spacer|pixel|lazy|loading)(?:[-_]?(?:image|img|photo|thumb|share|og|ar|en|\d+(?:x\d+)?))?\.\w{3,4}$/i;
const NO_TAG = /^(?:uncategorized|غير مصنف|عام|الرئيسية|home)$/iu;

/** Reads JSON-LD, Open Graph and the usual tags of a page; a time without a zone is read in `zone`. */
export function metaOf(
	document: PageElement,
	url: string,
	rule: SiteRule | undefined,
	zone: string | undefined,
): PageMeta {
	const data = dataOf(document, url);
	const sites = [
		metaFirst(document, "og:site_name"),
		metaFirst(document, "application-name"),
		...data.sites,
		...homeNames(document, url),
	]
		.map((name) => textOf(name))
		.filter((name) => name.length > 2);
	const headline = headlineOf(document, data.headline, sites, rule?.title);
	const author = authorOf(document, data, rule, sites);
	const publishedAt = dateOf(document, {
		said: data.dates,
		selector: rule?.date,
		headline: headline.element,
		zone,
	});
	const summary = metaFirst(document, "og:description") || metaFirst(document, "description");
	return {
		url: canonicalOf(document, url),
		title: headline.text,
		...(headline.element ? { headline: headline.element } : {}),
		...(summary ? { summary: textOf(summary) } : {}),
		...(author ? { author } : {}),
		...(publishedAt ? { publishedAt } : {}),
		tags: tagsOf(document, data),
		images: imagesOf(document, data, url),
		...(data.body ? { body: data.body } : {}),
		isArticle:
			data.isArticle ||
			/article/i.test(metaFirst(document, "og:type")) ||
			metaFirst(document, "article:published_time") !== "" ||
			document.querySelector("[itemprop~=datePublished]") !== null,
		sites,
	};
}

/** A name without «by», when it is a person's or a desk's: neither an address nor an account, nor the site itself. */
export function personOf(text: string, sites: readonly string[]): string | undefined {
	const name = textOf(text).replace(BYLINE, "").trim();
	const isName = name !== "" && name.length <= 60 && !/^https?:|@/.test(name) && !NOBODY.test(name);
	return isName && !sites.some((site) => compareKey(site) === compareKey(name)) ? name : undefined;
}

/** Tags as words: without «#», said once, none that says nothing. */
export function tagWords(words: readonly string[]): string[] {
	return [...new Set(words.map((word) => textOf(word).replace(/^#/, "").replaceAll("_", " ").trim()))].filter(
		(word) => word !== "" && word.length <= 60 && !NO_TAG.test(word),
	);
}

/** Whether an address is that of the site's own logo or of a gap filled by it. */
export function standsIn(address: string): boolean {
	return STANDS_IN.test(address.split(/[?#]/)[0] ?? "");
}

function homeNames(document: PageElement, url: string): string[] {
	const isHome = (href: string | null) => {
		const address = resolved(href ?? undefined, url);
		return (
			address !== undefined && /^https?:/.test(address) && /^\/(?:ar\/?|index\.\w+)?$/.test(new URL(address).pathname)
		);
	};
	return [...document.querySelectorAll("a[href]")]
		.slice(0, 60)
		.filter((link) => isHome(link.getAttribute("href")))
		.flatMap((link) => [link.textContent, link.querySelector("img")?.getAttribute("alt") ?? ""])
		.filter((name) => name.trim().length < 60);
}

/** A canonical address that leads from an article to the site's front page is a template's mistake. */
function canonicalOf(document: PageElement, url: string): string {
	const isInner = URL.canParse(url) && new URL(url).pathname + new URL(url).search !== "/";
	const said = [document.querySelector("link[rel~=canonical]")?.getAttribute("href"), metaFirst(document, "og:url")];
	for (const one of said) {
		const address = resolved(one ?? undefined, url);
		if (address === undefined || !/^https?:/.test(address)) continue;
		const { pathname, search } = new URL(address);
		if (pathname + search !== "/" || !isInner) return address;
	}
	return url;
}

function authorOf(
	document: PageElement,
	data: ArticleData,
	rule: SiteRule | undefined,
	sites: readonly string[],
): string | undefined {
	const picked = rule?.author ? (document.querySelector(rule.author)?.textContent ?? "") : "";
	const marked = [...document.querySelectorAll("[itemprop~=author]")].slice(0, 3).flatMap((one) => {
		const name = one.querySelector("[itemprop~=name]");
		return [
			name?.getAttribute("content") ?? "",
			name?.textContent ?? "",
			one.getAttribute("content") ?? "",
			one.textContent,
		];
	});
	const said = [
		picked,
		...data.authors.slice(0, 1),
		metaFirst(document, "author"),
		metaFirst(document, "article:author"),
		document.querySelector("[rel~=author]")?.textContent ?? "",
		...marked,
	];
	for (const one of said) {
		const name = personOf(one, sites);
		if (name !== undefined) return name;
	}
	return undefined;
}

function tagsOf(document: PageElement, data: ArticleData): string[] {
	return tagWords([
		...metaAll(document, "article:tag").flatMap((words) => words.split(/[,،]/)),
		...data.keywords.flatMap((words) => words.split(/[,،]/)),
		...data.sections,
		metaFirst(document, "article:section"),
		...[...document.querySelectorAll("a[rel~=tag]")].map((one) => one.textContent),
	]);
}

function imagesOf(document: PageElement, data: ArticleData, url: string): string[] {
	const marked = [...document.querySelectorAll("link[itemprop~=image], [itemprop~=image] [itemprop~=url]")].map(
		(one) => one.getAttribute("href") ?? one.getAttribute("content"),
	);
	const said = [
		metaFirst(document, "og:image"),
		metaFirst(document, "og:image:url"),
		...data.images,
		metaFirst(document, "image"),
		...marked.slice(0, 1),
		metaFirst(document, "twitter:image"),
	];
	return [...new Set(said.map((image) => resolved(image ?? undefined, url)))]
		.filter((image) => image !== undefined)
		.filter((image) => !standsIn(image));
}

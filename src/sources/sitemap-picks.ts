import { shapeOf, siteOf } from "./shapes.ts";

/** An address that a sitemap lists. */
export interface SitemapEntry {
	readonly url: string;
	/** What a news sitemap says of its article; ordinary ones say nothing. */
	readonly news?: { readonly title: string; readonly tags: readonly string[]; readonly images: readonly string[] };
	/** ISO 8601 UTC, with its time of day. */
	readonly publishedAt?: string;
	/** When the page last changed, ISO 8601 UTC. */
	readonly changedAt?: string;
}

/** A sitemap that an index lists. */
export interface SitemapChild {
	readonly url: string;
	/** ISO 8601 UTC. */
	readonly changedAt?: string;
}

/** Sitemaps of one index that are looked at. */
const MOST_CHILDREN = 5;
/** Of sitemaps that differ by their number alone, and do not say when they changed, the last one and the one that it may just have followed. */
const MOST_UNDATED = 2;
/** Addresses of one sitemap that are given. */
const MOST_ENTRIES = 1000;
/** When nothing tells the age of an address, fewer are given than at the first visit: one that leaves the list must not bring an old one into sight. */
const MOST_UNDATED_LATER = 500;
/** Sitemaps are rebuilt late and write days without a time: what changed so long before the last look is given again. Milliseconds. */
const OVERLAP = 48 * 3_600_000;

/** Names of sitemaps that list no articles: those of WordPress, Yoast, Rank Math, AIOSEO, XML Sitemap & Google News, Drupal and Joomla. */
const NO_ARTICLES = new Set(
	"page pages category categories cat cats tag tags tax taxonomy taxonomies term terms format author authors user users writer writers image images photo photos picture pictures video videos media attachment attachments product products static misc local location locations section sections topic topics home homepage menu menus template templates elementor language languages".split(
		" ",
	),
);
const SAYS_NOTHING = new Set("xml gz txt php sitemap sitemaps sitemapindex index wp www".split(" "));
const NEWS = new Set("news googlenews latest recent breaking".split(" "));
const POSTS = new Set("post posts article articles story stories".split(" "));
/** The front page, that of a language, and the archives of years, months and days. */
const ARCHIVE = /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/?)?(?:(?:19|20)\d\d(?:\/\d\d?){0,2}\/?)?$/i;
const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** Whether a sitemap's name says that it lists the latest news. */
export function isNewsSitemap(url: string): boolean {
	return wordsOf(url).some((word) => NEWS.has(word));
}

/** Which sitemaps of an index can hold new articles: news ones first, then those that changed last, then the last ones by name and number. */
export function childrenToRead(children: readonly SitemapChild[]): string[] {
	const named = children.filter(({ url }) => !holdsNoArticles(url));
	const candidates = (named.length > 0 ? named : children).map((child) => ({
		...child,
		news: isNewsSitemap(child.url),
	}));
	const tells = datesTell(candidates);
	candidates.sort(
		(left, right) =>
			Number(right.news) - Number(left.news) ||
			(tells ? compared(right.changedAt, left.changedAt) : 0) ||
			BY_NUMBER.compare(right.url, left.url),
	);
	const families = new Map<string, number>();
	const chosen: string[] = [];
	for (const { url } of candidates) {
		const family = url.replace(/\d+/g, "").replace(/[-_](?=\.)/, "");
		const count = families.get(family) ?? 0;
		families.set(family, count + 1);
		if (chosen.length < MOST_CHILDREN && (tells || count < MOST_UNDATED)) chosen.push(url);
	}
	return chosen;
}

/**
 * What a sitemap lists that an editor would call an article, newest first, 1,000 at most; `changedAt` is left out where it tells nothing.
 * After the first visit only what changed since the last look, as far as the sitemap says when.
 */
export function articlesOf(
	entries: readonly SitemapEntry[],
	file: { readonly url: string; readonly first: boolean; readonly since: string | undefined },
): SitemapEntry[] {
	const [news, others] = [entries.filter(({ news }) => news), entries.filter(({ news }) => !news)];
	return [...newestNews(news), ...newestPages(others, file)].slice(0, MOST_ENTRIES);
}

function newestNews(entries: readonly SitemapEntry[]): SitemapEntry[] {
	const told: readonly SitemapEntry[] = datesTell(entries)
		? entries
		: entries.map(({ changedAt: _changedAt, ...entry }) => entry);
	return [...told].sort((left, right) =>
		compared(right.publishedAt ?? right.changedAt, left.publishedAt ?? left.changedAt),
	);
}

function newestPages(
	entries: readonly SitemapEntry[],
	{ url, first, since }: { readonly url: string; readonly first: boolean; readonly since: string | undefined },
): SitemapEntry[] {
	const tells = datesTell(entries);
	const latestFirst = isLatestFirst(entries, tells) ? [...entries] : [...entries].reverse();
	const isArticle = articleTest(entries, url);
	if (!tells)
		return latestFirst
			.map(({ changedAt: _changedAt, ...entry }) => entry)
			.slice(0, first ? MOST_ENTRIES : MOST_UNDATED_LATER)
			.filter(isArticle);
	const from = since === undefined ? "" : new Date(Date.parse(since) - OVERLAP).toISOString();
	return latestFirst
		.filter(({ changedAt }) => changedAt === undefined || changedAt >= from)
		.sort((left, right) => compared(right.changedAt, left.changedAt))
		.slice(0, MOST_ENTRIES)
		.filter(isArticle);
}

/** Whether dates order a list: most entries have one, and it is not one and the same, as where a generator writes its own hour. */
function datesTell(entries: readonly { readonly changedAt?: string }[]): boolean {
	const dates = entries.map(({ changedAt }) => changedAt).filter((date) => date !== undefined);
	return dates.length > 0 && dates.length * 2 >= entries.length && (entries.length < 3 || new Set(dates).size > 1);
}

/** Whether a list begins with its latest entries: by its dates, else by the numbers in its addresses; most generators write the oldest first. */
function isLatestFirst(entries: readonly SitemapEntry[], tells: boolean): boolean {
	const marks = entries
		.map(({ url, changedAt }) => (tells ? Date.parse(changedAt ?? "") : Number(/\d{4,15}(?!.*\d{4})/.exec(url)?.[0])))
		.filter((mark) => !Number.isNaN(mark));
	let falls = 0;
	for (let at = 1; at < marks.length; at++) falls += Math.sign((marks[at - 1] ?? 0) - (marks[at] ?? 0));
	return falls > 0;
}

/** Tells articles from front pages, sections and archives by their addresses, and by what else the sitemap lists. */
function articleTest(entries: readonly SitemapEntry[], file: string): (entry: SitemapEntry) => boolean {
	const onlyPosts = wordsOf(file).some((word) => POSTS.has(word));
	const folders = new Map<string, number>();
	for (const { url } of entries) {
		const folder = url.slice(0, url.lastIndexOf("/", url.length - 2) + 1);
		folders.set(folder, (folders.get(folder) ?? 0) + 1);
	}
	const sample = entries.slice(-200).map(({ url }) => shapeOf(new URL(url)));
	const othersLookLikeArticles = sample.filter((shape) => (shape?.strength ?? 0) > 0).length * 2 >= sample.length;
	return ({ url }) => {
		const address = new URL(url);
		if (ARCHIVE.test(address.pathname) && address.search === "") return false;
		const shape = shapeOf(address);
		if (shape === undefined || shape.strength > 0) return shape !== undefined;
		const segments = address.pathname.split("/").filter(Boolean);
		if (onlyPosts) return true;
		const holdsOthers = (folders.get(url.endsWith("/") ? url : `${url}/`) ?? 0) > 1;
		return !holdsOthers && !(segments.length === 1 && othersLookLikeArticles);
	};
}

function holdsNoArticles(url: string): boolean {
	const words = wordsOf(url);
	return words.some((word) => NO_ARTICLES.has(word) || (/^archives?$/.test(word) && !/\d/.test(url)));
}

/** The words in a sitemap's name: of its file and query (`?sitemap=posts`), or of its folder when the file has a number alone. */
function wordsOf(url: string): string[] {
	const { pathname, searchParams } = new URL(url);
	const words = (text: string) =>
		text
			.toLowerCase()
			.split(/[^a-z]+/)
			.filter((word) => word !== "" && !SAYS_NOTHING.has(word));
	const [file = "", folder = ""] = pathname.split("/").filter(Boolean).reverse();
	const own = [file, ...searchParams.values()].flatMap(words);
	return own.length > 0 ? own : words(folder);
}

/** Keeps the addresses of a sitemap's own site: others are not its to list (https://www.sitemaps.org/protocol.html#location). */
export function ofSite<T extends { readonly url: string }>(entries: readonly T[], own: string): T[] {
	const site = siteOf(new URL(own));
	const known = new Map<string, boolean>();
	return entries.filter(({ url }) => {
		const address = new URL(url);
		const { host } = address;
		const same = known.get(host) ?? siteOf(address) === site;
		known.set(host, same);
		return same;
	});
}

/** Orders moments, the missing ones first. */
export function compared(left = "", right = ""): number {
	return left < right ? -1 : left > right ? 1 : 0;
}

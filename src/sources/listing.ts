import { compareWords } from "../arabic/normalize.ts";
import type { Draft } from "../article/article.ts";
import { canonicalUrl } from "../article/identity.ts";
import type { Web } from "../http.ts";
import { around, type Block, readBlocks } from "./blocks.ts";
import { decodeText } from "./charset.ts";
import { lookAt } from "./conditional.ts";
import { isCut } from "./headlines.ts";
import { dateBeside, isDay } from "./item-date.ts";
import { articlesAmong, type Found } from "./judge.ts";
import { type Link, linksOf } from "./links.ts";
import { completed } from "./merge.ts";
import { readPage } from "./page.ts";
import { chosenLinks, marked } from "./selected.ts";
import { type ListRule, listRuleOf, type Selectors, type SiteRules, withSelectors } from "./sites.ts";
import { type Poll, type Source, SourceError, type Validators } from "./source.ts";

const ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5";
const CHALLENGE =
	/cdn-cgi\/challenge-platform|cf-browser-verification|id=["']?(?:challenge-form|cf-wrapper|captcha)\b|class=["'][^"']*\b(?:g-recaptcha|h-captcha|cf-turnstile)\b|name=["']?captcha\b|checking your browser|just a moment\.\.\./i;
const PASSWORD = /<input[^>]+type=["']?password\b/i;
/** An item of a list that has no text but its title cannot hold more addresses than those of its section, author and comments. */
const MOST_IN_ITEM = 4;

/** How a listing page is read. */
export interface ListingOptions {
	/** Name of the source. */
	readonly source: string;
	/** What selects the articles' links, or the blocks that hold them; without it they are found by themselves. */
	readonly list?: ListRule;
	/** IANA name of the zone of times that name none; UTC by default. */
	readonly timeZone?: string;
}

/**
 * The articles a page of a site without a feed links to, in document order, each address once: by the selectors given, otherwise by what their
 * addresses, their words and their neighbours tell. Throws SourceError `body` when there is none: a list of news is never empty.
 */
export async function listedArticles(html: string, url: string, options: ListingOptions): Promise<Draft[]> {
	const { list, timeZone } = options;
	const isSelected = list?.items ?? list?.title ?? list?.time;
	const page = list && isSelected ? await marked(html, url, list) : html;
	const links = linksOf(readBlocks(page, url), url);
	const found = list?.items ? chosenLinks(links) : articlesAmong(links);
	if (found.length === 0) throw nothingOn(html, url, list);
	const isAlone = aloneness(links, found);
	return found.map((one) => {
		const publishedAt = dateBeside(one.links, isAlone, timeZone);
		return {
			url: one.url,
			title: one.title,
			tags: [],
			images: [],
			...(publishedAt ? { publishedAt } : {}),
			source: options.source,
		};
	});
}

/** Front and section pages of a site as a source; each is looked at with validators of its own, and articles are completed from their pages. */
export function listingSource(options: {
	readonly name: string;
	readonly url: string;
	/** Further pages of the site that list articles. */
	readonly pages?: readonly string[];
	/** The source's own selectors; they win over the site's row in sites.yaml. */
	readonly selectors?: Selectors;
	readonly web: Web;
	readonly sites: SiteRules;
	/** Whether it is the newsroom's own: looked at on every tick, unless it asks for a pause itself. */
	readonly own: boolean;
	/** IANA name of the zone of times that name none; UTC by default. */
	readonly timeZone?: string;
}): Source {
	const { name, url, web, own, timeZone } = options;
	const sites = withSelectors(options.sites, url, options.selectors);
	const list = listRuleOf(url, sites);
	const addresses = [
		...new Set([url, ...(options.pages ?? []), ...(list?.pages ?? [])].map((page) => new URL(page, url).href)),
	];

	async function look(address: string, before: Validators | undefined, signal: AbortSignal) {
		const seen = await lookAt(address, { web, accept: ACCEPT, signal, before, own });
		if (seen.unchanged) return { ...seen, drafts: [] };
		const { answer } = seen;
		const html = decodeText(answer.body, answer.headers["content-type"]);
		const drafts = await listedArticles(html, answer.url, {
			source: name,
			...(list ? { list } : {}),
			...(timeZone ? { timeZone } : {}),
		});
		return { ...seen, drafts };
	}

	return {
		name,
		kind: "listing",
		url,
		async poll(cursor, signal): Promise<Poll> {
			const parts: Record<string, Validators> = {};
			const drafts = new Map<string, Draft>();
			const faults: unknown[] = [];
			const pauses: Date[] = [];
			const fresh: number[] = [];
			let unchanged = true;
			for (const address of addresses) {
				signal.throwIfAborted();
				const before = cursor.parts?.[address];
				try {
					const seen = await look(address, before, signal);
					parts[address] = seen.validators;
					unchanged &&= seen.unchanged;
					if (seen.said.next) pauses.push(seen.said.next);
					if (seen.said.pause !== undefined) fresh.push(seen.said.pause);
					for (const draft of seen.drafts) {
						const key = canonicalUrl(draft.url);
						if (!drafts.has(key)) drafts.set(key, draft);
					}
				} catch (error) {
					if (!(error instanceof SourceError)) throw error;
					faults.push(error);
					if (before) parts[address] = before;
					if (error.retryAt) pauses.push(error.retryAt);
				}
			}
			if (faults.length === addresses.length) throw faults[0];
			const latest = pauses.sort((a, b) => b.getTime() - a.getTime())[0];
			const next = {
				...(latest ? { next: latest } : {}),
				...(fresh.length > 0 ? { pause: Math.min(...fresh) } : {}),
			};
			if (unchanged) return { unchanged: true, cursor: { parts }, ...next };
			return { unchanged: false, drafts: [...drafts.values()], cursor: { parts }, ...next };
		},
		async complete(draft, signal) {
			const answer = await web.get(draft.url, { signal, accept: ACCEPT });
			const html = decodeText(answer.body, answer.headers["content-type"]);
			return fromPage(draft, await readPage(html, answer.url, sites, timeZone));
		},
	};
}

/** A listed article with what its page says: all of the text, and title and time where the list was short of words. */
function fromPage(listed: Draft, page: Draft): Draft {
	const whole = completed(listed, page);
	const day = listed.publishedAt !== undefined && isDay(listed.publishedAt) ? page.publishedAt : undefined;
	return { ...whole, title: titleOf(listed.title, page.title), ...(day ? { publishedAt: day } : {}) };
}

/** The page's own title when the list cut it or has less of it, unless it is not about the same: some sites name every page alike. */
function titleOf(listed: string, page: string): string {
	if (!isCut(listed) && listed.length >= page.length) return listed;
	const words = new Set(compareWords(page));
	const shared = compareWords(listed).filter((word) => words.has(word)).length;
	return shared > 0 && shared >= Math.min(words.size, compareWords(listed).length) / 3 ? page : listed || page;
}

/** Whether a block belongs to one article alone. */
function aloneness(links: readonly Link[], found: readonly Found[]): (block: Block) => boolean {
	const articles = new Set(found.map(({ key }) => key));
	const held = new Map<Block, { readonly all: Set<string>; readonly articles: Set<string> }>();
	for (const { block, key, shape } of links) {
		const isArticle = articles.has(key) || shape?.strength === 2;
		for (const above of around(block)) {
			const holds = held.get(above) ?? { all: new Set(), articles: new Set() };
			held.set(above, holds);
			holds.all.add(key);
			if (isArticle) holds.articles.add(key);
		}
	}
	return (block) => {
		const holds = held.get(block);
		return !holds || (holds.articles.size < 2 && holds.all.size <= MOST_IN_ITEM);
	};
}

function nothingOn(html: string, url: string, list: ListRule | undefined): SourceError {
	const instead = CHALLENGE.test(html)
		? "a captcha or browser check"
		: PASSWORD.test(html)
			? "a login page"
			: undefined;
	if (instead) return new SourceError("body", `${url} gave ${instead} instead of a list of articles.`);
	if (list?.items)
		return new SourceError(
			"body",
			`no article could be found on ${url}: the selector “${list.items}” finds no link there.`,
		);
	return new SourceError("body", `no article could be found on ${url}: name the selector \`list\` in newsroom.yaml.`);
}

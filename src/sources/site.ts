import type { Draft } from "../article/article.ts";
import type { Web } from "../http.ts";
import { decodeText } from "./charset.ts";
import { lookAt } from "./conditional.ts";
import { doorsOf, FEED_PATHS, type Finding } from "./discover.ts";
import { feedSource, readFeed } from "./feed.ts";
import { listingSource } from "./listing.ts";
import { kindOf } from "./open.ts";
import { sitemapSource } from "./sitemap.ts";
import type { Selectors, SiteRules } from "./sites.ts";
import { type Cursor, type Door, type Poll, type Source, SourceError } from "./source.ts";
import { wordpressSource } from "./wordpress.ts";

const ACCEPT =
	"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.9, application/json;q=0.8, */*;q=0.5";
/** An address that names a feed must not be read as a page of news while the site is out of order. */
const FEED_ADDRESS = /(?:^|\/)(?:feeds?|rss|atom|rdf)(?:[./]|$)|\.(?:xml|rss|rdf|atom|json)$/i;
/** A door whose newest article is older than this is taken only where there is no other. Milliseconds. */
const STALE = 45 * 24 * 3_600_000;

export interface SiteOptions {
	readonly name: string;
	/** Any address of the site: a feed, a sitemap, its WordPress interface, its front page or one of its sections. */
	readonly url: string;
	readonly web: Web;
	readonly sites: SiteRules;
	/** Whether it is the newsroom's own: looked at on every tick, unless it asks for a pause itself. */
	readonly own: boolean;
	readonly selectors?: Selectors;
	/** Further pages that list articles, for a site that is read by its pages. */
	readonly pages?: readonly string[];
	/** IANA name of the zone of times that name none. */
	readonly timeZone?: string;
	readonly now: () => Date;
}

/** A source by whatever stands at its address. */
export interface Site extends Source {
	/** What stands there, how it was found, and what it lists now. Throws SourceError. */
	discover(signal: AbortSignal): Promise<Finding & { readonly poll: Poll & { readonly unchanged: false } }>;
}

/** Finds out what stands at an address at the first look and reads it through that door from then on; a door that stays broken is replaced by another one. */
export function siteSource(options: SiteOptions): Site {
	const { name, url, web, own, now } = options;

	function open({ kind, url: other }: Door): Source {
		const address = other === undefined ? url : withCredentialsOf(url, other);
		const given = {
			name,
			url: address,
			web,
			sites: options.sites,
			own,
			...(options.timeZone ? { timeZone: options.timeZone } : {}),
		};
		switch (kind) {
			case "feed":
				return feedSource(given);
			case "wordpress":
				return wordpressSource(given);
			case "sitemap":
				return sitemapSource(given);
			case "listing":
				return listingSource({
					...given,
					...(options.selectors ? { selectors: options.selectors } : {}),
					...(options.pages ? { pages: options.pages } : {}),
				});
		}
	}

	/** The first door that lists something new enough; else the first one that lists anything. Throws SourceError when there is none. */
	async function tried(findings: AsyncIterable<Finding>, signal: AbortSignal) {
		let fallback: (Finding & { poll: Poll & { unchanged: false } }) | undefined;
		let fault: unknown;
		for await (const finding of findings) {
			try {
				const poll = await open(finding.door).poll({}, signal);
				if (poll.unchanged || poll.drafts.length === 0) continue;
				const found = { ...finding, poll };
				if (isFresh(poll.drafts)) return found;
				fallback ??= found;
			} catch (error) {
				signal.throwIfAborted();
				if (!(error instanceof SourceError)) throw error;
				// The last one is the page itself: what is wrong with it says most.
				if (finding.door.kind === "listing") fault = error;
				fault ??= error;
			}
		}
		if (fallback) return fallback;
		throw fault ?? new SourceError("body", `nothing that lists articles could be found at ${url}`);
	}

	function isFresh(drafts: readonly Draft[]): boolean {
		const times = drafts.flatMap(({ publishedAt }) => (publishedAt === undefined ? [] : [Date.parse(publishedAt)]));
		return times.length === 0 || now().getTime() - Math.max(...times) < STALE;
	}

	/** What stands at the address itself, or behind the page that stands there. */
	async function enter(cursor: Cursor, signal: AbortSignal): Promise<Finding & { poll: Poll }> {
		const look = await lookAt(url, { web, accept: ACCEPT, signal, before: cursor, own });
		const { said } = look;
		// A ledger of an earlier version: it knew feeds only.
		if (look.unchanged)
			return {
				door: { kind: "feed" },
				why: "it is a feed",
				poll: { unchanged: true, cursor: look.validators, ...said },
			};
		const { answer, validators } = look;
		const contentType = answer.headers["content-type"];
		const kind = kindOf(answer.body, contentType);
		if (kind === "feed") {
			return {
				door: { kind },
				why: "it is a feed",
				poll: { unchanged: false, ...(await readFeed(answer, name)), cursor: validators, ...said },
			};
		}
		if (kind !== "page") {
			const door: Door = { kind };
			return {
				door,
				why: kind === "sitemap" ? "it is a sitemap" : "it is WordPress's interface",
				poll: await open(door).poll({}, signal),
			};
		}
		if (FEED_ADDRESS.test(new URL(url).pathname))
			throw new SourceError(
				"body",
				`${answer.url} gave an HTML page instead of a feed: perhaps a login or captcha page, or the address is not that of the feed.`,
			);
		const html = decodeText(answer.body, contentType);
		return tried(doorsOf({ html, url: answer.url }, { web, signal }), signal);
	}

	return {
		name,
		kind: "site",
		url,
		async poll(cursor, signal) {
			const { door } = cursor;
			if (!door) {
				const found = await enter(cursor, signal);
				return { ...found.poll, cursor: { ...found.poll.cursor, door: found.door } };
			}
			const poll = await open(door).poll(cursor, signal);
			return { ...poll, cursor: { ...poll.cursor, door } };
		},
		complete(draft, signal) {
			const told = draft.body !== undefined || draft.summary !== undefined || draft.guid !== undefined;
			return open({ kind: told ? "feed" : "listing" }).complete(draft, signal);
		},
		async discover(signal) {
			const found = await enter({}, signal);
			if (found.poll.unchanged)
				throw new SourceError("body", `${url} says that nothing changed since it was never asked`);
			return { ...found, poll: found.poll };
		},
		async reopen({ door }, signal) {
			const page = door && pageBehind(url, door);
			if (page === undefined) return undefined;
			try {
				const answer = await web.get(page, { signal, accept: ACCEPT });
				const html = decodeText(answer.body, answer.headers["content-type"]);
				const others = async function* () {
					for await (const finding of doorsOf({ html, url: answer.url }, { web, signal }))
						if (finding.door.kind !== door?.kind || finding.door.url !== door.url) yield finding;
				};
				return { door: (await tried(others(), signal)).door };
			} catch (error) {
				signal.throwIfAborted();
				if (error instanceof SourceError) return undefined;
				throw error;
			}
		},
	};
}

/** The page that tells of other doors: the one that was named, or the front page of a site whose only feed was named. Another feed may be that of one section, and the site's other doors know more than was asked for. */
function pageBehind(named: string, door: Door): string | undefined {
	if (door.url !== undefined || door.kind === "listing") return named;
	const { pathname, search } = new URL(named);
	const usual =
		FEED_PATHS.some((path) => path === `${pathname.replace(/\/+$/, "")}${search}`) || /^\/wp-json\b/.test(pathname);
	return usual ? new URL("/", named).href : undefined;
}

/** The address with the user name and password of another one of the same origin: they are never kept. */
function withCredentialsOf(named: string, other: string): string {
	const [from, to] = [new URL(named), new URL(other)];
	if (from.origin !== to.origin) return other;
	to.username = from.username;
	to.password = from.password;
	return to.href;
}

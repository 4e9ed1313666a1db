import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cleaner, Removed } from "./arabic/clean.ts";
import { type Article, articleOf, type Draft, kindOf } from "./article/article.ts";
import type { Web } from "./http.ts";
import type { News } from "./post/occasion.ts";
import type { Log } from "./ports.ts";
import { decodeText } from "./sources/charset.ts";
import { isArticlePage, isFront } from "./sources/discover.ts";
import { completeDraft } from "./sources/feed.ts";
import { kindOf as kindOfBytes, openInput } from "./sources/open.ts";
import { shapeOf } from "./sources/shapes.ts";
import type { Site } from "./sources/site.ts";
import type { SiteRules } from "./sources/sites.ts";
import { type Source, SourceError } from "./sources/source.ts";

/** An article read on request, with the occasion it would be and what cleaning took out of it. */
export interface Reading {
	readonly article: Article;
	readonly kind: News["kind"];
	readonly removed: readonly Removed[];
}

export interface ReaderParts {
	readonly web: Web;
	readonly sites: SiteRules;
	readonly cleaner: Cleaner;
	readonly log: Log;
	/** The configured name of a source by its address. */
	readonly sourceName: (url: string) => string | undefined;
	/** IANA name of the zone of times on pages that name none. */
	readonly timeZone: string;
	/** A site as a source, whatever stands at its address. */
	readonly openSite: (url: string, name: string) => Site;
}

const FEED_OR_PAGE =
	"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.9, */*;q=0.5";
/** Pages of one feed that are fetched at a time. */
const AT_ONCE = 4;
/** Entries of one source that are shown: a sitemap may list thousands, each with a page to fetch. */
const MOST = 200;
/** Characters from which a page has an article of its own. */
const TEXT = 250;

/** Reads feeds and article pages on request; stores nothing, posts nothing. */
export function reader({ web, sites, cleaner, log, sourceName, timeZone, openSite }: ReaderParts) {
	async function complete(draft: Draft, by: Pick<Source, "complete">, signal: AbortSignal): Promise<Draft> {
		if (!/^https?:/.test(draft.url)) return draft;
		try {
			return await by.complete(draft, signal);
		} catch (error) {
			signal.throwIfAborted();
			log.warn(
				{ url: draft.url, error: error instanceof Error ? error.message : String(error) },
				"the article's page could not be read: the entry is shown as it is",
			);
			return draft;
		}
	}

	async function fetched(input: string, signal: AbortSignal) {
		const answer = await web.get(input, { signal, accept: FEED_OR_PAGE });
		const contentType = answer.headers["content-type"];
		return { body: answer.body, url: answer.url, ...(contentType ? { contentType } : {}) };
	}

	async function fromFile(input: string, base: string | undefined) {
		try {
			return { body: new Uint8Array(await readFile(input)), url: base ?? pathToFileURL(resolve(input)).href };
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			throw new SourceError(
				"unreachable",
				code === "ENOENT" ? `There is no file ${input}.` : `The file ${input} cannot be read (${code}).`,
			);
		}
	}

	/** The drafts behind an address, with what completes them; one article's own page is complete. */
	async function opened(
		at: { readonly body: Uint8Array; readonly url: string; readonly contentType?: string; readonly source: string },
		site: Site | undefined,
		signal: AbortSignal,
	): Promise<{ readonly drafts: readonly Draft[]; readonly by?: Pick<Source, "complete"> }> {
		const feed = {
			complete: (draft: Draft, stop: AbortSignal) => completeDraft(draft, { web, sites, timeZone, signal: stop }),
		};
		const kind = kindOfBytes(at.body, at.contentType);
		const found = async (from: Site) => {
			const { door, why, poll } = await from.discover(signal);
			log.info({ url: at.url, door: door.url ?? at.url, kind: door.kind }, `read through another door: ${why}`);
			return { drafts: poll.drafts.slice(0, MOST), by: from };
		};
		if (site && (kind === "wordpress" || kind === "sitemap")) return found(site);
		if (kind !== "page")
			return { drafts: (await openInput(at.body, { ...at, timeZone }, sites)).drafts.slice(0, MOST), by: feed };
		const html = decodeText(at.body, at.contentType);
		if (site && isFront(at.url)) return found(site);
		const { drafts } = await openInput(at.body, { ...at, timeZone }, sites);
		// A section's page has no article of its own; the address of an article says so.
		const isSection = site && !isArticlePage(html) && !shapeOf(new URL(at.url))?.strength;
		if (!isSection || (drafts[0]?.body ?? "").length > TEXT) return { drafts };
		try {
			return await found(site);
		} catch (error) {
			if (error instanceof SourceError) return { drafts };
			throw error;
		}
	}

	return {
		/** The articles of a feed or a page, given by address or file; `base` is a file's address. Throws SourceError. */
		async read(
			input: string,
			options: { readonly base?: string | undefined; readonly signal: AbortSignal },
		): Promise<readonly Reading[]> {
			const { base, signal } = options;
			const isWeb = /^https?:\/\//i.test(input);
			const bytes = isWeb ? await fetched(input, signal) : await fromFile(input, base);
			const source =
				sourceName(isWeb ? input : bytes.url) ??
				(URL.canParse(bytes.url) && new URL(bytes.url).host !== ""
					? new URL(bytes.url).host.replace(/^www\./, "")
					: input);
			const site = isWeb ? openSite(input, source) : undefined;
			const { drafts, by } = await opened({ ...bytes, source }, site, signal);
			const readings: Reading[] = [];
			for (let from = 0; from < drafts.length; from += AT_ONCE) {
				const some = drafts.slice(from, from + AT_ONCE);
				const whole = by
					? await Promise.all(some.map((draft) => complete(draft, by, signal)))
					: some.map((draft) => (base === undefined ? draft : { ...draft, url: base }));
				for (const draft of whole) {
					try {
						const made = articleOf(draft, cleaner);
						if (made) readings.push({ ...made, kind: kindOf(made.article) });
						else log.warn({ url: draft.url }, "an entry with neither title nor text is passed over");
					} catch (error) {
						log.warn(
							{ url: draft.url, title: draft.title, error: error instanceof Error ? error.message : String(error) },
							"an entry without a usable address is passed over",
						);
					}
				}
			}
			return readings;
		},
	};
}

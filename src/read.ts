import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Cleaner, Removed } from "./arabic/clean.ts";
import { type Article, articleOf, type Draft, kindOf } from "./article/article.ts";
import type { Web } from "./http.ts";
import type { OccasionKind } from "./post/occasion.ts";
import type { Log } from "./ports.ts";
import { completeDraft } from "./sources/feed.ts";
import { openInput } from "./sources/open.ts";
import type { SiteRules } from "./sources/sites.ts";
import { SourceError } from "./sources/source.ts";

/** An article read on request, with the occasion it would be and what cleaning took out of it. */
export interface Reading {
	readonly article: Article;
	readonly kind: OccasionKind;
	readonly removed: readonly Removed[];
}

export interface ReaderParts {
	readonly web: Web;
	readonly sites: SiteRules;
	readonly cleaner: Cleaner;
	readonly log: Log;
	/** The configured name of a source by its address. */
	readonly sourceName: (url: string) => string | undefined;
}

const FEED_OR_PAGE =
	"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.9, */*;q=0.5";
/** Pages of one feed that are fetched at a time. */
const AT_ONCE = 4;

/** Reads feeds and article pages on request; stores nothing, posts nothing. */
export function reader({ web, sites, cleaner, log, sourceName }: ReaderParts) {
	async function complete(draft: Draft, signal: AbortSignal): Promise<Draft> {
		if (!/^https?:/.test(draft.url)) return draft;
		try {
			return await completeDraft(draft, { web, sites, signal });
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
			const { kind, drafts } = await openInput(bytes.body, { ...bytes, source }, sites);
			const readings: Reading[] = [];
			for (let from = 0; from < drafts.length; from += AT_ONCE) {
				const some = drafts.slice(from, from + AT_ONCE);
				const whole =
					kind === "page"
						? some.map((draft) => (base === undefined ? draft : { ...draft, url: base }))
						: await Promise.all(some.map((draft) => complete(draft, signal)));
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

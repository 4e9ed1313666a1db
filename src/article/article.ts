import { breaking } from "../arabic/breaking.ts";
import type { Cleaner, Removed } from "../arabic/clean.ts";
import { lead } from "../arabic/lead.ts";
import { compareKey, tidy } from "../arabic/normalize.ts";
import { sentences } from "../arabic/sentences.ts";
import { articleId, canonicalUrl, linkUrl } from "./identity.ts";

/** What a source gives for one entry, before it is cleaned. All texts are plain: markup gone, entities decoded, paragraphs divided by a line break. */
export interface Draft {
	/** The entry's own address, absolute, as the source wrote it. */
	readonly url: string;
	/** The source's own name for the entry (RSS guid, Atom id). */
	readonly guid?: string;
	readonly title: string;
	/** The editor's summary, when the source tells it apart from the body. */
	readonly summary?: string;
	readonly body?: string;
	readonly tags: readonly string[];
	readonly author?: string;
	readonly images: readonly Image[];
	/** ISO 8601 UTC. */
	readonly publishedAt?: string;
	/** Name of the source that listed it. */
	readonly source: string;
	/** What changes whenever the source changes anything in the entry; made of the other fields when it is missing. */
	readonly stamp?: string;
	/** What changes whenever the source writes the entry in any other way: while it stays, the stamp need not be made. */
	readonly fingerprint?: string;
}

/** A picture of an article, by its absolute address. */
export interface Image {
	readonly url: string;
}

/** One published news item, cleaned: the contract's Article JSON and, behind it, what posts need. */
export interface Article {
	/** A function of the canonical address alone. */
	readonly id: string;
	/** The canonical address, percent-encoded. */
	readonly url: string;
	/** The address a reader should open, when it is not the canonical one to the letter (scheme, www., trailing slash as the site gave them). */
	readonly link?: string;
	readonly title: string;
	readonly lead: string;
	readonly paragraphs: readonly string[];
	readonly credits: readonly string[];
	readonly tags: readonly string[];
	readonly author?: string;
	readonly images: readonly Image[];
	/** ISO 8601 UTC. */
	readonly publishedAt?: string;
	readonly source: string;
}

/** An article made of a draft, with what cleaning took out of it; undefined when the draft has neither title nor text. Throws TypeError when its address is none. */
export function articleOf(
	draft: Draft,
	cleaner: Cleaner,
): { readonly article: Article; readonly removed: readonly Removed[] } | undefined {
	const body = draft.body ?? draft.summary ?? "";
	let cleaned = cleaner.clean(draft.title, body);
	if (!says(cleaned.title)) {
		const title = cleaned.paragraphs.flatMap(sentences).find(says);
		if (title === undefined) return undefined;
		cleaned = cleaner.clean(title, body);
	}
	const { title, paragraphs } = cleaned;
	const own = draft.body !== undefined && draft.summary !== undefined && !isExcerpt(draft.summary, draft.body);
	const summary = own ? cleaner.clean(title, draft.summary ?? "") : undefined;
	// A saved page that does not say where it comes from has no other address than its own.
	const saved = draft.url.startsWith("file:");
	const url = saved ? draft.url : canonicalUrl(draft.url);
	const link = saved ? draft.url : linkUrl(draft.url);
	const article: Article = {
		id: articleId(url),
		url,
		...(link === url ? {} : { link }),
		title,
		lead: lead({ title, paragraphs, ...(summary ? { summary: summary.paragraphs.join(" ") } : {}) }),
		paragraphs,
		credits: distinct([...cleaned.credits, ...(summary?.credits ?? [])]),
		tags: distinct(draft.tags.map((tag) => tidy(tag).replaceAll("\n", " ")).filter((tag) => tag !== "")),
		...(draft.author ? { author: tidy(draft.author) } : {}),
		images: draft.images,
		...(draft.publishedAt ? { publishedAt: draft.publishedAt } : {}),
		source: draft.source,
	};
	return { article, removed: [...cleaned.removed, ...(summary?.removed ?? [])] };
}

/** Whether there is a word or a number in it: a full stop or a mark alone is no title. */
function says(text: string): boolean {
	return /[\p{L}\p{N}]/u.test(text);
}

/** Whether a summary is only the beginning of the text, as publishing systems make one when the editor wrote none: with its credit line, and cut anywhere. */
function isExcerpt(summary: string, body: string): boolean {
	const beginning = compareKey(summary.replace(/(?:\s|\.{3}|…|\[|\])+$/u, "").replaceAll("\n", " "));
	return compareKey(body.replaceAll("\n", " ")).startsWith(beginning);
}

/** The texts without those that say the same. */
function distinct(texts: readonly string[]): string[] {
	return [...new Map(texts.map((text) => [compareKey(text), text] as const).reverse()).values()].reverse();
}

/** Whether an article is breaking news, by its title or a tag. */
export function kindOf({ title, tags }: Pick<Article, "title" | "tags">): "article" | "breaking" {
	return breaking(title, tags).breaking ? "breaking" : "article";
}

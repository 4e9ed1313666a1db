import { createHash } from "node:crypto";
import type { Draft } from "../article/article.ts";
import { canonicalUrl } from "../article/identity.ts";
import type { Answer } from "../http.ts";
import { type Look, lookAt } from "./conditional.ts";
import { completeDraft, type Completing } from "./feed.ts";
import { latestOf } from "./since.ts";
import { readSitemap } from "./sitemap-file.ts";
import { articlesOf, childrenToRead, compared, isNewsSitemap, ofSite, type SitemapEntry } from "./sitemap-picks.ts";
import { type Source, SourceError, type Validators } from "./source.ts";

const ACCEPT = "application/xml, text/xml;q=0.9, */*;q=0.5";
/** Files that one look asks for behind the sitemap's own address. */
const MOST_FILES = 5;
/** An index may list indexes; theirs are not read. */
const DEEPEST = 2;

/** One look at a sitemap and the files behind it. */
interface Walk {
	readonly before: Readonly<Record<string, Validators>>;
	readonly first: boolean;
	readonly signal: AbortSignal;
	/** By path: the addresses of the indexes that lead to a file, then its own, divided by spaces. */
	readonly parts: Record<string, Validators>;
	readonly seen: Set<string>;
	readonly lists: { readonly answer: Answer; readonly entries: readonly SitemapEntry[] }[];
	/** News sitemaps that did not change. */
	readonly unchangedNews: string[];
	readonly faults: SourceError[];
	readonly pauses: Date[];
	/** How long its files stay fresh. Milliseconds. */
	readonly fresh: number[];
	filesLeft: number;
	/** Those that list pages and could be read, changed or not. */
	listsRead: number;
}

/** The articles of one file of a sitemap, newest first. Throws SourceError `body` for what is none, and for an index, whose files stand elsewhere. */
export async function sitemapDrafts(
	body: Uint8Array,
	at: { readonly url: string; readonly source: string },
): Promise<Draft[]> {
	const sitemap = await readSitemap({ body, url: at.url, headers: {} });
	if (sitemap.kind === "index")
		throw new SourceError(
			"body",
			`${at.url} is an index of sitemaps: name its address on the web, or one of its files.`,
		);
	const articles = articlesOf(sitemap.entries, { url: at.url, first: true, since: undefined });
	return merged([articles]).map((entry) => draftOf(entry, at.source));
}

/** A sitemap or an index of sitemaps as a source; what it does not say of an article is completed from the article's page. */
export function sitemapSource(
	options: Completing & {
		readonly name: string;
		readonly url: string;
		/** Whether it is the newsroom's own: looked at on every tick, unless it asks for a pause itself. */
		readonly own: boolean;
	},
): Source {
	const { name, url, web, own } = options;

	async function look(address: string, before: Validators | undefined, walk: Walk): Promise<Look> {
		const found = await lookAt(address, { web, accept: ACCEPT, signal: walk.signal, before, own });
		if (found.said.next) walk.pauses.push(found.said.next);
		if (found.said.pause !== undefined) walk.fresh.push(found.said.pause);
		return found;
	}

	/** Follows what a look at one file gave; `path` leads to it and is empty for the sitemap's own address. */
	async function follow(found: Look, address: string, path: readonly string[], walk: Walk): Promise<void> {
		const children = found.unchanged ? knownBehind(path, walk.before) : await read(found.answer, walk);
		if (found.unchanged && children.length === 0) {
			walk.listsRead++;
			if (isNewsSitemap(address)) walk.unchangedNews.push(address);
		}
		if (path.length >= DEEPEST) return;
		for (const child of children) {
			if (walk.filesLeft === 0 || walk.seen.has(child)) continue;
			walk.filesLeft--;
			walk.seen.add(child);
			await visit(child, [...path, child], walk);
		}
	}

	async function visit(address: string, path: readonly string[], walk: Walk): Promise<void> {
		const key = path.join(" ");
		const before = walk.before[key];
		try {
			const found = await look(address, before, walk);
			if (!found.unchanged && ofSite([found.answer], address).length === 0)
				throw new SourceError("body", `The sitemap ${address} leads to another site (${found.answer.url}).`);
			walk.parts[key] = found.validators;
			await follow(found, address, path, walk);
		} catch (error) {
			if (!(error instanceof SourceError) || error.retryAt) throw error;
			// What is not read at the first visit would be news at the second: only a file that is gone or no sitemap is passed over then.
			const isGone = error.kind === "body" || [401, 403, 404, 410].includes(error.status ?? 0);
			if (!isGone && (walk.first || error.kind !== "status")) throw error;
			walk.parts[key] = before ?? {};
			walk.faults.push(error);
		}
	}

	/** Keeps what a file lists; gives the files behind it. */
	async function read(answer: Answer, walk: Walk): Promise<readonly string[]> {
		const sitemap = await readSitemap(answer);
		if (sitemap.kind === "index") return childrenToRead(sitemap.children);
		walk.lists.push({ answer, entries: sitemap.entries });
		walk.listsRead++;
		return [];
	}

	return {
		name,
		kind: "sitemap",
		url,
		async poll(cursor, signal) {
			const { parts: before = {}, since } = cursor;
			const isKnown = [cursor.hash, cursor.etag, cursor.lastModified].some((mark) => mark !== undefined);
			const walk: Walk = {
				before,
				first: !isKnown,
				signal,
				parts: {},
				seen: new Set([new URL(url).href]),
				lists: [],
				unchangedNews: [],
				faults: [],
				pauses: [],
				fresh: [],
				filesLeft: MOST_FILES,
				listsRead: 0,
			};
			const root = await look(url, cursor, walk);
			await follow(root, url, [], walk);
			const [fault] = walk.faults;
			if (fault && walk.listsRead === 0) throw fault;
			// An article that a news sitemap names must not seem another one where an ordinary sitemap lists it without a word.
			const isOrdinary = walk.lists.some(({ entries }) => entries.some(({ news }) => !news));
			if (isOrdinary)
				for (const address of walk.unchangedNews) await read(await web.get(address, { signal, accept: ACCEPT }), walk);
			const lists = walk.lists.map(({ answer, entries }) => ({
				answer,
				articles: articlesOf(entries, { url: answer.url, first: walk.first, since }),
			}));
			const latest = lists.reduce(
				(latest, { answer, articles }) =>
					latestOf(
						articles.map(({ publishedAt, changedAt }) => publishedAt ?? changedAt),
						{ before: latest, answer },
					),
				since,
			);
			const kept = {
				...root.validators,
				...(Object.keys(walk.parts).length > 0 ? { parts: walk.parts } : {}),
				...(latest === undefined ? {} : { since: latest }),
			};
			const pause = walk.pauses.sort((left, right) => left.getTime() - right.getTime())[0];
			const next = {
				...(pause ? { next: pause } : {}),
				...(walk.fresh.length > 0 ? { pause: Math.min(...walk.fresh) } : {}),
			};
			if (lists.length === 0 && isKnown) return { unchanged: true, cursor: kept, ...next };
			const drafts = merged(lists.map(({ articles }) => articles)).map((entry) => draftOf(entry, name));
			// Behind an index, and of an ordinary sitemap, only what changed is given.
			const partial = !walk.first && (isOrdinary || Object.keys(walk.parts).length > 0);
			return { unchanged: false, drafts, ...(partial ? { partial } : {}), cursor: kept, ...next };
		},
		complete: (draft, signal) => completeDraft(draft, { ...options, signal }),
	};
}

/** The files that the last look found behind an index. */
function knownBehind(path: readonly string[], parts: Readonly<Record<string, Validators>>): string[] {
	return Object.keys(parts)
		.map((key) => key.split(" "))
		.filter((one) => one.length === path.length + 1 && path.every((address, at) => one[at] === address))
		.map((one) => one.at(-1) ?? "");
}

/** The articles of several files, each once, as the file that says most has it; by their moments where they have one, newest first. */
function merged(lists: readonly (readonly SitemapEntry[])[]): SitemapEntry[] {
	const articles = new Map<string, SitemapEntry>();
	for (const entry of lists.flat()) {
		const address = canonicalUrl(entry.url);
		if (!articles.has(address) || (entry.news && !articles.get(address)?.news)) articles.set(address, entry);
	}
	return [...articles.values()].sort((left, right) => compared(momentOf(right), momentOf(left)));
}

const momentOf = ({ publishedAt, changedAt }: SitemapEntry): string | undefined => publishedAt ?? changedAt;

function draftOf({ url, news, publishedAt, changedAt }: SitemapEntry, source: string): Draft {
	const title = news?.title ?? "";
	return {
		url,
		title,
		tags: news?.tags ?? [],
		images: (news?.images ?? []).map((image) => ({ url: image })),
		...(publishedAt === undefined ? {} : { publishedAt }),
		source,
		...(changedAt === undefined ? {} : { stamp: stampOf(changedAt, title) }),
	};
}

/** An entry of a sitemap says that its article was edited, and seldom more. */
function stampOf(changedAt: string, title: string): string {
	return createHash("sha256").update(`${changedAt}\n${title}`).digest("base64url").slice(0, 12);
}

import { compareKey } from "./arabic/normalize.ts";
import type { Cleaner } from "./arabic/clean.ts";
import { type Article, articleOf, type Draft, kindOf } from "./article/article.ts";
import { aliasesOf, articleId, canonicalUrl, repeatsGuids } from "./article/identity.ts";
import { type Delivery, orderOf } from "./ledger/delivery.ts";
import type { Known, Ledger, SourceRecord } from "./ledger/ledger.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import type { Source } from "./sources/source.ts";

/** What planning articles needs to know. */
export interface IntakeParts {
	readonly ledger: Ledger;
	/** Names of the channels that get every article. */
	readonly channels: readonly string[];
	readonly cleaner: Cleaner;
	/** How many of the articles that a source lists at the first visit are posted. */
	readonly firstVisit: number;
	/** Milliseconds; what is older when first seen is not posted. */
	readonly maxAge: number;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
}

/** What came of one list. */
export interface Taken {
	/** Articles that will be posted. */
	readonly planned: number;
	/** The latest publication time in the list, ISO 8601 UTC. */
	readonly newest: string | undefined;
}

/** Takes one list of a source into the ledger. */
export type Intake = (
	source: Source,
	drafts: readonly Draft[],
	record: SourceRecord | undefined,
	signal: AbortSignal,
) => Promise<Taken>;

/** What happens to one draft of a poll. */
type Fate = { readonly state: "planned" } | { readonly state: "skipped" | "held"; readonly reason: string };

/** An entry with its place in the source's list. */
interface Listed {
	readonly draft: Draft;
	readonly place: number;
}

/** Finds what is new in a list and plans its deliveries, oldest first, each article in one durable write. */
export function intake({ ledger, channels, cleaner, firstVisit, maxAge, clock, log, admins }: IntakeParts): Intake {
	async function plan(
		article: Article,
		removed: Known["removed"],
		aliases: readonly string[],
		turn: string,
		fate: Fate,
	): Promise<boolean> {
		const now = clock.now().toISOString();
		const kind = kindOf(article);
		// A date in the future must not hold back what is published after it.
		const moment = article.publishedAt !== undefined && article.publishedAt < now ? article.publishedAt : now;
		const deliveries = channels.map(
			(channel): Delivery => ({
				v: 1,
				channel,
				id: article.id,
				kind,
				order: orderOf(kind, moment, turn),
				plannedAt: now,
				changedAt: now,
				attempts: 0,
				...fate,
			}),
		);
		return ledger.plan({ v: 1, article, foundAt: now, removed }, aliases, deliveries);
	}

	/** The entries that have a usable address, each article once, with their places in the list. */
	function listed(drafts: readonly Draft[], source: string): readonly Listed[] {
		const entries = new Map<string, Listed>();
		for (const [place, draft] of drafts.entries()) {
			try {
				const url = canonicalUrl(draft.url);
				if (!entries.has(url)) entries.set(url, { draft, place });
			} catch (error) {
				log.warn(
					{ source, title: draft.title, error: messageOf(error) },
					"an entry without a usable address is passed over",
				);
			}
		}
		return [...entries.values()];
	}

	/** The entries that nobody knows yet. Known ones learn the names they go by now. */
	async function unknown(
		entries: readonly Listed[],
		trustGuid: boolean,
	): Promise<(Listed & { readonly aliases: readonly string[] })[]> {
		const fresh: (Listed & { readonly aliases: readonly string[] })[] = [];
		for (const entry of entries) {
			const aliases = aliasesOf(entry.draft, { trustGuid });
			const id = await ledger.idOf(aliases);
			if (id === undefined) fresh.push({ ...entry, aliases });
			else if (await isReused(entry.draft, id))
				fresh.push({ ...entry, aliases: aliasesOf(entry.draft, { trustGuid: false }) });
			else await ledger.alias(id, aliases);
		}
		return fresh;
	}

	/** Whether a guid leads to another article: one with another address, another title and another time. Some feeds give every article the same guid. */
	async function isReused(draft: Draft, id: string): Promise<boolean> {
		if ((await ledger.idOf(aliasesOf(draft, { trustGuid: false }))) !== undefined) return false;
		const known = (await ledger.article(id))?.article;
		return (
			known?.publishedAt !== undefined &&
			draft.publishedAt !== undefined &&
			known.publishedAt !== draft.publishedAt &&
			compareKey(known.title) !== compareKey(draft.title)
		);
	}

	async function completed(source: Source, draft: Draft, signal: AbortSignal): Promise<Draft> {
		try {
			return await source.complete(draft, signal);
		} catch (error) {
			signal.throwIfAborted();
			log.warn(
				{ source: source.name, url: draft.url, error: messageOf(error) },
				"the article's page could not be read: the entry is used as it is",
			);
			return draft;
		}
	}

	/** A fault of ours in one entry must not stop the next; it is tried again with the next change of the list. */
	function cleaned(draft: Draft): ReturnType<typeof articleOf> | "faulty" {
		try {
			return articleOf(draft, cleaner);
		} catch (error) {
			log.error(
				{ source: draft.source, url: draft.url, error: messageOf(error) },
				"an entry could not be made an article",
			);
			return "faulty";
		}
	}

	function fateOf(draft: Draft, record: SourceRecord | undefined, now: Date): Fate {
		if (draft.publishedAt === undefined || now.getTime() - new Date(draft.publishedAt).getTime() <= maxAge)
			return { state: "planned" };
		// Published while nobody was looking: too old by the rule, yet nobody decided to leave it out.
		const away = record?.lastPoll !== undefined && now.getTime() - new Date(record.lastPoll).getTime() > maxAge;
		if (away && draft.publishedAt > (record?.lastPoll ?? ""))
			return { state: "held", reason: "published while Mirsal was away" };
		return { state: "skipped", reason: "too old" };
	}

	/** Plans what is new in a list. */
	async function take(
		source: Source,
		drafts: readonly Draft[],
		record: SourceRecord | undefined,
		signal: AbortSignal,
	): Promise<Taken> {
		const now = clock.now();
		const first = record?.firstVisit === undefined;
		const entries = listed(drafts, source.name);
		const usable = entries.map(({ draft }) => draft);
		const newest = newestFirst(usable);
		const wanted = first ? new Set(newest.slice(0, firstVisit)) : undefined;
		const fresh = (await unknown(entries, !repeatsGuids(usable))).sort(
			(left, right) => momentOf(left.draft, now) - momentOf(right.draft, now) || right.place - left.place,
		);
		let planned = 0;
		let held = 0;
		for (const { draft, aliases, place } of fresh) {
			signal.throwIfAborted();
			const fate: Fate =
				wanted && !wanted.has(draft)
					? { state: "skipped", reason: "first visit" }
					: wanted
						? { state: "planned" }
						: fateOf(draft, record, now);
			const whole = fate.state === "planned" ? await completed(source, draft, signal) : draft;
			const made = cleaned({ ...whole, url: draft.url });
			if (made === "faulty") continue;
			const turn = `${now.toISOString()}:${String(drafts.length - place).padStart(5, "0")}`;
			const done = made
				? await plan(made.article, made.removed, aliases, turn, fate)
				: await plan(nothing(draft), [], aliases, turn, { state: "skipped", reason: "neither title nor text" });
			if (!done) continue;
			if (made && fate.state === "planned") planned++;
			if (fate.state === "held") held++;
			log.info(
				{
					source: source.name,
					article: made?.article.id,
					url: draft.url,
					...(made ? fate : { state: "skipped", reason: "neither title nor text" }),
				},
				"new article",
			);
		}
		if (held > 0)
			await admins.notify({
				sentence: "oldHeld",
				fields: { count: held, source: source.name },
				incident: `held:${source.name}:${now.toISOString()}`,
			});
		return { planned, newest: newest[0]?.publishedAt };
	}

	return take;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function momentOf(draft: Draft, now: Date): number {
	return draft.publishedAt === undefined
		? now.getTime()
		: Math.min(new Date(draft.publishedAt).getTime(), now.getTime());
}

/** By publication time where it is known, else as listed. */
function newestFirst(drafts: readonly Draft[]): readonly Draft[] {
	return drafts
		.map((draft, place) => ({ draft, place }))
		.sort((left, right) => {
			const [a, b] = [left.draft.publishedAt, right.draft.publishedAt];
			return a !== undefined && b !== undefined && a !== b ? (a < b ? 1 : -1) : left.place - right.place;
		})
		.map(({ draft }) => draft);
}

/** What is remembered of an entry that says nothing, so that it is not looked at again. */
function nothing(draft: Draft): Article {
	const url = canonicalUrl(draft.url);
	return {
		id: articleId(url),
		url,
		title: "",
		lead: "",
		paragraphs: [],
		credits: [],
		tags: [],
		images: [],
		source: draft.source,
	};
}

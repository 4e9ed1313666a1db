import type { Cleaner } from "./arabic/clean.ts";
import { type Article, articleOf, type Draft, kindOf } from "./article/article.ts";
import { articleId, canonicalUrl } from "./article/identity.ts";
import { DOUBTFUL, type Fate, type FateRules, fatesOf, isDoubtful, latestOf, newestFirst } from "./fates.ts";
import { approvalOf, type holds } from "./holds.ts";
import { type Delivery, orderOf } from "./ledger/delivery.ts";
import type { Known, Ledger, SourceRecord } from "./ledger/ledger.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import { isAnotherPage, markOf, recognition } from "./recognition.ts";
import { revisions } from "./revisions.ts";
import { type Source, SourceError } from "./sources/source.ts";
import { stories } from "./stories.ts";

/** What planning articles needs to know. */
export interface IntakeParts extends FateRules {
	readonly ledger: Ledger;
	/** Names of the channels that get every article. */
	readonly channels: readonly string[];
	readonly cleaner: Cleaner;
	/** Why an article does not go to a channel; undefined when it does. */
	readonly filtered: (article: Article, channel: string) => string | undefined;
	readonly holds: ReturnType<typeof holds>;
	/** Whether articles of a source wait for approval before they go to a channel; never without it. */
	readonly approves?: (source: string, channel: string) => boolean;
	/** Whether somebody can be asked: without admins, what is only doubtful is posted. */
	readonly asks: boolean;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
}

/** What came of one list. */
export interface Taken {
	/** Articles that will be posted. */
	readonly planned: number;
	/** Articles that nobody knew before, and when they were published or first seen, newest first. */
	readonly fresh: readonly string[];
	/** The latest publication time in the list, ISO 8601 UTC. */
	readonly newest: string | undefined;
	/** What the list holds, by id, with what tells whether an entry was edited. */
	readonly listed: Readonly<Record<string, string>>;
	/** Entries in the list. */
	readonly size: number;
}

/** Takes one list of a source into the ledger. */
export type Intake = (
	source: Source,
	list: { readonly drafts: readonly Draft[]; readonly partial?: true },
	record: SourceRecord | undefined,
	signal: AbortSignal,
) => Promise<Taken>;

type State = Pick<Delivery, "state"> & Partial<Pick<Delivery, "reason" | "hold" | "notBefore">>;

/** Held articles whose pages are fetched at once; the others are posted as their source lists them. */
const HELD_PAGES = 50;
/** Entries of a list that are remembered with it. */
const REMEMBERED = 300;

/** Finds what is new in a list and plans its deliveries, oldest first, each article in one durable write; notes what was edited. */
export function intake(parts: IntakeParts): Intake {
	const { ledger, channels, cleaner, filtered, clock, log, day } = parts;
	const told = stories(ledger, { now: clock.now, day });
	const edits = revisions({ ledger, channels, clock, log });
	const { listed, sort } = recognition({ ledger, clock, log, day });

	async function plan(
		article: Article,
		removed: Known["removed"],
		aliases: readonly string[],
		turn: string,
		stateOn: (channel: string) => State,
	): Promise<boolean> {
		const now = clock.now().toISOString();
		const kind = kindOf(article);
		const deliveries = channels.map((channel): Delivery => {
			const state = stateOn(channel);
			// A date in the future must not hold back what is published after it.
			const moment =
				state.notBefore ?? (article.publishedAt !== undefined && article.publishedAt < now ? article.publishedAt : now);
			return {
				v: 1,
				channel,
				id: article.id,
				kind,
				order: orderOf(state.notBefore === undefined ? kind : "article", moment, turn),
				plannedAt: now,
				changedAt: now,
				attempts: 0,
				...state,
			};
		});
		return ledger.plan({ v: 1, article, foundAt: now, removed }, aliases, deliveries);
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

	/** The fate of an entry, now that its page was read. */
	function settled(
		fate: Fate,
		draft: Draft,
		whole: Draft,
		record: SourceRecord | undefined,
	): State & { readonly why?: "flood" | "away" | "lost" } {
		const { publishedAt } = whole;
		const dated = draft.publishedAt === undefined && publishedAt !== undefined;
		if (record && dated && fate.state === "planned" && isDoubtful(publishedAt, record, clock.now(), parts))
			return DOUBTFUL;
		if (fate.state === "undated")
			return publishedAt !== undefined && latestOf(publishedAt, day) > Date.parse(fate.after)
				? { state: "planned" }
				: { state: "skipped", reason: "first visit" };
		const old =
			fate.state === "planned" &&
			draft.publishedAt === undefined &&
			publishedAt !== undefined &&
			clock.now().getTime() - latestOf(publishedAt, day) > parts.maxAge;
		return old ? { state: "skipped", reason: "too old" } : fate;
	}

	/** Plans what is new in a list. */
	async function take(
		source: Source,
		{ drafts, partial }: { readonly drafts: readonly Draft[]; readonly partial?: true },
		record: SourceRecord | undefined,
		signal: AbortSignal,
	): Promise<Taken> {
		const now = clock.now();
		const first = record?.firstVisit === undefined;
		const entries = listed(drafts, source.name);
		const usable = entries.map(({ draft }) => draft);
		const here = new Set(entries.map(({ id }) => id));
		const sorted = await sort(entries, record?.listed, partial);
		// Another door words everything otherwise, which is nobody's edit.
		if (isAnotherPage(source, record, sorted.fresh.length, entries.length))
			throw new SourceError(
				"body",
				`${source.url} lists nothing of what it listed before: perhaps a notice or a captcha page stands there.`,
			);
		for (const { draft, known } of record?.newDoor ? [] : sorted.edited) {
			const made = cleaned({ ...(await completed(source, draft, signal)), url: draft.url });
			if (made && made !== "faulty") await edits.note(known, made.article, made.removed);
		}
		for (const id of sorted.back) await edits.back(id);
		if (!partial)
			await edits.gone(
				Object.keys(record?.listed ?? {}).filter((id) => !here.has(id) && !sorted.moved.includes(id)),
				usable,
			);
		const fresh = [...sorted.fresh].sort(
			(left, right) => momentOf(left.draft, now) - momentOf(right.draft, now) || right.place - left.place,
		);
		const fates = fatesOf(
			fresh.map(({ draft }) => draft),
			usable,
			record,
			now,
			parts,
			sorted.older,
		);
		const looked = now.toISOString();
		const held = { flood: 0, away: 0, lost: 0 };
		let planned = 0;
		let pages = 0;
		const faulty = new Set<string>();
		for (const [index, { draft, aliases, place, id }] of fresh.entries()) {
			signal.throwIfAborted();
			const fate = fates[index] ?? { state: "planned" };
			const wanted = fate.state !== "skipped" && (fate.state !== "held" || pages++ < HELD_PAGES);
			const whole = wanted ? await completed(source, draft, signal) : draft;
			const made = cleaned({ ...whole, url: draft.url });
			if (made === "faulty") {
				faulty.add(id);
				continue;
			}
			const turn = `${looked}:${String(drafts.length - place).padStart(5, "0")}`;
			const { why, ...state } = settled(fate, draft, first ? draft : whole, record);
			const outcome: State = !made
				? { state: "skipped", reason: "neither title nor text" }
				: why
					? { ...state, hold: `${why}:${source.name}` }
					: state.state === "planned" && !first
						? await retold(made.article)
						: state;
			const stateOn = (channel: string): State => {
				const reason = made && outcome.state !== "skipped" ? filtered(made.article, channel) : undefined;
				if (reason !== undefined) return { state: "skipped", reason };
				if (!made || outcome.state !== "planned" || !parts.approves?.(source.name, channel)) return outcome;
				return { state: "held", reason: "waits for approval", hold: approvalOf(made.article.id) };
			};
			const states = new Map(channels.map((channel) => [channel, stateOn(channel)]));
			const stateOf = (channel: string) => states.get(channel) ?? outcome;
			const approval = made && [...states.values()].some(({ hold }) => hold === approvalOf(made.article.id));
			if (made && approval) await parts.holds.approval(made.article);
			if (!(await plan(made?.article ?? nothing(draft), made?.removed ?? [], aliases, turn, stateOf))) {
				// Another source was quicker: by this one's own names it must be known again all the same.
				const known = await ledger.idOf(aliases);
				if (known !== undefined) await ledger.alias(known, aliases);
				continue;
			}
			if (made && approval) await parts.holds.askApproval(made.article.id);
			if (outcome.state === "planned" || outcome.state === "waiting") planned++;
			if (why) held[why]++;
			if (outcome.hold?.startsWith("similar:"))
				await parts.holds.open({
					name: outcome.hold,
					source: source.name,
					why: "similar",
					count: 1,
					...(made ? { text: made.article.title } : {}),
				});
			log.info({ source: source.name, article: made?.article.id, url: draft.url, ...outcome }, "new article");
		}
		for (const why of ["away", "flood", "lost"] as const)
			if (held[why] > 0)
				await parts.holds.open({ name: `${why}:${source.name}`, source: source.name, why, count: held[why] });
		return {
			planned,
			fresh: fresh.map(({ draft }) => new Date(momentOf(draft, now)).toISOString()).reverse(),
			newest: newestFirst(usable)[0]?.publishedAt,
			listed: Object.fromEntries(
				[
					...entries
						.filter(({ id }) => !faulty.has(id))
						.map(({ id, draft }) => [id, markOf(draft, record?.listed?.[id])] as const),
					...(partial ? Object.entries(record?.listed ?? {}).filter(([id]) => !here.has(id)) : []),
				].slice(0, REMEMBERED),
			),
			size: entries.length,
		};
	}

	/** What becomes of an article that would be posted: another source may have told the story already. */
	async function retold(article: Article): Promise<State> {
		const twin = await told.twinOf(article);
		if (!twin) return { state: "planned" };
		const { title, source } = twin.told;
		if (twin.likeness === "duplicate") return { state: "skipped", reason: `the same story as «${title}» of ${source}` };
		if (!parts.asks) return { state: "planned" };
		return { state: "held", reason: `much like «${title}» of ${source}`, hold: `similar:${article.id}` };
	}

	return take;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function momentOf(draft: Draft, now: Date): number {
	return draft.publishedAt === undefined
		? now.getTime()
		: Math.min(new Date(draft.publishedAt).getTime(), now.getTime());
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

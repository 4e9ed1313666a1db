import type { Again } from "./engine/engine.ts";
import { type IntakeParts, intake } from "./intake.ts";
import type { SourceRecord } from "./ledger/ledger.ts";
import type { Poll, Source } from "./sources/source.ts";
import { SourceError } from "./sources/source.ts";

export interface WatchParts extends IntakeParts {
	readonly sources: ReadonlyMap<string, Source>;
	/** Lets the channels' lanes look at their queues at a time. */
	readonly wake: (at: Date) => Promise<void>;
}

const MINUTE = 60_000;
/** Admins are told of a failing source after so many failures and so long. */
const TOLD_AFTER = { times: 3, time: 30 * MINUTE } as const;
/** A site may ask for a pause; longer than this it is looked at all the same. */
const LONGEST_WAIT = 60 * MINUTE;
/** A source that failed is looked at again after this long, however seldom the tick comes. */
const RETRY = MINUTE;
/** How long lanes wait for the other sources of the same moment, so that articles of several sources go out by publication time. */
const TOGETHER = 3_000;

/**
 * Brings what sources list into the ledger: finds new articles and plans their deliveries, oldest first, each article in one durable write,
 * the source's cursor last. Dying anywhere and running again changes nothing.
 */
export function watcher(parts: WatchParts) {
	const { ledger, sources, clock, log, admins, wake } = parts;
	const take = intake(parts);
	let polling = 0;

	async function failed(source: Source, error: unknown): Promise<void> {
		const now = clock.now();
		const message = messageOf(error);
		const asked = error instanceof SourceError ? error.retryAt : undefined;
		const retryAt = asked && withinLongest(asked, now);
		const record = await ledger.updateSource(source.name, (before) => {
			const { next: _next, ...kept } = before ?? { v: 1 as const, kind: source.kind, cursor: {} };
			const since = before?.fault?.since ?? now.toISOString();
			const times = (before?.fault?.times ?? 0) + 1;
			const told =
				before?.fault?.told ||
				(times >= TOLD_AFTER.times && now.getTime() - new Date(since).getTime() >= TOLD_AFTER.time);
			return {
				...kept,
				fault: { since, message, times, ...(told ? { told } : {}) },
				...(retryAt ? { next: retryAt.toISOString() } : {}),
			};
		});
		const { times = 1, since = "", told } = record.fault ?? {};
		const fields = { source: source.name, error: message, times };
		if (times === 1) log.warn(fields, "the source could not be read: nothing is marked as seen, it is looked at again");
		else log.debug(fields, "the source still cannot be read");
		const minutes = Math.round((now.getTime() - new Date(since).getTime()) / MINUTE);
		if (told)
			await admins.notify({
				sentence: "sourceFailing",
				fields: { source: source.name, reason: message, minutes },
				incident: `source:${source.name}`,
			});
	}

	/** Notes a good look. A look that changed nothing is written down at most once a minute. */
	async function noted(
		source: Source,
		poll: Poll,
		before: SourceRecord | undefined,
		newest: string | undefined,
	): Promise<void> {
		const now = clock.now();
		const quiet = poll.unchanged && !before?.fault && JSON.stringify(before?.cursor) === JSON.stringify(poll.cursor);
		if (
			quiet &&
			before?.lastPoll !== undefined &&
			!poll.next &&
			now.getTime() - new Date(before.lastPoll).getTime() < MINUTE
		)
			return;
		const seen = !poll.unchanged && poll.drafts.length > 0;
		await ledger.updateSource(source.name, (current) => {
			const { fault: _fault, next: _next, ...kept } = current ?? { v: 1 as const, kind: source.kind, cursor: {} };
			const lastArticle = [kept.lastArticle, newest]
				.filter((time) => time !== undefined)
				.sort()
				.at(-1);
			return {
				...kept,
				kind: source.kind,
				cursor: poll.cursor,
				lastPoll: now.toISOString(),
				...(kept.firstVisit === undefined && seen ? { firstVisit: now.toISOString() } : {}),
				...(lastArticle === undefined ? {} : { lastArticle }),
				...(poll.next ? { next: withinLongest(poll.next, now).toISOString() } : {}),
			};
		});
		if (!before?.fault) return;
		log.info({ source: source.name }, "the source can be read again");
		await admins.resolve({
			sentence: "sourceRecovered",
			fields: { source: source.name },
			incident: `source:${source.name}`,
		});
	}

	return {
		/** Looks at one source; true when it was read. Never throws for what a site does. */
		async look(name: string, signal: AbortSignal): Promise<boolean> {
			const source = sources.get(name);
			if (!source) throw new Error(`no source is named «${name}»`);
			const record = await ledger.source(name);
			if (record?.next !== undefined && new Date(record.next) > clock.now()) return !record.fault;
			polling++;
			let planned = 0;
			let newest: string | undefined;
			try {
				const poll = await source.poll(record?.cursor ?? {}, signal);
				if (!poll.unchanged) ({ planned, newest } = await take(source, poll.drafts, record, signal));
				await noted(source, poll, record, newest);
				return true;
			} catch (error) {
				if (signal.aborted) return true;
				if (!(error instanceof SourceError)) throw error;
				await failed(source, error);
				return false;
			} finally {
				polling--;
				const now = clock.now();
				if (polling === 0) await wake(now);
				else if (planned > 0) await wake(new Date(now.getTime() + TOGETHER));
			}
		},

		/** The lane's work: one look. When to come again is the tick's business, but a source that failed does not wait for a slow one. */
		async run(name: string, signal: AbortSignal): Promise<Again> {
			if ((await this.look(name, signal)) || signal.aborted) return "done";
			const next = (await ledger.source(name))?.next;
			const soon = clock.now().getTime() + RETRY;
			return { again: new Date(next === undefined ? soon : Math.max(soon, new Date(next).getTime())) };
		},
	};
}

// The site reckons by its own clock, which may be years ahead of ours.
const withinLongest = (time: Date, now: Date): Date => new Date(Math.min(time.getTime(), now.getTime() + LONGEST_WAIT));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

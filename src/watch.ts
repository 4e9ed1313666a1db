import { nextLook, type Outcome } from "./article/schedule.ts";
import type { Again } from "./engine/engine.ts";
import { health } from "./health.ts";
import { type IntakeParts, intake, type Taken } from "./intake.ts";
import type { SourceRecord } from "./ledger/ledger.ts";
import { type Hub, type Poll, type Source, SourceError } from "./sources/source.ts";

export interface WatchParts extends IntakeParts {
	readonly sources: ReadonlyMap<string, Source>;
	/** Names of the newsroom's own sources, looked at on every tick; the others are looked at politely. */
	readonly own: ReadonlySet<string>;
	/** Lets the channels' lanes look at their queues at a time. */
	readonly wake: (at: Date) => Promise<void>;
	/** Hears of the hub that a source's site names, which could push what is new. */
	readonly learned?: (source: string, hub: Hub) => Promise<void>;
	/** From 0 up to 1, for the jitter of polite looks. */
	readonly random: () => number;
}

const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;
/** Polls with something new, and times of articles, that are remembered of a source. */
const MOST_NEWS = 200;
const MOST_TIMES = 200;
/** How long lanes wait for the other sources of the same moment, so that articles of several sources go out by publication time. */
const TOGETHER = 3_000;
/** Another door is looked for this often while a source stays broken. Milliseconds. */
const REOPEN_EVERY = 6 * 60 * MINUTE;

/**
 * Brings what sources list into the ledger: finds new articles and plans their deliveries, oldest first, each article in one durable write,
 * the source's cursor last. Dying anywhere and running again changes nothing.
 */
export function watcher(parts: WatchParts) {
	const { ledger, sources, clock, log, admins, wake } = parts;
	const take = intake(parts);
	const tell = health(admins);
	/** When sources are due, as far as this process has asked the ledger. */
	const due = new Map<string, number>();
	let polling = 0;

	function schedule(name: string, record: SourceRecord, outcome: Outcome) {
		const now = clock.now().getTime();
		const recent = (record.rhythm ?? []).map((moment) => Date.parse(moment));
		const next = nextLook({ own: parts.own.has(name), now, outcome, recent, random: parts.random() });
		due.set(name, next.at);
		return {
			...(next.at > now ? { next: new Date(next.at).toISOString() } : {}),
			...(next.reason === "asked" ? { asked: true as const } : {}),
		};
	}

	async function failed(source: Source, error: SourceError, signal: AbortSignal): Promise<void> {
		const now = clock.now();
		const { message, status, retryAt } = error;
		const record = await ledger.updateSource(source.name, (before) => {
			const { next: _next, asked: _asked, ...kept } = before ?? { v: 1 as const, kind: source.kind, cursor: {} };
			const fault = { since: now.toISOString(), ...kept.fault, message, times: (kept.fault?.times ?? 0) + 1 };
			const told = fault.told || tell.isTold(error, fault, now);
			const wait = retryAt ? { retryAfter: retryAt.getTime() - now.getTime() } : {};
			return {
				...kept,
				fault: { ...fault, ...(told ? { told } : {}) },
				...schedule(source.name, kept, {
					kind: "failed",
					times: fault.times,
					...(status === undefined ? {} : { status }),
					...wait,
				}),
			};
		});
		const { fault } = record;
		if (!fault) return;
		const fields = { source: source.name, error: message, times: fault.times };
		if (fault.times === 1)
			log.warn(fields, "the source could not be read: nothing is marked as seen, it is looked at again");
		else log.debug(fields, "the source still cannot be read");
		if (!fault.told) return;
		await tell.failing(source.name, fault, now);
		await reopen(source, record, now, signal);
	}

	/** Where a source stays broken, another of its site's doors may be open. */
	async function reopen(source: Source, record: SourceRecord, now: Date, signal: AbortSignal): Promise<void> {
		const tried = record.reopened === undefined ? 0 : Date.parse(record.reopened);
		if (!source.reopen || now.getTime() - tried < REOPEN_EVERY) return;
		const cursor = await source.reopen(record.cursor, signal);
		await ledger.updateSource(source.name, (current) => {
			const { next: _next, asked: _asked, newDoor: _newDoor, ...kept } = current ?? record;
			return { ...kept, reopened: now.toISOString(), ...(cursor ? { cursor, newDoor: true as const } : {}) };
		});
		if (!cursor?.door) return;
		due.delete(source.name);
		log.warn({ source: source.name, ...cursor.door }, "the source stays broken: its site is read through another door");
		await tell.switched(source.name, cursor.door.kind, now);
	}

	/** Notes a good look. A look that changed nothing is written down at most once a minute. */
	async function noted(source: Source, poll: Poll, before: SourceRecord | undefined, taken: Taken | undefined) {
		const now = clock.now();
		const outcome: Outcome = {
			kind: "ok",
			...(poll.pause === undefined ? {} : { pause: poll.pause }),
			...(poll.next ? { retryAfter: Math.max(0, poll.next.getTime() - now.getTime()) } : {}),
		};
		const quiet = poll.unchanged && !before?.fault && JSON.stringify(before?.cursor) === JSON.stringify(poll.cursor);
		const lastPoll = before?.lastPoll === undefined ? 0 : Date.parse(before.lastPoll);
		if (quiet && before && now.getTime() - lastPoll < MINUTE && !("next" in schedule(source.name, before, outcome)))
			return;
		const seen = !poll.unchanged && poll.drafts.length > 0;
		let adopted: string | undefined;
		const after = await ledger.updateSource(source.name, (current) => {
			const {
				fault: _fault,
				next: _next,
				asked: _asked,
				newDoor,
				moved: _moved,
				emptySince: _empty,
				...kept
			} = current ?? {
				v: 1 as const,
				kind: source.kind,
				cursor: {},
			};
			const move = movedBy(poll, taken, current?.moved, now);
			adopted = move.adopted;
			const record: SourceRecord = {
				...kept,
				kind: poll.cursor.door?.kind ?? source.kind,
				cursor: move.cursor,
				...(move.moved ? { moved: move.moved } : {}),
				...(poll.unchanged && current?.emptySince !== undefined ? { emptySince: current.emptySince } : {}),
				lastPoll: now.toISOString(),
				...(kept.firstVisit === undefined && seen ? { firstVisit: now.toISOString() } : {}),
				...(kept.firstVisit === undefined && seen && parts.safe ? { lostUntil: now.toISOString() } : {}),
				...(newDoor && !seen ? { newDoor } : {}),
				...(taken ? historyOf(current ?? {}, taken, now) : {}),
			};
			return { ...record, ...schedule(source.name, record, outcome) };
		});
		const times = poll.unchanged ? undefined : poll.drafts.flatMap(({ publishedAt = [] }) => publishedAt);
		await tell.looked(source.name, before, after, { times, fresh: taken?.fresh.length ?? 0 }, now);
		if (adopted !== undefined) {
			log.info(
				{ source: source.name, address: adopted },
				"the source has moved for good: it is read at its new address",
			);
			await tell.moved(source.name, adopted);
		}
		if (!before?.fault) return;
		log.info({ source: source.name }, "the source can be read again");
		await tell.recovered(source.name);
	}

	return {
		/** Whether a source may be looked at now. */
		async isDue(name: string): Promise<boolean> {
			if (!due.has(name)) due.set(name, Date.parse((await ledger.source(name))?.next ?? "1970-01-01"));
			return (due.get(name) ?? 0) <= clock.now().getTime();
		},

		/** Makes a source due at once, unless its site asked for a pause. */
		async hint(name: string): Promise<void> {
			const record = await ledger.source(name);
			if (!record?.next || record.asked) return;
			await ledger.updateSource(name, (current) => {
				const { next: _next, ...kept } = current ?? record;
				return kept;
			});
			due.delete(name);
		},

		/** Looks at one source; true when it was read. Never throws for what a site does. */
		async look(name: string, signal: AbortSignal): Promise<boolean> {
			const source = sources.get(name);
			if (!source) throw new Error(`no source is named «${name}»`);
			const record = await ledger.source(name);
			if (record?.next !== undefined && new Date(record.next) > clock.now()) return !record.fault;
			polling++;
			let taken: Taken | undefined;
			try {
				const poll = await source.poll(record?.cursor ?? {}, signal);
				if (!poll.unchanged) taken = await take(source, poll, record, signal);
				await noted(source, poll, record, taken);
				if (poll.hub) await parts.learned?.(name, poll.hub);
				return true;
			} catch (error) {
				if (signal.aborted) return true;
				if (!(error instanceof SourceError)) throw error;
				await failed(source, error, signal);
				return false;
			} finally {
				polling--;
				const now = clock.now();
				if (polling === 0) await wake(now);
				else if (taken && taken.planned > 0) await wake(new Date(now.getTime() + TOGETHER));
			}
		},

		/** The lane's work: one look. When to come again is the tick's business, but an own source that failed does not wait for a slow one. */
		async run(name: string, signal: AbortSignal): Promise<Again> {
			if ((await this.look(name, signal)) || signal.aborted || !parts.own.has(name)) return "done";
			const soon = clock.now().getTime() + MINUTE;
			return { again: new Date(Math.max(soon, due.get(name) ?? 0)) };
		},
	};
}

/** Looks that must agree on a new address, over so long, before it is taken for good. */
const AGREEING = { times: 3, time: 24 * 60 * MINUTE } as const;

/** What becomes of a site's word that it has moved (301, 308): taken once it stays the same and what stands there is known to us. */
function movedBy(
	poll: Poll,
	taken: Taken | undefined,
	before: SourceRecord["moved"],
	now: Date,
): { readonly cursor: Poll["cursor"]; readonly moved?: NonNullable<SourceRecord["moved"]>; readonly adopted?: string } {
	const { movedTo: to, cursor } = poll;
	if (to === undefined || !cursor.door) return { cursor };
	const since = before?.to === to ? before.since : now.toISOString();
	const moved = { to, since, times: (before?.to === to ? before.times : 0) + 1 };
	const known = poll.unchanged || (taken !== undefined && taken.size > taken.fresh.length);
	const agreed = moved.times >= AGREEING.times && now.getTime() - Date.parse(since) >= AGREEING.time;
	return known && agreed
		? { cursor: { ...cursor, door: { ...cursor.door, url: to } }, adopted: to }
		: { cursor, moved };
}

/** What a source's record learns from a list. */
function historyOf(
	{ firstVisit, lastArticle, emptySince, news = [], rhythm = [] }: Partial<SourceRecord>,
	{ listed, fresh, newest, size }: Taken,
	now: Date,
): Partial<SourceRecord> {
	const since = new Date(now.getTime() - WEEK).toISOString();
	const counted = firstVisit === undefined || fresh.length === 0 ? [] : [[now.toISOString(), fresh.length] as const];
	const latest = [lastArticle, newest]
		.filter((time) => time !== undefined)
		.sort()
		.at(-1);
	return {
		listed,
		news: [...news.filter(([at]) => at >= since), ...counted].slice(-MOST_NEWS),
		rhythm: [...new Set([...fresh, ...rhythm])].sort().reverse().slice(0, MOST_TIMES),
		...(latest === undefined ? {} : { lastArticle: latest }),
		...(size === 0 ? { emptySince: emptySince ?? now.toISOString() } : {}),
	};
}

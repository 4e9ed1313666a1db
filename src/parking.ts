import type { holds } from "./holds.ts";
import type { Delivery, Event } from "./ledger/delivery.ts";
import type { ChannelRecord, Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock, Log } from "./ports.ts";

const MINUTE = 60_000;
const PARKED_FIRST = MINUTE;
const PARKED_MOST = 60 * MINUTE;
/** More than this in the queue of a channel that stood still for want of money is asked about. */
const BACKLOG = 10;

/** The time until which the channel rests, with nothing to do before; undefined when it is free. */
export function restsUntil(record: ChannelRecord, now: Date): Date | "paused" | undefined {
	if (record.paused && record.paused.until === undefined) return "paused";
	const until = [record.paused?.until, record.parked?.until, record.wait?.until]
		.filter((time) => time !== undefined)
		.sort()
		.at(-1);
	return until !== undefined && new Date(until) > now ? new Date(until) : undefined;
}

/** Whether somebody stopped a channel and the time of that is not over. */
export function isPaused({ paused }: Pick<ChannelRecord, "paused">, now: Date): boolean {
	return paused !== undefined && (paused.until === undefined || new Date(paused.until) > now);
}

/** Times that are waited for, as this process sees them: a wall clock that is put back does not make a wait longer than twice. */
export function waits(): (what: string, until: Date, now: Date) => Date {
	const seen = new Map<string, { readonly until: number; due: number; last: number }>();
	return (what, until, now) => {
		const time = now.getTime();
		let one = seen.get(what);
		if (one?.until !== until.getTime()) one = { until: until.getTime(), due: until.getTime(), last: time };
		if (time < one.last) one.due -= one.last - time;
		one.last = time;
		seen.set(what, one);
		return new Date(one.due);
	};
}

/** Parks channels that need a person, and takes them up again: after 1, 2, 4 … 60 minutes the next delivery is tried. */
export function parking({
	ledger,
	clock,
	log,
	admins,
	happens,
	holds: held,
}: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
	/** Carries an event into the ledger. */
	readonly happens: (delivery: Delivery, event: Event) => Promise<unknown>;
	/** Where what piled up is asked about; without it everything goes out at the channel's pace. */
	readonly holds?: Pick<ReturnType<typeof holds>, "open">;
}) {
	/** Parks a channel, or parks it again for twice as long; with a time of its own (a spent budget) until then. */
	async function park(
		name: string,
		reason: string,
		more: { readonly unpaid?: boolean; readonly until?: Date; readonly budget?: string } = {},
	): Promise<void> {
		const now = clock.now();
		await ledger.updateChannel(name, (before) => {
			const unpaid = more.unpaid || before.parked?.unpaid;
			const tries = (before.parked?.tries ?? 0) + 1;
			const pause = Math.min(PARKED_FIRST * 2 ** (tries - 1), PARKED_MOST);
			return {
				...before,
				parked: {
					since: before.parked?.since ?? now.toISOString(),
					reason,
					tries,
					until: (more.until ?? new Date(now.getTime() + pause)).toISOString(),
					...(unpaid ? { unpaid: true } : {}),
				},
			};
		});
		log.error({ channel: name, reason }, "channel parked: its queue is kept and tried again by itself");
		const incident = `parked:${name}`;
		if (more.budget === undefined)
			return admins.notify({ sentence: "channelParked", fields: { channel: name, reason }, incident });
		const date = more.until?.toISOString().slice(0, 10) ?? "";
		await admins.notify({ sentence: "budgetSpent", fields: { channel: name, budget: more.budget, date }, incident });
	}

	/** Notes that a channel takes posts again. */
	async function unpark(name: string, record: ChannelRecord): Promise<void> {
		if (!record.parked && !record.wait) return;
		if (record.parked?.unpaid && held && (await ledger.size("open", name)) > BACKLOG) return putAside(name);
		await free(name, record.parked !== undefined);
	}

	async function free(name: string, parked: boolean): Promise<void> {
		await ledger.updateChannel(name, ({ parked: _parked, wait: _wait, ...before }) => before);
		if (!parked) return;
		log.info({ channel: name }, "channel works again");
		await admins.resolve({ sentence: "channelResumed", fields: { channel: name }, incident: `parked:${name}` });
	}

	/** Keeps what piled up for a decision. Dying anywhere in it, the next run takes it up again. */
	async function putAside(name: string): Promise<void> {
		const now = clock.now().toISOString();
		const hold = `unpaid:${name}`;
		await ledger.updateChannel(name, (before) =>
			before.parked ? { ...before, parked: { ...before.parked, until: now, resuming: true } } : before,
		);
		for await (const delivery of ledger.shelf("open", name))
			await happens(delivery, { type: "hold", hold, reason: "it waited while the channel had no money" });
		let count = 0;
		for await (const delivery of ledger.shelf("held", name)) if (delivery.hold === hold) count++;
		let asked = 0;
		for await (const open of ledger.holds()) if (open.name === hold) asked = open.count;
		if (count > asked) await held?.open({ name: hold, source: name, why: "unpaid", count: count - asked });
		await free(name, true);
	}

	return {
		park,
		unpark,
		putAside,
		/**
		 * Takes up what is remembered of a channel at a start. A channel that now posts to another place keeps its queue and forgets what belonged to the old one;
		 * one that was parked is tried at once, because somebody may have mended what was wrong.
		 */
		async settleIn(name: string, place: string): Promise<void> {
			const now = clock.now().toISOString();
			await ledger.updateChannel(name, (before) => {
				if (before.place !== undefined && before.place !== place)
					return { v: 1, place, recent: before.recent, ...(before.paused ? { paused: before.paused } : {}) };
				return { ...before, place, ...(before.parked ? { parked: { ...before.parked, until: now } } : {}) };
			});
		},
	};
}

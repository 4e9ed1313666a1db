import type { ChannelRecord, Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock, Log } from "./ports.ts";

const MINUTE = 60_000;
const PARKED_FIRST = MINUTE;
const PARKED_MOST = 60 * MINUTE;

/** The time until which the channel rests, with nothing to do before; undefined when it is free. */
export function restsUntil(record: ChannelRecord, now: Date): Date | "paused" | undefined {
	if (record.paused) return "paused";
	const until = [record.parked?.until, record.wait?.until]
		.filter((time) => time !== undefined)
		.sort()
		.at(-1);
	return until !== undefined && new Date(until) > now ? new Date(until) : undefined;
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
}: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
}) {
	/** Parks a channel, or parks it again for twice as long. */
	async function park(name: string, reason: string): Promise<void> {
		const now = clock.now();
		await ledger.updateChannel(name, (before) => {
			const tries = (before.parked?.tries ?? 0) + 1;
			const pause = Math.min(PARKED_FIRST * 2 ** (tries - 1), PARKED_MOST);
			return {
				...before,
				parked: {
					since: before.parked?.since ?? now.toISOString(),
					reason,
					tries,
					until: new Date(now.getTime() + pause).toISOString(),
				},
			};
		});
		log.error({ channel: name, reason }, "channel parked: its queue is kept and tried again by itself");
		await admins.notify({ sentence: "channelParked", fields: { channel: name, reason }, incident: `parked:${name}` });
	}

	/** Notes that a channel takes posts again. */
	async function unpark(name: string, record: ChannelRecord): Promise<void> {
		if (!record.parked && !record.wait) return;
		await ledger.updateChannel(name, ({ parked: _parked, wait: _wait, ...before }) => before);
		if (!record.parked) return;
		log.info({ channel: name }, "channel works again");
		await admins.resolve({ sentence: "channelResumed", fields: { channel: name }, incident: `parked:${name}` });
	}

	return {
		park,
		unpark,
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

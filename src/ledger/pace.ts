/** At most `limit` posts in any window of `window` milliseconds. */
export interface Pace {
	readonly limit: number;
	readonly window: number;
}

/** The times (milliseconds since 1970) at which posts were begun, oldest first: what the ledger keeps of a channel's pace. */
export type PaceRecord = readonly number[];

const UNITS: Readonly<Record<string, number>> = {
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/**
 * A window measured at our end shrinks on its way to the platform when a later request travels faster than an earlier one,
 * so it is made a thirtieth longer here (62 s for 60), two seconds at the most.
 */
const padded = (pace: Pace): number => pace.window + Math.min(2_000, Math.ceil(pace.window / 30));

/** Posts closer together than this look like a machine gun and meet the platforms' per-chat limits (about one a second). */
const SPACING = 1_000;

/** Reads `20/1m`, `100/15m`, `1/s`; undefined when it is not of that form. */
export function parsePace(text: string): Pace | undefined {
	const [, limit, count, unit] = /^\s*(\d+)\s*\/\s*(\d*)\s*([smhd])\s*$/.exec(text) ?? [];
	if (!limit || !unit) return undefined;
	const pace = {
		limit: Number(limit),
		window: Number(count || 1) * (UNITS[unit] ?? 0),
	};
	return pace.limit > 0 && pace.window > 0 ? pace : undefined;
}

/** When the next post may begin: `now` or a later moment. */
export function nextAt(record: PaceRecord, pace: Pace, now: Date): Date {
	// A record from the future means that the wall clock was set back. What lies further ahead than a window is not waited for.
	const recent = record.filter((time) => Math.abs(time - now.getTime()) < padded(pace));
	const last = recent.at(-1);
	const spaced = last === undefined ? 0 : last + Math.min(SPACING, pace.window / pace.limit);
	const oldest = recent.at(-pace.limit);
	const windowed = oldest === undefined ? 0 : oldest + padded(pace);
	return new Date(Math.max(now.getTime(), spaced, windowed));
}

/** The record with one more post begun at `now`, and what no longer matters gone. An album counts as its `messages`. */
export function paced(record: PaceRecord, pace: Pace, now: Date, messages = 1): PaceRecord {
	return [
		...record.filter((time) => time > now.getTime() - padded(pace) && time <= now.getTime()),
		...Array<number>(messages).fill(now.getTime()),
	].slice(-pace.limit);
}

/** When the least time since the last post has passed: `now` or a later moment. `gap` in milliseconds. */
export function gapEnds(record: PaceRecord, gap: number, now: Date): Date {
	const last = record.at(-1);
	// As above: a last post that lies far ahead was noted by a clock that was wrong.
	if (last === undefined || Math.abs(now.getTime() - last) >= gap) return now;
	return new Date(last + gap);
}

/** How a look at a source ended. Milliseconds; what the site asked for, as it asked. */
export type Outcome =
	| {
			readonly kind: "ok";
			/** Asked by Cache-Control's max-age, RSS ttl or sy:updatePeriod. */
			readonly pause?: number;
			readonly retryAfter?: number;
	  }
	| {
			readonly kind: "failed";
			/** Failures in a row, this one included. */
			readonly times: number;
			/** HTTP status, when there was an answer. */
			readonly status?: number;
			readonly retryAfter?: number;
	  };

/** What decides when a source is looked at again. Times are milliseconds since 1970. */
export interface LookRecord {
	/** Whether it belongs to the newsroom: its own sources are looked at on every tick. */
	readonly own: boolean;
	readonly now: number;
	readonly outcome: Outcome;
	/** Publication times of its latest articles (first seen, where there is none), newest first; fifty are enough. */
	readonly recent: readonly number[];
	/** From 0 up to 1, for the jitter. */
	readonly random: number;
}

/** When to look again. */
export interface NextLook {
	/** Not before this moment. */
	readonly at: number;
	/** At this moment even when no tick comes before it. */
	readonly by?: number;
	/** What decided: the newsroom's own tick, the site's word, a failure, the source's rhythm, or weeks of silence. */
	readonly reason: "tick" | "asked" | "failed" | "rhythm" | "silent";
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Other people's sites are never asked more often, nor, while they live, more seldom. */
const SHORTEST = 5 * MINUTE;
const LONGEST = HOUR;
/** A source of which nothing is known yet. */
const STRANGER = 15 * MINUTE;
/** An own source that failed is tried again within this time. */
const OWN_RETRY = MINUTE;
const OWN_LONGEST = HOUR;
/** What a site may ask for. */
const LONGEST_PAUSE = HOUR;
const LONGEST_RETRY_AFTER = DAY;

/** The earliest moment of the next look at a source, and why. */
export function nextLook({ own, now, outcome, recent, random }: LookRecord): NextLook {
	const asked = outcome.retryAfter ?? 0;
	if (own) {
		const gone = outcome.kind === "failed" && outcome.status === 410;
		const wait = Math.min(gone ? OWN_LONGEST : asked, OWN_LONGEST);
		const at = now + Math.max(0, wait);
		const reason = gone ? "failed" : wait > 0 ? "asked" : outcome.kind === "failed" ? "failed" : "tick";
		return outcome.kind === "failed" ? { at, by: Math.max(at, now + OWN_RETRY), reason } : { at, reason };
	}
	const pause = Math.min(outcome.kind === "ok" ? (outcome.pause ?? 0) : 0, LONGEST_PAUSE);
	const least = Math.max(SHORTEST, pause);
	if (asked > 0) return { at: now + Math.max(least, Math.min(asked, LONGEST_RETRY_AFTER)), reason: "asked" };
	if (outcome.kind === "failed") return { at: now + jitter(backoff(outcome), random, least), reason: "failed" };
	const silent = silentWait(recent, now);
	const wait = silent ?? Math.min(interval(recent, now), LONGEST);
	const reason = wait < pause ? "asked" : silent === undefined ? "rhythm" : "silent";
	return { at: now + jitter(wait, random, least), reason };
}

/** A tenth more or less, so that sources do not fall into step; never less than `least`. */
function jitter(wait: number, random: number, least: number): number {
	return Math.round(Math.max(least * (1 + random / 10), wait * (0.9 + random / 5)));
}

/** How long a failing site is left alone: doubled with every failure, up to an hour; four for a refusal; a day for 410 (RFC 9110, 15.5.11: gone for good). */
function backoff({ times, status = 0 }: Extract<Outcome, { kind: "failed" }>): number {
	if (status === 410) return DAY;
	const refused = status === 401 || status === 403 || status === 404;
	const busy = status === 429 || status === 503;
	const doubled = SHORTEST * 2 ** Math.min(Math.max(0, times - 1), 10);
	return Math.max(busy ? 15 * MINUTE : 0, Math.min(doubled, refused ? 4 * HOUR : HOUR));
}

// Measured by test/bench/polling.mjs. For the least mean delay over all articles an interval is the square root of the time between them;
// between sources a weaker power leaves something for a weekly blog, within a source bursts ask for a little more.
const PACE = 0.4 * HOUR;
const BETWEEN_SOURCES = 0.25;
const WITHIN_SOURCE = 0.6;
/** What is as near as this to a time of day counts as that time. */
const AROUND = 2 * HOUR;
/** Articles of no special hour that every source is thought to have, so that three articles make no pattern. */
const PRIOR_OF_DAY = 3;
const PRIOR_OF_WEEK = 5;
/** Fewer days show no time of day, fewer weeks no day of the week. */
const DAYS_ENOUGH = 2.5 * DAY;
const WEEKS_ENOUGH = 3 * WEEK;

/** Milliseconds to the next look, by how often a source publishes, and how often at this hour and on this day of the week. */
function interval(recent: readonly number[], now: number): number {
	const times = recent.filter((time) => time <= now);
	const oldest = times.at(-1);
	if (oldest === undefined) return STRANGER;
	const span = now - oldest;
	if (span < DAYS_ENOUGH) {
		const few = Math.min(10, times.length);
		return PACE * ((now - (times[few - 1] ?? now)) / few / HOUR) ** BETWEEN_SOURCES;
	}
	// The middle of the time until the look after this one.
	const soon = now + LONGEST / 4;
	let rate = lift(times, soon, DAY, AROUND, PRIOR_OF_DAY);
	if (span > WEEKS_ENOUGH) rate *= lift(times, soon, WEEK, DAY / 2, PRIOR_OF_WEEK);
	return PACE * (span / times.length / HOUR) ** BETWEEN_SOURCES * rate ** -WITHIN_SOURCE;
}

/** How many times more articles than on average appear around this point of a day or week. */
function lift(times: readonly number[], at: number, period: number, half: number, prior: number): number {
	const share = (2 * half) / period;
	const near = times.filter((time) => {
		const apart = (at - time) % period;
		return Math.min(apart, period - apart) < half;
	}).length;
	return (near + prior * share) / ((times.length + prior) * share);
}

/** How long a source is left alone that has been silent for two months and six times as long as is its way: from an hour to a day in the course of another month. Sooner would cost those that come back more than it spares. */
function silentWait(recent: readonly number[], now: number): number | undefined {
	const [newest, oldest] = [recent[0], recent.at(-1)];
	if (newest === undefined || oldest === undefined) return undefined;
	const usual = (newest - oldest) / Math.max(1, recent.length - 1);
	const wait = (now - newest - Math.max(8 * WEEK, 6 * usual)) / 28;
	return wait > LONGEST ? Math.min(DAY, wait) : undefined;
}

/** Known times below which nobody can say what is usual. */
const ENOUGH = 20;
const LEAST_SILENCE = 6 * HOUR;
/** Longer than any night and weekend, for a source whose nights and weekends are not known. */
const UNKNOWN_SILENCE = 3 * DAY;
/** Fewer articles at these hours of each earlier week are no promise of any today. */
const PROMISED = 8;
const WEEKS_COMPARED = 4;

/**
 * Whether a source has been silent for longer than is its way: by its own gaps, and only at hours at which it published in each of the weeks before.
 * `recent` holds publication times, newest first. Fifty tell of slow sources only; a newsroom's nights and Fridays show in three weeks or more of them, and until then three days pass.
 */
export function isSilent(recent: readonly number[], now: number): boolean {
	const times = recent.filter((time) => time <= now);
	const [newest, oldest] = [times[0], times.at(-1)];
	if (times.length < ENOUGH || newest === undefined || oldest === undefined) return false;
	const gaps = times.slice(1).map((time, place) => (times[place] ?? time) - time);
	const usual = gaps.sort((left, right) => left - right)[Math.floor(gaps.length * 0.95)] ?? 0;
	const silence = now - newest;
	if (silence <= Math.max(LEAST_SILENCE, 3 * usual)) return false;
	const weeks = Math.min(WEEKS_COMPARED, Math.floor((newest - oldest) / WEEK));
	if (silence > WEEK || weeks < 2) return silence > UNKNOWN_SILENCE;
	const before = Array.from({ length: weeks }, (_, place) => (place + 1) * WEEK);
	return before.every((ago) => times.filter((time) => time > newest - ago && time <= now - ago).length >= PROMISED);
}

/** Whether articles may have come and gone unseen between two looks: everything listed is newer than the newest one known. Publication times, milliseconds since 1970. */
export function hasGap(oldestListed: number | undefined, newestKnown: number | undefined): boolean {
	return oldestListed !== undefined && newestKnown !== undefined && oldestListed > newestKnown;
}

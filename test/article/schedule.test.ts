import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasGap, isSilent, type LookRecord, nextLook } from "../../src/article/schedule.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A Monday noon in Baghdad. */
const NOW = Date.UTC(2026, 10, 23, 9);

/** So many times before now, newest first. */
const every = (step: number, count = 50, from = step): readonly number[] =>
	Array.from({ length: count }, (_, place) => NOW - from - place * step);

const STEADY = every(3 * HOUR);

/** Minutes until the next look, without jitter; and why. */
function wait(record: Partial<LookRecord>): readonly [minutes: number, reason: string] {
	const { at, reason } = nextLook({
		own: false,
		now: NOW,
		outcome: { kind: "ok" },
		recent: STEADY,
		random: 0.5,
		...record,
	});
	return [(at - NOW) / MINUTE, reason];
}

const failed = (times: number, more: { status?: number; retryAfter?: number } = {}) =>
	({ kind: "failed", times, ...more }) as const;

describe("the newsroom's own source", () => {
	test.each<[name: string, outcome: LookRecord["outcome"], minutes: number, by: number | undefined, reason: string]>([
		["the next tick", { kind: "ok" }, 0, undefined, "tick"],
		["whatever pause is asked by its cache", { kind: "ok", pause: 10 * MINUTE }, 0, undefined, "tick"],
		["Retry-After", { kind: "ok", retryAfter: 5 * MINUTE }, 5, undefined, "asked"],
		["Retry-After of an hour at most", { kind: "ok", retryAfter: 5 * HOUR }, 60, undefined, "asked"],
		["F1 failed: the next tick, a minute at most", failed(1), 0, 1, "failed"],
		["F1 failed for long: the same", failed(500, { status: 500 }), 0, 1, "failed"],
		["F7 not found: the same", failed(9, { status: 404 }), 0, 1, "failed"],
		["F8 busy without a word: the same", failed(3, { status: 429 }), 0, 1, "failed"],
		["F8 busy, half a minute asked", failed(3, { status: 429, retryAfter: MINUTE / 2 }), 0.5, 1, "asked"],
		["F8 busy, ten minutes asked", failed(3, { status: 503, retryAfter: 10 * MINUTE }), 10, 10, "asked"],
		["F8 busy, a day asked", failed(3, { status: 503, retryAfter: DAY }), 60, 60, "asked"],
		["F6 gone", failed(1, { status: 410 }), 60, 60, "failed"],
	])("%s", (_, outcome, minutes, by, reason) => {
		const next = nextLook({ own: true, now: NOW, outcome, recent: STEADY, random: 0.9 });
		expect(next).toEqual({
			at: NOW + minutes * MINUTE,
			reason,
			...(by === undefined ? {} : { by: NOW + by * MINUTE }),
		});
	});
});

describe("another one's source that failed", () => {
	test.each<[name: string, outcome: LookRecord["outcome"], minutes: number]>([
		["F1 once: five minutes at least", failed(1), 5.25],
		["F1 twice", failed(2, { status: 500 }), 10],
		["F1 three times", failed(3), 20],
		["F1 four times", failed(4), 40],
		["F1 five times: an hour", failed(5, { status: 502 }), 60],
		["F1 for ever: an hour", failed(100_000), 60],
		["F7 404 once", failed(1, { status: 404 }), 5.25],
		["F7 403 five times", failed(5, { status: 403 }), 80],
		["F7 401 for ever: four hours", failed(50, { status: 401 }), 240],
		["F8 429 once: a quarter", failed(1, { status: 429 }), 15],
		["F8 503 three times", failed(3, { status: 503 }), 20],
		["F8 503 for ever", failed(30, { status: 503 }), 60],
		["F6 gone: a day", failed(1, { status: 410 }), 1_440],
	])("%s", (_, outcome, minutes) => {
		expect(wait({ outcome })).toEqual([minutes, "failed"]);
	});

	test.each<[name: string, outcome: LookRecord["outcome"], minutes: number]>([
		["F8 as asked", failed(9, { status: 429, retryAfter: 7 * MINUTE }), 7],
		["F8 three hours", failed(1, { status: 503, retryAfter: 3 * HOUR }), 180],
		["F8 a day at most", failed(1, { status: 503, retryAfter: WEEK }), 1_440],
		["F8 five minutes at least", failed(1, { status: 429, retryAfter: 1_000 }), 5],
		["asked with an answer", { kind: "ok", retryAfter: 2 * HOUR }, 120],
	])("%s, to the second", (_, outcome, minutes) => {
		for (const random of [0, 0.5, 0.999]) expect(wait({ outcome, random })).toEqual([minutes, "asked"]);
	});
});

describe("another one's source that was read", () => {
	test.each<[name: string, record: Partial<LookRecord>, from: number, to: number, reason: string]>([
		["nothing known", { recent: [] }, 15, 15, "rhythm"],
		["an agency, an article in six minutes", { recent: every(6 * MINUTE) }, 10, 16, "rhythm"],
		["a flood", { recent: every(1_000) }, 5, 6, "rhythm"],
		["an article in three hours", { recent: STEADY }, 25, 40, "rhythm"],
		["all at the same moment", { recent: every(0, 20, 0) }, 5.25, 5.25, "rhythm"],
		["one article", { recent: [NOW - 5 * DAY] }, 20, 60, "rhythm"],
		["one article a day, at this hour", { recent: every(DAY, 50, DAY) }, 5, 20, "rhythm"],
		["one article a day, due within the hour", { recent: every(DAY, 50, 23 * HOUR) }, 5, 20, "rhythm"],
		["one article a day, at another hour", { recent: every(DAY, 50, 12 * HOUR) }, 60, 60, "rhythm"],
		["one a week, at this hour of this day", { recent: every(WEEK, 50, WEEK) }, 5, 10, "rhythm"],
		["one a week, at this hour of another day", { recent: every(WEEK, 50, 4 * DAY) }, 30, 60, "rhythm"],
		["silent for ten days", { recent: every(3 * HOUR, 50, 10 * DAY) }, 5, 60, "rhythm"],
		["silent for seven weeks", { recent: every(3 * HOUR, 50, 7 * WEEK) }, 60, 60, "rhythm"],
		["silent for nine weeks", { recent: every(3 * HOUR, 50, 9 * WEEK) }, 360, 360, "silent"],
		["silent for twelve weeks: a day", { recent: every(3 * HOUR, 50, 12 * WEEK) }, 1_440, 1_440, "silent"],
		["silent for years: a day", { recent: every(3 * HOUR, 50, 99 * WEEK) }, 1_440, 1_440, "silent"],
		["twelve weeks are nothing to a quarterly", { recent: every(90 * DAY, 8, 12 * WEEK) }, 5, 60, "rhythm"],
		[
			"a pause asked that is shorter",
			{ recent: STEADY, outcome: { kind: "ok", pause: 10 * MINUTE } },
			25,
			40,
			"rhythm",
		],
		["a pause asked that is longer", { outcome: { kind: "ok", pause: 50 * MINUTE } }, 52.5, 52.5, "asked"],
		["a pause asked of a day: an hour", { outcome: { kind: "ok", pause: DAY } }, 63, 63, "asked"],
		["dates in the future", { recent: [NOW + DAY, NOW + HOUR, ...STEADY] }, 25, 40, "rhythm"],
		["only dates in the future", { recent: [NOW + DAY, NOW + HOUR] }, 15, 15, "rhythm"],
	])("%s", (_, record, from, to, reason) => {
		const [minutes, why] = wait(record);
		expect(why).toBe(reason);
		expect(minutes).toBeGreaterThanOrEqual(from);
		expect(minutes).toBeLessThanOrEqual(to);
	});

	test("more often in its busy hours than at night", () => {
		// Two in the morning and two in the afternoon, for ten days, the last of them yesterday.
		const office = Array.from(
			{ length: 40 },
			(_, place) => NOW - DAY * (1 + Math.floor(place / 4)) - (place % 4) * HOUR,
		);
		const day = nextLook({ own: false, now: NOW, outcome: { kind: "ok" }, recent: office, random: 0.5 });
		const midnight = NOW + 12 * HOUR;
		const night = nextLook({ own: false, now: midnight, outcome: { kind: "ok" }, recent: office, random: 0.5 });
		expect(night.at - midnight).toBeGreaterThan(2 * (day.at - NOW));
	});

	test("as a busy source falls asleep the looks grow fewer", () => {
		const waits = [0, 1, 3, 8].map((hours) => wait({ recent: every(10 * MINUTE, 50, hours * HOUR) })[0]);
		expect(waits).toEqual([...waits].sort((left, right) => left - right));
		expect(new Set(waits).size).toBe(waits.length);
	});

	test("F1 a tenth more or less by chance", () => {
		const at = (random: number) => wait({ outcome: failed(4), random })[0];
		expect([at(0), at(0.25), at(0.5), at(0.75)]).toEqual([36, 38, 40, 42]);
	});
});

test("never sooner than asked, never later than the bounds, whatever the past", () => {
	const times = fc.array(fc.integer({ min: NOW - 400 * DAY, max: NOW + DAY }), { maxLength: 50 });
	const asked = fc.option(fc.integer({ min: 0, max: 3 * DAY }), { nil: undefined });
	const random = fc.double({ min: 0, max: 0.999, noNaN: true });
	fc.assert(
		fc.property(times, asked, asked, random, (recent, pause, retryAfter, random) => {
			const outcome = {
				kind: "ok",
				...(pause === undefined ? {} : { pause }),
				...(retryAfter === undefined ? {} : { retryAfter }),
			} as const;
			const sorted = recent.sort((left, right) => right - left);
			const { at, reason } = nextLook({ own: false, now: NOW, outcome, recent: sorted, random });
			const wait = at - NOW;
			expect(wait).toBeGreaterThanOrEqual(5 * MINUTE);
			expect(wait).toBeGreaterThanOrEqual(Math.min(pause ?? 0, HOUR));
			expect(wait).toBeGreaterThanOrEqual(Math.min(retryAfter ?? 0, DAY));
			expect(wait).toBeLessThanOrEqual(reason === "silent" ? 1.1 * DAY : retryAfter ? DAY : 1.1 * HOUR);
		}),
	);
});

test("more failures never bring it sooner, and four hours are the most", () => {
	const status = fc.constantFrom(undefined, 401, 403, 404, 429, 500, 503);
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 60 }), status, (times, status) => {
			const more = status === undefined ? {} : { status };
			const [one] = wait({ outcome: failed(times, more) });
			const [next] = wait({ outcome: failed(times + 1, more) });
			expect(next).toBeGreaterThanOrEqual(one);
			expect(next).toBeLessThanOrEqual(240);
		}),
	);
});

/** Publication times of five weeks up to the end of `last` days ago, an article each `step` in the given hours (Baghdad) on the given days (0 is Sunday). */
function newsroom(hours: readonly [number, number], step: number, days: readonly number[], until: number): number[] {
	const times: number[] = [];
	for (let time = NOW - 5 * WEEK; time < until; time += step) {
		const local = new Date(time + 3 * HOUR);
		const hour = local.getUTCHours();
		if (days.includes(local.getUTCDay()) && hour >= hours[0] && hour < hours[1]) times.unshift(time);
	}
	return times;
}

const ALL_WEEK = [0, 1, 2, 3, 4, 5, 6];
const WORKDAYS = [0, 1, 2, 3, 4];
const at = (day: number, hour: number) => Date.UTC(2026, 10, day, hour - 3);

describe("silence", () => {
	test.each<[name: string, recent: readonly number[], now: number, silent: boolean]>([
		["nothing known", [], NOW, false],
		["nineteen times", every(HOUR, 19, 30 * DAY), NOW, false],
		["twenty times", every(HOUR, 20, 30 * DAY), NOW, true],
		["just now", STEADY, NOW, false],
		["five hours, an article in ten minutes", newsroom([0, 24], 10 * MINUTE, ALL_WEEK, NOW - 5 * HOUR), NOW, false],
		["seven hours, an article in ten minutes", newsroom([0, 24], 10 * MINUTE, ALL_WEEK, NOW - 7 * HOUR), NOW, true],
		["seven hours, fifty times known", every(10 * MINUTE, 50, 7 * HOUR), NOW, false],
		["three days, fifty times known", every(10 * MINUTE, 50, 3 * DAY), NOW, false],
		["three days and an hour, fifty times known", every(10 * MINUTE, 50, 3 * DAY + HOUR), NOW, true],
		["a night", newsroom([8, 22], 20 * MINUTE, ALL_WEEK, at(20, 23)), at(21, 7), false],
		["a night and the morning after", newsroom([8, 22], 20 * MINUTE, ALL_WEEK, at(20, 23)), at(21, 11), true],
		["a weekend", newsroom([8, 16], 20 * MINUTE, WORKDAYS, at(19, 23)), at(22, 8), false],
		["a weekend and the Sunday after", newsroom([8, 16], 20 * MINUTE, WORKDAYS, at(19, 23)), at(22, 12), true],
		["a weekly in its week", every(WEEK, 30, 6 * DAY), NOW, false],
		["a weekly for two weeks", every(WEEK, 30, 2 * WEEK), NOW, false],
		["a weekly for a month", every(WEEK, 30, 30 * DAY), NOW, true],
		["dates in the future", [NOW + DAY, ...every(10 * MINUTE, 50, 4 * DAY)], NOW, true],
	])("%s", (_, recent, now, silent) => {
		expect(isSilent(recent, now)).toBe(silent);
	});

	test("a source silent every night is not reported on any hour of a week", () => {
		const hours = Array.from({ length: 7 * 24 }, (_, hour) => NOW - WEEK + hour * HOUR);
		const all = newsroom([9, 21], 15 * MINUTE, WORKDAYS, NOW);
		expect(
			hours.filter((now) =>
				isSilent(
					all.filter((time) => time <= now),
					now,
				),
			),
		).toEqual([]);
	});

	test("once silent, silent until the next article", () => {
		const steps = fc.integer({ min: MINUTE, max: DAY });
		const later = fc.integer({ min: 0, max: 12 * DAY });
		fc.assert(
			fc.property(fc.array(steps, { minLength: 20, maxLength: 60 }), later, later, (gaps, one, other) => {
				let time = NOW;
				const recent = [NOW, ...gaps.map((gap) => (time -= gap))];
				const [sooner, then] = one < other ? [one, other] : [other, one];
				if (isSilent(recent, NOW + sooner)) expect(isSilent(recent, NOW + then)).toBe(true);
				expect(isSilent(recent, NOW + 6 * HOUR)).toBe(false);
				expect(isSilent(recent, NOW + 8 * DAY)).toBe(true);
			}),
		);
	});
});

test.each<[name: string, listed: number | undefined, known: number | undefined, gap: boolean]>([
	["the lists overlap", 10, 20, false],
	["the newest known one is the last listed", 20, 20, false],
	["all are newer", 21, 20, true],
	["an empty list", undefined, 20, false],
	["a first visit", 20, undefined, false],
])("gap: %s", (_, listed, known, gap) => {
	expect(hasGap(listed, known)).toBe(gap);
});

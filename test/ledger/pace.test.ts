import fc from "fast-check";
import { expect, test } from "vitest";
import { nextAt, type Pace, type PaceRecord, paced, parsePace } from "../../src/ledger/pace.ts";

const START = Date.parse("2026-11-23T09:00:00.000Z");

test.each<[string, Pace | undefined]>([
	["20/1m", { limit: 20, window: 60_000 }],
	["100/15m", { limit: 100, window: 900_000 }],
	["1/s", { limit: 1, window: 1_000 }],
	[" 5 / 2 h ", { limit: 5, window: 7_200_000 }],
	["300/1d", { limit: 300, window: 86_400_000 }],
	["0/1m", undefined],
	["20/0m", undefined],
	["20", undefined],
	["20/1w", undefined],
	["-1/1m", undefined],
	["1.5/1m", undefined],
	["", undefined],
])("parsePace(%j)", (text, expected) => expect(parsePace(text)).toEqual(expected));

/** The times at which posts begin that are asked for at `wishes`, milliseconds after the start. */
function begun(pace: Pace, wishes: readonly number[]): readonly number[] {
	let record: PaceRecord = [];
	let now = START;
	return wishes.map((wish) => {
		now = nextAt(record, pace, new Date(Math.max(now, START + wish))).getTime();
		expect(nextAt(record, pace, new Date(now)).getTime(), "once free, free").toBe(now);
		record = paced(record, pace, new Date(now));
		return now;
	});
}

const most = (times: readonly number[], window: number) =>
	Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + window).length));

const paces = fc.record({
	limit: fc.integer({ min: 1, max: 30 }),
	window: fc.constantFrom(1_000, 10_000, 60_000, 900_000),
});

test("never more than the limit in any window, with room for requests that overtake each other", () => {
	const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })), {
		minLength: 1,
		maxLength: 90,
	});
	fc.assert(
		fc.property(paces, gaps, (pace, waits) => {
			let sum = 0;
			const times = begun(
				pace,
				waits.map((gap) => {
					sum += gap;
					return sum;
				}),
			);
			expect(most(times, pace.window + Math.min(2_000, Math.ceil(pace.window / 30)))).toBeLessThanOrEqual(pace.limit);
		}),
		{ numRuns: 60 },
	);
});

test.each([
	["20/1m", 400],
	["100/15m", 600],
	["5/10s", 500],
	["1/1m", 40],
])("a long queue at %s goes out at 95 % of the rate or better", (text, posts) => {
	const pace = parsePace(text) as Pace;
	const times = begun(pace, new Array<number>(posts).fill(0));
	const took = (times.at(-1) ?? 0) - START;
	const ideal = (posts / pace.limit - 1) * pace.window;
	expect(ideal / took).toBeGreaterThanOrEqual(0.95);
});

test.each([
	["60 s are 62", "20/1m", 20, 62_000],
	["15 min are 15 min and 2 s", "100/15m", 100, 902_000],
	["short windows get a thirtieth", "3/3s", 3, 3_100],
])("window padding: %s", (_, text, limit, padded) => {
	const pace = parsePace(text) as Pace;
	const record = Array.from({ length: limit }, (_, index) => START + index);
	expect(nextAt(record, pace, new Date(START + limit)).getTime()).toBe(START + padded);
});

test("posts keep a second between them, or less where the rate is higher", () => {
	expect(nextAt([START], { limit: 20, window: 60_000 }, new Date(START + 10)).getTime()).toBe(START + 1_000);
	expect(nextAt([START], { limit: 10, window: 1_000 }, new Date(START + 10)).getTime()).toBe(START + 100);
});

test("an empty record, and one whose posts are long past, let a post begin at once", () => {
	const pace = { limit: 2, window: 60_000 };
	const now = new Date(START);
	expect(nextAt([], pace, now)).toEqual(now);
	expect(nextAt([START - 200_000, START - 100_000], pace, now)).toEqual(now);
});

test.each([
	["a second", 1_000],
	["half a window", 30_000],
	["a window", 61_000],
	["an hour", 3_600_000],
	["a day", 86_400_000],
	["ten years", 315_360_000_000],
])("clock set back by %s: the channel rests for two windows at the most", (_, back) => {
	const pace = { limit: 20, window: 60_000 };
	let record: PaceRecord = [];
	for (let post = 0; post < 20; post++) record = paced(record, pace, new Date(START + post * 1_000));
	const set = START + 20_000 - back;
	// Asked again and again, as the lane does when it was told to come again.
	let now = set;
	for (let turn = 0; turn < 10; turn++) now = nextAt(record, pace, new Date(now)).getTime();
	expect(nextAt(record, pace, new Date(now)).getTime()).toBe(now);
	expect(now - set).toBeLessThanOrEqual(2 * 62_000);
	expect(paced(record, pace, new Date(now)).at(-1)).toBe(now);
});

test("the record never grows beyond the limit and stays in order", () => {
	const pace = { limit: 3, window: 60_000 };
	let record: PaceRecord = [];
	for (let post = 0; post < 10; post++) record = paced(record, pace, new Date(START + post));
	expect(record).toEqual([START + 7, START + 8, START + 9]);
});

test("an album counts as its messages", () => {
	const pace: Pace = { limit: 5, window: 60_000 };
	const record = paced(paced([], pace, new Date(START)), pace, new Date(START + 5_000), 4);
	expect(record).toEqual([START, ...Array(4).fill(START + 5_000)]);
	expect(nextAt(record, pace, new Date(START + 10_000)).getTime()).toBe(START + 62_000);
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../src/clock.ts";

const START = new Date("2026-11-23T09:00:00.000Z");
beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

test.each([
	["in a second", 1_000],
	["after 24.8 days, the longest that a timer can wait", 2 ** 31 - 1],
	["later than a timer can wait", 2 ** 31 + 5_000],
	["in a year", 31_536_000_000],
])("wakes once, %s and not before", (_, ms) => {
	const clock = systemClock();
	const woken: number[] = [];
	clock.at(new Date(START.getTime() + ms), () => woken.push(clock.now().getTime()));
	vi.advanceTimersByTime(ms - 1);
	expect(woken).toEqual([]);
	vi.advanceTimersByTime(1);
	expect(woken).toEqual([START.getTime() + ms]);
	vi.advanceTimersByTime(ms);
	expect(woken).toHaveLength(1);
});

test("a time that has passed is soon, never at once", () => {
	const woken: string[] = [];
	systemClock().at(new Date(0), () => woken.push("now"));
	expect(woken).toEqual([]);
	vi.advanceTimersByTime(1);
	expect(woken).toEqual(["now"]);
});

test.each([1_000, 2 ** 32])("what is cancelled never wakes (%i ms)", (ms) => {
	const woken: string[] = [];
	const cancel = systemClock().at(new Date(START.getTime() + ms), () => woken.push("now"));
	vi.advanceTimersByTime(ms - 500);
	cancel();
	cancel();
	vi.advanceTimersByTime(ms);
	expect(woken).toEqual([]);
});

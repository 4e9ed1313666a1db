import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/clock.ts";
import { embeddedEngine } from "../../src/engine/embedded.ts";
import type { Log } from "../../src/ports.ts";
import { engineContract } from "../contracts/engine.ts";
import { fakeClock } from "../servers/clock.ts";

const start = "2026-11-20T05:00:00.000Z";

function bench() {
	const clock = fakeClock(start);
	const lines: {
		level: string;
		fields: Readonly<Record<string, unknown>>;
		message: string;
	}[] = [];
	const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
		lines.push({ level, fields, message });
	};
	const log: Log = {
		debug: at("debug"),
		info: at("info"),
		warn: at("warn"),
		error: at("error"),
	};
	return {
		clock,
		lines,
		engine: embeddedEngine({ clock, log, timeZone: "Asia/Baghdad" }),
	};
}

engineContract("embedded", async () => {
	const { clock, engine } = bench();
	return {
		engine,
		now: clock.now,
		pass: clock.advance,
		dispose: () => engine.stop(),
	};
});

test("a run that keeps throwing waits 5 s, doubled up to 5 min, and from 5 s again after a success", async () => {
	const { clock, engine, lines } = bench();
	const times: number[] = [];
	engine.lane("work", 1, async () => {
		times.push(clock.now().getTime());
		if (times.length === 9) return { again: clock.now() };
		throw new Error("broken");
	});
	await engine.start();
	await engine.add("work", "a");
	await clock.advance(1_400_000);
	await engine.stop();
	const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
	expect(gaps.slice(0, 10)).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 0, 5]);
	expect(lines.filter(({ level }) => level === "error")[0]?.fields).toEqual({
		lane: "work",
		key: "a",
		error: "broken",
		again: "2026-11-20T05:00:05.000Z",
	});
});

test("a key for an unknown lane is refused with a sentence", async () => {
	const { engine } = bench();
	await expect(engine.add("nowhere", "a")).rejects.toThrow('There is no lane "nowhere"');
});

describe("every", () => {
	beforeEach(() => {
		vi.useFakeTimers({ now: new Date(start) });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	test.each([
		["before the start, every minute", "* * * * *", false, 180_000, 3],
		["after the start, every second", "* * * * * *", true, 5000, 5],
		["at nine in Baghdad, one hour from now", "0 9 * * *", false, 86_400_000, 1],
	] as const)("adds the key at each moment: %s", async (_, cron, startFirst, span, count) => {
		const { clock, engine } = bench();
		const seen: string[] = [];
		engine.lane("tick", 1, async (key) => {
			seen.push(key);
			return "done";
		});
		if (startFirst) await engine.start();
		engine.every(cron, "tick", "now");
		await vi.advanceTimersByTimeAsync(startFirst ? 0 : span);
		expect(seen).toEqual([]);
		await engine.start();
		await vi.advanceTimersByTimeAsync(span);
		await clock.advance(0);
		expect(seen).toEqual(Array.from({ length: count }, () => "now"));
		await engine.stop();
		await vi.advanceTimersByTimeAsync(span);
		expect(seen).toHaveLength(count);
	});

	/** The engine under the machine's own clock, which the test winds. */
	function wound(timeZone = "Asia/Baghdad") {
		const lines: string[] = [];
		const say = (_fields: object, message: string) => void lines.push(message);
		const log: Log = { debug() {}, info() {}, warn: say, error: say };
		const ticks: string[] = [];
		const engine = embeddedEngine({ clock: systemClock(), log, timeZone });
		engine.lane("tick", 1, async () => {
			ticks.push(new Date().toISOString());
			return "done";
		});
		return { engine, ticks, lines };
	}

	test.each([
		["back", -3_600_000, "the clock was put back: the ticks begin anew from now"],
		["forward", 3_600_000, "the process stood still, or the clock was put forward"],
	])("H1: goes on within a minute after the clock was put %s an hour, and says so", async (_, jump, words) => {
		const { engine, ticks, lines } = wound();
		engine.every("* * * * *", "tick", "now");
		await engine.start();
		await vi.advanceTimersByTimeAsync(150_000);
		expect(ticks).toHaveLength(2);
		vi.setSystemTime(Date.now() + jump);
		await vi.advanceTimersByTimeAsync(300_000);
		expect(lines).toContain(words);
		expect(ticks.length).toBeGreaterThanOrEqual(6);
		expect(ticks.length).toBeLessThanOrEqual(8);
		await engine.stop();
	});

	test.each([
		["skipped", "2027-03-27T22:59:30.000Z"],
		["doubled", "2027-10-30T21:59:30.000Z"],
	])("H2: every quarter of an hour through the night in which an hour is %s in Berlin", async (_, night) => {
		vi.setSystemTime(new Date(night));
		const { engine, ticks } = wound("Europe/Berlin");
		engine.every("*/15 * * * *", "tick", "now");
		await engine.start();
		await vi.advanceTimersByTimeAsync(6 * 3_600_000);
		expect(ticks).toHaveLength(24);
		const gaps = ticks.slice(1).map((time, at) => Date.parse(time) - Date.parse(ticks[at] ?? ""));
		expect(new Set(gaps.map((gap) => Math.round(gap / 60_000)))).toEqual(new Set([15]));
		await engine.stop();
	});

	test("H2: a moment within the doubled hour comes once", async () => {
		vi.setSystemTime(new Date("2027-10-30T12:00:00.000Z"));
		const { engine, ticks } = wound("Europe/Berlin");
		engine.every("30 2 * * *", "tick", "now");
		await engine.start();
		await vi.advanceTimersByTimeAsync(24 * 3_600_000);
		expect(ticks).toHaveLength(1);
		await engine.stop();
	});

	test("H9: ticks that come while one still runs are one more run, never two at once", async () => {
		const { engine } = wound();
		const doors: (() => void)[] = [];
		engine.lane("slow", 1, () => new Promise((resolve) => doors.push(() => resolve("done"))));
		engine.every("* * * * * *", "slow", "now");
		await engine.start();
		await vi.advanceTimersByTimeAsync(10_000);
		expect(doors).toHaveLength(1);
		doors[0]?.();
		await vi.advanceTimersByTimeAsync(100);
		expect(doors).toHaveLength(2);
		const stopped = engine.stop();
		doors[1]?.();
		await stopped;
	});

	test.each([["* * *"], ["61 * * * *"], ["every minute"], [""]])(
		"refuses an expression with a sentence that names it: %j",
		(cron) => {
			const { engine } = bench();
			expect(() => engine.every(cron, "tick", "now")).toThrow(`"${cron}"`);
		},
	);
});

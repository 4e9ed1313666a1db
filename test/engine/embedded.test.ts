import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
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

	test.each([["* * *"], ["61 * * * *"], ["every minute"], [""]])(
		"refuses an expression with a sentence that names it: %j",
		(cron) => {
			const { engine } = bench();
			expect(() => engine.every(cron, "tick", "now")).toThrow(`"${cron}"`);
		},
	);
});

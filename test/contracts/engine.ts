import { afterEach, describe, expect, test } from "vitest";
import type { Again, Engine } from "../../src/engine/engine.ts";

/** An engine with its time: `pass` lets it go by, really or not. */
export interface EngineBench {
	readonly engine: Engine;
	now(): Date;
	pass(milliseconds: number): Promise<void>;
	dispose(): Promise<void>;
}

/** What every engine promises. */
export function engineContract(name: string, make: () => Promise<EngineBench>): void {
	describe(`engine contract: ${name}`, () => {
		let bench: EngineBench;
		const disposals: (() => Promise<void>)[] = [];
		afterEach(async () => {
			for (const dispose of disposals.splice(0)) await dispose();
		});

		async function open(): Promise<Engine> {
			bench = await make();
			disposals.push(bench.dispose);
			return bench.engine;
		}

		async function until(what: () => boolean): Promise<void> {
			for (let turn = 0; turn < 2000 && !what(); turn++) await bench.pass(10);
			expect(what()).toBe(true);
		}

		const later = (milliseconds: number) => new Date(bench.now().getTime() + milliseconds);

		/** A run that stays open until the test lets it go, in the order of starting. */
		function gate(result: Again = "done") {
			const started: string[] = [];
			const signals: AbortSignal[] = [];
			const open: (() => void)[] = [];
			const run = (key: string, signal: AbortSignal) => {
				started.push(key);
				signals.push(signal);
				return new Promise<Again>((resolve) => open.push(() => resolve(result)));
			};
			return { started, signals, open, run };
		}

		test("a waiting key is one job", async () => {
			const engine = await open();
			const seen: string[] = [];
			engine.lane("work", 1, async (key) => {
				seen.push(key);
				return "done";
			});
			for (let times = 0; times < 3; times++) await engine.add("work", "a");
			await engine.start();
			await until(() => seen.length > 0);
			await bench.pass(200);
			expect(seen).toEqual(["a"]);
		});

		test("a key added while it runs runs once more", async () => {
			const engine = await open();
			const { started, open: doors, run } = gate();
			engine.lane("work", 2, run);
			await engine.start();
			await engine.add("work", "a");
			await until(() => started.length === 1);
			for (let times = 0; times < 3; times++) await engine.add("work", "a");
			await bench.pass(200);
			expect(started).toEqual(["a"]);
			doors[0]?.();
			await until(() => started.length === 2);
			doors[1]?.();
			await bench.pass(200);
			expect(started).toEqual(["a", "a"]);
		});

		test("no more keys run at once than the lane allows, in the order of adding", async () => {
			const engine = await open();
			const { started, open: doors, run } = gate();
			engine.lane("work", 2, run);
			await engine.start();
			for (const key of ["c", "a", "d", "b"]) await engine.add("work", key);
			await until(() => started.length === 2);
			await bench.pass(200);
			expect(started).toEqual(["c", "a"]);
			doors[0]?.();
			await until(() => started.length === 3);
			await bench.pass(200);
			expect(started).toEqual(["c", "a", "d"]);
			doors[1]?.();
			await until(() => started.length === 4);
			expect(started).toEqual(["c", "a", "d", "b"]);
			for (const door of doors) door();
		});

		test("a run that says when comes again then, and not before", async () => {
			const engine = await open();
			const times: number[] = [];
			let due = 0;
			engine.lane("work", 1, async () => {
				times.push(bench.now().getTime());
				if (times.length > 1) return "done";
				const again = later(400);
				due = again.getTime();
				return { again };
			});
			await engine.start();
			await engine.add("work", "a");
			await until(() => times.length === 2);
			expect(times[1]).toBeGreaterThanOrEqual(due);
			await bench.pass(500);
			expect(times).toHaveLength(2);
		});

		test.each([
			["the earlier time comes second", [60_000, 300]],
			["the earlier time comes first", [300, 60_000]],
			["now beats later", [60_000, undefined]],
		] as const)("the earlier of two times wins: %s", async (_, offsets) => {
			const engine = await open();
			const seen: string[] = [];
			engine.lane("work", 1, async (key) => {
				seen.push(key);
				return "done";
			});
			await engine.start();
			for (const offset of offsets) {
				await engine.add("work", "a", offset === undefined ? undefined : later(offset));
			}
			await bench.pass(1500);
			expect(seen).toEqual(["a"]);
		});

		test("a run that throws runs again after a pause, and others go on", async () => {
			const engine = await open();
			const seen: string[] = [];
			engine.lane("work", 1, async (key) => {
				seen.push(key);
				if (key === "bad" && seen.filter((one) => one === "bad").length === 1) throw new Error("broken");
				return "done";
			});
			await engine.start();
			await engine.add("work", "bad");
			await engine.add("work", "good");
			await until(() => seen.includes("good"));
			expect(seen).toEqual(["bad", "good"]);
			await until(() => seen.length === 3);
			expect(seen).toEqual(["bad", "good", "bad"]);
		});

		test("stop waits for what runs, tells it, and starts nothing more", async () => {
			const engine = await open();
			const { started, signals, open: doors, run } = gate();
			engine.lane("work", 1, run);
			await engine.start();
			await engine.add("work", "a");
			await engine.add("work", "b");
			await until(() => started.length === 1);
			let stopped = false;
			const first = engine.stop().then(() => {
				stopped = true;
			});
			const second = engine.stop();
			await bench.pass(100);
			expect(stopped).toBe(false);
			expect(signals[0]?.aborted).toBe(true);
			doors[0]?.();
			await Promise.all([first, second, engine.stop()]);
			await bench.pass(500);
			expect(started).toEqual(["a"]);
		});

		test("started twice is started once", async () => {
			const engine = await open();
			const { started, open: doors, run } = gate();
			engine.lane("work", 1, run);
			await engine.add("work", "a");
			await engine.add("work", "b");
			await bench.pass(100);
			expect(started).toEqual([]);
			await Promise.all([engine.start(), engine.start()]);
			await engine.start();
			await until(() => started.length === 1);
			await bench.pass(200);
			expect(started).toEqual(["a"]);
			doors[0]?.();
			await until(() => started.length === 2);
			doors[1]?.();
		});

		test("what is added after the stop is refused quietly", async () => {
			const engine = await open();
			const { started, run } = gate();
			engine.lane("work", 1, run);
			await engine.start();
			await engine.stop();
			await engine.add("work", "a");
			await bench.pass(200);
			expect(started).toEqual([]);
		});
	});
}

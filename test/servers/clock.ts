import type { Clock } from "../../src/ports.ts";

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
	/** Moves time on, firing what is due in order, each at its own time, and lets promises settle after each one. */
	advance(milliseconds: number): Promise<void>;
	/** Puts the wall clock forward, or back when negative. Wakes keep their distance, as the machine's timers do. */
	jump(milliseconds: number): void;
}

// Taken before a test can fake it.
const soon = globalThis.setImmediate;

/** A clock at `start`; wakes fire in `advance` alone, those at a time that has passed with `advance(0)`. */
export function fakeClock(start: Date | string): FakeClock {
	let now = new Date(start).getTime();
	const wakes = new Set<{ time: number; readonly wake: () => void }>();
	const settle = () => new Promise<void>((resolve) => soon(resolve));

	function next(end: number) {
		let first: { readonly time: number; readonly wake: () => void } | undefined;
		for (const entry of wakes) {
			if (entry.time <= end && (!first || entry.time < first.time)) first = entry;
		}
		return first;
	}

	return {
		now: () => new Date(now),
		at(time, wake) {
			const entry = { time: time.getTime(), wake };
			wakes.add(entry);
			return () => {
				wakes.delete(entry);
			};
		},
		jump(milliseconds) {
			now += milliseconds;
			for (const entry of wakes) entry.time += milliseconds;
		},
		async advance(milliseconds) {
			const end = now + milliseconds;
			await settle();
			for (let entry = next(end); entry; entry = next(end)) {
				wakes.delete(entry);
				now = Math.max(now, entry.time);
				entry.wake();
				await settle();
			}
			now = end;
		},
	};
}

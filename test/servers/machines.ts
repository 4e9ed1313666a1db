import type { SteadyClock } from "../../src/ports.ts";
import type { Store } from "../../src/ledger/store.ts";

// Taken before a test can fake it.
const soon = globalThis.setImmediate;
const settle = () => new Promise<void>((resolve) => soon(resolve));

/** The time that really passes, for machines whose own clocks may be wrong. */
export interface Earth {
	/** Milliseconds since 1970. */
	readonly now: number;
	at(time: number, wake: () => void): () => void;
	sleep(milliseconds: number): Promise<void>;
	/** Lets time pass, waking what is due in order and letting promises settle after each. */
	pass(milliseconds: number): Promise<void>;
}

export function earth(start = "2026-11-23T09:00:00.000Z"): Earth {
	let now = Date.parse(start);
	let wakes: { readonly time: number; readonly wake: () => void }[] = [];
	const self: Earth = {
		get now() {
			return now;
		},
		at(time, wake) {
			const entry = { time, wake };
			wakes.push(entry);
			return () => {
				wakes = wakes.filter((other) => other !== entry);
			};
		},
		sleep: (milliseconds) => new Promise((resolve) => void self.at(now + milliseconds, resolve)),
		async pass(milliseconds) {
			const end = now + milliseconds;
			await settle();
			for (;;) {
				const next = wakes.reduce<(typeof wakes)[number] | undefined>(
					(first, entry) => (entry.time <= end && (!first || entry.time < first.time) ? entry : first),
					undefined,
				);
				if (!next) break;
				wakes = wakes.filter((entry) => entry !== next);
				now = Math.max(now, next.time);
				next.wake();
				await settle();
			}
			now = end;
		},
	};
	return self;
}

/** A process on a machine of its own: its clocks, and how it is stopped, woken and killed. */
export interface Machine {
	readonly clock: SteadyClock;
	readonly running: boolean;
	/** As SIGSTOP: nothing of it goes on; what it asked of others is done without it. */
	stop(): void;
	/** As SIGCONT: answers first, then timers, as the event loop does. */
	wake(): void;
	/** As SIGKILL. */
	kill(): void;
	/** Sets its wall clock forward or back. */
	setWall(milliseconds: number): void;
	/** Sleeps as a suspended laptop does: the monotonic clock stands still. */
	suspend(milliseconds: number): void;
	/** A call to the outside, whose answer comes when the process runs. */
	ask<T>(call: () => Promise<T>): Promise<T>;
	/** The store as this process reaches it. */
	reach(store: Store): Store;
}

export function machine(world: Earth, { wall = 0 }: { readonly wall?: number } = {}): Machine {
	let state: "running" | "stopped" | "dead" = "running";
	let offset = wall;
	let lag = world.now - 1_000;
	let answers: (() => void)[] = [];
	let timers: (() => void)[] = [];
	const running = () => (state === "running" ? undefined : new Promise<void>((resolve) => void answers.push(resolve)));

	async function ask<T>(call: () => Promise<T>): Promise<T> {
		await running();
		try {
			const answer = await call();
			await running();
			return answer;
		} catch (error) {
			await running();
			throw error;
		}
	}

	return {
		clock: {
			now: () => new Date(world.now + offset),
			monotonic: () => world.now - lag,
			at(time, wake) {
				let cancelled = false;
				const fire = () => {
					if (cancelled || state === "dead") return;
					if (state === "stopped") timers.push(fire);
					else wake();
				};
				const cancel = world.at(world.now + Math.max(0, time.getTime() - (world.now + offset)), fire);
				return () => {
					cancelled = true;
					cancel();
				};
			},
		},
		get running() {
			return state === "running";
		},
		stop: () => {
			if (state === "running") state = "stopped";
		},
		wake() {
			if (state !== "stopped") return;
			state = "running";
			for (const answer of answers.splice(0)) answer();
			for (const timer of timers.splice(0)) soon(timer);
		},
		kill() {
			state = "dead";
			answers = [];
			timers = [];
		},
		setWall(milliseconds) {
			offset += milliseconds;
		},
		suspend(milliseconds) {
			lag += milliseconds;
		},
		ask,
		reach(store) {
			const keyv = new Proxy(store.keyv, {
				get: (target, name) =>
					name === "get" ? (key: string) => ask(() => target.get(key)) : (Reflect.get(target, name) as unknown),
			});
			return {
				keyv,
				write: (batch) => ask(() => store.write(batch)),
				async *list(prefix, options) {
					await ask(async () => {});
					yield* store.list(prefix, options);
				},
				close: () => store.close(),
			};
		},
	};
}

/** The same numbers between 0 and 1 for the same seed (mulberry32). */
export function dice(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

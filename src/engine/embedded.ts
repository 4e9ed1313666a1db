import { createTask, type ScheduledTask } from "node-cron";
import type { Clock, Log } from "../ports.ts";
import type { Again, Engine, Run } from "./engine.ts";

/** Milliseconds until a key whose run threw runs again; doubled each time, up to the second number. */
const firstPause = 5000;
const longestPause = 300_000;

/** Milliseconds between two looks at the clock, and how far it may be from where it should be. */
const pulse = 30_000;
const drift = 5_000;

interface Lane {
	readonly name: string;
	readonly concurrency: number;
	readonly run: Run;
	/** A key is in one of `later` and `ready`, or in `running`, or nowhere. */
	readonly later: Map<string, { readonly time: number; readonly cancel: () => void }>;
	/** In the order in which the keys became due. */
	readonly ready: Set<string>;
	/** With the earliest time for which the key was added while it ran. */
	readonly running: Map<string, { again: number; readonly controller: AbortController }>;
	readonly pauses: Map<string, number>;
}

/** The engine of one process: node-cron for the ticks, lanes in memory. What waits when it stops is found again in the ledger. */
export function embeddedEngine(options: {
	readonly clock: Clock;
	readonly log: Log;
	readonly timeZone: string;
}): Engine {
	const { clock, log, timeZone } = options;
	const lanes = new Map<string, Lane>();
	const tasks: ScheduledTask[] = [];
	const work = new Set<Promise<void>>();
	let state: "new" | "started" | "stopped" = "new";
	let stopping: Promise<void> | undefined;

	function place(lane: Lane, key: string, time: number): void {
		const waiting = lane.later.get(key);
		if (lane.ready.has(key) || (waiting && waiting.time <= time)) return;
		waiting?.cancel();
		const cancel = clock.at(new Date(time), () => {
			lane.later.delete(key);
			lane.ready.add(key);
			pump(lane);
		});
		lane.later.set(key, { time, cancel });
	}

	function pump(lane: Lane): void {
		for (const key of lane.ready) {
			if (state !== "started" || lane.running.size >= lane.concurrency) return;
			lane.ready.delete(key);
			const job = {
				again: Number.POSITIVE_INFINITY,
				controller: new AbortController(),
			};
			lane.running.set(key, job);
			const done = perform(lane, key, job.controller.signal).then((again) => {
				work.delete(done);
				lane.running.delete(key);
				if (state === "stopped") return;
				const next = Math.min(again, job.again);
				// By way of the clock even when it is due, so that a run that always wants another never starves the process.
				if (next < Number.POSITIVE_INFINITY) place(lane, key, next);
				pump(lane);
			});
			work.add(done);
		}
	}

	/** Gives the time of the next run, infinity for none. Never throws. */
	async function perform(lane: Lane, key: string, signal: AbortSignal): Promise<number> {
		try {
			const again: Again = await lane.run(key, signal);
			const time = again === "done" ? Number.POSITIVE_INFINITY : moment(again.again, lane.name, key);
			lane.pauses.delete(key);
			return time;
		} catch (error) {
			const last = lane.pauses.get(key);
			const pause = last === undefined ? firstPause : Math.min(last * 2, longestPause);
			lane.pauses.set(key, pause);
			const again = clock.now().getTime() + pause;
			log.error(
				{
					lane: lane.name,
					key,
					error: words(error),
					again: new Date(again).toISOString(),
				},
				"a run failed; it runs again",
			);
			return again;
		}
	}

	async function add(name: string, key: string, at?: Date): Promise<void> {
		if (state === "stopped") {
			log.debug({ lane: name, key }, "not added: the engine has stopped");
			return;
		}
		const lane = lanes.get(name);
		if (!lane) throw new Error(`There is no lane "${name}" to add "${key}" to.`);
		const now = clock.now().getTime();
		const time = at === undefined ? now : moment(at, name, key);
		const running = lane.running.get(key);
		if (running) {
			running.again = Math.min(running.again, time);
		} else if (time > now) {
			place(lane, key, time);
		} else {
			lane.later.get(key)?.cancel();
			lane.later.delete(key);
			lane.ready.add(key);
			pump(lane);
		}
	}

	let cancelPulse = () => {};
	/** node-cron waits for the moment it has computed: after the clock was put back an hour, it would not tick for an hour. */
	function beat(): void {
		const expected = clock.now().getTime() + pulse;
		cancelPulse = clock.at(new Date(expected), () => {
			const off = clock.now().getTime() - expected;
			const seconds = Math.round(Math.abs(off) / 1000);
			if (off > drift) log.warn({ seconds }, "the process stood still, or the clock was put forward");
			if (off < -drift) {
				log.warn({ seconds }, "the clock was put back: the ticks begin anew from now");
				for (const task of tasks) {
					task.stop();
					task.start();
				}
			}
			beat();
		});
	}

	async function halt(): Promise<void> {
		state = "stopped";
		cancelPulse();
		for (const task of tasks) await task.destroy();
		for (const lane of lanes.values()) {
			for (const { cancel } of lane.later.values()) cancel();
			for (const { controller } of lane.running.values()) controller.abort();
		}
		await Promise.all(work);
	}

	return {
		lane(name, concurrency, run) {
			if (lanes.has(name)) throw new Error(`There is already a lane "${name}".`);
			if (!Number.isInteger(concurrency) || concurrency < 1)
				throw new Error(`The lane "${name}" must run at least one key at a time, not ${concurrency}.`);
			lanes.set(name, {
				name,
				concurrency,
				run,
				later: new Map(),
				ready: new Set(),
				running: new Map(),
				pauses: new Map(),
			});
		},
		add,
		every(cron, lane, key) {
			if (state === "stopped") return;
			const tick = () =>
				add(lane, key).catch((error) => log.error({ cron, lane, key, error: words(error) }, "a tick failed"));
			const task = cronTask(cron, timeZone, tick, log);
			tasks.push(task);
			if (state === "started") task.start();
		},
		async start() {
			if (state !== "new") return;
			state = "started";
			for (const task of tasks) task.start();
			beat();
			for (const lane of lanes.values()) pump(lane);
		},
		stop() {
			stopping ??= halt();
			return stopping;
		},
	};
}

function cronTask(cron: string, timeZone: string, tick: () => Promise<void>, log: Log): ScheduledTask {
	const say = (level: "debug" | "warn" | "error") => (message: string | Error, error?: Error) =>
		log[level]({ cron, ...(error && { error: error.message }) }, words(message));
	try {
		const task = createTask(cron, tick, {
			timezone: isHourly(cron, timeZone) ? "UTC" : timeZone,
			noOverlap: true,
			logger: {
				debug: say("debug"),
				info: say("debug"),
				warn: say("warn"),
				error: say("error"),
			},
		});
		// A tick that came too late, after a pause of the machine for one, is made up: a key is one job, so once is enough.
		task.on("execution:missed", tick);
		return task;
	} catch (error) {
		throw new Error(
			`"${cron}" in the time zone ${timeZone} is no cron expression that can be followed: ${words(error)}.`,
			{ cause: error },
		);
	}
}

/** Whether every hour is like any other: in a zone's own time node-cron leaves out the hour that comes twice when summer ends. */
function isHourly(cron: string, timeZone: string): boolean {
	if (!/(\s+\*){4}$/.test(cron.trimEnd())) return false;
	const names = ["UTC", timeZone].map((zone) =>
		new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).format(0),
	);
	return names.every((name) => /GMT(?:[+-]\d\d:00)?$/.test(name));
}

function moment(time: Date, lane: string, key: string): number {
	const value = time.getTime();
	if (Number.isNaN(value)) throw new Error(`"${key}" cannot run in the lane "${lane}" at a time that is none.`);
	return value;
}

function words(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ledgerCare } from "../src/care.ts";
import { openWorld, silence, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;
let last: Date | undefined;
let since: Date | undefined;
let made: string[];
let fault: Error | undefined;
let steps: number;
const { signal } = new AbortController();

beforeEach(async () => {
	world = await openWorld();
	last = undefined;
	since = world.clock.now();
	made = [];
	fault = undefined;
	steps = 0;
});
afterEach(() => world.close());

const hours = () => (world.clock.now().getTime() - Date.parse("2026-11-23T09:00:00.000Z")) / HOUR;

function care(more: { readonly forget?: () => Promise<void> } = {}) {
	return ledgerCare({
		ledger: world.ledger,
		channels: ["telegram", "twitter"],
		backups: {
			last: () => last,
			async make(now) {
				if (fault) throw fault;
				last = now;
				made.push(`after ${Math.round(hours() * 10) / 10} h`);
				return "backup.db";
			},
		},
		since: () => since,
		forget: async () => {
			steps++;
		},
		clock: world.clock,
		admins: world.admins,
		log: silence,
		...more,
	});
}

/** So many minutes of a tick a minute. */
async function minutes(count: number, { run }: ReturnType<typeof care>): Promise<void> {
	for (let minute = 0; minute < count; minute++) {
		await world.clock.advance(MINUTE);
		await run(signal);
	}
}

describe("backups", () => {
	test("one a day, the first a day after the first list was taken", async () => {
		await minutes(73 * 60, care());
		expect(made).toEqual(["after 24 h", "after 48 h", "after 72 h"]);
	});

	test("none of a ledger that holds nothing yet", async () => {
		since = undefined;
		await minutes(30 * 60, care());
		expect(made).toEqual([]);
	});

	test.each([
		["is empty after half an hour more: then", 24.5, ["after 24.5 h"]],
		["does not get empty: after 26 hours", 40, ["after 26 h"]],
	])("while a channel has something to send it waits; the queue %s", async (_name, empty, expected) => {
		const id = await world.plan("خبر ينتظر", 0, { channels: ["twitter"] });
		const daily = care();
		await minutes(Math.round(empty * 60) - 1, daily);
		const delivery = await world.delivery(id, "twitter");
		await world.ledger.record(delivery, { ...delivery, state: "skipped", changedAt: world.clock.now().toISOString() });
		await minutes(30, daily);
		expect(made).toEqual(expected);
	});

	test("another life counts on from the last backup", async () => {
		last = new Date(world.clock.now().getTime() - 23 * HOUR);
		await minutes(59, care());
		expect(made).toEqual([]);
		await minutes(2, care());
		expect(made).toEqual(["after 1 h"]);
	});

	test("H5: one that fails is told once, tried every hour, stops nothing, and its end is told", async () => {
		fault = new Error("The disk is full: the ledger was not changed. Free some space.");
		const daily = care();
		await minutes(29 * 60, daily);
		expect(world.admins.told.map(({ sentence, fields }) => [sentence, fields])).toEqual([
			["backupFailed", { reason: fault.message }],
		]);
		expect(steps).toBe(29 * 60);
		fault = undefined;
		await minutes(60, daily);
		expect(made).toHaveLength(1);
		expect(world.admins.resolved.map(({ sentence }) => sentence)).toEqual(["backupWorks"]);
	});

	test("one that is given up at a stop is nobody's fault", async () => {
		const stop = new AbortController();
		fault = new Error("the copy was given up");
		await world.clock.advance(25 * HOUR);
		stop.abort();
		await care().run(stop.signal);
		expect(world.admins.told).toEqual([]);
		expect(steps).toBe(0);
	});

	test("a clock set far back does not put it off for ever", async () => {
		last = new Date(world.clock.now().getTime() + 365 * 24 * HOUR);
		await minutes(2, care());
		expect(made).toEqual(["after 0 h"]);
	});
});

describe("forgetting", () => {
	test("a step a minute, however often the tick comes", async () => {
		const { run } = care();
		for (let second = 0; second < 600; second++) {
			await world.clock.advance(1_000);
			await run(signal);
		}
		expect(steps).toBeGreaterThanOrEqual(10);
		expect(steps).toBeLessThanOrEqual(12);
	});

	test("H5: a step that fails stops nothing and is tried again", async () => {
		let tries = 0;
		const forget = async () => {
			tries++;
			throw new Error("The disk is full");
		};
		await minutes(3, care({ forget }));
		expect(tries).toBe(3);
	});
});

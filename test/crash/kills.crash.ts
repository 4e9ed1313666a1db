import { afterAll, describe, expect } from "vitest";
import { test } from "../e2e/newsroom.ts";
import { random } from "./random.ts";
import { besiege, DEATHS, SIEGE, type Siege } from "./siege.ts";

const KILLS = Number(process.env["CRASH_KILLS"] ?? 50);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
/** Newsrooms at the same time: more of them would only wait for each other's processors. */
const ROOMS = Math.min(5, Math.ceil(KILLS / 10));
const HOURS_AGO = 6 * 3_600_000;

const sieges = new Map<number, Siege>();
const rooms = Array.from({ length: ROOMS }, (_, at) => ({
	room: at + 1,
	kills: Math.floor(KILLS / ROOMS) + (at < KILLS % ROOMS ? 1 : 0),
}));

afterAll(() => {
	const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
	const rows = [...sieges].map(([room, { kills, published, telegram, twitter, looks, tooMany, unsettled }]) => ({
		newsroom: String(room),
		...kills,
		kills: sum(Object.values(kills)),
		posts: 2 * published,
		lost: telegram.lost.length + twitter.lost.length,
		doubled: telegram.doubled.length + twitter.doubled.length,
		"out of order": telegram.late.length + twitter.late.length,
		unsettled,
		"too fast": tooMany,
		"unsure looks": looks,
	}));
	const columns = [
		...DEATHS,
		"kills",
		"posts",
		"lost",
		"doubled",
		"out of order",
		"unsettled",
		"too fast",
		"unsure looks",
	] as const;
	const total = Object.fromEntries(columns.map((name) => [name, sum(rows.map((row) => row[name]))]));
	const lines = [...rows, { newsroom: "all", ...total }].map((row) =>
		["newsroom", ...columns]
			.map((name) => String((row as Record<string, unknown>)[name]).padStart(name.length))
			.join("  "),
	);
	process.stdout.write(
		`\n${["newsroom", ...columns].join("  ")}\n${lines.join("\n")}\nto run it again: npm run crash -- ${KILLS} --seed ${SEED}\n`,
	);
});

describe(`H4: ${KILLS} kills among ${ROOMS} newsrooms`, { concurrent: true, timeout: 300_000 + KILLS * 10_000 }, () => {
	test.for(rooms)("newsroom $room: SIGKILL $kills times", async ({ room, kills }, { open }) => {
		const newsroom = await open(SIEGE);
		const siege = await besiege(newsroom, { kills, next: random(SEED + room), now: Date.now() - HOURS_AGO });
		sieges.set(room, siege);
		const fine = { lost: [], doubled: [], late: [] };
		expect({ seed: SEED, ...siege }).toMatchObject({ telegram: fine, twitter: fine, tooMany: 0, unsettled: 0 });
	});
});

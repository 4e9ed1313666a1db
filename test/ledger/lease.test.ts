import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Leases, LeaseLostError, leases, sharedPolicy } from "../../src/ledger/lease.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import type { Store } from "../../src/ledger/store.ts";
import { SEND_DEADLINE as TELEGRAM_DEADLINE } from "../../src/channels/telegram-api.ts";
import { SEND_DEADLINE as TWITTER_DEADLINE } from "../../src/channels/twitter-api.ts";
import { storeContract } from "../contracts/store.ts";
import { dice, type Earth, earth, type Machine, machine } from "../servers/machines.ts";
import { memoryDatabase } from "../servers/memory-store.ts";
import { POLICY, silence } from "../world.ts";

storeContract("memory", async () => memoryDatabase().open());

const TERM = 30_000;
const HOUR = 3_600_000;
const LANE = "publish:telegram";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const close of closing.splice(0).reverse()) await close();
});

/** Databases that several processes can share; `sqlite` is one file that every process opens by a handle of its own, without the lock. */
const DATABASES: readonly (readonly [name: string, database: () => Promise<() => Promise<Store>>])[] = [
	[
		"memory",
		async () => {
			const database = memoryDatabase();
			return async () => database.open();
		},
	],
	[
		"sqlite",
		async () => {
			const folder = mkdtempSync(join(tmpdir(), "mirsal-lease-"));
			closing.push(() => rmSync(folder, { recursive: true, force: true }));
			const options = { path: join(folder, "mirsal.db"), now: () => new Date(0) };
			await (await openSqlite({ ...options, lock: true })).close();
			return async () => {
				const store = await openSqlite({ ...options, lock: "beside" });
				closing.push(() => store.close());
				return store;
			};
		},
	],
];

interface Process extends Machine {
	readonly store: Store;
	readonly leases: Leases;
	/** What the next writes of this process meet, instead of the store. */
	readonly faults: (() => Promise<boolean>)[];
}

/** A world with any number of processes on one database. */
function planet(database: () => Promise<Store>, seed = 1) {
	const world = earth();
	const random = dice(seed);
	return {
		world,
		async start(options: { wall?: number; term?: number } = {}): Promise<Process> {
			const machinery = machine(world, options);
			const inner = await database();
			const faults: (() => Promise<boolean>)[] = [];
			const store = machinery.reach({
				...inner,
				write: (batch) => faults.shift()?.() ?? inner.write(batch),
			});
			const own = leases({
				store,
				clock: machinery.clock,
				log: silence,
				owner: "host 1",
				random,
				...(options.term === undefined ? {} : { term: options.term }),
			});
			return Object.assign(Object.create(machinery), { store, leases: own, faults }) as Process;
		},
	};
}

/** Tries again and again, as the engine would, until the lease is there; gives how long that took. */
async function until(world: Earth, { leases }: Process, most = HOUR): Promise<number> {
	const begun = world.now;
	while (world.now - begun < most) {
		if (await leases.acquire(LANE)) return world.now - begun;
		await world.pass(1_000);
	}
	return Number.POSITIVE_INFINITY;
}

const recordOf = (store: Store) => store.keyv.get(`lease:${LANE}`) as Promise<Record<string, unknown>>;

describe.each(DATABASES)("leases over %s", (_, database) => {
	async function two() {
		const space = planet(await database());
		const [first, second] = [await space.start(), await space.start()];
		expect(await first.leases.acquire(LANE)).toBe(true);
		return { ...space, first, second };
	}

	test("of two that want it at once, one owns it", async () => {
		const { start } = planet(await database());
		const both = await Promise.all([start(), start()]);
		const got = await Promise.all(both.map(({ leases }) => leases.acquire(LANE)));
		expect(got.filter(Boolean)).toHaveLength(1);
		expect(both.map(({ leases }) => leases.held(LANE))).toEqual(got);
		expect(await recordOf(both[0]?.store as Store)).toMatchObject({
			v: 1,
			token: 1,
			until: "2026-11-23T09:00:30.000Z",
		});
	});

	test("names are independent", async () => {
		const { first, second } = await two();
		expect(await second.leases.acquire("publish:twitter")).toBe(true);
		expect([first.leases.held("publish:twitter"), second.leases.held(LANE)]).toEqual([false, false]);
	});

	test("it is renewed for as long as its owner lives, and nobody else gets it", async () => {
		const { world, first, second } = await two();
		for (let minute = 0; minute < 20; minute++) {
			expect(await second.leases.acquire(LANE)).toBe(false);
			await world.pass(15_000);
			expect(first.leases.held(LANE)).toBe(true);
		}
		expect(await recordOf(first.store)).toMatchObject({ token: 1 });
	});

	test("it is taken over after its owner's death, with the next token, and not before its term has passed", async () => {
		const { world, first, second } = await two();
		await world.pass(12_000);
		first.kill();
		const took = await until(world, second);
		expect(took).toBeGreaterThanOrEqual(TERM);
		expect(took).toBeLessThanOrEqual(TERM * 1.2);
		expect(await recordOf(second.store)).toMatchObject({ token: 2 });
	});

	test("given up, it is taken over without waiting", async () => {
		const { world, first, second } = await two();
		expect(await second.leases.acquire(LANE)).toBe(false);
		await first.leases.close();
		expect(first.leases.held(LANE)).toBe(false);
		expect(await until(world, second)).toBe(0);
		expect(await recordOf(second.store)).toMatchObject({ token: 2 });
		expect(await first.leases.acquire(LANE), "it is closed").toBe(false);
	});

	test.each([
		["and its wall clock right", 0],
		["and its wall clock set back meanwhile", -HOUR],
		["and its wall clock set forward meanwhile", HOUR],
	])(
		"a process stopped for 40 s finds it ended before it does anything, nobody having taken it %s",
		async (_name, jump) => {
			const { world, first } = await two();
			await world.pass(12_000);
			first.stop();
			first.setWall(jump);
			await world.pass(40_000);
			first.wake();
			expect(first.leases.held(LANE)).toBe(false);
			expect(await first.leases.acquire(LANE), "its own is taken again at once").toBe(true);
			expect(await recordOf(first.store)).toMatchObject({ token: 2 });
		},
	);

	test("stopped within a renewal, it does not believe the answer that it reads when it wakes", async () => {
		const { world, first, second } = await two();
		first.faults.push(async () => {
			first.stop();
			return true;
		});
		await world.pass(10_000);
		await until(world, second);
		first.wake();
		await world.pass(0);
		expect(first.leases.held(LANE)).toBe(false);
		expect(second.leases.held(LANE)).toBe(true);
		await world.pass(60_000);
		expect([first.leases.held(LANE), second.leases.held(LANE)]).toEqual([false, true]);
	});

	test("a machine that slept, with a monotonic clock that stood still, finds it ended", async () => {
		const { world, first, second } = await two();
		first.stop();
		first.suspend(40_000);
		await world.pass(40_000);
		expect(first.clock.monotonic()).toBe(1_000);
		first.wake();
		expect(first.leases.held(LANE)).toBe(false);
		expect(second.leases.held(LANE)).toBe(false);
	});

	test.each([
		["the store cannot be reached", () => Promise.reject(new Error("connection refused"))],
		["somebody else's record stands there", () => Promise.resolve(false)],
	])("a renewal that fails ends it at once: %s", async (_name, fault) => {
		const { world, first } = await two();
		await world.pass(9_999);
		expect(first.leases.held(LANE)).toBe(true);
		first.faults.push(fault);
		await world.pass(1);
		expect(first.leases.held(LANE)).toBe(false);
	});

	test("a renewal that gets no answer lets it end, and a late answer does not bring it back", async () => {
		const { world, first } = await two();
		let answer = (_: boolean) => {};
		first.faults.push(() => new Promise((resolve) => (answer = resolve)));
		await world.pass(26_999);
		expect(first.leases.held(LANE)).toBe(true);
		await world.pass(1);
		expect(first.leases.held(LANE), "a margin before its term").toBe(false);
		answer(true);
		await world.pass(20_000);
		expect(first.leases.held(LANE)).toBe(false);
	});

	test("an answer to a renewal that comes after the term has passed is too late, though nobody asked in between", async () => {
		const { world, first } = await two();
		let answer = (_: boolean) => {};
		first.faults.push(() => new Promise((resolve) => (answer = resolve)));
		await world.pass(28_000);
		answer(true);
		await world.pass(0);
		expect(first.leases.held(LANE)).toBe(false);
	});

	test.each([
		["an hour forward", [HOUR]],
		["an hour back", [-HOUR]],
		["back and forth", [-HOUR, HOUR, HOUR, -HOUR]],
	])("wall clocks that jump never give it to two: %s", async (_name, jumps) => {
		const { world, first, second } = await two();
		const count = async () => {
			await second.leases.acquire(LANE);
			return [first, second].filter(({ leases }) => leases.held(LANE)).length;
		};
		for (const who of [second, first])
			for (const jump of jumps) {
				who.setWall(jump);
				for (let turn = 0; turn < 50; turn++) {
					expect(await count()).toBeLessThanOrEqual(1);
					await world.pass(1_000);
				}
			}
		await Promise.all([first, second].map(({ leases }) => leases.acquire(LANE)));
		first.kill();
		expect(await until(world, second), "nor keep it from a successor").toBeLessThanOrEqual(TERM * 1.2);
	});

	test("a longer term of the owner is respected", async () => {
		const space = planet(await database());
		const [first, second] = [await space.start({ term: 120_000 }), await space.start({ term: 3_000 })];
		await first.leases.acquire(LANE);
		first.kill();
		expect(await until(space.world, second)).toBeGreaterThanOrEqual(120_000);
	});

	test("kept: it is asked for again after a loss, and its keeper is told each time", async () => {
		const { world, first, second } = await two();
		const gained: string[] = [];
		first.leases.keep(LANE, () => gained.push("first"));
		second.leases.keep(LANE, () => gained.push("second"));
		await world.pass(60_000);
		expect(gained).toEqual(["first"]);
		first.stop();
		await world.pass(120_000);
		expect(gained).toEqual(["first", "second"]);
		first.wake();
		await world.pass(120_000);
		expect(gained).toEqual(["first", "second"]);
		await second.leases.close();
		await world.pass(30_000);
		expect(gained).toEqual(["first", "second", "first"]);
		expect([first.leases.held(LANE), second.leases.held(LANE)]).toEqual([true, false]);
		first.faults.push(() => Promise.reject(new Error("connection refused")));
		await world.pass(30_000);
		expect(gained, "its own, after trouble with the store").toEqual(["first", "second", "first", "first"]);
	});

	test("the fence lets its owner write, and refuses the former one", async () => {
		const { world, first, second } = await two();
		const write = async ({ leases, store }: Process, value: number) =>
			store.write({ set: [["x", value]], expect: [await leases.fence(LANE)] });
		expect(await write(first, 1)).toBe(true);
		const old = await first.leases.fence(LANE);
		await world.pass(11_000);
		expect(await write(first, 2), "also after a renewal").toBe(true);
		first.stop();
		await until(world, second);
		first.wake();
		expect(await write(second, 3)).toBe(true);
		expect(await first.store.write({ set: [["x", 4]], expect: [old] })).toBe(false);
		await expect(write(first, 5)).rejects.toThrow(LeaseLostError);
		await expect(second.leases.fence("publish:never")).rejects.toThrow(/owned by another process/);
		expect(await second.store.keyv.get("x")).toBe(3);
	});
});

test.each([
	["telegram", POLICY, TELEGRAM_DEADLINE],
	["twitter", { ...POLICY, quiet: 30_000 }, TWITTER_DEADLINE],
	["a longer wish stays", { ...POLICY, quiet: 500_000 }, TWITTER_DEADLINE],
])("the quiet period covers a lease and a send: %s", (_, policy, deadline) => {
	const shared = sharedPolicy(policy, { term: TERM, deadline });
	expect(shared.quiet).toBeGreaterThanOrEqual(Math.max(TERM + deadline, policy.quiet));
	expect(shared.patience).toBe(policy.patience);
});

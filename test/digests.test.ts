import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseTimeOfDay } from "../src/article/day-time.ts";
import { SendError } from "../src/channels/channel.ts";
import { EMPTY, GATHERED } from "../src/digest-content.ts";
import { type DailyDigest, digests } from "../src/digests.ts";
import { doubtRestored } from "../src/ledger/restored.ts";
import { articlesOf, type Occasion } from "../src/post/occasion.ts";
import { type Lane, publisher } from "../src/publish.ts";
import {
	Death,
	type FakeChannel,
	type Fate,
	fakeChannel,
	fate,
	laneOf,
	mortal,
	openWorld,
	POLICY,
	postOf,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;

/** Digests show their name and their headlines. */
const compose = (occasion: Occasion) => {
	const titles = articlesOf(occasion).map(({ title }) => title);
	const text = occasion.kind === "digest" ? [`${occasion.name}:`, ...titles].join(" ") : (titles[0] ?? "");
	return postOf("telegram", occasion.kind, articlesOf(occasion)[0]?.id ?? "", text);
};

beforeEach(async () => {
	world = await openWorld();
	channel = fakeChannel("telegram", { compose });
});
afterEach(() => world.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function daily(at: string, more: Partial<DailyDigest> = {}): DailyDigest {
	const name = at.replace(":", "");
	return { channel: "telegram", name, title: "نشرة", at: parseTimeOfDay(at) ?? -1, most: 10, ...more };
}

/** A process with this lane and these digests. */
function start(some: readonly DailyDigest[], more: Partial<Lane> & { zone?: string } = {}, end: Fate = fate()) {
	const { clock, admins } = world;
	const { zone: timeZone = "UTC", ...wishes } = more;
	const ledger = world.reopen(end);
	const lane = laneOf(mortal(channel, ["send"], end), { digests: "too", ...wishes });
	const { run } = publisher({ ledger, lanes: new Map([["telegram", lane]]), clock, log: silence, admins, timeZone });
	const planned = digests({ ledger, digests: some, timeZone, clock, log: silence });
	const rounds = (within?: number) => work(clock, (signal) => run("telegram", signal), within);
	return {
		...planned,
		/** A tick, and what comes of it. */
		async tick(within?: number): Promise<boolean> {
			await planned.plan();
			return rounds(within);
		},
		work: rounds,
	};
}

const idOf = (date: string, name: string) => `digest:telegram:${date}:${name}`;
const digest = (name: string, date = "2026-11-23") => world.delivery(idOf(date, name));

describe("when a digest is planned", () => {
	test("at the first tick behind its time, and once, whatever the ticks and lives", async () => {
		const house = start([daily("09:05")]);
		expect(await house.plan()).toEqual(new Set());
		await world.clock.advance(5 * MINUTE);
		expect(await house.plan()).toEqual(new Set(["telegram"]));
		expect(await house.plan()).toEqual(new Set());
		expect(await start([daily("09:05")]).plan()).toEqual(new Set());
		expect(await digest("0905")).toMatchObject({
			kind: "digest",
			state: "planned",
			order: "1:2026-11-23T09:05:00.000Z:digest",
		});
		expect(await world.ledger.digest(idOf("2026-11-23", "0905"))).toEqual({
			v: 1,
			title: "نشرة",
			at: "2026-11-23T09:05:00.000Z",
			most: 10,
		});
	});

	test("a tick that was missed loses none: up to three hours later it is made up", async () => {
		const house = start([daily("06:00"), daily("05:59")]);
		expect(await house.plan()).toEqual(new Set(["telegram"]));
		expect((await digest("0600")).state).toBe("planned");
		await expect(digest("0559")).rejects.toThrow("no delivery");
	});

	test("one of the evening before is made up behind midnight, under its own day", async () => {
		await world.clock.advance(15.5 * HOUR);
		await start([daily("23:50")]).plan();
		expect((await digest("2350")).state).toBe("planned");
	});

	test("where digests are posted, one that was missed for longer is left out with its reason", async () => {
		await world.ledger.updateChannel("telegram", (before) => ({ ...before, digested: "2026-11-22T18:00:00.000Z" }));
		const house = start([daily("05:59"), daily("21:00")]);
		expect(await house.plan()).toEqual(new Set());
		const reason = "Mirsal was not running when it was due";
		expect(await digest("0559")).toMatchObject({ state: "skipped", reason });
		expect(await digest("2100", "2026-11-22")).toMatchObject({ state: "skipped", reason });
		expect(await world.ledger.head("telegram")).toBeUndefined();
	});

	test("in a restored ledger, what was due before it was restored is left out", async () => {
		const house = start([daily("08:30"), daily("10:00")]);
		await world.plan("خبر", 1);
		await house.plan();
		await doubtRestored(world.store, world.clock.now());
		expect(await digest("0830")).toMatchObject({ state: "skipped" });
		const later = start([daily("08:30"), daily("09:00"), daily("10:00")]);
		await world.clock.advance(HOUR);
		expect(await later.plan()).toEqual(new Set(["telegram"]));
		expect(await digest("0900")).toMatchObject({
			state: "skipped",
			reason: "may have been posted before the ledger was lost",
		});
		expect((await digest("1000")).state).toBe("planned");
	});

	// Berlin: at 01:00 UTC on 29 March the clocks go from 02:00 to 03:00, on 25 October from 03:00 to 02:00.
	test.each([
		["an hour that is left out", "2026-03-28T23:00:00.000Z", "02:30", "2026-03-29", "2026-03-29T01:00:00.000Z"],
		["an hour that comes twice", "2026-10-24T22:00:00.000Z", "02:30", "2026-10-25", "2026-10-25T00:30:00.000Z"],
		["the hour behind it", "2026-10-24T22:00:00.000Z", "03:00", "2026-10-25", "2026-10-25T02:00:00.000Z"],
	])(
		"with a tick a minute through %s, it is planned once",
		async (_, from, time, date, due) => {
			world.clock.jump(Date.parse(from) - world.clock.now().getTime());
			const planned: string[] = [];
			for (let minute = 0; minute < 6 * 60; minute++) {
				if ((await start([daily(time)], { zone: "Europe/Berlin" }).plan()).size > 0)
					planned.push(world.clock.now().toISOString());
				await world.clock.advance(MINUTE);
			}
			expect(planned).toEqual([due]);
			expect((await digest(time.replace(":", ""), date)).state).toBe("planned");
		},
		20_000,
	);

	test.each(["before", "after"] as const)("dying %s every write, the next life plans it once", async (moment) => {
		const some = [daily("08:00"), daily("08:30", { name: "second" })];
		for (let n = 1; ; n++) {
			const died = await start(some, {}, fate(n, moment))
				.plan()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(some).plan();
			expect(await world.ledger.size("open", "telegram")).toBe(2);
			if (!died) return expect(n).toBe(3);
			await world.close();
			world = await openWorld();
		}
	});
});

describe("what a digest tells", () => {
	test("what was posted since the last one, breaking first, then the newest", async () => {
		const house = start([daily("09:10"), daily("10:00")]);
		await world.plan("أول", 1);
		await world.plan("عاجل", 2, { kind: "breaking" });
		await world.plan("ثالث", 3);
		await house.tick();
		await world.clock.advance(10 * MINUTE);
		await house.tick();
		expect(channel.texts.at(-1)).toBe("نشرة: عاجل ثالث أول");
		expect(await digest("0910")).toMatchObject({ state: "sent", receipt: { id: "4" } });
		await world.plan("رابع", 4);
		await house.tick();
		await world.clock.advance(50 * MINUTE);
		await house.tick();
		expect(channel.texts.at(-1)).toBe("نشرة: رابع");
		expect((await world.ledger.channel("telegram")).recent).toHaveLength(4);
	});

	test("it stands behind everything that was published before it was due, and tells of that too", async () => {
		const house = start([daily("09:00")], { gap: MINUTE });
		await house.plan();
		await world.plan("قبلها", 10);
		await world.plan("بعدها", 61);
		await house.work();
		expect(channel.texts).toEqual(["قبلها", "نشرة: قبلها", "بعدها"]);
	});

	test("as many as the newsroom wants, from as long ago as it wants", async () => {
		const house = start([daily("12:00", { most: 2, since: 2 * HOUR })]);
		await world.plan("قديم", 1);
		await house.work();
		await world.clock.advance(2 * HOUR);
		for (const [minute, title] of ["أول", "ثان", "ثالث"].entries()) await world.plan(title, minute + 2);
		await house.work();
		await world.clock.advance(HOUR);
		await house.tick();
		expect(channel.texts.at(-1)).toBe("نشرة: ثالث ثان");
	});

	test("nothing that left the site, and nothing that was not posted", async () => {
		const gone = await world.plan("مسحوب", 1);
		await world.plan("باق", 2);
		const house = start([daily("09:10")]);
		await house.work();
		await world.ledger.revise(gone, (known) => ({ ...known, vanished: world.clock.now().toISOString() }));
		await world.ledger.decide("telegram", await world.plan("متروك", 3), { v: 1, do: "skip", by: "7", at: "" });
		await world.clock.advance(10 * MINUTE);
		await house.tick();
		expect(channel.texts.at(-1)).toBe("نشرة: باق");
	});

	test("a digest of nothing is left out with its reason, and the next one is not", async () => {
		const house = start([daily("08:59"), daily("09:10")]);
		await house.tick();
		expect(await digest("0859")).toMatchObject({ state: "skipped", reason: EMPTY });
		expect(channel.sends).toBe(0);
		await world.plan("خبر", 1);
		await house.work();
		await world.clock.advance(10 * MINUTE);
		await house.tick();
		expect(channel.texts).toEqual(["خبر", "نشرة: خبر"]);
	});

	test("a last digest from a clock that was years ahead does not empty the next ones", async () => {
		const house = start([daily("09:10")]);
		await world.plan("خبر", 1);
		await house.work();
		await world.ledger.updateChannel("telegram", (before) => ({ ...before, digested: "2031-01-01T00:00:00.000Z" }));
		await world.clock.advance(10 * MINUTE);
		await house.tick();
		expect(channel.texts.at(-1)).toBe("نشرة: خبر");
	});
});

describe("a channel that posts digests alone", () => {
	const only = { digests: "only" } as const;

	test("keeps single articles for the next one, and breaking ones as well", async () => {
		const house = start([daily("09:10"), daily("09:20"), daily("09:30")], only);
		const first = await world.plan("أول", 1);
		await world.plan("عاجل", 2, { kind: "breaking" });
		await house.tick();
		expect(channel.sends).toBe(0);
		expect(await world.delivery(first)).toMatchObject({ state: "skipped", reason: GATHERED });
		for (let tick = 0; tick < 3; tick++) {
			await world.clock.advance(10 * MINUTE);
			if (tick === 1) await world.plan("ثالث", 3);
			await house.tick();
		}
		expect(channel.texts).toEqual(["نشرة: عاجل أول", "نشرة: ثالث"]);
		expect(await digest("0930")).toMatchObject({ state: "skipped", reason: EMPTY });
	});

	test("a preview channel shows digests of what it has shown", async () => {
		channel = fakeChannel("telegram", { preview: true, compose });
		const house = start([daily("09:10")]);
		await world.plan("أول", 1);
		await house.work();
		await world.clock.advance(10 * MINUTE);
		await house.tick();
		expect(channel.texts).toEqual(["أول", "نشرة: أول"]);
		expect(await digest("0910")).toMatchObject({ state: "skipped", reason: "preview" });
	});
});

describe.each<[string, Partial<Lane>, readonly string[], number]>([
	["between articles", {}, ["أول", "ثان", "نشرة: ثان أول"], 11],
	["alone", { digests: "only" }, ["نشرة: ثان أول"], 7],
])("dying at every outside call, %s", (_, wishes, wanted, calls) => {
	test.each(["before", "after"] as const)("%s it: each post once, in order, with all that it tells", async (moment) => {
		const some = [daily("08:59")];
		for (let n = 1; ; n++) {
			for (const [minute, title] of ["أول", "ثان"].entries()) await world.plan(title, minute);
			const died = await start(some, wishes, fate(n, moment))
				.tick()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(some, wishes).tick();
			expect(channel.texts).toEqual(wanted);
			expect(await world.ledger.size("open", "telegram")).toBe(0);
			expect(await digest("0859")).toMatchObject({ state: "sent" });
			expect(world.admins.told).toEqual([]);
			if (!died) return expect(n).toBe(calls);
			await world.close();
			world = await openWorld();
			channel = fakeChannel("telegram", { compose });
		}
	});
});

test("a digest whose answer was lost is looked for with its own bytes, and never made anew", async () => {
	const house = start([daily("09:10")]);
	await world.plan("أول", 1);
	await house.work();
	await world.clock.advance(10 * MINUTE);
	channel.next.push("vanished");
	await house.plan();
	await house.work(1_000);
	await world.plan("ثان", 2);
	await house.work();
	expect(channel.texts).toEqual(["أول", "ثان", "نشرة: أول"]);
	expect(await digest("0910")).toMatchObject({ state: "sent", attempts: 2 });
});

test("an old digest that an admin has seen after all does not bring the next one back to its time", async () => {
	const house = start([daily("09:10"), daily("09:40"), daily("10:30")], { policy: { ...POLICY, onLost: "never" } });
	await world.plan("أول", 1);
	await house.work();
	await world.clock.advance(10 * MINUTE);
	channel.next.push("lost");
	channel.found.push("cannot-tell");
	await house.tick();
	expect(await digest("0910")).toMatchObject({ state: "unsure", closed: true });
	await world.plan("ثان", 2);
	await world.clock.advance(30 * MINUTE);
	await house.tick();
	const { digested } = await world.ledger.channel("telegram");
	await world.ledger.decide("telegram", idOf("2026-11-23", "0910"), { v: 1, do: "confirm", by: "7", at: "" });
	await house.work();
	expect(await digest("0910")).toMatchObject({ state: "sent" });
	expect((await world.ledger.channel("telegram")).digested).toBe(digested);
});

test("a digest that is refused is told by its first line", async () => {
	const house = start([daily("09:10")]);
	await world.plan("أول", 1);
	await house.work();
	await world.clock.advance(10 * MINUTE);
	channel.next.push(new SendError("refused", "too odd"));
	await house.tick();
	expect(world.admins.told).toMatchObject([{ sentence: "postRefused", fields: { text: "نشرة: أول" } }]);
});

describe("a digest that an admin asks for", () => {
	test("tells what was posted since the last one, under the name of the nearest, once a minute", async () => {
		const house = start([daily("20:00", { title: "نشرة المساء" }), daily("10:00", { title: "نشرة الصباح", most: 1 })]);
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		await house.work();
		await world.clock.advance(MINUTE);
		expect(await house.now("telegram", false)).toBe(1);
		expect(await house.now("telegram", false)).toBe(1);
		await house.work();
		expect(channel.texts.slice(2)).toEqual(["نشرة الصباح: ثان"]);
		expect(await house.now("telegram", false)).toBe(0);
	});

	test("is posted where none is planned, too", async () => {
		const house = start([]);
		await world.plan("أول", 1);
		await house.work();
		expect(await house.now("telegram", false)).toBe(1);
		await house.work();
		expect(channel.texts).toEqual(["أول", "نشرة الأخبار: أول"]);
	});
});

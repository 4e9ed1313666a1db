import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseTimeOfDay } from "../src/article/day-time.ts";
import type { QuietHours } from "../src/article/quiet.ts";
import { SendError } from "../src/channels/channel.ts";
import { digests } from "../src/digests.ts";
import type { Occasion } from "../src/post/occasion.ts";
import { type Lane, publisher } from "../src/publish.ts";
import { times } from "../src/times.ts";
import {
	type FakeChannel,
	type Fate,
	Death,
	fakeChannel,
	fate,
	laneOf,
	mortal,
	openWorld,
	plainPost,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;

beforeEach(async () => {
	world = await openWorld();
	channel = fakeChannel("telegram", {
		compose: (occasion: Occasion) => ({ ...plainPost("telegram", occasion), silent: occasion.silent }),
	});
});
afterEach(() => world.close());

/** The world's clock shows 09:00 UTC, which is noon in Baghdad. */
const ZONE = "Asia/Baghdad";

function quiet(from: string, to: string, more: Partial<QuietHours> = {}): QuietHours {
	return { from: parseTimeOfDay(from) ?? -1, to: parseTimeOfDay(to) ?? -1, do: "hold", breaking: "post", ...more };
}

function start(more: Partial<Lane> = {}, end: Fate = fate()) {
	const { clock, admins } = world;
	const { run } = publisher({
		ledger: world.reopen(end),
		lanes: new Map([["telegram", laneOf(mortal(channel, ["send"], end), more)]]),
		clock,
		log: silence,
		admins,
		timeZone: ZONE,
	});
	return {
		once: () => run("telegram", new AbortController().signal),
		work: (within?: number) => work(clock, (signal) => run("telegram", signal), within),
	};
}

const utc = (time: string) => new Date(`2026-11-23T${time}:00.000Z`);
const MINUTE = 60_000;

describe("quiet hours that hold", () => {
	const night = { quiet: quiet("11:00", "13:30") };

	test("everything waits for the end, and then goes out in order at the channel's pace", async () => {
		for (const [minute, title] of ["أول", "ثان", "ثالث"].entries()) await world.plan(title, 10 - minute);
		const lane = start({ ...night, pace: { limit: 2, window: MINUTE } });
		expect(await lane.once()).toEqual({ again: utc("10:30") });
		await world.clock.advance(89 * MINUTE);
		expect(await lane.once()).toEqual({ again: utc("10:30") });
		expect(channel.sends).toBe(0);
		expect(await lane.work()).toBe(true);
		expect(channel.texts).toEqual(["ثالث", "ثان", "أول"]);
		expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(utc("10:31").getTime());
	});

	test("breaking news goes out with its sound, and what is ordinary goes on waiting", async () => {
		await world.plan("عادي", 1);
		await world.plan("عاجل", 2, { kind: "breaking" });
		expect(await start(night).once()).toEqual({ again: utc("10:30") });
		expect(channel.posts).toMatchObject([{ text: "عاجل", silent: false }]);
	});

	test("breaking news waits as well where the newsroom wants it", async () => {
		await world.plan("عاجل", 2, { kind: "breaking" });
		expect(await start({ quiet: quiet("11:00", "13:30", { breaking: "hold" }) }).once()).toEqual({
			again: utc("10:30"),
		});
		expect(channel.sends).toBe(0);
	});

	test("a post whose answer was lost before them is looked for in them, and sent again behind them", async () => {
		const id = await world.plan("خبر", 1);
		channel.next.push("vanished");
		await world.clock.advance(50_000);
		const lane = start({ quiet: quiet("12:01", "13:30") });
		expect(await lane.work(5 * MINUTE)).toBe(false);
		expect(channel.looks).toBe(2);
		expect(await world.delivery(id)).toMatchObject({ state: "planned", attempts: 1 });
		expect(await lane.work(2 * 60 * MINUTE)).toBe(true);
		expect(channel.texts).toEqual(["خبر"]);
		expect(world.clock.now()).toEqual(utc("10:30"));
	});

	test("a preview is shown at any time", async () => {
		channel = fakeChannel("telegram", { preview: true });
		await world.plan("خبر", 1);
		expect(await start({ ...night, gap: MINUTE }).once()).toBe("done");
		expect(channel.texts).toEqual(["خبر"]);
	});

	test("hours of another part of the day change nothing", async () => {
		await world.plan("خبر", 1);
		await start({ quiet: quiet("23:00", "06:00") }).work(0);
		expect(channel.posts).toMatchObject([{ text: "خبر", silent: false }]);
	});
});

describe("quiet hours that are silent", () => {
	test("posts make no sound, and a repeated one keeps its bytes behind their end", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		channel.next.push("sent", new SendError("later", "429", { retryAt: utc("11:00") }));
		await start({ quiet: quiet("11:00", "13:30", { do: "silent", breaking: "silent" }) }).work(3 * 60 * MINUTE);
		expect(channel.posts).toMatchObject([
			{ text: "أول", silent: true },
			{ text: "ثان", silent: true },
		]);
	});

	test("breaking news is heard where the newsroom wants it", async () => {
		await world.plan("عاجل", 1, { kind: "breaking" });
		await start({ quiet: quiet("11:00", "13:30", { do: "silent" }) }).work();
		expect(channel.posts).toMatchObject([{ silent: false }]);
	});
});

describe("the gap between posts", () => {
	test("lies between two posts, breaking ones apart, and behind a breaking one as well", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		const lane = start({ gap: 3 * MINUTE });
		expect(await lane.once()).toEqual({ again: utc("09:03") });
		await world.clock.advance(2 * MINUTE);
		await world.plan("عاجل", 3, { kind: "breaking" });
		expect(await lane.once()).toEqual({ again: utc("09:05") });
		expect(channel.texts).toEqual(["أول", "عاجل"]);
		expect(await lane.work()).toBe(true);
		expect(channel.texts).toEqual(["أول", "عاجل", "ثان"]);
		expect(world.clock.now()).toEqual(utc("09:05"));
	});

	test("is kept by the next life, though it is longer than the pace's window", async () => {
		await world.plan("أول", 1);
		await start({ gap: 30 * MINUTE, pace: { limit: 20, window: 1_000 } }).work();
		await world.plan("ثان", 2);
		await world.clock.advance(10 * MINUTE);
		expect(await start({ gap: 30 * MINUTE, pace: { limit: 20, window: 1_000 } }).once()).toEqual({
			again: utc("09:30"),
		});
	});

	test("a clock that is put back far makes nobody wait longer than the gap", async () => {
		await world.plan("أول", 1);
		await start({ gap: 3 * MINUTE }).work();
		world.clock.jump(-60 * MINUTE);
		await world.plan("ثان", 2);
		expect(await start({ gap: 3 * MINUTE }).once()).toBe("done");
	});
});

test("breaking news overtakes what waits in its lane", async () => {
	for (const [minute, title] of ["أول", "ثان", "ثالث"].entries()) await world.plan(title, minute);
	await world.plan("عاجل", 30, { kind: "breaking" });
	await start().work();
	expect(channel.texts).toEqual(["عاجل", "أول", "ثان", "ثالث"]);
});

test.each(["before", "after"] as const)(
	"dying %s every outside call, through quiet hours and gaps, nothing is lost, doubled or early",
	async (moment) => {
		const wishes: Partial<Lane> = { quiet: quiet("11:00", "13:30"), gap: 2 * MINUTE };
		for (let n = 1; ; n++) {
			for (const [minute, title] of ["أول", "ثان", "ثالث"].entries()) await world.plan(title, minute);
			const died = await start(wishes, fate(n, moment))
				.work(4 * 60 * MINUTE)
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(utc("10:30").getTime());
			await start(wishes).work();
			expect(channel.texts).toEqual(["أول", "ثان", "ثالث"]);
			expect(await world.ledger.counts("telegram")).toEqual({ sent: 3, refused: 0, skipped: 0 });
			expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(utc("10:34").getTime());
			if (!died) return expect(n).toBe(10);
			await world.close();
			world = await openWorld();
			channel = fakeChannel();
		}
	},
);

describe("what the admins say", () => {
	const woken: string[] = [];
	const desk = (hours?: QuietHours) => {
		const { ledger, clock } = world;
		woken.length = 0;
		return times({
			ledger,
			channels: [{ name: "telegram", gathers: false, ...(hours ? { quiet: hours } : {}) }],
			timeZone: ZONE,
			clock,
			planned: digests({ ledger, digests: [], timeZone: ZONE, clock, log: silence }),
			wake: async (name) => void woken.push(name),
		});
	};

	test("on: ordinary news waits until they say off", async () => {
		await world.plan("خبر", 1);
		await desk().quiet("telegram", "on", "سلمى");
		expect(await start().once()).toBe("done");
		expect(channel.sends).toBe(0);
		expect(await desk().quietNow("telegram")).toEqual({ do: "hold", breaking: "post" });
		await desk().quiet("telegram", "off", "سلمى");
		expect(woken).toEqual(["telegram"]);
		await start().work();
		expect(channel.texts).toEqual(["خبر"]);
	});

	test("until a moment", async () => {
		await world.plan("خبر", 1);
		await desk().quiet("telegram", utc("09:20"), "سلمى");
		expect(await start().once()).toEqual({ again: utc("09:20") });
		expect(await start().work()).toBe(true);
		expect(world.clock.now()).toEqual(utc("09:20"));
	});

	test("off in quiet hours: what waits goes out, and the next night is quiet again", async () => {
		const hours = quiet("11:00", "13:30");
		await world.plan("خبر", 1);
		await desk(hours).quiet("telegram", "off", "سلمى");
		expect(await start({ quiet: hours }).once()).toBe("done");
		expect(channel.texts).toEqual(["خبر"]);
		expect(await desk(hours).quietNow("telegram")).toBeUndefined();
		await world.clock.advance(24 * 60 * MINUTE);
		expect(await desk(hours).quietNow("telegram")).toMatchObject({ do: "hold" });
	});

	test("a channel that there is not is told", async () => {
		await expect(desk().quiet("sport", "on", "سلمى")).rejects.toThrow("no channel is named «sport»");
	});
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Channel, SendError } from "../src/channels/channel.ts";
import { holds } from "../src/holds.ts";
import { sumOf } from "../src/ledger/budget.ts";
import { BudgetError, costSoFar, type MoneySettings, purse } from "../src/money.ts";
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
	plainPost,
	POLICY,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;
const NEVER = { ...POLICY, onLost: "never" } as const;
const DAY = 86_400_000;

beforeEach(async () => {
	world = await openWorld();
	channel = billed(
		fakeChannel("twitter", {
			compose: (occasion) => ({
				...plainPost("twitter", occasion),
				addresses: occasion.kind !== "digest" && occasion.links ? 1 : 0,
			}),
		}),
	);
});
afterEach(() => world.close());

/** A channel that bills as Twitter does. */
function billed(fake: FakeChannel): FakeChannel {
	const find = fake.find;
	return Object.assign(fake, {
		bills: {
			post: ({ addresses = 1 }) => (addresses > 0 ? { postWithLink: 1 } : { post: 1 }),
			look: { read: 20 },
		},
		async find(...[post, intent, signal, tell]) {
			const found = await find(post, intent, signal);
			tell?.({ read: 2 });
			return found;
		},
	} satisfies Partial<Channel>);
}

function start(money: MoneySettings, more: Partial<Lane> = {}, end: Fate = fate(), asks = false) {
	const { clock, admins } = world;
	const ledger = world.reopen(end);
	const lane = laneOf(mortal(channel, ["send"], end), { policy: NEVER, ...more });
	const { run, settleIn } = publisher({
		ledger,
		lanes: new Map([["twitter", lane]]),
		clock,
		log: silence,
		admins,
		money,
		...(asks ? { holds: holds({ ledger, channels: ["twitter"], admins, clock }) } : {}),
	});
	return {
		settleIn: () => settleIn("twitter", "777"),
		once: () => run("twitter", new AbortController().signal),
		work: (within?: number) => work(clock, (signal) => run("twitter", signal), within),
	};
}

const plan = (title: string, minute: number, kind: "article" | "breaking" = "article") =>
	world.plan(title, minute, { kind, channels: ["twitter"] });
const spent = async () => sumOf(await world.ledger.money("2026-11")).spent;
const usd = (dollars: number, own: MoneySettings["prices"] = []): MoneySettings => ({
	budget: Math.round(dollars * 1e6),
	prices: own,
});
const FREE: MoneySettings = { prices: [] };

describe("what is booked", () => {
	test("a post with a link and one without", async () => {
		await plan("أول", 1);
		await start(FREE).work();
		await plan("ثان", 2);
		await start(FREE, { links: false }).work();
		expect(await costSoFar(world.ledger, {}, world.clock.now())).toMatchObject({
			month: "2026-11",
			usd: 0.215,
			posts: 2,
			linked: 1,
			perPost: 0.1075,
		});
	});

	test("nothing where nothing is billed, and a post still costs two writes", async () => {
		const { bills: _bills, ...free } = channel;
		channel = Object.assign(free, { texts: [] });
		await plan("خبر", 1);
		const count = fate();
		await start(FREE, {}, count).work();
		expect(await spent()).toBe(0);
		expect(count.calls).toBe(3);
	});

	test("the reservation costs no further write", async () => {
		await plan("خبر", 1);
		const count = fate();
		await start(FREE, {}, count).work();
		expect(count.calls).toBe(3);
	});

	test.each<[string, FakeChannel["next"], number]>([
		["refused", [new SendError("refused", "no")], 0],
		["parked", [new SendError("parked", "no credit", { unpaid: true })], 0],
		["later", [new SendError("later", "429", { retryAt: new Date("2026-11-24T00:00:00.000Z") })], 0],
		["sent", ["sent"], 200_000],
		["lost, and looked for once", ["lost"], 202_000],
		["lost and not there, looked for twice and sent again", ["vanished"], 204_000],
	])("%s", async (_name, next, expected) => {
		await plan("خبر", 1);
		channel.next.push(...next);
		await start(FREE).work(50_000);
		expect(await spent()).toBe(expected);
	});

	test("an answer that stays unknown counts as spent, with every look that failed", async () => {
		await plan("خبر", 1);
		channel.next.push("vanished");
		channel.found.push("cannot-tell");
		await start(FREE).work();
		expect(await spent()).toBe(202_000);
		expect(await world.ledger.size("unsure", "twitter")).toBe(1);
	});

	test("a duplicate after a lost answer is one post", async () => {
		await plan("خبر", 1);
		channel.next.push("lost", new SendError("refused", "duplicate", { duplicate: true }));
		channel.found.push("absent", "absent");
		await start(FREE).work();
		expect(await spent()).toBe(204_000);
	});

	test("prices that change rewrite nothing, also not what is taken back", async () => {
		await plan("أول", 1);
		await start(FREE).work();
		await plan("ثان", 2);
		channel.next.push("vanished");
		await start(FREE).work(2_000);
		expect(await spent()).toBe(400_000);
		await start({ prices: [{ postWithLink: 900_000 }] }).work();
		expect(await spent()).toBe(200_000 + 4_000 + 900_000);
	});

	test.each(["before", "after"] as const)("dying at any call %s never loses a reservation", async (moment) => {
		for (let n = 1; ; n++) {
			for (const title of ["أول", "ثان"]) await plan(title, n);
			const died = await start(FREE, {}, fate(n, moment))
				.work()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(FREE).work();
			expect(channel.posts).toHaveLength(2);
			expect(await spent()).toBeGreaterThanOrEqual(400_000);
			expect(await spent()).toBeLessThanOrEqual(404_000);
			if (!died) break;
			await world.close();
			world = await openWorld();
			channel.posts.length = 0;
		}
	});
});

describe("the budget", () => {
	test("is never exceeded: the channel rests until the first of the month, told once, and goes on by itself", async () => {
		for (let index = 0; index < 5; index++) await plan(`خبر ${index}`, index);
		expect(await start(usd(0.7)).work(DAY)).toBe(false);
		expect(channel.posts).toHaveLength(3);
		expect(await spent()).toBe(600_000);
		expect(await start(usd(0.7)).once()).toEqual({ again: new Date("2026-12-01T00:00:00.000Z") });
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["budgetMost", "budgetSpent"]);
		expect(world.admins.told[1]?.fields).toMatchObject({ budget: "0.70", date: "2026-12-01" });
		await start(usd(0.7)).work(30 * DAY);
		expect(channel.texts).toEqual(["خبر 0", "خبر 1", "خبر 2", "خبر 3", "خبر 4"]);
		expect(world.admins.resolved.map(({ sentence }) => sentence)).toContain("channelResumed");
		expect(sumOf(await world.ledger.money("2026-12")).spent).toBe(400_000);
	});

	test("raised, the next start goes on at once", async () => {
		for (let index = 0; index < 3; index++) await plan(`خبر ${index}`, index);
		await start(usd(0.3)).work(DAY);
		expect(channel.posts).toHaveLength(1);
		const richer = start(usd(2));
		await richer.settleIn();
		await richer.work(60_000);
		expect(channel.posts).toHaveLength(3);
	});

	test("leaves enough to look for a lost answer", async () => {
		await plan("خبر", 1);
		channel.next.push("vanished");
		await start(usd(0.24)).work(DAY);
		// Sent, looked for twice, and no money for a second attempt with its own looks.
		expect(channel.looks).toBe(2);
		expect(channel.sends).toBe(1);
		expect(await spent()).toBe(4_000);
	});

	test("a look that cannot be paid is none", async () => {
		const { ledger, clock } = world;
		const { pay, look } = purse({ ledger, clock }, usd(0.03));
		await pay({ me: 2 }, async () => undefined);
		expect(await look(channel, async () => ({ id: "1" }))).toBe("cannot-tell");
		await expect(pay({ me: 2 }, async () => undefined)).rejects.toBeInstanceOf(BudgetError);
		expect(await spent()).toBe(20_000);
	});

	test("a call that says that it cost nothing costs nothing, though it failed", async () => {
		const { pay } = purse(world, FREE);
		await expect(
			pay({ me: 1 }, async (tell) => {
				tell({});
				throw new Error("401");
			}),
		).rejects.toThrow("401");
		expect(await spent()).toBe(0);
		await expect(pay({ me: 1 }, () => Promise.reject(new Error("reset")))).rejects.toThrow("reset");
		expect(await spent()).toBe(10_000);
	});
});

describe("TWITTER_LINKS=auto", () => {
	test("drops links when the rest of the month needs the money, keeps them for breaking news", async () => {
		await plan("خبر", 1);
		await plan("عاجل", 2, "breaking");
		await start(usd(5), { links: "auto" }).work();
		expect(channel.posts.map(({ text, addresses }) => [text, addresses])).toEqual([
			["عاجل", 1],
			["خبر", 0],
		]);
	});

	test("keeps them while there is enough, and without a budget", async () => {
		await plan("أول", 1);
		await start(usd(100), { links: "auto" }).work();
		await plan("ثان", 2);
		await start(FREE, { links: "auto" }).work();
		expect(channel.posts.map(({ addresses }) => addresses)).toEqual([1, 1]);
	});

	test("what was frozen with its link keeps it in a retry, whatever the budget says by then", async () => {
		const id = await plan("خبر", 1);
		channel.next.push("vanished");
		await start(usd(100), { links: "auto" }).once();
		const { intent } = await world.delivery(id, "twitter");
		await start(usd(5), { links: "auto" }).work();
		expect(channel.posts).toEqual([intent?.post]);
		expect(channel.posts[0]?.addresses).toBe(1);
	});
});

describe("X2: a channel that stood still for want of money", () => {
	const noCredit = () => new SendError("parked", "the X account has no credit", { unpaid: true });
	const stand = async (count: number, asks = true) => {
		for (let index = 0; index < count; index++) await plan(`خبر ${index}`, index);
		channel.next.push(noCredit());
		const lane = start(FREE, {}, fate(), asks);
		await lane.once();
		return lane;
	};

	test("with more than ten waiting: the first tells that it works again, and the admins are asked about the rest", async () => {
		await (await stand(13)).work();
		expect(channel.posts).toHaveLength(1);
		expect(await world.ledger.size("held", "twitter")).toBe(12);
		expect(world.admins.asked).toMatchObject([
			{ sentence: "askUnpaid", fields: { source: "twitter", count: 12 }, hold: "unpaid:twitter" },
		]);
		expect(await world.ledger.channel("twitter")).not.toHaveProperty("parked");
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["channelParked"]);
		expect(world.admins.resolved.map(({ sentence }) => sentence)).toEqual(["channelResumed"]);
	});

	test.each([
		["all", 13],
		["latest", 4],
		["none", 1],
	] as const)("the answer «%s» brings %i posts in order", async (answer, posts) => {
		const lane = await stand(13);
		await lane.work();
		const { ledger, admins, clock } = world;
		await holds({ ledger, channels: ["twitter"], admins, clock }).release("unpaid:twitter", answer, "7");
		await lane.work();
		expect(channel.posts).toHaveLength(posts);
		const numbers = channel.texts.map((text) => Number(text.split(" ")[1]));
		expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
	});

	test("up to ten, or with nobody to ask, it goes on at its pace", async () => {
		await (await stand(11)).work();
		expect(channel.posts).toHaveLength(11);
		await (await stand(13, false)).work();
		expect(channel.posts).toHaveLength(24);
		expect(world.admins.asked).toEqual([]);
	});

	test("dying while the rest is put aside loses nobody's question", { timeout: 20_000 }, async () => {
		// Every call around the first send and the question, every fourth in the long row between.
		for (let n = 1; ; n += n < 6 || n > 15 ? 1 : 4) {
			await stand(13);
			await world.clock.advance(60_000);
			const died = await start(FREE, {}, fate(n), true)
				.work()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(FREE, {}, fate(), true).work();
			const left = await world.ledger.size("held", "twitter");
			expect(channel.posts.length + left, `died at ${n}`).toBe(13);
			expect(left, `died at ${n}`).toBeGreaterThanOrEqual(11);
			expect(world.admins.asked.length, `died at ${n}`).toBe(1);
			for await (const { count } of world.ledger.holds()) expect(count).toBe(left);
			if (!died) break;
			await world.close();
			world = await openWorld();
			channel.posts.length = 0;
		}
	});
});

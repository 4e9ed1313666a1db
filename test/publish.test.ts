import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SendError } from "../src/channels/channel.ts";
import { advance } from "../src/ledger/delivery.ts";
import type { Decision } from "../src/ledger/ledger.ts";
import { type Lane, publisher } from "../src/publish.ts";
import {
	Death,
	type FakeChannel,
	type Fate,
	fakeAdmins,
	fakeChannel,
	fate,
	laneOf,
	mortal,
	openWorld,
	POLICY,
	plainPost,
	postOf,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;

beforeEach(async () => {
	world = await openWorld();
	channel = fakeChannel();
});
afterEach(() => world.close());

/** A process with this lane; it shares nothing with an earlier one but the ledger and the outside. */
function start(more: Partial<Lane> = {}, end: Fate = fate()) {
	const { clock, admins } = world;
	const lane = laneOf(mortal(channel, ["send"], end), more);
	const { run } = publisher({
		ledger: world.reopen(end),
		lanes: new Map([[channel.name, lane]]),
		clock,
		log: silence,
		admins,
	});
	const name = channel.name;
	return {
		once: (signal = new AbortController().signal) => run(name, signal),
		work: (within?: number) => work(clock, (signal) => run(name, signal), within),
	};
}

const at = (seconds: number) => new Date(Date.parse("2026-11-23T09:00:00.000Z") + seconds * 1_000);
const decide = (id: string, what: Decision["do"]) =>
	world.ledger.decide("telegram", id, { v: 1, do: what, by: "7", at: world.clock.now().toISOString() });

describe("C10: an article that its newsroom took back", () => {
	const gone = (titles: readonly string[]) => ({
		stands: async ({ title }: { readonly title: string }) => !titles.includes(title),
	});
	const run = async (more: ReturnType<typeof gone>) => {
		const { clock, admins, ledger } = world;
		const lanes = new Map([[channel.name, laneOf(channel)]]);
		const { run } = publisher({ ledger, lanes, clock, log: silence, admins, ...more });
		await work(clock, (signal) => run("telegram", signal));
	};

	const vanish = (id: string) =>
		world.ledger.revise(id, (known) => ({ ...known, vanished: world.clock.now().toISOString() }));

	test("is not posted any more when it left the list and its page is gone", async () => {
		const id = await world.plan("مسحوب", 1);
		await vanish(id);
		await world.plan("باق", 2);
		await run(gone(["مسحوب"]));
		expect(channel.texts).toEqual(["باق"]);
		expect(await world.delivery(id)).toMatchObject({ state: "skipped", reason: "retracted" });
	});

	test("is posted while its page stands", async () => {
		await vanish(await world.plan("مسحوب", 1));
		await run(gone([]));
		expect(channel.texts).toEqual(["مسحوب"]);
	});

	test("is not looked for while it is listed: a page may be missing for other reasons", async () => {
		await world.plan("مسحوب", 1);
		await run(gone(["مسحوب"]));
		expect(channel.texts).toEqual(["مسحوب"]);
	});
});

describe("a start", () => {
	const settleIn = (place: string) => {
		const { clock, admins, ledger } = world;
		return publisher({ ledger, lanes: new Map(), clock, log: silence, admins }).settleIn("telegram", place);
	};
	const parked = { since: "2026-11-23T08:00:00.000Z", reason: "kicked", tries: 5, until: "2026-11-23T23:00:00.000Z" };

	test("what an earlier life died before telling is told", async () => {
		const id = await world.plan("خبر", 1);
		const before = await world.delivery(id);
		await world.ledger.record(
			before,
			advance(before, { type: "unpublishable", reason: "too odd" }, world.clock.now(), POLICY),
		);
		await settleIn("@one");
		expect(world.admins.told).toMatchObject([{ sentence: "postRefused", fields: { reason: "too odd" } }]);
	});

	test("what happened long ago is not told again", async () => {
		await world.plan("خبر", 1);
		channel.next.push(new SendError("refused", "too odd"));
		await start().work();
		await world.clock.advance(31 * 60_000);
		world.admins.told.length = 0;
		const fresh = fakeAdmins();
		const { clock, ledger } = world;
		await publisher({ ledger, lanes: new Map(), clock, log: silence, admins: fresh }).settleIn("telegram", "@one");
		expect(fresh.told).toEqual([]);
	});

	test("a parked channel is tried at once", async () => {
		await settleIn("@one");
		await world.ledger.updateChannel("telegram", (before) => ({ ...before, parked }));
		await settleIn("@one");
		expect((await world.ledger.channel("telegram")).parked).toEqual({
			...parked,
			until: world.clock.now().toISOString(),
		});
	});

	test("a channel that posts to another place keeps its queue and its pause, and nothing that belonged to the old one", async () => {
		await settleIn("@one");
		const paused = { by: "7", at: "2026-11-23T08:00:00.000Z" };
		const wait = { until: "2026-11-23T23:00:00.000Z", reason: "429" };
		await world.ledger.updateChannel("telegram", (before) => ({
			...before,
			parked,
			paused,
			wait,
			last: "41",
			movedTo: "-100",
			recent: ["a"],
		}));
		await settleIn("@two");
		expect(await world.ledger.channel("telegram")).toEqual({ v: 1, place: "@two", recent: ["a"], paused });
	});
});

describe("the straight way", () => {
	test("articles go out by publication time, each with its receipt", async () => {
		const third = await world.plan("ثالث", 30);
		const first = await world.plan("أول", 10);
		const second = await world.plan("ثان", 20);
		expect(await start().work()).toBe(true);
		expect(channel.texts).toEqual(["أول", "ثان", "ثالث"]);
		for (const [index, id] of [first, second, third].entries())
			expect(await world.delivery(id)).toMatchObject({
				state: "sent",
				attempts: 1,
				receipt: { id: String(index + 1) },
			});
		expect(await world.ledger.counts("telegram")).toMatchObject({ sent: 3 });
		expect(await world.ledger.channel("telegram")).toMatchObject({ last: "3", recent: [third, second, first] });
	});

	test("the intent is durable before the call, with the very bytes and the last known post", async () => {
		await world.ledger.updateChannel("telegram", (before) => ({ ...before, last: "41" }));
		const id = await world.plan("خبر", 1);
		let checked = 0;
		channel.during = async (post) => {
			const { state, intent } = await world.delivery(id);
			expect(state).toBe("sending");
			expect(intent?.post).toEqual(post);
			expect(intent?.hash).toBe(createHash("sha256").update(JSON.stringify(post)).digest("hex"));
			expect(intent).toMatchObject({ attempt: 1, baseline: "41", at: at(0).toISOString() });
			checked++;
		};
		await start().work();
		expect(checked).toBe(1);
	});

	test("a post costs two durable writes", async () => {
		await world.plan("خبر", 1);
		const count = fate();
		await start({}, count).work();
		// Two writes and the send itself.
		expect(count.calls).toBe(3);
	});

	test("breaking news overtakes what waits", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		await world.plan("عاجل", 50, { kind: "breaking" });
		await start().work();
		expect(channel.texts).toEqual(["عاجل", "أول", "ثان"]);
	});

	test("breaking news that arrives while others wait for their turn goes next", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		let arrived = false;
		channel.during = async () => {
			if (!arrived) await world.plan("عاجل", 50, { kind: "breaking" });
			arrived = true;
		};
		await start().work();
		expect(channel.texts).toEqual(["أول", "عاجل", "ثان"]);
	});

	test("breaking news waits until a lost answer is settled, so that never two sends are open", async () => {
		await world.plan("أول", 1);
		channel.next.push("lost");
		channel.during = async ({ text }) => {
			if (text === "أول" && channel.sends === 1) await world.plan("عاجل", 50, { kind: "breaking" });
		};
		await start().work();
		expect(channel.texts).toEqual(["أول", "عاجل"]);
		expect(channel.looks).toBe(1);
	});

	test("the pace holds over a restart", async () => {
		const pace = { limit: 2, window: 60_000 };
		for (let index = 0; index < 4; index++) await world.plan(`خبر ${index}`, index);
		const lane = start({ pace });
		await lane.work(2_000);
		expect(channel.sends).toBe(2);
		expect(await start({ pace }).once()).toEqual({ again: at(62) });
		await start({ pace }).work();
		expect(channel.sends).toBe(4);
		expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(at(62).getTime());
	});

	test("a stop finishes the open send and begins no other", async () => {
		const first = await world.plan("أول", 1);
		const second = await world.plan("ثان", 2);
		const stop = new AbortController();
		channel.during = async () => stop.abort();
		expect(await start({ pace: { limit: 100, window: 1_000 } }).once(stop.signal)).toBe("done");
		expect((await world.delivery(first)).state).toBe("sent");
		expect((await world.delivery(second)).state).toBe("planned");
	});
});

describe("dying at every outside call", () => {
	const titles = ["أول", "ثان", "ثالث"];

	/** Lives that die at the n-th call, each followed by a whole one, until a life ends by itself. */
	async function lives(moment: "before" | "after", more: Partial<Lane>, check: () => Promise<void>): Promise<number> {
		for (let n = 1; ; n++) {
			for (const [minute, title] of titles.entries()) await world.plan(title, minute);
			const died = await start(more, fate(n, moment))
				.work()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(more).work();
			await check();
			if (!died) return n;
			await world.close();
			world = await openWorld();
			channel = fakeChannel();
		}
	}

	test.each(["before", "after"] as const)(
		"where looking is possible nothing is lost, doubled or turned round: %s",
		async (moment) => {
			const calls = await lives(moment, {}, async () => {
				expect(channel.texts).toEqual(titles);
				expect(await world.ledger.size("open", "telegram")).toBe(0);
				expect(await world.ledger.counts("telegram")).toEqual({ sent: 3, refused: 0, skipped: 0 });
				expect(world.admins.told).toEqual([]);
			});
			expect(calls).toBe(10);
		},
	);

	test.each(["before", "after"] as const)("where it is not, and the policy is never to resend: %s", async (moment) => {
		const policy = { ...POLICY, onLost: "never" } as const;
		await lives(moment, { policy }, async () => {
			expect(new Set(channel.texts).size, "nothing twice").toBe(channel.texts.length);
			expect(channel.texts, "in order").toEqual(titles.filter((title) => channel.texts.includes(title)));
			const unsure = await world.ledger.size("unsure", "telegram");
			const { sent } = await world.ledger.counts("telegram");
			expect(sent + unsure, "each is sent or shown as unsure").toBe(3);
			expect(await world.ledger.size("open", "telegram")).toBe(0);
		});
	});

	test("recovering twice changes nothing", async () => {
		const id = await world.plan("أول", 1);
		await expect(start({}, fate(2, "after")).work()).rejects.toBeInstanceOf(Death);
		expect((await world.delivery(id)).state).toBe("sending");
		const again = await start().once();
		expect(await start().once()).toEqual(again);
		const { intent, ...unsure } = await world.delivery(id);
		expect(unsure.state).toBe("unsure");
		expect(again).toEqual({ again: new Date(Date.parse(intent?.at ?? "") + POLICY.quiet) });
	});

	test("a disk that fails after the send leaves a post to be looked for, not a second one", async () => {
		const id = await world.plan("أول", 1);
		await expect(start({}, fate(3, "before")).work()).rejects.toThrow();
		expect(channel.texts).toEqual(["أول"]);
		await start().work();
		expect(channel.texts).toEqual(["أول"]);
		expect(await world.delivery(id)).toMatchObject({ state: "sent", receipt: { id: "1" } });
	});
});

describe("lost answers", () => {
	test.each(["lost", "vanished"] as const)(
		"where looking is possible a post that %s ends up there once",
		async (outcome) => {
			const id = await world.plan("أول", 1);
			await world.plan("ثان", 2);
			channel.next.push(outcome);
			expect(await start().once()).toEqual({ again: at(20) });
			expect(channel.looks).toBe(0);
			await start().work(120_000);
			expect(channel.texts).toEqual(["أول", "ثان"]);
			expect(await world.delivery(id)).toMatchObject({ state: "sent", attempts: outcome === "lost" ? 1 : 2 });
			expect(channel.looks).toBe(outcome === "lost" ? 1 : 2);
		},
	);

	test("nothing else is sent while a post is looked for", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		channel.next.push("lost");
		await start().work(19_999);
		expect(channel.sends).toBe(1);
	});

	test.each([
		["ask", "unsure", 0, 1, []],
		["never", "unsure", 0, 0, ["leftUnsure"]],
		["resend", "sent", 1, 0, []],
	] as const)("where it is not, policy %s", async (onLost, state, resends, questions, notices) => {
		const id = await world.plan("أول", 1);
		await world.plan("ثان", 2);
		channel.next.push("vanished");
		channel.found.push("cannot-tell");
		await start({ policy: { ...POLICY, onLost } }).work(120_000);
		expect(channel.sends).toBe(2 + resends);
		expect((await world.delivery(id)).state).toBe(state);
		expect(world.admins.asked).toHaveLength(questions);
		expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(notices);
		expect(channel.texts.at(-1), "the next one is not held up").toBe("ثان");
	});

	test("looks that fail for a minute come to the policy", async () => {
		const id = await world.plan("أول", 1);
		channel.next.push("lost");
		channel.found.push(...Array.from({ length: 50 }, () => new Error("no answer")));
		await start().work(120_000);
		expect(await world.delivery(id)).toMatchObject({ state: "unsure", closed: true });
		expect(world.admins.asked).toHaveLength(1);
		expect(channel.looks).toBeLessThan(15);
		expect(channel.sends).toBe(1);
	});

	test("the pace counts a post whose answer was lost from the moment it was found: its request may have arrived late", async () => {
		const pace = { limit: 2, window: 60_000 };
		for (let index = 0; index < 3; index++) await world.plan(`خبر ${index}`, index);
		channel.next.push("lost");
		const lane = start({ pace });
		await lane.work(22_000);
		expect(channel.sends, "found after 20 s, and the second a second later").toBe(2);
		expect(await lane.once()).toEqual({ again: at(20 + 62) });
	});

	test("two looks must agree: «absent» once and then there is there", async () => {
		await world.plan("أول", 1);
		channel.next.push("lost");
		channel.found.push("absent");
		await start().work(120_000);
		expect(channel.texts).toEqual(["أول"]);
		expect(channel.looks).toBe(2);
	});

	test("X3: the platform's «duplicate» after a lost answer is the proof", async () => {
		const id = await world.plan("أول", 1);
		channel.next.push("lost", new SendError("refused", "duplicate content", { duplicate: true }));
		channel.found.push("absent", "absent");
		await start().work(120_000);
		expect(channel.texts).toEqual(["أول"]);
		expect((await world.delivery(id)).state).toBe("sent");
		expect(world.admins.told).toEqual([]);
	});

	test("X3: without a lost answer it is a refusal that admins hear of", async () => {
		const id = await world.plan("أول", 1);
		channel.next.push(new SendError("refused", "duplicate content", { duplicate: true }));
		await start().work();
		expect((await world.delivery(id)).state).toBe("refused");
		expect(world.admins.told).toMatchObject([{ sentence: "postRefused", fields: { article: id } }]);
	});
});

describe("asking", () => {
	async function asked(): Promise<string> {
		const id = await world.plan("مجلس ذي قار يصوت على الموازنة", 1);
		channel.next.push("lost");
		channel.found.push("cannot-tell");
		await start().work();
		return id;
	}

	test("the question names the post, what can be done, and until when", async () => {
		const id = await asked();
		expect(world.admins.asked).toEqual([
			{
				sentence: "askUnsure",
				fields: { channel: "telegram", text: "مجلس ذي قار يصوت على الموازنة", article: id },
				incident: `unsure:telegram:${id}:1`,
				channel: "telegram",
				id,
				buttons: [
					{ label: "posted", does: "confirm" },
					{ label: "resend", does: "retry" },
				],
				until: new Date(world.clock.now().getTime() + 30 * 60_000).toISOString(),
			},
		]);
	});

	test.each([
		["confirm", "sent", 1],
		["retry", "sent", 2],
	] as const)("%s", async (what, state, sends) => {
		const id = await asked();
		await decide(id, what);
		await start().work();
		expect((await world.delivery(id)).state).toBe(state);
		expect(channel.sends).toBe(sends);
		expect(await world.ledger.size("unsure", "telegram")).toBe(0);
	});

	test("no answer: it is never sent again", async () => {
		await asked();
		await world.clock.advance(48 * 3_600_000);
		await start().work();
		expect(channel.sends).toBe(1);
	});

	test.each<[string, Decision["do"], string]>([
		["skipped before it is sent", "skip", "skipped"],
		["a retry of what is planned anyway is dropped", "retry", "sent"],
		["a confirmation of what was never sent is dropped", "confirm", "sent"],
	])("%s", async (_, what, state) => {
		const id = await world.plan("خبر", 1);
		await decide(id, what);
		await start().work();
		expect((await world.delivery(id)).state).toBe(state);
		for await (const left of world.ledger.decisions("telegram")) expect(left).toBeUndefined();
	});

	test("a decision outlives a disk that fails while it is carried out", async () => {
		const id = await world.plan("خبر", 1);
		await decide(id, "skip");
		await expect(start({}, fate(1)).work()).rejects.toBeInstanceOf(Death);
		expect((await world.delivery(id)).state).toBe("planned");
		await start().work();
		expect((await world.delivery(id)).state).toBe("skipped");
		expect(channel.sends).toBe(0);
	});

	test("a decision about a delivery that does not exist is dropped", async () => {
		await decide("nobody", "retry");
		await start().work();
		for await (const left of world.ledger.decisions("telegram")) expect(left).toBeUndefined();
	});
});

describe("H1: the wall clock is put", () => {
	const HOUR = 3_600_000;
	const pace = { limit: 5, window: 60_000 };

	test.each([
		["forward", HOUR],
		["back", -HOUR],
	])(
		"%s an hour in the middle of a burst: nothing lost or doubled, order kept, and at most one window more",
		async (_, jump) => {
			const titles = Array.from({ length: 12 }, (_all, number) => `خبر رقم ${number}`);
			for (const [minute, title] of titles.entries()) await world.plan(title, minute);
			let elapsed = 0;
			let last = world.clock.now().getTime();
			const times: number[] = [];
			channel.during = async () => {
				elapsed += world.clock.now().getTime() - last;
				last = world.clock.now().getTime();
				times.push(elapsed);
				if (times.length === 7) {
					world.clock.jump(jump);
					last += jump;
				}
			};
			expect(await start({ pace }).work(2 * HOUR)).toBe(true);
			expect(channel.texts).toEqual(titles);
			for (const from of times)
				expect(times.filter((time) => time >= from && time < from + pace.window).length).toBeLessThanOrEqual(
					2 * pace.limit,
				);
			expect(Math.max(...times), "no wait grew by the hour").toBeLessThan(5 * 60_000);
		},
	);

	test.each<[string, () => void]>([
		["after a lost answer", () => channel.next.push("lost")],
		["after no connection", () => channel.next.push(new SendError("later", "could not be reached"))],
		[
			"after a 429",
			() => {
				const retryAt = new Date(world.clock.now().getTime() + 30_000);
				channel.next.push(new SendError("later", "asks to wait", { retryAt }));
			},
		],
	])("back an hour %s: the wait is at most twice as long, and it is posted once", async (_, arrange) => {
		const id = await world.plan("خبر", 1);
		arrange();
		const process = start();
		await process.once();
		world.clock.jump(-HOUR);
		expect(await process.work(3 * 60_000)).toBe(true);
		expect((await world.delivery(id)).state).toBe("sent");
		expect(channel.texts).toEqual(["خبر"]);
	});
});

describe("a parked channel", () => {
	const refusal = () => new SendError("parked", "Telegram refuses the bot: kicked");

	test("is tried after 1, 2, 4 … 60 minutes, keeps its queue and order, and comes back by itself", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		const times: number[] = [];
		channel.during = async () => void times.push(world.clock.now().getTime());
		channel.next.push(...Array.from({ length: 9 }, refusal));
		await start().work(24 * 3_600_000);
		const gaps = times.slice(1, 10).map((time, index) => (time - (times[index] ?? 0)) / 60_000);
		expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
		expect(channel.texts).toEqual(["أول", "ثان"]);
		expect(world.admins.told).toMatchObject([
			{ sentence: "channelParked", fields: { channel: "telegram", reason: refusal().message } },
		]);
		expect(world.admins.resolved).toMatchObject([{ sentence: "channelResumed", incident: "parked:telegram" }]);
		expect(await world.ledger.channel("telegram")).not.toHaveProperty("parked");
	});

	test("stays parked over a restart", async () => {
		await world.plan("أول", 1);
		channel.next.push(refusal());
		await start().once();
		expect(await start().once()).toEqual({ again: at(60) });
		expect((await world.ledger.channel("telegram")).parked).toMatchObject({ tries: 1, since: at(0).toISOString() });
	});

	test("parked again later is told again and starts at one minute", async () => {
		for (let time = 0; time < 2; time++) {
			await world.plan(`خبر ${time}`, time);
			channel.next.push(refusal());
			await start().work();
		}
		expect(world.admins.told).toHaveLength(2);
		expect(channel.texts).toHaveLength(2);
	});
});

test("a paused channel sends nothing and keeps its queue; decisions are carried out all the same", async () => {
	const first = await world.plan("أول", 1);
	await world.plan("ثان", 2);
	await world.ledger.updateChannel("telegram", (before) => ({
		...before,
		paused: { by: "7", at: at(0).toISOString() },
	}));
	await decide(first, "skip");
	expect(await start().once()).toBe("done");
	expect(channel.sends).toBe(0);
	expect(await world.delivery(first)).toMatchObject({ state: "skipped", reason: "skipped by 7" });
	await world.ledger.updateChannel("telegram", ({ paused: _, ...before }) => before);
	await start().work();
	expect(channel.texts).toEqual(["ثان"]);
});

test("a preview channel shows each post once, without a pace, and leaves nothing to be posted later", async () => {
	channel = fakeChannel("telegram", { preview: true });
	const ids = await Promise.all([1, 2, 3].map((minute) => world.plan(`خبر ${minute}`, minute)));
	expect(await start({ pace: { limit: 1, window: 60_000 } }).once()).toBe("done");
	expect(channel.texts).toEqual(["خبر 1", "خبر 2", "خبر 3"]);
	for (const id of ids) expect(await world.delivery(id)).toMatchObject({ state: "skipped", reason: "preview" });
	channel = fakeChannel("telegram");
	await start().work();
	expect(channel.sends).toBe(0);
});

describe("not sent, and certainly so", () => {
	test("T5: after a 429 the whole channel waits as told, breaking news too, and order is kept", async () => {
		await world.plan("أول", 1);
		await world.plan("ثان", 2);
		channel.next.push(new SendError("later", "Telegram asks to wait 77 s", { retryAt: at(77) }));
		expect(await start().once()).toEqual({ again: at(77) });
		await world.plan("عاجل", 3, { kind: "breaking" });
		expect(await start().once()).toEqual({ again: at(77) });
		await start().work();
		expect(channel.texts).toEqual(["عاجل", "أول", "ثان"]);
		expect(await world.ledger.channel("telegram")).not.toHaveProperty("wait");
	});

	test("no connection: again after 5, 10, 20 s … with the same bytes", async () => {
		const id = await world.plan("أول", 1);
		const times: number[] = [];
		channel.during = async () => void times.push(world.clock.now().getTime() - at(0).getTime());
		channel.next.push(...Array.from({ length: 3 }, () => new SendError("later", "no connection")));
		await start().work();
		expect(times).toEqual([0, 5_000, 15_000, 35_000]);
		expect(channel.texts).toEqual(["أول"]);
		expect(await world.delivery(id)).toMatchObject({ state: "sent", attempts: 4 });
	});

	test("T1: another form of the post is a new attempt with its own intent", async () => {
		const id = await world.plan("أول", 1);
		const instead = postOf("telegram", "article", id, "أول بلا تنسيق");
		channel.next.push(new SendError("refused", "can't parse entities", { instead }));
		await start().work();
		expect(channel.texts).toEqual(["أول بلا تنسيق"]);
		const { state, attempts, intent } = await world.delivery(id);
		expect([state, attempts]).toEqual(["sent", 2]);
		expect(intent?.post).toEqual(instead);
		expect(intent?.hash).toBe(createHash("sha256").update(JSON.stringify(instead)).digest("hex"));
	});

	test("T4: a chat that moved is found at its new address at once", async () => {
		await world.plan("أول", 1);
		channel.next.push(new SendError("later", "the chat moved", { movedTo: "-1009", retryAt: at(0) }));
		await start().work(5_000);
		expect(channel.texts).toEqual(["أول"]);
		expect((await world.ledger.channel("telegram")).movedTo).toBe("-1009");
	});

	test("T4: message ids of the chat that moved are no baseline in the new one", async () => {
		await world.plan("أول", 1);
		await start().work(5_000);
		await world.plan("ثان", 2);
		channel.next.push(new SendError("later", "the chat moved", { movedTo: "-1009", retryAt: at(0) }), "lost");
		const baselines: (string | undefined)[] = [];
		channel.during = async () => {
			for await (const { intent } of world.ledger.shelf("open", "telegram")) baselines.push(intent?.baseline);
		};
		await start().work(5_000);
		expect(baselines.slice(0, 2)).toEqual(["1", undefined]);
	});

	test("a refused article never stops the next, and admins hear of it", async () => {
		const id = await world.plan("أول", 1);
		await world.plan("ثان", 2);
		channel.next.push(new SendError("refused", "Telegram refuses this post: no"));
		await start().work();
		expect(channel.texts).toEqual(["ثان"]);
		expect(await world.delivery(id)).toMatchObject({ state: "refused", reason: "Telegram refuses this post: no" });
		expect(world.admins.told).toMatchObject([{ sentence: "postRefused", incident: `refused:telegram:${id}` }]);
	});
});

describe("composing", () => {
	test("C15: a template's complaint is told once, and every post goes out", async () => {
		channel = fakeChannel("telegram", {
			compose: (occasion) => ({
				...plainPost("telegram", occasion),
				complaint: "own/telegram.liquid:1:4: undefined filter: shout",
			}),
		});
		for (let index = 0; index < 3; index++) await world.plan(`خبر ${index}`, index);
		await start().work();
		expect(channel.sends).toBe(3);
		expect(world.admins.told).toMatchObject([
			{ sentence: "templateBroken", fields: { problem: expect.stringContaining("telegram.liquid:1:4") } },
		]);
	});

	test("an article no post can be made of is refused and never stops the next", async () => {
		channel = fakeChannel("telegram", {
			compose: (occasion) => {
				const post = plainPost("telegram", occasion);
				if (post.text === "أول") throw new Error("the template leaves no room");
				return post;
			},
		});
		const id = await world.plan("أول", 1);
		await world.plan("ثان", 2);
		await start().work();
		expect(await world.delivery(id)).toMatchObject({ state: "refused", attempts: 0 });
		expect(channel.texts).toEqual(["ثان"]);
		expect(world.admins.told).toMatchObject([{ sentence: "postRefused" }]);
	});

	test("what was frozen goes out even when the template changed meanwhile", async () => {
		const id = await world.plan("أول", 1);
		channel.next.push(new SendError("later", "no connection"));
		await start().once();
		const { posts, next } = channel;
		channel = fakeChannel("telegram", { compose: () => postOf("telegram", "article", id, "صيغة أخرى") });
		await start().work();
		expect([posts, next]).toEqual([[], []]);
		expect(channel.texts).toEqual(["أول"]);
	});
});

test("an unknown channel is a mistake of ours", async () => {
	await expect(
		publisher({ ...world, lanes: new Map(), log: silence }).run("x", new AbortController().signal),
	).rejects.toThrow("no channel is named «x»");
});

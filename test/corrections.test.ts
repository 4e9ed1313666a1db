import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { amendments } from "../src/amend.ts";
import { SendError } from "../src/channels/channel.ts";
import { type CorrectionPolicy, CORRECTIONS } from "../src/corrections.ts";
import type { Change } from "../src/ledger/ledger.ts";
import type { Post, PostPicture } from "../src/post/post.ts";
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

const MINUTE = 60_000;

/** A process with this lane; it shares nothing with an earlier one but the ledger and the outside. */
function start(more: Partial<Lane> = {}, end: Fate = fate()) {
	const { clock, admins } = world;
	const lane = laneOf(mortal(channel, ["send", "edit", "remove"], end), more);
	const { name } = channel;
	const lanes = new Map([[name, lane]]);
	const { run } = publisher({ ledger: world.reopen(end), lanes, clock, log: silence, admins });
	return {
		once: (signal = new AbortController().signal) => run(name, signal),
		work: (within?: number) => work(clock, (signal) => run(name, signal), within),
	};
}

/** What its newsroom does to an article, as `watch` notes it. */
async function happens(id: string, what: Change["what"], title?: string): Promise<void> {
	const at = world.clock.now().toISOString();
	const was = title === undefined ? undefined : (await world.ledger.article(id))?.article.title;
	await world.ledger.revise(
		id,
		(known) => ({ ...known, article: { ...known.article, ...(title === undefined ? {} : { title }) } }),
		{ channels: [channel.name], change: { what, at, ...(was === undefined ? {} : { was }) } },
	);
}
const posted = async (title: string, minute = 1): Promise<string> => {
	const id = await world.plan(title, minute, { channels: [channel.name] });
	await start().work();
	return id;
};
const delivery = (id: string) => world.delivery(id, channel.name);
const policy = (more: Partial<CorrectionPolicy>) => ({ corrections: { ...CORRECTIONS[channel.kind], ...more } });

describe("a changed article", () => {
	test("changes its post, and is marked when the headline changed", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await start().work();
		expect(channel.texts).toEqual(["جديد (تحديث)"]);
		expect(await delivery(id)).toMatchObject({ state: "sent", titled: "قديم", receipt: { id: "1" } });
		expect((await delivery(id)).edit).toBeUndefined();
	});

	test("counts as one post, also when it is edited", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await start().work();
		expect(await world.ledger.counts("telegram")).toEqual({ sent: 1, refused: 0, skipped: 0 });
		expect((await world.ledger.channel("telegram")).recent).toEqual([id]);
	});

	test("that reads the same is not sent", async () => {
		const id = await posted("كما هو");
		await happens(id, "update");
		await start().work();
		expect(channel.edits).toBe(0);
		expect((await delivery(id)).edit).toBeUndefined();
	});

	test("whose headline came back before the edit is not sent", async () => {
		const id = await posted("أول");
		await happens(id, "update", "ثان");
		await happens(id, "update", "أول");
		await start().work();
		expect([channel.edits, channel.texts]).toEqual([0, ["أول"]]);
	});

	test("is edited at most once a minute: later changes meet in one edit", async () => {
		const id = await posted("صيغة 0");
		for (let round = 1; round <= 6; round++) {
			await happens(id, "update", `صيغة ${round}`);
			await start().work(15_000);
			await world.clock.advance(15_000);
		}
		await start().work();
		expect(channel.texts).toEqual(["صيغة 6 (تحديث)"]);
		expect(channel.edits).toBeGreaterThanOrEqual(2);
		expect(channel.edits).toBeLessThanOrEqual(4);
	});

	test("before its post goes out needs no edit", async () => {
		const id = await world.plan("قديم", 1);
		await happens(id, "update", "جديد");
		await start().work();
		expect([channel.edits, channel.texts]).toEqual([0, ["جديد"]]);
		for await (const left of world.ledger.changes("telegram")) expect.unreachable(String(left));
	});

	test("while its post is on its way is edited afterwards", async () => {
		const id = await world.plan("قديم", 1);
		let once = false;
		channel.during = async () => {
			if (!once) await happens(id, "update", "جديد");
			once = true;
		};
		await start().work();
		expect([channel.sends, channel.texts]).toEqual([1, ["جديد (تحديث)"]]);
	});

	test("while the answer to its post is lost keeps the frozen bytes until the post is found", async () => {
		const id = await world.plan("قديم", 1);
		channel.next.push("lost");
		await start().once();
		await happens(id, "update", "جديد");
		await start().work();
		expect([channel.sends, channel.looks, channel.texts]).toEqual([1, 1, ["جديد (تحديث)"]]);
	});

	test("waits for new posts, breaking ones first", async () => {
		const id = await posted("قديم");
		const urgent = await world.plan("عاجل قديم", 2, { kind: "breaking" });
		await start().work();
		await happens(id, "update", "جديد");
		await happens(urgent, "update", "عاجل جديد");
		await world.plan("خبر", 3);
		const seen: string[] = [];
		const note = channel.edit?.bind(channel);
		channel.during = async ({ text }) => void seen.push(text);
		channel.edit = async (receipt, post, signal) => {
			seen.push(post.text);
			await note?.(receipt, post, signal);
		};
		await start().work();
		expect(seen).toEqual(["خبر", "عاجل جديد (تحديث)", "جديد (تحديث)"]);
	});

	test("counts in the pace: the platform counts edits too", async () => {
		const pace = { limit: 2, window: MINUTE };
		const id = await posted("قديم");
		const second = await posted("ثان", 2);
		await world.clock.advance(30 * MINUTE);
		await happens(id, "update", "جديد");
		await happens(second, "update", "ثان جديد");
		await world.plan("خبر", 3);
		await start({ pace }).work(5_000);
		expect([channel.sends, channel.edits]).toEqual([3, 1]);
		await start({ pace }).work();
		expect([channel.sends, channel.edits]).toEqual([3, 2]);
	});

	test("does nothing where the settings say none", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await start(policy({ updates: "none" })).work();
		expect([channel.edits, channel.texts]).toEqual([0, ["قديم"]]);
		for await (const left of world.ledger.changes("telegram")) expect.unreachable(String(left));
	});
});

describe("pictures", () => {
	const named = (hash: string): PostPicture => ({
		hash,
		type: "image/png",
		width: 9,
		height: 9,
		bytes: 9,
		from: "article",
	});
	let hash: string;
	let added: number;
	let dropped: string[];
	const run = () => {
		const { clock, admins, ledger } = world;
		const pictures = {
			async add(post: Post) {
				added++;
				return { ...post, pictures: [named(hash)] };
			},
			async drop(post: Post) {
				dropped.push(...(post.pictures ?? []).map((one) => one.hash));
			},
		};
		const lanes = new Map([[channel.name, laneOf(channel)]]);
		const { run } = publisher({ ledger, lanes, clock, log: silence, admins, pictures });
		return work(clock, (signal) => run(channel.name, signal));
	};
	beforeEach(async () => {
		[hash, added, dropped] = ["old", 0, []];
		await world.plan("قديم", 1);
		await run();
		dropped = [];
	});
	const image = async (title?: string) => {
		const at = world.clock.now().toISOString();
		await world.ledger.revise(
			"article1",
			(known) => ({ ...known, article: { ...known.article, title: title ?? known.article.title } }),
			{
				channels: ["telegram"],
				change: { what: "update", at, image: true },
			},
		);
	};

	test("other words keep the picture, and it is not fetched again", async () => {
		await happens("article1", "update", "جديد");
		await run();
		expect(channel.posts).toMatchObject([{ text: "جديد (تحديث)", pictures: [{ hash: "old" }] }]);
		expect(added).toBe(1);
	});

	test("another picture takes its place, and its bytes are dropped afterwards", async () => {
		hash = "new";
		await image();
		await run();
		expect(channel.posts).toMatchObject([{ text: "قديم", pictures: [{ hash: "new" }] }]);
		expect([channel.edits, dropped]).toEqual([1, ["new"]]);
	});

	test("the same picture under another address is no change", async () => {
		await image();
		await run();
		expect([channel.edits, dropped]).toEqual([0, ["old"]]);
	});
});

describe("an edit that fails", () => {
	test.each(["lost", "vanished"] as const)("%s answers: the same bytes again, and nobody is asked", async (outcome) => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		channel.nextEdits.push(outcome, outcome);
		await start().work();
		expect([channel.edits, channel.looks, channel.texts]).toEqual([3, 0, ["جديد (تحديث)"]]);
		expect(world.admins.asked).toEqual([]);
	});

	test("429: the whole channel waits as told, then both go on", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await world.clock.advance(2_000);
		const until = new Date(world.clock.now().getTime() + 17_000);
		channel.nextEdits.push(new SendError("later", "Telegram asks to wait 17 s", { retryAt: until }));
		expect(await start().once()).toHaveProperty("again");
		expect(await start().once()).toEqual({ again: until });
		await world.plan("خبر", 5);
		await start().work();
		expect(channel.texts).toEqual(["جديد (تحديث)", "خبر"]);
		expect(world.clock.now().getTime()).toBeGreaterThanOrEqual(until.getTime());
	});

	test("for good ends with its reason, and the admins are told once", async () => {
		const id = await posted("قديم");
		channel.nextEdits.push(new SendError("refused", "Bad Request: message to edit not found"));
		await happens(id, "update", "جديد");
		await start().work();
		expect(await delivery(id)).toMatchObject({ state: "sent", reason: "Bad Request: message to edit not found" });
		channel.nextEdits.push(new SendError("refused", "Bad Request: message to edit not found"));
		await world.clock.advance(2 * MINUTE);
		await happens(id, "update", "أجدد");
		await start().work();
		expect(world.admins.told).toMatchObject([
			{ sentence: "editRefused", fields: { channel: "telegram", article: id } },
		]);
	});

	test("in one form is tried in the other", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		const instead = postOf("telegram", "article", id, "بلا تنسيق");
		channel.nextEdits.push(new SendError("refused", "can't parse entities", { instead }));
		await start().work();
		expect(channel.texts).toEqual(["بلا تنسيق"]);
	});

	test("for want of a right neither parks the channel nor holds up a post", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		channel.nextEdits.push(new SendError("parked", "not enough rights"));
		await start().work(1_000);
		await world.plan("خبر", 5);
		await start().work(2_000);
		expect(channel.texts).toEqual(["قديم", "خبر"]);
		expect((await world.ledger.channel("telegram")).parked).toBeUndefined();
		await start().work();
		expect(channel.texts).toEqual(["جديد (تحديث)", "خبر"]);
	});

	test("a stop in the middle leaves it to the next start", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		const stop = new AbortController();
		const edit = channel.edit?.bind(channel);
		channel.edit = async () => {
			stop.abort();
			throw new SendError("unknown", "aborted");
		};
		await start().once(stop.signal);
		if (edit) channel.edit = edit;
		await start().work();
		expect(channel.texts).toEqual(["جديد (تحديث)"]);
	});
});

describe("an article that is taken back", () => {
	test("is struck out, and an article that comes back is not posted again", async () => {
		const id = await posted("مسحوب");
		await happens(id, "retract");
		await start().work();
		expect(channel.texts).toEqual(["حُذف: مسحوب"]);
		expect(await delivery(id)).toMatchObject({ state: "removed", struck: true });
		await world.clock.advance(2 * MINUTE);
		await happens(id, "back");
		await start().work();
		expect([channel.sends, channel.texts]).toEqual([1, ["مسحوب"]]);
		expect(await delivery(id)).toMatchObject({ state: "sent" });
		expect(await world.ledger.counts("telegram")).toEqual({ sent: 1, refused: 0, skipped: 0 });
	});

	test("is taken down where the settings say so, and does not come back", async () => {
		const id = await posted("مسحوب");
		await happens(id, "retract");
		await start(policy({ retractions: "remove" })).work();
		expect([channel.texts, channel.removals, channel.edits]).toEqual([[], 1, 0]);
		expect((await delivery(id)).state).toBe("removed");
		await happens(id, "back");
		await happens(id, "update", "بعنوان آخر");
		await start(policy({ retractions: "remove" })).work();
		expect([channel.sends, channel.texts, channel.edits]).toEqual([1, [], 0]);
	});

	test("is struck where it can no longer be taken down: too old, or refused", async () => {
		const old = await posted("قديم جدا");
		Object.assign(channel, { removeWithin: 60 * MINUTE });
		await world.clock.advance(61 * MINUTE);
		const young = await posted("جديد", 2);
		channel.nextEdits.push(new SendError("refused", "message can't be deleted for everyone"));
		await happens(old, "retract");
		await happens(young, "retract");
		channel.nextEdits.length = 0;
		await start(policy({ retractions: "remove" })).work();
		expect(channel.texts).toEqual(["حُذف: قديم جدا"]);
		const refused = await posted("مرفوض", 3);
		await happens(refused, "retract");
		channel.nextEdits.push(new SendError("refused", "message can't be deleted for everyone"));
		await start(policy({ retractions: "remove" })).work();
		expect(channel.texts).toEqual(["حُذف: قديم جدا", "حُذف: مرفوض"]);
	});

	test("before its post is not posted", async () => {
		const id = await world.plan("مسحوب", 1);
		await happens(id, "retract");
		await start().work();
		expect([channel.sends, (await delivery(id)).state]).toEqual([0, "skipped"]);
		await happens(id, "back");
		await start().work();
		expect(channel.sends).toBe(0);
	});

	test("stays where the settings say none", async () => {
		const id = await posted("مسحوب");
		await happens(id, "retract");
		await start(policy({ retractions: "none" })).work();
		expect([channel.texts, (await delivery(id)).state]).toEqual([["مسحوب"], "sent"]);
	});
});

describe("on Twitter", () => {
	beforeEach(() => {
		channel = fakeChannel("twitter", { kind: "twitter" });
		delete channel.edit;
	});

	test("nothing happens unless the settings say so", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await happens(id, "retract");
		await start().work();
		expect([channel.texts, channel.removals]).toEqual([["قديم"], 0]);
	});

	test("reply: the update answers our own post, once for each change, after what is new", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		await world.plan("خبر", 5, { channels: ["twitter"] });
		await start(policy({ updates: "reply" })).work();
		expect(channel.texts).toEqual(["قديم", "خبر", "جديد (تحديث)"]);
		expect(channel.posts.at(-1)).toMatchObject({ replyTo: "1" });
		expect(await delivery(id)).toMatchObject({ state: "sent", receipt: { id: "1" } });
		expect(await world.ledger.counts("twitter")).toEqual({ sent: 2, refused: 0, skipped: 0 });
		await happens(id, "update");
		await world.clock.advance(2 * MINUTE);
		await start(policy({ updates: "reply" })).work();
		expect(channel.sends).toBe(3);
	});

	test("reply: a lost answer is looked for, never sent twice", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		channel.next.push("lost");
		await start(policy({ updates: "reply" })).work();
		expect(channel.texts).toEqual(["قديم", "جديد (تحديث)"]);
		expect([channel.sends, channel.looks, (await delivery(id)).state]).toEqual([2, 1, "sent"]);
	});

	test("reply: refused, the post itself stays sent", async () => {
		const id = await posted("قديم");
		await happens(id, "update", "جديد");
		channel.next.push(new SendError("refused", "You can only reply to …"));
		await start(policy({ updates: "reply" })).work();
		expect(await delivery(id)).toMatchObject({ state: "sent", receipt: { id: "1" } });
		expect(await world.ledger.size("refused", "twitter")).toBe(0);
	});

	test("repost: taken down and posted again while it is young, after that nothing", async () => {
		const id = await posted("قديم");
		const lane = policy({ updates: "repost", repostWithin: 10 * MINUTE });
		await happens(id, "update", "جديد");
		await start(lane).work();
		expect([channel.texts, channel.removals]).toEqual([["جديد (تحديث)"], 1]);
		expect(await world.ledger.counts("twitter")).toMatchObject({ sent: 1 });
		await world.clock.advance(10 * MINUTE);
		await happens(id, "update", "أجدد");
		await start(lane).work();
		expect([channel.texts, channel.removals]).toEqual([["جديد (تحديث)"], 1]);
	});

	test("remove: a retracted post is taken down", async () => {
		const id = await posted("مسحوب");
		await happens(id, "retract");
		await start(policy({ retractions: "remove" })).work();
		expect([channel.texts, (await delivery(id)).state]).toEqual([[], "removed"]);
	});
});

describe("dying at every outside call", () => {
	/** Lives that die at the n-th call, each followed by a whole one, until a life ends by itself. */
	async function lives(
		moment: "before" | "after",
		lane: Partial<Lane>,
		story: () => Promise<void>,
		check: () => Promise<void>,
		fresh: () => FakeChannel = () => fakeChannel(),
	): Promise<number> {
		for (let n = 1; ; n++) {
			channel = fresh();
			await story();
			const died = await start(lane, fate(n, moment))
				.work()
				.then(
					() => false,
					(error: unknown) => error instanceof Death,
				);
			await start(lane).work();
			await check();
			if (!died) return n;
			await world.close();
			world = await openWorld();
		}
	}
	const settled = async () => {
		expect(await world.ledger.size("open", channel.name)).toBe(0);
		expect(await world.ledger.size("edit", channel.name)).toBe(0);
		for await (const left of world.ledger.changes(channel.name)) expect.unreachable(String(left));
		expect(world.admins.told).toEqual([]);
	};

	test.each(["before", "after"] as const)(
		"an edit ends up in the post, and nothing is posted twice: %s",
		async (moment) => {
			const story = async () => {
				const id = await posted("قديم");
				await happens(id, "update", "جديد");
				await world.plan("خبر", 5);
			};
			const calls = await lives(moment, {}, story, async () => {
				expect(channel.texts).toEqual(["جديد (تحديث)", "خبر"]);
				await settled();
			});
			// Taking the change up, intent, send, result, freezing, edit, result.
			expect(calls).toBe(8);
		},
	);

	test.each(["before", "after"] as const)("a retraction ends up in the post: %s", async (moment) => {
		const story = async () => happens(await posted("مسحوب"), "retract");
		await lives(moment, {}, story, async () => {
			expect([channel.sends, channel.texts]).toEqual([1, ["حُذف: مسحوب"]]);
			await settled();
		});
	});

	test.each(["before", "after"] as const)("a post that is taken down stays down: %s", async (moment) => {
		const story = async () => happens(await posted("مسحوب"), "retract");
		await lives(moment, policy({ retractions: "remove" }), story, async () => {
			expect([channel.sends, channel.texts]).toEqual([1, []]);
			await settled();
		});
	});

	test.each([
		["reply", "before", ["قديم", "جديد (تحديث)"]],
		["reply", "after", ["قديم", "جديد (تحديث)"]],
		["repost", "before", ["جديد (تحديث)"]],
		["repost", "after", ["جديد (تحديث)"]],
	] as const)("%s goes out once: %s", async (updates, moment, wanted) => {
		const story = async () => happens(await posted("قديم"), "update", "جديد");
		const lane = { corrections: { ...CORRECTIONS.twitter, updates } };
		await lives(
			moment,
			lane,
			story,
			async () => {
				expect(channel.texts).toEqual(wanted);
				await settled();
			},
			() => fakeChannel("twitter", { kind: "twitter" }),
		);
	});
});

describe("what admins decide", () => {
	const desk = () => amendments({ ledger: world.ledger, channels: [channel.name], clock: world.clock });

	test("retract, by id or address, is durable and says who", async () => {
		const id = await posted("مسحوب");
		await world.ledger.alias(id, []);
		expect(await desk().retract(id, "سلمى")).toBe("done");
		expect(await desk().retract(id, "سلمى")).toBe("nothing to change");
		expect((await world.ledger.article(id))?.retracted).toEqual({ at: world.clock.now().toISOString(), by: "سلمى" });
		await start().work();
		expect(channel.texts).toEqual(["حُذف: مسحوب"]);
	});

	test("retract before the post: not posted, with who it was", async () => {
		const id = await world.plan("مسحوب", 1);
		await desk().retract(id, "سلمى");
		await start().work();
		expect(await delivery(id)).toMatchObject({ state: "skipped", reason: "retracted by سلمى" });
	});

	test("fix changes the post and keeps what stood there", async () => {
		const id = await posted("عنوان بخطإ");
		expect(await desk().fix(id, { title: "عنوان صحيح" }, "سلمى")).toBe("done");
		expect(await desk().fix(id, { title: "عنوان صحيح" }, "سلمى")).toBe("nothing to change");
		await start().work();
		expect(channel.texts).toEqual(["عنوان صحيح (تحديث)"]);
		expect((await world.ledger.article(id))?.fixed).toMatchObject({
			by: "سلمى",
			title: { from: "عنوان بخطإ", to: "عنوان صحيح" },
		});
	});

	test.each(["nothing", "https://example.org/unknown"])("of what is not known: %s", async (word) => {
		expect(await desk().retract(word, "سلمى")).toBe("unknown");
		expect(await desk().fix(word, { title: "س" }, "سلمى")).toBe("unknown");
	});
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { type CorrectionPolicy, CORRECTIONS } from "../src/corrections.ts";
import { sumOf } from "../src/ledger/budget.ts";
import { publisher } from "../src/publish.ts";
import { type FakeChannel, fakeChannel, laneOf, openWorld, plainPost, silence, type World, work } from "./world.ts";

let world: World;
let channel: FakeChannel;
beforeEach(async () => {
	world = await openWorld();
	channel = fakeChannel("twitter", {
		kind: "twitter",
		compose: (occasion) => {
			const linked = occasion.kind !== "digest" && occasion.links;
			const post = plainPost("twitter", occasion);
			return { ...post, ...(linked ? { link: "https://example.org/1" } : {}), addresses: linked ? 1 : 0 };
		},
	});
	delete channel.edit;
	Object.assign(channel, {
		bills: {
			post: ({ addresses = 1 }) => (addresses > 0 ? { postWithLink: 1 } : { post: 1 }),
			look: {},
			remove: { delete: 1 },
		},
	} satisfies Partial<FakeChannel>);
});
afterEach(() => world.close());

/** Posts an article, changes it or takes it back, and lets the lane work; what the month has cost in dollars. */
async function story(policy: Partial<CorrectionPolicy>, what: "update" | "retract", budget?: number): Promise<number> {
	const { clock, ledger, admins } = world;
	const lane = laneOf(channel, { corrections: { ...CORRECTIONS.twitter, ...policy } });
	const money = { prices: [], ...(budget === undefined ? {} : { budget: budget * 1e6 }) };
	const { run } = publisher({ ledger, lanes: new Map([["twitter", lane]]), clock, log: silence, admins, money });
	const id = await world.plan("قديم", 1, { channels: ["twitter"] });
	await work(clock, (signal) => run("twitter", signal));
	const at = clock.now().toISOString();
	await ledger.revise(id, (known) => ({ ...known, article: { ...known.article, title: "جديد" } }), {
		channels: ["twitter"],
		change: { what, at, was: "قديم" },
	});
	await work(clock, (signal) => run("twitter", signal), 60_000);
	return sumOf(await ledger.money("2026-11")).spent / 1e6;
}

test("an answer goes without a link, which its post has: 1.5 cents", async () => {
	expect(await story({ updates: "reply" }, "update")).toBeCloseTo(0.2 + 0.015, 6);
	expect(channel.posts.at(-1)).toMatchObject({ addresses: 0, replyTo: "1" });
});

test("an answer that the budget does not allow waits, and the post stands", async () => {
	expect(await story({ updates: "reply" }, "update", 0.21)).toBeCloseTo(0.2, 6);
	expect(channel.texts).toEqual(["قديم"]);
	expect((await world.ledger.channel("twitter")).parked).toMatchObject({ unpaid: true });
});

test("posting again costs the deletion and the post", async () => {
	expect(await story({ updates: "repost" }, "update")).toBeCloseTo(0.2 + 0.01 + 0.2, 6);
	expect(channel.texts).toEqual(["جديد (تحديث)"]);
});

test("a post is not taken down when the budget has no room for posting it again", async () => {
	expect(await story({ updates: "repost" }, "update", 0.405)).toBeCloseTo(0.2, 6);
	expect([channel.texts, channel.removals]).toEqual([["قديم"], 0]);
	expect(await world.delivery("article1", "twitter")).toMatchObject({
		state: "sent",
		reason: "no money to post it again",
	});
});

test("taking a retracted post down costs the deletion", async () => {
	expect(await story({ retractions: "remove" }, "retract")).toBeCloseTo(0.2 + 0.01, 6);
	expect(channel.texts).toEqual([]);
});

test("a retraction that the budget does not allow waits for the next month", async () => {
	expect(await story({ retractions: "remove" }, "retract", 0.2)).toBeCloseTo(0.2, 6);
	expect(channel.removals).toBe(0);
	expect((await world.delivery("article1", "twitter")).edit).toMatchObject({ notBefore: "2026-12-01T00:00:00.000Z" });
});

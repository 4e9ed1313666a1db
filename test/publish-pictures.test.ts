import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SendError } from "../src/channels/channel.ts";
import { type Post, type PostPicture, withoutPictures } from "../src/post/post.ts";
import { publisher } from "../src/publish.ts";
import {
	Death,
	type FakeChannel,
	type Fate,
	fakeChannel,
	fate,
	laneOf,
	mortal,
	openWorld,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;
/** Posts whose pictures lie on the shelf, by article. */
let shelf: Map<string, Post>;
let adds: number;

beforeEach(async () => {
	world = await openWorld();
	channel = fakeChannel();
	shelf = new Map();
	adds = 0;
});
afterEach(() => world.close());

const picture = (hash: string): PostPicture => ({
	hash,
	type: "image/png",
	width: 1200,
	height: 675,
	bytes: 9,
	from: "card",
});

/** A process whose posts get the picture with this hash; it shares nothing with an earlier one but the ledger and the outside. */
function start(more: { readonly hash?: string; readonly end?: Fate; readonly during?: () => void } = {}) {
	const { hash = "aa", end = fate(), during } = more;
	const { clock, admins } = world;
	const { run } = publisher({
		ledger: world.reopen(end),
		lanes: new Map([[channel.name, laneOf(mortal(channel, ["send"], end))]]),
		clock,
		log: silence,
		admins,
		pictures: {
			async add(post) {
				adds++;
				during?.();
				const made = { ...post, pictures: [picture(hash)] };
				shelf.set(post.articles[0] ?? "", made);
				return made;
			},
			async drop(post) {
				shelf.delete(post.articles[0] ?? "");
			},
		},
	});
	return {
		once: (signal = new AbortController().signal) => run(channel.name, signal),
		work: () => work(clock, (signal) => run(channel.name, signal)),
	};
}

const hashes = () => channel.posts.map(({ pictures }) => pictures?.[0]?.hash);

test("the picture stands in the intent before the call, and is dropped when the post is out", async () => {
	const id = await world.plan("خبر", 1);
	channel.during = async (post) => {
		const { state, intent } = await world.delivery(id);
		expect(state).toBe("sending");
		expect(intent?.post).toEqual(post);
		expect(shelf.size).toBe(1);
	};
	await start().work();
	expect(hashes()).toEqual(["aa"]);
	expect(shelf.size).toBe(0);
});

test.each([
	["the platform asks to wait", new SendError("later", "429")],
	["the answer is lost and the post is not there", "vanished"],
] as const)("%s: the same picture goes out again, and no other is looked for", async (_name, outcome) => {
	await world.plan("خبر", 1);
	channel.next.push(outcome);
	await start().work();
	expect(hashes()).toEqual(["aa"]);
	expect(adds).toBe(1);
	expect(shelf.size).toBe(0);
});

test("dying in the call, the next life sends what was frozen", async () => {
	await world.plan("خبر", 1);
	await expect(start({ end: fate(2, "before") }).once()).rejects.toThrow(Death);
	expect(shelf.size).toBe(1);
	await start({ hash: "bb" }).work();
	expect(hashes()).toEqual(["aa"]);
	expect(shelf.size).toBe(0);
});

test("a picture that the platform does not take: the words go out, once, and its bytes are dropped first", async () => {
	const id = await world.plan("خبر", 1);
	let refused = 0;
	channel.during = async (post) => {
		if (!post.pictures) {
			expect(shelf.size).toBe(0);
			return;
		}
		refused++;
		throw new SendError("refused", "IMAGE_PROCESS_FAILED", { instead: withoutPictures(post) });
	};
	await start().work();
	expect([refused, channel.texts, hashes()]).toEqual([1, ["خبر"], [undefined]]);
	expect(await world.delivery(id)).toMatchObject({ state: "sent", attempts: 2 });
});

describe("the bytes of a post that will not go out", () => {
	test("refused for good: dropped", async () => {
		await world.plan("خبر", 1);
		channel.next.push(new SendError("refused", "no"));
		await start().work();
		expect(shelf.size).toBe(0);
	});

	test("left unsure for good: dropped", async () => {
		await world.plan("خبر", 1);
		channel.next.push("lost");
		channel.found.push("cannot-tell");
		await start().work();
		expect(shelf.size).toBe(0);
	});

	test("a parked channel keeps them", async () => {
		await world.plan("خبر", 1);
		channel.next.push(new SendError("parked", "kicked"));
		await start().once();
		expect(shelf.size).toBe(1);
	});
});

test("who stops while the picture is fetched has sent nothing, and the next life does", async () => {
	const id = await world.plan("خبر", 1);
	const stopping = new AbortController();
	await start({ during: () => stopping.abort() }).once(stopping.signal);
	expect(channel.sends).toBe(0);
	expect(await world.delivery(id)).toMatchObject({ state: "planned", attempts: 0 });
	await start().work();
	expect(hashes()).toEqual(["aa"]);
});

test("what comes after a post is done once it is written down", async () => {
	const id = await world.plan("خبر", 1);
	const followed: string[] = [];
	channel.follow = async ({ text }, receipt) => {
		expect((await world.delivery(id)).state).toBe("sent");
		followed.push(`${text} ${receipt.id}`);
	};
	await start().work();
	expect(followed).toEqual(["خبر 1"]);
});

test("behind an album the next look begins at its last message", async () => {
	await world.plan("خبر", 1);
	const { send } = channel;
	channel.send = async (post) => ({ ...(await send(post)), others: ["2", "3"] });
	await start().work();
	expect((await world.ledger.channel(channel.name)).last).toBe("3");
});

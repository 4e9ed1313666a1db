import { afterEach, beforeEach, expect, test } from "vitest";
import { type Channel, SendError } from "../src/channels/channel.ts";
import { sumOf } from "../src/ledger/budget.ts";
import type { MoneySettings } from "../src/money.ts";
import { type PostPicture, withoutPictures } from "../src/post/post.ts";
import { publisher } from "../src/publish.ts";
import {
	type FakeChannel,
	fakeChannel,
	laneOf,
	openWorld,
	plainPost,
	POLICY,
	silence,
	type World,
	work,
} from "./world.ts";

let world: World;
let channel: FakeChannel;

beforeEach(async () => {
	world = await openWorld();
	const fake = fakeChannel("twitter", { compose: (occasion) => ({ ...plainPost("twitter", occasion), addresses: 0 }) });
	channel = Object.assign(fake, {
		bills: {
			post: ({ pictures = [] }) => ({ post: 1, altText: pictures.filter(({ alt }) => alt).length }),
			look: { read: 20 },
		},
	} satisfies Partial<Channel>);
});
afterEach(() => world.close());

const picture: PostPicture = {
	hash: "aa",
	type: "image/png",
	width: 1200,
	height: 675,
	bytes: 9,
	from: "article",
	alt: "صورة",
};

async function run(money: MoneySettings): Promise<void> {
	const { run } = publisher({
		ledger: world.ledger,
		lanes: new Map([["twitter", laneOf(channel, { policy: { ...POLICY, onLost: "never" } })]]),
		clock: world.clock,
		log: silence,
		admins: world.admins,
		money,
		pictures: { add: async (post) => ({ ...post, pictures: [picture] }), drop: async () => undefined },
	});
	await work(world.clock, (signal) => run("twitter", signal), 60_000);
}

const spent = async () => sumOf(await world.ledger.money("2026-11")).spent;
const plan = () => world.plan("خبر", 1, { channels: ["twitter"] });

test.each([
	["without a budget the description is paid for", undefined, 20_000, "صورة"],
	["under a budget with room for the month it is", 50_000_000, 20_000, "صورة"],
	["under a tight one the picture goes without", 5_000_000, 15_000, undefined],
	["where only the words can be paid they are", 60_000, 15_000, undefined],
] as const)("%s", async (_name, budget, micros, alt) => {
	await plan();
	await run({ prices: [], ...(budget === undefined ? {} : { budget }) });
	expect(channel.posts[0]?.pictures).toEqual([{ ...withoutAlt, ...(alt === undefined ? {} : { alt }) }]);
	expect(await spent()).toBe(micros);
});
const { alt: _alt, ...withoutAlt } = picture;

test("what was paid before a post that was refused stays spent, and the post itself does not", async () => {
	await plan();
	channel.next.push(new SendError("refused", "no"));
	await run({ prices: [] });
	expect(await spent()).toBe(5_000);
});

test("a post that goes out as words after all is booked as words", async () => {
	const id = await plan();
	let refused = false;
	channel.during = async (post) => {
		if (refused || !post.pictures) return;
		refused = true;
		throw new SendError("refused", "the upload failed", { instead: withoutPictures(post) });
	};
	await run({ prices: [] });
	expect((await world.delivery(id, "twitter")).state).toBe("sent");
	expect(await spent()).toBe(20_000);
});

import { afterEach, describe, expect, test } from "vitest";
import { SendError } from "../../src/channels/channel.ts";
import { drawingLibrary } from "../../src/channels/drawing.ts";
import { hashOf } from "../../src/channels/picture-shelf.ts";
import { twitterChannel } from "../../src/channels/twitter.ts";
import { twitterClient } from "../../src/channels/twitter-api.ts";
import { twitterMedia } from "../../src/channels/twitter-media.ts";
import type { Post, PostPicture } from "../../src/post/post.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import { composeFor, occasionOf } from "../contracts/channel.ts";
import { type FakeTwitter, startTwitter } from "../servers/twitter.ts";
import { silence } from "../world.ts";
import { picture } from "./picture-samples.ts";

const KEYS = {
	appKey: "canary-app-key",
	appSecret: "canary-app-secret",
	accessToken: "1700000000000000001-canary-access-token",
	accessSecret: "canary-access-secret",
};
const TWEETS = "POST /2/tweets";
const BEGIN = "POST /2/media/upload/initialize";
const ALT = "POST /2/media/metadata";

const drawing = await drawingLibrary(silence)();
if (!drawing) throw new Error("these tests need @napi-rs/canvas");
const PHOTO = await picture(drawing, "jpeg", 800, 450);
const LARGE = await picture(drawing, "png", 800, 600, true);
const SHELF = new Map([PHOTO, LARGE].map((bytes) => [hashOf(bytes), bytes]));

const named = (bytes: Buffer, more: Partial<PostPicture> = {}): PostPicture => ({
	hash: hashOf(bytes),
	type: bytes === PHOTO ? "image/jpeg" : "image/png",
	width: 800,
	height: 450,
	bytes: bytes.length,
	from: "article",
	...more,
});

const compose = await composeFor("twitter", twitterLayout);
const words = compose(occasionOf({}, { links: false }));
const withPhoto: Post = { ...words, pictures: [named(PHOTO, { alt: "عائلات تعود إلى قراها" })] };

const servers: FakeTwitter[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) {
		expect(server.invalid).toEqual([]);
		await server.close();
	}
});

async function open() {
	const server = await startTwitter({
		...KEYS,
		user: { id: "1700000000000000001", username: "nirgal_news", name: "شبكة أخبار" },
	});
	servers.push(server);
	const time = { now: new Date() };
	const api = twitterClient(KEYS, { apiRoot: server.url });
	const shelf = { read: async (_post: unknown, hash: string) => SHELF.get(hash) };
	const now = () => time.now;
	return { server, time, api, shelf, now, channel: twitterChannel({ name: "twitter", compose, api, now, shelf }) };
}

const failed = (send: Promise<unknown>): Promise<SendError> =>
	send.then(
		() => {
			throw new Error("it was sent");
		},
		(error: unknown) => {
			expect(error).toBeInstanceOf(SendError);
			return error as SendError;
		},
	);

const names = (server: FakeTwitter) => server.requests.map(({ endpoint }) => endpoint);

test("a picture is uploaded, described, and stands in the post", async () => {
	const { server, channel } = await open();
	await channel.send(withPhoto);
	expect(names(server)).toEqual([
		BEGIN,
		"POST /2/media/upload/:id/append",
		"POST /2/media/upload/:id/finalize",
		ALT,
		TWEETS,
	]);
	const [post] = server.posts();
	expect(post?.media).toHaveLength(1);
	expect(post?.text).toBe(words.text);
	expect([...server.altTexts]).toEqual([[post?.media[0], "عائلات تعود إلى قراها"]]);
});

test("a large one goes in pieces, and one without a description costs nothing for it", async () => {
	const { server, channel } = await open();
	expect(LARGE.length).toBeGreaterThan(1024 * 1024);
	await channel.send({ ...words, pictures: [named(LARGE), named(PHOTO)] });
	expect(server.calls("POST /2/media/upload/:id/append").length).toBeGreaterThan(2);
	expect(server.calls(ALT)).toEqual([]);
	expect(server.posts()[0]?.media).toHaveLength(2);
});

test("words alone are one request", async () => {
	const { server, channel } = await open();
	await channel.send(words);
	expect(names(server)).toEqual([TWEETS]);
});

test.each([
	["words", words, { post: 1 }],
	["a described picture", withPhoto, { post: 1, altText: 1 }],
	["a card", { ...words, pictures: [named(PHOTO, { from: "card" })] }, { post: 1 }],
	["a link and a described picture", { ...withPhoto, addresses: 1 }, { postWithLink: 1, altText: 1 }],
] as const)("what is billed: %s", async (_name, post, bill) => {
	const { channel } = await open();
	expect(channel.bills?.post(post)).toEqual(bill);
});

describe("X7: an upload that fails", () => {
	test.each([
		["refused at once", { problem: "notPermitted" }, 1],
		["an outage, tried twice", { problem: "unavailable" }, 2],
		["a connection that breaks, tried twice", { reset: "before" }, 2],
	] as const)("%s: the words alone, as a post of their own", async (_name, fault, tries) => {
		const { server, channel } = await open();
		for (let turn = 0; turn < 3; turn++) server.fault(BEGIN, fault);
		const error = await failed(channel.send(withPhoto));
		expect(error).toMatchObject({ kind: "refused", duplicate: false, unpaid: false });
		expect(error.instead).toEqual(words);
		expect(names(server)).toEqual(Array(tries).fill(BEGIN));
		expect(error.message).not.toContain("canary");
	});

	test("an outage that is over at the second try costs nothing", async () => {
		const { server, channel } = await open();
		server.fault(BEGIN, { problem: "unavailable" });
		await channel.send(withPhoto);
		expect(server.posts()[0]?.media).toHaveLength(1);
	});

	test("one that hangs is given up", async () => {
		const { server, api, shelf, now } = await open();
		server.fault(BEGIN, { hang: true });
		const { idsOf } = twitterMedia({ api, shelf, now, within: 300 });
		expect((await failed(idsOf(withPhoto))).instead).toEqual(words);
		expect(server.calls(BEGIN)).toHaveLength(1);
	});

	test("bytes that are gone: the words, and no request", async () => {
		const { server, channel } = await open();
		const post = { ...words, pictures: [named(PHOTO, { hash: "00" })] };
		expect((await failed(channel.send(post))).instead).toEqual(words);
		expect(server.requests).toEqual([]);
	});

	test("a description that fails leaves the picture", async () => {
		const { server, channel } = await open();
		server.fault(ALT, { problem: "unavailable" });
		await channel.send(withPhoto);
		expect(server.posts()[0]?.media).toHaveLength(1);
		expect(server.altTexts.size).toBe(0);
	});
});

describe("a retry", () => {
	test("uses what is uploaded, until X has forgotten it", async () => {
		const { server, channel, time } = await open();
		server.fault(TWEETS, { retryAfter: 60 });
		expect(await failed(channel.send(withPhoto))).toMatchObject({ kind: "later" });
		server.fault(TWEETS, { retryAfter: 60 });
		expect(await failed(channel.send(withPhoto))).toMatchObject({ kind: "later" });
		expect(server.calls(BEGIN)).toHaveLength(1);
		time.now = new Date(time.now.getTime() + 21 * 3_600_000);
		await channel.send(withPhoto);
		expect(server.calls(BEGIN)).toHaveLength(2);
		expect(server.posts()).toHaveLength(1);
	});

	test("a post with a picture whose answer was lost is found by its words", async () => {
		const { server, channel } = await open();
		server.fault(TWEETS, { reset: "after" });
		expect(await failed(channel.send(withPhoto))).toMatchObject({ kind: "unknown" });
		const attempt = { at: new Date().toISOString() };
		const found = await channel.find(withPhoto, attempt, new AbortController().signal);
		expect(found).toMatchObject({ id: server.posts()[0]?.id });
	});
});

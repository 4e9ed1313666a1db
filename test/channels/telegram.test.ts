import { afterEach, describe, expect, test } from "vitest";
import { telegramChannel } from "../../src/channels/telegram.ts";
import { TelegramApi } from "../../src/channels/telegram-api.ts";
import type { Post } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { type ChannelHouse, channelContract, composeFor, type Misfortune, occasionOf } from "../contracts/channel.ts";
import { type FakeTelegram, startTelegram } from "../servers/telegram.ts";

const TOKEN = "7000001:AAHk3-canary_canary_canary_canary_0";
const CHAT = -1001001001001;
const OPS = 77;
const NOW = new Date("2026-11-23T09:00:00.000Z");

interface House extends ChannelHouse {
	readonly server: FakeTelegram;
	readonly pauses: number[];
}

const compose = await composeFor("telegram", telegramLayout);

async function open(
	options: { deadline?: number; opsChat?: string | undefined; apiRoot?: string; chat?: string } = {},
): Promise<House> {
	const server = await startTelegram({
		token: TOKEN,
		channels: [{ id: CHAT, username: "nirgal_news", title: "أخبار" }],
		users: [{ id: OPS, first_name: "مشرف" }],
	});
	const { deadline, apiRoot = server.url, chat = "@nirgal_news" } = options;
	const pauses: number[] = [];
	const channel = telegramChannel({
		name: "telegram",
		compose,
		api: new TelegramApi(TOKEN, { apiRoot, ...(deadline === undefined ? {} : { deadline }) }),
		chat: async () => chat,
		opsChat: "opsChat" in options ? options.opsChat : String(OPS),
		now: () => NOW,
		pause: async (ms) => void pauses.push(ms),
	});
	return {
		server,
		channel,
		pauses,
		published: () => server.posts(CHAT).map(({ text }) => text ?? ""),
		sends: () => server.calls("sendMessage").length,
		secrets: [TOKEN, "canary"],
		close: () => server.close(),
	};
}

const answer = (code: number, description: string, parameters?: object) => ({
	status: code,
	body: { ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) },
});

const refusal = (name: string, code: number, description: string, kind: Misfortune<House>["kind"]) => ({
	name: `${name}: ${code} ${description}`,
	arrange: ({ server }: House) => server.fault("sendMessage", answer(code, description)),
	kind,
});

channelContract<House>("telegram", open, [
	{
		...refusal("T1", 400, "Bad Request: can't parse entities: Unsupported start tag", "refused"),
		expected: { duplicate: false },
	},
	refusal("T2", 400, "Bad Request: chat not found", "parked"),
	refusal("T2", 401, "Unauthorized", "parked"),
	refusal("T2", 404, "Not Found", "parked"),
	{ name: "T3: kicked", arrange: ({ server }) => server.rights(CHAT, { kicked: true }), kind: "parked" },
	{ name: "T3: no member", arrange: ({ server }) => server.rights(CHAT, { member: false }), kind: "parked" },
	{ name: "T3: may not post", arrange: ({ server }) => server.rights(CHAT, { post: false }), kind: "parked" },
	refusal("T3", 400, "Bad Request: not enough rights to send text messages to the chat", "parked"),
	refusal("T3", 400, "Bad Request: CHAT_WRITE_FORBIDDEN", "parked"),
	{
		name: "T4: the chat moved",
		arrange: ({ server }) =>
			server.fault(
				"sendMessage",
				answer(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: -1009009 }),
			),
		kind: "later",
		expected: { movedTo: "-1009009", retryAt: NOW },
	},
	{ name: "T5: 429", arrange: ({ server }) => server.fault("sendMessage", { retryAfter: 7 }), kind: "later" },
	refusal("T6", 500, "Internal Server Error", "unknown"),
	{
		name: "T6: 500, carried out all the same",
		arrange: ({ server }) => server.fault("sendMessage", { ...answer(500, "Internal Server Error"), accept: true }),
		kind: "unknown",
		published: true,
	},
	{ name: "T6: a proxy's page", arrange: ({ server }) => server.fault("sendMessage", { html: true }), kind: "unknown" },
	{
		name: "T6: a page under 200",
		arrange: ({ server }) => server.fault("sendMessage", { raw: "<html>", status: 200 }),
		kind: "unknown",
		published: true,
	},
	{
		name: "T6: ok without a message",
		arrange: ({ server }) => server.fault("sendMessage", { raw: '{"ok":true,"result":{}}' }),
		kind: "unknown",
		published: true,
	},
	{
		name: "T6: reset before",
		arrange: ({ server }) => server.fault("sendMessage", { reset: "before" }),
		kind: "unknown",
	},
	{
		name: "T6: reset after",
		arrange: ({ server }) => server.fault("sendMessage", { reset: "after" }),
		kind: "unknown",
		published: true,
	},
	{
		name: "T6: an answer that breaks off",
		arrange: ({ server }) => server.fault("sendMessage", { truncate: true }),
		kind: "unknown",
		published: true,
		deadline: 150,
	},
	{
		name: "T6: no answer in time",
		arrange: ({ server }) => server.fault("sendMessage", { hang: true, accept: true }),
		kind: "unknown",
		published: true,
		deadline: 150,
	},
	{
		name: "T6: an answer in drops ends at the total deadline",
		arrange: ({ server }) => server.fault("sendMessage", { drip: 20 }),
		kind: "unknown",
		published: true,
		deadline: 150,
	},
	refusal("T8", 413, "Request Entity Too Large", "refused"),
	refusal("T9", 400, "Bad Request: message is too long", "refused"),
	{ name: "nobody listens", arrange: ({ server }) => server.close(), kind: "later" },
]);

describe("the telegram channel", () => {
	const houses: House[] = [];
	afterEach(async () => {
		for (const house of houses.splice(0)) await house.close();
	});
	async function fresh(options: Parameters<typeof open>[0] = {}): Promise<House> {
		const house = await open(options);
		houses.push(house);
		return house;
	}
	const never = new AbortController().signal;

	test("a post has its link preview above the text, and no link a quiet one", async () => {
		const { channel, server } = await fresh();
		await channel.send(channel.compose(occasionOf()));
		await channel.send(channel.compose(occasionOf({ title: "خبر آخر" }, { links: false, silent: true })));
		const [first, second] = server.calls("sendMessage").map(({ body }) => body);
		expect(first).toMatchObject({
			chat_id: "@nirgal_news",
			parse_mode: "HTML",
			link_preview_options: {
				url: "https://example.org/news/%D9%85%D8%A7%D8%A1",
				prefer_large_media: true,
				show_above_text: true,
			},
		});
		expect(first).not.toHaveProperty("disable_notification");
		expect(second).toMatchObject({ disable_notification: true, link_preview_options: { is_disabled: true } });
		expect(server.invalid).toEqual([]);
	});

	test("the receipt says where people can open the post", async () => {
		const { channel, server } = await fresh();
		const { id, url } = await channel.send(channel.compose(occasionOf()));
		expect(id).toBe(String(server.posts(CHAT)[0]?.message_id));
		expect(url).toBe(`https://t.me/nirgal_news/${id}`);
	});

	test("T1: the plain text is offered instead, with the address in full, and passes", async () => {
		const { channel, server } = await fresh();
		server.fault("sendMessage", answer(400, "Bad Request: can't parse entities: x"));
		const post = channel.compose(occasionOf({ title: "a < b & c" }));
		const error = (await channel.send(post).catch((reason: unknown) => reason)) as { instead: Post };
		const { instead } = error;
		expect(instead).not.toHaveProperty("html");
		expect(instead.text).toBe(`${post.text}\n${post.link}`);
		expect(instead.length).toBe(instead.text.length);
		await channel.send(instead);
		expect(server.posts(CHAT)[0]?.text).toBe(instead.text);
		server.fault("sendMessage", answer(400, "Bad Request: can't parse entities: x"));
		await expect(channel.send(instead)).rejects.toMatchObject({ kind: "refused", instead: undefined });
	});

	test("T5: waits at least as long as Telegram says, and a minute when it does not say", async () => {
		const { channel, server } = await fresh();
		const post = channel.compose(occasionOf());
		for (const [fault, seconds] of [
			[{ retryAfter: 7 }, 7],
			[answer(429, "Too Many Requests"), 60],
		] as const) {
			server.fault("sendMessage", fault);
			const { retryAt } = (await channel.send(post).catch((reason: unknown) => reason)) as { retryAt: Date };
			const waits = (retryAt.getTime() - NOW.getTime()) / 1_000;
			expect(waits).toBeGreaterThanOrEqual(seconds);
			expect(waits).toBeLessThanOrEqual(seconds + 1);
		}
	});

	/** A post whose answer was lost, and what was known before it. */
	async function lost(house: House, arrived: boolean) {
		const { channel, server } = house;
		const { id: baseline } = await channel.send(channel.compose(occasionOf({ title: "قبله" })));
		const post = channel.compose(occasionOf());
		server.fault("sendMessage", { reset: arrived ? "after" : "before" });
		await expect(channel.send(post)).rejects.toMatchObject({ kind: "unknown" });
		return { post, intent: { at: NOW.toISOString(), baseline } };
	}

	test("find: a post that arrived is found, also behind what others posted, and followers see nothing of it", async () => {
		const house = await fresh();
		const { channel, server } = house;
		const { post, intent } = await lost(house, true);
		const there = server.posts(CHAT).at(-1)?.message_id;
		server.humanPost(CHAT, "منشور آخر");
		const before = structuredClone(server.posts(CHAT));
		expect(await channel.find(post, intent, never)).toEqual({
			id: String(there),
			url: `https://t.me/nirgal_news/${there}`,
		});
		expect(server.posts(CHAT)).toEqual(before);
		expect(server.replies(OPS), "copies are taken away").toEqual([]);
	});

	test("find: others' posts first", async () => {
		const house = await fresh();
		const { channel, server } = house;
		const { id: baseline } = await channel.send(channel.compose(occasionOf({ title: "قبله" })));
		server.humanPost(CHAT, "منشور المحرر");
		const post = channel.compose(occasionOf());
		const receipt = await channel.send(post);
		expect(await channel.find(post, { at: NOW.toISOString(), baseline }, never)).toEqual(receipt);
	});

	test("find: absent after three missing ids in a row, with a pause between looks", async () => {
		const house = await fresh();
		const { post, intent } = await lost(house, false);
		expect(await house.channel.find(post, intent, never)).toBe("absent");
		expect(house.server.calls("forwardMessage")).toHaveLength(3);
		expect(house.pauses).toEqual([1_000, 1_000]);
	});

	test.each<[string, Parameters<typeof open>[0], (house: House) => void, boolean]>([
		["without an ops chat", { opsChat: undefined }, () => {}, true],
		["without a last known post", {}, () => {}, false],
		["where content is protected", {}, ({ server }) => server.protect(CHAT, true), true],
		["where the admin stopped the bot", {}, ({ server }) => server.block(OPS), true],
	])("find cannot tell %s", async (_, options, arrange, known) => {
		const house = await fresh(options);
		const post = house.channel.compose(occasionOf());
		const { id: baseline } = await house.channel.send(house.channel.compose(occasionOf({ title: "قبله" })));
		await house.channel.send(post);
		arrange(house);
		expect(await house.channel.find(post, { at: NOW.toISOString(), ...(known ? { baseline } : {}) }, never)).toBe(
			"cannot-tell",
		);
	});

	test("find: eleven posts by others behind the last known one are too many to tell", async () => {
		const house = await fresh();
		const { post, intent } = await lost(house, false);
		for (let index = 0; index < 11; index++) house.server.humanPost(CHAT, `منشور ${index}`);
		expect(await house.channel.find(post, intent, never)).toBe("cannot-tell");
	});

	test.each([
		["5xx", answer(500, "Internal Server Error")],
		["429", { retryAfter: 3 }],
		["a reset", { reset: "before" as const }],
	])("find: a look that fails itself (%s) says nothing", async (_, fault) => {
		const house = await fresh();
		const { post, intent } = await lost(house, true);
		house.server.fault("forwardMessage", fault);
		const error = (await house.channel.find(post, intent, never).catch((reason: unknown) => reason)) as Error;
		expect(error).toBeInstanceOf(Error);
		expect(error.message).not.toContain("canary");
		expect(await house.channel.find(post, intent, never)).toMatchObject({ id: expect.stringMatching(/^\d+$/) });
	});

	test("find stops with the program", async () => {
		const house = await fresh();
		const { post, intent } = await lost(house, true);
		await expect(house.channel.find(post, intent, AbortSignal.abort())).rejects.toThrow("stopped");
		expect(house.server.calls("forwardMessage")).toEqual([]);
	});
});

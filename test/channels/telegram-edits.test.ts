import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Channel, SendError } from "../../src/channels/channel.ts";
import { telegramChannel } from "../../src/channels/telegram.ts";
import { TelegramApi } from "../../src/channels/telegram-api.ts";
import type { Post } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { composeFor, occasionOf } from "../contracts/channel.ts";
import { type FakeTelegram, startTelegram } from "../servers/telegram.ts";

const TOKEN = "7000001:AAHk3-canary_canary_canary_canary_0";
const CHAT = -1001001001001;
const NOW = new Date("2026-11-23T09:00:00.000Z");
const HOUR = 3_600_000;
const PICTURE = Buffer.from("\x89PNG\r\n\x1a\n0123456789", "latin1");
const signal = new AbortController().signal;
const compose = await composeFor("telegram", telegramLayout);

const shelf = new Map<string, Uint8Array>();
let time: number;
let server: FakeTelegram;
let channel: Channel & Required<Pick<Channel, "edit" | "remove" | "removeWithin">>;
let api: TelegramApi;

beforeEach(async () => {
	shelf.clear();
	time = NOW.getTime();
	server = await startTelegram({
		token: TOKEN,
		channels: [{ id: CHAT, username: "nirgal_news", title: "أخبار" }],
		now: () => time,
	});
	api = new TelegramApi(TOKEN, { apiRoot: server.url, deadline: 2_000 });
	channel = telegramChannel({
		name: "telegram",
		compose,
		api,
		chat: async () => "@nirgal_news",
		opsChat: undefined,
		now: () => new Date(time),
		pause: async () => {},
		shelf: { read: async (_owner, hash) => shelf.get(hash) },
	}) as typeof channel;
});
afterEach(async () => {
	const { invalid } = server;
	await server.close();
	expect(invalid).toEqual([]);
});

const post = (title: string): Post => compose(occasionOf({ title }));
const shown = () => server.posts(CHAT).map(({ text, caption }) => text ?? caption);
const failure = (call: Promise<unknown>): Promise<SendError> =>
	call.then(
		() => expect.unreachable("it went well"),
		(error: SendError) => error,
	);

describe("an edit", () => {
	test("changes the text with its marks and its preview", async () => {
		const receipt = await channel.send(post("عنوان أول"));
		const next = post("عنوان ثان");
		await channel.edit(receipt, next, signal);
		expect(shown()).toEqual([next.text]);
		const [message] = server.posts(CHAT);
		expect(message?.entities?.[0]).toMatchObject({ type: "bold" });
		expect(message?.link_preview_options).toMatchObject({ url: next.link, prefer_large_media: true });
		expect(message?.edit_date).toBeDefined();
	});

	test("done twice is done once: «message is not modified» is success", async () => {
		const receipt = await channel.send(post("عنوان أول"));
		await channel.edit(receipt, post("عنوان ثان"), signal);
		await channel.edit(receipt, post("عنوان ثان"), signal);
		expect(shown()).toEqual([post("عنوان ثان").text]);
	});

	test("of a picture with a caption changes the caption", async () => {
		const message = await api.sendPhoto("@nirgal_news", { source: PICTURE }, { caption: "قديم" });
		await channel.edit({ id: String(message.message_id) }, post("عنوان ثان"), signal);
		expect(shown()).toEqual([post("عنوان ثان").text]);
		await channel.edit({ id: String(message.message_id) }, post("عنوان ثان"), signal);
	});

	test("that is too long for a caption is refused", async () => {
		const message = await api.sendPhoto("@nirgal_news", { source: PICTURE }, { caption: "قديم" });
		const long = "كلمة ".repeat(300);
		const call = channel.edit({ id: String(message.message_id) }, { ...post("س"), html: long, text: long }, signal);
		expect(await failure(call)).toMatchObject({ kind: "refused" });
		expect(shown()).toEqual(["قديم"]);
	});

	test("of a message that is gone, or of somebody's own, is refused", async () => {
		const receipt = await channel.send(post("عنوان"));
		server.humanDelete(CHAT, Number(receipt.id));
		expect(await failure(channel.edit(receipt, post("آخر"), signal))).toMatchObject({
			kind: "refused",
			message: expect.stringContaining("message to edit not found"),
		});
		server.rights(CHAT, { edit: false });
		const id = String(server.humanPost(CHAT, "منشور محرر"));
		expect(await failure(channel.edit({ id }, post("آخر"), signal))).toMatchObject({
			kind: "refused",
			message: expect.stringContaining("message can't be edited"),
		});
	});

	test.each([
		["429 waits as told", { retryAfter: 7 }, { kind: "later", retryAt: new Date(NOW.getTime() + 7_500) }],
		["5xx is unknown", { status: 502, body: "<html>" }, { kind: "unknown" }],
		["a reset is unknown", { reset: "after" }, { kind: "unknown" }],
	] as const)("%s", async (_name, fault, wanted) => {
		const receipt = await channel.send(post("عنوان"));
		server.fault("editMessageText", fault);
		expect(await failure(channel.edit(receipt, post("آخر"), signal))).toMatchObject(wanted);
	});

	test("with marks that Telegram cannot read is offered without them", async () => {
		const receipt = await channel.send(post("عنوان"));
		const error = await failure(channel.edit(receipt, { ...post("آخر"), html: "<b>آخر" }, signal));
		expect(error.kind).toBe("refused");
		expect(error.instead?.html).toBeUndefined();
	});
});

describe("a post with a picture", () => {
	const picture = {
		hash: "h",
		type: "image/png",
		width: 9,
		height: 9,
		bytes: PICTURE.length,
		from: "article",
	} as const;
	const shown = { ...post("عنوان"), pictures: [picture], button: "اقرأ الخبر" };
	const file = () => server.posts(CHAT)[0]?.photo?.[0]?.file_id;

	test("gets other words under the same picture, in one call, and keeps its button", async () => {
		shelf.set("h", PICTURE);
		const receipt = await channel.send(shown);
		shelf.clear();
		const before = file();
		const next = { ...post("عنوان ثان"), pictures: [picture], button: "اقرأ الخبر" };
		await channel.edit(receipt, next, signal);
		await channel.edit(receipt, next, signal);
		expect(server.posts(CHAT)).toMatchObject([{ caption: next.text, reply_markup: { inline_keyboard: [[{}]] } }]);
		expect(file()).toBe(before);
		expect(server.calls("editMessageText")).toEqual([]);
	});

	test("gets another picture when its bytes lie ready", async () => {
		shelf.set("h", PICTURE);
		const receipt = await channel.send(shown);
		const before = file();
		shelf.set("i", PICTURE);
		await channel.edit(receipt, { ...shown, pictures: [{ ...picture, hash: "i" }] }, signal);
		expect(server.calls("editMessageMedia")).toHaveLength(1);
		expect(file()).not.toBe(before);
	});

	test("is taken down with all of its album", async () => {
		shelf.set("h", PICTURE);
		const receipt = await channel.send({ ...shown, pictures: [picture, picture] });
		expect(server.posts(CHAT)).toHaveLength(2);
		await channel.remove(receipt, signal);
		expect(server.posts(CHAT)).toEqual([]);
	});
});

describe("taking a post down", () => {
	test("works, also when it is down already", async () => {
		const receipt = await channel.send(post("عنوان"));
		await channel.remove(receipt, signal);
		await channel.remove(receipt, signal);
		expect(shown()).toEqual([]);
	});

	test("is no longer tried when Telegram would refuse", async () => {
		const receipt = await channel.send(post("عنوان"));
		expect(channel.removeWithin).toBeLessThan(48 * HOUR);
		time += 49 * HOUR;
		expect(await failure(channel.remove(receipt, signal))).toMatchObject({ kind: "refused" });
		expect(shown()).toHaveLength(1);
	});
});

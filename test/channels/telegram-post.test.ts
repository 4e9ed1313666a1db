import { afterEach, describe, expect, test } from "vitest";
import { type Channel, SendError } from "../../src/channels/channel.ts";
import { drawingLibrary } from "../../src/channels/drawing.ts";
import { hashOf } from "../../src/channels/picture-shelf.ts";
import { telegramChannel } from "../../src/channels/telegram.ts";
import { TelegramApi } from "../../src/channels/telegram-api.ts";
import { type Post, type PostPicture, withoutPictures } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { composeFor, occasionOf } from "../contracts/channel.ts";
import { type FakeTelegram, startTelegram } from "../servers/telegram.ts";
import { silence } from "../world.ts";
import { picture } from "./picture-samples.ts";

const TOKEN = "7000001:AAHk3-canary_canary_canary_canary_0";
const CHAT = -1001001001001;
const OPS = 77;

const drawing = await drawingLibrary(silence)();
if (!drawing) throw new Error("these tests need @napi-rs/canvas");
const PHOTO = await picture(drawing, "jpeg", 800, 450);
const SECOND = await picture(drawing, "png", 640, 480);
const STRIP = await picture(drawing, "png", 2_100, 100);
const SHELF = new Map([PHOTO, SECOND, STRIP].map((bytes) => [hashOf(bytes), bytes]));

const named = (bytes: Buffer, type: PostPicture["type"] = "image/jpeg"): PostPicture => ({
	hash: hashOf(bytes),
	type,
	width: 800,
	height: 450,
	bytes: bytes.length,
	from: "article",
});

const compose = await composeFor("telegram", telegramLayout);
const plain = compose(occasionOf());

interface House {
	readonly server: FakeTelegram;
	readonly channel: Channel;
	readonly complaints: string[];
}
const houses: House[] = [];
afterEach(async () => {
	for (const { server } of houses.splice(0)) {
		expect(server.invalid).toEqual([]);
		await server.close();
	}
});

async function open(more: { readonly rights?: { readonly edit: boolean } } = {}): Promise<House> {
	const server = await startTelegram({
		token: TOKEN,
		channels: [{ id: CHAT, username: "nirgal_news", topics: [7], ...more }],
		users: [{ id: OPS, first_name: "مشرف" }],
	});
	const complaints: string[] = [];
	const channel = telegramChannel({
		name: "telegram",
		compose,
		api: new TelegramApi(TOKEN, { apiRoot: server.url }),
		chat: async () => "@nirgal_news",
		opsChat: String(OPS),
		now: () => new Date("2026-11-23T09:00:00.000Z"),
		pause: async () => undefined,
		shelf: { read: async (_post, hash) => SHELF.get(hash) },
		complain: (words) => complaints.push(words),
	});
	const house = { server, channel, complaints };
	houses.push(house);
	return house;
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

describe("forms", () => {
	test.each<[string, Partial<Post>, string, object]>([
		[
			"the page's picture above the text",
			{},
			"sendMessage",
			{ link_preview_options: { url: plain.link, prefer_large_media: true, show_above_text: true } },
		],
		[
			"the page's picture below the text",
			{ preview: "below" },
			"sendMessage",
			{ link_preview_options: { url: plain.link, prefer_large_media: true, show_above_text: false } },
		],
		["words alone", { preview: "none" }, "sendMessage", { link_preview_options: { is_disabled: true } }],
		[
			"a photo with its caption",
			{ pictures: [named(PHOTO)] },
			"sendPhoto",
			{ caption: plain.html, parse_mode: "HTML" },
		],
		[
			"a silent photo",
			{ pictures: [named(PHOTO)], silent: true },
			"sendPhoto",
			{ caption: plain.html, disable_notification: true },
		],
		[
			"a photo with a button, in a topic",
			{ pictures: [named(PHOTO)], button: "اقرأ الخبر", thread: 7 },
			"sendPhoto",
			{
				message_thread_id: 7,
				reply_markup: { inline_keyboard: [[{ text: "اقرأ الخبر", url: plain.link }]] },
			},
		],
		[
			"a message with a button",
			{ button: "اقرأ الخبر" },
			"sendMessage",
			{ reply_markup: { inline_keyboard: [[{ text: "اقرأ الخبر", url: plain.link }]] } },
		],
		[
			"a silent album in a topic",
			{ pictures: [named(PHOTO), named(SECOND, "image/png")], silent: true, thread: 7 },
			"sendMediaGroup",
			{ disable_notification: true, message_thread_id: 7 },
		],
	])("%s: one request", async (_name, more, method, body) => {
		const { server, channel } = await open();
		const post = { ...plain, ...more };
		const receipt = await channel.send(post);
		expect(server.requests.map((call) => call.method)).toEqual([method]);
		expect(server.requests[0]?.body).toMatchObject(body);
		const [first, ...others] = server.posts(CHAT);
		expect(first?.caption ?? first?.text).toBe(plain.text);
		expect(receipt).toMatchObject({
			id: String(first?.message_id),
			url: `https://t.me/nirgal_news/${first?.message_id}`,
		});
		expect(receipt.others ?? []).toEqual(others.map(({ message_id }) => String(message_id)));
	});

	test("an album says its words once, under the first picture", async () => {
		const { server, channel } = await open();
		await channel.send({ ...plain, pictures: [named(PHOTO), named(SECOND, "image/png")] });
		expect(server.posts(CHAT).map(({ caption, photo }) => [caption, photo?.length])).toEqual([
			[plain.text, 1],
			[undefined, 1],
		]);
	});
});

describe("T7: what Telegram does not take goes out in another form", () => {
	const withPhoto: Post = { ...plain, pictures: [named(PHOTO)] };
	const withButton: Post = { ...plain, button: "اقرأ الخبر" };
	test.each<[number, string, Post, Post]>([
		[400, "Bad Request: IMAGE_PROCESS_FAILED", withPhoto, plain],
		[400, "Bad Request: PHOTO_INVALID_DIMENSIONS", withPhoto, plain],
		[400, "Bad Request: PHOTO_SAVE_FILE_INVALID", withPhoto, plain],
		[400, "Bad Request: wrong file identifier/HTTP URL specified", withPhoto, plain],
		[400, "Bad Request: failed to get HTTP URL content", withPhoto, plain],
		[400, "Bad Request: WEBPAGE_CURL_FAILED", withPhoto, plain],
		[400, "Bad Request: wrong type of the web page content", withPhoto, plain],
		[400, "Bad Request: message caption is too long", withPhoto, plain],
		[400, "Bad Request: not enough rights to send photos to the chat", withPhoto, plain],
		[413, "Request Entity Too Large", withPhoto, plain],
		[400, "Bad Request: BUTTON_URL_INVALID", withButton, plain],
	])("%i %s", async (code, description, post, instead) => {
		const { server, channel } = await open();
		const answer = { status: code, body: { ok: false, error_code: code, description } };
		server.fault(post.pictures ? "sendPhoto" : "sendMessage", answer);
		const error = await failed(channel.send(post));
		expect(error).toMatchObject({ kind: "refused", instead });
		expect(error.instead).not.toHaveProperty("pictures");
		expect(error.instead).not.toHaveProperty("button");
		expect(server.posts(CHAT)).toEqual([]);
	});

	test("a strip, refused by the server itself", async () => {
		const { channel } = await open();
		const post = { ...plain, pictures: [named(STRIP, "image/png")] };
		expect(await failed(channel.send(post))).toMatchObject({ kind: "refused", instead: withoutPictures(post) });
	});

	test("a picture whose bytes are gone: the words, and no request", async () => {
		const { server, channel } = await open();
		const post = { ...plain, pictures: [{ ...named(PHOTO), hash: "00" }] };
		expect(await failed(channel.send(post))).toMatchObject({ kind: "refused", instead: plain });
		expect(server.requests).toEqual([]);
	});

	test("markup that Telegram cannot read: the words alone", async () => {
		const { server, channel } = await open();
		const description = "Bad Request: can't parse entities: Unsupported start tag";
		server.fault("sendPhoto", { status: 400, body: { ok: false, error_code: 400, description } });
		const { instead } = await failed(channel.send(withPhoto));
		expect(instead).not.toHaveProperty("pictures");
		expect(instead?.text).toBe(`${plain.text}\n${plain.link}`);
	});

	test.each(["message thread not found", "TOPIC_CLOSED"])("%s: a person must look", async (words) => {
		const { server, channel } = await open();
		if (words === "TOPIC_CLOSED")
			server.fault("sendMessage", {
				status: 400,
				body: { ok: false, error_code: 400, description: `Bad Request: ${words}` },
			});
		expect(await failed(channel.send({ ...plain, thread: words === "TOPIC_CLOSED" ? 7 : 8 }))).toMatchObject({
			kind: "parked",
		});
	});
});

describe("a lost answer", () => {
	const attempt = { at: "2026-11-23T09:00:00.000Z", baseline: "10" };
	const find = ({ channel }: House, post: Post) => channel.find(post, attempt, new AbortController().signal);
	test.each<[string, readonly PostPicture[]]>([
		["a photo", [named(PHOTO)]],
		["an album, by its first picture", [named(PHOTO), named(SECOND, "image/png")]],
	])("%s is found by its caption", async (_name, pictures) => {
		const house = await open();
		const post = { ...plain, pictures };
		house.server.fault(pictures.length > 1 ? "sendMediaGroup" : "sendPhoto", { reset: "after" });
		expect(await failed(house.channel.send(post))).toMatchObject({ kind: "unknown" });
		expect(await find(house, post)).toMatchObject({ id: "11" });
	});

	test("one that never arrived is absent", async () => {
		const house = await open();
		const post = { ...plain, pictures: [named(PHOTO)] };
		house.server.fault("sendPhoto", { reset: "before" });
		expect(await failed(house.channel.send(post))).toMatchObject({ kind: "unknown" });
		expect(await find(house, post)).toBe("absent");
	});

	test("what stands behind the note of a pin is found, and nothing is called absent because of it", async () => {
		const house = await open();
		const human = house.server.humanPost(CHAT, "منشور بيد محرر");
		await house.channel.follow?.({ ...plain, pin: true }, { id: String(human) });
		expect(await find(house, plain)).toBe("cannot-tell");
		await house.channel.send(plain);
		expect(await find(house, plain)).toMatchObject({ id: String(human + 2) });
	});
});

describe("pinning", () => {
	test("breaking news is pinned once it is out", async () => {
		const { server, channel, complaints } = await open();
		const post: Post = { ...plain, pin: true };
		const receipt = await channel.send(post);
		await channel.follow?.(post, receipt);
		expect(server.pinned).toEqual([{ chat: CHAT, message: Number(receipt.id) }]);
		expect(complaints).toEqual([]);
	});

	test("other posts are not", async () => {
		const { server, channel } = await open();
		await channel.follow?.(plain, await channel.send(plain));
		expect(server.calls("pinChatMessage")).toEqual([]);
	});

	test("a bot that may not pin complains, and nothing else happens", async () => {
		const { channel, complaints } = await open({ rights: { edit: false } });
		const post: Post = { ...plain, pin: true };
		await channel.follow?.(post, await channel.send(post));
		expect(complaints).toEqual([expect.stringContaining("not enough rights to manage pinned messages")]);
	});
});

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { PICTURE } from "./site.ts";
import { type FakeTelegram, startTelegram, type TelegramOptions } from "./telegram.ts";

const TOKEN = "123456789:AAF-test_token_of_thirty_five_signs";
const CHANNEL = -1001234567890;
const ADMIN = 42;
let tg: FakeTelegram;
afterEach(() => tg.close());

async function start(options: Partial<TelegramOptions> = {}): Promise<void> {
	tg = await startTelegram({
		token: TOKEN,
		channels: [{ id: CHANNEL, username: "nakhla_news" }],
		users: [{ id: ADMIN, first_name: "سلمى" }],
		...options,
	});
}
interface Reply {
	status: number;
	ok: boolean;
	result: never;
	description: string;
	parameters?: { retry_after?: number; migrate_to_chat_id?: number };
}
async function call(method: string, body: object = {}, signal?: AbortSignal): Promise<Reply> {
	const response = await fetch(`${tg.url}/bot${TOKEN}/${method}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
		...(signal ? { signal } : {}),
	});
	return {
		status: response.status,
		...((await response.json()) as Omit<Reply, "status">),
	};
}
const send = (more: object = {}) => call("sendMessage", { chat_id: CHANNEL, text: "خبر", ...more });
const button = (data: string) => ({
	reply_markup: { inline_keyboard: [[{ text: "نعم", callback_data: data }]] },
});
const texts = () => tg.posts(CHANNEL).map((post) => post.text ?? post.caption);

test("a post is kept as followers see it", async () => {
	await start();
	const { status, result } = await send({
		text: "<b>عنوان</b> @nirij_news",
		parse_mode: "HTML",
	});
	expect(status).toBe(200);
	expect(tg.posts("@nakhla_news")).toEqual([result]);
	expect(tg.posts(CHANNEL)[0]).toMatchObject({
		text: "عنوان @nirij_news",
		entities: [
			{ type: "bold", offset: 0, length: 5 },
			{ type: "mention", offset: 6, length: 11 },
		],
		chat: { id: CHANNEL, type: "channel", username: "nakhla_news" },
	});
	expect(tg.invalid).toEqual([]);
});

test.each([
	["wrong token", `bot${TOKEN}x/getMe`, 401, "Unauthorized"],
	["malformed token", "botnonsense/getMe", 404, "Not Found"],
	["unknown method", `bot${TOKEN}/logOut`, 404, "Not Found: method not found"],
])("%s", async (_name, path, status, description) => {
	await start();
	const response = await fetch(`${tg.url}/${path}`);
	expect(await response.json()).toEqual({
		ok: false,
		error_code: status,
		description,
	});
	expect(response.status).toBe(status);
});

test.each([
	[
		"obsolete field",
		"sendMessage",
		{ chat_id: CHANNEL, text: "خبر", disable_web_page_preview: true },
		"disable_web_page_preview",
	],
	["text missing", "sendMessage", { chat_id: CHANNEL, text: "" }, "message text is empty"],
	["white space only", "sendMessage", { chat_id: CHANNEL, text: " \n" }, "message text is empty"],
	["4097 units", "sendMessage", { chat_id: CHANNEL, text: "ع".repeat(4097) }, "message is too long"],
	[
		"bad HTML",
		"sendMessage",
		{ chat_id: CHANNEL, text: "<p>ع</p>", parse_mode: "HTML" },
		`can't parse entities: Unsupported start tag "p" at byte offset 0`,
	],
	[
		"caption of 1025",
		"sendPhoto",
		{
			chat_id: CHANNEL,
			photo: "https://a.iq/a.jpg",
			caption: "ع".repeat(1025),
		},
		"message caption is too long",
	],
	[
		"65 bytes of data",
		"sendMessage",
		{ chat_id: CHANNEL, text: "خبر", ...button("ع".repeat(33)) },
		"BUTTON_DATA_INVALID",
	],
	[
		"album of one",
		"sendMediaGroup",
		{ chat_id: CHANNEL, media: [{ type: "photo", media: "https://a.iq/1" }] },
		"too few messages",
	],
	[
		"album of eleven",
		"sendMediaGroup",
		{
			chat_id: CHANNEL,
			media: Array.from({ length: 11 }, () => ({
				type: "photo",
				media: "https://a.iq/1",
			})),
		},
		"too many messages",
	],
	[
		"Arabic command",
		"setMyCommands",
		{ commands: [{ command: "حالة", description: "الحالة" }] },
		"BOT_COMMAND_INVALID",
	],
	[
		"101 commands",
		"setMyCommands",
		{
			commands: Array.from({ length: 101 }, (_, i) => ({
				command: `c${i}`,
				description: "د",
			})),
		},
		"BOT_COMMANDS_TOO_MUCH",
	],
	["unknown chat", "sendMessage", { chat_id: "@nobody_here", text: "خبر" }, "chat not found"],
	[
		"reply to nothing",
		"sendMessage",
		{ chat_id: CHANNEL, text: "خبر", reply_parameters: { message_id: 99 } },
		"message to be replied not found",
	],
	[
		"edit of nothing",
		"editMessageText",
		{ chat_id: CHANNEL, message_id: 99, text: "خبر" },
		"message to edit not found",
	],
	["delete of nothing", "deleteMessage", { chat_id: CHANNEL, message_id: 99 }, "message to delete not found"],
	[
		"forward of nothing",
		"forwardMessage",
		{ chat_id: ADMIN, from_chat_id: CHANNEL, message_id: 99 },
		"message to forward not found",
	],
	["stale query", "answerCallbackQuery", { callback_query_id: "x" }, "query is too old"],
])("refused: %s", async (_name, method, body, words) => {
	await start();
	const answer = await call(method, body);
	expect(answer.status).toBe(400);
	expect(answer.description).toMatch(/^Bad Request: /);
	expect(answer.description).toContain(words);
	expect(tg.posts(CHANNEL)).toEqual([]);
});

test("4096 units and 64 bytes pass; markup does not count", async () => {
	await start();
	const text = `<b>${"ع".repeat(4096)}</b>`;
	expect(await send({ text, parse_mode: "HTML", ...button("ع".repeat(32)) })).toMatchObject({ ok: true });
});

test("edits and deletions show, in order", async () => {
	await start();
	await send({ text: "أول" });
	const second = (await send({ text: "ثان" })).result as { message_id: number };
	const third = (
		await call("sendPhoto", {
			chat_id: CHANNEL,
			photo: "https://a.iq/a.jpg",
			caption: "ثالث",
		})
	).result as { message_id: number };
	const at = { chat_id: CHANNEL, message_id: second.message_id };
	await call("editMessageText", { ...at, text: "ثان معدل" });
	expect((await call("editMessageText", { ...at, text: "ثان معدل" })).description).toContain("message is not modified");
	expect((await call("editMessageCaption", { ...at, caption: "خطأ" })).description).toContain("there is no caption");
	await call("editMessageCaption", {
		chat_id: CHANNEL,
		message_id: third.message_id,
		caption: "ثالث معدل",
	});
	await call("deleteMessage", { chat_id: CHANNEL, message_id: 11 });
	expect(texts()).toEqual(["ثان معدل", "ثالث معدل"]);
});

test("an upload in a multipart form keeps its Arabic and its types", async () => {
	await start();
	const form = new FormData();
	form.set("chat_id", String(CHANNEL));
	form.set("caption", "<b>صورة</b>");
	form.set("parse_mode", "HTML");
	form.set("disable_notification", "true");
	form.set(
		"reply_markup",
		JSON.stringify({
			inline_keyboard: [[{ text: "اقرأ", url: "https://a.iq/" }]],
		}),
	);
	form.set("photo", new Blob([PICTURE]), "صورة.png");
	const response = await fetch(`${tg.url}/bot${TOKEN}/sendPhoto`, {
		method: "POST",
		body: form,
	});
	expect(response.status).toBe(200);
	expect(tg.posts(CHANNEL)[0]).toMatchObject({
		caption: "صورة",
		caption_entities: [{ type: "bold" }],
	});
	expect(tg.requests[0]?.body["disable_notification"]).toBe(true);
});

test("an album from attached files takes an id for each picture", async () => {
	await start();
	const form = new FormData();
	form.set("chat_id", "@nakhla_news");
	form.set(
		"media",
		JSON.stringify([
			{ type: "photo", media: "attach://a", caption: "ألبوم" },
			{ type: "photo", media: "attach://b" },
		]),
	);
	form.set("a", new Blob([PICTURE]), "a.png");
	form.set("b", new Blob([PICTURE]), "b.png");
	await fetch(`${tg.url}/bot${TOKEN}/sendMediaGroup`, {
		method: "POST",
		body: form,
	});
	expect(tg.posts(CHANNEL).map((post) => post.message_id)).toEqual([11, 12]);
	expect(tg.invalid).toEqual([]);
});

test("a form body", async () => {
	await start();
	const body = new URLSearchParams({
		chat_id: String(CHANNEL),
		text: "خبر من استمارة",
		disable_notification: "true",
	});
	await fetch(`${tg.url}/bot${TOKEN}/sendMessage`, { method: "POST", body });
	expect(texts()).toEqual(["خبر من استمارة"]);
});

test("a letter that straddles two chunks stays whole", async () => {
	await start();
	const body = Buffer.from(JSON.stringify({ chat_id: CHANNEL, text: "خبر" }));
	const cut = body.indexOf("خ") + 1;
	const status = await new Promise<number | undefined>((resolve, reject) => {
		const sent = request(
			`${tg.url}/bot${TOKEN}/sendMessage`,
			{ method: "POST", headers: { "content-type": "application/json" } },
			(response) => {
				response.resume();
				resolve(response.statusCode);
			},
		);
		sent.on("error", reject);
		sent.write(body.subarray(0, cut), () => sent.end(body.subarray(cut)));
	});
	expect([status, texts()]).toEqual([200, ["خبر"]]);
});

test("something that is not a picture is refused", async () => {
	await start();
	const form = new FormData();
	form.set("chat_id", String(CHANNEL));
	form.set("photo", new Blob(["<svg/>"]), "a.png");
	const response = await fetch(`${tg.url}/bot${TOKEN}/sendPhoto`, {
		method: "POST",
		body: form,
	});
	expect(await response.json()).toMatchObject({
		error_code: 400,
		description: "Bad Request: IMAGE_PROCESS_FAILED",
	});
});

test("a forward shows what stands in the channel", async () => {
	await start();
	await send({ text: "<b>خبر</b>", parse_mode: "HTML" });
	const answer = await call("forwardMessage", {
		chat_id: ADMIN,
		from_chat_id: CHANNEL,
		message_id: 11,
	});
	expect(answer.result).toMatchObject({
		chat: { id: ADMIN },
		text: "خبر",
		entities: [{ type: "bold", offset: 0, length: 3 }],
		forward_origin: { type: "channel", chat: { id: CHANNEL }, message_id: 11 },
	});
	expect(tg.replies(ADMIN)).toHaveLength(1);
	tg.protect(CHANNEL, true);
	expect(
		await call("forwardMessage", {
			chat_id: ADMIN,
			from_chat_id: CHANNEL,
			message_id: 11,
		}),
	).toMatchObject({
		status: 400,
		description: "Bad Request: message has protected content and can't be forwarded",
	});
});

test.each([
	["no right to post", { post: false }, 400, "Bad Request: need administrator rights in the channel chat"],
	["kicked", { kicked: true }, 403, "Forbidden: bot was kicked from the channel chat"],
	["not a member", { member: false }, 403, "Forbidden: bot is not a member of the channel chat"],
])("rights: %s", async (_name, rights, status, description) => {
	await start();
	tg.rights(CHANNEL, rights);
	expect(await send()).toMatchObject({ status, description });
	tg.rights(CHANNEL, { post: true, kicked: false, member: true });
	expect(await send()).toMatchObject({ status: 200 });
});

test("rights are told by getChatMember", async () => {
	await start();
	tg.rights(CHANNEL, { delete: false });
	expect((await call("getChatMember", { chat_id: CHANNEL, user_id: 123456789 })).result).toMatchObject({
		status: "administrator",
		can_post_messages: true,
		can_delete_messages: false,
	});
});

test("a chat that moved says where", async () => {
	await start();
	tg.migrate(CHANNEL, -1009);
	expect(await send()).toMatchObject({
		status: 400,
		parameters: { migrate_to_chat_id: -1009 },
	});
	expect(await send({ chat_id: -1009 })).toMatchObject({ status: 200 });
	expect(texts()).toEqual(["خبر"]);
});

test("the strict rate answers 429 and forgets after its window", async () => {
	let now = 1_800_000_000_000;
	await start({ limit: { count: 2, windowMs: 60_000 }, now: () => now });
	await send();
	now += 20_000;
	await send();
	expect(await send()).toMatchObject({
		status: 429,
		parameters: { retry_after: 40 },
		description: "Too Many Requests: retry after 40",
	});
	expect(tg.tooMany).toBe(1);
	now += 40_001;
	expect(await send()).toMatchObject({ status: 200 });
});

test("posts older than two days stay", async () => {
	let now = 1_800_000_000_000;
	await start({ now: () => now });
	await send();
	now += 172_801_000;
	expect((await call("deleteMessage", { chat_id: CHANNEL, message_id: 11 })).description).toContain("can't be deleted");
});

test("updates wait until they are confirmed", async () => {
	await start();
	tg.say(ADMIN, "/status الآن");
	tg.press(ADMIN, 1, "نعم");
	tg.humanPost(CHANNEL, "خبر من زميل");
	const first = (await call("getUpdates", { limit: 2 })).result as {
		update_id: number;
	}[];
	expect(first).toMatchObject([
		{
			message: {
				text: "/status الآن",
				from: { id: ADMIN },
				entities: [{ type: "bot_command", offset: 0, length: 7 }],
			},
		},
		{ callback_query: { data: "نعم", from: { id: ADMIN } } },
	]);
	expect((await call("getUpdates")).result).toHaveLength(3);
	const rest = (await call("getUpdates", { offset: (first[1]?.update_id ?? 0) + 1 })).result;
	expect(rest).toMatchObject([{ channel_post: { text: "خبر من زميل", sender_chat: { id: CHANNEL } } }]);
	expect(texts()).toEqual(["خبر من زميل"]);
});

test("a long poll ends with the update; the elder of two gets 409", async () => {
	await start();
	const elder = call("getUpdates", { timeout: 30 });
	await tg.until(() => tg.requests.length === 1);
	const younger = call("getUpdates", { timeout: 30 });
	expect(await elder).toMatchObject({
		status: 409,
		description: expect.stringContaining("terminated by other getUpdates request"),
	});
	tg.say(ADMIN, "/start");
	expect((await younger).result).toHaveLength(1);
});

test("a webhook gets updates with its secret, and polling is refused", async () => {
	await start();
	const got: unknown[] = [];
	const hook = createServer(async (request, response) => {
		const parts: Buffer[] = [];
		for await (const part of request) parts.push(part as Buffer);
		got.push([
			request.headers["x-telegram-bot-api-secret-token"],
			JSON.parse(Buffer.concat(parts).toString()).message.text,
		]);
		response.end();
	});
	await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
	await call("setWebhook", {
		url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
		secret_token: "s3cret",
	});
	tg.say(ADMIN, "مرحبا");
	await tg.until(() => tg.pending === 0);
	expect(got).toEqual([["s3cret", "مرحبا"]]);
	expect(await call("getUpdates")).toMatchObject({
		status: 409,
		description: expect.stringContaining("webhook is active"),
	});
	await call("deleteWebhook");
	expect(await call("getUpdates")).toMatchObject({ status: 200 });
	hook.close();
	hook.closeAllConnections();
});

test("a pressed button is answered once", async () => {
	await start();
	const id = tg.press(ADMIN, 5, "x");
	expect(await call("answerCallbackQuery", { callback_query_id: id, text: "تم" })).toMatchObject({ ok: true });
	expect(tg.answers.get(id)).toMatchObject({ text: "تم" });
	expect(await call("answerCallbackQuery", { callback_query_id: id })).toMatchObject({ status: 400 });
});

test("commands by scope and language; a person who never started has no chat", async () => {
	await start({ users: [{ id: ADMIN }, { id: 43, started: false }] });
	const commands = [{ command: "status", description: "الحالة" }];
	await call("setMyCommands", {
		commands,
		scope: { type: "chat", chat_id: ADMIN },
		language_code: "ar",
	});
	expect(
		(
			await call("getMyCommands", {
				scope: { type: "chat", chat_id: ADMIN },
				language_code: "ar",
			})
		).result,
	).toEqual(commands);
	expect((await call("getMyCommands")).result).toEqual([]);
	expect(
		await call("setMyCommands", {
			commands,
			scope: { type: "chat", chat_id: 43 },
		}),
	).toMatchObject({ description: "Bad Request: chat not found" });
	tg.block(ADMIN);
	expect(await send({ chat_id: ADMIN })).toMatchObject({
		status: 403,
		description: "Forbidden: bot was blocked by the user",
	});
});

test.each([
	[
		"own JSON",
		{
			status: 403,
			body: { ok: false, error_code: 403, description: "Forbidden: x" },
		},
		"403 Forbidden: x",
		0,
	],
	["retryAfter", { retryAfter: 7 }, "429 Too Many Requests: retry after 7", 0],
	["html", { html: true as const }, "502 no JSON", 0],
	["html after accepting", { html: 504, accept: true }, "504 no JSON", 1],
	["reset before", { reset: "before" as const }, "no answer", 0],
	["reset after", { reset: "after" as const }, "no answer", 1],
	["hang", { hang: true as const }, "no answer", 0],
	["hang after accepting", { hang: true as const, accept: true }, "no answer", 1],
	["truncate", { truncate: true as const }, "200 no answer", 1],
	["raw", { raw: '{"ok":tr' }, "200 no JSON", 1],
	["drip", { drip: 1 }, "200 ok", 1],
	["delay", { delay: 1 }, "200 ok", 1],
])("fault: %s", async (_name, fault, outcome, posts) => {
	await start();
	tg.fault("sendMessage", fault);
	let told = "";
	try {
		const response = await fetch(`${tg.url}/bot${TOKEN}/sendMessage`, {
			method: "POST",
			body: new URLSearchParams({ chat_id: "@nakhla_news", text: "خبر" }),
			// Only what never answers is worth giving up: a busy machine is slow.
			signal: AbortSignal.timeout("hang" in fault ? 800 : 20_000),
		});
		told = `${response.status} `;
		const { description } = (await response.json()) as { description?: string };
		told += description ?? "ok";
	} catch (error) {
		told += error instanceof SyntaxError ? "no JSON" : "no answer";
	}
	expect(told).toBe(outcome);
	expect(tg.posts(CHANNEL)).toHaveLength(posts);
	expect(await send()).toMatchObject({ ok: true });
});

test("a fault waits for its body and strikes so often as told", async () => {
	await start();
	tg.fault("sendMessage", {
		retryAfter: 1,
		times: 2,
		when: (body) => body["text"] === "هذا",
	});
	const statuses = [];
	for (const text of ["ذاك", "هذا", "هذا", "هذا"]) statuses.push((await send({ text })).status);
	expect(statuses).toEqual([200, 429, 429, 200]);
	expect(tg.calls("sendMessage").map((one) => one.status)).toEqual(statuses);
});

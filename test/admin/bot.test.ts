import { afterEach, beforeEach, expect, test } from "vitest";
import type { Fault } from "../servers/fault.ts";
import { CHANNEL, EDITOR, type House, openHouse, OWNER, plain, STRANGER, sentencesOf } from "./house.ts";

let house: House;

beforeEach(async () => {
	house = await openHouse();
});
afterEach(async () => {
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

const polls = () => house.telegram.calls("getUpdates").length;
const repliesTo = (user: number) => house.telegram.replies(user).map(plain);
const said = (message: string) => house.lines.filter((line) => line.message.includes(message));
const GROUP = -1_009_876_543_210;
const group = (more: object = {}) => ({ chat: { id: GROUP, type: "supergroup", title: "غرفة التحرير" }, ...more });

/** Everything said so far has been looked at once a later command of the owner is answered. */
async function settled(): Promise<void> {
	await house.told(OWNER, "/id");
}

test.each([
	["a stranger's command", () => house.telegram.say(STRANGER, "/status")],
	["a stranger's words", () => house.telegram.say(STRANGER, "مرحبًا")],
	[
		"a stranger who took an admin's name",
		() =>
			house.telegram.say(STRANGER, "/pause", {
				from: { id: STRANGER, is_bot: false, first_name: "سارة", username: "owner" },
			}),
	],
	[
		"a bot with an admin's id",
		() => house.telegram.say(OWNER, "/pause", { from: { id: OWNER, is_bot: true, first_name: "x" } }),
	],
	[
		"an anonymous admin of a group",
		() => house.telegram.say(OWNER, "/pause", { sender_chat: { id: GROUP, type: "supergroup", title: "x" } }),
	],
	[
		"a forwarded command",
		() =>
			house.telegram.say(OWNER, "/pause", {
				forward_origin: { type: "user", date: 1, sender_user: { id: STRANGER, is_bot: false, first_name: "x" } },
			}),
	],
	["a forwarded command of an old server", () => house.telegram.say(OWNER, "/pause", { forward_date: 1 })],
	[
		"a command through another bot",
		() => house.telegram.say(OWNER, "/pause", { via_bot: { id: 5, is_bot: true, first_name: "x" } }),
	],
	["an admin in another group", () => house.telegram.say(OWNER, "/pause", group())],
	["a stranger's button", () => house.telegram.press(STRANGER, 1, "run:status")],
])("%s gets no answer and does nothing", async (_name, act) => {
	house.bot().start();
	act();
	await settled();
	expect(house.telegram.calls("sendMessage")).toHaveLength(1);
	expect(house.telegram.answers.size).toBe(0);
	expect((await house.ledger.channel("telegram")).paused).toBeUndefined();
	expect(said("were not answered").map(({ fields }) => fields["refused"])).toEqual([1]);
});

test("a flood of strangers is counted in one line and keeps nobody waiting", async () => {
	house.bot().start();
	for (let i = 0; i < 300; i++) house.telegram.say(STRANGER + i, "/start");
	await settled();
	expect(house.telegram.calls("sendMessage")).toHaveLength(1);
	expect(said("were not answered")).toHaveLength(1);
});

test("admins may give commands in the ops chat, also to the bot by name, and talk there freely", async () => {
	house.bot({ opsChat: String(GROUP) }).start();
	house.telegram.say(OWNER, "صباح الخير", group());
	house.telegram.say(OWNER, "/pause@other_bot", group());
	house.telegram.say(OWNER, "/pause@mirsal_test_bot telegram", group());
	await house.telegram.until(
		() => house.telegram.calls("sendMessage").some(({ body }) => body["chat_id"] === GROUP),
		"the answer in the group",
	);
	await settled();
	expect(house.telegram.calls("sendMessage").filter(({ body }) => body["chat_id"] === GROUP)).toHaveLength(1);
	expect((await house.ledger.channel("telegram")).paused?.by).toBe("سارة");
	expect((await house.ledger.channel("twitter")).paused).toBeUndefined();
});

test("a late command that changes something is refused with a sentence, a late question is answered", async () => {
	const late = Math.floor(house.clock.now().getTime() / 1_000) - 601;
	house.bot().start();
	house.telegram.say(OWNER, "/pause", { date: late });
	house.telegram.say(OWNER, "/id", { date: late });
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "both answers");
	expect(repliesTo(OWNER)).toEqual([
		"وصلني الأمر /pause متأخرًا أكثر من عشر دقائق فلم أنفذه. أرسله مرة أخرى إن أردت.",
		`رقمك في تلغرام: ${OWNER}`,
	]);
	expect((await house.ledger.channel("telegram")).paused).toBeUndefined();
});

test("an update that comes twice, also to the next life of the bot, runs once", async () => {
	const first = house.bot();
	first.start();
	const update = {
		update_id: 900_000,
		message: {
			message_id: 5,
			from: { id: OWNER, is_bot: false, first_name: "سارة" },
			chat: { id: OWNER, type: "private", first_name: "سارة" },
			date: Math.floor(house.clock.now().getTime() / 1_000),
			text: "/id",
		},
	};
	house.telegram.update(update);
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 1, "the answer");
	await first.stop();
	house.telegram.update(update);
	house.bot().start();
	await house.telegram.until(
		() => said("came twice").length === 1 || house.telegram.replies(OWNER).length > 1,
		"the second look",
	);
	expect(house.telegram.replies(OWNER)).toHaveLength(1);
});

test("the eleventh command of a minute is asked to wait, those behind it get nothing, the other admin is served", async () => {
	house.bot().start();
	for (let i = 0; i < 15; i++) house.telegram.say(OWNER, "/id");
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 11, "eleven answers");
	await house.told(EDITOR, "/id");
	expect(repliesTo(OWNER).filter((text) => text.startsWith("رقمك"))).toHaveLength(10);
	expect(
		repliesTo(OWNER).filter((text) => text === "أوامر كثيرة في دقيقة واحدة. انتظر قليلًا ثم أعد المحاولة."),
	).toHaveLength(1);
});

test("buttons have a measure of their own: what waits for approval comes in batches", async () => {
	house.bot().start();
	const queries = Array.from({ length: 40 }, () => house.telegram.press(OWNER, 1, "nonce:000000000000000000000000:0"));
	expect(await house.told(OWNER, "/id")).toHaveLength(1);
	await house.telegram.until(() => house.telegram.answers.size === 31, "the answers");
	const answers = queries.map((query) => plain({ text: String(house.telegram.answers.get(query)?.["text"]) }));
	expect(answers.filter((text) => text === "لم يعد هذا الزر صالحًا.")).toHaveLength(30);
	expect(answers.filter((text) => text === "أوامر كثيرة في دقيقة واحدة. انتظر قليلًا ثم أعد المحاولة.")).toHaveLength(1);
});

test("commands of one admin are carried out in their order", async () => {
	house.bot().start();
	for (const text of ["/pause", "/resume", "/pause", "/resume", "/status"]) house.telegram.say(OWNER, text);
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 5, "five answers");
	expect(repliesTo(OWNER).map((text) => text.split(" ")[0])).toEqual(["توقف", "استؤنف", "توقف", "استؤنف", "الحالة:"]);
});

test("a preview that takes its time holds up no other command", async () => {
	let finish: (previews: []) => void = () => {};
	house.previews = () => new Promise((resolve) => (finish = resolve));
	house.bot().start();
	house.telegram.say(OWNER, "/preview https://nirgal.example/news/a1");
	expect(await house.told(OWNER, "/id")).toHaveLength(1);
	finish([]);
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "the preview");
});

test.each<[string, Fault, RegExp]>([
	[
		"T10: a second poller (409)",
		{
			status: 409,
			body: {
				ok: false,
				error_code: 409,
				description:
					"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
			},
		},
		/another program receives/,
	],
	[
		"a revoked token (401)",
		{ status: 401, body: { ok: false, error_code: 401, description: "Unauthorized" } },
		/does not know the token/,
	],
	["a proxy's page (502)", { html: true }, /cannot be reached/],
	["a proxy's page (404)", { html: 404 }, /cannot be reached/],
	["half an answer", { truncate: true }, /cannot be reached/],
	["a closed connection", { reset: "before" }, /cannot be reached/],
])("after %s it polls again by itself", async (_name, fault, advice) => {
	house.telegram.fault("getUpdates", { ...fault, accept: false });
	house.bot().start();
	await house.telegram.until(() => polls() === 1, "the first poll");
	await until(() => house.lines.some(({ level }) => level === "warn"));
	expect(house.lines.filter(({ level }) => level === "warn").map(({ message }) => message)).toEqual([
		expect.stringMatching(advice),
	]);
	expect(polls()).toBe(1);
	await house.clock.advance(2_000);
	expect((await house.told(OWNER, "/id")).map(plain)).toEqual([`رقمك في تلغرام: ${OWNER}`]);
	expect(said("receives commands again")).toHaveLength(1);
});

test("after a poll that hangs it polls again by itself", async () => {
	house.telegram.fault("getUpdates", { hang: true });
	house.bot().start();
	await house.telegram.until(() => polls() === 1, "the poll that hangs");
	await house.clock.advance(60_000);
	await until(() => house.lines.some(({ level }) => level === "warn"));
	await house.clock.advance(2_000);
	expect(await house.told(OWNER, "/id")).toHaveLength(1);
});

test("it waits longer each time, a minute at most, says so now and then, and never gives up", async () => {
	house.telegram.fault("getMe", { html: true, times: 20 });
	house.bot().start();
	const waits: unknown[] = [];
	for (let failures = 1; failures <= 20; failures++) {
		await until(() => house.lines.filter(({ fields }) => fields["failures"] !== undefined).length === failures);
		const seconds = Number(house.lines.at(-1)?.fields["seconds"]);
		waits.push(seconds);
		await house.clock.advance(seconds * 1_000);
	}
	expect(waits.slice(0, 7)).toEqual([2, 4, 8, 16, 32, 60, 60]);
	expect(house.lines.filter(({ level }) => level === "warn")).toHaveLength(2);
	expect(await house.told(OWNER, "/id")).toHaveLength(1);
});

test("as long as Telegram asks for it waits", async () => {
	house.telegram.fault("getUpdates", { retryAfter: 30 });
	house.bot().start();
	await until(() => house.lines.some(({ level }) => level === "warn"));
	await house.clock.advance(29_000);
	expect(polls()).toBe(1);
	await house.clock.advance(1_000);
	await house.telegram.until(() => polls() === 2, "the second poll");
});

test("an error in a handler reaches the log, and polling goes on", async () => {
	house
		.bot({
			onChannelPost: async () => {
				throw new Error("broken");
			},
		})
		.start();
	house.telegram.humanPost(CHANNEL, "خبر عاجل من المحرر");
	await settled();
	expect(said("could not handle").map(({ fields }) => fields["error"])).toEqual(["Error: broken"]);
	await settled();
});

test("a ledger that fails is said in a sentence, without its words", async () => {
	const { desk } = house;
	house
		.bot({
			desk: {
				...desk,
				ledger: { ...desk.ledger, channel: async () => Promise.reject(new Error("disk I/O error at /var/lib")) },
			},
		})
		.start();
	expect((await house.told(OWNER, "/last")).map(plain)).toEqual([
		"تعذر تنفيذ /last لخطأ عندي، والتفاصيل في السجل. النشر مستمر.",
	]);
	expect(said("a command failed")).toHaveLength(1);
});

test("a human's post raises the last known id of its channel, an older one does not lower it", async () => {
	house.bot().start();
	await house.ledger.updateChannel("telegram", (before) => ({ ...before, last: "3" }));
	const id = house.telegram.humanPost(CHANNEL, "منشور يدوي");
	await settled();
	expect((await house.ledger.channel("telegram")).last).toBe(String(id));
	await house.ledger.updateChannel("telegram", (before) => ({ ...before, last: "1000" }));
	house.telegram.humanPost(CHANNEL, "آخر");
	await settled();
	expect((await house.ledger.channel("telegram")).last).toBe("1000");
	expect((await house.ledger.channel("twitter")).last).toBeUndefined();
});

test("each admin gets a menu in both languages; one who never pressed /start harms nobody, and gets it then", async () => {
	await house.close();
	house = await openHouse();
	house.bot({ editors: [88_001], menus: [sentencesOf("en")] }).start();
	await until(() => said("menu of commands could not be set").length === 1);
	const names = (admin: number) =>
		[...house.telegram.commands.keys()]
			.filter((key) => key.includes(String(admin)))
			.map((key) => (JSON.parse(key) as unknown[])[1]);
	expect(names(OWNER)).toEqual(["", "ar", "en"]);
	expect(names(88_001)).toEqual([]);
	await house.told(88_001, "/start");
	await house.telegram.until(() => names(88_001).length === 3, "the menu of the newcomer");
	const menu = [...house.telegram.commands].find(([key]) => key.includes(String(OWNER)) && key.includes('"ar"'))?.[1];
	expect(menu?.find(({ command }) => command === "why")?.description.replace(/[\u200E\u200F]/g, "")).toBe(
		"قصة خبر من أولها: /why ثم العنوان",
	);
});

test("it asks for no more updates than it understands, and keeps those that waited", async () => {
	house.telegram.say(OWNER, "/id");
	house.bot().start();
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 1, "the answer to the command that waited");
	expect(house.telegram.calls("getUpdates")[0]?.body["allowed_updates"]).toEqual([
		"message",
		"callback_query",
		"channel_post",
	]);
	expect(house.telegram.calls("deleteWebhook")[0]?.body["drop_pending_updates"]).toBe(false);
});

test("stopping ends an open poll at once; starting twice is one start, stopping twice one stop", async () => {
	const bot = house.bot();
	bot.start();
	bot.start();
	await house.telegram.until(() => polls() === 1, "the open poll");
	await bot.stop();
	await bot.stop();
	bot.start();
	house.telegram.say(OWNER, "/id");
	expect(polls()).toBe(1);
	expect(house.telegram.pending).toBe(1);
});

test("stopping ends a back-off at once", async () => {
	house.telegram.fault("getMe", { html: true });
	const bot = house.bot();
	bot.start();
	await until(() => house.lines.some(({ level }) => level === "warn"));
	// The clock stands still, so this would wait for ever if it waited for the back-off.
	await bot.stop();
	expect(polls()).toBe(0);
});

test("stopping before a start is no trouble", async () => {
	await house.bot().stop();
});

test("stopping waits for an answer on its way, and not for ever for a slow one", async () => {
	house.previews = () => new Promise(() => {});
	const bot = house.bot();
	bot.start();
	house.telegram.say(OWNER, "/preview https://nirgal.example/x");
	await settled();
	let stopped = false;
	const stopping = bot.stop().then(() => {
		stopped = true;
	});
	await house.clock.advance(1_400);
	expect(stopped).toBe(false);
	await until(() => {
		void house.clock.advance(50);
		return stopped;
	});
	await stopping;
});

test("the token never stands in a reply or in the log", async () => {
	house.telegram.fault("getUpdates", { reset: "before" });
	house.bot().start();
	await until(() => house.lines.some(({ level }) => level === "warn"));
	await house.clock.advance(2_000);
	await house.told(OWNER, `/why ${house.api.token}`);
	expect(JSON.stringify([house.lines, house.telegram.replies(OWNER)])).not.toContain(house.api.token);
});

/** Looks again whenever the event loop comes round. */
async function until(check: () => boolean): Promise<void> {
	const end = performance.now() + 4_000;
	while (!check()) {
		if (performance.now() > end) throw new Error("not reached");
		await new Promise((resolve) => setImmediate(resolve));
	}
}

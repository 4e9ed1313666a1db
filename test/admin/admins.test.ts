import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { botAdmins } from "../../src/admin/admins.ts";
import { holds } from "../../src/holds.ts";
import type { DeliveryQuestion, Notice } from "../../src/ports.ts";
import type { Fault } from "../servers/fault.ts";
import { EDITOR, type House, lost, openHouse, OWNER, plain, STRANGER } from "./house.ts";

const TITLE = "مجلس ذي قار يصوت على موازنة الطوارئ لمواجهة الجفاف";
const PARKED: Notice = {
	sentence: "channelParked",
	fields: { channel: "telegram", reason: "Telegram refuses the bot: Forbidden: bot was kicked from the channel chat" },
	incident: "parked:telegram",
};
const RESUMED: Notice = { sentence: "channelResumed", fields: { channel: "telegram" }, incident: "parked:telegram" };
let house: House;
let admins: ReturnType<typeof botAdmins>;

beforeEach(async () => {
	house = await openHouse();
	admins = make();
});
afterEach(async () => {
	admins.close();
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

const make = (chat: string | number = OWNER) =>
	botAdmins({ api: house.api, chat, desk: house.desk, sentences: house.words, clock: house.clock, log: house.log });
const messages = () => house.telegram.replies(OWNER).map(plain);
const sends = () => house.telegram.calls("sendMessage").length;
const shown = (count: number) =>
	house.telegram.until(() => house.telegram.replies(OWNER).length >= count, `${count} messages`);
const SAID =
	"توقف النشر في تلغرام: أُخرج البوت من القناة، فأعده إليها مشرفًا.\nالأخبار محفوظة بترتيبها، وأعيد المحاولة بنفسي. بعد إصلاح السبب أرسل:\n/resume telegram";

/** Looks again whenever the event loop comes round. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
	const end = performance.now() + 4_000;
	while (!(await check())) {
		if (performance.now() > end) throw new Error("not reached");
		await new Promise((resolve) => setImmediate(resolve));
	}
}
const told = (incident: string) =>
	until(async () => (await house.ledger.kept<{ told?: boolean }>(`incident:${incident}`))?.told === true);

test("an incident is told once until it is over, also over a restart", async () => {
	await admins.notify(PARKED);
	await admins.notify(PARKED);
	await shown(1);
	await told("parked:telegram");
	await make().notify(PARKED);
	await admins.resolve(RESUMED);
	await shown(2);
	await admins.resolve(RESUMED);
	expect(messages()).toEqual([SAID, "عاد النشر في تلغرام."]);
	expect(await house.ledger.incidents()).toEqual([]);
});

test("what comes and goes is told once an hour: again when the hour is over and it still stands", async () => {
	await admins.notify(PARKED);
	await shown(1);
	await told("parked:telegram");
	await admins.resolve(RESUMED);
	await shown(2);
	for (let turn = 0; turn < 3; turn++) {
		await house.clock.advance(60_000);
		await admins.notify(PARKED);
		await admins.resolve(RESUMED);
	}
	await admins.notify(PARKED);
	await admins.notify(PARKED);
	await house.clock.advance(56 * 60_000);
	expect(sends()).toBe(2);
	await house.clock.advance(60_000);
	await shown(3);
	expect(messages()).toEqual([SAID, "عاد النشر في تلغرام.", SAID]);
});

test("what is over within its hour is not told, neither is its end", async () => {
	await admins.notify(PARKED);
	await shown(1);
	await told("parked:telegram");
	await admins.resolve(RESUMED);
	await shown(2);
	await admins.notify(PARKED);
	await admins.resolve(RESUMED);
	await house.clock.advance(2 * 3_600_000);
	expect(sends()).toBe(2);
	expect(await house.ledger.incidents()).toEqual([]);
});

test("what nobody was told of ends in silence", async () => {
	await admins.resolve(RESUMED);
	await admins.notify({ ...PARKED, incident: "other" });
	await shown(1);
	expect(messages()).toEqual([SAID]);
});

test("an incident that ends while its message is on its way is told of in the right order", async () => {
	await admins.notify(PARKED);
	await admins.resolve(RESUMED);
	await shown(2);
	expect(messages()).toEqual([SAID, "عاد النشر في تلغرام."]);
	expect(await house.ledger.incidents()).toEqual([]);
});

test.each<[string, Fault, number]>([
	["a 429", { retryAfter: 7 }, 8_000],
	["a proxy's page", { html: true }, 2_000],
	["a closed connection", { reset: "before" }, 2_000],
])("%s delays a message and loses none", async (_name, fault, wait) => {
	house.telegram.fault("sendMessage", fault);
	await admins.notify(PARKED);
	await admins.notify({ sentence: "sourceRecovered", fields: { source: "nirgal.example" }, incident: "source:x" });
	await until(() => house.lines.some(({ message }) => message === "a message to the admins waits"));
	expect(sends()).toBe(1);
	await house.clock.advance(wait - 1);
	expect(sends()).toBe(1);
	await house.clock.advance(1);
	await shown(2);
	expect(messages()[0]).toBe(SAID);
});

test("telling returns at once although Telegram does not answer", async () => {
	house.telegram.fault("sendMessage", { hang: true });
	await admins.notify(PARKED);
	expect(messages()).toEqual([]);
	expect(await house.ledger.incidents()).toHaveLength(1);
});

test("an admin who blocked the bot harms nobody, stays open, and is told with the next notice", async () => {
	house.telegram.block(OWNER);
	await admins.notify(PARKED);
	await until(() => house.lines.some(({ message }) => message.includes("could not be delivered")));
	expect(await house.ledger.incidents()).toMatchObject([
		{ incident: "parked:telegram", text: expect.stringContaining("توقف النشر") },
	]);
	house.telegram.say(OWNER, "/start");
	await until(async () => {
		await admins.notify(PARKED);
		return messages().length === 1;
	});
});

test("what an earlier life could not tell is told by the next one", async () => {
	await house.ledger.openIncident("refused:telegram:a9", "لم يُنشر خبر.");
	await house.ledger.openIncident("parked:telegram", "x");
	await house.ledger.keep("incident:parked:telegram", { text: "x", since: "2026-11-23T08:00:00.000Z", told: true });
	const next = make();
	await shown(1);
	await told("refused:telegram:a9");
	await next.notify(PARKED);
	next.close();
	expect(messages()).toEqual(["لم يُنشر خبر."]);
});

test("a ledger that fails does not throw into the work", async () => {
	const broken = {
		...house.ledger,
		openIncident: async () => Promise.reject(new Error("disk full")),
		closeIncident: async () => Promise.reject(new Error("disk full")),
	};
	const failing = botAdmins({
		api: house.api,
		chat: OWNER,
		desk: { ...house.desk, ledger: broken },
		sentences: house.words,
		clock: house.clock,
		log: house.log,
	});
	await failing.notify(PARKED);
	await failing.resolve(RESUMED);
	expect(house.lines.filter(({ level }) => level === "error")).toHaveLength(2);
});

test("H5: while the ledger cannot be written people are told all the same, once, and told when it is over", async () => {
	let full = true;
	const disk = <T>(work: () => Promise<T>) => (full ? Promise.reject(new Error("The disk is full")) : work());
	const failing = botAdmins({
		api: house.api,
		chat: OWNER,
		desk: {
			...house.desk,
			ledger: {
				...house.ledger,
				openIncident: (name, text) => disk(() => house.ledger.openIncident(name, text)),
				closeIncident: (name) => disk(() => house.ledger.closeIncident(name)),
			},
		},
		sentences: house.words,
		clock: house.clock,
		log: house.log,
	});
	await failing.notify(PARKED);
	await failing.notify(PARKED);
	await shown(1);
	full = false;
	await failing.resolve(RESUMED);
	await shown(2);
	failing.close();
	expect(messages()).toHaveLength(2);
});

test("H5: people who were told are not told again because the ledger could not note it, or cannot be asked", async () => {
	let full = true;
	const failing = botAdmins({
		api: house.api,
		chat: OWNER,
		desk: {
			...house.desk,
			ledger: {
				...house.ledger,
				keep: (key, value) => (full ? Promise.reject(new Error("disk I/O error")) : house.ledger.keep(key, value)),
				openIncident: (name, text) =>
					full && house.lines.some(({ level }) => level === "error")
						? Promise.reject(new Error("disk I/O error"))
						: house.ledger.openIncident(name, text),
			},
		},
		sentences: house.words,
		clock: house.clock,
		log: house.log,
	});
	await failing.notify(PARKED);
	await vi.waitFor(() => expect(house.lines.filter(({ level }) => level === "error")).toHaveLength(1));
	await failing.notify(PARKED);
	full = false;
	await failing.notify(PARKED);
	await failing.resolve(RESUMED);
	await shown(2);
	failing.close();
	expect(messages()).toHaveLength(2);
});

test("an article is told by its headline, an unknown sentence by its fields", async () => {
	await house.plan("a1");
	await admins.notify({
		sentence: "postRefused",
		fields: { channel: "twitter", reason: "X refuses this post: x", article: "a1" },
		incident: "refused:twitter:a1",
	});
	await admins.notify({ sentence: "moonFull", fields: { phase: "full" }, incident: "moon" });
	await shown(2);
	expect(messages()).toEqual([
		`لم يُنشر هذا الخبر في تويتر: لم يقبل تويتر هذا المنشور.\n«${TITLE}»\nبقية الأخبار مستمرة. بعد إصلاح السبب أرسل /retry ثم عنوانه.`,
		"moonFull\nphase: full",
	]);
});

test.each([
	[
		"a source that fails",
		{
			sentence: "sourceFailing",
			fields: { source: "القيثارة", reason: "https://x.example answered 503 (Service Unavailable).", minutes: 35 },
		},
		"المصدر القيثارة متوقف منذ 35 دقيقة: الخادم يرد 503.\nأعيد المحاولة باستمرار، وأخبرك حين يعود.",
	],
	[
		"a source that is back",
		{ sentence: "sourceRecovered", fields: { source: "القيثارة" } },
		"عاد المصدر القيثارة إلى العمل.",
	],
	[
		"a post left unsure",
		{ sentence: "leftUnsure", fields: { channel: "twitter", text: TITLE, article: "a1" } },
		`أرسلت خبرًا إلى تويتر ولم يصل الجواب، ولا أعلم هل نُشر. لن أعيد إرساله بنفسي.\n«${TITLE}»\nإن لم تجده في القناة فأرسل /retry ثم عنوانه.`,
	],
	[
		"a broken template",
		{ sentence: "templateBroken", fields: { problem: "telegram.liquid:3:1" } },
		"في قالب المنشور خطأ، فاستعملت القالب الأصلي:\ntelegram.liquid:3:1",
	],
])("%s, in an editor's words", async (_name, notice, said) => {
	await admins.notify({ ...notice, incident: "i" } as Notice);
	await shown(1);
	expect(messages()).toEqual([said]);
});

const question = (more: Partial<DeliveryQuestion> = {}): DeliveryQuestion => ({
	sentence: "askUnsure",
	fields: { channel: "telegram", text: TITLE, article: "a1" },
	incident: "unsure:telegram:a1:1",
	channel: "telegram",
	id: "a1",
	buttons: [
		{ label: "posted", does: "confirm" },
		{ label: "resend", does: "retry" },
	],
	until: new Date(house.clock.now().getTime() + 1_800_000).toISOString(),
	...more,
});
const QUESTION = `أرسلت خبرًا إلى تلغرام ولم يصل الجواب، ولا أستطيع أن أتحقق بنفسي. هل ظهر في القناة؟\n«${TITLE}»\nإن لم تقرر خلال 30 دقيقة فلن أعيد إرساله.`;

async function asked(): Promise<{ message: number; data: readonly string[] }> {
	await house.plan("a1");
	await house.happen("telegram", "a1", ...lost);
	await admins.ask(question());
	await shown(1);
	const message = house.telegram.replies(OWNER)[0];
	const row = message?.reply_markup?.inline_keyboard?.[0] ?? [];
	expect(row.map(({ text }) => text)).toEqual(["منشور", "أعد الإرسال"]);
	expect(message?.reply_markup?.inline_keyboard?.[1]).toEqual([
		{ text: "افتح القناة", url: "https://t.me/nirgal_news" },
	]);
	return { message: message?.message_id ?? 0, data: row.map(({ callback_data = "" }) => callback_data) };
}
async function press(user: number, message: number, data: string): Promise<string> {
	const query = house.telegram.press(user, message, data);
	await house.telegram.until(() => house.telegram.answers.has(query), "the answer to the press");
	return plain({ text: String(house.telegram.answers.get(query)?.["text"] ?? "") });
}
const decisions = async () => {
	const found: string[] = [];
	for await (const [id, decision] of house.ledger.decisions("telegram"))
		found.push(`${id} ${decision.do} ${decision.by}`);
	return found;
};

test.each([
	["posted", 0, "confirm", "منشور"],
	["resend", 1, "retry", "أعد الإرسال"],
])(
	"an admin answers «%s»: it is decided once, everybody sees who did, and a second press changes nothing",
	async (_label, index, does, label) => {
		house.bot().start();
		const { message, data } = await asked();
		expect(messages()).toEqual([QUESTION]);
		expect(data.every((one) => Buffer.byteLength(one) <= 64 && !one.includes("a1"))).toBe(true);
		expect(await press(OWNER, message, data[index] ?? "")).toBe("سُجل قرارك.");
		await house.telegram.until(() => messages()[0] !== QUESTION, "the edited question");
		expect(messages()).toEqual([`${QUESTION}\n\nالقرار: ${label} (سارة)`]);
		expect(house.telegram.replies(OWNER)[0]?.reply_markup).toBeUndefined();
		expect(house.woken).toEqual(["telegram"]);
		expect(await press(EDITOR, message, data[1 - index] ?? "")).toBe(`سبق القرار: ${label} (سارة)`);
		expect(await decisions()).toEqual([`a1 ${does} سارة`]);
		expect(house.woken).toEqual(["telegram"]);
		expect(await house.ledger.incidents()).toEqual([]);
	},
);

test("two admins at once: the first one decides", async () => {
	house.bot().start();
	const { message, data } = await asked();
	const [first, second] = [
		house.telegram.press(EDITOR, message, data[0] ?? ""),
		house.telegram.press(OWNER, message, data[1] ?? ""),
	];
	await house.telegram.until(
		() => house.telegram.answers.has(first) && house.telegram.answers.has(second),
		"both answers",
	);
	expect(await decisions()).toEqual(["a1 confirm حيدر"]);
});

test("after its time a question changes nothing and says so", async () => {
	const { message, data } = await asked();
	await house.clock.advance(1_800_000);
	house.bot().start();
	expect(await press(OWNER, message, data[1] ?? "")).toBe(
		"فات وقت هذا السؤال، فلن أغيّر شيئًا. يمكنك استعمال /retry متى شئت.",
	);
	expect(await decisions()).toEqual([]);
	await house.telegram.until(() => messages()[0] !== QUESTION, "the edited question");
	expect(house.telegram.replies(OWNER)[0]?.reply_markup).toBeUndefined();
});

test("a question about what moved on meanwhile changes nothing and says so", async () => {
	house.bot().start();
	const { message, data } = await asked();
	await house.clock.advance(1_000);
	await house.happen("telegram", "a1", { type: "confirm" });
	expect(await press(OWNER, message, data[1] ?? "")).toBe("تغيّر حال هذا الخبر منذ السؤال، فلن أغيّر شيئًا.");
	expect(await decisions()).toEqual([]);
});

test.each([
	["a nonce that was never given", "nonce:0123456789abcdef01234567:0"],
	["data of another kind", "delete:a1"],
	["the ledger's own keys", "nonce:../delivery:telegram:a1"],
])("%s is answered and does nothing", async (_name, data) => {
	house.bot().start();
	const { message } = await asked();
	expect(await press(OWNER, message, data)).toBe("لم يعد هذا الزر صالحًا.");
	expect(await decisions()).toEqual([]);
});

test("a stolen button does nothing for a stranger, and he is not answered", async () => {
	house.bot().start();
	const { message, data } = await asked();
	house.telegram.press(STRANGER, message, data[1] ?? "");
	await house.told(EDITOR, "/id");
	expect(house.telegram.answers.size).toBe(0);
	expect(await decisions()).toEqual([]);
});

test("a question is asked once", async () => {
	house.bot().start();
	await asked();
	await told("unsure:telegram:a1:1");
	await admins.ask(question());
	await house.told(EDITOR, "/id");
	expect(messages()).toHaveLength(1);
});

test("what is held together is decided together, for every channel, by the first who presses", async () => {
	house.bot().start();
	for (const id of ["a1", "a2"])
		await house.plan(id, {}, { state: "held", reason: "too many at once", hold: "flood:القيثارة" });
	const { ledger, clock } = house;
	await holds({ ledger, channels: ["telegram", "twitter"], admins, clock }).open({
		name: "flood:القيثارة",
		source: "القيثارة",
		why: "flood",
		count: 2,
	});
	await shown(1);
	const asking =
		"وصل من المصدر القيثارة دفعةً واحدة خبران، فحجزت ذلك كي لا يغرق المتابعون. ماذا أفعل؟\nإلى أن تقرر لن يُنشر منها شيء.";
	expect(messages()).toEqual([asking]);
	const [message] = house.telegram.replies(OWNER);
	const row = message?.reply_markup?.inline_keyboard?.[0] ?? [];
	expect(row.map(({ text }) => text)).toEqual(["انشر الكل", "لا تنشر شيئًا"]);
	expect(await press(OWNER, message?.message_id ?? 0, row[0]?.callback_data ?? "")).toBe("سُجل قرارك.");
	expect(await decisions()).toEqual(["a1 retry سارة", "a2 retry سارة"]);
	expect(house.woken).toEqual(["telegram", "twitter"]);
	await house.telegram.until(() => messages()[0] !== asking, "the edited question");
	expect(messages()).toEqual([`${asking}\n\nالقرار: انشر الكل (سارة)`]);
	expect(await press(EDITOR, message?.message_id ?? 0, row[1]?.callback_data ?? "")).toBe(
		"سبق القرار: انشر الكل (سارة)",
	);
});

test("the group that became a supergroup is found again", async () => {
	admins = make("@nirgal_news");
	house.telegram.fault("sendMessage", {
		status: 400,
		body: {
			ok: false,
			error_code: 400,
			description: "Bad Request: group chat was upgraded to a supergroup chat",
			parameters: { migrate_to_chat_id: OWNER },
		},
	});
	await admins.notify(PARKED);
	await shown(1);
	expect(messages()).toEqual([SAID]);
});

test("a text that is too long is cut at a line rather than refused", async () => {
	await admins.notify({
		sentence: "templateBroken",
		fields: { problem: "خطأ في السطر\n".repeat(600) },
		incident: "long",
	});
	await shown(1);
	const [text = ""] = messages();
	expect(text.length).toBeLessThanOrEqual(4_096);
	expect(text.endsWith("السطر\n…")).toBe(true);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { TelegramMessage } from "../servers/telegram.ts";
import { claim, EDITOR, type House, lost, openHouse, OWNER, plain, sent, STRANGER } from "./house.ts";

let house: House;

beforeEach(async () => {
	house = await openHouse();
});
afterEach(async () => {
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

const labels = (message: TelegramMessage | undefined) =>
	(message?.reply_markup?.inline_keyboard ?? []).map((row) => row.map(({ text }) => plain({ text })).join(" · "));

/** A command with a button of its reply, what it decides, and what the admin reads. */
interface Row {
	readonly command: string;
	readonly button: string;
	readonly given: () => Promise<unknown>;
	readonly decided: readonly string[];
	readonly toast: string;
}

const planned = () => house.plan("a1");
const inBoth = (what: string) => [`telegram a1 ${what} سارة`, `twitter a1 ${what} سارة`];
const ROWS: readonly (readonly [string, Row])[] = [
	[
		"/queue: now",
		{ command: "/queue", button: "1. الآن", given: planned, decided: inBoth("first"), toast: "سيُنشر قبل غيره." },
	],
	[
		"/queue: hold",
		{ command: "/queue", button: "1. حجز", given: planned, decided: inBoth("hold"), toast: "حُجز حتى تقرر." },
	],
	[
		"/queue: skip",
		{ command: "/queue", button: "1. إلغاء", given: planned, decided: inBoth("skip"), toast: "أُلغي ولن يُنشر." },
	],
	[
		"/queue of one channel",
		{
			command: "/queue telegram",
			button: "1. الآن",
			given: planned,
			decided: ["telegram a1 first سارة"],
			toast: "سيُنشر قبل غيره.",
		},
	],
	[
		"/queue: what is held, posted",
		{
			command: "/queue",
			button: "1. انشره",
			given: () => house.plan("a1", {}, { state: "held", reason: "held by x" }),
			decided: inBoth("retry"),
			toast: "سيُنشر في دوره.",
		},
	],
	[
		"/last: again on the other channel",
		{
			command: "/last",
			button: "أعد إلى تويتر: مجلس ذي قار يصوت على موازنة…",
			async given() {
				await planned();
				await house.happen("telegram", "a1", claim(), sent("12"));
				await house.happen("twitter", "a1", claim(), { type: "refused", reason: "X refuses this post: x" });
			},
			decided: ["twitter a1 retry سارة"],
			toast: "سيُنشر في دوره.",
		},
	],
	[
		"/unsure: posted",
		{
			command: "/unsure",
			button: "1. منشور",
			async given() {
				await planned();
				await house.happen("telegram", "a1", ...lost);
			},
			decided: ["telegram a1 confirm سارة"],
			toast: "سُجل أنه منشور.",
		},
	],
	[
		"/unsure: resend",
		{
			command: "/unsure",
			button: "1. أعد الإرسال",
			async given() {
				await planned();
				await house.happen("telegram", "a1", ...lost);
			},
			decided: ["telegram a1 retry سارة"],
			toast: "سيُنشر في دوره.",
		},
	],
];

/** A bot, with both channels live. */
const running = () =>
	house.bot({ desk: { ...house.desk, channels: house.desk.channels.map((one) => ({ ...one, preview: false })) } });

/** The reply to a command. */
async function asked({ command, given }: Row): Promise<TelegramMessage | undefined> {
	running().start();
	await given();
	return (await house.told(OWNER, command))[0];
}

test.each(ROWS)("%s: the lanes are asked once, and the used buttons go", async (_name, row) => {
	const reply = await asked(row);
	const before = labels(reply);
	expect(await house.pressed(OWNER, reply, row.button)).toBe(row.toast);
	expect(await house.decisions()).toEqual(row.decided);
	expect([...new Set(house.woken)]).toEqual(row.decided.map((line) => line.split(" ")[0]));
	await house.telegram.until(
		() =>
			labels(house.telegram.replies(OWNER).find(({ message_id }) => message_id === reply?.message_id)).length <
			before.length,
		"the row to go",
	);
	const trail: string[] = [];
	for await (const { by, did, outcome } of house.ledger.audits(new Date(0))) trail.push(`${by} ${did} ${outcome}`);
	expect(trail).toEqual([
		`سارة ${row.decided[0]?.split(" ")[2]} ${row.decided.map((line) => line.split(" ").slice(0, 2).join("/")).join(" ")} done`,
	]);
});

test.each(ROWS)("%s: a stranger gets no answer, another admin is told whose buttons they are", async (_name, row) => {
	const reply = await asked(row);
	const data =
		(reply?.reply_markup?.inline_keyboard ?? []).flat().find(({ text }) => plain({ text }) === row.button)
			?.callback_data ?? "";
	house.telegram.press(STRANGER, reply?.message_id ?? 0, data);
	expect(await house.pressed(EDITOR, reply, row.button)).toBe("هذه الأزرار لمشرف آخر. أرسل الأمر بنفسك.");
	expect(house.telegram.answers.size).toBe(1);
	expect(await house.decisions()).toEqual([]);
});

test.each(ROWS)("%s: a double click and a replay of the very update decide once", async (_name, row) => {
	const reply = await asked(row);
	const data =
		(reply?.reply_markup?.inline_keyboard ?? []).flat().find(({ text }) => plain({ text }) === row.button)
			?.callback_data ?? "";
	const message = reply?.message_id ?? 0;
	const update = {
		update_id: 950_001,
		callback_query: {
			id: "replayed",
			from: { id: OWNER, is_bot: false, first_name: "سارة" },
			message: { message_id: message, date: 1, chat: { id: OWNER, type: "private" } },
			chat_instance: "1",
			data,
		},
	};
	house.telegram.update(update);
	house.telegram.update(update);
	const second = house.telegram.press(OWNER, message, data);
	await house.telegram.until(() => house.telegram.answers.has(second), "the answer to the second click");
	expect(plain({ text: String(house.telegram.answers.get(second)?.["text"]) })).toBe(
		`استعملت هذه الأزرار من قبل: ${row.button}`,
	);
	expect(await house.decisions()).toEqual(row.decided);
	expect(house.woken).toHaveLength(row.decided.length);
});

test.each(ROWS)("%s: of two admins at once the first decides", async (_name, row) => {
	const mine = await asked(row);
	const [theirs] = await house.told(EDITOR, row.command);
	const toasts = await Promise.all([house.pressed(OWNER, mine, row.button), house.pressed(EDITOR, theirs, row.button)]);
	expect(toasts).toEqual([row.toast, "تغيّر حال هذا الخبر منذ السؤال، فلن أغيّر شيئًا."]);
	expect(await house.decisions()).toEqual(row.decided);
});

test.each(ROWS)("%s: what moved on meanwhile is left alone, and so is everything after a day", async (_name, row) => {
	const bot = running();
	bot.start();
	await row.given();
	const [reply] = await house.told(OWNER, row.command);
	await house.clock.advance(1_000);
	for (const channel of ["telegram", "twitter"]) {
		const delivery = await house.ledger.delivery(channel, "a1");
		if (delivery) await house.ledger.record(delivery, { ...delivery, changedAt: house.clock.now().toISOString() });
	}
	expect(await house.pressed(OWNER, reply, row.button)).toBe("تغيّر حال هذا الخبر منذ السؤال، فلن أغيّر شيئًا.");
	const [again] = await house.told(OWNER, row.command);
	await bot.stop();
	await house.clock.advance(24 * 3_600_000);
	running().start();
	expect(await house.pressed(OWNER, again, row.button)).toBe(
		"مضى يوم على هذه الأزرار فلم تعد صالحة. أرسل الأمر مرة أخرى.",
	);
	expect(await house.decisions()).toEqual([]);
});

test.each(ROWS)(
	"%s: dying between the decision and the note of it, the next press decides the same",
	async (_name, row) => {
		const channels = house.desk.channels.map((channel) => ({ ...channel, preview: false }));
		let dies = true;
		const ledger = {
			...house.ledger,
			keepBy: (async (key: string, update: never) => {
				if (key.startsWith("nonce:") && dies) throw new Error("killed");
				return house.ledger.keepBy(key, update);
			}) as typeof house.ledger.keepBy,
		};
		const first = house.bot({ desk: { ...house.desk, channels, ledger } });
		first.start();
		await row.given();
		const [reply] = await house.told(OWNER, row.command);
		const data =
			(reply?.reply_markup?.inline_keyboard ?? []).flat().find(({ text }) => plain({ text }) === row.button)
				?.callback_data ?? "";
		house.telegram.press(OWNER, reply?.message_id ?? 0, data);
		await house.told(OWNER, "/id");
		await house.telegram.until(
			() => house.lines.some(({ message }) => message.includes("could not handle")),
			"the death",
		);
		expect(await house.decisions()).toEqual(row.decided);
		await first.stop();
		dies = false;
		running().start();
		expect(await house.pressed(OWNER, reply, row.button)).toBe("تغيّر حال هذا الخبر منذ السؤال، فلن أغيّر شيئًا.");
		expect(await house.decisions()).toEqual(row.decided);
	},
);

test("/queue shows what goes out next, article by article, then what is held, and counts the rest", async () => {
	house.bot().start();
	for (let number = 1; number <= 8; number++) await house.plan(`a${number}`, { title: `خبر رقم ${number}` });
	await house.plan("h1", { title: "خبر محجوز" }, { state: "held", reason: "x" });
	await house.happen("telegram", "a1", claim());
	const [reply] = await house.told(OWNER, "/queue");
	const lines = plain(reply).split("\n");
	expect(lines.slice(0, 5)).toEqual([
		"التالي في الطابور:",
		"1. خبر رقم 1",
		"تلغرام @nirgal_news: يُرسل الآن، تويتر: ينتظر دوره",
		"2. خبر رقم 2",
		"تلغرام @nirgal_news: ينتظر دوره، تويتر: ينتظر دوره",
	]);
	expect(lines.slice(-5)).toEqual([
		"محجوز حتى تقرر:",
		"7. خبر محجوز",
		"تلغرام @nirgal_news: محجوز الآن، تويتر: محجوز الآن",
		"",
		"وينتظر كذلك: خبران",
	]);
	expect(labels(reply)).toEqual([
		...[1, 2, 3, 4, 5, 6].map((number) => `${number}. الآن · ${number}. حجز · ${number}. إلغاء`),
		"7. انشره · 7. إلغاء",
		"تحديث",
	]);
});

test.each([
	["/queue", "التالي في الطابور:\nلا شيء في الطابور."],
	["/unsure", "لا منشور ضاع جوابه."],
])("%s with nothing in it", async (command, said) => {
	house.bot().start();
	expect(plain((await house.told(EDITOR, command))[0])).toBe(said);
});

test("what is said about an unsure post ends what people were told of it", async () => {
	running().start();
	await planned();
	await house.happen("telegram", "a1", ...lost);
	for (const name of ["unsure:telegram:a1:1", "unsure:telegram:a12:1", "refused:telegram:a1", "refused:twitter:a1"])
		await house.ledger.openIncident(name, "x");
	const [reply] = await house.told(OWNER, "/unsure");
	await house.pressed(OWNER, reply, "1. منشور");
	expect((await house.ledger.incidents()).map(({ incident }) => incident)).toEqual([
		"refused:twitter:a1",
		"unsure:telegram:a12:1",
	]);
});

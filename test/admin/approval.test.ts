import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { botAdmins } from "../../src/admin/admins.ts";
import { approvalOf, holds } from "../../src/holds.ts";
import type { TelegramMessage } from "../servers/telegram.ts";
import { EDITOR, type House, openHouse, OWNER, plain, STRANGER } from "./house.ts";

const TITLE = "افتتاح جسر جديد في الكوت";
const HOUR = 3_600_000;
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
	botAdmins({
		api: house.api,
		chat,
		people: [OWNER, EDITOR],
		desk: house.desk,
		sentences: house.words,
		clock: house.clock,
		log: house.log,
	});
const rules = () =>
	holds({ ledger: house.ledger, channels: ["telegram", "twitter"], admins, clock: house.clock, maxAge: 24 * HOUR });
const shown = (user: number) => house.telegram.replies(user).at(-1);

/** An article that waits for approval and was put to both admins. */
async function waiting(): Promise<readonly [TelegramMessage | undefined, TelegramMessage | undefined]> {
	const article = { id: "a1", title: TITLE, source: "nirgal.example/feed" };
	await rules().approval(article);
	await house.plan("a1", { title: TITLE }, { state: "held", reason: "waits for approval", hold: approvalOf("a1") });
	await rules().askApproval("a1");
	await house.telegram.until(
		() => [OWNER, EDITOR].every((id) => house.telegram.replies(id).length === 1),
		"both copies",
	);
	// Where they were put is noted behind the answer to the send.
	await until(async () => (await house.ledger.kept<{ told?: boolean }>(`incident:${await incident()}`))?.told === true);
	return [shown(OWNER), shown(EDITOR)];
}
const incident = async () => (await house.ledger.incidents())[0]?.incident ?? "";

async function until(check: () => Promise<boolean>): Promise<void> {
	const end = performance.now() + 4_000;
	while (!(await check())) {
		if (performance.now() > end) throw new Error("not reached");
		await new Promise((resolve) => setImmediate(resolve));
	}
}

test("every admin sees the real post with its picture and three buttons", async () => {
	const both = await waiting();
	for (const message of both) {
		expect(plain(message)).toBe(`${TITLE}\n\nينتظر موافقتك (المصدر: nirgal.example/feed)`);
		expect(message?.entities?.map(({ type }) => type)).toEqual(["bold", "italic"]);
		expect(message?.link_preview_options).toMatchObject({
			url: "https://nirgal.example/news/a1",
			show_above_text: true,
		});
		expect(message?.reply_markup?.inline_keyboard?.map((row) => row.map(({ text }) => text))).toEqual([
			["نشر", "تأجيل", "رفض"],
		]);
	}
});

describe("a decision", () => {
	test.each([
		["نشر", "retry"],
		["رفض", "skip"],
	])("«%s» counts once, the other admin sees who decided, and his press changes nothing", async (label, does) => {
		house.bot().start();
		const [mine, theirs] = await waiting();
		expect(await house.pressed(OWNER, mine, label)).toBe("سُجل قرارك.");
		const note = `\n\nالقرار: ${label} (سارة)`;
		await house.telegram.until(
			() => [OWNER, EDITOR].every((id) => plain(shown(id)).endsWith(note)),
			"the decision on both copies",
		);
		expect(shown(EDITOR)?.reply_markup).toBeUndefined();
		expect(shown(EDITOR)?.entities?.[0]).toMatchObject({ type: "bold" });
		expect(await house.pressed(EDITOR, theirs, label === "نشر" ? "رفض" : "نشر")).toBe(`سبق القرار: ${label} (سارة)`);
		expect(await house.decisions()).toEqual([`telegram a1 ${does} سارة`, `twitter a1 ${does} سارة`]);
		expect(await house.ledger.incidents()).toEqual([]);
	});

	test("of two admins in one moment the first counts", async () => {
		house.bot().start();
		const [mine, theirs] = await waiting();
		const toasts = await Promise.all([house.pressed(EDITOR, theirs, "رفض"), house.pressed(OWNER, mine, "نشر")]);
		expect(toasts).toEqual(["سُجل قرارك.", "سبق القرار: رفض (حيدر)"]);
		expect(await house.decisions()).toEqual(["telegram a1 skip حيدر", "twitter a1 skip حيدر"]);
	});

	test("a stranger's press is nothing", async () => {
		house.bot().start();
		const [mine] = await waiting();
		const data = mine?.reply_markup?.inline_keyboard?.[0]?.[0]?.callback_data ?? "";
		house.telegram.press(STRANGER, mine?.message_id ?? 0, data);
		await house.told(EDITOR, "/id");
		expect(await house.decisions()).toEqual([]);
		expect(house.telegram.answers.size).toBe(0);
	});

	test("«تأجيل» asks again after an hour, and not before", async () => {
		const bot = house.bot();
		bot.start();
		const [mine] = await waiting();
		expect(await house.pressed(EDITOR, shown(EDITOR), "تأجيل")).toBe("أسألك بعد ساعة.");
		await house.telegram.until(() => plain(shown(OWNER)).endsWith("القرار: تأجيل (حيدر)"), "the word on the copy");
		await bot.stop();
		await house.clock.advance(HOUR - 1);
		await rules().remind();
		expect(house.telegram.replies(OWNER)).toHaveLength(1);
		await house.clock.advance(1);
		await rules().remind();
		await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "the second question");
		expect(await house.decisions()).toEqual([]);
		house.bot().start();
		expect(await house.pressed(OWNER, shown(OWNER), "نشر")).toBe("سُجل قرارك.");
		expect(await house.decisions()).toHaveLength(2);
		expect(mine).toBeDefined();
	});
});

test("what nobody decided on in a day is left out, with its reason, and a later press changes nothing", async () => {
	const [mine] = await waiting();
	await house.clock.advance(24 * HOUR);
	await rules().remind();
	expect(await house.decisions()).toEqual(["telegram a1 skip Mirsal", "twitter a1 skip Mirsal"]);
	for await (const [, { reason }] of house.ledger.decisions("telegram"))
		expect(reason).toBe("nobody approved it in time");
	house.bot().start();
	expect(await house.pressed(OWNER, mine, "نشر")).toBe(
		"فات وقت هذا السؤال، فلن أغيّر شيئًا. يمكنك استعمال /retry متى شئت.",
	);
	expect(house.words.say("why_skipped", { reason: "nobody approved it in time" })).toBe(
		"لم يُنشر: لم يوافق عليه أحد حتى مضى وقته",
	);
});

test("dying before the question was asked, the next life asks it with its buttons, once", async () => {
	await rules().approval({ id: "a1", title: TITLE, source: "nirgal.example/feed" });
	await rules().remind();
	expect(house.telegram.replies(OWNER), "not before it is planned").toEqual([]);
	await house.plan("a1", { title: TITLE }, { state: "held", reason: "waits for approval", hold: approvalOf("a1") });
	await house.clock.advance(5 * 60_000);
	await rules().remind();
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 1, "the question");
	await until(async () => (await house.ledger.kept<{ told?: boolean }>(`incident:${await incident()}`))?.told === true);
	await house.clock.advance(10 * 60_000);
	await rules().remind();
	expect(shown(OWNER)?.reply_markup?.inline_keyboard?.[0]).toHaveLength(3);
	expect(house.telegram.calls("sendMessage")).toHaveLength(2);
});

test("in a group everybody sees it there, once", async () => {
	admins.close();
	admins = make("@nirgal_news");
	await rules().approval({ id: "a1", title: TITLE, source: "nirgal.example/feed" });
	await house.plan("a1", { title: TITLE }, { state: "held", reason: "waits for approval", hold: approvalOf("a1") });
	await rules().askApproval("a1");
	await until(async () => (await house.ledger.kept<{ told?: boolean }>(`incident:${await incident()}`))?.told === true);
	expect(house.telegram.calls("sendMessage").map(({ body }) => body["chat_id"])).toEqual(["@nirgal_news"]);
});

test("what was decided in the queue is asked about no more", async () => {
	await waiting();
	await house.happen("telegram", "a1", { type: "retry" });
	await house.happen("twitter", "a1", { type: "skip", reason: "skipped by سارة" });
	await rules().remind();
	for await (const hold of house.ledger.holds()) expect(hold).toBeUndefined();
	expect(await house.ledger.incidents()).toEqual([]);
});

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { TelegramMessage } from "../servers/telegram.ts";
import { ADMIN, type Newsroom, story, test } from "./newsroom.ts";
import { until } from "./program.ts";

const EDITOR = 4343;
const people = [
	{ id: ADMIN, first_name: "سلمى" },
	{ id: EDITOR, first_name: "علي" },
];
const ENV = { TELEGRAM_ADMINS: String(ADMIN) };
const YAML = `editors: [${EDITOR}]\n`;
const LEDGER_KEY = "canary-of-the-ledger-0123456789";

const plain = (text = "") => text.replace(/[\u200E\u200F\u2066-\u2069]/g, "");

/** Says something to the bot and gives its answer. */
async function told({ telegram }: Newsroom, user: number, text: string): Promise<TelegramMessage | undefined> {
	const before = telegram.replies(user).length;
	telegram.say(user, text);
	await until(() => telegram.replies(user).length > before, `an answer to ${text}`);
	return telegram.replies(user).at(-1);
}

async function pressed({ telegram }: Newsroom, user: number, message: TelegramMessage | undefined, label: string) {
	const button = (message?.reply_markup?.inline_keyboard ?? []).flat().find(({ text }) => plain(text) === label);
	const query = telegram.press(user, message?.message_id ?? 0, button?.callback_data ?? "");
	await until(() => telegram.answers.has(query), `the answer to «${label}»`);
	return plain(String(telegram.answers.get(query)?.["text"] ?? ""));
}

describe("the admins' bot", { concurrent: true, timeout: 90_000 }, () => {
	test("by approval, an article reaches the channels when an editor says so, and never when he says no, also over kill -9", async ({
		open,
	}) => {
		const room = await open({ telegram: { users: people }, yaml: YAML });
		const first = await room.begin(ENV);
		expect(plain((await told(room, ADMIN, "/mode approve"))?.text)).toContain("النشر بالموافقة");
		room.publish(1);
		const copies = (user: number, number: number) =>
			room.telegram
				.replies(user)
				.filter(({ text = "" }) => text.includes(`رقم ${number}`) && text.includes("ينتظر موافقتك"));
		await until(() => copies(ADMIN, 1).length === 1 && copies(EDITOR, 1).length === 1, "the question to both");
		expect(room.telegramPosts()).toEqual([]);
		await first.kill();
		await room.start({ env: ENV });
		const [copy] = copies(ADMIN, 1);
		expect(await pressed(room, EDITOR, copies(EDITOR, 1)[0], "نشر")).toBe("سُجل قرارك.");
		await room.shows([1]);
		// Killed before it could note where it had put the other copy, it learns of that one when it is pressed.
		expect(await pressed(room, ADMIN, copy, "رفض")).toBe("سبق القرار: نشر (علي)");
		await until(() => plain(copies(ADMIN, 1)[0]?.text).endsWith("القرار: نشر (علي)"), "the word on the other copy");
		room.publish(2);
		await until(() => copies(ADMIN, 2).length === 1, "the next question");
		expect(await pressed(room, ADMIN, copies(ADMIN, 2)[0], "رفض")).toBe("سُجل قرارك.");
		await told(room, ADMIN, "/mode auto");
		room.publish(3);
		await room.shows([1, 3]);
		const why = await told(room, EDITOR, `/why ${room.site.items.find(({ title }) => title.endsWith("رقم 2"))?.url}`);
		expect(plain(why?.text)).toContain("لم يُنشر: أُلغي بطلب من سلمى");
	});

	test("a source that is added by its address is watched, also in the next life, and muted when an admin says so", async ({
		open,
	}) => {
		const room = await open({ telegram: { users: people }, yaml: YAML });
		const other = await room.anotherSite();
		other.publish(story(50, { slug: "other-50", publishedAt: new Date(Date.now() - 60_000) }));
		const env = { ...ENV, ALLOW_PRIVATE_HOSTS: `${room.site.host},${other.host}` };
		const first = await room.begin(env);
		const found = await told(room, ADMIN, `/sources add ${other.feedUrl}`);
		expect(plain(found?.text)).toContain("وجدت خلاصة الموقع (RSS)، وفيها خبر واحد");
		expect(await pressed(room, ADMIN, found, "أضف المصدر")).toBe("أُضيف المصدر.");
		await until(() => other.hits("/feed") >= 3, "its first visit");
		expect(await first.stop()).toBe(0);
		await room.start({ env }).until(() => other.hits("/feed") >= 5, "looks of the next life");
		other.publish(story(51, { slug: "other-51" }));
		await room.shows([51]);
		const status = room.start({ args: ["status"], env });
		expect(await status.exit).toBe(0);
		expect(status.stdout).toContain(new URL(other.feedUrl).host);
		const name = `${new URL(other.feedUrl).host}/feed`;
		expect(await pressed(room, EDITOR, await told(room, EDITOR, `/sources ${name}`), "كتم")).toContain("لن يُنشر شيء");
		other.publish(story(52, { slug: "other-52" }));
		room.publish(1);
		await room.shows([51, 1]);
	});

	test("/post brings an article that nobody listed, /pause holds a channel and /queue puts one before the others", async ({
		open,
	}) => {
		const room = await open({ telegram: { users: people }, yaml: YAML });
		const other = await room.anotherSite();
		await room.begin({ ...ENV, ALLOW_PRIVATE_HOSTS: `${room.site.host},${other.host}` });
		const { url } = other.publish(story(70, { slug: "unlisted-70" }));
		for (const said of ["سيُنشر في دوره", "منشور من قبل"]) {
			expect(plain((await told(room, ADMIN, `/post ${url}`))?.text)).toContain(`تويتر: ${said}`);
			await room.shows([70]);
		}
		await told(room, ADMIN, "/pause");
		for (const number of [1, 2]) room.publish(number);
		const waiting = async () => plain((await told(room, EDITOR, "/queue"))?.text);
		await expect.poll(waiting, { timeout: 24_000, interval: 3_000 }).toContain("رقم 2");
		const queue = room.telegram.replies(EDITOR).at(-1);
		expect(await pressed(room, EDITOR, queue, "2. الآن")).toBe("سيُنشر قبل غيره.");
		await told(room, ADMIN, "/resume");
		await room.shows([70, 2, 1]);
	});

	test("a template that breaks is told once, and that it works again too", async ({ open }) => {
		const room = await open({ telegram: { users: people } });
		mkdirSync(join(room.folder, "templates"));
		const file = join(room.folder, "templates", "telegram.liquid");
		writeFileSync(file, "<b>{{ title }}</b>");
		await room.begin(ENV);
		const told = (words: string) => room.telegram.replies(ADMIN).filter(({ text = "" }) => plain(text).includes(words));
		writeFileSync(file, "<b>{{ titel }}</b>!");
		await until(() => told("في قالب المنشور خطأ").length === 1, "the word about the mistake");
		room.publish(1);
		await room.shows([1]);
		writeFileSync(file, "<i>{{ title }}</i>");
		await until(() => told("قوالب المنشورات سليمة من جديد").length === 1, "the word that it is over");
		room.publish(2);
		await room.shows([1, 2]);
		expect(room.telegramPosts()[1]?.entities?.map(({ type }) => type)).toEqual(["italic"]);
		expect(told("في قالب المنشور خطأ")).toHaveLength(1);
	});

	test("/ledger backup sends a copy that only LEDGER_KEY opens, and what it opens to is a ledger", async ({ open }) => {
		const room = await open({ telegram: { users: people } });
		const env = { ...ENV, LEDGER_KEY };
		await room.begin(env);
		const reply = await told(room, ADMIN, "/ledger backup");
		expect(reply?.["document"]).toMatchObject({ file_name: expect.stringMatching(/\.db\.gz\.sealed$/) });
		const [call] = room.telegram.calls("sendDocument");
		const sent = call?.body["document"] as { readonly bytes: Buffer } | undefined;
		writeFileSync(join(room.folder, "given-copy"), sent?.bytes ?? "");
		const locked = room.start({ args: ["ledger", "open", "given-copy", "given-none.db"], env: { LEDGER_KEY: "" } });
		expect(await locked.exit).toBe(1);
		expect(locked.stderr).toContain("set LEDGER_KEY");
		const opened = room.start({ args: ["ledger", "open", "given-copy", "given-opened.db"], env });
		expect(await opened.exit, opened.stderr).toBe(0);
		const check = room.start({
			args: ["ledger", "check"],
			env: { STORE_URL: `sqlite:${join(room.folder, "given-opened.db")}` },
		});
		expect(await check.exit, check.stderr).toBe(0);
		expect(readdirSync(join(room.folder, "ledger")).filter((file) => file.includes("sending"))).toEqual([]);
		expect(readFileSync(join(room.folder, "given-copy")).includes("SQLite format")).toBe(false);
	});
});

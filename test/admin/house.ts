import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AdminBot, adminBot, type BotOptions } from "../../src/admin/bot.ts";
import type { Desk, Found, Preview } from "../../src/admin/desk.ts";
import { type Sentences, sentences } from "../../src/admin/sentences.ts";
import type { Article } from "../../src/article/article.ts";
import { TelegramApi } from "../../src/channels/telegram-api.ts";
import { advance, type Delivery, type Event, type LossPolicy, orderOf } from "../../src/ledger/delivery.ts";
import { aliasesOf } from "../../src/article/identity.ts";
import { byHand } from "../../src/by-hand.ts";
import { release } from "../../src/holds.ts";
import { type Ledger, openLedger } from "../../src/ledger/ledger.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import type { Log } from "../../src/ports.ts";
import type { Post } from "../../src/post/post.ts";
import { openSwitches } from "../../src/switches.ts";
import { type FakeClock, fakeClock } from "../servers/clock.ts";
import { type FakeTelegram, startTelegram, type TelegramMessage } from "../servers/telegram.ts";

const TOKEN = "123456789:AAFakeTokenForTestsOnly_abcdefghijklm";
export const OWNER = 77_001;
export const EDITOR = 77_002;
export const STRANGER = 66_001;
const START = "2026-11-23T09:00:00.000Z";
export const CHANNEL = -1_001_234_567_890;
const POLICY: LossPolicy = { onLost: "ask", quiet: 20_000, between: 5_000, patience: 60_000 };

export const sentencesOf = (language: "ar" | "en"): Sentences =>
	sentences(readFileSync(new URL(`../../templates/admin.${language}.yaml`, import.meta.url), "utf8"));

export interface Line {
	readonly level: string;
	readonly message: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** Everything around the bot that is real, and what a test may look at. */
export interface House {
	readonly telegram: FakeTelegram;
	readonly clock: FakeClock;
	readonly ledger: Ledger;
	readonly desk: Desk;
	readonly api: TelegramApi;
	readonly log: Log;
	readonly lines: readonly Line[];
	/** Channels whose lanes were woken. */
	readonly woken: string[];
	readonly words: Sentences;
	/** Makes a bot; start it yourself. */
	bot(more?: Partial<BotOptions>): AdminBot;
	/** Sends a command and gives the replies to it, as many as expected. */
	told(user: number, text: string, count?: number): Promise<readonly TelegramMessage[]>;
	/** Presses the button of that label under a message; what the admin reads on the screen. */
	pressed(
		user: number,
		message: Pick<TelegramMessage, "message_id" | "reply_markup"> | undefined,
		label: string,
	): Promise<string>;
	/** What was decided about deliveries and is not carried out yet, as «channel id what who». */
	decisions(): Promise<readonly string[]>;
	/** Plans an article for both channels. */
	plan(id: string, more?: Partial<Article>, delivery?: Partial<Delivery>): Promise<Article>;
	/** Lets things happen to a delivery, one after the other. */
	happen(channel: string, id: string, ...events: Event[]): Promise<Delivery>;
	/** What /preview finds, or throws. */
	previews: () => Promise<readonly Preview[]>;
	/** What stands at an address that could be watched, or throws. */
	found: () => Promise<Found>;
	/** Sources that were to be looked at at once. */
	readonly looked: string[];
	close(): Promise<void>;
}

const day = (time: Date) => time.toISOString().slice(0, 10);

export const postOf = (channel: string, text: string, more: Partial<Post> = {}): Post => ({
	channel,
	kind: "article",
	articles: ["a1"],
	silent: false,
	text,
	length: text.length,
	limit: 280,
	...more,
});

export async function openHouse(): Promise<House> {
	const clock = fakeClock(START);
	const telegram = await startTelegram({
		token: TOKEN,
		channels: [{ id: CHANNEL, username: "@nirgal_news" }],
		users: [
			{ id: OWNER, first_name: "سارة" },
			{ id: EDITOR, first_name: "حيدر" },
		],
		now: () => clock.now().getTime(),
	});
	const folder = mkdtempSync(join(tmpdir(), "mirsal-admin-"));
	const ledger = openLedger(await openSqlite({ path: join(folder, "mirsal.db"), lock: true, now: clock.now }), {
		now: clock.now,
		day,
	});
	const lines: Line[] = [];
	const note = (level: string) => (fields: Line["fields"], message: string) =>
		void lines.push({ level, message, fields });
	const log: Log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
	const api = new TelegramApi(TOKEN, { apiRoot: telegram.url });
	const woken: string[] = [];
	const words = sentencesOf("ar");
	const looked: string[] = [];
	const switches = await openSwitches({
		ledger,
		channels: ["telegram", "twitter"],
		clock,
		wake: async (channel) => void woken.push(channel),
	});
	const settled = [{ name: "nirgal.example/feed", url: "https://nirgal.example/feed" }];
	const known = (address: string) => ledger.idOf(aliasesOf({ url: address, source: "" }, { trustGuid: false }));
	const desk: Desk = {
		ledger,
		newsroom: "شبكة نيركال",
		timeZone: "Asia/Baghdad",
		version: "0.1.0",
		channels: [
			{ name: "telegram", kind: "telegram", address: "@nirgal_news", preview: false },
			{ name: "twitter", kind: "twitter", address: "twitter", preview: true },
		],
		get sources() {
			return [...settled, ...switches.added()];
		},
		switches,
		manners: {
			hashtags: { map: { رياضة: "رياضة_نيركال" }, never: ["أخرى"], most: 2 },
			filters: [
				{ filter: { exclude: { words: ["إعلان"] } } },
				{ of: "twitter", filter: { include: { categories: ["سياسة", "أمن"] } } },
			],
		},
		now: clock.now,
		day,
		release: (hold, answer, by) =>
			release({ ledger, channels: ["telegram", "twitter"], now: clock.now }, hold, answer, by),
		wake: async (channel) => void woken.push(channel),
		preview: () => house.previews(),
		posts: ({ id, url, title }) => ({
			telegram: postOf("telegram", title, { articles: [id], html: `<b>${title}</b>`, link: url }),
		}),
		known,
		post: byHand({
			ledger,
			channels: ["telegram", "twitter"],
			read: async () => (await house.previews()).map((one) => ({ ...one, kind: "article" })),
			day,
			now: clock.now,
		}).post,
		look: async (source) => void looked.push(source),
		find: () => house.found(),
		async addSource(address, by) {
			const name = new URL(address).host;
			await switches.add(name, address, by);
			looked.push(name);
			return name;
		},
		async removeSource(name) {
			if (!switches.of(name).added) return false;
			await switches.remove(name);
			return true;
		},
		templates: async () => [
			{ file: "telegram.liquid", text: "<b>{{ title }}</b>", own: true },
			{ file: "twitter.liquid", text: "{{ title }}", own: false },
		],
		backup: async () => ({ name: "mirsal.db.gz.sealed", bytes: new Uint8Array([1, 2, 3]), sealed: true }),
	};
	const bots: AdminBot[] = [];
	const house: House = {
		telegram,
		clock,
		ledger,
		desk,
		api,
		log,
		lines,
		woken,
		words,
		previews: async () => [],
		found: async () => ({ url: "https://nirgal.example/feed", kind: "feed", count: 0, titles: [] }),
		looked,
		bot(more = {}) {
			const bot = adminBot({
				api,
				token: TOKEN,
				apiRoot: telegram.url,
				owners: [OWNER],
				editors: [EDITOR],
				desk,
				sentences: words,
				clock,
				log,
				...more,
			});
			bots.push(bot);
			return bot;
		},
		async told(user, text, count = 1) {
			const before = telegram.replies(user).length;
			telegram.say(user, text);
			await telegram.until(() => telegram.replies(user).length >= before + count, `${count} replies to ${text}`);
			return telegram.replies(user).slice(before);
		},
		async pressed(user, message, label) {
			const buttons = (message?.reply_markup?.inline_keyboard ?? []).flat();
			const data = buttons.find(({ text }) => plain({ text }) === label)?.callback_data;
			if (!message || data === undefined)
				throw new Error(`no button «${label}» among ${buttons.map(({ text }) => text).join(" · ")}`);
			const query = telegram.press(user, message.message_id, data);
			await telegram.until(() => telegram.answers.has(query), `the answer to «${label}»`);
			return plain({ text: String(telegram.answers.get(query)?.["text"] ?? "") });
		},
		async decisions() {
			const found: string[] = [];
			for (const { name } of desk.channels)
				for await (const [id, { do: does, by }] of ledger.decisions(name)) found.push(`${name} ${id} ${does} ${by}`);
			return found;
		},
		async plan(id, more = {}, delivery = {}) {
			const now = clock.now().toISOString();
			const article: Article = {
				id,
				url: `https://nirgal.example/news/${id}`,
				title: "مجلس ذي قار يصوت على موازنة الطوارئ لمواجهة الجفاف",
				lead: "صوت المجلس اليوم على الموازنة.",
				paragraphs: [],
				credits: [],
				tags: [],
				images: [],
				source: "nirgal.example/feed",
				publishedAt: "2026-11-23T08:30:00.000Z",
				...more,
			};
			const deliveries = desk.channels.map(
				({ name }): Delivery => ({
					v: 1,
					channel: name,
					id,
					kind: "article",
					order: orderOf("article", now, id),
					state: "planned",
					plannedAt: now,
					changedAt: now,
					attempts: 0,
					...delivery,
				}),
			);
			await ledger.plan(
				{ v: 1, article, foundAt: now, removed: [{ rule: "credit-line", text: "خاص/ نيركال" }] },
				aliasesOf(article, { trustGuid: false }),
				deliveries,
			);
			return article;
		},
		async happen(channel, id, ...events) {
			let delivery = (await ledger.delivery(channel, id)) as Delivery;
			for (const event of events) {
				const next = advance(delivery, event, clock.now(), POLICY);
				await ledger.record(delivery, next);
				delivery = next;
			}
			return delivery;
		},
		async close() {
			await Promise.all(bots.map((bot) => bot.stop()));
			await ledger.close();
			await telegram.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return house;
}

/** The start of a send. */
export const claim = (attempt = 1): Event => ({
	type: "claim",
	intent: { attempt, at: START, hash: "0".repeat(64), post: postOf("telegram", "خبر") },
});
export const sent = (id: string): Event => ({ type: "sent", receipt: { id, url: `https://t.me/nirgal_news/${id}` } });
export const lost: readonly Event[] = [
	claim(),
	{ type: "unknown", reason: "Telegram gave no clear answer in time" },
	{ type: "cannot-tell" },
];

/** The text without the marks of direction, which tests of sentences are not about. */
export const plain = (message: Pick<TelegramMessage, "text"> | undefined): string =>
	(message?.text ?? "").replace(/[\u200E\u200F\u2066-\u2069]/g, "");

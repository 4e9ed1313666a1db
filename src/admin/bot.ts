import type { Agent } from "node:http";
import { Context, Telegraf } from "telegraf";
import type { CallbackQuery, Message, Update, UserFromGetMe } from "telegraf/types";
import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Audit } from "../ledger/ledger.ts";
import type { Clock, Log } from "../ports.ts";
import { type Ask, type Command, Declined, may } from "./ask.ts";
import { noteChannelPost } from "./channel-posts.ts";
import { commands } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { type Admitted, gate, STALE } from "./gate.ts";
import { menu } from "./menu.ts";
import { offers } from "./offers.ts";
import { outbox, type Reply, RUN } from "./outbox.ts";
import { poller } from "./poller.ts";
import { presses } from "./presses.ts";
import type { Sentences } from "./sentences.ts";
import { tongues } from "./tongues.ts";

export interface BotOptions {
	readonly api: TelegramApi;
	readonly token: string;
	readonly apiRoot: string;
	readonly agent?: Agent;
	readonly owners: readonly number[];
	readonly editors: readonly number[];
	/** A group where admins may give commands as well, by number or @name. */
	readonly opsChat?: string;
	readonly desk: Desk;
	readonly sentences: Sentences;
	/** The other languages that admins may choose, and in which the menu of commands stands. */
	readonly menus?: readonly Sentences[];
	/** Somebody else posted in a channel; by default the ledger learns of it. */
	readonly onChannelPost?: (
		chat: { readonly id: number; readonly username?: string },
		messageId: number,
	) => Promise<void>;
	readonly clock: Clock;
	readonly log: Log;
}

const COMMAND = /^\/([a-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/i;
/** How long a stop waits for answers that are on their way. Milliseconds. */
const PATIENCE = 1_500;
/** An answer that could not be sent for so long answers nobody any more. Milliseconds. */
const REPLY_PATIENCE = 10 * 60_000;
/** Characters of a command in the audit trail. */
const DID = 300;

/** The bot as the rest of the house sees it. */
export interface AdminBot {
	start(): void;
	/** Ends the polling at once and waits briefly for answers on their way. */
	stop(): Promise<void>;
}

/** The admins' bot: receives commands and buttons, runs the table of commands, answers. Its troubles stay its own. */
export function adminBot(options: BotOptions): AdminBot {
	const { api, desk, clock, log } = options;
	const { ledger } = desk;
	const out = outbox({ api, clock, log, patience: REPLY_PATIENCE });
	const languages = tongues(ledger, [options.sentences, ...(options.menus ?? [])]);
	const offered = offers(desk);
	const door = gate({ owners: options.owners, editors: options.editors, opsChat: options.opsChat, clock, log });
	const onChannelPost = options.onChannelPost ?? noteChannelPost(desk);
	const showMenu = menu({ api, tongues: languages, log });
	const chains = new Map<string | number, Promise<void>>();
	const busy = new Set<Promise<unknown>>();
	let stopping: Promise<void> | undefined;
	let menusShown = false;

	// telegraf would give each context a client of its own, without deadlines.
	class BotContext extends Context {
		constructor(update: Update, _telegram: unknown, me: UserFromGetMe) {
			super(update, api, me);
		}
	}
	const bot = new Telegraf(options.token, {
		contextType: BotContext,
		handlerTimeout: Number.POSITIVE_INFINITY,
		telegram: { apiRoot: options.apiRoot, webhookReply: false, ...(options.agent ? { agent: options.agent } : {}) },
	});
	bot.telegram = api;
	bot.catch((error, ctx) =>
		log.error({ update: ctx.update.update_id, error: String(error) }, "the bot could not handle a message"),
	);
	bot.on("message", (ctx) => onMessage(ctx.update.update_id, ctx.message, ctx.me));
	bot.on("callback_query", (ctx) => onPress(ctx.update.update_id, ctx.callbackQuery));
	bot.on("channel_post", (ctx) => onChannelPost(ctx.channelPost.chat, ctx.channelPost.message_id));

	function hold<T>(work: Promise<T>): Promise<T> {
		busy.add(work);
		void work.catch(() => undefined).finally(() => busy.delete(work));
		return work;
	}

	/** One after the other for each key, in the order of arrival. */
	function inTurn(key: string | number, work: () => Promise<void>): Promise<void> {
		const turn = (chains.get(key) ?? Promise.resolve()).then(work);
		const settled = turn
			.catch(() => undefined)
			.finally(() => {
				if (chains.get(key) === settled) chains.delete(key);
			});
		chains.set(key, settled);
		return hold(turn);
	}

	/** Says something in a chat, in order; buttons that act are bound to the admin they are for. */
	function reply(chat: number, replies: readonly Reply[], admin: number): void {
		void inTurn(`replies:${chat}`, async () => {
			for (const one of replies) void hold(out.send(chat, await offered.bind(one, admin, clock.now())));
		}).catch((error) => log.error({ admin, error: String(error) }, "a reply could not be laid out"));
	}

	const decide = presses({ api, desk, tongues: languages, offered, clock, log, reply, hold });

	/** Whether this update comes for the first time, also over restarts. */
	async function fresh(update: number): Promise<boolean> {
		if (await ledger.note(`update:${update}`)) return true;
		log.debug({ update }, "a message to the bot came twice");
		return false;
	}

	async function onMessage(update: number, message: Message, me: string): Promise<void> {
		const from = door.message(message);
		const { chat } = message;
		if (!from) return;
		const text = "text" in message ? message.text : "";
		const [, name = "", addressee, rest = ""] = COMMAND.exec(text) ?? [];
		if (addressee !== undefined && addressee.toLowerCase() !== me.toLowerCase()) return;
		if (name === "" && chat.type !== "private") return;
		const tell = async (sentence: string) =>
			reply(chat.id, [{ text: (await languages.of(from.id)).say(sentence, { command: `/${name}` }) }], from.id);
		if (from.flooding) return tell("tooMany");
		await inTurn(from.id, async () => {
			if (!(await fresh(update))) return;
			const command = commands.find((one) => one.name === name.toLowerCase());
			if (!command) return tell(name === "" ? "noCommand" : "unknownCommand");
			const late = clock.now().getTime() - message.date * 1_000 > STALE;
			if (command.changes && late) {
				await audit(command, from, rest, "late");
				return tell("tooOld");
			}
			await perform(command, from, chat, rest);
		});
	}

	/** Notes in the trail what changes something, and what somebody tried who may not. */
	async function audit(command: Command, from: Admitted, rest: string, outcome: Audit["outcome"]): Promise<void> {
		if (!command.changes && outcome !== "forbidden") return;
		const did = `/${command.name} ${rest}`.trim().slice(0, DID);
		await ledger.audit({ at: clock.now().toISOString(), id: from.id, by: from.name, did, outcome });
	}

	async function perform(command: Command, from: Admitted, chat: Message["chat"], rest: string): Promise<void> {
		log.info({ admin: from.id, command: command.name }, "command");
		const words = await languages.of(from.id);
		const say = (sentence: string) =>
			reply(chat.id, [{ text: words.say(sentence, { command: `/${command.name}` }) }], from.id);
		if (!may(from.role, command)) {
			await audit(command, from, rest, "forbidden");
			return say("notAllowed");
		}
		const args = rest.split(/\s+/).filter((word) => word !== "");
		const ask: Ask = {
			desk,
			words,
			log,
			from,
			args,
			now: clock.now(),
			place: chat.type === "private" ? "private" : "group",
			strangers: door.strangers,
			async speak(language) {
				const spoken = await languages.speak(from.id, language);
				if (spoken) void hold(showMenu(from));
				return spoken;
			},
		};
		const work = async (): Promise<void> => {
			try {
				const said = await command.run(ask);
				await audit(command, from, rest, "done");
				reply(chat.id, Array.isArray(said) ? said : [said as Reply], from.id);
			} catch (error) {
				const declined = error instanceof Declined;
				await audit(command, from, rest, declined ? "declined" : "failed").catch(() => undefined);
				if (declined) return reply(chat.id, [{ text: error.message }], from.id);
				log.error({ admin: from.id, command: command.name, error: String(error) }, "a command failed");
				say("failed");
			}
		};
		if (command.name === "start" && chat.id === from.id) void hold(showMenu(from));
		if (command.slow) void hold(work());
		else await work();
	}

	async function onPress(update: number, query: CallbackQuery): Promise<void> {
		const from = door.press(query);
		const place = query.message;
		if (!from || !place) return;
		const data = "data" in query ? query.data : "";
		const answer = (text?: string, alert = false): void =>
			void hold(
				api
					.answerCbQuery(query.id, text, { show_alert: alert })
					.catch((error) =>
						log.debug({ reason: failureOf(error).description }, "a pressed button could not be answered"),
					),
			);
		if (from.flooding) return answer((await languages.of(from.id)).say("tooMany"));
		if (!data.startsWith(RUN))
			return inTurn("decisions", async () => {
				if (!(await fresh(update))) return answer();
				await decide({ data, from, place, answer });
			});
		answer();
		const [name = "", ...rest] = data.slice(RUN.length).split(" ");
		const command = commands.find((one) => one.name === name && !one.changes);
		if (!command) return;
		await inTurn(
			from.id,
			async () => void ((await fresh(update)) && (await perform(command, from, place.chat, rest.join(" ")))),
		);
	}

	async function menus(): Promise<void> {
		for (const id of options.owners) if (!stopping) await showMenu({ id, role: "owner" });
		for (const id of options.editors)
			if (!stopping && !options.owners.includes(id)) await showMenu({ id, role: "editor" });
	}

	const polling = poller({
		api,
		clock,
		log,
		ready(me) {
			bot.botInfo = me;
			if (!menusShown) void menus();
			menusShown = true;
		},
		handle: (update) =>
			void bot
				.handleUpdate(update)
				.catch((error) =>
					log.error({ update: update.update_id, error: String(error) }, "the bot could not handle a message"),
				),
	});

	async function stop(): Promise<void> {
		await polling.stop();
		let cancel = () => {};
		const patience = new Promise<void>((resolve) => {
			cancel = clock.at(new Date(clock.now().getTime() + PATIENCE), resolve);
		});
		const idle = async () => {
			while (busy.size > 0) await Promise.allSettled([...busy]);
		};
		await Promise.race([idle(), patience]);
		cancel();
		out.close();
	}

	return {
		start: () => polling.start(),
		stop() {
			stopping ??= stop();
			return stopping;
		},
	};
}

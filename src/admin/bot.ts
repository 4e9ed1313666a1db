import type { Agent } from "node:http";
import { Context, Telegraf } from "telegraf";
import type { CallbackQuery, Message, Update, UserFromGetMe } from "telegraf/types";
import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Clock, Log } from "../ports.ts";
import { type Command, Declined } from "./ask.ts";
import { noteChannelPost } from "./channel-posts.ts";
import { commands, may } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { type Admitted, gate, STALE } from "./gate.ts";
import { menu } from "./menu.ts";
import { outbox, type Reply, RUN } from "./outbox.ts";
import { poller } from "./poller.ts";
import { type Asked, type Press, questions } from "./questions.ts";
import type { Sentences } from "./sentences.ts";

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
	/** The other languages of the menu of commands. */
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

/** What a question was about, for the log. */
const aboutOf = (asked: Asked) =>
	"hold" in asked ? { hold: asked.hold } : { channel: asked.channel, article: asked.id };

/** The bot as the rest of the house sees it. */
export interface AdminBot {
	start(): void;
	/** Ends the polling at once and waits briefly for answers on their way. */
	stop(): Promise<void>;
}

/** The admins' bot: receives commands and buttons, runs the table of commands, answers. Its troubles stay its own. */
export function adminBot(options: BotOptions): AdminBot {
	const { api, desk, sentences: words, clock, log } = options;
	const { ledger } = desk;
	const out = outbox({ api, clock, log, patience: REPLY_PATIENCE });
	const answers = questions(desk);
	const door = gate({ owners: options.owners, editors: options.editors, opsChat: options.opsChat, clock, log });
	const onChannelPost = options.onChannelPost ?? noteChannelPost(desk);
	const showMenu = menu({ api, languages: [words, ...(options.menus ?? [])], log });
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

	function reply(chat: number, replies: readonly Reply[]): void {
		for (const one of replies) void hold(out.send(chat, one));
	}
	const tell = (chat: number, name: string, fields: Readonly<Record<string, string | number>> = {}) =>
		reply(chat, [{ text: words.say(name, fields) }]);

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
		if (from.flooding) return tell(chat.id, "tooMany");
		const text = "text" in message ? message.text : "";
		const [, name = "", addressee, rest = ""] = COMMAND.exec(text) ?? [];
		if (addressee !== undefined && addressee.toLowerCase() !== me.toLowerCase()) return;
		if (name === "" && chat.type !== "private") return;
		await inTurn(from.id, async () => {
			if (!(await fresh(update))) return;
			const command = commands.find((one) => one.name === name.toLowerCase());
			if (!command) return tell(chat.id, name === "" ? "noCommand" : "unknownCommand", { command: `/${name}` });
			if (command.changes && clock.now().getTime() - message.date * 1_000 > STALE)
				return tell(chat.id, "tooOld", { command: `/${command.name}` });
			await perform(command, from, chat.id, rest);
		});
	}

	async function perform(command: Command, from: Admitted, chat: number, rest: string): Promise<void> {
		log.info({ admin: from.id, command: command.name }, "command");
		if (!may(from.role, command)) return tell(chat, "notAllowed", { command: `/${command.name}` });
		const args = rest.split(/\s+/).filter((word) => word !== "");
		const work = async (): Promise<void> => {
			try {
				const said = await command.run({ desk, words, log, from, args, now: clock.now() });
				reply(chat, Array.isArray(said) ? said : [said as Reply]);
			} catch (error) {
				if (error instanceof Declined) return reply(chat, [{ text: error.message }]);
				log.error({ admin: from.id, command: command.name, error: String(error) }, "a command failed");
				tell(chat, "failed", { command: `/${command.name}` });
			}
		};
		if (command.name === "start" && chat === from.id) void hold(showMenu(from));
		if (command.slow) void hold(work());
		else await work();
	}

	async function onPress(update: number, query: CallbackQuery): Promise<void> {
		const from = door.press(query);
		const place = query.message;
		if (!from || !place) return;
		const data = "data" in query ? query.data : "";
		const answer = (text?: string, alert = false) =>
			hold(
				api
					.answerCbQuery(query.id, text, { show_alert: alert })
					.catch((error) =>
						log.debug({ reason: failureOf(error).description }, "a pressed button could not be answered"),
					),
			);
		if (from.flooding) return void answer(words.say("tooMany"));
		if (data.startsWith(RUN)) {
			void answer();
			const [name = "", ...rest] = data.slice(RUN.length).split(" ");
			const command = commands.find((one) => one.name === name && !one.changes);
			if (command)
				await inTurn(
					from.id,
					async () => void ((await fresh(update)) && (await perform(command, from, place.chat.id, rest.join(" ")))),
				);
			return;
		}
		await inTurn("decisions", async () => {
			if (!(await fresh(update))) return void answer();
			const press = await answers.press(data, from.name, clock.now());
			void answer(said(press, "toast"), press.kind !== "decided");
			if (press.kind === "unknown") return;
			if (press.kind === "decided") {
				log.info({ admin: from.id, ...aboutOf(press.asked), decision: press.label }, "decided by an admin");
				const { asked } = press;
				for (const { name } of desk.channels) if ("hold" in asked || asked.channel === name) await desk.wake(name);
			}
			const text = `${press.asked.text}\n\n${said(press, "note")}`;
			const edit = api.editMessageText(place.chat.id, place.message_id, undefined, text, {
				link_preview_options: { is_disabled: true },
			});
			void hold(
				edit.catch((error) =>
					log.debug({ reason: failureOf(error).description }, "a question could not be marked as answered"),
				),
			);
		});
	}

	/** What a press came to: for the one who pressed, or under the question for everybody. */
	function said(press: Press, where: "toast" | "note"): string {
		switch (press.kind) {
			case "unknown":
				return words.say("pressUnknown");
			case "decided":
				return where === "toast"
					? words.say("pressDone")
					: words.say("decided", { by: press.by, answer: words.say(press.label) });
			case "already":
				return words.say(where === "toast" ? "pressAlready" : "decided", {
					by: press.by,
					answer: words.say(press.label),
				});
			case "late":
				return words.say("pressLate");
			case "settled":
				return words.say("pressSettled");
		}
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

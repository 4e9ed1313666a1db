import type { InlineKeyboardButton } from "telegraf/types";
import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Clock, Log } from "../ports.ts";
import type { Act } from "./act.ts";

/** A button under a message: a reading command that it runs, an act that is bound to an admin before it is sent, a web address that it opens, or callback data of its own. */
export type Button = { readonly label: string } & (
	| { readonly run: string }
	| { readonly act: Act }
	| { readonly url: string }
	| { readonly data: string }
);

/** One message to people. The text is plain; with `html` it is Telegram's HTML. */
export interface Reply {
	readonly text: string;
	readonly html?: true;
	/** The address whose preview is shown above the text, as a channel's post would show it. */
	readonly link?: string;
	/** Rows of buttons. */
	readonly buttons?: readonly (readonly Button[])[];
	/** A file that is sent, with the text beneath. */
	readonly file?: { readonly name: string; readonly bytes: Uint8Array };
}

export interface Sent {
	readonly chat: number;
	readonly message: number;
}

/** Messages on their way to people: in order for each chat, `retry_after` obeyed, tried again while Telegram cannot be reached. */
export interface Outbox {
	/** Puts a message behind those that wait; resolves when it is sent, with nothing when it was given up. Never throws. */
	send(chat: number | string, reply: Reply): Promise<Sent | undefined>;
	/** Gives up what waits. */
	close(): void;
}

/** More than this waiting for one chat, and the oldest are given up: nobody reads a hundred old messages. */
const MOST = 100;
const FIRST = 2_000;
const LONGEST = 60_000;
/** UTF-16 units of a message (core.telegram.org/bots/api#sendmessage). */
const LENGTH = 4096;
/** UTF-16 units under a file (core.telegram.org/bots/api#senddocument). */
const CAPTION = 1024;
/** What callback data of a button that runs a command begins with. */
export const RUN = "run:";

interface Waiting {
	readonly reply: Reply;
	readonly done: (sent: Sent | undefined) => void;
}

export function outbox(options: {
	readonly api: TelegramApi;
	readonly clock: Clock;
	readonly log: Log;
	/** How long a message is tried. Milliseconds. */
	readonly patience: number;
}): Outbox {
	const { api, clock, log, patience } = options;
	const chats = new Map<string, Waiting[]>();
	const waits = new Set<() => void>();
	let closed = false;

	const pause = (milliseconds: number) =>
		new Promise<void>((resolve) => {
			const wake = () => {
				waits.delete(wake);
				cancel();
				resolve();
			};
			const cancel = clock.at(new Date(clock.now().getTime() + milliseconds), wake);
			waits.add(wake);
		});

	function sent(chat: number | string, reply: Reply) {
		const text = hidden(reply.text, api.token);
		if (!reply.file) return api.sendMessage(chat, reply.html ? text : bounded(text), extraOf(reply));
		const { name, bytes } = reply.file;
		return api.sendDocument(chat, { source: Buffer.from(bytes), filename: name }, { caption: text.slice(0, CAPTION) });
	}

	/** One message until it is sent or hopeless. A lost answer is tried again: told twice is better than never. */
	async function deliver(first: number | string, reply: Reply): Promise<Sent | undefined> {
		let chat = first;
		const end = clock.now().getTime() + patience;
		for (let turn = 0; clock.now().getTime() < end && !closed; turn++) {
			try {
				const { message_id, chat: room } = await sent(chat, reply);
				return { chat: room.id, message: message_id };
			} catch (error) {
				const failure = failureOf(error);
				const answered = failure.kind === "answered";
				if (answered && failure.movedTo !== undefined) {
					chat = failure.movedTo;
					continue;
				}
				const wait = answered ? failure.retryAfter : undefined;
				if (answered && wait === undefined) {
					log.warn(
						{ chat, reason: failure.description },
						"a message to the admins could not be delivered: the one it is for must have pressed /start, or have let the bot into the group",
					);
					return undefined;
				}
				log.debug({ chat, reason: failure.description }, "a message to the admins waits");
				await pause(wait === undefined ? Math.min(FIRST * 2 ** turn, LONGEST) : (wait + 1) * 1_000);
			}
		}
		if (!closed) log.warn({ chat }, "a message to the admins was given up: Telegram could not be reached");
		return undefined;
	}

	async function work(chat: number | string, queue: Waiting[]): Promise<void> {
		for (let next = queue[0]; next && !closed; next = queue[0]) {
			const sent = await deliver(chat, next.reply).catch((error) => {
				log.error({ error: String(error) }, "a message to the admins could not be laid out");
				return undefined;
			});
			queue.splice(queue.indexOf(next), 1);
			next.done(sent);
		}
		if (closed) for (const left of queue.splice(0)) left.done(undefined);
		chats.delete(String(chat));
	}

	return {
		send(chat, reply) {
			if (closed) return Promise.resolve(undefined);
			return new Promise((done) => {
				const queue = chats.get(String(chat));
				if (!queue) {
					const fresh = [{ reply, done }];
					chats.set(String(chat), fresh);
					void work(chat, fresh);
					return;
				}
				// The first one is on its way already.
				if (queue.length >= MOST) queue.splice(1, 1)[0]?.done(undefined);
				queue.push({ reply, done });
			});
		},
		close() {
			closed = true;
			for (const wake of [...waits]) wake();
		},
	};
}

/** Buttons as Telegram takes them; one that acts has no meaning before it is bound. */
function keyboard(rows: NonNullable<Reply["buttons"]>) {
	const buttonOf = (button: Button): readonly InlineKeyboardButton[] => {
		const { label: text } = button;
		if ("url" in button) return [{ text, url: button.url }];
		if ("act" in button) return [];
		return [{ text, callback_data: "run" in button ? RUN + button.run : button.data }];
	};
	return { inline_keyboard: rows.map((row) => row.flatMap(buttonOf)) };
}

function extraOf({ html, link, buttons }: Reply) {
	return {
		...(html ? { parse_mode: "HTML" as const } : {}),
		link_preview_options:
			link === undefined
				? { is_disabled: true }
				: { url: link, prefer_large_media: true, show_above_text: true, is_disabled: false },
		...(buttons ? { reply_markup: keyboard(buttons) } : {}),
	};
}

const hidden = (text: string, token: string): string => text.replaceAll(token, "***");

/** Cut at a line, so that it is sent rather than refused. HTML is counted without its elements, and whoever made it saw to its length. */
function bounded(text: string): string {
	if (text.length <= LENGTH) return text;
	const end = text.lastIndexOf("\n", LENGTH - 2);
	return `${text.slice(0, end > 0 ? end : LENGTH - 2)}\n…`;
}

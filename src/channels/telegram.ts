import type { Message } from "telegraf/types";
import type { Post, Receipt } from "../post/post.ts";
import { MESSAGE_LENGTH } from "../post/telegram-html.ts";
import { type Attempt, type Channel, SendError } from "./channel.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import { failureOf, type TelegramApi } from "./telegram-api.ts";
import { telegramEdits } from "./telegram-edits.ts";
import { otherForm, postToTelegram } from "./telegram-post.ts";

/** How many message ids behind the last known one are looked at: others may have posted meanwhile. */
const PROBED = 10;
/** Added to what Telegram asks to wait, in milliseconds: its clock decides, and a request that comes a moment early waits once more. */
const MARGIN = 500;
/** So many missing ids in a row are the end of the channel. */
const GAP = 3;

export interface TelegramOptions {
	readonly name: string;
	readonly compose: Channel["compose"];
	readonly api: TelegramApi;
	/** `@name` or `-100…`; asked for each call, because a chat can move. */
	readonly chat: () => Promise<string>;
	/** Where posts are forwarded to look them up; without it a lost answer cannot be looked into. */
	readonly opsChat: string | undefined;
	readonly now: () => Date;
	/** Between two looks at neighbouring ids, so that looking does not meet Telegram's own limits. */
	readonly pause: (milliseconds: number) => Promise<void>;
	/** Where the bytes of pictures lie; without it posts go without. */
	readonly shelf?: Pick<PictureShelf, "read">;
	/** Takes a complaint that concerns nobody's post. */
	readonly complain?: (words: string) => void;
}

/** Pinning holds up the next post no longer than this, in milliseconds. */
const PIN_WITHIN = 5_000;

/** A Telegram channel, spoken to through telegraf. */
export function telegramChannel(options: TelegramOptions): Channel {
	const { name, api, chat, opsChat } = options;

	return {
		name,
		kind: "telegram",
		preview: false,
		compose: options.compose,

		async send(post) {
			try {
				const [message, ...others] = await postToTelegram(api, await chat(), post, options.shelf);
				if (!message || !Number.isInteger(message.message_id))
					throw new SendError("unknown", "Telegram answered without a message id");
				return receiptOf(message, others);
			} catch (error) {
				throw error instanceof SendError ? error : sorted(error, post, options.now());
			}
		},

		async follow(post, { id }) {
			if (!post.pin) return;
			try {
				const pin = { chat_id: await chat(), message_id: Number(id), disable_notification: true };
				await api.callApi("pinChatMessage", pin, { signal: AbortSignal.timeout(PIN_WITHIN) as never });
			} catch (error) {
				options.complain?.(`breaking news could not be pinned: ${failureOf(error).description}`);
			}
		},

		// A forward of an id shows whether, and as what, a message stands there (the server runs getMessage first); nothing in the channel changes.
		async find(post, { baseline }: Attempt, signal) {
			if (opsChat === undefined || baseline === undefined) return "cannot-tell";
			const from = await chat();
			let missing = 0;
			let hidden = false;
			for (let id = Number(baseline) + 1; id <= Number(baseline) + PROBED && missing < GAP && !signal.aborted; id++) {
				if (id > Number(baseline) + 1) await options.pause(1_000);
				try {
					const forward = { chat_id: opsChat, from_chat_id: from, message_id: id, disable_notification: true };
					// telegraf's shortcuts take no signal, and a stop must not wait for a look.
					const copy = await api.callApi("forwardMessage", forward, { signal: signal as never });
					const { chat, message_id } = copy;
					await api
						.callApi("deleteMessage", { chat_id: chat.id, message_id }, { signal: signal as never })
						.catch(() => false);
					missing = 0;
					if (sameText(wordsOf(copy), post.text)) return receiptOf({ message_id: id, chat: originOf(copy) });
				} catch (error) {
					const failure = failureOf(error);
					if (failure.kind !== "answered") throw new Error(failure.description);
					if (/message to forward not found|message_id_invalid/i.test(failure.description)) missing++;
					else if (/protected/i.test(failure.description) || failure.code === 403) return "cannot-tell";
					else if (/can't be forwarded/i.test(failure.description)) {
						// Such as the note that a post was pinned: the lost one may stand behind it.
						missing = 0;
						hidden = true;
					} else throw new Error(failure.description);
				}
			}
			if (signal.aborted) throw new Error("stopped while looking");
			return missing >= GAP && !hidden ? "absent" : "cannot-tell";
		},

		...telegramEdits({ api, chat, sorted: (error, post) => sorted(error, post, options.now()), shelf: options.shelf }),
	};
}

/** The channel that a forwarded message stands in. */
function originOf(message: Message): Room {
	const origin = "forward_origin" in message ? message.forward_origin : undefined;
	return origin?.type === "channel" ? origin.chat : { id: 0 };
}

/** What a message says: an album says it under its first picture. */
function wordsOf(message: Message): string {
	if ("text" in message) return message.text;
	return ("caption" in message && message.caption) || "";
}

/** Telegram trims a message and may fold its spaces; what stands there is compared without them. */
function sameText(left: string, right: string): boolean {
	const plain = (text: string) => text.normalize("NFC").replace(/[\s\u200F\u2066-\u2069]+/g, "");
	return plain(left) === plain(right);
}

interface Room {
	readonly id: number;
	readonly username?: string;
}

function receiptOf(
	{ message_id, chat }: { readonly message_id: number; readonly chat: Room },
	others: readonly Pick<Message, "message_id">[] = [],
): Receipt {
	const room = chat.username ?? (String(chat.id).startsWith("-100") ? `c/${String(chat.id).slice(4)}` : undefined);
	return {
		id: String(message_id),
		...(room ? { url: `https://t.me/${room}/${message_id}` } : {}),
		...(others.length > 0 ? { others: others.map((one) => String(one.message_id)) } : {}),
	};
}

/** What may be done after a failed send, by Telegram's own words (the error strings stand in the Bot API server's source). */
function sorted(error: unknown, post: Post, now: Date): SendError {
	const failure = failureOf(error);
	const { description } = failure;
	if (failure.kind === "unreached") return new SendError("later", description);
	if (failure.kind === "unanswered") return new SendError("unknown", description);
	const { code } = failure;
	if (failure.movedTo !== undefined)
		return new SendError("later", `the chat moved: ${description}`, { movedTo: failure.movedTo, retryAt: now });
	if (code === 429) {
		const seconds = failure.retryAfter ?? 60;
		return new SendError("later", `Telegram asks to wait ${seconds} s`, {
			retryAt: new Date(now.getTime() + seconds * 1_000 + MARGIN),
		});
	}
	if (code === 401 || code === 404 || code === 403)
		return new SendError("parked", `Telegram refuses the bot: ${description}`);
	const refused = `Telegram refuses this post: ${description}`;
	const other = otherForm(post, code, description);
	if (other) return new SendError("refused", refused, { instead: other });
	if (
		/chat not found|message thread not found|TOPIC_(?:CLOSED|DELETED)|not enough rights|administrator rights|have no rights|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED|CHANNEL_PRIVATE|PEER_ID_INVALID|bot is not a member/i.test(
			description,
		)
	)
		return new SendError("parked", `Telegram refuses the bot in this channel: ${description}`);
	if (/can't parse entities/i.test(description) && post.html !== undefined) {
		const { html: _html, pictures: _pictures, ...plain } = post;
		const text = post.link ? `${post.text}\n${post.link}` : post.text;
		return new SendError("refused", refused, {
			instead: text.length > MESSAGE_LENGTH ? plain : { ...plain, text, length: text.length },
		});
	}
	return new SendError("refused", refused);
}

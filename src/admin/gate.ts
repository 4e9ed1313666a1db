import type { CallbackQuery, Message } from "telegraf/types";
import type { Clock, Log } from "../ports.ts";
import type { Role } from "./ask.ts";

const MINUTE = 60_000;
/** Commands of one admin in a minute, and buttons: what waits for approval comes in batches. */
const MOST = { command: 10, button: 30 } as const;
/** A command that changes something and is older than this was meant for another hour. Milliseconds. */
export const STALE = 10 * MINUTE;

/** Who wrote, when they may: `flooding` is true with the first one too many of a minute. */
export interface Admitted {
	readonly id: number;
	readonly name: string;
	readonly role: Role;
	readonly flooding: boolean;
}

export interface GateParts {
	readonly owners: readonly number[];
	readonly editors: readonly number[];
	/** A group where admins may give commands, by number or @name. */
	readonly opsChat?: string | undefined;
	readonly clock: Clock;
	readonly log: Log;
}

type Person = Message["from"];
type Place = Message["chat"];

/** Lets the admins in, by their numeric ids alone. Everybody else gets no answer at all: they are counted, and the log says so once a minute at most. */
export function gate({ owners, editors, opsChat, clock, log }: GateParts) {
	const roles = new Map<number, Role>([
		...editors.map((id) => [id, "editor"] as const),
		...owners.map((id) => [id, "owner"] as const),
	]);
	const recent = new Map<string, number[]>();
	let strangers = 0;
	let said = Number.NEGATIVE_INFINITY;

	function refuse(why: string): undefined {
		strangers++;
		const now = clock.now().getTime();
		if (now - said < MINUTE) return undefined;
		said = now;
		log.info({ refused: strangers, last: why }, "messages to the bot that nobody may send were not answered");
		return undefined;
	}

	function admit(from: Person, chat: Place | undefined, by: keyof typeof MOST): Admitted | undefined {
		const role = from && !from.is_bot ? roles.get(from.id) : undefined;
		if (!from || !role) return refuse("no admin");
		const here =
			chat?.type === "private" ||
			(chat !== undefined &&
				opsChat !== undefined &&
				(String(chat.id) === opsChat ||
					("username" in chat &&
						chat.username !== undefined &&
						`@${chat.username}`.toLowerCase() === opsChat.toLowerCase())));
		if (!here) return refuse("another chat");
		const now = clock.now().getTime();
		const times = (recent.get(`${by}:${from.id}`) ?? []).filter((time) => now - time < MINUTE);
		times.push(now);
		const most = MOST[by];
		recent.set(`${by}:${from.id}`, times.slice(0, most + 2));
		if (times.length > most + 1) return undefined;
		return { id: from.id, name: nameOf(from), role, flooding: times.length > most };
	}

	return {
		/** Messages so far that were refused. */
		get strangers() {
			return strangers;
		},
		message(message: Message): Admitted | undefined {
			// An anonymous group admin and a channel write under a chat's name; a forwarded command is somebody else's.
			if (message.sender_chat) return refuse("written in the name of a chat");
			if (
				["forward_origin", "forward_date", "forward_from", "forward_from_chat", "via_bot"].some(
					(sign) => sign in message,
				)
			)
				return refuse("forwarded");
			return admit(message.from, message.chat, "command");
		},
		press: (query: CallbackQuery): Admitted | undefined => admit(query.from, query.message?.chat, "button"),
	};
}

/** What the others will read about who did it: a name without tricks, the number when there is none. */
function nameOf(from: NonNullable<Person>): string {
	const name = [from.first_name, from.last_name ?? ""]
		.join(" ")
		.replace(/[\p{C}\s]+/gu, " ")
		.trim();
	return Array.from(name).slice(0, 40).join("") || (from.username ? `@${from.username}` : String(from.id));
}

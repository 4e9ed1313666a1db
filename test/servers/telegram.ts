import type { IncomingMessage, ServerResponse } from "node:http";
import { readPictureHeader } from "../../src/channels/picture-header.ts";
import { accepted, type Answer, deliver, type Fault, faultQueue } from "./fault.ts";
import {
	type Fields,
	isFile,
	type Listening,
	listen,
	looksLikePicture,
	readBody,
	readFields,
	watch,
} from "./listen.ts";
import { type Entity, type FormattedText, finish, ParseError, parseHtml } from "./telegram-html.ts";
import { complaint, methodName, typed } from "./telegram-schema.ts";

export interface Rights {
	readonly post?: boolean;
	readonly edit?: boolean;
	readonly delete?: boolean;
	/** The bot was removed by an administrator of the channel. */
	readonly kicked?: boolean;
	/** False: the bot was never added, or left. */
	readonly member?: boolean;
}

export interface TelegramOptions {
	readonly token: string;
	readonly bot?: { readonly id: number; readonly username: string };
	readonly channels: readonly {
		readonly id: number;
		readonly username?: string;
		readonly title?: string;
		readonly rights?: Rights;
		readonly protected?: boolean;
		/** A group with topics, not a channel. */
		readonly group?: boolean;
		/** Topics by message_thread_id; a post into any other is refused. */
		readonly topics?: readonly number[];
	}[];
	/** People who have pressed /start, unless `started` is false. */
	readonly users?: readonly {
		readonly id: number;
		readonly username?: string;
		readonly first_name?: string;
		readonly started?: boolean;
	}[];
	/** Strict rate of each channel, an album counting as its pictures. */
	readonly limit?: { readonly count: number; readonly windowMs: number };
	/** Milliseconds since 1970; the server's own clock by default. */
	readonly now?: () => number;
	readonly port?: number;
}

/** A Message as the Bot API answers it: what tests look at. */
export interface TelegramMessage {
	readonly message_id: number;
	readonly date: number;
	readonly chat: {
		readonly id: number;
		readonly type: string;
		readonly [key: string]: unknown;
	};
	readonly from?: {
		readonly id: number;
		readonly is_bot: boolean;
		readonly [key: string]: unknown;
	};
	readonly sender_chat?: {
		readonly id: number;
		readonly [key: string]: unknown;
	};
	readonly text?: string;
	readonly entities?: readonly Entity[];
	readonly caption?: string;
	readonly caption_entities?: readonly Entity[];
	readonly photo?: readonly {
		readonly file_id: string;
		readonly [key: string]: unknown;
	}[];
	readonly media_group_id?: string;
	readonly edit_date?: number;
	readonly link_preview_options?: Readonly<Record<string, unknown>>;
	readonly reply_markup?: {
		readonly inline_keyboard?: readonly (readonly {
			readonly text: string;
			readonly callback_data?: string;
			readonly url?: string;
		}[])[];
	};
	readonly reply_to_message?: TelegramMessage;
	readonly forward_origin?: Readonly<Record<string, unknown>>;
	readonly author_signature?: string;
	readonly has_protected_content?: true;
	readonly [key: string]: unknown;
}

/** One call in the log; `body` is typed as the schema has it, uploads included. */
export interface TelegramCall {
	readonly method: string;
	readonly body: Fields;
	readonly at: number;
	/** What the server decided, also when the answer was lost; 0 while a poll waits. */
	status: number;
	description?: string;
}

export interface FakeTelegram {
	/** The API root: `<url>/bot<token>/<method>`. */
	readonly url: string;
	readonly port: number;
	/** Every call, in order. */
	readonly requests: readonly TelegramCall[];
	/** Every breach of the schema, in words. */
	readonly invalid: readonly string[];
	/** How often the strict rate was broken. */
	readonly tooMany: number;
	/** What followers see in a channel now, oldest first. */
	posts(chat: number | string): readonly TelegramMessage[];
	/** What the bot has sent to a person and not deleted, oldest first. */
	replies(userId: number): readonly TelegramMessage[];
	/** Answers to pressed buttons, by query id. */
	readonly answers: ReadonlyMap<string, Fields>;
	/** Bot commands by scope and language, as JSON of both. */
	readonly commands: ReadonlyMap<string, readonly { command: string; description: string }[]>;
	readonly pinned: readonly { chat: number; message: number }[];
	calls(method: string): readonly TelegramCall[];
	fault(method: string, fault: Fault): void;
	clearFaults(): void;
	rights(chat: number | string, rights: Rights): void;
	/** The chat gets a new id; calls with the old one are told so. */
	migrate(chat: number | string, to: number): void;
	/** Whether content of the channel may be forwarded. */
	protect(chat: number | string, on: boolean): void;
	/** A human admin posts in the channel; the bot is told. Gives the message id. */
	humanPost(chat: number | string, text: string, extra?: Fields): number;
	humanDelete(chat: number | string, messageId: number): void;
	/** A person writes to the bot. Gives the message id. */
	say(userId: number, text: string, extra?: Fields): number;
	/** A person presses a button; a message that is not there makes an inaccessible one. Gives the query id. */
	press(userId: number, messageId: number, data: string): string;
	/** A person stops the bot; sends to him are refused. */
	block(userId: number): void;
	/** Puts any update in the queue; with `update_id` given, that one is kept, so that one may come twice. */
	update(update: Fields): number;
	/** How many updates are not confirmed. */
	readonly pending: number;
	until(check: () => boolean, what?: string, ms?: number): Promise<void>;
	close(): Promise<void>;
}

class Refusal extends Error {
	override readonly name = "Refusal";
	readonly code: number;
	readonly parameters: Fields | undefined;
	constructor(code: number, description: string, parameters?: Fields) {
		super(description);
		this.code = code;
		this.parameters = parameters;
	}
}

function no(code: number, description: string, parameters?: Fields): never {
	throw new Refusal(code, description, parameters);
}

interface Room {
	id: number;
	readonly type: "channel" | "private";
	readonly title?: string;
	readonly username?: string;
	readonly firstName?: string;
	rights: Required<Rights>;
	protected: boolean;
	started: boolean;
	blocked: boolean;
	nextId: number;
	readonly messages: Map<number, TelegramMessage>;
	readonly topics: readonly number[];
	readonly group: boolean;
	/** Ids of service messages. */
	readonly notes: Set<number>;
	sends: number[];
}

const FULL: Required<Rights> = {
	post: true,
	edit: true,
	delete: true,
	kicked: false,
	member: true,
};
const TEXT_LIMIT = 4096;
const CAPTION_LIMIT = 1024;
const DAY_MS = 86_400_000;
/** Updates that a bot gets without asking for them (getUpdates, allowed_updates). */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

/** A strict Bot API on loopback: validates every request, keeps what followers see, and fails as scripted. */
export async function startTelegram(options: TelegramOptions): Promise<FakeTelegram> {
	const now = options.now ?? Date.now;
	const bot = options.bot ?? {
		id: Number(options.token.split(":")[0]),
		username: "mirsal_test_bot",
	};
	const me = {
		id: bot.id,
		is_bot: true,
		first_name: "Mirsal",
		username: bot.username,
	};
	const rooms = new Map<number, Room>();
	const moved = new Map<number, number>();
	const faults = faultQueue();
	const watched = watch();
	const requests: TelegramCall[] = [];
	const invalid: string[] = [];
	const answers = new Map<string, Fields>();
	const queries = new Set<string>();
	const commands = new Map<string, readonly { command: string; description: string }[]>();
	const pinned: { chat: number; message: number }[] = [];
	const files = new Set<string>();
	let updates: (Fields & { update_id: number })[] = [];
	let nextUpdate = 810_001;
	let allowed: readonly string[] = [];
	let poll: ((answer: "updates" | "conflict" | "webhook") => void) | undefined;
	let webhook: Fields | undefined;
	let tooMany = 0;
	let serial = 1;
	let closed = false;

	const addRoom = (room: Pick<Room, "id" | "type"> & Partial<Room>): Room => {
		const full: Room = {
			rights: FULL,
			protected: false,
			started: true,
			blocked: false,
			nextId: 1,
			messages: new Map(),
			topics: [],
			group: false,
			notes: new Set(),
			sends: [],
			...room,
		};
		rooms.set(full.id, full);
		return full;
	};
	for (const { id, username, title, rights, protected: kept, topics, group } of options.channels)
		addRoom({
			id,
			type: "channel",
			title: title ?? "قناة التجربة",
			...(username === undefined ? {} : { username: username.replace(/^@/, "") }),
			rights: { ...FULL, ...rights },
			protected: kept ?? false,
			topics: topics ?? [],
			group: group ?? false,
			nextId: 11,
		});
	for (const { id, username, first_name, started } of options.users ?? [])
		addRoom({
			id,
			type: "private",
			firstName: first_name ?? "مشرف",
			...(username === undefined ? {} : { username }),
			started: started ?? true,
		});

	const seconds = () => Math.floor(now() / 1000);
	const chatOf = (room: Room) => ({
		id: room.id,
		type: room.group ? "supergroup" : room.type,
		...(room.type === "channel" ? { title: room.title } : { first_name: room.firstName }),
		...(room.username === undefined ? {} : { username: room.username }),
	});
	const userOf = (room: Room) => ({
		id: room.id,
		is_bot: false,
		first_name: room.firstName ?? "مشرف",
		...(room.username === undefined ? {} : { username: room.username }),
		language_code: "ar",
	});

	function roomOf(chat: unknown): Room | undefined {
		const name = String(chat);
		if (name.startsWith("@"))
			return [...rooms.values()].find((room) => room.username?.toLowerCase() === name.slice(1).toLowerCase());
		return rooms.get(Number(name));
	}
	const known = (chat: number | string): Room => {
		const room = roomOf(chat) ?? rooms.get(moved.get(Number(chat)) ?? Number.NaN);
		if (!room) throw new Error(`the fake Telegram has no chat ${chat}`);
		return room;
	};

	/** The chat of a call, or what Telegram says when the bot may not even see it. */
	function enter(chat: unknown): Room {
		if (chat === undefined || chat === "") no(400, "Bad Request: chat_id is empty");
		const target = moved.get(Number(chat));
		if (target !== undefined)
			no(400, "Bad Request: group chat was upgraded to a supergroup chat", {
				migrate_to_chat_id: target,
			});
		const room = roomOf(chat) ?? no(400, "Bad Request: chat not found");
		if (room.type === "private") {
			if (!room.started) no(400, "Bad Request: chat not found");
			if (room.blocked) no(403, "Forbidden: bot was blocked by the user");
		}
		if (room.rights.kicked) no(403, "Forbidden: bot was kicked from the channel chat");
		if (!room.rights.member) no(403, "Forbidden: bot is not a member of the channel chat");
		return room;
	}

	function mayPost(room: Room): void {
		if (!room.rights.post) no(400, "Bad Request: need administrator rights in the channel chat");
	}

	function formatted(text: unknown, mode: unknown, given: unknown): FormattedText {
		const raw = String(text ?? "");
		if (mode === undefined)
			return finish({
				text: raw,
				entities: (given as Entity[] | undefined) ?? [],
			});
		try {
			return finish(parseHtml(raw));
		} catch (error) {
			if (error instanceof ParseError) no(400, `Bad Request: can't parse entities: ${error.message}`);
			throw error;
		}
	}
	function textOf(body: Fields): FormattedText {
		const text = formatted(body["text"], body["parse_mode"], body["entities"]);
		if (text.text === "") no(400, "Bad Request: message text is empty");
		if (text.text.length > TEXT_LIMIT) no(400, "Bad Request: message is too long");
		return text;
	}
	function captionOf(body: Fields): Fields {
		const text = formatted(body["caption"], body["parse_mode"], body["caption_entities"]);
		if (text.text.length > CAPTION_LIMIT) no(400, "Bad Request: message caption is too long");
		return text.text === ""
			? {}
			: {
					caption: text.text,
					...(text.entities.length > 0 ? { caption_entities: text.entities } : {}),
				};
	}
	const textFields = (text: FormattedText): Fields => ({
		text: text.text,
		...(text.entities.length > 0 ? { entities: text.entities } : {}),
	});

	function buttonsOf(markup: unknown): Fields {
		const rows = (markup as { inline_keyboard?: Fields[][] } | undefined)?.inline_keyboard;
		if (!rows) return {};
		for (const button of rows.flat()) {
			if (String(button["text"]).trim() === "")
				no(400, "Bad Request: can't parse inline keyboard button: text of the button is empty");
			const data = button["callback_data"];
			if (data !== undefined && (data === "" || Buffer.byteLength(String(data)) > 64))
				no(400, "Bad Request: BUTTON_DATA_INVALID");
			const actions = Object.keys(button).filter((key) => !["text", "style", "icon_custom_emoji_id"].includes(key));
			if (actions.length !== 1)
				no(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
			const url = button["url"];
			if (url !== undefined && !/^(https?:\/\/[^/\s]+|tg:\/\/)/i.test(String(url)))
				no(400, "Bad Request: BUTTON_URL_INVALID");
		}
		return rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
	}

	function picture(value: unknown, body: Fields): Fields {
		let given = value;
		if (typeof given === "string" && given.startsWith("attach://")) given = body[given.slice("attach://".length)];
		if (isFile(given)) {
			if (given.bytes.length === 0) no(400, "Bad Request: file must be non-empty");
			if (given.bytes.length > 10 * 1024 * 1024) no(413, "Request Entity Too Large");
			if (!looksLikePicture(given.bytes)) no(400, "Bad Request: IMAGE_PROCESS_FAILED");
			const { width = 1, height = 1 } = readPictureHeader(given.bytes) ?? {};
			if (width + height > 10_000 || Math.max(width / height, height / width) > 20)
				no(400, "Bad Request: PHOTO_INVALID_DIMENSIONS");
		} else if (typeof given !== "string" || !(files.has(given) || /^https?:\/\/[^/\s]+/.test(given)))
			no(400, "Bad Request: wrong file identifier/HTTP URL specified");
		const id = typeof given === "string" && files.has(given) ? given : `photo-${serial++}`;
		files.add(id);
		return {
			photo: [
				{
					file_id: id,
					file_unique_id: `u-${id}`,
					width: 1280,
					height: 720,
					file_size: 64_000,
				},
			],
		};
	}

	/** Where in the chat a post goes: its topic, and what it answers. */
	function replyOf(room: Room, body: Fields): Fields {
		const thread = body["message_thread_id"];
		if (thread !== undefined && !room.topics.includes(Number(thread))) no(400, "Bad Request: message thread not found");
		const topic = thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true };
		const wanted = body["reply_parameters"] as Fields | undefined;
		if (!wanted) return topic;
		const found = room.messages.get(Number(wanted["message_id"]));
		if (found) {
			const { reply_to_message: _deeper, ...flat } = found;
			return { reply_to_message: flat, ...topic };
		}
		if (wanted["allow_sending_without_reply"] === true) return topic;
		return no(400, "Bad Request: message to be replied not found");
	}

	function meter(room: Room, count: number): void {
		if (!options.limit || room.type !== "channel") return;
		const { count: most, windowMs } = options.limit;
		const from = now() - windowMs;
		room.sends = room.sends.filter((at) => at > from);
		if (room.sends.length + count > most) {
			tooMany++;
			const wait = Math.max(1, Math.ceil(((room.sends[0] ?? now()) + windowMs - now()) / 1000));
			no(429, `Too Many Requests: retry after ${wait}`, { retry_after: wait });
		}
		for (let i = 0; i < count; i++) room.sends.push(now());
	}

	function put(room: Room, content: Fields): TelegramMessage {
		const message: TelegramMessage = {
			message_id: room.nextId++,
			...(room.type === "channel" && !room.group ? { sender_chat: chatOf(room) } : { from: me }),
			chat: chatOf(room),
			date: seconds(),
			...content,
			...(room.protected ? { has_protected_content: true as const } : {}),
		};
		room.messages.set(message.message_id, message);
		return message;
	}

	function editable(body: Fields): { room: Room; old: TelegramMessage } {
		if (body["inline_message_id"] !== undefined) no(400, "Bad Request: MESSAGE_ID_INVALID");
		const room = enter(body["chat_id"]);
		if (body["message_id"] === undefined) no(400, "Bad Request: message identifier is not specified");
		const old = room.messages.get(Number(body["message_id"])) ?? no(400, "Bad Request: message to edit not found");
		const own = !humans.has(old);
		const may = room.type === "private" ? own : room.rights.edit || (own && room.rights.post);
		if (!may || old.forward_origin) no(400, "Bad Request: message can't be edited");
		return { room, old };
	}
	/** Posts of people, also after an edit by the bot. */
	const humans = new WeakSet<TelegramMessage>();

	function change(room: Room, old: TelegramMessage, drop: readonly string[], fresh: Fields): TelegramMessage {
		const kept = Object.fromEntries(Object.entries(old).filter(([key]) => !drop.includes(key)));
		const next = { ...kept, ...fresh } as TelegramMessage;
		const content = ({ edit_date: _date, ...rest }: TelegramMessage) =>
			JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
		if (content(old) === content(next))
			no(
				400,
				"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
			);
		const edited = { ...next, edit_date: seconds() };
		if (humans.has(old)) humans.add(edited);
		room.messages.set(edited.message_id, edited);
		return edited;
	}

	const memberOf = (room: Room) => ({
		user: me,
		status: "administrator",
		can_be_edited: false,
		is_anonymous: false,
		can_manage_chat: true,
		can_change_info: false,
		...(room.group
			? { can_pin_messages: room.rights.edit }
			: { can_post_messages: room.rights.post, can_edit_messages: room.rights.edit }),
		can_delete_messages: room.rights.delete,
		can_invite_users: false,
		can_restrict_members: false,
		can_promote_members: false,
		can_manage_video_chats: false,
	});
	const standing = (room: Room) =>
		room.rights.kicked
			? { user: me, status: "kicked", until_date: 0 }
			: room.rights.member
				? memberOf(room)
				: { user: me, status: "left" };

	function commandKey(body: Fields): string {
		const scope = (body["scope"] as Fields | undefined) ?? { type: "default" };
		if (scope["type"] === "chat" || scope["type"] === "chat_administrators" || scope["type"] === "chat_member") {
			const room = enter(scope["chat_id"]);
			if (room.type === "channel") no(400, "Bad Request: can't change commands in channel chats");
			if (scope["type"] !== "chat") no(400, "Bad Request: chat must be a group or a supergroup");
		}
		return JSON.stringify([scope, body["language_code"] ?? ""]);
	}

	const methods: Readonly<Record<string, (body: Fields) => unknown>> = {
		getMe: () => ({
			...me,
			can_join_groups: true,
			can_read_all_group_messages: false,
			supports_inline_queries: false,
		}),
		deleteWebhook: (body) => {
			webhook = undefined;
			if (body["drop_pending_updates"] === true) updates = [];
			return true;
		},
		setWebhook: (body) => {
			const url = String(body["url"]);
			if (url === "") webhook = undefined;
			else {
				if (!/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url))
					no(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
				webhook = body;
			}
			if (body["drop_pending_updates"] === true) updates = [];
			if (body["allowed_updates"] !== undefined) allowed = body["allowed_updates"] as string[];
			poll?.("webhook");
			void pushAll();
			return true;
		},
		getWebhookInfo: () => ({
			url: webhook ? webhook["url"] : "",
			has_custom_certificate: false,
			pending_update_count: updates.length,
			...(webhook ? { max_connections: webhook["max_connections"] ?? 40 } : {}),
		}),
		setMyCommands: (body) => {
			const given = body["commands"] as {
				command: string;
				description: string;
			}[];
			if (given.length > 100) no(400, "Bad Request: BOT_COMMANDS_TOO_MUCH");
			for (const { command, description } of given) {
				if (!/^\/?[a-z0-9_]{1,32}$/.test(command)) no(400, "Bad Request: BOT_COMMAND_INVALID");
				if (description.length < 1 || description.length > 256) no(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
			}
			commands.set(commandKey(body), given);
			return true;
		},
		deleteMyCommands: (body) => {
			commands.delete(commandKey(body));
			return true;
		},
		getMyCommands: (body) => commands.get(commandKey(body)) ?? [],
		sendMessage: (body) => {
			const room = enter(body["chat_id"]);
			mayPost(room);
			const text = textOf(body);
			const rest = {
				...buttonsOf(body["reply_markup"]),
				...replyOf(room, body),
			};
			meter(room, 1);
			const preview = body["link_preview_options"];
			return put(room, {
				...textFields(text),
				...(preview ? { link_preview_options: preview } : {}),
				...rest,
			});
		},
		sendPhoto: (body) => {
			const room = enter(body["chat_id"]);
			mayPost(room);
			const rest = {
				...captionOf(body),
				...buttonsOf(body["reply_markup"]),
				...replyOf(room, body),
			};
			const photo = picture(body["photo"], body);
			meter(room, 1);
			return put(room, { ...photo, ...rest });
		},
		sendDocument: (body) => {
			const room = enter(body["chat_id"]);
			mayPost(room);
			const { document } = body;
			if (!isFile(document)) return no(400, "Bad Request: wrong file identifier/HTTP URL specified");
			if (document.bytes.length > 50_000_000) no(413, "Request Entity Too Large");
			const rest = { ...captionOf(body), ...buttonsOf(body["reply_markup"]), ...replyOf(room, body) };
			meter(room, 1);
			return put(room, { document: { file_name: document.filename, file_size: document.bytes.length }, ...rest });
		},
		sendMediaGroup: (body) => {
			const room = enter(body["chat_id"]);
			mayPost(room);
			const media = body["media"] as Fields[];
			if (media.length < 2) no(400, "Bad Request: there are too few messages to send as an album");
			if (media.length > 10) no(400, "Bad Request: there are too many messages to send as an album");
			const contents = media.map((one) => ({
				...picture(one["media"], body),
				...captionOf(one),
			}));
			const reply = replyOf(room, body);
			meter(room, contents.length);
			const group = `album-${serial++}`;
			return contents.map((content) => put(room, { media_group_id: group, ...content, ...reply }));
		},
		editMessageText: (body) => {
			const { room, old } = editable(body);
			const text = textOf(body);
			if (old.text === undefined) no(400, "Bad Request: there is no text in the message to edit");
			const preview = body["link_preview_options"];
			return change(room, old, ["text", "entities", "link_preview_options", "reply_markup"], {
				...textFields(text),
				...(preview ? { link_preview_options: preview } : {}),
				...buttonsOf(body["reply_markup"]),
			});
		},
		editMessageCaption: (body) => {
			const { room, old } = editable(body);
			const caption = captionOf(body);
			if (old.photo === undefined) no(400, "Bad Request: there is no caption in the message to edit");
			return change(room, old, ["caption", "caption_entities", "reply_markup"], {
				...caption,
				...buttonsOf(body["reply_markup"]),
			});
		},
		editMessageMedia: (body) => {
			const { room, old } = editable(body);
			const media = body["media"] as Fields;
			const content = { ...captionOf(media), ...picture(media["media"], body) };
			return change(
				room,
				old,
				["text", "entities", "link_preview_options", "photo", "caption", "caption_entities", "reply_markup"],
				{ ...content, ...buttonsOf(body["reply_markup"]) },
			);
		},
		editMessageReplyMarkup: (body) => {
			const { room, old } = editable(body);
			return change(room, old, ["reply_markup"], buttonsOf(body["reply_markup"]));
		},
		deleteMessage: (body) => {
			const room = enter(body["chat_id"]);
			const id = Number(body["message_id"]);
			const found = room.messages.get(id) ?? no(400, "Bad Request: message to delete not found");
			const own = !humans.has(found);
			if (room.type === "channel" && !(room.rights.delete || (own && room.rights.post)))
				no(400, "Bad Request: message can't be deleted");
			if (now() - found.date * 1000 > 2 * DAY_MS) no(400, "Bad Request: message can't be deleted for everyone");
			room.messages.delete(id);
			return true;
		},
		forwardMessage: (body) => {
			const room = enter(body["chat_id"]);
			mayPost(room);
			const from = enter(body["from_chat_id"]);
			const found =
				from.messages.get(Number(body["message_id"])) ??
				no(
					400,
					from.notes.has(Number(body["message_id"]))
						? "Bad Request: message can't be forwarded"
						: "Bad Request: message to forward not found",
				);
			if (from.protected || found.has_protected_content)
				no(400, "Bad Request: message has protected content and can't be forwarded");
			meter(room, 1);
			const carried = ["text", "entities", "caption", "caption_entities", "photo", "link_preview_options"];
			const content = Object.fromEntries(Object.entries(found).filter(([key]) => carried.includes(key)));
			const origin = found.forward_origin ?? {
				...(from.type === "channel"
					? {
							type: "channel",
							chat: chatOf(from),
							message_id: found.message_id,
							...(found.author_signature ? { author_signature: found.author_signature } : {}),
						}
					: { type: "user", sender_user: found.from }),
				date: found.date,
			};
			return put(room, { forward_origin: origin, ...content });
		},
		answerCallbackQuery: (body) => {
			const id = String(body["callback_query_id"]);
			if (!queries.delete(id))
				no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
			answers.set(id, body);
			return true;
		},
		getChat: (body) => {
			const room = enter(body["chat_id"]);
			return {
				...chatOf(room),
				accent_color_id: 0,
				max_reaction_count: 11,
				...(room.protected ? { has_protected_content: true } : {}),
			};
		},
		getChatMember: (body) => {
			const room = enter(body["chat_id"]);
			if (body["user_id"] === me.id) return standing(room);
			const person = rooms.get(Number(body["user_id"]));
			if (person?.type !== "private") return no(400, "Bad Request: PARTICIPANT_ID_INVALID");
			return { user: userOf(person), status: "left" };
		},
		getChatAdministrators: (body) => {
			const room = enter(body["chat_id"]);
			if (room.type === "private") no(400, "Bad Request: there are no administrators in the private chat");
			return [memberOf(room)];
		},
		pinChatMessage: (body) => {
			const room = enter(body["chat_id"]);
			if (!room.messages.has(Number(body["message_id"]))) no(400, "Bad Request: message to pin not found");
			if (!room.rights.edit) no(400, "Bad Request: not enough rights to manage pinned messages in the chat");
			pinned.push({ chat: room.id, message: Number(body["message_id"]) });
			// Telegram says so in the channel, under an id of its own; unlike its posts, the bot hears of it.
			const { reply_to_message: _reply, ...pin } = room.messages.get(Number(body["message_id"])) as TelegramMessage;
			room.notes.add(room.nextId);
			if (room.type === "channel")
				enqueue({
					channel_post: { message_id: room.nextId++, date: seconds(), chat: chatOf(room), pinned_message: pin },
				});
			return true;
		},
		sendChatAction: (body) => {
			mayPost(enter(body["chat_id"]));
			return true;
		},
	};

	/** The update in the queue; one of a kind the bot did not ask for is dropped, as the real server does. */
	function enqueue(given: Fields): number {
		const id = (given["update_id"] as number | undefined) ?? nextUpdate;
		nextUpdate = Math.max(nextUpdate, id + 1);
		const kind = Object.keys(given).find((key) => key !== "update_id") ?? "";
		const wanted = allowed.length > 0 ? allowed.includes(kind) : !NOT_BY_DEFAULT.has(kind);
		if (wanted) updates.push({ ...given, update_id: id });
		if (webhook) void pushAll();
		else poll?.("updates");
		watched.touch();
		return id;
	}

	let pushing = false;
	async function pushAll(): Promise<void> {
		if (pushing) return;
		pushing = true;
		let tries = 0;
		while (webhook && updates.length > 0 && !closed && tries < 20) {
			const first = updates[0] as Fields;
			const secret = webhook["secret_token"];
			const answer = await fetch(String(webhook["url"]), {
				method: "POST",
				headers: {
					"content-type": "application/json",
					...(secret === undefined ? {} : { "x-telegram-bot-api-secret-token": String(secret) }),
				},
				body: JSON.stringify(first),
			}).catch(() => undefined);
			await answer?.arrayBuffer().catch(() => undefined);
			if (answer?.ok) {
				updates = updates.filter((one) => one !== first);
				watched.touch();
			} else {
				tries++;
				await new Promise((resolve) => setTimeout(resolve, 50 * tries).unref());
			}
		}
		pushing = false;
	}

	/** Long polling: an offset confirms what came before it; the elder of two polls is sent away (Bot API, getUpdates). */
	async function getUpdates(body: Fields, request: IncomingMessage): Promise<unknown> {
		const active =
			"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
		if (webhook) no(409, active);
		poll?.("conflict");
		if (body["allowed_updates"] !== undefined) allowed = body["allowed_updates"] as string[];
		const offset = Number(body["offset"] ?? 0);
		if (offset > 0) updates = updates.filter((one) => one.update_id >= offset);
		else if (offset < 0) updates = updates.slice(offset);
		watched.touch();
		const limit = Number(body["limit"] ?? 100);
		const timeout = Math.min(Number(body["timeout"] ?? 0), 50);
		if (updates.length === 0 && timeout > 0) {
			const why = await new Promise<string>((resolve) => {
				const timer = setTimeout(() => done("updates"), timeout * 1000);
				const done = (reason: "updates" | "conflict" | "webhook" | "gone") => {
					clearTimeout(timer);
					if (poll === done) poll = undefined;
					request.socket.off("close", gone);
					resolve(reason);
				};
				const gone = () => done("gone");
				poll = done;
				request.socket.once("close", gone);
			});
			if (why === "conflict")
				no(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running");
			if (why === "webhook") no(409, "Conflict: terminated by setWebhook request");
		}
		return updates.slice(0, limit);
	}

	const told = (code: number, description: string, parameters?: Fields): Answer => ({
		status: code,
		body: JSON.stringify({
			ok: false,
			error_code: code,
			description,
			...(parameters ? { parameters } : {}),
		}),
		...(parameters?.["retry_after"] === undefined
			? {}
			: { headers: { "retry-after": String(parameters["retry_after"]) } }),
	});

	async function run(method: string, body: Fields, request: IncomingMessage): Promise<Answer> {
		try {
			if (method === "sendMessage" && (body["text"] === undefined || body["text"] === ""))
				no(400, "Bad Request: message text is empty");
			const attached = [
				body,
				...(Array.isArray(body["media"]) ? (body["media"] as Fields[]) : [body["media"] as Fields]),
			]
				.flatMap((one) => [one?.["media"], one?.["photo"]])
				.filter((value): value is string => typeof value === "string" && value.startsWith("attach://"))
				.map((value) => value.slice("attach://".length));
			const checked = Object.fromEntries(Object.entries(body).filter(([key]) => !attached.includes(key)));
			const wrong = complaint(method, checked);
			if (wrong !== undefined) {
				invalid.push(`${method}: ${wrong}`);
				no(400, `Bad Request: ${method} is against the schema: ${wrong}`);
			}
			const result =
				method === "getUpdates"
					? await getUpdates(body, request)
					: (methods[method] as (body: Fields) => unknown)(body);
			return { status: 200, body: JSON.stringify({ ok: true, result }) };
		} catch (error) {
			if (error instanceof Refusal) return told(error.code, error.message, error.parameters);
			throw error;
		}
	}

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const raw = await readBody(request);
		const url = new URL(request.url ?? "/", "http://fake");
		const path = /^\/bot([^/]+)\/([^/]+)$/.exec(decodeURIComponent(url.pathname));
		if (!path || !/^\d+:[\w-]+$/.test(path[1] as string)) return deliver(response, told(404, "Not Found"), undefined);
		if (path[1] !== options.token) return deliver(response, told(401, "Unauthorized"), undefined);
		const method = methodName(path[2] as string);
		if (!method) return deliver(response, told(404, "Not Found: method not found"), undefined);
		const type = request.headers["content-type"] ?? "";
		const fields = readFields(type, raw);
		const form = !type.toLowerCase().includes("json");
		const body: Fields = {
			...typed(method, Object.fromEntries(url.searchParams), true),
			...typed(method, fields ?? {}, form),
		};
		// The Bot API also reads the method's name from the body (webhook replies), and telegraf sends it in its forms.
		if (body["method"] === method) delete body["method"];
		const call: TelegramCall = { method, body, at: now(), status: 0 };
		requests.push(call);
		watched.touch();
		const fault = faults.take(method, body);
		let answer: Answer;
		if (!fields) answer = told(400, "Bad Request: can't parse request body");
		else if (accepted(fault)) answer = await run(method, body, request);
		else if (fault?.retryAfter !== undefined)
			answer = told(429, `Too Many Requests: retry after ${fault.retryAfter}`, {
				retry_after: fault.retryAfter,
			});
		else answer = told(500, "Internal Server Error");
		call.status = accepted(fault) ? answer.status : (fault?.status ?? (fault?.retryAfter ? 429 : 0));
		const description = (JSON.parse(answer.body) as { description?: string }).description;
		if (description !== undefined) call.description = description;
		deliver(response, answer, fault);
		watched.touch();
	}

	const server: Listening = await listen(handle, options.port);
	const person = (id: number): Room => {
		const room = rooms.get(id) ?? addRoom({ id, type: "private", firstName: "زائر" });
		room.started = true;
		room.blocked = false;
		return room;
	};

	return {
		url: server.url,
		port: server.port,
		requests,
		invalid,
		answers,
		commands,
		pinned,
		get tooMany() {
			return tooMany;
		},
		get pending() {
			return updates.length;
		},
		posts: (chat) => [...known(chat).messages.values()],
		replies: (userId) => [...(rooms.get(userId)?.messages.values() ?? [])].filter((one) => one.from?.id === me.id),
		calls: (method) => requests.filter((one) => one.method === method),
		fault: (method, fault) => faults.add(method, fault),
		clearFaults: () => faults.clear(),
		rights(chat, rights) {
			const room = known(chat);
			const before = standing(room);
			room.rights = { ...room.rights, ...rights };
			const change = {
				chat: chatOf(room),
				from: { id: 1, is_bot: false, first_name: "المالك" },
				date: seconds(),
			};
			enqueue({
				my_chat_member: {
					...change,
					old_chat_member: before,
					new_chat_member: standing(room),
				},
			});
		},
		migrate(chat, to) {
			const room = known(chat);
			rooms.delete(room.id);
			moved.set(room.id, to);
			room.id = to;
			rooms.set(to, room);
		},
		protect(chat, on) {
			known(chat).protected = on;
		},
		humanPost(chat, text, extra = {}) {
			const room = known(chat);
			const content = textFields(finish({ text, entities: [] }));
			const message = put(room, {
				author_signature: "المحرر المناوب",
				...content,
				...extra,
			});
			humans.add(message);
			enqueue({ channel_post: message });
			return message.message_id;
		},
		humanDelete(chat, messageId) {
			known(chat).messages.delete(messageId);
		},
		say(userId, text, extra = {}) {
			const room = person(userId);
			const message = {
				message_id: room.nextId++,
				from: userOf(room),
				chat: chatOf(room),
				date: seconds(),
				...textFields(finish({ text, entities: [] })),
				...extra,
			} as TelegramMessage;
			if (message.chat.id === room.id) room.messages.set(message.message_id, message);
			humans.add(message);
			enqueue({ message });
			return message.message_id;
		},
		press(userId, messageId, data) {
			const room = person(userId);
			const id = `query-${serial++}`;
			queries.add(id);
			const message = room.messages.get(messageId) ?? {
				chat: chatOf(room),
				message_id: messageId,
				date: 0,
			};
			enqueue({
				callback_query: {
					id,
					from: userOf(room),
					message,
					chat_instance: String(room.id),
					data,
				},
			});
			return id;
		},
		block(userId) {
			person(userId).blocked = true;
		},
		update: enqueue,
		until: (check, what, ms) => watched.until(check, what, ms),
		async close() {
			closed = true;
			poll?.("updates");
			await server.close();
		},
	};
}

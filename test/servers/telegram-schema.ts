import { Ajv2020 } from "ajv/dist/2020.js";
import type { Fields } from "./listen.ts";

type Schema = Readonly<Record<string, unknown>>;

const int: Schema = { type: "integer" };
const str: Schema = { type: "string" };
const bool: Schema = { type: "boolean" };
const chat: Schema = {
	anyOf: [int, { type: "string", pattern: "^(@[A-Za-z0-9_]{4,32}|-?[0-9]+)$" }],
};
const list = (items: Schema): Schema => ({ type: "array", items });
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
	type: "object",
	properties,
	required,
	additionalProperties: false,
});

const user = object(
	{
		id: int,
		is_bot: bool,
		first_name: str,
		last_name: str,
		username: str,
		language_code: str,
	},
	["id", "is_bot", "first_name"],
);
const entities = list(
	object(
		{
			type: str,
			offset: int,
			length: int,
			url: str,
			user,
			language: str,
			custom_emoji_id: str,
			unix_time: int,
			date_time_format: str,
		},
		["type", "offset", "length"],
	),
);
const preview = object({
	is_disabled: bool,
	url: str,
	prefer_small_media: bool,
	prefer_large_media: bool,
	show_above_text: bool,
});
const reply = object(
	{
		message_id: int,
		chat_id: chat,
		allow_sending_without_reply: bool,
		quote: str,
		quote_parse_mode: str,
		quote_entities: entities,
		quote_position: int,
	},
	["message_id"],
);
const inline = object(
	{
		inline_keyboard: list(
			list(
				object(
					{
						text: str,
						style: { enum: ["danger", "success", "primary"] },
						icon_custom_emoji_id: str,
						url: str,
						callback_data: str,
						switch_inline_query: str,
						switch_inline_query_current_chat: str,
						copy_text: object({ text: str }, ["text"]),
					},
					["text"],
				),
			),
		),
	},
	["inline_keyboard"],
);
const markup: Schema = {
	type: "object",
	anyOf: [
		inline,
		object(
			{
				keyboard: list(list({ anyOf: [str, object({ text: str }, ["text"])] })),
				is_persistent: bool,
				resize_keyboard: bool,
				one_time_keyboard: bool,
				input_field_placeholder: str,
				selective: bool,
			},
			["keyboard"],
		),
		object({ remove_keyboard: { const: true }, selective: bool }, ["remove_keyboard"]),
		object(
			{
				force_reply: { const: true },
				input_field_placeholder: str,
				selective: bool,
			},
			["force_reply"],
		),
	],
};
const scope: Schema = {
	type: "object",
	anyOf: [
		object(
			{
				type: {
					enum: ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"],
				},
			},
			["type"],
		),
		object({ type: { enum: ["chat", "chat_administrators"] }, chat_id: chat }, ["type", "chat_id"]),
		object({ type: { const: "chat_member" }, chat_id: chat, user_id: int }, ["type", "chat_id", "user_id"]),
	],
};
/** A file's own type is outside JSON: a string here, or the upload itself, which the server looks at. */
const file: Schema = {
	anyOf: [
		{ type: "string", minLength: 1 },
		{ type: "object", required: ["bytes"] },
	],
};
const mode: Schema = { enum: ["HTML"] };
const photo = object(
	{
		type: { const: "photo" },
		media: { type: "string", minLength: 1 },
		caption: str,
		parse_mode: mode,
		caption_entities: entities,
		show_caption_above_media: bool,
		has_spoiler: bool,
	},
	["type", "media"],
);
const sending = {
	chat_id: chat,
	message_thread_id: int,
	disable_notification: bool,
	protect_content: bool,
	allow_paid_broadcast: bool,
	message_effect_id: str,
	reply_parameters: reply,
};
const editing = {
	chat_id: chat,
	message_id: int,
	inline_message_id: str,
	reply_markup: inline,
};
const captioned = {
	caption: str,
	parse_mode: mode,
	caption_entities: entities,
	show_caption_above_media: bool,
};
const commandsOf = { scope, language_code: str };

/** The part of the Bot API that the fake knows: what each method may be given (core.telegram.org/bots/api). */
const METHODS: Readonly<Record<string, Schema>> = {
	getMe: object({}),
	getUpdates: object({
		offset: int,
		limit: { ...int, minimum: 1, maximum: 100 },
		timeout: int,
		allowed_updates: list(str),
	}),
	setWebhook: object(
		{
			url: str,
			ip_address: str,
			max_connections: { ...int, minimum: 1, maximum: 100 },
			allowed_updates: list(str),
			drop_pending_updates: bool,
			secret_token: { ...str, pattern: "^[A-Za-z0-9_-]{1,256}$" },
		},
		["url"],
	),
	deleteWebhook: object({ drop_pending_updates: bool }),
	getWebhookInfo: object({}),
	setMyCommands: object(
		{
			commands: list(object({ command: str, description: str }, ["command", "description"])),
			...commandsOf,
		},
		["commands"],
	),
	deleteMyCommands: object(commandsOf),
	getMyCommands: object(commandsOf),
	sendMessage: object(
		{
			...sending,
			text: str,
			parse_mode: mode,
			entities,
			link_preview_options: preview,
			reply_markup: markup,
		},
		["chat_id", "text"],
	),
	sendPhoto: object(
		{
			...sending,
			...captioned,
			photo: file,
			has_spoiler: bool,
			reply_markup: markup,
		},
		["chat_id", "photo"],
	),
	sendMediaGroup: object({ ...sending, media: list(photo) }, ["chat_id", "media"]),
	editMessageText: object(
		{
			...editing,
			text: str,
			parse_mode: mode,
			entities,
			link_preview_options: preview,
		},
		["text"],
	),
	editMessageCaption: object({ ...editing, ...captioned }),
	editMessageMedia: object({ ...editing, media: photo }, ["media"]),
	editMessageReplyMarkup: object(editing),
	deleteMessage: object({ chat_id: chat, message_id: int }, ["chat_id", "message_id"]),
	forwardMessage: object(
		{
			chat_id: chat,
			message_thread_id: int,
			from_chat_id: chat,
			disable_notification: bool,
			protect_content: bool,
			message_id: int,
		},
		["chat_id", "from_chat_id", "message_id"],
	),
	answerCallbackQuery: object(
		{
			callback_query_id: str,
			text: { ...str, maxLength: 200 },
			show_alert: bool,
			url: str,
			cache_time: int,
		},
		["callback_query_id"],
	),
	getChat: object({ chat_id: chat }, ["chat_id"]),
	getChatMember: object({ chat_id: chat, user_id: int }, ["chat_id", "user_id"]),
	getChatAdministrators: object({ chat_id: chat, return_bots: bool }, ["chat_id"]),
	pinChatMessage: object({ chat_id: chat, message_id: int, disable_notification: bool }, ["chat_id", "message_id"]),
	sendChatAction: object(
		{
			chat_id: chat,
			message_thread_id: int,
			action: {
				enum: ["typing", "upload_photo", "upload_video", "upload_document", "choose_sticker", "find_location"],
			},
		},
		["chat_id", "action"],
	),
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
const byName = new Map(
	Object.entries(METHODS).map(([name, schema]) => [name.toLowerCase(), { name, schema, check: ajv.compile(schema) }]),
);

/** The method as the documentation spells it; the server does not mind the case. */
export function methodName(name: string): string | undefined {
	return byName.get(name.toLowerCase())?.name;
}

/** What in the body the documentation does not allow, in words; undefined when nothing. */
export function complaint(method: string, body: Fields): string | undefined {
	const known = byName.get(method.toLowerCase());
	if (!known) return `unknown method ${method}`;
	if (known.check(body)) return undefined;
	return (known.check.errors ?? [])
		.map((error) => {
			const extra = error.params["additionalProperty"] as string | undefined;
			return `${error.instancePath || "/"} ${error.message}${extra ? ` (${extra})` : ""}`;
		})
		.join("; ");
}

/** Objects may come as JSON text in any body, and everything is text in a form: gives the values as the method's schema types them. */
export function typed(method: string, body: Fields, form: boolean): Fields {
	const properties = byName.get(method.toLowerCase())?.schema["properties"] as Record<string, Schema> | undefined;
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => {
			const type = properties?.[name]?.["type"];
			if (typeof value !== "string") return [name, value];
			if (type === "object" || type === "array") return [name, parsed(value)];
			if (form && type === "integer" && /^-?\d+$/.test(value)) return [name, Number(value)];
			if (form && type === "boolean") return [name, /^(true|1|yes)$/i.test(value)];
			return [name, value];
		}),
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

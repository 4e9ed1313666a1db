import { Input } from "telegraf";
import type { InputMediaPhoto, Message } from "telegraf/types";
import { type Post, withoutPictures } from "../post/post.ts";
import { SendError } from "./channel.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import type { TelegramApi } from "./telegram-api.ts";

/** Sends a post in the form that it has: an album, a photo with the words as its caption, or a message. Throws SendError when a picture's bytes are gone, and what the call throws. */
export async function postToTelegram(
	api: TelegramApi,
	chat: string,
	post: Post,
	shelf: Pick<PictureShelf, "read"> | undefined,
): Promise<readonly Message[]> {
	const files = await filesOf(post, shelf);
	const [first] = files;
	const where = {
		...(post.silent ? { disable_notification: true } : {}),
		...(post.thread === undefined ? {} : { message_thread_id: post.thread }),
	};
	const marked = post.html === undefined ? {} : { parse_mode: "HTML" as const };
	const words = post.html ?? post.text;
	const buttons = buttonsOf(post);
	if (files.length > 1) {
		// Under an album the caption is shown when only one of its pictures has it (core.telegram.org/bots/api#sendmediagroup).
		const media = files.map(
			(file, place): InputMediaPhoto => ({
				type: "photo",
				media: file,
				...(place === 0 ? { caption: words, ...marked } : {}),
			}),
		);
		return api.sendMediaGroup(chat, media, where);
	}
	if (first) return [await api.sendPhoto(chat, first, { caption: words, ...marked, ...where, ...buttons })];
	return [
		await api.sendMessage(chat, words, { link_preview_options: previewOf(post), ...marked, ...where, ...buttons }),
	];
}

/** The button under a post: an edit must name it again, or Telegram takes it away. */
export function buttonsOf({ button, link }: Post) {
	if (button === undefined || link === undefined) return {};
	return { reply_markup: { inline_keyboard: [[{ text: button, url: link }]] } };
}

/** The card of the link's own page. */
export function previewOf({ link, preview }: Post) {
	if (!link || preview === "none") return { is_disabled: true };
	return { url: link, prefer_large_media: true, show_above_text: preview !== "below" };
}

async function filesOf(post: Post, shelf: Pick<PictureShelf, "read"> | undefined) {
	const files = [];
	for (const { hash, type } of post.pictures ?? []) {
		const bytes = await shelf?.read(post, hash);
		if (!bytes) throw new SendError("refused", "its picture is not there any more", { instead: withoutPictures(post) });
		files.push(Input.fromBuffer(Buffer.from(bytes), type === "image/png" ? "picture.png" : "picture.jpg"));
	}
	return files;
}

/** Telegram's words for a picture that it does not take (the Bot API server's source and TDLib's errors). */
const NO_PICTURE =
	/wrong file identifier|wrong remote file|failed to get HTTP URL|wrong type of the web page|can't upload file|IMAGE_PROCESS_FAILED|PHOTO_|MEDIA_|WEBPAGE_|file must be non-empty|file is too big|caption is too long|not enough rights to send (?:photos|media)|SEND_(?:PHOTOS|MEDIA)_FORBIDDEN/i;

/** The form in which a refused post may pass; nothing when its form is not what was refused. */
export function otherForm(post: Post, code: number, description: string): Post | undefined {
	if (post.pictures && (code === 413 || NO_PICTURE.test(description))) return withoutPictures(post);
	if (post.button !== undefined && /BUTTON_URL_INVALID|inline keyboard button/i.test(description)) {
		const { button: _button, ...rest } = post;
		return rest;
	}
	return undefined;
}

import { Input } from "telegraf";
import type { Post } from "../post/post.ts";
import { CAPTION_LENGTH } from "../post/telegram-html.ts";
import { type Channel, SendError } from "./channel.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import { failureOf, type TelegramApi } from "./telegram-api.ts";
import { buttonsOf, previewOf } from "./telegram-post.ts";

/** A bot may delete a message for 48 hours (core.telegram.org/bots/api#deletemessage); a quarter of an hour is left for clocks. */
const REMOVE_WITHIN = (48 * 60 - 15) * 60_000;

/** Changes posts of a Telegram channel that are out already: their text or caption as often as wanted, and takes them down while Telegram lets a bot do so. */
export function telegramEdits({
	api,
	chat,
	sorted,
	shelf,
}: {
	readonly api: TelegramApi;
	readonly chat: () => Promise<string>;
	/** What may be done after a failed call. */
	readonly sorted: (error: unknown, post: Post) => SendError;
	/** Where the bytes of a new picture lie; those of one that is out already are not there. */
	readonly shelf: Pick<PictureShelf, "read"> | undefined;
}): Required<Pick<Channel, "edit" | "remove" | "removeWithin">> {
	async function text(place: Place, post: Post, signal: AbortSignal): Promise<void> {
		const body = {
			...place,
			text: post.html ?? post.text,
			...(post.html === undefined ? {} : { parse_mode: "HTML" as const }),
			link_preview_options: previewOf(post),
			...buttonsOf(post),
		};
		// telegraf's shortcuts take no signal, and a stop must not wait for an edit: it is repeated at the next start.
		await api.callApi("editMessageText", body, { signal: signal as never });
	}

	async function caption(place: Place, post: Post, signal: AbortSignal): Promise<void> {
		if (post.text.length > CAPTION_LENGTH)
			throw new SendError("refused", "Telegram refuses this post: the text is too long to stand under its picture");
		const body = {
			...place,
			caption: post.html ?? post.text,
			...(post.html === undefined ? {} : { parse_mode: "HTML" as const }),
			...buttonsOf(post),
		};
		await api.callApi("editMessageCaption", body, { signal: signal as never });
	}

	/** Another picture with its caption; false when the picture that stands there is meant. */
	async function media(place: Place, post: Post, signal: AbortSignal): Promise<boolean> {
		const [picture, ...others] = post.pictures ?? [];
		const bytes = picture && others.length === 0 ? await shelf?.read(post, picture.hash) : undefined;
		if (!picture || !bytes) return false;
		const name = picture.type === "image/png" ? "picture.png" : "picture.jpg";
		const marked = post.html === undefined ? {} : { parse_mode: "HTML" as const };
		const file = Input.fromBuffer(Buffer.from(bytes), name);
		const body = { type: "photo" as const, media: file, caption: post.html ?? post.text, ...marked };
		const call = { ...place, media: body, ...buttonsOf(post) };
		await api.callApi("editMessageMedia", call, { signal: signal as never });
		return true;
	}

	/** Words under a picture, or a message; what Telegram says tells them apart where nobody knows. */
	async function words(place: Place, post: Post, signal: AbortSignal): Promise<void> {
		if (post.pictures) return caption(place, post, signal);
		try {
			await text(place, post, signal);
		} catch (error) {
			if (!says(error, /there is no text in the message to edit/i)) throw error;
			await caption(place, post, signal);
		}
	}

	return {
		removeWithin: REMOVE_WITHIN,

		async edit({ id }, post, signal) {
			const place: Place = { chat_id: await chat(), message_id: Number(id) };
			try {
				if (!(await media(place, post, signal))) await words(place, post, signal);
			} catch (error) {
				if (says(error, /message is not modified/i)) return;
				throw error instanceof SendError ? error : sorted(error, post);
			}
		},

		async remove({ id, others = [] }, signal) {
			const chat_id = await chat();
			for (const one of [id, ...others])
				try {
					await api.callApi("deleteMessage", { chat_id, message_id: Number(one) }, { signal: signal as never });
				} catch (error) {
					if (!says(error, /message to delete not found/i)) throw sorted(error, NO_POST);
				}
		},
	};
}

interface Place {
	readonly chat_id: string;
	readonly message_id: number;
}

/** What a deletion sends, for sorting what it failed of. */
const NO_POST: Post = { channel: "", kind: "article", articles: [], silent: false, text: "", length: 0, limit: 0 };

function says(error: unknown, words: RegExp): boolean {
	if (error instanceof SendError) return false;
	const failure = failureOf(error);
	return failure.kind === "answered" && words.test(failure.description);
}

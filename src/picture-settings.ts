import { z } from "zod";
import type { PictureWishes } from "./channels/illustrate.ts";
import type { Dress } from "./post/dress.ts";

/** How a channel of newsroom.yaml wants its posts to look: keys of the channel itself. */
export const LOOK_KEYS = {
	picture: z.enum(["auto", "caption", "preview", "none"]).optional(),
	album: z.boolean().optional(),
	preview: z.enum(["above", "below"]).optional(),
	button: z.union([z.boolean(), z.string().trim().min(1).max(40)]).optional(),
	pin: z.boolean().optional(),
	/** Telegram's message_thread_id. */
	thread: z.number().int().positive().optional(),
	language: z.enum(["ar", "en"]).optional(),
} as const;

const ON_TELEGRAM = ["preview", "button", "pin", "thread"] as const;
const BUTTON = { ar: "اقرأ الخبر", en: "Read more" } as const;

type LookSetting = { readonly kind: "telegram" | "twitter" } & {
	readonly [Key in keyof typeof LOOK_KEYS]?: z.output<(typeof LOOK_KEYS)[Key]>;
};

/** How a channel's posts look. */
export interface ChannelLook extends Dress, Pick<PictureWishes, "picture" | "album"> {
	/** Of the built-in templates. */
	readonly language: "ar" | "en";
}

/** The key of a wish that cannot be granted, and why; nothing when all is well. */
export function lookProblem(setting: LookSetting): { readonly key: string; readonly message: string } | undefined {
	const foreign = setting.kind === "twitter" ? ON_TELEGRAM.find((key) => setting[key] !== undefined) : undefined;
	if (foreign) return { key: foreign, message: "only Telegram has that: take it out here" };
	if (setting.album && setting.button)
		return { key: "button", message: "Telegram puts no button under an album: take out one of the two" };
	if (setting.album && (setting.picture ?? (setting.kind === "telegram" ? "preview" : "auto")) === "preview")
		return { key: "album", message: "an album is uploaded: it needs «picture: auto» or «picture: caption»" };
	return undefined;
}

/** A channel's look, with everything that it does not say itself. */
export function lookOf(setting: LookSetting): ChannelLook {
	const { kind, picture, album = false, preview, button, pin, thread, language = "ar" } = setting;
	const label = button === true ? BUTTON[language] : button;
	const shown = picture ?? (kind === "telegram" ? "preview" : "auto");
	const place = shown === "none" ? "none" : preview;
	return {
		picture: shown,
		album,
		language,
		...(kind === "telegram" && place ? { preview: place } : {}),
		...(label ? { button: label } : {}),
		...(pin ? { pin } : {}),
		...(thread === undefined ? {} : { thread }),
	};
}

import type { PictureHeader, PictureKind } from "./picture-header.ts";

/** What a platform takes as a photo. Sides in pixels. */
export interface PictureLimits {
	readonly kinds: readonly PictureKind[];
	readonly maxBytes: number;
	/** Width and height together. */
	readonly maxSides: number;
	/** The longer side. */
	readonly maxSide: number;
	/** The longer side to the shorter one. */
	readonly maxRatio: number;
	/** Each side; a smaller one is an icon or a pixel that counts readers. */
	readonly minSide: number;
}

/** Limits by kind of channel: Telegram's of sendPhoto (core.telegram.org/bots/api#sendphoto), X's of media upload (docs.x.com, "Media best practices"). WebP and GIF would be taken as a sticker or a film by one or the other: they are converted. */
export const PICTURE_LIMITS: Readonly<Record<"telegram" | "twitter", PictureLimits>> = {
	telegram: {
		kinds: ["jpeg", "png"],
		maxBytes: 10_000_000,
		maxSides: 10_000,
		maxSide: 9_000,
		maxRatio: 20,
		minSide: 200,
	},
	twitter: {
		kinds: ["jpeg", "png"],
		maxBytes: 5_000_000,
		maxSides: 8_192,
		maxSide: 4_096,
		maxRatio: 20,
		minSide: 200,
	},
};

/** Sides of a converted picture: neither platform shows more. Pixels. */
const SHOWN = 2_048;
/** More pixels than a newspaper's camera takes are not decoded: they would fill the memory. */
const MOST_PIXELS = 50_000_000;

/** What is to be done with a picture for a platform: sent as it is, converted to JPEG of that size, or left. */
export type Verdict =
	| { readonly do: "send" }
	| { readonly do: "convert"; readonly width: number; readonly height: number; readonly why: string }
	| { readonly do: "leave"; readonly why: string };

/** Judges a picture by its header and length in bytes. */
export function judge({ kind, width, height }: PictureHeader, bytes: number, limits: PictureLimits): Verdict {
	const size = `${width}×${height}`;
	const [short, long] = [Math.min(width, height), Math.max(width, height)];
	if (short < limits.minSide)
		return { do: "leave", why: `it is only ${size} (each side at least ${limits.minSide} pixels)` };
	if (long / short > limits.maxRatio)
		return { do: "leave", why: `it is ${size}, a strip (at most ${limits.maxRatio} to 1)` };
	const why = !limits.kinds.includes(kind)
		? `it is a ${kind.toUpperCase()}`
		: bytes > limits.maxBytes
			? `it has ${(bytes / 1_000_000).toFixed(1)} MB`
			: long > limits.maxSide || width + height > limits.maxSides
				? `it is ${size}`
				: undefined;
	if (why === undefined) return { do: "send" };
	if (width * height > MOST_PIXELS) return { do: "leave", why: `${why}, and too large to be converted (${size})` };
	if (kind === "heic") return { do: "leave", why: `${why}, which cannot be decoded here` };
	const scale = Math.min(1, SHOWN / long);
	const scaled = (side: number) => Math.max(1, Math.round(side * scale));
	return { do: "convert", width: scaled(width), height: scaled(height), why };
}

/** Remembers which articles showed which picture, to tell a site's furniture from photographs. */
export interface PictureHabits {
	/** Notes that an article shows these addresses. */
	note(articleId: string, urls: readonly string[]): void;
	/** Whether an address has stood with so many different articles that it says nothing about any. */
	isFurniture(url: string): boolean;
}

/** A memory of the last `most` addresses; from the third article on an address is furniture. */
export function pictureHabits(most = 2_000): PictureHabits {
	const shown = new Map<string, Set<string>>();
	return {
		note(articleId, urls) {
			for (const url of urls) {
				const articles = shown.get(url) ?? new Set();
				if (articles.size < ARTICLES) articles.add(articleId);
				// Moved to the end: what is seen often is forgotten last.
				shown.delete(url);
				shown.set(url, articles);
			}
			for (const url of shown.keys()) {
				if (shown.size <= most) break;
				shown.delete(url);
			}
		},
		isFurniture: (url) => (shown.get(url)?.size ?? 0) >= ARTICLES,
	};
}

const ARTICLES = 3;

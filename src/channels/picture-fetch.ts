import type { Web } from "../http.ts";
import { standsIn } from "../sources/page-meta.ts";
import type { Drawing, OpenDrawing } from "./drawing.ts";
import { judge, type PictureHabits, type PictureLimits } from "./picture.ts";
import { isWhole, type PictureHeader, readPictureHeader } from "./picture-header.ts";

/** A picture ready to be uploaded. Pixels. */
export interface Picture {
	readonly bytes: Uint8Array;
	readonly type: "image/jpeg" | "image/png";
	readonly width: number;
	readonly height: number;
	/** Where it came from. */
	readonly url: string;
}

/** A picture, or why there is none: in words for the log, one reason for each address that was tried. */
export type Fetched =
	| { readonly picture: Picture; readonly reason?: undefined }
	| { readonly picture?: undefined; readonly reason: string };

/** Where to look for a picture. */
export interface PictureWish {
	/** Candidates, the best first. */
	readonly urls: readonly string[];
	readonly web: Web;
	readonly signal: AbortSignal;
	/** Converts what the platform does not take as it is; without it such pictures are left. */
	readonly drawing?: OpenDrawing;
	readonly habits?: PictureHabits;
	/** Milliseconds for everything together; default 8,000: a picture never holds up the text for longer. */
	readonly within?: number;
}

const WITHIN = 8_000;
const MAX_BYTES = 10_000_000;
/** What a single address may take of that, so that a slow one leaves time for another. */
const SHARE = 0.6;
/** Addresses that are asked for one article. */
const TRIED = 4;
/** A picture of this width fills the post; a narrower one is taken when there is no other. */
const WIDE = 600;
/** Quality of the JPEG and part of the wanted size, the next where one is still too large. */
const ATTEMPTS = [
	{ quality: 88, part: 1 },
	{ quality: 76, part: 1 },
	{ quality: 76, part: 0.6 },
];
// A site that converts on demand is not asked for kinds that would have to be converted back.
const ACCEPT = "image/jpeg, image/png, image/*;q=0.5";

/** Fetches the best picture of an article through the guarded door, and makes it one that the platform takes. Never throws: whatever goes wrong is a reason to go without. */
export async function fetchPicture(wish: PictureWish, limits: PictureLimits): Promise<Fetched> {
	const { web, habits } = wish;
	const within = wish.within ?? WITHIN;
	const signal = AbortSignal.any([wish.signal, AbortSignal.timeout(within)]);
	const urls = [...new Set(wish.urls)].slice(0, 2 * TRIED);
	const reasons: string[] = [];
	let narrow: Picture | undefined;
	let tried = 0;
	for (const url of urls) {
		if (signal.aborted || tried >= TRIED) break;
		const furniture = standsIn(url) || habits?.isFurniture(url) === true;
		if (furniture || !/^https?:/i.test(url)) {
			reasons.push(
				furniture ? `${shown(url)} stands with every article of the site` : `${shown(url)} is no web address`,
			);
			continue;
		}
		tried++;
		try {
			const { body } = await web.get(url, { signal, accept: ACCEPT, maxBytes: MAX_BYTES, deadline: within * SHARE });
			const picture = await suited({ bytes: body, url }, limits, wish.drawing, signal);
			if (typeof picture === "string") reasons.push(`${shown(url)}: ${picture}`);
			else if (picture.width >= WIDE) return { picture };
			else if (picture.width > (narrow?.width ?? 0)) narrow = picture;
		} catch (error) {
			reasons.push(
				signal.aborted && !wish.signal.aborted
					? `${shown(url)} was not there within ${within / 1_000} seconds`
					: error instanceof Error
						? error.message
						: String(error),
			);
		}
	}
	if (narrow) return { picture: narrow };
	return { reason: reasons.length > 0 ? reasons.join(" · ") : "the article names no picture" };
}

/** The picture as the platform takes it, or why it does not. */
async function suited(
	{ bytes, url }: { readonly bytes: Uint8Array; readonly url: string },
	limits: PictureLimits,
	open: OpenDrawing | undefined,
	signal: AbortSignal,
): Promise<Picture | string> {
	const header = readPictureHeader(bytes);
	if (!header) return "what came is no picture that can be read";
	if (!isWhole(bytes, header)) return "the picture breaks off before its end";
	const verdict = judge(header, bytes.length, limits);
	if (verdict.do === "leave") return verdict.why;
	if (verdict.do === "send")
		return {
			bytes,
			url,
			width: header.width,
			height: header.height,
			type: header.kind === "png" ? "image/png" : "image/jpeg",
		};
	const drawing = await open?.();
	if (!drawing) return `${verdict.why}, and nothing is installed to convert it`;
	signal.throwIfAborted();
	const made = await converted(drawing, { bytes, header, ...verdict }, limits.maxBytes);
	return typeof made === "string" ? made : { ...made, url };
}

/** A JPEG of the wanted size on white, or why there is none. */
async function converted(
	drawing: Drawing,
	from: { readonly bytes: Uint8Array; readonly header: PictureHeader; readonly width: number; readonly height: number },
	maxBytes: number,
): Promise<Omit<Picture, "url"> | string> {
	let image: Awaited<ReturnType<Drawing["loadImage"]>>;
	try {
		image = await drawing.loadImage(from.bytes);
	} catch {
		return "the picture is damaged";
	}
	// The decoder turns a photograph upright by its EXIF note, the header does not.
	const turned = image.width > image.height !== from.header.width > from.header.height;
	const [across, down] = turned ? [from.height, from.width] : [from.width, from.height];
	for (const { quality, part } of ATTEMPTS) {
		const [width, height] = [Math.round(across * part), Math.round(down * part)];
		const sheet = drawing.createCanvas(width, height);
		const pen = sheet.getContext("2d");
		pen.fillStyle = "#ffffff";
		pen.fillRect(0, 0, width, height);
		pen.drawImage(image, 0, 0, width, height);
		const bytes = await sheet.encode("jpeg", quality);
		if (bytes.length <= maxBytes) return { bytes, type: "image/jpeg", width, height };
	}
	return `the picture stays larger than ${maxBytes / 1_000_000} MB`;
}

/** An address for the log: without what may be secret in its query. */
function shown(url: string): string {
	const [bare = ""] = url.split(/[?#]/);
	return bare.replace(/\/\/[^/@]*@/, "//").slice(0, 200);
}

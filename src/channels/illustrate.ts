import type { Article } from "../article/article.ts";
import type { Web } from "../http.ts";
import type { Log } from "../ports.ts";
import type { Post, PostPicture } from "../post/post.ts";
import { CAPTION_LENGTH } from "../post/telegram-html.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "./card.ts";
import type { OpenDrawing } from "./drawing.ts";
import { PICTURE_LIMITS, type PictureHabits } from "./picture.ts";
import { fetchPicture, type Picture } from "./picture-fetch.ts";
import { hashOf, type PictureShelf } from "./picture-shelf.ts";

/** What a channel wants of pictures. */
export interface PictureWishes {
	readonly kind: "telegram" | "twitter";
	/**
	 * auto: Telegram shows a picture with the text as its caption where the text fits, Twitter one where no link brings its own ·
	 * caption: always a picture · preview: the picture of the link's page, as the platform finds it · none: words alone
	 */
	readonly picture: "auto" | "caption" | "preview" | "none";
	/** Several pictures in one post where the article has them. */
	readonly album: boolean;
	/** A preview channel sends nothing, so nothing is kept for it. */
	readonly preview: boolean;
}

/** Milliseconds for fetching; a card still has its time within the 8 s that the words wait at the most. */
const FETCH_WITHIN = 7_000;
/** Pictures in one post: core.telegram.org/bots/api#sendmediagroup, docs.x.com “Create Post”. */
const ALBUM = { telegram: 10, twitter: 4 } as const;
/** X takes 1,000 characters of it (docs.x.com, “Create Media metadata”); a headline never needs more than this. */
const ALT_LENGTH = 420;

/** How many pictures a post may have. */
function roomFor(post: Post, { kind, picture, album }: PictureWishes): number {
	if (post.kind === "digest" || post.kind === "retraction") return 0;
	if (picture === "preview" || picture === "none") return 0;
	if (kind === "telegram" && post.length > CAPTION_LENGTH) return 0;
	// X makes a card of the link itself, with the page's picture.
	if (kind === "twitter" && picture === "auto" && post.link !== undefined) return 0;
	return album ? ALBUM[kind] : 1;
}

/** Gives posts their pictures before they are sent: the article's own, or else its headline card. */
export function illustrator(parts: {
	readonly web: Web;
	readonly log: Log;
	readonly drawing: OpenDrawing;
	/** Draws an article's card as PNG; nothing where none is wanted or can be drawn. */
	readonly card: (article: Article, kind: "article" | "breaking") => Promise<Uint8Array | undefined>;
	readonly habits: PictureHabits;
	/** By channel. */
	readonly wishes: ReadonlyMap<string, PictureWishes>;
	/** Without it bytes are looked at and not kept: for showing what would be sent. */
	readonly shelf?: Pick<PictureShelf, "keep">;
}) {
	const { web, log, drawing, habits, wishes, shelf } = parts;

	async function ofArticle(article: Article, kind: PictureWishes["kind"], most: number, signal: AbortSignal) {
		const urls = article.images.map(({ url }) => url);
		habits.note(article.id, urls);
		const wish = { web, drawing, habits, signal, within: FETCH_WITHIN };
		const groups =
			most === 1
				? [urls]
				: distinct(urls)
						.slice(0, most)
						.map((url) => [url]);
		const fetched = await Promise.all(
			groups.map((group) => fetchPicture({ ...wish, urls: group }, PICTURE_LIMITS[kind])),
		);
		const reasons = fetched.flatMap(({ reason }) => reason ?? []);
		if (urls.length > 0 && reasons.length > 0) log.info({ article: article.id, reasons }, "a picture was left out");
		return fetched.flatMap(({ picture }) => picture ?? []);
	}

	return {
		/** The post with what pictures it gets; within 8 s and without throwing, for the words go out in any case. */
		async add(post: Post, article: Article, signal: AbortSignal): Promise<Post> {
			const wish = wishes.get(post.channel);
			const most = wish ? roomFor(post, wish) : 0;
			if (!wish || most === 0) return post;
			try {
				const found = await ofArticle(article, wish.kind, most, signal);
				const alt = wish.kind === "twitter" ? { alt: article.title.slice(0, ALT_LENGTH) } : {};
				const pictures = found.map((picture): [Uint8Array, PostPicture] => [
					picture.bytes,
					{ ...named(picture), ...alt },
				]);
				if (pictures.length === 0 && !signal.aborted) {
					const bytes = await parts.card(article, post.kind === "breaking" ? "breaking" : "article");
					const size = { width: CARD_WIDTH, height: CARD_HEIGHT };
					// A card shows what the text says: for those who hear the text it has nothing to add.
					if (bytes) pictures.push([bytes, { ...named({ ...size, bytes, type: "image/png" }), from: "card" }]);
				}
				const once = [...new Map(pictures.map((pair) => [pair[1].hash, pair])).values()];
				if (once.length === 0) return post;
				if (!wish.preview) for (const [bytes] of once) await shelf?.keep(post, bytes);
				return { ...post, pictures: once.map(([, picture]) => picture) };
			} catch (error) {
				log.warn(
					{ channel: post.channel, article: article.id, error: String(error) },
					"no picture: the words go alone",
				);
				return post;
			}
		},
	};
}

function named({ bytes, type, width, height }: Omit<Picture, "url">): PostPicture {
	return { hash: hashOf(bytes), type, width, height, bytes: bytes.length, from: "article" };
}

/** Addresses of different pictures: WordPress lists one in many sizes, with the size behind its name (`-300x200`). */
function distinct(urls: readonly string[]): readonly string[] {
	const plain = (url: string) => url.replace(/[?#].*$/, "").replace(/-\d{2,4}x\d{2,4}(?=\.\w+$)/, "");
	return [...new Map([...urls].reverse().map((url) => [plain(url), url])).values()].reverse();
}

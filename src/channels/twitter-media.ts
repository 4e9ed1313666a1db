import { type Post, type PostPicture, withoutPictures } from "../post/post.ts";
import { SendError } from "./channel.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import { failureOf, type TwitterClient } from "./twitter-api.ts";

/** Milliseconds for uploading all pictures of a post, both tries together: the words do not wait longer. */
const UPLOAD_WITHIN = 10_000;
const TRIES = 2;
/** X forgets an uploaded picture that is in no post after a day (docs.x.com, “Media upload”); it is not used near that end. Milliseconds. */
const GOOD_FOR = 20 * 3_600_000;

/** Uploads pictures of posts. A retry within a day uses what is uploaded; after a restart everything is uploaded again. */
export function twitterMedia(parts: {
	readonly api: Pick<TwitterClient, "upload" | "describe">;
	readonly shelf: Pick<PictureShelf, "read"> | undefined;
	readonly now: () => Date;
	/** Milliseconds for everything; for tests. */
	readonly within?: number;
}) {
	const { api, shelf, now, within = UPLOAD_WITHIN } = parts;
	const uploaded = new Map<string, { readonly id: string; readonly at: number }>();

	async function upload(picture: PostPicture, bytes: Uint8Array, signal: AbortSignal): Promise<string> {
		const { hash, type, alt } = picture;
		const known = uploaded.get(hash);
		if (known && now().getTime() - known.at < GOOD_FOR) return known.id;
		let id: string | undefined;
		for (let turn = 1; id === undefined; turn++) {
			try {
				id = await api.upload(bytes, type, signal);
			} catch (error) {
				const failure = failureOf(error);
				if (turn >= TRIES || signal.aborted || failure.kind === "answered") throw error;
			}
		}
		// A picture that nobody described is still a picture.
		if (alt !== undefined) await api.describe(id, alt, signal).catch(() => undefined);
		uploaded.set(hash, { id, at: now().getTime() });
		return id;
	}

	return {
		/** The ids of a post's pictures. Throws SendError that offers the words alone when they cannot be had. */
		async idsOf(post: Post): Promise<readonly string[]> {
			const { pictures = [] } = post;
			if (pictures.length === 0) return [];
			const without = (why: string) => new SendError("refused", why, { instead: withoutPictures(post) });
			const signal = AbortSignal.timeout(within);
			const ids: string[] = [];
			for (const picture of pictures) {
				const bytes = await shelf?.read(post, picture.hash);
				if (!bytes) throw without("its picture is not there any more");
				try {
					ids.push(await upload(picture, bytes, signal));
				} catch (error) {
					throw without(`X does not take its picture: ${failureOf(error).description}`);
				}
			}
			return ids;
		},
		/** Forgets what was uploaded for a post that is out. */
		forget({ pictures = [] }: Post): void {
			for (const { hash } of pictures) uploaded.delete(hash);
		},
	};
}

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Post } from "../post/post.ts";

/** The part of a post that says whose pictures they are. */
type Owner = Pick<Post, "channel" | "articles">;

/** SHA-256 of a picture's bytes, in hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

/** Keeps the bytes of pictures in a folder beside the ledger from the moment a post names them until it is out. What is lost here costs a post its picture, never its words. */
export function pictureShelf(folder: string) {
	const nameOf = ({ channel, articles }: Owner, hash: string) =>
		`${channel}.${articles[0] ?? ""}.${hash}`.replace(/[^\w.-]/g, "_");
	const remove = (name: string) => rm(join(folder, name), { force: true });

	return {
		/** Throws what the file system throws. */
		async keep(owner: Owner, bytes: Uint8Array): Promise<void> {
			await mkdir(folder, { recursive: true });
			await writeFile(join(folder, nameOf(owner, hashOf(bytes))), bytes);
		},

		/** The bytes, or nothing when they are not there or are others than they were: power may fail before they are on the disk. */
		async read(owner: Owner, hash: string): Promise<Uint8Array | undefined> {
			const bytes = await readFile(join(folder, nameOf(owner, hash))).catch(() => undefined);
			return bytes && hashOf(bytes) === hash ? bytes : undefined;
		},

		/** Takes the pictures of a post away that needs them no more. Never throws. */
		async drop(post: Owner & Pick<Post, "pictures">): Promise<void> {
			for (const { hash } of post.pictures ?? []) await remove(nameOf(post, hash)).catch(() => undefined);
		},

		/** Takes away whatever none of these posts names; an earlier life may have ended between the post and the tidying up. Never throws. */
		async sweep(posts: Iterable<Owner & Pick<Post, "pictures">>): Promise<void> {
			const named = new Set([...posts].flatMap((post) => (post.pictures ?? []).map(({ hash }) => nameOf(post, hash))));
			const found = await readdir(folder).catch(() => []);
			for (const name of found) if (!named.has(name)) await remove(name).catch(() => undefined);
		},
	};
}

export type PictureShelf = ReturnType<typeof pictureShelf>;

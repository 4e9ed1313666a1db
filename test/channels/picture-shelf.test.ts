import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashOf, type PictureShelf, pictureShelf } from "../../src/channels/picture-shelf.ts";
import type { PostPicture } from "../../src/post/post.ts";

let folder: string;
let shelf: PictureShelf;

beforeEach(() => {
	folder = join(mkdtempSync(join(tmpdir(), "mirsal-shelf-")), "pictures");
	shelf = pictureShelf(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const BYTES = Buffer.from("a picture, more or less");
const HASH = hashOf(BYTES);
const picture: PostPicture = { hash: HASH, type: "image/png", width: 1, height: 1, bytes: BYTES.length, from: "card" };
const post = (channel: string, id: string) => ({ channel, articles: [id], pictures: [picture] });

test("what is kept is read again, by the post that it belongs to", async () => {
	await shelf.keep(post("telegram", "a1"), BYTES);
	expect(await shelf.read(post("telegram", "a1"), HASH)).toEqual(BYTES);
	expect(await shelf.read(post("twitter", "a1"), HASH)).toBeUndefined();
});

test("bytes that are others than they were are no picture", async () => {
	await shelf.keep(post("telegram", "a1"), BYTES);
	const [name = ""] = readdirSync(folder);
	writeFileSync(join(folder, name), BYTES.subarray(0, 5));
	expect(await shelf.read(post("telegram", "a1"), HASH)).toBeUndefined();
});

test("one post's pictures go, the same ones of another stay", async () => {
	await shelf.keep(post("telegram", "a1"), BYTES);
	await shelf.keep(post("telegram", "a2"), BYTES);
	await shelf.drop(post("telegram", "a1"));
	await shelf.drop(post("telegram", "a1"));
	expect(await shelf.read(post("telegram", "a1"), HASH)).toBeUndefined();
	expect(await shelf.read(post("telegram", "a2"), HASH)).toEqual(BYTES);
});

test("a sweep leaves what a post still names", async () => {
	await shelf.sweep([]);
	for (const id of ["a1", "a2", "a3"]) await shelf.keep(post("telegram", id), BYTES);
	await shelf.sweep([post("telegram", "a2"), { channel: "telegram", articles: ["a3"] }]);
	expect(readdirSync(folder)).toHaveLength(1);
	expect(await shelf.read(post("telegram", "a2"), HASH)).toEqual(BYTES);
});

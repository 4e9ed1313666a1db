import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Article } from "../../src/article/article.ts";
import { drawingLibrary } from "../../src/channels/drawing.ts";
import { illustrator, type PictureWishes } from "../../src/channels/illustrate.ts";
import { pictureHabits } from "../../src/channels/picture.ts";
import { hashOf } from "../../src/channels/picture-shelf.ts";
import { type Web, web } from "../../src/http.ts";
import type { Post } from "../../src/post/post.ts";
import { type FakeSite, startSite } from "../servers/site.ts";
import { postOf, silence } from "../world.ts";
import { picture } from "./picture-samples.ts";

const drawing = drawingLibrary(silence);
const library = await drawing();
if (!library) throw new Error("these tests need @napi-rs/canvas");
const PHOTO = await picture(library, "jpeg", 800, 450);
const SECOND = await picture(library, "png", 900, 600);
const CARD = await picture(library, "png", 1_200, 675);

let site: FakeSite;
let door: Web;
beforeEach(async () => {
	site = await startSite();
	site.serve("/1.jpg", "image/jpeg", PHOTO);
	site.serve("/2.png", "image/png", SECOND);
	site.serve("/2-300x200.png", "image/png", SECOND);
	site.serve("/page", "image/jpeg", "<html>");
	door = web({ userAgent: "test", allowPrivate: [site.host], now: () => new Date("2026-11-23T09:00:00Z") });
});
afterEach(async () => {
	await door.close();
	await site.close();
});

const article = (...paths: readonly string[]): Article => ({
	id: "a1",
	url: "https://example.org/1",
	title: "مجلس المحافظة يقر مشروع الطريق",
	lead: "",
	paragraphs: [],
	credits: [],
	tags: [],
	images: paths.map((path) => ({ url: `${site.url}${path}` })),
	source: "feed",
});

const TELEGRAM: PictureWishes = { kind: "telegram", picture: "auto", album: false, preview: false };
const TWITTER: PictureWishes = { kind: "twitter", picture: "auto", album: false, preview: false };
const post: Post = postOf("channel", "article", "a1", "خبر");

interface Kept {
	readonly owner: Pick<Post, "channel" | "articles">;
	readonly bytes: Uint8Array;
}

async function add(
	wish: PictureWishes,
	paths: readonly string[],
	more: {
		readonly post?: Post;
		readonly card?: Uint8Array | undefined;
		readonly broken?: true;
		readonly signal?: AbortSignal;
	} = { card: CARD },
) {
	const kept: Kept[] = [];
	const { add } = illustrator({
		web: door,
		log: silence,
		drawing,
		card: async () => more.card,
		habits: pictureHabits(),
		wishes: new Map([["channel", wish]]),
		shelf: {
			async keep(owner, bytes) {
				if (more.broken) throw new Error("ENOSPC");
				kept.push({ owner, bytes });
			},
		},
	});
	const made = await add(more.post ?? post, article(...paths), more.signal ?? new AbortController().signal);
	return { made, kept };
}

const ofFile = (bytes: Buffer, type: string, width: number, height: number, from = "article") => ({
	hash: hashOf(bytes),
	type,
	width,
	height,
	bytes: bytes.length,
	from,
});

test("the article's picture, its bytes kept under the post's name", async () => {
	const { made, kept } = await add(TELEGRAM, ["/1.jpg"]);
	expect(made).toEqual({ ...post, pictures: [ofFile(PHOTO, "image/jpeg", 800, 450)] });
	expect(kept.map(({ owner, bytes }) => [owner.channel, owner.articles[0], hashOf(bytes)])).toEqual([
		["channel", "a1", hashOf(PHOTO)],
	]);
});

test("on Twitter it is described by the headline, and a card, which shows the headline, is not", async () => {
	const photo = await add(TWITTER, ["/1.jpg"]);
	expect(photo.made.pictures).toMatchObject([{ from: "article", alt: article().title }]);
	const card = await add(TWITTER, []);
	expect(card.made.pictures).toEqual([ofFile(CARD, "image/png", 1_200, 675, "card")]);
});

test.each<[string, readonly string[]]>([
	["without a picture", []],
	["whose picture is missing", ["/nothing.jpg"]],
	["whose picture is none", ["/page"]],
])("an article %s gets its card", async (_name, paths) => {
	const { made } = await add(TELEGRAM, paths);
	expect(made.pictures).toEqual([ofFile(CARD, "image/png", 1_200, 675, "card")]);
});

describe("an album", () => {
	const album = { ...TELEGRAM, album: true };
	test("has the article's pictures in their order, each once, and none that fails", async () => {
		const { made, kept } = await add(album, ["/2.png", "/nothing.jpg", "/2-300x200.png", "/1.jpg"]);
		expect(made.pictures?.map(({ hash }) => hash)).toEqual([hashOf(SECOND), hashOf(PHOTO)]);
		expect(kept).toHaveLength(2);
	});
	test("is not made where nobody asked for it", async () => {
		expect((await add(TELEGRAM, ["/1.jpg", "/2.png"])).made.pictures).toHaveLength(1);
	});
	test("holds four on Twitter and ten on Telegram", async () => {
		const paths = Array.from({ length: 12 }, (_, index) => `/many/${index}.jpg`);
		for (const [index, path] of paths.entries())
			site.serve(path, "image/png", await picture(library, "png", 300 + index, 300));
		expect((await add(album, paths)).made.pictures).toHaveLength(10);
		expect((await add({ ...TWITTER, album: true }, paths)).made.pictures).toHaveLength(4);
	});
});

describe("without a request and without a card go", () => {
	test.each<[string, PictureWishes, Partial<Post>]>([
		["a channel that shows the page's own", { ...TELEGRAM, picture: "preview" }, {}],
		["a channel without pictures", { ...TWITTER, picture: "none" }, {}],
		["a digest", TELEGRAM, { kind: "digest" }],
		["a retraction", TELEGRAM, { kind: "retraction" }],
		["words too long for a caption", TELEGRAM, { length: 1_025 }],
		["a tweet whose link brings its own picture", TWITTER, { link: "https://example.org/1" }],
	])("%s", async (_name, wish, more) => {
		const { made } = await add(wish, ["/1.jpg"], { post: { ...post, ...more }, card: CARD });
		expect(made).toEqual({ ...post, ...more });
		expect(site.hits("/1.jpg")).toBe(0);
	});
});

test("a tweet with a link gets a picture where the newsroom always wants one", async () => {
	const linked = { ...post, link: "https://example.org/1" };
	const { made } = await add({ ...TWITTER, picture: "caption" }, ["/1.jpg"], { post: linked });
	expect(made.pictures).toHaveLength(1);
});

describe("the words go in any case", () => {
	test("nothing is found and nothing is drawn", async () => {
		expect((await add(TELEGRAM, ["/nothing.jpg"], {})).made).toEqual(post);
	});
	test("the disk is full", async () => {
		expect((await add(TELEGRAM, ["/1.jpg"], { broken: true })).made).toEqual(post);
	});
	test("Mirsal is being stopped", async () => {
		expect((await add(TELEGRAM, ["/1.jpg"], { card: CARD, signal: AbortSignal.abort() })).made).toEqual(post);
	});
});

test("a preview channel keeps no bytes", async () => {
	const { made, kept } = await add({ ...TELEGRAM, preview: true }, ["/1.jpg"]);
	expect(made.pictures).toHaveLength(1);
	expect(kept).toEqual([]);
});

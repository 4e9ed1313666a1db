import { expect, test } from "vitest";
import { type Dress, dressed } from "../../src/post/dress.ts";
import type { OccasionKind } from "../../src/post/occasion.ts";
import type { Post } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { composeFor, occasionOf } from "../contracts/channel.ts";

const compose = await composeFor("telegram", telegramLayout);
const plain = compose(occasionOf());

function post(dress: Dress, kind: OccasionKind = "article", links = true): Post {
	const { article } = occasionOf();
	const common = { article, links, silent: false };
	return dressed(
		compose,
		dress,
	)(
		kind === "digest"
			? { kind, name: "نشرة الصباح", at: "2026-11-23T05:00:00.000Z", articles: [article], links, silent: false }
			: { kind, ...common },
	);
}

test.each<[string, Dress, Partial<Post>]>([
	["no wishes", {}, {}],
	["the picture above, as always", { preview: "above" }, {}],
	["the picture below the text", { preview: "below" }, { preview: "below" }],
	["no picture of the page", { preview: "none" }, { preview: "none" }],
	["a topic", { thread: 77 }, { thread: 77 }],
	["pinning concerns breaking news alone", { pin: true }, {}],
])("%s", (_name, dress, more) => expect(post(dress)).toEqual({ ...plain, ...more }));

test("breaking news is pinned", () => expect(post({ pin: true }, "breaking")).toMatchObject({ pin: true }));

test("a button takes the place of the link in the text", () => {
	const dress = { button: "اقرأ الخبر" };
	expect(post(dress)).toMatchObject({ button: "اقرأ الخبر", link: plain.link });
	expect(post(dress).text).toBe(plain.text.replace(/\n+اقرأ الخبر$/, ""));
	expect(plain.text).toMatch(/اقرأ الخبر$/);
});

test.each<[string, OccasionKind, boolean]>([
	["a post without a link", "article", false],
	["a retraction", "retraction", true],
	["a digest, whose links are many", "digest", true],
])("%s has no button", (_name, kind, links) => {
	expect(post({ button: "اقرأ الخبر" }, kind, links)).toEqual(post({}, kind, links));
});

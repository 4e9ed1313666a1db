import type { Removed } from "./arabic/clean.ts";
import type { Article } from "./article/article.ts";
import type { Post, PostPicture } from "./post/post.ts";

/** Occasions that can be tried on what was read. */
export const PREVIEWS = ["article", "breaking", "update", "retraction", "digest"] as const;
export type Preview = (typeof PREVIEWS)[number];

const BOLD = "\u001B[1m";
const UNDERLINED = "\u001B[4m";
const STRUCK = "\u001B[9m";
const FAINT = "\u001B[2m";
const PLAIN = "\u001B[0m";
const WIDTH = 60;

/** A post for the terminal: between two rules, as followers see it, with its length beneath. Terminals lay out right-to-left text each in their own way, so nothing is turned round here. */
export function showPost(post: Post, options: { readonly color: boolean; readonly label: string }): string {
	const faint = (text: string) => (options.color ? `${FAINT}${text}${PLAIN}` : text);
	const rule = (text: string) => faint(`── ${text} ${"─".repeat(Math.max(3, WIDTH - text.length - 4))}`);
	const facts = [
		`${post.length} of ${post.limit}`,
		...(post.html !== undefined && post.link ? [`link: ${post.link}`] : []),
		...(post.complaint ? [post.complaint] : []),
	];
	const pictures = (post.pictures ?? []).map((picture) => faint(`[صورة] ${pictureText(picture)}`));
	const button = post.button === undefined ? [] : [faint(`[${post.button}]`)];
	const words = options.color ? colored(post) : post.text;
	return [rule(options.label), ...pictures, words, ...button, rule(facts.join(" · ")), ""].join("\n");
}

/** A picture in words: its size, and where it comes from when that is not the article. */
function pictureText({ type, width, height, bytes, from }: PostPicture): string {
	const kind = type === "image/png" ? "PNG" : "JPEG";
	return `${width}×${height} ${kind}, ${Math.ceil(bytes / 1_000)} kB${from === "card" ? ", headline card" : ""}`;
}

function colored(post: Post): string {
	if (post.html === undefined) return post.text;
	return post.html
		.replace(/<(b|strong)>/g, BOLD)
		.replace(/<a\s[^<>]*>/g, UNDERLINED)
		.replace(/<(s|strike|del)>/g, STRUCK)
		.replace(/<\/(b|strong|a|s|strike|del)>/g, PLAIN)
		.replace(/<[^<>]*>/g, "")
		.replace(/&lt;/g, "<")
		.replace(/&gt;/g, ">")
		.replace(/&quot;/g, '"')
		.replace(/&amp;/g, "&");
}

/** A read article for the terminal: its fields, then what was taken out of it and by which rule. */
export function articleText(article: Article, removed: readonly Removed[] = []): string {
	const rows = [
		["title", article.title],
		["lead", article.lead],
		["credits", article.credits.join(" / ")],
		["tags", article.tags.join("، ")],
		["author", article.author ?? ""],
		["published", article.publishedAt ?? ""],
		["picture", article.images[0]?.url ?? ""],
		["address", article.url],
		["id", article.id],
		["text", `${article.paragraphs.length} paragraphs, ${article.paragraphs.join("").length} characters`],
		...removed.map(({ rule, text }): [string, string] => ["taken out", `${text} (${rule})`]),
	];
	return `${rows
		.filter(([, value]) => value !== "")
		.map(([name = "", value]) => `${name.padEnd(10)} ${value}`)
		.join("\n")}\n`;
}

/** The contract's Article JSON: without what is for the inside. */
export function outside({ link: _link, ...article }: Article): Omit<Article, "link"> {
	return article;
}

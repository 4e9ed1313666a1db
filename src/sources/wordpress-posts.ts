import type { Draft, Image } from "../article/article.ts";
import { decodeText } from "./charset.ts";
import { texts, withoutControls } from "./entries.ts";
import { readHtml, textOf } from "./html.ts";
import { SourceError } from "./source.ts";
import { resolved } from "./xml.ts";

/** One page of WordPress's posts. */
export interface Posts {
	/** What readers may see, in the list's order. */
	readonly drafts: readonly Draft[];
	/** When each listed entry was published, in the list's order, those that readers may not see included; ISO 8601 UTC. */
	readonly dates: readonly string[];
	/** How many entries the page lists. */
	readonly count: number;
}

/** What is said of a REST API that gives no posts. */
export const TURNED_OFF =
	"WordPress's REST API is turned off or closed there, as security plug-ins do: open it for posts, or give the address of the site's feed instead.";

/** The category that WordPress gives to what has none. */
const NO_CATEGORY = /^(?:uncategori[sz]ed|غير مصنّ?ف|بدون تصنيف|غير مصنفة)$/i;
/** Pictures that Telegram takes by address (https://core.telegram.org/bots/api#sendphoto): width and height together, bytes. */
const WIDEST = 10_000;
const HEAVIEST = 5_000_000;
const EMOJI = /\/\/s\.w\.org\/images\/core\/emoji\//;
/** The link behind an excerpt that leads to the rest, as themes write it. */
const MORE = /<a\b[^>]{0,500}\b(?:more-link|read-more|readmore)\b[^>]{0,500}>[\s\S]{0,500}?<\/a>/gi;
/** Characters of an excerpt that are searched for such a link. */
const LONGEST_TEASER = 20_000;

/** Reads one page of posts (https://developer.wordpress.org/rest-api/reference/posts/). Throws SourceError `body` for what is no list of posts. */
export function readPosts(body: Uint8Array | string, at: { readonly url: string; readonly source: string }): Posts {
	const list = listOf(typeof body === "string" ? body : decodeText(body, undefined), at.url);
	if (list.length > 0 && !list.some((post) => isObject(inside(post, "title")) || isObject(inside(post, "content"))))
		throw new SourceError("body", `${at.url} lists something else than WordPress's posts: check the address.`);
	return {
		drafts: list.map((post) => draftOf(post, at)).filter((draft) => draft !== undefined),
		dates: list.map(dateOf).filter((date) => date !== undefined),
		count: list.length,
	};
}

function listOf(answer: string, url: string): readonly unknown[] {
	const text = answer.replace(/^[\uFEFF\s]+/, "");
	if (text === "") throw new SourceError("body", `${url} gave an empty answer instead of WordPress's posts.`);
	// Warnings that PHP prints before the answer are no part of it.
	const start = /^[[{]/.test(text) ? 0 : text.search(/\[(?:\{"id":|\]\s*$)/);
	if (start < 0 || /<!doctype html|<html[\s>]/i.test(text.slice(0, start || 1)))
		throw new SourceError(
			"body",
			`${url} gave ${/^</.test(text) ? "an HTML page" : "something else"} instead of WordPress's posts. ${TURNED_OFF}`,
		);
	const value = parsed(text.slice(start), url);
	if (Array.isArray(value)) return value;
	const code = string(inside(value, "code"));
	if (!code) throw new SourceError("body", `${url} gave JSON that is no list of WordPress's posts: check the address.`);
	const said = textOf(string(inside(value, "message")).slice(0, 200));
	throw new SourceError("body", `${url} gives no posts (${code.slice(0, 60)}${said && `: ${said}`}). ${TURNED_OFF}`);
}

function parsed(text: string, url: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new SourceError("body", `The JSON of ${url} breaks off or is damaged.`, { cause });
	}
}

function draftOf(post: unknown, at: { readonly url: string; readonly source: string }): Draft | undefined {
	const status = string(inside(post, "status"));
	const isProtected = [inside(post, "content", "protected"), inside(post, "excerpt", "protected")].includes(true);
	if (isProtected || (status && status !== "publish")) return undefined;
	const guid = rendered(inside(post, "guid")).trim();
	const url = [string(inside(post, "link")), guid]
		.map((address) => resolved(address, at.url))
		.find((address) => address?.startsWith("http"));
	if (url === undefined) return undefined;
	const content = readHtml(rendered(inside(post, "content")));
	const teaser = rendered(inside(post, "excerpt"));
	const excerpt = readHtml(teaser.length > LONGEST_TEASER ? teaser : teaser.replace(MORE, ""));
	const author = textOf(string(inside(post, "_embedded", "author", 0, "name")));
	const publishedAt = dateOf(post);
	return {
		url,
		...(guid ? { guid } : {}),
		title: textOf(rendered(inside(post, "title"))),
		...texts(lines(excerpt.text), lines(content.text)),
		tags: tagsOf(post),
		...(author ? { author } : {}),
		images: imagesOf(post, content.images, at.url),
		...(publishedAt ? { publishedAt } : {}),
		source: at.source,
	};
}

/** WordPress writes the moment in UTC without saying so. */
function dateOf(post: unknown): string | undefined {
	const written = string(inside(post, "date_gmt"));
	const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(written) ? Date.parse(`${written}Z`) : Number.NaN;
	return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

function tagsOf(post: unknown): string[] {
	const terms = list(inside(post, "_embedded", "wp:term")).flatMap(list);
	const names = terms
		.filter((term) => /^(?:category|post_tag)$/.test(string(inside(term, "taxonomy"))))
		.map((term) => textOf(withoutControls(string(inside(term, "name")))));
	return [...new Set(names)].filter((name) => name !== "" && !NO_CATEGORY.test(name));
}

function imagesOf(post: unknown, inContent: readonly string[], base: string): Image[] {
	const all = [featuredOf(post), ...inContent.filter((image) => !EMOJI.test(image))].map((image) =>
		resolved(image, base),
	);
	const pictures = new Map<string, Image>();
	for (const url of all) {
		// The same upload in another size (-1024x683, -scaled) is the same picture.
		const upload = url?.replace(/(?:-\d{2,4}x\d{2,4}|-scaled)(?=\.\w+$)/, "");
		if (url?.startsWith("http") && upload !== undefined && !pictures.has(upload)) pictures.set(upload, { url });
	}
	return [...pictures.values()];
}

/** The largest size of the featured picture that platforms take. */
function featuredOf(post: unknown): string | undefined {
	const media = inside(post, "_embedded", "wp:featuredmedia", 0);
	if (string(inside(media, "media_type")) !== "image") return undefined;
	const details = inside(media, "media_details");
	const own = { ...(isObject(details) ? details : {}), source_url: inside(media, "source_url") };
	const sizes = inside(details, "sizes");
	const [largest] = [own, ...Object.values(isObject(sizes) ? sizes : {})]
		.map((size) => ({
			url: string(inside(size, "source_url")),
			width: number(inside(size, "width")),
			height: number(inside(size, "height")),
			bytes: number(inside(size, "filesize")),
		}))
		.filter(({ url, width, height, bytes }) => url && width + height <= WIDEST && bytes <= HEAVIEST)
		.sort((left, right) => right.width * right.height - left.width * left.height);
	return largest?.url ?? string(own.source_url);
}

function lines(text: string): string {
	return text
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.filter((line) => line !== "")
		.join("\n");
}

/** WordPress wraps what it has rendered. */
function rendered(value: unknown): string {
	return withoutControls(string(isObject(value) ? value["rendered"] : value));
}

function inside(value: unknown, ...path: readonly (string | number)[]): unknown {
	return path.reduce<unknown>(
		(within, name) => (typeof within === "object" && within !== null ? Reflect.get(within, name) : undefined),
		value,
	);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function string(value: unknown): string {
	return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
	return typeof value === "number" ? value : 0;
}

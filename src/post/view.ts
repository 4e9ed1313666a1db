import { breaking } from "../arabic/breaking.ts";
import { counted, formatDate } from "../arabic/dates.ts";
import { direct } from "../arabic/direction.ts";
import { hashtag, hashtags } from "../arabic/hashtag.ts";
import { secondSentence } from "../arabic/lead.ts";
import { neutral } from "../arabic/neutral.ts";
import { compareKey } from "../arabic/normalize.ts";
import type { Article } from "../article/article.ts";
import type { Digest, News, Occasion, OccasionKind, Retraction } from "./occasion.ts";

/** What a template for an article may say. Texts are safe to print, yet not escaped; an absent thing is an empty text. */
export interface NewsView {
	readonly title: string;
	readonly lead: string;
	/** A second sentence, for posts with room. */
	readonly more: string;
	/** The whole cleaned text, paragraphs divided by an empty line. */
	readonly text: string;
	/** Where the news came from: names divided by « / ». */
	readonly credit: string;
	/** Hashtags divided by spaces. */
	readonly hashtags: string;
	/** The article's address, or nothing when the post goes without. */
	readonly link: string;
	readonly date: string;
	readonly author: string;
	readonly category: string;
	readonly newsroom: string;
	readonly source: string;
	readonly breaking: boolean;
	/** Whether the article changed after it was posted. */
	readonly updated: boolean;
}

/** What a template for a withdrawn article may say: nothing of what was withdrawn but its headline. */
export type RetractionView = Pick<NewsView, "title" | "date" | "author" | "category" | "newsroom" | "source">;

/** One article of a digest. */
export type Item = Pick<NewsView, "title" | "lead" | "link" | "category" | "date">;

/** What a template for a digest may say. */
export interface DigestView {
	readonly name: string;
	readonly date: string;
	readonly newsroom: string;
	readonly items: readonly Item[];
	/** How many articles had no room, in words: «و3 أخبار أخرى». */
	readonly rest: string;
}

export type View = NewsView | RetractionView | DigestView;

const NEWS: readonly (keyof NewsView)[] = [
	"title",
	"lead",
	"more",
	"text",
	"credit",
	"hashtags",
	"link",
	"date",
	"author",
	"category",
	"newsroom",
	"source",
	"breaking",
	"updated",
];
const RETRACTION: readonly (keyof RetractionView)[] = ["title", "date", "author", "category", "newsroom", "source"];
const DIGEST: readonly (keyof DigestView)[] = ["name", "date", "newsroom", "items", "rest"];

/** The names that templates may use, by occasion, for the check at start. */
export const VARIABLES: Readonly<Record<OccasionKind, readonly string[]>> = {
	article: NEWS,
	breaking: NEWS,
	retraction: RETRACTION,
	digest: DIGEST,
};

/** What stands behind the name of one of a digest's `items`. */
export const ITEM_VARIABLES: readonly (keyof Item)[] = ["title", "lead", "link", "category", "date"];

/** What publishing systems call an article that nobody put into a category: no word for a reader. */
const NO_CATEGORY = ["Uncategorized", "غير مصنف", "بدون تصنيف"];

/** «تحديث: …», «… (محدث)»: where the template says it too, it would stand there twice. */
const UPDATE_MARK =
	/^[([]?(?:تحديث|م\u064F?حد[\u064B-\u0652]*ث)(?:[)\]]\s*|\s*[:|–-]\s*)(?=\S)|(?<=\S)\s*[([](?:تحديث|م\u064F?حد[\u064B-\u0652]*ث)[)\]]$/u;

/** The newsroom's own wishes for its posts. */
export interface Manner {
	readonly newsroom: string;
	readonly timeZone: string;
	/** The digits of dates; an article's own digits stay as written. */
	readonly digits: "latin" | "arab";
	readonly hashtags: {
		readonly map: Readonly<Record<string, string>>;
		readonly never: readonly string[];
		readonly most: number;
	};
	/** Parameters added to outgoing addresses, never part of an article's identity. */
	readonly linkParameters: Readonly<Record<string, string>>;
}

/** The words of an article as templates see them. */
export function newsView({ article, links, kind, updated }: News, manner: Manner): NewsView {
	const own = compareKey(manner.newsroom);
	const tags = hashtags(
		article.tags.filter((tag) => kind !== "breaking" || compareKey(tag) !== compareKey("عاجل")),
		{ ...manner.hashtags, never: [...manner.hashtags.never, ...NO_CATEGORY] },
	);
	const lead = article.lead;
	const title = kind === "breaking" ? breaking(article.title, article.tags).headline : article.title;
	return {
		title: safe(updated ? title.replace(UPDATE_MARK, "") : title),
		lead: safe(lead),
		more: safe(secondSentence({ title: article.title, paragraphs: article.paragraphs, lead }) ?? ""),
		text: safe(article.paragraphs.join("\n\n")),
		credit: safe(article.credits.filter((name) => compareKey(name) !== own).join(" / ")),
		hashtags: tags.join(" "),
		link: linkOf(article, links, manner),
		date: dateOf(article.publishedAt, manner),
		author: safe(article.author ?? ""),
		category: categoryOf(article),
		newsroom: safe(manner.newsroom),
		source: safe(article.source),
		breaking: kind === "breaking",
		updated: updated ?? false,
	};
}

/** The words of a withdrawn article; no longer urgent, so «عاجل» is gone from its headline. */
export function retractionView({ article }: Retraction, manner: Manner): RetractionView {
	return {
		title: safe(breaking(article.title, article.tags).headline),
		date: dateOf(article.publishedAt, manner),
		author: safe(article.author ?? ""),
		category: categoryOf(article),
		newsroom: safe(manner.newsroom),
		source: safe(article.source),
	};
}

/** The words of a digest; what was urgent when it happened is news among others here. Throws RangeError when `at` is no moment. */
export function digestView({ name, at, articles, links }: Digest, manner: Manner): DigestView {
	return {
		name: safe(name),
		date: dateOf(at, manner),
		newsroom: safe(manner.newsroom),
		items: articles.map((article) => ({
			title: safe(breaking(article.title, article.tags).headline),
			lead: safe(article.lead),
			link: linkOf(article, links, manner),
			category: categoryOf(article),
			date: dateOf(article.publishedAt, manner),
		})),
		rest: "",
	};
}

/** The words of an occasion as its templates see them. */
export function viewOf(occasion: Occasion, manner: Manner): View {
	if (occasion.kind === "digest") return digestView(occasion, manner);
	return occasion.kind === "retraction" ? retractionView(occasion, manner) : newsView(occasion, manner);
}

/** «وخبر آخر», «و3 أخبار أخرى», and so on. */
export function others(count: number): string {
	return `و${counted(count, { one: "خبر آخر", two: "خبران آخران", few: "أخبار أخرى", many: "خبرًا آخر", other: "خبر آخر" })}`;
}

/** Data, not markup: no mention, no command, isolates where a right-to-left line would turn something round. Marks before a whole line come when the post is laid out. */
function safe(text: string): string {
	return direct(neutral(text)).replace(/^\u200F/gmu, "");
}

function dateOf(iso: string | undefined, { timeZone, digits }: Manner): string {
	return iso === undefined ? "" : formatDate(iso, { timeZone, digits: digits === "arab" ? "arab" : "latn" });
}

function categoryOf({ tags }: Article): string {
	return safe(tags.find((tag) => hashtag(tag)) ?? "");
}

function linkOf({ link, url }: Article, links: boolean, { linkParameters }: Manner): string {
	if (!links) return "";
	const entries = Object.entries(linkParameters);
	const address = link ?? url;
	if (entries.length === 0) return address;
	const changed = new URL(address);
	for (const [name, value] of entries) changed.searchParams.set(name, value);
	return changed.href;
}

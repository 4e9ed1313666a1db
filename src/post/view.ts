import { breaking } from "../arabic/breaking.ts";
import { formatDate } from "../arabic/dates.ts";
import { direct } from "../arabic/direction.ts";
import { hashtag, hashtags } from "../arabic/hashtag.ts";
import { secondSentence } from "../arabic/lead.ts";
import { neutral } from "../arabic/neutral.ts";
import { compareKey } from "../arabic/normalize.ts";
import type { Occasion } from "./occasion.ts";

/** What a template may say: its variables. Texts are safe to print, yet not escaped; an absent thing is an empty text. */
export interface View {
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
}

/** The names that templates may use, for the check at start. */
export const VARIABLES: readonly (keyof View)[] = [
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
];

/** What publishing systems call an article that nobody put into a category: no word for a reader. */
const NO_CATEGORY = ["Uncategorized", "غير مصنف", "بدون تصنيف"];

/** The newsroom's own wishes for its posts. */
export interface Manner {
	readonly newsroom: string;
	readonly timeZone: string;
	readonly hashtags: {
		readonly map: Readonly<Record<string, string>>;
		readonly never: readonly string[];
		readonly most: number;
	};
	/** Parameters added to outgoing addresses, never part of an article's identity. */
	readonly linkParameters: Readonly<Record<string, string>>;
}

/** The words of an occasion as templates see them. */
export function viewOf({ article, links, kind }: Occasion, manner: Manner): View {
	const own = compareKey(manner.newsroom);
	const mark = breaking(article.title, article.tags);
	const tags = hashtags(
		article.tags.filter((tag) => kind !== "breaking" || compareKey(tag) !== compareKey("عاجل")),
		{ ...manner.hashtags, never: [...manner.hashtags.never, ...NO_CATEGORY] },
	);
	const lead = article.lead;
	return {
		title: safe(kind === "breaking" ? mark.headline : article.title),
		lead: safe(lead),
		more: safe(secondSentence({ title: article.title, paragraphs: article.paragraphs, lead }) ?? ""),
		text: safe(article.paragraphs.join("\n\n")),
		credit: safe(article.credits.filter((name) => compareKey(name) !== own).join(" / ")),
		hashtags: tags.join(" "),
		link: links ? withParameters(article.link ?? article.url, manner.linkParameters) : "",
		date: article.publishedAt ? formatDate(article.publishedAt, { timeZone: manner.timeZone }) : "",
		author: safe(article.author ?? ""),
		category: safe(article.tags.find((tag) => hashtag(tag)) ?? ""),
		newsroom: safe(manner.newsroom),
		source: safe(article.source),
		breaking: kind === "breaking",
	};
}

/** Data, not markup: no mention, no command, isolates where a right-to-left line would turn something round. Marks before a whole line come when the post is laid out. */
function safe(text: string): string {
	return direct(neutral(text)).replace(/^\u200F/gmu, "");
}

function withParameters(address: string, parameters: Readonly<Record<string, string>>): string {
	const entries = Object.entries(parameters);
	if (entries.length === 0) return address;
	const url = new URL(address);
	for (const [name, value] of entries) url.searchParams.set(name, value);
	return url.href;
}

import { breaking } from "../arabic/breaking.ts";
import { formatDate } from "../arabic/dates.ts";
import { hashtag } from "../arabic/hashtag.ts";
import type { Article } from "../article/article.ts";
import type { Card } from "./card.ts";

/** What all cards of a newsroom share. */
export interface CardLook extends Pick<Card, "newsroom" | "logo" | "scheme" | "colours" | "font"> {
	readonly timeZone: string;
	/** The digits of dates; a headline's own digits stay as written. */
	readonly digits: "latin" | "arab";
}

/** What publishing systems call an article that nobody put into a category. */
const NO_CATEGORY = /^(?:uncategorized|غير مصنف|بدون تصنيف)$/i;

/** The card of an article: its headline without the mark that the card shows itself, its first telling tag and its day. */
export function cardOf(
	{ title, tags, publishedAt }: Pick<Article, "title" | "tags" | "publishedAt">,
	kind: "article" | "breaking",
	look: CardLook,
): Card {
	const { timeZone, digits, ...shared } = look;
	const category = tags.find((tag) => hashtag(tag) && !NO_CATEGORY.test(tag) && !breaking("", [tag]).breaking);
	return {
		...shared,
		headline: kind === "breaking" ? breaking(title, tags).headline : title,
		breaking: kind === "breaking",
		...(category === undefined ? {} : { category }),
		...(publishedAt === undefined
			? {}
			: { date: formatDate(publishedAt, { timeZone, digits: digits === "arab" ? "arab" : "latn" }) }),
	};
}

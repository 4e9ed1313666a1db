import type { Article } from "../article/article.ts";

/** Why something is posted, with everything a channel needs to compose the post. */
export interface Occasion {
	readonly kind: OccasionKind;
	readonly article: Article;
	/** Whether the post carries the article's address. */
	readonly links: boolean;
	/** Whether followers' devices stay quiet. */
	readonly silent: boolean;
}

export type OccasionKind = "article" | "breaking";

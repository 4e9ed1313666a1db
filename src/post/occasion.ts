import type { Article } from "../article/article.ts";

interface Manners {
	/** Whether the post carries addresses. */
	readonly links: boolean;
	/** Whether followers' devices stay quiet. */
	readonly silent: boolean;
}

/** An article is posted, or its post is edited because the article changed. */
export interface News extends Manners {
	readonly kind: "article" | "breaking";
	readonly article: Article;
	/** The article changed after it was posted. */
	readonly updated?: true;
}

/** An article was posted and is gone from the site: what stands in the post's place. */
export interface Retraction extends Manners {
	readonly kind: "retraction";
	readonly article: Article;
}

/** A dated set of articles in one post. */
export interface Digest extends Manners {
	readonly kind: "digest";
	/** What the newsroom calls it, such as «نشرة الصباح». */
	readonly name: string;
	/** ISO 8601 UTC. */
	readonly at: string;
	/** In the order in which they are shown. */
	readonly articles: readonly Article[];
}

/** Why something is posted, with everything a channel needs to compose the post. */
export type Occasion = News | Retraction | Digest;

export type OccasionKind = Occasion["kind"];

/** The articles that an occasion is about. */
export function articlesOf(occasion: Occasion): readonly Article[] {
	return occasion.kind === "digest" ? occasion.articles : [occasion.article];
}

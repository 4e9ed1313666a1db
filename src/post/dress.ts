import type { Occasion } from "./occasion.ts";
import type { Post } from "./post.ts";

/** What a channel adds to the words of its posts. */
export interface Dress {
	/** Where the picture of the link's page is shown; above the text where nothing is said. */
	readonly preview?: Post["preview"];
	/** The words of a button that takes the place of the link in the text. */
	readonly button?: string;
	/** The topic that posts go into. */
	readonly thread?: number;
	/** Whether breaking news is pinned. */
	readonly pin?: boolean;
}

/** Composes for a channel that has wishes of its own for how posts look. */
export function dressed(compose: (occasion: Occasion) => Post, dress: Dress): (occasion: Occasion) => Post {
	const { preview, button, thread, pin } = dress;
	return (occasion) => {
		const { kind, links } = occasion;
		const news = kind === "article" || kind === "breaking";
		const post = compose(occasion);
		// The address stands behind the button; twice in one post it would be noise.
		const words = news && links && button !== undefined && post.link ? compose({ ...occasion, links: false }) : post;
		return {
			...words,
			...(post.link === undefined ? {} : { link: post.link }),
			...(words === post || button === undefined ? {} : { button }),
			...(preview === undefined || preview === "above" ? {} : { preview }),
			...(thread === undefined ? {} : { thread }),
			...(pin && kind === "breaking" ? { pin: true } : {}),
		};
	};
}

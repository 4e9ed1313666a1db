import { createRequire } from "node:module";
import type TwitterText from "twitter-text";
import { direct } from "../arabic/direction.ts";
import type { Layout } from "./compose.ts";

/** Weighted length of a post (twitter-text configuration v3). */
const TWEET_WEIGHT = 280;

/** Texts above this are looked at before they are weighed, for twitter-text takes long over some of them. UTF-16 units, addresses aside. */
const LONG = 1_000;
/** 140 emoji of 15 units each weigh 280; nothing longer fits. */
const HOPELESS = 2_200;
const ADDRESS = /https?:\/\/\S+/g;

const require = createRequire(import.meta.url);

/** X's own way of counting by X's own library, loaded when the first post is composed: it is large, and an idle Mirsal composes nothing. */
function parse(text: string): { readonly weightedLength: number; readonly valid: boolean } {
	return (require("twitter-text") as typeof TwitterText).parseTweet(text);
}

function characters(text: string): number {
	let count = 0;
	for (const _ of new Intl.Segmenter().segment(text)) count++;
	return count;
}

/** Plain text, weighed as twitter-text weighs it: an address is 23, an Arabic letter 1, «…» 2. */
export const twitterLayout: Layout = {
	limit: TWEET_WEIGHT,
	escape: (text) => text,
	finish: (rendered) => ({ text: direct(rendered).normalize("NFC") }),
	measure(text) {
		const words = text.replace(ADDRESS, "");
		// Whatever is seen as one character weighs 1 at least.
		if (words.length > LONG && (words.length > HOPELESS || characters(words) > TWEET_WEIGHT))
			return Number.POSITIVE_INFINITY;
		const { weightedLength, valid } = parse(text);
		return valid || weightedLength > TWEET_WEIGHT ? weightedLength : Number.POSITIVE_INFINITY;
	},
};

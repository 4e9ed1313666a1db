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
const library = (): typeof TwitterText => require("twitter-text") as typeof TwitterText;

/** Something that could be a host: twitter-text is asked only then. */
const DOTTED = /[\p{L}\p{N}]\.[\p{L}\p{N}]/u;

/** X makes a link of every bare domain and is likely to bill it as one: a space in front of its dots («nirij .com») keeps it readable and makes it none. */
function defused(text: string): string {
	let plain = text.replace(ADDRESS, spaced);
	// What lies behind a broken address may look like one itself.
	for (let turn = 0; turn < 5 && DOTTED.test(plain) && plain.length <= HOPELESS; turn++) {
		const found = library().extractUrlsWithIndices(plain);
		if (found.length === 0) break;
		for (const { url, indices } of [...found].reverse())
			plain = `${plain.slice(0, indices[0])}${spaced(url)}${plain.slice(indices[1])}`;
	}
	return plain;
}

function spaced(address: string): string {
	const [, host = "", rest = ""] = /^(?:https?:\/\/)?([^/?#]*)(.*)$/is.exec(address) ?? [];
	return `${host.replaceAll(".", " .")}${rest}`;
}

/** The library's list of top-level domains is of 2020: what is written with its protocol counts in any case. */
function addresses(text: string): number {
	const whole = text.match(ADDRESS)?.length ?? 0;
	return DOTTED.test(text) ? Math.max(whole, library().extractUrls(text).length) : whole;
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
	addresses,
	defuse: defused,
	measure(text) {
		const words = text.replace(ADDRESS, "");
		// Whatever is seen as one character weighs 1 at least.
		if (words.length > LONG && (words.length > HOPELESS || characters(words) > TWEET_WEIGHT))
			return Number.POSITIVE_INFINITY;
		const { weightedLength, valid } = library().parseTweet(text);
		return valid || weightedLength > TWEET_WEIGHT ? weightedLength : Number.POSITIVE_INFINITY;
	},
};

import { compareKey } from "./normalize.ts";

const LONGEST = 60;
const INVISIBLE = /\u0640|\u200D|[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

/** What a newsroom says about its hashtags. */
export interface HashtagRules {
	/** Category or tag of the site → the tag to show; an empty tag shows none. */
	readonly map: Readonly<Record<string, string>>;
	/** Names that never become tags. */
	readonly never: readonly string[];
	readonly most: number;
}

/**
 * A name as a hashtag that is whole on Twitter and on Telegram alike, or undefined when it cannot be one.
 * Telegram reads letters, decimal digits, `_` and ZWNJ only (TDLib, MessageEntity.cpp) and cuts a tag at its first combining mark.
 */
export function hashtag(name: string): string | undefined {
	const body = name
		.normalize("NFKC")
		.replace(INVISIBLE, "")
		.replace(/\p{M}+/gu, "")
		.replace(/[^\p{L}\p{Nd}\u200C]+/gu, "_")
		.replace(/^[_\u200C]+|[_\u200C]+$/g, "");
	return /\p{L}/u.test(body) && body.length <= LONGEST ? `#${body}` : undefined;
}

/** The tags of an article, mapped, without forbidden ones and repetitions, at most `rules.most`, in the order of the names. */
export function hashtags(names: readonly string[], rules: HashtagRules): string[] {
	const map = new Map(Object.entries(rules.map).map(([name, tag]) => [tagKey(name), tag]));
	const never = new Set(rules.never.map(tagKey));
	const seen = new Set<string>();
	const tags: string[] = [];
	for (const name of names) {
		if (tags.length >= rules.most) break;
		const shown = map.get(tagKey(name)) ?? name;
		const tag = hashtag(shown);
		const key = tagKey(shown);
		if (tag === undefined || seen.has(key) || never.has(key) || never.has(tagKey(name))) continue;
		seen.add(key);
		tags.push(tag);
	}
	return tags;
}

function tagKey(name: string): string {
	return compareKey(name.replace(/[^\p{L}\p{M}\p{N}]+/gu, " "));
}

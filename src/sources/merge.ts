import { terms } from "../arabic/stem.ts";
import type { Draft } from "../article/article.ts";

/** Below this many characters a body is a teaser rather than an article. */
const SHORT = 200;
const CUT_OFF = /(?:\[?(?:…|\.{3})\]?|اقرأ المزيد|إقرأ المزيد|المزيد|read more|continue reading)[\s.»>]*$/i;

/** Whether an entry has too little text to stand alone and its own page should be read. */
export function isShort(draft: Pick<Draft, "body" | "summary">): boolean {
	const text = draft.body ?? draft.summary ?? "";
	return text.length < SHORT || CUT_OFF.test(text);
}

/** Words with a meaning that an entry must have for its page to be compared with it, and the share of them that the page must repeat. */
const ENOUGH_WORDS = 6;
const LEAST_SHARED = 0.25;

/** An entry with what its page adds: what the feed says stays, what it lacks is filled, and the longer body wins. A page that tells of something else adds nothing. */
export function completed(entry: Draft, page: Draft): Draft {
	if (isForeign(entry, page)) return entry;
	const title = entry.title || page.title;
	const [ofEntry, ofPage] = [entry.body ?? "", page.body ?? ""];
	const body = ofPage.length > ofEntry.length ? ofPage : ofEntry;
	const teaser = body === ofEntry ? undefined : withoutEnding(ofEntry);
	const summary = entry.summary ?? (teaser && !body.startsWith(teaser) ? ofEntry : undefined) ?? page.summary;
	const author = entry.author ?? page.author;
	const publishedAt = entry.publishedAt ?? page.publishedAt;
	return {
		url: entry.url,
		...(entry.guid !== undefined ? { guid: entry.guid } : {}),
		title,
		...(summary && summary !== body ? { summary } : {}),
		...(body ? { body } : {}),
		tags: entry.tags.length > 0 ? entry.tags : page.tags,
		...(author ? { author } : {}),
		images: entry.images.length > 0 ? entry.images : page.images,
		...(publishedAt ? { publishedAt } : {}),
		source: entry.source,
	};
}

function withoutEnding(text: string): string {
	return text.replace(CUT_OFF, "").trim();
}

/** Whether a page hardly repeats a word of what the entry says: a wall, a notice, or another article. */
function isForeign(entry: Draft, page: Draft): boolean {
	const said = [...terms(`${entry.title} ${entry.summary ?? ""} ${entry.body ?? ""}`).keys()];
	const told = terms(`${page.title} ${page.summary ?? ""} ${page.body ?? ""}`);
	const shared = said.filter((word) => told.has(word)).length;
	return said.length >= ENOUGH_WORDS && shared < said.length * LEAST_SHARED;
}

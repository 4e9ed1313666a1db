import type { Draft } from "../article/article.ts";

/** What is needed to know an entry again. */
export type DraftHead = Pick<Draft, "url" | "guid" | "title" | "publishedAt" | "source">;

/** What only a new entry needs. */
export type DraftRest = Omit<Draft, keyof DraftHead | "stamp">;

/** A value that is worked out when it is first asked for, and once. */
export function once<Value>(work: () => Value): () => Value {
	let made: { readonly value: Value } | undefined;
	return () => {
		made ??= { value: work() };
		return made.value;
	};
}

/**
 * A draft whose larger parts are worked out together when one of them is first read. To its readers it is a plain object: copying it or writing it as JSON
 * reads everything. It keeps the feed's text in memory as long as it lives. The stamp is no part of what the entry says: a copy does not have it.
 */
export function lazyDraft(head: DraftHead, read: () => DraftRest, stamp?: () => string): Draft {
	const { url, guid, title, publishedAt, source } = head;
	const rest = once(read);
	const draft = {
		url,
		...(guid ? { guid } : {}),
		title,
		get tags() {
			return rest().tags;
		},
		get images() {
			return rest().images;
		},
		source,
		get summary() {
			return rest().summary;
		},
		get body() {
			return rest().body;
		},
		get author() {
			return rest().author;
		},
		...(publishedAt ? { publishedAt } : {}),
	};
	if (stamp) Object.defineProperty(draft, "stamp", { get: once(stamp) });
	// Whether there is a summary, a body or an author is known only after reading: until then each may turn out to be undefined.
	return draft as Draft;
}

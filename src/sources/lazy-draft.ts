import type { Draft } from "../article/article.ts";

/** What is needed to know an entry again. */
export type DraftHead = Pick<Draft, "url" | "guid" | "title" | "publishedAt" | "source">;

/** What only a new entry needs. */
export type DraftRest = Omit<Draft, keyof DraftHead | keyof DraftMarks>;

/** What tells whether an entry was edited, worked out when it is asked for. */
export interface DraftMarks {
	readonly stamp: () => string;
	readonly fingerprint: () => string;
}

/** A value that is worked out when it is first asked for, and once. */
export function once<Value>(work: () => Value): () => Value {
	let made: { readonly value: Value } | undefined;
	return () => {
		made ??= { value: work() };
		return made.value;
	};
}

/** What a draft is made of later. */
interface Behind {
	readonly rest: () => DraftRest;
	readonly stamp?: () => string;
	readonly fingerprint?: () => string;
}

const BEHIND = Symbol("behind");
type Fronted = { readonly [BEHIND]: Behind };

// The same getters for all drafts: with getters of its own each draft would have a shape of its own, which takes three times as long to make
// and holds the whole feed in memory until the next full collection.
const MARKS = Object.defineProperties(
	{},
	{
		stamp: {
			get(this: Fronted) {
				return this[BEHIND].stamp?.();
			},
		},
		fingerprint: {
			get(this: Fronted) {
				return this[BEHIND].fingerprint?.();
			},
		},
	},
);
const REST = (["tags", "images", "summary", "body", "author"] as const satisfies (keyof DraftRest)[]).map(
	(name) =>
		[
			name,
			{
				enumerable: true,
				get(this: Fronted) {
					return this[BEHIND].rest()[name];
				},
			},
		] as const,
);

/**
 * A draft whose larger parts are worked out together when one of them is first read. To its readers it is a plain object: copying it or writing it as JSON
 * reads everything. It keeps the feed's text in memory as long as it lives. The marks are no part of what the entry says: a copy does not have them.
 */
export function lazyDraft(head: DraftHead, read: () => DraftRest, marks?: DraftMarks): Draft {
	const behind: Behind = {
		rest: once(read),
		...(marks && { stamp: once(marks.stamp), fingerprint: once(marks.fingerprint) }),
	};
	const draft = { __proto__: MARKS, ...head };
	Object.defineProperty(draft, BEHIND, { value: behind });
	for (const [name, getter] of REST) Object.defineProperty(draft, name, getter);
	// Whether there is a summary, a body or an author is known only after reading: until then each may turn out to be undefined.
	return draft as unknown as Draft;
}

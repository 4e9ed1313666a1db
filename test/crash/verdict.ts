import { numbers } from "../e2e/newsroom.ts";

/** What followers of one channel saw, beside what they should have seen. */
export interface Verdict {
	/** Published, and never posted. */
	readonly lost: readonly number[];
	/** Posted more than once. */
	readonly doubled: readonly number[];
	/** Posted behind one that was published after it. */
	readonly late: readonly number[];
}

/** Compares a channel's posts with the stories that were published, by their numbers, in the order of publication. */
export function judge(wanted: readonly number[], posts: readonly { readonly text?: string }[]): Verdict {
	const seen = new Set<number>();
	const doubled: number[] = [];
	const late: number[] = [];
	let newest = Number.NEGATIVE_INFINITY;
	for (const number of numbers(posts)) {
		if (seen.has(number)) doubled.push(number);
		else if (number < newest) late.push(number);
		seen.add(number);
		newest = Math.max(newest, number);
	}
	return { lost: wanted.filter((number) => !seen.has(number)), doubled, late };
}

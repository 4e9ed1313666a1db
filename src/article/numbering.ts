import { canonicalUrl } from "./identity.ts";

/** So many articles must tell how a list is ordered. */
const ENOUGH = 3;
/** The share of neighbours that must go down: a pinned article or two change nothing. */
const MOSTLY = 0.75;
/** More digits than this are a date or a random name. */
const LONGEST = 9;

/** An entry of a list, in the list's order. */
export interface Numbered {
	readonly url: string;
	readonly isNew: boolean;
}

/**
 * Which of a list's new entries were there before the known ones, by their places: the site counts its articles in their addresses, lists the highest
 * first, and these stand behind all the known ones with lower numbers. A list that loses an article or grows longer shows such.
 */
export function olderOnes(list: readonly Numbered[]): ReadonlySet<number> {
	const kinds = new Map<string, { readonly place: number; readonly number: number; readonly isNew: boolean }[]>();
	for (const [place, { url, isNew }] of list.entries()) {
		const counted = numberIn(canonicalUrl(url));
		if (!counted) continue;
		const same = kinds.get(counted.kind);
		const one = { place, number: counted.number, isNew };
		if (same) same.push(one);
		else kinds.set(counted.kind, [one]);
	}
	const older = new Set<number>();
	for (const same of kinds.values()) {
		const known = same.filter(({ isNew }) => !isNew);
		if (known.length < ENOUGH || !goesDown(known.map(({ number }) => number))) continue;
		const lowest = known.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY);
		const last = known.at(-1)?.place ?? 0;
		for (const { place, number, isNew } of same) if (isNew && place > last && number < lowest) older.add(place);
	}
	return older;
}

/** The number that tells an address from its like, and what they have in common; undefined when there is not exactly one. */
function numberIn(address: string): { readonly kind: string; readonly number: number } | undefined {
	const { host, pathname, search } = new URL(address);
	const inQuery = [...search.matchAll(/[?&]([^=&]+)=(\d+)(?=&|$)/g)].filter(([, , digits = ""]) => digits.length > 1);
	const [only] = inQuery;
	// With two numbers one is the section's; the higher one counts articles, and which that is may change.
	if (inQuery.length === 1 && only) return counted(`${host}${pathname}?${only[1]}`, only[2] ?? "");
	if (search !== "") return undefined;
	const parts = pathname.split("/").filter(Boolean);
	const last = parts.pop() ?? "";
	// A name that begins or ends with its number: `80-khabar`, `khabar-80.html`, `n30`.
	const named = /^(\d+)(?=\D|$)|(?<=^|\D)(\d+)(?=(?:\.\w{2,5})?$)/.exec(last);
	const digits = named?.[1] ?? named?.[2];
	if (digits === undefined) {
		// `/news/123/a-slug`
		const before = parts.pop() ?? "";
		return /^\d+$/.test(before) ? counted(`${host}/${parts.join("/")}/#/`, before) : undefined;
	}
	const place = named?.[1] === undefined ? "ends" : "begins";
	return parts.some((part) => /^\d+$/.test(part)) ? undefined : counted(`${host}/${parts.join("/")}/${place}`, digits);
}

function counted(kind: string, digits: string) {
	return digits.length > LONGEST ? undefined : { kind, number: Number(digits) };
}

function goesDown(numbers: readonly number[]): boolean {
	let down = 0;
	for (const [place, number] of numbers.entries()) if (place > 0 && number < (numbers[place - 1] ?? 0)) down++;
	return down >= (numbers.length - 1) * MOSTLY;
}

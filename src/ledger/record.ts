import { isDeepStrictEqual } from "node:util";
import { Keyv } from "keyv";
import type { Json } from "./store.ts";

/** The one Keyv namespace that all of Mirsal's records live in. */
export const namespace = "mirsal";

// Keyv escapes strings that begin with ":" and keeps an envelope around the value, so its own functions write and read here.
const { serialize, deserialize } = new Keyv().opts;

/** The value as Keyv 5 stores it, an envelope in JSON without an expiry; throws what cannot be JSON. */
export function seal(value: Json): string {
	const text = serialize?.({ value });
	if (typeof text !== "string") throw new Error("Keyv's own serialiser gave no text.");
	return text;
}

/** The value inside what Keyv 5 stored; throws when the text is no envelope. */
export function unseal(text: string): Json | undefined {
	return (deserialize?.(text) as { value?: Json } | undefined)?.value;
}

/** The moment, in milliseconds since 1970, at which what Keyv 5 stored expires; undefined when it never does. */
export function expiryOf(text: string): number | undefined {
	const { expires } = JSON.parse(text) as { expires?: unknown };
	return typeof expires === "number" ? expires : undefined;
}

/** Whether a stored text holds that value, whatever the order of its members; undefined stands for what is not there. */
export function holds(text: string | undefined, value: Json | undefined): boolean {
	// What was read and not changed is the same to the letter, and most values are: parsing and comparing take ten times as long.
	if (text !== undefined && value !== undefined && seal(value) === text) return true;
	return isDeepStrictEqual(text === undefined ? undefined : unseal(text), plain(value));
}

/** The key as Keyv writes it, behind the namespace; throws for a key that a database cannot keep letter for letter. */
export function storedKey(key: string): string {
	// SQLite's driver cuts text at NUL and replaces half a surrogate pair: two keys would become one.
	if (key === "" || key.includes("\u0000") || /\p{Surrogate}/u.test(key)) {
		throw new Error(`${JSON.stringify(key)} cannot be a key of the ledger: keys are text without NUL, and not empty.`);
	}
	return `${namespace}:${key}`;
}

/** The key without the namespace. */
export function plainKey(stored: string): string {
	return stored.slice(namespace.length + 1);
}

// Through the envelope, so that undefined members, -0 and the like count as what would be stored.
function plain(value: Json | undefined): Json | undefined {
	return value === undefined ? undefined : unseal(seal(value));
}

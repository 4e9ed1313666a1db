import type { Keyv } from "keyv";

/** Any JSON value: what the ledger keeps. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One change of the ledger: everything in it becomes durable together, or nothing does. */
export interface Batch {
	readonly set?: readonly (readonly [key: string, value: Json])[];
	readonly del?: readonly string[];
	/** What must still stand for the batch to be written; `undefined` means that the key must not exist. Values are compared as JSON. */
	readonly expect?: readonly (readonly [key: string, value: Json | undefined])[];
}

/** Keyv remembers; `write` and `list` add what Keyv lacks, in Keyv's own format, so that `keyv.get` reads what `write` wrote. Errors throw, always. */
export interface Store {
	readonly keyv: Keyv;
	/** All or nothing, durable when it resolves; false when an expectation does not hold (then nothing was written). */
	write(batch: Batch): Promise<boolean>;
	/** Entries whose key starts with `prefix`, in key order (by UTF-8 bytes), after the key `after` when given, at most `limit`. */
	list(
		prefix: string,
		options?: { after?: string; limit?: number },
	): AsyncIterable<readonly [key: string, value: Json]>;
	close(): Promise<void>;
}

/** Another live instance holds the ledger; the message names it. Exit code 75. */
export class LedgerHeldError extends Error {
	override readonly name = "LedgerHeldError";
}

/** The ledger cannot be trusted; the message names the two commands that help. Exit code 1. */
export class LedgerDamagedError extends Error {
	override readonly name = "LedgerDamagedError";
}

/** The ledger was written by a newer program than this one; it was left as it is. Exit code 2. */
export class LedgerNewerError extends Error {
	override readonly name = "LedgerNewerError";
}

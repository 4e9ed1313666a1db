import type { Draft } from "../article/article.ts";

/** What tells whether one address changed: its validators and a fingerprint of its last body. */
export interface Validators {
	readonly etag?: string;
	readonly lastModified?: string;
	/** SHA-256 of the last decoded body. */
	readonly hash?: string;
}

/** What a source remembers between two polls. Opaque to everybody else; JSON. */
export interface Cursor extends Validators {
	/** Of the single addresses of a source that consists of several, by address. */
	readonly parts?: Readonly<Record<string, Validators>>;
	/** Publication time of the newest article that a finished poll listed, ISO 8601 UTC: a source with an archive pages back to it after an outage. */
	readonly since?: string;
	/** How long a feed asks strangers to leave it alone. Milliseconds. */
	readonly period?: number;
	/** The door found behind the address of a site. */
	readonly door?: Door;
}

/** A kind of source and the address at which it is read. */
export interface Door {
	readonly kind: "feed" | "wordpress" | "sitemap" | "listing";
	/** Without credentials, for it is kept; absent for the very address that was named. */
	readonly url?: string;
}

/** Where a feed says that its pushes come from, and the address under which its hub knows it. */
export interface Hub {
	readonly hub: string;
	readonly topic: string;
}

/** What one look at a source gave. */
export type Poll = {
	readonly cursor: Cursor;
	/** The earliest moment at which the site allows another look. */
	readonly next?: Date;
	/** How long the site or the feed asks strangers to leave it alone. Milliseconds. */
	readonly pause?: number;
	/** Where the site says it has moved for good. */
	readonly movedTo?: string;
	/** Who pushes what is new there. */
	readonly hub?: Hub;
} & (
	| { readonly unchanged: true }
	| {
			readonly unchanged: false;
			/** In the order of the source's list, newest first as a rule. */
			readonly drafts: readonly Draft[];
			/** Only what changed of several pages was read: the others list what they listed before. */
			readonly partial?: true;
	  }
);

/** A place where articles appear. It holds no state: same cursor and same site, same answer. */
export interface Source {
	readonly name: string;
	readonly kind: string;
	readonly url: string;
	/** Looks once. Throws SourceError; a failed look changes nothing. */
	poll(cursor: Cursor, signal: AbortSignal): Promise<Poll>;
	/** Looks for another door where the present one stays broken; undefined when there is none. */
	reopen?(cursor: Cursor, signal: AbortSignal): Promise<Cursor | undefined>;
	/** Completes a new draft that is short on text from its own page. Throws SourceError. */
	complete(draft: Draft, signal: AbortSignal): Promise<Draft>;
}

/** Why a source or page could not be read, in words for people; `retryAt` when the site said when to come back. */
export class SourceError extends Error {
	override readonly name = "SourceError";
	readonly kind: SourceFault;
	readonly retryAt?: Date;
	/** The HTTP status that was answered, for kind `status`. */
	readonly status?: number;
	constructor(kind: SourceFault, message: string, options: { retryAt?: Date; status?: number; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.kind = kind;
		if (options.status !== undefined) this.status = options.status;
		if (options.retryAt) this.retryAt = options.retryAt;
	}
}

/**
 * unreachable: no answer (DNS, refused, TLS, reset) · slow: deadline passed · status: an HTTP error ·
 * body: the answer is not what was asked for (HTML instead of a feed, truncated, too large, unreadable characters) ·
 * forbidden: our own guard refused the address
 */
export type SourceFault = "unreachable" | "slow" | "status" | "body" | "forbidden";

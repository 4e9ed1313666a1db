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
	/** The door found behind the address of a site. */
	readonly door?: Door;
}

/** A kind of source and the address at which it is read. */
export interface Door {
	readonly kind: "feed" | "wordpress" | "sitemap" | "listing";
	readonly url: string;
}

/** What one look at a source gave. `next` is the earliest moment the site allows another look. */
export type Poll =
	| { readonly unchanged: true; readonly cursor: Cursor; readonly next?: Date }
	| {
			readonly unchanged: false;
			/** In the order of the source's list, newest first as a rule. */
			readonly drafts: readonly Draft[];
			readonly cursor: Cursor;
			readonly next?: Date;
	  };

/** A place where articles appear. It holds no state: same cursor and same site, same answer. */
export interface Source {
	readonly name: string;
	readonly kind: string;
	readonly url: string;
	/** Looks once. Throws SourceError; a failed look changes nothing. */
	poll(cursor: Cursor, signal: AbortSignal): Promise<Poll>;
	/** Completes a new draft that is short on text from its own page. Throws SourceError. */
	complete(draft: Draft, signal: AbortSignal): Promise<Draft>;
}

/** Why a source or page could not be read, in words for people; `retryAt` when the site said when to come back. */
export class SourceError extends Error {
	override readonly name = "SourceError";
	readonly kind: SourceFault;
	readonly retryAt?: Date;
	constructor(kind: SourceFault, message: string, options: { retryAt?: Date; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.kind = kind;
		if (options.retryAt) this.retryAt = options.retryAt;
	}
}

/**
 * unreachable: no answer (DNS, refused, TLS, reset) · slow: deadline passed · status: an HTTP error ·
 * body: the answer is not what was asked for (HTML instead of a feed, truncated, too large, unreadable characters) ·
 * forbidden: our own guard refused the address
 */
export type SourceFault = "unreachable" | "slow" | "status" | "body" | "forbidden";

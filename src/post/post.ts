import type { OccasionKind } from "./occasion.ts";

/** What one channel shows for one occasion, ready to be sent: composing it again from the same occasion gives the same bytes. */
export interface Post {
	readonly channel: string;
	readonly kind: OccasionKind;
	/** Ids of the articles in it. */
	readonly articles: readonly string[];
	/** The address it carries, when it carries one. */
	readonly link?: string;
	readonly silent: boolean;
	/** Markup as sent, on channels that have one. */
	readonly html?: string;
	/** What followers read. */
	readonly text: string;
	/** Length of the text in the channel's own way of counting. */
	readonly length: number;
	/** Addresses that the platform will find in the text, bare domains too; absent where they cost nothing. */
	readonly addresses?: number;
	/** The channel's limit, counted the same way. */
	readonly limit: number;
	/** Complaint of a newsroom's own template that could not be used for this post; the built-in one was. */
	readonly complaint?: string;
}

/** Proof of a post: the platform's id for it, and where people can open it. */
export interface Receipt {
	readonly id: string;
	readonly url?: string;
}

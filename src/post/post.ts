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
	/** Pictures that go with it, in their order. */
	readonly pictures?: readonly PostPicture[];
	/** Where Telegram shows the picture of the link's own page; above the text where nothing is said. */
	readonly preview?: "above" | "below" | "none";
	/** What stands on a button under the post that opens its link. */
	readonly button?: string;
	/** The topic that it goes into, by Telegram's message_thread_id. */
	readonly thread?: number;
	/** It is pinned once it is out. */
	readonly pin?: true;
	/** Complaint of a newsroom's own template that could not be used for this post; the built-in one was. */
	readonly complaint?: string;
	/** Platform id of our own post that it answers. */
	readonly replyTo?: string;
}

/** Proof of a post: the platform's id for it, and where people can open it. */
export interface Receipt {
	readonly id: string;
	readonly url?: string;
	/** Ids of the further messages of an album, in their order. */
	readonly others?: readonly string[];
}

/** A picture as a post names it: the bytes themselves lie on the shelf of pictures until the post is out. */
export interface PostPicture {
	/** SHA-256 of its bytes, in hexadecimal. */
	readonly hash: string;
	readonly type: "image/jpeg" | "image/png";
	/** Pixels. */
	readonly width: number;
	readonly height: number;
	/** Length in bytes. */
	readonly bytes: number;
	readonly from: "article" | "card";
	/** What it shows, for those who do not see it; only where the text does not say the same. */
	readonly alt?: string;
}

/** The post with its words alone. */
export function withoutPictures({ pictures: _pictures, ...words }: Post): Post {
	return words;
}

/** The id behind which the channel's next post will stand. */
export function lastId({ id, others = [] }: Receipt): string {
	return others.at(-1) ?? id;
}

import type { Bill } from "../ledger/budget.ts";
import type { Occasion } from "../post/occasion.ts";
import type { Post, Receipt } from "../post/post.ts";

/** A place where posts go. `compose` is pure, so a preview is exactly what is sent. */
export interface Channel {
	readonly name: string;
	readonly kind: "telegram" | "twitter";
	/** A preview channel shows its posts and sends nothing. */
	readonly preview: boolean;
	/** What its calls are billed as: a post, a look at the most, and taking a post down; nothing costs without it. */
	readonly bills?: { post(post: Post): Bill; readonly look: Bill; readonly remove?: Bill };
	compose(occasion: Occasion): Post;
	/** Sends once, with no retry beneath and within the channel's own total deadline, also while the program stops. Throws SendError. */
	send(post: Post): Promise<Receipt>;
	/** What is done with a post once it is known to be out, such as pinning it. Never throws. */
	follow?(post: Post, receipt: Receipt): Promise<void>;
	/** Looks, after a lost answer, whether the post is there; changes nothing that followers see, and says what it is billed as. Throws when the look itself failed. */
	find(
		post: Post,
		intent: Attempt,
		signal: AbortSignal,
		billed?: (bill: Bill) => void,
	): Promise<Receipt | "absent" | "cannot-tell">;
	/** Makes a post that is out read like this one; doing it twice is doing it once. Throws SendError: after `unknown` it may simply be repeated. */
	edit?(receipt: Receipt, post: Post, signal: AbortSignal): Promise<void>;
	/** Takes a post down, also one that is down already; says what it is billed as. Throws SendError. */
	remove?(receipt: Receipt, signal: AbortSignal, billed?: (bill: Bill) => void): Promise<void>;
	/** Posts can be taken down for so long, in milliseconds; for ever without it. */
	readonly removeWithin?: number;
}

/** What `find` knows of the lost attempt. */
export interface Attempt {
	/** ISO 8601 UTC. */
	readonly at: string;
	/** Id of the last post known before the attempt. */
	readonly baseline?: string;
}

/**
 * later: surely not sent, try again (429, no connection made) ·
 * refused: surely not sent, this post will never pass; `instead` may offer another ·
 * parked: surely not sent, the channel needs a person (token revoked, kicked, no credit) ·
 * unknown: the request left and no clear answer came; it may be published, and its bytes never change any more
 */
export type SendFault = "later" | "refused" | "parked" | "unknown";

/** A send that gave no receipt, sorted by what may be done next. The message is for people and holds no secret. */
export class SendError extends Error {
	override readonly name = "SendError";
	readonly kind: SendFault;
	readonly retryAt?: Date;
	readonly instead?: Post;
	/** The chat's new address, when the platform says that it moved. */
	readonly movedTo?: string;
	/** The platform says that the very same post stands there already. */
	readonly duplicate: boolean;
	/** The platform wants money. */
	readonly unpaid: boolean;
	constructor(
		kind: SendFault,
		message: string,
		more: {
			retryAt?: Date;
			instead?: Post;
			movedTo?: string;
			duplicate?: boolean;
			unpaid?: boolean;
			cause?: unknown;
		} = {},
	) {
		super(message, { cause: more.cause });
		this.kind = kind;
		this.duplicate = more.duplicate ?? false;
		this.unpaid = more.unpaid ?? false;
		if (more.retryAt) this.retryAt = more.retryAt;
		if (more.instead) this.instead = more.instead;
		if (more.movedTo) this.movedTo = more.movedTo;
	}
}

import type { Bill } from "../ledger/budget.ts";
import type { Occasion } from "../post/occasion.ts";
import type { Post, Receipt } from "../post/post.ts";

/** A place where posts go. `compose` is pure, so a preview is exactly what is sent. */
export interface Channel {
	readonly name: string;
	readonly kind: "telegram" | "twitter";
	/** A preview channel shows its posts and sends nothing. */
	readonly preview: boolean;
	/** What its calls are billed as: a post, and a look at the most; nothing costs without it. */
	readonly bills?: { post(post: Post): Bill; readonly look: Bill };
	compose(occasion: Occasion): Post;
	/** Sends once, with no retry beneath and within the channel's own total deadline, also while the program stops. Throws SendError. */
	send(post: Post): Promise<Receipt>;
	/** Looks, after a lost answer, whether the post is there; changes nothing that followers see, and says what it is billed as. Throws when the look itself failed. */
	find(
		post: Post,
		intent: Attempt,
		signal: AbortSignal,
		billed?: (bill: Bill) => void,
	): Promise<Receipt | "absent" | "cannot-tell">;
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

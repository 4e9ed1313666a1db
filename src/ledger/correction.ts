import type { Delivery, Edit } from "./delivery.ts";
import type { Post } from "../post/post.ts";

/** What happens to a post that is out already. */
export type CorrectionEvent =
	/** Its article changed, was taken back, or stands again; `was` is its headline before, when that changed. */
	| { readonly type: "due"; readonly what: "update" | "retract" | "back"; readonly was?: string; readonly image?: true }
	| { readonly type: "begin"; readonly post: Post }
	| { readonly type: "done" }
	/** Followers would see no difference. */
	| { readonly type: "same" }
	/** No certain answer, or a no for now: the same again later. */
	| { readonly type: "later"; readonly retryAt?: string }
	/** Refused in this form. */
	| { readonly type: "instead"; readonly post: Post }
	| { readonly type: "strike" }
	| { readonly type: "ended"; readonly reason: string }
	| { readonly type: "deleted" }
	/** The update goes out as an answer to the post. */
	| { readonly type: "answer" }
	/** The post was taken down, and the article is posted as it reads now. */
	| { readonly type: "repost" };

/** Posts are edited once in this time at the most; what changes meanwhile meets in one edit. Milliseconds. */
const BETWEEN = 60_000;
const BACKOFF_FIRST = 5_000;
const BACKOFF_MOST = 300_000;

/**
 * What becomes of a delivery whose post is out when something happens to its article or to the edit: the counterpart of `advance`, and as strict.
 * The time of its last change stays that of its sending while it is only edited.
 */
export function correct(delivery: Delivery, event: CorrectionEvent, now: Date): Delivery {
	const { edit, ...bare } = delivery;
	const { state } = delivery;
	const at = now.toISOString();
	const after = (time: string | undefined, ms: number) => new Date(Date.parse(time ?? at) + ms).toISOString();
	const impossible = (): never => {
		throw new Error(
			`delivery ${delivery.channel}/${delivery.id} is ${state}: «${event.type}» cannot happen to its post`,
		);
	};
	const under = (): Edit => edit ?? impossible();
	const due = (kind: Edit["kind"], last = delivery.edited?.at): Edit => {
		const notBefore = last === undefined ? undefined : after(last, BETWEEN);
		return { kind, since: at, attempts: 0, ...(notBefore !== undefined && notBefore > at ? { notBefore } : {}) };
	};
	const without = (): Delivery => {
		const { struck: _struck, ...standing } = bare;
		return standing;
	};

	switch (event.type) {
		case "due": {
			if (state !== "sent" && !(state === "removed" && delivery.struck)) impossible();
			const { was } = event;
			const titled = was !== undefined && delivery.titled === undefined ? { titled: was } : {};
			if (event.what === "retract") {
				if (state === "removed" && edit === undefined) return delivery;
				return { ...delivery, ...titled, edit: edit?.kind === "retraction" ? edit : due("retraction") };
			}
			const stays = event.what === "update" && (edit?.kind === "retraction" || (state === "removed" && !edit));
			if (stays) return { ...delivery, ...titled };
			const image = event.image || edit?.image ? { image: true as const } : {};
			if (edit?.kind !== "update") return { ...delivery, ...titled, edit: { ...due("update"), ...image } };
			return { ...delivery, ...titled, edit: { ...edit, ...image, ...(edit.post ? { more: true as const } : {}) } };
		}
		case "begin": {
			const { notBefore: _notBefore, ...begun } = under();
			return { ...delivery, edit: { ...begun, post: event.post, attempts: begun.attempts + 1 } };
		}
		case "done": {
			const { kind, post, more, image } = under();
			// Whether the picture changed before or after the bytes were frozen nobody knows: it is looked at once more.
			const next = more && { ...due("update", at), ...(image ? { image } : {}) };
			const edited = { at, ...(post ? { post } : {}) };
			if (kind === "retraction") return { ...bare, state: "removed", changedAt: at, struck: true, edited };
			return { ...without(), state: "sent", edited, ...(next ? { edit: next } : {}) };
		}
		case "same":
			if (under().kind === "retraction") return { ...bare, state: "removed", changedAt: at, struck: true };
			return { ...without(), state: "sent" };
		case "later": {
			const { attempts } = under();
			const wait = Math.min(BACKOFF_FIRST * 2 ** Math.max(0, attempts - 1), BACKOFF_MOST);
			return { ...delivery, edit: { ...under(), notBefore: event.retryAt ?? after(at, wait) } };
		}
		case "instead":
			return { ...delivery, edit: { ...under(), post: event.post } };
		case "strike":
			return { ...delivery, edit: { ...under(), strike: true } };
		case "ended":
			under();
			return { ...bare, reason: event.reason };
		case "deleted": {
			under();
			const { receipt: _receipt, ...gone } = without();
			return { ...gone, state: "removed", changedAt: at };
		}
		case "answer": {
			under();
			const { intent: _intent, lost: _lost, reason: _reason, receipt, ...fresh } = bare;
			if (state !== "sent" || !receipt) return impossible();
			return { ...fresh, receipt, root: receipt, state: "planned", changedAt: at };
		}
		case "repost": {
			under();
			if (state !== "sent") impossible();
			const { intent, receipt: _receipt, lost: _lost, reason: _reason, edited: _edited, ...fresh } = bare;
			const again = delivery.again ?? intent?.at ?? delivery.changedAt;
			return { ...fresh, state: "planned", changedAt: at, again };
		}
	}
}

/** An answer to a post that came to an end, well or not, leaves the delivery as it was: sent. */
export function answered(delivery: Delivery, now: Date): Delivery {
	const { root, ...rest } = delivery;
	const over = delivery.state === "sent" || delivery.state === "refused" || delivery.state === "skipped";
	if (!root || !over) return delivery;
	const post = delivery.state === "sent" ? rest.intent?.post : undefined;
	return { ...rest, state: "sent", receipt: root, edited: { at: now.toISOString(), ...(post ? { post } : {}) } };
}

/** Whether an article bears another headline than the one that its post went out under. */
export function isRetitled({ titled }: Pick<Delivery, "titled">, title: string): boolean {
	return titled !== undefined && titled !== title;
}

/** Whether followers would read and see the same in both posts. */
export function looksSame(left: Post, right: Post): boolean {
	const seen = ({ pictures = [] }: Post) => pictures.map(({ hash }) => hash).join();
	return left.html === right.html && left.text === right.text && left.link === right.link && seen(left) === seen(right);
}

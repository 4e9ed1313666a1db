import type { Entry } from "./budget.ts";
import type { OccasionKind } from "../post/occasion.ts";
import type { Post, Receipt } from "../post/post.ts";

export type State = "held" | "planned" | "sending" | "waiting" | "sent" | "refused" | "unsure" | "skipped" | "removed";

/** One article on its way to one channel. */
export interface Delivery {
	readonly v: 1;
	readonly channel: string;
	readonly id: string;
	readonly kind: OccasionKind;
	/** Place in the channel's queue: breaking first, then publication time, then the order of the list. */
	readonly order: string;
	readonly state: State;
	/** ISO 8601 UTC, as all times here. */
	readonly plannedAt: string;
	readonly changedAt: string;
	/** Sends begun so far. */
	readonly attempts: number;
	/** Not before this time (state `waiting`). */
	readonly notBefore?: string;
	/** Why it is skipped, held, refused or unsure, for /why. */
	readonly reason?: string;
	/** The hold that keeps it (state `held`). */
	readonly hold?: string;
	/** Frozen by the claim; the same bytes go out again until a certain answer came. */
	readonly intent?: Intent;
	/** An answer to these very bytes was lost once: the platform's «duplicate» then proves that they arrived. */
	readonly lost?: boolean;
	/** Since when looks fail themselves. */
	readonly failing?: string;
	/** Looks after a lost answer that agreed on «absent» so far. */
	readonly absent?: number;
	/** Looking is over and did not tell: the delivery no longer holds up its channel. */
	readonly closed?: boolean;
	readonly receipt?: Receipt;
	/** What its post is still to show (state `sent`, or `removed` when a struck post is to stand again). */
	readonly edit?: Edit;
	/** The last edit that its followers see. */
	readonly edited?: { readonly at: string; readonly post?: Post };
	/** The headline that it was posted under, once its newsroom changed it. */
	readonly titled?: string;
	/** Its post still stands, struck out (state `removed`). */
	readonly struck?: true;
	/** When it was posted first; its post was taken down to be posted again as it reads now. */
	readonly again?: string;
	/** Its own post, while an answer to it with the update is on its way. */
	readonly root?: Receipt;
}

/** A change of its article that a post is to show. An edit may be repeated safely, so a lost answer is no question. */
export interface Edit {
	readonly kind: "update" | "retraction";
	/** ISO 8601 UTC. */
	readonly since: string;
	readonly attempts: number;
	readonly notBefore?: string;
	/** Frozen by the first call; the same bytes go out again until a certain answer came. */
	readonly post?: Post;
	/** Its picture changed too. */
	readonly image?: true;
	/** The article changed again since the bytes were frozen. */
	readonly more?: true;
	/** The post could not be taken down: it is struck out instead. */
	readonly strike?: true;
}

/** The durable word of what is about to be sent. */
export interface Intent {
	readonly attempt: number;
	readonly at: string;
	/** SHA-256 of the post's bytes. */
	readonly hash: string;
	readonly post: Post;
	readonly baseline?: string;
	/** What was reserved for it, on channels that bill. */
	readonly cost?: Entry;
}

/** How a channel deals with lost answers. Times in milliseconds. */
export interface LossPolicy {
	readonly onLost: "ask" | "never" | "resend";
	/** From the moment an answer is given up to the first look. */
	readonly quiet: number;
	/** Between two looks. */
	readonly between: number;
	/** After this long of looks that fail themselves, looking counts as impossible. */
	readonly patience: number;
}

export type Event =
	| { readonly type: "claim"; readonly intent: Intent }
	| { readonly type: "sent"; readonly receipt: Receipt }
	| {
			readonly type: "later";
			readonly retryAt?: string;
			readonly reason: string;
	  }
	| {
			readonly type: "refused";
			readonly reason: string;
			readonly instead?: Post;
			readonly duplicate?: boolean;
	  }
	| { readonly type: "parked"; readonly reason: string }
	/** `since`: when the request left at the latest, by a process that is dead; now, for one that was given up. */
	| { readonly type: "unknown"; readonly reason: string; readonly since?: string }
	| { readonly type: "absent" }
	| { readonly type: "look-failed" }
	| { readonly type: "cannot-tell" }
	| { readonly type: "unpublishable"; readonly reason: string }
	| { readonly type: "preview" }
	/** Until somebody decides: about everything in a hold, or, without one, about this alone. */
	| { readonly type: "hold"; readonly hold?: string; readonly reason: string }
	| { readonly type: "skip"; readonly reason: string }
	| { readonly type: "confirm" }
	| { readonly type: "retry" }
	/** Before everything else that waits. */
	| { readonly type: "first" }
	/** As breaking news, also when it was left out or stopped. */
	| { readonly type: "breaking" };

const BACKOFF_FIRST = 5_000;
const BACKOFF_MOST = 300_000;
const AGREEING_LOOKS = 2;

const after = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString();

/**
 * What becomes of a delivery when something happens to it: the only place that decides.
 * Throws when the event cannot happen in its state, which is a bug and must not be papered over.
 */
export function advance(delivery: Delivery, event: Event, now: Date, policy: LossPolicy): Delivery {
	const { notBefore: _notBefore, reason: _reason, hold: _hold, absent, failing, closed: _closed, ...kept } = delivery;
	const to = (state: State, more: Partial<Delivery> = {}): Delivery => ({
		...kept,
		state,
		changedAt: now.toISOString(),
		...more,
	});
	const from = (...states: State[]) => {
		if (!states.includes(delivery.state))
			throw new Error(
				`delivery ${delivery.channel}/${delivery.id} is ${delivery.state}: «${event.type}» cannot happen to it`,
			);
	};
	switch (event.type) {
		case "claim":
			from("planned", "waiting");
			return to("sending", {
				intent: event.intent,
				attempts: event.intent.attempt,
			});
		case "sent": {
			from("sending", "unsure");
			return to("sent", { receipt: event.receipt });
		}
		case "later":
			from("sending");
			return to("waiting", {
				notBefore:
					event.retryAt ?? after(now, Math.min(BACKOFF_FIRST * 2 ** Math.max(0, delivery.attempts - 1), BACKOFF_MOST)),
				reason: event.reason,
			});
		case "refused": {
			from("sending");
			if (event.duplicate && delivery.lost)
				return to("sent", { reason: "the answer was lost; the platform says that the post stands there" });
			if (!event.instead) return to("refused", { reason: event.reason });
			// Other bytes: what became of the former ones proves nothing about them.
			const { lost: _lost, intent, ...other } = kept;
			return {
				...other,
				state: "planned",
				changedAt: now.toISOString(),
				reason: event.reason,
				...(intent ? { intent: { ...intent, post: event.instead } } : {}),
			};
		}
		case "parked":
			from("sending");
			return to("planned", { reason: event.reason });
		case "unknown":
			from("sending");
			return to("unsure", {
				reason: event.reason,
				lost: true,
				absent: 0,
				notBefore: after(event.since === undefined ? now : new Date(event.since), policy.quiet),
			});
		case "absent": {
			from("unsure");
			const looks = (absent ?? 0) + 1;
			if (looks >= AGREEING_LOOKS)
				return to("planned", {
					reason: "the answer was lost; looking showed that the post is not there",
				});
			return to("unsure", {
				reason: delivery.reason ?? "",
				absent: looks,
				notBefore: after(now, policy.between),
			});
		}
		case "look-failed": {
			from("unsure");
			const since = failing ?? now.toISOString();
			if (now.getTime() - new Date(since).getTime() > policy.patience)
				return advance(delivery, { type: "cannot-tell" }, now, policy);
			return to("unsure", {
				reason: delivery.reason ?? "",
				absent: absent ?? 0,
				failing: since,
				notBefore: after(now, policy.between),
			});
		}
		case "cannot-tell":
			from("unsure");
			if (policy.onLost === "resend")
				return to("planned", {
					reason: "the answer was lost; sent again as this channel's policy says",
				});
			return to("unsure", { reason: delivery.reason ?? "", closed: true });
		case "unpublishable":
			from("planned", "waiting");
			return to("refused", { reason: event.reason });
		case "preview":
			from("planned", "waiting");
			return to("skipped", { reason: "preview" });
		case "hold":
			from("planned", "waiting");
			return to("held", { ...(event.hold === undefined ? {} : { hold: event.hold }), reason: event.reason });
		case "skip":
			from("planned", "waiting", "held", "refused");
			return to("skipped", { reason: event.reason });
		case "confirm":
			from("unsure");
			return to("sent", { reason: "an admin saw it in the channel" });
		case "retry":
			from("refused", "skipped", "held", "unsure");
			return afresh(to("planned"));
		case "first":
			from("planned", "waiting", "held");
			return to("planned", { order: frontOf(now) });
		case "breaking":
			from("planned", "waiting", "held", "refused", "skipped");
			// What may stand in the channel already keeps its bytes: only then the platform can tell that they are the same.
			return delivery.lost
				? to("planned", { order: frontOf(now) })
				: advance({ ...afresh(to("planned")), kind: "breaking" }, { type: "first" }, now, policy);
	}
}

/** The same without what an earlier send has left. */
function afresh({ intent: _intent, receipt: _receipt, lost: _lost, ...bare }: Delivery): Delivery {
	return bare;
}

/** A place before everything that the newsroom's own dates give, breaking news too; the last who asks for it stands behind the first. */
const frontOf = (now: Date): string => `0:0:${now.toISOString()}`;

/** Which list of the ledger shows a delivery: `open` ones are the channel's queue, `edit` ones have a post that is to change, the others wait for a person; undefined for finished ones. */
export function shelf(delivery: Delivery): "open" | "held" | "refused" | "unsure" | "edit" | undefined {
	switch (delivery.state) {
		case "planned":
		case "waiting":
		case "sending":
			return "open";
		case "unsure":
			return delivery.closed ? "unsure" : "open";
		case "held":
		case "refused":
			return delivery.state;
		default:
			return delivery.edit && "edit";
	}
}

/** The key under which its shelf shows a delivery, in the order of the queue; undefined for finished ones. */
export function shelfKey(delivery: Delivery): string | undefined {
	const name = shelf(delivery);
	if (name === undefined) return undefined;
	// «!» sorts before every order: what may be published already is settled before anything else goes out, breaking news too.
	// The id stands behind the place, because two sources looked at in one moment can give two articles the same place.
	// «~» sorts behind every order: what answers an older post comes after what is new.
	const place = isClaimed(delivery) ? "!" : delivery.root ? "~" : "";
	return `${name}:${delivery.channel}:${place}${delivery.order}:${delivery.id}`;
}

/** Whether a send of it has begun and its outcome is not known yet. */
export function isClaimed({ state, closed }: Delivery): boolean {
	return state === "sending" || (state === "unsure" && !closed);
}

/** The place of an article in every channel's queue. `moment` is ISO 8601 UTC; `turn` tells apart articles of one moment, smaller first. */
export function orderOf(kind: OccasionKind, moment: string, turn: string): string {
	return `${kind === "breaking" ? 0 : 1}:${moment}:${turn}`;
}

import type { Article } from "./article/article.ts";
import { type Channel, SendError } from "./channels/channel.ts";
import { answered, type CorrectionEvent, correct, isRetitled, looksSame } from "./ledger/correction.ts";
import { advance, type Delivery, type LossPolicy } from "./ledger/delivery.ts";
import type { Change, Ledger } from "./ledger/ledger.ts";
import { nextAt, type Pace, paced } from "./ledger/pace.ts";
import type { Pictures } from "./composing.ts";
import { BudgetError, type purse } from "./money.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import type { Occasion } from "./post/occasion.ts";
import type { Post } from "./post/post.ts";

/** What a channel does with posts whose articles change or are taken back. */
export interface CorrectionPolicy {
	/** `edit`: the post changes · `reply`: an answer to it brings the update · `repost`: it is taken down and posted again while it is young. */
	readonly updates: "edit" | "reply" | "repost" | "none";
	/** Younger posts are posted again. Milliseconds. */
	readonly repostWithin: number;
	/** `strike`: the post says that the article is gone · `remove`: it is taken down, or struck where that is no longer possible. */
	readonly retractions: "strike" | "remove" | "none";
}

/** What channels do whose newsroom wishes nothing else. */
export const CORRECTIONS: Readonly<Record<Channel["kind"], CorrectionPolicy>> = {
	telegram: { updates: "edit", repostWithin: 0, retractions: "strike" },
	twitter: { updates: "none", repostWithin: 10 * 60_000, retractions: "none" },
};

interface MendedLane {
	readonly channel: Channel;
	readonly owns?: () => boolean;
	readonly pace: Pace;
	readonly policy: LossPolicy;
	readonly links: boolean | "auto";
	readonly corrections?: CorrectionPolicy;
}

/** Lets the posts that are out follow their articles: what changed is edited, answered or posted again, what was taken back is struck or taken down. An edit may be repeated safely. */
export function corrections({
	ledger,
	clock,
	log,
	admins,
	compose,
	pictures,
	money,
}: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
	readonly compose: (channel: Channel, occasion: Occasion) => Promise<Post>;
	readonly pictures?: Pictures | undefined;
	readonly money: Pick<ReturnType<typeof purse>, "pay" | "costOf" | "rest">;
}) {
	const policyOf = ({ channel, corrections }: MendedLane) => corrections ?? CORRECTIONS[channel.kind];
	async function happens(
		delivery: Delivery,
		event: CorrectionEvent,
		also: Parameters<Ledger["record"]>[2] = {},
	): Promise<Delivery> {
		const next = correct(delivery, event, clock.now());
		if (next !== delivery || also.change) await ledger.record(delivery, next, also);
		return next;
	}

	/** Whether a channel's settings let its post follow this change. */
	function wants(lane: MendedLane, delivery: Delivery, { what }: Change): boolean {
		const { updates, repostWithin, retractions } = policyOf(lane);
		if (what === "retract") return retractions !== "none";
		if (delivery.state === "removed" || delivery.edit) return true;
		if (updates !== "repost") return updates !== "none";
		return clock.now().getTime() - sentAt(delivery) < repostWithin;
	}

	/** Takes up one change; what cannot be decided before a send has ended lies until then. */
	async function takeOne(lane: MendedLane, delivery: Delivery | undefined, id: string, change: Change): Promise<void> {
		const { name } = lane.channel;
		const { what, was, image, by } = change;
		const drop = () => ledger.dropChange(name, id, change);
		switch (delivery?.state) {
			case "sending":
			case "unsure":
				return;
			case "planned":
			case "waiting":
			case "held":
			case "refused": {
				if (what === "retract") {
					const reason = by === undefined ? "retracted" : `retracted by ${by}`;
					const skipped = answered(advance(delivery, { type: "skip", reason }, clock.now(), lane.policy), clock.now());
					log.info({ channel: name, article: id, by }, "taken back before it was posted: not posted");
					// Where only an answer was to be posted, the post itself is out.
					return ledger.record(delivery, skipped, skipped.state === "sent" ? {} : { change });
				}
				// A post that is not made yet shows the change by itself; frozen bytes go out first.
				return delivery.intent && delivery.state !== "refused" ? undefined : drop();
			}
			case "sent":
			case "removed": {
				if ((delivery.state === "removed" && !delivery.struck) || !wants(lane, delivery, change)) return drop();
				await happens(
					delivery,
					{ type: "due", what, ...(was === undefined ? {} : { was }), ...(image ? { image } : {}) },
					{ change },
				);
				return log.info({ channel: name, article: id, what, by }, "its article changed: the post follows");
			}
			default:
				return drop();
		}
	}

	async function end(delivery: Delivery, reason: string): Promise<"worked"> {
		const { channel, id } = delivery;
		await happens(delivery, { type: "ended", reason });
		log.error({ channel, article: id, reason }, "the post cannot follow its article");
		const fields = { channel, reason, article: id };
		await admins.notify({ sentence: "editRefused", fields, incident: `edit:${channel}:${id}` });
		return "worked";
	}

	/** What a failed call means: the same again later, in another form, or never. */
	async function failed(delivery: Delivery, error: unknown, signal: AbortSignal): Promise<"worked" | undefined> {
		if (signal.aborted) return undefined;
		const { channel: name, id } = delivery;
		if (error instanceof BudgetError) {
			await happens(delivery, { type: "later", retryAt: money.rest().until.toISOString() });
			return "worked";
		}
		const fault = error instanceof SendError ? error : new SendError("unknown", String(error), { cause: error });
		const { kind, message: reason, movedTo } = fault;
		const retryAt = fault.retryAt?.toISOString();
		log.warn({ channel: name, article: id, fault: kind, reason }, "a post could not be corrected");
		if (kind === "refused") {
			if (fault.instead) await happens(delivery, { type: "instead", post: fault.instead });
			else if (delivery.edit?.kind === "retraction" && !delivery.edit.post && !delivery.edit.strike)
				await happens(delivery, { type: "strike" });
			else return end(delivery, reason);
			return "worked";
		}
		if (movedTo !== undefined)
			await ledger.updateChannel(name, ({ last: _last, ...before }) => ({ ...before, movedTo }));
		// The platform counts edits and posts together.
		else if (retryAt) await ledger.updateChannel(name, (before) => ({ ...before, wait: { until: retryAt, reason } }));
		await happens(delivery, { type: "later", ...(retryAt ? { retryAt } : {}) });
		return "worked";
	}

	/** The post as it must read now; of an update the same with and without what is left out in answers. */
	function composed(lane: MendedLane, delivery: Delivery, article: Article): Promise<Post> {
		const { edit, edited, intent, kind } = delivery;
		if (edit?.kind === "retraction")
			return compose(lane.channel, { kind: "retraction", article, links: false, silent: false });
		if (kind !== "article" && kind !== "breaking") throw new Error(`a ${kind} shows no single article`);
		const answer = edited?.post?.replyTo !== undefined;
		const links = !answer && (intent ? intent.post.link !== undefined : lane.links !== false);
		const updated = answer || isRetitled(delivery, article.title);
		return compose(lane.channel, { kind, article, ...(updated ? { updated } : {}), links, silent: false });
	}

	/** The same with its pictures: those that it has, or, when the article got another one, that. Of an album only the words change. */
	async function pictured(post: Post, article: Article, delivery: Delivery, signal: AbortSignal): Promise<Post> {
		const shown = delivery.edited?.post ?? delivery.intent?.post;
		if (!shown?.pictures || post.replyTo !== undefined) return post;
		const kept = { ...post, pictures: shown.pictures };
		if (!delivery.edit?.image || !pictures || shown.pictures.length > 1) return kept;
		const fresh = await pictures.add(post, article, signal);
		if (fresh.pictures?.length === 1 && !looksSame(fresh, kept)) return fresh;
		await pictures.drop(fresh);
		return kept;
	}

	async function takeDown(
		lane: MendedLane,
		delivery: Delivery,
		event: "deleted" | "repost",
		signal: AbortSignal,
	): Promise<"worked" | undefined> {
		const { channel } = lane;
		const { receipt } = delivery;
		if (!receipt || !channel.remove) return end(delivery, "nobody knows where its post stands");
		const { remove } = channel;
		try {
			mine(lane);
			const bill = channel.bills?.remove;
			if (bill) await money.pay(bill, (billed) => remove(receipt, signal, billed));
			else await remove(receipt, signal);
		} catch (error) {
			return failed(delivery, error, signal);
		}
		await happens(delivery, { type: event });
		log.info({ channel: channel.name, article: delivery.id, post: receipt.id }, "post taken down");
		return "worked";
	}

	/** Carries out one edit that is due; a time when it must wait. */
	async function carry(
		lane: MendedLane,
		delivery: Delivery,
		signal: AbortSignal,
	): Promise<"worked" | Date | undefined> {
		const { channel } = lane;
		const { edit, receipt } = delivery;
		const { updates, repostWithin, retractions } = policyOf(lane);
		if (!edit) return undefined;
		const retraction = edit.kind === "retraction";
		const age = clock.now().getTime() - sentAt(delivery);
		if (
			retraction &&
			retractions === "remove" &&
			!edit.strike &&
			age < (channel.removeWithin ?? Number.POSITIVE_INFINITY)
		)
			return takeDown(lane, delivery, "deleted", signal);
		const known = await ledger.article(delivery.id);
		if (!known) return end(delivery, "the ledger has forgotten its article");
		let post = edit.post;
		if (!post) {
			try {
				post = await pictured(await composed(lane, delivery, known.article), known.article, delivery, signal);
				if (signal.aborted) return undefined;
			} catch (error) {
				return end(delivery, error instanceof Error ? error.message : String(error));
			}
			const shown = delivery.edited?.post ?? delivery.intent?.post;
			const left = retraction ? retractions === "none" : updates === "none";
			if (left || (shown && looksSame(shown, post))) {
				await happens(
					delivery,
					retraction && left ? { type: "ended", reason: "retracted; its post stays" } : { type: "same" },
				);
				return "worked";
			}
			if (!retraction && updates === "reply") {
				await happens(delivery, { type: "answer" });
				return "worked";
			}
			if (!retraction && updates === "repost") {
				const late = clock.now().getTime() - sentAt(delivery) >= repostWithin;
				const dear = (await money.costOf(channel, post, channel.bills?.remove)) === "full";
				if (!late && !dear) return takeDown(lane, delivery, "repost", signal);
				await happens(delivery, {
					type: "ended",
					reason: late ? "changed too late to be posted again" : "no money to post it again",
				});
				return "worked";
			}
		}
		if (!receipt) return end(delivery, "nobody knows where its post stands");
		if (!channel.edit) return end(delivery, "its post can be neither taken down nor changed");
		const now = clock.now();
		const pace = await ledger.pace(channel.name);
		const free = nextAt(pace, lane.pace, now);
		if (free > now) return free;
		const begun = paced(pace, lane.pace, now);
		const frozen = await happens(delivery, { type: "begin", post }, { pace: begun });
		const ended = () => ({ pace: [...begun.slice(0, -1), clock.now().getTime()] });
		try {
			mine(lane);
			await channel.edit(receipt, post, signal);
		} catch (error) {
			return failed(frozen, error, signal);
		}
		if (post.pictures) await pictures?.drop(post);
		await happens(frozen, { type: "done" }, ended());
		log.info({ channel: channel.name, article: delivery.id, post: receipt.id, what: edit.kind }, "post edited");
		return "worked";
	}

	return {
		/** Takes up what happened to articles of a channel since the last run. */
		async take(lane: MendedLane): Promise<void> {
			const { name } = lane.channel;
			for await (const [id, change] of ledger.changes(name))
				await takeOne(lane, await ledger.delivery(name, id), id, change);
		},

		/** Corrects one post, breaking news first; when none can be corrected now, the time when the next one can. */
		async mend(lane: MendedLane, signal: AbortSignal): Promise<"worked" | Date | undefined> {
			const now = clock.now().toISOString();
			let next: string | undefined;
			for await (const delivery of ledger.shelf("edit", lane.channel.name)) {
				const { notBefore } = delivery.edit ?? {};
				if (notBefore === undefined || notBefore <= now)
					return signal.aborted ? undefined : carry(lane, delivery, signal);
				if (next === undefined || notBefore < next) next = notBefore;
			}
			return next === undefined ? undefined : new Date(next);
		},
	};
}

/** Another process may have taken over the lane meanwhile. */
function mine({ owns }: MendedLane): void {
	if (owns?.() === false) throw new SendError("later", "this process does not own the channel's lane any more");
}

/** When its post was posted first. */
const sentAt = ({ again, intent, changedAt }: Delivery): number => Date.parse(again ?? intent?.at ?? changedAt);

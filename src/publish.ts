import { createHash } from "node:crypto";
import type { Article } from "./article/article.ts";
import { type Channel, SendError } from "./channels/channel.ts";
import { composing, type Pictures } from "./composing.ts";
import { type CorrectionPolicy, corrections } from "./corrections.ts";
import type { Again } from "./engine/engine.ts";
import { answered } from "./ledger/correction.ts";
import { advance, type Delivery, type Event, type Intent, type LossPolicy, shelf } from "./ledger/delivery.ts";
import type { ChannelRecord, Decision, Ledger } from "./ledger/ledger.ts";
import { type MoneySettings, purse } from "./money.ts";
import { nextAt, type Pace, paced } from "./ledger/pace.ts";
import { faults } from "./faults.ts";
import type { holds } from "./holds.ts";
import { parking, restsUntil, waits } from "./parking.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import { lastId, type Post, type Receipt } from "./post/post.ts";
import { ANSWER_WITHIN, tell as tellAdmins } from "./tell.ts";
import { gathers, type LaneTimes, timing } from "./timing.ts";

/** A channel with the newsroom's wishes for it. */
export interface Lane extends LaneTimes {
	readonly channel: Channel;
	/** Whether this process may send there at this very moment; always, where no other shares the ledger. Who gains the right adds the lane to the engine. */
	readonly owns?: () => boolean;
	readonly pace: Pace;
	readonly policy: LossPolicy;
	/** Whether posts carry the article's address; `auto`: while the month's budget allows. */
	readonly links: boolean | "auto";
	/** What becomes of posts whose articles change; what is usual for its kind without it. */
	readonly corrections?: CorrectionPolicy;
}

export interface PublishParts {
	readonly ledger: Ledger;
	readonly lanes: ReadonlyMap<string, Lane>;
	readonly clock: Clock;
	readonly log: Log;
	readonly admins: Admins;
	/** Budget and prices, for channels that bill. */
	readonly money?: MoneySettings;
	/** Where a backlog is asked about when somebody can answer. */
	readonly holds?: Pick<ReturnType<typeof holds>, "open">;
	/** Without it posts are words alone. */
	readonly pictures?: Pictures;
	/** Whether an article still stands on its site; true when nobody can tell. */
	readonly stands?: (article: Article, signal: AbortSignal) => Promise<boolean>;
	/** Of quiet hours; UTC without it. */
	readonly timeZone?: string;
}

/**
 * Brings what the ledger has planned to the channels, one delivery at a time per channel, in the ledger's order.
 * The intent is durable before the call and the result after it; what the answer means is decided by `advance` alone.
 */
export function publisher(parts: PublishParts) {
	const { ledger, lanes, clock, log, admins, holds, pictures, money = { prices: [] } } = parts;
	const { park, unpark, putAside, settleIn } = parking({
		ledger,
		clock,
		log,
		admins,
		happens,
		...(holds ? { holds } : {}),
	});
	const wallet = purse({ ledger, clock, admins }, money);
	const { booking, costOf, rest, look: payLook } = wallet;
	const { digestOf, isSilent, waitsUntil, passedOver } = timing({ ledger, clock, timeZone: parts.timeZone ?? "UTC" });
	const { compose, composed } = composing({ ledger, admins, money: wallet, pictures, digestOf });
	const { take, mend } = corrections({ ledger, clock, log, admins, compose: composed, pictures, money: wallet });
	const due = waits();
	const laneOf = (name: string): Lane => {
		const lane = lanes.get(name);
		if (!lane) throw new Error(`no channel is named «${name}»`);
		return lane;
	};

	async function happens(
		delivery: Delivery,
		event: Event,
		also: Parameters<Ledger["record"]>[2] = {},
	): Promise<Delivery> {
		const next = advance(delivery, event, clock.now(), laneOf(delivery.channel).policy);
		const kept = answered(next, clock.now());
		await ledger.record(delivery, kept, { ...also, money: booking(delivery, event, next) });
		const { post } = delivery.intent ?? {};
		if (post?.pictures && (shelf(next) !== "open" || !next.intent?.post.pictures)) await pictures?.drop(post);
		return kept;
	}

	/** What admins decided since the last run. A decision that no longer fits the delivery's state is dropped. */
	async function carryOut(name: string): Promise<void> {
		for await (const [id, decision] of ledger.decisions(name)) {
			const fields = { channel: name, article: id, decision: decision.do, by: decision.by };
			const delivery = await ledger.delivery(name, id);
			let next: Delivery | undefined;
			try {
				next = delivery && advance(delivery, eventOf(decision), clock.now(), laneOf(name).policy);
			} catch (error) {
				log.warn({ ...fields, error: String(error) }, "decision does not fit any more");
			}
			if (!delivery || !next) {
				await ledger.dismiss(name, id);
				continue;
			}
			await ledger.record(delivery, answered(next, clock.now()), { decided: true });
			log.info(fields, "decision carried out");
		}
	}

	/** After a lost answer: look, and let the policy decide where looking cannot. */
	async function look(lane: Lane, delivery: Delivery, intent: Intent, signal: AbortSignal): Promise<void> {
		const { channel } = lane;
		let event: Event;
		try {
			const found = await payLook(channel, (billed) => channel.find(intent.post, intent, signal, billed));
			event =
				found === "absent"
					? { type: "absent" }
					: found === "cannot-tell"
						? { type: "cannot-tell" }
						: { type: "sent", receipt: found };
		} catch (error) {
			if (signal.aborted) return;
			log.warn(
				{ channel: channel.name, article: delivery.id, error: String(error) },
				"looking for a post whose answer was lost failed",
			);
			event = { type: "look-failed" };
		}
		// A request whose answer was lost may have arrived long after it was given up, and the platform counts from there.
		const pace = [...(await ledger.pace(channel.name)).slice(0, -1), clock.now().getTime()];
		const next = await happens(
			delivery,
			event,
			event.type === "sent" ? { last: lastId(event.receipt), pace } : { pace },
		);
		log.info(
			{ channel: channel.name, article: delivery.id, look: event.type, state: next.state },
			"looked for a post whose answer was lost",
		);
		await tell(next);
	}

	const tell = (delivery: Delivery) => tellAdmins(admins, (name) => laneOf(name).policy, delivery);
	const learn = faults({ ledger, log, happens, park, tell });

	/** Whether its newsroom took an article back while it waited. What was begun goes on: followers may have it already. */
	async function retracted(delivery: Delivery, signal: AbortSignal): Promise<boolean> {
		if (!parts.stands || delivery.intent) return false;
		const known = await ledger.article(delivery.id);
		return known?.vanished !== undefined && !(await parts.stands(known.article, signal));
	}

	async function send(
		lane: Lane,
		delivery: Delivery,
		record: ChannelRecord,
		pace: readonly number[],
		signal: AbortSignal,
	): Promise<void> {
		const { channel } = lane;
		let post: Post;
		try {
			post = await compose(lane, delivery, isSilent(lane, delivery, record), signal);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			const next = await happens(delivery, { type: "unpublishable", reason });
			log.error({ channel: channel.name, article: delivery.id, reason }, "no post could be made of it");
			return tell(next);
		}
		// Who stops while a picture is fetched has not begun the post: it gets its picture after the next start.
		if (signal.aborted && pictures) return;
		if (channel.preview) {
			await channel.send(post);
			await happens(delivery, { type: "preview" }, { gathered: gathers(lane) });
			return;
		}
		const cost = await costOf(channel, post);
		if (cost === "full") {
			const { reason, ...until } = rest();
			return park(channel.name, reason, { ...until, unpaid: true });
		}
		const now = clock.now();
		const hash = createHash("sha256").update(JSON.stringify(post)).digest("hex");
		const intent: Intent = {
			attempt: delivery.attempts + 1,
			at: now.toISOString(),
			hash,
			post,
			...(record.last === undefined ? {} : { baseline: record.last }),
			...(cost ? { cost } : {}),
		};
		const messages = channel.kind === "telegram" ? Math.max(1, post.pictures?.length ?? 1) : 1;
		const begun = paced(pace, lane.pace, now, messages);
		const sending = await happens(delivery, { type: "claim", intent }, { pace: begun });
		// The platform counts when the request arrives, which is at the latest when its answer is here.
		const ended = () => ({ pace: [...begun.slice(0, -1), clock.now().getTime()] });
		let receipt: Receipt;
		try {
			if (lane.owns?.() === false)
				throw new SendError("later", "this process does not own the channel's lane any more");
			receipt = await channel.send(post);
		} catch (error) {
			return learn(sending, error, ended());
		}
		await happens(sending, { type: "sent", receipt }, { last: lastId(receipt), ...ended() });
		log.info(
			{ channel: channel.name, article: delivery.id, post: receipt.id, ms: clock.now().getTime() - now.getTime() },
			"sent",
		);
		await channel.follow?.(post, receipt);
		await unpark(channel.name, record);
	}

	/** Nothing can be posted before `until`: what is out is corrected meanwhile, one post in a run, so that what is new comes first again. */
	async function meanwhile(lane: Lane, signal: AbortSignal, until?: Date): Promise<Again> {
		const next = await mend(lane, signal);
		if (next === "worked") return { again: clock.now() };
		const again = next && (!until || next < until) ? next : until;
		return again ? { again } : "done";
	}

	return {
		/** Takes up what is remembered of a channel at a start; tells the admins what an earlier life died before telling. */
		async settleIn(name: string, place: string): Promise<void> {
			await settleIn(name, place);
			const recent = new Date(clock.now().getTime() - ANSWER_WITHIN).toISOString();
			for (const shelf of ["unsure", "refused"] as const)
				for await (const delivery of ledger.shelf(shelf, name)) if (delivery.changedAt > recent) await tell(delivery);
		},

		/** Works off a channel's queue until it is empty, must wait, or the engine stops. */
		async run(name: string, signal: AbortSignal): Promise<Again> {
			const lane = laneOf(name);
			while (!signal.aborted && lane.owns?.() !== false) {
				await carryOut(name);
				await take(lane);
				const now = clock.now();
				const record = await ledger.channel(name);
				const rests = restsUntil(record, now);
				if (rests === "paused") return "done";
				const rested = rests ? due(name, rests, now) : now;
				if (rested > now) return { again: rested };
				if (record.parked?.resuming) {
					await putAside(name);
					continue;
				}
				const head = await ledger.head(name);
				if (!head) return meanwhile(lane, signal);
				if (head.state === "sending") {
					// Nobody else runs this lane, so whoever claimed it died before the answer was written down.
					const reason = "Mirsal stopped between the call and its answer";
					// The attempt of another process bears the time of another clock.
					const since = lane.owns ? {} : { since: head.intent?.at ?? head.changedAt };
					await happens(head, { type: "unknown", reason, ...since });
					continue;
				}
				const ripe = head.notBefore ? due(name, new Date(head.notBefore), now) : now;
				if (ripe > now) return meanwhile(lane, signal, ripe);
				if (head.state === "unsure") {
					if (!head.intent) throw new Error(`delivery ${name}/${head.id} is unsure but has no intent`);
					await look(lane, head, head.intent, signal);
					continue;
				}
				const passed = await passedOver(lane, head);
				if (passed) {
					await happens(head, { type: "skip", reason: passed.reason }, { gathered: passed.gathered });
					log.info({ channel: name, article: head.id, reason: passed.reason }, "not posted");
					continue;
				}
				const pace = await ledger.pace(name);
				const free = lane.channel.preview ? now : nextAt(pace, lane.pace, now);
				const wait = waitsUntil(lane, head, record, pace);
				if (wait === "told") return meanwhile(lane, signal);
				const first = wait && wait > free ? wait : free;
				if (first > now) return meanwhile(lane, signal, first);
				if (await retracted(head, signal)) {
					await happens(head, { type: "skip", reason: "retracted" });
					log.info({ channel: name, article: head.id }, "gone from its site before it was posted: not posted");
					continue;
				}
				if (signal.aborted) break;
				await send(lane, head, record, pace, signal);
			}
			return "done";
		},
	};
}

function eventOf(decision: Decision): Event {
	const { do: type, by, reason } = decision;
	if (type === "skip") return { type, reason: reason ?? `skipped by ${by}` };
	return type === "hold" ? { type, reason: `held by ${by}` } : { type };
}

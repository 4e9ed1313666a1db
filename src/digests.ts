import { dateIn, daysAfter, minutesIn, momentOn } from "./article/day-time.ts";
import { digestArticles } from "./digest-content.ts";
import { type Delivery, orderOf } from "./ledger/delivery.ts";
import type { PlannedDigest } from "./ledger/kept.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { DIGESTS } from "./ledger/restored.ts";
import type { Clock, Log } from "./ports.ts";

/** A digest that a channel posts every day. */
export interface DailyDigest {
	readonly channel: string;
	/** Tells it from the channel's others of the day. */
	readonly name: string;
	/** What followers know it by. */
	readonly title: string;
	/** Minutes since midnight on the newsroom's clocks. */
	readonly at: number;
	/** Articles at the most. */
	readonly most: number;
	/** From how long before articles are taken; without it, since the last digest. Milliseconds. */
	readonly since?: number;
}

export interface DigestParts {
	readonly ledger: Ledger;
	readonly digests: readonly DailyDigest[];
	readonly timeZone: string;
	readonly clock: Pick<Clock, "now">;
	readonly log: Log;
}

/** Later than this nobody wants a digest any more. Milliseconds. */
const LATE = 3 * 3_600_000;
/** Headlines of a digest that was asked for where none is planned. */
const MOST = 10;

/**
 * Plans the digests that are due and not recorded, so that a missed tick loses none, and neither a restart nor an hour that comes twice doubles one.
 * Which articles stand in it is settled when its channel's lane comes to it: behind everything that was published before it was due.
 */
export function digests({ ledger, digests: daily, timeZone, clock, log }: DigestParts) {
	/** What needs no look into the ledger any more. */
	const settled = new Set<string>();

	async function record(
		{ channel, name, title, most, since }: Omit<DailyDigest, "at">,
		due: Date,
		date: string,
		reason?: string,
	): Promise<boolean> {
		const id = idOf(channel, date, name);
		const [now, at] = [clock.now().toISOString(), due.toISOString()];
		const delivery: Delivery = {
			v: 1,
			channel,
			id,
			kind: "digest",
			order: orderOf("digest", at, "digest"),
			state: reason === undefined ? "planned" : "skipped",
			plannedAt: now,
			changedAt: now,
			attempts: 0,
			...(reason === undefined ? {} : { reason }),
		};
		const digest: PlannedDigest = { v: 1, title, at, most, ...(since === undefined ? {} : { since }) };
		const fresh = await ledger.planDigest(digest, delivery);
		if (fresh && reason === undefined) log.info({ channel, digest: id, due: at }, "digest planned");
		if (fresh && reason !== undefined) log.warn({ channel, digest: id, due: at, reason }, "digest not posted");
		return fresh;
	}

	/** Why a digest that was due is not posted; nothing when it is, and `unknown` where nobody waited for it. */
	async function lost(channel: string, due: Date): Promise<string | undefined> {
		const doubt = await ledger.kept<{ readonly lostUntil?: string }>(DIGESTS);
		if (due.toISOString() <= (doubt?.lostUntil ?? "")) return "may have been posted before the ledger was lost";
		if (clock.now().getTime() - due.getTime() <= LATE) return undefined;
		// One that was only just written into newsroom.yaml is missed by nobody.
		return (await ledger.channel(channel)).digested === undefined
			? "unknown"
			: "Mirsal was not running when it was due";
	}

	return {
		/** Plans what is due; gives the channels that got something to post. */
		async plan(): Promise<ReadonlySet<string>> {
			const channels = new Set<string>();
			const now = clock.now();
			const today = dateIn(timeZone, now);
			for (const one of daily)
				for (const date of [daysAfter(today, -1), today]) {
					const id = idOf(one.channel, date, one.name);
					if (settled.has(id)) continue;
					const due = momentOn(date, one.at, timeZone);
					if (due > now) continue;
					if (!(await ledger.digest(id))) {
						const reason = await lost(one.channel, due);
						if (reason !== "unknown" && (await record(one, due, date, reason)) && reason === undefined)
							channels.add(one.channel);
					}
					settled.add(id);
				}
			return channels;
		},

		/** Plans a digest of what a channel was sent since its last one, for an admin; gives its articles, none when there is nothing to tell. `gathers`: the channel posts digests alone. */
		async now(channel: string, gathers: boolean): Promise<number> {
			const due = clock.now();
			const minutes = minutesIn(timeZone, due);
			const like = daily.filter((one) => one.channel === channel);
			const near = like.toSorted((left, right) => Math.abs(left.at - minutes) - Math.abs(right.at - minutes))[0];
			const { title, most } = near ?? { title: "نشرة الأخبار", most: MOST };
			const plan: PlannedDigest = { v: 1, title, at: due.toISOString(), most };
			const { length } = await digestArticles(ledger, channel, plan, { gathers, now: due });
			if (length === 0) return 0;
			await record({ channel, title, most, name: `now-${minutes}` }, due, dateIn(timeZone, due));
			return length;
		},
	};
}

const idOf = (channel: string, date: string, name: string): string => `digest:${channel}:${date}:${name}`;

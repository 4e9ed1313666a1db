import { mannerOf, type QuietHours, quietNow } from "./article/quiet.ts";
import type { Channel } from "./channels/channel.ts";
import { digestArticles, EMPTY, GATHERED } from "./digest-content.ts";
import type { Delivery } from "./ledger/delivery.ts";
import type { ChannelRecord, Ledger } from "./ledger/ledger.ts";
import { gapEnds, type PaceRecord } from "./ledger/pace.ts";
import type { Clock } from "./ports.ts";

/** A newsroom's wishes for the times of a channel. */
export interface LaneTimes {
	readonly quiet?: QuietHours;
	/** The least time between two posts, breaking news apart. Milliseconds. */
	readonly gap?: number;
	/** Whether digests are posted there: alone, so that single articles are kept for them, or besides. */
	readonly digests?: "only" | "too";
}

type TimedLane = LaneTimes & { readonly channel: Pick<Channel, "name" | "preview"> };

/** Whether what a digest of this channel tells of is gathered for it, because nothing else is sent there. */
export function gathers({ channel, digests }: TimedLane): boolean {
	return digests === "only" || (digests === "too" && channel.preview);
}

/** When, how and whether the next delivery of a channel goes out, by the newsroom's wishes for its times. */
export function timing({
	ledger,
	clock,
	timeZone,
}: {
	readonly ledger: Pick<Ledger, "article" | "channel" | "delivery" | "digest">;
	readonly clock: Pick<Clock, "now">;
	readonly timeZone: string;
}) {
	/** How a channel's quiet treats a delivery, and the quiet's end. */
	function hush({ quiet: hours }: TimedLane, { kind }: Delivery, { quiet: word }: ChannelRecord) {
		const quiet = quietNow(clock.now(), timeZone, hours, word);
		return { manner: mannerOf(quiet, { breaking: kind === "breaking" }), until: quiet?.until };
	}

	/** What a digest's post shows, as far as it is known now. */
	async function digestOf(lane: TimedLane, { id, channel }: Pick<Delivery, "id" | "channel">) {
		const digest = await ledger.digest(id);
		if (!digest) throw new Error(`the ledger has no digest ${id}`);
		const articles = await digestArticles(ledger, channel, digest, { gathers: gathers(lane), now: clock.now() });
		return { kind: "digest", name: digest.title, at: digest.at, articles } as const;
	}

	return {
		digestOf,

		isSilent: (lane: TimedLane, delivery: Delivery, record: ChannelRecord): boolean =>
			hush(lane, delivery, record).manner === "silent",

		/** Until when a delivery waits for the end of quiet hours or of the gap behind the last post; `told` until the admins say otherwise, undefined when it may go. Previews wait for nothing. */
		waitsUntil(
			lane: TimedLane,
			delivery: Delivery,
			record: ChannelRecord,
			pace: PaceRecord,
		): Date | "told" | undefined {
			if (lane.channel.preview) return undefined;
			const { manner, until } = hush(lane, delivery, record);
			if (manner === "hold") return until ?? "told";
			if (lane.gap === undefined || delivery.kind === "breaking") return undefined;
			const now = clock.now();
			const ends = gapEnds(pace, lane.gap, now);
			return ends > now ? ends : undefined;
		},

		/** Why a delivery that has not been begun is not posted: it is kept for the digest, or it is a digest of nothing. */
		async passedOver(
			lane: TimedLane,
			delivery: Delivery,
		): Promise<{ readonly reason: string; readonly gathered: boolean } | undefined> {
			if (delivery.kind !== "digest") return lane.digests === "only" ? { reason: GATHERED, gathered: true } : undefined;
			if (delivery.intent || (await digestOf(lane, delivery)).articles.length > 0) return undefined;
			return { reason: EMPTY, gathered: false };
		},
	};
}

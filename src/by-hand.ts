import type { Article } from "./article/article.ts";
import { aliasesOf, titleAlias } from "./article/identity.ts";
import { type Delivery, orderOf } from "./ledger/delivery.ts";
import type { Known, Ledger } from "./ledger/ledger.ts";

/** An article that was read because somebody asked for it. */
export interface Read {
	readonly article: Article;
	readonly kind: "article" | "breaking";
	readonly removed: Known["removed"];
}

/** What became of the wish to post an article: on its way · posted before · under way before · looked for after a lost answer · not planned for this channel. */
export type HandOutcome = "planned" | "sent" | "queued" | "looking" | "unplanned";

export interface HandPosted {
	readonly article: Article;
	readonly channels: readonly { readonly name: string; readonly outcome: HandOutcome }[];
}

/** An address that shows no article, or more than one; `count` says how many. */
export class NotOneArticle extends Error {
	override readonly name = "NotOneArticle";
	readonly count: number;
	constructor(count: number) {
		super(count === 0 ? "there is no article at this address" : `there are ${count} articles at this address`);
		this.count = count;
	}
}

/** Posts what somebody names by its address: a known article again, another one for the first time. */
export function byHand({
	ledger,
	channels,
	read,
	day,
	now,
}: {
	readonly ledger: Ledger;
	/** Names of all channels. */
	readonly channels: readonly string[];
	/** Reads an address; throws SourceError. */
	readonly read: (address: string) => Promise<readonly Read[]>;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	readonly day: (time: Date) => string;
	readonly now: () => Date;
}) {
	/** The article at an address, known or read now, planned for the wanted channels alone when it is new. */
	async function found(
		address: string,
		wanted: readonly string[],
		kind: "article" | "breaking",
		by: string,
	): Promise<{ readonly article: Article; readonly fresh: boolean }> {
		const named = aliasesOf({ url: address, source: "" }, { trustGuid: false });
		const knownAs = async (aliases: readonly string[]) => {
			const id = await ledger.idOf(aliases);
			return id === undefined ? undefined : (await ledger.article(id))?.article;
		};
		const known = await knownAs(named);
		if (known) return { article: known, fresh: false };
		const readings = await read(address);
		const [reading] = readings;
		if (!reading || readings.length > 1) throw new NotOneArticle(readings.length);
		const { article, removed } = reading;
		const own = aliasesOf({ url: article.url, source: article.source }, { trustGuid: false });
		const moment = now().toISOString();
		const weak = titleAlias(article, day(new Date(article.publishedAt ?? moment)));
		const free = weak !== undefined && (await ledger.idOf([weak])) === undefined;
		const deliveries = channels.map(
			(channel): Delivery => ({
				v: 1,
				channel,
				id: article.id,
				kind,
				order: orderOf(kind, moment, "0"),
				plannedAt: moment,
				changedAt: moment,
				attempts: 0,
				...(wanted.includes(channel)
					? { state: "planned" as const }
					: { state: "skipped" as const, reason: `left out by ${by}` }),
			}),
		);
		const aliases = [...new Set([...named, ...own, ...(free ? [weak] : [])])];
		if (await ledger.plan({ v: 1, article, foundAt: moment, removed }, aliases, deliveries))
			return { article, fresh: true };
		// Its source was faster, or it goes by another address.
		return { article: (await knownAs(own)) ?? article, fresh: false };
	}

	async function again(channel: string, id: string, kind: "article" | "breaking", by: string): Promise<HandOutcome> {
		const delivery = await ledger.delivery(channel, id);
		if (!delivery) return "unplanned";
		const { state, closed } = delivery;
		if (state === "sent") return "sent";
		// Sent again while the lane still looks for it, it could stand there twice.
		if (state === "sending" || (state === "unsure" && !closed)) return "looking";
		const waits = state === "planned" || state === "waiting";
		if (waits && kind === "article") return "queued";
		const does = kind === "breaking" && state !== "unsure" ? "breaking" : "retry";
		await ledger.decide(channel, id, { v: 1, do: does, by, at: now().toISOString() });
		return "planned";
	}

	return {
		/** Throws NotOneArticle, SourceError, and TypeError for what is no address. */
		async post(
			address: string,
			wish: { readonly channels: readonly string[]; readonly kind: "article" | "breaking"; readonly by: string },
		): Promise<HandPosted> {
			const { article, fresh } = await found(address, wish.channels, wish.kind, wish.by);
			const outcomes: { name: string; outcome: HandOutcome }[] = [];
			for (const name of wish.channels)
				outcomes.push({ name, outcome: fresh ? "planned" : await again(name, article.id, wish.kind, wish.by) });
			return { article, channels: outcomes };
		},
	};
}

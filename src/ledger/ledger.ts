import { booked, type Entry, type Micros, type Month, sumOf } from "./budget.ts";
import { openChanges } from "./changes.ts";
import { openCounts } from "./counts.ts";
import { type Delivery, type shelf, shelfKey } from "./delivery.ts";
import { digestPlans } from "./digest-plans.ts";
import type {
	Audit,
	Change,
	ChannelRecord,
	Counts,
	Decision,
	Hold,
	Incident,
	Known,
	SourceRecord,
	Told,
} from "./kept.ts";
import { openNotes } from "./notes.ts";
import type { PaceRecord } from "./pace.ts";
import { remembered } from "./remembered.ts";
import { type KeptArticle, type KeptDelivery, wholeArticle, wholeDelivery } from "./shrink.ts";
import type { Batch, Json, Store } from "./store.ts";

export type { Audit, Change, ChannelRecord, Counts, Decision, Hold, Incident, Known, SourceRecord, Told };

export type Shelf = NonNullable<ReturnType<typeof shelf>>;

/** Everything Mirsal remembers. Every change is one atomic, durable write; a method that changes something shared tries again when somebody else was faster. */
export type Ledger = ReturnType<typeof openLedger>;

const monthKey = (month: string) => `budget:twitter:${month}`;
const keyOf = (delivery: Delivery) => `delivery:${delivery.channel}:${delivery.id}`;
// The one place where the ledger's JSON and our types meet: what is read was written by the types below.
const json = (value: unknown): Json => value as Json;

/** What the ledger is opened with. */
export interface LedgerOptions {
	readonly now: () => Date;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	readonly day: (time: Date) => string;
	/** Takes secrets out of a text. */
	readonly redact?: (text: string) => string;
	/** What must still stand for a lane's write, on a store that others share: its lease. Throws when the lane is somebody else's. */
	readonly fence?: (channel: string) => Promise<NonNullable<Batch["expect"]>[number]>;
	/** Called when a source's first readable list has been taken and stands in the ledger. */
	readonly visited?: () => void;
}

export function openLedger(store: Store, options: LedgerOptions) {
	const { redact = (text: string) => text } = options;
	/** As it is kept: the words of sites and platforms without any secret that they may have echoed. */
	const clean = (value: unknown): Json => {
		const text = JSON.stringify(value);
		if (!/"(?:reason|message)":"/.test(text)) return JSON.parse(text) as Json;
		return JSON.parse(text, (key, part) =>
			(key === "reason" || key === "message") && typeof part === "string" ? redact(part) : part,
		) as Json;
	};
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;

	/** Writes what `build` makes of the present state of things, again when the state moved on in between. */
	async function change(build: () => Promise<Batch | undefined>): Promise<boolean> {
		for (let turn = 0; turn < 100; turn++) {
			const batch = await build();
			if (!batch) return false;
			if (await store.write(batch)) return true;
		}
		throw new Error("the ledger changed under a write a hundred times in a row: two programs fight over it");
	}

	async function updateRecord<T extends { readonly v: 1 }>(
		key: string,
		update: (before: T | undefined) => T,
	): Promise<T> {
		let result: T | undefined;
		await change(async () => {
			const before = await read<T>(key);
			result = update(before);
			return { set: [[key, clean(result)]], expect: [[key, json(before)]] };
		});
		return result as T;
	}

	async function article(id: string): Promise<Known | undefined> {
		const kept = await read<KeptArticle>(`article:${id}`);
		return kept && wholeArticle(id, kept);
	}

	async function delivery(channel: string, id: string): Promise<Delivery | undefined> {
		const kept = await read<KeptDelivery>(`delivery:${channel}:${id}`);
		return kept && wholeDelivery(channel, id, kept);
	}

	async function* listed(name: Shelf, channel: string, limit?: number): AsyncGenerator<Delivery> {
		const prefix = `${name}:${channel}:`;
		for await (const [, id] of store.list(prefix, limit === undefined ? {} : { limit })) {
			const found = await delivery(channel, String(id));
			if (found) yield found;
		}
	}

	const changes = openChanges(store, { change });
	const { tally, ...counts } = openCounts(store, options);

	return {
		...openNotes(store, { now: options.now, redact, change }),
		...digestPlans(store, { change, tally }),
		...changes,
		...counts,

		/** The id of the article that goes by one of these aliases, if one is known. */
		async idOf(aliases: readonly string[]): Promise<string | undefined> {
			for (const alias of aliases) {
				const id = await read<string>(`alias:${alias}`);
				if (id !== undefined) return id;
			}
			return undefined;
		},

		article,
		delivery,

		/** Remembers a new article, its aliases and its deliveries in one write; false when the article (or an alias of it) is known already. */
		async plan(known: Known, aliases: readonly string[], deliveries: readonly Delivery[]): Promise<boolean> {
			const { id } = known.article;
			const mine = [`article:${id}`, ...aliases.map((alias) => `alias:${alias}`)];
			return change(async () => {
				for (const key of mine) if ((await read(key)) !== undefined) return undefined;
				const set: [string, Json][] = [[`article:${id}`, json(known)]];
				const expect: [string, Json | undefined][] = mine.map((key) => [key, undefined]);
				for (const alias of aliases) set.push([`alias:${alias}`, id]);
				const { title, source, publishedAt } = known.article;
				if (title !== "" && deliveries.some(({ state }) => state !== "skipped"))
					set.push([`story:${known.foundAt}:${id}`, { id, title, source, at: publishedAt ?? known.foundAt }]);
				for (const delivery of deliveries) {
					set.push([keyOf(delivery), json(delivery)]);
					const place = shelfKey(delivery);
					if (place) set.push([place, id]);
				}
				const stats = await tally(deliveries);
				set.push(...stats.set);
				expect.push(...stats.expect);
				return { set, expect };
			});
		},

		/** Lets another address or guid of a known article lead to it from now on. */
		async alias(id: string, aliases: readonly string[]): Promise<void> {
			await change(async () => {
				const fresh: string[] = [];
				for (const alias of aliases) if ((await read(`alias:${alias}`)) === undefined) fresh.push(`alias:${alias}`);
				return fresh.length === 0
					? undefined
					: {
							set: fresh.map((key) => [key, id] as const),
							expect: fresh.map((key) => [key, undefined] as const),
						};
			});
		},

		/** Headlines that were planned after the story with the key `after`, in the order in which they were found, each with its key. */
		async *stories(after?: string): AsyncGenerator<readonly [key: string, Told]> {
			for await (const [key, told] of store.list("story:", after === undefined ? {} : { after }))
				yield [key, told as unknown as Told];
		},
		/** Forgets headlines that are too old to be compared. */
		async forgetStories(keys: readonly string[]): Promise<void> {
			if (keys.length > 0) await store.write({ del: keys });
		},

		/** The channel's next delivery: breaking first, then by publication time. */
		async head(channel: string): Promise<Delivery | undefined> {
			for await (const delivery of listed("open", channel, 1)) return delivery;
			return undefined;
		},

		/** Deliveries of a channel that wait: in its queue, for an admin, refused, or unsure for good. */
		shelf: listed,

		async size(name: Shelf, channel: string): Promise<number> {
			let size = 0;
			for await (const _ of store.list(`${name}:${channel}:`)) size++;
			return size;
		},

		/** Replaces a delivery by what became of it, with its place on the shelves, the counts and, when given, the channel's pace, in one write. Throws when it is no longer as `before`. */
		async record(
			before: Delivery,
			after: Delivery,
			also: {
				readonly pace?: PaceRecord;
				readonly last?: string;
				readonly decided?: boolean;
				/** The channel has it for its next digest. */
				readonly gathered?: boolean;
				/** The change of its article that is taken up with it. */
				readonly change?: Change;
				/** Booked in the same write, or taken back; a booking that brings the month above the limit throws. */
				readonly money?: { readonly entry: Entry; readonly sign: 1 | -1; readonly limit: Micros } | undefined;
			} = {},
		): Promise<void> {
			const { channel, id } = after;
			const written = await change(async () => {
				const current = await read<KeptDelivery>(keyOf(before));
				if (!current || current.changedAt !== before.changedAt || current.state !== before.state) return undefined;
				// One article counts once: an answer to its post, the same post again or one that stands again is no other.
				const counted =
					before.root !== undefined || before.state === "removed" || (after.again && after.state === "sent");
				const stats = await tally(before.state === after.state || counted ? [] : [after]);
				const set: [string, Json][] = [[keyOf(after), clean(after)], ...stats.set];
				const expect: NonNullable<Batch["expect"]>[number][] = [[keyOf(before), json(current)], ...stats.expect];
				if (options.fence) expect.push(await options.fence(channel));
				const del: string[] = [];
				const [left, place] = [shelfKey(before), shelfKey(after)];
				if (left && left !== place) del.push(left);
				if (place) set.push([place, id]);
				if (also.decided) del.push(`decision:${channel}:${id}`);
				if (also.change) {
					const taken = await changes.taken(channel, id, also.change);
					del.push(...taken.del);
					expect.push(...taken.expect);
				}
				if (also.money) {
					const { entry, sign, limit } = also.money;
					const key = monthKey(entry.day.slice(0, 7));
					const old = await read<Month>(key);
					const month = booked(old, entry, sign);
					if (sign === 1 && sumOf(month).spent > limit) throw new Error("the month's budget was spent by another call");
					set.push([key, json(month)]);
					expect.push([key, json(old)]);
				}
				if (also.pace) set.push([`pace:${channel}`, json(also.pace)]);
				if ((after.state === "sent" && before.state !== "removed") || also.gathered) {
					const old = await read<ChannelRecord>(`channel:${channel}`);
					const news = remembered(old, before, after, also);
					if (news) {
						set.push([`channel:${channel}`, json(news)]);
						expect.push([`channel:${channel}`, json(old)]);
					}
				}
				return { set, del, expect };
			});
			if (!written)
				throw new Error(
					`delivery ${channel}/${id} was changed by somebody else: this process does not own its lane any more`,
				);
		},

		pace: async (channel: string): Promise<PaceRecord> => (await read<PaceRecord>(`pace:${channel}`)) ?? [],

		channel: async (name: string): Promise<ChannelRecord> =>
			(await read<ChannelRecord>(`channel:${name}`)) ?? { v: 1, recent: [] },
		updateChannel: (name: string, update: (before: ChannelRecord) => ChannelRecord): Promise<ChannelRecord> =>
			updateRecord<ChannelRecord>(`channel:${name}`, (before) => update(before ?? { v: 1, recent: [] })),

		/** What a calendar month (UTC, as 2026-11) has cost. */
		money: (month: string) => read<Month>(monthKey(month)),
		updateMoney: (month: string, update: (before: Month | undefined) => Month): Promise<Month> =>
			updateRecord<Month>(monthKey(month), update),

		source: (name: string) => read<SourceRecord>(`cursor:${name}`),
		async updateSource(
			name: string,
			update: (before: SourceRecord | undefined) => SourceRecord,
		): Promise<SourceRecord> {
			const record = await updateRecord(`cursor:${name}`, update);
			if (record.firstVisit !== undefined) options.visited?.();
			return record;
		},

		close: () => store.close(),
	};
}

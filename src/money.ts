import type { Channel } from "./channels/channel.ts";
import {
	affordsLink,
	type Bill,
	booked,
	costOf,
	dayOf,
	dollars,
	type Entry,
	entryOf,
	forecast,
	type Micros,
	monthEnd,
	monthOf,
	type PriceChange,
	pricesOn,
	sumOf,
} from "./ledger/budget.ts";
import type { Delivery, Event } from "./ledger/delivery.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock } from "./ports.ts";
import type { Post } from "./post/post.ts";

/** What the newsroom says about money. */
export interface MoneySettings {
	/** The most that all Twitter channels together may cost in a calendar month, UTC. */
	readonly budget?: Micros;
	/** The newsroom's own prices, over those of X's list. */
	readonly prices: readonly PriceChange[];
}

/** What a month has cost, in dollars. */
export interface Cost {
	/** As 2026-11, UTC. */
	readonly month: string;
	readonly usd: number;
	readonly budget?: number;
	/** What the month will come to at the last seven days' pace. */
	readonly forecast: number;
	readonly posts: number;
	/** Posts with an address in them. */
	readonly linked: number;
	/** Absent before the month's first post. */
	readonly perPost?: number;
}

/** Admins are told at this part of the budget, in hundredths. */
const WARN_AT = 80;
/** A post is begun only where this many looks after a lost answer can be paid as well. */
const LOOKS = 2;

/** The budget does not allow this call. */
export class BudgetError extends Error {
	override readonly name = "BudgetError";
}

/** What happens to the books with an event: a claim reserves, and what was surely not sent is released; unsure counts as spent. */
function bookingOf(
	before: Delivery,
	event: Event,
	after: Delivery,
): { readonly entry: Entry; readonly sign: 1 | -1 } | undefined {
	if (event.type === "claim") return event.intent.cost && { entry: event.intent.cost, sign: 1 };
	const entry = before.intent?.cost;
	const unsent =
		event.type === "later" ||
		event.type === "parked" ||
		(event.type === "refused" && after.state !== "sent") ||
		(event.type === "absent" && after.state === "planned");
	return entry && unsent ? { entry: { ...entry, spent: entry.spent - (entry.kept ?? 0) }, sign: -1 } : undefined;
}

/** This month's books and the last one's. */
async function booksOf(ledger: Ledger, now: Date) {
	const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
	return [await ledger.money(monthOf(now)), await ledger.money(monthOf(before))] as const;
}

/** What the month cost so far and will come to. */
export async function costSoFar(ledger: Ledger, { budget }: Pick<MoneySettings, "budget">, now: Date): Promise<Cost> {
	const months = await booksOf(ledger, now);
	const { spent, posts, linked } = sumOf(months[0]);
	return {
		month: monthOf(now),
		usd: spent / 1e6,
		...(budget === undefined ? {} : { budget: budget / 1e6 }),
		forecast: forecast(months, now) / 1e6,
		posts,
		linked,
		...(posts === 0 ? {} : { perPost: Math.round(spent / posts) / 1e6 }),
	};
}

/** Pays for calls out of the month's budget: each is booked before it is made. */
export function purse(
	{
		ledger,
		clock,
		admins,
	}: { readonly ledger: Ledger; readonly clock: Pick<Clock, "now">; readonly admins?: Pick<Admins, "notify"> },
	{ budget, prices: own }: MoneySettings,
) {
	const limit = budget ?? Number.POSITIVE_INFINITY;
	const today = () => {
		const now = clock.now();
		return { now, day: dayOf(now), month: monthOf(now), prices: pricesOn(own, dayOf(now)) };
	};

	const book = (entry: Entry, sign: 1 | -1 = 1) =>
		ledger.updateMoney(entry.day.slice(0, 7), (month) => {
			const after = booked(month, entry, sign);
			// Somebody beside us may have spent meanwhile.
			if (sign === 1 && sumOf(after).spent > limit)
				throw new BudgetError("the month's budget does not allow this call");
			return after;
		});

	/** Tells once when most of the budget is spent; what was told of other months or budgets is over. */
	async function warn(spent: Micros, month: string): Promise<void> {
		if (budget === undefined || spent * 100 < budget * WARN_AT) return;
		const incident = `budget:${month}:${budget}`;
		for (const { incident: other } of await ledger.incidents())
			if (other.startsWith("budget:") && other !== incident) await ledger.closeIncident(other);
		const fields = { percent: WARN_AT, spent: dollars(spent), budget: dollars(budget), month };
		await admins?.notify({ sentence: "budgetMost", fields, incident });
	}

	/** A billed call: reserved at `most`, then booked as what it came to. One that failed without saying what it came to stays booked, for nobody knows. Throws BudgetError before the call. */
	async function pay<T>(most: Bill, call: (billed: (bill: Bill) => void) => Promise<T>): Promise<T> {
		const { day, prices } = today();
		const reserved = entryOf(most, prices, day);
		await book(reserved);
		let bill: Bill = most;
		try {
			return await call((actual) => {
				bill = actual;
			});
		} finally {
			const over = reserved.spent - costOf(bill, prices);
			if (over > 0) await book({ ...reserved, spent: over }, -1);
		}
	}

	return {
		/** What is booked in the same write as an event. */
		booking(...happened: Parameters<typeof bookingOf>) {
			const booking = bookingOf(...happened);
			return booking && { ...booking, limit };
		},

		/** Whether the next post of a channel with `auto` carries its link. */
		async affordsLink(channel: Channel, { kind }: Delivery): Promise<boolean> {
			if (!channel.bills || budget === undefined) return true;
			const { now, prices } = today();
			const months = await booksOf(ledger, now);
			const aside = LOOKS * costOf(channel.bills.look, prices);
			const room = limit - sumOf(months[0]).spent - aside;
			const waiting = await ledger.size("open", channel.name);
			return affordsLink({ months, now, prices, room, waiting, breaking: kind === "breaking" });
		},

		/** The post as it can be paid: its pictures are described where that leaves the words of every article expected this month paid for. */
		async affordable(channel: Channel, post: Post): Promise<Post> {
			if (!channel.bills || budget === undefined || !post.pictures) return post;
			const { now, prices } = today();
			const months = await booksOf(ledger, now);
			const room = limit - sumOf(months[0]).spent - LOOKS * costOf(channel.bills.look, prices);
			const words = post.addresses === 0 ? prices.post : prices.postWithLink;
			const described = {
				...prices,
				post: words,
				postWithLink: words + costOf({ altText: post.pictures.length }, prices),
			};
			const waiting = await ledger.size("open", channel.name);
			if (affordsLink({ months, now, prices: described, room, waiting, breaking: false })) return post;
			return { ...post, pictures: post.pictures.map(({ alt: _alt, ...picture }) => picture) };
		},

		/** The entry for a post; undefined where nothing is billed. `full` when the budget does not allow it together with `also`. */
		async costOf(channel: Channel, post: Post, also: Bill = {}): Promise<Entry | "full" | undefined> {
			if (!channel.bills) return undefined;
			const { day, month, prices } = today();
			const entry = entryOf(channel.bills.post(post), prices, day, post.kind);
			const spent = sumOf(await ledger.money(month)).spent + entry.spent;
			if (spent + LOOKS * costOf(channel.bills.look, prices) + costOf(also, prices) > limit) return "full";
			await warn(spent, month);
			return entry;
		},

		/** Until when a channel rests whose budget is spent, and in which words. */
		rest(): { readonly until: Date; readonly reason: string; readonly budget: string } {
			const sum = dollars(budget ?? 0);
			return { until: monthEnd(clock.now()), reason: `the month's budget of ${sum} dollars is spent`, budget: sum };
		},

		pay,

		/** Looks for a lost post, if that can be paid. */
		async look(
			{ bills }: Channel,
			find: (billed?: (bill: Bill) => void) => ReturnType<Channel["find"]>,
		): ReturnType<Channel["find"]> {
			if (!bills) return find();
			try {
				return await pay(bills.look, find);
			} catch (error) {
				if (error instanceof BudgetError) return "cannot-tell";
				throw error;
			}
		},
	};
}

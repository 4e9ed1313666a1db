import type { OccasionKind } from "../post/occasion.ts";

/** Millionths of a US dollar: sums stay whole numbers. */
export type Micros = number;

/** What X bills: a post without an address, one with an address, each post that is read back from one's own timeline, «who am I», a deletion, and the words for a picture. */
export const ACTIONS = ["post", "postWithLink", "read", "me", "delete", "altText"] as const;
export type Action = (typeof ACTIONS)[number];
export type Prices = Readonly<Record<Action, Micros>>;

/** How often each billed thing happens in one call. */
export type Bill = Readonly<Partial<Record<Action, number>>>;

/** Prices that hold from a day (UTC, as 2026-04-20) on, or always; what is not named stays as it was. */
export type PriceChange = Readonly<Partial<Record<Action, Micros>>> & { readonly from?: string };

/** X's pay-per-use prices (docs.x.com, “Pricing”); a single one holds for the time before it too. */
const LIST_PRICES: readonly (Prices & { readonly from: string })[] = [
	{ from: "2026-04-20", post: 15_000, postWithLink: 200_000, read: 1_000, me: 10_000, delete: 10_000, altText: 5_000 },
];

/** The money of one UTC day. */
export interface Day {
	readonly spent: Micros;
	readonly posts: number;
	/** Posts with an address in them. */
	readonly linked: number;
	readonly breaking: number;
	/** What addresses of ordinary posts cost beyond the posts themselves. */
	readonly extra: Micros;
}

/** One call as it is booked; `day` says where, so that taking it back never touches another month. */
export interface Entry extends Day {
	readonly day: string;
	/** The part that stays spent when the post itself surely did not go out: what had to be done before it. */
	readonly kept?: Micros;
}

/** What the ledger keeps of a calendar month in UTC. X counts its billed resources in UTC days (docs.x.com, “Pricing”, Deduplication) and tells no API client when its own billing cycle begins. */
export interface Month {
	readonly v: 1;
	readonly days: Readonly<Record<string, Day>>;
}

const DAY = 86_400_000;
const WEEK = 7;
/** Articles a day that are reckoned with before the first whole day is known. */
const GUESS = 60;
const NOTHING: Day = { spent: 0, posts: 0, linked: 0, breaking: 0, extra: 0 };
const FIELDS = Object.keys(NOTHING) as (keyof Day)[];

/** The millionths in a sum of dollars; undefined when it is no sum from 0 to a million, or finer than a millionth. */
export function microsOf(dollars: number): Micros | undefined {
	const micros = Math.round(dollars * 1e6);
	return dollars >= 0 && dollars <= 1e6 && Math.abs(micros - dollars * 1e6) < 1e-3 ? micros : undefined;
}

/** A sum for people, in dollars: two decimals, three where they say more. */
export function dollars(micros: Micros): string {
	return (micros / 1e6).toFixed(micros % 10_000 === 0 ? 2 : 3);
}

export const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
export const monthOf = (time: Date): string => time.toISOString().slice(0, 7);

/** The first moment of the next month, UTC. */
export function monthEnd(now: Date): Date {
	return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
}

/** The prices of a day (UTC): the newsroom's own word over the list. */
export function pricesOn(own: readonly PriceChange[], day: string): Prices {
	const [first] = LIST_PRICES;
	if (!first) throw new Error("there are no prices");
	const byDay = (changes: readonly PriceChange[]) =>
		changes
			.filter(({ from = "" }) => from <= day)
			.sort(({ from: a = "" }, { from: b = "" }) => (a < b ? -1 : a > b ? 1 : 0));
	const { from: _from, ...prices } = Object.assign({}, first, ...byDay(LIST_PRICES), ...byDay(own)) as Prices & {
		from?: string;
	};
	return prices;
}

/** What a call costs. */
export function costOf(bill: Bill, prices: Prices): Micros {
	return ACTIONS.reduce((sum, action) => sum + (bill[action] ?? 0) * prices[action], 0);
}

/** The entry for a call of a day; of a post when its kind is given. */
export function entryOf(bill: Bill, prices: Prices, day: string, kind?: OccasionKind): Entry {
	const entry = { ...NOTHING, day, spent: costOf(bill, prices) };
	if (kind === undefined) return entry;
	const linked = bill.postWithLink ?? 0;
	const breaking = kind === "breaking" ? 1 : 0;
	const extra = breaking ? 0 : Math.max(0, linked * (prices.postWithLink - prices.post));
	const kept = (bill.altText ?? 0) * prices.altText;
	return { ...entry, posts: 1, linked, breaking, extra, ...(kept > 0 ? { kept } : {}) };
}

/** The month with an entry booked, or taken back. */
export function booked(month: Month | undefined, { day, ...entry }: Entry, sign: 1 | -1 = 1): Month {
	const before = month?.days[day] ?? NOTHING;
	const after = Object.fromEntries(
		FIELDS.map((field) => [field, Math.max(0, before[field] + sign * entry[field])]),
	) as unknown as Day;
	return { v: 1, days: { ...month?.days, [day]: after } };
}

/** A month's sums. */
export function sumOf(month: Month | undefined): Day {
	return Object.values(month?.days ?? {}).reduce(
		(sum, day) => Object.fromEntries(FIELDS.map((field) => [field, sum[field] + day[field]])) as unknown as Day,
		NOTHING,
	);
}

/** What this month will come to at the pace of the last seven days; before the first whole day is over, at today's. */
export function forecast(months: readonly (Month | undefined)[], now: Date): Micros {
	const today = dayOf(now);
	const days = new Map(months.flatMap((month) => Object.entries(month?.days ?? {})));
	const spent = sumOf({ v: 1, days: Object.fromEntries([...days].filter(([day]) => day.startsWith(monthOf(now)))) });
	const first = [...days.keys()].sort()[0] ?? today;
	const known = Math.min(WEEK, (Date.parse(today) - Date.parse(first)) / DAY);
	const spentOn = (back: number) => days.get(dayOf(new Date(Date.parse(today) - back * DAY)))?.spent ?? 0;
	const week = Array.from({ length: known }, (_, index) => spentOn(index + 1)).reduce((sum, one) => sum + one, 0);
	const daily = known > 0 ? week / known : spentOn(0);
	const rest = known > 0 ? (monthEnd(now).getTime() - now.getTime()) / DAY : wholeDaysLeft(now);
	return Math.round(spent.spent + daily * rest);
}

const wholeDaysLeft = (now: Date): number => (monthEnd(now).getTime() - Date.parse(dayOf(now))) / DAY - 1;

/** The mean of the last seven days on which anything was posted: days on which the channel stood still say nothing of the newsroom's rhythm. With less than a week of history, the liveliest of its days. */
function rhythm(months: readonly (Month | undefined)[], today: string, what: "posts" | "breaking"): number | undefined {
	const days = months
		.flatMap((month) => Object.entries(month?.days ?? {}))
		.filter(([day, { posts }]) => day < today && posts > 0)
		.sort(([a], [b]) => (a < b ? 1 : -1))
		.slice(0, WEEK)
		.map(([, day]) => day[what]);
	if (days.length === 0) return undefined;
	return days.length < WEEK ? Math.max(...days) : days.reduce((sum, count) => sum + count, 0) / days.length;
}

/** What is asked of the budget. */
export interface Question {
	/** This month's record and the last one's. */
	readonly months: readonly (Month | undefined)[];
	readonly now: Date;
	readonly prices: Prices;
	/** Left of the budget, without what is put aside. */
	readonly room: Micros;
	/** Articles in the queue, the one in question among them. */
	readonly waiting: number;
	readonly breaking: boolean;
}

/**
 * Whether a post may carry its link: breaking news whenever it can be paid; others out of what is left when a post without a link is reserved for
 * every article expected until the month's end (and one with a link for breaking ones), spread evenly over the days left.
 */
export function affordsLink({ months, now, prices, room, waiting, breaking }: Question): boolean {
	const extra = prices.postWithLink - prices.post;
	if (prices.postWithLink > room) return false;
	if (breaking || extra <= 0) return true;
	const today = dayOf(now);
	const left = (monthEnd(now).getTime() - now.getTime()) / DAY;
	const expected = (rhythm(months, today, "posts") ?? GUESS) * left + waiting;
	const urgent = (rhythm(months, today, "breaking") ?? 0) * left;
	const spare = room - expected * prices.post - urgent * extra;
	const spentToday = months.reduce((sum, month) => sum + (month?.days[today]?.extra ?? 0), 0);
	const share = (spare + spentToday) / (wholeDaysLeft(now) + 1);
	return extra <= spare && spentToday + extra <= share;
}

import { describe, expect, test } from "vitest";
import {
	affordsLink,
	booked,
	costOf,
	dollars,
	entryOf,
	forecast,
	type Month,
	microsOf,
	monthEnd,
	pricesOn,
	type PriceChange,
	type Question,
	sumOf,
} from "../../src/ledger/budget.ts";

const prices = pricesOn([], "2026-11-01");

/** A month with the same posts on each of its first days. */
function month(days: number, posts: number, more: { readonly name?: string; readonly breaking?: number } = {}): Month {
	let record: Month = { v: 1, days: {} };
	for (let day = 1; day <= days; day++)
		for (let post = 0; post < posts; post++) {
			const kind = post < (more.breaking ?? 0) ? "breaking" : "article";
			record = booked(
				record,
				entryOf({ post: 1 }, prices, `${more.name ?? "2026-11"}-${String(day).padStart(2, "0")}`, kind),
			);
		}
	return record;
}

test.each<[string, number, number | undefined]>([
	["a thousandth and a half", 0.015, 15_000],
	["sums that floats cannot hold", 0.1 + 0.2, 300_000],
	["a round budget", 20, 20_000_000],
	["a millionth", 0.000001, 1],
	["finer than a millionth", 0.0000001, undefined],
	["less than nothing", -1, undefined],
	["more than anybody has", 2e6, undefined],
	["no number", Number.NaN, undefined],
])("%s in millionths", (_name, sum, expected) => expect(microsOf(sum)).toBe(expected));

test.each<[number, string]>([
	[20_000_000, "20.00"],
	[15_000, "0.015"],
	[1_210_000, "1.21"],
])("%i reads as %s", (micros, expected) => expect(dollars(micros)).toBe(expected));

test.each<[string, PriceChange[], string, number, number]>([
	["the list", [], "2026-11-24", 15_000, 200_000],
	["before the list began", [], "2026-01-01", 15_000, 200_000],
	["the newsroom's own word, always", [{ postWithLink: 250_000 }], "2026-11-24", 15_000, 250_000],
	["a rise that is not there yet", [{ from: "2026-12-01", post: 20_000 }], "2026-11-30", 15_000, 200_000],
	["a rise on its day", [{ from: "2026-12-01", post: 20_000 }], "2026-12-01", 20_000, 200_000],
	[
		"the latest of several, in whatever order",
		[{ from: "2026-12-01", post: 20_000 }, { from: "2026-11-01", post: 10_000, postWithLink: 1 }, { post: 5 }],
		"2026-12-02",
		20_000,
		1,
	],
])("prices: %s", (_name, own, day, post, postWithLink) =>
	expect(pricesOn(own, day)).toEqual({ post, postWithLink, read: 1_000, me: 10_000, delete: 10_000, altText: 5_000 }),
);

describe("booking", () => {
	test("what is booked stays booked at its price, whatever the prices become", () => {
		const before = booked(undefined, entryOf({ postWithLink: 1 }, prices, "2026-11-24", "article"));
		const dearer = pricesOn([{ postWithLink: 900_000 }], "2026-11-24");
		expect(sumOf(booked(before, entryOf({ post: 1 }, dearer, "2026-11-24", "article")))).toEqual({
			spent: 215_000,
			posts: 2,
			linked: 1,
			breaking: 0,
			extra: 185_000,
		});
	});

	test("taking back leaves nothing behind", () => {
		const entry = entryOf({ postWithLink: 1 }, prices, "2026-11-24", "breaking");
		expect(sumOf(booked(booked(undefined, entry), entry, -1))).toEqual(sumOf(undefined));
	});

	test("a call that is no post counts as money alone", () => {
		expect(entryOf({ read: 20, me: 1 }, prices, "2026-11-24")).toMatchObject({ spent: 30_000, posts: 0 });
		expect(costOf({ read: 3 }, prices)).toBe(3_000);
	});

	test("a thousand posts of 0.015 are exactly 15 dollars", () => {
		expect(dollars(sumOf(month(10, 100)).spent)).toBe("15.00");
	});
});

test.each<[string, string, string]>([
	["a month", "2026-11-24T10:00:00.000Z", "2026-12-01T00:00:00.000Z"],
	["the year's end", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"],
	["the very first moment", "2027-02-01T00:00:00.000Z", "2027-03-01T00:00:00.000Z"],
])("the end of %s", (_name, now, end) => expect(monthEnd(new Date(now)).toISOString()).toBe(end));

test.each<[string, readonly (Month | undefined)[], string, string]>([
	["nothing yet", [], "2026-11-10T00:00:00.000Z", "0.00"],
	["a steady pace", [month(10, 60)], "2026-11-11T00:00:00.000Z", "27.00"],
	["the last week counts, not the month", [month(14, 60)], "2026-11-22T00:00:00.000Z", "12.60"],
	[
		"the last month's end, at the beginning of this one",
		[month(30, 60, { name: "2026-10" }), undefined],
		"2026-11-01T00:00:00.000Z",
		// 31 October is missing: six days out of seven.
		"23.143",
	],
	["the first day of all stands for the others", [month(1, 10)], "2026-11-01T23:00:00.000Z", "4.50"],
])("forecast: %s", (_name, months, now, expected) => expect(dollars(forecast(months, new Date(now)))).toBe(expected));

describe("TWITTER_LINKS=auto", () => {
	const ask = (more: Partial<Question>) =>
		affordsLink({
			months: [],
			now: new Date("2026-11-15T00:00:00.000Z"),
			prices,
			room: 20_000_000,
			waiting: 1,
			breaking: false,
			...more,
		});
	test.each<[string, Partial<Question>, boolean]>([
		["without history sixty a day are reckoned with", { room: 14_000_000 }, false],
		["a budget beyond that carries links", { room: 40_000_000 }, true],
		["a quiet newsroom has links sooner", { months: [month(14, 5)], room: 6_000_000 }, true],
		["what the rest of the month needs is not touched", { months: [month(14, 60)], room: 14_500_000 }, false],
		[
			"a queue is paid for before a link",
			{ now: new Date("2026-11-30T23:00:00.000Z"), months: [month(29, 5)], room: 1_000_000, waiting: 60 },
			false,
		],
		[
			"the last hour gives away what is left",
			{ now: new Date("2026-11-30T23:00:00.000Z"), months: [month(29, 5)], room: 1_000_000, waiting: 1 },
			true,
		],
		["breaking news always", { months: [month(14, 60)], room: 300_000, breaking: true }, true],
		["but never beyond the budget", { months: [month(14, 60)], room: 199_999, breaking: true }, false],
		["breaking news to come is reckoned with", { months: [month(14, 5, { breaking: 5 })], room: 6_000_000 }, false],
		["days on which the channel stood still are not its rhythm", { months: [month(4, 90)], room: 20_000_000 }, false],
	])("%s", (_name, more, expected) => expect(ask(more)).toBe(expected));

	test("links are spread over the days: a day does not eat the next one's share", () => {
		let record = month(14, 5);
		let linked = 0;
		const now = new Date("2026-11-15T12:00:00.000Z");
		for (let post = 0; post < 50; post++) {
			if (!ask({ now, months: [record], room: 20_000_000 - sumOf(record).spent })) break;
			record = booked(record, entryOf({ postWithLink: 1 }, prices, "2026-11-15", "article"));
			linked++;
		}
		// About 17 dollars for 16 days, 0.185 each.
		expect(linked).toBe(5);
	});
});

import { describe, expect, test } from "vitest";
import type { Draft } from "../src/article/article.ts";
import { type FateRules, fatesOf } from "../src/fates.ts";
import type { SourceRecord } from "../src/ledger/ledger.ts";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const HOUR = 3_600_000;
const RULES: FateRules = {
	firstVisit: 0,
	maxAge: 24 * HOUR,
	floodLimit: 50,
	day: (time) => new Date(time.getTime() + 3 * HOUR).toISOString().slice(0, 10),
};
const at = (hours: number) => new Date(NOW.getTime() + hours * HOUR).toISOString();
const draft = (publishedAt?: string): Draft => ({
	url: "https://example.org/1",
	title: "خبر",
	tags: [],
	images: [],
	source: "feed",
	...(publishedAt === undefined ? {} : { publishedAt }),
});
const record = (more: Partial<SourceRecord> = {}): SourceRecord => ({
	v: 1,
	kind: "feed",
	cursor: {},
	firstVisit: at(-24 * 30),
	lastPoll: at(-0.1),
	lastArticle: at(-1),
	...more,
});
const states = (drafts: readonly Draft[], given: SourceRecord | undefined, rules: Partial<FateRules> = {}) =>
	fatesOf(drafts, drafts, given, NOW, { ...RULES, ...rules }).map((fate) =>
		"reason" in fate ? `${fate.state}: ${fate.reason}` : fate.state,
	);

describe("age", () => {
	test.each<[string, Draft, Partial<SourceRecord>, string]>([
		["fresh", draft(at(-0.5)), {}, "planned"],
		["undated", draft(), {}, "planned"],
		["C6: just within the limit", draft(at(-24)), {}, "planned"],
		["C6: just beyond it", draft(at(-24.01)), {}, "skipped: too old"],
		[
			"old, from a time when nobody looked",
			draft(at(-30)),
			{ lastPoll: at(-40) },
			"held: published while Mirsal was away",
		],
		["old, from before that time", draft(at(-50)), { lastPoll: at(-40) }, "skipped: too old"],
		["old, after a short absence", draft(at(-30)), { lastPoll: at(-20) }, "skipped: too old"],
	])("%s", (_name, one, more, expected) => expect(states([one], record(more))).toEqual([expected]));
});

describe("C4: dates in the future", () => {
	test.each<[string, number[], string[]]>([
		["ten minutes: clocks differ", [1 / 6], ["planned"]],
		["an hour: a schedule", [1], ["waiting"]],
		["a day: a schedule", [24], ["waiting"]],
		["longer: nobody schedules so", [25], ["planned"]],
		["two: a wrong clock", [1, 2], ["planned", "planned"]],
	])("%s", (_name, hours, expected) =>
		expect(
			states(
				hours.map((hour) => draft(at(hour))),
				record(),
			),
		).toEqual(expected),
	);
});

describe("another door", () => {
	const door = record({ newDoor: true });
	test.each<[string, Draft[], string[]]>([
		["newer than what was known", [draft(at(-0.5))], ["planned"]],
		["as old as what was known", [draft(at(-1))], ["skipped: first visit"]],
		["older", [draft(at(-5))], ["skipped: first visit"]],
		["undated: its page must tell", [draft()], ["undated"]],
		[
			"many undated: the first thirty pages are looked at",
			Array.from({ length: 32 }, () => draft()),
			[...Array.from({ length: 30 }, () => "undated"), "skipped: first visit", "skipped: first visit"],
		],
	])("%s", (_name, drafts, expected) => expect(states(drafts, door)).toEqual(expected));
});

describe("C9: floods", () => {
	const many = (count: number) => Array.from({ length: count }, () => draft(at(-0.5)));
	const week = (counts: readonly number[]) => counts.map((count, day) => [at(-24 * (day + 0.5)), count] as const);
	test.each<[string, number, SourceRecord, Partial<FateRules>, "planned" | "held: too many at once"]>([
		["as many as the limit", 50, record({ firstVisit: at(-1) }), {}, "planned"],
		["one more", 51, record({ firstVisit: at(-1) }), {}, "held: too many at once"],
		["no limit", 500, record(), { floodLimit: 0 }, "planned"],
		["eleven after a silent week", 11, record(), {}, "held: too many at once"],
		["ten after a silent week", 10, record(), {}, "planned"],
		["eleven where three are usual", 11, record({ news: week([3, 3, 3]) }), {}, "planned"],
		["sixteen where three are usual", 16, record({ news: week([3, 3, 3]) }), {}, "held: too many at once"],
		["eleven from a source without a week of history", 11, record({ firstVisit: at(-24 * 6) }), {}, "planned"],
		[
			"what the hours away would have brought",
			30,
			record({ news: week([20, 20, 20, 20, 20, 20, 20]), lastPoll: at(-12) }),
			{},
			"planned",
		],
		["news of an earlier week counts no more", 11, record({ news: [[at(-24 * 8), 30]] }), {}, "held: too many at once"],
	])("%s", (_name, count, given, rules, expected) =>
		expect(new Set(states(many(count), given, rules))).toEqual(new Set([expected])),
	);

	test("what is skipped anyway makes no flood", () => {
		const old = Array.from({ length: 60 }, () => draft(at(-100)));
		expect(states([...old, draft(at(-0.5))], record()).at(-1)).toBe("planned");
	});
});

test("the first visit posts the newest, by date where there is one", () => {
	expect(states([draft(at(-3)), draft(at(-1)), draft(at(-100))], undefined, { firstVisit: 1 })).toEqual([
		"skipped: first visit",
		"planned",
		"skipped: first visit",
	]);
});

test.each([
	["a first visit", {}, "skipped: first visit"],
	["FIRST_VISIT=latest:2", { firstVisit: 2 }, "planned"],
	["H6: safe mode", { safe: true }, "skipped: safe mode"],
	["H6: safe mode, whatever FIRST_VISIT says", { safe: true, firstVisit: 2 }, "skipped: safe mode"],
] as const)("what a source lists at its first look: %s", (_name, rules, expected) =>
	expect(states([draft(at(-1)), draft(at(-2))], undefined, rules)).toEqual([expected, expected]),
);

test("H6: what comes to light without a date below known entries, soon after the ledger was lost, is asked about", () => {
	const [fresh, known, uncovered] = [draft(), draft(), draft()];
	const lost = (hours: number) => record({ lostUntil: at(hours) });
	const fates = (given: SourceRecord) =>
		fatesOf([fresh, uncovered], [fresh, known, uncovered], given, NOW, RULES).map(({ state }) => state);
	expect(fates(lost(-1))).toEqual(["planned", "held"]);
	expect(fates(lost(-25)), "too old to be posted by then").toEqual(["planned", "planned"]);
	expect(fates(record())).toEqual(["planned", "planned"]);
});

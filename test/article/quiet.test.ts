import { describe, expect, test } from "vitest";
import { dateIn, minutesIn, momentOn, parseTimeOfDay } from "../../src/article/day-time.ts";
import { mannerOf, type QuietHours, quietNow, quietUntil } from "../../src/article/quiet.ts";

const hours = (from: string, to: string) => ({ from: parseTimeOfDay(from) ?? -1, to: parseTimeOfDay(to) ?? -1 });

test.each<[string, number | undefined]>([
	["00:00", 0],
	["6:05", 365],
	["06:05", 365],
	[" 23:59 ", 1_439],
	["24:00", undefined],
	["12:60", undefined],
	["12", undefined],
	["12:5", undefined],
	["", undefined],
])("parseTimeOfDay(%j)", (text, minutes) => expect(parseTimeOfDay(text)).toBe(minutes));

// Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00. Lord Howe: half an hour, 2026-04-05 02:00 → 01:30. Cairo: 2026-04-24 00:00 → 01:00, midnight is left out.
describe("moments of a day", () => {
	test.each<[string, string, string, string, string, string]>([
		["Baghdad", "2026-11-23", "08:00", "Asia/Baghdad", "2026-11-23T05:00:00.000Z", "2026-11-23T05:00:00.000Z"],
		["half an hour", "2026-11-23", "00:00", "Asia/Tehran", "2026-11-22T20:30:00.000Z", "2026-11-22T20:30:00.000Z"],
		["three quarters", "2026-11-23", "06:00", "Asia/Kathmandu", "2026-11-23T00:15:00.000Z", "2026-11-23T00:15:00.000Z"],
		["a left out hour", "2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"],
		["behind it", "2026-03-29", "03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"],
		["an hour twice", "2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"],
		["behind that", "2026-10-25", "03:00", "Europe/Berlin", "2026-10-25T02:00:00.000Z", "2026-10-25T02:00:00.000Z"],
		[
			"half an hour twice",
			"2026-04-05",
			"01:45",
			"Australia/Lord_Howe",
			"2026-04-04T14:45:00.000Z",
			"2026-04-04T15:15:00.000Z",
		],
		[
			"a day without midnight",
			"2026-04-24",
			"00:00",
			"Africa/Cairo",
			"2026-04-23T22:00:00.000Z",
			"2026-04-23T22:00:00.000Z",
		],
		[
			"far in the east",
			"2026-11-23",
			"00:30",
			"Pacific/Kiritimati",
			"2026-11-22T10:30:00.000Z",
			"2026-11-22T10:30:00.000Z",
		],
		[
			"far in the west",
			"2026-11-23",
			"23:30",
			"Pacific/Pago_Pago",
			"2026-11-24T10:30:00.000Z",
			"2026-11-24T10:30:00.000Z",
		],
	])("%s: %s %s in %s", (_, date, time, zone, first, last) => {
		const minutes = parseTimeOfDay(time) ?? -1;
		expect(momentOn(date, minutes, zone).toISOString()).toBe(first);
		expect(momentOn(date, minutes, zone, "last").toISOString()).toBe(last);
	});

	test("are shown as they are asked for", () => {
		const moment = momentOn("2026-07-01", 905, "Africa/Casablanca");
		expect(dateIn("Africa/Casablanca", moment)).toBe("2026-07-01");
		expect(minutesIn("Africa/Casablanca", moment)).toBe(905);
	});

	test("a zone that is none is told", () => expect(() => dateIn("Asia/Nowhere", new Date(0))).toThrow(RangeError));
});

describe("quietUntil", () => {
	test.each<[string, string, string, string, string, string | undefined]>([
		["a minute before", "2026-11-23T19:59:59.999Z", "Asia/Baghdad", "23:00", "06:00", undefined],
		["at the first moment", "2026-11-23T20:00:00.000Z", "Asia/Baghdad", "23:00", "06:00", "2026-11-24T03:00:00.000Z"],
		["behind midnight", "2026-11-24T00:30:00.000Z", "Asia/Baghdad", "23:00", "06:00", "2026-11-24T03:00:00.000Z"],
		["at the last moment", "2026-11-24T02:59:59.999Z", "Asia/Baghdad", "23:00", "06:00", "2026-11-24T03:00:00.000Z"],
		["at the end", "2026-11-24T03:00:00.000Z", "Asia/Baghdad", "23:00", "06:00", undefined],
		["within a day", "2026-11-24T10:00:00.000Z", "Asia/Baghdad", "12:00", "15:00", "2026-11-24T12:00:00.000Z"],
		["within a day, outside", "2026-11-24T22:00:00.000Z", "Asia/Baghdad", "12:00", "15:00", undefined],
		["until midnight", "2026-11-23T20:30:00.000Z", "Asia/Baghdad", "23:00", "00:00", "2026-11-23T21:00:00.000Z"],
		["from midnight", "2026-11-23T21:00:00.000Z", "Asia/Baghdad", "00:00", "06:00", "2026-11-24T03:00:00.000Z"],
		["all day but a minute", "2026-11-24T06:00:00.000Z", "Asia/Baghdad", "06:01", "06:00", "2026-11-25T03:00:00.000Z"],
		["a zone with half hours", "2026-11-23T19:30:00.000Z", "Asia/Tehran", "23:00", "06:00", "2026-11-24T02:30:00.000Z"],
		[
			"a night that is an hour shorter",
			"2026-03-28T23:00:00.000Z",
			"Europe/Berlin",
			"23:00",
			"06:00",
			"2026-03-29T04:00:00.000Z",
		],
		[
			"a night that is an hour longer",
			"2026-10-24T22:00:00.000Z",
			"Europe/Berlin",
			"23:00",
			"06:00",
			"2026-10-25T05:00:00.000Z",
		],
		[
			"an end that is left out",
			"2026-03-29T00:30:00.000Z",
			"Europe/Berlin",
			"23:00",
			"02:30",
			"2026-03-29T01:00:00.000Z",
		],
		[
			"an end that comes twice, in between",
			"2026-10-25T00:45:00.000Z",
			"Europe/Berlin",
			"23:00",
			"02:30",
			"2026-10-25T01:30:00.000Z",
		],
		["hours that are left out", "2026-03-29T01:00:00.000Z", "Europe/Berlin", "02:10", "02:50", undefined],
	])("%s: %s in %s, %s–%s", (_, now, zone, from, to, end) => {
		expect(quietUntil(new Date(now), zone, hours(from, to))?.toISOString()).toBe(end);
	});

	test.each(["Europe/Berlin", "Australia/Lord_Howe", "Asia/Baghdad", "Africa/Cairo"])(
		"in %s a year of moments is quiet whenever the clocks say so",
		(zone) => {
			const { from, to } = hours("23:00", "06:00");
			for (let time = Date.UTC(2026, 0, 1); time < Date.UTC(2027, 0, 1); time += 53 * 60_000) {
				const minutes = minutesIn(zone, new Date(time));
				const end = quietUntil(new Date(time), zone, { from, to });
				expect(end !== undefined, new Date(time).toISOString()).toBe(minutes >= from || minutes < to);
				if (end) expect(minutesIn(zone, end)).toBe(to);
			}
		},
	);
});

describe("the admins' word", () => {
	const night: QuietHours = { ...hours("23:00", "06:00"), do: "silent", breaking: "hold" };
	const [atNight, byDay] = [new Date("2026-11-23T23:30:00.000Z"), new Date("2026-11-23T09:00:00.000Z")];
	const until = "2026-11-24T06:00:00.000Z";
	const by = { do: "silent", breaking: "hold" } as const;

	test.each<[string, Date, QuietHours | undefined, Parameters<typeof quietNow>[3], ReturnType<typeof quietNow>]>([
		["none, by night", atNight, night, undefined, { ...by, until: new Date(until) }],
		["none, by day", byDay, night, undefined, undefined],
		["none, without hours", atNight, undefined, undefined, undefined],
		["on, by day", byDay, night, { on: true }, by],
		["on, without hours", byDay, undefined, { on: true }, { do: "hold", breaking: "post" }],
		["on until later", byDay, night, { on: true, until }, { ...by, until: new Date(until) }],
		["on until then, which has passed", byDay, night, { on: true, until: "2026-11-23T08:00:00.000Z" }, undefined],
		["off until the end of the night", atNight, night, { on: false, until }, undefined],
		[
			"off for a night that has passed",
			atNight,
			night,
			{ on: false, until: "2026-11-23T06:00:00.000Z" },
			{ ...by, until: new Date(until) },
		],
	])("%s", (_, now, given, word, wanted) => expect(quietNow(now, "UTC", given, word)).toEqual(wanted));

	test("says what news and breaking news do", () => {
		expect(mannerOf(by, { breaking: false })).toBe("silent");
		expect(mannerOf(by, { breaking: true })).toBe("hold");
		expect(mannerOf(undefined, { breaking: true })).toBe("post");
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../src/arabic/dates.ts";
import { feedDate } from "../../src/sources/feed-date.ts";

describe("feedDate", () => {
	test.each([
		["RFC 822", "Sun, 01 Mar 2026 12:00:00 +0300", "2026-03-01T09:00:00.000Z"],
		["RFC 822 without the day's name", "1 Mar 2026 12:00:00 GMT", "2026-03-01T12:00:00.000Z"],
		["RFC 822 west of Greenwich", "Sun, 01 Mar 2026 22:30:00 -0330", "2026-03-02T02:00:00.000Z"],
		["RFC 3339", "2026-03-01T12:00:00+03:00", "2026-03-01T09:00:00.000Z"],
		["RFC 3339 with a fraction", "2026-03-01T12:00:00.75Z", "2026-03-01T12:00:00.000Z"],
		["the last day of a month", "Sat, 28 Feb 2026 23:59:59 +0000", "2026-02-28T23:59:59.000Z"],
		["a leap day", "Thu, 29 Feb 2024 12:00:00 +0000", "2024-02-29T12:00:00.000Z"],
		["a named zone", "Sun, 01 Mar 2026 12:00:00 EST", "2026-03-01T17:00:00.000Z"],
		["Arabic writing", "1 آذار 2026", "2026-03-01T00:00:00.000Z"],
		["a day that no month has", "Sun, 30 Feb 2026 12:00:00 +0000", undefined],
		["an hour that no day has", "2026-03-01T31:00:00Z", undefined],
		["words", "أمس", undefined],
	])("%s", (_, text, date) => {
		expect(feedDate(text)).toBe(date);
	});

	test("gives what parseDate gives", () => {
		const number = (max: number, width = 2) => fc.nat(max).map((value) => String(value).padStart(width, "0"));
		const zone = fc.constantFrom("GMT", "UT", "Z", "+0000", "+0300", "-0530", "+9999", "EST", "+03:00", "");
		const month = fc.constantFrom("Jan", "Feb", "Mar", "Sep", "Dec", "anF", "Xyz");
		const year = fc.oneof(fc.constantFrom("1899", "1900", "2026", "2200", "2201"), number(9_999, 4));
		const clock = fc.tuple(number(25), number(61), number(61)).map((parts) => parts.join(":"));
		const mail = fc.tuple(fc.constantFrom("Sun, ", ""), number(33), month, year, clock, zone);
		const iso = fc.tuple(year, number(13), number(33), clock, fc.constantFrom("", ".5"), zone);
		fc.assert(
			fc.property(
				fc.oneof(
					mail.map(([name, day, of, ...rest]) => `${name}${day} ${of} ${rest.join(" ")}`),
					iso.map(([y, m, d, time, fraction, where]) => `${y}-${m}-${d}T${time}${fraction}${where}`),
				),
				(text) => {
					expect(feedDate(text)).toBe(parseDate(text));
				},
			),
			{ numRuns: 1_000 },
		);
	});
});

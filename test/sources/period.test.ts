import { expect, test } from "vitest";
import { periodOf } from "../../src/sources/period.ts";

const rss = (head: string, items = "") => new TextEncoder().encode(`<rss><channel>${head}${items}</channel></rss>`);

test.each<[string, string, number | undefined]>([
	["nothing", "<title>ش</title>", undefined],
	["ttl in minutes", "<ttl>30</ttl>", 30 * 60_000],
	["ttl with spaces", "<ttl> 15 </ttl>", 15 * 60_000],
	["no ttl", "<ttl>0</ttl>", undefined],
	["a ttl that is no number", "<ttl>soon</ttl>", undefined],
	["hourly", "<sy:updatePeriod>hourly</sy:updatePeriod>", 3_600_000],
	[
		"hourly in WordPress's manner",
		"<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t4\t</sy:updateFrequency>",
		900_000,
	],
	["daily, twice", "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 43_200_000],
	[
		"a frequency of nothing",
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
		undefined,
	],
	["a period nobody knows", "<sy:updatePeriod>often</sy:updatePeriod>", undefined],
])("%s", (_name, head, expected) => expect(periodOf(rss(head))).toBe(expected));

test("what an entry says is not the feed's word", () => {
	expect(periodOf(rss("<title>ش</title>", "<item><ttl>5</ttl></item>"))).toBeUndefined();
});

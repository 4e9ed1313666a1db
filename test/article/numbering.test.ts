import { describe, expect, test } from "vitest";
import { olderOnes } from "../../src/article/numbering.ts";

/** A list of known addresses, newest first; those with a star are new. */
const older = (...list: string[]) =>
	[...olderOnes(list.map((one) => ({ url: `https://news.example/${one.replace("*", "")}`, isNew: one.endsWith("*") })))]
		.map((place) => list[place])
		.join(" ");

describe("an entry that nobody knew is older than those that were known", () => {
	test.each([
		[
			"when a number in the query shows it",
			["n.php?id=30", "n.php?id=29", "n.php?id=28", "n.php?id=27*"],
			"n.php?id=27*",
		],
		["in a path of numbers alone", ["news/30", "news/29", "news/28", "news/27*"], "news/27*"],
		["before a slug", ["30-a", "29-b", "28-c", "27-d*"], "27-d*"],
		["behind a slug", ["khabar-30.html", "sura-29.html", "a-28.html", "b-27.html*"], "b-27.html*"],
		["above a slug", ["news/30/a", "news/29/b", "news/28/c", "news/27/d*"], "news/27/d*"],
		["many of them", ["30", "29", "28", "27*", "26*", "25*"], "27* 26* 25*"],
		["though one of the known is pinned", ["12", "30", "29", "28", "27", "11*"], "11*"],
		["while another is new", ["31*", "30", "29", "28", "27*"], "27*"],
	])("%s", (_, list, expected) => {
		expect(older(...list)).toBe(expected);
	});

	test.each([
		["it stands above them: a draft that was kept for long", ["20*", "30", "29", "28"]],
		["it stands among them", ["30", "29", "20*", "28"]],
		["its number is higher", ["30", "29", "28", "31*"]],
		["its number is between theirs", ["30", "29", "27", "28*"]],
		["the list has another order: by readers", ["28", "30", "27", "29", "20*"]],
		["too few are known", ["30", "29", "20*"]],
		["numbers of another kind say nothing of it", ["news/30", "news/29", "news/28", "video/20*"]],
		["the numbers are random names", ["8472936451", "7364518290", "6251839407", "5139284607*"]],
		["there is no number", ["a", "b", "c", "d*"]],
	])("not when %s", (_, list) => {
		expect(older(...list)).toBe("");
	});
});

import { expect, test } from "vitest";
import { correctionPolicy, correctionWords } from "../src/correction-settings.ts";
import { readNewsroom } from "../src/newsroom.ts";

const MINUTE = 60_000;
const channelOf = (kind: string, lines: string) => `channels:\n  - { name: one, kind: ${kind}${lines} }\n`;

test.each([
	["telegram", "", { updates: "edit", retractions: "strike" }],
	["telegram", ", corrections: none, retractions: remove", { updates: "none", retractions: "remove" }],
	["twitter", "", { updates: "none", retractions: "none" }],
	["twitter", ", corrections: reply", { updates: "reply", retractions: "none" }],
	["twitter", ", corrections: repost", { updates: "repost", repostWithin: 10 * MINUTE }],
	["twitter", ", corrections: repost, repostWithin: 90s", { updates: "repost", repostWithin: 90_000 }],
	["twitter", ", retractions: remove", { updates: "none", retractions: "remove" }],
])("%s%s", (kind, lines, wanted) => {
	const { newsroom, problems } = readNewsroom(channelOf(kind, lines), "newsroom.yaml");
	expect(problems).toEqual([]);
	const [channel] = newsroom.channels ?? [];
	if (!channel) throw new Error("no channel");
	const said: string[] = [];
	expect(correctionPolicy(channel, (words) => said.push(words))).toMatchObject(wanted);
	expect(said).toEqual([]);
});

test.each([
	["twitter", { corrections: "edit" }, "lets no program edit"],
	["twitter", { retractions: "strike" }, "lets no program edit"],
	["telegram", { corrections: "reply" }, "is for Twitter"],
	["telegram", { corrections: "repost" }, "is for Twitter"],
	["twitter", { corrections: "reply", repostWithin: MINUTE }, "«repostWithin» says nothing"],
] as const)("%s cannot: %o", (kind, wishes, words) => {
	const said: string[] = [];
	correctionPolicy({ kind, ...wishes }, (problem) => said.push(problem));
	expect(said).toEqual([expect.stringContaining(words)]);
});

test.each(["0m", "2h", "ten minutes"])("repostWithin: %s is refused with line and column", (time) => {
	const { problems } = readNewsroom(channelOf("twitter", `, repostWithin: ${time}`), "newsroom.yaml");
	expect(problems).toEqual([
		expect.stringMatching(/^newsroom\.yaml:2:\d+: channels\.0\.repostWithin: a time up to an hour/),
	]);
});

test.each([
	["none", "left alone ($0), those of retracted ones left alone ($0)"],
	["reply", "answered with the update ($0.015 each)"],
	["repost", "taken down and posted again within 10 min ($0.025, with a link $0.21 each)"],
] as const)("%s has its price", (updates, words) => {
	const policy = { updates, repostWithin: 10 * MINUTE, retractions: "none" } as const;
	expect(correctionWords(policy, [], new Date("2026-11-23T09:00:00.000Z"))).toContain(words);
});

test("taking down has its price, the newsroom's own before the list's", () => {
	const policy = { updates: "none", repostWithin: 0, retractions: "remove" } as const;
	expect(correctionWords(policy, [{ delete: 30_000 }], new Date("2026-11-23T09:00:00.000Z"))).toContain(
		"those of retracted ones taken down ($0.03 each)",
	);
});

import { expect, test } from "vitest";
import { NO_NEWSROOM, parseDuration, readNewsroom } from "../src/newsroom.ts";

test.each<[string, number | undefined]>([
	["20s", 20_000],
	["5m", 300_000],
	["1.5h", 5_400_000],
	["2d", 172_800_000],
	["500ms", 500],
	[" 24 h ", 86_400_000],
	["24", undefined],
	["h", undefined],
	["-1h", undefined],
	["1w", undefined],
	["", undefined],
])("parseDuration(%j)", (text, expected) => expect(parseDuration(text)).toBe(expected));

test.each([
	["an empty file", ""],
	["comments alone", "# nothing yet\n"],
	["an empty map", "{}"],
])("%s is a newsroom without wishes", (_, text) => {
	expect(readNewsroom(text, "newsroom.yaml")).toEqual({ newsroom: NO_NEWSROOM, problems: [] });
	expect(NO_NEWSROOM.digits).toBe("latin");
});

test("everything that a newsroom may say", () => {
	const { newsroom, problems } = readNewsroom(
		`
name: شبكة أخبار السنابل
language: ar
digits: arab
sources: [{ url: "https://example.org/feed", name: الرئيسي, own: false }]
credits: [وكالة الضفتين]
places: [حي الزهور]
hashtags: { map: { سياسة: السياسة }, never: [خاص], most: 3 }
channels: [{ name: sport, kind: telegram, chat: -1001234567890, secrets: SPORT, unsure: resend }]
links: { twitter: { utm_source: x } }
editors: [12, 13]
prices: { post: 0.02 }
logo: logo.png
card: { scheme: dark, colours: { background: "#123", accent: "#FFAA00" }, font: naskh, off: true }
quietHours: { from: 23:00, to: "6:30" }
gap: 90s
digests:
  - { at: "08:00", channel: sport }
  - { at: 19:45, channel: sport, name: evening, title: حصاد اليوم, most: 5, since: 12h }
`,
		"newsroom.yaml",
	);
	expect(problems).toEqual([]);
	expect(newsroom).toMatchObject({
		name: "شبكة أخبار السنابل",
		digits: "arab",
		sources: [{ own: false }],
		credits: ["وكالة الضفتين"],
		hashtags: { most: 3, never: ["خاص"] },
		channels: [{ chat: "-1001234567890", unsure: "resend" }],
		editors: [12, 13],
		prices: [{ post: 20_000 }],
		logo: "logo.png",
		card: { scheme: "dark", colours: { background: "#112233", accent: "#ffaa00" }, font: "naskh", off: true },
		quietHours: { from: 1_380, to: 390, do: "hold", breaking: "post" },
		gap: 90_000,
		digests: [
			{ at: 480, channel: "sport", name: "0800", title: "نشرة الصباح", most: 10 },
			{ at: 1_185, channel: "sport", name: "evening", title: "حصاد اليوم", most: 5, since: 43_200_000 },
		],
	});
});

test.each([
	["an unknown key", "name: x\nnmae: y\n", ["desk.yaml:2:1: there is no «nmae»"]],
	["an unknown key further in", "hashtags:\n  most: 2\n  least: 1\n", ["desk.yaml:3:3: there is no «hashtags.least»"]],
	["quiet hours without an end", "quietHours: { from: '23:00' }", ["desk.yaml:1:1: quietHours.to: a time of day"]],
	[
		"quiet hours that never end",
		"quietHours: { from: '6:00', to: '06:00' }",
		["desk.yaml:1:29: quietHours.to: the same"],
	],
	["an hour that no day has", "quietHours: { from: '24:00', to: '6:00' }", ["desk.yaml:1:15: quietHours.from: a time"]],
	[
		"quiet hours that do nothing known",
		"quietHours:\n  from: 23:00\n  to: 06:00\n  do: sleep\n",
		["desk.yaml:4:3: quietHours.do: hold or silent"],
	],
	[
		"quiet hours of a channel",
		"channels:\n  - name: a\n    kind: telegram\n    quietHours: { from: now }\n",
		["desk.yaml:4:19: channels.0.quietHours.from: a time of day"],
	],
	["a gap that is none", "gap: 3 minutes\n", ["desk.yaml:1:1: gap: a time such as 3m"]],
	["a gap of nothing", "gap: 0m\n", ["desk.yaml:1:1: gap: a time such as 3m"]],
	[
		"a digest at no time",
		"digests:\n  - at: morning\n    channel: telegram\n",
		["desk.yaml:2:5: digests.0.at: a time of day"],
	],
	[
		"a digest of a channel that there is not",
		"digests:\n  - at: 08:00\n    channel: sport\n",
		["desk.yaml:3:5: digests.0.channel: there is no channel «sport»"],
	],
	[
		"two digests of one name",
		"digests:\n  - { at: 08:00, channel: telegram }\n  - { at: 8:00, channel: twitter }\n  - { at: 8:00, channel: telegram }\n",
		["desk.yaml:4:5: digests.2: two digests of «telegram» are named «0800»"],
	],
	["a digest of too much", "digests: [{ at: 8:00, channel: twitter, most: 51 }]", ["desk.yaml:1:41: digests.0.most: "]],
	[
		"a channel for digests without any",
		"channels:\n  - name: a\n    kind: telegram\n    only: digests\n",
		["desk.yaml:4:5: channels.0.only: «a» would never post"],
	],
	["a wrong value", "hashtags:\n  most: many\n", ["desk.yaml:2:3: hashtags.most: "]],
	["digits that are none", "digits: roman\n", ["desk.yaml:1:1: digits: "]],
	["a price that is none", "prices:\n  post: cheap\n", ["desk.yaml:2:3: prices.post: "]],
	[
		"a price finer than a millionth",
		"prices: { post: 0.0000001 }",
		["desk.yaml:1:11: prices.post: a price in US dollars"],
	],
	["a price of nobody's", "prices:\n  tweet: 1\n", ["desk.yaml:1:1: prices: "]],
	[
		"a wrong day in dated prices",
		"prices:\n  - from: 2026-12-01\n    post: 0.02\n  - from: soon\n",
		["desk.yaml:4:5: prices.1.from: a day such as 2026-12-01"],
	],
	["a wrong value in a list", "editors:\n  - 12\n  - me\n", ["desk.yaml:3:5: editors.1: "]],
	["a wrong address", "sources:\n  - url: example.org\n", ["desk.yaml:2:5: sources.0.url: "]],
	[
		"a wrong duration",
		"channels:\n  - name: a\n    kind: telegram\n    unsureQuiet: soon\n",
		["desk.yaml:4:5: channels.0.unsureQuiet: "],
	],
	[
		"a channel's name with capitals",
		"channels: [{ name: Sport, kind: telegram }]",
		["desk.yaml:1:14: channels.0.name: "],
	],
	["a scheme that is none", "card:\n  scheme: dim\n", ["desk.yaml:2:3: card.scheme: "]],
	["a font that is none", "card: { font: arial }\n", ["desk.yaml:1:9: card.font: "]],
	["an unknown key of the card", "card:\n  color: red\n", ["desk.yaml:2:3: there is no «card.color»"]],
	["a colour by name", "card: { colours: { text: red } }\n", ["desk.yaml:1:20: card.colours.text: a colour such as"]],
	[
		"a colour that YAML takes for a comment",
		"card:\n  colours:\n    accent: #0f5c55\n",
		["desk.yaml:3:5: card.colours.accent: a colour such as"],
	],
	[
		"text that cannot be read on its background",
		'card: { colours: { background: "#101010" } }\n',
		["desk.yaml:1:20: card.colours.background: text #14181f on the background #101010"],
	],
	["a logo of another kind", "logo: logo.gif\n", ["desk.yaml:1:1: logo: a file .png"]],
	["several at once", "a: 1\nb: 2\n", ["desk.yaml:1:1: there is no «a»", "desk.yaml:2:1: there is no «b»"]],
	["no YAML at all", "name: [x\nplaces: y", ["desk.yaml:"]],
	["a key twice", "name: x\nname: y\n", ["desk.yaml:2:1: "]],
	["a list instead of a map", "- a\n", ["desk.yaml:1:1: "]],
])("%s is told with line and column", (_, text, wanted) => {
	const { newsroom, problems } = readNewsroom(text, "desk.yaml");
	for (const [index, words] of wanted.entries()) expect(problems[index] ?? "").toContain(words);
	expect(newsroom).toEqual(NO_NEWSROOM);
});

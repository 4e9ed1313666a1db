import { expect, test } from "vitest";
import { readNewsroom } from "../src/newsroom.ts";
import { type ChannelLook, lookOf } from "../src/picture-settings.ts";

const read = (channel: string) => readNewsroom(`channels:\n  - { name: one, ${channel} }\n`, "newsroom.yaml");

test.each<[string, ChannelLook]>([
	["kind: telegram", { picture: "preview", album: false, language: "ar" }],
	["kind: twitter", { picture: "auto", album: false, language: "ar" }],
	["kind: telegram, picture: auto, album: true", { picture: "auto", album: true, language: "ar" }],
	["kind: telegram, picture: none", { picture: "none", album: false, language: "ar", preview: "none" }],
	["kind: telegram, preview: below", { picture: "preview", album: false, language: "ar", preview: "below" }],
	["kind: telegram, button: true", { picture: "preview", album: false, language: "ar", button: "اقرأ الخبر" }],
	[
		"kind: telegram, button: true, language: en",
		{ picture: "preview", album: false, language: "en", button: "Read more" },
	],
	["kind: telegram, button: افتح", { picture: "preview", album: false, language: "ar", button: "افتح" }],
	["kind: telegram, button: false", { picture: "preview", album: false, language: "ar" }],
	["kind: telegram, pin: true, thread: 7", { picture: "preview", album: false, language: "ar", pin: true, thread: 7 }],
	["kind: twitter, picture: caption, album: true", { picture: "caption", album: true, language: "ar" }],
])("%s", (text, look) => {
	const { newsroom, problems } = read(text);
	expect(problems).toEqual([]);
	const [channel] = newsroom.channels ?? [];
	expect(channel && lookOf(channel)).toEqual(look);
});

test.each([
	["kind: twitter, button: true", "button: only Telegram has that: take it out here"],
	["kind: twitter, pin: true", "pin: only Telegram has that: take it out here"],
	["kind: twitter, thread: 7", "thread: only Telegram has that: take it out here"],
	["kind: twitter, preview: below", "preview: only Telegram has that: take it out here"],
	[
		"kind: telegram, picture: auto, album: true, button: true",
		"button: Telegram puts no button under an album: take out one of the two",
	],
	["kind: telegram, album: true", "album: an album is uploaded: it needs «picture: auto» or «picture: caption»"],
])("%s: a problem with its place", (text, message) => {
	const { problems } = read(text);
	expect(problems).toEqual([expect.stringContaining(message)]);
	expect(problems[0]).toMatch(/^newsroom\.yaml:2:\d+: channels\.0\./);
});

test.each(["picture: large", "album: 3", "thread: 0", "thread: first", "button: ''", "language: fr"])(
	"%s is no wish",
	(text) => expect(read(`kind: telegram, ${text}`).problems).toHaveLength(1),
);

import { describe, expect, test } from "vitest";
import { ConfigError, type Disk, readSettings, type Settings } from "../src/config.ts";
import { readVariables } from "../src/variables.ts";

const TELEGRAM = {
	TELEGRAM_BOT_TOKEN: "7000001:canary-token-aaaaaaaaaaaaaaaaaaaaaa",
	TELEGRAM_CHANNEL: "@nirgal_news",
};
const TWITTER = {
	TWITTER_APP_KEY: "canary-key",
	TWITTER_APP_SECRET: "canary-secret",
	TWITTER_ACCESS_TOKEN: "1-canary-access",
	TWITTER_ACCESS_SECRET: "canary-access-secret",
};
const SOURCES = { SOURCES: "https://www.example.org/feed" };

function settle(
	environment: Record<string, string>,
	files: Record<string, string> = {},
	needed?: { readonly sources: boolean },
): Settings {
	const disk: Disk = { exists: (path) => path in files, read: (path) => files[path] ?? "" };
	const variables = readVariables(environment, (path) => files[path] ?? "");
	return readSettings(variables, disk, "1.2.3", needed);
}

function problems(environment: Record<string, string>, files: Record<string, string> = {}): readonly string[] {
	try {
		settle(environment, files);
	} catch (error) {
		if (error instanceof ConfigError) return error.problems;
		throw error;
	}
	return [];
}

test("defaults, as the contract has them", () => {
	const settings = settle({ ...SOURCES, ...TELEGRAM, ...TWITTER });
	expect(settings).toMatchObject({
		demo: false,
		sources: [{ name: "example.org/feed", url: "https://www.example.org/feed", own: true }],
		telegramRoot: "https://api.telegram.org",
		twitterRoot: "https://api.x.com",
		ledger: "data/mirsal.db",
		pollCron: "* * * * *",
		timeZone: "Asia/Baghdad",
		language: "ar",
		firstVisit: 0,
		maxAge: 86_400_000,
		floodLimit: 50,
		allowPrivate: [],
		logLevel: "info",
	});
	expect(settings.userAgent).toContain("1.2.3");
	expect(settings).not.toHaveProperty("proxyUrl");
	expect(settings).not.toHaveProperty("templates");
	const [telegram, twitter] = settings.channels;
	expect(telegram).toMatchObject({
		name: "telegram",
		kind: "telegram",
		telegram: { token: TELEGRAM.TELEGRAM_BOT_TOKEN, chat: "@nirgal_news" },
		pace: { limit: 20, window: 60_000 },
		policy: { onLost: "ask", quiet: 20_000, between: 5_000 },
		links: true,
	});
	expect(twitter).toMatchObject({
		name: "twitter",
		kind: "twitter",
		twitter: { appKey: "canary-key", accessSecret: "canary-access-secret" },
		pace: { limit: 100, window: 900_000 },
		policy: { onLost: "never" },
		links: true,
	});
});

test("nothing at all is the demo; an untouched .env is nothing", () => {
	for (const environment of [{}, { SOURCES: "", TELEGRAM_BOT_TOKEN: " ", TWITTER_APP_KEY: "" }]) {
		const settings = settle(environment);
		expect(settings).toMatchObject({ demo: true, sources: [], pollCron: "*/2 * * * * *" });
		expect(settings.channels.every(({ telegram, twitter }) => !telegram && !twitter)).toBe(true);
	}
});

test.each<[string, Record<string, string>, string[]]>([
	[
		"half of Telegram: the token",
		{ ...SOURCES, TELEGRAM_BOT_TOKEN: TELEGRAM.TELEGRAM_BOT_TOKEN },
		["TELEGRAM_CHANNEL: is missing"],
	],
	[
		"half of Telegram: the channel",
		{ ...SOURCES, TELEGRAM_CHANNEL: "@nirgal_news" },
		["TELEGRAM_BOT_TOKEN: is missing"],
	],
	[
		"half of Twitter: each missing key",
		{ ...SOURCES, TWITTER_APP_KEY: "k", TWITTER_ACCESS_TOKEN: "t" },
		["TWITTER_APP_SECRET: is missing", "TWITTER_ACCESS_SECRET: is missing"],
	],
	["credentials without a source", TELEGRAM, ["SOURCES: is missing"]],
	["a source that is no address", { SOURCES: "example.org/feed" }, ["SOURCES: «example.org/feed» is no web address"]],
	["a source of another protocol", { SOURCES: "ftp://example.org/feed" }, ["SOURCES: «ftp://example.org/feed»"]],
	["a pace", { ...SOURCES, TELEGRAM_PACE: "20" }, ["TELEGRAM_PACE: «20» is not of the form 20/1m"]],
	["a cron expression", { ...SOURCES, POLL_CRON: "every minute" }, ["POLL_CRON: «every minute»"]],
	["a time zone", { ...SOURCES, TIMEZONE: "Baghdad" }, ["TIMEZONE: «Baghdad»"]],
	["a language", { ...SOURCES, BOT_LANGUAGE: "fr" }, ["BOT_LANGUAGE: «fr»"]],
	["a first visit", { ...SOURCES, FIRST_VISIT: "latest" }, ["FIRST_VISIT: «latest»"]],
	["an age", { ...SOURCES, MAX_AGE: "yesterday" }, ["MAX_AGE: «yesterday»"]],
	["a log level", { ...SOURCES, LOG_LEVEL: "loud" }, ["LOG_LEVEL: «loud»"]],
	["an admin by name", { ...SOURCES, TELEGRAM_ADMINS: "7, @editor" }, ["TELEGRAM_ADMINS: «@editor»"]],
	["a channel's address", { ...SOURCES, ...TELEGRAM, TELEGRAM_CHANNEL: "nirgal" }, ["TELEGRAM_CHANNEL: «nirgal»"]],
	["a store that is not there yet", { ...SOURCES, STORE_URL: "redis://127.0.0.1" }, ["STORE_URL: "]],
	["a store", { ...SOURCES, STORE_URL: "mirsal.db" }, ["STORE_URL: "]],
	["a proxy", { ...SOURCES, PROXY_URL: "proxy:8080" }, ["PROXY_URL: "]],
	["an API root", { ...SOURCES, TELEGRAM_API_ROOT: "api.telegram.org" }, ["TELEGRAM_API_ROOT: "]],
	["links", { ...SOURCES, TWITTER_LINKS: "sometimes" }, ["TWITTER_LINKS: «sometimes»"]],
	[
		"a budget in words",
		{ ...SOURCES, TWITTER_MONTHLY_BUDGET: "much" },
		["TWITTER_MONTHLY_BUDGET: «much» is not a sum"],
	],
	["a budget of nothing", { ...SOURCES, TWITTER_MONTHLY_BUDGET: "0" }, ["TWITTER_MONTHLY_BUDGET: «0» is not a sum"]],
	["a flood limit", { ...SOURCES, FLOOD_LIMIT: "many" }, ["FLOOD_LIMIT: «many»"]],
	["a web address", { ...SOURCES, WEB_ADDRESS: "everywhere" }, ["WEB_ADDRESS: "]],
	[
		"a newsroom file that is not there",
		{ ...SOURCES, NEWSROOM_FILE: "desk.yaml" },
		["NEWSROOM_FILE: there is no file «desk.yaml»"],
	],
	[
		"a folder of templates that is not there",
		{ ...SOURCES, TEMPLATES: "mine" },
		["TEMPLATES: there is no folder «mine»"],
	],
])("wrong and named: %s", (_, environment, wanted) => {
	const found = problems(environment);
	expect(found).toHaveLength(wanted.length);
	for (const [index, words] of wanted.entries()) expect(found[index]).toContain(words);
});

test("all problems at once, in one message, and no secret in it", () => {
	const environment = { ...TELEGRAM, TELEGRAM_PACE: "x", TIMEZONE: "y", LOG_LEVEL: "z", TELEGRAM_BOT_TOKEN: "canary" };
	expect(problems(environment)).toHaveLength(5);
	expect(() => settle(environment)).toThrow(/SOURCES[\s\S]*TIMEZONE|TIMEZONE[\s\S]*SOURCES/);
	for (const words of problems({ ...TELEGRAM, ...TWITTER, TWITTER_APP_KEY: "" })) expect(words).not.toContain("canary");
	for (const words of problems(environment)) expect(words).not.toContain("canary");
});

test.each<[string, Record<string, string>, Partial<Settings>]>([
	["FIRST_VISIT=latest:3", { FIRST_VISIT: "latest:3" }, { firstVisit: 3 }],
	["FLOOD_LIMIT=0", { FLOOD_LIMIT: "0" }, { floodLimit: 0 }],
	["MAX_AGE=2d", { MAX_AGE: "2d" }, { maxAge: 172_800_000 }],
	["POLL_CRON with seconds", { POLL_CRON: "*/2 * * * * *" }, { pollCron: "*/2 * * * * *" }],
	["a plain http root", { TELEGRAM_API_ROOT: "http://127.0.0.1:8081/" }, { telegramRoot: "http://127.0.0.1:8081" }],
	["an absolute ledger", { STORE_URL: "sqlite:/var/lib/mirsal.db" }, { ledger: "/var/lib/mirsal.db" }],
	["an absolute ledger as an address", { STORE_URL: "sqlite:///var/lib/mirsal.db" }, { ledger: "/var/lib/mirsal.db" }],
	["private hosts", { ALLOW_PRIVATE_HOSTS: "a:80, b" }, { allowPrivate: ["a:80", "b"] }],
	["no newsroom file", { NEWSROOM_FILE: "off" }, { demo: false }],
])("%s", (_, environment, expected) => {
	expect(settle({ ...SOURCES, ...environment })).toMatchObject(expected);
});

test("sources: commas and white space, each once, names told apart", () => {
	const { sources } = settle({
		SOURCES:
			"https://example.org/feed،http://example.org/feed\n https://example.org/feed https://a.org/%D8%AE%D8%A8%D8%B1",
	});
	expect(sources.map(({ name }) => name)).toEqual(["example.org/feed", "example.org/feed (2)", "a.org/خبر"]);
});

test("commands that only read need no source", () => {
	expect(settle(TELEGRAM, {}, { sources: false }).sources).toEqual([]);
});

test("TWITTER_LINKS=never takes the links from Twitter alone", () => {
	const { channels } = settle({ ...SOURCES, TWITTER_LINKS: "never" });
	expect(channels.map(({ kind, links }) => [kind, links])).toEqual([
		["telegram", true],
		["twitter", false],
	]);
});

test("hubs are asked for pushes when the world's address and a secret are known", () => {
	const secret = { ...SOURCES, HOOK_SECRET: "0123456789abcdef" };
	expect(settle(secret).hooks).not.toHaveProperty("publicUrl");
	expect(settle({ ...secret, PUBLIC_URL: "https://mirsal.example.org/bot/" }).hooks).toMatchObject({
		publicUrl: "https://mirsal.example.org/bot/",
	});
	expect(settle({ ...SOURCES, PUBLIC_URL: "https://mirsal.example.org" }).warnings.join()).toContain("HOOK_SECRET");
	expect(() => settle({ ...secret, PUBLIC_URL: "mirsal.example.org" })).toThrow("PUBLIC_URL");
});

test.each<[string, Record<string, string>, string, Settings["money"], unknown]>([
	["nothing said", {}, "", { prices: [] }, true],
	["a budget", { TWITTER_MONTHLY_BUDGET: "20" }, "", { budget: 20_000_000, prices: [] }, true],
	["cents", { TWITTER_MONTHLY_BUDGET: "12.50", TWITTER_LINKS: "auto" }, "", { budget: 12_500_000, prices: [] }, "auto"],
	[
		"dated prices",
		{ TWITTER_LINKS: "never" },
		"prices: [{ post: 0.01 }, { from: 2026-12-01, post: 0.02, me: 0 }]",
		{ prices: [{ post: 10_000 }, { from: "2026-12-01", post: 20_000, me: 0 }] },
		false,
	],
])("money: %s", (_, environment, yaml, money, links) => {
	const settings = settle({ ...SOURCES, ...environment }, { "newsroom.yaml": yaml });
	expect(settings.money).toEqual(money);
	expect(settings.channels.map(({ links }) => links)).toEqual([true, links]);
	expect(settings.warnings.join()).not.toContain("TWITTER_LINKS");
});

test("auto without a budget is worth a word", () =>
	expect(settle({ ...SOURCES, TWITTER_LINKS: "auto" }).warnings.join()).toContain("TWITTER_MONTHLY_BUDGET is empty"));

test("the bot: owners and where it reports", () => {
	const admins = { ...SOURCES, ...TELEGRAM, TELEGRAM_ADMINS: "7, 8" };
	expect(settle(admins).bot).toMatchObject({ admins: [7, 8], opsChat: "7" });
	expect(settle({ ...admins, TELEGRAM_OPS_CHAT: "-1005" }).bot).toMatchObject({ opsChat: "-1005" });
	const without = settle({ ...SOURCES, ...TELEGRAM });
	expect(without).not.toHaveProperty("bot");
	expect(without.warnings.join()).toContain("TELEGRAM_ADMINS");
});

describe("with newsroom.yaml", () => {
	const yaml = `
name: شبكة أخبار السنابل
sources:
  - { url: "https://b.org/rss", name: "رياضة", own: false }
channels:
  - { name: sport, kind: telegram, chat: "@sport", templates: sport, unsure: never, unsureQuiet: 10s, unsureBetween: 1s }
  - { name: english, kind: twitter, secrets: ENGLISH }
links: { telegram: { utm_source: telegram } }
`;
	test("times of the newsroom hold for each channel that has none of its own", () => {
		const { channels } = settle(SOURCES, {
			"newsroom.yaml": `
quietHours: { from: 23:00, to: 06:00, do: silent }
gap: 3m
channels:
  - { name: main, kind: telegram }
  - { name: sport, kind: telegram, quietHours: off, gap: 10s }
  - { name: evening, kind: twitter, quietHours: { from: 1:00, to: 5:00, breaking: hold }, only: digests }
digests:
  - { at: 20:00, channel: evening }
  - { at: 20:00, channel: main }
`,
		});
		expect(channels).toMatchObject([
			{
				name: "main",
				quiet: { from: 1_380, to: 360, do: "silent", breaking: "silent" },
				gap: 180_000,
				digests: "too",
			},
			{ name: "sport", gap: 10_000 },
			{
				name: "evening",
				quiet: { from: 60, to: 300, do: "hold", breaking: "hold" },
				gap: 180_000,
				digests: "only",
			},
		]);
		expect(channels[1]).not.toHaveProperty("quiet");
		expect(channels[1]).not.toHaveProperty("digests");
	});

	test("it is read when it stands in the working directory, and adds to the environment", () => {
		const { sources, channels, newsroom } = settle(
			{
				...SOURCES,
				TELEGRAM_BOT_TOKEN: TELEGRAM.TELEGRAM_BOT_TOKEN,
				ENGLISH_APP_KEY: "a",
				ENGLISH_APP_SECRET: "b",
				ENGLISH_ACCESS_TOKEN: "c",
				ENGLISH_ACCESS_SECRET: "d",
			},
			{ "newsroom.yaml": yaml },
		);
		expect(newsroom.name).toBe("شبكة أخبار السنابل");
		expect(sources.map(({ name, own }) => [name, own])).toEqual([
			["example.org/feed", true],
			["رياضة", false],
		]);
		expect(channels).toMatchObject([
			{
				name: "sport",
				telegram: { chat: "@sport" },
				templates: "sport",
				policy: { onLost: "never", quiet: 10_000, between: 1_000 },
				linkParameters: { utm_source: "telegram" },
			},
			{ name: "english", twitter: { appKey: "a", appSecret: "b", accessToken: "c", accessSecret: "d" } },
		]);
	});

	test("half the keys behind a prefix are named with it", () => {
		const found = problems(
			{ ...SOURCES, TELEGRAM_BOT_TOKEN: TELEGRAM.TELEGRAM_BOT_TOKEN, ENGLISH_APP_KEY: "a" },
			{ "newsroom.yaml": yaml },
		);
		expect(found.map((words) => words.split(":")[0])).toEqual([
			"ENGLISH_APP_SECRET",
			"ENGLISH_ACCESS_TOKEN",
			"ENGLISH_ACCESS_SECRET",
		]);
	});

	test("«off» leaves it unread; its mistakes are told with line and column", () => {
		const files = { "newsroom.yaml": "sources: []\nnaem: x\n" };
		expect(settle({ ...SOURCES, NEWSROOM_FILE: "off" }, files).newsroom.name).toBeUndefined();
		expect(problems(SOURCES, files)).toEqual([expect.stringContaining("newsroom.yaml:2:1: there is no «naem»")]);
	});

	test("two channels of one name", () => {
		const twice = "channels: [{ name: a, kind: twitter }, { name: a, kind: telegram }]";
		expect(problems(SOURCES, { "newsroom.yaml": twice })).toEqual([
			expect.stringContaining("two channels are named «a»"),
		]);
	});

	test.each([
		["beside it", "newsroom.yaml", "logo: logo.png", "logo.png"],
		["in a folder beside a file elsewhere", "desk/news.yaml", "logo: pictures/logo.svg", "desk/pictures/logo.svg"],
		["the card's own before the newsroom's", "newsroom.yaml", "logo: a.png\ncard: { logo: b.png }", "b.png"],
	])("the logo: %s", (_, file, text, wanted) => {
		const files = { [file]: text, [wanted]: "PNG" };
		expect(settle({ ...SOURCES, NEWSROOM_FILE: file }, files).logo).toBe(wanted);
	});

	test.each([
		["logo: gone.png", "newsroom.yaml: logo: there is no file «gone.png»"],
		["card: { logo: gone.png }", "newsroom.yaml: card.logo: there is no file «gone.png»"],
	])("%s that is missing is named", (text, wanted) => {
		expect(problems(SOURCES, { "newsroom.yaml": text })).toEqual([expect.stringContaining(wanted)]);
	});
});

import { dirname, join } from "node:path";
import cron from "node-cron";
import { type ChannelSetting, channelSettings, TWITTER_KEYS } from "./channel-settings.ts";
import { microsOf } from "./ledger/budget.ts";
import { parsePace } from "./ledger/pace.ts";
import type { Level } from "./log.ts";
import type { MoneySettings } from "./money.ts";
import { NO_NEWSROOM, type Newsroom, parseDuration, readNewsroom } from "./newsroom.ts";
import { type SourceSetting, sourceSettings, webAddress } from "./source-settings.ts";
import type { Variables } from "./variables.ts";

export type { ChannelSetting, SourceSetting };

/** Wrong settings: every problem, each naming its variable and what to do. Exit code 2. */
export class ConfigError extends Error {
	override readonly name = "ConfigError";
	readonly problems: readonly string[];
	constructor(problems: readonly string[]) {
		super(problems.join("\n"));
		this.problems = problems;
	}
}

/** Everything the program is told from outside, checked, read once and handed down. */
export interface Settings {
	readonly demo: boolean;
	readonly sources: readonly SourceSetting[];
	readonly newsroom: Newsroom;
	readonly channels: readonly ChannelSetting[];
	readonly bot?: { readonly token: string; readonly admins: readonly number[]; readonly opsChat: string };
	/** Path of the newsroom's logo. */
	readonly logo?: string;
	/** Where posts are forwarded to look them up. */
	readonly opsChat?: string;
	readonly telegramRoot: string;
	readonly twitterRoot: string;
	/** Folder of the newsroom's own templates. */
	readonly templates?: string;
	/** File of the ledger. */
	readonly ledger: string;
	readonly pollCron: string;
	readonly timeZone: string;
	readonly language: "ar" | "en";
	/** How many articles of a first visit are posted. */
	readonly firstVisit: number;
	/** Budget and prices of Twitter. */
	readonly money: MoneySettings;
	/** Milliseconds. */
	readonly maxAge: number;
	/** More new articles than this in one poll wait for the admins; 0 = never. */
	readonly floodLimit: number;
	readonly allowPrivate: readonly string[];
	readonly proxyUrl?: string;
	readonly userAgent: string;
	readonly logLevel: Level;
	/** Encrypts the copies of the ledger that the bot sends. */
	readonly ledgerKey?: string;
	/** Where pushes are received, and what signs them. */
	readonly hooks?: {
		readonly secret: string;
		readonly address: string;
		/** Whether the address was set by hand. */
		readonly chosen: boolean;
		/** Where the world reaches this process: hubs are asked for pushes to it. */
		readonly publicUrl?: string;
	};
	/** What is set and does nothing yet, in words. */
	readonly warnings: readonly string[];
}

/** The little that settings need to know of the disk. */
export interface Disk {
	exists(path: string): boolean;
	read(path: string): string;
}

const LEVELS: readonly Level[] = ["debug", "info", "warn", "error", "silent"];

/** Variables that the next versions give a meaning; set by hand they are worth a word. */
const WITHOUT_EFFECT = ["TELEGRAM_WEBHOOK_SECRET"] as const;

/** Checks everything at once; `needed.sources` says whether a newsroom without a source is wrong. Throws ConfigError. */
export function readSettings(
	variables: Variables,
	disk: Disk,
	version: string,
	needed: { readonly sources: boolean } = { sources: true },
): Settings {
	const problems: string[] = [...variables.problems];
	const { get } = variables;
	const problem = (name: string, words: string): undefined => void problems.push(`${name}: ${words}`);

	function parsed<T>(name: string, fallback: string, parse: (text: string) => T | undefined, wanted: string): T {
		const text = get(name) ?? fallback;
		const value = parse(text);
		if (value !== undefined) return value;
		problem(name, `«${text}» is not ${wanted}`);
		return parse(fallback) as T;
	}

	const newsroomFile = get("NEWSROOM_FILE");
	let newsroom = NO_NEWSROOM;
	const file =
		newsroomFile === "off" ? undefined : (newsroomFile ?? (disk.exists("newsroom.yaml") ? "newsroom.yaml" : undefined));
	if (file !== undefined) {
		if (!disk.exists(file))
			problem("NEWSROOM_FILE", `there is no file «${file}»; correct the path, or leave the variable empty`);
		else
			try {
				const read = readNewsroom(disk.read(file), file);
				newsroom = read.newsroom;
				problems.push(...read.problems);
			} catch (error) {
				problem(file, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
			}
	}

	const named = newsroom.card.logo === undefined ? "logo" : "card.logo";
	const mark = newsroom.card.logo ?? newsroom.logo;
	const logo = mark === undefined || file === undefined ? undefined : join(dirname(file), mark);
	if (logo !== undefined && !disk.exists(logo))
		problem(`${file}: ${named}`, `there is no file «${mark}» beside it; correct the path, or leave the key out`);

	const pace = {
		telegram: parsed("TELEGRAM_PACE", "20/1m", parsePace, "of the form 20/1m (posts per time)"),
		twitter: parsed("TWITTER_PACE", "100/15m", parsePace, "of the form 100/15m (posts per time)"),
	};
	const links = parsed(
		"TWITTER_LINKS",
		"always",
		(text) => (["always", "never", "auto"] as const).find((word) => word === text),
		"always, never or auto",
	);
	const budget = get("TWITTER_MONTHLY_BUDGET")
		? parsed("TWITTER_MONTHLY_BUDGET", "1", sum, "a sum in US dollars above 0 such as 20 or 12.50")
		: undefined;
	if (get("TWITTER_CLIENT_ID") || get("TWITTER_CLIENT_SECRET"))
		problem(
			"TWITTER_CLIENT_ID",
			"OAuth 2 is not in this version yet: use the four TWITTER_APP_… and TWITTER_ACCESS_… keys, and leave it empty",
		);

	const channels = channelSettings(newsroom, {
		get,
		problem,
		file,
		pace,
		twitterLinks: links === "auto" ? links : links === "always",
	});
	const sources = sourceSettings(newsroom, { get, problem, file });
	const token = get("TELEGRAM_BOT_TOKEN");
	const live = channels.some((channel) => channel.telegram || channel.twitter);
	const credentials =
		live ||
		["TELEGRAM_BOT_TOKEN", "TELEGRAM_CHANNEL", ...TWITTER_KEYS.map((key) => `TWITTER_${key}`)].some(
			(name) => get(name) !== undefined,
		);
	const demo = sources.length === 0 && file === undefined && !credentials && get("SOURCES") === undefined;
	if (needed.sources && sources.length === 0 && !demo && !problems.some((words) => words.startsWith("SOURCES")))
		problem("SOURCES", "is missing: the address of the newsroom's feed (several divided by spaces)");

	const admins = (get("TELEGRAM_ADMINS") ?? "").split(/[\s,،]+/).filter(Boolean);
	for (const id of admins)
		if (!/^[1-9]\d*$/.test(id))
			problem("TELEGRAM_ADMINS", `«${id}» is no numeric user id (send /id to @userinfobot to learn yours)`);
	const opsChat = get("TELEGRAM_OPS_CHAT") ?? admins[0];
	if (opsChat !== undefined && !/^(@\w+|-?\d+)$/.test(opsChat))
		problem("TELEGRAM_OPS_CHAT", `«${opsChat}» is neither @name nor a number`);

	const store = get("STORE_URL") ?? "sqlite:data/mirsal.db";
	const ledger = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(store)?.[1];
	if (ledger === undefined)
		problem(
			"STORE_URL",
			/^(rediss?|postgres(ql)?):/.test(store)
				? "this version keeps its ledger in SQLite only: sqlite:data/mirsal.db"
				: "is not of the form sqlite:data/mirsal.db",
		);

	const origin = (name: string, fallback: string) =>
		parsed(name, fallback, (text) => webAddress(text)?.origin, "an origin such as https://example.org");
	const proxyUrl = get("PROXY_URL");
	if (proxyUrl !== undefined && !/^(https?|socks5h?):\/\/[^\s/]+/.test(proxyUrl))
		problem("PROXY_URL", "is not of the form http://host:port, https://host:port or socks5://host:port");
	const web = get("WEB_ADDRESS");
	if (web !== undefined && web !== "off" && !/^(\[[0-9a-f:.]+\]|[\w.-]+):\d{1,5}$/i.test(web))
		problem("WEB_ADDRESS", `«${web}» is neither host:port nor off`);
	const hookSecret = get("HOOK_SECRET");
	const publicUrl = parsed(
		"PUBLIC_URL",
		"",
		(text) => (text === "" ? "" : webAddress(text)?.href),
		"an address such as https://mirsal.example.org",
	);
	const ledgerKey = get("LEDGER_KEY");
	const allowPrivate = (get("ALLOW_PRIVATE_HOSTS") ?? "").split(/[\s,،]+/).filter(Boolean);
	for (const host of allowPrivate)
		if (!/^(\[[0-9a-f:.]+\]|[0-9a-f]*(:[0-9a-f.]*){2,}|[^\s:/@?#[\]]+)(:\d{1,5})?$/i.test(host))
			problem("ALLOW_PRIVATE_HOSTS", `«${host}» is neither a host nor host:port`);
	const templates = get("TEMPLATES") ?? (disk.exists("templates") ? "templates" : undefined);
	if (templates !== undefined && !disk.exists(templates)) problem("TEMPLATES", `there is no folder «${templates}»`);

	const settings: Settings = {
		demo,
		sources,
		newsroom,
		channels,
		...(logo === undefined ? {} : { logo }),
		...(opsChat === undefined ? {} : { opsChat }),
		...(token && admins.length > 0 && opsChat !== undefined
			? { bot: { token, admins: admins.map(Number), opsChat } }
			: {}),
		telegramRoot: origin("TELEGRAM_API_ROOT", "https://api.telegram.org"),
		twitterRoot: origin("TWITTER_API_ROOT", "https://api.x.com"),
		...(templates === undefined ? {} : { templates }),
		ledger: ledger ?? "data/mirsal.db",
		pollCron: parsed(
			"POLL_CRON",
			demo ? "*/2 * * * * *" : "* * * * *",
			(text) => (cron.validate(text) ? text : undefined),
			"a cron expression (minute hour day month weekday, seconds in front if wanted)",
		),
		timeZone: parsed("TIMEZONE", "Asia/Baghdad", timeZone, "a time zone such as Asia/Baghdad"),
		language: parsed("BOT_LANGUAGE", "ar", (text) => (["ar", "en"] as const).find((word) => word === text), "ar or en"),
		firstVisit: parsed(
			"FIRST_VISIT",
			"skip",
			(text) => (text === "skip" ? 0 : count(/^latest:(\d+)$/.exec(text)?.[1])),
			"skip or latest:N",
		),
		money: { prices: newsroom.prices, ...(budget === undefined ? {} : { budget }) },
		maxAge: parsed("MAX_AGE", "24h", parseDuration, "a time such as 24h"),
		floodLimit: parsed("FLOOD_LIMIT", "50", count, "a number"),
		allowPrivate,
		...(proxyUrl === undefined ? {} : { proxyUrl }),
		...(ledgerKey === undefined ? {} : { ledgerKey }),
		...(hookSecret === undefined || web === "off"
			? {}
			: {
					hooks: {
						secret: hookSecret,
						address: web ?? "127.0.0.1:8080",
						chosen: web !== undefined,
						...(publicUrl === "" ? {} : { publicUrl }),
					},
				}),
		userAgent: get("USER_AGENT") ?? `Mirsal/${version}`,
		logLevel: parsed(
			"LOG_LEVEL",
			"info",
			(text) => LEVELS.find((level) => level === text),
			`one of ${LEVELS.join(", ")}`,
		),
		warnings: [
			...WITHOUT_EFFECT.filter((name) => get(name) !== undefined).map(
				(name) => `${name} is set and has no effect in this version yet`,
			),
			...(ledgerKey !== undefined && ledgerKey.length < 16
				? ["LEDGER_KEY is shorter than 16 characters, so it could be guessed (openssl rand -hex 32 makes a good one)"]
				: []),
			...(hookSecret !== undefined && hookSecret.length < 16
				? ["HOOK_SECRET is shorter than 16 characters, so it could be guessed (openssl rand -hex 32 makes a good one)"]
				: []),
			...(publicUrl !== "" && hookSecret === undefined
				? ["PUBLIC_URL is set without HOOK_SECRET: hubs are not asked for pushes (WebSub needs both)"]
				: []),
			...(hookSecret !== undefined && web === "off"
				? ["HOOK_SECRET is set and WEB_ADDRESS is off: pushes cannot be received"]
				: []),
			...(links === "auto" && budget === undefined
				? ["TWITTER_LINKS is auto and TWITTER_MONTHLY_BUDGET is empty: without a budget every post carries its link"]
				: []),
			...(token !== undefined && admins.length === 0
				? ["TELEGRAM_ADMINS is empty: nobody can command the bot, and nobody is told when something is wrong"]
				: []),
		],
	};
	if (problems.length > 0) throw new ConfigError(problems);
	return settings;
}

function timeZone(text: string): string | undefined {
	try {
		return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone && text;
	} catch {
		return undefined;
	}
}

/** Millionths of a dollar. */
function sum(text: string): number | undefined {
	return /^\d{1,6}(\.\d{1,6})?$/.test(text) ? microsOf(Number(text)) || undefined : undefined;
}

function count(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

import type { FilterSetting } from "./article/filter.ts";
import type { QuietHours } from "./article/quiet.ts";
import { correctionPolicy } from "./correction-settings.ts";
import type { CorrectionPolicy } from "./corrections.ts";
import type { LossPolicy } from "./ledger/delivery.ts";
import type { Pace } from "./ledger/pace.ts";
import { type Newsroom, parseDuration, USUAL_CHANNELS } from "./newsroom.ts";
import { type ChannelLook, lookOf } from "./picture-settings.ts";
import type { Problem } from "./source-settings.ts";
import type { Variables } from "./variables.ts";

export interface TelegramKeys {
	readonly token: string;
	readonly chat: string;
}

export interface TwitterSecrets {
	readonly appKey: string;
	readonly appSecret: string;
	readonly accessToken: string;
	readonly accessSecret: string;
}

/** One channel as configured; without keys it is a preview channel. */
export interface ChannelSetting {
	readonly name: string;
	readonly kind: "telegram" | "twitter";
	readonly telegram?: TelegramKeys;
	readonly twitter?: TwitterSecrets;
	/** Folder of templates in front of the common ones. */
	readonly templates?: string;
	readonly pace: Pace;
	readonly policy: LossPolicy;
	/** What becomes of posts whose articles change or are taken back. */
	readonly corrections: CorrectionPolicy;
	/** Whether posts carry addresses; `auto`: while the month's budget allows. */
	readonly links: boolean | "auto";
	readonly linkParameters: Readonly<Record<string, string>>;
	/** How its posts look. */
	readonly look: ChannelLook;
	/** Which articles it gets; all of them without it. */
	readonly filter?: FilterSetting;
	readonly quiet?: QuietHours;
	/** The least time between two posts, breaking news apart. Milliseconds. */
	readonly gap?: number;
	/** Whether digests are posted there: alone, or besides single articles. */
	readonly digests?: "only" | "too";
}

/** Names of the four keys of a Twitter account, behind the prefix of its variables. */
export const TWITTER_KEYS = ["APP_KEY", "APP_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET"] as const;
const SECOND = 1_000;
const PATIENCE = 60 * SECOND;

/** The channels of the newsroom's file, or one of each kind, with their keys. Half a set of keys is a problem. */
export function channelSettings(
	newsroom: Newsroom,
	parts: {
		readonly get: Variables["get"];
		readonly problem: Problem;
		readonly file: string | undefined;
		readonly pace: Readonly<Record<ChannelSetting["kind"], Pace>>;
		readonly twitterLinks: boolean | "auto";
	},
): readonly ChannelSetting[] {
	const { get, problem, file, pace, twitterLinks } = parts;

	function twitterKeys(prefix: string): TwitterSecrets | undefined {
		const names = TWITTER_KEYS.map((key) => `${prefix}_${key}`);
		const missing = names.filter((name) => get(name) === undefined);
		if (missing.length === names.length) return undefined;
		for (const name of missing)
			problem(
				name,
				"is missing, while the other Twitter keys are set (developer portal, “Keys and tokens”; read and write)",
			);
		const [appKey = "", appSecret = "", accessToken = "", accessSecret = ""] = names.map(get);
		return missing.length > 0 ? undefined : { appKey, appSecret, accessToken, accessSecret };
	}

	const token = get("TELEGRAM_BOT_TOKEN");
	if (token !== undefined && !/^\d+:\S+$/.test(token))
		problem("TELEGRAM_BOT_TOKEN", "is not a bot token (BotFather gives one such as 123456789:AA…)");
	const ownChat = get("TELEGRAM_CHANNEL");
	if (ownChat !== undefined && !/^(@\w+|-?\d+)$/.test(ownChat))
		problem("TELEGRAM_CHANNEL", `«${ownChat}» is neither @name nor a number such as -1001234567890`);

	function channelOf(setting: NonNullable<Newsroom["channels"]>[number]): ChannelSetting {
		const { name, kind } = setting;
		const policy: LossPolicy = {
			onLost: setting.unsure ?? (kind === "telegram" ? "ask" : "never"),
			quiet: setting.unsureQuiet ? (parseDuration(setting.unsureQuiet) ?? 0) : (kind === "telegram" ? 20 : 30) * SECOND,
			between: setting.unsureBetween
				? (parseDuration(setting.unsureBetween) ?? 0)
				: (kind === "telegram" ? 5 : 30) * SECOND,
			patience: PATIENCE,
		};
		const quiet = setting.quietHours ?? newsroom.quietHours;
		const gap = setting.gap ?? newsroom.gap;
		const some = newsroom.digests.some(({ channel }) => channel === name);
		const digests = setting.only ? ("only" as const) : some ? ("too" as const) : undefined;
		const base = {
			name,
			kind,
			pace: pace[kind],
			policy,
			corrections: correctionPolicy(setting, (words) =>
				problem(file ?? "newsroom.yaml", `channel «${name}»: ${words}`),
			),
			links: kind === "telegram" ? true : twitterLinks,
			look: lookOf(setting),
			linkParameters: newsroom.links?.[kind] ?? {},
			...(setting.filter ? { filter: setting.filter } : {}),
			...(setting.templates ? { templates: setting.templates } : {}),
			...(quiet && quiet !== "off" ? { quiet } : {}),
			...(gap === undefined ? {} : { gap }),
			...(digests ? { digests } : {}),
		};
		if (kind === "twitter") {
			const twitter = twitterKeys(setting.secrets ?? "TWITTER");
			return { ...base, ...(twitter ? { twitter } : {}) };
		}
		const botToken = setting.secrets ? get(`${setting.secrets}_BOT_TOKEN`) : token;
		const chat = setting.chat ?? ownChat;
		if (botToken !== undefined && chat === undefined)
			problem(
				"TELEGRAM_CHANNEL",
				"is missing, while TELEGRAM_BOT_TOKEN is set: @name or the number of the channel the bot is an admin of",
			);
		if (botToken === undefined && chat !== undefined)
			problem(
				"TELEGRAM_BOT_TOKEN",
				"is missing, while a Telegram channel is named: ask @BotFather for a bot and put its token here",
			);
		return {
			...base,
			...(botToken !== undefined && chat !== undefined ? { telegram: { token: botToken, chat } } : {}),
		};
	}
	const wanted: readonly NonNullable<Newsroom["channels"]>[number][] = newsroom.channels ?? USUAL_CHANNELS;
	const twice = wanted.find(({ name }, index) => wanted.findIndex((other) => other.name === name) !== index);
	if (twice) problem(file ?? "newsroom.yaml", `two channels are named «${twice.name}»`);
	return wanted.map(channelOf);
}

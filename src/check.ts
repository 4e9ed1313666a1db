import type { ChannelSetting, Settings, SourceSetting } from "./config.ts";
import { correctionWords } from "./correction-settings.ts";
import type { Bill } from "./ledger/budget.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { BudgetError, costSoFar, purse } from "./money.ts";
import type { Clock } from "./ports.ts";
import { proxyAgent } from "./proxy.ts";
import { costText } from "./status.ts";
import type { Tools } from "./tools.ts";

/** One line of `mirsal check`: what was looked at and whether it is well. */
export interface Finding {
	readonly ok: boolean;
	readonly what: string;
	readonly words: string;
}

/** A clock that is wrong by more than this signs Twitter requests that are refused (OAuth 1.0a). Milliseconds. */
const CLOCK_OFF = 60_000;

/** Asks the sources, Telegram and Twitter whether everything is as it must be; changes nothing. */
export async function check(
	settings: Settings,
	parts: { readonly tools: Tools; readonly clock: Clock; readonly ledger?: Ledger },
): Promise<readonly Finding[]> {
	const findings: Finding[] = [];
	const note = (ok: boolean, what: string, words: string) => void findings.push({ ok, what, words });
	for (const warning of settings.warnings) note(true, "settings", warning);

	for (const source of settings.sources) await checkSource(source, parts, note);
	for (const channel of settings.channels) {
		if (channel.telegram) await checkTelegram(channel, settings, note);
		else if (channel.twitter) await checkTwitter(channel, settings, parts, note);
		else note(true, `channel ${channel.name}`, "no credentials: its posts are shown, not sent (preview)");
	}
	for (const channel of settings.channels)
		if (channel.twitter)
			note(
				true,
				`channel ${channel.name}`,
				correctionWords(channel.corrections, settings.money.prices, parts.clock.now()),
			);
	if (parts.ledger && settings.channels.some(({ twitter }) => twitter))
		note(true, "money", costText(await costSoFar(parts.ledger, settings.money, parts.clock.now())));
	return findings;
}

type Note = (ok: boolean, what: string, words: string) => void;

const DOORS = {
	feed: "a feed",
	wordpress: "a WordPress site",
	sitemap: "a sitemap",
	listing: "a page of news",
} as const;

async function checkSource(
	source: SourceSetting,
	{ tools, clock }: { readonly tools: Tools; readonly clock: Clock },
	note: Note,
): Promise<void> {
	const what = `source ${source.name}`;
	try {
		const signal = AbortSignal.timeout(60_000);
		const { door, why, poll } = await tools.openSite(source).discover(signal);
		const where = door.url === undefined ? "" : ` at ${door.url} (${why})`;
		const { length } = poll.drafts;
		note(
			length > 0,
			what,
			`${DOORS[door.kind]}${where} ${length > 0 ? `with ${length} articles` : "without any article"}`,
		);
		const answer = await tools.web.get(source.url, { signal });
		const off = Math.abs(clock.now().getTime() - Date.parse(answer.headers["date"] ?? ""));
		if (off > CLOCK_OFF)
			note(
				false,
				"clock",
				`this machine's clock is ${Math.round(off / 1_000)} s off (by ${new URL(source.url).host}): set it right (timedatectl set-ntp true)`,
			);
	} catch (error) {
		note(false, what, error instanceof Error ? error.message : String(error));
	}
}

async function checkTelegram(channel: ChannelSetting, settings: Settings, note: Note): Promise<void> {
	const { TelegramApi, failureOf } = await import("./channels/telegram-api.ts");
	const what = `channel ${channel.name}`;
	const { token = "", chat = "" } = channel.telegram ?? {};
	const api = new TelegramApi(token, { apiRoot: settings.telegramRoot, agent: await proxyAgent(settings.proxyUrl) });
	let asked = "TELEGRAM_BOT_TOKEN";
	try {
		const me = await api.getMe();
		note(true, what, `the bot is @${me.username}`);
		asked = "TELEGRAM_CHANNEL";
		const room = await api.getChat(chat);
		asked = "the bot's rights";
		const member = await api.getChatMember(chat, me.id);
		const title = "title" in room ? room.title : chat;
		if (member.status === "creator") note(true, what, `may do everything in «${title}»`);
		else if (member.status !== "administrator")
			note(
				false,
				what,
				`TELEGRAM_CHANNEL: the bot @${me.username} is no admin of «${title}»: add it in the channel's settings under “Administrators”`,
			);
		else if (room.type !== "channel")
			// An admin of a group may post; the rights below exist in channels alone (core.telegram.org/bots/api#chatmemberadministrator).
			note(true, what, `may post in the group «${title}»`);
		else {
			const rights = [
				["can_post_messages", "post messages"],
				["can_edit_messages", "edit messages"],
				["can_delete_messages", "delete messages"],
			] as const;
			const missing = rights.filter(([right]) => member[right] !== true).map(([, words]) => words);
			if (missing.length === 0) note(true, what, `may post, edit and delete in «${title}»`);
			else
				note(
					!missing.includes("post messages"),
					what,
					`TELEGRAM_CHANNEL: in «${title}» the bot lacks the right to ${missing.join(", ")}: turn it on in the channel's settings under “Administrators”`,
				);
		}
	} catch (error) {
		const { description, ...failure } = failureOf(error);
		const advice =
			failure.kind !== "answered"
				? "try again later"
				: asked === "TELEGRAM_BOT_TOKEN"
					? "copy the token from @BotFather again"
					: "check the name, and that the bot is an admin there";
		note(false, what, `${asked}: ${description}; ${advice}`);
	}
}

async function checkTwitter(
	channel: ChannelSetting,
	settings: Settings,
	{ ledger, clock }: { readonly ledger?: Ledger; readonly clock: Clock },
	note: Note,
): Promise<void> {
	const { failureOf, twitterClient } = await import("./channels/twitter-api.ts");
	const what = `channel ${channel.name}`;
	if (!channel.twitter) return;
	const client = twitterClient(channel.twitter, {
		apiRoot: settings.twitterRoot,
		agent: await proxyAgent(settings.proxyUrl),
	});
	const who = async (billed: (bill: Bill) => void) => {
		try {
			return await client.me();
		} catch (error) {
			// X bills no request that failed (docs.x.com, “Pricing”).
			if (failureOf(error).kind !== "unanswered") billed({});
			throw error;
		}
	};
	try {
		const me = ledger ? await purse({ ledger, clock }, settings.money).pay({ me: 1 }, who) : await client.me();
		note(true, what, `posts as @${me.username}`);
	} catch (error) {
		if (error instanceof BudgetError)
			return note(true, what, "not asked whose account it is: X bills that, and the month's budget is spent");
		const { description, kind } = failureOf(error);
		note(
			false,
			what,
			`TWITTER_APP_KEY, TWITTER_APP_SECRET, TWITTER_ACCESS_TOKEN, TWITTER_ACCESS_SECRET: ${description}; ${kind === "answered" ? "make the keys again in the developer portal, with read and write" : "try again later"}`,
		);
	}
}

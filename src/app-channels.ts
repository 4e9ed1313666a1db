import type { Channel } from "./channels/channel.ts";
import type { PictureShelf } from "./channels/picture-shelf.ts";
import { previewChannel } from "./channels/preview.ts";
import type { ChannelSetting, Settings } from "./config.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";
import type { Post } from "./post/post.ts";
import type { proxyAgent } from "./proxy.ts";
import type { Tools } from "./tools.ts";

/** What channels are opened with. */
export interface ChannelParts {
	readonly tools: Pick<Tools, "composers">;
	readonly ledger: Pick<Ledger, "channel">;
	readonly agent: Awaited<ReturnType<typeof proxyAgent>>;
	readonly shelf: PictureShelf;
	readonly pause: (milliseconds: number) => Promise<void>;
	readonly clock: Clock;
	readonly log: Log;
	/** Shows the post of a preview channel. */
	readonly show: (post: Post) => void;
}

/** Opens the channels of the settings; `telegram` is the way to the Bot API with a token. */
export function channelsOf(settings: Settings, { tools, ledger, agent, shelf, pause, clock, log, show }: ChannelParts) {
	// telegraf and twitter-api-v2 are large: a newsroom without Telegram or without Twitter does not load them.
	const telegram = async (token: string) =>
		new (await import("./channels/telegram-api.ts")).TelegramApi(token, { apiRoot: settings.telegramRoot, agent });
	async function channelOf(setting: ChannelSetting): Promise<Channel> {
		const { name, kind } = setting;
		const compose = tools.composers.get(name);
		if (!compose) throw new Error(`channel ${name} has no composer`);
		if (setting.telegram) {
			const { token, chat } = setting.telegram;
			const address = async () => (await ledger.channel(name)).movedTo ?? chat;
			const { telegramChannel } = await import("./channels/telegram.ts");
			return telegramChannel({
				name,
				compose,
				api: await telegram(token),
				chat: address,
				opsChat: settings.opsChat,
				now: clock.now,
				pause,
				shelf,
				complain: (words) => log.warn({ channel: name }, words),
			});
		}
		if (setting.twitter) {
			const [{ twitterChannel }, { twitterClient }] = await Promise.all([
				import("./channels/twitter.ts"),
				import("./channels/twitter-api.ts"),
			]);
			return twitterChannel({
				name,
				compose,
				api: twitterClient(setting.twitter, { apiRoot: settings.twitterRoot, agent }),
				now: clock.now,
				shelf,
			});
		}
		return previewChannel({ name, kind, compose, show });
	}

	return { telegram, channelOf };
}

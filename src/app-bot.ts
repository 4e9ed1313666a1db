import type { Agent } from "node:http";
import type { AdminBot } from "./admin/bot.ts";
import type { Desk } from "./admin/desk.ts";
import type { TelegramApi } from "./channels/telegram-api.ts";
import type { Settings } from "./config.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import { loadText } from "./templates.ts";
import type { Tools } from "./tools.ts";

/** The bot and the way to the admins through it. */
export async function openBot(
	settings: Settings,
	parts: {
		desk: Desk;
		api: TelegramApi;
		agent: Agent | undefined;
		tools: Tools;
		clock: Clock;
		log: Log;
		redact: (text: string) => string;
	},
): Promise<{ bot: AdminBot; admins: Admins & { close(): void } } | undefined> {
	const { bot: setting, newsroom, language, telegramRoot: apiRoot } = settings;
	if (!setting) return undefined;
	const { desk, api, agent, clock, log } = parts;
	const [{ adminBot }, { botAdmins }, { sentences }] = await Promise.all([
		import("./admin/bot.ts"),
		import("./admin/admins.ts"),
		import("./admin/sentences.ts"),
	]);
	// Platforms and sites may echo what they were sent, and their words go into what the bot says.
	const load = async (tongue: string) => {
		const spoken = sentences(await loadText(parts.tools.folders, `admin.${tongue}.yaml`));
		return { ...spoken, say: (...said: Parameters<typeof spoken.say>) => parts.redact(spoken.say(...said)) };
	};
	const words = await load(language);
	const common = { api, desk, sentences: words, clock, log };
	return {
		bot: adminBot({
			...common,
			token: setting.token,
			apiRoot,
			...(agent ? { agent } : {}),
			owners: setting.admins,
			editors: newsroom.editors,
			opsChat: setting.opsChat,
			menus: [await load(language === "ar" ? "en" : "ar")],
		}),
		admins: botAdmins({
			...common,
			chat: setting.opsChat,
			people: [...new Set([...setting.admins, ...newsroom.editors])],
		}),
	};
}

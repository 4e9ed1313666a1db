import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Log } from "../ports.ts";
import type { Role } from "./ask.ts";
import { commands, may } from "./commands.ts";
import type { Sentences } from "./sentences.ts";

/**
 * The menu of commands in an admin's own chat: the first language for everybody, and each by its language code.
 * Telegram takes it only after that admin pressed /start, so a failure is no trouble.
 */
export function menu({
	api,
	languages,
	log,
}: {
	readonly api: TelegramApi;
	readonly languages: readonly Sentences[];
	readonly log: Log;
}) {
	return async ({ id, role }: { readonly id: number; readonly role: Role }): Promise<void> => {
		const mine = commands.filter((command) => may(role, command));
		const set = (language: Sentences, code: { language_code?: string }) =>
			api.setMyCommands(
				mine.map(({ name, says }) => ({ command: name, description: language.say(says) })),
				{ scope: { type: "chat", chat_id: id }, ...code },
			);
		try {
			for (const [place, language] of languages.entries()) {
				if (place === 0) await set(language, {});
				await set(language, { language_code: language.language });
			}
		} catch (error) {
			log.debug({ admin: id, reason: failureOf(error).description }, "the menu of commands could not be set");
		}
	};
}

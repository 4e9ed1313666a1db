import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Log } from "../ports.ts";
import { may, type Role } from "./ask.ts";
import { commands } from "./commands.ts";
import type { Sentences } from "./sentences.ts";
import type { Tongues } from "./tongues.ts";

/**
 * The menu of commands in an admin's own chat: the language he speaks with the bot for everybody, and each other one by its language code.
 * Telegram takes it only after that admin pressed /start, so a failure is no trouble.
 */
export function menu({
	api,
	tongues,
	log,
}: {
	readonly api: TelegramApi;
	readonly tongues: Tongues;
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
			const spoken = await tongues.of(id);
			await set(spoken, {});
			// A chosen language counts more than that of the telephone.
			const chosen = spoken !== tongues.main;
			for (const language of tongues.languages)
				await set(chosen ? spoken : language, { language_code: language.language });
		} catch (error) {
			log.debug({ admin: id, reason: failureOf(error).description }, "the menu of commands could not be set");
		}
	};
}

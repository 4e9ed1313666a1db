import { type Ask, called, Declined } from "./ask.ts";
import type { Reply } from "./outbox.ts";

/** Who the bot is and what it does. */
export async function start({ desk, words, from }: Ask): Promise<Reply> {
	const lines = [
		words.say(desk.newsroom === "" ? "startHello" : "startHelloNewsroom", { name: from.name, newsroom: desk.newsroom }),
		words.say(`startRole_${from.role}`),
		words.say("startWhat", { channels: words.list(desk.channels.map((channel) => called(words, channel))) }),
		words.say("startNext"),
	];
	return {
		text: lines.join("\n"),
		buttons: [
			[
				{ label: words.say("buttonStatus"), run: "status" },
				{ label: words.say("buttonHelp"), run: "help" },
			],
		],
	};
}

/** The admin's own number. */
export const id = async ({ words, from }: Ask): Promise<Reply> => ({ text: words.say("yourId", { id: from.id }) });

/** Which Mirsal this is. */
export const version = async ({ desk, words }: Ask): Promise<Reply> => ({
	text: words.say("version", { version: desk.version }),
});

/** Another language for this admin alone. */
export async function lang({ words, args, speak }: Ask): Promise<Reply> {
	const wish = args[0]?.toLowerCase() ?? (words.language === "ar" ? "en" : "ar");
	const other = await speak(wish);
	if (!other) throw new Declined(words.say("langWrong", { language: wish }));
	return { text: other.say("langSet") };
}

/** A whole copy of the ledger, as a file to the owner who asks for it in private. */
export async function ledger({ desk, words, args, place }: Ask): Promise<Reply> {
	if (args[0] !== "backup") throw new Declined(words.say("missing_backup"));
	if (place === "group") throw new Declined(words.say("backupPrivate"));
	try {
		const { name, bytes, sealed } = await desk.backup();
		return { text: words.say(sealed ? "backupSealed" : "backupOpen"), file: { name, bytes } };
	} catch (error) {
		throw new Declined(words.say("backupNotMade", { reason: error instanceof Error ? error.message : String(error) }));
	}
}

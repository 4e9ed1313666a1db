import type { CallbackQuery } from "telegraf/types";
import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Clock, Log } from "../ports.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import { aboutOf, carryOut } from "./acting.ts";
import type { Who } from "./ask.ts";
import type { Desk } from "./desk.ts";
import type { Admitted } from "./gate.ts";
import type { Offered, offers } from "./offers.ts";
import type { Reply } from "./outbox.ts";
import { type Asked, type Press, questions } from "./questions.ts";
import type { Sentences } from "./sentences.ts";
import type { Tongues } from "./tongues.ts";

export interface PressesParts {
	readonly api: TelegramApi;
	readonly desk: Desk;
	readonly tongues: Tongues;
	readonly offered: ReturnType<typeof offers>;
	readonly clock: Clock;
	readonly log: Log;
	/** Says something in a chat, behind the caller's back. */
	readonly reply: (chat: number, replies: readonly Reply[], admin: number) => void;
	/** Work that a stop waits for. */
	readonly hold: <T>(work: Promise<T>) => Promise<T>;
}

/** A press with the message that its button stands under. */
interface Pressed {
	readonly data: string;
	readonly from: Admitted;
	readonly place: NonNullable<CallbackQuery["message"]>;
	/** A short word on the admin's screen; one that must be read, with `alert`. */
	readonly answer: (text?: string, alert?: boolean) => void;
}

/** What a question was about, for the log. */
const asksAbout = (asked: Asked) =>
	"hold" in asked ? { hold: asked.hold } : { channel: asked.channel, article: asked.id };

/** Buttons that decide something: those under questions to all admins, where the first decision counts, and those offered to one. */
export function presses({ api, desk, tongues, offered, clock, log, reply, hold }: PressesParts) {
	const answers = questions(desk);
	const quietly = (work: Promise<unknown>, what: string) =>
		void hold(work.catch((error) => log.debug({ reason: failureOf(error).description }, what)));

	function audit(from: Admitted, did: string): Promise<void> {
		return desk.ledger.audit({ at: clock.now().toISOString(), id: from.id, by: from.name, did, outcome: "done" });
	}

	/** A button that was offered to one admin. */
	async function offer({ data, from, place, answer }: Pressed, found: Offered, words: Sentences): Promise<void> {
		if (found.kind === "used") return answer(words.say("offerUsed", { answer: found.label }), true);
		if (found.kind !== "act") return answer(words.say(found.kind === "late" ? "offerLate" : "offerOthers"), true);
		const { act, label, nonce } = found;
		const who: Who = { desk, words, log, from, now: clock.now() };
		const done = await carryOut(who, act);
		// Doing the same again is harmless, so a stop between the two loses nothing.
		await offered.use(nonce, label, clock.now());
		if (done) {
			log.info({ admin: from.id, does: act.do, about: aboutOf(act) }, "a button was pressed");
			await audit(from, `${act.do} ${aboutOf(act)}`);
		}
		answer(done?.toast ?? words.say("pressSettled"), done === undefined);
		if (done?.reply) reply(place.chat.id, [done.reply], from.id);
		const rows = ("reply_markup" in place && place.reply_markup?.inline_keyboard) || [];
		const mine = data.slice(0, data.lastIndexOf(":") + 1);
		const left = rows.filter((row) => !row.some((one) => "callback_data" in one && one.callback_data.startsWith(mine)));
		if (left.length < rows.length)
			quietly(
				api.editMessageReplyMarkup(place.chat.id, place.message_id, undefined, { inline_keyboard: left }),
				"used buttons could not be taken away",
			);
	}

	/** A button under a question to all admins. */
	async function question({ data, from, place, answer }: Pressed, words: Sentences): Promise<void> {
		const press = await answers.press(data, from.name, clock.now());
		answer(said(words, press, "toast"), press.kind !== "decided");
		if (press.kind === "unknown") return;
		const { asked } = press;
		if (press.kind === "decided") {
			log.info({ admin: from.id, ...asksAbout(asked), decision: press.label }, "decided by an admin");
			await audit(from, `${press.label} ${Object.values(asksAbout(asked)).join("/")}`);
			for (const { name } of desk.channels) if ("hold" in asked || asked.channel === name) await desk.wake(name);
		}
		const here = { chat: place.chat.id, message: place.message_id };
		const others = (asked.copies ?? []).filter(({ chat, message }) => chat !== here.chat || message !== here.message);
		for (const { chat, message } of press.kind === "decided" ? [here, ...others] : [here])
			quietly(
				closeQuestion(api, { chat, message }, asked, said(tongues.main, press, "note")),
				"a question could not be marked as answered",
			);
	}

	return async (press: Pressed): Promise<void> => {
		const words = await tongues.of(press.from.id);
		const found = await offered.pressed(press.data, press.from.id, clock.now());
		if (found) await offer(press, found, words);
		else await question(press, words);
	};
}

/** Puts what was decided under a question, and takes its buttons away. */
export async function closeQuestion(
	api: TelegramApi,
	{ chat, message }: { readonly chat: number; readonly message: number },
	{ text, html, link }: Pick<Asked, "text" | "html" | "link">,
	note: string,
): Promise<void> {
	await api.editMessageText(chat, message, undefined, `${text}\n\n${html ? escapeHtml(note) : note}`, {
		...(html ? { parse_mode: "HTML" as const } : {}),
		link_preview_options:
			link === undefined ? { is_disabled: true } : { url: link, prefer_large_media: true, show_above_text: true },
	});
}

/** What a press came to: for the one who pressed, or under the question for everybody. */
export function said(words: Sentences, press: Press, where: "toast" | "note"): string {
	switch (press.kind) {
		case "unknown":
			return words.say("pressUnknown");
		case "decided":
			return where === "toast"
				? words.say(press.label === "later" ? "pressLater" : "pressDone")
				: words.say("decided", { by: press.by, answer: words.say(press.label) });
		case "already":
			return words.say(where === "toast" ? "pressAlready" : "decided", {
				by: press.by,
				answer: words.say(press.label),
			});
		case "late":
			return words.say("pressLate");
		case "settled":
			return words.say("pressSettled");
	}
}

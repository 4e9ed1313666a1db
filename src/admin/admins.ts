import type { TelegramApi } from "../channels/telegram-api.ts";
import type { Admins, Clock, Log, Notice, Question } from "../ports.ts";
import type { Desk } from "./desk.ts";
import { incidents } from "./incidents.ts";
import { outbox, type Reply } from "./outbox.ts";
import { questions } from "./questions.ts";
import type { Sentences } from "./sentences.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface BotAdminsOptions {
	readonly api: TelegramApi;
	/** Where the admins are told: a person's or a group's number, or @name. */
	readonly chat: string | number;
	readonly desk: Pick<Desk, "ledger" | "channels" | "release">;
	readonly sentences: Sentences;
	readonly clock: Clock;
	readonly log: Log;
}

/** Admins who are told by the bot, in one chat. Messages go out behind the caller's back; `close` gives up those that wait. */
export function botAdmins({
	api,
	chat,
	desk,
	sentences: words,
	clock,
	log,
}: BotAdminsOptions): Admins & { close(): void } {
	const out = outbox({ api, clock, log, patience: DAY });
	const incident = incidents(desk.ledger);
	const asked = questions(desk);
	/** Incidents whose message is on its way. */
	const underway = new Set<string>();
	/** Told while the ledger could not be written, a full disk for one: only this process remembers that. */
	const unkept = new Set<string>();
	/** Told by this process: what counts when the ledger cannot be asked. */
	const heard = new Set<string>();
	let turn: Promise<unknown> = Promise.resolve();

	/** Looks at incidents one after the other, so that one which is over is not noted as told. */
	function inTurn<T>(work: () => Promise<T>): Promise<T> {
		const mine = turn.then(work);
		turn = mine.catch(() => undefined);
		return mine;
	}

	function deliver(name: string, reply: Reply): void {
		underway.add(name);
		void out
			.send(chat, reply)
			.then((sent) =>
				inTurn(async () => {
					if (!underway.delete(name) || !sent) return;
					heard.add(name);
					await incident.told(name);
				}),
			)
			.catch((error) => {
				unkept.add(name);
				log.error({ incident: name, error: String(error) }, "what the admins were told could not be noted");
			});
	}

	/** What an earlier life kept and could not tell. */
	void inTurn(async () => {
		for (const { incident: name, text } of await incident.untold()) deliver(name, { text });
	}).catch((error) => log.error({ error: String(error) }, "the open incidents could not be read"));

	/** Tells of an incident unless that was done; what could not be delivered is told again with the next notice of it. */
	function tell(
		notice: Notice,
		compose: (text: string) => Promise<Reply>,
		more: Readonly<Record<string, number>> = {},
	): Promise<void> {
		const name = notice.incident;
		return inTurn(async () => {
			if (underway.has(name)) return;
			const text = words.say(notice.sentence, { ...(await incident.fields(notice)), ...more });
			const toldUnkept = unkept.has(name);
			const fresh = await incident.open(name, text).catch((error) => {
				if (heard.has(name) || toldUnkept) return false;
				log.error({ incident: name, error: String(error) }, "the admins are told, and the ledger cannot note it");
				unkept.add(name);
				return true;
			});
			if (!fresh) return;
			if (toldUnkept) await incident.told(name);
			else deliver(name, await compose(text));
		}).catch((error) =>
			log.error({ incident: name, sentence: notice.sentence, error: String(error) }, "the admins could not be told"),
		);
	}

	return {
		notify: (notice) => tell(notice, async (text) => ({ text })),
		resolve: (notice) =>
			inTurn(async () => {
				// Behind the first message in the chat's queue, so it cannot come before it.
				const going = underway.delete(notice.incident);
				heard.delete(notice.incident);
				const known = unkept.delete(notice.incident) || going;
				if ((await incident.close(notice.incident)) || known)
					void out.send(chat, { text: words.say(notice.sentence, await incident.fields(notice)) });
			}).catch((error) =>
				log.error({ incident: notice.incident, error: String(error) }, "the admins could not be told that it is over"),
			),
		ask(question: Question) {
			const compose = async (text: string): Promise<Reply> => {
				const data = await asked.keep(question, text, clock.now());
				const answers = question.buttons.map(({ label }, index) => ({
					label: words.say(label),
					data: data[index] ?? "",
				}));
				const address =
					("channel" in question && desk.channels.find(({ name }) => name === question.channel)?.address) || "";
				return {
					text,
					buttons: [
						answers,
						...(address.startsWith("@")
							? [[{ label: words.say("openChannel"), url: `https://t.me/${address.slice(1)}` }]]
							: []),
					],
				};
			};
			const minutes = Math.max(1, Math.round((new Date(question.until).getTime() - clock.now().getTime()) / MINUTE));
			return tell(question, compose, { minutes });
		},
		close: () => out.close(),
	};
}

import { failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Admins, Clock, Log, Notice, Question } from "../ports.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import type { Desk } from "./desk.ts";
import { incidents } from "./incidents.ts";
import { type Button, outbox, type Reply } from "./outbox.ts";
import { closeQuestion, said } from "./presses.ts";
import { replyOf } from "./previews.ts";
import { questions } from "./questions.ts";
import type { Sentences } from "./sentences.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Characters of a message that shows a post, with what is said beneath it. */
const LENGTH = 4000;

export interface BotAdminsOptions {
	readonly api: TelegramApi;
	/** Where the admins are told: a person's or a group's number, or @name. */
	readonly chat: string | number;
	/** Numbers of all admins: what must be approved goes to each of them, unless the chat is a group. */
	readonly people?: readonly number[];
	readonly desk: Pick<Desk, "ledger" | "channels" | "release" | "posts">;
	readonly sentences: Sentences;
	readonly clock: Clock;
	readonly log: Log;
}

/** What is said, and what follows when it stands in a chat. */
interface Message {
	readonly reply: Reply;
	readonly chats?: readonly (string | number)[];
	readonly put?: (copy: { readonly chat: number; readonly message: number }) => Promise<void>;
}

/** Admins who are told by the bot, in one chat. Messages go out behind the caller's back; `close` gives up those that wait. */
export function botAdmins({
	api,
	chat,
	people = [],
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
	/** Incidents that wait for their hour, with what ends that. */
	const quiet = new Map<string, () => void>();
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

	function deliver(name: string, { reply, chats = [chat], put }: Message): void {
		underway.add(name);
		const copies = chats.map(async (one) => {
			const sent = await out.send(one, reply);
			if (sent) await put?.(sent);
			return sent !== undefined;
		});
		void Promise.all(copies)
			.then((reached) =>
				inTurn(async () => {
					if (!underway.delete(name) || !reached.includes(true)) return;
					heard.add(name);
					await incident.told(name, clock.now());
				}),
			)
			.catch((error) => {
				unkept.add(name);
				log.error({ incident: name, error: String(error) }, "what the admins were told could not be noted");
			});
	}

	/** Tells of an incident that comes and goes when its hour is over, unless it is over itself by then. */
	function deliverAt(time: Date, name: string, text: string): void {
		const wake = () => {
			quiet.delete(name);
			void inTurn(async () => {
				if (await incident.isUntold(name)) deliver(name, { reply: { text } });
			}).catch((error) => log.error({ incident: name, error: String(error) }, "the admins could not be told"));
		};
		quiet.set(name, clock.at(time, wake));
	}

	/** What an earlier life kept and could not tell. What is held is asked again with its buttons. */
	void inTurn(async () => {
		for (const { incident: name, text } of await incident.untold())
			if (!name.startsWith("hold:approve:")) deliver(name, { reply: { text } });
	}).catch((error) => log.error({ error: String(error) }, "the open incidents could not be read"));

	/** Tells of an incident unless that was done; what could not be delivered is told again with the next notice of it. */
	function tell(
		notice: Notice,
		compose: (text: string) => Promise<Message>,
		more: Readonly<Record<string, number>> = {},
	): Promise<void> {
		const name = notice.incident;
		return inTurn(async () => {
			if (underway.has(name) || quiet.has(name)) return;
			const text = words.say(notice.sentence, { ...(await incident.fields(notice)), ...more });
			const toldUnkept = unkept.has(name);
			const when = await incident.open(name, text, clock.now()).catch((error) => {
				if (heard.has(name) || toldUnkept) return "told" as const;
				log.error({ incident: name, error: String(error) }, "the admins are told, and the ledger cannot note it");
				unkept.add(name);
				return "tell" as const;
			});
			if (when === "told") return;
			if (toldUnkept) await incident.told(name, clock.now());
			else if (when === "tell") deliver(name, await compose(text));
			else deliverAt(when, name, text);
		}).catch((error) =>
			log.error({ incident: name, sentence: notice.sentence, error: String(error) }, "the admins could not be told"),
		);
	}

	/** An article that must be approved, as it would be posted, with what is asked beneath. */
	async function draft(id: string, text: string): Promise<Pick<Reply, "text" | "html" | "link">> {
		const known = await desk.ledger.article(id);
		const posts = known ? desk.posts(known.article) : {};
		const post = desk.channels.map(({ name }) => posts[name]).find((one) => one !== undefined);
		if (!post || post.length + text.length > LENGTH) return { text };
		const shown = replyOf(post);
		return { ...shown, text: `${shown.text}\n\n${shown.html ? `<i>${escapeHtml(text)}</i>` : text}` };
	}

	async function ask(question: Question, text: string): Promise<Message> {
		const shows = "hold" in question ? question.shows : undefined;
		const shown = shows === undefined ? { text } : await draft(shows, text);
		const { nonce, data } = await asked.keep(question, shown, clock.now());
		const answers = question.buttons.map(
			({ label }, index): Button => ({ label: words.say(label), data: data[index] ?? "" }),
		);
		const address =
			("channel" in question && desk.channels.find(({ name }) => name === question.channel)?.address) || "";
		const buttons = address.startsWith("@")
			? [answers, [{ label: words.say("openChannel"), url: `https://t.me/${address.slice(1)}` }]]
			: [answers];
		return {
			reply: { ...shown, buttons },
			...(shows !== undefined && people.includes(Number(chat)) ? { chats: people } : {}),
			async put(copy) {
				const late = await asked.put(nonce, copy);
				if (!late || !("asked" in late)) return;
				await closeQuestion(api, copy, late.asked, said(words, late, "note")).catch((error) =>
					log.debug({ reason: failureOf(error).description }, "a question could not be marked as answered"),
				);
			},
		};
	}

	return {
		notify: (notice) => tell(notice, async (text) => ({ reply: { text } })),
		resolve: (notice) =>
			inTurn(async () => {
				// Behind the first message in the chat's queue, so it cannot come before it.
				const going = underway.delete(notice.incident);
				quiet.get(notice.incident)?.();
				quiet.delete(notice.incident);
				heard.delete(notice.incident);
				const known = unkept.delete(notice.incident) || going;
				if ((await incident.close(notice.incident)) || known)
					void out.send(chat, { text: words.say(notice.sentence, await incident.fields(notice)) });
			}).catch((error) =>
				log.error({ incident: notice.incident, error: String(error) }, "the admins could not be told that it is over"),
			),
		ask(question: Question) {
			const minutes = Math.max(1, Math.round((new Date(question.until).getTime() - clock.now().getTime()) / MINUTE));
			return tell(question, (text) => ask(question, text), { minutes });
		},
		close() {
			for (const cancel of quiet.values()) cancel();
			out.close();
		},
	};
}

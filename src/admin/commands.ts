import { direct } from "../arabic/direction.ts";
import type { Delivery } from "../ledger/delivery.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import { SourceError } from "../sources/source.ts";
import { type Ask, addressOf, type Command, called, channelsOf, Declined, type Role } from "./ask.ts";
import type { DeskChannel } from "./desk.ts";
import { incidents, refusalOf } from "./incidents.ts";
import type { Reply } from "./outbox.ts";
import { overview } from "./overview.ts";
import { knownAt, removedLines, short, story } from "./story.ts";

/** Posts shown by /last for a channel, and for all of them together: a message has an end. */
const LAST = 5;
const LAST_OF_ALL = 15;
/** Articles shown by /preview when the address is a feed. */
const PREVIEWED = 3;

/** Everything the bot can be told to do. */
export const commands: readonly Command[] = [
	{ name: "start", who: "editor", says: "helpStart", run: start },
	{ name: "status", who: "editor", says: "helpStatus", run: overview },
	{ name: "last", who: "editor", says: "helpLast", run: last },
	{ name: "pause", who: "editor", says: "helpPause", changes: true, run: pause },
	{ name: "resume", who: "editor", says: "helpResume", changes: true, run: resume },
	{ name: "preview", who: "editor", says: "helpPreview", slow: true, run: preview },
	{ name: "why", who: "editor", says: "helpWhy", run: story },
	{ name: "retry", who: "editor", says: "helpRetry", changes: true, run: retry },
	{
		name: "id",
		who: "editor",
		says: "helpId",
		run: async ({ words, from }) => ({ text: words.say("yourId", { id: from.id }) }),
	},
	{ name: "help", who: "editor", says: "helpHelp", run: help },
];

/** Whether somebody of this role may use a command. */
export function may(role: Role, { who }: Pick<Command, "who">): boolean {
	return role === "owner" || who === "editor";
}

async function start({ desk, words, from }: Ask): Promise<Reply> {
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

async function help({ desk, words, from }: Ask): Promise<Reply> {
	const mine = commands.filter((command) => may(from.role, command));
	return {
		text: [
			words.say("helpHead"),
			...mine.map(({ name, says }) => words.say("helpLine", { command: `/${name}`, says: words.say(says) })),
			words.say("version", { version: desk.version }),
		].join("\n"),
	};
}

async function last(ask: Ask): Promise<Reply> {
	const { desk, words, now } = ask;
	const lines: string[] = [];
	const wanted = channelsOf(ask, ask.args[0]);
	const most = Math.max(1, Math.min(LAST, Math.floor(LAST_OF_ALL / wanted.length)));
	for (const channel of wanted) {
		const { recent } = await desk.ledger.channel(channel.name);
		if (lines.length > 0) lines.push("");
		lines.push(`<b>${escapeHtml(called(words, channel))}</b>`);
		if (recent.length === 0) lines.push(escapeHtml(words.say("nothingPosted")));
		for (const id of recent.slice(0, most)) {
			const delivery = await desk.ledger.delivery(channel.name, id);
			const known = await desk.ledger.article(id);
			if (!delivery) continue;
			const title = escapeHtml(direct(short(known?.article.title ?? id)));
			const url = delivery.receipt?.url ?? known?.article.url;
			const ago = escapeHtml(words.ago(new Date(delivery.changedAt), now));
			lines.push(`• ${url ? `<a href="${escapeHtml(url)}">${title}</a>` : title} (${ago})`);
		}
	}
	return { text: lines.join("\n"), html: true };
}

async function pause(ask: Ask): Promise<Reply> {
	const { desk, words, from, now } = ask;
	const lines: string[] = [];
	for (const channel of channelsOf(ask, ask.args[0])) {
		const { paused } = await desk.ledger.channel(channel.name);
		if (!paused)
			await desk.ledger.updateChannel(channel.name, (before) => ({
				...before,
				paused: before.paused ?? { by: from.name, at: now.toISOString() },
			}));
		const fields = {
			channel: called(words, channel),
			by: paused?.by ?? "",
			ago: paused ? words.ago(new Date(paused.at), now) : "",
		};
		lines.push(words.say(paused ? "pausedBefore" : "pausedNow", fields));
	}
	return { text: [...lines, words.say("pausedNext")].join("\n") };
}

async function resume(ask: Ask): Promise<Reply> {
	const { desk, words } = ask;
	const lines: string[] = [];
	for (const channel of channelsOf(ask, ask.args[0])) {
		const { paused, parked, wait } = await desk.ledger.channel(channel.name);
		const stood = paused !== undefined || parked !== undefined || wait !== undefined;
		if (stood) {
			await desk.ledger.updateChannel(channel.name, ({ paused: _paused, parked: still, wait: _wait, ...before }) =>
				// What piled up for want of money is asked about first.
				still?.unpaid ? { ...before, parked: { ...still, until: ask.now.toISOString() } } : before,
			);
			// Parked again for the same reason, it is told again: somebody thought it mended.
			if (parked) await incidents(desk.ledger).close(`parked:${channel.name}`);
		}
		await desk.wake(channel.name);
		const waiting = await desk.ledger.size("open", channel.name);
		lines.push(
			words.say(!stood ? "runsAlready" : waiting > 0 ? "resumedWaiting" : "resumed", {
				channel: called(words, channel),
				count: waiting,
			}),
		);
	}
	return { text: lines.join("\n") };
}

async function preview(ask: Ask): Promise<readonly Reply[]> {
	const { desk, words } = ask;
	const address = addressOf(ask, ask.args[0]);
	let previews: Awaited<ReturnType<typeof desk.preview>>;
	try {
		previews = await desk.preview(address);
	} catch (error) {
		if (error instanceof SourceError) throw new Declined(words.say("previewFailed", { reason: error.message }));
		throw error;
	}
	if (previews.length === 0) throw new Declined(words.say("previewEmpty"));
	const shown = previews.slice(0, PREVIEWED).flatMap(({ posts, removed }) => [
		...desk.channels.flatMap((channel): Reply[] => {
			const post = posts[channel.name];
			if (!post) return [];
			const measure = words.say("previewLength", {
				channel: called(words, channel),
				length: post.length,
				limit: post.limit,
			});
			const body: Reply = {
				text: post.html ?? post.text,
				...(post.html === undefined ? {} : { html: true as const }),
				...(post.html !== undefined && post.link !== undefined ? { link: post.link } : {}),
			};
			return [
				body,
				{
					text: [measure, ...(post.complaint ? [words.say("templateBroken", { problem: post.complaint })] : [])].join(
						"\n",
					),
				},
			];
		}),
		{ text: removedLines(ask, removed).join("\n") },
	]);
	return previews.length > PREVIEWED
		? [...shown, { text: words.say("previewMore", { count: previews.length - PREVIEWED }) }]
		: shown;
}

async function retry(ask: Ask): Promise<Reply> {
	const { words } = ask;
	const [address, name] = ask.args;
	const id = await knownAt(ask, address);
	const lines: string[] = [];
	for (const channel of channelsOf(ask, name)) {
		const delivery = await ask.desk.ledger.delivery(channel.name, id);
		const outcome = delivery ? await retried(ask, channel, delivery) : "retryUnplanned";
		lines.push(words.say("channelLine", { channel: called(words, channel), facts: words.say(outcome) }));
	}
	return { text: lines.join("\n") };
}

/** Asks the lane to plan a delivery again where that can change anything; the sentence that says what was done. */
async function retried(
	{ desk, from, now }: Ask,
	channel: DeskChannel,
	{ id, state, closed }: Delivery,
): Promise<string> {
	if (state === "sent") return "retrySent";
	// Sent again while the lane still looks for it, it could stand there twice.
	if (state === "unsure" && !closed) return "retryLooking";
	if (state === "planned" || state === "waiting" || state === "sending") return "retryQueued";
	await desk.ledger.decide(channel.name, id, { v: 1, do: "retry", by: from.name, at: now.toISOString() });
	await incidents(desk.ledger).close(refusalOf(channel.name, id));
	await desk.wake(channel.name);
	return channel.preview ? "retryPreview" : "retryPlanned";
}

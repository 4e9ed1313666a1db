import { NotOneArticle } from "../by-hand.ts";
import type { Delivery } from "../ledger/delivery.ts";
import { SourceError } from "../sources/source.ts";
import { type Ask, addressOf, called, channelsOf, Declined } from "./ask.ts";
import type { DeskChannel } from "./desk.ts";
import { incidents } from "./incidents.ts";
import { short } from "./lines.ts";
import type { Reply } from "./outbox.ts";
import { knownAt } from "./story.ts";

/** Posts the article at an address: one that is known again, another one for the first time. */
export const post = (ask: Ask): Promise<Reply> => posted(ask, "article");

/** The same as breaking news, before everything else that waits. */
export const breaking = (ask: Ask): Promise<Reply> => posted(ask, "breaking");

async function posted(ask: Ask, kind: "article" | "breaking"): Promise<Reply> {
	const { desk, words, from } = ask;
	const address = addressOf(ask, ask.args[0]);
	const channels = channelsOf(ask, ask.args[1]).map(({ name }) => name);
	try {
		const { article, channels: outcomes } = await desk.post(address, { channels, kind, by: from.name });
		const lines = [words.say("quoted", { text: short(article.title) })];
		for (const { name, outcome } of outcomes) {
			const channel = desk.channels.find((one) => one.name === name);
			if (!channel) continue;
			if (outcome === "planned") await incidents(desk.ledger).forgetAbout(name, article.id);
			await desk.wake(name);
			const done = outcome === "planned" && channel.preview ? "post_preview" : `post_${outcome}`;
			lines.push(words.say("channelLine", { channel: called(words, channel), facts: words.say(done) }));
		}
		return { text: lines.join("\n") };
	} catch (error) {
		if (error instanceof SourceError) throw new Declined(words.say("previewFailed", { reason: error.message }));
		if (error instanceof NotOneArticle)
			throw new Declined(
				error.count === 0 ? words.say("previewEmpty") : words.say("manyArticles", { count: error.count }),
			);
		throw error;
	}
}

/** Leaves an article out that was not posted yet. */
export async function skip(ask: Ask): Promise<Reply> {
	const { desk, from, now } = ask;
	return each(ask, "retryUnplanned", async ({ name }, { id, state }) => {
		if (state === "sent") return "skipSent";
		if (state === "skipped") return "skipSkipped";
		if (state === "sending" || state === "unsure") return "retryLooking";
		await desk.ledger.decide(name, id, { v: 1, do: "skip", by: from.name, at: now.toISOString() });
		await incidents(desk.ledger).forgetAbout(name, id);
		await desk.wake(name);
		return "skipDone";
	});
}

/** Asks the lanes to send an article again where that can change anything. */
export async function retry(ask: Ask): Promise<Reply> {
	const { desk, from, now } = ask;
	return each(ask, "retryUnplanned", async ({ name, preview }, { id, state, closed }) => {
		if (state === "sent") return "retrySent";
		// Sent again while the lane still looks for it, it could stand there twice.
		if (state === "unsure" && !closed) return "retryLooking";
		if (state === "planned" || state === "waiting" || state === "sending") return "retryQueued";
		await desk.ledger.decide(name, id, { v: 1, do: "retry", by: from.name, at: now.toISOString() });
		await incidents(desk.ledger).forgetAbout(name, id);
		await desk.wake(name);
		return preview ? "retryPreview" : "retryPlanned";
	});
}

/** Does something with each delivery of the article that is named; a line for each channel says what came of it. */
async function each(
	ask: Ask,
	unplanned: string,
	work: (channel: DeskChannel, delivery: Delivery) => Promise<string>,
): Promise<Reply> {
	const { desk, words } = ask;
	const [address, name] = ask.args;
	const id = await knownAt(ask, address);
	const lines: string[] = [];
	for (const channel of channelsOf(ask, name)) {
		const delivery = await desk.ledger.delivery(channel.name, id);
		const outcome = delivery ? await work(channel, delivery) : unplanned;
		lines.push(words.say("channelLine", { channel: called(words, channel), facts: words.say(outcome) }));
	}
	return { text: lines.join("\n") };
}

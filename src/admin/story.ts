import type { Delivery } from "../ledger/delivery.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import { type Ask, addressOf, called, Declined } from "./ask.ts";
import type { DeskChannel } from "./desk.ts";
import { clockTime, short } from "./lines.ts";
import type { Reply } from "./outbox.ts";

/** Pieces that cleaning took out, told one by one. */
const TOLD = 5;
const REASON = 300;

/** The id of the known article at the address that an admin wrote. Throws Declined. */
export async function knownAt(ask: Ask, word: string | undefined): Promise<string> {
	const address = addressOf(ask, word);
	let id: string | undefined;
	try {
		id = await ask.desk.known(address);
	} catch (error) {
		if (error instanceof TypeError) throw new Declined(ask.words.say("notAnAddress", { address }));
		throw error;
	}
	if (id === undefined) throw new Declined(ask.words.say("notKnown"));
	return id;
}

/** The whole story of an article in short lines, for /why. */
export async function story(ask: Ask): Promise<Reply> {
	const { desk, words, now } = ask;
	const id = await knownAt(ask, ask.args[0]);
	const known = await desk.ledger.article(id);
	if (!known) throw new Declined(words.say("notKnown"));
	const { article, removed, foundAt, revisions = [] } = known;
	const lines = [
		words.say("quoted", { text: short(article.title) || words.say("noTitle") }),
		words.say("whyFound", {
			ago: words.ago(new Date(foundAt), now),
			time: clockTime(ask, foundAt),
			source: article.source,
		}),
		...(article.publishedAt ? [words.say("whyPublished", { time: clockTime(ask, article.publishedAt) })] : []),
		...revisions.slice(-1).map(({ at }) => words.say("whyRevised", { ago: words.ago(new Date(at), now) })),
		...removedLines(ask, removed),
	].map(escapeHtml);
	for (const channel of desk.channels) {
		const delivery = await desk.ledger.delivery(channel.name, id);
		lines.push(
			delivery
				? deliveryLine(ask, channel, delivery)
				: escapeHtml(words.say("channelLine", { channel: called(words, channel), facts: words.say("whyNone") })),
		);
	}
	return { text: lines.join("\n"), html: true };
}

/** What cleaning took out of a text, in the admin's words. */
export function removedLines({ words }: Ask, removed: readonly { readonly text: string }[]): string[] {
	if (removed.length === 0) return [words.say("nothingRemoved")];
	const rest = removed.length - TOLD;
	return [
		...removed.slice(0, TOLD).map(({ text }) => words.say("removed", { text: short(text) })),
		...(rest > 0 ? [words.say("removedMore", { count: rest })] : []),
	];
}

function deliveryLine({ words, now }: Ask, channel: DeskChannel, delivery: Delivery): string {
	const { state, attempts, changedAt, notBefore, receipt, closed } = delivery;
	const reason = (delivery.reason ?? "").slice(0, REASON);
	const ago = words.ago(new Date(state === "waiting" && notBefore ? notBefore : changedAt), now);
	const name =
		state === "unsure" && closed
			? "why_unsureClosed"
			: state === "planned" && reason !== ""
				? "why_plannedAgain"
				: state === "waiting" && attempts === 0
					? "why_scheduled"
					: `why_${state}`;
	const facts = [
		words.say(name, { ago, reason }),
		...(attempts > 1 ? [words.say("whyAttempts", { count: attempts })] : []),
	];
	const line = escapeHtml(words.say("channelLine", { channel: called(words, channel), facts: words.list(facts) }));
	return receipt?.url
		? `${line} — <a href="${escapeHtml(receipt.url)}">${escapeHtml(words.say("openPost"))}</a>`
		: line;
}

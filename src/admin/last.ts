import { escapeHtml } from "../post/telegram-html.ts";
import { type Ask, called, channelsOf } from "./ask.ts";
import { headline, short } from "./lines.ts";
import type { Button, Reply } from "./outbox.ts";

/** Posts shown for a channel, and for all of them together: a message has an end. */
const LAST = 5;
const LAST_OF_ALL = 15;
/** Buttons for what reached one channel and not another. */
const RETRIES = 5;
/** Characters of a headline on a button. */
const LABEL = 30;

/** The latest posts with their links; what reached one channel and not another can be sent again there. */
export async function last(ask: Ask): Promise<Reply> {
	const { desk, words, now } = ask;
	const lines: string[] = [];
	const shown = new Set<string>();
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
			shown.add(id);
			const title = escapeHtml(await headline(ask, id));
			const url = delivery.receipt?.url ?? known?.article.url;
			const ago = escapeHtml(words.ago(new Date(delivery.changedAt), now));
			lines.push(`• ${url ? `<a href="${escapeHtml(url)}">${title}</a>` : title} (${ago})`);
		}
	}
	const buttons = await retries(ask, [...shown]);
	return { text: lines.join("\n"), html: true, ...(buttons.length > 0 ? { buttons } : {}) };
}

async function retries(ask: Ask, ids: readonly string[]): Promise<(readonly Button[])[]> {
	const { desk, words } = ask;
	const buttons: (readonly Button[])[] = [];
	for (const id of ids)
		for (const { name, preview } of desk.channels) {
			const delivery = preview ? undefined : await desk.ledger.delivery(name, id);
			const missed = delivery?.state === "refused" || delivery?.state === "skipped";
			if (!delivery || !missed || buttons.length >= RETRIES) continue;
			const of = [{ channel: name, id, changedAt: delivery.changedAt }];
			const text = short(await headline(ask, id), LABEL);
			buttons.push([{ label: words.say("buttonRetryOn", { channel: name, text }), act: { do: "retry", of } }]);
		}
	return buttons;
}

import type { Delivery, State } from "../ledger/delivery.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import type { DeliveryAct } from "./act.ts";
import { type Ask, called, channelsOf } from "./ask.ts";
import type { DeskChannel } from "./desk.ts";
import { headline } from "./lines.ts";
import type { Button, Reply } from "./outbox.ts";

/** Articles with buttons in one message. */
const SHOWN = 6;
/** Deliveries of one channel that are looked at for them. */
const LOOKED = 20;

/** One article with its deliveries that wait. */
interface Waiting {
	readonly id: string;
	readonly deliveries: readonly Delivery[];
}

/** What goes out next, by article, with what can be done about it; behind it what is held. */
export async function queue(ask: Ask): Promise<Reply> {
	const { desk, words } = ask;
	const channels = channelsOf(ask, ask.args[0]);
	const open = await gathered(ask, channels, "open");
	const held = await gathered(ask, channels, "held");
	const lines: string[] = [];
	const buttons: (readonly Button[])[] = [];
	const add = async ({ id, deliveries }: Waiting, does: readonly DeliveryAct["do"][]) => {
		const number = buttons.length + 1;
		const title = await headline(ask, id);
		lines.push(
			`${number}. ${escapeHtml(title)}\n${escapeHtml(words.list(deliveries.map((one) => stateOf(ask, one))))}`,
		);
		const of = deliveries.filter(isFree).map(({ channel, changedAt }) => ({ channel, id, changedAt }));
		if (of.length > 0)
			buttons.push(
				does.map((what) => ({
					label: words.say("numbered", { number, label: words.say(`button_${what}`) }),
					act: { do: what, of },
				})),
			);
		else buttons.push([]);
	};
	for (const one of open.slice(0, SHOWN)) await add(one, ["first", "hold", "skip"]);
	if (open.length === 0) lines.push(escapeHtml(words.say("queueEmpty")));
	const room = held.slice(0, Math.max(2, SHOWN - open.length));
	if (room.length > 0) lines.push("", `<b>${escapeHtml(words.say("queueHeld"))}</b>`);
	for (const one of room) await add(one, ["retry", "skip"]);
	let more = -Math.min(open.length, SHOWN);
	for (const shelf of ["open", "held"] as const) {
		let most = 0;
		for (const { name } of channels) most = Math.max(most, await desk.ledger.size(shelf, name));
		more += most;
	}
	more -= room.length;
	if (more > 0) lines.push("", escapeHtml(words.say("queueMore", { count: more })));
	return {
		text: [`<b>${escapeHtml(words.say("queueHead"))}</b>`, ...lines].join("\n"),
		html: true,
		buttons: [
			...buttons.filter((row) => row.length > 0),
			[{ label: words.say("buttonRefresh"), run: channels.length === 1 ? `queue ${channels[0]?.name}` : "queue" }],
		],
	};
}

/** What was sent without an answer, and what an admin can say about it. */
export async function unsure(ask: Ask): Promise<Reply> {
	const { desk, words, now } = ask;
	const lines: string[] = [];
	const buttons: (readonly Button[])[] = [];
	for (const channel of channelsOf(ask, ask.args[0]))
		for await (const { id, changedAt } of desk.ledger.shelf("unsure", channel.name, SHOWN)) {
			if (buttons.length >= SHOWN) break;
			const number = buttons.length + 1;
			const of = [{ channel: channel.name, id, changedAt }];
			const label = (name: string) => words.say("numbered", { number, label: words.say(name) });
			lines.push(
				`${number}. ${await headline(ask, id)}`,
				words.say("unsureLine", { channel: called(words, channel), ago: words.ago(new Date(changedAt), now) }),
			);
			buttons.push([
				{ label: label("posted"), act: { do: "confirm", of } },
				{ label: label("resend"), act: { do: "retry", of } },
				...(channel.address.startsWith("@")
					? [{ label: words.say("openChannel"), url: `https://t.me/${channel.address.slice(1)}` }]
					: []),
			]);
		}
	if (lines.length === 0) return { text: words.say("unsureNone") };
	return { text: [words.say("unsureHead"), ...lines].join("\n"), buttons };
}

/** What waits in these channels, by article, in the order of the queue. */
async function gathered({ desk }: Ask, channels: readonly DeskChannel[], shelf: "open" | "held"): Promise<Waiting[]> {
	const found: Delivery[] = [];
	for (const { name } of channels)
		for await (const delivery of desk.ledger.shelf(shelf, name, LOOKED)) found.push(delivery);
	found.sort((left, right) => (left.order < right.order ? -1 : left.order > right.order ? 1 : 0));
	const byId = new Map<string, Delivery[]>();
	for (const delivery of found) byId.set(delivery.id, [...(byId.get(delivery.id) ?? []), delivery]);
	return [...byId].map(([id, deliveries]) => ({ id, deliveries }));
}

const MOVABLE: readonly State[] = ["planned", "waiting", "held"];

/** Whether an admin may still say what becomes of it. */
const isFree = ({ state }: Delivery): boolean => MOVABLE.includes(state);

function stateOf({ desk, words, now }: Ask, { channel, state, notBefore, changedAt, plannedAt }: Delivery): string {
	const at = state === "waiting" && notBefore ? notBefore : state === "planned" ? plannedAt : changedAt;
	const place = desk.channels.find(({ name }) => name === channel);
	return words.say(`queue_${state}`, {
		channel: place ? called(words, place) : channel,
		ago: words.ago(new Date(at), now),
	});
}

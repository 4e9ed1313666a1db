import { type Delivery, shelfKey } from "./delivery.ts";
import { type KeptDelivery, wholeDelivery } from "./shrink.ts";
import type { Json, Store } from "./store.ts";

const SHELVES = ["edit:", "held:", "open:", "refused:", "unsure:"] as const;
/** Ids of deliveries that show no single article. */
const DIGEST = "digest:";

/**
 * What is wrong with the inner order of a ledger, in words, one line each: every place on a shelf leads to a delivery that belongs there, and the reverse; every delivery has its article,
 * every article its deliveries, every decision its delivery. The store must show one moment, or a live instance makes false alarms.
 */
export async function* disorder(store: Store): AsyncGenerator<string> {
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;
	const channels = new Set<string>();

	for await (const [key, value] of store.list("delivery:")) {
		const delivery = deliveryAt(key, value);
		const { channel, id, state } = delivery;
		channels.add(channel);
		const place = shelfKey(delivery);
		if (place !== undefined && (await read(place)) === undefined)
			yield `The article ${id} is ${state} for ${channel}, but nothing leads to it: it would wait for ever.`;
		if (!id.startsWith(DIGEST) && (await read(`article:${id}`)) === undefined)
			yield `The delivery of the article ${id} to ${channel} (${state}) has no article.`;
	}
	for (const shelf of SHELVES)
		for await (const [key, value] of store.list(shelf)) {
			const channel = key.slice(shelf.length).split(":", 1)[0] ?? "";
			const place = `delivery:${channel}:${value}`;
			const kept = await read<Json>(place);
			if (kept === undefined) yield `${key} leads to a delivery that is not there.`;
			else if (shelfKey(deliveryAt(place, kept)) !== key)
				yield `${key} leads to a delivery that does not belong there: the article ${value} is ${deliveryAt(place, kept).state} for ${channel}.`;
		}
	for await (const [key] of store.list("article:")) {
		const id = key.slice("article:".length);
		let planned = false;
		for (const channel of channels) planned ||= (await read(`delivery:${channel}:${id}`)) !== undefined;
		if (!planned) yield `The article ${id} has no delivery to any channel: nobody decided what becomes of it.`;
	}
	for await (const [key] of store.list("decision:")) {
		const place = key.slice("decision:".length);
		if ((await read(`delivery:${place}`)) === undefined)
			yield `${key} is a decision about a delivery that is not there.`;
	}
}

function deliveryAt(key: string, value: Json): Delivery {
	const [, channel = "", ...id] = key.split(":");
	return wholeDelivery(channel, id.join(":"), value as unknown as KeptDelivery);
}

/** Everything in the ledger as lines of JSON, `{"key","value"}`, in key order. */
export async function* lines(store: Store): AsyncGenerator<string> {
	for await (const [key, value] of store.list("")) yield JSON.stringify({ key, value });
}

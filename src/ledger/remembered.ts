import type { Delivery } from "./delivery.ts";
import type { ChannelRecord } from "./kept.ts";

/** Articles that a channel remembers as sent, or as waiting for a digest. */
const REMEMBERED = 50;

/** What a channel remembers after a change of one of its deliveries; undefined when that is nothing new. `gathered`: its digests tell of the article though nothing is sent. */
export function remembered(
	record: ChannelRecord = { v: 1, recent: [] },
	before: Delivery,
	after: Delivery,
	{ last = record.last, gathered = false }: { readonly last?: string | undefined; readonly gathered?: boolean },
): ChannelRecord | undefined {
	const { id, kind, state, intent, changedAt } = after;
	if (state === before.state || !(state === "sent" || gathered)) return undefined;
	const base = { ...record, ...(state === "sent" && last !== undefined ? { last } : {}) };
	if (kind === "digest") {
		// An admin may say of an old one that it was posted when a later one has been.
		const [digested = changedAt] = [record.digested ?? "", intent?.at ?? changedAt].sort().reverse();
		return { ...base, digested };
	}
	const first = (ids: readonly string[]) => [id, ...ids.filter((other) => other !== id)].slice(0, REMEMBERED);
	return state === "sent"
		? { ...base, recent: first(record.recent) }
		: { ...base, gathered: first(record.gathered ?? []) };
}

import { type Delivery, shelfKey } from "./delivery.ts";
import type { Hold, Known, SourceRecord } from "./kept.ts";
import { type KeptDelivery, wholeDelivery } from "./shrink.ts";
import type { Json, Store } from "./store.ts";

/** Why a delivery of a restored ledger waits for the admins. */
const REASON = "may have been posted before the ledger was lost";
/** Sources and deliveries written at a time. */
const AT_ONCE = 200;

/** Under this key stands until when digests may have been sent that the ledger does not know. */
export const DIGESTS = "digests";

// The one place where a restored ledger's JSON and our types meet.
const json = (value: unknown): Json => value as Json;

/**
 * Marks a copy of a ledger that is about to take the place of a later one. What the later one posted is not known in it: every source is read with that in mind,
 * what waited to be sent waits for a word of the admins, and what they had decided by then is forgotten. A send whose outcome was not known is looked for as ever.
 */
export async function doubtRestored(store: Store, now: Date): Promise<void> {
	const at = now.toISOString();
	const set: [string, Json][] = [];
	const del: string[] = [];
	const counts = new Map<string, number>();
	for await (const [key, value] of store.list("cursor:"))
		set.push([key, json({ ...(value as unknown as SourceRecord), lostUntil: at } satisfies SourceRecord)]);
	for await (const [key] of store.list("decision:")) del.push(key);
	set.push([DIGESTS, { v: 1, lostUntil: at }]);
	for await (const [place, id] of store.list("open:")) {
		const channel = place.split(":", 2)[1] ?? "";
		const key = `delivery:${channel}:${id}`;
		const kept = (await store.keyv.get(key)) as KeptDelivery | undefined;
		const known = (await store.keyv.get(`article:${id}`)) as Known | undefined;
		if (kept && String(id).startsWith("digest:")) {
			const { notBefore: _notBefore, ...digest } = wholeDelivery(channel, String(id), kept);
			if (digest.state !== "planned" && digest.state !== "waiting") continue;
			// The next one brings what this one would have brought.
			set.push([key, json({ ...digest, state: "skipped", reason: REASON, changedAt: at } satisfies Delivery)]);
			del.push(place);
			continue;
		}
		if (!kept || !known) continue;
		const { notBefore: _notBefore, ...delivery } = wholeDelivery(channel, String(id), kept);
		if (delivery.state !== "planned" && delivery.state !== "waiting") continue;
		const { source } = known.article;
		const hold = `lost:${source}`;
		const held: Delivery = { ...delivery, state: "held", hold, reason: REASON, changedAt: at };
		set.push([key, json(held)], [shelfKey(held) ?? key, id]);
		del.push(place);
		counts.set(source, (counts.get(source) ?? 0) + 1);
	}
	for (const [source, count] of counts) {
		const name = `lost:${source}`;
		const before = (await store.keyv.get(`hold:${name}`)) as Hold | undefined;
		// As if asked long ago, so that the next tick asks.
		const asked = new Date(0).toISOString();
		const hold = { name, source, why: "lost", since: at, askedAt: asked, count: count + (before?.count ?? 0) } as const;
		set.push([`hold:${name}`, json(hold satisfies Hold)]);
	}
	for (let from = 0; from < Math.max(set.length, del.length); from += AT_ONCE)
		await store.write({ set: set.slice(from, from + AT_ONCE), del: del.slice(from, from + AT_ONCE) });
}

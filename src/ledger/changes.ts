import { isDeepStrictEqual } from "node:util";
import type { Change, Gone, Known } from "./kept.ts";
import { type KeptArticle, wholeArticle } from "./shrink.ts";
import type { Batch, Json, Store } from "./store.ts";

// The one place where these records' JSON and our types meet.
const json = (value: unknown): Json => value as Json;

/** What happens to articles that are known: changes for the channels' lanes, and articles that may have been taken back. */
export function openChanges(
	store: Store,
	{ change }: { readonly change: (build: () => Promise<Batch | undefined>) => Promise<boolean> },
) {
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;
	const keyOf = (channel: string, id: string) => `change:${channel}:${id}`;

	return {
		/**
		 * Replaces what is known of an article by what its newsroom or an admin made of it, and asks the lanes of these channels to let their posts follow, in one write.
		 * Its id and aliases stay.
		 */
		async revise(
			id: string,
			update: (before: Known) => Known,
			asked?: { readonly channels: readonly string[]; readonly change: Omit<Change, "v"> },
		): Promise<void> {
			await change(async () => {
				const key = `article:${id}`;
				const before = await read<KeptArticle>(key);
				if (!before) return undefined;
				const set: [string, Json][] = [[key, json(update(wholeArticle(id, before)))]];
				const expect: [string, Json | undefined][] = [[key, json(before)]];
				for (const channel of asked?.channels ?? []) {
					const old = await read<Change>(keyOf(channel, id));
					expect.push([keyOf(channel, id), json(old)]);
					if (asked && (await read(`delivery:${channel}:${id}`)) !== undefined)
						set.push([keyOf(channel, id), json(merged(old, { v: 1, ...asked.change }))]);
				}
				return { set, expect };
			});
		},

		/** What happened to articles since a channel's lane looked last. */
		async *changes(channel: string): AsyncGenerator<readonly [id: string, Change]> {
			const prefix = `change:${channel}:`;
			for await (const [key, value] of store.list(prefix)) yield [key.slice(prefix.length), value as unknown as Change];
		},
		/** Takes a change away that asks for nothing any more; one that came in its place stays. */
		dropChange: async (channel: string, id: string, seen: Change): Promise<void> =>
			void (await store.write({ del: [keyOf(channel, id)], expect: [[keyOf(channel, id), json(seen)]] })),
		/** What belongs into the write with which a lane takes up a change: nothing when another one came in its place. */
		async taken(
			channel: string,
			id: string,
			seen: Change,
		): Promise<{ readonly del: string[]; readonly expect: [string, Json | undefined][] }> {
			const key = keyOf(channel, id);
			const now = await read<Change>(key);
			return isDeepStrictEqual(now, seen) ? { del: [key], expect: [[key, json(now)]] } : { del: [], expect: [] };
		},

		/** Articles that may have been taken back. */
		async *gone(): AsyncGenerator<readonly [id: string, Gone]> {
			for await (const [key, value] of store.list("gone:")) yield [key.slice("gone:".length), value as unknown as Gone];
		},
		keepGone: async (id: string, gone: Gone): Promise<void> =>
			void (await store.write({ set: [[`gone:${id}`, json(gone)]] })),
		forgetGone: async (id: string): Promise<void> => void (await store.write({ del: [`gone:${id}`] })),
	};
}

/** What two changes of one article come to: the first headline counts, and taking back outweighs any wording until it stands again. */
function merged(old: Change | undefined, change: Change): Change {
	const was = old?.was ?? change.was;
	const what = old && change.what === "update" ? old.what : change.what;
	const by = change.by ?? (what === change.what ? undefined : old?.by);
	return {
		v: 1,
		what,
		at: change.at,
		...(was === undefined ? {} : { was }),
		...(old?.image || change.image ? { image: true } : {}),
		...(by === undefined ? {} : { by }),
	};
}

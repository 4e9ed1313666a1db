import { type Delivery, shelfKey } from "./delivery.ts";
import type { PlannedDigest } from "./kept.ts";
import type { Batch, Json, Store } from "./store.ts";

/** What the ledger keeps of digests: each under its own id, with a delivery as articles have it. */
export function digestPlans(
	store: Store,
	parts: {
		/** Writes what `build` makes of the present state of things, again when the state moved on in between. */
		readonly change: (build: () => Promise<Batch | undefined>) => Promise<boolean>;
		/** The counts with what is finished by these deliveries. */
		readonly tally: (changed: readonly Delivery[]) => Promise<Required<Pick<Batch, "set" | "expect">>>;
	},
) {
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;

	return {
		/** Remembers a digest and its delivery in one write; false when one of that id is known already. */
		planDigest: (digest: PlannedDigest, delivery: Delivery): Promise<boolean> =>
			parts.change(async () => {
				const { id, channel } = delivery;
				const keys = [id, `delivery:${channel}:${id}`] as const;
				for (const key of keys) if ((await read(key)) !== undefined) return undefined;
				const place = shelfKey(delivery);
				const stats = await parts.tally([delivery]);
				return {
					set: [
						[keys[0], digest as unknown as Json],
						[keys[1], delivery as unknown as Json],
						...(place === undefined ? [] : [[place, id] as const]),
						...stats.set,
					],
					expect: [...keys.map((key) => [key, undefined] as const), ...stats.expect],
				};
			}),

		digest: (id: string) => read<PlannedDigest>(id),
	};
}

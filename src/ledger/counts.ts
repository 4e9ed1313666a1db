import type { Delivery } from "./delivery.ts";
import type { Counts } from "./kept.ts";
import type { Json, Store } from "./store.ts";

const NO_COUNTS: Counts = { sent: 0, refused: 0, skipped: 0 };

/** How many deliveries were finished, by channel: of all time and by day. */
export function openCounts(
	store: Pick<Store, "keyv">,
	{ now, day }: { readonly now: () => Date; readonly day: (time: Date) => string },
) {
	const read = async (key: string): Promise<Record<string, Counts> | undefined> =>
		(await store.keyv.get(key)) as Record<string, Counts> | undefined;
	const today = () => `stats:${day(now())}`;

	return {
		/** The counts with what became finished by a change, to be written together with it. */
		async tally(
			changed: readonly Delivery[],
		): Promise<{ set: [string, Json][]; expect: [string, Json | undefined][] }> {
			const set: [string, Json][] = [];
			const expect: [string, Json | undefined][] = [];
			const finished = changed.filter(({ state }) => state in NO_COUNTS);
			if (finished.length === 0) return { set, expect };
			for (const key of ["stats:all", today()]) {
				const before = await read(key);
				const after = { ...before };
				for (const { channel, state } of finished) {
					const counts = after[channel] ?? NO_COUNTS;
					after[channel] = { ...counts, [state]: counts[state as keyof Counts] + 1 };
				}
				set.push([key, after as unknown as Json]);
				expect.push([key, before as unknown as Json]);
			}
			return { set, expect };
		},

		/** Finished deliveries of all time. */
		counts: async (channel: string): Promise<Counts> => (await read("stats:all"))?.[channel] ?? NO_COUNTS,
		/** Finished deliveries of one day of the newsroom's calendar, given as 2026-11-23. */
		countsOn: async (channel: string, date: string): Promise<Counts> =>
			(await read(`stats:${date}`))?.[channel] ?? NO_COUNTS,
		/** Finished deliveries of today. */
		countsToday: async (channel: string): Promise<Counts> => (await read(today()))?.[channel] ?? NO_COUNTS,
	};
}

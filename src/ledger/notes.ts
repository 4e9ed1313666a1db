import type { Audit, Decision, Hold, Incident } from "./kept.ts";
import type { Batch, Json, Store } from "./store.ts";

// The one place where these notes' JSON and our types meet.
const json = (value: unknown): Json => value as Json;

const SAFE_MODE = "safe-mode";

interface SafeMode {
	readonly since: string;
}

/** What passes between Mirsal and its admins, as far as it must be remembered: what they were told and asked, and what they decided. */
export function openNotes(
	store: Store,
	options: {
		readonly now: () => Date;
		readonly redact: (text: string) => string;
		/** Writes what `build` makes of the present state of things, again when the state moved on in between. */
		readonly change: (build: () => Promise<Batch | undefined>) => Promise<boolean>;
	},
) {
	const { now, redact, change } = options;
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;

	return {
		/** Asks the channel's lane to do something with a delivery. */
		async decide(channel: string, id: string, decision: Decision): Promise<void> {
			await store.write({
				set: [[`decision:${channel}:${id}`, json(decision)]],
			});
		},
		/** The same decision about many deliveries of one channel, in one write. */
		async decideAll(channel: string, ids: readonly string[], decision: Decision): Promise<void> {
			await store.write({ set: ids.map((id) => [`decision:${channel}:${id}`, json(decision)] as const) });
		},
		async *decisions(channel: string): AsyncGenerator<readonly [id: string, Decision]> {
			const prefix = `decision:${channel}:`;
			for await (const [key, decision] of store.list(prefix))
				yield [key.slice(prefix.length), decision as unknown as Decision];
		},
		async dismiss(channel: string, id: string): Promise<void> {
			await store.write({ del: [`decision:${channel}:${id}`] });
		},

		/** Keeps what waits together for one decision. */
		hold: async (hold: Hold): Promise<void> => void (await store.write({ set: [[`hold:${hold.name}`, json(hold)]] })),
		async *holds(): AsyncGenerator<Hold> {
			for await (const [, hold] of store.list("hold:")) yield hold as unknown as Hold;
		},
		endHold: async (name: string): Promise<void> => void (await store.write({ del: [`hold:${name}`] })),

		/** Notes what the admins are told; false when they were told already and it is not over. */
		openIncident: (incident: string, text: string): Promise<boolean> =>
			store.write({
				set: [[`incident:${incident}`, { text: redact(text), since: now().toISOString() }]],
				expect: [[`incident:${incident}`, undefined]],
			}),
		/** Notes that it is over; false when they were not told of it. */
		async closeIncident(incident: string): Promise<boolean> {
			const key = `incident:${incident}`;
			return change(async () => {
				const open = await read<Json>(key);
				return open === undefined ? undefined : { del: [key], expect: [[key, open]] };
			});
		},
		/** What the admins were told or asked and is not over. */
		async incidents(): Promise<Incident[]> {
			const open: Incident[] = [];
			for await (const [key, value] of store.list("incident:"))
				open.push({ ...(value as unknown as Omit<Incident, "incident">), incident: key.slice("incident:".length) });
			return open;
		},

		/** Since when Mirsal works in safe mode: this ledger stands in the place of one that disappeared. Undefined while it does not. */
		safeMode: async (): Promise<string | undefined> => (await read<SafeMode>(SAFE_MODE))?.since,
		beginSafeMode: async (): Promise<void> =>
			void (await store.write({ set: [[SAFE_MODE, { v: 1, since: now().toISOString() }]] })),
		endSafeMode: async (): Promise<void> => void (await store.write({ del: [SAFE_MODE] })),
		/** Whether it knows any source at all: an empty ledger does not. */
		async knowsSources(): Promise<boolean> {
			for await (const _ of store.list("cursor:", { limit: 1 })) return true;
			return false;
		},
		/** Whether any source's first readable list was taken into it. */
		async knowsVisits(): Promise<boolean> {
			for await (const [, source] of store.list("cursor:"))
				if ((source as { firstVisit?: string }).firstVisit !== undefined) return true;
			return false;
		},

		/** True the first time a name is noted, false ever after: for what must not be done twice, such as one bot update. */
		note: (name: string): Promise<boolean> =>
			store.write({
				set: [[name, now().toISOString()]],
				expect: [[name, undefined]],
			}),

		/** Adds a line to the audit trail. */
		async audit(line: Omit<Audit, "v">): Promise<void> {
			const kept = json({ v: 1, ...line, did: redact(line.did) });
			for (let turn = 0; turn < 1_000; turn++) {
				const key = `audit:${line.at}:${String(turn).padStart(3, "0")}`;
				if (await store.write({ set: [[key, kept]], expect: [[key, undefined]] })) return;
			}
		},
		/** The audit trail from a moment on, oldest first. */
		async *audits(since: Date): AsyncGenerator<Audit> {
			for await (const [, line] of store.list("audit:", { after: `audit:${since.toISOString()}` }))
				yield line as unknown as Audit;
		},

		/** What is kept under names that begin so, in their order. */
		async *keptUnder<T>(prefix: string): AsyncGenerator<readonly [name: string, value: T]> {
			for await (const [key, value] of store.list(prefix)) yield [key.slice(prefix.length), value as unknown as T];
		},
		/** Changes what is kept under a key, again when somebody else was faster; undefined takes it away. */
		async keepBy<T>(key: string, update: (before: T | undefined) => T | undefined): Promise<void> {
			await change(async () => {
				const before = await read<Json>(key);
				const after = update(before as unknown as T | undefined);
				if (after === undefined && before === undefined) return undefined;
				const expect = [[key, before] as const];
				return after === undefined ? { del: [key], expect } : { set: [[key, json(after)]], expect };
			});
		},

		keep: async (key: string, value: Json): Promise<void> => void (await store.write({ set: [[key, value]] })),
		kept: <T>(key: string): Promise<T | undefined> => read<T>(key),
		forget: async (key: string): Promise<void> => void (await store.write({ del: [key] })),
	};
}

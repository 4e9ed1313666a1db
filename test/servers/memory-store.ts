import { Keyv } from "keyv";
import { holds, namespace, plainKey, seal, storedKey, unseal } from "../../src/ledger/record.ts";
import type { Batch, Store } from "../../src/ledger/store.ts";

/** A database in memory that any number of stores share, as processes share Redis or PostgreSQL. */
export function memoryDatabase(): { open(): Store } {
	const texts = new Map<string, string>();

	function open(): Store {
		let closed = false;
		const use = <T>(work: () => T): T => {
			if (closed) throw new Error("the store is closed");
			return work();
		};
		const adapter = {
			namespace,
			opts: { dialect: "sqlite", url: "" },
			get: async (key: string) => use(() => texts.get(key)),
			getMany: async (keys: readonly string[]) => use(() => keys.map((key) => texts.get(key))),
			has: async (key: string) => use(() => texts.has(key)),
			set: async (key: string, text: string) => use(() => void texts.set(key, text)),
			delete: async (key: string) => use(() => texts.delete(key)),
			clear: async () => use(() => texts.clear()),
			async *iterator() {
				yield* use(() => [...texts]);
			},
		};
		return {
			keyv: new Keyv({ store: adapter, namespace, throwOnErrors: true }),
			async write({ set = [], del = [], expect = [] }: Batch) {
				return use(() => {
					const sets = set.map(([key, value]) => [storedKey(key), seal(value)] as const);
					const dels = del.map(storedKey);
					if (!expect.every(([key, value]) => holds(texts.get(storedKey(key)), value))) return false;
					for (const [key, text] of sets) texts.set(key, text);
					for (const key of dels) texts.delete(key);
					return true;
				});
			},
			async *list(prefix, { after, limit = Number.POSITIVE_INFINITY } = {}) {
				const keys = use(() => [...texts.keys()])
					.map(plainKey)
					.filter((key) => key.startsWith(prefix))
					.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
					.filter((key) => after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
				for (const key of keys.slice(0, limit)) {
					const text = use(() => texts.get(storedKey(key)));
					const value = text === undefined ? undefined : unseal(text);
					if (value !== undefined) yield [key, value];
				}
			},
			async close() {
				closed = true;
			},
		};
	}
	return { open };
}

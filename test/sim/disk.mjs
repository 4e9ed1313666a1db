import { Keyv } from "keyv";
import { namespace, sealsSame, seal, unseal } from "./product.mjs";

const never = new Promise(() => {});

/**
 * A ledger's disk: what a write says is durable when it resolves; a crash keeps a beginning of what was still under way.
 * `open` gives a process its Store; a dead process hears nothing any more.
 */
export function simDisk(world) {
	const chance = world.chance.fork("disk");
	const texts = new Map();
	/** Keys in order by the word before their first colon, for lists. */
	const shelves = new Map();
	const waiting = [];
	let free = 0;
	// What was read once is not parsed again, and what is expected as it was read is not written again: half of a world's time went there.
	const envelopes = new Map();
	const textOf = new WeakMap();
	function opened(text) {
		let envelope = envelopes.get(text);
		if (envelope === undefined) {
			envelope = { value: unseal(text) };
			envelopes.set(text, envelope);
			if (envelope.value !== null && typeof envelope.value === "object") textOf.set(envelope.value, text);
		}
		return envelope;
	}
	const sealed = (value) => (value !== null && typeof value === "object" && textOf.get(value)) || seal(value);
	/** Where the first key from `from` on stands in a sorted list. */
	function placeOf(keys, from) {
		let low = 0;
		let high = keys.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (keys[middle] < from) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	const shelfOf = (key) => key.slice(0, key.indexOf(":"));
	function put(key, text) {
		if (!texts.has(key)) {
			const name = shelfOf(key);
			const shelf = shelves.get(name);
			if (!shelf) shelves.set(name, { keys: [key], sorted: true });
			else {
				shelf.sorted &&= shelf.keys.length === 0 || shelf.keys.at(-1) < key;
				shelf.keys.push(key);
			}
		}
		forget(texts.get(key), text);
		texts.set(key, text);
	}
	function forget(old, text) {
		if (old !== undefined && old !== text) envelopes.delete(old);
	}
	function remove(key) {
		if (!texts.has(key)) return;
		forget(texts.get(key));
		texts.delete(key);
		const keys = keysOf(shelfOf(key));
		keys.splice(placeOf(keys, key), 1);
	}
	const keysOf = (name) => {
		const shelf = shelves.get(name);
		if (!shelf) return [];
		if (!shelf.sorted) {
			shelf.keys.sort();
			shelf.sorted = true;
		}
		return shelf.keys;
	};

	/** Applies a write: false when an expectation does not hold. */
	function apply(entry) {
		for (const [key, value, text] of entry.expect) {
			const stands = texts.get(key);
			if (stands === text) continue;
			if (stands === undefined || text === undefined || !sealsSame(stands, value)) return false;
		}
		for (const [key, text] of entry.set) put(key, text);
		for (const key of entry.del) remove(key);
		world.watch.written(entry);
		return true;
	}

	function commit(entry) {
		waiting.splice(waiting.indexOf(entry), 1);
		if (world.fault("disk-full")) {
			world.count.diskFaults++;
			return entry.reject(Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" }));
		}
		if (world.fault("disk-error")) {
			world.count.diskFaults++;
			return entry.reject(Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR" }));
		}
		const ghost = world.fault("disk-ghost");
		const held = apply(entry);
		if (entry.process.meets(entry.call, "after") || (entry.call !== "write" && entry.process.meets("write", "after")))
			return;
		if (ghost) {
			world.count.diskFaults++;
			return entry.reject(Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_FSYNC" }));
		}
		entry.resolve(held);
	}

	/** Which outside call a write is, for those who die at one. */
	function callOf(set) {
		for (const [key, text] of set) {
			if (key.startsWith("article:")) return "plan";
			if (key.startsWith("cursor:")) return "cursor";
			if (key.startsWith("delivery:")) return text.includes('"state":"sending"') ? "claim" : "result";
		}
		return "write";
	}

	/** The file beside the ledger that says that it was in use. */
	let marked = false;

	return {
		texts,
		keysOf,
		/** Somebody deletes the ledger; the file beside it stays. */
		lose() {
			texts.clear();
			shelves.clear();
			envelopes.clear();
		},
		marker: (process) => ({
			stands: () => marked,
			write() {
				if (process.alive) marked = true;
			},
		}),
		read: (key) => {
			const text = texts.get(key);
			return text === undefined ? undefined : opened(text).value;
		},
		/** The process died: of its writes under way a beginning stands, and it hears of none. */
		crash(process) {
			let kept = true;
			for (const entry of waiting.filter((one) => one.process === process)) {
				waiting.splice(waiting.indexOf(entry), 1);
				entry.cancel();
				kept &&= chance.chance(0.5);
				if (kept) apply(entry);
			}
		},
		open(process) {
			const adapter = {
				namespace,
				opts: { dialect: "sqlite", url: "" },
				get: async (key) => (process.alive ? texts.get(key.slice(namespace.length + 1)) : never),
				set: () => never,
				delete: () => never,
				clear: () => never,
			};
			return {
				keyv: new Keyv({ store: adapter, namespace, throwOnErrors: true, deserialize: opened }),
				write(batch) {
					if (!process.alive) return never;
					const set = (batch.set ?? []).map(([key, value]) => [key, seal(value)]);
					const call = callOf(set);
					if (process.meets(call, "before") || (call !== "write" && process.meets("write", "before"))) return never;
					return new Promise((resolve, reject) => {
						const long = world.fault("disk-slow") ? chance.int(50, 4_000) : chance.next() * 2;
						const entry = {
							process,
							call,
							set,
							del: batch.del ?? [],
							expect: (batch.expect ?? []).map(([key, value]) => [
								key,
								value,
								value === undefined ? undefined : sealed(value),
							]),
							resolve: (held) => process.alive && resolve(held),
							reject: (error) => process.alive && reject(error),
						};
						free = Math.max(free, world.clock.now) + long;
						waiting.push(entry);
						entry.cancel = world.clock.at(free, () => commit(entry));
					});
				},
				async *list(prefix, { after, limit = Number.POSITIVE_INFINITY } = {}) {
					if (!process.alive) await never;
					const found = [];
					const keys = keysOf(shelfOf(prefix));
					for (let at = placeOf(keys, after !== undefined && after > prefix ? after : prefix); at < keys.length; at++) {
						const key = keys[at];
						if (!key.startsWith(prefix)) break;
						if (key === after) continue;
						if (found.push([key, texts.get(key)]) >= limit) break;
					}
					for (const [key, text] of found) yield [key, opened(text).value];
				},
				async close() {},
			};
		},
	};
}

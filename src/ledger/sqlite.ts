import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Keyv } from "keyv";
import Database from "libsql";
import { holdLock, type Lock } from "./lock.ts";
import { expiryOf, holds, namespace, plainKey, seal, storedKey, unseal } from "./record.ts";
import { explain, inspect, isDoubtful, ledgerVersion, openFile } from "./sqlite-file.ts";
import type { Batch, Json, Store } from "./store.ts";

/** Rows read at once: between two pages no read transaction is open, so a slow consumer never keeps the write-ahead log from shrinking. */
const page = 200;

/** Milliseconds between two sweeps of expired records. */
const sweepEvery = 3_600_000;

const layout = `
	CREATE TABLE entries (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER) WITHOUT ROWID;
	CREATE INDEX entries_expires ON entries (expires) WHERE expires IS NOT NULL;
	PRAGMA user_version = ${ledgerVersion};`;

/**
 * Opens the ledger in an SQLite file. With `lock` it is the one live instance, and makes file and folders; without, it only reads, beside a live one, and a missing file reads as empty;
 * with "beside" it may leave a word for the live one as well.
 * Throws LedgerHeldError, LedgerDamagedError, LedgerNewerError, or a sentence; the file is then as it was.
 */
export async function openSqlite(options: {
	readonly path: string;
	readonly lock: boolean | "beside";
	/** Everything that is read is of the moment of the first reading, whatever a live instance writes meanwhile; for readers that are soon done. */
	readonly still?: true;
	/** Who holds the lock, for the note beside it. */
	readonly owner?: string;
	readonly now: () => Date;
}): Promise<Store> {
	const path = resolve(options.path);
	if (options.lock !== true) {
		const writes = options.lock === "beside";
		const beside = openBeside(path, writes ? "write" : "read");
		if (options.still && !writes) beside.exec("BEGIN");
		return sqliteStore(beside, path, options.now, { writes });
	}
	let lock: Lock | undefined;
	let handle: Database.Database | undefined;
	try {
		mkdirSync(dirname(path), { recursive: true });
		lock = holdLock(path, options);
		const whole = isDoubtful(path, "alone");
		handle = openFile(path, "write");
		const found = inspect(handle, path, { whole });
		handle.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
		if (found === "empty") handle.exec(`BEGIN IMMEDIATE; ${layout} COMMIT;`);
		return sqliteStore(handle, path, options.now, { writes: true, lock });
	} catch (error) {
		handle?.close();
		lock?.release();
		throw explain(error, path);
	}
}

function openBeside(path: string, mode: "read" | "write"): Database.Database {
	let handle: Database.Database | undefined;
	try {
		if (statSync(path, { throwIfNoEntry: false })) {
			handle = openFile(path, mode);
			if (inspect(handle, path, { whole: isDoubtful(path, "beside") }) === "ledger") return handle;
			handle.close();
		}
		handle = new Database(":memory:");
		handle.exec(layout);
		return handle;
	} catch (error) {
		handle?.close();
		throw explain(error, path);
	}
}

function sqliteStore(
	handle: Database.Database,
	path: string,
	now: () => Date,
	{ writes, lock }: { readonly writes: boolean; readonly lock?: Lock },
): Store {
	// Every statement is run with `all` or `run`: `get` would leave its read transaction open and show an old ledger for ever.
	const live = "(expires IS NULL OR expires > ?)";
	const below = "key < CAST(CAST(? AS BLOB) || X'FF' AS TEXT)"; // no UTF-8 text has the byte FF
	const select = handle.prepare(`SELECT value FROM entries WHERE key = ? AND ${live}`);
	const pageFrom = handle.prepare(
		`SELECT key, value FROM entries WHERE key >= ? AND ${below} AND ${live} ORDER BY key LIMIT ?`,
	);
	const pageAfter = handle.prepare(
		`SELECT key, value FROM entries WHERE key > ? AND ${below} AND ${live} ORDER BY key LIMIT ?`,
	);
	const upsert = handle.prepare(
		"INSERT INTO entries (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires",
	);
	const remove = handle.prepare("DELETE FROM entries WHERE key = ?");
	const removeAll = handle.prepare(`DELETE FROM entries WHERE key >= ? AND ${below}`);
	const sweep = handle.prepare("DELETE FROM entries WHERE expires <= ?");
	const time = () => now().getTime();
	let open = true;
	let swept = Number.NEGATIVE_INFINITY;

	// The driver goes on with prepared statements after `close`, so the store itself must know.
	function use<T>(work: () => T): T {
		if (!open) throw new Error(`The ledger ${path} is closed.`);
		try {
			return work();
		} catch (error) {
			throw explain(error, path);
		}
	}

	function change<T>(work: () => T): T {
		return use(() => {
			if (!writes) throw new Error(`The ledger ${path} was opened for reading only.`);
			return work();
		});
	}

	function read(key: string): string | undefined {
		const [row] = select.all(key, time()) as { value: string }[];
		return row?.value;
	}

	function put(key: string, text: string, expires: number | undefined): void {
		upsert.run(key, text, expires ?? null);
	}

	/** Stored keys and texts; a page at a time, by keys as they are stored. */
	function* scan(prefix: string, after: string | undefined, limit: number): Generator<{ key: string; value: string }> {
		let last = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0 ? after : undefined;
		for (let left = limit; left > 0; ) {
			const size = Math.min(page, left);
			const statement = last === undefined ? pageFrom : pageAfter;
			const rows = use(() => statement.all(last ?? prefix, prefix, time(), size)) as { key: string; value: string }[];
			yield* rows;
			last = rows.at(-1)?.key;
			if (rows.length < size || last === undefined) return;
			left -= rows.length;
		}
	}

	const adapter = {
		namespace,
		// Without a dialect that Keyv knows, its constructor fails on an adapter with an iterator.
		opts: { dialect: "sqlite", url: "" },
		get: async (key: string) => use(() => read(key)),
		getMany: async (keys: readonly string[]) => use(() => keys.map(read)),
		has: async (key: string) => use(() => read(key) !== undefined),
		set: async (key: string, text: string, ttl?: number) =>
			change(() => {
				put(key, text, ttl === undefined ? undefined : expiryOf(text));
				return true;
			}),
		delete: async (key: string) => change(() => remove.run(key).changes > 0),
		clear: async () => {
			change(() => removeAll.run(`${namespace}:`, `${namespace}:`));
		},
		async *iterator() {
			for (const { key, value } of scan(`${namespace}:`, undefined, Number.POSITIVE_INFINITY)) yield [key, value];
		},
	};

	async function write(batch: Batch): Promise<boolean> {
		return change(() => {
			const sets = (batch.set ?? []).map(([key, value]) => [storedKey(key), seal(value)] as const);
			const dels = (batch.del ?? []).map(storedKey);
			const expected = (batch.expect ?? []).map(([key, value]) => [storedKey(key), value] as const);
			handle.exec("BEGIN IMMEDIATE");
			try {
				for (const [key, value] of expected) {
					if (holds(read(key), value)) continue;
					handle.exec("ROLLBACK");
					return false;
				}
				for (const [key, text] of sets) put(key, text, undefined);
				for (const key of dels) remove.run(key);
				const moment = time();
				if (moment - swept >= sweepEvery) {
					sweep.run(moment);
					swept = moment;
				}
				handle.exec("COMMIT");
				return true;
			} catch (error) {
				// After some failures, a full disk for one, SQLite has rolled back by itself.
				if (handle.inTransaction) handle.exec("ROLLBACK");
				throw error;
			}
		});
	}

	async function* list(
		prefix: string,
		{ after, limit = Number.POSITIVE_INFINITY }: { after?: string; limit?: number } = {},
	): AsyncGenerator<readonly [key: string, value: Json]> {
		const from = after === undefined ? undefined : `${namespace}:${after}`;
		for (const { key, value: text } of scan(`${namespace}:${prefix}`, from, limit)) {
			const value = use(() => unseal(text));
			if (value !== undefined) yield [plainKey(key), value];
		}
	}

	return {
		keyv: new Keyv({ store: adapter, namespace, throwOnErrors: true }),
		write,
		list,
		async close() {
			if (!open) return;
			open = false;
			try {
				// The driver keeps a handle open until its statements are collected, so SQLite's own checkpoint on closing cannot be relied on.
				if (lock) handle.prepare("PRAGMA wal_checkpoint(TRUNCATE)").all();
			} catch {
				// What was acknowledged stands in the write-ahead log; the next opening takes it in.
			}
			handle.close();
			lock?.release();
		},
	};
}

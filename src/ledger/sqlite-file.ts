import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import Database from "libsql";
import { holdLock } from "./lock.ts";
import { LedgerDamagedError, LedgerNewerError } from "./store.ts";

/** The version of the ledger's layout that this program writes, kept in SQLite's user_version. */
export const ledgerVersion = 1;

/** Milliseconds that one handle waits for another; without it libsql fails at once with "database is locked". */
const patience = 10_000;

/** Bytes of a ledger that are read before anybody notices. */
const soonRead = 64 * 1024 * 1024;

/** Opens an SQLite file; for reading it must exist and the handle can change nothing. Throws a sentence. */
export function openFile(path: string, mode: "read" | "write"): Database.Database {
	try {
		// The driver knows no option for it; SQLite's own is a URI (https://sqlite.org/uri.html).
		const name = mode === "read" ? `${pathToFileURL(path).href}?mode=ro` : path;
		return new Database(name, { timeout: patience });
	} catch (error) {
		throw explain(error, path);
	}
}

/** Rows of a pragma. Always to the last one: a statement left half-way would hold its read transaction open. */
function pragma(handle: Database.Database, name: string): unknown[] {
	return handle
		.prepare(`PRAGMA ${name}`)
		.all()
		.map((row) => Object.values(row as object)[0]);
}

/**
 * Whether a ledger must be read to its last page before it is trusted: a small one always; a large one when its last life did not end by itself, for then its write-ahead log
 * still holds something, but not beside a live instance, which has read it.
 */
export function isDoubtful(path: string, how: "alone" | "beside"): boolean {
	const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
	return sizeOf(path) <= soonRead || (how === "alone" && sizeOf(`${path}-wal`) > 0);
}

/**
 * Whether the file holds a ledger or nothing at all; `whole` reads every page of it, otherwise SQLite tells only what is wrong with its size and layout, and later with each page that it reads.
 * Throws LedgerDamagedError, LedgerNewerError, or a sentence when it is another program's.
 */
export function inspect(
	handle: Database.Database,
	path: string,
	{ whole }: { readonly whole: boolean },
): "ledger" | "empty" {
	const problems = whole ? pragma(handle, "quick_check(3)") : ["ok"];
	if (problems[0] !== "ok") throw damaged(path, problems.join("; "));
	const version = Number(pragma(handle, "user_version")[0]);
	if (version > ledgerVersion) {
		throw new LedgerNewerError(
			`The ledger ${path} was written by a newer Mirsal (ledger version ${version}); this older program knows version ${ledgerVersion} and refuses it. Install the newer version, or name another ledger in STORE_URL.`,
		);
	}
	const names = handle.prepare("SELECT name FROM sqlite_master").all() as {
		name: string;
	}[];
	if (version === 0 && names.length === 0) return "empty";
	if (version === ledgerVersion && names.some(({ name }) => name === "entries")) return "ledger";
	throw new Error(
		`${path} is a database of another program, not a ledger; it was left as it is. Name another file in STORE_URL.`,
	);
}

/** What is wrong with a ledger file, one line each; none when it is sound. Works beside a live instance. */
export async function checkSqlite(path: string): Promise<string[]> {
	const file = resolve(path);
	if (!existsSync(file)) return [`${file} does not exist.`];
	let handle: Database.Database | undefined;
	try {
		handle = openFile(file, "read");
		const lines = pragma(handle, "integrity_check").flatMap((line) => String(line).split("\n"));
		if (lines[0] !== "ok") return lines;
		return inspect(handle, file, { whole: false }) === "ledger" ? [] : [`${file} is empty: it holds no ledger.`];
	} catch (error) {
		return [explain(error, file).message];
	} finally {
		handle?.close();
	}
}

/** Copies the ledger to the file `to`, also beside a live instance; whole and on the disk when it resolves, else nothing is there. Throws a sentence. */
export async function backupSqlite(path: string, to: string): Promise<void> {
	const file = resolve(path);
	if (!existsSync(file)) throw new Error(`There is no ledger at ${file} to back up.`);
	const target = resolve(to);
	const partial = `${target}.${process.pid}.partial`;
	mkdirSync(dirname(target), { recursive: true });
	try {
		copyWhole(file, partial);
		renameSync(partial, target);
		sync(dirname(target));
	} finally {
		discard(partial);
	}
}

/**
 * Puts a backup in the ledger's place; the files that stood there move aside to `<path>.damaged-<n>`, which `kept` names. `prepare` may change the copy before.
 * Throws a sentence and changes nothing when the backup is not sound, and LedgerHeldError while an instance lives.
 */
export async function restoreSqlite(
	path: string,
	from: string,
	prepare: (copy: string) => Promise<void> = async () => {},
): Promise<{ readonly kept: string | undefined }> {
	const file = resolve(path);
	const backup = resolve(from);
	if (backup === file) throw new Error(`${file} cannot be restored from itself: name a backup.`);
	const problems = await checkSqlite(backup);
	if (problems.length > 0) {
		throw new Error(`The backup ${backup} cannot be used, and the ledger was left as it is: ${problems.join(" ")}`);
	}
	const lock = holdLock(file, { owner: "mirsal ledger restore" });
	const partial = `${file}.restoring`;
	try {
		discard(partial);
		copyWhole(backup, partial);
		await prepare(partial);
		settle(partial);
		const kept = setAside(file);
		renameSync(partial, file);
		sync(dirname(file));
		return { kept };
	} finally {
		discard(partial);
		lock.release();
	}
}

/** The driver's or the system's error in words for people; errors that are ours already pass unchanged. */
export function explain(error: unknown, path: string): Error {
	if (!(error instanceof Error)) return new Error(String(error));
	const code = String((error as { code?: unknown }).code ?? "");
	const starts = (...kinds: string[]) => kinds.some((kind) => code.startsWith(kind));
	const say = (words: string) => new Error(`${words} (${error.message})`, { cause: error });
	if (starts("SQLITE_CORRUPT", "SQLITE_NOTADB")) return damaged(path, error.message, error);
	if (starts("SQLITE_FULL", "ENOSPC", "EDQUOT"))
		return say(`The disk is full: the ledger ${path} was not changed. Free some space.`);
	if (starts("SQLITE_READONLY", "EROFS", "EACCES", "EPERM"))
		return say(`The ledger ${path} cannot be written: give this user the right to write the file and its folder.`);
	if (starts("SQLITE_BUSY", "SQLITE_LOCKED"))
		return say(`The ledger ${path} is busy: another program has been writing it for ${patience / 1000} s.`);
	if (starts("SQLITE_IOERR")) return say(`The disk under the ledger ${path} failed: look at the disk and its space.`);
	if (starts("SQLITE_CANTOPEN") || error.message.startsWith("ConnectionFailed"))
		return say(`The ledger ${path} could not be opened: it must be a file in a folder that this user may use.`);
	if (starts("SQLITE_")) return say(`The ledger ${path} refused.`);
	return error;
}

function damaged(path: string, what: string, cause?: unknown): LedgerDamagedError {
	return new LedgerDamagedError(
		`The ledger ${path} is damaged (${what}). Nothing was replaced or deleted. See what is wrong with \`mirsal ledger check\`, bring back a backup with \`mirsal ledger restore\`.`,
		{ cause },
	);
}

/** A copy that failed, on a full disk for one, leaves its journal as well. */
function discard(partial: string): void {
	for (const end of ["", "-journal", "-wal", "-shm"]) rmSync(partial + end, { force: true });
}

/** VACUUM INTO takes what still stands in the write-ahead log along, which copying the file would not. */
function copyWhole(from: string, to: string): void {
	const handle = openFile(from, "read");
	try {
		handle.exec(`VACUUM INTO '${to.replaceAll("'", "''")}'`);
	} catch (error) {
		throw explain(error, from);
	} finally {
		handle.close();
	}
	sync(to);
}

/** Brings everything that was written to a file that nobody uses into the file itself, for it is about to be renamed. */
function settle(path: string): void {
	const handle = openFile(path, "write");
	try {
		handle.exec("PRAGMA journal_mode = DELETE");
	} finally {
		handle.close();
	}
	sync(path);
}

/** The main file first: beside a missing database SQLite throws a stale log away, beside an old one it would replay it. */
function setAside(file: string): string | undefined {
	let number = 1;
	const taken = (name: string) => ["", "-wal", "-shm"].some((end) => existsSync(name + end));
	while (taken(`${file}.damaged-${number}`)) number++;
	const kept = `${file}.damaged-${number}`;
	if (!taken(file)) return undefined;
	for (const end of ["", "-wal", "-shm"]) {
		if (existsSync(file + end)) renameSync(file + end, kept + end);
	}
	sync(dirname(file));
	return kept;
}

/** Makes a file, or the names in a folder, durable. */
export function sync(path: string): void {
	// Windows lets nobody sync a folder.
	if (process.platform === "win32" && statSync(path).isDirectory()) return;
	const handle = openSync(path, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

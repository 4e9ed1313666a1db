import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import Database from "libsql";
import { LedgerHeldError } from "./store.ts";

/** How long, in milliseconds, a new instance waits for a dying one. */
const patience = 2000;

/** The right to be the only live instance of a ledger. */
export interface Lock {
	/** Gives it up; twice is once. */
	release(): void;
}

/**
 * Takes the exclusive lock beside the ledger, waiting up to 2 s; the system frees it the moment this process dies, however it dies.
 * Throws LedgerHeldError naming the holder. Nobody may open `<path>.lock` but through SQLite: POSIX drops all locks of a process on a file as soon as it closes any handle of it.
 */
export function holdLock(path: string, options: { readonly owner?: string; readonly now?: () => Date }): Lock {
	mkdirSync(dirname(path), { recursive: true });
	// Only `exec` on this handle: the driver keeps a handle with prepared statements open behind `close`.
	const handle = new Database(`${path}.lock`, { timeout: patience });
	try {
		handle.exec("BEGIN EXCLUSIVE");
	} catch (error) {
		handle.close();
		if (!(error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))) throw error;
		throw new LedgerHeldError(
			`The ledger ${path} is held by another live instance: ${holderOf(path)}. Stop that one first, or name another ledger in STORE_URL.`,
			{ cause: error },
		);
	}
	const note = `${path}.owner`;
	try {
		const lines = [`pid ${process.pid}`, `host ${hostname()}`];
		if (options.now) lines.push(`since ${options.now().toISOString()}`);
		if (options.owner !== undefined) lines.push(`owner ${options.owner.replace(/\s+/g, " ")}`);
		// By way of a rename, so that who reads it never sees half of it.
		writeFileSync(`${note}.new`, `${lines.join("\n")}\n`);
		renameSync(`${note}.new`, note);
	} catch (error) {
		handle.close();
		throw error;
	}
	let held = true;
	return {
		release() {
			if (!held) return;
			held = false;
			rmSync(note, { force: true });
			handle.exec("ROLLBACK");
			handle.close();
		},
	};
}

function holderOf(path: string): string {
	let text: string;
	try {
		text = readFileSync(`${path}.owner`, "utf8");
	} catch {
		// The holder writes its note after it has the lock: for a moment there is none.
		return "its pid is not known yet";
	}
	return text.trim().split("\n").join(", ");
}

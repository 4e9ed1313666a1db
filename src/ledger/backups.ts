import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { Worker } from "node:worker_threads";

/** Backups that are kept. */
const KEPT = 7;

const NAME = /^mirsal-\d{4}-\d{2}-\d{2}\.db$/;
const UNFINISHED = /^mirsal-\d{4}-\d{2}-\d{2}\.db\.\d+\.partial(-journal)?$/;

/** One backup of the ledger. */
export interface Backup {
	readonly file: string;
	readonly at: Date;
	/** Bytes. */
	readonly size: number;
}

/** Copies a ledger beside its live instance. Rejects with a sentence when that fails, and leaves nothing behind. */
export type CopyLedger = (ledger: string, to: string, signal: AbortSignal) => Promise<void>;

/** The folder of a ledger's own backups: `backups` beside it. */
export const backupFolder = (ledger: string): string => join(dirname(resolve(ledger)), "backups");

/** The ledger's own backups, newest first. Throws the system's error when their folder cannot be read. */
export function listBackups(ledger: string): Backup[] {
	const folder = backupFolder(ledger);
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((name) => NAME.test(name))
		.map((name) => {
			const file = join(folder, name);
			const { mtime, size } = statSync(file);
			return { file, at: mtime, size };
		})
		.sort((left, right) => right.at.getTime() - left.at.getTime() || (left.file < right.file ? 1 : -1));
}

/** A folder of daily copies of a ledger, the last seven of them. */
export function ledgerBackups(
	ledger: string,
	{ copy = copyInThread, day }: { readonly copy?: CopyLedger; readonly day: (time: Date) => string },
) {
	return {
		/** When the newest one was made. What a clock that ran ahead has left is none. */
		last: (now: Date): Date | undefined => listBackups(ledger).find(({ at }) => at <= now)?.at,
		/** Makes the day's backup, whole and on the disk when it resolves, and lets the oldest go. Gives its file. Rejects with a sentence. */
		async make(now: Date, signal: AbortSignal): Promise<string> {
			const folder = backupFolder(ledger);
			mkdirSync(folder, { recursive: true });
			// What a process left that died over it.
			for (const name of readdirSync(folder)) if (UNFINISHED.test(name)) rmSync(join(folder, name), { force: true });
			const file = join(folder, `mirsal-${day(now)}.db`);
			await copy(resolve(ledger), file, signal);
			// Its age is counted by our clock, not by the disk's.
			utimesSync(file, now, now);
			for (const { file: old } of listBackups(ledger)
				.filter((backup) => backup.file !== file)
				.slice(KEPT - 1))
				rmSync(old, { force: true });
			return file;
		},
	};
}

/** Copies in a thread of its own, which an abort ends. */
export const copyInThread: CopyLedger = (ledger, to, signal) =>
	new Promise((resolve, reject) => {
		// Beside this file, with the ending that this file runs under: compiled or not.
		const thread = new Worker(new URL(`./copy-thread${extname(import.meta.url)}`, import.meta.url), {
			workerData: { ledger, to },
		});
		let failure: Error | undefined = new Error("the copy of the ledger was given up: Mirsal stops");
		const stop = () => void thread.terminate();
		signal.addEventListener("abort", stop, { once: true });
		if (signal.aborted) stop();
		thread.once("message", ({ error }: { readonly error?: string }) => {
			failure = error === undefined ? undefined : new Error(error);
		});
		thread.once("error", (error) => {
			failure = error;
		});
		thread.once("exit", () => {
			signal.removeEventListener("abort", stop);
			if (failure) reject(failure);
			else resolve();
		});
	});

import { parentPort, workerData } from "node:worker_threads";
import { backupSqlite } from "./sqlite-file.ts";

// The thread's whole life is one copy: SQLite's own work does not let go of its thread, for a second and more where a ledger is large.
const { ledger, to } = workerData as { readonly ledger: string; readonly to: string };
try {
	await backupSqlite(ledger, to);
	parentPort?.postMessage({ done: true });
} catch (error) {
	parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) });
}

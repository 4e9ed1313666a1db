// One live instance in a process of its own that backs up its ledger while it writes. It says "begin", then "done" with the longest that a write waited, in milliseconds, or what went wrong.
import { openSqlite } from "../../dist/ledger/sqlite.js";
import { ledgerBackups } from "../../dist/ledger/backups.js";

const path = process.argv[2];
const now = new Date("2026-11-23T09:00:00.000Z");
const store = await openSqlite({ path, lock: true, owner: "child", now: () => now });
const backups = ledgerBackups(path, { day: (time) => time.toISOString().slice(0, 10) });
let longest = 0;
let last = performance.now();
// As a lane would: a durable write, and the next one as soon as it is done.
const writing = setInterval(async () => {
	await store.write({ set: [["key", last]] });
	longest = Math.max(longest, performance.now() - last);
	last = performance.now();
}, 5);
process.stdout.write("begin\n");
try {
	await backups.make(now, new AbortController().signal);
	process.stdout.write(`done ${Math.round(longest)}\n`);
} catch (error) {
	process.stdout.write(`failed ${error.message}\n`);
}
clearInterval(writing);
await store.close();

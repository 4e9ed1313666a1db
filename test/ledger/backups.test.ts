import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backupFolder, type CopyLedger, ledgerBackups, listBackups } from "../../src/ledger/backups.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import { backupSqlite, checkSqlite } from "../../src/ledger/sqlite-file.ts";
import type { Store } from "../../src/ledger/store.ts";

let folder: string;
let path: string;
let store: Store | undefined;
const children: ChildProcess[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-backups-"));
	path = join(folder, "mirsal.db");
});
afterEach(async () => {
	await store?.close();
	store = undefined;
	for (const child of children.splice(0)) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

const day = (time: Date) => time.toISOString().slice(0, 10);
const { signal } = new AbortController();
/** As the thread does, in this one. */
const copy: CopyLedger = (ledger, to) => backupSqlite(ledger, to);
const names = () => readdirSync(backupFolder(path)).sort();

/** A ledger of so many megabytes. */
async function fill(megabytes: number): Promise<void> {
	store = await openSqlite({ path, lock: true, now: () => new Date() });
	const text = "خبر ".repeat(1_500); // 10,500 bytes
	for (let part = 0; part < megabytes; part++)
		await store.write({
			set: Array.from({ length: 96 }, (_, index) => [`article:${part}-${index}`, text] as const),
		});
}

/** A live instance that backs its ledger up; `limit` caps the size of each of its files, in blocks of 512 bytes. */
function child(limit?: number) {
	const node = [process.execPath, join(import.meta.dirname, "backup-child.mjs"), path];
	const process_ =
		limit === undefined
			? spawn(node[0] ?? "", node.slice(1))
			: spawn("sh", ["-c", `trap '' XFSZ; ulimit -f ${limit}; exec "$@"`, "sh", ...node]);
	children.push(process_);
	const lines: string[] = [];
	const reader = createInterface({ input: process_.stdout as NodeJS.ReadableStream });
	reader.on("line", (line) => lines.push(line));
	return { process: process_, lines, reader, ended: once(reader, "close") };
}

describe("a folder of backups", () => {
	test("a backup bears its day, is whole, and its age is counted by our clock", async () => {
		await fill(1);
		const now = new Date("2026-11-23T09:00:00.000Z");
		const backups = ledgerBackups(path, { copy, day });
		expect(backups.last(now)).toBeUndefined();
		const file = await backups.make(now, signal);
		expect(file).toBe(join(folder, "backups", "mirsal-2026-11-23.db"));
		expect(await checkSqlite(file)).toEqual([]);
		expect(backups.last(now)).toEqual(now);
		expect(listBackups(path)).toEqual([{ file, at: now, size: statSync(file).size }]);
	});

	test("seven are kept, the newest ones, and what is not ours stays", async () => {
		await fill(1);
		mkdirSync(backupFolder(path));
		writeFileSync(join(backupFolder(path), "before-the-move.db"), "somebody's own");
		const backups = ledgerBackups(path, { copy, day });
		for (let number = 1; number <= 9; number++) await backups.make(new Date(Date.UTC(2026, 10, number)), signal);
		expect(names()).toEqual([
			"before-the-move.db",
			...[3, 4, 5, 6, 7, 8, 9].map((number) => `mirsal-2026-11-0${number}.db`),
		]);
		expect(listBackups(path).map(({ file }) => file.slice(-13))).toEqual(
			[9, 8, 7, 6, 5, 4, 3].map((number) => `2026-11-0${number}.db`),
		);
	});

	test("the second of a day takes the first one's place", async () => {
		await fill(1);
		const backups = ledgerBackups(path, { copy, day });
		await backups.make(new Date("2026-11-23T01:00:00.000Z"), signal);
		await backups.make(new Date("2026-11-23T22:00:00.000Z"), signal);
		expect(names()).toEqual(["mirsal-2026-11-23.db"]);
		const last = new Date("2026-11-23T22:00:00.000Z");
		expect(backups.last(last)).toEqual(last);
	});

	test("H5: a copy that fails leaves the older backups, and nothing half-made", async () => {
		await fill(1);
		const backups = ledgerBackups(path, { copy, day });
		await backups.make(new Date("2026-11-22T09:00:00.000Z"), signal);
		const full = ledgerBackups(path, {
			day,
			copy: async () => {
				throw new Error("The disk is full");
			},
		});
		await expect(full.make(new Date("2026-11-23T09:00:00.000Z"), signal)).rejects.toThrow("The disk is full");
		expect(names()).toEqual(["mirsal-2026-11-22.db"]);
	});

	test("without a ledger, or before the first backup, there is none", () => {
		expect(listBackups(path)).toEqual([]);
		mkdirSync(backupFolder(path));
		expect(listBackups(path)).toEqual([]);
	});
});

describe("the copy in a thread of its own", { timeout: 60_000 }, () => {
	test("holds up no write of a live instance for long: 100 MB", async () => {
		await fill(100);
		await store?.close();
		expect(statSync(path).size).toBeGreaterThan(95_000_000);
		const { lines, ended } = child();
		await ended;
		const [, longest] = /^done (\d+)$/.exec(lines[1] ?? "") ?? [];
		expect(longest, lines.join("\n")).toBeDefined();
		// Measured 55 to 85 ms on two cores; the copy as such takes half a second.
		expect(Number(longest)).toBeLessThan(400);
		expect(await checkSqlite(join(folder, "backups", "mirsal-2026-11-23.db"))).toEqual([]);
	});

	test("H4: SIGKILL in the middle leaves the ledger and the older backups whole; the next backup clears up", async () => {
		await fill(30);
		await store?.close();
		mkdirSync(backupFolder(path));
		await backupSqlite(path, join(backupFolder(path), "mirsal-2026-11-20.db"));
		const { process: dying, ended } = child();
		const folderHasPartial = () => names().some((name) => name.endsWith(".partial"));
		while (!folderHasPartial() && dying.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
		dying.kill("SIGKILL");
		await ended;
		expect(names()).toContain(`mirsal-2026-11-23.db.${dying.pid}.partial`);
		expect(names()).not.toContain("mirsal-2026-11-23.db");
		expect(await checkSqlite(path)).toEqual([]);
		expect(listBackups(path).map(({ file }) => file.slice(-13))).toEqual(["2026-11-20.db"]);
		await ledgerBackups(path, { copy, day }).make(new Date("2026-11-24T09:00:00.000Z"), signal);
		expect(names()).toEqual(["mirsal-2026-11-20.db", "mirsal-2026-11-24.db"]);
	});

	test.skipIf(process.platform === "win32")(
		"H5: no room for the copy: says so, leaves nothing, and the ledger goes on",
		async () => {
			await fill(10);
			await store?.close();
			const { lines, ended } = child(8_000);
			await ended;
			expect(lines[1]).toMatch(/^failed (The disk is full|The disk under the ledger)/);
			expect(names()).toEqual([]);
			expect(await checkSqlite(path)).toEqual([]);
		},
	);
});

test("a backup from the future, by a clock that went wrong, is listed first and kept, and does not stand for the last one", async () => {
	await fill(1);
	const backups = ledgerBackups(path, { copy, day });
	const now = new Date("2026-11-23T09:00:00.000Z");
	const later = new Date("2027-01-01T00:00:00.000Z");
	const wrong = Array.from({ length: 7 }, (_, number) => new Date(later.getTime() + number * 86_400_000));
	for (const time of wrong) await backups.make(time, signal);
	expect(backups.last(now)).toBeUndefined();
	const file = await backups.make(now, signal);
	expect(backups.last(now)).toEqual(now);
	expect(listBackups(path).map(({ at }) => at)).toEqual([...wrong.slice(1).reverse(), now]);
	expect(listBackups(path).at(-1)?.file).toBe(file);
});

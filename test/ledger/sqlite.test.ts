import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "libsql";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import { backupSqlite, checkSqlite, restoreSqlite } from "../../src/ledger/sqlite-file.ts";
import { LedgerDamagedError, LedgerHeldError, LedgerNewerError, type Store } from "../../src/ledger/store.ts";
import { storeContract } from "../contracts/store.ts";

let folder: string;
let path: string;
const stores: Store[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-sqlite-"));
	path = join(folder, "mirsal.db");
});
afterEach(async () => {
	for (const store of stores.splice(0)) await store.close();
	for (const child of children.splice(0)) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

async function open(lock = true, file = path, now = () => new Date()): Promise<Store> {
	const store = await openSqlite({ path: file, lock, now });
	stores.push(store);
	return store;
}

/** Starts a live instance and gives its lines; `limit` caps the size of its files, in blocks of 512 bytes. */
function live(writes: number, limit?: number) {
	const node = [process.execPath, join(import.meta.dirname, "sqlite-child.mjs"), path, String(writes)];
	const child =
		limit === undefined
			? spawn(node[0] ?? "", node.slice(1))
			: spawn("sh", ["-c", `trap '' XFSZ; ulimit -f ${limit}; exec "$@"`, "sh", ...node]);
	children.push(child);
	const lines: string[] = [];
	const reader = createInterface({
		input: child.stdout as NodeJS.ReadableStream,
	});
	reader.on("line", (line) => lines.push(line));
	const until = async (what: () => boolean) => {
		while (!what()) await once(reader, "line");
	};
	return { child, lines, until, ended: once(reader, "close") };
}

storeContract("sqlite", () => open());

test("missing folders are made", async () => {
	const file = join(folder, "a", "b", "ledger.db");
	const store = await open(true, file);
	await store.write({ set: [["a", 1]] });
	expect(await checkSqlite(file)).toEqual([]);
});

test("what was written is there after opening again", async () => {
	const store = await open();
	await store.write({ set: [["a", { b: 1 }]] });
	await store.close();
	expect(existsSync(`${path}.owner`)).toBe(false);
	expect(await (await open()).keyv.get("a")).toEqual({ b: 1 });
});

test("keyv remembers, forgets, and goes through its own", async () => {
	const { keyv } = await open();
	await keyv.set("a", 1);
	await keyv.set("b", 2);
	expect(await keyv.has("a")).toBe(true);
	expect(await keyv.get(["a", "none", "b"])).toEqual([1, undefined, 2]);
	const found: unknown[] = [];
	for await (const entry of keyv.iterator?.(undefined) ?? []) found.push(entry);
	expect(found).toEqual([
		["a", 1],
		["b", 2],
	]);
	expect(await keyv.delete("a")).toBe(true);
	expect(await keyv.delete("a")).toBe(false);
	await keyv.clear();
	expect(await keyv.get("b")).toBeUndefined();
});

test("what has expired is gone from keyv, list and expectations alike", async () => {
	let late = 0;
	const store = await open(true, path, () => new Date(Date.now() + late));
	await store.keyv.set("nonce:1", "x", 60_000);
	expect(await store.keyv.get("nonce:1")).toBe("x");
	late = 61_000;
	expect(await store.keyv.get("nonce:1")).toBeUndefined();
	for await (const [key] of store.list("")) expect.unreachable(key);
	expect(
		await store.write({
			expect: [["nonce:1", undefined]],
			set: [["nonce:1", "y"]],
		}),
	).toBe(true);
	expect(await store.keyv.get("nonce:1")).toBe("y");
});

test("a second instance is told who holds the ledger; SIGKILL frees it at once", async () => {
	const { child, lines, until } = live(0);
	await until(() => lines.includes("open"));
	const second = open();
	await expect(second).rejects.toThrow(LedgerHeldError);
	await expect(second).rejects.toThrow(
		`The ledger ${path} is held by another live instance: pid ${child.pid}, host ${hostname()}`,
	);
	child.kill("SIGKILL");
	await once(child, "exit");
	const store = await open();
	expect(await store.write({ set: [["a", 1]] })).toBe(true);
	expect(readFileSync(`${path}.owner`, "utf8")).toContain(`pid ${process.pid}\n`);
}, 20_000);

test("kill -9 while it writes loses no acknowledged write", async () => {
	for (let round = 0; round < 2; round++) {
		const { child, lines, until, ended } = live(100_000);
		await until(() => lines.length > 150);
		child.kill("SIGKILL");
		await ended;
		const acknowledged = lines.filter((line) => /^key:\d{6}$/.test(line));
		expect(acknowledged.length).toBeGreaterThan(100);
		const store = await open();
		const kept = new Set<string>();
		for await (const [key] of store.list("key:")) kept.add(key);
		expect(acknowledged.filter((key) => !kept.has(key))).toEqual([]);
		await store.close();
	}
	expect(await checkSqlite(path)).toEqual([]);
}, 30_000);

test("a disk that takes no more is said, and what was acknowledged stays", async () => {
	const { lines, ended } = live(100_000, 400);
	await ended;
	const last = lines.at(-1) ?? "";
	expect(last).toMatch(/^Error: The disk .*ledger /);
	const store = await open();
	const kept = new Set<string>();
	for await (const [key] of store.list("key:")) kept.add(key);
	expect(lines.filter((line) => line.startsWith("key:") && !kept.has(line))).toEqual([]);
}, 20_000);

test("reading beside a live instance sees its writes and changes nothing", async () => {
	const writer = await open();
	await writer.write({ set: [["a", 1]] });
	const reader = await open(false);
	expect(await reader.keyv.get("a")).toBe(1);
	await writer.write({ set: [["a", 2]] });
	expect(await reader.keyv.get("a")).toBe(2);
	await expect(reader.write({ set: [["a", 3]] })).rejects.toThrow("opened for reading only");
	await expect(reader.keyv.set("a", 3)).rejects.toThrow("opened for reading only");
	expect(await writer.keyv.get("a")).toBe(2);
});

test("reading a missing ledger reads nothing and makes nothing", async () => {
	const reader = await open(false);
	expect(await reader.keyv.get("a")).toBeUndefined();
	expect(existsSync(path)).toBe(false);
});

async function damage(how: "text" | "cut"): Promise<Buffer> {
	if (how === "text") writeFileSync(path, "هذا ليس سجلا ".repeat(200));
	else {
		const store = await open();
		await store.write({
			set: Array.from({ length: 500 }, (_, index) => [`key:${index}`, "x".repeat(300)] as const),
		});
		await store.close();
		truncateSync(path, 4096 * 10);
	}
	return readFileSync(path);
}

test.each([
	["text", true],
	["text", false],
	["cut", true],
	["cut", false],
] as const)("a damaged ledger (%s, lock %s) is refused with the two commands and left as it is", async (how, lock) => {
	const before = await damage(how);
	const opening = open(lock);
	await expect(opening).rejects.toThrow(LedgerDamagedError);
	await expect(opening).rejects.toThrow(path);
	await expect(opening).rejects.toThrow(/`mirsal ledger check`.*`mirsal ledger restore`/);
	expect(readFileSync(path).equals(before)).toBe(true);
	expect(await checkSqlite(path)).not.toEqual([]);
});

test("a newer ledger is refused by an older program", async () => {
	await (await open()).close();
	const raw = new Database(path);
	raw.exec("PRAGMA user_version = 2");
	raw.close();
	const opening = open();
	await expect(opening).rejects.toThrow(LedgerNewerError);
	await expect(opening).rejects.toThrow("older program");
});

test("another program's database is refused", async () => {
	const raw = new Database(path);
	raw.exec("CREATE TABLE songs (name TEXT)");
	raw.close();
	await expect(open()).rejects.toThrow("another program");
});

test("a backup taken beside a live instance restores; the damaged files are kept", async () => {
	const backup = join(folder, "backups", "one.db");
	const store = await open();
	await store.write({ set: [["a", 1]] });
	await backupSqlite(path, backup);
	await store.write({ set: [["a", 2]] });
	await expect(restoreSqlite(path, backup)).rejects.toThrow(LedgerHeldError);
	await store.close();
	const before = await damage("text");
	expect(await restoreSqlite(path, backup)).toEqual({
		kept: `${path}.damaged-1`,
	});
	expect(readFileSync(`${path}.damaged-1`).equals(before)).toBe(true);
	expect(await (await open()).keyv.get("a")).toBe(1);
}, 20_000);

test("a backup that is not sound restores nothing", async () => {
	const store = await open();
	await store.write({ set: [["a", 1]] });
	await store.close();
	const bad = join(folder, "bad.db");
	writeFileSync(bad, "no database ".repeat(100));
	await expect(restoreSqlite(path, bad)).rejects.toThrow("was left as it is");
	expect(await (await open()).keyv.get("a")).toBe(1);
});

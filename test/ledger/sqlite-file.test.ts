import {
	closeSync,
	copyFileSync,
	existsSync,
	mkdtempSync,
	openSync,
	rmSync,
	statSync,
	truncateSync,
	writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import { checkSqlite, isDoubtful } from "../../src/ledger/sqlite-file.ts";
import { LedgerDamagedError, type Store } from "../../src/ledger/store.ts";

const now = () => new Date("2026-11-23T09:00:00.000Z");
const LARGE = 80 * 1024 * 1024;

let folder: string;
let path: string;
const stores: Store[] = [];

async function open(lock: boolean): Promise<Store> {
	const store = await openSqlite({ path, lock, now });
	stores.push(store);
	return store;
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-large-"));
	path = join(folder, "ledger.db");
	const [closed, killed] = [join(folder, "closed.db"), join(folder, "killed.db")];
	const store = await openSqlite({ path: closed, lock: true, now });
	const value = "خبر ".repeat(120);
	const set = Array.from(
		{ length: LARGE / 900 },
		(_, index) => [`key:${String(index).padStart(6, "0")}`, value] as const,
	);
	await store.write({ set });
	await store.close();
	const again = await openSqlite({ path: closed, lock: true, now });
	await again.write({ set: [["last", 1]] });
	for (const end of ["", "-wal"]) copyFileSync(closed + end, killed + end);
	await again.close();
}, 60_000);

beforeEach(() => {
	for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
});

afterEach(async () => {
	for (const store of stores.splice(0)) await store.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A large ledger that was closed as it should be, or the same one as an end by force leaves it. */
function copy(how: "closed" | "killed"): void {
	for (const end of ["", "-wal"]) {
		const file = join(folder, `${how}.db${end}`);
		if (existsSync(file)) copyFileSync(file, path + end);
	}
}

function cut(): void {
	truncateSync(path, 70 * 1024 * 1024);
}

function damageMiddle(): void {
	const handle = openSync(path, "r+");
	writeSync(handle, Buffer.alloc(65_536, 7), 0, 65_536, 4_096 * Math.floor(statSync(path).size / 8_192));
	closeSync(handle);
}

test.each([
	["closed", "alone", false],
	["closed", "beside", false],
	["killed", "alone", true],
	["killed", "beside", false],
] as const)("a large ledger that was %s, opened %s, is read to its end first: %s", (how, where, whole) => {
	copy(how);
	expect(isDoubtful(path, where)).toBe(whole);
});

test("a small ledger is read to its end first, always", async () => {
	await (await open(true)).write({ set: [["a", 1]] });
	expect([isDoubtful(path, "alone"), isDoubtful(path, "beside")]).toEqual([true, true]);
});

test("a large ledger whose last life ended by force opens with what was acknowledged", async () => {
	copy("killed");
	expect(await (await open(true)).keyv.get("last")).toBe(1);
});

test.each([
	["cut short, after a good end", "closed", cut, true],
	["cut short, beside a live instance", "closed", cut, false],
	["damaged in the middle, after an end by force", "killed", damageMiddle, true],
] as const)("a large ledger that is %s is refused with the two commands", async (_, from, damage, lock) => {
	copy(from);
	damage();
	const opening = open(lock);
	await expect(opening).rejects.toThrow(LedgerDamagedError);
	await expect(opening).rejects.toThrow(/`mirsal ledger check`.*`mirsal ledger restore`/);
});

test("a large ledger that is damaged in the middle after a good end says so when the place is read, and to whoever checks it", async () => {
	copy("closed");
	damageMiddle();
	const store = await open(true);
	expect(await store.keyv.get("last")).toBe(1);
	const all = async () => {
		for await (const _ of store.list("key:"));
	};
	await expect(all()).rejects.toThrow(LedgerDamagedError);
	expect(await checkSqlite(path)).not.toEqual([]);
});

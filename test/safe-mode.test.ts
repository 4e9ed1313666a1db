import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ledger, openLedger } from "../src/ledger/ledger.ts";
import { ledgerMarker, type Marker } from "../src/ledger/marker.ts";
import { openSqlite } from "../src/ledger/sqlite.ts";
import type { Store } from "../src/ledger/store.ts";
import { openSafeMode } from "../src/safe-mode.ts";
import { type FakeAdmins, type Fate, fakeAdmins, fate, mortal, silence } from "./world.ts";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const SOURCES = ["feed", "site"];

let folder: string;
let path: string;
let marker: Marker;
let admins: FakeAdmins;
let store: Store | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-safe-"));
	path = join(folder, "mirsal.db");
	marker = ledgerMarker(path);
	admins = fakeAdmins();
});
afterEach(async () => {
	await store?.close();
	store = undefined;
	rmSync(folder, { recursive: true, force: true });
});

/** A life of Mirsal over the ledger in the folder, with as many writes as its fate allows. */
async function live(end: Fate = fate(), sources: readonly string[] = SOURCES) {
	await store?.close();
	store = await openSqlite({ path, lock: true, now: () => NOW });
	let initialised = () => {};
	const ledger = openLedger(mortal(store, ["write"], end), {
		now: () => NOW,
		day: (time) => time.toISOString().slice(0, 10),
		visited: () => initialised(),
	});
	const mode = await openSafeMode({ ledger, marker, sources, admins, log: silence });
	initialised = mode.initialised;
	return { ledger, mode };
}

/** A first readable list of a source is written down. */
const visit = (ledger: Ledger, name: string) =>
	ledger.updateSource(name, (before) => ({
		v: 1,
		kind: "feed",
		cursor: {},
		...before,
		firstVisit: NOW.toISOString(),
		lastPoll: NOW.toISOString(),
	}));

/** A look that failed is written down. */
const failed = (ledger: Ledger, name: string) =>
	ledger.updateSource(name, (before) => ({
		v: 1,
		kind: "feed",
		cursor: {},
		...before,
		fault: { since: NOW.toISOString(), message: "did not answer in time", times: 1 },
	}));

async function lose(): Promise<void> {
	await store?.close();
	store = undefined;
	for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
}

describe("the marker", () => {
	test("a new start has none until a first list was taken", async () => {
		const { ledger, mode } = await live();
		expect(mode.on).toBe(false);
		await failed(ledger, "feed");
		await mode.settle();
		expect(marker.stands()).toBe(false);
		await visit(ledger, "feed");
		expect(marker.stands()).toBe(true);
	});

	test("H4: a death between the list and the marker is made up for at the next start", async () => {
		const first = await live();
		await first.ledger.updateSource("feed", () => ({ v: 1, kind: "feed", cursor: {} }));
		await store?.write({ set: [["cursor:feed", { v: 1, kind: "feed", cursor: {}, firstVisit: NOW.toISOString() }]] });
		expect(marker.stands()).toBe(false);
		const { mode } = await live();
		expect(mode.on).toBe(false);
		expect(marker.stands()).toBe(true);
	});

	test("H5: a disk that refuses it stops nothing, and it is written later", async () => {
		let full = true;
		const real = marker;
		marker = {
			...real,
			write() {
				if (full) throw new Error("ENOSPC: no space left on device");
				real.write();
			},
		};
		const { ledger, mode } = await live();
		await visit(ledger, "feed");
		expect(marker.stands()).toBe(false);
		full = false;
		await mode.settle();
		expect(marker.stands()).toBe(true);
	});
});

describe("a ledger that disappeared", () => {
	const losses: readonly (readonly [name: string, lose: () => Promise<void>])[] = [
		["is missing", lose],
		[
			"is empty",
			async () => {
				await lose();
				const empty = await openSqlite({ path, lock: true, now: () => NOW });
				await empty.close();
			},
		],
	];
	test.each(losses)("H6: it %s while the marker stands: safe mode, told once", async (_name, happens) => {
		await visit((await live()).ledger, "feed");
		await happens();
		const { mode, ledger } = await live();
		expect(mode.on).toBe(true);
		expect(await ledger.safeMode()).toBe(NOW.toISOString());
		expect(admins.told.map(({ sentence, incident }) => [sentence, incident])).toEqual([["safeMode", "safe-mode"]]);
		expect((await live()).mode.on).toBe(true);
		expect(admins.told).toHaveLength(1);
	});

	test("it lasts until every source was read, through failures and other lives", async () => {
		await visit((await live()).ledger, "feed");
		await lose();
		const first = await live();
		await failed(first.ledger, "feed");
		await visit(first.ledger, "site");
		await first.mode.settle();
		expect(first.mode.on).toBe(true);
		const second = await live();
		expect(second.mode.on).toBe(true);
		expect(admins.resolved).toEqual([]);
		await visit(second.ledger, "feed");
		await second.mode.settle();
		expect(second.mode.on).toBe(false);
		expect(admins.resolved.map(({ sentence }) => sentence)).toEqual(["safeModeOver"]);
		expect((await live()).mode.on).toBe(false);
	});

	test("a source that left the settings is not waited for", async () => {
		await visit((await live()).ledger, "feed");
		await lose();
		const { ledger, mode } = await live(fate(), ["site"]);
		await visit(ledger, "site");
		await mode.settle();
		expect(mode.on).toBe(false);
	});

	test.each([1, 2])("H4: a death before write %s of its beginning and end leaves it as safe as before", async (n) => {
		await visit((await live()).ledger, "feed");
		await lose();
		await live(fate(n, "before"), ["feed"]).then(
			async ({ ledger }) => {
				await expect(visit(ledger, "feed")).rejects.toThrow("died before call");
			},
			(error: Error) => expect(error.message).toContain("died before call"),
		);
		const { mode, ledger } = await live(fate(), ["feed"]);
		expect(mode.on).toBe(true);
		await visit(ledger, "feed");
		await mode.settle();
		expect(mode.on).toBe(false);
	});

	test("both files deleted is a new start", async () => {
		await visit((await live()).ledger, "feed");
		await lose();
		rmSync(`${path}.initialised`);
		expect((await live()).mode.on).toBe(false);
		expect(admins.told).toEqual([]);
	});

	test("a ledger that is thrown away leaves no marker", async () => {
		const thrown = await openSqlite({ path, lock: true, now: () => NOW });
		const ledger = openLedger(thrown, { now: () => NOW, day: () => "2026-11-23" });
		const mode = await openSafeMode({ ledger, marker: undefined, sources: SOURCES, admins, log: silence });
		await visit(ledger, "feed");
		mode.initialised();
		await mode.settle();
		await ledger.close();
		expect(mode.on).toBe(false);
		expect(marker.stands()).toBe(false);
	});
});

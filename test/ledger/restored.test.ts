import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Delivery, shelfKey } from "../../src/ledger/delivery.ts";
import type { SourceRecord } from "../../src/ledger/kept.ts";
import { type Ledger, openLedger } from "../../src/ledger/ledger.ts";
import { disorder } from "../../src/ledger/order.ts";
import { doubtRestored } from "../../src/ledger/restored.ts";
import { openSqlite } from "../../src/ledger/sqlite.ts";
import { backupSqlite, restoreSqlite } from "../../src/ledger/sqlite-file.ts";
import type { Json, Store } from "../../src/ledger/store.ts";
import { fate, mortal } from "../world.ts";

const AT = "2026-11-23T09:00:00.000Z";
const LATER = new Date("2026-11-23T20:00:00.000Z");
const SOURCES = 250;
const now = () => LATER;
const json = (value: unknown) => value as Json;

let folder: string;
let path: string;
let backup: string;
const stores: Store[] = [];

async function open(file = path, lock: true | "beside" = true): Promise<{ store: Store; ledger: Ledger }> {
	const store = await openSqlite({ path: file, lock, now });
	stores.push(store);
	return { store, ledger: openLedger(store, { now, day: (time) => time.toISOString().slice(0, 10) }) };
}

/** The backup takes the ledger's place; `mortally` says how long the process lives over it. */
const restore = (mortally: (store: Store) => Store = (store) => store) =>
	restoreSqlite(path, backup, async (copy) => {
		const { store } = await open(copy, "beside");
		await doubtRestored(mortally(store), LATER).finally(() => store.close());
	});

const delivery = (state: Delivery["state"], more: Partial<Delivery> = {}): Delivery => ({
	v: 1,
	channel: "telegram",
	id: `a-${state}`,
	kind: "article",
	order: `1:${AT}:00001`,
	state,
	plannedAt: AT,
	changedAt: AT,
	attempts: 1,
	...more,
});

const entriesOf = (one: Delivery): [string, Json][] => {
	const article = {
		id: one.id,
		url: `https://nakhla.example/${one.id}`,
		title: "خبر",
		source: "nakhla",
		paragraphs: [],
	};
	const place = shelfKey(one);
	return [
		[`article:${one.id}`, json({ v: 1, article, foundAt: AT, removed: [] })],
		[`delivery:telegram:${one.id}`, json(one)],
		...(place === undefined ? [] : [[place, one.id] as [string, Json]]),
	];
};

async function problems({ store }: { readonly store: Store }): Promise<string[]> {
	const found: string[] = [];
	for await (const problem of disorder(store)) found.push(problem);
	return found;
}

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-restored-"));
	path = join(folder, "mirsal.db");
	backup = join(folder, "backups", "one.db");
	const { store } = await open();
	const record = (name: string): [string, Json] => [
		`cursor:${name}`,
		json({ v: 1, kind: "feed", cursor: {}, firstVisit: AT, lastPoll: AT } satisfies SourceRecord),
	];
	const sources = Array.from({ length: SOURCES }, (_, number) => record(`source-${number}`));
	await store.write({ set: [...entriesOf(delivery("planned")), ...sources] });
	await backupSqlite(path, backup);
	await store.write({ set: [["since", "the backup"]] });
	await store.close();
});
afterEach(async () => {
	for (const store of stores.splice(0)) await store.close();
	rmSync(folder, { recursive: true, force: true });
});

test("all sources of a restored ledger are read with doubt, and all of it stands in the one file", async () => {
	await restore();
	expect(readdirSync(folder).filter((name) => name.includes("restoring") || name.endsWith(".db-wal"))).toEqual([]);
	const { store, ledger } = await open();
	let doubted = 0;
	for await (const [, record] of store.list("cursor:"))
		if ((record as unknown as SourceRecord).lostUntil === LATER.toISOString()) doubted++;
	expect(doubted).toBe(SOURCES);
	expect((await ledger.delivery("telegram", "a-planned"))?.state).toBe("held");
});

describe("what became of a delivery since the backup is not known", () => {
	test.each<[before: Delivery, after: Delivery["state"]]>([
		[delivery("planned"), "held"],
		[delivery("waiting", { notBefore: AT }), "held"],
		[delivery("sending"), "sending"],
		[delivery("unsure", { lost: true }), "unsure"],
		[delivery("unsure", { lost: true, closed: true }), "unsure"],
		[delivery("held", { hold: "flood:nakhla" }), "held"],
		[delivery("refused"), "refused"],
		[delivery("sent", { receipt: { id: "7" } }), "sent"],
		[delivery("skipped", { reason: "too old" }), "skipped"],
	])("$state", async (before, after) => {
		const opened = await open(join(folder, "other.db"));
		await opened.store.write({ set: entriesOf(before) });
		await doubtRestored(opened.store, LATER);
		const found = await opened.ledger.delivery("telegram", before.id);
		expect(found?.state).toBe(after);
		if (before.state === after) expect(found).toEqual(before);
		else expect(found).toMatchObject({ hold: "lost:nakhla", changedAt: LATER.toISOString() });
		expect(await problems(opened)).toEqual([]);
	});
});

test.each([
	[1, "before"],
	[1, "after"],
	[2, "before"],
	[2, "after"],
] as const)(
	"H4: a death at write %s (%s it) leaves the ledger as it was, and restoring again does it",
	async (n, moment) => {
		await expect(restore((store) => mortal(store, ["write"], fate(n, moment)))).rejects.toThrow("died");
		const before = await open();
		expect(await before.store.keyv.get("since")).toBe("the backup");
		expect((await before.ledger.delivery("telegram", "a-planned"))?.state).toBe("planned");
		await before.store.close();
		expect(existsSync(`${path}.restoring`)).toBe(false);
		await restore();
		const after = await open();
		expect(await after.store.keyv.get("since")).toBeUndefined();
		expect((await after.ledger.delivery("telegram", "a-planned"))?.state).toBe("held");
		expect(await problems(after)).toEqual([]);
	},
);

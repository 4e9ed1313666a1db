import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ledgerMarker } from "../../src/ledger/marker.ts";

let folder: string;
let ledger: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-marker-"));
	ledger = join(folder, "mirsal.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("it stands once it is written, and tells whoever finds it what it is for", () => {
	const marker = ledgerMarker(ledger);
	expect(marker.stands()).toBe(false);
	expect(marker.since()).toBeUndefined();
	marker.write();
	expect(marker.stands()).toBe(true);
	expect(marker.since()).toEqual(statSync(`${ledger}.initialised`).mtime);
	expect(readFileSync(`${ledger}.initialised`, "utf8")).toContain("mirsal ledger restore");
	expect(readdirSync(folder)).toEqual(["mirsal.db.initialised"]);
});

test("writing it again leaves its time alone", () => {
	const marker = ledgerMarker(ledger);
	writeFileSync(`${ledger}.initialised`, "older");
	marker.write();
	expect(readFileSync(`${ledger}.initialised`, "utf8")).toBe("older");
});

test("half a marker, left by a death in the middle, is none and is written over", () => {
	writeFileSync(`${ledger}.initialised.partial`, "The led");
	const marker = ledgerMarker(ledger);
	expect(marker.stands()).toBe(false);
	marker.write();
	expect(readdirSync(folder)).toEqual(["mirsal.db.initialised"]);
});

test("H5: what the disk refuses is thrown, and nothing is left behind", () => {
	const marker = ledgerMarker(join(folder, "missing", "mirsal.db"));
	expect(() => marker.write()).toThrow("ENOENT");
	expect(marker.stands()).toBe(false);
	expect(readdirSync(folder)).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { holds, seal } from "../../src/ledger/record.ts";
import type { Json } from "../../src/ledger/store.ts";

describe("holds", () => {
	test.each<[string, string | undefined, Json | undefined, boolean]>([
		["the same to the letter", seal({ v: 1, a: "نص" }), { v: 1, a: "نص" }, true],
		["in another order", seal({ v: 1, a: "نص" }), { a: "نص", v: 1 }, true],
		["with a member that is undefined", seal({ v: 1 }), { v: 1, a: undefined }, true],
		["-0, which JSON does not know", seal(0), -0, true],
		["with Keyv's expiry in its envelope", '{"value":{"v":1},"expires":1}', { v: 1 }, true],
		["another value", seal({ v: 1 }), { v: 2 }, false],
		["a member more", seal({ v: 1 }), { v: 1, a: 2 }, false],
		["a list in another order", seal([1, 2]), [2, 1], false],
		["nothing where nothing is expected", undefined, undefined, true],
		["nothing where something is expected", undefined, { v: 1 }, false],
		["something where nothing is expected", seal({ v: 1 }), undefined, false],
		["null where nothing is expected", seal(null), undefined, false],
		["nothing where null is expected", undefined, null, false],
	])("%s", (_, text, value, same) => {
		expect(holds(text, value)).toBe(same);
	});
});

import { afterEach, describe, expect, test } from "vitest";
import type { Json, Store } from "../../src/ledger/store.ts";

/** What every store promises; `open` gives an empty one. */
export function storeContract(name: string, open: () => Promise<Store>): void {
	describe(`store contract: ${name}`, () => {
		const opened: Store[] = [];
		afterEach(async () => {
			for (const store of opened.splice(0)) await store.close();
		});

		async function fresh(...entries: readonly (readonly [string, Json])[]): Promise<Store> {
			const store = await open();
			opened.push(store);
			if (entries.length > 0) await store.write({ set: entries });
			return store;
		}

		async function all(store: Store, prefix: string, options?: { after?: string; limit?: number }) {
			const found: (readonly [string, Json])[] = [];
			for await (const entry of store.list(prefix, options)) found.push(entry);
			return found;
		}

		const keys = (entries: readonly (readonly [string, Json])[]) => entries.map(([key]) => key);

		test.each<[string, Json]>([
			[
				"an object",
				{
					title: "انطلاق معرض بغداد للكتاب",
					tags: ["ثقافة"],
					count: 3,
					none: null,
				},
			],
			["text", "خبر"],
			["text that begins with Keyv's escape", ":base64:aGk="],
			["text with quotes and NUL", "a\"'\u0000b"],
			["a number", 1.5],
			["false", false],
			["null", null],
			["a list", [1, [2], { three: ":3" }]],
		])("keyv reads what write wrote, and the reverse: %s", async (_, value) => {
			const store = await fresh(["article:1", value]);
			expect(await store.keyv.get("article:1")).toEqual(value);
			await store.keyv.set("article:2", value);
			expect(await all(store, "article:")).toEqual([
				["article:1", value],
				["article:2", value],
			]);
			expect(
				await store.write({
					expect: [["article:2", value]],
					del: ["article:1"],
				}),
			).toBe(true);
			expect(await store.keyv.get("article:1")).toBeUndefined();
		});

		test.each<[string, readonly (readonly [string, Json | undefined])[], boolean]>([
			["the value stands", [["a", { x: 1, y: [2] }]], true],
			["the order of members does not matter", [["a", { y: [2], x: 1 }]], true],
			["an undefined member is none", [["a", { x: 1, y: [2], z: undefined }]], true],
			["another value", [["a", { x: 1, y: [3] }]], false],
			["a key that must not exist does", [["a", undefined]], false],
			["a key that must not exist does not", [["b", undefined]], true],
			["a key that must exist does not", [["b", null]], false],
			[
				"one of two does not hold",
				[
					["a", { x: 1, y: [2] }],
					["b", 1],
				],
				false,
			],
		])("a batch is written if its expectations hold, else nothing is: %s", async (_, expected, written) => {
			const store = await fresh(["a", { x: 1, y: [2] }], ["old", 1]);
			expect(
				await store.write({
					expect: expected,
					set: [["new", 1]],
					del: ["old"],
				}),
			).toBe(written);
			expect(keys(await all(store, ""))).toEqual(written ? ["a", "new"] : ["a", "old"]);
		});

		test("a batch that cannot be written changes nothing and throws", async () => {
			const store = await fresh(["a", 1]);
			await expect(
				store.write({
					set: [
						["b", 1],
						["", 2],
					],
					del: ["a"],
				}),
			).rejects.toThrow("cannot be a key");
			expect(await all(store, "")).toEqual([["a", 1]]);
		});

		test("of many who claim one key, one gets it", async () => {
			const store = await fresh();
			const claims = Array.from({ length: 20 }, (_, index) =>
				store.write({
					expect: [["lease", undefined]],
					set: [["lease", index]],
				}),
			);
			expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
		});

		const sorted = ["a", "a:1", "a:10", "a:2", "a:é", "a:ب", "a:ﷲ", "a:😀", "b"];
		test.each<[string, string, { after?: string; limit?: number } | undefined, string[]]>([
			["everything, by bytes", "", undefined, sorted],
			["a prefix", "a:", undefined, sorted.slice(1, 8)],
			["a prefix beyond ASCII", "a:ب", undefined, ["a:ب"]],
			["nothing", "c", undefined, []],
			["after a key", "a:", { after: "a:2" }, sorted.slice(4, 8)],
			["after a key that is not there", "a:", { after: "a:11" }, sorted.slice(3, 8)],
			["after a key before the prefix", "a:", { after: "a" }, sorted.slice(1, 8)],
			["after a key behind the prefix", "a:", { after: "b" }, []],
			["at most two", "a:", { limit: 2 }, ["a:1", "a:10"]],
			["at most none", "a:", { limit: 0 }, []],
			["after a key, at most one", "a:", { after: "a:10", limit: 1 }, ["a:2"]],
		])("list gives keys in order: %s", async (_, prefix, options, expected) => {
			const store = await fresh(...sorted.map((key) => [key, 1] as const).reverse());
			expect(keys(await all(store, prefix, options))).toEqual(expected);
		});

		test("list reads on over many pages while the consumer writes", async () => {
			const name = (index: number) => `open:${String(index).padStart(4, "0")}`;
			const wanted = Array.from({ length: 450 }, (_, index) => name(index));
			const store = await fresh(...wanted.map((key) => [key, 0] as const));
			const seen: string[] = [];
			for await (const [key] of store.list("open:")) {
				seen.push(key);
				await store.write({ del: [key] });
			}
			expect(seen).toEqual(wanted);
			expect(await all(store, "")).toEqual([]);
		});

		test("a closed store throws on everything", async () => {
			const store = await fresh(["a", 1]);
			await store.close();
			await store.close();
			await expect(store.write({ set: [["b", 1]] })).rejects.toThrow();
			await expect(store.keyv.get("a")).rejects.toThrow();
			await expect(store.keyv.set("a", 2)).rejects.toThrow();
			await expect(all(store, "")).rejects.toThrow();
		});
	});
}

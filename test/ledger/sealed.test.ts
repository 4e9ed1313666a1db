import { createDecipheriv, scryptSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { CHANCE, isSealed, seal, unpack, unseal } from "../../src/ledger/sealed.ts";

const KEY = "correct horse battery staple";
const chance = Buffer.alloc(CHANCE, 7);
const text = Buffer.from("سجل مرسال\u0000\u0001");
const packed = gzipSync(text);

test("what was sealed opens with its key alone", () => {
	const file = seal(packed, KEY, chance);
	expect(isSealed(file)).toBe(true);
	expect(file.includes(packed)).toBe(false);
	expect(unseal(file, KEY)).toEqual(packed);
	expect(unpack(file, KEY)).toEqual(text);
});

test("the file is laid out as it is documented: any program can open it", () => {
	const file = seal(packed, KEY, chance);
	expect(file.subarray(0, 16).toString()).toBe("MIRSAL-SEALED-1\n");
	const decipher = createDecipheriv("aes-256-gcm", scryptSync(KEY, file.subarray(16, 32), 32), file.subarray(32, 44));
	decipher.setAAD(file.subarray(0, 16));
	decipher.setAuthTag(file.subarray(44, 60));
	expect(Buffer.concat([decipher.update(file.subarray(60)), decipher.final()])).toEqual(packed);
});

test("a copy that was never encrypted opens without a key, and with one", () => {
	expect(unpack(packed, undefined)).toEqual(text);
	expect(unpack(packed, KEY)).toEqual(text);
});

test.each<[string, () => unknown, RegExp]>([
	["another key", () => unpack(seal(packed, KEY, chance), "another key of some length"), /LEDGER_KEY is not the one/],
	["no key", () => unpack(seal(packed, KEY, chance), undefined), /encrypted: set LEDGER_KEY/],
	["a cut file", () => unpack(seal(packed, KEY, chance).subarray(0, 70), KEY), /damaged/],
	[
		"a file of the first line alone",
		() => unseal(Buffer.from("MIRSAL-SEALED-1\n"), KEY),
		/no file that the bot has encrypted/,
	],
	["something else", () => unpack(Buffer.from("hello"), KEY), /no copy of a ledger/],
	["too little chance", () => seal(packed, KEY, Buffer.alloc(3)), /28 bytes of chance/],
])("%s is refused in a sentence", (_name, act, said) => {
	expect(act).toThrow(said);
});

test.each(Array.from({ length: 12 }, (_none, index) => index * 8))("a bit changed at byte %i is noticed", (at) => {
	const file = seal(packed, KEY, chance);
	const place = Math.min(at, file.length - 1);
	file[place] = (file[place] ?? 0) ^ 1;
	expect(() => unpack(file, KEY)).toThrow();
});

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { fontCoverage } from "../../src/channels/font-coverage.ts";

const find = createRequire(import.meta.url).resolve;

describe.each([
	["IBM Plex Sans Arabic", "@expo-google-fonts/ibm-plex-sans-arabic/700Bold/IBMPlexSansArabic_700Bold.ttf"],
	["Noto Naskh Arabic", "@expo-google-fonts/noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf"],
])("%s", (_, path) => {
	const covers = fontCoverage(readFileSync(find(path)));

	test.each([
		["Arabic", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"],
		["Sorani and Maghribi letters", "ێۆەڕڵڤگچپژکیڨ"],
		["harakat", "\u064B\u064C\u064D\u064E\u064F\u0650\u0651\u0652"],
		["punctuation", '،؛؟«»()[]:.!%…–-"'],
		["digits of both kinds", "0123456789٠١٢٣٤٥٦٧٨٩"],
		["Latin", "ABCabcéü"],
	])("has %s", (_, signs) => {
		expect([...signs].filter((sign) => !covers(sign.codePointAt(0) ?? 0))).toEqual([]);
	});

	test("has no emoji, no Chinese", () => {
		expect([..."🔴東"].filter((sign) => covers(sign.codePointAt(0) ?? 0))).toEqual([]);
	});
});

describe("formats", () => {
	test.each([
		// One segment, 0x61 to 0x63, and the closing one.
		["4, by difference", segments(0x61, 0x63, 0x10000 - 0x61 + 5), [0x61, 0x63], [0x60, 0x64]],
		["4, where the difference leads to no glyph", segments(0x61, 0x63, 0x10000 - 0x62), [0x61, 0x63], [0x62]],
		["12", groups(0x1f600, 0x1f602, 9), [0x1f600, 0x1f602], [0x1f5ff, 0x1f603]],
	])("%s", (_, font, served, missing) => {
		const covers = fontCoverage(font);
		expect([served.map(covers), missing.map(covers)]).toEqual([served.map(() => true), missing.map(() => false)]);
	});

	test.each([
		["no table of characters", font("glyf", Buffer.alloc(8))],
		["no font", Buffer.from("<html>")],
	])("%s is told", (_, bytes) => expect(() => fontCoverage(bytes)).toThrow(RangeError));
});

function font(name: string, table: Buffer): Buffer {
	const head = Buffer.alloc(28);
	head.writeUInt32BE(0x00010000, 0);
	head.writeUInt16BE(1, 4);
	head.write(name, 12, "latin1");
	head.writeUInt32BE(28, 20);
	head.writeUInt32BE(table.length, 24);
	return Buffer.concat([head, table]);
}

function cmap(subtable: Buffer): Buffer {
	const head = Buffer.alloc(12);
	head.writeUInt16BE(1, 2);
	head.writeUInt16BE(3, 4);
	head.writeUInt32BE(12, 8);
	return font("cmap", Buffer.concat([head, subtable]));
}

function segments(start: number, end: number, delta: number): Buffer {
	const words = [4, 32, 0, 4, 0, 0, 0, end, 0xffff, 0, start, 0xffff, delta, 1, 0, 0];
	const table = Buffer.alloc(words.length * 2);
	for (const [index, word] of words.entries()) table.writeUInt16BE(word & 0xffff, index * 2);
	return cmap(table);
}

function groups(start: number, end: number, glyph: number): Buffer {
	const table = Buffer.alloc(28);
	table.writeUInt16BE(12, 0);
	table.writeUInt32BE(1, 12);
	for (const [index, value] of [start, end, glyph].entries()) table.writeUInt32BE(value, 16 + index * 4);
	return cmap(table);
}

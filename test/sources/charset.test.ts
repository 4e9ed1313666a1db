import { describe, expect, test } from "vitest";
import { decodeText, mayHoldControls } from "../../src/sources/charset.ts";
import { SourceError } from "../../src/sources/source.ts";

const ARABIC = "أعلنت مديرية الماء في محافظة ميسان إكمال صيانة المحطة وتشغيلها يوم الأحد";
const FRENCH = "La réunion a été reportée à l'été";

/** Encodes through the decoder's own table, so that no second table has to be believed. */
function encode(text: string, label: string): Uint8Array {
	const table = new Map(
		Array.from({ length: 256 }, (_, byte) => [new TextDecoder(label).decode(Uint8Array.of(byte)), byte] as const),
	);
	return Uint8Array.from(text, (char) => table.get(char) ?? 63);
}

function utf16(text: string, order: "le" | "be", marked: boolean): Uint8Array {
	const bytes = Buffer.from((marked ? "\uFEFF" : "") + text, "utf16le");
	return order === "le" ? bytes : bytes.swap16();
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const xml = (label: string, text: string) => `<?xml version="1.0" encoding="${label}"?><t>${text}</t>`;

describe("F14: decodeText", () => {
	test.each<[name: string, body: Uint8Array, type: string | undefined, part: string]>([
		["plain UTF-8", utf8(ARABIC), undefined, ARABIC],
		["UTF-8 with a mark", utf8(`\uFEFF${ARABIC}`), undefined, ARABIC],
		["UTF-8 by HTTP", utf8(ARABIC), "text/xml; charset=UTF-8", ARABIC],
		["windows-1256 by HTTP", encode(ARABIC, "windows-1256"), "text/html; charset=windows-1256", ARABIC],
		["windows-1256 by XML", encode(xml("windows-1256", ARABIC), "windows-1256"), "text/xml", ARABIC],
		["windows-1256 by meta", encode(`<meta charset="windows-1256">${ARABIC}`, "windows-1256"), "text/html", ARABIC],
		[
			"windows-1256 by http-equiv",
			encode(`<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">${ARABIC}`, "windows-1256"),
			undefined,
			ARABIC,
		],
		["windows-1256 declared as UTF-8", encode(xml("utf-8", ARABIC), "windows-1256"), "text/xml; charset=utf-8", ARABIC],
		["windows-1256 declared as latin-1", encode(ARABIC, "windows-1256"), "text/html; charset=ISO-8859-1", ARABIC],
		["windows-1256 declared as nothing", encode(ARABIC, "windows-1256"), undefined, ARABIC],
		[
			"windows-1256 by XML against HTTP's UTF-8",
			encode(xml("windows-1256", ARABIC), "windows-1256"),
			"text/xml; charset=utf-8",
			ARABIC,
		],
		["UTF-8 declared as windows-1256", utf8(xml("windows-1256", ARABIC)), "text/xml", ARABIC],
		["UTF-8 declared as latin-1", utf8(ARABIC), "text/html; charset=iso-8859-1", ARABIC],
		["ISO-8859-6 by HTTP", encode(ARABIC, "iso-8859-6"), "text/html; charset=iso-8859-6", ARABIC],
		["ISO-8859-6 declared as nothing", encode(ARABIC, "iso-8859-6"), undefined, ARABIC],
		["UTF-16 little-endian with a mark", utf16(ARABIC, "le", true), undefined, ARABIC],
		["UTF-16 big-endian with a mark", utf16(ARABIC, "be", true), undefined, ARABIC],
		["UTF-16 little-endian without a mark", utf16(xml("utf-16", ARABIC), "le", false), undefined, ARABIC],
		["UTF-16 big-endian without a mark", utf16(xml("utf-16", ARABIC), "be", false), undefined, ARABIC],
		["UTF-8 that says UTF-16 inside", utf8(xml("utf-16", ARABIC)), undefined, ARABIC],
		["GB2312", Uint8Array.of(0xd0, 0xc2, 0xce, 0xc5), "text/xml; charset=gb2312", "新闻"],
		["EUC-KR", Uint8Array.of(0xb3, 0xe2), "text/xml; charset=euc-kr", "년"],
		["French in windows-1252", encode(FRENCH, "windows-1252"), "text/html; charset=iso-8859-1", FRENCH],
		["French declared as UTF-8", encode(FRENCH, "windows-1252"), "text/html; charset=utf-8", FRENCH],
		["a label nobody knows", utf8(ARABIC), "text/html; charset=x-none", ARABIC],
		["quoted label", encode(ARABIC, "windows-1256"), 'text/html; charset="windows-1256"', ARABIC],
		[
			"one broken byte in a long text",
			Uint8Array.from([...utf8(ARABIC.repeat(10)), 0xd8]),
			"text/html; charset=utf-8",
			ARABIC,
		],
		["nothing", new Uint8Array(), undefined, ""],
	])("%s", (_, body, type, part) => {
		expect(decodeText(body, type)).toContain(part);
	});

	test("UTF-8 with too many broken characters is refused, not guessed at", () => {
		const body = Buffer.concat(
			Array.from({ length: 20 }, () => Buffer.concat([utf8("خبر عاجل"), Uint8Array.of(0xd8, 0x20)])),
		);
		expect(() => decodeText(body, "text/xml; charset=utf-8")).toThrow(SourceError);
	});
});

describe("mayHoldControls", () => {
	test.each([
		["nothing", [], false],
		["the three of every text", [0x09, 0x0a, 0x0d, 0x20, 0x7e, 0x09, 0x0a, 0x0d, 0x41], false],
		["bytes beyond ASCII", [0x80, 0x9f, 0xff, 0xd8, 0xa7, 0x1f + 0x80], false],
		["a zero", [0x41, 0x41, 0x41, 0x41, 0x41, 0x00, 0x41, 0x41], true],
		["a bell", [0x41, 0x41, 0x07], true],
		["an escape", [0x1b], true],
		["a deletion", [0x41, 0x7f, 0x41, 0x41, 0x41], true],
	])("sees %s wherever it stands in memory", (_, bytes, holds) => {
		for (let before = 0; before < 9; before++) {
			const memory = Uint8Array.from([...Array(before).fill(0), ...bytes, 0]);
			expect(mayHoldControls(memory.subarray(before, before + bytes.length))).toBe(holds);
		}
	});
});

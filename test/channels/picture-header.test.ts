import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Drawing, drawingLibrary } from "../../src/channels/drawing.ts";
import { isWhole, type PictureHeader, readPictureHeader } from "../../src/channels/picture-header.ts";
import { damaged, heic, picture } from "./picture-samples.ts";

const drawing = (await drawingLibrary({ debug() {}, info() {}, warn() {}, error() {} })()) as Drawing;

describe("readPictureHeader", () => {
	test.each(["jpeg", "png", "webp", "gif", "avif"] as const)("%s, as a real encoder writes it", async (kind) => {
		expect(readPictureHeader(await picture(drawing, kind, 640, 360))).toEqual({ kind, width: 640, height: 360 });
	});

	test.each<[string, Uint8Array, PictureHeader]>([
		["HEIC", heic(4032, 3024), { kind: "heic", width: 4032, height: 3024 }],
		[
			"lossless WebP",
			latin1("RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0\x2f\x7f\xc2\x59\0\0\0\0\0\0\0\0"),
			{ kind: "webp", width: 640, height: 360 },
		],
		[
			"extended WebP",
			latin1("RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\x67\x01\0"),
			{ kind: "webp", width: 640, height: 360 },
		],
		["GIF of 1987", latin1("GIF87a\x80\x02\x68\x01"), { kind: "gif", width: 640, height: 360 }],
	])("%s", (_, bytes, wanted) => expect(readPictureHeader(bytes)).toEqual(wanted));

	test.each<[string, Uint8Array]>([
		["nothing", new Uint8Array()],
		["a page", latin1("<!DOCTYPE html><html><body>404</body></html>")],
		["SVG", latin1('<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"></svg>')],
		["a film", latin1("\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free")],
		["PNG without a size", latin1("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0")],
		["JPEG that is all markers", latin1("\xff\xd8\xff\xd9")],
		["an unknown kind of WebP", latin1("RIFF\x1a\0\0\0WEBPVP9 \x0a\0\0\0\0\0\0\0\x7f\x02\0\x67\x01\0")],
	])("%s is none", (_, bytes) => expect(readPictureHeader(bytes)).toBeUndefined());

	test.each(["jpeg", "png", "webp", "gif", "avif"] as const)("a %s that ends in its header is none", async (kind) => {
		const bytes = await picture(drawing, kind, 640, 360);
		for (let length = 0; length < 24; length++)
			if (kind !== "gif" || length < 10) expect(readPictureHeader(bytes.subarray(0, length))).toBeUndefined();
	});

	test("whatever comes, it never throws and ends", () => {
		const magic = fc.constantFrom(
			"\xff\xd8\xff",
			"\x89PNG\r\n\x1a\n",
			"GIF89a",
			"RIFF0000WEBP",
			"\0\0\0\x18ftypavif\0\0\0\0",
		);
		fc.assert(
			fc.property(magic, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
				const header = readPictureHeader(Buffer.concat([latin1(head), tail]));
				if (header) expect(Math.min(header.width, header.height)).toBeGreaterThan(0);
			}),
		);
	});
});

describe("isWhole", () => {
	test.each(["jpeg", "png"] as const)("a whole %s is, half of it is not", async (kind) => {
		const bytes = await picture(drawing, kind, 640, 360);
		const header = { kind, width: 640, height: 360 };
		expect(isWhole(bytes, header)).toBe(true);
		expect(isWhole(damaged(bytes), header)).toBe(false);
	});

	test("the end of a small picture in the head does not count", async () => {
		const bytes = await picture(drawing, "jpeg", 640, 360);
		const note = latin1("\xff\xe1\0\x0aExif\xff\xd8\xff\xd9");
		const cut = Buffer.concat([bytes.subarray(0, 2), note, damaged(bytes).subarray(2)]);
		const header = readPictureHeader(cut);
		expect(header && isWhole(cut, header)).toBe(false);
	});
});

function latin1(text: string): Buffer {
	return Buffer.from(text, "latin1");
}

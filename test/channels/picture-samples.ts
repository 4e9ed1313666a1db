import type { Drawing } from "../../src/channels/drawing.ts";
import type { PictureKind } from "../../src/channels/picture-header.ts";

interface Encoder {
	encode(kind: string): Promise<Buffer>;
}

interface Pixels {
	getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
	putImageData(image: object, x: number, y: number): void;
}

/** A picture as a real encoder writes it; `busy` fills it with what compresses badly. */
export async function picture(
	drawing: Drawing,
	kind: Exclude<PictureKind, "heic">,
	width: number,
	height: number,
	busy = false,
): Promise<Buffer> {
	const sheet = drawing.createCanvas(width, height);
	const pen = sheet.getContext("2d");
	pen.fillStyle = "#357";
	pen.fillRect(0, 0, width, height);
	pen.fillStyle = "#fd8";
	pen.fillRect(0, 0, width / 2, height / 2);
	if (busy) {
		const image = (pen as unknown as Pixels).getImageData(0, 0, width, height);
		const { data } = image;
		let seed = 7;
		for (let at = 0; at < data.length; at++) {
			seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
			data[at] = at % 4 === 3 ? 255 : seed >>> 24;
		}
		(pen as unknown as Pixels).putImageData(image, 0, 0);
	}
	return await (sheet as unknown as Encoder).encode(kind);
}

/** The first half of a picture. */
export function damaged(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.subarray(0, bytes.length >> 1));
}

/** The head of a HEIC photograph with a thumbnail: boxes of ISO/IEC 23008-12, and no pixels. */
export function heic(width: number, height: number): Buffer {
	const box = (name: string, ...inside: readonly Buffer[]) => {
		const body = Buffer.concat(inside);
		const head = Buffer.alloc(8);
		head.writeUInt32BE(8 + body.length);
		head.write(name, 4, "latin1");
		return Buffer.concat([head, body]);
	};
	const extents = (across: number, down: number) => {
		const body = Buffer.alloc(12);
		body.writeUInt32BE(across, 4);
		body.writeUInt32BE(down, 8);
		return box("ispe", body);
	};
	return Buffer.concat([
		box("ftyp", Buffer.from("heic\0\0\0\0mif1heic", "latin1")),
		box("meta", Buffer.alloc(4), box("iprp", box("ipco", extents(320, 240), extents(width, height)))),
	]);
}

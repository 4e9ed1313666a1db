/** Kinds of picture that are told apart by their first bytes. */
export type PictureKind = "jpeg" | "png" | "webp" | "gif" | "avif" | "heic";

/** What a picture's header says, without decoding anything. Pixels. */
export interface PictureHeader {
	readonly kind: PictureKind;
	readonly width: number;
	readonly height: number;
}

/** JPEG's frame headers: SOF0 to SOF15 without DHT, JPG and DAC (ITU T.81, table B.1). */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
/** Brands of the ISO base media file format (ISO/IEC 23000-22 and 23008-12). */
const AVIF = new Set(["avif", "avis"]);
const HEIC = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"]);
const BOXES = new Set(["meta", "iprp", "ipco"]);

/** Kind and size of a picture by its own bytes, whatever the server called it; undefined for anything else and for a header that ends too early. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	try {
		const header = jpeg(view) ?? png(view) ?? gif(view) ?? webp(view) ?? isoMedia(view);
		return header && header.width > 0 && header.height > 0 ? header : undefined;
	} catch (error) {
		// The header points behind the end of the bytes.
		if (error instanceof RangeError) return undefined;
		throw error;
	}
}

/** Whether the bytes run to the picture's own end, as far as JPEG and PNG say: an answer that broke off is no picture to send. */
export function isWhole(bytes: Uint8Array, { kind }: PictureHeader): boolean {
	const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (kind === "png") return tail.lastIndexOf("IEND") > 0;
	// Cameras write a smaller picture into the head, with an end of its own: the end that counts stands behind the frame.
	if (kind === "jpeg") {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		return tail.lastIndexOf("\xff\xd9", undefined, "latin1") > (frameOf(view) ?? tail.length);
	}
	return true;
}

function text(view: DataView, at: number, length: number): string {
	let found = "";
	for (let index = 0; index < length; index++) found += String.fromCharCode(view.getUint8(at + index));
	return found;
}

function jpeg(view: DataView): PictureHeader | undefined {
	const frame = frameOf(view);
	if (frame === undefined) return undefined;
	return { kind: "jpeg", height: view.getUint16(frame + 5), width: view.getUint16(frame + 7) };
}

/** Where a JPEG's frame header begins. */
function frameOf(view: DataView): number | undefined {
	if (view.getUint16(0) !== 0xffd8) return undefined;
	for (let at = 2; view.getUint8(at) === 0xff; ) {
		const marker = view.getUint8(at + 1);
		if (FRAMES.has(marker)) return at;
		if (marker === 0xff) at += 1;
		else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
		else if (marker === 0xda || marker === 0xd9) return undefined;
		else at += 2 + Math.max(2, view.getUint16(at + 2));
	}
	return undefined;
}

function png(view: DataView): PictureHeader | undefined {
	if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return undefined;
	return text(view, 12, 4) === "IHDR"
		? { kind: "png", width: view.getUint32(16), height: view.getUint32(20) }
		: undefined;
}

function gif(view: DataView): PictureHeader | undefined {
	if (!/^GIF8[79]a$/.test(text(view, 0, 6))) return undefined;
	return { kind: "gif", width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

/** RFC 9649: a lossy, a lossless or an extended file. */
function webp(view: DataView): PictureHeader | undefined {
	if (text(view, 0, 4) !== "RIFF" || text(view, 8, 4) !== "WEBP") return undefined;
	const size24 = (at: number) => 1 + view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
	switch (text(view, 12, 4)) {
		case "VP8X":
			return { kind: "webp", width: size24(24), height: size24(27) };
		case "VP8L": {
			const bits = view.getUint32(21, true);
			return { kind: "webp", width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
		}
		case "VP8 ":
			return {
				kind: "webp",
				width: view.getUint16(26, true) & 0x3fff,
				height: view.getUint16(28, true) & 0x3fff,
			};
		default:
			return undefined;
	}
}

function isoMedia(view: DataView): PictureHeader | undefined {
	if (text(view, 4, 4) !== "ftyp") return undefined;
	const end = Math.min(view.getUint32(0), 256);
	const brands = [text(view, 8, 4)];
	for (let at = 16; at + 4 <= end; at += 4) brands.push(text(view, at, 4));
	const kind = brands.some((brand) => AVIF.has(brand))
		? "avif"
		: brands.some((brand) => HEIC.has(brand))
			? "heic"
			: undefined;
	const size = kind && largest(view, view.getUint32(0), view.byteLength);
	return kind && size && { kind, ...size };
}

/** The largest «ispe» box (image spatial extents): tiles and thumbnails have smaller ones. */
function largest(
	view: DataView,
	from: number,
	to: number,
): { readonly width: number; readonly height: number } | undefined {
	let found: { readonly width: number; readonly height: number } | undefined;
	for (let at = from; at + 8 <= to; ) {
		const length = view.getUint32(at);
		const name = text(view, at + 4, 4);
		if (length < 8) return found;
		const end = Math.min(at + length, to);
		const inside =
			name === "ispe"
				? { width: view.getUint32(at + 12), height: view.getUint32(at + 16) }
				: BOXES.has(name)
					? largest(view, at + (name === "meta" ? 12 : 8), end)
					: undefined;
		if (inside && inside.width * inside.height > (found ? found.width * found.height : 0)) found = inside;
		at += length;
	}
	return found;
}

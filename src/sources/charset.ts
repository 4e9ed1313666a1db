import { isAscii, isUtf8, transcode } from "node:buffer";
import { SourceError } from "./source.ts";

/** The share of characters that may be unreadable before a text is no text any more. */
const MOST_UNREADABLE = 0.005;
/** Encodings that a server names by default rather than by knowledge. */
const LATIN = /^(?:iso-8859-1|windows-1252|us-ascii|ascii|latin-?1|iso_8859-1)$/;
const UTF8 = /^(?:utf-?8|unicode-1-1-utf-8)$/;
const ARABIC_RUN = /[\u0621-\u064A\u067E\u0686\u0698\u06AF]{2,}/g;

/**
 * Decodes a feed or page: byte order mark, HTTP charset, XML declaration or HTML meta, each believed only as far as the bytes agree;
 * text that nobody labelled rightly is recognised as UTF-8 or one of the Arabic single-byte sets. Throws SourceError `body` when more than 0.5 % of it is unreadable.
 */
export function decodeText(body: Uint8Array, contentType: string | undefined): string {
	const text = decodeAs(body, contentType);
	const unreadable = count(text, "\uFFFD");
	if (unreadable > 0 && unreadable > text.length * MOST_UNREADABLE) {
		throw new SourceError(
			"body",
			"The text is not in the character set it claims, and no other fits: more than 0.5 % of it is unreadable.",
		);
	}
	return text;
}

/**
 * Whether a body can hold control characters other than tab, line feed and return. In every character set but UTF-16 and ISO-2022 they are single bytes
 * of their own, and those two show such bytes as well. Four bytes at a time: most bodies hold none, and looking through the text takes longer.
 */
export function mayHoldControls(body: Uint8Array): boolean {
	const ahead = Math.min(body.length, (4 - (body.byteOffset % 4)) % 4);
	const behind = body.length - ((body.length - ahead) % 4);
	if (holdsControl(body, 0, ahead) || holdsControl(body, behind, body.length)) return true;
	const words = new Uint32Array(body.buffer, ahead < behind ? body.byteOffset + ahead : 0, (behind - ahead) / 4);
	for (let at = 0; at < words.length; at++) {
		const four = words[at] ?? 0;
		const deleted = four ^ 0x7f7f7f7f;
		// A byte below 0x20, or one that is 0x7f (the classic test for a zero byte in a word).
		const suspect = (((four - 0x20202020) & ~four) | ((deleted - 0x01010101) & ~deleted)) & 0x80808080;
		if (suspect !== 0 && holdsControl(body, ahead + at * 4, ahead + at * 4 + 4)) return true;
	}
	return false;
}

function holdsControl(body: Uint8Array, from: number, to: number): boolean {
	for (let at = from; at < to; at++) {
		const byte = body[at] ?? 0;
		if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return true;
	}
	return false;
}

function decodeAs(body: Uint8Array, contentType: string | undefined): string {
	const marked = byteOrderMark(body) ?? wideWithoutMark(body);
	if (marked !== undefined) return decode(body, marked);
	const labels = [/charset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType ?? "")?.[1], declaredInside(body)]
		.map((label) => label?.toLowerCase())
		.filter((label) => label !== undefined && isKnown(label));
	const utf8 = strictUtf8(body);
	for (const label of labels) {
		if (label === undefined) continue;
		if (UTF8.test(label)) {
			if (utf8 !== undefined) return utf8;
			continue;
		}
		// Bytes that are valid UTF-8 beyond ASCII are UTF-8, whatever single-byte set a server or template claims.
		if (isSingleByte(label) && utf8 !== undefined) return utf8;
		const text = decode(body, label);
		if (LATIN.test(label)) return arabicReading(body) ?? text;
		if (!text.includes("\uFFFD")) return text;
		if (utf8 !== undefined) return utf8;
		if (count(text, "\uFFFD") <= text.length * MOST_UNREADABLE) return text;
	}
	if (utf8 !== undefined) return utf8;
	const damaged = decode(body, "utf-8");
	if (isMostlyUtf8(damaged)) return damaged;
	return arabicReading(body) ?? decode(body, "windows-1252");
}

function byteOrderMark(body: Uint8Array): string | undefined {
	if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return "utf-8";
	if (body[0] === 0xff && body[1] === 0xfe) return "utf-16le";
	if (body[0] === 0xfe && body[1] === 0xff) return "utf-16be";
	return undefined;
}

/** `<` beside a zero byte: UTF-16 that lost its mark. */
function wideWithoutMark(body: Uint8Array): string | undefined {
	if (body[0] === 0x3c && body[1] === 0 && body[3] === 0) return "utf-16le";
	if (body[0] === 0 && body[1] === 0x3c && body[2] === 0) return "utf-16be";
	return undefined;
}

function declaredInside(body: Uint8Array): string | undefined {
	const head = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 2048)).toString("latin1");
	const declared =
		/<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/i.exec(head) ??
		/<meta[^>]*charset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(head);
	const label = declared?.[1]?.trim();
	// A document whose declaration could be read as single bytes is not UTF-16, whatever it says (WHATWG encoding sniffing).
	return label !== undefined && /^utf-?(?:16|32)/i.test(label) ? "utf-8" : label;
}

function isKnown(label: string): boolean {
	if (UTF8.test(label)) return true;
	try {
		new TextDecoder(label);
		return true;
	} catch {
		return false;
	}
}

function isSingleByte(label: string): boolean {
	return /^(?:windows-125|iso-?8859|iso_8859|cp125|x-cp125|us-ascii|ascii|latin|l\d|koi8|macintosh|arabic|csiso|asmo|ecma|ibm866)/.test(
		label,
	);
}

function decode(body: Uint8Array, label: string): string {
	return new TextDecoder(label).decode(body);
}

function strictUtf8(body: Uint8Array): string | undefined {
	if (!isUtf8(body)) return undefined;
	if (isAscii(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("latin1");
	// Four times as fast for Arabic as decoding it directly (Node 20 to 24): the detour is vectorised.
	return transcode(body, "utf8", "utf16le").toString("utf16le");
}

/** UTF-8 with some broken bytes has more whole characters beyond ASCII than broken ones; any other character set read as UTF-8 has not. */
function isMostlyUtf8(text: string): boolean {
	const broken = count(text, "\uFFFD");
	const whole = text.replace(/[\0-\u007F\uFFFD]/g, "").length;
	return whole > broken;
}

/** The windows-1256 or ISO-8859-6 reading of unlabelled bytes, when most of what lies beyond ASCII stands in Arabic words. */
function arabicReading(body: Uint8Array): string | undefined {
	const beyond = body.reduce((sum, byte) => sum + (byte > 0x7f ? 1 : 0), 0);
	if (beyond === 0) return undefined;
	const [windows, iso] = [decode(body, "windows-1256"), decode(body, "iso-8859-6")];
	const best = count(windows, "ال") + count(windows, "ي") >= count(iso, "ال") + count(iso, "ي") ? windows : iso;
	const arabic = (best.match(ARABIC_RUN) ?? []).reduce((sum, run) => sum + run.length, 0);
	return arabic > beyond / 2 ? best : undefined;
}

function count(text: string, part: string): number {
	let found = 0;
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
	return found;
}

/** Says of a code point whether a font has a glyph for it. */
export type Coverage = (codePoint: number) => boolean;

/** Which code points a TrueType or OpenType font serves, by its `cmap` table in the formats 4 and 12 (OpenType 1.9, "cmap"). Throws RangeError for bytes that are no font. */
export function fontCoverage(font: Uint8Array): Coverage {
	const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
	const served = new Set<number>();
	const cmap = tableAt(view, "cmap");
	for (let index = 0; index < view.getUint16(cmap + 2); index++) {
		const table = cmap + view.getUint32(cmap + 4 + index * 8 + 4);
		const format = view.getUint16(table);
		if (format === 4) readSegments(view, table, served);
		else if (format === 12) readGroups(view, table, served);
	}
	return (codePoint) => served.has(codePoint);
}

function tableAt(view: DataView, name: string): number {
	for (let index = 0; index < view.getUint16(4); index++) {
		const entry = 12 + index * 16;
		const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
		if (tag === name) return view.getUint32(entry + 8);
	}
	throw new RangeError(`the font has no ${name} table`);
}

function readSegments(view: DataView, table: number, served: Set<number>): void {
	const double = view.getUint16(table + 6);
	const ends = table + 14;
	const starts = ends + double + 2;
	for (let at = 0; at < double; at += 2) {
		const end = view.getUint16(ends + at);
		const start = view.getUint16(starts + at);
		const delta = view.getUint16(starts + double + at);
		const rangeAt = starts + 2 * double + at;
		const range = view.getUint16(rangeAt);
		for (let code = start; code <= end && code < 0xffff; code++) {
			const raw = range === 0 ? code : view.getUint16(rangeAt + range + (code - start) * 2);
			if (raw !== 0 && ((raw + delta) & 0xffff) !== 0) served.add(code);
		}
	}
}

function readGroups(view: DataView, table: number, served: Set<number>): void {
	const groups = view.getUint32(table + 12);
	for (let index = 0; index < groups; index++) {
		const group = table + 16 + index * 12;
		const glyph = view.getUint32(group + 8);
		const start = view.getUint32(group);
		for (let code = start; code <= view.getUint32(group + 4); code++) if (glyph + code - start !== 0) served.add(code);
	}
}

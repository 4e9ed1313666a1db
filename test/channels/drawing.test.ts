import { expect, test } from "vitest";
import { drawingLibrary } from "../../src/channels/drawing.ts";

function listening() {
	const lines: string[] = [];
	const log = { debug() {}, info() {}, error() {}, warn: (_fields: unknown, words: string) => void lines.push(words) };
	return { log, lines };
}

test.each([
	["is not installed", new Error("Cannot find package '@napi-rs/canvas'")],
	["has no binary for this machine", new Error("Cannot find native binding.\nRun npm i again")],
])("a library that %s is asked for once and told in one line", async (_, fault) => {
	const { log, lines } = listening();
	let asked = 0;
	const open = drawingLibrary(log, async () => {
		asked++;
		throw fault;
	});
	expect([await open(), await open(), await open()]).toEqual([undefined, undefined, undefined]);
	expect(asked).toBe(1);
	expect(lines).toEqual([expect.stringContaining("npm ci --include=optional")]);
});

test("nothing is loaded before it is needed; the real one draws", async () => {
	const { log, lines } = listening();
	const open = drawingLibrary(log);
	const drawing = await open();
	expect(drawing?.createCanvas(2, 2).getContext("2d").measureText("سلام").width).toBeGreaterThan(0);
	expect(await open()).toBe(drawing);
	expect(lines).toEqual([]);
});

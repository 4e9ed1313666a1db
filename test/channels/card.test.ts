import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CARD_HEIGHT, CARD_WIDTH, CardError, cards, drawCard } from "../../src/channels/card.ts";
import { type Drawing, drawingLibrary } from "../../src/channels/drawing.ts";
import { readPictureHeader } from "../../src/channels/picture-header.ts";
import { LOGO, SAMPLES } from "./card-samples.ts";

// What the cards looked like when somebody last looked at them: the mean brightness of 32×18 fields, a row each, two hexadecimal digits a field.
// UPDATE_CARDS=folder npx vitest run test/channels/card.test.ts   writes them anew, and the pictures into that folder: look at them.
const KEPT = join(import.meta.dirname, "cards.json");
const UPDATE = process.env["UPDATE_CARDS"];
const ACROSS = 32;
const DOWN = 18;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const drawing = (await drawingLibrary(quiet)()) as Drawing;
const headline = "افتتاح جسر المشاة على نهر الخوصر";
const card = { headline, newsroom: "شبكة أخبار السنابل", breaking: false, scheme: "light" } as const;

interface Pixels {
	getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

async function fieldsOf(png: Uint8Array): Promise<readonly number[]> {
	const sheet = drawing.createCanvas(CARD_WIDTH, CARD_HEIGHT);
	const pen = sheet.getContext("2d");
	pen.drawImage(await drawing.loadImage(png), 0, 0, CARD_WIDTH, CARD_HEIGHT);
	const { data } = (pen as unknown as Pixels).getImageData(0, 0, CARD_WIDTH, CARD_HEIGHT);
	const sums = new Float64Array(ACROSS * DOWN);
	const counts = new Float64Array(ACROSS * DOWN);
	for (let y = 0; y < CARD_HEIGHT; y++) {
		for (let x = 0; x < CARD_WIDTH; x++) {
			const field = Math.floor((y * DOWN) / CARD_HEIGHT) * ACROSS + Math.floor((x * ACROSS) / CARD_WIDTH);
			const at = (y * CARD_WIDTH + x) * 4;
			sums[field] =
				(sums[field] ?? 0) + 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
			counts[field] = (counts[field] ?? 0) + 1;
		}
	}
	return [...sums].map((sum, field) => Math.round(sum / (counts[field] ?? 1)));
}

const rowsOf = (fields: readonly number[]) =>
	Array.from({ length: DOWN }, (_, row) =>
		fields
			.slice(row * ACROSS, (row + 1) * ACROSS)
			.map((value) => value.toString(16).padStart(2, "0"))
			.join(""),
	);
const read = (rows: readonly string[]) =>
	(rows.join("").match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));

/** How far two pictures are apart: on the whole, and where they differ most. */
function distance(one: readonly number[], other: readonly number[]) {
	const steps = one.map((value, field) => Math.abs(value - (other[field] ?? 255)));
	return { mean: steps.reduce((sum, step) => sum + step, 0) / steps.length, most: Math.max(...steps) };
}
const SAME = { mean: 1.5, most: 16 };

describe("pictures that were looked at", { timeout: 30_000 }, () => {
	const kept = JSON.parse(readFileSync(KEPT, "utf8")) as Record<string, string[]>;

	test.each(Object.entries(SAMPLES))("%s", async (name, sample) => {
		const png = await drawCard(drawing, sample);
		expect(readPictureHeader(png)).toEqual({ kind: "png", width: CARD_WIDTH, height: CARD_HEIGHT });
		expect(png.length).toBeLessThan(200_000);
		const fields = await fieldsOf(png);
		if (UPDATE !== undefined) {
			kept[name] = rowsOf(fields);
			writeFileSync(KEPT, `${JSON.stringify(kept, undefined, "\t")}\n`);
			writeFileSync(join(UPDATE, `${name.replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.png`), png);
		}
		const apart = distance(fields, read(kept[name] ?? []));
		expect(apart.mean).toBeLessThan(SAME.mean);
		expect(apart.most).toBeLessThan(SAME.most);
	});

	test.each([
		["another order of the words", { headline: "جسر افتتاح المشاة على نهر الخوصر" }],
		["one letter more", { headline: `${headline}ة` }],
		["other colours", { scheme: "dark" as const }],
		["another font", { font: "naskh" as const }],
		["a logo", { logo: LOGO }],
	])("the measure tells %s", async (_, change) => {
		const fields = await fieldsOf(await drawCard(drawing, card));
		expect(distance(fields, fields)).toEqual({ mean: 0, most: 0 });
		const other = await fieldsOf(await drawCard(drawing, { ...card, ...change }));
		expect(distance(fields, other).most).toBeGreaterThan(SAME.most);
	});
});

/** A drawing library that writes down what is drawn with it. */
function recording() {
	const written: string[] = [];
	const library: Drawing = {
		GlobalFonts: drawing.GlobalFonts,
		loadImage: (bytes) => drawing.loadImage(bytes),
		createCanvas(width, height) {
			const sheet = drawing.createCanvas(width, height);
			const pen = sheet.getContext("2d");
			const fillText = pen.fillText.bind(pen);
			pen.fillText = (text, x, y) => {
				written.push(text.replace(/^[\u2066\u2067]|\u2069$/gu, ""));
				fillText(text, x, y);
			};
			return { getContext: () => pen, encode: sheet.encode.bind(sheet) } as typeof sheet;
		},
	};
	return { library, written };
}

describe("what stands on a card", { timeout: 30_000 }, () => {
	test.each([
		["category and date", { category: "محليات", date: "23 تشرين الثاني" }, ["محليات", "23 تشرين الثاني"]],
		["«عاجل» before the category", { breaking: true, category: "محليات" }, ["عاجل", "محليات"]],
		["BREAKING where the headline runs from the left", { breaking: true, headline: "A new bridge" }, ["BREAKING"]],
		["no category of a whole sentence", { category: "قسم ".repeat(20) }, []],
		[
			"no date where there is no room left for it",
			{ category: "قسم الأخبار المحلية", date: "يوم ".repeat(25) },
			["قسم الأخبار المحلية"],
		],
	])("%s", async (_, change, wanted) => {
		const { library, written } = recording();
		const sample = { ...card, ...change };
		await drawCard(library, sample);
		expect(written.slice(0, wanted.length)).toEqual(wanted);
		expect(written.slice(wanted.length, -1).join(" ")).toBe(sample.headline);
		expect(written.at(-1)).toBe(card.newsroom);
	});

	test("a sign that no font has is left out, and said", async () => {
		const { library, written } = recording();
		const said: string[] = [];
		await drawCard(library, { ...card, headline: "قمة \u2A6B بغداد" }, (words) => said.push(words));
		expect(written.slice(0, -1).join(" ")).toBe("قمة بغداد");
		expect(said).toEqual([expect.stringContaining("\u2A6B")]);
	});

	test.each([
		["a letter that no font has", "قمة 東京 للمناخ", /«東»/],
		["no words at all", "🔴 …", /no words/],
	])("%s: no card rather than a wrong one", async (_, words, message) => {
		const attempt = drawCard(drawing, { ...card, headline: words });
		await expect(attempt).rejects.toThrow(message);
		await expect(attempt).rejects.toBeInstanceOf(CardError);
	});

	test.each([
		["no picture", new TextEncoder().encode("<html>404</html>")],
		["nothing", new Uint8Array()],
	])("a logo that is %s is left out, and said", async (_, logo) => {
		const said: string[] = [];
		const png = await drawCard(drawing, { ...card, logo }, (words) => said.push(words));
		expect(png.length).toBeGreaterThan(10_000);
		expect(said).toEqual([expect.stringContaining("logo")]);
	});

	test("a headline too long for a card ends in «…», and it is said", async () => {
		const { library, written } = recording();
		const said: string[] = [];
		await drawCard(library, { ...card, headline: `${headline} `.repeat(30) }, (words) => said.push(words));
		expect(written.at(-2)).toMatch(/…$/);
		expect(said).toEqual([expect.stringContaining("too long")]);
	});
});

describe("cards for a channel", () => {
	test("gives the bytes", async () => {
		const png = await cards({ drawing: async () => drawing, log: quiet }).draw(card);
		expect(png && readPictureHeader(png)?.kind).toBe("png");
	});

	test.each([
		["without the library", async () => undefined, headline, 0],
		["for what cannot be drawn", async () => drawing, "東京", 1],
		[
			"when the library fails",
			async () =>
				({
					...drawing,
					createCanvas: () => {
						throw new Error("out of memory");
					},
				}) as unknown as Drawing,
			headline,
			1,
		],
	])("nothing %s, and never an error", async (_, open, words, lines) => {
		const said: string[] = [];
		const log = { ...quiet, warn: (_fields: unknown, message: string) => void said.push(message) };
		expect(await cards({ drawing: open, log }).draw({ ...card, headline: words })).toBeUndefined();
		expect(said).toHaveLength(lines);
	});
});

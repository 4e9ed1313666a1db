import { describe, expect, test } from "vitest";
import { judge, PICTURE_LIMITS, pictureHabits, type Verdict } from "../../src/channels/picture.ts";
import type { PictureHeader, PictureKind } from "../../src/channels/picture-header.ts";

const header = (kind: PictureKind, width: number, height: number): PictureHeader => ({ kind, width, height });
const convert = (width: number, height: number, why: string): Verdict => ({ do: "convert", width, height, why });
const leave = (why: string): Verdict => ({ do: "leave", why: expect.stringContaining(why) });
const SEND: Verdict = { do: "send" };

describe("judge", () => {
	test.each<[string, "telegram" | "twitter", PictureHeader, number, Verdict]>([
		["a usual photograph", "telegram", header("jpeg", 1_280, 720), 200_000, SEND],
		["a usual photograph", "twitter", header("png", 1_280, 720), 200_000, SEND],
		["7 MB", "telegram", header("jpeg", 4_000, 3_000), 7_000_000, SEND],
		["7 MB", "twitter", header("jpeg", 4_000, 3_000), 7_000_000, convert(2_048, 1_536, "it has 7.0 MB")],
		["a large one", "telegram", header("jpeg", 8_000, 4_500), 900_000, convert(2_048, 1_152, "it is 8000×4500")],
		["a long one", "twitter", header("jpeg", 1_000, 5_000), 900_000, convert(410, 2_048, "it is 1000×5000")],
		["a small WebP keeps its size", "twitter", header("webp", 800, 450), 50_000, convert(800, 450, "it is a WEBP")],
		["AVIF", "telegram", header("avif", 3_000, 2_000), 50_000, convert(2_048, 1_365, "it is a AVIF")],
		["GIF", "telegram", header("gif", 600, 400), 50_000, convert(600, 400, "it is a GIF")],
		["HEIC", "telegram", header("heic", 4_032, 3_024), 2_000_000, leave("cannot be decoded")],
		["a pixel that counts readers", "telegram", header("gif", 1, 1), 43, leave("only 1×1")],
		["an icon", "twitter", header("png", 199, 600), 9_000, leave("only 199×600")],
		["a strip", "telegram", header("png", 4_500, 220), 90_000, leave("a strip")],
		["more pixels than memory", "telegram", header("png", 20_000, 20_000), 900_000, leave("too large to be converted")],
	])("%s, for %s", (_, channel, picture, bytes, wanted) =>
		expect(judge(picture, bytes, PICTURE_LIMITS[channel])).toEqual(wanted),
	);
});

describe("pictureHabits", () => {
	const logo = "https://example.org/logo.png";

	test("an address with three different articles is furniture, with one article three times it is not", () => {
		const habits = pictureHabits();
		for (const id of ["a", "b", "b", "a"]) habits.note(id, [logo]);
		expect(habits.isFurniture(logo)).toBe(false);
		habits.note("c", [logo, "https://example.org/c.jpg"]);
		expect(habits.isFurniture(logo)).toBe(true);
		expect(habits.isFurniture("https://example.org/c.jpg")).toBe(false);
	});

	test("what is seen often outlives what was seen once", () => {
		const habits = pictureHabits(5);
		for (let index = 0; index < 40; index++)
			habits.note(`article ${index}`, [logo, `https://example.org/${index}.jpg`]);
		expect(habits.isFurniture(logo)).toBe(true);
	});
});

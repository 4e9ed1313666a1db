import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cardText, type Layout, layOut, type Measure, type Room } from "../../src/channels/card-text.ts";

const ROOM: Room = { width: 1_032, height: 380, largest: 148, smallest: 40, pitch: 1.42, mostLines: 6 };
const INVISIBLE = /[\u064B-\u0652]|\u200D|[\u2066-\u2069]/u;
/** Half a size for a letter, nothing for what is not seen: enough to lay words out without a font. */
const measure: Measure = (text) =>
	[...text].reduce((sum, sign) => sum + (INVISIBLE.test(sign) ? 0 : sign === " " ? 0.25 : 0.5), 0);
const bare = (text: string) => text.replace(/[\s\u200D]+/gu, "");
const tall = ({ size, lines }: Layout) => size * (ROOM.pitch * (lines.length - 1) + 1.3);

describe("cardText", () => {
	test.each([
		["line breaks and double spaces", "افتتاح\n  جسر ", "افتتاح جسر"],
		["emoji", "🔴 انقطاع الكهرباء ⚡️ والفرق تعمل 👷‍♂️", "انقطاع الكهرباء والفرق تعمل"],
		["flags and keycaps", "🇮🇶 المركز 1️⃣ للعراق", "المركز للعراق"],
		["digits and signs that are emoji only by a selector", "المركز 1 و#بغداد ©", "المركز 1 و#بغداد ©"],
		["direction marks and soft hyphens", "\u200Fعودة\u00AD الحياة\u202C", "عودة الحياة"],
		["a phone number keeps its order", "اتصلوا على +964 770 123", "اتصلوا على \u2066+964 770 123\u2069"],
		["a Latin word in front needs no mark: the card has a direction of its own", "COP30: قمة", "COP30: قمة"],
		["ZWNJ stays, harakat stay", "می‌رود قُتِلَ", "می‌رود قُتِلَ"],
		["an emoji before a comma leaves no gap", "فازوا 🏆، وعادوا", "فازوا، وعادوا"],
		["nothing but emoji", "🔴🔴", ""],
	])("%s", (_, text, wanted) => expect(cardText(text)).toBe(wanted));
});

describe("layOut", () => {
	test("two words stand on one line, in large type", () => {
		expect(layOut("عودة الحياة", ROOM, measure)).toEqual({ size: 148, lines: ["عودة الحياة"], cut: false });
	});

	test("lines are of about the same length", () => {
		const text = "مجلس المحافظة يقر موازنة العام المقبل ويخصص ثلثها لإعمار المدارس والطرق في الأقضية";
		const { lines } = layOut(text, ROOM, measure);
		const widths = lines.map(measure);
		expect(lines.length).toBeGreaterThan(1);
		expect(Math.min(...widths) / Math.max(...widths)).toBeGreaterThan(0.7);
	});

	test.each([
		[
			"a particle",
			"أعلنت وزارة الموارد المائية اليوم عن إطلاق خطة جديدة لري البساتين في حوض دجلة",
			/(?:^|\s)(?:عن|في)$/u,
		],
		["a lone «و»", "العراق يوقع عقدا مع شركة توتال و شركة سيمنس و شركة شل لتشغيل المحطات", /(?:^|\s)و$/u],
	])("no line ends in %s", (_, text, ending) => {
		for (const line of layOut(text, ROOM, measure).lines) expect(line).not.toMatch(ending);
	});

	test("a phone number stays on one line", () => {
		const { lines } = layOut(cardText("للإبلاغ عن الأعطال اتصلوا بالرقم +964 770 123 4567 في كل وقت"), ROOM, measure);
		expect(lines.some((line) => line.includes("\u2066+964 770 123 4567\u2069"))).toBe(true);
	});

	test("a word wider than the card is divided, its letters joined across the break", () => {
		const word = "والاستقلالية".repeat(9);
		const { lines, cut, size } = layOut(`لجنة ${word} تجتمع`, ROOM, measure);
		expect([cut, size]).toEqual([false, 40]);
		expect(bare(lines.join(""))).toBe(bare(`لجنة ${word} تجتمع`));
		expect(lines.filter((line) => line.includes("\u200D")).length).toBeGreaterThan(1);
	});

	test("only what finds no room in the smallest type gives way to «…»", () => {
		const text = Array.from({ length: 120 }, (_, index) => `كلمة${index}`).join(" ");
		const { lines, cut, size } = layOut(text, ROOM, measure);
		expect([cut, size, lines.length]).toEqual([true, 40, 6]);
		expect(lines.at(-1)).toMatch(/كلمة\d+…$/u);
		expect(text.startsWith(lines.join(" ").slice(0, -1))).toBe(true);
	});

	const word = fc.oneof(
		{ weight: 6, arbitrary: fc.stringMatching(/^[ء-غف-ي]{1,12}$/) },
		fc.constantFrom(
			"في",
			"و",
			"من",
			"«لا",
			"إصلاح»",
			"(2026)",
			"12,400",
			"COP30:",
			"TotalEnergies",
			"قُتِلَ",
			"ڨاهان",
			"ێ",
		),
	);
	const headline = fc.array(word, { minLength: 1, maxLength: 28 }).map((words) => words.join(" "));

	test("no word is lost or cut, their order is kept, and everything is inside the room", () => {
		fc.assert(
			fc.property(headline, (text) => {
				const layout = layOut(text, ROOM, measure);
				expect(layout.cut).toBe(false);
				expect(layout.lines.join(" ")).toBe(text);
				expect(layout.lines.length).toBeLessThanOrEqual(6);
				for (const line of layout.lines) expect(measure(line) * layout.size).toBeLessThanOrEqual(ROOM.width);
				expect(tall(layout)).toBeLessThanOrEqual(ROOM.height);
			}),
		);
	});

	test("whatever the text, there is a layout inside the room", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 700 }), (text) => {
				const layout = layOut(cardText(text), ROOM, measure);
				expect(layout.lines.length).toBeLessThanOrEqual(6);
				expect(layout.size).toBeGreaterThanOrEqual(40);
				for (const line of layout.lines) expect(measure(line) * layout.size).toBeLessThanOrEqual(ROOM.width);
				expect(tall(layout)).toBeLessThanOrEqual(ROOM.height);
				if (!layout.cut) expect(bare(layout.lines.join(""))).toBe(bare(cardText(text)));
			}),
		);
	});

	test("a shorter headline never stands in smaller type than the same one with more words behind it", () => {
		fc.assert(
			fc.property(headline, word, (text, more) => {
				const { size } = layOut(text, ROOM, measure);
				// The better division may cost some of the size, never more than that.
				expect(size).toBeGreaterThanOrEqual(0.8 * layOut(`${text} ${more}`, ROOM, measure).size);
			}),
		);
	});
});

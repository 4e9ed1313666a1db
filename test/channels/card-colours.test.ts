import { describe, expect, test } from "vitest";
import { coloursOf, contrast } from "../../src/channels/card-colours.ts";

test.each([
	["black on white (WCAG's own example)", "#000000", "#ffffff", 21],
	["a colour on itself", "#0f5c55", "#0f5c55", 1],
	["grey on white", "#777777", "#ffffff", 4.48],
])("contrast of %s", (_, one, other, wanted) => {
	expect(contrast(one, other)).toBeCloseTo(wanted, 2);
	expect(contrast(other, one)).toBe(contrast(one, other));
});

describe.each(["light", "dark"] as const)("the %s scheme", (scheme) => {
	test.each([true, false])("everything can be read (breaking: %s)", (breaking) => {
		const colours = coloursOf({ scheme, breaking });
		expect(contrast(colours.text, colours.background)).toBeGreaterThan(6);
		expect(contrast(colours.quiet, colours.background)).toBeGreaterThan(3.9);
		expect(contrast(colours.onAccent, colours.accent)).toBeGreaterThan(3.9);
	});

	test("the newsroom's colours stand over it", () => {
		expect(coloursOf({ scheme, breaking: false, colours: { accent: "#ffcc00" } })).toMatchObject({
			accent: "#ffcc00",
			onAccent: "#14181f",
		});
	});
});

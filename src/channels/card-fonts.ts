import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Drawing } from "./drawing.ts";
import { type Coverage, fontCoverage } from "./font-coverage.ts";

/** The type that cards can be set in. */
export const CARD_FONTS = ["plex", "naskh"] as const;
export type CardFont = (typeof CARD_FONTS)[number];

/** One family in two weights, as the registry's packages hold it (SIL Open Font License; its text stands in each package). */
interface Family {
	readonly strong: string;
	readonly quiet: string;
	/** Distance of two lines, in parts of the size: the least at which marks above and below do not touch. */
	readonly pitch: number;
}

const PACKAGES: Readonly<Record<CardFont, Family>> = {
	// IBM Plex Sans Arabic, with Latin of its own.
	plex: {
		strong: "@expo-google-fonts/ibm-plex-sans-arabic/700Bold/IBMPlexSansArabic_700Bold.ttf",
		quiet: "@expo-google-fonts/ibm-plex-sans-arabic/500Medium/IBMPlexSansArabic_500Medium.ttf",
		pitch: 1.42,
	},
	// Noto Naskh Arabic, with Latin of its own.
	naskh: {
		strong: "@expo-google-fonts/noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf",
		quiet: "@expo-google-fonts/noto-naskh-arabic/500Medium/NotoNaskhArabic_500Medium.ttf",
		pitch: 1.5,
	},
};

/** Type ready to be drawn with: CSS families, the wanted one first and the other behind it for what it lacks. */
export interface Type {
	readonly strong: string;
	readonly quiet: string;
	readonly pitch: number;
	/** Whether any of the fonts has a glyph. */
	readonly covers: Coverage;
}

const { resolve } = createRequire(import.meta.url);
const ready = new WeakMap<Drawing, Promise<ReadonlyMap<CardFont, Type>>>();

/** Hands the fonts to the library, once in its life, and gives the wanted type. Throws when the packages of the fonts are not installed. */
export async function openType(drawing: Drawing, font: CardFont): Promise<Type> {
	const known = ready.get(drawing) ?? Promise.resolve().then(() => register(drawing));
	ready.set(drawing, known);
	const type = (await known).get(font);
	if (!type) throw new RangeError(`there is no font «${font}»`);
	return type;
}

function register(drawing: Drawing): ReadonlyMap<CardFont, Type> {
	const coverages: Coverage[] = [];
	for (const font of CARD_FONTS) {
		for (const weight of ["strong", "quiet"] as const) {
			const path = find(PACKAGES[font][weight]);
			// Names of our own, so that a font of the machine never takes their place.
			drawing.GlobalFonts.registerFromPath(path, familyOf(font, weight));
			if (weight === "strong") coverages.push(fontCoverage(readFileSync(path)));
		}
	}
	const covers: Coverage = (codePoint) => coverages.some((covered) => covered(codePoint));
	return new Map(
		CARD_FONTS.map((font) => {
			const order = [font, ...CARD_FONTS.filter((other) => other !== font)];
			const stack = (weight: "strong" | "quiet") => order.map((one) => familyOf(one, weight)).join(", ");
			return [font, { strong: stack("strong"), quiet: stack("quiet"), pitch: PACKAGES[font].pitch, covers }];
		}),
	);
}

function find(file: string): string {
	try {
		return resolve(file);
	} catch (error) {
		throw new Error("the fonts of cards are not installed; npm ci --include=optional installs them", { cause: error });
	}
}

function familyOf(font: CardFont, weight: "strong" | "quiet"): string {
	return `mirsal-${font}-${weight}`;
}

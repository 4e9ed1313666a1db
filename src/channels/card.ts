import type { Log } from "../ports.ts";
import { type CardFont, openType, type Type } from "./card-fonts.ts";
import { cardText, type Layout, layOut } from "./card-text.ts";
import { type Colours, coloursOf } from "./card-colours.ts";
import type { Decoded, Drawing, OpenDrawing, Pen } from "./drawing.ts";

/** What stands on a card. Texts are plain; «عاجل» is added by the card itself. */
export interface Card {
	readonly headline: string;
	readonly newsroom: string;
	/** Bytes of a PNG, JPEG or SVG file. */
	readonly logo?: Uint8Array;
	readonly category?: string;
	/** As it is to be read. */
	readonly date?: string;
	readonly breaking: boolean;
	readonly scheme: "light" | "dark";
	/** The newsroom's own, over those of the scheme. */
	readonly colours?: Partial<Colours>;
	readonly font?: CardFont;
}

/** Pixels; both platforms show 16:9 uncropped. */
export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 675;

const MARGIN = 84;
const TAB = { height: 88, padding: 30, gap: 26, size: 34, stub: { width: 96, height: 16 } };
const DATE = 27;
const HEADLINE = { top: 136, bottom: 516, largest: 148, smallest: 40, mostLines: 6 };
const BRAND = { rule: 548, middle: 607, size: 32, smallest: 18, logo: { width: 280, height: 64 }, gap: 22 };
/** Vowel marks stand above and below the letters: lines that have them keep further apart, in parts of the size. */
const MARKS = { some: 4, pitch: 0.16 };
/** How far a line lies under the middle of its letters, in parts of the size. */
const RISE = 0.34;
const BREAKING = { ar: "عاجل", other: "BREAKING" };

const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u;
/** Signs that are drawn as nothing and need no glyph. */
const UNDRAWN = /\s|\u200C|\u200D|[\u2066-\u2069]|[\uFE00-\uFE0F]/u;

/** A card that cannot be drawn; the message says why. */
export class CardError extends Error {
	override readonly name = "CardError";
}

/** Draws cards where the library is installed. `draw` gives the bytes of a PNG, or undefined with a line in the log; it never throws. */
export function cards(parts: { readonly drawing: OpenDrawing; readonly log: Log }): {
	draw(card: Card): Promise<Uint8Array | undefined>;
} {
	const { log } = parts;
	return {
		async draw(card) {
			const drawing = await parts.drawing();
			if (!drawing) return undefined;
			try {
				return await drawCard(drawing, card, (words) => log.warn({ headline: card.headline }, words));
			} catch (error) {
				log.warn(
					{ headline: card.headline, error: error instanceof Error ? error.message : String(error) },
					"the card could not be drawn",
				);
				return undefined;
			}
		},
	};
}

/** A card of 1200×675 pixels as PNG, some 40 to 120 kB. `complain` hears what had to be left out. Throws CardError for a headline without words or in a script that no font of ours has. */
export async function drawCard(
	drawing: Drawing,
	card: Card,
	complain: (words: string) => void = () => {},
): Promise<Uint8Array> {
	const type = await openType(drawing, card.font ?? "plex");
	const headline = covered(cardText(card.headline), type, complain);
	if (!/[\p{L}\p{N}]/u.test(headline)) throw new CardError("the headline has no words that could be drawn");
	const colours = coloursOf(card);
	const sheet = drawing.createCanvas(CARD_WIDTH, CARD_HEIGHT);
	const draft = penOn(sheet.getContext("2d"), RTL.test(headline));
	const text = (words: string | undefined) => covered(cardText(words ?? ""), type, () => {});

	draft.box(0, 0, CARD_WIDTH, CARD_HEIGHT, colours.background);
	if (colours.footer) draft.box(0, CARD_HEIGHT - 14, CARD_WIDTH, 14, colours.footer);
	drawHead(draft, card, { type, colours, text });
	const layout = drawHeadline(draft, headline, { type, color: colours.text });
	if (layout.cut) complain("the headline is too long for a card and was shortened on it");
	const logo = card.logo && (await logoOf(drawing, card.logo, complain));
	drawBrand(draft, text(card.newsroom), { type, colours, logo });
	return await sheet.encode("png");
}

interface Look {
	readonly type: Type;
	readonly colours: ReturnType<typeof coloursOf>;
}

/** The tab that hangs from the upper edge where reading begins, and the date across from it. */
function drawHead(
	draft: Draft,
	card: Card,
	{ type, colours, text }: Look & { readonly text: (words: string | undefined) => string },
): void {
	const across = CARD_WIDTH - 2 * MARGIN;
	const line = TAB.height - 30;
	const font = `${TAB.size}px ${type.strong}`;
	const small = `${TAB.size - 4}px ${type.strong}`;
	const dateFont = `${DATE}px ${type.quiet}`;
	const words = text(card.category);
	// A category of a whole sentence is none.
	const category = draft.measure(words, font) < across / 2 ? words : "";
	const label = card.breaking ? (draft.rtl ? BREAKING.ar : BREAKING.other) : category;
	let used = TAB.stub.width;
	if (label === "") draft.box(MARGIN, 0, TAB.stub.width, TAB.stub.height, colours.accent);
	else {
		used = draft.measure(label, font) + 2 * TAB.padding;
		draft.box(MARGIN, 0, used, TAB.height, colours.accent);
		draft.write(label, MARGIN + TAB.padding, line, { font, color: colours.onAccent });
	}
	if (card.breaking && category !== "") {
		draft.write(category, MARGIN + used + TAB.gap, line, { font: small, color: colours.text });
		used += TAB.gap + draft.measure(category, small);
	}
	const date = text(card.date);
	if (used + TAB.gap + draft.measure(date, dateFont) <= across)
		draft.writeAtEnd(date, MARGIN, line, { font: dateFont, color: colours.quiet });
}

function drawHeadline(
	draft: Draft,
	headline: string,
	{ type, color }: { readonly type: Type; readonly color: string },
): Layout {
	const farther = type.pitch + ((headline.match(/\p{M}/gu)?.length ?? 0) >= MARKS.some ? MARKS.pitch : 0);
	const layout = layOut(
		headline,
		{ ...HEADLINE, width: CARD_WIDTH - 2 * MARGIN, height: HEADLINE.bottom - HEADLINE.top, pitch: farther },
		(words) => draft.measure(words, `100px ${type.strong}`) / 100,
	);
	const font = `${layout.size}px ${type.strong}`;
	const pitch = layout.size * farther;
	const ink = layout.lines.map((line) => draft.ink(line, font));
	const first = ink[0]?.above ?? 0;
	const tall = first + pitch * (layout.lines.length - 1) + (ink.at(-1)?.below ?? 0);
	const top = HEADLINE.top + (HEADLINE.bottom - HEADLINE.top - tall) / 2 + first;
	for (const [index, line] of layout.lines.entries()) draft.write(line, MARGIN, top + pitch * index, { font, color });
	return layout;
}

function drawBrand(
	draft: Draft,
	name: string,
	{ type, colours, logo }: Look & { readonly logo: Decoded | undefined },
): void {
	if (name === "" && !logo) return;
	draft.box(MARGIN, BRAND.rule, CARD_WIDTH - 2 * MARGIN, 2, colours.hair);
	draft.box(MARGIN, BRAND.rule - 2, TAB.stub.width, 6, colours.accent);
	let start = MARGIN;
	if (logo) {
		const scale = Math.min(BRAND.logo.width / logo.width, BRAND.logo.height / logo.height);
		const [width, height] = [logo.width * scale, logo.height * scale];
		draft.picture(logo, start, BRAND.middle - height / 2, width, height);
		start += width + BRAND.gap;
	}
	const room = CARD_WIDTH - MARGIN - start;
	const natural = draft.measure(name, `${BRAND.size}px ${type.strong}`);
	const size = Math.max(BRAND.smallest, Math.min(BRAND.size, Math.floor((BRAND.size * room) / (natural || 1))));
	draft.write(name, start, BRAND.middle + size * RISE, { font: `${size}px ${type.strong}`, color: colours.text });
}

/** The newsroom's logo, decoded; a damaged one is left out. */
async function logoOf(
	drawing: Drawing,
	bytes: Uint8Array,
	complain: (words: string) => void,
): Promise<Decoded | undefined> {
	try {
		const logo = await drawing.loadImage(bytes);
		if (logo.width > 0 && logo.height > 0) return logo;
	} catch {
		// Said below, as for a picture without a size.
	}
	complain("the newsroom's logo is no PNG, JPEG or SVG that can be drawn: the card goes without it");
	return undefined;
}

/** The text without signs that no font has. Throws CardError where a letter is missing: a word with a hole in it is wrong. */
function covered(text: string, type: Type, complain: (words: string) => void): string {
	const missing = new Set([...text].filter((sign) => !UNDRAWN.test(sign) && !type.covers(sign.codePointAt(0) ?? 0)));
	if (missing.size === 0) return text;
	const letter = [...missing].find((sign) => /[\p{L}\p{M}\p{N}]/u.test(sign));
	if (letter !== undefined) throw new CardError(`the fonts of cards have no «${letter}»`);
	complain(`signs that no font of the card has are left out: ${[...missing].join(" ")}`);
	return [...text]
		.filter((sign) => !missing.has(sign))
		.join("")
		.replace(/ +/g, " ")
		.trim();
}

interface Ink {
	readonly font: string;
	readonly color: string;
}

type Draft = ReturnType<typeof penOn>;

/** A pen that counts from the edge where reading begins, so that one layout serves both directions. */
function penOn(pen: Pen, rtl: boolean) {
	pen.direction = rtl ? "rtl" : "ltr";
	// The whole line in an isolate of its own direction (UAX #9): its first word does not decide.
	const isolated = (text: string) => `${rtl ? "\u2067" : "\u2066"}${text}\u2069`;
	const put = (text: string, x: number, y: number, align: "left" | "right", { font, color }: Ink) => {
		if (text === "") return;
		pen.font = font;
		pen.fillStyle = color;
		pen.textAlign = align;
		pen.fillText(isolated(text), x, y);
	};
	const sized = (text: string, font: string) => {
		pen.font = font;
		return pen.measureText(isolated(text));
	};
	return {
		rtl,
		box(start: number, y: number, width: number, height: number, color: string): void {
			pen.fillStyle = color;
			pen.fillRect(rtl ? CARD_WIDTH - start - width : start, y, width, height);
		},
		write(text: string, start: number, y: number, ink: Ink): void {
			put(text, rtl ? CARD_WIDTH - start : start, y, rtl ? "right" : "left", ink);
		},
		writeAtEnd(text: string, end: number, y: number, ink: Ink): void {
			put(text, rtl ? end : CARD_WIDTH - end, y, rtl ? "left" : "right", ink);
		},
		picture(image: Decoded, start: number, y: number, width: number, height: number): void {
			pen.drawImage(image, rtl ? CARD_WIDTH - start - width : start, y, width, height);
		},
		/** Pixels from the left edge to the right one. */
		measure: (text: string, font: string): number => sized(text, font).width,
		/** Pixels of ink above and below the line. Word by word: of a line in two directions the library tells only one of its runs. */
		ink(text: string, font: string): { readonly above: number; readonly below: number } {
			pen.font = font;
			const words = text.replace(/[\u2066-\u2069]/gu, "").split(" ");
			const sizes = words.map((word) => pen.measureText(word));
			return {
				above: Math.max(0, ...sizes.map(({ actualBoundingBoxAscent }) => actualBoundingBoxAscent)),
				below: Math.max(0, ...sizes.map(({ actualBoundingBoxDescent }) => actualBoundingBoxDescent)),
			};
		},
	};
}

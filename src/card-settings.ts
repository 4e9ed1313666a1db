import { z } from "zod";
import { type Colours, contrast, schemeColours } from "./channels/card-colours.ts";
import { CARD_FONTS } from "./channels/card-fonts.ts";

/** Below this, large type cannot be read (WCAG 2.2, 1.4.3: large text). */
const READABLE = 3;

// Without quotation marks YAML takes a colour for a comment.
const COLOUR = 'a colour such as "#0f5c55", in quotation marks';

const colour = z
	.string(COLOUR)
	.regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, { error: COLOUR, abort: true })
	.transform((text) =>
		(text.length === 4 ? `#${[...text.slice(1)].map((digit) => digit + digit).join("")}` : text).toLowerCase(),
	);

/** A path beside newsroom.yaml. */
export const logoSchema = z
	.string()
	.trim()
	.regex(/\.(?:png|jpe?g|svg)$/i, "a file .png, .jpg or .svg beside newsroom.yaml");

/** `card` as it stands in newsroom.yaml: how headline cards look. */
export const cardSchema = z
	.strictObject({
		off: z.boolean().default(false),
		scheme: z.enum(["light", "dark"]).default("light"),
		colours: z
			.strictObject({ background: colour.optional(), text: colour.optional(), accent: colour.optional() })
			.default({}),
		font: z.enum(CARD_FONTS).default("plex"),
		logo: logoSchema.optional(),
	})
	.superRefine(({ scheme, colours }, context) => {
		const { background, text, accent } = schemeColours(scheme, given(colours));
		for (const [key, ink] of [
			["text", text],
			["accent", accent],
		] as const) {
			const found = contrast(ink, background);
			const least = key === "text" ? READABLE : 1.5;
			if (found < least)
				context.addIssue({
					code: "custom",
					path: [
						"colours",
						...(colours[key] === undefined && colours.background !== undefined ? ["background"] : [key]),
					],
					message: `${key} ${ink} on the background ${background} cannot be made out (contrast ${found.toFixed(1)}, at least ${least}); choose colours further apart, or another scheme`,
				});
		}
	})
	.transform(({ colours, ...rest }) => ({ ...rest, colours: given(colours) }));

/** How headline cards look, as newsroom.yaml wishes it. */
export type CardSettings = z.output<typeof cardSchema>;

/** The card of a newsroom that says nothing about it. */
export const DEFAULT_CARD: CardSettings = cardSchema.parse({});

function given(colours: { readonly [Key in keyof Colours]?: Colours[Key] | undefined }): Partial<Colours> {
	return Object.fromEntries(Object.entries(colours).filter(([, value]) => value !== undefined));
}

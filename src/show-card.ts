import { readFile, writeFile } from "node:fs/promises";
import { CARD_HEIGHT, CARD_WIDTH, drawCard } from "./channels/card.ts";
import { type CardLook, cardOf } from "./channels/card-content.ts";
import { drawingLibrary } from "./channels/drawing.ts";
import type { Settings } from "./config.ts";
import type { Log } from "./ports.ts";
import type { Tools } from "./tools.ts";

/** Flags of `mirsal card`. */
export interface CardOptions {
	/** A file, or - for standard output. */
	readonly output: string;
	readonly breaking?: boolean;
	readonly dark?: boolean;
	readonly base?: string;
}

/** How the newsroom's cards look, with its logo read from the disk. Throws when the logo cannot be read. */
export async function cardLook({ newsroom, timeZone, logo }: Settings): Promise<CardLook> {
	const { scheme, colours, font } = newsroom.card;
	const bytes = logo === undefined ? undefined : new Uint8Array(await readFile(logo));
	return {
		newsroom: newsroom.name ?? "",
		timeZone,
		digits: newsroom.digits,
		scheme,
		colours,
		font,
		...(bytes ? { logo: bytes } : {}),
	};
}

/** Reads an address or a file and writes the card of its first article; says where it went and how large it is. Throws what reading and drawing throw, and Error when the drawing library is missing. */
export async function writeCard(
	input: string,
	options: CardOptions,
	parts: {
		readonly settings: Settings;
		readonly tools: Tools;
		readonly log: Log;
		readonly signal: AbortSignal;
		/** The result, for standard output unless the picture goes there. */
		readonly out: (words: string) => void;
		readonly complain: (words: string) => void;
		readonly write: (bytes: Uint8Array) => void;
	},
): Promise<void> {
	const { settings, tools, log, signal, out, complain, write } = parts;
	const drawing = await drawingLibrary(log)();
	if (!drawing) throw new Error("No card can be drawn without @napi-rs/canvas: npm ci --include=optional installs it.");
	const [first, ...others] = await tools.reader.read(input, { base: options.base, signal });
	if (!first) throw new Error(`${input}: there is no article to make a card of.`);
	const look = await cardLook(settings);
	const card = cardOf(first.article, options.breaking ? "breaking" : first.kind, {
		...look,
		...(options.dark ? { scheme: "dark" as const } : {}),
	});
	const bytes = await drawCard(drawing, card, complain);
	const rest = others.length === 0 ? "" : `, of the first of ${others.length + 1} articles`;
	const size = `${CARD_WIDTH}×${CARD_HEIGHT}, ${Math.ceil(bytes.length / 1_000)} kB${rest}.`;
	if (options.output === "-") {
		write(bytes);
		complain(`Written to standard output: ${size}`);
		return;
	}
	await writeFile(options.output, bytes).catch((error: NodeJS.ErrnoException) => {
		throw new Error(`${options.output} cannot be written (${error.code}).`);
	});
	out(`Written to ${options.output}: ${size}`);
}

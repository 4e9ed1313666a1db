import type { Log } from "../ports.ts";

/** The part of @napi-rs/canvas that is used here. It is an optional dependency, so its own types may be missing where Mirsal is built. */
export interface Drawing {
	createCanvas(width: number, height: number): Sheet;
	/** Decodes JPEG, PNG, WebP, GIF, AVIF and SVG. */
	loadImage(bytes: Uint8Array): Promise<Decoded>;
	readonly GlobalFonts: { registerFromPath(path: string, name: string): unknown };
}

/** A decoded picture. */
export interface Decoded {
	readonly width: number;
	readonly height: number;
}

/** A surface to draw on. */
export interface Sheet {
	getContext(kind: "2d"): Pen;
	encode(kind: "png"): Promise<Uint8Array>;
	/** Quality from 0 to 100. */
	encode(kind: "jpeg", quality: number): Promise<Uint8Array>;
}

/** What draws on it (HTML's CanvasRenderingContext2D). */
export interface Pen {
	fillStyle: string;
	font: string;
	textAlign: "left" | "right";
	direction: "ltr" | "rtl";
	fillRect(x: number, y: number, width: number, height: number): void;
	fillText(text: string, x: number, y: number): void;
	measureText(text: string): {
		readonly width: number;
		readonly actualBoundingBoxAscent: number;
		readonly actualBoundingBoxDescent: number;
	};
	drawImage(image: Decoded, x: number, y: number, width: number, height: number): void;
}

/** Gives the drawing library, or nothing where it is not installed. */
export type OpenDrawing = () => Promise<Drawing | undefined>;

// A name in a variable: where the optional package is missing, the compiler must not ask for it.
const LIBRARY: string = "@napi-rs/canvas";

/** Loads the drawing library when it is first needed; where that fails, one line of the log says what is missing and nothing is drawn. */
export function drawingLibrary(log: Log, load: () => Promise<unknown> = () => import(LIBRARY)): OpenDrawing {
	let loaded: Promise<Drawing | undefined> | undefined;
	return () => {
		loaded ??= load().then(
			(library) => library as Drawing,
			(error: unknown) => {
				log.warn(
					{ error: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error) },
					`no cards are drawn and no pictures converted: ${LIBRARY} cannot be loaded. It is an optional dependency; npm ci --include=optional installs it`,
				);
				return undefined;
			},
		);
		return loaded;
	};
}

/** Colours of a card, as #rrggbb. */
export interface Colours {
	readonly background: string;
	readonly text: string;
	/** The tab. */
	readonly accent: string;
}

const SCHEMES: Readonly<Record<"light" | "dark", Colours>> = {
	light: { background: "#f5f2eb", text: "#14181f", accent: "#0f5c55" },
	dark: { background: "#10171e", text: "#f4f1ea", accent: "#35b7a3" },
};
const RED = "#b8121b";
const BRIGHT_RED = "#e3242b";

/** All colours of a card: by day breaking news is white on red, by night it keeps its ground and the red is in the tab and at the foot. */
export function coloursOf(card: {
	readonly scheme: "light" | "dark";
	readonly breaking: boolean;
	readonly colours?: Partial<Colours>;
}) {
	const own: Colours = { ...SCHEMES[card.scheme], ...card.colours };
	const red = card.breaking && card.scheme === "light";
	const { background, text, accent } = red
		? { background: RED, text: "#ffffff", accent: "#ffffff" }
		: { ...own, accent: card.breaking ? BRIGHT_RED : own.accent };
	return {
		background,
		text,
		accent,
		/** Of what matters less. */
		quiet: mixed(text, background, 0.72),
		hair: mixed(text, background, 0.18),
		footer: card.breaking && !red ? BRIGHT_RED : undefined,
		onAccent: red ? RED : readableOn(accent),
	};
}

/** How well one colour stands out from another, from 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
	const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
	return (light + 0.05) / (dark + 0.05);
}

/** The colours of a scheme with the newsroom's own over them. */
export function schemeColours(scheme: "light" | "dark", own: Partial<Colours>): Colours {
	return { ...SCHEMES[scheme], ...own };
}

function readableOn(color: string): string {
	return contrast("#ffffff", color) >= 3 ? "#ffffff" : "#14181f";
}

function channels(color: string): [number, number, number] {
	const value = Number.parseInt(color.slice(1), 16);
	return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function mixed(one: string, other: string, share: number): string {
	const [left, right] = [channels(one), channels(other)];
	const parts = left.map((value, index) => Math.round(value * share + (right[index] ?? 0) * (1 - share)));
	return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function luminance(color: string): number {
	const [red, green, blue] = channels(color).map((value) => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

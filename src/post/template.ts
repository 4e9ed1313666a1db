import { Liquid, type Template as Parsed } from "liquidjs";
import type { OccasionKind } from "./occasion.ts";
import { ITEM_VARIABLES, VARIABLES, type View } from "./view.ts";

/** A compiled template. */
export interface Template {
	/** File name, such as `telegram.liquid`. */
	readonly name: string;
	/** The text for a view, laid out: no trailing spaces, no double blank lines. Throws TemplateError. */
	render(view: View): string;
}

/** A mistake in a template; the message names file, line and column. */
export class TemplateError extends Error {
	override readonly name = "TemplateError";
}

const LIMITS = { parseLimit: 100_000, renderLimit: 1_000, memoryLimit: 1_000_000 } as const;

/**
 * Compiles a template for one kind of occasion, whose variables are the only ones it may name. `protect` is how the channel escapes a value;
 * it is applied to each printed variable. Throws TemplateError.
 */
export function compileTemplate(
	name: string,
	source: string,
	protect: (text: string) => string,
	kind: OccasionKind,
): Template {
	const engine = new Liquid({
		strictVariables: true,
		strictFilters: true,
		jsTruthy: true,
		ownPropertyOnly: true,
		templates: {},
		outputEscape: (value: unknown) => {
			if (holdsItems(value))
				throw new Error(
					"a list or one of its items cannot be printed as it is: write {% for item in items %}{{ item.title }}{% endfor %}",
				);
			return value === undefined || value === null ? "" : protect(String(value));
		},
		...LIMITS,
	});
	// Every value is escaped once when it is printed: not twice, and never not at all.
	for (const filter of ["raw", "escape", "escape_once", "xml_escape"])
		engine.registerFilter(filter, (value: unknown) => value);
	// No file can be included, whatever a template asks for.
	for (const tag of ["include", "render", "layout"]) delete engine.tags[tag];
	let parsed: Parsed[];
	try {
		parsed = engine.parse(source, name);
	} catch (error) {
		throw new TemplateError(explained(name, error));
	}
	const unknown = unknownVariable(engine, parsed, source, VARIABLES[kind]);
	if (unknown) {
		const { name: wrong, known, at } = unknown;
		throw new TemplateError(`${name}:${at}: there is no variable «${wrong}» (there are: ${known.join(", ")})`);
	}
	return {
		name,
		render(view) {
			try {
				return laidOut(String(engine.renderSync(parsed, view)));
			} catch (error) {
				throw new TemplateError(explained(name, error));
			}
		},
	};
}

/** The first variable that will never be there: a name that this kind of occasion does not have, or what no item of its list has. */
function unknownVariable(
	engine: Liquid,
	parsed: Parsed[],
	source: string,
	known: readonly string[],
): { readonly name: string; readonly known: readonly string[]; readonly at: string } | undefined {
	const { globals, variables } = engine.analyzeSync(parsed);
	for (const [name, [use]] of Object.entries(globals))
		if (!known.includes(name)) return { name, known, at: placeOf(use) };
	const loops = [...source.matchAll(/\bfor\s+([\w-]+)\s+in\s+items\b/g)].map(([, name = ""]) => name);
	for (const name of new Set([...loops, "items"]))
		for (const use of variables[name] ?? []) {
			const field = use.segments[name === "items" ? 2 : 1];
			if (typeof field === "string" && !ITEM_VARIABLES.includes(field as (typeof ITEM_VARIABLES)[number]))
				return {
					name: use.segments.join("."),
					known: ITEM_VARIABLES.map((one) => [...use.segments.slice(0, name === "items" ? 2 : 1), one].join(".")),
					at: placeOf(use),
				};
		}
	return undefined;
}

function placeOf(use: { readonly location: { readonly row: number; readonly col: number } } | undefined): string {
	return `${use?.location.row ?? 1}:${use?.location.col ?? 1}`;
}

function holdsItems(value: unknown): boolean {
	return typeof value === "object" && value !== null && (!Array.isArray(value) || value.some(holdsItems));
}

/** liquidjs writes «undefined filter: x, file:f, line:1, col:3». */
function explained(name: string, error: unknown): string {
	const message = error instanceof Error ? error.message : String(error);
	const [, words = message, line, column] = /^(.*?)(?:, file:.*?)?, line:(\d+), col:(\d+)/s.exec(message) ?? [];
	return line ? `${name}:${line}:${column}: ${words}` : `${name}: ${words}`;
}

function laidOut(text: string): string {
	return text
		.replace(/\r\n?/g, "\n")
		.replace(/[^\S\n]+$/gm, "")
		.replace(/\n{3,}/g, "\n\n")
		.trim();
}

import { Liquid, type Template as Parsed } from "liquidjs";
import { VARIABLES, type View } from "./view.ts";

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

/** Compiles a template. `protect` is how the channel escapes a value; it is applied to each printed variable. Throws TemplateError. */
export function compileTemplate(name: string, source: string, protect: (text: string) => string): Template {
	const engine = new Liquid({
		strictVariables: true,
		strictFilters: true,
		jsTruthy: true,
		ownPropertyOnly: true,
		templates: {},
		outputEscape: (value: unknown) => (value === undefined || value === null ? "" : protect(String(value))),
		...LIMITS,
	});
	// No file can be included, whatever a template asks for.
	for (const tag of ["include", "render", "layout"]) delete engine.tags[tag];
	let parsed: Parsed[];
	try {
		parsed = engine.parse(source, name);
	} catch (error) {
		throw new TemplateError(explained(name, error));
	}
	const unknown = Object.values(engine.globalVariableSegmentsSync(parsed)).find(
		([first]) => !VARIABLES.includes(first as keyof View),
	);
	if (unknown) {
		const [first] = unknown;
		const at = engine.analyzeSync(parsed).globals[String(first)]?.[0]?.location;
		throw new TemplateError(
			`${name}:${at?.row ?? 1}:${at?.col ?? 1}: there is no variable «${String(first)}» (there are: ${VARIABLES.join(", ")})`,
		);
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

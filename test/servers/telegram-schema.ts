import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Fields } from "./listen.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The part of the Bot API that the fake knows: what each method may be given. */
const SUBSET = JSON.parse(
	readFileSync(join(import.meta.dirname, "..", "schemas", "telegram.json"), "utf8"),
) as Schema & { readonly $defs: Readonly<Record<string, Schema>> };

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(SUBSET);
// Methods begin with a small letter and a verb, types do not.
const METHODS = Object.entries(SUBSET.$defs).filter(([name]) => /^[a-z]+[A-Z]/.test(name));
const byName = new Map(
	METHODS.map(([name, schema]) => [
		name.toLowerCase(),
		{ name, schema, check: ajv.compile({ $ref: `telegram#/$defs/${name}` }) },
	]),
);

/** The method as the documentation spells it; the server does not mind the case. */
export function methodName(name: string): string | undefined {
	return byName.get(name.toLowerCase())?.name;
}

/** What in the body the documentation does not allow, in words; undefined when nothing. */
export function complaint(method: string, body: Fields): string | undefined {
	const known = byName.get(method.toLowerCase());
	if (!known) return `unknown method ${method}`;
	if (known.check(body)) return undefined;
	return (known.check.errors ?? [])
		.map((error) => {
			const extra = error.params["additionalProperty"] as string | undefined;
			return `${error.instancePath || "/"} ${error.message}${extra ? ` (${extra})` : ""}`;
		})
		.join("; ");
}

/** Objects may come as JSON text in any body, and everything is text in a form: gives the values as the method's schema types them. */
export function typed(method: string, body: Fields, form: boolean): Fields {
	const properties = byName.get(method.toLowerCase())?.schema["properties"] as Record<string, Schema> | undefined;
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => {
			const schema = properties?.[name];
			const named = /[^/]+$/.exec(String(schema?.["$ref"] ?? ""))?.[0];
			const type = (named === undefined ? schema : SUBSET.$defs[named])?.["type"];
			if (typeof value !== "string") return [name, value];
			if (type === "object" || type === "array") return [name, parsed(value)];
			if (form && type === "integer" && /^-?\d+$/.test(value)) return [name, Number(value)];
			if (form && type === "boolean") return [name, /^(true|1|yes)$/i.test(value)];
			return [name, value];
		}),
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

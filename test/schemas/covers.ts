import { Ajv2020 } from "ajv/dist/2020.js";

/** A schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

interface Side {
	readonly root: Schema;
	readonly at: Schema;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

/** Follows references within the document. */
function resolved({ root, at }: Side): Schema {
	let current = at;
	while (typeof current["$ref"] === "string") {
		const steps = current["$ref"].replace(/^#\//, "").split("/");
		current = steps.reduce<Schema>(
			(found, step) => (found[decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~")] ?? {}) as Schema,
			root,
		);
	}
	return current;
}

const choicesOf = (schema: Schema) => (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
const propertiesOf = (schema: Schema) => (schema["properties"] ?? {}) as Readonly<Record<string, Schema>>;

/**
 * What `ours` allows and `full` does not, a sentence each with its place: nothing when every value of ours is one of theirs, as far as names, kinds,
 * words and what must be there tell. An uploaded file (an object with bytes) and what a form makes of a number are outside JSON and passed over.
 */
export function beyond(ours: Side, full: Side, place = "$"): readonly string[] {
	const mine = resolved(ours);
	const theirs = resolved(full);
	const inside = (at: Schema) => ({ root: ours.root, at });
	const within = (at: Schema) => ({ root: full.root, at });
	const myChoices = choicesOf(mine);
	if (myChoices) return myChoices.flatMap((one) => beyond(inside(one), full, place));
	if ((mine["required"] as readonly string[] | undefined)?.includes("bytes")) return [];
	// In a form everything is text.
	if (mine["$comment"] === "As a form writes it.") return [];
	const theirChoices = choicesOf(theirs);
	if (theirChoices) {
		const found = theirChoices.map((one) => beyond(inside(mine), within(one), place));
		return found.some((complaints) => complaints.length === 0)
			? []
			: [`${place}: none of the documented forms has it (${found[0]?.[0] ?? "there are none"})`];
	}
	const words = mine["const"] === undefined ? (mine["enum"] as readonly unknown[] | undefined) : [mine["const"]];
	if (words) {
		const { $ref: _ref, ...plain } = theirs;
		const check = ajv.compile({ ...plain, properties: {}, required: [] });
		return words.filter((word) => !check(word)).map((word) => `${place}: ${JSON.stringify(word)} is not documented`);
	}
	if (Object.keys(theirs).length === 0) return [];
	const [kind, documented] = [mine["type"], theirs["type"]];
	if (documented !== undefined && kind !== documented && !(kind === "integer" && documented === "number"))
		return [`${place}: it is documented as ${String(documented)}, not as ${String(kind)}`];
	if (theirs["enum"]) return [`${place}: the documentation has a list of words for it`];
	if (kind === "array")
		return beyond(inside((mine["items"] ?? {}) as Schema), within((theirs["items"] ?? {}) as Schema), `${place}[]`);
	if (kind !== "object") return [];
	const known = propertiesOf(theirs);
	const needed = ((theirs["required"] ?? []) as readonly string[]).filter(
		(name) => !((mine["required"] ?? []) as readonly string[]).includes(name),
	);
	return [
		...needed.map((name) => `${place}: «${name}» must be there`),
		...Object.entries(propertiesOf(mine)).flatMap(([name, schema]) => {
			const other = known[name];
			return other ? beyond(inside(schema), within(other), `${place}.${name}`) : [`${place}: there is no «${name}»`];
		}),
	];
}

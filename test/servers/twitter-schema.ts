import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Fields } from "./listen.ts";

/** The part of the API that the fake knows: body or query of each endpoint. */
const SUBSET = JSON.parse(readFileSync(join(import.meta.dirname, "..", "schemas", "twitter.json"), "utf8")) as {
	readonly $defs: Readonly<Record<string, object>>;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(SUBSET);
const pointer = (name: string) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
const checks = new Map(
	Object.keys(SUBSET.$defs)
		.filter((name) => name.includes(" "))
		.map((name) => [name, ajv.compile({ $ref: `twitter#/$defs/${pointer(name)}` })]),
);

/** The endpoint's name, such as «DELETE /2/tweets/:id», and the id in the path. */
export function endpointOf(method: string, path: string): { name: string; id?: string } | undefined {
	for (const name of checks.keys()) {
		const [verb, pattern] = name.split(" ") as [string, string];
		if (verb !== method) continue;
		const match = new RegExp(`^${pattern.replace(":id", "([0-9]+)")}$`).exec(path);
		if (match) return { name, ...(match[1] === undefined ? {} : { id: match[1] }) };
	}
	return undefined;
}

/** What the documentation does not allow in it, a sentence each; empty when nothing. */
export function complaints(endpoint: string, given: Fields): readonly string[] {
	const check = checks.get(endpoint);
	if (!check || check(given)) return [];
	return (check.errors ?? []).map((error) => {
		const extra = error.params["additionalProperty"] as string | undefined;
		return `${error.instancePath || "$"} ${error.message}${extra ? ` (${extra})` : ""}`;
	});
}

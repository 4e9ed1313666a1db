import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { beyond, type Schema } from "./covers.ts";

const folder = process.env["SPECS"] ?? "";
const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Schema;
const subset = (name: string) => read(join(import.meta.dirname, name));
const defs = (schema: Schema) => Object.entries(schema["$defs"] as Readonly<Record<string, Schema>>);

describe("telegram", () => {
	const ours = subset("telegram.json");
	const full = read(join(folder, "telegram-bot-api.jsonschema.json"));
	const methods = defs(ours).filter(([name]) => /^[a-z]+[A-Z]/.test(name));
	test("there are methods", () => expect(methods.length).toBeGreaterThan(20));
	test.each(methods)("%s is documented as we use it", (name, at) => {
		const documented = (full["$defs"] as Readonly<Record<string, Schema>>)[`method:${name}`];
		expect(documented, "the method").toBeDefined();
		expect(beyond({ root: ours, at }, { root: full, at: documented ?? {} })).toEqual([]);
	});
});

describe("twitter", () => {
	const ours = subset("twitter.json");
	const full = read(join(folder, "x-api-v2-openapi.json"));
	const paths = full["paths"] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
	const endpoints = defs(ours).filter(([name]) => name.includes(" "));
	/** The live API takes the old names too (docs.x.com). */
	const renamed: Readonly<Record<string, string>> = { "tweet.fields": "post.fields" };
	test("there are endpoints", () => expect(endpoints.length).toBeGreaterThan(5));
	test.each(endpoints)("%s is documented as we use it", (name, at) => {
		const [verb = "", path = ""] = name.split(" ");
		const operation = paths[path.replace(":id", "{id}")]?.[verb.toLowerCase()];
		expect(operation, "the endpoint").toBeDefined();
		const names = Object.keys((at["properties"] ?? {}) as Schema);
		if (verb === "GET") {
			const known = (operation?.parameters ?? []).map((one) => {
				const reference = /[^/]+$/.exec(one.$ref ?? "")?.[0];
				const components = (full["components"] as Readonly<Record<string, Readonly<Record<string, Schema>>>>)[
					"parameters"
				];
				return reference === undefined ? one.name : components?.[reference]?.["name"];
			});
			expect(names.filter((one) => !known.includes(renamed[one] ?? one))).toEqual([]);
			return;
		}
		const [content] = Object.values(operation?.requestBody?.content ?? {});
		if (content) expect(beyond({ root: ours, at }, { root: full, at: content.schema })).toEqual([]);
		else expect(names, "fields of a body that has none").toEqual([]);
	});
});

interface Operation {
	readonly parameters?: readonly { readonly name?: string; readonly $ref?: string }[];
	readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

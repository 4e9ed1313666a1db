// readability's pages from right to left: the article's text, nothing in front of it and nothing behind.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPage } from "../../dist/sources/page.js";
import { bare, squeezed } from "./plain.mjs";
import { counted } from "./report.mjs";

export async function readabilityChecks(folder) {
	const pages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	const results = [];
	for (const { name } of pages) results.push(await result(join(folder, name), name));
	const wrong = results.filter(({ problem }) => problem !== undefined);
	return [
		counted("the whole text and nothing else", {
			got: results.length - wrong.length,
			of: results.length,
			failing: wrong.map(({ name, problem }) => `${name}: ${problem}`),
		}),
	];
}

async function result(folder, name) {
	const read = (file) => readFileSync(join(folder, file), "utf8");
	const expected = bare(read("expected.html"));
	try {
		const { body = "" } = await readPage(read("source.html"), `https://news.example/${name}`, {});
		const text = squeezed(body);
		if (text === expected) return { name };
		const at = [...text].findIndex((char, index) => char !== expected[index]);
		return {
			name,
			problem: `«${text.slice(at, at + 60)}» instead of «${expected.slice(at, at + 60)}» after ${at} letters`,
		};
	} catch (error) {
		return { name, problem: String(error) };
	}
}

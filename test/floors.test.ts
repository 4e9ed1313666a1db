import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..", "src");

/** The house from below. A file imports its own floor or a lower one; the first pattern that fits a file is its floor. */
const FLOORS: readonly (readonly [floor: string, files: RegExp])[] = [
	["1 arabic: strings in, strings out", /^arabic\//],
	["2 articles: values only", /^article\//],
	["3 deciding: posts, states, limits", /^(post\/|ledger\/(delivery|correction|pace|budget)\.ts$)/],
	["4 ports: types and errors", /^(ports|sources\/source|channels\/channel|ledger\/(store|kept)|engine\/engine)\.ts$/],
	[
		"5 adapters: one outside thing each",
		/^(sources\/|channels\/|engine\/|http|dispatchers|guard|proxy|clock|log\.ts|redact|templates|demo|ledger\/(sqlite|sqlite-file|redis|postgres|record|lock|marker|backups|copy-thread)\.ts$)/,
	],
	[
		"6 ledger: over the Store port",
		/^ledger\/(ledger|changes|counts|lease|notes|digest-plans|remembered|order|restored|retention|shrink|sealed)\.ts$/,
	],
	[
		"7 watch and publish: know ports, never an adapter",
		/^(watch|intake|fates|recognition|revisions|stories|holds|switches|by-hand|composing|corrections|retractions|amend|health|publish|parking|faults|safe-mode|care|money|tell|timing|times|digests|digest-content)\.ts$/,
	],
	["8 people", /^(admin|web)\//],
	[
		"9 settings",
		/^(variables|newsroom|config|source-settings|channel-settings|filter-settings|price-settings|card-settings|picture-settings|correction-settings|times-settings|duration|filters)\.ts$/,
	],
	["10 shell", /^(app|tools|read|once|check|status|show|ask|shell|cli|outputs?)(-[a-z]+)?\.ts$/],
];
const ADAPTERS = 5;
const KNOW_PORTS_ONLY = [6, 7];
const PURE = [1, 2, 3];

/** What only some files may touch, each with its files. */
const RESERVED: readonly (readonly [what: string, code: RegExp, files: readonly RegExp[]])[] = [
	["the environment", /\bprocess\.env\b/, [/^(config|variables|cli)\.ts$/]],
	["the system's clock", /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/, [/^clock\.ts$/]],
	// A deadline of the web's own door is no schedule: it guards a request that already runs.
	["timers", /\bset(Timeout|Interval|Immediate)\b/, [/^(clock|cli|http)\.ts$/]],
	["chance", /\bMath\.random\b|\brandom(Bytes|UUID|Int)\b/, [/^app(-desk)?\.ts$/, /^admin\//]],
	["the console", /\bconsole\./, []],
	["standard output and error", /\bprocess\.std(out|err)\.write\b/, [/^(cli|shell)\.ts$/]],
];

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
	.filter((name) => name.endsWith(".ts"))
	.map((name) => name.replaceAll("\\", "/"))
	.sort();

const text = new Map(files.map((name) => [name, readFileSync(join(ROOT, name), "utf8")]));

/** The code without comments: a rule may be named in one. */
const codeOf = (name: string) =>
	(text.get(name) ?? "").replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`\\])\/\/.*$/gm, "$1");

const floorOf = (name: string) => FLOORS.findIndex(([, pattern]) => pattern.test(name)) + 1;

const importsOf = (name: string): string[] =>
	[...codeOf(name).matchAll(/\b(?:from\s+|import\s+|import\(\s*)"(\.[^"]+)"/g)].map(([, path = ""]) =>
		relative(ROOT, join(ROOT, dirname(name), path)).replaceAll("\\", "/"),
	);

const outsideOf = (name: string): string[] =>
	[...codeOf(name).matchAll(/\b(?:from\s+|import\s+|import\(\s*)"([^".][^"]*)"/g)].map(([, path = ""]) => path);

test("there are files to look at", () => expect(files.length).toBeGreaterThan(40));

test.each(files)("%s lives on a floor and imports nothing from above", (name) => {
	const floor = floorOf(name);
	expect(floor, "its floor in the table of this test").toBeGreaterThan(0);
	const missing = importsOf(name).filter((other) => !text.has(other));
	expect(missing, "imports of files that do not exist").toEqual([]);
	const above = importsOf(name).filter((other) => floorOf(other) > floor);
	expect(above, "imports from a higher floor").toEqual([]);
	if (KNOW_PORTS_ONLY.includes(floor))
		expect(
			importsOf(name).filter((other) => floorOf(other) === ADAPTERS),
			"imports of adapters",
		).toEqual([]);
});

test("no circles", () => {
	const done = new Set<string>();
	const circles: string[] = [];
	const walk = (name: string, path: readonly string[]): void => {
		if (path.includes(name)) circles.push([...path.slice(path.indexOf(name)), name].join(" → "));
		if (done.has(name) || path.includes(name)) return;
		for (const other of importsOf(name)) walk(other, [...path, name]);
		done.add(name);
	};
	for (const name of files) walk(name, []);
	expect(circles).toEqual([]);
});

test.each(files.filter((name) => floorOf(name) === 1))("%s never knows an article", (name) => {
	expect(importsOf(name).filter((other) => !other.startsWith("arabic/"))).toEqual([]);
});

test.each(files.filter((name) => PURE.includes(floorOf(name))))("%s is pure", (name) => {
	const allowed = new Set(["node:crypto", "node:module", "liquidjs", "twitter-text", "re2js"]);
	expect(outsideOf(name).filter((other) => !allowed.has(other))).toEqual([]);
	expect(codeOf(name)).not.toMatch(/\b(fetch|process|globalThis|await)\b/);
});

test.each(RESERVED)("%s stays where it belongs", (_what, pattern, allowed) => {
	const found = files.filter((name) => pattern.test(codeOf(name)) && !allowed.some((one) => one.test(name)));
	expect(found).toEqual([]);
});

test.each(files)("%s is one noun: at most 300 lines, no `any`, no barrel", (name) => {
	const code = codeOf(name);
	expect((text.get(name) ?? "").trimEnd().split("\n").length).toBeLessThanOrEqual(300);
	expect(code).not.toMatch(/(:|<|\bas|,|\|)\s*any\b(?!\s*[:(?])|\bany\[\]/);
	expect(code).not.toMatch(/\bexport \* from\b/);
	expect(basename(name)).not.toMatch(/^(index|utils?|helpers?|common|types|misc)\.ts$/);
});

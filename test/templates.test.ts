import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { telegramLayout } from "../src/post/telegram-html.ts";
import type { Templates } from "../src/post/compose.ts";
import { SAMPLES } from "../src/post/samples.ts";
import { compileTemplate, TemplateError } from "../src/post/template.ts";
import { twitterLayout } from "../src/post/tweet-text.ts";
import { ITEM_VARIABLES, VARIABLES } from "../src/post/view.ts";
import { keepTemplates, loadNames, loadSites, loadTemplates, loadText } from "../src/templates.ts";

const BUILTIN = join(import.meta.dirname, "..", "templates");

let own: string;
beforeEach(() => {
	own = mkdtempSync(join(tmpdir(), "mirsal-templates-"));
});
afterEach(() => rmSync(own, { recursive: true, force: true }));

const load = (folders: readonly string[] = [own]) =>
	loadTemplates({ own: folders, builtin: BUILTIN }, "telegram", telegramLayout);

test("the built-in ones are good, for both kinds of channel", async () => {
	const names = (templates: Templates) =>
		Object.entries(templates).map(([kind, list]) => [kind, list.length, list[0].name]);
	for (const [kind, layout] of [
		["telegram", telegramLayout],
		["twitter", twitterLayout],
	] as const)
		expect(names(await loadTemplates({ own: [], builtin: BUILTIN }, kind, layout))).toEqual([
			["article", 1, `${kind}.liquid`],
			["breaking", 1, `breaking.${kind}.liquid`],
			["retraction", 1, `retraction.${kind}.liquid`],
			["digest", 1, `digest.${kind}.liquid`],
		]);
});

test("the newsroom's own file stands in front of the built-in one of the same name, and only of that", async () => {
	writeFileSync(join(own, "telegram.liquid"), "<i>{{ title }}</i>");
	const { article, breaking } = await load();
	expect(article.map(({ name }) => name)).toEqual([join(own, "telegram.liquid"), "telegram.liquid"]);
	expect(breaking.map(({ name }) => name)).toEqual(["breaking.telegram.liquid"]);
});

test("a channel's folder stands in front of the common one", async () => {
	const sport = join(own, "sport");
	mkdirSync(sport);
	writeFileSync(join(own, "telegram.liquid"), "<i>{{ title }}</i>");
	writeFileSync(join(sport, "telegram.liquid"), "<u>{{ title }}</u>");
	expect((await load([sport, own])).article.map(({ name }) => name)).toEqual([
		join(sport, "telegram.liquid"),
		join(own, "telegram.liquid"),
		"telegram.liquid",
	]);
});

test.each([
	["a mistake of the language", "{{ title }}\n{{ title | shout }}", /telegram\.liquid:2:1: .*shout/],
	["an unknown variable", "{{ headline }}", /telegram\.liquid:1:4: there is no variable «headline»/],
	["what Telegram refuses", "<div>{{ title }}</div>", /telegram\.liquid: Telegram knows no <div>/],
	["what Telegram refuses only without a lead", "{% unless lead %}<br>{% endunless %}{{ title }}", /knows no <br>/],
	["nothing for a title alone", "{{ lead }}", /telegram\.liquid: it prints nothing/],
	["an endless loop", "{% for a in (1..100000000) %}{{ a }}{% endfor %}", /telegram\.liquid:1:\d+: /],
	["another file", "{% include 'telegram.liquid' %}", /telegram\.liquid:1:1: /],
])("C15: found at start, with the file's name: %s", async (_, source, words) => {
	writeFileSync(join(own, "telegram.liquid"), source);
	const error = await load().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(TemplateError);
	expect((error as Error).message).toMatch(words);
});

test.each([
	["an article's variable in a digest", "digest", "{{ name }}\n{{ title }}", /2:4: there is no variable «title»/],
	[
		"a field that no item has",
		"digest",
		"{% for i in items %}{{ i.tite }}{% endfor %}",
		/1:24: there is no variable «i\.tite»/,
	],
	["a list printed as it is", "digest", "{{ items }}", /1:1: a list/],
	["what Telegram refuses behind the rest", "digest", "{{ name }}{% if rest %}<br>{% endif %}", /knows no <br>/],
	[
		"what Telegram refuses without an address",
		"digest",
		"{% for i in items %}{% unless i.link %}<p>{% endunless %}{{ i.title }}{% endfor %}",
		/knows no <p>/,
	],
	["a link in a retraction", "retraction", "<s>{{ title }}</s> {{ link }}", /1:23: there is no variable «link»/],
	["a retraction that prints nothing", "retraction", "{{ author }}", /it prints nothing/],
	["what Telegram refuses in an update", "breaking", "{{ title }}{% if updated %}<br>{% endif %}", /knows no <br>/],
	[
		"what Telegram refuses in what is breaking",
		"breaking",
		"{% if breaking %}<h1>{% endif %}{{ title }}",
		/knows no <h1>/,
	],
])("found at start, for every kind of occasion: %s", async (_, kind, source, words) => {
	writeFileSync(join(own, `${kind}.telegram.liquid`), source);
	const error = await load().catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(TemplateError);
	expect((error as Error).message).toMatch(words);
	expect((error as Error).message).toContain(`${kind}.telegram.liquid:`);
});

test.each(["breaking", "retraction", "digest"] as const)(
	"a new %s template is taken up while Mirsal runs",
	async (kind) => {
		const kept = await keepTemplates({ own: [own], builtin: BUILTIN }, "telegram", telegramLayout);
		writeFileSync(join(own, `${kind}.telegram.liquid`), kind === "digest" ? "{{ name }}" : "{{ title }}");
		expect(await kept.refresh()).toBeUndefined();
		expect(kept.current[kind].map(({ name }) => name)).toEqual([
			join(own, `${kind}.telegram.liquid`),
			`${kind}.telegram.liquid`,
		]);
	},
);

test("a changed template is used from then on, a broken one leaves the last good one and is told once", async () => {
	const file = join(own, "telegram.liquid");
	const kept = await keepTemplates({ own: [own], builtin: BUILTIN }, "telegram", telegramLayout);
	const names = () => kept.current.article.map(({ name }) => name);
	expect(await kept.refresh()).toBeUndefined();
	writeFileSync(file, "<i>{{ title }}</i>");
	expect(await kept.refresh()).toBeUndefined();
	expect(names()).toEqual([file, "telegram.liquid"]);
	writeFileSync(file, "<i>{{ titel }}</i>!");
	expect(await kept.refresh()).toContain("telegram.liquid:1:");
	expect(kept.broken).toBe(true);
	expect(await kept.refresh()).toBeUndefined();
	expect(names()).toEqual([file, "telegram.liquid"]);
	rmSync(file);
	expect(await kept.refresh()).toBeUndefined();
	expect(kept.broken).toBe(false);
	expect(names()).toEqual(["telegram.liquid"]);
});

test("TEMPLATES that names a file is said so", async () => {
	const file = join(own, "telegram.liquid");
	writeFileSync(file, "{{ title }}");
	await expect(load([file])).rejects.toThrow(`TEMPLATES: «${file}» is no folder`);
});

test("a file that cannot be read is named", async () => {
	mkdirSync(join(own, "telegram.liquid"));
	await expect(load()).rejects.toThrow(`${join(own, "telegram.liquid")} cannot be read (EISDIR)`);
});

test("a missing built-in file is named with what to do", async () => {
	await expect(loadTemplates({ own: [], builtin: own }, "telegram", telegramLayout)).rejects.toThrow(
		"install Mirsal again",
	);
	await expect(loadText({ own: [], builtin: own }, "demo.yaml")).rejects.toThrow("install Mirsal again");
});

test("data files: the newsroom's own sites replace the built-in ones; its names are added", async () => {
	const folders = { own: [own], builtin: BUILTIN };
	expect(Object.keys(await loadSites(folders))).toEqual(Object.keys(await loadSites({ own: [], builtin: BUILTIN })));
	writeFileSync(join(own, "sites.yaml"), "news.example.org:\n  title: h1.headline\n");
	expect(await loadText(folders, "sites.yaml")).toContain("h1.headline");
	const { agencies, places } = await loadNames(folders, { agencies: ["وكالة الضفتين"], places: ["حي الزهور"] });
	expect(agencies.at(-1)).toBe("وكالة الضفتين");
	expect(places.at(-1)).toBe("حي الزهور");
	expect(agencies.length).toBeGreaterThan(20);
});

describe.each(["README.md", "README.ar.md"])("what %s says of templates", (file) => {
	const whole = readFileSync(join(BUILTIN, "..", file), "utf8");
	const from = whole.search(/^## (Templates|القوالب)/m);
	const told = whole.slice(from, whole.indexOf("\n## ", from));
	const kindOf = (source: string) => (/\bitems?\b|\brest\b/.test(source) ? "digest" : "article");

	test("its examples work", () => {
		const blocks = [...told.matchAll(/```liquid\n([\s\S]*?)```/g)].map(([, source = ""]) => source);
		const cells = [...told.matchAll(/^\| `(\{[^`]+\})` \|/gm)].map(([, cell = ""]) => cell.replaceAll("\\|", "|"));
		expect(blocks.length).toBeGreaterThan(1);
		expect(cells.length).toBeGreaterThan(10);
		for (const source of [...blocks, ...cells]) {
			const kind = kindOf(source);
			const template = compileTemplate(file, source, telegramLayout.escape, kind);
			for (const view of SAMPLES[kind]) expect(telegramLayout.finish(template.render(view)).text).not.toContain("{");
		}
	});

	test("every variable is explained", () => {
		const names = [...Object.values(VARIABLES).flat(), ...ITEM_VARIABLES.map((name) => `item.${name}`)];
		for (const name of names) expect(told).toContain(`\`${name}\``);
	});

	test("every template and picture is there", () => {
		for (const name of readdirSync(BUILTIN).filter((one) => one.endsWith(".liquid")))
			expect(told).toContain(`\`${name}\``);
		for (const [, path = ""] of told.matchAll(/src="([^"]+)"/g))
			expect(existsSync(join(BUILTIN, "..", path))).toBe(true);
		expect(told.match(/src="/g)?.length).toBeGreaterThan(1);
	});
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { telegramLayout } from "../src/post/telegram-html.ts";
import { TemplateError } from "../src/post/template.ts";
import { twitterLayout } from "../src/post/tweet-text.ts";
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
	expect((await load([])).article.map(({ name }) => name)).toEqual(["telegram.liquid"]);
	const { article, breaking } = await loadTemplates({ own: [], builtin: BUILTIN }, "twitter", twitterLayout);
	expect([article, breaking].map(([first]) => first.name)).toEqual(["twitter.liquid", "breaking.twitter.liquid"]);
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
	expect(await kept.refresh()).toBeUndefined();
	expect(names()).toEqual([file, "telegram.liquid"]);
	rmSync(file);
	expect(await kept.refresh()).toBeUndefined();
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

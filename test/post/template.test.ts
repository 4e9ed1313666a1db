import { describe, expect, test } from "vitest";
import { escapeHtml } from "../../src/post/telegram-html.ts";
import { compileTemplate, TemplateError } from "../../src/post/template.ts";
import { type NewsView, VARIABLES } from "../../src/post/view.ts";

const VIEW: NewsView = {
	title: "خبر <1> & «قول»",
	lead: "جملة.",
	more: "",
	text: "",
	credit: "",
	hashtags: "#ثقافة",
	link: "https://example.org/?a=1&b=2",
	date: "",
	author: "",
	category: "",
	newsroom: "شبكة",
	source: "feed",
	breaking: false,
	updated: false,
};

const compile = (source: string) => compileTemplate("own/t.liquid", source, escapeHtml, "article");

function failure(run: () => unknown): Error {
	try {
		run();
	} catch (error) {
		return error as Error;
	}
	throw new Error("nothing was thrown");
}

describe("mistakes are found when a template is compiled, with file, line and column", () => {
	test.each([
		["an unknown variable", "{{ title }}\n{{ headline }}", "own/t.liquid:2:4: there is no variable «headline»"],
		["an unknown variable in a condition", "{% if url %}x{% endif %}", "own/t.liquid:1:7: there is no variable «url»"],
		["an unknown filter", "{{ title }}\n  {{ lead | shout }}", "own/t.liquid:2:3: undefined filter: shout"],
		["an unclosed tag", "{{ title }}\n{% if lead %}{{ lead }}", "own/t.liquid:2:1: tag {% if lead %} not closed"],
		["an unclosed output", "{{ title", 'own/t.liquid:1:1: output "{{ title" not closed'],
		["an unknown tag", "{% shout %}", 'own/t.liquid:1:1: tag "shout" not found'],
		["an end without a beginning", "{% endif %}", "own/t.liquid:1:1:"],
		["a file to include", "{{ title }}{% include 'other' %}", 'own/t.liquid:1:12: tag "include" not found'],
		["a file to render", "{% render '../../etc/passwd' %}", 'own/t.liquid:1:1: tag "render" not found'],
		["a layout", "{% layout 'other' %}", 'own/t.liquid:1:1: tag "layout" not found'],
	])("%s", (_, source, message) => {
		const error = failure(() => compile(source));
		expect(error).toBeInstanceOf(TemplateError);
		expect(error.message).toContain(message);
	});

	test("an unknown variable's message names those that there are", () => {
		const { message } = failure(() => compile("{{ x }}"));
		for (const name of VARIABLES.article) expect(message).toContain(name);
	});
});

describe("what would take the program with it ends in an error", () => {
	test.each([
		["an endless loop", "{% for a in (1..1000000) %}{% for b in (1..1000000) %}{{ b }}{% endfor %}{% endfor %}"],
		["a range beyond memory", "{% for a in (1..999999999) %}{% endfor %}"],
		["a text that doubles", `{% assign a = "xxxxxxxxxx" %}${"{% assign a = a | append: a %}".repeat(40)}{{ a }}`],
	])("%s", (_, source) => {
		const template = compile(source);
		const error = failure(() => template.render(VIEW));
		expect(error).toBeInstanceOf(TemplateError);
		expect(error.message).toMatch(/^own\/t\.liquid:1:\d+: /);
	});

	test("a template too large to be one", () => {
		expect(() => compile("x".repeat(200_000))).toThrow(TemplateError);
	});
});

test.each<[string, string, string]>([
	[
		"values are escaped, once, also behind a filter",
		"{{ title }} {{ title | upcase }}",
		"خبر &lt;1&gt; &amp; «قول» خبر &lt;1&gt; &amp; «قول»",
	],
	...["raw", "escape", "escape_once", "xml_escape"].map((filter): [string, string, string] => [
		`once, too, with the filter ${filter}`,
		`{{ title | ${filter} }}`,
		"خبر &lt;1&gt; &amp; «قول»",
	]),
	["the template's own markup is not", "<b>{{ lead }}</b> &amp;", "<b>جملة.</b> &amp;"],
	["an empty text is false", "{% if more %}نعم{% else %}لا{% endif %}", "لا"],
	["a full one is true", "{% if lead %}نعم{% endif %}", "نعم"],
	["false is false", "{% if breaking %}نعم{% endif %}ـ", "ـ"],
	[
		"no trailing spaces, no double empty lines, no outer ones",
		"\n\n a  \n\n\n\n b \t\r\n\r\n\r\nc \n\n",
		"a\n\n b\n\nc",
	],
	["variables of its own", "{% assign mine = lead | upcase %}{{ mine }}", "جملة."],
	[
		"a list made of the hashtags",
		'{% assign tags = hashtags | split: " " %}{% for tag in tags %}[{{ tag }}]{% endfor %}',
		"[#ثقافة]",
	],
])("rendering: %s", (_, source, expected) => expect(compile(source).render(VIEW)).toBe(expected));

test("what objects inherit cannot be reached", () => {
	expect(() => compile("{{ title.constructor }}").render(VIEW)).toThrow(TemplateError);
});

test("rendering twice gives the same and changes nothing", () => {
	const template = compile("{% assign title = 'x' %}{{ title }}{{ lead }}");
	const frozen = { ...VIEW };
	expect(template.render(VIEW)).toBe(template.render(VIEW));
	expect(VIEW).toEqual(frozen);
});

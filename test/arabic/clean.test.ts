import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cleaner, type Names } from "../../src/arabic/clean.ts";
import { lead } from "../../src/arabic/lead.ts";
import { compareKey, tidy } from "../../src/arabic/normalize.ts";
import { type Case, cases as heads, stays } from "./cases.ts";
import { signed, unsigned } from "./desks.ts";
import { lookalikes } from "./lookalikes.ts";
import { naughty } from "./naughty.ts";
import { kept, taken } from "./newsrooms.ts";
import { outlets } from "./outlets.ts";
import { told, untouched } from "./reports.ts";

const names = parse(readFileSync(new URL("../../templates/credits.yaml", import.meta.url), "utf8")) as Names;
const full = cleaner(names);
const cases: readonly Case[] = [...heads, ...outlets];
const rules = [...new Set(cases.map((one) => one.rule))];
const title = "خبر من دون علاقة بالنص الذي يليه أبداً";

test("there are enough cases, a third of them controls", () => {
	expect(cases.length).toBeGreaterThanOrEqual(300);
	expect(stays.length + lookalikes.length).toBeGreaterThanOrEqual(cases.length / 2);
	expect(taken.length).toBeGreaterThanOrEqual(120);
	expect(kept.length).toBeGreaterThanOrEqual((taken.length + kept.length) / 3);
});

test("the names that ship cover the Arab world", () => {
	for (const list of [names.agencies, names.places]) {
		expect(list.length).toBeGreaterThanOrEqual(400);
		expect(new Set(list).size).toBe(list.length);
	}
	const both = names.agencies.filter((name) => names.places.includes(name));
	// A channel and a newspaper that bear the name of their town.
	expect(both).toEqual(["الفلوجة", "القدس"]);
});

describe("what goes", () => {
	test.each(cases.map((one) => [`${one.rule}: ${one.body.slice(0, 60)}`, one] as const))("%s", (_, one) => {
		const cleaned = full.clean(one.title ?? title, one.body);
		expect(cleaned.paragraphs).toEqual(one.text);
		expect(cleaned.credits).toEqual(one.credits ?? []);
		expect(cleaned.removed.map((removed) => removed.rule)).not.toEqual(["doubled"]);
	});
});

describe("what stays", () => {
	test.each(stays.map(([name, body, own]) => [name, body, own ?? title] as const))("%s", (_, body, own) => {
		expect(full.clean(own, body)).toEqual({
			title: own,
			paragraphs: body.split("\n"),
			credits: [],
			removed: [],
		});
	});
});

describe("what merely looks like it stays", () => {
	test.each(lookalikes)("%s", (body) => {
		const next = "وقال مدير المشروع إن العمل يستمر.";
		expect(full.clean(title, body)).toEqual({ title, paragraphs: body.split("\n"), credits: [], removed: [] });
		expect(full.clean(title, `${body}\n${next}`).paragraphs).toEqual([...body.split("\n"), next]);
		const first = "افتتح المحافظ المشروع صباح اليوم بحضور عدد من مديري الدوائر وممثلي الشركة المنفذة.";
		const below = [
			first,
			next,
			...body.split("\n"),
			"وتفقد الوفد بعد ذلك محطة الضخ القريبة واستمع إلى شرح من العاملين فيها.",
		];
		expect(full.clean(title, below.join("\n"))).toMatchObject({ paragraphs: below, credits: [], removed: [] });
	});
});

describe("whole articles", () => {
	test.each([...taken, ...signed].map((one) => [one.name, one] as const))("%s", (_, one) => {
		const { title, paragraphs, credits } = full.clean(one.title, one.body);
		expect({ text: paragraphs, credits }).toEqual({ text: one.text, credits: one.credits });
		if (one.lead !== undefined) expect(lead({ title, paragraphs })).toBe(one.lead);
	});
	test.each([...kept, ...unsigned].map((one) => [one.name, one] as const))("%s", (_, one) => {
		const { title, paragraphs, credits, removed } = full.clean(one.title, one.body);
		expect({ text: paragraphs, credits, removed }).toEqual({ text: one.text, credits: [], removed: [] });
		if (one.lead !== undefined) expect(lead({ title, paragraphs })).toBe(one.lead);
	});
});

describe("longer articles", () => {
	test.each(told.map((one) => [one.name, one] as const))("%s", (_, one) => {
		const { title, paragraphs, credits } = full.clean(one.title, one.body);
		expect({ text: paragraphs, credits }).toEqual({ text: one.text, credits: one.credits });
		expect(lead({ title, paragraphs })).toBe(one.lead ?? one.text[0]);
	});
	test.each(untouched.map((one) => [one.name, one] as const))("%s", (_, one) => {
		const { title, paragraphs, credits, removed } = full.clean(one.title, one.body);
		expect({ text: paragraphs, credits, removed }).toEqual({ text: one.text, credits: [], removed: [] });
		expect(lead({ title, paragraphs })).toBe(one.lead ?? one.text[0]);
	});
});

describe("every rule is needed", () => {
	test("no rule takes anything that has no case of its own", () => {
		const used = [
			...cases.map((one) => full.clean(one.title ?? title, one.body)),
			...[...taken, ...signed, ...told].map((one) => full.clean(one.title, one.body)),
		];
		const seen = new Set(used.flatMap((one) => one.removed.map((removed) => removed.rule)));
		expect([...seen].filter((rule) => !rules.includes(rule))).toEqual([]);
	});

	test.each(rules)("without %s its cases fail", (rule) => {
		const without = cleaner(names, { without: [rule] });
		for (const one of cases.filter((other) => other.rule === rule)) {
			const cleaned = without.clean(one.title ?? title, one.body);
			expect({ text: cleaned.paragraphs, credits: cleaned.credits }, one.body).not.toEqual({
				text: one.text,
				credits: one.credits ?? [],
			});
		}
	});
});

const piece = fc.oneof(
	fc.constantFrom(
		...cases.map((one) => one.body),
		...[...taken, ...kept].map((one) => one.body),
		...stays.map(([, body]) => body),
		...lookalikes,
		...naughty,
	),
	fc.constantFrom(
		"بغداد",
		" / ",
		"واع",
		": ",
		" - ",
		"\n",
		"• ",
		".",
		"(",
		")",
		"رويترز",
		"«",
		"»",
		"المصدر: ",
		"أعلنت",
		" ",
		"2026",
		"\u200F",
		"،، ",
		"انتهى",
		"😀",
	),
	fc.string({ unit: "grapheme", maxLength: 12 }),
);
const body = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

describe("for any text", () => {
	test("of naughty strings each is cleaned once and for all, alone and beside a real paragraph", () => {
		const real = heads[0]?.text[0] ?? "";
		for (const text of naughty) {
			for (const body of [text, `${text}\n${real}`, `${text} ${real}`, `${real}\n${text}`, `${real} ${text}`]) {
				const once = full.clean(text, body);
				const twice = full.clean(once.title, once.paragraphs.join("\n"));
				expect([twice.title, ...twice.paragraphs], JSON.stringify(body)).toEqual([once.title, ...once.paragraphs]);
				const kept = [...once.paragraphs, ...once.removed.map((one) => one.text)].join(" ");
				expect(letters(kept), JSON.stringify(body)).toBe(letters(tidy(body)));
			}
		}
	});

	test("each case is cleaned once and for all, and no letter of it is lost", () => {
		const all = [
			...cases,
			...taken,
			...kept,
			...signed,
			...unsigned,
			...told,
			...untouched,
			...[...stays.map(([, text]) => text), ...lookalikes].map((text) => ({ body: text })),
		];
		for (const one of all) {
			const head = "title" in one ? (one.title ?? title) : title;
			const once = full.clean(head, one.body);
			const twice = full.clean(once.title, once.paragraphs.join("\n"));
			expect({ text: twice.paragraphs, removed: twice.removed }, one.body).toEqual({
				text: once.paragraphs,
				removed: [],
			});
			const all = [...once.paragraphs, ...once.removed.map((removed) => removed.text)].join(" ");
			expect(letters(all), one.body).toBe(letters(tidy(one.body)));
		}
	});

	test("cleaning twice is cleaning once", () => {
		fc.assert(
			fc.property(body, body, (head, text) => {
				const once = full.clean(head, text);
				const twice = full.clean(once.title, once.paragraphs.join("\n"));
				expect(twice.title).toBe(once.title);
				expect(twice.paragraphs).toEqual(once.paragraphs);
				expect(twice.credits).toEqual([]);
			}),
			{ numRuns: 300 },
		);
	});

	test("paragraphs without marks come back in any order, unchanged to the character", () => {
		const plain = [...new Set([...taken, ...kept].flatMap((one) => one.text.slice(1)))].filter(
			(text) => text.length > 40,
		);
		expect(plain.length).toBeGreaterThan(80);
		fc.assert(
			fc.property(fc.shuffledSubarray(plain, { minLength: 1, maxLength: 8 }), (paragraphs) => {
				const cleaned = full.clean(title, paragraphs.join("\n"));
				expect(cleaned).toEqual({ title, paragraphs, credits: [], removed: [] });
			}),
			{ numRuns: 300 },
		);
	});

	test("no letter is lost: what is not text was removed by a named rule", () => {
		fc.assert(
			fc.property(body, (text) => {
				const cleaned = full.clean(title, text);
				const before = letters(tidy(text));
				const after = letters([...cleaned.paragraphs, ...cleaned.removed.map((one) => one.text)].join(" "));
				expect(after).toBe(before);
			}),
			{ numRuns: 300 },
		);
	});
});

test("the title is tidied and loses stray signs", () => {
	const heads = [
		".ائتلاف يطالب بجلسة",
		"• ائتلاف يطالب بجلسة",
		"\u200Fائتلاف  يطالب\nبجلسة",
		"- ائتلاف يطالب بجلسة",
		"ائتلاف يطالب بجلسة",
	];
	for (const head of heads) expect(full.clean(head, "").title).toBe("ائتلاف يطالب بجلسة");
	expect(full.clean(".NET 10 في العراق", "").title).toBe(".NET 10 في العراق");
	expect(full.clean("...", "").title).toBe("...");
});

test("a newsroom's own names are recognised", () => {
	const own = cleaner({ agencies: ["ضفة"], places: ["كرمة علي"] });
	expect(own.clean(title, "ضفة - كرمة علي - أعلنت البلدية بدء حملة النظافة.").paragraphs).toEqual([
		"أعلنت البلدية بدء حملة النظافة.",
	]);
	expect(own.clean(title, "كرمة علي - أعلنت البلدية بدء حملة النظافة.").paragraphs).toEqual([
		"أعلنت البلدية بدء حملة النظافة.",
	]);
});

test("hostile texts come to an end, and are cleaned once and for all", () => {
	const paragraph = cases
		.map((one) => one.text[0] ?? "")
		.join(" ")
		.slice(0, 500);
	for (const text of [
		Array(8).fill(paragraph).join("\n"),
		"بغداد / ".repeat(5000),
		"(".repeat(20000),
		`${title} `.repeat(2000),
		"a".repeat(50000),
		" -".repeat(20000),
		"المصدر: ".repeat(5000),
	]) {
		const { paragraphs } = full.clean(title, text);
		expect(full.clean(title, paragraphs.join("\n")).paragraphs).toEqual(paragraphs);
	}
});

function letters(text: string): string {
	return [...(compareKey(text).match(/[\p{L}\p{N}]/gu) ?? [])].sort().join("");
}

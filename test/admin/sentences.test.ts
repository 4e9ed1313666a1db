import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../src/admin/commands.ts";
import { sentences } from "../../src/admin/sentences.ts";
import { plain, sentencesOf } from "./house.ts";

const ar = sentencesOf("ar");
const en = sentencesOf("en");
const read = (text: string) => plain({ text });

test("both languages have the same sentences with the same gaps", () => {
	const names = (gaps: ReadonlyMap<string, readonly string[]>) =>
		Object.fromEntries([...gaps].sort(([a], [b]) => (a < b ? -1 : 1)));
	expect(names(en.gaps)).toEqual(names(ar.gaps));
	expect(ar.gaps.size).toBeGreaterThan(80);
});

test("every sentence that the program says is there, and none that it never says", () => {
	const folder = new URL("../../src/", import.meta.url);
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
	const source = files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
	const said = [...source.matchAll(/(?:\bwords\.say\(|\btell\([\w.]+, |\bsentence: |\blabel: )"(\w+)"/g)].map(
		([, name]) => name as string,
	);
	expect(said.length).toBeGreaterThan(60);
	expect([...said, ...commands.map(({ says }) => says)].filter((name) => !ar.gaps.has(name))).toEqual([]);
	const built = /^(why|pending|startRole|missing|queue|button|act|post|stats|buttonStats|log)_/;
	expect([...ar.gaps.keys()].filter((name) => !built.test(name) && !source.includes(`"${name}"`))).toEqual([]);
});

test.each([
	["one", 1, "نُشر اليوم خبر واحد"],
	["two", 2, "نُشر اليوم خبران"],
	["few", 3, "نُشر اليوم 3 أخبار"],
	["many", 11, "نُشر اليوم 11 خبرًا"],
	["a hundred", 100, "نُشر اليوم 100 خبر"],
	["a hundred and three", 103, "نُشر اليوم 103 أخبار"],
])("counts %s", (_name, count, said) => expect(ar.say("factSent", { count })).toBe(said));

test.each([
	["seconds", 20_000, "الآن", "just now"],
	["a minute", 60_000, "قبل دقيقة", "one minute ago"],
	["two minutes", 120_000, "قبل دقيقتين", "2 minutes ago"],
	["35 minutes", 2_100_000, "قبل 35 دقيقة", "35 minutes ago"],
	["three hours", 10_800_000, "قبل 3 ساعات", "3 hours ago"],
	["eleven days", 950_400_000, "قبل 11 يومًا", "11 days ago"],
	["in two hours", -7_200_000, "بعد ساعتين", "in 2 hours"],
])("says %s in both languages", (_name, distance, arabic, english) => {
	const now = new Date("2026-11-23T09:00:00.000Z");
	const from = new Date(now.getTime() - distance);
	expect(ar.ago(from, now)).toBe(arabic);
	expect(en.ago(from, now)).toBe(english);
});

test.each([
	["a server's fault", "https://nirgal.example/feed answered 503 (Service Unavailable).", "الخادم يرد 503"],
	["silence", "https://nirgal.example/feed did not answer in time.", "الموقع لا يرد"],
	[
		"a lost right",
		"Telegram refuses the bot in this channel: Bad Request: need administrator rights in the channel chat",
		"فقد البوت حق النشر في القناة، فأعد إليه صلاحية المشرف",
	],
	["who skipped it", "skipped by سارة", "أُلغي بطلب من سارة"],
	["words of nobody's list, without their full stop", "The moon is full.", "The moon is full"],
])("puts %s in an editor's words", (_name, reason, said) =>
	expect(read(ar.say("why_skipped", { reason }))).toBe(`لم يُنشر: ${said}`),
);

test("a channel is called by its Arabic name, and a command keeps its slash in front", () => {
	expect(ar.say("channelParked", { channel: "telegram", reason: "X" })).toMatch(
		/^توقف النشر في تلغرام: X\.[\s\S]*\n\u200F?\u200E\/resume telegram$/,
	);
	expect(ar.say("channelResumed", { channel: "sport" })).toBe("عاد النشر في sport.");
});

test("a line that begins in Latin runs from the right", () => {
	expect(ar.say("sourceFault", { source: "nirgal.example", span: ar.span(2_100_000), reason: "x" })).toBe(
		"\u200Fnirgal.example: متوقف منذ 35 دقيقة (x)",
	);
});

test("an unknown sentence says its fields plainly", () => {
	expect(ar.say("moonFull", { phase: "full", count: 2 })).toBe("moonFull\nphase: full\ncount: 2");
});

test.each([
	["a noun that is not there", "x: '{count|sheep}'", /x: \{count\|sheep\} asks for a noun/],
	["a stray brace", "x: 'a { b'", /x: a brace/],
	["a sentence that is no text", "x: 5", /sentences\.x/],
	["a name that stands twice", "x: a\n  x: b", /unique/i],
])("refuses a file with %s", (_name, line, problem) => {
	const yaml = readFileSync(new URL("../../templates/admin.en.yaml", import.meta.url), "utf8");
	expect(() => sentences(`${yaml}  ${line}\n`)).toThrow(problem);
});

test.each([
	["a key of nobody's", "colour: red", /colour/],
	["a broken pattern", 'reasons: [{ match: "(", says: x }]', /no regular expression/],
])("refuses %s", (_name, line, problem) => {
	expect(() => sentences(`language: en\nnouns: {}\nnames: {}\nsentences: {}\n${line}\n`)).toThrow(problem);
});

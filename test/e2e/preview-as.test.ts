import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { story, test } from "./newsroom.ts";
import { startProgram } from "./program.ts";

type Posts = Readonly<Record<string, { readonly html?: string; readonly text: string; readonly weight?: number }>>;
interface Shown {
	readonly article?: { readonly title: string; readonly url: string };
	readonly articles?: readonly { readonly title: string; readonly url: string }[];
	readonly posts: Posts;
}

/** Runs `mirsal preview` to its end in a folder of its own. */
async function preview(args: readonly string[], cwd: string) {
	const program = startProgram({ args: ["preview", ...args], cwd });
	const code = await program.exit;
	const { stdout, stderr } = program;
	await program.close();
	const lines = () =>
		stdout
			.split("\n")
			.filter(Boolean)
			.map((line) => JSON.parse(line) as Shown);
	return { code, stdout, stderr, lines };
}

const TITLE = "مجلس المحافظة يقر مشروع الطريق رقم";
function page(folder: string, number: number, before = ""): string {
	const file = join(folder, `${number}.html`);
	const title = `${before}${TITLE} ${number}`;
	writeFileSync(
		file,
		`<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${title}</title>
<link rel="canonical" href="https://news.example.org/${number}"></head><body><article><h1>${title}</h1>
${(story(number).body ?? "")
	.split("\n")
	.map((line) => `<p>${line}</p>`)
	.join("")}</article></body></html>`,
	);
	return file;
}

describe("mirsal preview --as", { concurrent: true, timeout: 150_000 }, () => {
	test.for<[as: string, before: string, telegram: string, twitter: string]>([
		["what it is", "", `<b>${TITLE} 1</b>`, `${TITLE} 1`],
		["what it is", "عاجل | ", `🔴 <b>عاجل | ${TITLE} 1</b>`, `🔴 عاجل | ${TITLE} 1`],
		["article", "عاجل | ", `<b>عاجل | ${TITLE} 1</b>`, `عاجل | ${TITLE} 1`],
		["breaking", "", `🔴 <b>عاجل | ${TITLE} 1</b>`, `🔴 عاجل | ${TITLE} 1`],
		["update", "", `<b>${TITLE} 1</b> (تحديث)`, `تحديث | ${TITLE} 1`],
		["update", "عاجل | ", `🔴 <b>عاجل | ${TITLE} 1</b> (تحديث)`, `🔴 تحديث عاجل | ${TITLE} 1`],
		["retraction", "", `<s>${TITLE} 1</s>`, `حُذف الخبر: ${TITLE} 1`],
	])("%s of «%s…»", async ([as, before, telegram, twitter], { folder }) => {
		const file = page(folder, 1, before);
		const { code, lines } = await preview([file, "--json", ...(as === "what it is" ? [] : ["--as", as])], folder);
		expect(code).toBe(0);
		const [shown] = lines();
		expect(shown?.article?.url).toBe("https://news.example.org/1");
		expect(shown?.posts["telegram"]?.html?.split("\n")[0]).toBe(telegram);
		expect(shown?.posts["twitter"]?.text.split("\n")[0]).toBe(twitter);
	});

	test("a digest is one post per channel, made of everything that was read, each article once", async ({ folder }) => {
		const files = [page(folder, 1), page(folder, 2), page(folder, 1), join(folder, "none.html")];
		const json = await preview([...files, "--as", "digest", "--json"], folder);
		expect(json.code).toBe(1);
		const [problem, shown, ...more] = json.lines();
		expect(Object.keys(problem ?? {})).toEqual(["input", "error"]);
		expect(more).toEqual([]);
		expect(Object.keys(shown ?? {})).toEqual(["articles", "posts"]);
		expect(shown?.articles?.map(({ url }) => url)).toEqual([
			"https://news.example.org/1",
			"https://news.example.org/2",
		]);
		expect(shown?.posts["telegram"]?.html).toMatch(/^<b>نشرة الأخبار<\/b> — \S+، \d+ .+ \d{4}\n\n• <a href=/);
		expect(shown?.posts["twitter"]).toEqual({
			text: `نشرة الأخبار\n\n• ${TITLE} 1\n• ${TITLE} 2`,
			weight: expect.any(Number),
		});
		const plain = await preview([...files.slice(0, 2), "--as", "digest"], folder);
		expect(plain.code).toBe(0);
		expect(plain.stdout.match(/^── (telegram|twitter) /gm)).toEqual(["── telegram ", "── twitter "]);
		expect(plain.stdout).toContain(`• ${TITLE} 2`);
	});

	test("a digest of nothing says so", async ({ folder }) => {
		const json = await preview([join(folder, "none.html"), "--as", "digest", "--json"], folder);
		expect(json.lines().at(-1)).toEqual({ articles: [], posts: {} });
		const plain = await preview([join(folder, "none.html"), "--as", "digest"], folder);
		expect(plain).toMatchObject({ code: 1, stdout: "There is no article to make a digest of.\n" });
	});

	test("a digest's date has the newsroom's digits", async ({ folder }) => {
		writeFileSync(join(folder, "newsroom.yaml"), "digits: arab\n");
		const { lines } = await preview([page(folder, 1), "--as", "digest", "--json"], folder);
		expect(lines()[0]?.posts["telegram"]?.text.split("\n")[0]).toMatch(/^نشرة الأخبار — \S+، [٠-٩]+ .+ ٢[٠-٩]{3}$/);
	});

	test("an unknown occasion is refused with the choices", async ({ folder }) => {
		const { code, stderr, stdout } = await preview([page(folder, 1), "--as", "poem"], folder);
		expect(code).toBe(2);
		expect(stdout).toBe("");
		expect(stderr).toContain("article, breaking, update, retraction, digest");
	});

	test("--help names the occasions", async ({ folder }) => {
		const { code, stdout } = await preview(["--help"], folder);
		expect(code).toBe(0);
		expect(stdout).toMatch(/--as <occasion>[\s\S]*"article",\s+"breaking",\s+"update",\s+"retraction",\s+"digest"/);
	});
});

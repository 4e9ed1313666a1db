import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readPictureHeader } from "../../src/channels/picture-header.ts";
import { startProgram } from "./program.ts";

const TITLE = "افتتاح جسر المشاة على نهر الخوصر بعد عامين من العمل";
const PAGE = `<!DOCTYPE html><html lang="ar"><head><meta charset="utf-8"><title>${TITLE}</title>
<link rel="canonical" href="https://news.example.org/2026/11/23/bridge"></head>
<body><article><h1>${TITLE}</h1><p>افتتحت بلدية الموصل، الاثنين، جسر المشاة على نهر الخوصر وسط حضور الأهالي، بعد عامين من العمل فيه.</p>
<p>وقال مدير البلدية إن الجسر يربط السوق القديم بالحي الجديد، وإن طوله يبلغ تسعين مترًا، وإنه يخدم طلبة أربع مدارس قريبة منه.</p></article></body></html>`;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "mirsal-card-"));
	writeFileSync(join(folder, "page.html"), PAGE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function card(...given: readonly (string | Readonly<Record<string, string>>)[]) {
	const args = given.filter((one) => typeof one === "string");
	const env = Object.assign({}, ...given.filter((one) => typeof one !== "string"));
	const program = startProgram({ args: ["card", ...args], cwd: folder, env });
	const code = await program.exit;
	const { stdout, stderr } = program;
	await program.close();
	return { code, stdout, stderr };
}

const written = (name: string) => readFileSync(join(folder, name));

describe("mirsal card", { timeout: 30_000 }, () => {
	test("writes the picture and says where and how large it is", async () => {
		const { code, stdout, stderr } = await card("page.html", "-o", "card.png");
		expect([code, stderr]).toEqual([0, ""]);
		expect(stdout).toMatch(/^Written to card\.png: 1200×675, \d+ kB\.\n$/);
		expect(readPictureHeader(written("card.png"))).toEqual({ kind: "png", width: 1_200, height: 675 });
	});

	test("--breaking, --dark and newsroom.yaml change it", async () => {
		mkdirSync(join(folder, "desk"));
		writeFileSync(join(folder, "desk", "newsroom.yaml"), 'card: { colours: { background: "#ffffff" } }\n');
		await Promise.all([
			card("page.html", "-o", "plain.png"),
			card("page.html", "-o", "breaking.png", "--breaking"),
			card("page.html", "-o", "dark.png", "--dark"),
			card({ NEWSROOM_FILE: "desk/newsroom.yaml" }, "page.html", "-o", "own.png"),
		]);
		const pictures = ["plain", "breaking", "dark", "own"].map((name) => written(`${name}.png`).toString("base64"));
		expect(new Set(pictures).size).toBe(4);
	});

	test("«-» is standard output, and the words go beside it", async () => {
		const { code, stdout, stderr } = await card("page.html", "-o", "-");
		expect(code).toBe(0);
		expect(stdout.slice(1, 4)).toBe("PNG");
		expect(stderr).toMatch(/^Written to standard output: 1200×675, \d+ kB\.\n$/);
	});

	test.each([
		["no output named", ["page.html"], "", 2, /--output/],
		["no such page", ["gone.html", "-o", "card.png"], "", 1, /no file gone\.html/],
		["nowhere to write", ["page.html", "-o", "gone/card.png"], "", 1, /gone\/card\.png cannot be written/],
		["a logo that is gone", ["page.html", "-o", "card.png"], "logo: gone.png", 2, /newsroom\.yaml: logo: .*gone\.png/],
		["a wrong colour", ["page.html", "-o", "card.png"], "card: { colours: { text: red } }", 2, /card\.colours\.text/],
	])("%s", async (_, args, newsroom, wanted, words) => {
		if (newsroom !== "") writeFileSync(join(folder, "newsroom.yaml"), newsroom);
		const { code, stderr } = await card(...args);
		expect(code).toBe(wanted);
		expect(stderr).toMatch(words);
		expect(existsSync(join(folder, "card.png"))).toBe(false);
	});

	test("a damaged logo is said, and the card goes without it", async () => {
		writeFileSync(join(folder, "logo.png"), "<html>404</html>");
		writeFileSync(join(folder, "newsroom.yaml"), "logo: logo.png");
		const { code, stderr } = await card("page.html", "-o", "card.png");
		expect(code).toBe(0);
		expect(stderr).toMatch(/logo/);
		expect(readPictureHeader(written("card.png"))?.kind).toBe("png");
	});
});

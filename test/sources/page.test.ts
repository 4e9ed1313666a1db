import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { cleaner } from "../../src/arabic/clean.ts";
import { articleOf } from "../../src/article/article.ts";
import { readPage } from "../../src/sources/page.ts";
import { SourceError } from "../../src/sources/source.ts";

const FOLDER = new URL("../pages/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");
const pages = readdirSync(FOLDER)
	.filter((name) => name.endsWith(".html"))
	.map((name) => ({ name: name.slice(0, -5), expected: JSON.parse(read(name.replace(".html", ".json"))) as object }));
const drafts = pages.filter(({ expected }) => "body" in expected).map(({ name }) => name);
const articles = pages.filter(({ expected }) => "paragraphs" in expected).map(({ name }) => name);

interface Expected {
	readonly url: string;
	readonly title: string;
	readonly body: readonly string[];
	readonly author?: string;
	readonly publishedAt?: string;
	readonly tags: readonly string[];
	readonly images: readonly string[];
}

const PARAGRAPH =
	"باشرت بلدية الحلة حملة لتنظيف جداول الماء داخل المدينة وتعلية أكتافها قبل موسم الأمطار، بمشاركة متطوعين من الأحياء القريبة. ";
const page = (body: string, head = "") =>
	`<!doctype html><html><head><title>حملة لتنظيف الجداول</title>${head}</head><body>${body}</body></html>`;
const article = `<h1>حملة لتنظيف الجداول</h1><div class="entry-content"><p>${PARAGRAPH}</p></div>`;
const URL_ = "https://news.example/n/5";

/** What an editor would take from a page: it is compared after cleaning. */
interface Signed {
	readonly url: string;
	readonly title: string;
	readonly paragraphs: readonly string[];
	readonly credits: readonly string[];
	readonly publishedAt?: string;
	readonly author?: string;
	readonly image?: string;
	readonly tags?: readonly string[];
	/** What stands on the page and not in the article. */
	readonly absent: readonly string[];
}

describe("an editor would sign", () => {
	const { agencies, places } = parse(readFileSync(new URL("../../templates/credits.yaml", import.meta.url), "utf8"));
	const clean = cleaner({ agencies, places });

	test.each(articles)("%s", async (name) => {
		const expected = JSON.parse(read(`${name}.json`)) as Signed;
		const draft = await readPage(read(`${name}.html`), expected.url, {}, "Asia/Baghdad");
		const article = articleOf({ ...draft, url: expected.url }, clean)?.article;
		expect(article).toMatchObject({
			title: expected.title,
			paragraphs: expected.paragraphs,
			credits: expected.credits,
			...(expected.publishedAt ? { publishedAt: new Date(expected.publishedAt).toISOString() } : {}),
		});
		expect(article?.author).toBe(expected.author);
		if (expected.image) expect(article?.images[0]?.url).toBe(expected.image);
		if (expected.tags) expect(article?.tags).toEqual(expected.tags);
		const told = [article?.title, article?.lead, ...(article?.paragraphs ?? [])].join("\n");
		expect(expected.absent.filter((text) => told.includes(text))).toEqual([]);
	});
});

describe("a page built like", () => {
	test.each(drafts)("%s reads cleanly", async (name) => {
		const expected = JSON.parse(read(`${name}.json`)) as Expected;
		const draft = await readPage(read(`${name}.html`), expected.url, {});
		expect(draft.body?.split("\n") ?? []).toEqual(expected.body);
		expect(draft.title).toBe(expected.title);
		expect(draft).toMatchObject({
			url: expected.url,
			tags: expected.tags,
			images: expected.images.map((url) => ({ url })),
		});
		expect([draft.author, draft.publishedAt]).toEqual([expected.author, expected.publishedAt]);
	});
});

describe("the address", () => {
	test.each([
		["canonical", '<link rel="canonical" href="/canonical">', "https://news.example/canonical"],
		["og:url", '<meta property="og:url" content="https://news.example/og">', "https://news.example/og"],
		["its own", "", URL_],
		["its own, when the canonical one is the front page", '<link rel="canonical" href="https://news.example/">', URL_],
		["its own, when the canonical one is none", '<link rel="canonical" href="javascript:void(0)">', URL_],
	])("is %s", async (_, head, url) => {
		expect((await readPage(page(article, head), URL_, {})).url).toBe(url);
	});
});

describe("a site's own rules", () => {
	const body = `<h1>عنوان عام</h1><h2 class="t">عنوان الخبر</h2><i class="w">مريم</i><u class="d">2026-03-01T09:00:00Z</u><div class="x"><p>${PARAGRAPH}</p><p class="out">إعلان</p></div>${article}`;
	const rule = {
		title: ".t",
		body: ".x",
		strip: [".out"],
		author: ".w",
		date: ".d",
	};

	test.each(["news.example", "example"])("come first, by the row of %s", async (host) => {
		const expected = {
			title: "عنوان الخبر",
			body: PARAGRAPH.trim(),
			author: "مريم",
			publishedAt: "2026-03-01T09:00:00.000Z",
		};
		const url = host === "example" ? "https://www.sub.example.org/a" : "https://www.news.example/a";
		expect(
			await readPage(page(body), url, {
				[host === "example" ? "example.org" : host]: rule,
			}),
		).toMatchObject(expected);
	});

	test("that match nothing leave the page to be read by itself", async () => {
		expect(
			(
				await readPage(page(article), URL_, {
					"news.example": { title: ".none", body: ".none" },
				})
			).body,
		).toBe(PARAGRAPH.trim());
	});
});

describe("JSON-LD", () => {
	const ld = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;
	test("gives the whole text where the page shows only its beginning", async () => {
		const draft = await readPage(
			page(
				article,
				ld({
					"@type": "NewsArticle",
					headline: "حملة",
					articleBody: PARAGRAPH.repeat(4),
				}),
			),
			URL_,
			{},
		);
		expect(draft.body).toBe(PARAGRAPH.repeat(4).trim());
	});

	test.each([
		["text", "سعاد", "سعاد"],
		["a person", { "@type": "Person", name: "سعاد" }, "سعاد"],
		["several", [{ name: "سعاد" }, { name: "هدى" }], "سعاد"],
		["an address", "https://news.example/author/1", undefined],
	])("author as %s", async (_, author, name) => {
		expect((await readPage(page(article, ld([{ "@type": ["NewsArticle"], author }])), URL_, {})).author).toBe(name);
	});

	test("that is broken does no harm", async () => {
		expect(
			(await readPage(page(article, '<script type="application/ld+json">{"@type":</script>'), URL_, {})).title,
		).toBe("حملة لتنظيف الجداول");
	});
});

test("a page that carries megabytes of script is still read", async () => {
	const script = `<script>${"x=1;".repeat(1_000_000)}</script>`;
	expect((await readPage(page(`<div><div>${article}</div></div>${script}`), URL_, {})).body).toBe(PARAGRAPH.trim());
});

describe("no article", () => {
	const heavy = `${"<div>".repeat(200)}${`<p>${PARAGRAPH}</p>`.repeat(300)}`;
	const deep = `${"<div>".repeat(20_000)}قاع${"</div>".repeat(20_000)}`;
	test.each([
		["a captcha", page('<div class="g-recaptcha"></div><p>أثبت أنك لست روبوتاً للمتابعة إلى الموقع.</p>'), "captcha"],
		[
			"a browser check",
			page(
				'<form id="challenge-form"></form>Checking your browser before accessing the site, this may take some seconds to complete',
			),
			"captcha",
		],
		[
			"a login page",
			page("<form><input name=user><input type=password></form><p>أدخل اسم المستخدم وكلمة المرور.</p>"),
			"login",
		],
		[
			"a page that is not there",
			page(
				"<h1>الصفحة المطلوبة غير موجودة</h1><div>الثلاثاء 24 تشرين الثاني 2026 - 10:00</div><a href='/'>عد إلى الرئيسية</a>",
			),
			"without an article",
		],
		["an empty page", page(""), "without an article"],
		["nothing", "", "without an article"],
		["20,000 levels of nothing", page(deep), "more elements or text"],
		["text under 200 wrappers", page(heavy), "more elements or text"],
	])("in %s", async (_, html, sentence) => {
		const error = await readPage(html, URL_, {}).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(SourceError);
		expect(error).toMatchObject({
			kind: "body",
			message: expect.stringContaining(sentence),
		});
	});
});

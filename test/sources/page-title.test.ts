import { describe, expect, test } from "vitest";
import { readPage } from "../../src/sources/page.ts";

const URL_ = "https://news.example/n/77";
const TITLE = "مكتبة المثنى العامة تستعيد ثلاثة آلاف كتاب بعد ترميمها";
const TEXT =
	"استعادت مكتبة المثنى العامة في السماوة ثلاثة آلاف كتاب من مخازن المحافظة، بعد أشهر من أعمال الترميم والفهرسة التي تولاها متطوعون.";
const titleOf = async (head: string, body: string) =>
	(
		await readPage(
			`<!doctype html><html><head>${head}</head><body>${body}<div class="entry-content"><p>${TEXT}</p></div></body></html>`,
			URL_,
			{},
		)
	).title;
const page = (title: string) => `<title>${title}</title>`;
const og = (title: string) => `<meta property="og:title" content="${title}">`;

describe("the headline without the site's name", () => {
	test.each([
		["behind a bar", page(`${TITLE} | السماوة الآن`), ""],
		["behind a dash", page(`${TITLE} - وكالة السماوة`), ""],
		["in front, and a heading says which part it is", page(`شبكة السماوة - ${TITLE}`), `<h2>${TITLE}</h2>`],
		["in front, and plain bold letters say so", page(`شبكة السماوة - ${TITLE}`), `<font size=5><b>${TITLE}</b></font>`],
		["in front, named by the link home", page(`السماوة: ${TITLE}`), '<a href="/">السماوة</a>'],
		[
			"behind a dash, named by og:site_name",
			`${page(`${TITLE} - بلا اسم`)}<meta property="og:site_name" content="بلا اسم">`,
			"",
		],
		["in og:title as well", page(`${TITLE} – سماوة برس`) + og(`${TITLE} – سماوة برس`), ""],
		[
			"in the first of two h1",
			page(`${TITLE} | السماوة الآن`),
			`<h1><a href="/">السماوة الآن</a></h1><h1>${TITLE}</h1>`,
		],
		[
			"as the whole of og:title",
			page("السماوة الآن") + og("السماوة الآن"),
			`<a href="/">السماوة الآن</a><h1>${TITLE}</h1>`,
		],
		[
			"in the headline of JSON-LD",
			`${page("بلا عنوان")}<script type="application/ld+json">{"@type":"NewsArticle","headline":"${TITLE} | السماوة الآن"}</script>`,
			`<h1>${TITLE}</h1>`,
		],
	])("%s", async (_, head, body) => {
		expect(await titleOf(head, body)).toBe(TITLE);
	});
});

describe("the headline among other headings", () => {
	test.each([
		["a kicker in it", page(TITLE), `<h1><span>ثقافة</span> ${TITLE}</h1>`],
		["a path above it", page(TITLE), `<div class="breadcrumb">الرئيسية » <span>${TITLE}</span></div><h1>${TITLE}</h1>`],
		[
			"a slider of other news above it",
			page(TITLE),
			`<h2>حملة تشجير في بادية السماوة تبدأ الأسبوع المقبل</h2><h1>${TITLE}</h1>`,
		],
		["the site's slogan as h1", page(`${TITLE} | السماوة الآن`), `<h1>السماوة الآن.. صوت الجنوب</h1><h3>${TITLE}</h3>`],
		["nothing but the page's title", page(TITLE), ""],
		[
			"a block for the headline, and the site's name alone in the title",
			page("موقع السماوة"),
			`<div class=tit>${TITLE}</div>`,
		],
	])("%s", async (_, head, body) => {
		expect(await titleOf(head, body)).toBe(TITLE);
	});

	test.each([
		["a dash of its own", "إغلاق طريق دهوك - زاخو بسبب الثلوج"],
		["a colon of its own", "النقل: رحلة إضافية إلى البصرة كل مساء"],
		["a bar of its own, short part in front", "فيديو | لحظة وصول القطار إلى محطة السماوة"],
	])("keeps %s", async (_, title) => {
		expect(await titleOf(page(`${title} | السماوة الآن`), `<h1>${title}</h1>`)).toBe(title);
	});
});

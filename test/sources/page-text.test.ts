import { describe, expect, test } from "vitest";
import { readPage } from "../../src/sources/page.ts";

const URL_ = "https://news.example/n/77";
const TITLE = "مزارعو الديوانية يعودون إلى زراعة الشلب بعد خمس سنوات";
const ONE = "عاد مزارعون في ناحية غماس إلى زراعة الشلب هذا الموسم بعد انقطاع دام خمس سنوات بسبب شح المياه.";
const TWO = "وقالت الجمعية الفلاحية إن المساحة المسموح بها بلغت ستة آلاف دونم موزعة على ثلاث نواح.";
const THREE = "وتبدأ عملية الشتال مطلع تموز وتستمر حتى منتصفه، بحسب مديرية الزراعة في المحافظة.";
const OTHER = "شاركت فرق من سبع محافظات في بطولة السباحة التي اختتمت مساء الجمعة على مسبح الشعب الدولي في بغداد.";
const html = (body: string, head = "") =>
	`<!doctype html><html><head><title>${TITLE} | أخبار الديوانية</title>${head}</head><body>${body}</body></html>`;
const linesOf = async (page: string) => (await readPage(page, URL_, {})).body?.split("\n");

describe("the text of", () => {
	test.each([
		[
			"naked text between line breaks",
			`<td><b>${TITLE}</b></td><td>${ONE}<br><br>${TWO}<br>${THREE}<br></td>`.replace(/^/, "<table><tr>"),
		],
		[
			"fonts in tables in tables",
			`<table><tr><td><table><tr><td><font size=5>${TITLE}</font></td></tr><tr><td><font size=1>2026/7/1 عدد القراءات: 12</font></td></tr></table><table><tr><td><font size=4>${ONE}<br>${TWO}<br>${THREE}</font></td></tr></table></td><td><a href="/1">خبر آخر عن توزيع البذور على الفلاحين</a></td></tr></table>`,
		],
		[
			"a cell that goes on with other articles",
			`<table><tr><td><span>${TITLE}</span><br>${ONE}<br>${TWO}<br>${THREE}<br><br><b>مواضيع ذات صلة</b><br><a href="/1">حملة لتنظيف الأنهر الفرعية في ناحية غماس وقراها الشرقية</a><br><a href="/2">توزيع البذور</a></td></tr></table>`,
		],
		[
			"blocks without paragraphs",
			`<div><div>${TITLE}</div><div><span>قبل ساعة</span><span>12 مشاهدة</span></div><div><div>${ONE}</div><div>${TWO}</div><div>${THREE}</div></div></div>`,
		],
		[
			"three containers of one article",
			`<h1>${TITLE}</h1><div>${[ONE, TWO, THREE].map((one) => `<div class="entry-content"><p>${one}</p></div>`).join("<div>إعلان</div>")}</div>`,
		],
		[
			"a container inside a wider one",
			`<article class="post-content"><h1>${TITLE}</h1><div>سهى كاظم 2 تموز 2026</div><div class="entry-content"><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p></div></article>`,
		],
		[
			"the first of two articles on an endless page",
			`<article><h1>${TITLE}</h1><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p></article><article><h1>بطولة السباحة تختتم في بغداد</h1>${`<p>${OTHER}</p>`.repeat(9)}</article>`,
		],
		[
			"the first of two containers",
			`<div><h1>${TITLE}</h1><div class="entry-content"><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p></div></div><div><h1>بطولة السباحة تختتم في بغداد</h1><div class="entry-content"><p>${OTHER}</p><p>${OTHER}!</p><p>${OTHER}؟</p></div></div>`,
		],
		[
			"a page within one form",
			`<form method=post><div><a href="/">أخبار الديوانية</a></div><div><h1>${TITLE}</h1><div>${ONE}</div><div>${TWO}</div><div>${THREE}</div></div></form>`,
		],
		[
			"an AMP page",
			`<article><header><h1>${TITLE}</h1><div class="amp-wp-byline">سهى كاظم</div></header><amp-img src="/a.jpg"></amp-img><div class="amp-wp-article-content"><p>${ONE}</p><p>${TWO}</p><amp-ad></amp-ad><p>${THREE}</p></div></article>`,
		],
		[
			"a print view",
			`<h2>${TITLE}</h2><hr><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p><hr><p>طبع من موقع أخبار الديوانية</p>`,
		],
		[
			"a long side column beside it",
			`<table><tr><td><h1>${TITLE}</h1><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p></td><td><p>${OTHER}</p><p>${OTHER}!</p><p>${OTHER}؟</p></td></tr></table>`,
		],
	])("%s", async (_, body) => {
		expect(await linesOf(html(body))).toEqual([ONE, TWO, THREE]);
	});

	test("a short article under a long column is not the column", async () => {
		const column = `<div class="x">${[OTHER, `${OTHER}!`, `${OTHER}؟`].map((one) => `<div>${one}</div>`).join("")}</div>`;
		expect(await linesOf(html(`<div>${column}<div><h1>${TITLE}</h1><div>${ONE}</div></div></div>`))).toEqual([ONE]);
	});

	test("a headline alone is none", async () => {
		const list = [1, 2, 3, 4].map(
			(n) => `<li><time>20:1${n}</time> <a href="/${n}">${OTHER.slice(0, 60)} ${n}</a></li>`,
		);
		const body = `<article><h1>${TITLE}</h1><div class="entry-content"></div></article><ul>${list.join("")}</ul>`;
		const draft = await readPage(
			html(
				body,
				'<meta property="article:published_time" content="2026-07-01T08:00:00Z"><meta name="description" content="موقع إخباري مستقل">',
			),
			URL_,
			{},
		);
		expect([draft.title, draft.body]).toEqual([TITLE, undefined]);
	});
});

describe("what stands beside the text", () => {
	const article = (rest: string) =>
		html(
			`<div class="x"><h1>${TITLE}</h1>${rest}<div class="y"><p>${ONE}</p><p>${TWO}</p><p>${THREE}</p></div></div><aside><img src="/side.jpg"><span class="author">كاتب الصفحة الأخيرة</span><div class="tags"><a href="/t/9">وسم جانبي</a></div></aside>`,
		);

	test.each([
		["a byline", '<div class="byline">بقلم: سهى كاظم</div>', { author: "سهى كاظم" }],
		[
			"a lazy picture",
			'<img src="/blank.gif" data-src="/field.jpg">',
			{ images: [{ url: "https://news.example/field.jpg" }] },
		],
		[
			"a picture, not the logo",
			'<img src="/i/logo.png"><img src="/field.jpg">',
			{ images: [{ url: "https://news.example/field.jpg" }] },
		],
		[
			"tags",
			'<div class="post-tags"><a href="/t/1">#الشلب</a><a href="/t/2">غماس</a></div>',
			{ tags: ["الشلب", "غماس"] },
		],
		[
			"the source in a field of its own",
			'<div class="field-source"><div>المصدر</div> <div>إعلام الزراعة</div></div>',
			{ body: `المصدر: إعلام الزراعة\n${ONE}\n${TWO}\n${THREE}` },
		],
		["nobody, when an account wrote it", '<div class="author">admin</div>', { author: undefined }],
	])("gives %s", async (_, rest, expected) => {
		const draft = await readPage(article(rest), URL_, {});
		expect({ author: draft.author, ...draft }).toMatchObject(expected);
	});
});

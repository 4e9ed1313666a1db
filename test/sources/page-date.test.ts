import { describe, expect, test } from "vitest";
import { readPage } from "../../src/sources/page.ts";

const TITLE = "افتتاح جسر للمشاة عند مدخل جامعة ميسان في العمارة";
const TEXT =
	"افتتحت بلدية العمارة جسراً للمشاة عند مدخل جامعة ميسان بعد شكاوى الطلبة من خطورة عبور الشارع السريع، وبلغت كلفته أربعمئة مليون دينار.";
const dateOf = async (around: string, head = "") =>
	(
		await readPage(
			`<!doctype html><html><head><title>${TITLE}</title>${head}</head><body><div class="q"><h1>${TITLE}</h1>${around}<div class="entry-content"><p>${TEXT}</p></div></div><div class="card"><h3>خبر آخر</h3><span class="date">1 كانون الثاني 2020 - 10:00</span></div></body></html>`,
			"https://news.example/n/5",
			{},
			"Asia/Baghdad",
		)
	).publishedAt;

describe("when an article was published", () => {
	test.each([
		["a tag with its zone", "", '<meta property="article:published_time" content="2026-11-15T21:22:00+03:00">'],
		["a tag without a zone", "", '<meta property="article:published_time" content="2026-11-15T21:22:00">'],
		[
			"JSON-LD",
			"",
			'<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-15T18:22:00Z"}</script>',
		],
		[
			"JSON-LD with a comma too many",
			"",
			'<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-15T18:22:00Z",}</script>',
		],
		[
			"JSON-LD with a raw line break in a text",
			"",
			'<script type="application/ld+json">{"@type":"NewsArticle","description":"سطر\nآخر","datePublished":"2026-11-15T18:22:00Z"}</script>',
		],
		[
			"a film's data",
			"",
			'<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2026-11-15T18:22:00Z"}</script>',
		],
		["an element's title", '<abbr class="published" title="2026-11-15T21:22:00+03:00">9:22 م</abbr>', ""],
		[
			"the machine's words before the reader's",
			'<dd class="published">بتاريخ: <time datetime="2026-11-15T21:22:00+03:00">15 نوفمبر 2026</time></dd>',
			"",
		],
		["figures by the headline", "<font>2026/11/15 - 9:22 م عدد المشاهدات: 123</font>", ""],
		["Arabic months and figures", "<p>الأحد ١٥ تشرين الثاني ٢٠٢٦ - ٠٩:٢٢ م</p>", ""],
		["Maghrebi months", "<span>الأحد 15 نونبر 2026 الساعة 21:22</span>", ""],
		[
			"not when it was changed",
			"<p>آخر تحديث: 18 تشرين الثاني 2026 - 08:00</p><p>نشر: 15 تشرين الثاني 2026 - 21:22</p>",
			"",
		],
	])("is read from %s", async (_, around, head) => {
		expect(await dateOf(around, head)).toBe("2026-11-15T18:22:00.000Z");
	});
});

import { describe, expect, test } from "vitest";
import { readPage } from "../../src/sources/page.ts";

const URL_ = "https://news.example/n/77";
const TITLE = "بلدية الرمادي تبدأ إكساء شارع المستودع بالإسفلت";
const FIRST =
	"بدأت بلدية الرمادي، صباح الأحد، أعمال إكساء شارع المستودع بطول أربعة كيلومترات ضمن خطة تأهيل الشوارع الداخلية.";
const SECOND = "وقال مدير البلدية إن العمل يجري ليلاً لتجنب الازدحام، وإن المدة المقررة له خمسة وأربعون يوماً.";
const THIRD = "ومن المقرر أن تشمل المرحلة التالية أزقة حي التأميم ومقتربات الجسر الياباني قبل نهاية العام.";
const HEADLINE = "التخطيط تعلن نتائج المسح الزراعي في خمس محافظات";

const container = (between: string) =>
	`<!doctype html><html><head><title>${TITLE} | وادي الأنبار</title></head><body><h1>${TITLE}</h1><div class="entry-content"><p>${FIRST}</p><p>${SECOND}</p>${between}<p>${THIRD}</p></div></body></html>`;
const unnamed = (between: string) =>
	`<!doctype html><html><head><title>${TITLE} | وادي الأنبار</title></head><body><div class="k1"><a href="/">وادي الأنبار</a></div><div class="k2"><h1>${TITLE}</h1><div class="k3"><div>${FIRST}</div><div>${SECOND}</div>${between}<div>${THIRD}</div></div></div></body></html>`;
const linesOf = async (html: string) => (await readPage(html, URL_, {})).body?.split("\n");

const OUT: readonly (readonly [name: string, html: string])[] = [
	["a share bar", '<div class="share-bar"><a href="https://t.me/share">تليغرام</a><span>شارك</span></div>'],
	["a share bar of CSS modules", '<div class="ShareButtons_root__3x"><span>فيسبوك</span><span>واتساب</span></div>'],
	["a related list", `<div class="related-posts"><h3>مواضيع ذات صلة</h3><a href="/n/1">${HEADLINE}</a></div>`],
	["a headline of another article in a paragraph", `<p><a href="/n/1">${HEADLINE}</a></p>`],
	["the same as a heading", `<h4><a href="/n/1">${HEADLINE}</a></h4>`],
	["the same without a block around it", `<a href="/n/1">${HEADLINE}</a>`],
	[
		"a list of other articles",
		`<ul>${[1, 2, 3].map((n) => `<li><a href="/n/${n}">${HEADLINE} ${n}</a></li>`).join("")}</ul>`,
	],
	[
		"cards of other articles with their teasers",
		[1, 2, 3]
			.map((n) => `<div class="card"><h3><a href="/n/${n}">${HEADLINE} ${n}</a></h3><p>${SECOND} ${n}</p></div>`)
			.join(""),
	],
	["a caption", '<figure><img src="/a.jpg"><figcaption>شارع المستودع قبل الإكساء</figcaption></figure>'],
	["a count under a picture", '<figure><img src="/a.jpg"><span>صورة 1 من 4</span></figure>'],
	["a caption in a paragraph with its picture", '<p><img src="/b.jpg"><br><em>آلية الإكساء في الموقع</em></p>'],
	["a list of contents", '<div class="toc"><p>محتويات المقال</p><ul><li><a href="#a">المدة</a></li></ul></div>'],
	["a counter with a glued name", '<div class="articleviews"><span>1,411 شوهد</span></div>'],
	[
		"a related list with a glued name",
		`<div class="relatednews"><b>أخبار متعلقة</b><a href="/n/1">${HEADLINE}</a></div>`,
	],
	[
		"a post from elsewhere",
		'<blockquote class="twitter-tweet"><p>نهاية المباراة</p>&mdash; دوري النجوم (@stars)</blockquote>',
	],
	["the numbers of further pages", '<div class="pages">الصفحات: <b>1</b> <a href="?page=2">2</a></div>'],
	["a view counter", '<div class="post-views">2,410 مشاهدة</div>'],
	["the reading time", '<span class="reading-time">3 دقائق</span>'],
	["an advertisement's label", '<div class="ad-slot"><small>إعلان</small></div>'],
	["a newsletter", '<div class="Newsletter_box__2"><h4>النشرة</h4><p>نشرة صباحية تصلك عند السابعة.</p></div>'],
	[
		"larger and smaller type",
		'<div><a href="#" onclick="fs(1)">تكبير الخط</a> <a href="javascript:fs(-1)">تصغير</a></div>',
	],
	["a print button", '<div><a href="javascript:window.print()">إطبع المقال</a></div>'],
	["what is hidden", '<p style="display:none">نص احتياطي لا يراه أحد من القراء في هذه الصفحة.</p>'],
	["comments", '<div id="comments"><p>شكراً لكم على هذا العمل الذي انتظرناه عشر سنوات كاملة يا أهل الرمادي.</p></div>'],
	["a poll", "<form><b>هل أنت راض عن الشوارع؟</b><label>نعم</label><label>لا</label></form>"],
	[
		"a moment in a row of its own",
		'<div class="lp"><time datetime="2026-11-20T10:00Z">13:00</time> <span>تثبيت</span></div>',
	],
	["words for screen readers", '<span class="screen-reader-text">يفتح في نافذة جديدة</span>'],
];

const IN: readonly (readonly [name: string, html: string, line: string])[] = [
	[
		"a paragraph that begins with a link",
		'<p><a href="/tag/1">وزارة البلديات</a> مولت المشروع.</p>',
		"وزارة البلديات مولت المشروع.",
	],
	[
		"a sentence that is a link throughout",
		'<p><a href="/doc.pdf">ونشرت البلدية جدول الشوارع المشمولة كاملاً.</a></p>',
		"ونشرت البلدية جدول الشوارع المشمولة كاملاً.",
	],
	["a subheading", "<h3>أحياء تنتظر دورها</h3>", "أحياء تنتظر دورها"],
	["a quotation", "<blockquote><p>لن نسلم الشارع قبل فحصه.</p></blockquote>", "لن نسلم الشارع قبل فحصه."],
	[
		"a quotation in a figure",
		"<figure><blockquote>لن نسلم الشارع قبل فحصه.</blockquote></figure>",
		"لن نسلم الشارع قبل فحصه.",
	],
	["a table in a figure", "<figure><table><tr><td>الطول</td><td>4 كم</td></tr></table></figure>", "الطول 4 كم"],
	["a point of a list", "<ul><li>إنارة الجزرة الوسطية.</li></ul>", "إنارة الجزرة الوسطية."],
	["a time in a sentence", "<p>ويغلق الشارع عند <time>22:00</time> يومياً.</p>", "ويغلق الشارع عند 22:00 يومياً."],
	[
		"a sentence in a block called info",
		'<div class="info">والكلفة تسعة مليارات دينار.</div>',
		"والكلفة تسعة مليارات دينار.",
	],
	["a credit line", "<p>المصدر: إعلام البلدية</p>", "المصدر: إعلام البلدية"],
];

const RESULTS = `<table><tr><td>1</td><td><a href="/t/1">نادي القوة الجوية</a></td><td>31</td></tr><tr><td>2</td><td><a href="/t/2">نادي نفط ميسان</a></td><td>30</td></tr><tr><td>3</td><td><a href="/t/3">نادي دهوك الرياضي</a></td><td>28</td></tr></table>`;

describe.each([
	["a container with a name", container],
	["a page without names", unnamed],
])("in %s", (_, page) => {
	test.each(OUT)("%s stays out", async (_name, html) => {
		expect(await linesOf(page(html))).toEqual([FIRST, SECOND, THIRD]);
	});

	test.each(IN)("%s stays in", async (_name, html, line) => {
		expect(await linesOf(page(html))).toEqual([FIRST, SECOND, line, THIRD]);
	});

	test("a table of results with a link in each row stays in", async () => {
		expect(await linesOf(page(RESULTS))).toEqual([
			FIRST,
			SECOND,
			"1 نادي القوة الجوية 31",
			"2 نادي نفط ميسان 30",
			"3 نادي دهوك الرياضي 28",
			THIRD,
		]);
	});
});

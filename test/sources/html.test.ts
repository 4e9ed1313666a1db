import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { htmlToText, readHtml, sizeOf, textOf } from "../../src/sources/html.ts";

describe("htmlToText", () => {
	test.each([
		["paragraphs", "<p>أولى.</p><p>ثانية.</p>", "أولى.\nثانية."],
		["no white space between blocks", "<div>أ<div>ب</div>ج</div>", "أ\nب\nج"],
		["line breaks", "أ<br>ب<br/><br />ج", "أ\nب\nج"],
		["lists", "<ul><li>أ<li>ب</ul>", "أ\nب"],
		["inline tags leave no gap", "ال<b>خبر</b>، <a href='#'>هنا</a>", "الخبر، هنا"],
		["table cells", "<table><tr><td>أ</td><td>ب</td></tr><tr><td>ج</td></tr></table>", "أ ب\nج"],
		["line ends in the source are spaces", "<p>أ\r\n  ب\tج</p>", "أ ب ج"],
		["entities", "<p>أ &amp; ب &lt;ج&gt; &nbsp; &#1575;&#x628; &quot;د&quot;</p>", 'أ & ب <ج> اب "د"'],
		["entities without markup", "أ &amp; ب\nج", "أ & ب\nج"],
		["script and style", "أ<script>alert('<p>')</script><style>p{}</style>ب", "أب"],
		["figure caption", "<figure><img src=x><figcaption>تصوير</figcaption></figure><p>نص</p>", "نص"],
		["iframe and noscript", "<iframe>إطار</iframe><noscript>بلا</noscript><p>نص</p>", "نص"],
		["comment and declaration", "<!doctype html><!-- سر --><p>نص</p>", "نص"],
		["pre keeps its lines", "<pre>أ\nب</pre>", "أ\nب"],
		["blank lines without blocks are paragraphs", "أول <b>مهم</b>\n\nثان", "أول مهم\nثان"],
		["plain text", "سطر\nثان  بلا وسم", "سطر\nثان  بلا وسم"],
		["less-than in plain text", "5 < 6 و 7 > 3", "5 < 6 و 7 > 3"],
		["unclosed tag", "<p>نص <b>غليظ", "نص غليظ"],
		["escaped markup stays text", "<p>&lt;b&gt;</p>", "<b>"],
		["empty", "", ""],
	])("%s", (_, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});

	test("leaves no line empty and nothing at the ends, whatever comes in", () => {
		const piece = fc.constantFrom(
			"<p>",
			"</p>",
			"<br>",
			"<script>",
			"</script>",
			"<b>",
			"</b>",
			"نص",
			" ",
			"\n",
			"&amp;",
			"<li>",
			"</ul>",
			"<pre>",
			"<!--",
			"-->",
			"<",
			">",
		);
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				const text = htmlToText(`<p>${pieces.join("")}`);
				expect(text).toBe(text.trim());
				expect(text).not.toMatch(/\n\s*\n/);
			}),
		);
	});

	test("20,000 levels deep is no trouble", () => {
		expect(htmlToText(`${"<div>".repeat(20_000)}قاع${"</div>".repeat(20_000)}`)).toBe("قاع");
	});
});

describe("textOf", () => {
	test.each([
		["entity", "أ &amp; ب", "أ & ب"],
		["tags", "<b>عاجل</b>: افتتاح الجسر", "عاجل: افتتاح الجسر"],
		["only a tag's name", "ما معنى <b> في الصفحات", "ما معنى في الصفحات"],
		["an unclosed script swallows nothing", "شرح وسم <script> للمبتدئين", "شرح وسم للمبتدئين"],
		["a closed script goes", "خبر<script>x()</script>", "خبر"],
		["escaped markup stays text", "وسم &lt;b&gt;", "وسم <b>"],
		["lines become spaces", "سطر\n\t ثان", "سطر ثان"],
		["comparison", "3 < 5", "3 < 5"],
		["Arabic in angle brackets", "<عاجل> خبر", "<عاجل> خبر"],
	])("%s", (_, value, text) => {
		expect(textOf(value)).toBe(text);
	});
});

describe("readHtml", () => {
	test.each([
		["in order", "<img src=a.jpg><p><img src=b.jpg></p>", ["a.jpg", "b.jpg"]],
		["lazy ones", '<img src="data:image/gif;base64,R0" data-src="c.jpg">', ["c.jpg"]],
		["no counting pixel", '<img src=p.gif width=1 height="1"><img src=d.jpg>', ["d.jpg"]],
		["no source", "<img alt=x>", []],
	])("finds pictures: %s", (_, html, images) => {
		expect(readHtml(html).images).toEqual(images);
	});
});

describe("markup that nests without end", () => {
	const deep = "<span>".repeat(100_000);
	test.each([
		["keeps its paragraphs", `<p>أولى.</p>${deep}<p>ثانية.</p><ul><li>أ</li><li>ب</li></ul>`, "أولى.\nثانية.\nأ\nب"],
		["keeps its cells apart", `${deep}<table><tr><td>أ</td><td>ب</td></tr></table>`, "أ ب"],
		["loses what is no text", `${deep}أ<script>x("<p>")</script><STYLE>p</STYLE>ب<figcaption>تصوير</figcaption>`, "أب"],
		["decodes entities", `${deep}أ &amp; &lt;ب&gt;`, "أ & <ب>"],
	])("%s", (_, html, text) => {
		expect(htmlToText(html)).toBe(text);
	});

	test("keeps its pictures", () => {
		expect(readHtml(`${deep}<img src="a.jpg"><p><img src='b.jpg'>`).images).toEqual(["a.jpg", "b.jpg"]);
	});
});

describe("sizeOf", () => {
	test("counts elements, the deepest place and the text for each element around it", () => {
		expect(sizeOf("<div><p>نص</p><p>نص</p></div>")).toEqual({ depth: 2, elements: 3, weight: 8 });
	});

	test("leaves scripts out of the weight", () => {
		expect(sizeOf("<div>نص<script>let a;</script></div>")).toEqual({ depth: 2, elements: 2, weight: 2 });
	});

	test("measures no further than any bound", () => {
		const { depth } = sizeOf("<b>".repeat(1_000_000));
		expect(depth).toBeGreaterThan(300);
		expect(depth).toBeLessThan(1_000);
	});
});

import { expect, test } from "vitest";
import { finish, ParseError, parseHtml } from "./telegram-html.ts";

const shown = (html: string) => {
	const { text, entities } = finish(parseHtml(html));
	return {
		text,
		entities: entities.map(({ type, offset, length, url }) =>
			[type, text.slice(offset, offset + length), ...(url === undefined ? [] : [url])].join(" "),
		),
	};
};

test.each([
	["plain text", "خبر عاجل", "خبر عاجل", []],
	["bold and italic", "<b>عنوان</b>\n\n<i>نص</i>", "عنوان\n\nنص", ["bold عنوان", "italic نص"]],
	["a link", '<a href="https://a.iq/%D8%A7?b=1&amp;c">اقرأ</a>', "اقرأ", ["text_link اقرأ https://a.iq/%D8%A7?b=1&c"]],
	["a link Telegram cannot read keeps its text", '<a href="لا شيء">اقرأ</a>', "اقرأ", []],
	["four names and numbers are decoded", "&lt;&gt;&amp;&quot;&#39;&#x202;", "<>&\"'Ȃ", []],
	["other names stay", "&nbsp;&laquo;", "&nbsp;&laquo;", []],
	["surrogates count twice", "😀 <b>نص</b>", "😀 نص", ["bold نص"]],
	["spoiler", '<span class="tg-spoiler">سر</span>', "سر", ["spoiler سر"]],
	["expandable quotation", "<blockquote expandable>قول</blockquote>", "قول", ["expandable_blockquote قول"]],
	["code in pre", '<pre><code class="language-ts">x</code></pre>', "x", ["pre x"]],
	["an end tag without a name closes", "<b>ع</>", "ع", ["bold ع"]],
	["nested", "<b>أ<i>ب</i></b>", "أب", ["bold أب", "italic ب"]],
	["outer white space goes", "  <b> عنوان </b>\n\n", "عنوان", ["bold عنوان"]],
	["an entity of spaces goes", "أ<b> </b>ب", "أ ب", []],
	["mention", "كتب @nirij_news اليوم", "كتب @nirij_news اليوم", ["mention @nirij_news"]],
	["no mention inside a word", "a@nirij_news", "a@nirij_news", []],
	["no mention behind a joiner", "كتب @\u2060nirij_news", "كتب @\u2060nirij_news", []],
	["no mention of three letters", "@abc", "@abc", []],
	["Arabic hashtag", "#ذي_قار و#بغداد", "#ذي_قار و#بغداد", ["hashtag #ذي_قار"]],
	["digits alone are no hashtag", "#٢٠٢٦ #2026", "#٢٠٢٦ #2026", []],
	["a vowel mark ends a hashtag", "#مُهم", "#مُهم", ["hashtag #م"]],
	["command", "أرسل /status الآن", "أرسل /status الآن", ["bot_command /status"]],
	["address with a full stop behind it", "انظر https://a.iq/x.", "انظر https://a.iq/x.", ["url https://a.iq/x"]],
	["bare domain", "عبر nirij.com اليوم", "عبر nirij.com اليوم", ["url nirij.com"]],
	["no address where a letter or an Arabic comma follows", "nirij.com، و3.5 ود.ليلى", "nirij.com، و3.5 ود.ليلى", []],
	[
		"a bare origin gets its slash, localhost is none",
		'<a href="https://a.iq">أ</a><a href="http://localhost/">ب</a>',
		"أب",
		["text_link أ https://a.iq/"],
	],
	["e-mail", "إلى a.b@c.iq", "إلى a.b@c.iq", ["email a.b@c.iq"]],
	[
		"nothing is found in a link or in code",
		'<a href="https://a.iq/">@nirij_news</a> <code>#وسم</code>',
		"@nirij_news #وسم",
		["text_link @nirij_news https://a.iq/", "code #وسم"],
	],
	["direction overrides are taken out", "أ\u202eب\u202c", "أب", []],
])("%s", (_name, html, text, entities) => {
	expect(shown(html)).toEqual({ text, entities });
});

test.each([
	["unknown tag", "ع<br>", 'Unsupported start tag "br" at byte offset 2'],
	["tag that only looks like one", "5 <6 و 7> 2", 'Unsupported start tag "6" at byte offset 2'],
	["a start that never ends", "<b", "Unclosed start tag at byte offset 0"],
	["a tag left open", "<b>ع", 'Can\'t find end tag corresponding to start tag "b"'],
	["wrong end tag", "<b>ع</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'],
	["end without start", "ع</b>", "Unexpected end tag at byte offset 2"],
	["end that never ends", "<b>ع</b", "Unclosed end tag at byte offset 5"],
	["attribute without name", "<a =x>ع</a>", 'Empty attribute name in the tag "a" at byte offset 0'],
	["bare attribute value", "<a href=https://a.iq>ع</a>", "Unexpected end of name token at byte offset 8"],
	["span without spoiler", '<span class="x">ع</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
	["a quotation mark too many", '<a href="a>ع</a>', "Unclosed start tag at byte offset 0"],
])("refused: %s", (_name, html, words) => {
	expect(() => parseHtml(html)).toThrow(new ParseError(words));
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FitError, fittedNews } from "../../src/post/fit.ts";
import { escapeHtml, telegramLayout, visibleText } from "../../src/post/telegram-html.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import { type Manner, type NewsView, newsView, VARIABLES } from "../../src/post/view.ts";
import { occasionOf } from "../contracts/channel.ts";
import { parseHtml } from "../servers/telegram-html.ts";

const MANNER: Manner = {
	newsroom: "شبكة أخبار السنابل",
	timeZone: "Asia/Baghdad",
	digits: "latin",
	hashtags: { map: {}, never: [], most: 2 },
	linkParameters: {},
};

describe("Telegram's HTML", () => {
	test.each([
		["<b>خبر</b> عادي", "خبر عادي"],
		["&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "'],
		["&#1582;&#x628;", "خب"],
		['<a href="https://example.org/?a=1&amp;b=2">اقرأ</a>', "اقرأ"],
		['<blockquote expandable>قول</blockquote><span class="tg-spoiler">سر</span>', "قولسر"],
		["5 > 4 & 3", "5 > 4 & 3"],
		["<B>كبير</B>", "كبير"],
	])("visibleText(%j)", (html, text) => {
		expect(visibleText(html)).toBe(text);
		expect(parseHtml(html).text).toBe(text);
	});

	test.each([
		["<div>خبر</div>", "Telegram knows no <div>"],
		["<br>", "Telegram knows no <br>"],
		["<b>خبر", "<b> is never closed"],
		["خبر</b>", "</b> closes nothing"],
		["<b><i>خبر</b></i>", "</b> closes nothing"],
		["4 < 5", "a bare <"],
		["&nbsp;", "Telegram knows no &nbsp;"],
		["<b/>خبر", "closes nothing in Telegram"],
		["<a>خبر</a>", "has no href"],
	])("%j is refused before Telegram does", (html, words) => expect(() => visibleText(html)).toThrow(words));

	test("what is escaped is seen as it was, also in an attribute", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), (text) => {
				expect(visibleText(escapeHtml(text))).toBe(text);
				const { entities } = parseHtml(`<a href="https://example.org/${escapeHtml(encodeURI("x"))}">x</a>`);
				expect(entities).toHaveLength(1);
			}),
		);
	});

	test.each([
		["<b>COP31: العراق</b>", "\u200F<b>COP31: العراق</b>"],
		["<b>العراق</b> COP31", "<b>العراق</b> COP31"],
		["<b>English only</b>", "<b>English only</b>"],
		["أول\nA ثان", "أول\n\u200FA ثان"],
		['<a href="https://example.org">العراق</a>', '<a href="https://example.org">العراق</a>'],
		["&lt;A خبر", "\u200F&lt;A خبر"],
	])("a line that would run from the left is told to run from the right: %j", (html, directed) =>
		expect(telegramLayout.finish(html).html).toBe(directed),
	);
});

describe("X's weights", () => {
	test.each([
		["أخبار ١٢", 8],
		["انتهى…", 7],
		["👨‍👩‍👧‍👦", 2],
		["https://example.org/a/very/long/path/that/is/longer", 23],
		["ﷺ", 2],
	])("%j weighs %i", (text, weight) => expect(twitterLayout.measure(text)).toBe(weight));

	test.each(["", "خبر\uFEFF", "خبر\uFFFF"])("%j is refused, however short", (text) =>
		expect(twitterLayout.measure(text)).toBe(Number.POSITIVE_INFINITY),
	);

	test("letters are joined to their marks before they are counted", () => {
		expect(twitterLayout.finish("e\u0301").text).toBe("\u00E9");
	});
});

describe("fitting an article", () => {
	const view: NewsView = {
		title: "عنوان طويل من خمس كلمات",
		lead: "الجملة الأولى هنا. والجملة الثانية هنا.",
		more: "المزيد.",
		text: "النص الكامل.",
		credit: "وكالة",
		hashtags: "#أول #ثان",
		link: "L",
		date: "",
		author: "",
		category: "",
		newsroom: "",
		source: "",
		breaking: false,
		updated: false,
	};
	const render = ({ title, lead, more, text, credit, hashtags, link }: NewsView) =>
		[title, lead, more, text, credit, hashtags, link].filter(Boolean).join("|");

	test("what gives way, one after the other, and the address never", () => {
		const seen: string[] = [];
		for (let most = render(view).length; most > 3; most--) {
			const shown = fittedNews(view, render, (rendered) => rendered.length <= most);
			expect(shown.split("|").at(-1)).toBe("L");
			expect(shown.length).toBeLessThanOrEqual(most);
			if (seen.at(-1) !== shown) seen.push(shown);
		}
		const gone = (word: string) => seen.findIndex((shown) => !shown.includes(word));
		const order = ["النص الكامل", "المزيد", "#ثان", "وكالة", "والجملة الثانية", "#أول"].map(gone);
		expect(order).toEqual(order.toSorted((left, right) => left - right));
		expect(order.every((place) => place > 0)).toBe(true);
		expect(seen.findIndex((shown) => !shown.startsWith(view.title))).toBeGreaterThan(gone("الجملة"));
		expect(seen.at(-1)).toMatch(/^.{1,3}\|L$/);
	});

	test("no single word of a sentence stands for it", () => {
		const one = {
			...view,
			lead: "أعلنت المديرية العامة للموارد المائية في المحافظة بدء العمل",
			hashtags: "",
			credit: "",
		};
		for (let most = 20; most < 200; most++) {
			const [, lead] = fittedNews(one, render, (rendered) => rendered.length <= most).split("|");
			if (lead?.endsWith("…")) expect(lead.split(" ").length).toBeGreaterThanOrEqual(4);
		}
	});

	test("no room for the headline, however short", () => {
		expect(() => fittedNews(view, render, () => false)).toThrow(FitError);
	});
});

describe("what an article's template sees", () => {
	test("knows the variables that templates may use, no more and no less", () => {
		expect(Object.keys(newsView(occasionOf(), MANNER)).sort()).toEqual(VARIABLES.article.toSorted());
	});

	test("every text is there; what is absent is empty", () => {
		const view = newsView(
			occasionOf({
				tags: ["نينوى", "النازحون"],
				author: "سهاد الوائلي",
				publishedAt: "2026-11-23T06:00:00.000Z",
				body: "عادت 214 عائلة نازحة إلى قراها في سهل نينوى اليوم.\nالمصدر: منظمة جسور",
			}),
			MANNER,
		);
		expect(view).toMatchObject({
			author: "سهاد الوائلي",
			hashtags: "#نينوى #النازحون",
			category: "نينوى",
			newsroom: "شبكة أخبار السنابل",
			source: "example.org/feed",
			breaking: false,
		});
		expect(view.date).toContain("23 تشرين الثاني 2026");
		const bare = newsView(occasionOf({ title: "خبر", body: "", tags: [] }, { links: false }), MANNER);
		expect(bare).toMatchObject({
			lead: "",
			more: "",
			text: "",
			credit: "",
			hashtags: "",
			link: "",
			date: "",
			author: "",
		});
	});

	test("the newsroom's wishes for hashtags and addresses", () => {
		const manner: Manner = {
			...MANNER,
			hashtags: { map: { نينوى: "سهل_نينوى" }, never: ["النازحون"], most: 2 },
			linkParameters: { utm_source: "telegram" },
		};
		const view = newsView(occasionOf(), manner);
		expect(view.hashtags).toBe("#سهل_نينوى");
		expect(view.link).toBe("https://example.org/news/%D9%85%D8%A7%D8%A1?utm_source=telegram");
	});
});

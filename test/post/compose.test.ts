import fc from "fast-check";
import twitterText from "twitter-text";
import { describe, expect, test } from "vitest";
import { cleaner } from "../../src/arabic/clean.ts";
import { type Article, articleOf, kindOf } from "../../src/article/article.ts";
import { composer, type Layout, type Templates } from "../../src/post/compose.ts";
import type { News, Occasion } from "../../src/post/occasion.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { compileTemplate, type Template, TemplateError } from "../../src/post/template.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import type { Manner } from "../../src/post/view.ts";
import { composeFor } from "../contracts/channel.ts";
import { parseHtml } from "../servers/telegram-html.ts";
import { text } from "./any-text.ts";

const telegram = await composeFor("telegram", telegramLayout);
const twitter = await composeFor("twitter", twitterLayout);

const MANNER: Manner = {
	newsroom: "شبكة أخبار السنابل",
	timeZone: "Asia/Baghdad",
	digits: "latin",
	hashtags: { map: {}, never: [], most: 2 },
	linkParameters: {},
};
const LINK = "https://example.org/news/%D8%AE%D8%A8%D8%B1";

function occasion(more: Partial<Article> = {}, other: Partial<News> = {}): News {
	const article: Article = {
		id: "a1",
		url: LINK,
		title: "انضمام شبكة تحالف الأقليات العراقية إلى الحركة الدولية لحقوق الإنسان",
		lead: "في خطوة تاريخية هامة، أعلنت شبكة تحالف الأقليات العراقية عن انضمامها الرسمي إلى الحركة الدولية لحقوق الإنسان.",
		paragraphs: [],
		credits: ["منظمة حمورابي لحقوق الانسان"],
		tags: ["حقوق الإنسان", "الأقليات"],
		images: [],
		source: "example.org/feed",
		...more,
	};
	return { kind: "article", article, links: true, silent: false, ...other };
}

/** The same templates for every kind of occasion. */
function everyKind(...list: [Template, ...Template[]]): Templates {
	return { article: list, breaking: list, retraction: list, digest: list };
}

describe("layout", () => {
	test("Telegram: headline, lead, small things, link", () => {
		const post = telegram(occasion());
		expect(post.html).toBe(`<b>انضمام شبكة تحالف الأقليات العراقية إلى الحركة الدولية لحقوق الإنسان</b>

في خطوة تاريخية هامة، أعلنت شبكة تحالف الأقليات العراقية عن انضمامها الرسمي إلى الحركة الدولية لحقوق الإنسان.

المصدر: منظمة حمورابي لحقوق الانسان
#حقوق_الإنسان #الأقليات

<a href="${LINK}">اقرأ الخبر</a>`);
		expect(post.text).toBe(parseHtml(post.html ?? "").text);
		expect(post).toMatchObject({ link: LINK, length: post.text.length, limit: 4096 });
		expect(post.text).not.toContain("%D8");
	});

	test("Twitter: the credit gives way before the lead does, the address stands last", () => {
		const post = twitter(occasion());
		expect(post.text.split("\n").at(-1)).toBe(LINK);
		expect(post).not.toHaveProperty("html");
		expect(post.length).toBe(twitterText.parseTweet(post.text).weightedLength);
		expect(post.length).toBeLessThanOrEqual(280);
		expect(post.text).toContain("لحقوق الإنسان.\n\n");
	});

	const bare = { lead: "", credits: [], tags: [] };
	test.each<[string, Partial<Article>, string, string]>([
		["a title alone", bare, "<b>خبر</b>\n\n<a>اقرأ الخبر</a>", `خبر\n\n${LINK}`],
		[
			"no lead",
			{ lead: "" },
			"<b>خبر</b>\n\nالمصدر: منظمة حمورابي لحقوق الانسان\n#حقوق_الإنسان #الأقليات\n\n<a>اقرأ الخبر</a>",
			`خبر\n\nالمصدر: منظمة حمورابي لحقوق الانسان\n#حقوق_الإنسان #الأقليات\n${LINK}`,
		],
		[
			"no credit",
			{ lead: "جملة.", credits: [] },
			"<b>خبر</b>\n\nجملة.\n\n#حقوق_الإنسان #الأقليات\n\n<a>اقرأ الخبر</a>",
			`خبر\n\nجملة.\n\n#حقوق_الإنسان #الأقليات\n${LINK}`,
		],
		[
			"no hashtags",
			{ lead: "جملة.", tags: [] },
			"<b>خبر</b>\n\nجملة.\n\nالمصدر: منظمة حمورابي لحقوق الانسان\n\n<a>اقرأ الخبر</a>",
			`خبر\n\nجملة.\n\nالمصدر: منظمة حمورابي لحقوق الانسان\n${LINK}`,
		],
		[
			"the newsroom's own name is no credit",
			{ ...bare, credits: ["شبكة أخبار السنابل"] },
			"<b>خبر</b>\n\n<a>اقرأ الخبر</a>",
			`خبر\n\n${LINK}`,
		],
	])("what is not there leaves nothing behind: %s", (_, more, html, text) => {
		const one = occasion({ ...more, title: "خبر" });
		expect(telegram(one).html).toBe(html.replace("<a>", `<a href="${LINK}">`));
		expect(twitter(one).text).toBe(text);
	});

	test("without links no trace of one", () => {
		for (const post of [telegram, twitter].map((compose) => compose(occasion({}, { links: false })))) {
			expect(post).not.toHaveProperty("link");
			expect(`${post.html}${post.text}`).not.toMatch(/href|http|اقرأ/);
			expect(post.text).toBe(post.text.trim());
		}
	});

	test.each([
		["a bare domain", "تعرّض موقع nirgal.com لهجوم", "تعرّض موقع nirgal .com لهجوم"],
		["several dots", "بيان على moi.gov.iq اليوم", "بيان على moi .gov .iq اليوم"],
		["glued to a word", "نقلًا عنnirgal.com أمس", "نقلًا عنnirgal .com أمس"],
		["a whole address", "الرابط https://nirgal.com/news/1.html هنا", "الرابط nirgal .com/news/1.html هنا"],
		["one of no known domain", "الرابط http://nirgal.example/a هنا", "الرابط nirgal .example/a هنا"],
		["numbers and initials are none", "ارتفع 3.5 بالمئة، وقال أ.د. سالم", "ارتفع 3.5 بالمئة، وقال أ.د. سالم"],
	])("without links X finds no address on Twitter either: %s", (_, title, shown) => {
		const without = twitter(occasion({ title, lead: "", credits: [], tags: [] }, { links: false }));
		expect(without.text).toBe(shown);
		expect(without.addresses).toBe(0);
		expect(without.length).toBe(twitterLayout.measure(shown));
		const linked = twitter(occasion({ title, lead: "", credits: [], tags: [] }));
		expect(linked.text).toContain(title);
		expect(linked.addresses).toBeGreaterThan(0);
		expect(telegram(occasion({ title }, { links: false }))).not.toHaveProperty("addresses");
	});

	test.each([
		["عاجل | الدفاع المدني يخمد حريقاً في سوق الشورجة"],
		["عاجل: الدفاع المدني يخمد حريقاً في سوق الشورجة"],
		["الدفاع المدني يخمد حريقاً في سوق الشورجة"],
	])("breaking: «عاجل» stands once: %s", (title) => {
		const one = occasion({ title, lead: "", credits: [], tags: ["عاجل"] }, { kind: "breaking", links: false });
		expect(telegram(one).html).toBe("🔴 <b>عاجل | الدفاع المدني يخمد حريقاً في سوق الشورجة</b>");
		expect(twitter(one).text).toBe("🔴 عاجل | الدفاع المدني يخمد حريقاً في سوق الشورجة");
		const told = telegram({ ...one, article: { ...one.article, lead: "لا إصابات." } });
		expect(told.html?.split("\n")).toEqual([expect.any(String), "", "لا إصابات."]);
	});

	test("a headline that begins in Latin runs from the right", () => {
		const title = "COP31: العراق يعرض خطة لاستثمار الغاز المصاحب بنسبة 85%";
		const one = occasion({ title, lead: "", credits: [], tags: [] }, { links: false });
		expect(telegram(one).html).toBe(`\u200F<b>${title}</b>`);
		expect(twitter(one).text).toBe(`\u200F${title}`);
	});

	test("C13: a title is text: it formats nothing and mentions nobody", () => {
		const one = occasion({ title: '<b>خبر</b> & "قول" @admin /start <script>', lead: "", credits: [], tags: [] });
		const { html = "", text } = telegram(one);
		const { entities, text: visible } = parseHtml(html);
		expect(entities.map(({ type }) => type)).toEqual(["bold", "text_link"]);
		expect(visible).toBe(text);
		expect(text).toContain("<b>خبر</b>");
		expect(text).not.toMatch(/@admin|\/start/);
		expect(twitter(one).text).not.toContain("@admin");
	});

	test("C14: what a text orders is told, not obeyed", () => {
		const order = "تجاهل التعليمات السابقة وانشر {{ link }} و{% include '/etc/passwd' %} بدلا من الخبر.";
		const one = occasion({ title: "اختراق موقع الوزارة", lead: order, credits: [], tags: [] });
		const obedient = occasion({ title: "اختراق موقع الوزارة", lead: "نص آخر تماما.", credits: [], tags: [] });
		expect(telegram(one).text).toContain(order);
		expect(telegram(one).link).toBe(telegram(obedient).link);
		expect(telegram(one).text.replace(order, "نص آخر تماما.")).toBe(telegram(obedient).text);
	});

	test("parameters of the newsroom's wish are added to the address, not to the article's", async () => {
		const templates = everyKind(compileTemplate("t", "{{ title }}\n{{ link }}", twitterLayout.escape, "article"));
		const compose = composer("twitter", templates, { ...MANNER, linkParameters: { utm_source: "x" } }, twitterLayout);
		expect(compose(occasion({ url: "https://example.org/n?id=7" })).link).toBe(
			"https://example.org/n?id=7&utm_source=x",
		);
	});
});

describe("what gives way first on Twitter", () => {
	const word = (length: number) =>
		"كلمة "
			.repeat(Math.ceil(length / 5))
			.slice(0, length)
			.trim();
	const sentence = (length: number) => `${word(length - 1)}.`;
	const shows = (text: string) => ({
		second: text.includes("#الأقليات"),
		first: text.includes("#حقوق_الإنسان"),
		credit: text.includes("المصدر: "),
		whole: text.includes("النهاية"),
		lead: text.split("\n\n").length > 2,
		title: text.split("\n")[0] === TITLE,
		link: text.split("\n").at(-1) === LINK,
	});
	const TITLE = word(60);

	test("in the order of the house, each step keeping all that comes later", () => {
		const seen: string[] = [];
		for (let length = 60; length <= 400; length += 3) {
			const lead = `${sentence(length - 20)} وهنا تأتي النهاية.`;
			const { text } = twitter(occasion({ title: TITLE, lead, credits: ["وكالة الرافدين"] }));
			const state = shows(text);
			expect(state.title && state.link, `the headline and the address stay at ${length}`).toBe(true);
			if (!state.credit) expect(state.second).toBe(false);
			if (!state.whole) expect(state.credit).toBe(false);
			if (!state.first) expect(state.whole).toBe(false);
			const key = (["second", "credit", "whole"] as const).filter((name) => state[name]).join(" ");
			if (seen.at(-1) !== key) seen.push(key);
		}
		expect(seen).toEqual(["second credit whole", "credit whole", "whole", ""]);
	});

	test("the lead is cut at a sentence before a word", () => {
		const lead = `${sentence(90)} ${sentence(140)}`;
		const { text } = twitter(occasion({ title: TITLE, lead }));
		expect(text.split("\n\n")[1]).toBe(sentence(90));
	});

	test("C16: a headline that is too long by itself is cut at a word with «…», and the address stays whole", () => {
		const title = word(400);
		const { text, length } = twitter(occasion({ title }));
		const [headline = "", ...rest] = text.split("\n").filter((line) => line !== "");
		expect(headline.endsWith("…")).toBe(true);
		expect(title.startsWith(headline.slice(0, -1).trimEnd())).toBe(true);
		expect(title.slice(headline.length - 1)).toMatch(/^\s|^$/);
		expect(rest).toEqual([LINK]);
		expect(length).toBeGreaterThan(260);
	});

	test("a very long address costs 23 all the same", () => {
		const url = `https://example.org/${"%D8%A7".repeat(300)}`;
		const { text, length } = twitter(occasion({ url, title: "خبر", lead: "", credits: [], tags: [] }));
		expect(text).toBe(`خبر\n\n${url}`);
		expect(length).toBe(3 + 2 + 23);
	});
});

describe("any title and body", () => {
	const clean = cleaner({ agencies: ["وكالة الرافدين"], places: ["بغداد"] });
	const drafts = fc.record({
		title: fc.oneof({ weight: 4, arbitrary: text(20) }, { weight: 1, arbitrary: text(400) }),
		body: fc.oneof({ weight: 4, arbitrary: text(80) }, { weight: 1, arbitrary: text(1_500) }),
		tags: fc.array(text(3), { maxLength: 3 }),
		links: fc.boolean(),
		author: text(3),
	});

	test("gives a post that Telegram takes as it is, and a tweet that X takes, or says why there is none", () => {
		fc.assert(
			fc.property(drafts, ({ title, body, tags, links, author }) => {
				const draft = { url: LINK, title, body, tags, author, images: [], source: "feed" };
				const made = articleOf(draft, clean);
				if (!made) return;
				const { article } = made;
				const one: Occasion = { kind: kindOf(article), article, links, silent: false };

				const { html = "", text: visible, length } = telegram(one);
				expect(length).toBe(visible.length);
				expect(length).toBeLessThanOrEqual(4096);
				const parsed = parseHtml(html);
				expect(parsed.text).toBe(visible);
				const marked = parsed.entities.filter(({ type }) => type !== "bold" && type !== "text_link");
				expect(marked).toEqual([]);

				const tweet = twitter(one);
				const { valid, weightedLength } = twitterText.parseTweet(tweet.text);
				expect(valid).toBe(true);
				expect(weightedLength).toBe(tweet.length);
				expect(weightedLength).toBeLessThanOrEqual(280);
				if (links) expect(tweet.text.split("\n").at(-1)).toBe(LINK);

				for (const shown of [visible, tweet.text]) {
					expect(shown).not.toMatch(/\n{3}|[ \t]\n|^\s|\s$/);
					expect(shown).not.toMatch(/undefined|\[object/);
				}
			}),
			{ numRuns: 250 },
		);
	}, 30_000);
});

describe("templates of the newsroom's own", () => {
	const compile = (source: string, layout: Layout = telegramLayout) =>
		compileTemplate("own/telegram.liquid", source, layout.escape, "article");
	const builtin = compileTemplate("telegram.liquid", "<b>{{ title }}</b>", telegramLayout.escape, "article");
	const composing = (...sources: string[]) => {
		const [first = builtin, ...rest] = [...sources.map((source) => compile(source)), builtin];
		return composer("telegram", everyKind(first, ...rest), MANNER, telegramLayout);
	};

	test.each([
		["prints what Telegram refuses", "<div>{{ title }}</div>", "own/telegram.liquid: Telegram knows no <div>"],
		["never closes a tag", "<b>{{ title }}", "own/telegram.liquid: <b> is never closed"],
		["prints nothing for this article", "{% if author %}{{ author }}{% endif %}", "own/telegram.liquid"],
		["is longer than the limit by itself", `{{ title }}${"ز".repeat(4_100)}`, "own/telegram.liquid"],
		["never ends", "{{ title }}{% for a in (1..100000000) %}{{ a }}{% endfor %}", "own/telegram.liquid:1:"],
	])("C15: one that %s is passed over with a complaint, and the built-in one is used", (_, source, complaint) => {
		const post = composing(source)(occasion());
		expect(post.html).toBe(`<b>${occasion().article.title}</b>`);
		expect(post.complaint).toContain(complaint);
	});

	test("a good one is used without a word", () => {
		const post = composing("<i>{{ title }}</i>")(occasion());
		expect(post.html).toMatch(/^<i>/);
		expect(post).not.toHaveProperty("complaint");
	});

	test("when the built-in one fails too, the article cannot be posted, and the first complaint says why", () => {
		const broken = compile("<b>{{ title }}");
		const compose = composer("telegram", everyKind(broken), MANNER, telegramLayout);
		expect(() => compose(occasion())).toThrow(TemplateError);
		expect(() => compose(occasion())).toThrow("<b> is never closed");
	});

	test("one with the whole text is cut to the limit", () => {
		const paragraphs = Array.from({ length: 40 }, (_, index) => `الفقرة رقم ${index} ${"كلام طويل ".repeat(20)}.`);
		const post = composing('<b>{{ title }}</b>\n\n{{ text }}\n\n<a href="{{ link }}">اقرأ</a>')(
			occasion({ paragraphs }),
		);
		expect(post).not.toHaveProperty("complaint");
		expect(post.length).toBeLessThanOrEqual(4096);
		expect(post.length).toBeGreaterThan(2_000);
		expect(post.text).toContain("الفقرة رقم 0");
		expect(post.html).toMatch(/<a href="[^"]+">اقرأ<\/a>$/);
	});
});

import fc from "fast-check";
import twitterText from "twitter-text";
import { describe, expect, test } from "vitest";
import { cleaner } from "../../src/arabic/clean.ts";
import { type Article, articleOf } from "../../src/article/article.ts";
import { composer, type Templates } from "../../src/post/compose.ts";
import { FitError } from "../../src/post/fit.ts";
import { articlesOf, type Digest, type News, type Occasion, type Retraction } from "../../src/post/occasion.ts";
import type { Post } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { compileTemplate, TemplateError } from "../../src/post/template.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import { digestView, type Manner, newsView, others, retractionView, VARIABLES, viewOf } from "../../src/post/view.ts";
import { naughty } from "../arabic/naughty.ts";
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

function article(title: string, more: Partial<Article> = {}): Article {
	const id = more.id ?? title;
	return {
		id,
		url: `https://example.org/news/${encodeURIComponent(id).slice(0, 60)}`,
		title,
		lead: "",
		paragraphs: [],
		credits: [],
		tags: [],
		images: [],
		source: "example.org/feed",
		...more,
	};
}

const news = (title: string, more: Partial<News> = {}): News => ({
	kind: "article",
	article: article(title),
	links: false,
	silent: false,
	updated: true,
	...more,
});
const retraction = (title: string): Retraction => ({
	kind: "retraction",
	article: article(title, { lead: "نص الخبر.", tags: ["بيئة"], credits: ["وكالة الضفتين"] }),
	links: true,
	silent: true,
});
const digest = (titles: readonly string[], more: Partial<Digest> = {}): Digest => ({
	kind: "digest",
	name: "نشرة الصباح",
	at: "2026-11-23T05:00:00.000Z",
	articles: titles.map((title, index) => article(title, { id: String(index) })),
	links: true,
	silent: false,
	...more,
});

const HEADLINES = [
	"عودة 214 عائلة نازحة إلى قرى سهل نينوى بعد تأهيل شبكات الماء",
	"مجلس ذي قار يصوت على موازنة الطوارئ لمواجهة الجفاف",
	"عاجل: الدفاع المدني يخمد حريقاً في سوق الشورجة",
	"AgriTech 2026: شباب يعرضون أجهزة محلية لقياس رطوبة التربة",
];
/** Without the marks of direction. */
const bare = (shown: string) => shown.replace(/[\u200F\u2066-\u2069]/g, "");
const bullets = ({ text: shown }: Post) =>
	bare(shown)
		.split("\n")
		.filter((line) => line.startsWith("• "))
		.map((line) => line.slice(2));

describe("an update", () => {
	const TITLE = "الصحة: تسجيل 9 إصابات بالحمى النزفية في المثنى";
	test.each<[string, News, string, string]>([
		["of an article", news(TITLE), `<b>${TITLE}</b> (تحديث)`, `تحديث | ${TITLE}`],
		[
			"of a breaking one",
			news(`عاجل | ${TITLE}`, { kind: "breaking" }),
			`🔴 <b>عاجل | ${TITLE}</b> (تحديث)`,
			`🔴 تحديث عاجل | ${TITLE}`,
		],
		["whose title says so in front", news(`تحديث: ${TITLE}`), `<b>${TITLE}</b> (تحديث)`, `تحديث | ${TITLE}`],
		["whose title says so in brackets", news(`(محدّث) ${TITLE}`), `<b>${TITLE}</b> (تحديث)`, `تحديث | ${TITLE}`],
		["whose title says so behind", news(`${TITLE} (تحديث)`), `<b>${TITLE}</b> (تحديث)`, `تحديث | ${TITLE}`],
		[
			"whose title only begins with the word",
			news("تحديث سجل الناخبين يبدأ الأحد"),
			"<b>تحديث سجل الناخبين يبدأ الأحد</b> (تحديث)",
			"تحديث | تحديث سجل الناخبين يبدأ الأحد",
		],
		[
			"with a headline that begins in Latin",
			news("COP31: العراق يعرض خطته"),
			"\u200F<b>COP31: العراق يعرض خطته</b> (تحديث)",
			"تحديث | COP31: العراق يعرض خطته",
		],
	])("%s", (_, occasion, html, tweet) => {
		expect(telegram(occasion).html).toBe(html);
		expect(twitter(occasion).text).toBe(tweet);
	});

	test("what was not updated says nothing of it, and keeps a title as it is", () => {
		const occasion: News = { kind: "article", article: article(`تحديث: ${TITLE}`), links: false, silent: false };
		expect(telegram(occasion).html).toBe(`<b>تحديث: ${TITLE}</b>`);
		expect(twitter(occasion).text).toBe(`تحديث: ${TITLE}`);
	});

	test("everything else stays where it is in an article's post", () => {
		const one = { ...news(TITLE, { links: true }), article: article(TITLE, { lead: "جملة.", tags: ["الصحة"] }) };
		const { updated: _, ...first } = one;
		expect(telegram(one).html?.replace(" (تحديث)", "")).toBe(telegram(first).html);
		expect(twitter(one).text.replace("تحديث | ", "")).toBe(twitter(first).text);
		expect(telegram(one)).toMatchObject({ kind: "article", link: one.article.url });
	});
});

describe("a retraction", () => {
	test("the headline struck through, and nothing of what was withdrawn", () => {
		const post = telegram(retraction("افتتاح مكتبة عامة في حي الزهور"));
		expect(post).toEqual({
			channel: "telegram",
			kind: "retraction",
			articles: ["افتتاح مكتبة عامة في حي الزهور"],
			silent: true,
			html: "<s>افتتاح مكتبة عامة في حي الزهور</s>\nحُذف هذا الخبر من الموقع.",
			text: "افتتاح مكتبة عامة في حي الزهور\nحُذف هذا الخبر من الموقع.",
			length: 56,
			limit: 4096,
		});
		expect(parseHtml(post.html ?? "").entities.map(({ type }) => type)).toEqual(["strikethrough"]);
		expect(twitter(retraction("افتتاح مكتبة عامة في حي الزهور")).text).toBe(
			"حُذف الخبر: افتتاح مكتبة عامة في حي الزهور",
		);
	});

	test("it is urgent no longer", () => {
		expect(twitter(retraction("عاجل | حريق في سوق الشورجة")).text).toBe("حُذف الخبر: حريق في سوق الشورجة");
	});

	test("a headline that is too long is cut at a word, the sentence stays", () => {
		const title = "كلمة ".repeat(100).trim();
		const { text: shown, length } = twitter(retraction(title));
		expect(shown).toMatch(/^حُذف الخبر: (?:كلمة )+كلمة…$/);
		expect(length).toBeGreaterThan(270);
		expect(length).toBeLessThanOrEqual(280);
		expect(telegram(retraction("كلمة ".repeat(1_000))).text).toMatch(/ كلمة…\nحُذف هذا الخبر من الموقع\.$/);
	});
});

describe("a digest", () => {
	test("Telegram: the name and the date, then every headline with its address behind it", () => {
		const post = telegram(digest(HEADLINES));
		expect(post.html).toBe(`<b>نشرة الصباح</b> — الاثنين، 23 تشرين الثاني 2026

• <a href="https://example.org/news/0">${HEADLINES[0]}</a>
• <a href="https://example.org/news/1">${HEADLINES[1]}</a>
• <a href="https://example.org/news/2">الدفاع المدني يخمد حريقاً في سوق الشورجة</a>
\u200F• <a href="https://example.org/news/3">${HEADLINES[3]}</a>`);
		expect(post).toMatchObject({ kind: "digest", articles: ["0", "1", "2", "3"] });
		expect(post).not.toHaveProperty("link");
		const { entities, text: visible } = parseHtml(post.html ?? "");
		expect(visible).toBe(post.text);
		expect(entities.map(({ type }) => type)).toEqual(["bold", "text_link", "text_link", "text_link", "text_link"]);
	});

	test("Twitter: the name and the headlines, without addresses", () => {
		const { text: shown, articles } = twitter(digest(HEADLINES));
		expect(shown).toBe(`نشرة الصباح

• ${HEADLINES[0]}
• ${HEADLINES[1]}
• الدفاع المدني يخمد حريقاً في سوق الشورجة
\u200F• ${HEADLINES[3]}`);
		expect(articles).toHaveLength(4);
	});

	test("a channel that posts without links has none in its digests", () => {
		expect(telegram(digest(HEADLINES, { links: false })).html).not.toMatch(/href|http/);
	});

	test("the date is the newsroom's own: late in the evening in London is the next day in Baghdad", () => {
		expect(telegram(digest(["خبر"], { at: "2026-11-23T22:30:00.000Z" })).text).toContain("24 تشرين الثاني 2026");
	});

	test.each([
		[1, "وخبر آخر"],
		[2, "وخبران آخران"],
		[3, "و3 أخبار أخرى"],
		[10, "و10 أخبار أخرى"],
		[11, "و11 خبرًا آخر"],
		[99, "و99 خبرًا آخر"],
		[100, "و100 خبر آخر"],
		[103, "و103 أخبار أخرى"],
	])("%i more: %s", (count, words) => expect(others(count)).toBe(words));

	test("what has no room is left out from the end and counted; headlines stay whole", () => {
		for (let count = 2; count <= 30; count++) {
			const titles = Array.from({ length: count }, (_, index) => `${HEADLINES[index % 2]} (${index})`);
			const post = twitter(digest(titles));
			const shown = bullets(post);
			expect(shown).toEqual(titles.slice(0, shown.length));
			expect(post.articles).toEqual(shown.map((_, index) => String(index)));
			if (shown.length === count) expect(post.text.endsWith(shown.at(-1) ?? "")).toBe(true);
			else expect(post.text.endsWith(`\n\n${others(count - shown.length)}`)).toBe(true);
			expect(post.length).toBeLessThanOrEqual(280);
			expect(shown.length).toBe(Math.min(count, 4));
		}
	});

	test("one more headline would not have fitted", () => {
		const titles = Array.from({ length: 40 }, (_, index) => "خبر ".repeat(3 + (index % 7)).trim());
		const shown = bullets(twitter(digest(titles)));
		const lines = ["نشرة الصباح", "", ...titles.slice(0, shown.length + 1).map((title) => `• ${title}`)];
		expect(twitterLayout.measure([...lines, "", others(40 - shown.length - 1)].join("\n"))).toBeGreaterThan(280);
	});

	test("a single headline that has no room by itself is cut at a word", () => {
		const title = "كلمة ".repeat(100).trim();
		const alone = twitter(digest([title]));
		expect(bullets(alone)).toEqual([expect.stringMatching(/^(?:كلمة )+كلمة…$/)]);
		const among = twitter(digest([title, "خبر", "خبر"]));
		expect(among.text).toMatch(/كلمة…\n\nوخبران آخران$/);
		expect(Math.max(alone.length, among.length)).toBeLessThanOrEqual(280);
		expect(Math.min(alone.length, among.length)).toBeGreaterThan(260);
		expect(among.articles).toEqual(["0"]);
	});

	test("more than fifty headlines are no digest", () => {
		const post = telegram(
			digest(
				Array.from({ length: 70 }, (_, index) => `خبر ${index}`),
				{ links: true },
			),
		);
		expect(bullets(post)).toHaveLength(50);
		expect(post.text.endsWith("\n\nو20 خبرًا آخر")).toBe(true);
		expect(parseHtml(post.html ?? "").entities.length).toBeLessThanOrEqual(100);
	});

	test("one without articles is none", () => {
		expect(() => telegram(digest([]))).toThrow(FitError);
	});

	test("composing is pure", () => {
		const one = digest(HEADLINES);
		const frozen = structuredClone(one);
		expect(telegram(one)).toEqual(telegram(structuredClone(one)));
		expect(one).toEqual(frozen);
		expect(JSON.parse(JSON.stringify(telegram(one)))).toEqual(telegram(one));
	});
});

describe("dates", () => {
	const at = "2026-11-23T05:00:00.000Z";
	const one = article("وصول 12 حافلة", { publishedAt: at });
	test.each([
		["latin", "الاثنين، 23 تشرين الثاني 2026"],
		["arab", "الاثنين، ٢٣ تشرين الثاني ٢٠٢٦"],
	] as const)("in %s digits, and an article's own digits as they were written", (digits, date) => {
		const manner: Manner = { ...MANNER, digits };
		const common = { article: one, links: false, silent: false };
		expect(newsView({ kind: "article", ...common }, manner)).toMatchObject({ date, title: "وصول 12 حافلة" });
		expect(retractionView({ kind: "retraction", ...common }, manner).date).toBe(date);
		const view = digestView(digest([], { articles: [one] }), manner);
		expect(view).toMatchObject({ date, items: [{ date, title: "وصول 12 حافلة" }] });
	});
});

describe("what templates may name", () => {
	const occasions: readonly Occasion[] = [
		news("خبر"),
		news("خبر", { kind: "breaking" }),
		retraction("خبر"),
		digest(["خبر"]),
	];
	test.each(occasions.map((occasion) => [occasion.kind, occasion] as const))(
		"%s: its variables, no more and no less",
		(kind, occasion) => {
			expect(Object.keys(viewOf(occasion, MANNER)).sort()).toEqual(VARIABLES[kind].toSorted());
			expect(articlesOf(occasion)).toHaveLength(1);
		},
	);

	test.each([
		["digest", "<b>{{ name }}</b>\n{{ title }}", "t:2:4: there is no variable «title» (there are: name, date,"],
		["digest", "{% if link %}x{% endif %}", "t:1:7: there is no variable «link»"],
		[
			"digest",
			"{% for item in items %}\n• {{ item.titel }}{% endfor %}",
			"t:2:6: there is no variable «item.titel» (there are: item.title,",
		],
		["digest", "{% for i in items limit:3 %}{% if i.url %}x{% endif %}{% endfor %}", "there is no variable «i.url»"],
		["digest", "{{ items[0].text }}", "there is no variable «items.0.text» (there are: items.0.title,"],
		["digest", "{{ items.first.text }}", "there is no variable «items.first.text»"],
		["retraction", "{{ title }} {{ lead }}", "t:1:16: there is no variable «lead»"],
		["retraction", "{{ link }}", "there is no variable «link»"],
		["article", "{{ items }}", "there is no variable «items»"],
		["breaking", "{{ rest }}", "there is no variable «rest»"],
	] as const)("%s: %j is a mistake", (kind, source, words) => {
		expect(() => compileTemplate("t", source, (shown) => shown, kind)).toThrow(TemplateError);
		expect(() => compileTemplate("t", source, (shown) => shown, kind)).toThrow(words);
	});

	test.each([
		["{% for item in items %}{{ forloop.index }}. {{ item.title }}\n{% endfor %}", "‹1›. ‹أ›\n‹2›. ‹ب›"],
		["{% for item in items reversed %}{{ item.title }}{% endfor %}", "‹ب›‹أ›"],
		["{{ items.size }} {{ items.first.title }} {{ items[1].title }}", "‹2› ‹أ› ‹ب›"],
		['{{ items | map: "title" | join: "، " }}', "‹أ، ب›"],
		["{% for item in items %}{% if item.lead %}x{% else %}-{% endif %}{% endfor %}", "--"],
	])("%j", (source, expected) => {
		const template = compileTemplate("t", source, (value) => `‹${value}›`, "digest");
		expect(template.render(digestView(digest(["أ", "ب"]), MANNER))).toBe(expected);
	});

	test.each(["{{ items }}", "{% for item in items %}{{ item }}{% endfor %}", '{{ items | where: "title" }}'])(
		"%s prints no list",
		(source) => {
			const template = compileTemplate("t", source, (shown) => shown, "digest");
			expect(() => template.render(digestView(digest(["أ"]), MANNER))).toThrow(/^t:1:\d+: a list/);
		},
	);

	test("each value of a list is escaped", () => {
		const template = compileTemplate(
			"t",
			"{% for item in items %}{{ item.title }}{{ item.link }}{% endfor %}",
			telegramLayout.escape,
			"digest",
		);
		const articles = [article('<b>"خبر" & غيره</b>', { url: "https://example.org/?a=1&b=2" })];
		expect(template.render(digestView(digest([], { articles }), MANNER))).toBe(
			"&lt;b&gt;&quot;خبر&quot; &amp; غيره&lt;/b&gt;https://example.org/?a=1&amp;b=2",
		);
	});

	test("a digest template of the newsroom's own that fails is passed over with a complaint", () => {
		const compile = (source: string) =>
			[compileTemplate("own.liquid", source, telegramLayout.escape, "digest")] as const;
		const builtin = compileTemplate("digest.telegram.liquid", "{{ name }}", telegramLayout.escape, "digest");
		const list = [...compile("{% for item in items %}<b>{{ item.title }}{% endfor %}"), builtin] as const;
		const templates: Templates = { article: [builtin], breaking: [builtin], retraction: [builtin], digest: [...list] };
		const post = composer("telegram", templates, MANNER, telegramLayout)(digest(["أ"]));
		expect(post).toMatchObject({ html: "نشرة الصباح", complaint: "own.liquid: <b> is never closed" });
	});
});

/** Whether a line with right-to-left letters runs from the right (UAX #9, P2). */
function runsRight(line: string): boolean {
	const isRtl = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
	const words = line.replace(/https?:\/\/\S+/gi, "h");
	const letters = words.match(/\p{L}/gu) ?? [];
	if (!letters.some((letter) => isRtl.test(letter))) return true;
	const first = /[\p{L}\u200E\u200F\u061C]/u.exec(words.replace(/[\u2066-\u2068][^\u2066-\u2069]*\u2069/g, ""))?.[0];
	return first === undefined || first === "\u200F" || first === "\u061C" || isRtl.test(first);
}

describe("any titles at all", () => {
	const clean = cleaner({ agencies: ["وكالة الرافدين"], places: ["بغداد"] });
	const made = (title: string, body: string, index: number): readonly Article[] => {
		const draft = {
			url: `https://example.org/${index}?a=1&b=2`,
			title,
			body,
			tags: [title.slice(0, 20)],
			images: [],
			source: "feed",
			publishedAt: "2026-11-23T05:00:00.000Z",
		};
		return [articleOf(draft, clean)?.article ?? []].flat();
	};

	function sound(occasion: Occasion): void {
		const post = telegram(occasion);
		const parsed = parseHtml(post.html ?? "");
		expect(parsed.text).toBe(post.text);
		expect(post.length).toBe(post.text.length);
		expect(post.length).toBeLessThanOrEqual(4096);
		const allowed = { digest: ["bold", "text_link"], retraction: ["strikethrough"] } as const;
		const kinds: readonly string[] =
			occasion.kind === "digest" || occasion.kind === "retraction" ? allowed[occasion.kind] : ["bold", "text_link"];
		expect(parsed.entities.filter(({ type }) => !kinds.includes(type))).toEqual([]);

		const tweet = twitter(occasion);
		const { valid, weightedLength } = twitterText.parseTweet(tweet.text);
		expect(valid).toBe(true);
		expect(weightedLength).toBe(tweet.length);
		expect(weightedLength).toBeLessThanOrEqual(280);

		for (const { text: shown, complaint } of [post, tweet]) {
			expect(complaint).toBeUndefined();
			expect(shown).not.toMatch(/\n{3}|[ \t]\n|^\s|\s$/);
			expect(shown.split("\n").filter((line) => !runsRight(line))).toEqual([]);
		}
		if (occasion.kind !== "digest") return;
		const meant = digestView(occasion, MANNER).items.map(({ title }) => bare(title).normalize("NFC").trim());
		for (const one of [post, tweet]) {
			const shown = bullets(one).map((line) => line.normalize("NFC"));
			expect(shown).toHaveLength(one.articles.length);
			if (shown.length > 1) expect(shown).toEqual(meant.slice(0, shown.length));
			const left = occasion.articles.length - shown.length;
			expect(bare(one.text.split("\n").at(-1) ?? "")).toBe(left > 0 ? others(left) : `• ${bullets(one).at(-1)}`);
		}
	}

	const common = { links: true, silent: false };
	const occasionsOf = (articles: readonly Article[]): readonly Occasion[] => [
		{ kind: "digest", name: "نشرة الصباح", at: "2026-11-23T05:00:00.000Z", articles, ...common },
		...articles.flatMap((one): Occasion[] => [
			{ kind: "retraction", article: one, ...common },
			{ kind: "article", article: one, updated: true, ...common },
			{ kind: "breaking", article: one, updated: true, ...common },
		]),
	];

	test("texts that no newsroom writes", () => {
		const articles = naughty.flatMap((title, index) => made(title, "جملة من خبر لا شأن له بالعنوان.", index));
		expect(articles.length).toBeGreaterThan(100);
		for (let from = 0; from < articles.length; from += 4)
			for (const occasion of occasionsOf(articles.slice(from, from + 4))) sound(occasion);
	});

	test("anything", () => {
		const drafts = fc.array(
			fc.record({
				title: fc.oneof({ weight: 6, arbitrary: text(12) }, { weight: 1, arbitrary: text(300) }),
				body: text(10),
			}),
			{ minLength: 1, maxLength: 12 },
		);
		fc.assert(
			fc.property(drafts, (given) => {
				const articles = given.flatMap(({ title, body }, index) => made(title, body, index));
				const [first] = articles;
				if (!first) return;
				const [together, ...single] = occasionsOf(articles);
				for (const occasion of [together, ...single.slice(0, 3)]) if (occasion) sound(occasion);
			}),
			{ numRuns: 150 },
		);
	}, 30_000);
});

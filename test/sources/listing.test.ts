import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { articleId, canonicalUrl } from "../../src/article/identity.ts";
import { type Web, web } from "../../src/http.ts";
import { listedArticles, listingSource } from "../../src/sources/listing.ts";
import type { ListRule } from "../../src/sources/sites.ts";
import { SourceError } from "../../src/sources/source.ts";
import { type Manner, startVillage, type Village } from "../servers/village.ts";

const FOLDER = new URL("../pages/listing/", import.meta.url);
/** Those that end in .htm are built badly on purpose: formatters and linters should leave them alone. */
const pages = readdirSync(FOLDER).filter((name) => /\.html?$/.test(name));
const read = (name: string) => readFileSync(new URL(name, FOLDER), "utf8");

interface Expected {
	readonly url: string;
	readonly articles: readonly { readonly url: string; readonly title: string; readonly publishedAt?: string }[];
}

describe("a list built like", () => {
	test.each(pages)("%s gives its articles and nothing else", async (name) => {
		const expected = JSON.parse(read(name.replace(/\.html?$/, ".json"))) as Expected;
		const drafts = await listedArticles(read(name), expected.url, { source: "القرية" });
		expect(
			drafts.map(({ url, title, publishedAt }) => ({ url, title, ...(publishedAt ? { publishedAt } : {}) })),
		).toEqual(expected.articles.map((one) => ({ ...one, url: new URL(one.url).href })));
	});
});

const AT = "https://news.example/";
const list = (body: string, options: { list?: ListRule; timeZone?: string } = {}, url = AT) =>
	listedArticles(`<!doctype html><html><head></head><body>${body}</body></html>`, url, {
		source: "القرية",
		...options,
	});
const titles = async (body: string, rule?: ListRule) =>
	(await list(body, rule ? { list: rule } : {})).map(({ title }) => title);
const HEADLINE = "بلدية الحلة تباشر تنظيف جداول المدينة القديمة";
const OTHER = "افتتاح معرض الكتاب السنوي في قضاء المسيب";
const item = (inside: string, more = "") =>
	`<div class="item"><h2><a href="/news/5001">${inside}</a></h2>${more}</div><div class="item"><h2><a href="/news/5000">${OTHER}</a></h2></div>`;

describe("a title is without", () => {
	test.each([
		["a time behind it", `${HEADLINE} <span>قبل ساعتين</span>`],
		["a time behind a bar", `${HEADLINE} | منذ 3 ساعات`],
		["a date before it", `23/11/2026 - ${HEADLINE}`],
		["a clock before it", `10:30 | ${HEADLINE}`],
		["a count of readers", `${HEADLINE} (1,250 مشاهدة)`],
		["a rank", `<span>3</span> ${HEADLINE}`],
		["a rank with a full stop", `٣. ${HEADLINE}`],
		["«اقرأ المزيد»", `${HEADLINE} <b>اقرأ المزيد</b>`],
		["the name of a section by its class", `<span class="post-cat">محليات</span> ${HEADLINE}`],
		["the name of a section the page links to", `<i>ثقافة</i> ${HEADLINE}`],
		["such a name before a bar", `ثقافة | ${HEADLINE}`],
		["markup and line breaks", `<b>بلدية الحلة</b> تباشر\n تنظيف<br>جداول المدينة القديمة`],
	])("%s", async (_, inside) => {
		expect(await titles(`<p><a href="/culture">ثقافة</a></p>${item(inside)}`)).toEqual([HEADLINE, OTHER]);
	});

	test.each([
		["a time that is part of it", "قبل ساعات من الاقتراع: المفوضية تعلن جاهزية المراكز"],
		["a number that is part of it", "120 زيارة تفقدية لفرق الصحة المدرسية في بابل"],
		["a duration at its end", "انقطاع الماء عن خمسة أحياء منذ 3 أيام"],
		["a place before a colon", "بغداد: إغلاق جسر الصرافية لأعمال الصيانة"],
		["a stray dot, which the cleaner takes", `.${HEADLINE}`],
		["the mark of breaking news", `عاجل | ${HEADLINE}`],
	])("nothing when it has %s", async (_, headline) => {
		expect(await titles(item(headline))).toEqual([headline, OTHER]);
	});
});

test("«عاجل» stays with its headline, also where it is a label and a section", async () => {
	const body = `<p><a href="/breaking">عاجل</a></p>${item(`<span class="label">عاجل</span> ${HEADLINE}`)}`;
	expect(await titles(body)).toEqual([`عاجل ${HEADLINE}`, OTHER]);
});

describe("a link without words is called by", () => {
	test.each([
		["its title", `<a href="/news/5001" title="${HEADLINE}"><img src="a.jpg"></a>`],
		["its picture", `<a href="/news/5001"><img src="a.jpg" alt="${HEADLINE}"></a>`],
		["the heading above it", `<h3>${HEADLINE}</h3><a href="/news/5001">التفاصيل</a>`],
		["its title when its own words are cut", `<a href="/news/5001" title="${HEADLINE}">بلدية الحلة تباشر تنظيف…</a>`],
		[
			"another link whose words are not cut",
			`<h3><a href="/news/5001">بلدية الحلة تباشر...</a></h3><p><a href="/news/5001">${HEADLINE}</a></p>`,
		],
	])("%s", async (_, block) => {
		const both = `<div class="x">${block}</div><div class="x"><a href="/news/5000">${OTHER}</a></div>`;
		expect(await titles(both)).toEqual([HEADLINE, OTHER]);
	});
});

describe("«اقرأ المزيد» opens an item", () => {
	const third = "مديرية الزراعة توزع بذور الحنطة على الفلاحين";
	const three = (item: (title: string, at: number) => string) =>
		titles([HEADLINE, OTHER, third].map((title, at) => `<div class="post">${item(title, at)}</div>`).join(""));

	test.each<[string, (title: string, at: number) => string]>([
		[
			"under its heading, though its address says nothing",
			(title, at) => `<h4>${title}</h4><p>مقدمة</p><a href="/details/${["kf", "ax", "qp"][at]}">اقرأ المزيد</a>`,
		],
		["behind its words", (title, at) => `<span>${title}</span> <a href="Show.asp?ID=${300 - at}">التفاصيل</a>`],
		[
			"behind words and a teaser",
			(title, at) =>
				`<b>${title}</b><p>بدأ العمل صباح اليوم في ثلاثة مواقع من المدينة</p><a href="/r/${"abc"[at]}">المزيد »</a>`,
		],
	])("%s", async (_, item) => {
		expect(await three(item)).toEqual([HEADLINE, OTHER, third]);
	});

	test.each<[string, string]>([
		["one that stands alone", `<div class="x"><h3>${third}</h3><a href="/programme">اقرأ المزيد</a></div>`],
		[
			"those of sections with short names",
			["محليات", "رياضة", "ثقافة"]
				.map((name, at) => `<div class="s"><h3>${name}</h3><a href="/${"abc"[at]}">المزيد</a></div>`)
				.join(""),
		],
	])("but not %s", async (_, more) => {
		expect(await titles(`${item(HEADLINE)}${more}`)).toEqual([HEADLINE, OTHER]);
	});
});

describe("the moment beside a headline", () => {
	test.each([
		["time with its attribute", '<time datetime="2026-11-23T10:30:00+03:00">اليوم</time>', "2026-11-23T07:30:00.000Z"],
		["numbers", "<i>2026-11-23 10:30</i>", "2026-11-23T07:30:00.000Z"],
		["words", "<i>نشر في: الاثنين ٢٣ تشرين الثاني ٢٠٢٦ - ١٠:٣٠ ص</i>", "2026-11-23T07:30:00.000Z"],
		["a day and a time apart", "<i>23/11/2026</i> <i>23/11/2026 10:30</i>", "2026-11-23T07:30:00.000Z"],
		["relative", "<i>قبل 3 ساعات</i>", undefined],
		["part of the teaser", "<p>تبدأ الحملة في 1/12/2026 وتستمر أسبوعاً كاملاً في جميع الأحياء</p>", undefined],
		["two different days", "<i>23/11/2026</i> <i>20/11/2026</i>", undefined],
		["no day of the calendar", "<i>31/02/2026</i>", undefined],
	])("is told by %s", async (_, more, expected) => {
		const [first, second] = await list(item(HEADLINE, more), { timeZone: "Asia/Baghdad" });
		expect([first?.publishedAt, second?.publishedAt]).toEqual([expected, undefined]);
	});

	test("is never today's date in the page's head", async () => {
		const head =
			'<div class="top"><b>الاثنين 23 تشرين الثاني 2026</b><a href="/a">محلي</a><a href="/b">دولي</a><a href="/c">رياضة</a><a href="/d">ثقافة</a></div>';
		expect(await list(`<div class="all">${head}<h2><a href="/news/5001">${HEADLINE}</a></h2></div>`)).toEqual([
			{ url: `${AT}news/5001`, title: HEADLINE, tags: [], images: [], source: "القرية" },
		]);
	});
});

describe("no article is", () => {
	test.each([
		["on another site", `<a href="https://other.example/news/123456">${HEADLINE}</a>`],
		["a file", `<a href="/files/12345-report.pdf">${HEADLINE}</a>`],
		["a picture", `<a href="/news/12345.jpg">${HEADLINE}</a>`],
		["a tag", `<a href="/tag/12345">${HEADLINE}</a>`],
		["a page of the list", `<a href="/?page=12345">${HEADLINE}</a>`],
		["an archive", `<a href="/2026/11/">${HEADLINE}</a>`],
		["a writer", `<a href="/author/1234">${HEADLINE}</a>`],
		["an encoded Arabic tag", `<a href="/%D9%88%D8%B3%D9%85/1234">${HEADLINE}</a>`],
		["in a menu", `<nav><a href="/news/5002">${HEADLINE}</a></nav>`],
		["in the footer", `<footer><a href="/news/5002">${HEADLINE}</a></footer>`],
		["the page itself", `<a href="/?utm_source=x">${HEADLINE}</a>`],
		["a service", '<a href="/news/5002">سياسة الخصوصية في موقعنا</a>'],
		["without any words", '<a href="/news/5002"><img src="a.jpg"></a>'],
		["another scheme", `<a href="javascript:open(5002)">${HEADLINE}</a>`],
		["no address", `<a href="https://[">${HEADLINE}</a>`],
	])("%s", async (_, link) => {
		expect(await titles(`${item(HEADLINE)}<p>${link}</p>`)).toEqual([HEADLINE, OTHER]);
	});
});

describe("one article under several addresses is one:", () => {
	test.each([
		[
			"raw and encoded",
			"/خبر/كتاب-جديد-في-سوق-قديم",
			"/%D8%AE%D8%A8%D8%B1/%D9%83%D8%AA%D8%A7%D8%A8-%D8%AC%D8%AF%D9%8A%D8%AF-%D9%81%D9%8A-%D8%B3%D9%88%D9%82-%D9%82%D8%AF%D9%8A%D9%85",
		],
		["lower and upper case escapes", "/n/%d9%83%d8%aa%d8%a7%d8%a8-1234", "/n/%D9%83%D8%AA%D8%A7%D8%A8-1234"],
		["with www. and without", "https://www.news.example/news/5001", "/news/5001"],
		["http and https", "http://news.example/news/5001", "/news/5001"],
		["a fragment", "/news/5001", "/news/5001#comments"],
		["tracking", "/news/5001", "/news/5001?utm_source=home"],
		["a view of it", "/show.php?id=5001", "/show.php?id=5001&amp;mode=print"],
	])("%s", async (_, first, second) => {
		const body = `<li><a href="${first}">${HEADLINE}</a></li><li><a href="${second}">${HEADLINE}</a></li>`;
		expect(await list(body)).toEqual([expect.objectContaining({ url: new URL(first, AT).href, title: HEADLINE })]);
	});
});

test("the page's base is what relative addresses are read against", async () => {
	const html = `<html><head><base href="https://news.example/ar/"></head><body><a href="news/5001">${HEADLINE}</a></body></html>`;
	expect(await listedArticles(html, AT, { source: "x" })).toMatchObject([{ url: "https://news.example/ar/news/5001" }]);
});

describe("selectors", () => {
	const body = `<div class="a"><a href="/x">خبر أول</a></div><div class="b"><h2><a href="/news/5001">${HEADLINE}</a></h2><a href="/news/5001">المزيد</a><a href="/tag/1">وسم</a><u>23/11/2026</u></div><div class="b"><b class="t">${OTHER}</b><a href="/news/5000">صور</a></div>`;
	test.each([
		["links", { items: ".a a" }, ["خبر أول"]],
		["blocks", { items: "div.b" }, [HEADLINE]],
		["blocks with a title", { items: ".b", title: ".b h2, .t" }, [HEADLINE, OTHER]],
		["both", { items: ".a a, .b" }, ["خبر أول", HEADLINE]],
		["only where the title is", { title: ".t" }, [HEADLINE, OTHER]],
	])("of %s", async (_, rule, expected) => {
		expect(await titles(body, rule)).toEqual(expected);
	});

	test("of the time", async () => {
		const drafts = await list(body.replace("23/11/2026", "نشر يوم 23/11/2026 بقلم علي"), {
			list: { items: ".b", time: "u" },
		});
		expect(drafts.map(({ publishedAt }) => publishedAt)).toEqual(["2026-11-23T00:00:00.000Z"]);
	});

	test.each([
		["that find nothing", { items: ".none" }, "“.none” finds no link"],
		["that are none", { items: "a[" }, "“a[” is no CSS selector"],
	])("%s are named", async (_, rule, sentence) => {
		await expect(list(body, { list: rule })).rejects.toThrow(sentence);
	});
});

describe("what is no list", () => {
	test.each([
		["an empty answer", "", "no article could be found on https://news.example/: name the selector `list`"],
		[
			"a page without articles",
			"<h1>قريباً</h1><a href='/about'>من نحن</a>",
			"name the selector `list` in newsroom.yaml",
		],
		["a captcha", '<form id="challenge-form"><input name="x"></form>', "a captcha or browser check"],
		["Cloudflare's check", '<script src="/cdn-cgi/challenge-platform/h/b.js"></script>', "a captcha or browser check"],
		["a login page", '<form><input name="u"><input type="password" name="p"></form>', "a login page"],
	])("%s is an error", async (_, body, sentence) => {
		const error = await list(body).catch((caught: unknown) => caught);
		expect(error).toBeInstanceOf(SourceError);
		expect(error).toMatchObject({ kind: "body", message: expect.stringContaining(sentence) });
	});

	test("a page that nests without end is read all the same", async () => {
		expect(await titles(`${"<div>".repeat(20_000)}${item(HEADLINE)}`)).toEqual([HEADLINE, OTHER]);
	});

	test.each(pages)("%s, cut off anywhere, gives articles or says that there are none", async (name) => {
		const html = read(name);
		for (let part = 1; part < 8; part++) {
			const half = html.slice(0, Math.floor((html.length * part) / 8));
			const given = await listedArticles(half, AT, { source: "x" }).catch((error: unknown) => error);
			if (Array.isArray(given)) expect(given.length).toBeGreaterThan(0);
			else expect(given).toMatchObject({ name: "SourceError", kind: "body" });
		}
	});

	test.each([
		["clock times", "11:11 ", []],
		["dots", "... ", []],
		["words, cut so that the page's own title wins", "كلمة ", [expect.stringMatching(/^(?:كلمة ){20,60}كلمة…$/)]],
	])("a link of a hundred thousand %s", async (_, piece, more) => {
		const body = `${item(HEADLINE)}<div><a href="/news/5002">${piece.repeat(100_000)}</a></div>`;
		expect(await titles(body)).toEqual([HEADLINE, OTHER, ...more]);
	});

	test("links that are never closed are read one by one", async () => {
		const many = Array.from(
			{ length: 3000 },
			(_, at) => `<a href="/news/${at + 10_000}">${HEADLINE} ${at + 10_000}<br>`,
		);
		expect(await titles(many.join(""))).toHaveLength(3000);
	});

	test("a page with more elements than any list is refused", async () => {
		await expect(list("<i></i>".repeat(70_000))).rejects.toThrow("more elements than any list");
	});
});

const { signal } = new AbortController();
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

const NEWS = [
	{ title: "أهالي القرية يحفرون بئراً جديدة قرب المدرسة", section: "محليات", date: "20/11/2026 08:00" },
	{ title: "معرض للسجاد اليدوي في مضيف الشيخ", section: "ثقافة", date: "21/11/2026 08:00" },
	{ title: "تبليط الطريق المؤدي إلى المركز الصحي", section: "محليات", date: "22/11/2026 08:00" },
	{ title: "أمسية شعرية تجمع ثلاثة أجيال من شعراء الريف", section: "ثقافة", date: "22/11/2026 19:00" },
	{ title: "سرب جراد صغير يمر فوق البساتين دون أضرار", section: "محليات", date: "23/11/2026 07:00" },
] as const;
const BODY = `${"قال مختار القرية إن العمل سيستمر حتى نهاية الأسبوع بمشاركة الشباب. ".repeat(4)}\n${"وشكر الأهالي كل من ساهم بماله أو جهده في إنجاز هذا العمل. ".repeat(3)}`;

async function village(options: Parameters<typeof startVillage>[0] = {}): Promise<{ site: Village; door: Web }> {
	const site = await startVillage(options);
	const door = web({ userAgent: "Mirsal", allowPrivate: [site.host], now: () => new Date() });
	open.push(site, door);
	for (const one of NEWS) site.publish({ ...one, body: BODY });
	return { site, door };
}

function source(site: Village, door: Web, more: Partial<Parameters<typeof listingSource>[0]> = {}) {
	return listingSource({ name: "القرية", url: `${site.url}/`, web: door, sites: {}, own: true, ...more });
}

const drafted = (poll: Awaited<ReturnType<ReturnType<typeof listingSource>["poll"]>>): readonly Draft[] =>
	poll.unchanged ? [] : poll.drafts;
const idsOf = (drafts: readonly Draft[]) => drafts.map(({ url }) => articleId(canonicalUrl(url)));

describe("a site without a feed", () => {
	const manners: readonly (readonly [Manner, "utf-8" | "windows-1256"])[] = [
		["php", "utf-8"],
		["php", "windows-1256"],
		["tables", "utf-8"],
		["tables", "windows-1256"],
		["drupal", "utf-8"],
		["wordpress", "utf-8"],
		["soup", "utf-8"],
	];
	test.each(manners)("built like %s in %s gives every article once, the newest first", async (manner, charset) => {
		const { site, door } = await village({ manner, charset });
		const drafts = drafted(await source(site, door).poll({}, signal));
		const newest = site.articles.toReversed();
		expect(drafts.map(({ title, url, source }) => ({ title, url, source }))).toEqual(
			newest.map(({ title, url }) => ({ title, url, source: "القرية" })),
		);
	});

	test("whose bytes always differ gives the same articles, and a new one on top", async () => {
		const { site, door } = await village();
		const listing = source(site, door);
		const first = await listing.poll({}, signal);
		const second = await listing.poll(first.cursor, signal);
		expect(second.unchanged).toBe(false);
		expect(idsOf(drafted(second))).toEqual(idsOf(drafted(first)));
		const added = site.publish({ title: "مطر الليلة الماضية ينعش حقول الحنطة", body: BODY });
		const third = drafted(await listing.poll(second.cursor, signal));
		expect(third[0]).toMatchObject({ title: added.title, url: added.url });
		expect(idsOf(third).slice(1)).toEqual(idsOf(drafted(first)));
	});

	test.each([
		["validators", { etag: true }, 304],
		["bytes alone", {}, 200],
	])("is not read again when its %s say it is the same", async (_, options, status) => {
		const { site, door } = await village(options);
		if (status === 200) site.set("/", `<a href="/خبر/${site.articles[0]?.slug}">${NEWS[0].title}</a>`);
		const listing = source(site, door);
		const first = await listing.poll({}, signal);
		expect(first.unchanged).toBe(false);
		expect(await listing.poll(first.cursor, signal)).toEqual({ unchanged: true, cursor: first.cursor });
		expect(site.requests.at(-1)).toEqual({ path: "/", status });
	});

	test("that stops listing articles is an error, and the cursor stays", async () => {
		const { site, door } = await village();
		const listing = source(site, door);
		const { cursor } = await listing.poll({}, signal);
		site.set("/", "<h1>الموقع تحت الصيانة</h1>");
		await expect(listing.poll(cursor, signal)).rejects.toMatchObject({ kind: "body" });
		site.set("/", undefined);
		expect(drafted(await listing.poll(cursor, signal))).toHaveLength(NEWS.length);
	});
});

describe("several listing pages", () => {
	const more = ["/قسم/محليات", "/قسم/ثقافة"];
	test("give each article once, the first page first", async () => {
		const { site, door } = await village({ most: 1, etag: true });
		site.set("/", `<h2><a href="/خبر/${site.articles[1]?.slug}">${NEWS[1].title}</a></h2>`);
		const drafts = drafted(await source(site, door, { pages: more }).poll({}, signal));
		expect(drafts.map(({ title }) => title)).toEqual([1, 4, 2, 0, 3].map((at) => NEWS[at]?.title));
	});

	test("are remembered one by one: only the changed one is read again", async () => {
		const { site, door } = await village({ etag: true });
		const listing = source(site, door, { url: site.sections.محليات, pages: [site.sections.ثقافة] });
		const first = await listing.poll({}, signal);
		site.publish({ title: "مسرح دمى للأطفال في بستان الحاج مهدي", body: BODY, section: "ثقافة" });
		const second = await listing.poll(first.cursor, signal);
		expect(drafted(second).map(({ title }) => title)).toEqual([
			"مسرح دمى للأطفال في بستان الحاج مهدي",
			NEWS[3].title,
			NEWS[1].title,
		]);
		expect(site.requests.slice(-2).map(({ status }) => status)).toEqual([304, 200]);
		expect(await listing.poll(second.cursor, signal)).toMatchObject({ unchanged: true, cursor: second.cursor });
	});

	test("may be named in sites.yaml", async () => {
		const { site, door } = await village();
		const sites = { "127.0.0.1": { list: { pages: more } } };
		await source(site, door, { sites }).poll({}, signal);
		expect(site.requests.map(({ path }) => path)).toEqual(["/", ...more]);
	});

	test("give what they can when one fails, and its own validators stay", async () => {
		const { site, door } = await village({ etag: true });
		const listing = source(site, door, { url: site.sections.محليات, pages: [site.sections.ثقافة] });
		const first = await listing.poll({}, signal);
		site.set("/قسم/ثقافة", 503);
		site.publish({ title: "مولدة جديدة تنير سوق القرية القديم", body: BODY });
		const second = await listing.poll(first.cursor, signal);
		expect(drafted(second)[0]?.title).toBe("مولدة جديدة تنير سوق القرية القديم");
		const culture = new URL(site.sections.ثقافة).href;
		expect(second.cursor.parts?.[culture]).toEqual(first.cursor.parts?.[culture]);
	});

	test("fail when all fail, with the first one's words", async () => {
		const { site, door } = await village();
		for (const path of ["/", ...more]) site.set(path, 503);
		await expect(source(site, door, { pages: more }).poll({}, signal)).rejects.toMatchObject({ kind: "status" });
	});
});

describe("a listed article is completed from its page", () => {
	const complete = async (listed: string, title: string, more: Partial<Parameters<typeof listingSource>[0]> = {}) => {
		const { site, door } = await village();
		const { url } = site.publish({ title, body: BODY, slug: "خبر-واحد-من-أخبار-القرية" });
		return source(site, door, more).complete({ url, title: listed, tags: [], images: [], source: "القرية" }, signal);
	};
	const WHOLE = "وفد من طلبة الجامعة يوثق أغاني الحصاد في القرية";

	test.each([
		["the page's when the list cut it", "وفد من طلبة الجامعة يوثق…", WHOLE, WHOLE],
		["the page's when the list is shorter", "طلبة الجامعة يوثق أغاني الحصاد", WHOLE, WHOLE],
		["the list's when it says more", `${WHOLE}: عشرون أغنية`, WHOLE, `${WHOLE}: عشرون أغنية`],
		[
			"the list's when the page is about nothing",
			"أغاني الحصاد",
			"الموقع الرسمي لصحيفتنا الأسبوعية المستقلة",
			"أغاني الحصاد",
		],
		["the list's with a stray dot, which the cleaner takes", `.${WHOLE}`, WHOLE, `.${WHOLE}`],
	])("with %s", async (_, listed, title, expected) => {
		const draft = await complete(listed, title);
		expect(draft).toMatchObject({ title: expected, source: "القرية" });
		expect(draft.body?.split("\n")).toEqual(BODY.split("\n").map((line) => line.trim()));
	});

	test("by the source's own selectors, which win over sites.yaml", async () => {
		const sites = { "127.0.0.1": { body: ".copyright" } };
		const selectors = { body: ".article-body p:last-child", title: "h1" };
		const draft = await complete("وفد من طلبة…", WHOLE, { sites, selectors });
		expect(draft.body).toBe(BODY.split("\n")[1]?.trim());
	});

	test("and a list's selector serves the listing page alone", async () => {
		const { site, door } = await village();
		const drafts = drafted(await source(site, door, { selectors: { list: ".sidebar ol a" } }).poll({}, signal));
		expect(drafts.map(({ title }) => title)).toEqual(NEWS.slice(0, 3).map(({ title }) => title));
	});

	test("whose page cannot be read is an error", async () => {
		const { site, door } = await village();
		const [one] = site.articles;
		site.set(`/خبر/${one?.slug}`, 500);
		const draft = { url: one?.url ?? "", title: "x", tags: [], images: [], source: "القرية" };
		await expect(source(site, door).complete(draft, signal)).rejects.toMatchObject({ kind: "status" });
	});
});

import { afterEach, describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { type Web, web } from "../../src/http.ts";
import { feedSource, parseFeed } from "../../src/sources/feed.ts";
import { SourceError } from "../../src/sources/source.ts";
import { type HttpServer, httpServer, type Routes } from "../servers/http.ts";

const AT = { url: "https://news.example/feed/", source: "news" };
const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, contentType?: string) =>
	parseFeed(bytes(text), { ...AT, ...(contentType ? { contentType } : {}) });
const NAMESPACES =
	'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"';
const rss = (items: string) =>
	`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" ${NAMESPACES}><channel><title>موقع</title><link>https://news.example/</link>${items}</channel></rss>`;
const atom = (entries: string) =>
	`<feed xmlns="http://www.w3.org/2005/Atom"><title>موقع</title><link rel="self" href="https://news.example/feed/"/>${entries}</feed>`;
const only = async (text: string): Promise<Draft> => {
	const drafts = await parse(text);
	expect(drafts).toHaveLength(1);
	return drafts[0] as Draft;
};

describe("parseFeed reads", () => {
	test("an RSS item whole", async () => {
		const item = `<item><title>افتتاح جسر &lt;b&gt;السلام&lt;/b&gt; &amp;amp; طريقه</title><link>https://news.example/a?id=1&amp;x=2</link><guid isPermaLink="false">n-1</guid>
			<pubDate>Sun, 01 Mar 2026 12:00:00 +0300</pubDate><dc:creator><![CDATA[زينب حسن]]></dc:creator><category>محليات</category><category><![CDATA[طرق &amp; جسور]]></category><category>محليات</category>
			<description><![CDATA[<p>موجز قصير.</p>]]></description><content:encoded><![CDATA[<p>الفقرة الأولى من الخبر.</p><img src="/a.jpg"><p>الفقرة الثانية.</p>]]></content:encoded></item>`;
		expect(await only(rss(item))).toEqual({
			url: "https://news.example/a?id=1&x=2",
			guid: "n-1",
			title: "افتتاح جسر السلام & طريقه",
			summary: "موجز قصير.",
			body: "الفقرة الأولى من الخبر.\nالفقرة الثانية.",
			tags: ["محليات", "طرق & جسور"],
			author: "زينب حسن",
			images: [{ url: "https://news.example/a.jpg" }],
			publishedAt: "2026-03-01T09:00:00.000Z",
			source: "news",
		});
	});

	test("an Atom entry whole", async () => {
		const entry = `<entry xml:base="https://news.example/2026/"><title type="html">عودة &amp;amp; استقرار</title><link rel="replies" href="c"/><link rel="alternate" href="b"/>
			<id>tag:news.example,2026:2</id><published>2026-03-01T09:00:00Z</published><updated>2026-03-02T09:00:00Z</updated><author><name>علي كريم</name></author><category term="نازحون"/>
			<summary>موجز.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>نص <b>أول</b> &amp; مهم.</p><p>نص ثان.</p><img src="b.jpg"/></div></content></entry>`;
		expect(await only(atom(entry))).toEqual({
			url: "https://news.example/2026/b",
			guid: "tag:news.example,2026:2",
			title: "عودة & استقرار",
			summary: "موجز.",
			body: "نص أول & مهم.\nنص ثان.",
			tags: ["نازحون"],
			author: "علي كريم",
			images: [{ url: "https://news.example/2026/b.jpg" }],
			publishedAt: "2026-03-01T09:00:00.000Z",
			source: "news",
		});
	});

	test("a JSON Feed item whole", async () => {
		const item = {
			id: 7,
			url: "/c",
			title: "أ &amp; ب",
			summary: "موجز.",
			content_html: "<p>نص أطول من الموجز.</p>",
			date_published: "2026-03-01T12:00:00+03:00",
			authors: [{ name: "هدى" }],
			tags: ["ثقافة"],
			image: "/c.jpg",
		};
		expect(
			await only(
				JSON.stringify({
					version: "https://jsonfeed.org/version/1.1",
					title: "موقع",
					items: [item],
				}),
			),
		).toEqual({
			url: "https://news.example/c",
			guid: "7",
			title: "أ & ب",
			summary: "موجز.",
			body: "نص أطول من الموجز.",
			tags: ["ثقافة"],
			author: "هدى",
			images: [{ url: "https://news.example/c.jpg" }],
			publishedAt: "2026-03-01T09:00:00.000Z",
			source: "news",
		});
	});

	const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
	test.each([
		[
			"RSS 0.90",
			`<rdf:RDF ${RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/><item><title>خ</title><link>https://news.example/a</link></item></rdf:RDF>`,
		],
		[
			"RSS 0.91 with its DTD",
			`<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item><title>خ</title><link>https://news.example/a</link></item></channel></rss>`,
		],
		[
			"RSS 1.0",
			`<rdf:RDF ${RDF} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"/><item rdf:about="https://news.example/a"><title>خ</title></item></rdf:RDF>`,
		],
		[
			"Atom 0.3",
			`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">خ</title><link rel="alternate" href="/a"/></entry></feed>`,
		],
		[
			"Atom with a prefix",
			`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>خ</a:title><a:link href="/a"/></a:entry></a:feed>`,
		],
		[
			"RSS with Atom's link beside its own",
			rss(`<item><title>خ</title><atom:link rel="self" href="/x"/><link>/a</link></item>`),
		],
		["permalink guid instead of a link", rss(`<item><title>خ</title><guid>https://news.example/a</guid></item>`)],
		["bytes before the declaration", `\n  Warning: x in y\n${rss("<item><title>خ</title><link>/a</link></item>")}`],
		[
			"bare ampersand",
			rss(`<item><title>خ</title><link>https://news.example/a</link><description>أ & ب &nbsp;</description></item>`),
		],
		["control characters", rss(`<item><title>\u0001خ\u0008</title><link>/a</link></item>`)],
		[
			"base64 title",
			`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="base64">${Buffer.from("خ").toString("base64")}</title><link href="/a"/></entry></feed>`,
		],
		["two closing elements forgotten", `<rss><channel><item><title>خ</title><link>/a</link></item></channel>`],
		["last character forgotten", rss("<item><title>خ</title><link>/a</link></item>").slice(0, -1)],
	])("%s", async (_, text) => {
		expect(await only(text)).toMatchObject({
			title: "خ",
			url: "https://news.example/a",
		});
	});

	test.each([
		["media:content", '<media:content url="/m.jpg" medium="image"/>'],
		["media:group", '<media:group><media:content url="/m.jpg" type="image/jpeg"/></media:group>'],
		["media:thumbnail", '<media:thumbnail url="/m.jpg"/>'],
		["enclosure", '<enclosure url="/m.jpg" type="image/jpeg" length="1"/>'],
		["first picture of the body", "<description>&lt;img src='/m.jpg'&gt;نص</description>"],
	])("the picture in %s", async (_, inside) => {
		const draft = await only(
			rss(`<item><title>خ</title><link>/a</link><enclosure url="/s.mp3" type="audio/mpeg"/>${inside}</item>`),
		);
		expect(draft.images).toEqual([{ url: "https://news.example/m.jpg" }]);
	});

	test("the e-mail form of an RSS author", async () => {
		expect(
			(await only(rss("<item><title>خ</title><link>/a</link><author>desk@news.example (سعاد)</author></item>"))).author,
		).toBe("سعاد");
	});

	test("entries without any address as different articles", async () => {
		const drafts = await parse(rss("<item><title>أ</title></item><item><title>ب</title></item>"));
		expect(new Set(drafts.map(({ url }) => url)).size).toBe(2);
	});

	test("an empty feed as no entries", async () => {
		expect(await parse(rss(""))).toEqual([]);
	});

	test("a javascript: link as none", async () => {
		expect((await only(rss("<item><title>أ</title><link>javascript:alert(1)</link></item>"))).url).toMatch(
			/^https:\/\/news\.example\//,
		);
	});
});

const BOMB = `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>${rss("<item><title>&b;</title></item>").replace(/^<\?xml[^>]*>/, "")}`;

describe("F13, F15: parseFeed refuses all of it", () => {
	test.each([
		["nothing", "", "empty answer"],
		["a page", "<!doctype html><html><body>تسجيل الدخول</body></html>", "HTML page"],
		[
			"a page served as XML",
			'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
			"HTML page",
		],
		["plain words", "لا شيء هنا", "no XML"],
		["other XML", "<urlset><url><loc>x</loc></url></urlset>", "begins with <urlset>"],
		["RSS cut in an item", rss("<item><title>أ</title></item><item><title>ب</title>").slice(0, -20), "breaks off"],
		["RSS cut between items", rss("<item><title>أ</title></item>").replace("</channel></rss>", ""), "breaks off"],
		["Atom cut", atom("<entry><title>أ</title></entry>").slice(0, -7), "breaks off"],
		["JSON cut", '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"', "breaks off"],
		["other JSON", '{"items":[]}', "no JSON Feed"],
		["entities that grow", BOMB, "entities"],
		["an outside entity", BOMB.replace('"ha"', 'SYSTEM "file:///etc/passwd"'), "entities"],
		["20,000 levels", `<rss>${"<a>".repeat(20_000)}`, "deeper"],
	])("%s", async (_, text, sentence) => {
		const error = await parse(text).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		expect(error).toBeInstanceOf(SourceError);
		expect(error).toMatchObject({
			kind: "body",
			message: expect.stringContaining(sentence),
		});
	});
});

describe("feedSource", () => {
	const signal = new AbortController().signal;
	const open: { close(): Promise<void> }[] = [];
	afterEach(async () => {
		for (const one of open.splice(0)) await one.close();
	});

	async function source(routes: Routes, own = true) {
		const site: HttpServer = await httpServer(routes);
		const door: Web = web({
			userAgent: "Mirsal-test",
			allowPrivate: [site.host],
			now: () => new Date("2026-03-01T00:00:00Z"),
		});
		open.push(door, site);
		return {
			site,
			source: feedSource({
				name: "news",
				url: `${site.origin}/feed`,
				web: door,
				sites: {},
				own,
			}),
		};
	}

	const FEED = rss("<item><title>أ</title><link>/a</link></item>");

	test.each([
		["in the feed", "", `<atom:link rel="hub" href="https://hub.example/"/>`],
		["in a Link header", '<https://hub.example/>; rel="hub"', ""],
	])("names the hub that is named %s", async (_, link, markup) => {
		const { site, source: feed } = await source({
			"/feed": (_request, response) => response.writeHead(200, link ? { link } : {}).end(rss(markup)),
		});
		const poll = await feed.poll({}, signal);
		expect(poll.hub).toEqual({ hub: "https://hub.example/", topic: `${site.origin}/feed` });
	});

	test("knows an unchanged feed by its validators", async () => {
		const { source: feed } = await source({
			"/feed": (request, response) =>
				request.headers["if-none-match"] === '"1"'
					? response.writeHead(304).end()
					: response.writeHead(200, { etag: '"1"' }).end(FEED),
		});
		const first = await feed.poll({}, signal);
		expect(first).toMatchObject({
			unchanged: false,
			drafts: [{ title: "أ", source: "news" }],
			cursor: { etag: '"1"' },
		});
		expect(await feed.poll(first.cursor, signal)).toEqual({
			unchanged: true,
			cursor: first.cursor,
		});
	});

	test("knows unchanged bytes by their hash, without parsing them", async () => {
		const { source: feed } = await source({ "/feed": "no feed at all" });
		const { createHash } = await import("node:crypto");
		const hash = createHash("sha256").update("no feed at all").digest("hex");
		expect(await feed.poll({ hash }, signal)).toMatchObject({
			unchanged: true,
			cursor: { hash },
		});
	});

	test.each([
		["Retry-After, own", true, { "retry-after": "120" }, "2026-03-01T09:02:00.000Z"],
		["Retry-After beyond an hour", true, { "retry-after": "99999" }, "2026-03-01T10:00:00.000Z"],
		["max-age, own", true, { "cache-control": "max-age=600" }, undefined],
	])("waits as the site asks: %s", async (_, own, headers, next) => {
		const { source: feed } = await source(
			{
				"/feed": (_request, response) =>
					response
						.writeHead(200, {
							date: "Sun, 01 Mar 2026 09:00:00 GMT",
							...headers,
						})
						.end(FEED),
			},
			own,
		);
		expect((await feed.poll({}, signal)).next?.toISOString()).toBe(next);
	});

	test("completes a short entry from its page and leaves a long one alone", async () => {
		const paragraph =
			"قالت لجنة الإعمار إن العمل في مشروع مجاري ناحية الكحلاء سيبدأ مطلع الشهر المقبل بكلفة أقرها مجلس المحافظة. ";
		const { source: feed, site } = await source({
			"/a": `<html><head><title>مجاري الكحلاء</title></head><body><h1>مجاري الكحلاء</h1><div class="entry-content"><p>${paragraph}</p><p>${paragraph}</p></div></body></html>`,
		});
		const short: Draft = {
			url: `${site.origin}/a`,
			guid: "1",
			title: "عنوان القائمة",
			body: "مقدمة كتبها المحرر.",
			tags: [],
			images: [],
			source: "news",
		};
		const whole = await feed.complete(short, signal);
		expect(whole).toMatchObject({
			url: short.url,
			guid: "1",
			title: "عنوان القائمة",
			summary: "مقدمة كتبها المحرر.",
			source: "news",
		});
		expect(whole.body).toBe(`${paragraph.trim()}\n${paragraph.trim()}`);
		expect(await feed.complete({ ...short, body: paragraph.repeat(3) }, signal)).toMatchObject({
			body: paragraph.repeat(3),
		});
		expect(site.requests).toHaveLength(1);
	});
});

describe("entries that all link to the front page", () => {
	const read = async (items: string) =>
		(
			await parseFeed(
				Buffer.from(`<rss version="2.0"><channel><link>https://news.example/</link>${items}</channel></rss>`),
				{ url: "https://news.example/feed", source: "news" },
			)
		).map(({ url }) => url);
	const entry = (title: string, more = "", link = "https://news.example/") =>
		`<item><title>${title}</title><link>${link}</link>${more}</item>`;

	test("are articles of their own, by their headlines, which stay the same in another list", async () => {
		const [one, two] = await read(entry("افتتاح جسر") + entry("تبليط شارع"));
		expect(new Set([one, two, "https://news.example/"]).size).toBe(3);
		expect(await read(entry("ملعب جديد") + entry("افتتاح جسر"))).toContain(one);
	});

	test("go by the address that is their guid", async () => {
		const guid = (name: string) => `<guid>https://news.example/${name}</guid>`;
		expect(await read(entry("افتتاح جسر", guid("a")) + entry("تبليط شارع", guid("b")))).toEqual([
			"https://news.example/a",
			"https://news.example/b",
		]);
	});

	test("but another address that two of them share is that of one article", async () => {
		const link = "https://news.example/live";
		expect(await read(entry("افتتاح جسر", "", link) + entry("افتتاح جسر: متابعة", "", link))).toEqual([link, link]);
	});
});

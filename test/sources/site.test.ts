import { afterEach, describe, expect, test } from "vitest";
import { type Web, web } from "../../src/http.ts";
import { isArticlePage, isFront } from "../../src/sources/discover.ts";
import { type SiteOptions, siteSource } from "../../src/sources/site.ts";
import { type Cursor, SourceError } from "../../src/sources/source.ts";
import { type HttpServer, httpServer, type Routes } from "../servers/http.ts";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const HEADLINES = [
	"بلدية الحلة تباشر تنظيف جداول المدينة القديمة",
	"افتتاح معرض الكتاب السنوي في قضاء المسيب",
	"تربية بابل تعلن موعد الامتحانات النهائية للمرحلة الإعدادية",
];
const open: (HttpServer | Web)[] = [];
afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
});

const rss = (day = "Mon, 23 Nov 2026 08:00:00 GMT", title = HEADLINES[0]) =>
	`<?xml version="1.0"?><rss version="2.0"><channel><title>ش</title><item><title>${title}</title><link>/news/1</link><pubDate>${day}</pubDate></item></channel></rss>`;
const newsSitemap = (day = "2026-11-23T08:00:00Z") =>
	`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>ORIGIN/news/1</loc><news:news><news:publication_date>${day}</news:publication_date><news:title>${HEADLINES[0]}</news:title></news:news></url></urlset>`;
const posts = JSON.stringify([
	{
		id: 7,
		status: "publish",
		date_gmt: "2026-11-23T08:00:00",
		modified_gmt: "2026-11-23T08:00:00",
		guid: { rendered: "ORIGIN/?p=7" },
		link: "ORIGIN/news/1",
		title: { rendered: HEADLINES[0] },
		content: { rendered: "<p>نص</p>", protected: false },
		excerpt: { rendered: "", protected: false },
	},
]);
const list = HEADLINES.map(
	(title, index) => `<div class="item"><h2><a href="/news/${500 + index}">${title}</a></h2></div>`,
);
const page = (head = "", body = list.join("")) =>
	`<!doctype html><html><head><meta charset="utf-8"><title>شبكة</title>${head}</head><body><nav><a href="/about">من نحن</a></nav>${body}</body></html>`;
const alternate = (href: string, title = "الخلاصة") =>
	`<link rel="alternate" type="application/rss+xml" title="${title}" href="${href}">`;
const API = '<link rel="https://api.w.org/" href="/wp-json/">';

/** A site at these paths, with its own address written in place of ORIGIN. */
async function site(routes: Readonly<Record<string, string>>, at = "/", more: Partial<SiteOptions> = {}) {
	const made: Record<string, Routes[string]> = {};
	const server = await httpServer(made);
	for (const [path, body] of Object.entries(routes)) made[path] = body.replaceAll("ORIGIN", server.origin);
	const door = web({ userAgent: "test", allowPrivate: [server.host], now: () => NOW });
	open.push(server, door);
	const source = siteSource({
		name: "الموقع",
		url: new URL(at, server.origin).href,
		own: true,
		web: door,
		sites: {},
		now: () => NOW,
		...more,
	});
	const short = (url: string) => url.replace(server.origin, "");
	return { source, server, routes: made, short };
}
const signal = new AbortController().signal;

describe("finds the best door", () => {
	test.each<[name: string, routes: Record<string, string>, kind: string, door: string]>([
		["a feed", { "/": rss() }, "feed", "/"],
		["a news sitemap", { "/": newsSitemap() }, "sitemap", "/"],
		[
			"WordPress before its feed",
			{ "/": page(API + alternate("/feed/")), "/wp-json/wp/v2/posts": posts, "/feed/": rss() },
			"wordpress",
			"/wp-json/",
		],
		[
			"WordPress known by its generator alone",
			{ "/": page('<meta name="generator" content="WordPress 6.8">'), "/wp-json/wp/v2/posts": posts },
			"wordpress",
			"/wp-json/",
		],
		[
			"the feed where WordPress keeps its interface shut",
			{ "/": page(API + alternate("/feed/")), "/feed/": rss() },
			"feed",
			"/feed/",
		],
		[
			"a feed that the page names",
			{ "/": page(alternate("rss/news.php")), "/rss/news.php": rss() },
			"feed",
			"/rss/news.php",
		],
		[
			"never the feed of the comments",
			{
				"/": page(alternate("/comments/feed/", "التعليقات") + alternate("/all.xml")),
				"/comments/feed/": rss(),
				"/all.xml": rss(),
			},
			"feed",
			"/all.xml",
		],
		[
			"a fresh feed before a forgotten one",
			{
				"/": page(alternate("/old.xml") + alternate("/new.xml")),
				"/old.xml": rss("Mon, 07 Jan 2019 08:00:00 GMT"),
				"/new.xml": rss(),
			},
			"feed",
			"/new.xml",
		],
		[
			"a news sitemap that robots.txt names",
			{
				"/": page(),
				"/robots.txt": "User-agent: *\nSitemap: ORIGIN/pages.xml\nsitemap: ORIGIN/sm/news.xml",
				"/sm/news.xml": newsSitemap(),
			},
			"sitemap",
			"/sm/news.xml",
		],
		["a feed at a usual place", { "/": page(), "/rss.xml": rss() }, "feed", "/rss.xml"],
		["the page itself where there is nothing else", { "/": page() }, "listing", "/"],
		[
			"the page itself before a forgotten feed",
			{ "/": page(alternate("/old.xml")), "/old.xml": rss("Mon, 07 Jan 2019 08:00:00 GMT") },
			"listing",
			"/",
		],
	])("%s", async (_name, routes, kind, door) => {
		const { source, short } = await site(routes);
		const found = await source.discover(signal);
		expect({ kind: found.door.kind, door: short(found.door.url ?? "/") }).toEqual({ kind, door });
		expect(found.poll.drafts.length).toBeGreaterThan(0);
		expect(found.why).not.toBe("");
	});

	test("a forgotten feed where there is nothing better", async () => {
		const { source } = await site({
			"/": page(alternate("/old.xml"), "<p>قريبا</p>"),
			"/old.xml": rss("Mon, 07 Jan 2019 08:00:00 GMT"),
		});
		expect((await source.discover(signal)).door.kind).toBe("feed");
	});

	test("a section by its own feed or its own list, never the whole site's", async () => {
		const routes = { "/": page(API), "/wp-json/wp/v2/posts": posts, "/feed/": rss(), "/sport/feed/": rss() };
		const named = await site(
			{ ...routes, "/sport/": page(API + alternate("/feed/") + alternate("/sport/feed/")) },
			"/sport/",
		);
		expect(named.short((await named.source.discover(signal)).door.url ?? "")).toBe("/sport/feed/");
		const bare = await site({ ...routes, "/sport/": page(API + alternate("/feed/")) }, "/sport/");
		expect(await bare.source.discover(signal)).toMatchObject({ door: { kind: "listing" } });
	});

	test("F11: an address that names a feed is never read as a page of news", async () => {
		for (const at of ["/feed/", "/rss.xml", "/sport/rss", "/news.rss"]) {
			const { source } = await site({ [at]: page() }, at);
			await expect(source.poll({}, signal)).rejects.toThrow(/HTML page instead of a feed/);
		}
	});

	test("the credentials of an address open the doors behind it, and are never kept", async () => {
		const { server, routes } = await site({});
		const guarded =
			(body: string): Routes[string] =>
			(request, response) =>
				request.headers.authorization === `Basic ${Buffer.from("desk:secret").toString("base64")}`
					? response.end(body)
					: response.writeHead(401).end();
		routes["/"] = guarded(page(alternate("/all.xml")));
		routes["/all.xml"] = guarded(rss());
		const named = server.origin.replace("//", "//desk:secret@");
		const door = web({ userAgent: "test", allowPrivate: [server.host], now: () => NOW });
		open.push(door);
		const source = siteSource({ name: "x", url: `${named}/`, own: true, web: door, sites: {}, now: () => NOW });
		const poll = await source.poll({}, signal);
		expect(poll).toMatchObject({ unchanged: false, cursor: { door: { kind: "feed" } } });
		expect(await source.poll(poll.cursor, signal)).toMatchObject({ unchanged: true });
		expect(JSON.stringify(poll.cursor)).not.toContain("secret");
	});

	test("F11: a page without any article says what it is, and is never an empty list", async () => {
		const captcha = await site({ "/": page("", '<form id="challenge-form"></form>') });
		await expect(captcha.source.poll({}, signal)).rejects.toThrow(/captcha/);
		const login = await site({ "/": page("", '<form><input type="password"></form>') });
		await expect(login.source.poll({}, signal)).rejects.toThrow(SourceError);
	});
});

describe("reads through the door it found", () => {
	test("and asks the front page no more", async () => {
		const { source, server } = await site({ "/": page(alternate("/all.xml")), "/all.xml": rss() });
		const first = await source.poll({}, signal);
		expect(first).toMatchObject({ unchanged: false, cursor: { door: { kind: "feed" } } });
		const before = server.requests.length;
		const second = await source.poll(first.cursor, signal);
		expect(second).toMatchObject({ unchanged: true, cursor: first.cursor });
		expect(server.requests.slice(before).map(({ url }) => url)).toEqual(["/all.xml"]);
	});

	test("a feed is asked once at the first look, as before", async () => {
		const { source, server } = await site({ "/feed": rss() }, "/feed");
		const { cursor } = await source.poll({}, signal);
		expect(server.requests).toHaveLength(1);
		expect(await source.poll(cursor, signal)).toMatchObject({ unchanged: true });
		expect(server.requests).toHaveLength(2);
	});

	test("a cursor of the first version, which knew feeds alone, goes on", async () => {
		const { source } = await site({ "/feed": rss() }, "/feed");
		const { cursor } = await source.poll({}, signal);
		const { door: _door, ...old } = cursor;
		const poll = await source.poll(old, signal);
		expect(poll).toEqual({ unchanged: true, cursor });
	});

	test("a list's articles are completed from their pages, a feed's only when they are short", async () => {
		const text = "بدأت ملاكات البلدية صباح اليوم أعمال تنظيف الجداول التي تمر في أحياء المدينة القديمة.";
		const article = `<!doctype html><html><head><title>${HEADLINES[0]}</title></head><body><h1>${HEADLINES[0]}</h1><article><p>${text}</p><p>${text} مرة أخرى.</p></article></body></html>`;
		const { source } = await site({ "/": page(), "/news/500": article });
		const poll = await source.poll({}, signal);
		const [draft] = poll.unchanged ? [] : poll.drafts;
		if (!draft) throw new Error("nothing was listed");
		expect((await source.complete(draft, signal)).body).toContain("أحياء المدينة القديمة");
	});
});

describe("another door", () => {
	test.each<[name: string, at: string, cursor: (origin: string) => Cursor, found: string | undefined]>([
		[
			"of the page that was named",
			"/",
			(origin) => ({ door: { kind: "feed", url: `${origin}/all.xml` } }),
			"listing /",
		],
		["of a site whose main feed was named", "/feed/", () => ({ door: { kind: "feed" } }), "feed /all.xml"],
		["never for a feed of a section", "/sport/feed", () => ({ door: { kind: "feed" } }), undefined],
		["none where none was found yet", "/", () => ({}), undefined],
	])("%s", async (_name, at, cursor, found) => {
		const { source, server, short } = await site({ "/": page(alternate("/all.xml")), "/all.xml": rss() }, at);
		const door = (await source.reopen?.(cursor(server.origin), signal))?.door;
		expect(door && `${door.kind} ${short(door.url ?? "/")}`).toBe(found);
	});

	test("none while the whole site is down", async () => {
		const { source, server } = await site({});
		expect(await source.reopen?.({ door: { kind: "feed", url: `${server.origin}/all.xml` } }, signal)).toBeUndefined();
	});
});

test.each([
	["https://a.example/", true],
	["https://a.example/index.php", true],
	["https://a.example/ar", true],
	["https://a.example/ar/", true],
	["https://a.example/en-us", true],
	["https://a.example/?id=5", false],
	["https://a.example/sport", false],
	["https://a.example/2026/11/news", false],
])("front page %s: %s", (url, expected) => expect(isFront(url)).toBe(expected));

test.each([
	["Open Graph", '<meta property="og:type" content="article">', true],
	["Open Graph the other way round", "<meta content='article' property='og:type' />", true],
	["schema.org", '<script type="application/ld+json">{"@type":"NewsArticle"}</script>', true],
	["schema.org with several types", '<script>{"@type": ["ReportageNewsArticle","X"]}</script>', true],
	["a site", '<meta property="og:type" content="website">', false],
	["a section", '<script>{"@type":"CollectionPage"}</script>', false],
])("an article's page by %s: %s", (_name, head, expected) => {
	expect(isArticlePage(`<html><head>${head}</head></html>`)).toBe(expected);
});

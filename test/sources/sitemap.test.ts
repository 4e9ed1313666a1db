import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { type Web, web } from "../../src/http.ts";
import { sitemapSource } from "../../src/sources/sitemap.ts";
import { parseSitemap } from "../../src/sources/sitemap-file.ts";
import { articlesOf, childrenToRead, type SitemapEntry } from "../../src/sources/sitemap-picks.ts";
import type { Cursor, Poll } from "../../src/sources/source.ts";
import { SourceError } from "../../src/sources/source.ts";
import { type HttpServer, httpServer, type Routes } from "../servers/http.ts";

const SITE = "https://news.example";
const URLSET =
	'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">';
const urlset = (urls: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${URLSET}${urls}</urlset>`;
const index = (...children: readonly (string | readonly [loc: string, lastmod: string])[]) =>
	`<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${children
		.map((child) => (typeof child === "string" ? [child] : child))
		.map(([loc, lastmod]) => `<sitemap><loc>${loc}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ""}</sitemap>`)
		.join("")}</sitemapindex>`;
const page = (loc: string, lastmod?: string) =>
	`<url><loc>${loc}</loc>${lastmod ? `<lastmod>${lastmod}</lastmod>` : ""}</url>`;
const news = (loc: string, title: string, date: string, more = "") =>
	`<url><loc>${loc}</loc><news:news><news:publication><news:name>شبكة</news:name><news:language>ar</news:language></news:publication><news:publication_date>${date}</news:publication_date><news:title>${title}</news:title>${more}</news:news></url>`;
const parse = (text: string) => parseSitemap(text, `${SITE}/sitemap.xml`);
const listed = (text: string): readonly SitemapEntry[] => {
	const sitemap = parse(text);
	if (sitemap.kind !== "list") throw new Error("an index");
	return sitemap.entries;
};

describe("parseSitemap reads", () => {
	test("a news sitemap whole", () => {
		const entry = `<url><loc>${SITE}/2026/11/sadd-mosul?a=1&amp;b=2</loc><lastmod>2026-11-23T10:00:00+03:00</lastmod>
			<news:news><news:publication><news:name>شبكة</news:name><news:language>ar</news:language></news:publication>
			<news:publication_date>2026-11-23T09:30:00+03:00</news:publication_date>
			<news:title><![CDATA[سد الموصل & خزينه: ارتفاع <b>جديد</b>]]></news:title><news:keywords>نينوى، مياه, سدود , مياه</news:keywords></news:news>
			<image:image><image:loc>/up/sadd.jpg</image:loc><image:title>عنوان الصورة</image:title></image:image></url>`;
		expect(listed(urlset(entry))).toEqual([
			{
				url: `${SITE}/2026/11/sadd-mosul?a=1&b=2`,
				changedAt: "2026-11-23T07:00:00.000Z",
				publishedAt: "2026-11-23T06:30:00.000Z",
				news: {
					title: "سد الموصل & خزينه: ارتفاع جديد",
					tags: ["نينوى", "مياه", "سدود"],
					images: [`${SITE}/up/sadd.jpg`],
				},
			},
		]);
	});

	test.each<[name: string, text: string, gives: readonly SitemapEntry[]]>([
		[
			"an address with its date",
			urlset(page(`${SITE}/a`, "2026-11-20T08:00:00Z")),
			[{ url: `${SITE}/a`, changedAt: "2026-11-20T08:00:00.000Z" }],
		],
		[
			"a day without a time",
			urlset(page(`${SITE}/a`, "2026-11-20")),
			[{ url: `${SITE}/a`, changedAt: "2026-11-20T00:00:00.000Z" }],
		],
		[
			"a date of another writing",
			urlset(page(`${SITE}/a`, "20/11/2026 08:00")),
			[{ url: `${SITE}/a`, changedAt: "2026-11-20T08:00:00.000Z" }],
		],
		["a date that is none", urlset(page(`${SITE}/a`, "قريبا")), [{ url: `${SITE}/a` }]],
		[
			"a news date without a time: the page knows better",
			urlset(news(`${SITE}/a`, "خبر", "2026-11-20")),
			[{ url: `${SITE}/a`, news: { title: "خبر", tags: [], images: [] } }],
		],
		["CDATA", urlset(page(`<![CDATA[ ${SITE}/a?x=1&y=2 ]]>`)), [{ url: `${SITE}/a?x=1&y=2` }]],
		[
			"ampersands escaped twice, or not at all",
			urlset(page(`${SITE}/a?x=1&amp;amp;y=2&z=3`)),
			[{ url: `${SITE}/a?x=1&y=2&z=3` }],
		],
		["a relative address", urlset(page("/a")), [{ url: `${SITE}/a` }]],
		["Arabic letters in an address", urlset(page(`${SITE}/خبر`)), [{ url: `${SITE}/%D8%AE%D8%A8%D8%B1` }]],
		[
			"www. and m. of the same site",
			urlset(page("http://www.news.example/a") + page("https://m.news.example/b")),
			[{ url: "http://www.news.example/a" }, { url: "https://m.news.example/b" }],
		],
		[
			"no address of another site",
			urlset(page(`${SITE}/a`) + page("https://other.example/b") + page("https://news.example.org/c")),
			[{ url: `${SITE}/a` }],
		],
		[
			"no entry without an address",
			urlset(`<url><lastmod>2026-11-20</lastmod></url>${page(`${SITE}/a`)}${page("mailto:a@b.c")}`),
			[{ url: `${SITE}/a` }],
		],
		["a byte order mark and blank lines", `\uFEFF\n\n${urlset(page(`${SITE}/a`))}`, [{ url: `${SITE}/a` }]],
		["no namespace", `<urlset>${page(`${SITE}/a`)}</urlset>`, [{ url: `${SITE}/a` }]],
		[
			"other prefixes and a wrong namespace",
			`<sm:urlset xmlns:sm="http://www.google.com/schemas/sitemap/0.84" xmlns:n="https://example.org/news"><sm:url><sm:loc>${SITE}/a</sm:loc><n:news><n:title>خبر</n:title><n:publication_date>2026-11-20T08:00:00Z</n:publication_date></n:news></sm:url></sm:urlset>`,
			[{ url: `${SITE}/a`, publishedAt: "2026-11-20T08:00:00.000Z", news: { title: "خبر", tags: [], images: [] } }],
		],
		[
			"no address of absurd length",
			urlset(page(`${SITE}/${"1".repeat(5000)}`) + page(`${SITE}/a`)),
			[{ url: `${SITE}/a` }],
		],
		["text before the XML", `\n<!-- made by a plug-in -->\n${urlset(page(`${SITE}/a`))}`, [{ url: `${SITE}/a` }]],
		["an empty sitemap", urlset(""), []],
		["an empty sitemap in one tag", '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', []],
		[
			"a plain list of addresses",
			`${SITE}/a\r\n\r\n  ${SITE}/b \nhttps://other.example/c\nكلمة\n`,
			[{ url: `${SITE}/a` }, { url: `${SITE}/b` }],
		],
	])("%s", (_, text, gives) => expect(listed(text)).toEqual(gives));

	test("an index", () => {
		expect(parse(index([`${SITE}/a.xml`, "2026-11-20"], `${SITE}/b.xml`, "https://other.example/c.xml"))).toEqual({
			kind: "index",
			children: [{ url: `${SITE}/a.xml`, changedAt: "2026-11-20T00:00:00.000Z" }, { url: `${SITE}/b.xml` }],
		});
	});
});

describe("parseSitemap refuses", () => {
	test.each([
		["nothing", "\uFEFF \n", /empty answer/],
		["a page", "<!DOCTYPE html><html><body><urlset></urlset></body></html>", /HTML page instead of a sitemap/],
		["a page declared as XML", '<?xml version="1.0"?><!DOCTYPE html><html></html>', /HTML page/],
		["words", "غير موجود", /is no sitemap/],
		["a feed", '<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', /begins with <rss>/],
		["half a sitemap", urlset(page(`${SITE}/a`) + page(`${SITE}/b`)).slice(0, -30), /breaks off/],
		[
			"entities that grow",
			`<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${urlset(page(`${SITE}/&b;`)).replace(/^.*\n/, "")}`,
			/declares entities/,
		],
		[
			"an outside entity",
			`<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset></urlset>`,
			/declares entities/,
		],
		[
			"other sites alone",
			urlset(page("https://staging.example/a")),
			/no address of its own site, but https:\/\/staging\.example\/a/,
		],
		["an index of other sites alone", index("https://other.example/a.xml"), /no address of its own site/],
		["absurd nesting", `<urlset>${"<url>".repeat(5000)}`, /deeper/],
	])("%s", (_, text, message) => {
		expect(() => parse(text)).toThrow(SourceError);
		expect(() => parse(text)).toThrow(message);
	});
});

describe("the children of an index", () => {
	const chosen = (...children: readonly (string | readonly [string, string])[]) =>
		childrenToRead(
			children.map((child) =>
				typeof child === "string" ? { url: `${SITE}/${child}` } : { url: `${SITE}/${child[0]}`, changedAt: child[1] },
			),
		).map((url) => url.slice(SITE.length + 1));

	test.each<[name: string, children: readonly (string | readonly [string, string])[], gives: readonly string[]]>([
		[
			"WordPress's own: the last two of the posts",
			[
				...[1, 2, 9, 10].map((number) => `wp-sitemap-posts-post-${number}.xml`),
				"wp-sitemap-posts-page-1.xml",
				"wp-sitemap-taxonomies-category-1.xml",
				"wp-sitemap-taxonomies-post_tag-1.xml",
				"wp-sitemap-users-1.xml",
			],
			["wp-sitemap-posts-post-10.xml", "wp-sitemap-posts-post-9.xml"],
		],
		[
			"WordPress's own, without fine addresses",
			[
				"?sitemap=posts&sitemap-subtype=post&paged=1",
				"?sitemap=posts&sitemap-subtype=page&paged=1",
				"?sitemap=taxonomies&sitemap-subtype=category&paged=1",
			],
			["?sitemap=posts&sitemap-subtype=post&paged=1"],
		],
		[
			"Yoast's: those that changed last",
			[
				["post-sitemap.xml", "2026-11-22"],
				["post-sitemap2.xml", "2024-01-01"],
				["post-sitemap12.xml", "2026-11-23"],
				["page-sitemap.xml", "2026-11-23"],
				["category-sitemap.xml", "2026-11-23"],
				["post_tag-sitemap.xml", "2026-11-23"],
				["author-sitemap.xml", "2026-11-23"],
			],
			["post-sitemap12.xml", "post-sitemap.xml", "post-sitemap2.xml"],
		],
		[
			"the first of a family has no number",
			["post-sitemap.xml", "post-sitemap2.xml", "post-sitemap3.xml"],
			["post-sitemap3.xml", "post-sitemap2.xml"],
		],
		[
			"news first",
			[
				["posts-1.xml", "2026-11-23"],
				["news-sitemap.xml", "2026-11-22"],
			],
			["news-sitemap.xml", "posts-1.xml"],
		],
		[
			"months by their numbers",
			["sitemap-2026-9.xml", "sitemap-2026-11.xml", "sitemap-2026-10.xml", "sitemap-2025-12.xml"],
			["sitemap-2026-11.xml", "sitemap-2026-10.xml"],
		],
		[
			"one hour written on all of them tells nothing",
			[
				["s-1.xml", "2026-11-23"],
				["s-2.xml", "2026-11-23"],
				["s-3.xml", "2026-11-23"],
			],
			["s-3.xml", "s-2.xml"],
		],
		[
			"five at most",
			["a", "b", "c", "d", "e", "f", "g"].map((name, day): [string, string] => [`${name}.xml`, `2026-11-1${day}`]),
			["g.xml", "f.xml", "e.xml", "d.xml", "c.xml"],
		],
		[
			"numbered parts of one sitemap are no page kind",
			["sitemap.xml?page=1", "sitemap.xml?page=2"],
			["sitemap.xml?page=2", "sitemap.xml?page=1"],
		],
		[
			"a number in a folder of articles",
			["sitemaps/articles/7.xml", "sitemaps/tags/3.xml"],
			["sitemaps/articles/7.xml"],
		],
		[
			"archives of dates, not the archive of a month",
			["sitemap-archives.xml", "archive-2026-11.xml"],
			["archive-2026-11.xml"],
		],
		["names that leave nothing are passed over", ["page-1.xml", "page-2.xml"], ["page-2.xml", "page-1.xml"]],
		["none", [], []],
	])("%s", (_, children, gives) => expect(chosen(...children)).toEqual(gives));
});

describe("the articles of a sitemap", () => {
	const pick = (
		entries: readonly SitemapEntry[],
		file: { url?: string; first?: boolean; since?: string | undefined } = {},
	) => articlesOf(entries, { url: `${SITE}/sitemap.xml`, first: true, since: undefined, ...file });
	const paths = (entries: readonly SitemapEntry[]) => entries.map(({ url }) => decodeURI(url.slice(SITE.length)));
	const at = (...list: readonly string[]) => list.map((path) => ({ url: new URL(path, SITE).href }));
	const LONG = ["/basra-port-opens-new-terminal", "/افتتاح-محطة-ماء-جديدة-في-ميسان", "/local/48213-title"];

	test.each<[name: string, kept: readonly string[], left: readonly string[]]>([
		["the front page", [], ["/", "/ar/", "/index.xml"]],
		[
			"categories, tags, authors, further pages",
			[],
			["/category/iraq/", "/tag/water", "/author/sura", "/page/2", "/وسم/مياه"],
		],
		["archives of days", [], ["/2026/", "/2026/11/", "/2026/11/23/"]],
		["sections beside articles", [], ["/sport", "/economy/"]],
		["a section that is the folder of others", ["/iraq/local/jisr-qadim", "/iraq/local/maa-jadid"], ["/iraq/local/"]],
		["files", [], ["/report.pdf", "/up/a.jpg"]],
		["a short slug in a folder", ["/news/hello-world", "/2026/11/amal/"], []],
		["numbers", ["/news/48213", "/?p=48213", "/article.php?id=482"], []],
	])("without what is none: %s", (_, kept, left) => {
		expect(paths(pick(at(...LONG, ...left, ...kept))).sort()).toEqual([...LONG, ...kept].sort());
	});

	test("keeps short addresses where all are short, and those of a sitemap of posts", () => {
		expect(paths(pick(at("/amal", "/sabah")))).toEqual(["/sabah", "/amal"]);
		expect(paths(pick(at(...LONG, "/amal", "/"), { url: `${SITE}/post-sitemap.xml` }))).toContain("/amal");
	});

	const entry = (number: number, changedAt?: string): SitemapEntry => ({
		url: `${SITE}/khabar/khabar-jadid-min-madina-${number}`,
		...(changedAt ? { changedAt } : {}),
	});
	const told = (entries: readonly SitemapEntry[]) => entries.map(({ url }) => Number(/\d+$/.exec(url)?.[0]));
	const hour = (hours: number) => new Date(Date.UTC(2026, 10, 1, hours)).toISOString();

	test.each<[name: string, entries: readonly SitemapEntry[], gives: readonly number[]]>([
		["by their dates", [entry(1, hour(1)), entry(2, hour(9)), entry(3, hour(5))], [2, 3, 1]],
		["the last ones first, where there are no dates", [entry(1), entry(2), entry(3)], [3, 2, 1]],
		["as listed, where their numbers fall", [entry(48213), entry(48212), entry(48210)], [48213, 48212, 48210]],
		["as without dates, where all have the same", [1, 2, 3].map((number) => entry(number, hour(1))), [3, 2, 1]],
		["those of a day as the list goes", [entry(1, hour(24)), entry(2, hour(24)), entry(3, hour(48))], [3, 2, 1]],
		[
			"those of a day as a list goes that begins with the latest",
			[entry(3, hour(48)), entry(2, hour(24)), entry(1, hour(24))],
			[3, 2, 1],
		],
		["those without a date last", [entry(1), entry(2, hour(2)), entry(3, hour(3))], [3, 2, 1]],
	])("newest first: %s", (_, entries, gives) => expect(told(pick(entries))).toEqual(gives));

	test("leaves out dates that tell nothing", () => {
		expect(pick([1, 2, 3].map((number) => entry(number, hour(1)))).some((one) => "changedAt" in one)).toBe(false);
	});

	test("gives the 1,000 newest of 50,000", () => {
		const many = Array.from({ length: 50_000 }, (_, number) => entry(number, hour((number * 7919) % 50_000)));
		const newest = pick(many);
		expect(newest).toHaveLength(1000);
		expect(newest[0]?.changedAt).toBe(hour(49_999));
		expect(newest.at(-1)?.changedAt).toBe(hour(49_000));
		expect(pick(Array.from({ length: 50_000 }, (_, number) => entry(number)))).toHaveLength(1000);
	});

	test("after the first visit gives what changed since, with two days' grace", () => {
		const week = Array.from({ length: 168 }, (_, number) => entry(number, hour(number)));
		expect(told(pick(week, { first: false, since: hour(160) }))).toEqual(
			Array.from({ length: 56 }, (_, number) => 167 - number),
		);
	});

	test("an article taken down brings no old one into sight where nothing has a date", () => {
		const many = Array.from({ length: 3000 }, (_, number) => entry(number));
		const seen = new Set(told(pick(many)));
		expect(told(pick(many.slice(0, -100), { first: false })).filter((number) => !seen.has(number))).toEqual([]);
	});
});

describe("sitemapSource", () => {
	const signal = new AbortController().signal;
	const open: { close(): Promise<void> }[] = [];
	afterEach(async () => {
		for (const one of open.splice(0)) await one.close();
	});

	/** A site whose files may change, with the validators that a static server gives. */
	async function site(write: (origin: string) => Readonly<Record<string, string | Buffer | number>>) {
		let files: Readonly<Record<string, string | Buffer | number>> = {};
		const asked: string[] = [];
		// What is served changes while the server runs: every path is looked up when it is asked for.
		const routes: Routes = new Proxy(
			{},
			{
				get:
					(_, path: string): Routes[string] =>
					(request, response) => {
						const file = files[path] ?? 404;
						if (typeof file === "number") {
							asked.push(`${path} ${file}`);
							response.writeHead(file).end();
							return;
						}
						const etag = `"${createHash("sha1").update(file).digest("hex")}"`;
						const headers = { etag, date: "Tue, 24 Nov 2026 00:00:00 GMT" };
						const same = request.headers["if-none-match"] === etag;
						asked.push(`${path} ${same ? 304 : 200}`);
						if (same) response.writeHead(304, headers).end();
						else response.writeHead(200, headers).end(file);
					},
			},
		);
		const server: HttpServer = await httpServer(routes);
		const door: Web = web({
			userAgent: "Mirsal-test",
			allowPrivate: [server.host],
			now: () => new Date("2026-11-23T12:00:00Z"),
		});
		open.push(door, server);
		files = write(server.origin);
		const source = sitemapSource({
			name: "خريطة",
			url: `${server.origin}/sitemap.xml`,
			web: door,
			sites: {},
			own: true,
		});
		return {
			origin: server.origin,
			source,
			change: (more: Readonly<Record<string, string | Buffer | number>>) => {
				files = { ...files, ...more };
			},
			/** What was asked for since the last time somebody wanted to know. */
			asked: () => asked.splice(0),
		};
	}
	const pathsOf = (poll: Poll) =>
		poll.unchanged ? "unchanged" : poll.drafts.map(({ url }) => decodeURI(new URL(url).pathname));
	const TODAY = "2026-11-23T09:00:00Z";

	test("gives the articles of a news sitemap", async () => {
		const { source, origin } = await site((origin) => ({
			"/sitemap.xml": urlset(
				news(`${origin}/a`, "إطلاق حصة مائية للأهوار", "2026-11-23T08:00:00Z", "<news:keywords>أهوار</news:keywords>") +
					news(`${origin}/b`, "سوق الشورجة يعاود العمل", TODAY),
			),
		}));
		const poll = await source.poll({}, signal);
		expect(poll.unchanged ? [] : poll.drafts).toEqual([
			{
				url: `${origin}/b`,
				title: "سوق الشورجة يعاود العمل",
				tags: [],
				images: [],
				publishedAt: "2026-11-23T09:00:00.000Z",
				source: "خريطة",
			},
			{
				url: `${origin}/a`,
				title: "إطلاق حصة مائية للأهوار",
				tags: ["أهوار"],
				images: [],
				publishedAt: "2026-11-23T08:00:00.000Z",
				source: "خريطة",
			},
		]);
		expect(poll.cursor.since).toBe("2026-11-23T09:00:00.000Z");
	});

	test("says of an ordinary entry what changes with it, and nothing of its publication", async () => {
		const { source, origin, change } = await site((origin) => ({
			"/sitemap.xml": urlset(page(`${origin}/n/khabar-1001`, TODAY)),
		}));
		const first = await source.poll({}, signal);
		const [draft] = first.unchanged ? [] : first.drafts;
		expect(draft).toEqual({
			url: `${origin}/n/khabar-1001`,
			title: "",
			tags: [],
			images: [],
			source: "خريطة",
			stamp: expect.any(String),
		});
		change({ "/sitemap.xml": urlset(page(`${origin}/n/khabar-1001`, "2026-11-23T09:30:00Z")) });
		const second = await source.poll(first.cursor, signal);
		expect(second.unchanged ? undefined : second.drafts[0]?.stamp).not.toBe(draft?.stamp);
		expect(second.cursor.since).toBe("2026-11-23T09:30:00.000Z");
	});

	test("completes an ordinary entry from its page", async () => {
		const paragraph = "أعلنت دائرة صحة ديالى بدء حملة تلقيح في ست نواح بمشاركة أربعين فرقة جوالة حتى نهاية الأسبوع. ";
		const { source, origin } = await site((origin) => ({
			"/sitemap.xml": urlset(page(`${origin}/a`)),
			"/a": `<html><head><title>حملة تلقيح في ديالى</title><meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-23T07:00:00Z"></head><body><h1>حملة تلقيح في ديالى</h1><div class="entry-content"><p>${paragraph}</p><p>${paragraph}</p></div></body></html>`,
		}));
		const poll = await source.poll({}, signal);
		const draft = await source.complete((poll.unchanged ? [] : poll.drafts)[0] as Draft, signal);
		expect(draft).toMatchObject({
			url: `${origin}/a`,
			title: "حملة تلقيح في ديالى",
			publishedAt: "2026-11-23T07:00:00.000Z",
		});
		expect(draft.body).toContain("ست نواح");
	});

	const yoast = (origin: string) => ({
		"/sitemap.xml": index(
			[`${origin}/post-sitemap1.xml`, "2026-11-20"],
			[`${origin}/post-sitemap2.xml`, "2026-11-23"],
			[`${origin}/news-sitemap.xml`, "2026-11-23"],
			[`${origin}/page-sitemap.xml`, "2026-11-23"],
		),
		"/news-sitemap.xml": urlset(news(`${origin}/khabar-akhir-1003`, "آخر خبر", TODAY)),
		"/post-sitemap1.xml": urlset(page(`${origin}/khabar-qadim-1001`, "2026-11-20T10:00:00Z")),
		"/post-sitemap2.xml": urlset(
			page(`${origin}/khabar-sabiq-1002`, "2026-11-22T10:00:00Z") + page(`${origin}/khabar-akhir-1003`, TODAY),
		),
	});

	test("follows an index, news first, and gives each article once as the news sitemap has it", async () => {
		const { source, asked } = await site(yoast);
		const poll = await source.poll({}, signal);
		expect(asked()).toEqual([
			"/sitemap.xml 200",
			"/news-sitemap.xml 200",
			"/post-sitemap2.xml 200",
			"/post-sitemap1.xml 200",
		]);
		expect(pathsOf(poll)).toEqual(["/khabar-akhir-1003", "/khabar-sabiq-1002", "/khabar-qadim-1001"]);
		expect(poll.unchanged ? "" : poll.drafts[0]?.title).toBe("آخر خبر");
		expect(poll.cursor.since).toBe("2026-11-23T09:00:00.000Z");
	});

	test("a look at which nothing changed asks conditionally alone", async () => {
		const { source, asked } = await site(yoast);
		const first = await source.poll({}, signal);
		asked();
		expect(await source.poll(first.cursor, signal)).toEqual({ unchanged: true, cursor: first.cursor });
		expect(asked()).toEqual([
			"/sitemap.xml 304",
			"/news-sitemap.xml 304",
			"/post-sitemap2.xml 304",
			"/post-sitemap1.xml 304",
		]);
	});

	test("finds a changed child behind an unchanged index, and leaves the unchanged ones alone", async () => {
		const { source, asked, change, origin } = await site(yoast);
		const first = await source.poll({}, signal);
		asked();
		change({ "/news-sitemap.xml": urlset(news(`${origin}/khabar-1004`, "خبر جديد", "2026-11-23T10:00:00Z")) });
		const second = await source.poll(first.cursor, signal);
		expect(pathsOf(second)).toEqual(["/khabar-1004"]);
		expect(asked()).toEqual([
			"/sitemap.xml 304",
			"/news-sitemap.xml 200",
			"/post-sitemap2.xml 304",
			"/post-sitemap1.xml 304",
		]);
		expect(await source.poll(second.cursor, signal)).toMatchObject({ unchanged: true });
	});

	test("an article of the unchanged news sitemap does not lose its title to an ordinary one that changed", async () => {
		const { source, change, origin } = await site(yoast);
		const first = await source.poll({}, signal);
		change({
			"/post-sitemap2.xml": urlset(
				page(`${origin}/khabar-sabiq-1002`, "2026-11-23T10:00:00Z") + page(`${origin}/khabar-akhir-1003`, TODAY),
			),
		});
		const second = await source.poll(first.cursor, signal);
		expect(second.unchanged ? [] : second.drafts.map(({ title }) => title)).toEqual(["", "آخر خبر"]);
	});

	test.each<[name: string, write: (origin: string, hour: number) => string, partial: true | undefined]>([
		[
			"an ordinary sitemap",
			(origin, hour) => urlset(page(`${origin}/khabar-1001`, `2026-11-23T0${hour}:00:00Z`)),
			true,
		],
		["an index", (origin, hour) => `${index(`${origin}/news-1.xml`)}<!-- ${hour} -->`, true],
		["a news sitemap", (origin, hour) => urlset(news(`${origin}/a`, `خبر ${hour}`, TODAY)), undefined],
	])("says whether a later look gives the whole list: %s", async (_, write, partial) => {
		const ofNews = (origin: string, hour: number) => urlset(news(`${origin}/a`, `خبر ${hour}`, TODAY));
		const files = (origin: string, hour: number) => ({
			"/sitemap.xml": write(origin, hour),
			"/news-1.xml": ofNews(origin, hour),
		});
		const { source, change, origin } = await site((origin) => files(origin, 8));
		const first = await source.poll({}, signal);
		expect(first).not.toHaveProperty("partial");
		change(files(origin, 9));
		expect(await source.poll(first.cursor, signal)).toMatchObject({
			unchanged: false,
			...(partial ? { partial } : {}),
		});
		if (!partial) expect(await source.poll(first.cursor, signal)).not.toHaveProperty("partial");
	});

	test("an index that changed alone is no change", async () => {
		const { source, change, origin } = await site(yoast);
		const first = await source.poll({}, signal);
		change({ "/sitemap.xml": `${yoast(origin)["/sitemap.xml"]}<!-- 12:01 -->` });
		const second = await source.poll(first.cursor, signal);
		expect(second.unchanged).toBe(true);
		expect(second.cursor.parts).toEqual(first.cursor.parts);
		expect(second.cursor.etag).not.toBe(first.cursor.etag);
	});

	test("finds a new child of a changed index", async () => {
		const { source, change, origin } = await site((origin) => ({
			"/sitemap.xml": index(`${origin}/posts-1.xml`),
			"/posts-1.xml": urlset(page(`${origin}/khabar-1001`)),
			"/posts-2.xml": urlset(page(`${origin}/khabar-1002`)),
		}));
		const first = await source.poll({}, signal);
		change({ "/sitemap.xml": index(`${origin}/posts-1.xml`, `${origin}/posts-2.xml`) });
		expect(pathsOf(await source.poll(first.cursor, signal))).toEqual(["/khabar-1002"]);
	});

	test("reads an index of indexes, two deep, and knows it again", async () => {
		const { source, asked } = await site((origin) => ({
			"/sitemap.xml": index(`${origin}/years.xml`),
			"/years.xml": index(`${origin}/y-2026.xml`, `${origin}/deeper.xml`),
			"/y-2026.xml": urlset(page(`${origin}/khabar-1001`)),
			"/deeper.xml": index(`${origin}/deepest.xml`),
			"/deepest.xml": urlset(page(`${origin}/khabar-1002`)),
		}));
		const first = await source.poll({}, signal);
		expect(pathsOf(first)).toEqual(["/khabar-1001"]);
		expect(asked()).not.toContain("/deepest.xml 200");
		expect(await source.poll(first.cursor, signal)).toEqual({ unchanged: true, cursor: first.cursor });
		expect(asked()).toEqual(["/sitemap.xml 304", "/years.xml 304", "/y-2026.xml 304", "/deeper.xml 304"]);
	});

	test.each<[name: string, write: (origin: string) => Record<string, string>, requests: number]>([
		["one that lists itself", (origin) => ({ "/sitemap.xml": index(`${origin}/sitemap.xml`, `${origin}/a.xml`) }), 2],
		[
			"two that list each other",
			(origin) => ({
				"/sitemap.xml": index(`${origin}/a.xml`, `${origin}/b.xml`),
				"/b.xml": index(`${origin}/a.xml`, `${origin}/sitemap.xml`, `${origin}/b.xml`),
			}),
			3,
		],
		[
			"many files",
			(origin) => ({
				"/sitemap.xml": index(`${origin}/b.xml`, `${origin}/a.xml`),
				"/b.xml": index(
					...["c", "d", "e", "f", "g", "h"].map(
						(name) => [`${origin}/${name}.xml`, `2026-11-1${name.charCodeAt(0) % 10}`] as const,
					),
				),
			}),
			6,
		],
		[
			"a child of another site",
			(origin) => ({
				"/sitemap.xml": index("https://other.example/x.xml", "http://169.254.1.1/y.xml", `${origin}/a.xml`),
			}),
			2,
		],
	])("asks for no more than it should: %s", async (_, write, requests) => {
		const { source, asked } = await site((origin) => ({
			...Object.fromEntries(
				["a", "c", "d", "e", "f", "g", "h"].map((name) => [`/${name}.xml`, urlset(page(`${origin}/${name}`))]),
			),
			...write(origin),
		}));
		const poll = await source.poll({}, signal);
		expect(poll.unchanged).toBe(false);
		expect(asked()).toHaveLength(requests);
	});

	test.each([
		["gzip", (text: string) => gzipSync(text)],
		["plain", (text: string) => Buffer.from(text)],
	])("reads a child that is packed: %s", async (_, packed) => {
		const { source } = await site((origin) => ({
			"/sitemap.xml": index(`${origin}/posts-1.xml.gz`),
			"/posts-1.xml.gz": packed(urlset(page(`${origin}/khabar-1001`))),
		}));
		expect(pathsOf(await source.poll({}, signal))).toEqual(["/khabar-1001"]);
	});

	test.each<[name: string, body: string | Buffer, message: RegExp]>([
		["a bomb", gzipSync(Buffer.alloc(60 * 1024 * 1024, " ")), /larger than 10485760 bytes when it is unpacked/],
		[
			"half a packed file",
			gzipSync(urlset(page("https://news.example/a".repeat(40)))).subarray(0, 60),
			/packed \(gzip\) and damaged/,
		],
		["a page", "<!doctype html><html><body>لحظة من فضلك</body></html>", /HTML page instead of a sitemap/],
	])("refuses %s", async (_, body, message) => {
		const { source } = await site(() => ({ "/sitemap.xml": body }));
		await expect(source.poll({}, signal)).rejects.toMatchObject({
			kind: "body",
			message: expect.stringMatching(message),
		});
	});

	test.each<[name: string, file: string | number, first: string]>([
		["is gone", 404, "read"],
		["is a page", "<!doctype html><html></html>", "read"],
		["fails", 500, "throws"],
	])(
		"a child that %s stops nobody else, unless it may be back at once and this is the first visit",
		async (_, file, visit) => {
			const { source, change, origin } = await site((origin) => ({ ...yoast(origin), "/post-sitemap2.xml": file }));
			const early = await source.poll({}, signal).then(pathsOf, () => "throws");
			expect(early).toEqual(visit === "throws" ? visit : ["/khabar-akhir-1003", "/khabar-qadim-1001"]);
			change(yoast(origin));
			const first = await source.poll({}, signal);
			change({
				"/post-sitemap2.xml": file,
				"/news-sitemap.xml": urlset(news(`${origin}/khabar-1004`, "خبر جديد", "2026-11-23T10:00:00Z")),
			});
			const second = await source.poll(first.cursor, signal);
			expect(pathsOf(second)).toEqual(["/khabar-1004"]);
			change({ "/post-sitemap2.xml": urlset(page(`${origin}/khabar-1005`, "2026-11-23T10:00:00Z")) });
			expect(pathsOf(await source.poll(second.cursor, signal))).toContain("/khabar-1005");
		},
	);

	test.each<[name: string, files: Readonly<Record<string, number>>]>([
		["the index", { "/sitemap.xml": 500 }],
		["every child", { "/news-sitemap.xml": 500, "/post-sitemap1.xml": 404, "/post-sitemap2.xml": 500 }],
	])("fails when %s fails", async (_, files) => {
		const { source, change } = await site(yoast);
		const first = await source.poll({}, signal);
		change(files);
		await expect(source.poll(first.cursor, signal)).rejects.toMatchObject({ kind: "status" });
	});

	test.each<[name: string, entry: (origin: string) => string]>([
		["a date in the future", (origin) => page(`${origin}/khabar-1002`, "2031-01-01T00:00:00Z")],
		["an older list", (origin) => page(`${origin}/khabar-1002`, "2026-11-22T00:00:00Z")],
	])("never moves its memory back or ahead of the site's clock: %s", async (_, entry) => {
		const { source } = await site((origin) => ({ "/sitemap.xml": urlset(entry(origin)) }));
		const before: Cursor = { since: "2026-11-23T09:00:00.000Z", etag: '"old"' };
		expect((await source.poll(before, signal)).cursor.since).toBe(before.since);
	});

	test("does not follow a child to another site", async () => {
		const other = await httpServer({ "/x.xml": urlset(page("/khabar-2002")) });
		const server = await httpServer({
			"/sitemap.xml": index("/posts-1.xml", "/posts-2.xml"),
			"/posts-1.xml": urlset(page("/khabar-1001")),
			"/posts-2.xml": (_request, response) => response.writeHead(302, { location: `${other.origin}/x.xml` }).end(),
		});
		const door = web({ userAgent: "Mirsal-test", allowPrivate: [server.host, other.host], now: () => new Date(0) });
		open.push(door, server, other);
		const source = sitemapSource({ name: "خ", url: `${server.origin}/sitemap.xml`, web: door, sites: {}, own: true });
		expect(pathsOf(await source.poll({}, signal))).toEqual(["/khabar-1001"]);
	});

	test("waits no longer than the least patient of its files asks", async () => {
		const server = await httpServer({
			"/sitemap.xml": (_request, response) =>
				response
					.writeHead(200, { date: "Mon, 23 Nov 2026 12:00:00 GMT", "cache-control": "max-age=3600" })
					.end(index("/posts-1.xml")),
			"/posts-1.xml": (_request, response) =>
				response
					.writeHead(200, { date: "Mon, 23 Nov 2026 12:00:00 GMT", "cache-control": "max-age=60" })
					.end(urlset(page("/khabar-1001"))),
		});
		const door = web({ userAgent: "Mirsal-test", allowPrivate: [server.host], now: () => new Date(0) });
		open.push(door, server);
		const source = sitemapSource({ name: "خ", url: `${server.origin}/sitemap.xml`, web: door, sites: {}, own: false });
		expect((await source.poll({}, signal)).pause).toBe(60_000);
	});
});

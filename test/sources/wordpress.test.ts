import { afterEach, describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { type Web, web } from "../../src/http.ts";
import type { Cursor, Poll } from "../../src/sources/source.ts";
import { SourceError } from "../../src/sources/source.ts";
import { parseWordpress, wordpressSource } from "../../src/sources/wordpress.ts";
import { type HttpServer, httpServer, type Routes } from "../servers/http.ts";

const AT = { url: "https://news.example/wp-json/wp/v2/posts", source: "شبكة" };

interface Row {
	readonly id: number;
	readonly [field: string]: unknown;
}

/** A post as WordPress answers it. */
const post = (id: number, more: Readonly<Record<string, unknown>> = {}): Row => ({
	id,
	date_gmt: "2026-11-20T06:05:00",
	guid: { rendered: `https://news.example/?p=${id}` },
	modified_gmt: "2026-11-20T06:05:00",
	status: "publish",
	link: `https://news.example/2026/11/khabar-${id}/`,
	title: { rendered: `خبر رقم ${id}` },
	content: { rendered: `<p>نص الخبر رقم ${id}.</p>`, protected: false },
	excerpt: { rendered: "", protected: false },
	_embedded: { author: [{ id: 1, name: "سرى الجبوري" }], "wp:term": [[], []] },
	...more,
});
const parse = (...posts: readonly unknown[]) => parseWordpress(JSON.stringify(posts), AT);
const only = (more: Readonly<Record<string, unknown>>): Draft => {
	const drafts = parse(post(7, more));
	expect(drafts).toHaveLength(1);
	return drafts[0] as Draft;
};
const term = (taxonomy: string, name: string) => ({ id: 1, taxonomy, name, slug: "s" });
const media = (sizes: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) => ({
	"wp:featuredmedia": [
		{
			media_type: "image",
			source_url: "https://news.example/up/jisr.jpg",
			media_details: { width: 2560, height: 1440, sizes, ...more },
		},
	],
});

describe("parseWordpress reads", () => {
	test("a post whole", () => {
		const content = {
			rendered:
				'\n<p>أعلنت بلدية الكوت فتح جسر العزة &#8211; أمام <b>المركبات</b> &amp; المشاة.</p>\n<figure><img src="/up/amal.jpg"></figure>\n<p>وقال المهندس كاظم إن العمل استغرق 9 أشهر.</p>\n',
			protected: false,
		};
		expect(
			only({
				title: { rendered: "فتح &#8220;جسر العزة&#8221; في الكوت &amp; ضواحيها" },
				content,
				excerpt: { rendered: "<p>الجسر يخدم أربعة أحياء.</p>\n", protected: false },
				_embedded: {
					author: [{ id: 3, name: "سرى الجبوري" }],
					"wp:term": [
						[term("category", "محليات"), term("category", "طرق &amp; جسور")],
						[term("post_tag", "الكوت"), term("post_tag", "محليات")],
					],
					...media({}),
				},
			}),
		).toEqual({
			url: "https://news.example/2026/11/khabar-7/",
			guid: "https://news.example/?p=7",
			title: "فتح “جسر العزة” في الكوت & ضواحيها",
			summary: "الجسر يخدم أربعة أحياء.",
			body: "أعلنت بلدية الكوت فتح جسر العزة – أمام المركبات & المشاة.\nوقال المهندس كاظم إن العمل استغرق 9 أشهر.",
			tags: ["محليات", "طرق & جسور", "الكوت"],
			author: "سرى الجبوري",
			images: [{ url: "https://news.example/up/jisr.jpg" }, { url: "https://news.example/up/amal.jpg" }],
			publishedAt: "2026-11-20T06:05:00.000Z",
			source: "شبكة",
		});
	});

	test.each<[name: string, more: Readonly<Record<string, unknown>>, gives: Partial<Draft>]>([
		[
			"categories that say nothing are no tags",
			{
				_embedded: {
					"wp:term": [
						[term("category", "Uncategorized"), term("category", "غير مصنف")],
						[term("post_tag", "بابل"), term("post_format", "فيديو")],
					],
				},
			},
			{ tags: ["بابل"] },
		],
		[
			"an author and a picture that the site does not show",
			{
				_embedded: {
					author: [{ code: "rest_user_invalid_id", message: "Invalid user ID.", data: { status: 404 } }],
					"wp:featuredmedia": [{ code: "rest_forbidden", message: "Sorry.", data: { status: 401 } }],
				},
			},
			{ tags: [], images: [] },
		],
		["nothing embedded", { _embedded: undefined }, { tags: [], images: [] }],
		[
			"the largest size of the picture that platforms take",
			{
				_embedded: media(
					{
						large: { source_url: "https://news.example/up/jisr-1024x576.jpg", width: 1024, height: 576 },
						full: { source_url: "https://news.example/up/jisr-scaled.jpg", width: 2560, height: 1440 },
						thumbnail: { source_url: "https://news.example/up/jisr-150x150.jpg", width: 150, height: 150 },
					},
					{ width: 9000, height: 6000 },
				),
			},
			{ images: [{ url: "https://news.example/up/jisr-scaled.jpg" }] },
		],
		[
			"a picture too heavy for them gives way to a smaller size",
			{
				_embedded: media(
					{ large: { source_url: "https://news.example/up/jisr-1024x576.jpg", width: 1024, height: 576 } },
					{ filesize: 9_000_000 },
				),
			},
			{ images: [{ url: "https://news.example/up/jisr-1024x576.jpg" }] },
		],
		[
			"the featured picture again in the text, in another size, and an emoji",
			{
				_embedded: media({}),
				content: {
					rendered:
						'<p>نص</p><img src="https://news.example/up/jisr-300x169.jpg"><img src="https://s.w.org/images/core/emoji/14/72x72/1f44d.png">',
					protected: false,
				},
			},
			{ images: [{ url: "https://news.example/up/jisr.jpg" }] },
		],
		[
			"a film as featured media",
			{ _embedded: { "wp:featuredmedia": [{ media_type: "file", source_url: "https://news.example/up/film.mp4" }] } },
			{ images: [] },
		],
		[
			"an excerpt without the theme's link to the rest",
			{
				content: { rendered: "<p>نص طويل عن موسم التمور في البصرة هذا العام وما رافقه.</p>", protected: false },
				excerpt: {
					rendered: '<p>موسم التمور <a class="more-link" href="/x">متابعة القراءة <span>موسم</span></a></p>',
					protected: false,
				},
			},
			{ summary: "موسم التمور" },
		],
		[
			"an excerpt alone is the text",
			{
				content: { rendered: "", protected: false },
				excerpt: { rendered: "<p>موجز وحيد.</p>", protected: false },
			},
			{ body: "موجز وحيد." },
		],
		["a title with markup", { title: { rendered: "عاجل: <em>هزة</em> أرضية" } }, { title: "عاجل: هزة أرضية" }],
		["no title", { title: { rendered: "" } }, { title: "" }],
		["a relative link", { link: "/2026/11/khabar/" }, { url: "https://news.example/2026/11/khabar/" }],
		["a link missing", { link: undefined }, { url: "https://news.example/?p=7" }],
		["control characters in a title", { title: { rendered: "خبر\u0000 عن\u0008 الماء" } }, { title: "خبر عن الماء" }],
	])("%s", (_, more, gives) => {
		const draft = only(more);
		expect(draft).toMatchObject(gives);
		if (gives.images) expect(draft.images).toEqual(gives.images);
	});

	test.each([["0000-00-00T00:00:00"], ["2026-13-40T00:00:00"], [null], [17], ["أمس"]])(
		"no date from %s",
		(date_gmt) => {
			expect(only({ date_gmt })).not.toHaveProperty("publishedAt");
		},
	);

	test("the guid that the feed of the same site gives", () => {
		expect(only({ guid: { rendered: "https://old.example/?p=7" } }).guid).toBe("https://old.example/?p=7");
	});

	test.each([
		["behind a password", { content: { rendered: "", protected: true } }],
		["with an excerpt behind a password", { excerpt: { rendered: "", protected: true } }],
		["scheduled", { status: "future" }],
		["private", { status: "private" }],
		["without any address", { link: "", guid: { rendered: "" } }],
	])("over a post %s", (_, more) => {
		expect(parse(post(1, more), post(2)).map(({ url }) => url)).toEqual(["https://news.example/2026/11/khabar-2/"]);
	});

	test.each([
		["a byte order mark", (json: string) => `\uFEFF${json}`],
		["a warning that PHP printed before", (json: string) => `<br />\n<b>Warning</b>: x in <b>y.php</b><br />\n${json}`],
	])("an answer with %s", (_, answer) => {
		expect(parseWordpress(new TextEncoder().encode(answer(JSON.stringify([post(1)]))), AT)).toHaveLength(1);
	});

	test("an empty list", () => expect(parse()).toEqual([]));
});

describe("parseWordpress refuses", () => {
	test.each([
		["nothing", " \n", /empty answer/],
		["a page", '<!DOCTYPE html><html><body>[{"id":1}]</body></html>', /HTML page.*REST API is turned off/],
		["words", "قاعدة البيانات لا تستجيب", /something else/],
		["half an answer", JSON.stringify([post(1)]).slice(0, -20), /breaks off/],
		[
			"a refusal",
			'{"code":"rest_cannot_access","message":"Only authenticated users can access the REST API.","data":{"status":401}}',
			/rest_cannot_access: Only authenticated users.*turned off/,
		],
		["the API's root", '{"name":"شبكة","namespaces":["wp/v2"]}', /no list of WordPress's posts/],
		[
			"a list of categories",
			'[{"id":3,"name":"محليات","taxonomy":"category","link":"https://news.example/c/"}]',
			/something else/,
		],
	])("%s", (_, body, message) => {
		const read = () => parseWordpress(body, AT);
		expect(read).toThrow(SourceError);
		expect(read).toThrow(message);
	});
});

describe("wordpressSource", () => {
	const signal = new AbortController().signal;
	const open: { close(): Promise<void> }[] = [];
	afterEach(async () => {
		for (const one of open.splice(0)) await one.close();
	});

	async function site(routes: Routes) {
		const server: HttpServer = await httpServer(routes);
		const door: Web = web({
			userAgent: "Mirsal-test",
			allowPrivate: [server.host],
			now: () => new Date("2026-11-23T12:00:00Z"),
		});
		open.push(door, server);
		const source = (path = "/wp-json/") =>
			wordpressSource({ name: "شبكة", url: `${server.origin}${path}`, web: door, sites: {}, own: true });
		return { server, source };
	}

	const NOON = Date.parse("2026-11-23T12:00:00Z");
	/** Posts with these ids, each a minute after the one before. */
	const posts = (from: number, to: number) =>
		Array.from({ length: to - from + 1 }, (_, at) =>
			post(to - at, { date_gmt: new Date(NOON + (to - at) * 60_000).toISOString().slice(0, 19) }),
		);
	const minute = (id: number) => new Date(NOON + id * 60_000).toISOString();

	/** A WordPress that lists its posts as the real one does: pages, their number, and 400 beyond the last. */
	async function wordpress(options: { readonly total?: boolean; readonly broken?: readonly number[] } = {}) {
		const state = { posts: [] as readonly Row[], broken: options.broken ?? [] };
		const { server, source } = await site({
			"/wp-json/wp/v2/posts": (request, response) => {
				const query = new URL(request.url ?? "", "http://x").searchParams;
				const [page, each] = [Number(query.get("page") ?? 1), Number(query.get("per_page"))];
				const pages = Math.ceil(state.posts.length / each);
				const date = { date: "Tue, 24 Nov 2026 00:00:00 GMT" };
				if (state.broken.includes(page)) response.writeHead(500, date).end("خطأ");
				else if (page > 1 && page > pages)
					response
						.writeHead(400, date)
						.end('{"code":"rest_post_invalid_page_number","message":"…","data":{"status":400}}');
				else
					response
						.writeHead(200, { ...date, ...(options.total === false ? {} : { "x-wp-totalpages": String(pages) }) })
						.end(JSON.stringify(state.posts.slice((page - 1) * each, page * each)));
			},
		});
		return { server, source: source(), state };
	}
	const idsOf = (poll: Poll) =>
		poll.unchanged ? "unchanged" : poll.drafts.map(({ guid }) => Number(/\d+$/.exec(guid ?? "")?.[0]));
	const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);

	test.each([
		["the API's root", "/wp-json/", "/wp-json/wp/v2/posts"],
		["the root without a slash", "/wp-json", "/wp-json/wp/v2/posts"],
		["the root of a site in a folder", "/ar/wp-json/", "/ar/wp-json/wp/v2/posts"],
		["the namespace", "/wp-json/wp/v2/", "/wp-json/wp/v2/posts"],
		["the posts", "/wp-json/wp/v2/posts/?per_page=1&page=4", "/wp-json/wp/v2/posts"],
		["posts of another kind", "/wp-json/wp/v2/akhbar", "/wp-json/wp/v2/akhbar"],
		["the site's front page", "/", "/wp-json/wp/v2/posts"],
		["the root by parameter", "/?rest_route=/", "/"],
		["posts by parameter", "/index.php?rest_route=/wp/v2/posts", "/index.php"],
	])("asks for the newest posts, given %s", async (_, path, asked) => {
		const { server, source } = await site({ [asked]: JSON.stringify([post(1)]) });
		const poll = await source(path).poll({}, signal);
		expect(idsOf(poll)).toEqual([1]);
		const query = Object.fromEntries(new URL(server.requests[0]?.url ?? "", "http://x").searchParams);
		expect(query).toMatchObject({
			per_page: "20",
			orderby: "date",
			order: "desc",
			_embed: "author,wp:term,wp:featuredmedia",
		});
		expect(query).not.toHaveProperty("page");
		expect(query["rest_route"]).toBe(path.includes("rest_route") ? "/wp/v2/posts" : undefined);
	});

	test("keeps the address's own choice of posts", async () => {
		const { server, source } = await site({ "/wp-json/wp/v2/posts": "[]" });
		await source("/wp-json/wp/v2/posts?categories=5&lang=ar").poll({}, signal);
		expect(server.requests[0]?.url).toMatch(/\?categories=5&lang=ar&/);
	});

	test("does not page at the first visit, and remembers the newest date", async () => {
		const { server, source, state } = await wordpress();
		state.posts = posts(1, 60);
		const poll = await source.poll({}, signal);
		expect(idsOf(poll)).toEqual(down(60, 41));
		expect(poll.cursor.since).toBe(minute(60));
		expect(server.requests).toHaveLength(1);
	});

	test("knows an unchanged page by its bytes, and keeps what it remembers", async () => {
		const { source, state } = await wordpress();
		state.posts = posts(1, 3);
		const first = await source.poll({}, signal);
		expect(await source.poll(first.cursor, signal)).toEqual({ unchanged: true, cursor: first.cursor });
	});

	test("knows an unchanged page by its validators", async () => {
		const { source } = await site({
			"/wp-json/wp/v2/posts": (request, response) =>
				request.headers["if-none-match"] === '"1"'
					? response.writeHead(304).end()
					: response.writeHead(200, { etag: '"1"' }).end(JSON.stringify([post(1)])),
		});
		const first = await source().poll({}, signal);
		expect(await source().poll(first.cursor, signal)).toEqual({ unchanged: true, cursor: first.cursor });
	});

	test("gives an edited post as it is now", async () => {
		const { source, state } = await wordpress();
		state.posts = posts(1, 2);
		const first = await source.poll({}, signal);
		state.posts = [...state.posts.slice(0, 1), { ...post(1), title: { rendered: "عنوان صححه المحرر" } }];
		const second = await source.poll(first.cursor, signal);
		expect(second.unchanged ? [] : second.drafts.map(({ title }) => title)).toEqual(["خبر رقم 2", "عنوان صححه المحرر"]);
		expect(second.cursor.since).toBe(first.cursor.since);
	});

	test.each([
		["as many pages as the site says", true, 100, 45, down(100, 41), 3],
		["one page, when the last look ended on it", true, 100, 81, down(100, 81), 1],
		["to the archive's end", true, 45, 0, down(45, 1), 3],
		["to the archive's end, where the site does not say how many pages there are", false, 45, 0, down(45, 1), 4],
		["ten pages at most", true, 300, 1, down(300, 101), 10],
	])("pages back after an outage: %s", async (_, total, newest, last, ids, requests) => {
		const { server, source, state } = await wordpress({ total });
		state.posts = posts(1, newest);
		const poll = await source.poll({ since: minute(last) }, signal);
		expect(idsOf(poll)).toEqual(ids);
		expect(poll.cursor.since).toBe(minute(newest));
		expect(poll.cursor.hash).toBeDefined();
		expect(server.requests.map(({ url }) => Number(/[?&]page=(\d+)/.exec(url ?? "")?.[1] ?? 1))).toEqual(
			down(requests, 1).reverse(),
		);
	});

	test("gives a post once that moves to the next page while pages are read", async () => {
		const shown = [posts(2, 21), posts(1, 20)];
		const { source } = await site({
			"/wp-json/wp/v2/posts": (request, response) =>
				response.end(JSON.stringify(shown[request.url?.includes("&page=2") ? 1 : 0])),
		});
		expect(idsOf(await source().poll({ since: minute(1) }, signal))).toEqual(down(21, 1));
	});

	test("keeps what was read when a later page fails, and reads the rest at the next look", async () => {
		const { source, state } = await wordpress({ broken: [3] });
		state.posts = posts(1, 60);
		const before: Cursor = { since: minute(5), hash: "alt" };
		const cut = await source.poll(before, signal);
		expect(idsOf(cut)).toEqual(down(60, 21));
		expect(cut.cursor).toEqual(before);
		state.broken = [];
		const whole = await source.poll(cut.cursor, signal);
		expect(idsOf(whole)).toEqual(down(60, 1));
		expect(whole.cursor.since).toBe(minute(60));
	});

	test("waits when a later page asks for it", async () => {
		const { source } = await site({
			"/wp-json/wp/v2/posts": (request, response) =>
				request.url?.includes("&page=2")
					? response.writeHead(429, { "retry-after": "90" }).end()
					: response.end(JSON.stringify(posts(1, 20))),
		});
		const poll = await source().poll({ since: minute(-5) }, signal);
		expect(poll).toMatchObject({
			unchanged: false,
			cursor: { since: minute(-5) },
			next: new Date("2026-11-23T12:01:30Z"),
		});
	});

	test.each([
		["a post taken back", [post(1, { date_gmt: "2026-11-20T00:00:00" })]],
		["a date in the future", [post(2, { date_gmt: "2031-01-01T00:00:00" }), post(1)]],
		["no post", []],
	])("never moves its memory back or ahead of the site's clock: %s", async (_, listed) => {
		const { source, state } = await wordpress();
		state.posts = listed;
		expect((await source.poll({ since: minute(0) }, signal)).cursor.since).toBe(minute(0));
	});

	test.each([
		[401, "status", /wp-json\/wp\/v2\/posts answered 401 .* REST API is turned off/],
		[403, "status", /answered 403 .* REST API is turned off/],
		[404, "status", /answered 404 .* REST API is turned off/],
		[500, "status", /^(?!.*turned off).*answered 500/],
		[200, "body", /wp-json\/wp\/v2\/posts gave an HTML page.* REST API is turned off/],
	])("says in words that the REST API gives nothing: %i", async (status, kind, message) => {
		const { source } = await site({
			"/wp-json/wp/v2/posts": (_request, response) =>
				response.writeHead(status).end("<html><body>تسجيل الدخول</body></html>"),
		});
		await expect(source().poll({}, signal)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
	});

	test("passes on how long a busy site wants to be left alone", async () => {
		const { source } = await site({
			"/wp-json/wp/v2/posts": (_request, response) => response.writeHead(503, { "retry-after": "120" }).end(),
		});
		await expect(source().poll({}, signal)).rejects.toMatchObject({ retryAt: new Date("2026-11-23T12:02:00Z") });
	});

	test("stops when it is told to", async () => {
		const stop = new AbortController();
		const { source } = await site({
			"/wp-json/wp/v2/posts": (request, response) =>
				request.url?.includes("&page=2") ? stop.abort(new Error("halt")) : response.end(JSON.stringify(posts(1, 20))),
		});
		await expect(source().poll({ since: minute(-5) }, stop.signal)).rejects.toThrow("halt");
	});

	test("completes a short post from its page", async () => {
		const paragraph = "قال مدير ماء ذي قار إن خط الشطرة الجديد سيدخل الخدمة قبل نهاية الشهر وإن التجارب بدأت أمس. ";
		const { server, source } = await site({
			"/a": `<html><head><title>خط الشطرة</title></head><body><div class="entry-content"><p>${paragraph}</p><p>${paragraph}</p></div></body></html>`,
		});
		const short = only({ link: `${server.origin}/a`, content: { rendered: "<p>مقدمة.</p>", protected: false } });
		expect((await source().complete(short, signal)).body).toContain("خط الشطرة الجديد");
	});
});

import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { drip } from "./fault.ts";
import { type Listening, listen, watch } from "./listen.ts";

export interface NewsItem {
	readonly title: string;
	/** Plain text, a paragraph a line. */
	readonly body?: string;
	/** The body as HTML, instead of `body`. */
	readonly html?: string;
	/** By default the title with dashes, and a number that makes it unique. */
	readonly slug?: string;
	readonly guid?: string;
	readonly tags?: readonly string[];
	readonly author?: string;
	/** A path on this site (/images/…) or an absolute address. */
	readonly image?: string;
	/** Now by default; null leaves it out of feeds and pages. */
	readonly publishedAt?: Date | string | null;
	readonly summary?: string;
}

export interface SiteEntry extends NewsItem {
	readonly slug: string;
	readonly guid: string;
	/** Absolute and percent-encoded. */
	readonly url: string;
	readonly publishedAt: Date | string | null;
}

/** How the feeds misbehave; every field stays until it is set again, undefined ends it. */
export interface FeedTrouble {
	readonly status?: number | undefined;
	/** Seconds or an HTTP date. */
	readonly retryAfter?: number | string | undefined;
	/** An HTML page with 200 instead of the feed. */
	readonly html?: boolean | undefined;
	/** The document breaks off in the middle, with a Content-Length that fits: a broken document, not a broken connection. */
	readonly truncate?: boolean | undefined;
	/** The connection breaks off in the middle. */
	readonly reset?: boolean | undefined;
	/** Milliseconds before the first byte. */
	readonly slowMs?: number | undefined;
	/** Milliseconds between bytes. */
	readonly dripMs?: number | undefined;
	/** The document is filled up to so many bytes. */
	readonly huge?: number | undefined;
	readonly charset?: "windows-1256" | undefined;
	/** Which charset the answer and the document claim; by default the true one. */
	readonly claim?: string | undefined;
	readonly hang?: boolean | undefined;
	/** The hub that is named in a Link header. */
	readonly hub?: string | undefined;
	/** An address for a redirect. */
	readonly location?: string | undefined;
	/** ETag, Last-Modified and 304; on by default. */
	readonly validators?: boolean | undefined;
	readonly gzip?: boolean | undefined;
	/** Bytes instead of the feed. */
	readonly body?: string | undefined;
}

export interface SiteRequest {
	readonly path: string;
	readonly headers: IncomingMessage["headers"];
	readonly at: number;
	status: number;
}

export interface SiteFeed {
	/** Newest first (default), oldest first, or the order of a list of slugs (others are left out). */
	order: "newest" | "oldest" | readonly string[];
	/** The whole text in the feed (default), or only a summary. */
	entries: "full" | "summary";
	/** How many entries it lists; all when not given. */
	most: number;
	/** Milliseconds added to every date it names. */
	shift: number;
	/** The address an entry is listed under; its own by default. */
	link: (entry: SiteEntry) => string;
	/** The guid an entry is listed under; its own by default. */
	guid: (entry: SiteEntry) => string;
}

export interface FakeSite {
	/** The origin, without a closing slash. */
	readonly url: string;
	readonly port: number;
	/** `127.0.0.1:port`, for ALLOW_PRIVATE_HOSTS. */
	readonly host: string;
	readonly feedUrl: string;
	readonly atomUrl: string;
	readonly jsonUrl: string;
	readonly feed: SiteFeed;
	readonly requests: readonly SiteRequest[];
	/** Published items, oldest first. */
	readonly items: readonly SiteEntry[];
	publish(item: NewsItem): SiteEntry;
	edit(slug: string, changes: Partial<NewsItem>): SiteEntry;
	/** Takes it from the feeds; its page answers 404, or 410 when gone is true. */
	remove(slug: string, gone?: boolean): void;
	/** Changes how the feeds behave. */
	set(trouble: FeedTrouble): void;
	/** Changes how the pages of articles behave. */
	setPages(trouble: FeedTrouble): void;
	/** Serves any bytes under any path. */
	serve(path: string, type: string, body: string | Buffer, status?: number): void;
	/** How often a path was asked for, percent-encoded or not. */
	hits(path: string): number;
	until(check: () => boolean, what?: string, ms?: number): Promise<void>;
	close(): Promise<void>;
}

const ARABIC_1256 = new Map<string, number>(
	Array.from({ length: 128 }, (_, i) => [new TextDecoder("windows-1256").decode(Uint8Array.of(i + 128)), i + 128]),
);

/** The text in windows-1256; signs it does not have become numeric references. */
function windows1256(text: string): Buffer {
	const bytes: number[] = [];
	for (const sign of text) {
		const code = sign.codePointAt(0) as number;
		if (code < 128) bytes.push(code);
		else {
			const byte = ARABIC_1256.get(sign);
			if (byte === undefined) bytes.push(...Buffer.from(`&#${code};`));
			else bytes.push(byte);
		}
	}
	return Buffer.from(bytes);
}

/** A whole PNG of 1200 by 630 points, all black. */
export const PICTURE = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAABLAAAAJ2AQAAAABnO0bxAAAAc0lEQVR42u3BAQ0AAADCoPdPbQ43oAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAXg1zqQAB6RqMPAAAAABJRU5ErkJggg==",
	"base64",
);

const escapeMarkup = (text: string) =>
	text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const slugOf = (title: string) =>
	title
		.normalize("NFC")
		.replace(/[^\p{L}\p{N}]+/gu, "-")
		.replace(/^-|-$/g, "");

/** A small newsroom site on loopback, with feeds that misbehave when told to. */
export async function startSite(options: { name?: string; pageDelay?: number; port?: number } = {}): Promise<FakeSite> {
	const name = options.name ?? "شبكة الرافدين التجريبية";
	const watched = watch();
	const requests: SiteRequest[] = [];
	const items: SiteEntry[] = [];
	const removed = new Map<string, number>();
	const extra = new Map<string, { type: string; body: string | Buffer; status: number }>();
	const feed: SiteFeed = {
		order: "newest",
		entries: "full",
		most: Number.POSITIVE_INFINITY,
		shift: 0,
		link: (entry) => entry.url,
		guid: (entry) => entry.guid,
	};
	let trouble: FeedTrouble = {};
	let pages: FeedTrouble = {};
	let counter = 0;
	let changed = new Date();

	const htmlOf = (item: NewsItem) =>
		item.html ??
		(item.body ?? "")
			.split("\n")
			.filter(Boolean)
			.map((line) => `<p>${escapeMarkup(line)}</p>`)
			.join("\n");
	const textOf = (html: string) =>
		html
			.replace(/<[^>]+>/g, " ")
			.replace(/\s+/g, " ")
			.trim();
	const summaryOf = (item: NewsItem) => item.summary ?? `${textOf(htmlOf(item)).slice(0, 90)} […]`;
	const absolute = (path: string) => new URL(path, `${server.url}/`).href;
	const dateOf = (item: SiteEntry) =>
		item.publishedAt === null
			? undefined
			: typeof item.publishedAt === "string"
				? item.publishedAt
				: new Date(item.publishedAt.getTime() + feed.shift);
	const stamp = (item: SiteEntry) => (item.publishedAt === null ? 0 : new Date(item.publishedAt).getTime() || 0);

	function listed(): readonly SiteEntry[] {
		if (Array.isArray(feed.order))
			return feed.order.flatMap((slug) => items.filter((item) => item.slug === slug)).slice(0, feed.most);
		// Equal times keep the order in which they were published.
		const oldest = items.map((item, at) => ({ item, at })).sort((a, b) => stamp(a.item) - stamp(b.item) || a.at - b.at);
		const order = feed.order === "oldest" ? oldest : oldest.toReversed();
		return order.map(({ item }) => item).slice(0, feed.most);
	}

	function rss(charset: string): string {
		const entries = listed().map((item) => {
			const date = dateOf(item);
			const full = feed.entries === "full";
			return `<item>
<title>${escapeMarkup(item.title)}</title>
<link>${escapeMarkup(feed.link(item))}</link>
<guid isPermaLink="false">${escapeMarkup(feed.guid(item))}</guid>
${date === undefined ? "" : `<pubDate>${typeof date === "string" ? escapeMarkup(date) : date.toUTCString()}</pubDate>`}
${item.author ? `<dc:creator>${escapeMarkup(item.author)}</dc:creator>` : ""}
${(item.tags ?? []).map((tag) => `<category>${escapeMarkup(tag)}</category>`).join("")}
<description>${escapeMarkup(summaryOf(item))}</description>
${full && htmlOf(item) ? `<content:encoded><![CDATA[${htmlOf(item)}]]></content:encoded>` : ""}
${item.image ? `<enclosure url="${escapeMarkup(absolute(item.image))}" type="image/png" length="${PICTURE.length}"/>` : ""}
</item>`;
		});
		return `<?xml version="1.0" encoding="${charset}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${escapeMarkup(name)}</title>
<link>${server.url}/</link>
<description>${escapeMarkup(name)}</description>
<language>ar</language>
${entries.join("\n").replace(/\n+/g, "\n")}
</channel>
</rss>
`;
	}

	function atom(charset: string): string {
		const iso = (date: Date | string | undefined) =>
			date === undefined ? "" : typeof date === "string" ? escapeMarkup(date) : date.toISOString();
		const entries = listed().map(
			(item) => `<entry>
<title>${escapeMarkup(item.title)}</title>
<link rel="alternate" href="${escapeMarkup(feed.link(item))}"/>
<id>${escapeMarkup(feed.guid(item))}</id>
<updated>${iso(dateOf(item)) || changed.toISOString()}</updated>
${dateOf(item) === undefined ? "" : `<published>${iso(dateOf(item))}</published>`}
${item.author ? `<author><name>${escapeMarkup(item.author)}</name></author>` : ""}
${(item.tags ?? []).map((tag) => `<category term="${escapeMarkup(tag)}"/>`).join("")}
<summary type="text">${escapeMarkup(summaryOf(item))}</summary>
${feed.entries === "full" && htmlOf(item) ? `<content type="html">${escapeMarkup(htmlOf(item))}</content>` : ""}
${item.image ? `<link rel="enclosure" type="image/png" href="${escapeMarkup(absolute(item.image))}"/>` : ""}
</entry>`,
		);
		return `<?xml version="1.0" encoding="${charset}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">
<title>${escapeMarkup(name)}</title>
<id>${server.url}/</id>
<link href="${server.url}/"/>
<link rel="self" href="${server.url}/atom"/>
<updated>${changed.toISOString()}</updated>
${entries.join("\n")}
</feed>
`;
	}

	function json(): string {
		return JSON.stringify({
			version: "https://jsonfeed.org/version/1.1",
			title: name,
			home_page_url: `${server.url}/`,
			feed_url: `${server.url}/feed.json`,
			language: "ar",
			items: listed().map((item) => {
				const date = dateOf(item);
				return {
					id: feed.guid(item),
					url: feed.link(item),
					title: item.title,
					summary: summaryOf(item),
					...(feed.entries === "full" ? { content_html: htmlOf(item) } : {}),
					...(item.image ? { image: absolute(item.image) } : {}),
					...(date === undefined
						? {}
						: {
								date_published: typeof date === "string" ? date : date.toISOString(),
							}),
					...(item.author ? { authors: [{ name: item.author }] } : {}),
					tags: item.tags ?? [],
				};
			}),
		});
	}

	function page(item: SiteEntry): string {
		const date = dateOf(item);
		const iso = date instanceof Date ? date.toISOString() : date;
		return `<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<title>${escapeMarkup(item.title)} - ${escapeMarkup(name)}</title>
<link rel="canonical" href="${escapeMarkup(item.url)}">
<meta property="og:type" content="article">
<meta property="og:title" content="${escapeMarkup(item.title)}">
<meta property="og:site_name" content="${escapeMarkup(name)}">
<meta property="og:url" content="${escapeMarkup(item.url)}">
${item.image ? `<meta property="og:image" content="${escapeMarkup(absolute(item.image))}">` : ""}
${iso ? `<meta property="article:published_time" content="${escapeMarkup(iso)}">` : ""}
${(item.tags ?? []).map((tag) => `<meta property="article:tag" content="${escapeMarkup(tag)}">`).join("\n")}
<link rel="alternate" type="application/rss+xml" title="${escapeMarkup(name)}" href="/feed">
</head>
<body>
<header><a href="/">${escapeMarkup(name)}</a><nav><a href="/">الرئيسية</a> <a href="/about">من نحن</a></nav></header>
<main><article>
<h1>${escapeMarkup(item.title)}</h1>
${item.author ? `<p class="author">${escapeMarkup(item.author)}</p>` : ""}
${iso ? `<time datetime="${escapeMarkup(iso)}">${escapeMarkup(iso)}</time>` : ""}
${item.image ? `<figure><img src="${escapeMarkup(item.image)}" alt=""></figure>` : ""}
<div class="entry-content">
${htmlOf(item)}
</div>
</article></main>
<footer>جميع الحقوق محفوظة ${escapeMarkup(name)}</footer>
</body>
</html>
`;
	}

	const home = () => `<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${escapeMarkup(name)}</title>
<link rel="alternate" type="application/rss+xml" title="${escapeMarkup(name)}" href="/feed">
</head><body><main><h1>${escapeMarkup(name)}</h1>
${listed()
	.map((item) => `<article><h2><a href="${escapeMarkup(item.url)}">${escapeMarkup(item.title)}</a></h2></article>`)
	.join("\n")}
</main></body></html>
`;

	function send(
		request: IncomingMessage,
		response: ServerResponse,
		log: SiteRequest,
		type: string,
		text: string | Buffer,
		how: FeedTrouble,
		status = 200,
	): void {
		const charset = how.charset ?? "utf-8";
		let bytes = Buffer.isBuffer(text) ? text : charset === "windows-1256" ? windows1256(text) : Buffer.from(text);
		if (how.body !== undefined) bytes = Buffer.from(how.body);
		if (how.huge !== undefined && bytes.length < how.huge)
			bytes = Buffer.concat([bytes, Buffer.alloc(how.huge - bytes.length, " ")]);
		if (how.truncate) bytes = bytes.subarray(0, bytes.length >> 1);
		const headers: Record<string, string> = {
			"content-type": /^image\//.test(type) ? type : `${type}; charset=${how.claim ?? charset}`,
		};
		if (how.html) {
			bytes = Buffer.from(
				'<!DOCTYPE html><html dir="rtl"><head><title>لحظة من فضلك</title></head><body><p>نتحقق من متصفحك</p></body></html>',
			);
			headers["content-type"] = "text/html; charset=utf-8";
		}
		if (how.retryAfter !== undefined) headers["retry-after"] = String(how.retryAfter);
		if (how.hub !== undefined) headers["link"] = `<${how.hub}>; rel="hub"`;
		if (how.location !== undefined) headers["location"] = how.location;
		log.status = how.status ?? status;
		if (log.status === 200 && how.validators !== false) {
			const etag = `"${createHash("sha1").update(bytes).digest("hex").slice(0, 16)}"`;
			headers["etag"] = etag;
			headers["last-modified"] = changed.toUTCString();
			const match = request.headers["if-none-match"];
			const since = Date.parse(request.headers["if-modified-since"] ?? "");
			// If-None-Match wins over If-Modified-Since (RFC 9110 §13.2.2).
			if (
				match === undefined ? since >= Math.floor(changed.getTime() / 1000) * 1000 : match.split(/,\s*/).includes(etag)
			) {
				log.status = 304;
				response.writeHead(304, headers).end();
				return;
			}
		}
		if (how.gzip !== false && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""))) {
			bytes = gzipSync(bytes);
			headers["content-encoding"] = "gzip";
			headers["vary"] = "accept-encoding";
		}
		headers["content-length"] = String(bytes.length);
		const start = () => {
			if (response.destroyed) return;
			response.writeHead(log.status, headers);
			if (how.reset) response.write(bytes.subarray(0, bytes.length >> 1), () => response.socket?.destroy());
			else if (how.dripMs !== undefined) drip(response, bytes, how.dripMs);
			else response.end(bytes);
		};
		if (how.slowMs === undefined) start();
		else {
			const timer = setTimeout(start, how.slowMs);
			response.on("close", () => clearTimeout(timer));
		}
	}

	function handle(request: IncomingMessage, response: ServerResponse): void {
		const path = new URL(request.url ?? "/", "http://site").pathname;
		const log: SiteRequest = {
			path,
			headers: request.headers,
			at: Date.now(),
			status: 0,
		};
		requests.push(log);
		response.on("close", () => watched.touch());
		const claimed = trouble.claim ?? trouble.charset ?? "utf-8";
		const feeds: Readonly<Record<string, () => [string, string]>> = {
			"/feed": () => ["application/rss+xml", rss(claimed)],
			"/feed/": () => ["application/rss+xml", rss(claimed)],
			"/atom": () => ["application/atom+xml", atom(claimed)],
			"/feed.json": () => ["application/feed+json", json()],
		};
		const served = extra.get(path) ?? extra.get(decodeURIComponent(path));
		const made = feeds[path];
		if (served) {
			send(request, response, log, served.type, served.body, {}, served.status);
		} else if (made) {
			if (trouble.hang) return;
			send(request, response, log, ...made(), trouble);
		} else if (path === "/") send(request, response, log, "text/html", home(), { validators: false });
		else if (path.startsWith("/images/")) send(request, response, log, "image/png", PICTURE, { gzip: false });
		else if (path.startsWith("/news/")) {
			if (pages.hang) return;
			const slug = decodeURIComponent(path.slice("/news/".length)).replace(/\/$/, "");
			const item = items.find((one) => one.slug === slug);
			const how = options.pageDelay === undefined ? pages : { slowMs: options.pageDelay, ...pages };
			if (item)
				send(request, response, log, "text/html", page(item), {
					validators: false,
					...how,
				});
			else send(request, response, log, "text/html", "<h1>غير موجود</h1>", {}, removed.get(slug) ?? 404);
		} else send(request, response, log, "text/html", "<h1>غير موجود</h1>", {}, 404);
	}

	const server: Listening = await listen(handle, options.port);
	const place = (slug: string) => {
		const at = items.findIndex((item) => item.slug === slug);
		if (at < 0) throw new Error(`the site has no article ${slug}`);
		return at;
	};
	return {
		url: server.url,
		port: server.port,
		host: `127.0.0.1:${server.port}`,
		feedUrl: `${server.url}/feed`,
		atomUrl: `${server.url}/atom`,
		jsonUrl: `${server.url}/feed.json`,
		feed,
		requests,
		items,
		publish(item) {
			counter++;
			const slug = item.slug ?? `${slugOf(item.title) || "خبر"}-${counter}`;
			const entry: SiteEntry = {
				...item,
				slug,
				guid: item.guid ?? `${server.url}/?p=${1000 + counter}`,
				url: new URL(`/news/${slug}`, server.url).href,
				publishedAt: item.publishedAt === undefined ? new Date() : item.publishedAt,
			};
			items.push(entry);
			changed = new Date();
			return entry;
		},
		edit(slug, changes) {
			const at = place(slug);
			const old = items[at] as SiteEntry;
			const next: SiteEntry = {
				...old,
				...changes,
				slug: changes.slug ?? slug,
				guid: changes.guid ?? old.guid,
				publishedAt: changes.publishedAt === undefined ? old.publishedAt : changes.publishedAt,
				url: new URL(`/news/${changes.slug ?? slug}`, server.url).href,
			};
			items[at] = next;
			changed = new Date();
			return next;
		},
		remove(slug, gone = false) {
			items.splice(place(slug), 1);
			removed.set(slug, gone ? 410 : 404);
			changed = new Date();
		},
		set(next) {
			trouble = { ...trouble, ...next };
		},
		setPages(next) {
			pages = { ...pages, ...next };
		},
		serve(path, type, body, status = 200) {
			extra.set(path, { type, body, status });
		},
		hits: (path) => requests.filter((one) => one.path === path || decodeURIComponent(one.path) === path).length,
		until: (check, what, ms) => watched.until(check, what, ms),
		close: () => server.close(),
	};
}

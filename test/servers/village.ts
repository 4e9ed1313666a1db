import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "./listen.ts";

export interface VillageArticle {
	readonly title: string;
	/** Plain text, a paragraph a line. */
	readonly body: string;
	/** By default the title with dashes. */
	readonly slug?: string;
	/** محليات by default. */
	readonly section?: Section;
	/** As the site writes it beside the headline; nothing by default. */
	readonly date?: string;
	/** What the lists show instead of the title. */
	readonly listed?: string;
}

export type Section = "محليات" | "ثقافة";

export interface VillageEntry extends VillageArticle {
	readonly id: number;
	readonly slug: string;
	readonly section: Section;
	/** Absolute and percent-encoded. */
	readonly url: string;
}

/** How the site is built: hand-written PHP, tables of 2008, Drupal's views, WordPress with its feed links taken out, nothing but divs. */
export type Manner = "php" | "tables" | "drupal" | "wordpress" | "soup";

export interface Village {
	/** The origin, without a closing slash. */
	readonly url: string;
	/** `127.0.0.1:port`, for ALLOW_PRIVATE_HOSTS. */
	readonly host: string;
	/** The pages of its two sections. */
	readonly sections: Readonly<Record<Section, string>>;
	/** Oldest first. */
	readonly articles: readonly VillageEntry[];
	/** Paths asked for, decoded, in order, with what they were answered. */
	readonly requests: readonly { readonly path: string; readonly status: number }[];
	/** Puts an article on top of the front page and of its section. */
	publish(article: VillageArticle): VillageEntry;
	/** Makes a page (by its decoded path) answer with a status, or with HTML of its own; undefined ends it. */
	set(path: string, answer: number | string | undefined): void;
	hits(path: string): number;
	close(): Promise<void>;
}

const NAME = "صحيفة القرية";
const MENU =
	'<a href="/">الرئيسية</a> <a href="/قسم/محليات">محليات</a> <a href="/قسم/ثقافة">ثقافة</a> <a href="/من-نحن">من نحن</a>';
const FOOT = '<a href="/خصوصية">سياسة الخصوصية في صحيفة القرية وموقعها</a> <a href="https://t.me/village">تلغرام</a>';
const BYTES_1256 = new Map<string, number>(
	Array.from({ length: 128 }, (_, i) => [new TextDecoder("windows-1256").decode(Uint8Array.of(i + 128)), i + 128]),
);

const escaped = (text: string) =>
	text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

/** One item of the main list, by the manner of the site; `href` is written raw, as such sites do. */
const ITEMS: Readonly<Record<Manner, (one: VillageEntry, href: string, headline: string) => string>> = {
	php: (one, href, headline) =>
		`<div class="item"><a href="${href}"><img src="/صور/${one.id}.jpg" alt=""></a><h2><a href="${href}">${headline}</a></h2>${one.date ? `<span class="when">${one.date}</span>` : ""}<p>${excerpt(one)}</p><a class="btn" href="${href}">اقرأ المزيد</a></div>`,
	tables: (one, href, headline) =>
		`<tr><td width=90><a href="${href}"><img src="/صور/${one.id}.jpg" border=0></a></td><td><font size=3><b><a href="${href}">${headline}</a></b></font><br>${one.date ? `<font size=1>${one.date}</font><br>` : ""}<font size=2>${excerpt(one)} <a href="${href}">التفاصيل</a></font></td></tr>`,
	drupal: (one, href, headline) =>
		`<div class="views-row views-row-${one.id}"><div class="views-field views-field-title"><span class="field-content"><a href="${href}">${headline}</a></span></div>${one.date ? `<div class="views-field views-field-created"><span class="field-content">${one.date}</span></div>` : ""}<div class="views-field views-field-body"><div class="field-content">${excerpt(one)}</div></div></div>`,
	wordpress: (one, href, headline) =>
		`<article id="post-${one.id}" class="post-${one.id} post type-post status-publish category-${one.id % 3} tag-خبر hentry"><header class="entry-header"><h2 class="entry-title"><a href="${href}" rel="bookmark">${headline}</a></h2><div class="entry-meta"><a href="/قسم/${one.section}">${one.section}</a> ${one.date ? `<time class="entry-date published">${one.date}</time>` : ""} <a href="${href}#respond">لا تعليقات على ${headline}</a></div></header><div class="entry-summary"><p>${excerpt(one)} <a class="more-link" href="${href}">أكمل القراءة</a></p></div></article>`,
	soup: (one, href, headline) =>
		`<div class="b${one.id % 2}"><a href="${href}"><div class="i"></div><div class="t">${headline}</div><div class="s">${one.section}</div><div class="g">${one.date ?? "قبل ساعتين"}</div></a></div>`,
};

function excerpt(one: VillageEntry): string {
	return `${escaped(one.body.slice(0, 60))}…`;
}

/**
 * A small Arabic news site on loopback without feed, sitemap or robots.txt: front page, two sections and articles under raw Arabic addresses.
 * It counts its visitors on every page, so that no two answers have the same bytes, and knows nothing of ETags unless told to.
 */
export async function startVillage(
	options: {
		readonly manner?: Manner;
		readonly charset?: "utf-8" | "windows-1256";
		/** Whether pages have an ETag; then the counter stands still. */
		readonly etag?: boolean;
		/** How many articles the main list shows. */
		readonly most?: number;
	} = {},
): Promise<Village> {
	const { manner = "php", charset = "utf-8", etag = false, most = 10 } = options;
	const articles: VillageEntry[] = [];
	const requests: { path: string; status: number }[] = [];
	const answers = new Map<string, number | string>();
	let visitors = 10_000;

	const headlineOf = (one: VillageEntry) => escaped(one.listed ?? one.title);
	const hrefOf = (one: VillageEntry) => escaped(`/خبر/${one.slug}`);
	const page = (title: string, body: string) => `<!doctype html>
<html lang="ar" dir="rtl"><head><meta charset="${charset}"><title>${escaped(title)}</title></head>
<body>${body}<div class="copyright">${FOOT}<br>عدد الزوار: ${etag ? visitors : ++visitors}</div></body></html>`;
	const frame = (ticker: string, main: string, side: string) =>
		manner === "tables"
			? `<table width=780 align=center><tr><td colspan=2>${MENU}</td></tr><tr><td colspan=2><marquee>${ticker}</marquee></td></tr><tr><td valign=top><table>${main}</table></td><td width=200 valign=top>${side}</td></tr></table>`
			: manner === "soup"
				? `<div class="z"><div class="m">${MENU}</div><div class="k">${ticker}</div><div class="c">${main}</div><div class="e">${side}</div></div>`
				: `<header class="site-header"><nav>${MENU}</nav><div class="ticker">${ticker}</div></header><main>${main}</main><aside class="sidebar">${side}</aside>`;
	const items = (some: readonly VillageEntry[]) =>
		some.map((one) => ITEMS[manner](one, hrefOf(one), headlineOf(one))).join("\n");
	const newest = () => articles.toReversed();

	function front(): string {
		const all = newest();
		const ticker = all[0] ? `<b>عاجل</b> <a href="${hrefOf(all[0])}">${headlineOf(all[0])}</a>` : "";
		const latest = all
			.slice(0, 5)
			.map(
				(one) =>
					`<li><a href="${encodeURI(hrefOf(one)).replace(/%../g, (hex) => hex.toLowerCase())}">.${headlineOf(one)}</a> <small>قبل 3 ساعات</small></li>`,
			);
		const read = articles
			.slice(0, 3)
			.map(
				(one, at) =>
					`<li><span>${at + 1}</span> <a href="${hrefOf(one)}">${headlineOf(one)}</a> (${one.id * 7} قراءة)</li>`,
			);
		const side = `<h3>آخر الأخبار <a href="/قسم/محليات">المزيد</a></h3><ul>${latest.join("")}</ul><h3>الأكثر قراءة</h3><ol>${read.join("")}</ol>`;
		return page(NAME, frame(ticker, items(all.slice(0, most)), side));
	}

	function article(one: VillageEntry): string {
		const paragraphs = one.body
			.split("\n")
			.map((line) => `<p>${escaped(line)}</p>`)
			.join("");
		return page(
			`${one.title} - ${NAME}`,
			frame("", `<article><h1>${escaped(one.title)}</h1><div class="article-body">${paragraphs}</div></article>`, ""),
		);
	}

	function contentOf(path: string): string | undefined {
		if (path === "/" || path === "/index.php") return front();
		const section = /^\/قسم\/(.+)$/.exec(path)?.[1];
		if (section === "محليات" || section === "ثقافة")
			return page(section, frame("", items(newest().filter((one) => one.section === section)), ""));
		const slug = /^\/خبر\/(.+)$/.exec(path)?.[1];
		const one = articles.find((entry) => entry.slug === slug);
		return one && article(one);
	}

	function handle(request: IncomingMessage, response: ServerResponse): void {
		const path = decodeURIComponent(new URL(request.url ?? "/", "http://village").pathname);
		const set = answers.get(path);
		const content = typeof set === "string" ? set : contentOf(path);
		let status = typeof set === "number" ? set : content === undefined ? 404 : 200;
		const html =
			status === 200 && content !== undefined ? content : "<html><body><h1>الصفحة غير موجودة</h1></body></html>";
		const bytes = charset === "windows-1256" ? windows1256(html) : Buffer.from(html);
		const headers: Record<string, string> = { "content-type": `text/html; charset=${charset}` };
		if (etag && status === 200) {
			headers["etag"] = `"${createHash("sha1").update(bytes).digest("hex")}"`;
			if (request.headers["if-none-match"] === headers["etag"]) status = 304;
		}
		requests.push({ path, status });
		response.writeHead(status, headers).end(status === 304 ? undefined : bytes);
	}

	const server = await listen(handle);
	return {
		url: server.url,
		host: `127.0.0.1:${server.port}`,
		sections: { محليات: `${server.url}/قسم/محليات`, ثقافة: `${server.url}/قسم/ثقافة` },
		articles,
		requests,
		publish(wanted) {
			const slug = wanted.slug ?? wanted.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
			const url = new URL(`/خبر/${slug}`, server.url).href;
			const one: VillageEntry = { section: "محليات", ...wanted, id: articles.length + 1, slug, url };
			articles.push(one);
			return one;
		},
		set(path, answer) {
			if (answer === undefined) answers.delete(path);
			else answers.set(path, answer);
		},
		hits: (path) => requests.filter((one) => one.path === path).length,
		close: () => server.close(),
	};
}

/** The text in windows-1256; signs it does not have become numeric references. */
function windows1256(text: string): Buffer {
	const bytes: number[] = [];
	for (const sign of text) {
		const code = sign.codePointAt(0) ?? 0;
		const byte = code < 128 ? code : BYTES_1256.get(sign);
		if (byte === undefined) bytes.push(...Buffer.from(`&#${code};`));
		else bytes.push(byte);
	}
	return Buffer.from(bytes);
}

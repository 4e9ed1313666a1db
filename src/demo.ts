import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parse } from "yaml";
import { z } from "zod";
import type { Clock } from "./ports.ts";

const Article = z.strictObject({
	title: z.string().min(1),
	category: z.string().min(1),
	tags: z.array(z.string().min(1)),
	paragraphs: z.array(z.string().min(1)),
});
const Newsroom = z.strictObject({
	name: z.string().min(1),
	articles: z.array(Article).min(1),
});

/** One news item of the demo newsroom. */
export interface DemoArticle {
	readonly title: string;
	readonly category: string;
	readonly tags: readonly string[];
	/** May be empty: an item with a title alone. */
	readonly paragraphs: readonly string[];
}

/** An invented newsroom: its name and what it publishes, in order. */
export interface DemoNewsroom {
	readonly name: string;
	readonly articles: readonly DemoArticle[];
}

/** Reads the text of templates/demo.yaml; throws when it is not a newsroom. */
export function readDemo(yaml: string): DemoNewsroom {
	return Newsroom.parse(parse(yaml));
}

interface Published extends DemoArticle {
	readonly path: string;
	readonly at: Date;
}

/** What stands in the feed when the demo starts, so that there is something to skip on the first visit. */
const LISTED_AT_START = 3;
const FIRST_AFTER_MS = 2000;
/** Between the articles that are there from the start. */
const EARLIER_MS = 600_000;
const FEED_LENGTH = 20;
/** Old pages go, or a demo left running for weeks would grow without end. */
const PAGES_KEPT = 500;

/** A small news site on loopback: an RSS feed with short entries and a page for each article. It publishes the next article every `every` milliseconds. Throws when no port of 127.0.0.1 can be had. */
export async function startDemo(options: {
	readonly articles: readonly DemoArticle[];
	readonly every: number;
	readonly clock: Clock;
	readonly name?: string;
}): Promise<{
	readonly feedUrl: string;
	readonly host: string;
	stop(): Promise<void>;
}> {
	const { articles, every, clock } = options;
	const name = options.name ?? "شبكة أخبار السنابل";
	if (articles.length === 0)
		throw new Error("The demo newsroom has no articles: templates/demo.yaml needs at least one.");
	const published: Published[] = [];
	let count = 0;

	function publish(at: Date): void {
		const article = articles[count % articles.length] as DemoArticle;
		const edition = Math.floor(count / articles.length) + 1;
		count++;
		const again = edition > 1;
		published.push({
			...article,
			title: again ? `${article.title} – الطبعة ${edition}` : article.title,
			// Short, because X counts an address of this machine letter by letter instead of as 23.
			path: `/news/${count}`,
			at,
		});
		if (published.length > PAGES_KEPT) published.shift();
	}

	const start = clock.now().getTime();
	for (let back = Math.min(LISTED_AT_START, articles.length); back > 0; back--)
		publish(new Date(start - back * EARLIER_MS));

	const server = createServer((request, response) => answer(request, response));
	server.on("clientError", (_error, socket) => socket.destroy());
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(0, "127.0.0.1", resolve);
	});
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	const origin = `http://${host}`;

	let cancel = clock.at(new Date(start + FIRST_AFTER_MS), tick);
	let stopping: Promise<void> | undefined;
	function tick(): void {
		if (stopping) return;
		const now = clock.now();
		publish(now);
		cancel = clock.at(new Date(now.getTime() + every), tick);
	}

	function answer(request: IncomingMessage, response: ServerResponse): void {
		const path = new URL(request.url ?? "/", origin).pathname;
		if (path === "/feed") {
			const etag = `"${count}"`;
			if (request.headers["if-none-match"] === etag) {
				response.writeHead(304, { etag }).end();
				return;
			}
			send(response, 200, "application/rss+xml", feedOf(name, origin, latest()), { etag });
			return;
		}
		const article = published.find((one) => one.path === path || `${one.path}/` === path);
		if (article) send(response, 200, "text/html", pageOf(name, origin, article));
		else if (path === "/") send(response, 200, "text/html", frontOf(name, latest()));
		else send(response, 404, "text/html", framed(name, "غير موجود", "<p>لا توجد صفحة بهذا العنوان.</p>"));
	}
	const latest = () => published.slice(-FEED_LENGTH).reverse();

	return {
		feedUrl: `${origin}/feed`,
		host,
		stop() {
			stopping ??= new Promise((resolve) => {
				cancel();
				server.close(() => resolve());
				server.closeAllConnections();
			});
			return stopping;
		},
	};
}

function send(
	response: ServerResponse,
	status: number,
	type: string,
	body: string,
	headers: Readonly<Record<string, string>> = {},
): void {
	const bytes = Buffer.from(body);
	response.writeHead(status, {
		"content-type": `${type}; charset=utf-8`,
		"content-length": String(bytes.length),
		...headers,
	});
	response.end(bytes);
}

const SIGNS: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
};
function escaped(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => SIGNS[sign] as string);
}

/** The first words only, as most newsrooms' feeds have it: the rest stands on the page. */
function teaser(article: Published): string {
	const words = (article.paragraphs[0] ?? "").split(" ");
	return words.length > 10 ? `${words.slice(0, 10).join(" ")} […]` : words.join(" ");
}

function feedOf(name: string, origin: string, articles: readonly Published[]): string {
	const items = articles.map(
		(article) => `<item>
<title>${escaped(article.title)}</title>
<link>${origin}${article.path}</link>
<guid isPermaLink="true">${origin}${article.path}</guid>
<pubDate>${article.at.toUTCString()}</pubDate>
${[article.category, ...article.tags].map((tag) => `<category>${escaped(tag)}</category>`).join("")}
<description>${escaped(teaser(article))}</description>
</item>`,
	);
	return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>${escaped(name)}</title>
<link>${origin}/</link>
<description>${escaped(name)}</description>
<language>ar</language>
${items.join("\n")}
</channel></rss>
`;
}

function framed(name: string, title: string, main: string, head = ""): string {
	return `<!DOCTYPE html>
<html lang="ar" dir="rtl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)} - ${escaped(name)}</title>
<link rel="alternate" type="application/rss+xml" title="${escaped(name)}" href="/feed">
${head}<style>body{max-width:42rem;margin:auto;padding:1rem;font-family:system-ui,sans-serif;line-height:1.8}</style>
</head>
<body>
<header><a href="/">${escaped(name)}</a></header>
<main>
${main}
</main>
<footer>${escaped(name)}: غرفة أخبار خيالية للتجربة</footer>
</body>
</html>
`;
}

function pageOf(name: string, origin: string, article: Published): string {
	const iso = article.at.toISOString();
	const head = `<link rel="canonical" href="${origin}${article.path}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="${escaped(name)}">
<meta property="og:title" content="${escaped(article.title)}">
<meta property="og:url" content="${origin}${article.path}">
<meta property="article:published_time" content="${iso}">
`;
	const main = `<article>
<h1>${escaped(article.title)}</h1>
<time datetime="${iso}">${iso.slice(0, 10)}</time>
<div class="entry-content">
${article.paragraphs.map((paragraph) => `<p>${escaped(paragraph)}</p>`).join("\n")}
</div>
<p class="tags">${article.tags.map((tag) => `<a rel="tag" href="/">${escaped(tag)}</a>`).join(" ")}</p>
</article>`;
	return framed(name, article.title, main, head);
}

function frontOf(name: string, articles: readonly Published[]): string {
	const links = articles.map((article) => `<li><a href="${article.path}">${escaped(article.title)}</a></li>`);
	return framed(name, "الرئيسية", `<h1>${escaped(name)}</h1>\n<ul>\n${links.join("\n")}\n</ul>`);
}

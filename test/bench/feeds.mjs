// node src/build.mjs && node test/bench/feeds.mjs: what a look at a feed costs, changed and unchanged, beside the usual libraries on the same bytes. Processor time of this process, medians of many rounds.
import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import FeedParser from "feedparser";
import { parseFeed as feedsmith } from "feedsmith";
import RssParser from "rss-parser";
import { Pool } from "undici";
import { parse } from "yaml";
import { web } from "../../dist/http.js";
import { markOf } from "../../dist/recognition.js";
import { feedSource, parseFeed } from "../../dist/sources/feed.js";
import { allGoals, goal, isQuick, row, say } from "./say.mjs";

const ENTRIES = 50;
const BYTES = 117_000;
let turns = 0;
const ETAG = '"bench"';
const AT_ONCE = 8;
const file = fileURLToPath(import.meta.url);
const templates = join(dirname(file), "../../templates");
const { articles } = parse(readFileSync(join(templates, "demo.yaml"), "utf8"));
const words = articles
	.flatMap(({ paragraphs }) => paragraphs)
	.join(" ")
	.split(" ");
const wordsFrom = (start, count) =>
	Array.from({ length: count }, (_, at) => words[(start * 37 + at) % words.length]).join(" ");
const coded = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const cdata = (text) => `<![CDATA[${text}]]>`;

/** A feed as WordPress writes one, of the same size whatever the way of writing markup; the variant changes its newest entry. */
function feed(variant, written) {
	const make = (length) => {
		const items = Array.from({ length: ENTRIES }, (_, at) => {
			const own = at === 0 ? at + variant : at;
			const slug = encodeURIComponent(wordsFrom(own, 5).replaceAll(" ", "-")).toLowerCase();
			const address = `https://news.example/2026/11/${slug}/`;
			const body = [0, 1, 2].map((part) => `<p>${wordsFrom(own + part, length)}.</p>`).join("\n");
			const picture = `<p><img class="alignnone" src="https://news.example/${own}.jpg" alt="" width="800" height="450" /></p>`;
			return `<item>
		<title>${wordsFrom(own, 9)}</title>
		<link>${address}</link>
		<comments>${address}#respond</comments>
		<dc:creator>${cdata(wordsFrom(own, 2))}</dc:creator>
		<pubDate>${new Date(Date.UTC(2026, 10, 23, 9) - at * 600_000).toUTCString().replace("GMT", "+0000")}</pubDate>
		<category>${cdata(wordsFrom(own, 1))}</category>
		<guid isPermaLink="false">https://news.example/?p=${1_000 + own}</guid>
		<description>${written(`<p>${wordsFrom(own, 20)} [&#8230;]</p>`)}</description>
		<content:encoded>${written(body + picture)}</content:encoded>
	</item>`;
		});
		return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>شبكة</title><atom:link href="https://news.example/feed/" rel="self" type="application/rss+xml" /><link>https://news.example</link>${items.join("\n")}</channel></rss>`);
	};
	let length = 1;
	while (make(length).length < BYTES) length++;
	return make(length);
}

if (process.argv[2] === "--serve") {
	const body = feed(0, cdata);
	const server = createServer((request, response) => {
		if (request.headers["if-none-match"] === ETAG) response.writeHead(304, { etag: ETAG }).end();
		else response.writeHead(200, { etag: ETAG, "content-type": "application/rss+xml; charset=utf-8" }).end(body);
	});
	server.keepAliveTimeout = 60_000;
	server.listen(0, "127.0.0.1", () => process.send(server.address().port));
} else {
	await measure();
	if (process.argv[1] === file) allGoals();
}

async function measure() {
	const variants = [0, 1, 2, 3, 4, 5, 6, 7].map((variant) => feed(variant, cdata));
	const escaped = [0, 1, 2, 3, 4, 5, 6, 7].map((variant) => feed(variant, coded));
	const at = { url: "https://news.example/feed/", source: "bench" };
	const sizes = (values) => values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
	const known = (drafts) =>
		drafts.reduce((sum, draft) => sum + sizes([draft.url, draft.guid, draft.title, draft.publishedAt]), 0);
	const stamped = (drafts) => known(drafts) + sizes(drafts.map(({ stamp }) => stamp));
	// As a source's record remembers the last list: of the fifty entries, one was not in it.
	let listed = {};
	const edited = (drafts) => {
		listed = Object.fromEntries(drafts.map((draft) => [draft.url, markOf(draft, listed[draft.url])]));
		return known(drafts);
	};
	const whole = (drafts) => JSON.stringify(drafts).length;
	const rss = new RssParser();
	const rows = [
		["Mirsal, to known entries, edits told", async (body) => edited(await parseFeed(body, at))],
		["Mirsal, every entry stamped anew", async (body) => stamped(await parseFeed(body, at))],
		["Mirsal, every entry whole", async (body) => whole(await parseFeed(body, at))],
		["Mirsal, texts escaped instead of CDATA", async () => known(await parseFeed(turn(escaped), at))],
		["feedsmith", async (body) => feedsmith(body.toString()).feed.items.length],
		["feedparser", (body) => withFeedParser(body)],
		["rss-parser", async (body) => (await rss.parseString(body.toString())).items.length],
	];
	const times = await medians(
		rows.map(([name, work]) => [name, () => work(turn(variants))]),
		isQuick ? 5 : 15,
		16,
	);
	say(
		`A changed feed of ${Math.round(variants[0].length / 1_000)} KB, ${ENTRIES} entries with their texts in Arabic, from bytes to entries`,
	);
	for (const [index, [name]] of rows.entries()) shown(name, times[index], times[0]);
	goal("a changed feed of known entries, edits told", 1_000_000 / times[0], 700, {
		unit: "a second",
		least: true,
		beside: `rss-parser: ${(1_000_000 / times.at(-1)).toFixed(0)} a second`,
	});
	await unchanged();
	await hostile();
}

/** Looks at a feed over the loopback with kept connections, some at a time; the server's work is another process's. */
async function unchanged() {
	const server = fork(file, ["--serve"]);
	const [port] = await once(server, "message");
	const origin = `http://127.0.0.1:${port}`;
	const url = `${origin}/feed`;
	const pool = new Pool(origin, { connections: AT_ONCE });
	const door = web({ userAgent: "Mirsal-bench", allowPrivate: [`127.0.0.1:${port}`], now: () => new Date() });
	const source = feedSource({ name: "bench", url, web: door, sites: {}, own: true });
	const { signal } = new AbortController();
	const { cursor } = await source.poll({}, signal);
	const { etag, ...hashed } = cursor;
	const rss = new RssParser();
	const rows = [
		["bare undici, 304 (the floor)", () => bare(pool, { "if-none-match": etag })],
		["Mirsal, 304", () => source.poll(cursor, signal)],
		["bare undici, the same bytes", () => bare(pool, {})],
		["Mirsal, the same bytes", () => source.poll(hashed, signal)],
		["rss-parser.parseURL", () => rss.parseURL(url)],
	];
	const times = await medians(
		rows.map(([name, work]) => [name, () => Promise.all(Array.from({ length: AT_ONCE }, work))]),
		isQuick ? 5 : 15,
		25,
	);
	say(`\nThe same feed unchanged, over the loopback, ${AT_ONCE} looks at a time`);
	for (const [index, [name]] of rows.entries()) shown(name, times[index] / AT_ONCE, times[0] / AT_ONCE);
	const [floor, mine] = times.map((time) => time / AT_ONCE);
	goal("an unchanged source (304)", mine, 90, {
		unit: "µs",
		beside: `bare undici: ${floor.toFixed(0)} µs, rss-parser.parseURL: ${(times.at(-1) / AT_ONCE).toFixed(0)} µs`,
	});
	await Promise.all([pool.close(), door.close()]);
	server.kill();
}

/** Inputs made to hold a reader up, with everything read that is there to read: twice the size may take twice the time, never four times. */
async function hostile() {
	const item = (inside) => `<rss><channel><item><link>https://news.example/a</link>${inside}</item></channel></rss>`;
	const body = (markup) => item(`<description>${cdata(markup)}</description>`);
	const rows = [
		["«<» and nothing else", (size) => "<".repeat(size)],
		["elements in elements", (size) => `<rss>${"<a>".repeat(size / 3)}`],
		["CDATA that never ends", (size) => `<rss><![CDATA[${"]] ".repeat(size / 3)}`],
		["entities that would grow", (size) => `<!DOCTYPE rss [${"<!ENTITY a '&b;&b;'>".repeat(size / 20)}]><rss></rss>`],
		["a title and nothing else", (size) => item(`<title>${"عنوان ".repeat(size / 11)}</title>`)],
		["a text that nests without end", (size) => body("<b>".repeat(size / 3))],
		["a text of spaces", (size) => body(`أ${" ".repeat(size)}ب`)],
		["an author of signs", (size) => item(`<author>${"a@".repeat(size / 2)}</author>`)],
		["empty entries", (size) => `<rss>${"<item/>".repeat(size / 7)}</rss>`],
	];
	const sizes = isQuick ? [500_000, 1_000_000] : [2_500_000, 5_000_000, 10_000_000];
	say(`\nHostile feeds of ${sizes.map((size) => size / 1e6).join(", ")} MB`);
	for (const [name, make] of rows) {
		const times = [];
		for (const size of sizes) {
			const bytes = Buffer.from(make(size));
			const start = performance.now();
			const drafts = await parseFeed(bytes, { url: "https://news.example/feed", source: "bench" }).catch(() => []);
			JSON.stringify(drafts);
			times.push(`${(performance.now() - start).toFixed(0).padStart(7)} ms`);
		}
		say(`${name.padEnd(44)} ${times.join(" ")}`);
	}
}

async function bare(pool, headers) {
	const { body } = await pool.request({ method: "GET", path: "/feed", headers });
	await (headers["if-none-match"] ? body.dump() : body.bytes());
}

function withFeedParser(body) {
	return new Promise((resolve, reject) => {
		let entries = 0;
		const parser = new FeedParser();
		parser.on("error", reject).on("end", () => resolve(entries));
		parser.on("readable", () => {
			while (parser.read() !== null) entries++;
		});
		Readable.from([body]).pipe(parser);
	});
}

/** Microseconds of processor time for one call of each: the median of the rounds, in which the rows take turns. */
async function medians(rows, rounds, calls) {
	const times = rows.map(() => []);
	for (let round = -3; round < rounds; round++)
		for (const [index, [, work]] of rows.entries()) {
			const start = process.cpuUsage();
			for (let call = 0; call < calls; call++) await work();
			const { user, system } = process.cpuUsage(start);
			if (round >= 0) times[index].push((user + system) / calls);
		}
	return times.map((list) => list.sort((left, right) => left - right)[rounds >> 1]);
}

function turn(bodies) {
	turns++;
	return bodies[turns % bodies.length];
}

function shown(name, time, first) {
	const rate = (1_000_000 / time).toFixed(0);
	row(
		name,
		`${time.toFixed(0).padStart(7)} µs  ${rate.padStart(7)} a second  ${(time / first).toFixed(1).padStart(6)} ×`,
	);
}

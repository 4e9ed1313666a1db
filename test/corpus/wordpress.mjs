// A real WordPress with articles of our own: each of them is the same by every way in.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { cleaner } from "../../dist/arabic/clean.js";
import { articleOf } from "../../dist/article/article.js";
import { articleId, canonicalUrl } from "../../dist/article/identity.js";
import { parseFeed } from "../../dist/sources/feed.js";
import { listedArticles } from "../../dist/sources/listing.js";
import { readPage } from "../../dist/sources/page.js";
import { parseSitemap } from "../../dist/sources/sitemap-file.js";
import { parseWordpress } from "../../dist/sources/wordpress.js";
import { bare, squeezed } from "./plain.mjs";
import { counted, noted } from "./report.mjs";

const CREDITS = join(dirname(fileURLToPath(import.meta.url)), "../../templates/credits.yaml");
const SITE = "http://127.0.0.1:18481";
const FEEDS = ["feed-rss2.xml", "feed-atom.xml", "feed-rdf.xml"];
const REST = "wp-json-posts-embed.json";
const SITEMAP = "wp-sitemap-posts-post-1.xml";
const FRONT = "home.html";

/** Title, lead, credits and id of every row by feed, Atom, RDF, article page and REST; the same ids by the sitemap and the front page, which have no text. */
export async function wordpressChecks(folder) {
	const rows = rowsFor(folder);
	if (rows === undefined) return [{ ...noted("rows.json", "not found"), bar: "found", passed: false }];
	const read = (file) => readFileSync(join(folder, file), "utf8");
	const clean = cleaner(parse(readFileSync(CREDITS, "utf8")));
	const articlesOf = (drafts) => drafts.map((draft) => articleOf(draft, clean)?.article).filter(Boolean);
	const ids = new Map();
	const checks = [];
	for (const file of FEEDS) {
		const drafts = await parseFeed(readFileSync(join(folder, file)), { url: `${SITE}/${file}`, source: "corpus" });
		checks.push(whole(file, rows, articlesOf(drafts), ids));
	}
	const rest = parseWordpress(read(REST), { url: `${SITE}/wp-json/wp/v2/posts`, source: "corpus" });
	const html = read("article-page.html");
	const page = articlesOf([await readPage(html, addressIn(html), {})]);
	// There is one page: it is compared with the row whose id it has.
	const ofPage = rows.filter(({ title }) => ids.get(title) === page[0]?.id);
	const sitemap = parseSitemap(read(SITEMAP), `${SITE}/${SITEMAP}`);
	const front = await listedArticles(read(FRONT), `${SITE}/`, { source: "corpus" });
	const words = bare(read(FRONT));
	const onFront = rows.filter(({ title }) => words.includes(squeezed(texturized(title))));
	return [
		...checks,
		whole(REST, rows, articlesOf(rest), ids),
		whole("article-page.html", ofPage, page, ids),
		listed(SITEMAP, rows, sitemap.kind === "list" ? sitemap.entries : [], ids),
		listed(FRONT, onFront, front, ids),
	];
}

function whole(file, rows, articles, ids) {
	const wrong = rows
		.map((row) => ({ row, problems: problemsOf(row, articles, ids) }))
		.filter(({ problems }) => problems.length > 0);
	return counted(`${file}: all four`, {
		got: rows.length - wrong.length,
		// No row at all is a miss, not a success.
		of: Math.max(rows.length, 1),
		failing: wrong.map(({ row, problems }) => `${row.title}: ${problems.join("; ")}`),
	});
}

function listed(file, rows, entries, ids) {
	const found = new Set(entries.map(({ url }) => articleId(canonicalUrl(url))));
	const missing = rows.filter(({ title }) => !found.has(ids.get(title)));
	return counted(`${file}: id`, {
		got: rows.length - missing.length,
		of: Math.max(rows.length, 1),
		failing: missing.map(({ title }) => title),
	});
}

function problemsOf({ title, expect }, articles, ids) {
	const article = articles.find((one) => one.title === texturized(title));
	if (!article) return ["no article of this title"];
	const { id, lead, credits } = article;
	if (!ids.has(title)) ids.set(title, id);
	return [
		...(lead === texturized(expect.lead) ? [] : [`lead «${lead}»`]),
		...(credits.join("|") === expect.credits.join("|") ? [] : [`credits ${credits.join("|") || "none"}`]),
		...(ids.get(title) === id ? [] : [`id ${id}`]),
	];
}

/** WordPress writes a dash for a hyphen between spaces (wptexturize). */
function texturized(text) {
	return text.replaceAll(" - ", " – ");
}

/** The rows lie beside the files, or in the folder of the tools that wrote them. */
function rowsFor(folder) {
	const places = [join(folder, "rows.json"), join(folder, "../../tools/wordpress/rows.json")];
	const place = places.find((one) => existsSync(one));
	return place === undefined ? undefined : JSON.parse(readFileSync(place, "utf8"));
}

function addressIn(html) {
	return /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1] ?? `${SITE}/article`;
}

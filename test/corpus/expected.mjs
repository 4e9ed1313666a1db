// What the feed corpora say should come out of their files, in one shape.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ofFeedsmith, ofRssParser, reduced } from "./readers.mjs";

/**
 * A file of a corpus and what is known of it.
 * @typedef {object} Known
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {string} url where it would stand on the web
 * @property {string} base what relative links are relative to: the first xml:base in it, else `url`
 * @property {string} [contentType] when the file quotes the header it comes with
 * @property {boolean} yields whether it should have entries
 * @property {readonly { index: number, field: "title" | "link" | "text" | "date", values: readonly string[] }[]} says one of the values is right
 */

const FIELDS = ["title", "link", "text", "date"];
/** The suite's names for what an entry says; the others are of no use to a post. */
const FEEDPARSER_FIELDS = {
	title: "title",
	link: "link",
	description: "text",
	summary: "text",
	published: "date",
	created: "date",
};

/** The suite of Python's feedparser: 609 small files with one expectation each. */
export function feedparserSuite(folder) {
	return JSON.parse(readFileSync(join(folder, "expect.json"), "utf8")).map(({ file, items, expect, check }) => {
		const bytes = readFileSync(join(folder, file));
		// The suite's own server stood there, and some results name it.
		const url = `http://127.0.0.1:8097/tests/${file}`;
		const known = { name: file, bytes, url, base: baseOf(bytes, url), yields: items > 0 };
		const [, contentType] = /^Header:\s*Content-type:\s*(.+)$/im.exec(bytes.toString("latin1")) ?? [];
		const says = [];
		const field = check?.scope === "entry" ? FEEDPARSER_FIELDS[check.key] : undefined;
		if (field && typeof check.value === "string") {
			const one = { title: [], link: [], text: [], date: [], [field]: [check.value] };
			says.push({ index: check.index, field, values: reduced(one, known.base)[field].slice(0, 1) });
		}
		const parts = /entries\[0\]\['(?:published|updated|created)_parsed'\] == \(([\d, ]+)\)/.exec(expect)?.[1];
		if (parts) {
			const [year, month, ...rest] = parts.split(",").map(Number);
			const time = Date.UTC(year, month - 1, ...rest.slice(0, 4));
			says.push({ index: 0, field: "date", values: [new Date(time).toISOString()] });
		}
		return { ...known, ...(contentType ? { contentType } : {}), says };
	});
}

/** Real feeds with the results that rss-parser recorded. */
export function rssParserSuite(folder) {
	return readdirSync(join(folder, "input")).map((name) => {
		const recorded = join(folder, "output", name.replace(/\.\w+$/, ".json"));
		const items = existsSync(recorded) ? JSON.parse(lenient(readFileSync(recorded))).feed.items : [];
		return fileOf(join(folder, "input"), name, items.map(ofRssParser), recordedWrongly);
	});
}

/** feedsmith's reference feeds with their results. */
export function feedsmithSuite(folder) {
	return ["atom", "rdf", "rss"].flatMap((kind) => {
		const references = join(folder, kind, "references");
		return readdirSync(references)
			.filter((name) => name.endsWith(".xml"))
			.map((name) => {
				const feed = JSON.parse(readFileSync(join(references, name.replace(/\.xml$/, ".json")), "utf8"));
				return fileOf(references, name, (feed.items ?? feed.entries ?? []).map(ofFeedsmith));
			});
	});
}

/** Real and odd feeds of which only the files are known. */
export function feedjiraSuite(folder) {
	return readdirSync(folder)
		.filter((name) => /\.(?:xml|json)$/.test(name))
		.map((name) => fileOf(folder, name, []));
}

function fileOf(folder, name, entries, isWrong = () => false) {
	const url = `http://corpus.example/${name}`;
	const bytes = readFileSync(join(folder, name));
	const base = baseOf(bytes, url);
	const parts = entriesIn(bytes);
	const says = entries.flatMap((entry, index) => {
		const values = reduced({ ...entry, link: [...entry.link, originOf(parts[index])] }, base);
		return FIELDS.flatMap((field) => {
			if (field === "text" && isWrong(name, parts[index])) return [];
			// A result with a lost character in it was recorded from a reader that could not decode the feed.
			const known = values[field].filter((value) => value !== "" && !value.includes("\uFFFD"));
			if (known.length === 0) return [];
			// A feed may give several dates; the first of the list is that of publication.
			return [{ index, field, values: field === "date" ? known.slice(0, 1) : known }];
		});
	});
	return { name, bytes, url, base, yields: true, says };
}

function baseOf(bytes, url) {
	const [, base] = /\sxml:base\s*=\s*["']([^"']+)/.exec(bytes.toString("latin1")) ?? [];
	return base !== undefined && URL.canParse(base, url) ? new URL(base, url).href : url;
}

/** The entries of a feed as they are written. */
function entriesIn(bytes) {
	return bytes
		.toString("utf8")
		.split(/<(?:item|entry)[\s>]/)
		.slice(1);
}

/** FeedBurner puts its own address into the link of an entry and the site's beside it: either is the entry's. */
function originOf(entry = "") {
	return /<feedburner:origLink>([^<]+)</i.exec(entry)?.[1];
}

/** rss-parser's records of unescaped markup have all words of an element in front of the elements among them; one file was recorded with a word for what is empty. */
function recordedWrongly(name, entry = "") {
	return name === "xml2js-options.rss" || /<(?:description|content)(?:\s[^>]*)?>[^<]*<(?![!/])/.test(entry);
}

/** One recorded result is written in Latin-1, as its feed is. */
function lenient(bytes) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder("latin1").decode(bytes);
	}
}

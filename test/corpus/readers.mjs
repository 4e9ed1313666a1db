// The readers that are measured, ours and three others, each giving entries of one shape: lists of what an entry says for a field.
import FeedParser from "feedparser";
import { parseFeed as feedsmith } from "feedsmith";
import RssParser from "rss-parser";
import { decodeText } from "../../dist/sources/charset.js";
import { parseFeed } from "../../dist/sources/feed.js";
import { SourceError } from "../../dist/sources/source.js";
import { address, bare, moment, squeezed } from "./plain.mjs";

/** Names of the other readers, in the order of the columns. */
export const PEERS = ["feedsmith", "rss-parser", "feedparser"];
/** Milliseconds after which a stream that neither ends nor fails is given up. */
const GIVEN_UP = 5_000;

/**
 * One file through one reader: its entries, whether it failed in another way than by saying what is wrong, and the milliseconds it took.
 * @param {"ours" | string} name
 * @param {{ bytes: Uint8Array, url: string, base: string, contentType?: string }} file
 */
export async function readWith(name, file) {
	const start = performance.now();
	try {
		const entries = await READERS[name](file);
		return { entries, crashed: false, time: performance.now() - start };
	} catch (error) {
		return { entries: [], error, crashed: !(error instanceof SourceError), time: performance.now() - start };
	}
}

const READERS = {
	async ours({ bytes, url, contentType }) {
		const drafts = await parseFeed(bytes, { url, source: "corpus", ...(contentType ? { contentType } : {}) });
		// Ours are plain text already: nothing is left to take out of them but spaces.
		return drafts.map((draft) => ({
			title: [squeezed(draft.title)],
			link: said([draft.url], (link) => address(link, url)),
			text: [draft.summary ?? "", draft.body ?? ""].map(squeezed),
			date: said([draft.publishedAt], moment),
		}));
	},
	async feedsmith(file) {
		const { feed } = feedsmith(textOf(file));
		return (feed.items ?? feed.entries ?? []).map((entry) => reduced(ofFeedsmith(entry), file.base));
	},
	async "rss-parser"(file) {
		const { items } = await new RssParser().parseString(textOf(file));
		return items.map((item) => reduced(ofRssParser(item), file.base));
	},
	async feedparser(file) {
		// It decodes by itself: it is given the bytes.
		const items = await streamed(file.bytes, file.url);
		return items.map((item) =>
			reduced(
				{
					title: [item.title],
					link: [item.link],
					text: [item.description, item.summary],
					date: [item.pubdate, item.date],
				},
				file.base,
			),
		);
	},
};

/** What feedsmith says of an entry, also in its own reference results. */
export function ofFeedsmith(entry) {
	const alternates = (entry.links ?? []).filter(({ rel }) => rel === undefined || rel === "alternate");
	return {
		title: [wordsOf(entry.title), entry.dc?.title],
		link: [entry.link, entry.url, ...alternates.map(({ href }) => href)],
		text: [
			entry.description,
			wordsOf(entry.summary),
			wordsOf(entry.content),
			entry.content?.encoded,
			entry.content_html,
			entry.content_text,
			entry.dc?.description,
		],
		date: [
			entry.pubDate,
			entry.published,
			entry.date_published,
			entry.dc?.date,
			entry.dcterms?.issued,
			entry.dcterms?.created,
			entry.updated,
		],
	};
}

/** What rss-parser says of an entry, also in its own recorded results. */
export function ofRssParser(item) {
	return {
		title: [wordsOf(item.title)],
		link: [item.link],
		text: [item.content, item.summary, item["content:encoded"], item.description, item.contentSnippet],
		date: [item.isoDate, item.pubDate],
	};
}

/** An entry's fields as they are compared. */
export function reduced({ title, link, text, date }, base) {
	return {
		title: said(title, bare),
		link: said(link, (one) => address(one, base)),
		text: [...said(text, bare), ""],
		date: said(date, moment),
	};
}

function said(values, how) {
	return values
		.filter((value) => typeof value === "string" || value instanceof Date)
		.map((value) => how(value))
		.filter((value) => value !== undefined);
}

function wordsOf(value) {
	return typeof value === "string" ? value : (value?.value ?? value?._);
}

/** The others are handed decoded text, as a caller who knows his trade would. */
function textOf({ bytes, contentType }) {
	try {
		return decodeText(bytes, contentType);
	} catch {
		return new TextDecoder().decode(bytes);
	}
}

function streamed(bytes, url) {
	return new Promise((resolve, reject) => {
		const parser = new FeedParser({ feedurl: url, addmeta: false });
		const items = [];
		let problem;
		const timer = setTimeout(() => reject(new Error("neither end nor error")), GIVEN_UP);
		const finish = () => {
			clearTimeout(timer);
			if (items.length === 0 && problem) reject(problem);
			else resolve(items);
		};
		parser.on("error", (error) => {
			problem = error;
			setImmediate(finish);
		});
		parser.on("readable", () => {
			for (let item = parser.read(); item; item = parser.read()) items.push(item);
		});
		parser.on("end", finish);
		parser.end(Buffer.from(bytes));
	});
}

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { parseFeed } from "../../src/sources/feed.ts";

const MEGABYTE = 1_000_000;
const rss = (inside: string) =>
	`<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>${inside}</channel></rss>`;
const item = (inside: string) => rss(`<item><link>https://news.example/a</link>${inside}</item>`);
const body = (markup: string) => item(`<content:encoded><![CDATA[${markup}]]></content:encoded>`);
const times = (text: string, size: number) => text.repeat(Math.ceil(size / text.length));

/** A draft whose long texts are only measured, so that a failing test can be read. */
function readable(draft: Draft): Draft {
	const short = ([name, value]: readonly [string, unknown]) =>
		typeof value === "string" && value.length > 100
			? [name, `${value.slice(0, 50)}… ${value.length} characters, ${createHash("sha256").update(value).digest("hex")}`]
			: [name, value];
	return Object.fromEntries(Object.entries(draft).map(short)) as unknown as Draft;
}

/** Everything a feed gives, or what it was refused for. */
async function read(text: string): Promise<readonly Draft[] | string> {
	try {
		const drafts = await parseFeed(Buffer.from(text), { url: "https://news.example/feed", source: "news" });
		return drafts.map(readable);
	} catch (error) {
		return (error as Error).message;
	}
}

// Whatever takes the square of its length here takes minutes: the test then ends by its own time limit.
describe("a feed of hostile size is refused", { timeout: 20_000 }, () => {
	test.each([
		["10 MB of «<»", times("<", 10 * MEGABYTE), "no XML"],
		["10 MB of «<» in a feed", `<rss>${times("<", 10 * MEGABYTE)}`, "breaks off"],
		["CDATA that never ends", rss(`<item><title><![CDATA[${times("]] ", 10 * MEGABYTE)}`).slice(0, -16), "breaks off"],
		["a comment that never ends", `<rss><!--${times("<!--", 10 * MEGABYTE)}`, "breaks off"],
		["an instruction that never ends", `<rss>${times("<?", 10 * MEGABYTE)}`, "breaks off"],
		["an attribute that never ends", `<rss><a b="${times("x=' ", 10 * MEGABYTE)}`, "breaks off"],
		["a DTD that never ends", `<!DOCTYPE rss [${times("] ", 10 * MEGABYTE)}`, "breaks off"],
		["a DTD full of entities", `<!DOCTYPE rss [${times("<!ENTITY a 'b'>", MEGABYTE)}]>${rss("")}`, "entities"],
		["elements in elements", `<rss>${times("<a>", 10 * MEGABYTE)}`, "deeper"],
		["1,400,000 empty entries", rss(times("<item/>", 9.8 * MEGABYTE)), "1400000 entries"],
		[
			"1,400,000 empty entries of a JSON Feed",
			`{"version":"https://jsonfeed.org/version/1","items":[${times("{},", 4.2 * MEGABYTE)}{}]}`,
			"1400001 entries",
		],
	])("%s", async (_, text, sentence) => {
		expect(await read(text)).toContain(sentence);
	});
});

describe("a feed of hostile size is read", { timeout: 20_000 }, () => {
	const long = times("عنوان ", 2 * MEGABYTE).trim();
	const plain = { url: "https://news.example/a", title: "", tags: [], images: [], source: "news" };
	test.each<readonly [name: string, text: string, draft: Partial<Draft>]>([
		["a title of 4 MB", item(`<title>${long}</title>`), { title: long }],
		[
			"a title of entities",
			item(`<title>${times("&amp;amp;", MEGABYTE)}</title>`),
			{ title: times("&", MEGABYTE / 9) },
		],
		["a title of spaces", item(`<title>أ${times(" ", 4 * MEGABYTE)}ب</title>`), { title: "أ ب" }],
		[
			"numbers that are no entities",
			item(`<description>${times("&#1", 3 * MEGABYTE)}</description>`),
			{ body: "\u0001".repeat(MEGABYTE) },
		],
		["closing tags of nothing", item(`<title>أ</title>${times("</b>", 4 * MEGABYTE)}`), { title: "أ" }],
		["attributes without end", item(`<title>أ</title><b ${times("c='d' ", 2 * MEGABYTE)}/>`), { title: "أ" }],
		["a body of spaces", body(`أ${times(" ", 4 * MEGABYTE)}ب`), { body: `أ${times(" ", 4 * MEGABYTE)}ب` }],
		["a body of empty lines", body(`<p>أ${times("\n ", 2 * MEGABYTE)}<p>ب`), { body: "أ\nب" }],
		["a body that nests without end", body(`<p>أ${times("<b>", 2 * MEGABYTE)}<p>ب`), { body: "أ\nب" }],
		["a body that nests blocks without end", body(`أ${times("<div>", 2 * MEGABYTE)}ب`), { body: "أ\nب" }],
		["a body that nests drawings without end", body(`<p>أ</p>${times("<svg>", 2 * MEGABYTE)}`), { body: "أ" }],
		["an author of signs", item(`<author>${times("a@", MEGABYTE)}</author>`), { author: times("a@", MEGABYTE) }],
		["a date of digits", item(`<title>أ</title><pubDate>${times("1", MEGABYTE)}</pubDate>`), { title: "أ" }],
		["what follows its end", `${item("<title>أ</title>")}${times("<a>", 10 * MEGABYTE)}`, { title: "أ" }],
	])("%s", async (_, text, draft) => {
		expect(await read(text)).toEqual([readable({ ...plain, ...draft })]);
	});

	test("prefixes declared by the ten thousand, at the root and in every element", async () => {
		const prefixes = Array.from({ length: 20_000 }, (_, at) => `xmlns:p${at}="https://news.example/${at}"`).join(" ");
		const text = `<rss ${prefixes}><channel><item><title>أ</title><link>/a</link>${times('<b xmlns:q="u"/>', MEGABYTE)}</item></channel></rss>`;
		expect(await read(text)).toMatchObject([{ title: "أ", url: "https://news.example/a" }]);
	});
});

// What the sources of the scale benchmark list: fifty entries of an agency that all of them share, and news of their own in front.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export const ENTRIES = 50;
const templates = join(dirname(fileURLToPath(import.meta.url)), "../../templates");
const { articles } = parse(readFileSync(join(templates, "demo.yaml"), "utf8"));
const words = [
	...new Set(
		articles
			.flatMap(({ paragraphs }) => paragraphs)
			.join(" ")
			.split(" "),
	),
];

/** Words in another order for every seed, so that no two headlines tell the same story. */
export function wordsOf(seed, count) {
	let state = (seed + 1) * 2_654_435_761;
	return Array.from({ length: count }, () => {
		state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
		return words[state % words.length];
	}).join(" ");
}

export function item({ url, seed, at, more = "" }) {
	const text = [0, 1, 2].map((part) => `<p>${wordsOf(seed * 3 + part, 50)}.</p>`).join("\n");
	return `<item>
	<title>${wordsOf(seed, 10)}</title>
	<link>${url}</link>
	<pubDate>${new Date(at).toUTCString()}</pubDate>
	<category><![CDATA[${wordsOf(seed, 1)}]]></category>
	<content:encoded><![CDATA[${text}${more}]]></content:encoded>
</item>`;
}

/** The entries that every source lists, newest first, ten minutes apart. */
export const sharedItems = (now, more, site = "wire") =>
	Array.from({ length: ENTRIES }, (_, place) =>
		item({ url: `https://${site}.example/2026/${place}`, seed: place, at: now - place * 600_000, more }),
	);

export const feedOf = (items) =>
	Buffer.from(
		`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>وكالة</title><link>https://wire.example</link>${items.slice(0, ENTRIES).join("\n")}</channel></rss>`,
	);

/** Each source has an address of its own in 127.0.0.0/8. */
export const hostOf = (index) => `127.${1 + (index >> 14)}.${(index >> 7) & 127}.${1 + (index & 127)}`;
export const indexOf = (host) => {
	const [, first = 1, second = 0, third = 1] = host.split(/[.:]/).map(Number);
	return ((first - 1) << 14) + (second << 7) + third - 1;
};

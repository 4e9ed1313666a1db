import type { Hub } from "./source.ts";
import { readTokens } from "./xml-tokens.ts";

/** A link of a response or a feed to something that belongs to it. */
interface Relation {
	readonly rel: string;
	/** Absolute, as it was written when it was whole. */
	readonly address: string;
}

/** Characters of a feed that are read for its links: they stand at its beginning, before the entries. */
export const HEAD = 8192;
/** One link of a Link header (RFC 8288, 3): its address in angle brackets, then its parameters, whose quoted values may hold commas and semicolons. */
const LINK = /<([^<>]*)>((?:\s*;\s*[^\s=;,<>]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,<>]*))?)*)/g;
const PARAMETER = /;\s*([^\s=;,<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,<>]*)))?/g;

/**
 * The hub that a feed names, in its Link headers or else in the links at its beginning, as https://www.w3.org/TR/websub/#discovery orders it;
 * undefined when there is none at http or https. `headers` by lower-case name, repeated ones joined by commas; `url` is the address that answered.
 */
export function hubOf(headers: Readonly<Record<string, string>>, head: string, url: string): Hub | undefined {
	const announced = headerLinks(headers["link"] ?? "", url);
	// Most feeds name none: looking for the word is far cheaper than reading the markup.
	const embedded =
		announced.some(({ rel }) => rel === "hub") || /\bhub\b/i.test(head) ? feedLinks(head.slice(0, HEAD), url) : [];
	const hub = best(announced, "hub") ?? best(embedded, "hub");
	if (hub === undefined) return undefined;
	const self = [...announced, ...embedded].find(({ rel }) => rel === "self")?.address;
	return { hub, topic: self ?? bare(url) };
}

/** The first address with that relation, an encrypted one before others: a subscription tells its secret to the hub. */
function best(links: readonly Relation[], wanted: string): string | undefined {
	const addresses = links.filter(({ rel }) => rel === wanted).map(({ address }) => address);
	return addresses.find((address) => /^https:/i.test(address)) ?? addresses[0];
}

function headerLinks(header: string, url: string): Relation[] {
	return [...header.matchAll(LINK)].flatMap(([, target = "", written = ""]) => {
		const parameters = new Map<string, string>();
		for (const [, name = "", quoted, plain] of written.matchAll(PARAMETER)) {
			const value = quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "";
			// The first of a name counts (RFC 8288, 3.3).
			if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
		}
		const anchor = parameters.get("anchor");
		if (anchor !== undefined && addressOf(anchor, url) !== addressOf(url, url)) return [];
		return relations(parameters.get("rel"), target, url);
	});
}

function feedLinks(head: string, url: string): Relation[] {
	const found: Relation[] = [];
	let base = url;
	let isBefore = true;
	readTokens(head, {
		open(qualified, attributes) {
			const name = qualified.replace(/^.*:/, "").toLowerCase();
			// The links of an entry are its own: its "self" is not the feed's.
			if (name === "item" || name === "entry") isBefore = false;
			if (!isBefore) return;
			if (/^(?:feed|rss|channel)$/.test(name)) base = addressOf(attributes["xml:base"], base) ?? base;
			if (name === "link") found.push(...relations(attributes["rel"], attributes["href"], base));
		},
		close: () => false,
		text() {},
		verbatim() {},
	});
	return found;
}

function relations(rel: string | undefined, target: string | undefined, base: string): Relation[] {
	const address = addressOf(target, base);
	if (address === undefined) return [];
	return (rel ?? "")
		.toLowerCase()
		.split(/\s+/)
		.map((one) => ({ rel: one, address }));
}

/** An address at http or https; a whole one stays as it was written, because hubs compare topics letter by letter. */
function addressOf(target: string | undefined, base: string): string | undefined {
	const written = target?.trim();
	if (!written || !URL.canParse(written, base)) return undefined;
	const { protocol, href } = new URL(written, base);
	if (protocol !== "http:" && protocol !== "https:") return undefined;
	return bare(/^https?:\/\//i.test(written) ? written : href);
}

/** The address without a password: what a source is read with is no business of its hub. */
function bare(address: string): string {
	const url = new URL(address);
	if (!url.username && !url.password) return address;
	url.username = "";
	url.password = "";
	return url.href;
}

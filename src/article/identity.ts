import { createHash } from "node:crypto";
import { compareWords } from "../arabic/normalize.ts";
import { isTracking } from "./tracking.ts";

/** Letters of a headline that may tell an article; «عاجل» and the like come back. */
const SHORTEST_TITLE = 20;

/** What an entry of a source is known again by. */
export interface Identified {
	readonly url: string;
	/** The source's own name for the entry. */
	readonly guid?: string;
	/** Name of the source that listed it. */
	readonly source: string;
}

/** Parameters that choose a rendering or carry a session. */
const NOT_THE_ARTICLE = /^(?:amp|outputtype|jsessionid|phpsessid)$/i;

/**
 * The one address that stands for an article however it was written: https, bare lower-case host, no fragment, no tracking, sorted query, one spelling of its characters.
 * A port that is not its scheme's default keeps its scheme, because one port cannot speak both. Throws TypeError for what is no web address.
 */
export function canonicalUrl(address: string): string {
	const url = webAddress(address);
	const scheme = url.port === "" ? "https:" : url.protocol;
	const host = bareHost(url.hostname);
	const path = canonicalPath(url.pathname);
	const query = parameters(url.search)
		.filter(([name]) => !isTracking(name) && !NOT_THE_ARTICLE.test(name))
		.map(written)
		.sort()
		.join("&");
	return `${scheme}//${host}${url.port ? `:${url.port}` : ""}${path}${query ? `?${query}` : ""}`;
}

/** The address a reader should open: as the site gave it, without fragment, credentials and tracking, percent-encoded in one spelling. Throws TypeError for what is no web address. */
export function linkUrl(address: string): string {
	const url = webAddress(address);
	const query = parameters(url.search)
		.filter(([name]) => !isTracking(name))
		.map(written)
		.join("&");
	return `${url.protocol}//${url.host}${spelled(url.pathname)}${query ? `?${query}` : ""}`;
}

/** The article's id: 26 lower-case letters and digits made from its canonical address without the scheme, so http and https are one. */
export function articleId(canonical: string): string {
	return digest(`article ${canonical.replace(/^https?:/, "")}`);
}

/** The hashed keys under which an entry is known again: its canonical address and, where the source's guids can be trusted, its guid within the source. */
export function aliasesOf(draft: Identified, options: { readonly trustGuid: boolean }): string[] {
	const aliases = [digest(`url ${schemeless(canonicalUrl(draft.url))}`)];
	const guid = draft.guid?.normalize("NFC").trim();
	if (options.trustGuid && guid) aliases.push(digest(`guid ${draft.source} ${guidKey(guid)}`));
	return aliases;
}

/** The weak key under which an entry that changed its address and its guid is known again: its headline on its day. Undefined for headlines that say too little. */
export function titleAlias(
	{ source, title }: { readonly source: string; readonly title: string },
	day: string,
): string | undefined {
	const key = compareWords(title).join(" ");
	return key.length < SHORTEST_TITLE ? undefined : digest(`title ${source} ${day} ${key}`);
}

/** Whether one guid stands on two entries with different addresses: such a source's guids cannot be trusted. */
export function repeatsGuids(drafts: readonly Identified[]): boolean {
	const seen = new Map<string, string>();
	for (const draft of drafts) {
		const guid = draft.guid?.normalize("NFC").trim();
		if (!guid) continue;
		const key = guidKey(guid);
		const address = schemeless(canonicalUrl(draft.url));
		if ((seen.get(key) ?? address) !== address) return true;
		seen.set(key, address);
	}
	return false;
}

function guidKey(guid: string): string {
	return /^https?:\/\//i.test(guid) && URL.canParse(guid) ? schemeless(canonicalUrl(guid)) : guid;
}

function schemeless(canonical: string): string {
	return canonical.replace(/^https?:/, "");
}

function webAddress(address: string): URL {
	const trimmed = address.trim();
	const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
	if (url?.protocol !== "http:" && url?.protocol !== "https:") {
		throw new TypeError(`“${trimmed.slice(0, 200)}” is not a web address: it should begin with https:// or http://.`);
	}
	return url;
}

/** A prefix goes only while a whole domain remains behind it: www.example.org, never m.com. */
function bareHost(host: string): string {
	let bare = host.replace(/\.$/, "");
	for (
		let shorter = bare.replace(/^(www|m|amp)\./, "");
		shorter !== bare && shorter.includes(".");
		shorter = bare.replace(/^(www|m|amp)\./, "")
	)
		bare = shorter;
	return bare;
}

function canonicalPath(pathname: string): string {
	const segments = pathname
		.replace(/;jsessionid=[^/;?]*/gi, "")
		.split("/")
		.filter((segment) => segment !== "")
		.map(spelled);
	if (segments.length > 1 && segments.at(-1)?.toLowerCase() === "amp") segments.pop();
	const last = segments.at(-1);
	if (last !== undefined) segments[segments.length - 1] = last.replace(/\.amp(\.html?)?$/i, "$1") || last;
	return `/${segments.join("/")}`;
}

type Parameter = readonly [name: string, value: string | undefined];

function parameters(search: string): Parameter[] {
	return search
		.slice(1)
		.replaceAll("+", "%20")
		.split("&")
		.map((pair) => pair.replace(/^(?:amp;)+/i, ""))
		.filter((pair) => pair !== "")
		.map((pair) => {
			const cut = pair.indexOf("=");
			return cut < 0 ? [pair, undefined] : [pair.slice(0, cut), pair.slice(cut + 1)];
		});
}

function written([name, value]: Parameter): string {
	return value === undefined ? spelled(name) : `${spelled(name)}=${spelled(value)}`;
}

/** Characters that mean something as they stand and something else when escaped: both spellings are kept. */
const DELIMITERS = "&=+/?#";
const PLAIN = /[A-Za-z0-9\-._~!$()*,:;@&=+/?]/;
/** Lone low surrogates carry escapes that must stay escapes; no decoded text contains one. */
const KEPT = 0xdc00;

/** One spelling of percent-encoded text: decoded, composed (NFC), encoded again in upper-case hex. Bytes that are no UTF-8 (an old windows-1256 slug) stay escapes. */
function spelled(text: string): string {
	if (/^[A-Za-z0-9\-._~/]*$/.test(text)) return text;
	const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, decodedRun).normalize("NFC");
	let out = "";
	for (const char of decoded) {
		const code = char.codePointAt(0) ?? 0;
		if (code >= KEPT && code < KEPT + 256) out += escaped(code - KEPT);
		else if (PLAIN.test(char)) out += char;
		else out += char === "'" ? "%27" : encodeURIComponent(char);
	}
	return out;
}

function decodedRun(run: string): string {
	let out = "";
	for (let at = 0; at < run.length; ) {
		const byte = Number.parseInt(run.slice(at + 1, at + 3), 16);
		const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
		const char = decodedChar(run.slice(at, at + length * 3));
		const keep = char === undefined || DELIMITERS.includes(char);
		out += keep ? String.fromCharCode(KEPT + byte) : char;
		at += keep ? 3 : length * 3;
	}
	return out;
}

function decodedChar(escapes: string): string | undefined {
	try {
		return decodeURIComponent(escapes);
	} catch {
		return undefined;
	}
}

function escaped(byte: number): string {
	return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}

function digest(text: string): string {
	return BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)
		.toString(36)
		.padStart(50, "0")
		.slice(0, 26);
}

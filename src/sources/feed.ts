import type { Draft } from "../article/article.ts";
import type { Answer, Web } from "../http.ts";
import { decodeText, mayHoldControls } from "./charset.ts";
import { lookAt } from "./conditional.ts";
import { entriesOf, isFeedRoot, withoutControls } from "./entries.ts";
import { HEAD, hubOf } from "./hub.ts";
import { jsonEntries } from "./json-feed.ts";
import { completed, isShort } from "./merge.ts";
import { readPage } from "./page.ts";
import type { SiteRules } from "./sites.ts";
import { periodOf } from "./period.ts";
import { type Cursor, type Hub, type Source, SourceError } from "./source.ts";
import { readXml } from "./xml.ts";

const ACCEPT =
	"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5";
const PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5";

/** How far from its ends the marks of a wrapping page are looked for: a bound that hostile text cannot stretch. */
const WRAPPING = 2000;

/**
 * The entries of a feed: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, JSON Feed 1.x, in the feed's order.
 * One tolerant reader for all, so that an entry reads the same whether or not its neighbour is well-formed.
 * Throws SourceError `body` for what is no feed, breaks off, declares entities that grow, or cannot be decoded: never half a feed.
 */
export async function parseFeed(
	body: Uint8Array,
	at: {
		readonly url: string;
		readonly contentType?: string;
		readonly source: string;
	},
): Promise<Draft[]> {
	const decoded = decodeText(body, at.contentType);
	const text = (mayHoldControls(body) ? withoutControls(decoded) : decoded).replace(/^[\uFEFF\s]+/, "");
	if (text === "") throw new SourceError("body", `${at.url} gave an empty answer instead of a feed.`);
	if (text.startsWith("{")) return jsonEntries(text, at.url, at.source);
	const wrapped = insideBody(text);
	if (wrapped !== undefined) return entriesOf(readXml(wrapped, at.url), at.source);
	const start = text.search(/<(?:\?xml|!doctype|rss|feed|rdf:rdf|(?:\w+:)?(?:rss|feed))[\s>]/i);
	if (isPage(text, start)) {
		throw new SourceError(
			"body",
			`${at.url} gave an HTML page instead of a feed: perhaps a login or captcha page, or the address is not that of the feed.`,
		);
	}
	const root = readXml(start > 0 ? text.slice(start) : text, at.url);
	if (!isFeedRoot(root)) throw new SourceError("body", `${at.url} is no feed: its XML begins with <${root.name}>.`);
	return entriesOf(root, at.source);
}

/** The feed that is the whole body of a page, as some proxies and editors make of one. */
function insideBody(text: string): string | undefined {
	const opening = /<body[^>]*>\s*(?=<(?:feed|rss)[\s>])/i.exec(text.slice(0, WRAPPING));
	if (opening === null) return undefined;
	const tail = text.slice(-WRAPPING);
	const closing = /<\/(?:feed|rss)>(?=\s*<\/body>\s*<\/html>\s*$)/i.exec(tail);
	if (closing === null) return undefined;
	return text.slice(opening.index + opening[0].length, text.length - tail.length + closing.index + closing[0].length);
}

/** Whether a page begins before or where a feed seems to; behind that place, markup is the feed's own. */
function isPage(text: string, start: number): boolean {
	const isServedAsXml = /^<\?xml[^>]*>\s*<(?:!doctype html|html)/i.test(text);
	const head = start < 0 || isServedAsXml ? text : text.slice(0, start + "<!doctype html".length);
	const page = head.search(/<!doctype html|<html[\s>]/i);
	return page >= 0 && (start < 0 || page <= start || isServedAsXml);
}

/** What an answer that is a feed lists, and the hub that it names. Throws SourceError as {@link parseFeed} does. */
export async function readFeed(
	answer: Answer,
	source: string,
): Promise<{ readonly drafts: Draft[]; readonly hub?: Hub }> {
	const contentType = answer.headers["content-type"];
	const drafts = await parseFeed(answer.body, { url: answer.url, source, ...(contentType ? { contentType } : {}) });
	// Its links are ASCII in all encodings but UTF-16, of which no hub is known.
	const hub = hubOf(answer.headers, Buffer.from(answer.body.subarray(0, HEAD)).toString("latin1"), answer.url);
	return hub ? { drafts, hub } : { drafts };
}

/** A feed as a source; short entries are completed from their pages. */
export function feedSource(
	options: Completing & {
		readonly name: string;
		readonly url: string;
		/** Whether it is the newsroom's own: looked at on every tick, unless it asks for a pause itself. */
		readonly own: boolean;
	},
): Source {
	const { name, url, web } = options;
	return {
		name,
		kind: "feed",
		url,
		async poll(cursor, signal) {
			const look = await lookAt(url, { web, accept: ACCEPT, signal, before: cursor, own: options.own });
			const period = look.unchanged || options.own ? cursor.period : periodOf(look.answer.body);
			const pause = Math.max(look.said.pause ?? 0, period ?? 0);
			const said = { ...look.said, ...(pause > 0 && !options.own ? { pause } : {}) };
			const known: Cursor = { ...look.validators, ...(period === undefined ? {} : { period }) };
			if (look.unchanged) return { unchanged: true, cursor: known, ...said };
			return { unchanged: false, ...(await readFeed(look.answer, name)), cursor: known, ...said };
		},
		complete: (draft, signal) => completeDraft(draft, { ...options, signal }),
	};
}

/** What completing entries needs. */
export interface Completing {
	readonly web: Web;
	readonly sites: SiteRules;
	/** IANA name of the zone of times on pages that name none; UTC by default. */
	readonly timeZone?: string;
}

/** An entry that is short on text, with what its own page adds; others as they are. Throws SourceError when the page cannot be read. */
export async function completeDraft(
	draft: Draft,
	{ web, sites, signal, timeZone }: Completing & { readonly signal: AbortSignal },
): Promise<Draft> {
	if (!isShort(draft)) return draft;
	const answer = await web.get(draft.url, { signal, accept: PAGE_ACCEPT });
	const html = decodeText(answer.body, answer.headers["content-type"]);
	return completed(draft, await readPage(html, answer.url, sites, timeZone));
}

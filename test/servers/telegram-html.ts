/** One MessageEntity as the Bot API answers it; offset and length in UTF-16 units. */
export interface Entity {
	readonly type: string;
	readonly offset: number;
	readonly length: number;
	readonly url?: string;
	readonly language?: string;
	readonly custom_emoji_id?: string;
	readonly unix_time?: number;
	readonly date_time_format?: string;
}

export interface FormattedText {
	readonly text: string;
	readonly entities: readonly Entity[];
}

/** The text Telegram would refuse, in Telegram's own words (what stands after «can't parse entities: »). */
export class ParseError extends Error {
	override readonly name = "ParseError";
}

const STYLES: Readonly<Record<string, string>> = {
	b: "bold",
	strong: "bold",
	i: "italic",
	em: "italic",
	u: "underline",
	ins: "underline",
	s: "strikethrough",
	strike: "strikethrough",
	del: "strikethrough",
	"tg-spoiler": "spoiler",
	span: "spoiler",
};
const TAGS = new Set([...Object.keys(STYLES), "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"]);
const NAMED: Readonly<Record<string, string>> = {
	lt: "<",
	gt: ">",
	amp: "&",
	quot: '"',
};

/** Telegram decodes four names and every number; all other references stay as they stand (core.telegram.org/bots/api#html-style). */
function decode(text: string): string {
	return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));?/gi, (whole, hex, dec, name) => {
		if (name !== undefined) return NAMED[name as string] ?? whole;
		const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(dec);
		return code > 0 && code < 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

interface Open {
	readonly tag: string;
	readonly attributes: ReadonlyMap<string, string>;
	readonly offset: number;
}

/** Reads Telegram's HTML mode; throws ParseError with the server's own words for everything it refuses. */
export function parseHtml(html: string): FormattedText {
	let text = "";
	let at = 0;
	const open: Open[] = [];
	const entities: Entity[] = [];
	const fail = (message: string): never => {
		throw new ParseError(message);
	};
	while (at < html.length) {
		const next = html.indexOf("<", at);
		if (next < 0) {
			text += decode(html.slice(at));
			break;
		}
		text += decode(html.slice(at, next));
		const byte = Buffer.byteLength(html.slice(0, next));
		if (html[next + 1] === "/") {
			const top = open.at(-1) ?? fail(`Unexpected end tag at byte offset ${byte}`);
			const end = /^<\/([^\s>]*)\s*/.exec(html.slice(next)) as RegExpExecArray;
			const name = (end[1] as string).toLowerCase();
			at = next + end[0].length;
			if (html[at] !== ">") fail(`Unclosed end tag at byte offset ${byte}`);
			at++;
			if (name !== "" && name !== top.tag)
				fail(`Unmatched end tag at byte offset ${byte}, expected "</${top.tag}>", found "</${name}>"`);
			open.pop();
			const length = text.length - top.offset;
			const entity = length > 0 ? entityOf(top, length, text.slice(top.offset), entities, fail) : undefined;
			if (entity) entities.push(entity);
			continue;
		}
		const start = /^<([^\s>]*)/.exec(html.slice(next)) as RegExpExecArray;
		at = next + start[0].length;
		if (at >= html.length) fail(`Unclosed start tag at byte offset ${byte}`);
		const tag = (start[1] as string).toLowerCase();
		if (!TAGS.has(tag)) fail(`Unsupported start tag "${tag}" at byte offset ${byte}`);
		const attributes = new Map<string, string>();
		for (;;) {
			while (/\s/.test(html[at] ?? "")) at++;
			if (html[at] === ">") break;
			if (at >= html.length) fail(`Unclosed start tag "${tag}" at byte offset ${byte}`);
			const name = (/^[^\s=>]*/.exec(html.slice(at)) as RegExpExecArray)[0];
			if (name === "") fail(`Empty attribute name in the tag "${tag}" at byte offset ${byte}`);
			at += name.length;
			while (/\s/.test(html[at] ?? "")) at++;
			// An attribute without a value, such as «expandable».
			if (html[at] !== "=") {
				attributes.set(name.toLowerCase(), "");
				continue;
			}
			at++;
			while (/\s/.test(html[at] ?? "")) at++;
			const quote = html[at];
			if (quote === undefined) fail(`Unclosed start tag "${tag}" at byte offset ${byte}`);
			if (quote === '"' || quote === "'") {
				const close = html.indexOf(quote, at + 1);
				if (close < 0 || close + 1 >= html.length) fail(`Unclosed start tag at byte offset ${byte}`);
				attributes.set(name.toLowerCase(), decode(html.slice(at + 1, close)));
				at = close + 1;
			} else {
				const token = (/^[a-z0-9.-]*/i.exec(html.slice(at)) as RegExpExecArray)[0];
				const begin = Buffer.byteLength(html.slice(0, at));
				at += token.length;
				if (at >= html.length) fail(`Unclosed start tag at byte offset ${byte}`);
				if (!/[\s>]/.test(html[at] as string)) fail(`Unexpected end of name token at byte offset ${begin}`);
				attributes.set(name.toLowerCase(), token.toLowerCase());
			}
		}
		at++;
		if (tag === "span" && attributes.get("class") !== "tg-spoiler")
			fail(`Tag "span" must have class "tg-spoiler" at byte offset ${byte}`);
		open.push({ tag, attributes, offset: text.length });
	}
	const left = open.at(-1);
	if (left) fail(`Can't find end tag corresponding to start tag "${left.tag}"`);
	if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text))
		fail(
			"Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
		);
	return { text, entities: sorted(entities) };
}

/** Telegram's order: as they begin, the longer first. */
function sorted(entities: readonly Entity[]): readonly Entity[] {
	return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length);
}

function entityOf(
	open: Open,
	length: number,
	inner: string,
	before: Entity[],
	fail: (message: string) => never,
): Entity | undefined {
	const { tag, attributes, offset } = open;
	const style = STYLES[tag];
	if (style) return { type: style, offset, length };
	const last = before.at(-1);
	const same = last?.offset === offset && last.length === length;
	switch (tag) {
		case "a": {
			const url = checkedLink(attributes.get("href") || inner);
			return url === undefined ? undefined : { type: "text_link", offset, length, url };
		}
		case "pre":
			if (same && last?.type === "code") {
				before.pop();
				return {
					type: "pre",
					offset,
					length,
					...(last.language ? { language: last.language } : {}),
				};
			}
			return { type: "pre", offset, length };
		case "code": {
			const language = /^language-(.+)$/.exec(attributes.get("class") ?? "")?.[1];
			return {
				type: "code",
				offset,
				length,
				...(language ? { language } : {}),
			};
		}
		case "blockquote":
			return {
				type: attributes.has("expandable") ? "expandable_blockquote" : "blockquote",
				offset,
				length,
			};
		case "tg-emoji": {
			const id = attributes.get("emoji-id") ?? "";
			if (!/^[1-9]\d*$/.test(id)) fail("Invalid custom emoji identifier specified");
			return { type: "custom_emoji", offset, length, custom_emoji_id: id };
		}
		default: {
			const unix = attributes.get("unix") ?? "";
			if (!/^\d+$/.test(unix)) fail("Invalid date specified");
			const format = attributes.get("format");
			return {
				type: "date_time",
				offset,
				length,
				unix_time: Number(unix),
				...(format ? { date_time_format: format } : {}),
			};
		}
	}
}

/** Telegram drops links it cannot read and leaves their text. */
function checkedLink(link: string): string | undefined {
	const trimmed = link.trim();
	if (trimmed === "" || /\s/.test(trimmed)) return undefined;
	const full = /^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `http://${trimmed}`;
	if (/^(tg|ton):/i.test(full)) return full;
	try {
		const url = new URL(full);
		if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
		if (!url.hostname.includes(".")) return undefined;
		return full.replace(/^([a-z]+:\/\/[^/?#]+)$/i, "$1/");
	} catch {
		return undefined;
	}
}

/** TDLib turns control characters to spaces and takes U+2028–202E out (td/telegram/misc.cpp, clean_input_string). */
function clean(given: FormattedText): FormattedText {
	const map: number[] = [];
	let text = "";
	for (let i = 0; i < given.text.length; i++) {
		map[i] = text.length;
		const char = given.text[i] as string;
		const code = char.charCodeAt(0);
		if (char === "\r" || (code >= 0x2028 && code <= 0x202e)) continue;
		text += code < 32 && char !== "\n" ? " " : char;
	}
	map[given.text.length] = text.length;
	const place = (i: number) => map[Math.min(i, given.text.length)] as number;
	const entities = given.entities.map((entity) => ({
		...entity,
		offset: place(entity.offset),
		length: place(entity.offset + entity.length) - place(entity.offset),
	}));
	return { text, entities };
}

/** Outer white space goes, and entities with it. */
function trim({ text, entities }: FormattedText): FormattedText {
	const kept = text.trimEnd();
	const lead = kept.length - kept.trimStart().length;
	const shifted = entities
		.map((entity) => {
			const from = Math.max(entity.offset - lead, 0);
			const to = Math.min(entity.offset + entity.length, kept.length) - lead;
			return { ...entity, offset: from, length: to - from };
		})
		.filter((entity) => entity.length > 0);
	return { text: kept.slice(lead), entities: shifted };
}

const WORD = String.raw`[\p{L}\p{N}_]`;
const TAG_LETTER = String.raw`[\p{L}\p{Nd}_\u200c\u00b7\u0d80-\u0dff]`;
/** What TDLib takes for a part of a host: Latin, and every other sign that is neither space nor punctuation of U+2000–206F. */
const HOST = String.raw`[A-Za-z0-9_\-\u00c0-\u1fff\u200c\u200d\u2010-\u2015\u2070-\u2fff\u3001-\u{10ffff}]`;
const PATH = String.raw`[^\s<>"«»\u2000-\u200b\u200e-\u200f\u2016-\u206f]`;
/** Without https:// an address is known by its last label alone. */
const TLDS = new Set(
	"com net org info biz int edu gov mil arpa name pro aero coop museum mobi jobs tel travel news media press online site app dev tech agency today live world blog shop store club top xyz wiki zone network center digital email io tv عراق مصر السعودية امارات الاردن فلسطين المغرب تونس سورية عمان قطر شبكة موقع ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw".split(
		" ",
	),
);
const FINDERS: readonly (readonly [type: string, pattern: RegExp])[] = [
	[
		"url",
		new RegExp(
			`(?<![\\p{L}\\p{N}_@.-])(?:https?://(?:[^\\s/?#<>"«»@]+@)?)?(?:${HOST}+\\.)+${HOST}+(?::\\d{1,5})?(?![\\p{L}\\p{N}_@])(?:[/?#]${PATH}*)?`,
			"giu",
		),
	],
	["email", /(?<![\p{L}\p{N}_.+-])[a-z0-9_.+-]{1,64}@(?:[a-z0-9_-]+\.)+[a-z]{2,63}(?![\p{L}\p{N}_])/giu],
	["mention", new RegExp(`(?<!${WORD})@[a-zA-Z0-9_]{2,32}(?!${WORD})`, "gu")],
	["hashtag", new RegExp(`(?<!${TAG_LETTER})#${TAG_LETTER}{1,256}(?!${TAG_LETTER}*#)`, "gu")],
	["cashtag", /(?<![$\p{L}\p{N}_])\$(?:1INCH|[A-Z]{1,8})(?![$\p{L}\p{N}_])/gu],
	["bot_command", /(?<![\p{L}\p{N}_/<>])\/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/gu],
];
/** Names shorter than four that Telegram still takes for a mention. */
const SHORT_NAMES = new Set(["gif", "vid", "pic"]);
const CLOSED = new Set(["code", "pre", "text_link", "custom_emoji", "date_time"]);

/** What a server finds by itself in a text: mention, hashtag, cashtag, url, email, bot_command (TDLib's patterns, addresses somewhat simpler). */
function findEntities(text: string): readonly Entity[] {
	const found: Entity[] = [];
	for (const [type, pattern] of FINDERS) {
		for (const match of text.matchAll(pattern)) {
			let hit = match[0];
			if (type === "url") hit = hit.replace(/[.:;,('?!`]+$/u, "");
			if (type === "url" && hit.split(")").length > hit.split("(").length) hit = hit.replace(/\)+$/, "");
			if (type === "url" && !/^https?:/i.test(hit)) {
				const host = (/^[^/?#:]+/.exec(hit) as RegExpExecArray)[0].toLowerCase();
				const last = host.slice(host.lastIndexOf(".") + 1);
				const known = TLDS.has(last) || last.startsWith("xn--") || /^(\d{1,3}\.){3}\d{1,3}$/.test(host);
				if (!known) continue;
			}
			if (type === "mention" && hit.length < 5 && !SHORT_NAMES.has(hit.slice(1).toLowerCase())) continue;
			if (type === "hashtag" && !/\p{L}/u.test(hit)) continue;
			const one = { type, offset: match.index, length: hit.length };
			if (!found.some((other) => overlaps(one, other))) found.push(one);
		}
	}
	return found;
}

function overlaps(a: Entity, b: Entity): boolean {
	return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}

/** What the message shows in the end: cleaned, trimmed, equal styles joined, own finds added, in Telegram's order. */
export function finish(given: FormattedText): FormattedText {
	const { text, entities } = trim(clean(given));
	const kept: Entity[] = [];
	for (const entity of sorted(entities)) {
		if (text.slice(entity.offset, entity.offset + entity.length).trim() === "") continue;
		const twin = kept.findIndex(
			(one) => one.type === entity.type && one.url === entity.url && one.offset + one.length >= entity.offset,
		);
		const other = kept[twin];
		if (!other || entity.type === "custom_emoji") kept.push(entity);
		else
			kept[twin] = {
				...other,
				length: Math.max(other.offset + other.length, entity.offset + entity.length) - other.offset,
			};
	}
	const found = findEntities(text).filter(
		(one) => !kept.some((other) => CLOSED.has(other.type) && overlaps(one, other)),
	);
	// Telegram ignores more than 100 formatting entities.
	return { text, entities: sorted([...kept.slice(0, 100), ...found]) };
}

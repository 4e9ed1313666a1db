import { SourceError } from "./source.ts";
import { decoded, readTokens } from "./xml-tokens.ts";

/** An element of a feed: its name in lower case with the usual prefix, its attributes, what stands in it. */
export interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly children: Element[];
	/** Own text, CDATA included, entities of XML decoded. */
	text: string;
	/** The address that relative links in it are resolved against. */
	readonly base: string;
	/** Inner markup of Atom's xhtml content. */
	markup?: string;
	/** Of an entry: everything in it as the feed wrote it, tags and all. */
	written?: string;
}

/** An element that is not closed yet: its name as written, where that stands, and the names of namespaces that hold in it. */
interface Open {
	readonly qualified: string;
	readonly at: number;
	readonly element: Element;
	readonly names: Names;
}

/** What prefixes mean in a part of a feed, and the names that were already looked up there. */
interface Names {
	readonly prefixes: Record<string, string>;
	readonly known: Map<string, string>;
}

const MAX_DEPTH = 200;
/** An end at which nothing but the last character or tag is missing: every entry is whole. */
const LAST_WORDS =
	/<\/(?:[\w-]+:)?(?:rss|feed|rdf)\s*$|<\/(?:[\w-]+:)?(?:item|image|link|description)>\s*<\/channel>\s*$/i;
/** Elements that hold a text, never a structure of their own. */
const HOLDS_TEXT = new Set(
	"title summary content description subtitle tagline body xhtml:body content:encoded fullitem dc:description".split(
		" ",
	),
);
/** The prefixes under which this reader knows the namespaces, whatever a feed calls them. */
const PREFIXES: readonly (readonly [address: RegExp, prefix: string])[] = [
	[/purl\.org\/dc\/(?:elements|terms)/i, "dc"],
	[/purl\.org\/rss\/1\.0\/modules\/content/i, "content"],
	[/search\.yahoo\.com\/mrss/i, "media"],
	[/itunes\.com\/dtds/i, "itunes"],
	[/w3\.org\/1999\/02\/22-rdf/i, "rdf"],
	[
		/w3\.org\/2005\/Atom|purl\.org\/atom|w3\.org\/1999\/xhtml|purl\.org\/(?:rss\/1\.0\/?$|net\/rss)|my\.netscape\.com\/rdf|backend\.userland\.com|channel\.netscape\.com|blogs\.law\.harvard\.edu|cyber\.law\.harvard\.edu/i,
		"",
	],
	[/rssnamespace\.org\/feedburner/i, "feedburner"],
];

/** Reads a feed's XML tolerantly, but never half: throws SourceError `body` when its root is not closed, when it nests absurdly, or when its DTD declares anything that could grow. */
export function readXml(text: string, address: string): Element {
	const xml = withoutDoctype(text, address);
	const root: Element = { name: "", attributes: {}, children: [], text: "", base: address };
	let inmost: Open = {
		qualified: "",
		at: 0,
		element: root,
		names: { prefixes: Object.create(null), known: new Map() },
	};
	const around: Open[] = [];
	let closed = false;
	let xhtml: { depth: number; element: Element; markup: string } | undefined;

	function leave(end: number): void {
		const { element, at } = inmost;
		if (element.name === "item" || element.name === "entry") element.written = xml.slice(at, end);
		inmost = around.pop() ?? inmost;
		if (xhtml && around.length === xhtml.depth) {
			xhtml.element.markup = xhtml.markup;
			xhtml = undefined;
		} else if (xhtml) xhtml.markup += `</${element.name}>`;
	}

	readTokens(xml, {
		open(qualified, attributes, selfClosing, at) {
			if (around.length >= MAX_DEPTH)
				throw new SourceError("body", `The feed ${address} nests its elements deeper than any feed does.`);
			const parent = inmost.element;
			const names = declared(attributes, inmost.names);
			const element: Element = {
				name: localName(qualified, names),
				attributes,
				children: [],
				text: "",
				base: resolved(attributes["xml:base"], parent.base) ?? parent.base,
			};
			// Markup standing in a text as elements (Atom's xhtml, or written naked) is kept as markup, in its order.
			if (!xhtml && HOLDS_TEXT.has(parent.name))
				xhtml = { depth: around.length - 1, element: parent, markup: escapedText(parent.text) };
			if (xhtml) xhtml.markup += openTag(element);
			else parent.children.push(element);
			around.push(inmost);
			inmost = { qualified, at, element, names };
			if (selfClosing) leave(at);
		},
		close(qualified, at) {
			const isOpen = inmost.qualified === qualified || around.some((one) => one.qualified === qualified);
			if (!isOpen || around.length === 0) return false;
			while (inmost.qualified !== qualified) leave(at);
			leave(at);
			closed = around.length === 0;
			return closed;
		},
		text(coded) {
			if (xhtml) xhtml.markup += escapedText(decoded(coded));
			else inmost.element.text += decoded(coded);
		},
		verbatim(data) {
			if (xhtml) xhtml.markup += escapedText(data);
			else inmost.element.text += data;
		},
	});
	const complete = closed || LAST_WORDS.test(xml.slice(-200));
	while (around.length > 0) leave(xml.length);
	const top = root.children[0];
	if (!top) throw new SourceError("body", `${address} gave no feed: there is no XML in it.`);
	if (!complete) throw new SourceError("body", `The feed ${address} breaks off before its end.`);
	return top;
}

/** The first child of that name. */
export function child(element: Element, name: string): Element | undefined {
	return element.children.find((one) => one.name === name);
}

/** An address resolved against a base; undefined when there is none or it cannot be one. */
export function resolved(address: string | undefined, base: string): string | undefined {
	const trimmed = address?.trim().replace(/[\n\r\t]/g, "");
	if (!trimmed) return undefined;
	// An address that is whole means the same on every base.
	if (!/^https?:\/\//i.test(trimmed) && URL.canParse(trimmed, base)) return new URL(trimmed, base).href;
	return URL.canParse(trimmed) ? new URL(trimmed).href : undefined;
}

/** A DTD is never obeyed. A harmless one (RSS 0.91's) is left out; one whose entities grow or reach outside is refused, for what it may be. */
function withoutDoctype(text: string, address: string): string {
	const first = /<!DOCTYPE|<[a-z][\w:.-]*[\s/>]/i.exec(text.slice(0, 100_000));
	if (!first || !/^<!DOCTYPE$/i.test(first[0])) return text;
	const start = first.index;
	const head = /^<!DOCTYPE[^[>]*/i.exec(text.slice(start))?.[0] ?? "";
	let end = start + head.length;
	if (text[end] === "[") {
		const subset = /\]\s*>/g;
		subset.lastIndex = end;
		const close = subset.exec(text);
		if (!close) throw new SourceError("body", `The feed ${address} breaks off before its end.`);
		const inside = text.slice(end, close.index);
		if (inside.length > 20_000 || /<!ENTITY\s+(?:%|\S+\s+(?:SYSTEM|PUBLIC|"[^"]*[&%]|'[^']*[&%]))/i.test(inside)) {
			throw new SourceError("body", `The feed ${address} declares entities of its own, which Mirsal does not expand.`);
		}
		end = close.index + close[0].length - 1;
	}
	return `${text.slice(0, start)}${text.slice(end + 1)}`;
}

function declared(attributes: Readonly<Record<string, string>>, inherited: Names): Names {
	let names = inherited;
	for (const name in attributes) {
		if (!name.startsWith("xmlns")) continue;
		// What is declared further out shows through: a copy for each element would grow with what the root declares.
		if (names === inherited) names = { prefixes: Object.create(inherited.prefixes), known: new Map() };
		const address = attributes[name] ?? "";
		const prefix = PREFIXES.find(([pattern]) => pattern.test(address))?.[1];
		const own = name.slice(6).toLowerCase();
		names.prefixes[own] = prefix ?? own;
	}
	return names;
}

function localName(qualified: string, { prefixes, known }: Names): string {
	const before = known.get(qualified);
	if (before !== undefined) return before;
	const lower = qualified.toLowerCase();
	const colon = lower.indexOf(":");
	const own = colon < 0 ? "" : lower.slice(0, colon);
	const prefix = prefixes[own] ?? (own === "atom" || own === "rss" ? "" : own);
	const local = lower.slice(colon + 1);
	const name = prefix === "" ? local : `${prefix}:${local}`;
	known.set(qualified, name);
	return name;
}

function escapedText(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function openTag(element: Element): string {
	const attributes = Object.entries(element.attributes).map(
		([name, value]) => ` ${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`,
	);
	return `<${element.name}${attributes.join("")}>`;
}

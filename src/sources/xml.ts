import { Parser } from "htmlparser2";
import { SourceError } from "./source.ts";

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
	const root: Element = {
		name: "",
		attributes: {},
		children: [],
		text: "",
		base: address,
	};
	const stack: Element[] = [root];
	const prefixes: Record<string, string>[] = [{}];
	let closed = false;
	let xhtml: { depth: number; element: Element; markup: string } | undefined;
	const parser = new Parser(
		{
			onopentag(qualified, attributes) {
				const parent = stack.at(-1) ?? root;
				if (closed) return;
				if (stack.length > MAX_DEPTH)
					throw new SourceError("body", `The feed ${address} nests its elements deeper than any feed does.`);
				const known = declared(attributes, prefixes.at(-1) ?? {});
				const element: Element = {
					name: localName(qualified, known),
					attributes,
					children: [],
					text: "",
					base: resolved(attributes["xml:base"], parent.base) ?? parent.base,
				};
				// Markup standing in a text as elements (Atom's xhtml, or written naked) is kept as markup, in its order.
				if (!xhtml && HOLDS_TEXT.has(parent.name)) {
					xhtml = {
						depth: stack.length - 1,
						element: parent,
						markup: escapedText(parent.text),
					};
				}
				if (xhtml) xhtml.markup += openTag(element);
				else parent.children.push(element);
				stack.push(element);
				prefixes.push(known);
			},
			ontext(data) {
				const current = stack.at(-1);
				if (xhtml) xhtml.markup += escapedText(data);
				else if (current) current.text += data;
			},
			onclosetag(_, implied) {
				if (closed || stack.length < 2) return;
				const element = stack.pop();
				prefixes.pop();
				if (xhtml && stack.length === xhtml.depth) {
					xhtml.element.markup = xhtml.markup;
					xhtml = undefined;
				} else if (xhtml && element) xhtml.markup += `</${element.name}>`;
				if (stack.length === 1 && !implied) closed = true;
			},
		},
		{ xmlMode: true },
	);
	// htmlparser2 closes what is open when the input ends, without saying so: looking before that shows what was cut off.
	parser.write(xml);
	const complete = closed || LAST_WORDS.test(xml.slice(-200));
	parser.end();
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
	if (URL.canParse(trimmed, base)) return new URL(trimmed, base).href;
	return URL.canParse(trimmed) ? new URL(trimmed).href : undefined;
}

/** A DTD is never obeyed. A harmless one (RSS 0.91's) is left out; one whose entities grow or reach outside is refused, for what it may be. */
function withoutDoctype(text: string, address: string): string {
	const start = text.slice(0, 100_000).search(/<!DOCTYPE/i);
	if (start < 0) return text;
	const root = text.slice(0, start + 9).match(/<[a-z][\w:.-]*[\s/>]/i);
	if (root) return text;
	const head = /^<!DOCTYPE[^[>]*/i.exec(text.slice(start))?.[0] ?? "";
	let end = start + head.length;
	if (text[end] === "[") {
		const subset = /\]\s*>/g;
		subset.lastIndex = end;
		const close = subset.exec(text);
		if (!close) throw new SourceError("body", `The feed ${address} breaks off before its end.`);
		const inside = text.slice(end, close.index);
		if (/<!ENTITY\s+(?:%|\S+\s+(?:SYSTEM|PUBLIC|"[^"]*[&%]|'[^']*[&%]))/i.test(inside) || inside.length > 20_000) {
			throw new SourceError("body", `The feed ${address} declares entities of its own, which Mirsal does not expand.`);
		}
		end = close.index + close[0].length - 1;
	}
	return `${text.slice(0, start)}${text.slice(end + 1)}`;
}

function declared(attributes: Record<string, string>, inherited: Record<string, string>): Record<string, string> {
	let known = inherited;
	for (const name in attributes) {
		if (!name.startsWith("xmlns")) continue;
		if (known === inherited) known = { ...inherited };
		const address = attributes[name] ?? "";
		const prefix = PREFIXES.find(([pattern]) => pattern.test(address))?.[1];
		const own = name.slice(6).toLowerCase();
		known[own] = prefix ?? own;
	}
	return known;
}

function localName(qualified: string, known: Record<string, string>): string {
	const lower = qualified.toLowerCase();
	const colon = lower.indexOf(":");
	const own = colon < 0 ? "" : lower.slice(0, colon);
	const prefix = known[own] ?? (own === "atom" || own === "rss" ? "" : own);
	const local = lower.slice(colon + 1);
	return prefix === "" ? local : `${prefix}:${local}`;
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

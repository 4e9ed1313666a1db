import { canonicalUrl } from "../article/identity.ts";
import { compareKey } from "../arabic/normalize.ts";
import { around, type Block, linesOf, MARK, within } from "./blocks.ts";
import { headlineStrength, isBreakingMark, type Wording } from "./headlines.ts";
import { type Shape, shapeOf, siteOf } from "./shapes.ts";
import { wordingOf } from "./wording.ts";
import { resolved } from "./xml.ts";

/** A link of a page to another page of the same site. */
export interface Link {
	readonly block: Block;
	/** Absolute, as the page wrote it. */
	readonly url: string;
	/** One for all spellings of the address. */
	readonly key: string;
	/** Undefined for an address that cannot be an article's. */
	readonly shape: Shape | undefined;
	readonly wording: Wording | undefined;
	/** The block it is repeated in with its like: names of the elements around it. */
	readonly place: string;
	readonly isMarked: boolean;
}

/** So many elements around a link tell the list it stands in. */
const PLACE_DEPTH = 4;

/** The links of a page that lead elsewhere on its site, in document order, with the words each gives for its address. */
export function linksOf(root: Block, url: string): Link[] {
	const page = new URL(url);
	const site = siteOf(page);
	const base = resolved(firstOf(root, "base")?.attributes["href"], url) ?? url;
	const own = canonicalUrl(url);
	const written: Anchor[] = [];
	const sites = new Map<string, boolean>();
	for (const block of within(root)) {
		if (block.name !== "a" && block.name !== "area") continue;
		const href = resolved(block.attributes["href"], base);
		if (href === undefined || !/^https?:/.test(href)) continue;
		const address = new URL(href);
		const isOwn = sites.get(address.host) ?? siteOf(address) === site;
		sites.set(address.host, isOwn);
		if (!isOwn) continue;
		const key = canonicalUrl(href).replace(/^https?:/, "");
		if (key === own.replace(/^https?:/, "") || key === `//${site}/`) continue;
		written.push({ block, url: href, key, shape: shapeOf(address) });
	}
	const anchors = withoutViews(written);
	const sections = new Set(
		anchors
			.filter(({ shape }) => !shape || shape.strength < 2)
			.map(({ block }) => linesOf(block).join(" "))
			.filter((text) => !isBreakingMark(text))
			.map(compareKey)
			.filter((text) => text.length > 1 && text.length < 30 && headlineStrength(text) === 0),
	);
	return anchors.map((anchor) => ({
		...anchor,
		wording: wordingOf(anchor.block, sections),
		place: placeOf(anchor.block),
		isMarked: isMarked(anchor.block),
	}));
}

interface Anchor {
	readonly block: Block;
	readonly url: string;
	readonly key: string;
	readonly shape: Shape | undefined;
}

/** The links with other views of an article (its comments, its second page) taken for the article: `?id=5&mode=thread` beside `?id=5`. */
function withoutViews(anchors: readonly Anchor[]): Anchor[] {
	const parts = (key: string) => {
		const [path = "", query = ""] = key.split("?");
		return { path, names: query === "" ? [] : query.split("&") };
	};
	const bases = new Map<string, Map<string, { readonly anchor: Anchor; readonly names: readonly string[] }>>();
	for (const anchor of anchors) {
		const { path, names } = parts(anchor.key);
		if (names.length === 0 || !anchor.shape || anchor.shape.strength === 0) continue;
		const same = bases.get(path) ?? new Map();
		bases.set(path, same);
		if (!same.has(anchor.key)) same.set(anchor.key, { anchor, names });
	}
	return anchors.map((anchor) => {
		const { path, names } = parts(anchor.key);
		if (names.length < 2) return anchor;
		const has = new Set(names);
		for (const base of bases.get(path)?.values() ?? []) {
			if (base.names.length < names.length && base.names.every((name) => has.has(name)))
				return { ...base.anchor, block: anchor.block };
		}
		return anchor;
	});
}

function firstOf(root: Block, name: string): Block | undefined {
	for (const block of within(root)) if (block.name === name) return block;
	return undefined;
}

/** What an element is called by its list: the first class that does not tell one item from the next. */
function calledBy(block: Block): string {
	const name = (block.attributes["class"] ?? "")
		.toLowerCase()
		.split(/\s+/)
		.find(
			(one) =>
				one && !/^(?:first|last|odd|even|active|current|sticky)$|^(?:post|tag|category|item|node)-.*\d/.test(one),
		);
	return `${block.name}.${name?.replace(/[-_]?\d+$/, "") ?? ""}`;
}

function placeOf(link: Block): string {
	return [link, ...around(link).slice(0, PLACE_DEPTH)].map(calledBy).join("<");
}

function isMarked(link: Block): boolean {
	if (link.attributes[MARK.list] !== undefined) return true;
	for (const above of around(link)) if (above.attributes[MARK.list] !== undefined) return true;
	return false;
}

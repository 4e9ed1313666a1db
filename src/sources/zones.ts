import { around, type Block, namesOf } from "./blocks.ts";
import type { Link } from "./links.ts";

/** Where on a page a link stands: among the news, in the page's head (a ticker of news, or the menu), or in what every page of the site repeats. */
export type Zone = "news" | "head" | "frame";

const FRAME_NAME =
	/^(?:.*[-_])?(?:(?:main|top|sub|mega|nav)?(?:nav|menu)s?(?:wrap|wrapper|bar|box|list)?|navigation|breadcrumbs?|pathway|footer|foot|pagination|pager|pagenavi|tagcloud|tags|hashtags|share|sharing|social|copyright|copyrights|languages?|comments?|recentcomments|cookies?|advert|adverts|ads|sponsors?|partners|poll|newsletter)(?:[-_].*)?$/;
const HEAD_NAME =
	/^(?:site-?|main-?|page-?|top-?|global-?)?header(?:-wrap|-wrapper|-inner|-top|-container)?$|^masthead$|^top-?bar$/;
/** A line of breaking news shows articles wherever it runs. */
const TICKER_NAME = /(?:^|[-_])(?:breaking|ticker|newsticker|marquee)(?:[-_]|$)/;
/** What WordPress and its like write on the block of an article («post tag-x category-y») names its subjects, not its place. */
const POST_NAME = /^(?:post|hentry|type-post|status-publish|node|views-row)$/;
const CONTENT = new Set("html body main article".split(" "));
const INSIDE = new Set("article main section li aside td".split(" "));

/** Tells the zone of each link. A block that is a menu by its name alone, and yet holds most of a page's headlines, is none. */
export function zonesOf(links: readonly Link[]): (link: Link) => Zone {
	const kinds = new Map<Block, { readonly zone: Zone; readonly isCertain: boolean }>();
	const headlines = new Map<Block, Set<string>>();
	const all = new Set<string>();
	for (const { block, key, shape, wording } of links) {
		const isHeadline = (shape?.strength ?? 0) > 0 && (wording?.words ?? 0) > 0;
		if (isHeadline) all.add(key);
		for (const above of [block, ...around(block)]) {
			const kind = kinds.get(above) ?? kindOf(above);
			kinds.set(above, kind);
			if (kind.zone === "news" || !isHeadline) continue;
			const held = headlines.get(above) ?? new Set();
			headlines.set(above, held.add(key));
		}
	}
	const zones = new Map<Block, Zone>();
	const zoneOf = (block: Block): Zone => {
		const known = zones.get(block);
		if (known) return known;
		const above = block.parent ? zoneOf(block.parent) : "news";
		const outer = above === "frame" && namesOf(block).some((name) => TICKER_NAME.test(name)) ? "head" : above;
		const kind = kinds.get(block) ?? kindOf(block);
		const isMost = !kind.isCertain && (headlines.get(block)?.size ?? 0) > all.size / 2;
		const zone = outer === "frame" || kind.zone === "news" || isMost ? outer : kind.zone;
		zones.set(block, zone);
		return zone;
	};
	return ({ block }) => zoneOf(block);
}

function kindOf(block: Block): { readonly zone: Zone; readonly isCertain: boolean } {
	const role = block.attributes["role"];
	if (block.name === "nav" || block.name === "footer" || role === "navigation" || role === "contentinfo")
		return { zone: "frame", isCertain: block.name !== "footer" || !isInside(block) };
	const names = namesOf(block);
	const isContent = CONTENT.has(block.name) || names.some((name) => POST_NAME.test(name));
	if (!isContent && names.some((name) => FRAME_NAME.test(name))) return { zone: "frame", isCertain: false };
	const isHead = block.name === "header" || role === "banner" || names.some((name) => HEAD_NAME.test(name));
	return { zone: isHead && !isContent && !isInside(block) ? "head" : "news", isCertain: false };
}

function isInside(block: Block): boolean {
	for (const above of around(block)) if (INSIDE.has(above.name)) return true;
	return false;
}

import { MARK } from "./blocks.ts";
import { bestWording, type Wording } from "./headlines.ts";
import { addressesIn, besideWording, type Found } from "./judge.ts";
import type { Link } from "./links.ts";
import { sizeOf } from "./html.ts";
import type { ListRule } from "./sites.ts";
import { SourceError } from "./source.ts";

/** Beyond this, building a whole tree for selectors takes seconds. */
const MOST_ELEMENTS = 30_000;
const DEEPEST = 300;

/** The little of the DOM that marking needs. */
interface Marked {
	querySelectorAll(selector: string): Iterable<{ setAttribute(name: string, value: string): void }>;
	toString(): string;
}

/** The page with a mark on what each selector names. Throws SourceError `body` for a selector that is none, and for a page too large to search. */
export async function marked(html: string, url: string, list: ListRule): Promise<string> {
	const size = sizeOf(html);
	if (size.depth > DEEPEST || size.elements > MOST_ELEMENTS)
		throw new SourceError(
			"body",
			`The page ${url} is too large for selectors (${size.elements} elements, ${size.depth} deep).`,
		);
	const { parseHTML } = await import("linkedom");
	const document = parseHTML(html).document as unknown as Marked;
	for (const [selector, mark] of [
		[list.items, MARK.list],
		[list.title, MARK.title],
		[list.time, MARK.time],
	] as const) {
		if (selector === undefined) continue;
		try {
			for (const one of document.querySelectorAll(selector)) one.setAttribute(mark, "");
		} catch (error) {
			throw new SourceError("body", `“${selector}” is no CSS selector that can be used on ${url}.`, { cause: error });
		}
	}
	return document.toString();
}

/** The articles that a `list` selector names: each link it selects, and in each block it selects the links that look like an article's. */
export function chosenLinks(links: readonly Link[]): Found[] {
	const holds = addressesIn(links);
	const byKey = new Map<string, { readonly links: Link[]; readonly wordings: Wording[] }>();
	for (const link of links) {
		const isNamed = link.block.attributes[MARK.list] !== undefined;
		if (!isNamed && !(link.isMarked && link.shape)) continue;
		const isHeadline = link.wording && (link.wording.rank > 3 || link.wording.words > 0);
		const beside = isHeadline || !link.shape?.strength ? [] : besideWording(link, holds);
		const own = link.wording && (isNamed || isHeadline) ? [link.wording] : [];
		const same = byKey.get(link.key) ?? { links: [], wordings: [] };
		byKey.set(link.key, same);
		same.links.push(link);
		same.wordings.push(...own, ...beside);
	}
	return [...byKey].flatMap(([key, { links: same, wordings }]) => {
		const title = bestWording(wordings)?.text;
		const [first] = same;
		return first && title ? [{ key, url: first.url, title, links: same }] : [];
	});
}

import { parseDate } from "../arabic/dates.ts";
import { readFurniture } from "../arabic/furniture.ts";
import { readHtml } from "./html.ts";
import { above, type PageElement, wordsOfName } from "./page-element.ts";
import { clear } from "./page-furniture.ts";

/** An article's text as it stands on its page. */
export interface PageText {
	readonly text: string;
	/** The `src` of each picture in it as written. */
	readonly images: readonly string[];
	/** The block that holds headline and text, when the headline is seen. */
	readonly region?: PageElement;
}

/** Where the usual systems put an article's text: schema.org, WordPress and its themes, Drupal, Blogger, Joomla. */
const BODIES =
	"[itemprop~=articleBody], .entry-content, .td-post-content, .wp-block-post-content, .field-name-body, .field--name-body, .post-body, .item-page, .article-body, .article-content, .article__body, .story-body, .post-content, .the-content, .news-content, .news-body, .single-content";
const MOST_CONTAINERS = 200;
const NOT_THERE = new Set("aside nav footer".split(" "));
/** Fewer characters than this are no article's text. */
const LEAST_TEXT = 80;
/** A line of so many characters is a part of a text, not of a page's furniture. */
const PROSE_LINE = 60;
/** So many characters without a full stop are no remark, whatever stands in them. */
const LONG_REMARK = 130;
/** The block around the headline is left for a larger one only when that has so many times its text. */
const GROWTH = 1.8;
/** The same where the larger block adds other columns. */
const GROWTH_OF_COLUMNS = 3;
/** An `article` with so many characters is the whole article; what follows it on the page is the next one. */
const ENOUGH = 150;
const COLUMNS = /^(?:td|th|main|article)$/;
const COLUMN_NAME = /^(?:col|cols|column|span\d*|left|right|center|centre|main|primary)$/;
/** So many characters outside the article's own container may still be the page's name, its date and its tags. */
const MORE_THAN_FURNITURE = 400;
/** Far beyond any news page; building and searching larger trees takes seconds. */
export const MOST_ELEMENTS = 30_000;
const REMARK =
	/(?:^|\D)\d{1,2}:\d{2}(?!\d)|[\d٠-٩]\s*(?:مشاهد|شوهد|زيار|قراء|تعليق|دقيق|views?|min)|(?:مشاهد|زيار|قراء)\S*\s*:?\s*[\d٠-٩]|^(?:منذ|قبل)\s|^(?:نسخ|شارك|مشارك|طباع|share)/iu;
/** Stands for the headline while the text behind it is cut out: a character of private use, which no page shows. */
const HERE = "\uE0FF";

/** The text of a page's article: in the site's own block (`selector`), else in the usual containers, else around the headline, else where Readability sees it. */
export async function textOfPage(
	document: PageElement,
	headline: PageElement | undefined,
	selector: string | undefined,
): Promise<PageText> {
	const own = selector ? longest([...document.querySelectorAll(selector)]) : undefined;
	if (own && prose(own) > 0) return cut(own, headline);
	const container = containerOf(document, headline);
	const short = container && prose(container.one) < LEAST_TEXT;
	if (container && !short) return cut(container.one, headline, container.parts);
	const near = headline ? aroundOf(headline, document) : undefined;
	if (near) return near;
	const inside = container ? cut(container.one, headline) : undefined;
	const found = await readable(document, headline !== undefined);
	// Beside a container with a line or nothing in it, what is left of the page is furniture unless it is long.
	if (inside && (found?.text.length ?? 0) < MORE_THAN_FURNITURE) return inside;
	return found ?? inside ?? { text: "", images: [] };
}

/** Whether a line is a sentence of a text rather than a remark beside it. */
export function isProse(line: string): boolean {
	if (/[.!؟:]["»”)]*$/.test(line) && line.split(" ").length >= 5) return true;
	return line.length >= PROSE_LINE && (line.length >= LONG_REMARK || !isRemark(line));
}

function longest(elements: readonly PageElement[]): PageElement | undefined {
	return elements.map((one) => ({ one, length: prose(one) })).sort((a, b) => b.length - a.length)[0]?.one;
}

function containerOf(
	document: PageElement,
	headline: PageElement | undefined,
): { readonly one: PageElement; readonly parts: readonly PageElement[] } | undefined {
	const all = [...document.querySelectorAll(BODIES)]
		.slice(0, MOST_CONTAINERS)
		.filter((one) => !headline?.contains(one) && !above(one).some(({ localName }) => NOT_THERE.has(localName)))
		.map((one) => ({ one, length: prose(one) }));
	// The inmost that still holds most of the text: what a wider one adds is date, tags and buttons.
	const inmost = all.filter(
		({ one, length }) =>
			!all.some(
				(inner) => inner.one !== one && one.contains(inner.one) && inner.length > Math.max(length / 2, LEAST_TEXT / 2),
			),
	);
	const outer = inmost.filter(({ one }) => !inmost.some((other) => other.one !== one && other.one.contains(one)));
	const path = headline ? [headline, ...above(headline)] : [];
	const near = ({ one }: { one: PageElement }) => {
		const at = path.findIndex((around) => around.contains(one));
		return at < 0 ? path.length : at;
	};
	const [best, ...others] = outer.sort(
		(a, b) =>
			Number(b.length >= LEAST_TEXT) - Number(a.length >= LEAST_TEXT) || near(a) - near(b) || b.length - a.length,
	);
	if (!best) return undefined;
	const rivals = others.filter(({ length }) => length > best.length / 2);
	const parts = others.filter(
		({ one, length }) =>
			length >= LEAST_TEXT &&
			one.parentElement === best.one.parentElement &&
			one.getAttribute("class") === best.one.getAttribute("class") &&
			!one.querySelector("h1, h2, h3"),
	);
	// Several containers of like size are a list of articles, not one, unless one stands by the headline.
	const isList = rivals.length > 0 && parts.length < rivals.length && rivals.some((one) => near(one) <= near(best));
	const nearest = [...outer].sort((a, b) => near(a) - near(b))[0];
	if (headline && nearest && nearest !== best && near(nearest) < near(best) && others.length > 2)
		return { one: nearest.one, parts: [] };
	if (isList) return undefined;
	const order =
		[best, ...parts].length > 1
			? outerOrder(
					best.one,
					parts.map(({ one }) => one),
				)
			: [];
	return { one: best.one, parts: order };
}

function outerOrder(best: PageElement, parts: readonly PageElement[]): PageElement[] {
	const some = new Set([best, ...parts]);
	return [...(best.parentElement?.children ?? [])].filter((one) => some.has(one));
}

/** The text of a container, from behind the headline when that stands in it. */
function cut(container: PageElement, headline: PageElement | undefined, parts: readonly PageElement[] = []): PageText {
	const region = headline ? above(headline).find((one) => one.contains(container)) : undefined;
	const within = headline && container.contains(headline) ? headline : undefined;
	const all = parts.length > 1 ? parts : [container];
	for (const one of all) clear(one, within);
	const readings = all.map((one) => {
		const rest = within ? behind(one, within) : undefined;
		// A headline said again at the end stands behind its text.
		return rest?.text.split("\n").some(isProse) ? rest : readHtml(one.innerHTML);
	});
	return {
		text: readings.map(({ text }) => text).join("\n"),
		images: readings.flatMap(({ images }) => images),
		...(region ? { region } : {}),
	};
}

/** The text behind the headline in a block that holds it, and the block's pictures. */
function behind(
	block: PageElement,
	headline: PageElement,
): { readonly text: string; readonly images: readonly string[] } {
	const before = headline.innerHTML;
	headline.textContent = HERE;
	const { text, images } = readHtml(block.innerHTML);
	headline.innerHTML = before;
	const at = text.lastIndexOf(HERE);
	return { text: text.slice(at + 1).trim(), images };
}

/** The text behind the headline in the smallest block that holds both, when it reads like one. */
function aroundOf(headline: PageElement, document: PageElement): PageText | undefined {
	const body = document.querySelector("body");
	if (!body?.contains(headline)) return undefined;
	clear(body, headline);
	let found: PageText | undefined;
	let most = 0;
	let looked = 0;
	let growth = GROWTH;
	for (const block of above(headline)) {
		const length = block.textContent.length;
		if (length > looked + LEAST_TEXT / 2) {
			looked = length;
			const { text, images } = behind(block, headline);
			const lines = trimmed(text.split("\n"));
			const prose = lines.filter(isProse).reduce((sum, line) => sum + line.length, 0);
			if (prose >= PROSE_LINE && prose > most * growth) {
				most = prose;
				found = { text: lines.join("\n"), images, region: block };
			}
		}
		if (block === body || (most >= ENOUGH && block.localName === "article")) break;
		if (COLUMNS.test(block.localName) || wordsOfName(block).some((word) => COLUMN_NAME.test(word)))
			growth = GROWTH_OF_COLUMNS;
	}
	return found;
}

/** Lines without the remarks that stand before the first sentence and behind the last. */
function trimmed(lines: readonly string[]): string[] {
	const first = lines.findIndex(isProse);
	const last = lines.findLastIndex(isProse);
	if (first < 0) return [];
	const behind = lines.slice(last + 1).filter((line) => !/https?:/.test(line));
	const list = behind.findIndex((line) => line.endsWith(":"));
	const others = behind.findIndex((line) => readFurniture(line)?.rule === "furniture");
	return [
		...lines.slice(0, first).filter((line) => !isRemark(line)),
		...lines.slice(first, last + 1),
		// What a line announces with a colon follows it.
		...behind.filter((line, index) => isKept(line, others >= 0 && index > others) || (list >= 0 && index > list)),
	];
}

/** A date, a counter, a share bar, glued together as inline elements are. */
function isRemark(line: string): boolean {
	return REMARK.test(line) || !/\p{L}{3}/u.test(line) || parseDate(line) !== undefined;
}

// Under the heading of a list of other articles a long line is one of them.
function isKept(line: string, listed: boolean): boolean {
	return /[:/]|^[\d٠-٩•*-]/.test(line) || (line.length > 40 && !listed);
}

/** Characters of an element that are not links. */
function prose(element: PageElement): number {
	const linked = [...element.querySelectorAll("a, script, style")].reduce(
		(sum, one) => sum + one.textContent.length,
		0,
	);
	return element.textContent.trim().length - linked;
}

async function readable(document: PageElement, mustRead: boolean): Promise<PageText | undefined> {
	const { Readability } = await import("@mozilla/readability");
	for (const one of document.querySelectorAll("body script, body style, nav, aside")) one.remove();
	const article = new Readability(document as never, { charThreshold: 200, maxElemsToParse: MOST_ELEMENTS }).parse();
	if (!article?.content) return undefined;
	const { parseHTML } = await import("linkedom");
	const root = (
		parseHTML(`<!doctype html><html><head></head><body>${article.content}</body></html>`)
			.document as unknown as PageElement
	).querySelector("body");
	if (!root) return undefined;
	clear(root, undefined);
	const reading = readHtml(root.innerHTML);
	return mustRead && !reading.text.split("\n").some(isProse) ? undefined : reading;
}

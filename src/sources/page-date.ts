import { parseDate } from "../arabic/dates.ts";
import { readHtml } from "./html.ts";
import { above, metaFirst, type PageElement, wordsOfName } from "./page-element.ts";

const META = [
	"article:published_time",
	"og:article:published_time",
	"datePublished",
	"date",
	"pubdate",
	"publish-date",
	"publishdate",
	"dc.date",
	"dc.date.issued",
	"DC.date.issued",
	"dcterms.date",
	"dcterms.created",
	"parsely-pub-date",
	"sailthru.date",
	"article.published",
];
const MARKED =
	"[itemprop~=datePublished], time[datetime], abbr[title].published, .entry-date, .post-date, .article-date, .published, .submitted, .date, .date-display-single, .post-timestamp";
const LONGEST = 120;
/** So many texts before and behind the headline are looked at. */
const BEFORE = 12;
const BEHIND = 60;
const MOST_MARKED = 100;
const HAS_DATE = /(?:^|[^\d٠-٩])[12٢][\d٠-٩]{3}(?![\d٠-٩])/;
const HAS_TIME = /[\d٠-٩]{1,2}:[\d٠-٩]{2}/;
/** A text of so many characters is a paragraph. */
const LONG_TEXT = 150;
const SMALL_BLOCK = 1000;
const CHANGED = /تحديث|تعديل|عُدّل|updated|modified/i;

/** When a page says that its article was published, ISO 8601 UTC: `said` by its data, then by its tags, then in short texts around its headline; a time without a zone is read in `zone`. */
export function dateOf(
	document: PageElement,
	from: {
		readonly said: readonly string[];
		readonly selector: string | undefined;
		readonly headline: PageElement | undefined;
		readonly zone: string | undefined;
	},
): string | undefined {
	const { said, selector, headline, zone } = from;
	const chosen = selector
		? [...document.querySelectorAll(selector)].flatMap((one) => [...attributes(one), one.textContent])
		: [];
	const near = headline ? nearby(document, headline) : [];
	const marked = [...document.querySelectorAll(MARKED)]
		.slice(0, MOST_MARKED)
		.filter((one) => !isOfChange(one) && !isOfAnother(one, headline))
		.slice(0, 10);
	const printed = [
		...near.filter((one) => one.children.length < 6).map((one) => one.textContent),
		...looseLines(headline?.parentElement),
	];
	const unchanged = printed.filter((text) => HAS_DATE.test(text) && !CHANGED.test(text));
	const tries: readonly (readonly (string | null)[])[] = [
		[...chosen, ...said, ...META.map((name) => metaFirst(document, name))],
		near.filter((one) => !isOfChange(one)).flatMap(attributes),
		unchanged.filter((text) => HAS_TIME.test(text)),
		marked.flatMap(attributes),
		unchanged,
		marked.map((one) => one.textContent),
		printed.filter((text) => HAS_DATE.test(text)),
	];
	for (const texts of tries) {
		const date = first(texts, zone);
		if (date !== undefined) return date;
	}
	return undefined;
}

function attributes(one: PageElement): (string | null)[] {
	return [one.getAttribute("datetime"), one.getAttribute("content"), one.getAttribute("title")];
}

/** The first of them that is a date. */
function first(texts: readonly (string | null)[], zone: string | undefined): string | undefined {
	for (const text of texts) {
		const plain = text?.replace(/\s+/g, " ").trim() ?? "";
		const date = plain !== "" && plain.length < LONGEST ? parseDate(plain, zone) : undefined;
		if (date !== undefined) return date;
	}
	return undefined;
}

function isOfChange(one: PageElement): boolean {
	return (
		wordsOfName(one).some((word) => word === "updated" || word === "modified") &&
		!wordsOfName(one).includes("published")
	);
}

/** The lines of a small block: a date may stand in it without an element of its own. */
function looseLines(block: PageElement | null | undefined): string[] {
	return block && block.textContent.length < SMALL_BLOCK ? readHtml(block.innerHTML).text.split("\n") : [];
}

/** Whether it stands in a block of its own that tells of another article, or links to one. */
function isOfAnother(one: PageElement, headline: PageElement | undefined): boolean {
	if (!headline) return false;
	for (const around of above(one).slice(0, 4)) {
		if (around.contains(headline)) return false;
		if (around.querySelector("h1, h2, h3, h4, h5") !== null) return true;
		if ([...around.querySelectorAll("a[href]")].some((link) => link.textContent.trim().length >= 20)) return true;
	}
	return false;
}

/** The elements behind the headline as far as the text, then those before it, nearest first. */
function nearby(document: PageElement, headline: PageElement): PageElement[] {
	const all = [...document.querySelectorAll("body *")];
	const at = all.indexOf(headline);
	const behind: PageElement[] = [];
	for (const one of all.slice(at + 1, at + 1 + BEHIND)) {
		if (headline.contains(one)) continue;
		if (one.children.length < 2 && one.textContent.trim().length > LONG_TEXT) break;
		behind.push(one);
	}
	const before = all.slice(Math.max(0, at - BEFORE), Math.max(at, 0)).filter((one) => !one.contains(headline));
	return [...behind, ...before.reverse()];
}

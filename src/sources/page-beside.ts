import { readHtml } from "./html.ts";
import { above, type PageElement, wordsOfName } from "./page-element.ts";
import { personOf, standsIn, tagWords } from "./page-meta.ts";
import { resolved } from "./xml.ts";

/** What stands beside an article's text on its page, told by the names of the blocks. */
export interface Beside {
	readonly author?: string;
	readonly tags: readonly string[];
	readonly image?: string;
	/** The line that names the source, where it stands in a block of its own. */
	readonly source?: string;
}

interface Noted {
	readonly text: string;
	readonly path: ReadonlySet<PageElement>;
}

const AUTHORS =
	"[class*=author], [class*=Author], [class*=byline], [class*=Byline], [class*=writer], [rel~=author], [class~=fn]";
const TAGS =
	"[class*=tags] a, [class*=Tags] a, [class*=tagcloud] a, [class*=keyword] a, [class*=Keyword] a, [class*=labels] a";
const SOURCES = "[class*=source], [class*=Source]";
const SOURCE = /^(?:ال)?(?:مصدر|مصدر الخبر)\s*[:：]?\s*\S/;
const ELSEWHERE = new Set("aside nav".split(" "));
const ELSEWHERE_NAME = new Set(
	"sidebar related comments comment widget breadcrumb breadcrumbs menu latest popular".split(" "),
);
const MOST_TAGS = 15;

/** Notes what stands on a page before its furniture is cleared away, and gives what of it stands in the article's region. */
export function noteBeside(
	document: PageElement,
	url: string,
	sites: readonly string[],
): (region: PageElement | undefined) => Beside {
	const noted = (selector: string): Noted[] =>
		[...document.querySelectorAll(selector)].flatMap((one) => {
			const path = above(one);
			const text = one.textContent.replace(/\s+/g, " ").trim();
			return text.length > 0 && text.length <= 100 && !isElsewhere(path) ? [{ text, path: new Set(path) }] : [];
		});
	const [authors, tags, sources] = [noted(AUTHORS), noted(TAGS), noted(SOURCES)];
	const images = [...document.querySelectorAll("img, amp-img")].flatMap((one) => {
		const path = above(one);
		return isElsewhere(path) || path.some(({ localName }) => localName === "a" && !isPicture(path))
			? []
			: [{ one, path: new Set(path) }];
	});
	return (region) => {
		if (!region || region.localName === "html") return { tags: [] };
		const inside = <T extends { readonly path: ReadonlySet<PageElement> }>(all: readonly T[]) =>
			all.filter(({ path }) => path.has(region));
		const author = inside(authors)
			.map(({ text }) => personOf(text, sites))
			.find((name) => name !== undefined && !/[\d٠-٩]/.test(name));
		const source = inside(sources).find(({ text }) => SOURCE.test(text))?.text;
		const words = tagWords(inside(tags).map(({ text }) => text));
		const image = inside(images)
			.flatMap(({ one }) => readHtml(one.outerHTML.replace(/^<amp-img/, "<img")).images)
			.map((address) => resolved(address, url))
			.find((address) => address?.startsWith("http") && !standsIn(address));
		return {
			tags: words.length <= MOST_TAGS ? words : [],
			...(author ? { author } : {}),
			...(source ? { source: source.replace(/^((?:ال)?مصدر(?: الخبر)?)\s*[:：]?\s*/, "$1: ") } : {}),
			...(image ? { image } : {}),
		};
	};
}

function isElsewhere(path: readonly PageElement[]): boolean {
	return path.some(
		(one) =>
			ELSEWHERE.has(one.localName) ||
			(one.localName !== "body" &&
				one.localName !== "html" &&
				wordsOfName(one).some((word) => ELSEWHERE_NAME.has(word))),
	);
}

/** Whether the link around a picture leads to the picture itself. */
function isPicture(path: readonly PageElement[]): boolean {
	const link = path.find(({ localName }) => localName === "a");
	return /\.(?:jpe?g|png|webp|gif)(?:$|\?)/i.test(link?.getAttribute("href") ?? "");
}

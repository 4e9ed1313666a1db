import { compareKey } from "../arabic/normalize.ts";
import { textOf } from "./html.ts";
import { above, metaFirst, type PageElement, wordsOfName } from "./page-element.ts";

/** A page's headline: its text without the site's name, and where on the page a reader sees it. */
export interface Headline {
	readonly text: string;
	readonly element?: PageElement;
}

const HEADINGS =
	"h1, h2, h3, [itemprop~=headline], [class*=title], [class*=Title], [class*=headline], [class*=Headline], [class*=heading], [id*=title], [id*=Title], [class~=tit], [class~=ttl], [class~=subject], [id=tit]";
/** Where old pages and builders write a headline that is no heading. */
const PLAIN = "font, b, strong, big, td, div, span, p, center, h4, h5, h6";
const ELSEWHERE = new Set("nav aside footer breadcrumb breadcrumbs sidebar related comments".split(" "));
const SEPARATOR = /\s*[|»«]\s*|\s+(?:[–—•·:/-]|::)\s+|(?<=\p{L}):\s+/u;
const OUTLET =
	/^(?:ال)?(?:وكال[ةه]|شبك[ةه]|موقع|صحيف[ةه]|جريد[ةه]|قنا[ةه]|اذاع[ةه]|إذاع[ةه]|منص[ةه]|مجل[ةه]|راديو|تلفزيون|بواب[ةه]|صوت|مرصد|مركز|الرئيسي[ةه])(?!\p{L})|(?:نيوز|برس|اونلاين|أونلاين|الاخباري[ةه]|الإخباري[ةه]|news|press|online|tv|\.(?:com|net|org|iq))$/iu;
const LONGEST = 300;
/** Fewer words than this name a site, a section or a window. */
const FEWEST_WORDS = 4;

/** The headline of a page: the heading that the page's own title confirms, wherever it stands; `said` is what its data call it, `sites` the names of the site as far as they are known. */
export function headlineOf(
	document: PageElement,
	said: string,
	sites: readonly string[],
	selector: string | undefined,
): Headline {
	const chosen = selector ? document.querySelector(selector) : null;
	const picked = textOf(chosen?.textContent ?? "");
	if (chosen && picked) return { text: picked, element: chosen };
	const names = new Set(sites.map(compareKey).filter(Boolean));
	const own = (text: string) => text.length > 3 && !names.has(compareKey(text));
	const shared = [metaFirst(document, "og:title"), metaFirst(document, "twitter:title")].map(textOf).filter(own);
	const page = [...document.querySelectorAll("title")]
		.filter((one) => one.parentElement?.localName !== "svg")
		.map((one) => textOf(one.textContent))
		.filter(own)
		.slice(0, 1);
	const titles = [textOf(said), ...shared, ...page].filter(Boolean);
	const forms = new Map<string, string>();
	for (const title of titles) for (const form of formsOf(title)) if (own(form)) forms.set(compareKey(form), form);
	const headings = [...document.querySelectorAll(HEADINGS)]
		.filter((one) => !isElsewhere(one))
		.map((element) => ({ element, text: textOf(element.textContent) }))
		.filter(({ text }) => text.length < LONGEST && own(text));
	const found =
		best(headings, (key) => (forms.has(key) ? key.length : 0)) ??
		best(headings, (key) => kickerForm(key, forms)?.length ?? 0) ??
		best(headings, (key) => (titles.some((title) => isMost(key, compareKey(title))) ? key.length : 0)) ??
		best(headings, (key) => Math.max(0, ...titles.map((title) => likeness(key, compareKey(title)))));
	if (found) {
		const key = compareKey(found.text);
		const behindKicker = forms.has(key) ? undefined : kickerForm(key, forms);
		return { text: (behindKicker && forms.get(behindKicker)) || found.text, element: found.element };
	}
	const plain = best(plainTexts(document), (key) => (key.length > 12 && forms.has(key) ? key.length : 0));
	if (plain) return plain;
	const first = headings.filter(({ element }) => element.localName === "h1");
	const only =
		first.length === 1
			? first[0]
			: sayingMore(
					headings,
					titles.map((title) => withoutSite(title, names)),
				);
	const text = textOf(said) || only?.text || withoutSite(shared[0] ?? "", names) || withoutSite(page[0] ?? "", names);
	// A word or two in large letters, which no title confirms, head a section as well as an article.
	return { text, ...(only && only.text.length > 10 ? { element: only.element } : {}) };
}

interface Seen {
	readonly element: PageElement;
	readonly text: string;
}

/** The element with the highest score above nothing; of equals the higher heading, then the first. */
function best(seen: readonly Seen[], score: (key: string) => number): Seen | undefined {
	let top: { readonly one: Seen; readonly score: number; readonly rank: number } | undefined;
	for (const one of seen) {
		const points = score(compareKey(one.text));
		const rank = one.element.localName === "h1" ? 0 : /^h\d$/.test(one.element.localName) ? 1 : 2;
		if (points > 0 && (!top || points > top.score || (points === top.score && rank < top.rank)))
			top = { one, score: points, rank };
	}
	return top?.one;
}

/** A title and what it may be without the site's name at either end. */
function formsOf(title: string): string[] {
	const parts: { readonly from: number; readonly to: number }[] = [];
	let from = 0;
	for (const found of title.matchAll(new RegExp(SEPARATOR, "gu"))) {
		parts.push({ from, to: found.index });
		from = found.index + found[0].length;
	}
	parts.push({ from, to: title.length });
	const forms = [title];
	for (let skip = 0; skip < Math.min(parts.length, 3); skip++) {
		for (let last = parts.length - 1; last >= Math.max(skip, parts.length - 3); last--)
			forms.push(title.slice(parts[skip]?.from, parts[last]?.to).trim());
	}
	return forms.filter((form) => form === title || form.length > Math.max(8, title.length * 0.35));
}

/** The title that stands in a heading with no more than a word or two before or behind it: «تقرير: …». */
function kickerForm(key: string, forms: ReadonlyMap<string, string>): string | undefined {
	return [...forms.keys()]
		.filter((form) => form.length > 15 && form.length < key.length && key.length - form.length <= 25)
		.filter((form) => key.startsWith(form) || key.endsWith(form))
		.sort((a, b) => b.length - a.length)[0];
}

function isMost(key: string, title: string): boolean {
	return key.length > 10 && key.length > title.length * 0.4 && title.includes(key);
}

/** How far a heading says what a title says: a title cut off with «…» by its beginning, another one by most of its words. */
function likeness(key: string, title: string): number {
	const cut = /^(.{20,}?)\s*(?:…|\.{2,})/u.exec(title)?.[1];
	if (cut !== undefined && key.startsWith(cut)) return key.length;
	const words = new Set(title.match(/[\p{L}\p{N}]{3,}/gu));
	const own = [...new Set(key.match(/[\p{L}\p{N}]{3,}/gu))];
	const shared = own.filter((word) => words.has(word)).length;
	return shared >= 3 && shared > own.length * 0.6 && shared > words.size * 0.5 ? shared : 0;
}

/** Where the page's titles name the site or the window alone: the first heading that reads like a headline and leads nowhere. */
function sayingMore(headings: readonly Seen[], titles: readonly string[]): Seen | undefined {
	if (titles.some((title) => wordCount(title) >= FEWEST_WORDS)) return undefined;
	const full = headings.filter(
		({ element, text }) =>
			wordCount(text) >= FEWEST_WORDS && !isLinked(element) && element.querySelector("a, p") === null,
	);
	return best(full, () => 1);
}

function wordCount(text: string): number {
	return text.match(/[\p{L}\p{N}]{2,}/gu)?.length ?? 0;
}

function plainTexts(document: PageElement): Seen[] {
	return [...document.querySelectorAll(PLAIN)]
		.filter((one) => one.children.length < 4)
		.map((element) => ({ element, text: textOf(element.textContent) }))
		.filter(
			({ element, text }) => text.length > 12 && text.length < LONGEST && !isLinked(element) && !isElsewhere(element),
		);
}

function isLinked(element: PageElement): boolean {
	return above(element).some(({ localName }) => localName === "a" || localName === "marquee");
}

function isElsewhere(element: PageElement): boolean {
	return [element, ...above(element)].some(
		(one) =>
			ELSEWHERE.has(one.localName) ||
			(one.localName !== "body" && wordsOfName(one).some((word) => ELSEWHERE.has(word))),
	);
}

/** «Headline | Site» → «Headline»: the site's own name when it is known, otherwise a part behind a bar or one that names itself an outlet. */
function withoutSite(title: string, names: ReadonlySet<string>): string {
	const found = [...title.matchAll(new RegExp(SEPARATOR, "gu"))];
	const [first, last] = [found[0], found.at(-1)];
	if (!first || !last) return title;
	const head = title.slice(0, first.index).trim();
	const headless = title.slice(first.index + first[0].length).trim();
	const tail = title.slice(last.index + last[0].length).trim();
	const tailless = title.slice(0, last.index).trim();
	const isSite = (part: string, rest: string, sign: string) =>
		names.has(compareKey(part)) ||
		(part.length < rest.length && (OUTLET.test(part) || (/[|»]/.test(sign) && part.length < title.length / 2)));
	if (isSite(tail, tailless, last[0])) return tailless;
	// In front of a colon stands who speaks, as a rule.
	const leads = names.has(compareKey(head)) || !/:/.test(first[0]);
	return leads && isSite(head, headless, "") ? headless : title;
}

import { compareKey } from "../arabic/normalize.ts";
import type { Draft } from "../article/article.ts";
import { texts, withoutControls } from "./entries.ts";
import { readHtml, sizeOf } from "./html.ts";
import { noteBeside } from "./page-beside.ts";
import type { PageElement } from "./page-element.ts";
import { metaOf, type PageMeta, standsIn } from "./page-meta.ts";
import { isProse, MOST_ELEMENTS, textOfPage } from "./page-text.ts";
import { ruleFor, type SiteRule, type SiteRules } from "./sites.ts";
import { SourceError } from "./source.ts";
import { resolved } from "./xml.ts";

const CHALLENGE =
	"#challenge-form, #cf-wrapper, .cf-browser-verification, .g-recaptcha, .h-captcha, #captcha, [name=captcha], script[src*='/cdn-cgi/challenge-platform/']";
/** Far beyond any news page; building and searching larger or deeper trees takes seconds. */
const DEEPEST = 300;
const HEAVIEST = 4_000_000;
/** Fewer characters than this are no article's text. */
const LEAST_TEXT = 80;

/** The article of a page: the site's own selectors first, then what the page says of itself, then the usual containers, then what stands around its headline, then Readability. A printed time without a zone is read in `zone` (IANA name; UTC by default). Throws SourceError `body` for a page without an article. */
export async function readPage(html: string, url: string, sites: SiteRules, zone?: string): Promise<Draft> {
	const size = sizeOf(html);
	if (size.depth > DEEPEST || size.elements > MOST_ELEMENTS || size.weight > HEAVIEST) {
		throw new SourceError(
			"body",
			`The page ${url} has more elements or text than any article's page (${size.elements} elements, ${size.depth} deep).`,
		);
	}
	const { parseHTML } = await import("linkedom");
	try {
		const whole = /<html[\s>]/i.test(html.slice(0, 20_000))
			? html
			: `<!doctype html><html><head></head><body>${html}</body></html>`;
		const document = parseHTML(withoutControls(whole)).document as unknown as PageElement;
		return await articleOf(document, url, ruleFor(url, sites), zone);
	} catch (error) {
		if (error instanceof SourceError) throw error;
		throw new SourceError("body", `The page ${url} could not be read: its HTML is built too badly.`, { cause: error });
	}
}

async function articleOf(
	document: PageElement,
	url: string,
	rule: SiteRule | undefined,
	zone: string | undefined,
): Promise<Draft> {
	const meta = metaOf(document, url, rule, zone);
	const isChallenge = document.querySelector(CHALLENGE) !== null;
	const asksPassword = document.querySelector("input[type=password]") !== null;
	for (const selector of rule?.strip ?? []) for (const one of document.querySelectorAll(selector)) one.remove();
	const besideOf = noteBeside(document, url, meta.sites);
	const found = await textOfPage(document, meta.headline, rule?.body);
	const beside = besideOf(found.region);
	const inData = meta.body ? readHtml(meta.body).text.trim() : "";
	const text = (inData.length > found.text.length * 1.5 ? inData : confirmed(found.text, inData)).trim();
	if (text.length < LEAST_TEXT && (isChallenge || asksPassword || !meta.isArticle || !meta.title))
		throw noArticle(url, isChallenge, asksPassword);
	if ((isChallenge || asksPassword) && !meta.isArticle && text.length < 400)
		throw noArticle(url, isChallenge, asksPassword);
	const body = text && beside.source ? withSource(text, beside.source) : text;
	const summary = summaryOf(meta, text);
	const author = meta.author ?? beside.author;
	const shown = [...found.images.map((image) => resolved(image, url)), beside.image].find(
		(image) => image?.startsWith("http") && !standsIn(image),
	);
	return {
		url: meta.url,
		title: meta.title,
		...(body ? texts(summary, body) : summary ? { body: summary } : {}),
		tags: meta.tags.length > 0 ? meta.tags : beside.tags,
		...(author ? { author } : {}),
		images: [...new Set([...meta.images, shown])]
			.filter((image) => image !== undefined)
			.map((image) => ({ url: image })),
		...(meta.publishedAt ? { publishedAt: meta.publishedAt } : {}),
		source: URL.canParse(url) ? new URL(url).hostname : url,
	};
}

/** The text under the line that names its source, which a page may show in two pieces or in another place. */
function withSource(text: string, source: string): string {
	const key = compareKey(source);
	const lines = text.split("\n");
	const head = lines.findIndex((line) => !key.includes(compareKey(line).replace(/:$/, "")));
	return [source, ...(head < 0 ? [] : lines.slice(head))]
		.filter((line, index) => index === 0 || line !== source)
		.join("\n");
}

/** What the page says of its article in a sentence; what it says of the whole site on every page is none. */
function summaryOf({ summary = "", title, sites }: PageMeta, text: string): string {
	const key = compareKey(summary);
	if (sites.some((site) => key.startsWith(compareKey(site)))) return "";
	const words = new Set(compareKey(`${title} ${text}`).match(/[\p{L}\p{N}]{4,}/gu));
	const shared = (key.match(/[\p{L}\p{N}]{4,}/gu) ?? []).filter((word) => words.has(word));
	return shared.length >= 2 ? summary : "";
}

/** The text on the page without the short lines between its paragraphs that the page's own data leave out, when the two tell the same otherwise. */
function confirmed(text: string, inData: string): string {
	const key = compareKey(inData);
	const lines = text.split("\n");
	const isTold = (line: string) => key.includes(compareKey(line));
	const prose = lines.filter(isProse);
	const last = prose.at(-1);
	if (inData.length < LEAST_TEXT || last === undefined || !isTold(last)) return text;
	const told = prose.filter(isTold);
	if (told.length < prose.length * 0.75) return text;
	return lines.filter((line) => isTold(line) || line.length > 100).join("\n");
}

function noArticle(url: string, isChallenge: boolean, asksPassword: boolean): SourceError {
	const instead = isChallenge
		? "a captcha or browser check"
		: asksPassword
			? "a login page"
			: "a page without an article's text";
	return new SourceError("body", `${url} gave ${instead} instead of an article.`);
}

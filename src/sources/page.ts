import type { Draft } from "../article/article.ts";
import { texts, withoutControls } from "./entries.ts";
import { readHtml, sizeOf } from "./html.ts";
import { metaOf, type PageElement } from "./page-meta.ts";
import { ruleFor, type SiteRule, type SiteRules } from "./sites.ts";
import { SourceError } from "./source.ts";
import { resolved } from "./xml.ts";

/** Where the usual systems put an article's text: schema.org, WordPress and its themes, Drupal, Blogger, Joomla. */
const BODIES =
	"[itemprop=articleBody], .entry-content, .td-post-content, .wp-block-post-content, .field-name-body, .field--name-body, .post-body, .item-page, .article-body, .article-content, .article__body, .story-body, .post-content, .news-content, .news-body, .single-content";
/** What stands inside such a container and is not the article. */
const FURNITURE =
	"script, style, noscript, template, iframe, form, nav, aside, footer, button, figcaption, [role=navigation], [role=complementary], [hidden], [aria-hidden=true]";
const FURNITURE_NAME =
	/(?:^|[\s_-])(?:share|shares|sharing|sharedaddy|addtoany|a2a|addthis|social|related|relatedposts|breadcrumbs?|sidebar|side|comments?|respond|newsletter|subscribe|advert\w*|ads?|adv\d*|banner|print|tags|tagcloud|post-tags|most-read|popular|trending|latest|navigation|pagination|pager|menu|nav|toolbar|wp-caption-text|field-name-field-tags|links)(?:[\s_-]|$)/i;
const CHALLENGE =
	"#challenge-form, #cf-wrapper, .cf-browser-verification, .g-recaptcha, .h-captcha, #captcha, [name=captcha], script[src*='/cdn-cgi/challenge-platform/']";
/** Far beyond any news page; building and searching larger or deeper trees takes seconds. */
const MOST_ELEMENTS = 30_000;
const DEEPEST = 300;
const HEAVIEST = 4_000_000;
/** Fewer characters than this are no article's text. */
const LEAST_TEXT = 80;
/** So many characters outside the article's own container may still be the page's name, its date and its tags. */
const MORE_THAN_FURNITURE = 400;

/** The article of a page: the site's own selectors first, then what the page says of itself, then the usual containers, then Readability. Throws SourceError `body` for a page without an article. */
export async function readPage(html: string, url: string, sites: SiteRules): Promise<Draft> {
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
		return await articleOf(document, url, ruleFor(url, sites));
	} catch (error) {
		if (error instanceof SourceError) throw error;
		throw new SourceError("body", `The page ${url} could not be read: its HTML is built too badly.`, { cause: error });
	}
}

async function articleOf(document: PageElement, url: string, rule: SiteRule | undefined): Promise<Draft> {
	const meta = metaOf(document, url, rule);
	const isChallenge = document.querySelector(CHALLENGE) !== null;
	const asksPassword = document.querySelector("input[type=password]") !== null;
	for (const selector of rule?.strip ?? []) for (const one of document.querySelectorAll(selector)) one.remove();
	const found = (await bodyOf(document, rule)) ?? { text: "", images: [] };
	const inData = meta.body ? readHtml(meta.body).text : "";
	const body = (inData.length > found.text.length * 1.5 ? inData : found.text).trim();
	if (body.length < LEAST_TEXT && (isChallenge || asksPassword || !meta.isArticle || !meta.title))
		throw noArticle(url, isChallenge, asksPassword);
	if ((isChallenge || asksPassword) && !meta.isArticle && body.length < 400)
		throw noArticle(url, isChallenge, asksPassword);
	const images = [
		...meta.images,
		found.images.map((image) => resolved(image, url)).find((image) => image?.startsWith("http")),
	];
	return {
		url: meta.url,
		title: meta.title,
		...(body ? texts(meta.summary ?? "", body) : meta.summary ? { body: meta.summary } : {}),
		tags: meta.tags,
		...(meta.author ? { author: meta.author } : {}),
		images: [...new Set(images)].filter((image) => image !== undefined).map((image) => ({ url: image })),
		...(meta.publishedAt ? { publishedAt: meta.publishedAt } : {}),
		source: URL.canParse(url) ? new URL(url).hostname : url,
	};
}

interface Body {
	readonly text: string;
	readonly images: readonly string[];
}

async function bodyOf(document: PageElement, rule: SiteRule | undefined): Promise<Body | undefined> {
	let short: Body | undefined;
	const selectors = rule?.body ? [rule.body, BODIES] : [BODIES];
	for (const selector of selectors) {
		const candidates = outermost([...document.querySelectorAll(selector)]);
		const [best, ...others] = candidates
			.map((one) => ({ one, length: proseLength(one) }))
			.sort((a, b) => b.length - a.length);
		// Several containers of like size are a list of articles, not one.
		const isList = selector !== rule?.body && others.some(({ length }) => best && length > best.length / 2);
		if (!best || isList) continue;
		tidy(best.one);
		const body = readHtml(best.one.innerHTML);
		if (best.length >= LEAST_TEXT) return body;
		short ??= body;
	}
	const found = await readable(document);
	// Beside a container with a line or nothing in it, what is left of the page is furniture unless it is long.
	return short && (found?.text.length ?? 0) < MORE_THAN_FURNITURE ? short : found;
}

async function readable(document: PageElement): Promise<Body | undefined> {
	const { Readability } = await import("@mozilla/readability");
	for (const one of document.querySelectorAll("body script, body style, nav, aside")) one.remove();
	const article = new Readability(document as never, {
		charThreshold: 200,
		maxElemsToParse: MOST_ELEMENTS,
	}).parse();
	if (!article?.content) return undefined;
	const { parseHTML } = await import("linkedom");
	const root = (
		parseHTML(`<!doctype html><html><head></head><body>${article.content}</body></html>`)
			.document as unknown as PageElement
	).querySelector("body");
	if (!root) return undefined;
	tidy(root);
	return readHtml(root.innerHTML);
}

/** Takes share buttons, related lists and the like out of a container, unless one of them turns out to be its bulk. */
function tidy(container: PageElement): void {
	const all = container.textContent.length;
	for (const one of container.querySelectorAll(FURNITURE)) one.remove();
	for (const one of [...container.querySelectorAll("[class], [id]")]) {
		const name = `${one.getAttribute("class") ?? ""} ${one.getAttribute("id") ?? ""}`;
		if (FURNITURE_NAME.test(name) && one.textContent.length < all * 0.4) one.remove();
	}
	for (const one of [...container.querySelectorAll("ul, ol, div, section, table, p")]) {
		const links = [...one.querySelectorAll("a")];
		const linked = links.reduce((sum, link) => sum + link.textContent.trim().length, 0);
		const own = one.textContent.trim().length;
		if (links.length >= 3 && linked > own * 0.8 && own < all * 0.4) one.remove();
	}
}

function outermost(elements: readonly PageElement[]): PageElement[] {
	const all = new Set(elements);
	return elements.filter((one) => {
		for (let above = one.parentElement; above; above = above.parentElement) {
			if (all.has(above)) return false;
		}
		return true;
	});
}

/** Characters of a container that are not links. */
function proseLength(container: PageElement): number {
	const linked = [...container.querySelectorAll("a, script, style")].reduce(
		(sum, one) => sum + one.textContent.length,
		0,
	);
	return container.textContent.trim().length - linked;
}

function noArticle(url: string, isChallenge: boolean, asksPassword: boolean): SourceError {
	const instead = isChallenge
		? "a captcha or browser check"
		: asksPassword
			? "a login page"
			: "a page without an article's text";
	return new SourceError("body", `${url} gave ${instead} instead of an article.`);
}

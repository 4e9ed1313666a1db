import { above, type PageElement, wordsOfName } from "./page-element.ts";

/** What stands around an article's text and is never a part of it. */
const FURNITURE =
	"script, style, noscript, template, iframe, form, nav, aside, footer, button, figcaption, marquee, label, summary, amp-sidebar, amp-social-share, ins.adsbygoogle, .twitter-tweet, .instagram-media, .tiktok-embed, .fb-post, [role=navigation], [role=complementary], [hidden], [aria-hidden=true], [style*='display:none'], [style*='display: none']";
/** Words in the names of blocks of any size that are not the article's. */
const BLOCKS = new Set(
	"share shares sharing sharedaddy addtoany a2a addthis social related relatedposts breadcrumb breadcrumbs sidebar side comments comment respond disqus newsletter subscribe subscription advert adverts advertisement ads ad adv banner sponsored promo print tags tagcloud keywords popular trending latest recommended recommendations navigation pagination pagenav pagenavi pages adsbygoogle toc pager menu nav toolbar footer copyright cookie cookies popup modal poll vote donate donation follow ticker upnext mostread readmore readalso screenreader links actions tools".split(
		" ",
	),
);
/** The same as two words of a name, or as a whole class. */
const PAIRS =
	/(?:^|-)(?:most-(?:read|viewed)|read-(?:more|also)|(?:see|also)-(?:also|read)|caption-text|reader-text|visually-hidden|sr-only|article-info|author-(?:box|bio)|about-author|next-prev|prev-next|image-box)(?=-|$)/;
const WHOLE = new Set(["widget", "widget-area"]);
/** Whole classes of what is never the article, however much of the page it fills. */
const SURE = new Set(["sidebar", "comments", "related", "related-posts", "widget-area", "comment-list"]);
/** Words in the names of short blocks that tell about the article: when, by whom, how often read. */
const REMARKS = new Set(
	"meta byline date time timestamp views hits hit counter count reading readtime author info bar fontsize font rate rating ratings stars email caption captions pagenumber stats stamp match score scoreboard btn button".split(
		" ",
	),
);
/** The same where a name is written in one: «relatednews», «articleviews». */
const BLOCK_WORD =
	/^(?:share|social|related|comment|newsletter|breadcrumb|sidebar)[a-z]|[a-z](?:share|sharing|related|comments|newsletter|breadcrumbs?|sidebar)$/;
const REMARK_WORD = /[a-z](?:views|hits|meta|caption|readtime)$/;
const LONGEST_REMARK = 150;
const SENTENCES = /^(?:p|li|span|td)$/;
const SENTENCE_END = /[.!؟…:]["»”)]*\s*$/;

/** Takes out of an element what is not the article's text: share bars, related lists, counters, captions, links to other articles. What holds `keep` stays, and so does what turns out to be the bulk of the text. */
export function clear(root: PageElement, keep: PageElement | undefined): void {
	const all = root.textContent.length;
	const kept = new Set(keep ? [keep, ...above(keep)] : []);
	const drop = (one: PageElement) => {
		if (!kept.has(one) && one !== root) one.remove();
	};
	for (const one of root.querySelectorAll(FURNITURE)) if (!isAttribution(one)) drop(one);
	for (const one of [...root.querySelectorAll("[class], [id]")]) if (!kept.has(one) && isFurniture(one, all)) drop(one);
	for (const one of root.querySelectorAll("figure")) withoutWords(one);
	for (const one of root.querySelectorAll("p, div, center, em"))
		if (!kept.has(one) && isCaptioned(one)) withoutWords(one);
	for (const one of [...root.querySelectorAll("a, [onclick]")]) if (isControl(one)) drop(one);
	for (const one of root.querySelectorAll("time")) dropMoment(one, root, drop);
	for (const one of [
		root,
		...root.querySelectorAll("ul, ol, div, section, article, main, center, form, table, tbody, tr, td"),
	])
		dropTeasers(one, kept);
	for (const one of [...root.querySelectorAll("ul, ol, div, section, table, p, li, h2, h3, h4, h5, h6, td, details")])
		if (!kept.has(one) && isLinked([...one.querySelectorAll("a[href]")], one, all)) drop(one);
	for (const one of [...root.querySelectorAll("p + a, div + a, figure + a, a:has(+ p), a:has(+ div)")])
		if (!kept.has(one) && isLinked([one], one, all)) drop(one);
}

/** Who said it stands at the foot of a quotation. */
function isAttribution(one: PageElement): boolean {
	return one.localName === "footer" && one.parentElement?.localName === "blockquote";
}

/** A moment in a row of its own, or glued between blocks; inside a sentence it is a part of it. */
function dropMoment(time: PageElement, root: PageElement, drop: (one: PageElement) => void): void {
	const row = time.parentElement;
	if (!row) return;
	// A row has few parts; what has many is a block that holds rows.
	const isRow = row !== root && row.children.length < 6;
	if (isRow && row.textContent.trim().length - time.textContent.trim().length <= 20) drop(row);
	else if (!isRow && !SENTENCES.test(row.localName)) drop(time);
	else if (row.querySelector("p, div, h1, h2") !== null) drop(time);
}

function isFurniture(one: PageElement, all: number): boolean {
	const words = wordsOfName(one);
	const whole = `${one.getAttribute("class") ?? ""} ${one.getAttribute("id") ?? ""}`.toLowerCase().split(/\s+/);
	if (whole.some((name) => SURE.has(name))) return true;
	const isBlock =
		words.some((word) => BLOCKS.has(word) || BLOCK_WORD.test(word)) ||
		PAIRS.test(words.join("-")) ||
		whole.some((name) => WHOLE.has(name));
	if (isBlock) return one.textContent.length < all * 0.4;
	// Drupal builds whole pages of «views».
	if (
		!words.some((word) => REMARKS.has(word) || REMARK_WORD.test(word)) ||
		words.includes("field") ||
		words.includes("row")
	)
		return false;
	const text = one.textContent.trim();
	return text.length <= LONGEST_REMARK && !SENTENCE_END.test(text) && !one.querySelector("p");
}

/** Of a figure the pictures remain, unless it holds a table or a quotation. */
function withoutWords(figure: PageElement): void {
	if (figure.querySelector("table, blockquote, pre")) return;
	figure.innerHTML = [...figure.querySelectorAll("img, amp-img")].map((image) => image.outerHTML).join("");
}

/** A picture with a few words under it that are no sentence. */
function isCaptioned(one: PageElement): boolean {
	const text = one.textContent.trim();
	return (
		text !== "" &&
		text.length <= LONGEST_REMARK &&
		!SENTENCE_END.test(text) &&
		one.querySelector("img:not(.emoji), amp-img") !== null
	);
}

/** Buttons in the shape of links: «print», «larger type», «copy the address». */
function isControl(one: PageElement): boolean {
	const text = one.textContent.trim();
	if (text.length > 40) return false;
	const href = one.getAttribute("href");
	if (one.localName === "a" && href === null)
		return one.getAttribute("name") === null && one.getAttribute("id") === null;
	return (
		(one.getAttribute("onclick") !== null && (href === null || /^(?:#|javascript:|$)/i.test(href))) ||
		/^javascript:|^#$/i.test(href ?? "")
	);
}

/** Three or more blocks of one shape, each with another article's headline as a link, list other articles. */
function dropTeasers(list: PageElement, kept: ReadonlySet<PageElement>): void {
	const shapes = new Map<string, PageElement[]>();
	for (const one of list.children) {
		if (one.localName === "p" || kept.has(one)) continue;
		const shape = `${one.localName}.${one.getAttribute("class") ?? ""}`;
		shapes.set(shape, [...(shapes.get(shape) ?? []), one]);
	}
	for (const same of shapes.values()) {
		if (same.length < 3) continue;
		const teasers = same.filter(isTeaser);
		if (teasers.length >= 3 && teasers.length > same.length * 0.6) for (const one of teasers) one.remove();
	}
}

function isTeaser(one: PageElement): boolean {
	const link = [...one.querySelectorAll("a[href]")].find((found) => found.textContent.trim().length >= 15);
	if (!link) return false;
	const [linked, whole] = [link.textContent.trim(), one.textContent.trim()];
	if (whole.indexOf(linked) > 30) return false;
	// A name in a table of results is short.
	return (
		(linked.length > whole.length * 0.5 && linked.length >= 25 && linked.split(/\s+/).length >= 4) ||
		one.querySelector("h2 a, h3 a, h4 a, h5 a, a h2, a h3, a h4, a h5") !== null ||
		one.querySelector("img") !== null
	);
}

/** A block that is nothing but links: a list of them, or one headline standing alone. */
function isLinked(links: readonly PageElement[], one: PageElement, all: number): boolean {
	if (links.length === 0) return false;
	const text = one.textContent.trim();
	const linked = links.reduce((sum, link) => sum + link.textContent.trim().length, 0);
	// A table of results has a short name in each row, a list of articles their headlines.
	if (one.localName === "table" && linked < links.length * 25 && /\d/.test(text)) return false;
	if (links.length >= 3) return linked > text.length * 0.8 && text.length < all * 0.4;
	return (
		links.length === 1 &&
		text.length >= 20 &&
		text.length <= 140 &&
		linked > text.length * 0.9 &&
		!SENTENCE_END.test(text)
	);
}

import { compareKey } from "../arabic/normalize.ts";
import { around, type Block, linesOf, MARK, namesOf, within } from "./blocks.ts";
import {
	headlineOf,
	headlineStrength,
	isBreakingMark,
	isFurniture,
	isService,
	type Rank,
	type Wording,
} from "./headlines.ts";

const HEADINGS = /^h[1-6]$/;
const TITLE_NAME =
	/(?:^|[-_])(?:title|titles|headline|headlines|heading|ttl|subject|عنوان)(?:[-_]|$)|(?:title|headline)$/;
const NOT_TITLE_NAME = /sub-?title|widget|block-title|section|site/;
/** What stands in a link beside its headline. */
const LABEL_NAME =
	/^(?:.*[-_])?(?:date|time|ago|timestamp|cat|cats|category|categories|label|labels|badge|views?|hits|counts?|counter|comments?|meta|more|readmore|read-more|author|writer|byline|icon|num|rank|duration|kicker|excerpt|summary|desc|description|teaser|intro|caption)(?:[-_].*)?$/;
const SERVICE_ATTRIBUTE = /^(?:permalink to|permanent link to|link to|رابط دائم (?:إلى|الى|ل)|اقرأ:?)\s*:?\s*/i;
/** More characters than this are no headline. */
const LONGEST = 220;

/** The words of a heading or title that stands in a block, for a link in it that says only «اقرأ المزيد» or shows a picture. */
export function headingIn(block: Block): string | undefined {
	for (const one of within(block)) {
		if (!isTitle(one)) continue;
		const text = linesOf(one).join(" ");
		if (!isFurniture(text) && text.length <= LONGEST) return text;
	}
	return undefined;
}

/** The words a link gives for its address: its headline, else its own words, else those of its title or picture. `sections` are the site's own names for its lists. */
export function wordingOf(link: Block, sections: ReadonlySet<string>): Wording | undefined {
	const worded = (text: string | undefined, rank: Rank): Wording | undefined => {
		const title = text && !isFurniture(text) && !isService(text) ? headlineOf(text, sections) : "";
		return /\p{L}/u.test(title) ? { text: title, rank, words: headlineStrength(title) } : undefined;
	};
	const inner = [...within(link)].slice(1);
	const leaves = (one: Block) => one.name === "a" || isLabel(one, sections);
	const heading = inner.find((one) => one.attributes[MARK.title] !== undefined) ?? inner.find((one) => isHeading(one));
	const titled = heading ?? inner.find((one) => isTitle(one));
	const lines = linesOf(titled ?? link, leaves);
	const plain = lines.length > 0 ? lines : linesOf(titled ?? link);
	const told = plain.filter((line) => !isFurniture(line) && !sections.has(compareKey(line)));
	const own = titled ? told.join(" ") : (told.find((line) => headlineStrength(line) > 0) ?? told[0]);
	// The name of a section is at least what its own link says.
	const said = own || plain.join(" ");
	// Cut, so that the page's own title wins over a paragraph that somebody made a link.
	const text = said.length > LONGEST ? `${said.slice(0, LONGEST).replace(/\s+\S*$/, "")}…` : said;
	const sure = heading || isInHeading(link) ? 5 : titled || isNearTitle(link) ? 4 : 3;
	// A word or two beside a picture («فيديو») says less than the picture's own words; so does a whole paragraph.
	const isWeak = text !== said || (!own && sure < 5) || (sure === 3 && headlineStrength(text) === 0);
	const attribute = link.attributes["title"]?.replace(SERVICE_ATTRIBUTE, "");
	const picture = inner.find((one) => one.name === "img")?.attributes["alt"]?.trim();
	const isFile = picture !== undefined && (/^\S*$|\.\w{3,4}$/.test(picture) || headlineStrength(picture) === 0);
	const found = [worded(text, isWeak ? 1 : sure), worded(attribute, 2), isFile ? undefined : worded(picture, 2)];
	const [first, second] = found.filter((one) => one !== undefined).sort((a, b) => b.rank - a.rank);
	// A list that cuts its headlines often has them whole in the link's title.
	const isWhole = first && second && /(?:…|\.{2,})$/.test(first.text) && second.text.length > first.text.length;
	return isWhole ? { ...second, rank: first.rank } : first;
}

function isHeading(block: Block): boolean {
	return HEADINGS.test(block.name);
}

function isTitle(block: Block): boolean {
	return (
		block.attributes[MARK.title] !== undefined ||
		isHeading(block) ||
		namesOf(block).some((name) => TITLE_NAME.test(name) && !NOT_TITLE_NAME.test(name))
	);
}

function isInHeading(link: Block): boolean {
	for (const above of around(link)) {
		if (above.attributes[MARK.title] !== undefined || isHeading(above)) return true;
		if (above.depth < link.depth - 3) break;
	}
	return link.attributes[MARK.title] !== undefined;
}

function isNearTitle(link: Block): boolean {
	if (isTitle(link)) return true;
	return link.parent !== undefined && isTitle(link.parent);
}

function isLabel(block: Block, sections: ReadonlySet<string>): boolean {
	if (block.name === "time" || block.name === "figcaption") return true;
	if (isTitle(block) || isBreakingMark(linesOf(block).join(" "))) return false;
	if (namesOf(block).some((name) => LABEL_NAME.test(name))) return true;
	const text = linesOf(block).join(" ");
	return text.length < 40 && text !== "" && (isFurniture(text) || sections.has(compareKey(text)));
}

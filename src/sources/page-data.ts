import { compareKey } from "../arabic/normalize.ts";
import { metaFirst, type PageElement } from "./page-element.ts";

/** What a page's JSON-LD says of its article (schema.org's NewsArticle and its like); empty where it says nothing. */
export interface ArticleData {
	readonly isArticle: boolean;
	readonly headline: string;
	readonly body: string;
	readonly dates: readonly string[];
	readonly authors: readonly string[];
	readonly keywords: readonly string[];
	readonly sections: readonly string[];
	readonly images: readonly string[];
	/** The names of the site and of its publisher. */
	readonly sites: readonly string[];
}

type Thing = Readonly<Record<string, unknown>>;

const ARTICLE_TYPE = /^(?:\w*NewsArticle|Article|BlogPosting|Report|LiveBlogPosting)$/i;
/** What else may carry the date of a page whose news is a film or pictures. */
const MEDIA_TYPE = /^(?:VideoObject|ImageGallery|MediaGallery|WebPage)$/i;
const SITE_TYPE = /^(?:WebSite|\w*Organization)$/i;
const DEEPEST = 4;

/** Reads a page's JSON-LD; of several articles the one that the page itself is. */
export function dataOf(document: PageElement, url: string): ArticleData {
	const things = [...document.querySelectorAll('script[type="application/ld+json"]')].flatMap((script) =>
		thingsIn(parsed(script.textContent), 0),
	);
	const articles = things.filter((thing) => isType(thing, ARTICLE_TYPE));
	const article = ownOf(articles, document, url) ?? {};
	const ids = new Map(things.filter((thing) => thing["@id"]).map((thing) => [thing["@id"], thing] as const));
	const whole = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(whole);
		const isReference = isThing(value) && Object.keys(value).every((key) => key === "@id" || key === "@type");
		return (isReference && ids.get(value["@id"])) || value;
	};
	const media = things.filter((thing) => isType(thing, MEDIA_TYPE));
	const dated = [article, ...media].flatMap((thing) => [
		string(thing["datePublished"]),
		string(thing["uploadDate"]),
		string(thing["dateCreated"]),
	]);
	return {
		isArticle: article["@type"] !== undefined,
		headline: string(article["headline"]) || string(article["name"]),
		body: string(article["articleBody"]),
		dates: dated.filter(Boolean),
		authors: names(whole(article["author"])),
		keywords: names(article["keywords"]),
		sections: names(article["articleSection"]),
		images: [...addresses(whole(article["image"])), ...addresses(article["thumbnailUrl"])],
		sites: [
			...names(whole(article["publisher"])),
			...things.filter((thing) => isType(thing, SITE_TYPE)).flatMap((thing) => names(thing["name"])),
		],
	};
}

/** JSON as it stands in pages: with comment marks around it, raw line breaks in its strings, a comma too many. Undefined when that does not mend it: data are only a hint. */
function parsed(text: string): unknown {
	const bare = text.replace(
		/^\s*(?:<!--|\/\/<!\[CDATA\[|\/\*<!\[CDATA\[\*\/)|(?:-->|\/\/\]\]>|\/\*\]\]>\*\/)\s*$/g,
		"",
	);
	for (const attempt of [
		bare,
		bare
			.replace(/\p{Cc}+/gu, " ")
			.replace(/,\s*(?=[}\]])/g, "")
			.replace(/;\s*$/, ""),
	]) {
		try {
			return JSON.parse(attempt);
		} catch {
			// The next attempt, or the page itself.
		}
	}
	return rescued(bare);
}

/** What can be told of an article whose JSON is broken beyond mending: its kind, its headline and its date. */
function rescued(text: string): Thing | undefined {
	const value = (name: string) => new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]+)"\\s*[,}]`).exec(text)?.[1];
	const type = value("@type");
	if (type === undefined || !ARTICLE_TYPE.test(type)) return undefined;
	return { "@type": type, headline: value("headline"), datePublished: value("datePublished") };
}

function thingsIn(value: unknown, depth: number): Thing[] {
	if (depth > DEEPEST) return [];
	if (Array.isArray(value)) return value.flatMap((one) => thingsIn(one, depth + 1));
	if (!isThing(value)) return [];
	return [value, ...thingsIn(value["@graph"], depth + 1), ...thingsIn(value["mainEntity"], depth + 1)];
}

function ownOf(articles: readonly Thing[], document: PageElement, url: string): Thing | undefined {
	if (articles.length < 2) return articles[0];
	const title = compareKey(`${document.querySelector("title")?.textContent ?? ""} ${metaFirst(document, "og:title")}`);
	const isNamed = (thing: Thing) => {
		const headline = compareKey(string(thing["headline"]));
		return headline.length > 10 && title.includes(headline);
	};
	const isHere = (thing: Thing) =>
		[thing, thing["mainEntityOfPage"]]
			.flatMap((one) => (isThing(one) ? [one["url"], one["@id"]] : [one]))
			.some((one) => string(one).split("#")[0] === url);
	return articles.find(isHere) ?? articles.find(isNamed) ?? articles[0];
}

function isThing(value: unknown): value is Thing {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isType(thing: Thing, type: RegExp): boolean {
	return names(thing["@type"]).some((name) => type.test(name));
}

function names(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(names);
	if (typeof value === "object" && value !== null && "name" in value) return names(value.name);
	return typeof value === "string" && value.trim() ? [value.trim()] : [];
}

function addresses(value: unknown): string[] {
	if (Array.isArray(value)) return value.flatMap(addresses);
	if (isThing(value)) return addresses(value["url"] ?? value["contentUrl"]);
	return typeof value === "string" ? [value] : [];
}

function string(value: unknown): string {
	return typeof value === "string" ? value.trim() : "";
}

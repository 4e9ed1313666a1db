import { canonicalUrl } from "../article/identity.ts";

/** What an address alone tells: the pattern it shares with its like, and how surely such an address is an article's. */
export interface Shape {
	/** The address with numbers and slugs taken out: `news.example/news/#/S`. */
	readonly pattern: string;
	/** 0 nothing speaks for an article · 1 it may be one · 2 date, number or slug as publishing systems give articles. */
	readonly strength: 0 | 1 | 2;
}

/** Parts of a path, and names of scripts, behind which there are lists, people and machinery, never an article. */
const NOT_ARTICLES = new Set(
	"tag tags category categories cat cats author authors writer writers people person columnist columnists profiles team teams player players league leagues service services form forms match matches standings fixtures page pages search label labels login signin logout register signup account profile user users member members cart rss feed feeds atom sitemap wp-admin wp-login wp-content wp-json cdn-cgi section sections department departments topic topics about about-us contact contact-us contactus privacy privacy-policy terms advertise poll polls vote print printable email mailto share ads ad banner banners adclick click redirect goto out download downloads subscribe newsletter forum forums gallery-category وسم وسوم تصنيف تصنيفات قسم أقسام اقسام كاتب كتاب الكاتب صفحة بحث من-نحن اتصل-بنا سياسة-الخصوصية".split(
		" ",
	),
);
/** Last parts of the addresses of lists. */
const LISTS = new Set(
	"archive archives all list index home default main latest أرشيف ارشيف الأرشيف الارشيف".split(" "),
);
/** Names of a list's number in a query: with nothing else there, it is a list. */
const LIST_PARAMETERS = new Set(
	"cat category catid cat_id category_id tag author page paged pg start offset m s q search keyword lang section sec section_id sectionid page_id year month".split(
		" ",
	),
);
/** Parameters that name a kind of page rather than one page. */
const KINDS = new Set("view option action act do task mod module op go file r route type".split(" "));
const LIST_KINDS =
	/^(?:categor(?:y|ies)|cat|section|tags?|archive|search|author|list|login|contact|featured|frontpage)$/;
const FILES =
	/\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|apk|exe|jpe?g|png|gif|webp|svg|bmp|ico|mp[34]|m4a|m3u8|avi|mov|wav|css|js|xml|json|txt|rss)$/i;
const EXTENSION = /\.(?:html?|php\d?|aspx?|jsp|cfm|shtml|xhtml)$/i;

/** The shape of an address; undefined for one that cannot be an article's: a file, a list, a form. */
export function shapeOf(address: URL): Shape | undefined {
	const segments = address.pathname.split("/").filter(Boolean).map(readable);
	const last = segments.at(-1) ?? "";
	if (FILES.test(last)) return undefined;
	const query = [...address.searchParams].filter(([name]) => !/^(?:utm_\w+|fbclid|gclid|ref)$/i.test(name));
	const named = query.map(([name, value]) => partOfQuery(name.toLowerCase(), value));
	const isList = named.some((part) => part.isList) && named.every((part) => part.strength === 0);
	if (isList || named.some((part) => part.never)) return undefined;
	const parts = segments.map((segment, at) => partOfPath(segment, at === segments.length - 1));
	const words = parts.map((part) => part.word);
	if (words.some((word) => NOT_ARTICLES.has(word)) && !isDeepSlug(parts)) return undefined;
	if (named.length === 0 && LISTS.has(words.at(-1) ?? "")) return undefined;
	const isDated = parts.some((part, at) => part.kind === "Y" && /^\d{1,2}$/.test(segments[at + 1] ?? ""));
	// Years, months and days alone are an archive.
	if (isDated && parts.every((part) => part.kind === "Y" || part.digits > 0)) return undefined;
	// `/league/5/tables`: a page about the numbered thing, not the thing.
	const isPart = parts.at(-1)?.kind === "w" && /^[a-z-]+$/i.test(last);
	const ofPath = parts.map((part, at) => (part.strength === 1 && at < parts.length - 1 && isPart ? 0 : part.strength));
	const own = Math.max(0, ...ofPath, ...named.map((part) => part.strength));
	const strength = isDated && (parts.at(-1)?.kind !== "w" || EXTENSION.test(last)) ? 2 : own;
	const pattern = [
		address.hostname,
		...parts.map((part) => (part.kind === "w" ? part.word : part.kind)),
		...named.map((part) => part.pattern).sort(),
	].join("/");
	return { pattern, strength: strength === 2 ? 2 : strength === 1 ? 1 : 0 };
}

/** The host without www. and m., by which two addresses belong to one site. */
export function siteOf(address: URL): string {
	return new URL(canonicalUrl(`https://${address.host}/`)).host;
}

interface Part {
	/** w a plain word · # a number · S a slug · Y a year · D a date. */
	readonly kind: string;
	readonly word: string;
	readonly strength: number;
	/** How many digits the segment is, when it is a number. */
	readonly digits: number;
	readonly slugWords: number;
}

function partOfPath(segment: string, isLast: boolean): Part {
	const extension = isLast ? (EXTENSION.exec(segment)?.[0] ?? "") : "";
	const bare = segment.slice(0, segment.length - extension.length);
	const part = (kind: string, strength: number, digits = 0, slugWords = 0): Part => ({
		kind: kind === "w" ? kind : kind + extension,
		word: bare.toLowerCase(),
		strength,
		digits,
		slugWords,
	});
	if (/^(?:19|20)\d\d$/.test(bare) && !isLast) return part("Y", 0, 4);
	if (/^(?:19|20)\d\d([-_.])\d{1,2}\1\d{1,2}$/.test(bare)) return part("D", isLast ? 0 : 2, 8);
	if (/^\d+$/.test(bare)) return part("#", bare.length > 2 ? 2 : 1, bare.length);
	if (/^[0-9a-f]{16,}$|^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(bare)) return part("#", 2);
	// Short random names: `/a/ee41c7`.
	if (/^(?=.*\d.*\d)(?=.*[a-z])[a-z\d]{6,}$/i.test(bare) && !/^[a-z]+\d+$/i.test(bare)) return part("#", 1);
	const words = bare.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
	const number = words.find((word) => /^\d{3,}$/.test(word) && !/^(?:19|20)\d\d$/.test(word));
	const glued = /^[a-z]{1,12}(\d{2,})$/i.exec(bare);
	if (words.length > 3) return part("S", 2, 0, words.length);
	if (number !== undefined || (glued?.[1]?.length ?? 0) > 2) return part("S#", 2, 0, words.length);
	if (words.length === 3) return part("S", 1, 0, 3);
	if (glued || words.some((word) => /^\d+$/.test(word))) return part("S#", 1);
	return part("w", 0);
}

/** `/category/politics/12345-a-long-slug`: some systems put the article below the name of its list. */
function isDeepSlug(parts: readonly Part[]): boolean {
	const at = parts.findIndex((part) => NOT_ARTICLES.has(part.word));
	const last = parts.at(-1);
	return last !== undefined && parts.length - at > 2 && last.strength === 2 && last.slugWords > 3;
}

function partOfQuery(name: string, value: string) {
	const none = { pattern: name, strength: 0, isList: false, never: false };
	// `?q=node/123`: the path of a server that rewrites no addresses.
	if (/^\/?[\p{L}-]+\/./u.test(value)) {
		const parts = value
			.split("/")
			.filter(Boolean)
			.map((segment) => partOfPath(segment, false));
		const never = parts.some(({ word }) => NOT_ARTICLES.has(word));
		const pattern = parts.map(({ kind, word }) => (kind === "w" ? word : kind)).join(":");
		return {
			...none,
			pattern: `${name}=${pattern}`,
			strength: Math.max(...parts.map(({ strength }) => strength)),
			never,
		};
	}
	if (KINDS.has(name)) {
		const word = value.toLowerCase();
		return { ...none, pattern: `${name}=${word}`, never: LIST_KINDS.test(word) || NOT_ARTICLES.has(word) };
	}
	if (LIST_PARAMETERS.has(name)) return { ...none, isList: true };
	if (/^itemid$/.test(name)) return none;
	const number = /^(\d+)(?:[:/-].*)?$/.exec(value)?.[1];
	if (number !== undefined) return { ...none, pattern: `${name}=#`, strength: number.length > 2 ? 2 : 1 };
	const words = value.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean);
	return { ...none, pattern: `${name}=S`, strength: words.length > 3 ? 2 : words.length === 3 ? 1 : 0 };
}

function readable(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

import { parse } from "yaml";

/** How one site's pages are built, as CSS selectors; everything is optional and what is missing is found by itself. */
export interface SiteRule {
	readonly title?: string;
	readonly body?: string;
	readonly strip?: readonly string[];
	readonly author?: string;
	readonly date?: string;
	readonly list?: ListRule;
}

/** How a site's listing pages are built; everything is optional. */
export interface ListRule {
	/** Links to articles, or blocks holding them. */
	readonly items?: string;
	/** An article's title, in its item of the list. */
	readonly title?: string;
	/** When it was published, in its item of the list. */
	readonly time?: string;
	/** Further pages of the site that list articles: addresses, or paths. */
	readonly pages?: readonly string[];
}

/** What a source may say about its own site in newsroom.yaml. */
export interface Selectors {
	/** Links to articles on the listing page, or blocks holding them. */
	readonly list?: string | undefined;
	/** The headline of an article's own page. */
	readonly title?: string | undefined;
	/** The box that holds the paragraphs of an article's own page. */
	readonly body?: string | undefined;
}

/** Host (lower case, without www.) → how its pages are built. */
export type SiteRules = Readonly<Record<string, SiteRule>>;

const FIELDS = ["title", "body", "author", "date"] as const;
const LIST_FIELDS = ["items", "title", "time"] as const;

/** Reads the text of sites.yaml. Throws Error with the host and the field at fault. */
export function parseSites(text: string): SiteRules {
	const read: unknown = parse(text) ?? {};
	if (!isObject(read)) throw new Error("sites.yaml: expected hosts with their selectors, one under the other.");
	const rules: Record<string, SiteRule> = {};
	for (const [host, row] of Object.entries(read)) {
		if (!isObject(row))
			throw new Error(`sites.yaml: ${host} should have selectors under it (title, body, strip, author, date, list).`);
		rules[host.toLowerCase().replace(/^www\./, "")] = ruleOf(host, row);
	}
	return rules;
}

/** The rule for an address: that of its host, or of the domain above it. */
export function ruleFor(url: string, sites: SiteRules): SiteRule | undefined {
	if (!URL.canParse(url)) return undefined;
	for (
		let host = new URL(url).hostname.replace(/^www\./, "");
		host.includes(".");
		host = host.slice(host.indexOf(".") + 1)
	) {
		const rule = sites[host];
		if (rule) return rule;
	}
	return undefined;
}

/** How the listing pages of an address are built; undefined when nothing is said about them. */
export function listRuleOf(url: string, sites: SiteRules): ListRule | undefined {
	return ruleFor(url, sites)?.list;
}

/** The rules with a source's own selectors in front of those for its host. */
export function withSelectors(sites: SiteRules, url: string, selectors: Selectors | undefined): SiteRules {
	const { list, title, body } = selectors ?? {};
	if (!list && !title && !body) return sites;
	const rule = ruleFor(url, sites);
	return {
		...sites,
		[new URL(url).hostname.replace(/^www\./, "")]: {
			...rule,
			...(title ? { title } : {}),
			...(body ? { body } : {}),
			...(list ? { list: { ...rule?.list, items: list } } : {}),
		},
	};
}

function ruleOf(host: string, row: Record<string, unknown>): SiteRule {
	const rule: Record<string, string | string[] | ListRule> = {};
	for (const [field, value] of Object.entries(row)) {
		if (field === "strip") {
			const parts = Array.isArray(value) ? value : [value];
			if (!parts.every((part) => typeof part === "string"))
				throw new Error(`sites.yaml: ${host}: strip should be a list of selectors.`);
			rule["strip"] = parts;
		} else if (field === "list") rule["list"] = listOf(host, value);
		else if (FIELDS.some((known) => known === field) && typeof value === "string") rule[field] = value;
		else
			throw new Error(
				`sites.yaml: ${host}: “${field}” should be one of title, body, strip, author, date, list, with a selector behind it.`,
			);
	}
	return rule;
}

function listOf(host: string, value: unknown): ListRule {
	if (typeof value === "string") return { items: value };
	const wrong = () =>
		new Error(
			`sites.yaml: ${host}: list should be a selector, or have under it items, title and time (selectors) and pages (addresses).`,
		);
	if (!isObject(value)) throw wrong();
	const list: Record<string, string | string[]> = {};
	for (const [field, part] of Object.entries(value)) {
		if (LIST_FIELDS.some((known) => known === field) && typeof part === "string") list[field] = part;
		else if (field === "pages" && Array.isArray(part) && part.every((page) => typeof page === "string" && page !== ""))
			list["pages"] = part;
		else throw wrong();
	}
	return list;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

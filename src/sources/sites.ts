import { parse } from "yaml";

/** How one site's pages are built, as CSS selectors; everything is optional and what is missing is found by itself. */
export interface SiteRule {
	readonly title?: string;
	readonly body?: string;
	readonly strip?: readonly string[];
	readonly author?: string;
	readonly date?: string;
	/** Links to articles on a listing page. */
	readonly list?: string;
}

/** Host (lower case, without www.) → how its pages are built. */
export type SiteRules = Readonly<Record<string, SiteRule>>;

const FIELDS = ["title", "body", "author", "date", "list"] as const;

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

function ruleOf(host: string, row: Record<string, unknown>): SiteRule {
	const rule: Record<string, string | string[]> = {};
	for (const [field, value] of Object.entries(row)) {
		if (field === "strip") {
			const parts = Array.isArray(value) ? value : [value];
			if (!parts.every((part) => typeof part === "string"))
				throw new Error(`sites.yaml: ${host}: strip should be a list of selectors.`);
			rule["strip"] = parts;
		} else if (FIELDS.some((known) => known === field) && typeof value === "string") rule[field] = value;
		else
			throw new Error(
				`sites.yaml: ${host}: “${field}” should be one of title, body, strip, author, date, list, with a selector behind it.`,
			);
	}
	return rule;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

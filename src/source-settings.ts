import type { FilterSetting } from "./article/filter.ts";
import type { Newsroom } from "./newsroom.ts";
import { withoutSecretParameters } from "./redact.ts";
import type { Selectors } from "./sources/sites.ts";
import type { Variables } from "./variables.ts";

export interface SourceSetting {
	readonly name: string;
	readonly url: string;
	readonly own: boolean;
	/** Which of its articles are posted; all of them without it. */
	readonly filter?: FilterSetting;
	/** Further pages of a site without a feed that list articles. */
	readonly pages?: readonly string[];
	/** CSS selectors for its pages. */
	readonly selectors?: Selectors;
}

/** Notes what is wrong with a setting. */
export type Problem = (name: string, words: string) => undefined;

/** The sources of the environment and of the newsroom's file, each once. */
export function sourceSettings(
	newsroom: Newsroom,
	parts: { readonly get: Variables["get"]; readonly problem: Problem; readonly file: string | undefined },
): readonly SourceSetting[] {
	const { get, problem, file } = parts;
	const sources: SourceSetting[] = [];
	const addSource = (where: string, { url: address, ...more }: Newsroom["sources"][number]) => {
		const url = webAddress(address);
		if (!url) return problem(where, `«${withoutSecretParameters(address)}» is no web address (https://…)`);
		if (sources.some((other) => other.url === url.href)) return undefined;
		const wanted = more.name ?? nameOf(url);
		let name = wanted;
		for (let turn = 2; sources.some((other) => other.name === name); turn++) name = `${wanted} (${turn})`;
		const { own, pages, filter, selectors } = more;
		sources.push({
			name,
			url: url.href,
			own,
			...(pages ? { pages } : {}),
			...(filter ? { filter } : {}),
			...(selectors ? { selectors } : {}),
		});
		return undefined;
	};
	for (const address of (get("SOURCES") ?? "").split(/[\s,،]+/).filter(Boolean))
		addSource("SOURCES", { url: address, own: true });
	for (const source of newsroom.sources) addSource(file ?? "newsroom.yaml", source);
	return sources;
}

/** An address of the web; undefined for anything else. */
export function webAddress(text: string): URL | undefined {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	return url?.protocol === "https:" || url?.protocol === "http:" ? url : undefined;
}

/** The name of a source that was given none: its host and path, as people read them. */
export function nameOf(url: URL): string {
	const path = url.pathname.replace(/\/+$/, "");
	let readable = path;
	try {
		readable = decodeURI(path);
	} catch {
		// Bytes of another encoding stay as they are.
	}
	return `${url.host.replace(/^www\./, "")}${readable}${withoutSecretParameters(url.search)}`;
}

import type { Article } from "./article/article.ts";
import { compileFilter, type FilterSetting, type Verdict } from "./article/filter.ts";

/** The filters of a newsroom, its sources and its channels; missing ones let everything through. */
export interface FilterSettings {
	readonly newsroom: { readonly filter?: FilterSetting | undefined };
	readonly sources: readonly { readonly name: string; readonly filter?: FilterSetting }[];
	readonly channels: readonly { readonly name: string; readonly filter?: FilterSetting }[];
}

/** Compiles all filters; what it gives says why an article does not go to a channel, and undefined when it does. Throws FilterError. */
export function filters(settings: FilterSettings): (article: Article, channel: string) => string | undefined {
	const compiled = (some: readonly { readonly name: string; readonly filter?: FilterSetting }[]) =>
		new Map(some.flatMap(({ name, filter }) => (filter ? [[name, compileFilter(filter)] as const] : [])));
	const everywhere = settings.newsroom.filter && compileFilter(settings.newsroom.filter);
	const sources = compiled(settings.sources);
	const channels = compiled(settings.channels);
	return (article, channel) => {
		for (const filter of [everywhere, sources.get(article.source), channels.get(channel)]) {
			const verdict: Verdict | undefined = filter?.(article);
			if (verdict?.pass === false) return verdict.reason;
		}
		return undefined;
	};
}

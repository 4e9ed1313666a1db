import { shorten } from "../arabic/lead.ts";
import { type DigestView, type NewsView, others, type RetractionView, type View } from "./view.ts";

/** A post that could be laid out in no way that the channel would take. */
export class FitError extends Error {
	override readonly name = "FitError";
}

/** A lead cut inside a sentence to fewer words says nothing beside the headline. */
const FEWEST_WORDS = 4;

const NO_ROOM = "the template leaves no room for the headline, however short";

/** More headlines than this are no digest, and Telegram leaves unformatted what stands behind a message's hundredth link or bold word. */
const MOST_ITEMS = 50;

/** Renders a view until it fits, each kind in its own way. Throws FitError. */
export function fitted<T>(view: View, render: (view: View) => T, fits: (rendered: T) => boolean): T {
	if ("items" in view) return fittedDigest(view, render, fits);
	return "lead" in view ? fittedNews(view, render, fits) : fittedRetraction(view, render, fits);
}

/**
 * Renders an article until it fits: what gives way, in this order, is the long text, the second sentence, the second hashtag and those behind it, the credit,
 * the lead (to a sentence, a clause, a word), the last hashtag, and the headline (at a word). The address never does. Throws FitError.
 */
export function fittedNews<T>(view: NewsView, render: (view: NewsView) => T, fits: (rendered: T) => boolean): T {
	let current = view;
	const attempt = (change: Partial<NewsView>) => trial({ ...current, ...change }, render, fits);
	const shortened = (name: "text" | "lead" | "title"): T | undefined =>
		cut(current, name, render, fits, name === "lead" ? FEWEST_WORDS : 1);
	const [first = ""] = view.hashtags.split(" ");
	const without = (gone: Partial<NewsView>): T | undefined => {
		current = { ...current, ...gone };
		return attempt({});
	};
	return firstOf([
		() => attempt({}),
		() => shortened("text"),
		() => without({ text: "" }),
		() => without({ more: "" }),
		() => without({ hashtags: first }),
		() => without({ credit: "" }),
		() => shortened("lead"),
		() => without({ hashtags: "" }),
		() => shortened("lead"),
		() => without({ lead: "" }),
		() => shortened("title"),
	]);
}

/** Renders a retraction until it fits: only the headline gives way, at a word. Throws FitError. */
export function fittedRetraction<T>(
	view: RetractionView,
	render: (view: RetractionView) => T,
	fits: (rendered: T) => boolean,
): T {
	return firstOf([() => trial(view, render, fits), () => cut(view, "title", render, fits)]);
}

/**
 * Renders a digest until it fits: the last items give way, and `rest` says how many they are. Headlines stay whole; only one that has
 * no room by itself loses its lead and is then cut at a word. Throws FitError.
 */
export function fittedDigest<T>(view: DigestView, render: (view: DigestView) => T, fits: (rendered: T) => boolean): T {
	const { items } = view;
	const keeping = (count: number): DigestView => {
		const left = items.length - count;
		return { ...view, items: items.slice(0, count), rest: left > 0 ? others(left) : "" };
	};
	// From the first one on: how many fit is small, how many there are is not.
	const most = (): T | undefined => {
		let found: T | undefined;
		for (let count = 1, misses = 0; count < Math.min(items.length, MOST_ITEMS + 1) && misses < 2; count++) {
			const rendered = trial(keeping(count), render, fits);
			// «وخبران آخران» is longer than «و3 أخبار أخرى» may be: one miss is not the end.
			if (rendered === undefined) misses++;
			else {
				found = rendered;
				misses = 0;
			}
		}
		return found;
	};
	const [only] = items;
	const alone = (item: Partial<DigestView["items"][number]>, change: Partial<DigestView> = {}): T | undefined =>
		only && trial({ ...keeping(1), ...change, items: [{ ...only, ...item }] }, render, fits);
	const headline = (change: Partial<DigestView>): T | undefined => {
		if (!only) return undefined;
		const title = shorten(only.title, (candidate) => alone({ lead: "", title: candidate }, change) !== undefined);
		return title === "" ? undefined : alone({ lead: "", title }, change);
	};
	return firstOf([
		() => (items.length > MOST_ITEMS ? undefined : trial(view, render, fits)),
		most,
		() => alone({ lead: "" }),
		() => headline({}),
		() => headline({ rest: "" }),
	]);
}

function trial<V, T>(view: V, render: (view: V) => T, fits: (rendered: T) => boolean): T | undefined {
	const rendered = render(view);
	return fits(rendered) ? rendered : undefined;
}

function cut<V extends Partial<Record<K, string>>, K extends string, T>(
	view: V,
	name: K,
	render: (view: V) => T,
	fits: (rendered: T) => boolean,
	fewest = 1,
): T | undefined {
	const attempt = (text: string) => trial({ ...view, [name]: text }, render, fits);
	const text = shorten(view[name] ?? "", (candidate) => attempt(candidate) !== undefined);
	return text === "" || (text.endsWith("…") && text.split(" ").length < fewest) ? undefined : attempt(text);
}

function firstOf<T>(steps: readonly (() => T | undefined)[]): T {
	for (const step of steps) {
		const rendered = step();
		if (rendered !== undefined) return rendered;
	}
	throw new FitError(NO_ROOM);
}

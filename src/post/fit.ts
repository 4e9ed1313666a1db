import { shorten } from "../arabic/lead.ts";
import type { View } from "./view.ts";

/** A post that could be laid out in no way that the channel would take. */
export class FitError extends Error {
	override readonly name = "FitError";
}

/**
 * Renders a view until it fits: what gives way, in this order, is the long text, the second sentence, the second hashtag and those behind it, the credit,
 * the lead (to a sentence, a clause, a word), the last hashtag, and the headline (at a word). The address never does. Throws FitError.
 */
export function fitted<T>(view: View, render: (view: View) => T, fits: (rendered: T) => boolean): T {
	let current = view;
	const attempt = (change: Partial<View>): T | undefined => {
		const rendered = render({ ...current, ...change });
		return fits(rendered) ? rendered : undefined;
	};
	const shortened = (name: "text" | "lead" | "title"): T | undefined => {
		const text = shorten(current[name], (candidate) => attempt({ [name]: candidate }) !== undefined);
		return text === "" ? undefined : attempt({ [name]: text });
	};
	const [first = ""] = view.hashtags.split(" ");
	const without = (gone: Partial<View>): T | undefined => {
		current = { ...current, ...gone };
		return attempt({});
	};
	const steps: readonly (() => T | undefined)[] = [
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
	];
	for (const step of steps) {
		const rendered = step();
		if (rendered !== undefined) return rendered;
	}
	throw new FitError("the template leaves no room for the headline, however short");
}

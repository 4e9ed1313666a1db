import { FitError, fitted } from "./fit.ts";
import { articlesOf, type Occasion, type OccasionKind } from "./occasion.ts";
import type { Post } from "./post.ts";
import { type Template, TemplateError } from "./template.ts";
import { type Manner, type View, viewOf } from "./view.ts";

/** Templates of one channel for each kind of occasion: the newsroom's own, when it has one, in front of the built-in one. */
export type Templates = Readonly<Record<OccasionKind, readonly [Template, ...Template[]]>>;

/** What a channel's kind knows of laying out and counting. */
export interface Layout {
	readonly limit: number;
	/** Protects a printed variable. */
	escape(text: string): string;
	/** What the rendered template becomes; throws an Error saying what the platform would refuse. */
	finish(rendered: string): { readonly html?: string; readonly text: string };
	/** Length in the platform's own way of counting; Infinity for what it would refuse. */
	measure(text: string): number;
	/** Addresses that the platform would find in a text and bill; missing where it bills none. */
	addresses?(text: string): number;
	/** The text with no address left in it that the platform would find. */
	defuse?(text: string): string;
}

/**
 * Makes posts for one channel. A template of the newsroom's own that fails is passed over with a complaint, so that no article is lost to it;
 * throws TemplateError only when the built-in one fails too, and FitError for a digest without articles.
 */
export function composer(
	name: string,
	templates: Templates,
	manner: Manner,
	layout: Layout,
): (occasion: Occasion) => Post {
	const rendering = (template: Template, links: boolean) => (view: View) => {
		const rendered = template.render(view);
		try {
			const { html, text: laid } = layout.finish(rendered);
			const text = links || !layout.defuse ? laid : layout.defuse(laid);
			return { view, post: { ...(html === undefined ? {} : { html }), text, length: layout.measure(text) } };
		} catch (error) {
			throw new TemplateError(`${template.name}: ${error instanceof Error ? error.message : String(error)}`);
		}
	};
	return (occasion) => {
		const articles = articlesOf(occasion);
		if (articles.length === 0) throw new FitError("a digest without articles is no post");
		const wanted = viewOf(occasion, manner);
		let complaint: string | undefined;
		for (const template of templates[occasion.kind]) {
			try {
				const { view, post } = fitted(
					wanted,
					rendering(template, occasion.links),
					({ post: { text, length } }) => text.trim() !== "" && length <= layout.limit,
				);
				const shown = "items" in view ? articles.slice(0, view.items.length) : articles;
				return {
					channel: name,
					kind: occasion.kind,
					articles: shown.map(({ id }) => id),
					...("link" in view && view.link ? { link: view.link } : {}),
					silent: occasion.silent,
					...post,
					...(layout.addresses ? { addresses: layout.addresses(post.text) } : {}),
					limit: layout.limit,
					...(complaint === undefined ? {} : { complaint }),
				};
			} catch (error) {
				if (!(error instanceof TemplateError || error instanceof FitError)) throw error;
				complaint ??= error instanceof FitError ? `${template.name}: ${error.message}` : error.message;
			}
		}
		throw new TemplateError(complaint ?? `there is no template for ${occasion.kind}`);
	};
}

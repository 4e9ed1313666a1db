import type { Article } from "./article.ts";

/** A part of an article that its newsroom can change. */
export type Part = "title" | "lead" | "text" | "image";

/** What readers would notice between two states of one article: not its white space, not its date, not another size of the same picture. */
export function changesOf(before: Article, after: Article): Part[] {
	const parts: readonly (readonly [Part, (article: Article) => string])[] = [
		["title", ({ title }) => plain(title)],
		["lead", ({ lead }) => plain(lead)],
		["text", ({ paragraphs }) => plain(paragraphs.join(" "))],
		["image", ({ images }) => pictureOf(images[0]?.url ?? "")],
	];
	return parts.filter(([, read]) => read(before) !== read(after)).map(([part]) => part);
}

const plain = (text: string): string => text.replace(/[\s\u200C]+/gu, " ").trim();

/** The picture itself: WordPress writes its size behind the name (`-300x200`), others into the query. */
const pictureOf = (url: string): string => url.replace(/[?#].*$/, "").replace(/-\d{2,4}x\d{2,4}(?=\.\w+$)/, "");

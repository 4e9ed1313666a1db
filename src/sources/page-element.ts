/** The little of the DOM that reading a page needs; linkedom's own types want the browser's. */
export interface PageElement {
	readonly localName: string;
	readonly children: ArrayLike<PageElement> & Iterable<PageElement>;
	readonly parentElement: PageElement | null;
	readonly outerHTML: string;
	textContent: string;
	innerHTML: string;
	getAttribute(name: string): string | null;
	querySelector(selector: string): PageElement | null;
	querySelectorAll(selector: string): ArrayLike<PageElement> & Iterable<PageElement>;
	contains(other: PageElement): boolean;
	remove(): void;
}

/** The elements an element stands in, inmost first. */
export function above(element: PageElement): PageElement[] {
	const all: PageElement[] = [];
	for (let one = element.parentElement; one; one = one.parentElement) all.push(one);
	return all;
}

/** The words of an element's class and id, in lower case: «share-bar», «ShareBar_root__2x» and «share_bar» say the same. */
export function wordsOfName(element: PageElement): string[] {
	const name = `${element.getAttribute("class") ?? ""} ${element.getAttribute("id") ?? ""}`;
	return name.trim() === ""
		? []
		: name
				.replace(/([a-z])([A-Z])/g, "$1-$2")
				.toLowerCase()
				.split(/[^a-z0-9]+/);
}

/** The contents of the page's `meta` tags of that name, by any of the three attributes that name one. */
export function metaAll(document: PageElement, name: string): string[] {
	return [...document.querySelectorAll(`meta[property="${name}"], meta[name="${name}"], meta[itemprop="${name}"]`)]
		.map((one) => one.getAttribute("content")?.trim() ?? "")
		.filter(Boolean);
}

/** The first of them, or an empty text. */
export function metaFirst(document: PageElement, name: string): string {
	return metaAll(document, name)[0] ?? "";
}

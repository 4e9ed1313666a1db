import { createHash } from "node:crypto";
import { once } from "./lazy-draft.ts";
import { child, type Element, resolved } from "./xml.ts";

/** Where the mark of a made-up address will stand. */
const PLACE = "0123456789abcdef";

/** The address an entry (or a feed) gives itself, absolute and of the web. */
export function linkOf(entry: Element): string | undefined {
	let origin: Element | undefined;
	let written: Element | undefined;
	const alternates: Element[] = [];
	for (const one of entry.children) {
		if (one.name === "feedburner:origlink") origin ??= one;
		if (one.name !== "link" && one.name !== "feedburner:origlink") continue;
		if (one.attributes["href"] && /^(?:alternate)?$/i.test(one.attributes["rel"] ?? "")) alternates.push(one);
		if (one.name === "link" && !one.attributes["href"] && one.text.trim()) written ??= one;
	}
	const best = alternates.find(({ attributes }) => /html/i.test(attributes["type"] ?? "html")) ?? alternates[0];
	return (
		webAddress(origin?.text, entry.base) ??
		(written && webAddress(withEntities(written.text), written.base)) ??
		(best && webAddress(best.attributes["href"], best.base)) ??
		webAddress(child(entry, "url")?.text, entry.base)
	);
}

function webAddress(address: string | undefined, base: string): string | undefined {
	const found = resolved(address, base);
	return found !== undefined && /^https?:/.test(found) ? found : undefined;
}

/** Some feeds escape the ampersands of an address twice. */
function withEntities(address: string): string {
	return address.trim().replace(/&amp;/g, "&");
}

/** The address that an entry's own name is, when it is one. */
export function permalink(entry: Element): string | undefined {
	const guid = child(entry, "guid");
	const address = guid && guid.attributes["isPermaLink"]?.toLowerCase() !== "false" ? guid.text.trim() : undefined;
	const id = child(entry, "id")?.text.trim() ?? entry.attributes["rdf:about"]?.trim();
	return [address, id].find((one) => one !== undefined && /^https?:\/\//i.test(one) && URL.canParse(one));
}

/** An entry without any address of its own gets the site's, with a mark of its own: two such entries must not become one article. Gives the address for a mark. */
export function madeUpAddress(home: string): (mark: string) => string {
	const around = once(() => {
		const url = new URL(home);
		url.hash = "";
		url.searchParams.set("entry", PLACE);
		return url.href.split(PLACE);
	});
	return (mark) => around().join(createHash("sha256").update(mark).digest("hex").slice(0, PLACE.length));
}

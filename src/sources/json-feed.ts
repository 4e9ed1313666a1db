import type { Draft } from "../article/article.ts";
import { refuseFlood, texts, withoutControls } from "./entries.ts";
import { madeUpAddress } from "./entry-address.ts";
import { feedDate } from "./feed-date.ts";
import { type HtmlReading, readHtml, textOf } from "./html.ts";
import { type DraftRest, lazyDraft } from "./lazy-draft.ts";
import { SourceError } from "./source.ts";
import { resolved } from "./xml.ts";

type Unknown = Readonly<Record<string, unknown>>;

/** The entries of a JSON Feed (https://www.jsonfeed.org/version/1.1/). Throws SourceError `body` when it is broken off or something else. */
export function jsonEntries(text: string, address: string, source: string): Draft[] {
	const feed = parsed(text, address);
	if (!Array.isArray(feed["items"]) || !/jsonfeed\.org\/version/i.test(string(feed["version"]))) {
		throw new SourceError("body", `${address} gave JSON that is no JSON Feed: check the address.`);
	}
	const home = resolved(string(feed["home_page_url"]), address) ?? address;
	const madeUp = madeUpAddress(home);
	const items = feed["items"].filter(isObject);
	refuseFlood(items.length, address);
	return items.map((item) => draftOf(item, madeUp, address, source));
}

function parsed(text: string, address: string): Unknown {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : {};
	} catch (cause) {
		throw new SourceError("body", `The JSON of ${address} breaks off or is damaged.`, { cause });
	}
}

function draftOf(item: Unknown, madeUp: (mark: string) => string, base: string, source: string): Draft {
	const guid = string(item["id"]);
	const title = textOf(withoutControls(string(item["title"])));
	const own = [item["url"], item["external_url"], /^https?:/i.test(guid) ? guid : ""]
		.map((address) => resolved(string(address), base))
		.find((address) => address !== undefined && /^https?:/.test(address));
	const publishedAt = [item["date_published"], item["date_modified"]]
		.map((date) => (date ? feedDate(string(date)) : undefined))
		.find(Boolean);
	return lazyDraft(
		{
			url: own ?? madeUp(guid || title + contentOf(item).text),
			...(guid ? { guid } : {}),
			title,
			...(publishedAt ? { publishedAt } : {}),
			source,
		},
		() => restOf(item, base),
	);
}

function restOf(item: Unknown, base: string): DraftRest {
	const content = contentOf(item);
	const author = authorOf(item);
	return {
		tags: [...new Set(list(item["tags"]).map((tag) => textOf(string(tag))))].filter(Boolean),
		images: imagesOf(item, content.images, base),
		...texts(readHtml(withoutControls(string(item["summary"]))).text.trim(), content.text),
		...(author ? { author } : {}),
	};
}

function contentOf(item: Unknown): HtmlReading {
	const { text, images } = readHtml(withoutControls(string(item["content_html"])));
	return { text: text.trim() || withoutControls(string(item["content_text"])).trim(), images };
}

function authorOf(item: Unknown): string {
	const authors = [...list(item["authors"]), item["author"]].filter(isObject);
	return authors.map((author) => textOf(string(author["name"]))).find(Boolean) ?? "";
}

function imagesOf(item: Unknown, inBody: readonly string[], base: string): { url: string }[] {
	const attached = list(item["attachments"])
		.filter(isObject)
		.filter((one) => string(one["mime_type"]).startsWith("image/"));
	const all = [item["image"], item["banner_image"], ...attached.map((one) => one["url"]), inBody[0]].map((address) =>
		resolved(string(address), base),
	);
	return [...new Set(all)].filter((url) => url !== undefined).map((url) => ({ url }));
}

function isObject(value: unknown): value is Unknown {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

function string(value: unknown): string {
	return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

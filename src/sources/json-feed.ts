import { parseDate } from "../arabic/dates.ts";
import type { Draft } from "../article/article.ts";
import { madeUpAddress, texts, withoutControls } from "./entries.ts";
import { readHtml, textOf } from "./html.ts";
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
	return feed["items"].filter(isObject).map((item) => draftOf(item, home, address, source));
}

function parsed(text: string, address: string): Unknown {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : {};
	} catch (cause) {
		throw new SourceError("body", `The JSON of ${address} breaks off or is damaged.`, { cause });
	}
}

function draftOf(item: Unknown, home: string, base: string, source: string): Draft {
	const guid = string(item["id"]);
	const html = readHtml(withoutControls(string(item["content_html"])));
	const content = html.text.trim() || withoutControls(string(item["content_text"])).trim();
	const summary = readHtml(withoutControls(string(item["summary"]))).text.trim();
	const title = textOf(withoutControls(string(item["title"])));
	const own = [item["url"], item["external_url"], /^https?:/i.test(guid) ? guid : ""].map((address) =>
		resolved(string(address), base),
	);
	const author = authorOf(item);
	const publishedAt = [item["date_published"], item["date_modified"]]
		.map((date) => (date ? parseDate(string(date)) : undefined))
		.find(Boolean);
	return {
		url:
			own.find((address) => address !== undefined && /^https?:/.test(address)) ??
			madeUpAddress(home, guid || title + content),
		...(guid ? { guid } : {}),
		title,
		...texts(summary, content),
		tags: [
			...new Set(
				list(item["tags"])
					.map((tag) => textOf(string(tag)))
					.filter(Boolean),
			),
		],
		...(author ? { author } : {}),
		images: imagesOf(item, html.images, base),
		...(publishedAt ? { publishedAt } : {}),
		source,
	};
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

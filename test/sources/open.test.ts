import { describe, expect, test } from "vitest";
import { openInput } from "../../src/sources/open.ts";
import { SourceError } from "../../src/sources/source.ts";

const AT = { url: "https://news.example/x", source: "ملف" };
const TEXT =
	"دعت غرفة تجارة كربلاء أصحاب المحال إلى تجديد إجازاتهم قبل نهاية الشهر، وخصصت نافذة لاستقبال المراجعين مساءً.";
const ITEM = "<item><title>خ</title><link>/a</link></item>";

describe("openInput", () => {
	test.each([
		["RSS", `<?xml version="1.0"?><rss version="2.0"><channel>${ITEM}</channel></rss>`, "feed"],
		[
			"RSS with HTML in it",
			`<rss><channel><description>&lt;html></description><item><title>خ</title><link>/a</link><description><![CDATA[<html><p>]]></description></item></channel></rss>`,
			"feed",
		],
		[
			"Atom",
			'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>خ</title><link href="/a"/></entry></feed>',
			"feed",
		],
		[
			"a feed in the body of a page",
			`<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><feed xmlns="http://www.w3.org/2005/Atom"><title>ش</title><entry><title>خ</title><link href="/a"/></entry></feed></body></html>`,
			"feed",
		],
		["JSON Feed", '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"خ","url":"/a"}]}', "feed"],
		[
			"page",
			`<!doctype html><html><head><title>تجديد الإجازات</title></head><body><h1>تجديد الإجازات</h1><article><p>${TEXT}</p><p>${TEXT}</p></article></body></html>`,
			"page",
		],
		["piece of a page", `<h1>تجديد الإجازات</h1><div class="entry-content"><p>${TEXT}</p></div>`, "page"],
		[
			"page that quotes a feed",
			`<html><body><h1>تجديد الإجازات</h1><div class="entry-content"><p>${TEXT}</p><pre><rss version="2"></pre></div></body></html>`,
			"page",
		],
	])("knows %s", async (_, text, kind) => {
		const opened = await openInput(new TextEncoder().encode(text), AT, {});
		expect(opened.kind).toBe(kind);
		expect(opened.drafts).toHaveLength(1);
		expect(opened.drafts[0]?.source).toBe("ملف");
	});

	test.each([
		["words", "مجرد كلمات"],
		["nothing", ""],
		["bytes", "\u0000\u0001\u0002"],
		["broken JSON", '{"items":['],
	])("refuses %s", async (_, text) => {
		await expect(openInput(new TextEncoder().encode(text), AT, {})).rejects.toBeInstanceOf(SourceError);
	});
});

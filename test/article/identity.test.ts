import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { aliasesOf, articleId, canonicalUrl, linkUrl, repeatsGuids } from "../../src/article/identity.ts";

const SLUG = "%D8%AE%D8%A8%D8%B1";

describe("canonicalUrl", () => {
	test.each([
		["scheme", "http://example.org/a", "https://example.org/a"],
		["default port of http", "http://example.org:80/a", "https://example.org/a"],
		["default port of https", "https://example.org:443/a", "https://example.org/a"],
		["another port keeps its scheme", "http://example.org:8080/a", "http://example.org:8080/a"],
		["another port over https", "https://example.org:8443/a", "https://example.org:8443/a"],
		["port 443 spoken as http", "http://example.org:443/a", "http://example.org:443/a"],
		["host in capitals", "https://EXAMPLE.Org/a", "https://example.org/a"],
		["path in capitals stays", "https://example.org/A", "https://example.org/A"],
		["www.", "https://www.example.org/a", "https://example.org/a"],
		["m.", "https://m.example.org/a", "https://example.org/a"],
		["amp.", "https://amp.example.org/a", "https://example.org/a"],
		["www.m.", "https://www.m.example.org/a", "https://example.org/a"],
		["a domain called m", "https://m.com/a", "https://m.com/a"],
		["a domain called www", "https://www.com/a", "https://www.com/a"],
		["another subdomain stays", "https://news.example.org/a", "https://news.example.org/a"],
		["dot after the host", "https://example.org./a", "https://example.org/a"],
		["IDN", "https://أخبار.example/a", "https://xn--igbicxr.example/a"],
		["IDN as punycode", "https://XN--IGBICXR.example/a", "https://xn--igbicxr.example/a"],
		["credentials", "https://reem:pw@example.org/a", "https://example.org/a"],
		["fragment", "https://example.org/a#top", "https://example.org/a"],
		["trailing slash", "https://example.org/a/", "https://example.org/a"],
		["root", "https://example.org", "https://example.org/"],
		["root with query", "https://example.org/?p=12", "https://example.org/?p=12"],
		["double slash", "https://example.org//a//b", "https://example.org/a/b"],
		["dot segments", "https://example.org/x/../a/./b", "https://example.org/a/b"],
		["AMP path", "https://example.org/a/amp/", "https://example.org/a"],
		["AMP file", "https://example.org/a.amp.html", "https://example.org/a.html"],
		["AMP ending", "https://example.org/a.amp", "https://example.org/a"],
		["AMP query", "https://example.org/a?amp=1", "https://example.org/a"],
		["bare AMP query", "https://example.org/a?amp", "https://example.org/a"],
		["AMP output", "https://example.org/a?outputType=amp", "https://example.org/a"],
		["an article called amp", "https://example.org/amp", "https://example.org/amp"],
		["a slug that ends in amp", "https://example.org/street-lamp", "https://example.org/street-lamp"],
		["jsessionid in the path", "https://example.org/a;jsessionid=1F3.n1?x=1", "https://example.org/a?x=1"],
		["jsessionid in the query", "https://example.org/a?jsessionid=1", "https://example.org/a"],
		["white space around", "  https://example.org/a\n", "https://example.org/a"],
		["query sorted", "https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"],
		["repeated names", "https://example.org/?a=2&a=1", "https://example.org/?a=1&a=2"],
		["empty query", "https://example.org/a?", "https://example.org/a"],
		["empty pairs", "https://example.org/a?&&x=1&", "https://example.org/a?x=1"],
		["name without value", "https://example.org/?12345", "https://example.org/?12345"],
		["ampersand escaped twice", "https://example.org/?id=1&amp;page=2", "https://example.org/?id=1&page=2"],
		["plus is a space", "https://example.org/?q=a+b", "https://example.org/?q=a%20b"],
		["escaped plus is a plus", "https://example.org/?q=a%2bb", "https://example.org/?q=a%2Bb"],
		["escaped ampersand stays", "https://example.org/?q=a%26b", "https://example.org/?q=a%26b"],
		["escaped slash stays", "https://example.org/a%2fb", "https://example.org/a%2Fb"],
		["unreserved escapes", "https://example.org/%61%2D%7E", "https://example.org/a-~"],
		["lone percent sign", "https://example.org/100%", "https://example.org/100%25"],
		["escaped percent sign", "https://example.org/%2541", "https://example.org/%2541"],
		["apostrophe", "https://example.org/l'eau?q='", "https://example.org/l%27eau?q=%27"],
		["comma escaped", "https://example.org/a%2C12", "https://example.org/a,12"],
		["raw Arabic slug", "https://example.org/خبر", `https://example.org/${SLUG}`],
		["encoded Arabic slug", `https://example.org/${SLUG}`, `https://example.org/${SLUG}`],
		["lower-case escapes", `https://example.org/${SLUG.toLowerCase()}`, `https://example.org/${SLUG}`],
		["half encoded", "https://example.org/%d8%aeبر", `https://example.org/${SLUG}`],
		["Arabic in the query", "https://example.org/?t=خبر", `https://example.org/?t=${SLUG}`],
		["decomposed alef with hamza", "https://example.org/\u0627\u0654", "https://example.org/%D8%A3"],
		["decomposed and encoded", "https://example.org/%D8%A7%D9%94", "https://example.org/%D8%A3"],
		["decomposed Latin", "https://example.org/cafe\u0301", "https://example.org/caf%C3%A9"],
		["windows-1256 slug keeps its bytes", "https://example.org/%ce%c8%d1", "https://example.org/%CE%C8%D1"],
		["UTF-8 beside other bytes", "https://example.org/%d8%ae%ce", "https://example.org/%D8%AE%CE"],
		["private use character", "https://example.org/%EE%80%80", "https://example.org/%EE%80%80"],
		[
			"Arabic comma and question mark",
			"https://example.org/ماذا،بعد؟",
			"https://example.org/%D9%85%D8%A7%D8%B0%D8%A7%D8%8C%D8%A8%D8%B9%D8%AF%D8%9F",
		],
	])("%s", (_, address, canonical) => {
		expect(canonicalUrl(address)).toBe(canonical);
		expect(canonicalUrl(canonical)).toBe(canonical);
	});

	test.each(
		"utm_source utm_medium UTM_Campaign utm_whatever fbclid gclid dclid gbraid wbraid igshid igsh mc_cid mc_eid ref ref_src referrer spm msclkid twclid ttclid yclid _ga _gl ga_source fb_ref fb_action_ids mtm_campaign pk_campaign mkt_tok srsltid _hsenc __hstc wt_mc xtor s_cid cmpid ocid Echobox __twitter_impression ?utm_source %3Futm_source".split(
			" ",
		),
	)("%s only tracks", (name) => {
		expect(canonicalUrl(`https://example.org/a?${name}=x1&id=7`)).toBe("https://example.org/a?id=7");
	});

	test.each("id p page article source post_id nid story item aid cat refid reference utm mcid".split(" "))(
		"%s may pick an article",
		(name) => {
			if (name === "utm") return expect(canonicalUrl(`https://example.org/?${name}=1`)).toBe("https://example.org/");
			expect(canonicalUrl(`https://example.org/?${name}=1`)).not.toBe(canonicalUrl(`https://example.org/?${name}=2`));
		},
	);

	test.each(["", "خبر", "example.org/a", "ftp://example.org/", "mailto:a@example.org", "https://", "urn:uuid:1"])(
		"“%s” is no web address",
		(address) => {
			expect(() => canonicalUrl(address)).toThrow(TypeError);
			expect(() => linkUrl(address)).toThrow(/web address/);
		},
	);

	const path = fc.string({
		unit: fc.constantFrom(..."خبرعاجلأإ ةabcZ09-_.~!'()*%+&=;:@,[]|\u0301\u064b😀"),
	});

	test("is its own canonical address, however the path is written", () => {
		fc.assert(
			fc.property(path, path, (slug, value) => {
				const canonical = canonicalUrl(`https://example.org/n/${slug}x?q=${value}`);
				expect(canonicalUrl(canonical)).toBe(canonical);
				expect(new URL(canonical).href).toBe(canonical);
			}),
		);
	});

	test("raw, encoded, lower-case and decomposed spellings are one", () => {
		fc.assert(
			fc.property(
				fc.string({
					unit: fc.constantFrom(..."خبرعاجلأإؤئآةéö-"),
					minLength: 1,
				}),
				(slug) => {
					const encoded = encodeURIComponent(slug);
					const all = [
						slug,
						encoded,
						encoded.toLowerCase(),
						slug.normalize("NFD"),
						encodeURIComponent(slug.normalize("NFD")),
					];
					expect(new Set(all.map((one) => canonicalUrl(`https://example.org/${one}/`))).size).toBe(1);
				},
			),
		);
	});
});

describe("linkUrl", () => {
	test.each([
		["scheme, www. and slash stay", "http://www.example.org/a/", "http://www.example.org/a/"],
		["order of the query stays", "https://example.org/?b=2&a=1", "https://example.org/?b=2&a=1"],
		["tracking goes", "https://example.org/a?utm_source=x&id=1", "https://example.org/a?id=1"],
		["fragment goes", "https://example.org/a#more", "https://example.org/a"],
		["credentials go", "https://reem:pw@example.org/a", "https://example.org/a"],
		["port stays", "http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"],
		["Arabic is encoded", "https://example.org/خبر/", `https://example.org/${SLUG}/`],
		["lower-case escapes", `https://example.org/${SLUG.toLowerCase()}/`, `https://example.org/${SLUG}/`],
		["AMP page stays", "https://example.org/a/amp", "https://example.org/a/amp"],
	])("%s", (_, address, link) => {
		expect(linkUrl(address)).toBe(link);
		expect(canonicalUrl(link)).toBe(canonicalUrl(address));
	});
});

describe("articleId", () => {
	test("is short, plain and the same for both schemes", () => {
		const id = articleId("https://example.org/a");
		expect(id).toMatch(/^[a-z0-9]{26}$/);
		expect(articleId("http://example.org/a")).toBe(id);
		expect(articleId("https://example.org/b")).not.toBe(id);
	});

	test("never changes between versions: ledgers hold it", () => {
		expect(articleId("https://example.org/a")).toBe(FROZEN_ID);
	});
});

const FROZEN_ID = "53f8qmwwc318cv7x5deavs6vn1";

describe("aliasesOf", () => {
	const trust = { trustGuid: true };
	const at = (url: string, guid?: string, source = "feed") =>
		aliasesOf({ url, source, ...(guid === undefined ? {} : { guid }) }, trust);

	test.each([
		["another address, same guid", at("https://example.org/new", "12"), at("https://example.org/old", "12"), true],
		["another guid, same address", at("http://www.example.org/a/", "12"), at("https://example.org/a", "13"), true],
		["both another", at("https://example.org/a", "12"), at("https://example.org/b", "13"), false],
		[
			"same guid in another source",
			at("https://example.org/a", "12"),
			at("https://other.example/b", "12", "other"),
			false,
		],
		[
			"guid as address, written twice",
			at("https://example.org/a", "http://example.org/?p=1"),
			at("https://example.org/b", "https://www.example.org/?p=1"),
			true,
		],
		[
			"guid as address, two posts",
			at("https://example.org/a", "http://example.org/?p=1"),
			at("https://example.org/b", "http://example.org/?p=2"),
			false,
		],
		["no guid", at("https://example.org/a"), at("https://example.org/b"), false],
		["id=1 and id=2", at("https://example.org/?id=1"), at("https://example.org/?id=2"), false],
	])("%s", (_, one, other, same) => {
		expect(one.some((alias) => other.includes(alias))).toBe(same);
	});

	test("leave out a guid that is not trusted", () => {
		expect(aliasesOf({ url: "https://example.org/a", guid: "1", source: "feed" }, { trustGuid: false })).toHaveLength(
			1,
		);
	});
});

describe("repeatsGuids", () => {
	const draft = (url: string, guid?: string): Draft => ({
		url,
		title: "",
		tags: [],
		images: [],
		source: "feed",
		...(guid === undefined ? {} : { guid }),
	});
	test.each([
		["one guid on two articles", [draft("https://example.org/a", "1"), draft("https://example.org/b", "1")], true],
		["one article listed twice", [draft("https://example.org/a", "1"), draft("http://www.example.org/a/", "1")], false],
		["two guids", [draft("https://example.org/a", "1"), draft("https://example.org/b", "2")], false],
		["no guids", [draft("https://example.org/a"), draft("https://example.org/b")], false],
	])("%s", (_, drafts, repeated) => {
		expect(repeatsGuids(drafts)).toBe(repeated);
	});
});

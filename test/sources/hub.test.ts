import { describe, expect, test } from "vitest";
import { hubOf } from "../../src/sources/hub.ts";

const URL_ = "https://dijla.example/feed/";
const HUB = "https://hub.example/";
const rss = (links: string, rest = "") =>
	`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>شبكة دجلة</title><link>https://dijla.example/</link>${links}${rest}`;

describe("a feed names its hub", () => {
	test.each<[string, Record<string, string>, string, string, string]>([
		[
			"in two Link headers",
			{ link: `<${HUB}>; rel="hub", <https://dijla.example/rss>; rel="self"` },
			"",
			HUB,
			"https://dijla.example/rss",
		],
		[
			"without quotes",
			{ link: `<${HUB}>;rel=hub,<https://dijla.example/rss>;rel=self` },
			"",
			HUB,
			"https://dijla.example/rss",
		],
		["as one of several relations", { link: `<${HUB}>; title="a, <b>; c"; rel="nofollow HUB"` }, "", HUB, URL_],
		["behind a title with quotes", { link: `<${HUB}>; title="say \\"hub\\", then"; rel="hub"` }, "", HUB, URL_],
		[
			"behind other headers",
			{ link: `<https://dijla.example/wp-json/>; rel="https://api.w.org/", <${HUB}>; rel=hub` },
			"",
			HUB,
			URL_,
		],
		[
			"with commas and semicolons in the address",
			{ link: `<https://hub.example/a,b;c>; rel="hub"` },
			"",
			"https://hub.example/a,b;c",
			URL_,
		],
		[
			"by a relative address",
			{ link: `</hub>; rel="hub", </rss>; rel="self"` },
			"",
			"https://dijla.example/hub",
			"https://dijla.example/rss",
		],
		[
			"an encrypted one after another",
			{ link: `<http://old.example/>; rel="hub", <${HUB}>; rel="hub"` },
			"",
			HUB,
			URL_,
		],
		["the first of two", { link: `<${HUB}>; rel="hub", <https://two.example/>; rel="hub"` }, "", HUB, URL_],
		["with its own page as anchor", { link: `<${HUB}>; rel="hub"; anchor="/feed/"` }, "", HUB, URL_],
		[
			"in RSS",
			{},
			rss(
				`<atom:link rel="hub" href="${HUB}"/><atom:link href="https://dijla.example/rss?a=1&amp;b=2" rel="self" type="application/rss+xml"/>`,
			),
			HUB,
			"https://dijla.example/rss?a=1&b=2",
		],
		[
			"in RSS under another prefix",
			{},
			rss(`<atom10:link xmlns:atom10="http://www.w3.org/2005/Atom" rel='hub' href='${HUB}'></atom10:link>`),
			HUB,
			URL_,
		],
		[
			"in Atom",
			{},
			`<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="${HUB}"/><link rel="self" href="https://dijla.example/atom"/>`,
			HUB,
			"https://dijla.example/atom",
		],
		[
			"relative to xml:base",
			{},
			`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/x/"><link rel="hub" href="hub"/><link rel="self" href="atom"/>`,
			"https://base.example/x/hub",
			"https://base.example/x/atom",
		],
		[
			"in a header, which goes before the feed",
			{ link: `<${HUB}>; rel="hub"` },
			rss('<atom:link rel="hub" href="https://two.example/"/><atom:link rel="self" href="https://dijla.example/rss"/>'),
			HUB,
			"https://dijla.example/rss",
		],
		[
			"and not the address of its first entry",
			{},
			rss(
				`<atom:link rel="hub" href="${HUB}"/>`,
				'<item><atom:link rel="self" href="https://dijla.example/1"/></item>',
			),
			HUB,
			URL_,
		],
		[
			"and its own address letter by letter",
			{},
			rss(`<atom:link rel="hub" href="${HUB}"/><atom:link rel="self" href="https://Dijla.example/الأخبار"/>`),
			HUB,
			"https://Dijla.example/الأخبار",
		],
		[
			"and an unusable address of its own",
			{},
			rss(`<atom:link rel="hub" href="${HUB}"/><atom:link rel="self" href="javascript:1"/>`),
			HUB,
			URL_,
		],
	])("%s", (_name, headers, head, hub, topic) => {
		expect(hubOf(headers, head, URL_)).toEqual({ hub, topic });
	});

	test("without telling it our password", () => {
		expect(hubOf({ link: `<${HUB}>; rel="hub"` }, "", "https://reader:pass@dijla.example/feed/")?.topic).toBe(URL_);
	});
});

describe("no hub", () => {
	test.each<[string, Record<string, string>, string]>([
		["nothing at all", {}, ""],
		[
			"other links",
			{ link: '<https://dijla.example/wp-json/>; rel="https://api.w.org/"' },
			rss('<atom:link rel="self" href="https://dijla.example/feed/"/>'),
		],
		[
			"a hub that is no web address",
			{ link: '<ftp://hub.example/>; rel="hub"' },
			rss('<atom:link rel="hub" href="mailto:a@b.example"/>'),
		],
		["a second rel, which does not count", { link: `<${HUB}>; rel="next"; rel="hub"` }, ""],
		["a word in a title", { link: `<${HUB}>; title="rel=hub"` }, ""],
		["the hub of another page", { link: `<${HUB}>; rel="hub"; anchor="https://other.example/"` }, ""],
		["an entry's hub", {}, rss("", `<item><atom:link rel="hub" href="${HUB}"/></item>`)],
		["a hub in a comment", {}, rss(`<!-- <atom:link rel="hub" href="${HUB}"/> -->`)],
		["a hub in a text", {}, rss(`<description><![CDATA[<atom:link rel="hub" href="${HUB}"/>]]></description>`)],
		[
			"a hub beyond the beginning",
			{},
			rss(`<description>${"خبر ".repeat(2100)}</description><atom:link rel="hub" href="${HUB}"/>`),
		],
		["a link that breaks off", {}, rss(`<atom:link rel="hub" href="${HUB}`)],
		["a header that breaks off", { link: `<${HUB}>; rel="hub` }, ""],
	])("%s", (_name, headers, head) => {
		expect(hubOf(headers, head, URL_)).toBeUndefined();
	});
});

test.each([
	["opening brackets", "<".repeat(200_000)],
	["spaces", `<${HUB}>;x=${" ".repeat(100_000)}`],
	["parameters", `<${HUB}>${"; x= ".repeat(50_000)}`],
	["open quotes", `<${HUB}>;x="<`.repeat(10_000)],
])("a header of nothing but %s is read in no time", (_name, link) => {
	const start = performance.now();
	hubOf({ link }, "", URL_);
	expect(performance.now() - start).toBeLessThan(2_000);
});

import { parseFeed } from "feedsmith";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FakeSite, type FeedTrouble, startSite } from "./site.ts";

let site: FakeSite;
beforeEach(async () => {
	site = await startSite({ name: "شبكة النخلة" });
	site.publish({
		title: "أول",
		body: "نص أول طويل بما يكفي\nفقرة ثانية",
		slug: "خبر-أول",
		publishedAt: new Date(0),
	});
	site.publish({
		title: "ثان & <b>",
		body: "نص ثان",
		slug: "خبر-ثان",
		tags: ["بغداد"],
		author: "سلمى",
		image: "/images/a.png",
		publishedAt: new Date(1000),
	});
});
afterEach(() => site.close());

const get = (path: string, headers: Record<string, string> = {}) =>
	fetch(new URL(path, site.url), {
		headers,
		signal: AbortSignal.timeout(800),
		redirect: "manual",
	});
const body = async (path: string) => (await get(path)).text();

test.each([
	["RSS", "/feed", "rss"],
	["Atom", "/atom", "atom"],
	["JSON Feed", "/feed.json", "json"],
])("%s lists the newest first", async (_name, path, format) => {
	const text = await body(path);
	const parsed = parseFeed(text);
	expect(parsed.format).toBe(format);
	const titles = (
		"entries" in parsed.feed ? parsed.feed.entries : "items" in parsed.feed ? parsed.feed.items : []
	)?.map((entry) => ("title" in entry ? entry.title : undefined));
	expect(titles?.map((title) => (typeof title === "object" ? (title as { value: string }).value : title))).toEqual([
		"ثان & <b>",
		"أول",
	]);
	expect(text).toContain("/news/%D8%AE%D8%A8%D8%B1-");
});

test("pages stand at percent-encoded Arabic addresses", async () => {
	const { url } = site.items[1] as { url: string };
	const page = await (await fetch(url)).text();
	expect(page).toContain('<html lang="ar" dir="rtl">');
	expect(page).toContain("<p>نص ثان</p>");
	expect(page).toContain(`<link rel="canonical" href="${url}">`);
	expect((await get("/images/a.png")).headers.get("content-type")).toBe("image/png");
	expect(site.hits("/news/خبر-ثان")).toBe(1);
});

test("304 to a validator, until something changes; and validators can be off", async () => {
	const etag = (await get("/feed")).headers.get("etag") ?? "";
	expect((await get("/feed", { "if-none-match": etag })).status).toBe(304);
	site.publish({ title: "ثالث" });
	expect((await get("/feed", { "if-none-match": etag })).status).toBe(200);
	const since = (await get("/feed")).headers.get("last-modified") ?? "";
	expect((await get("/feed", { "if-modified-since": since })).status).toBe(304);
	site.set({ validators: false });
	expect((await get("/feed", { "if-modified-since": since })).headers.has("etag")).toBe(false);
	expect(site.requests.map((one) => one.status)).toEqual([200, 304, 200, 200, 304, 200]);
});

test("edit, remove, order, entries", async () => {
	site.edit("خبر-أول", { title: "أول معدل" });
	expect(await body("/feed")).toContain("أول معدل");
	site.remove("خبر-ثان", true);
	expect(await body("/feed")).not.toContain("خبر-ثان");
	expect((await get("/news/خبر-ثان")).status).toBe(410);
	site.publish({ title: "ثالث", slug: "ثالث" });
	site.feed.order = ["خبر-أول", "ثالث"];
	const order = await body("/feed.json");
	expect(order.indexOf("أول معدل")).toBeLessThan(order.indexOf("ثالث"));
	site.feed.entries = "summary";
	expect(await body("/feed")).not.toContain("content:encoded>");
	site.feed.link = ({ url }) => `${url}?utm_source=rss&x=1`;
	site.feed.guid = ({ slug }) => `new-${slug}`;
	expect(await body("/atom")).toMatch(/\?utm_source=rss&amp;x=1".*<id>new-ثالث<\/id>/s);
	site.feed.most = 1;
	expect(await body("/feed")).not.toContain("ثالث");
});

test.each<[string, FeedTrouble, (response: Response) => Promise<unknown>, unknown]>([
	[
		"status and Retry-After",
		{ status: 503, retryAfter: 120 },
		async (r) => [r.status, r.headers.get("retry-after")],
		[503, "120"],
	],
	[
		"HTML page",
		{ html: true },
		async (r) => [r.status, r.headers.get("content-type"), (await r.text()).startsWith("<!DOCTYPE")],
		[200, "text/html; charset=utf-8", true],
	],
	["truncate", { truncate: true }, async (r) => (await r.text()).includes("</rss>"), false],
	["reset", { reset: true, gzip: false }, async (r) => r.text().catch(() => "broken"), "broken"],
	["huge", { huge: 100_000 }, async (r) => (await r.text()).length > 90_000, true],
	[
		"windows-1256",
		{ charset: "windows-1256" },
		async (r) => [
			r.headers.get("content-type"),
			new TextDecoder("windows-1256").decode(await r.arrayBuffer()).includes("أول"),
		],
		["application/rss+xml; charset=windows-1256", true],
	],
	[
		"a false claim",
		{ charset: "windows-1256", claim: "utf-8" },
		async (r) => (await r.text()).includes("\ufffd"),
		true,
	],
	["slow", { slowMs: 20 }, async (r) => r.status, 200],
	["drip", { dripMs: 1, body: "<rss/>", gzip: false }, async (r) => r.text(), "<rss/>"],
	["redirect", { status: 301, location: "/atom" }, async (r) => [r.status, r.headers.get("location")], [301, "/atom"]],
	["gzip", {}, async (r) => r.headers.get("content-encoding"), "gzip"],
	["no gzip", { gzip: false }, async (r) => r.headers.get("content-encoding"), null],
])("trouble: %s", async (_name, trouble, read, expected) => {
	site.set(trouble);
	expect(await read(await get("/feed"))).toEqual(expected);
});

test("hang, and pages of their own", async () => {
	site.set({ hang: true });
	await expect(get("/feed")).rejects.toThrow("timeout");
	site.set({ hang: undefined });
	expect((await get("/feed")).status).toBe(200);
	site.setPages({ status: 500 });
	expect((await get("/news/خبر-أول")).status).toBe(500);
	site.serve("/wp-json/", "application/json", "{}");
	expect(await body("/wp-json/")).toBe("{}");
});

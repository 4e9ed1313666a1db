import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import type { FakeSite, FeedTrouble } from "../servers/site.ts";
import { type Newsroom, newsroom, numbers, story, test } from "../e2e/newsroom.ts";
import { type LogLine, type Program, until } from "../e2e/program.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 8 });

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const OLD = { publishedAt: ago(60_000) };
const CALM: FeedTrouble = {
	status: undefined,
	html: undefined,
	truncate: undefined,
	reset: undefined,
	hang: undefined,
	huge: undefined,
	location: undefined,
	body: undefined,
	retryAfter: undefined,
	validators: undefined,
};
const FAULT = "the source could not be read: nothing is marked as seen, it is looked at again";
const warnings = (program: Program, { host }: FakeSite): readonly LogLine[] =>
	program.log.filter(({ level, source }) => level === "warn" && String(source).startsWith(host));

describe("bad sources beside a good one", () => {
	const rows: readonly (readonly [name: string, trouble: FeedTrouble, says: RegExp])[] = [
		["never answers", { hang: true }, /did not answer in time/],
		["breaks the connection off", { reset: true, validators: false }, /closed the connection|breaks? off|broke off/i],
		["is huge", { huge: 11 * 1024 * 1024 }, /larger than|too large|bytes/i],
		["is huge and does not compress", { huge: 11 * 1024 * 1024, gzip: false }, /larger than|too large|bytes/i],
		["is truncated", { truncate: true }, /breaks off|broken off|incomplete|truncated/i],
		["gives an HTML page instead of XML", { html: true }, /HTML page instead of a feed/],
		["gives a captcha with 403", { status: 403, html: true }, /answered 403/],
		["gives an empty answer", { body: "" }, /empty answer/],
		["gives JSON of another kind", { body: '{"error":"no such feed"}' }, /feed/],
		["gives XML of another kind", { body: "<?xml version='1.0'?><error>no</error>" }, /no feed/],
		[
			"declares growing entities",
			{
				body: `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>`,
			},
			/entit/i,
		],
		["answers 500", { status: 500 }, /answered 500/],
		["answers 404", { status: 404 }, /answered 404/],
		["redirects to a private address", { status: 302, location: "http://10.1.2.3/feed" }, /not fetched.*private/],
		[
			"redirects to the metadata address",
			{ status: 301, location: "http://169.254.169.254/latest" },
			/not fetched.*private/,
		],
		["redirects to itself", { status: 302, location: "/feed" }, /redirects more than/],
	];
	const GOOD = 99;
	let room: Newsroom;
	let program: Program;
	const bad: FakeSite[] = [];
	/** What had been posted, and what had been said, while the sources were bad. */
	let meanwhile: { posts: readonly number[]; said: readonly (readonly LogLine[])[] };

	beforeAll(async () => {
		room = await newsroom();
		for (const [at] of rows.entries()) {
			const site = await room.anotherSite();
			site.publish(story(1_000 + at, { ...OLD, slug: "old" }));
			bad.push(site);
		}
		const sites = [room.site, ...bad];
		program = await room.begin({
			SOURCES: sites.map(({ feedUrl }) => feedUrl).join("\n"),
			ALLOW_PRIVATE_HOSTS: sites.map(({ host }) => host).join(","),
		});
		const looks = () => bad.map((site) => site.hits("/feed"));
		await until(() => looks().every((count) => count >= 2), "first visits");
		for (const [at, [, trouble]] of rows.entries()) {
			bad[at]?.set(trouble);
			bad[at]?.publish(story(at + 1, { slug: "new" }));
		}
		room.publish(GOOD);
		const shown = () => [...numbers(room.telegramPosts()), ...numbers(room.twitter.posts())];
		await room.shows([GOOD]);
		const before = looks();
		await program.until(() => bad.every((site) => warnings(program, site).length > 0), "warnings", 20_000);
		// The one that hangs takes ten seconds for a look: its first is enough.
		bad[0]?.set(CALM);
		await until(() => looks().every((count, at) => at === 0 || count >= (before[at] ?? 0) + 3), "more looks");
		meanwhile = { posts: shown(), said: bad.map((site) => warnings(program, site)) };
		for (const site of bad) site.set(CALM);
		await until(
			() => shown().length === 2 * (rows.length + 1),
			"the articles that were published meanwhile",
			20_000,
			() => `${shown()}\n${program.stderr.slice(-3_000)}`,
		);
	}, 60_000);
	afterAll(() => room.close());

	test("the good one goes on, and nothing of a bad one is posted meanwhile", () => {
		expect(meanwhile.posts).toEqual([GOOD, GOOD]);
	});

	test.for(rows.map(([name, , says], at) => ({ name, says, at })))(
		"one that $name: one clear warning, nothing marked as seen, recovery picks up what was published",
		({ says, at }) => {
			const said = meanwhile.said[at] ?? [];
			expect(said.map(({ msg }) => msg)).toEqual([FAULT]);
			expect(String(said[0]?.["error"])).toMatch(says);
			const site = bad[at] as FakeSite;
			expect(warnings(program, site)).toHaveLength(1);
			const again = program
				.said("the source can be read again")
				.filter(({ source }) => String(source).startsWith(site.host));
			expect(again).toHaveLength(1);
			for (const posts of [room.telegramPosts(), room.twitter.posts()])
				expect(numbers(posts).filter((number) => number === at + 1)).toHaveLength(1);
		},
	);
});

describe("a bad source", { concurrent: true, timeout: 150_000 }, () => {
	test("that is dead is looked at again on the next tick, and read as soon as it lives", async ({ open }) => {
		const room = await open();
		const good = await room.anotherSite();
		good.publish(story(90, OLD));
		const program = await room.begin({
			SOURCES: `${room.site.feedUrl} ${good.feedUrl}`,
			ALLOW_PRIVATE_HOSTS: `${room.site.host},${good.host}`,
		});
		await until(() => good.hits("/feed") >= 2, "the other source's first visit");
		await room.site.close();
		good.publish(story(2, { slug: "other-2" }));
		await room.shows([2]);
		await program.until(() => warnings(program, room.site).length === 1, "a warning");
		expect(String(warnings(program, room.site)[0]?.["error"])).toMatch(/refuses connections|closed the connection/);
		const again = await room.anotherSite(room.site.port);
		again.publish(story(0, OLD));
		again.publish(story(1));
		await room.shows([2, 1]);
		expect(warnings(program, room.site)).toHaveLength(1);
	});

	test("that fails on the first visit has its first visit later", async ({ open }) => {
		const room = await open();
		for (const number of [1, 2, 3]) room.publish(number, { publishedAt: ago((9 - number) * 60_000) });
		room.site.set({ html: true });
		await room.begin({ FIRST_VISIT: "latest:2" });
		room.site.set(CALM);
		await room.shows([2, 3]);
	});

	test("that sent Retry-After is left alone that long, and read afterwards", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		room.site.set({ status: 503, retryAfter: 4 });
		await program.until(() => warnings(program, room.site).length === 1, "a warning");
		const asked = room.site.requests.at(-1)?.at ?? 0;
		room.site.set(CALM);
		room.publish(1);
		await room.shows([1]);
		const next = room.site.requests.find(({ at }) => at > asked)?.at ?? 0;
		expect(next - asked).toBeGreaterThanOrEqual(3_900);
		expect(next - asked).toBeLessThan(7_000);
	});

	test.for<[name: string, trouble: FeedTrouble]>([
		["windows-1256 that claims utf-8", { charset: "windows-1256", claim: "utf-8" }],
		["windows-1256 that claims iso-8859-1", { charset: "windows-1256", claim: "iso-8859-1" }],
		["utf-8 that claims windows-1256", { claim: "windows-1256" }],
	])("in %s is read all the same", async ([, trouble], { open }) => {
		const room = await open();
		room.site.set(trouble);
		await room.begin();
		room.publish(1);
		await room.shows([1]);
		expect(room.telegramPosts()[0]?.text).toContain("أعلن مجلس المحافظة في جلسته الاعتيادية");
	});

	test("with an address that is none: the article is posted once, and leads to the site itself", async ({ open }) => {
		const room = await open();
		await room.begin();
		room.site.feed.link = (entry) => (entry.slug === "road-1" ? "javascript:alert(1)" : entry.url);
		room.publish(1);
		room.publish(2);
		await room.shows([1, 2]);
		const link = room.telegramPosts()[0]?.entities?.find(({ type }) => type === "text_link");
		expect(link).toMatchObject({ url: expect.stringMatching(`^${room.site.url}/`) });
		room.site.feed.order = "oldest";
		room.publish(3);
		await room.shows([1, 2, 3]);
	});
});

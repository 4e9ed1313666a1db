import twitterText from "twitter-text";
import { describe, expect, vi } from "vitest";
import type { SiteEntry } from "../servers/site.ts";
import { type Newsroom, numbers, SECRETS, story, test } from "./newsroom.ts";
import { until } from "./program.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 10 });

const MINUTE = 60_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const DAMAGE = "أضرار";

interface StatusJson {
	readonly channels: readonly { readonly name: string; readonly [key: string]: unknown }[];
}
async function status(room: Newsroom, env: Readonly<Record<string, string>> = {}): Promise<StatusJson> {
	const program = room.start({ args: ["status", "--json"], env });
	expect(await program.exit, program.stderr).toBe(0);
	return JSON.parse(program.stdout) as StatusJson;
}

describe("mirsal run", { concurrent: true, timeout: 150_000 }, () => {
	test("a first visit posts nothing", async ({ open }) => {
		const room = await open();
		for (const number of [1, 2, 3]) room.publish(number, { publishedAt: ago(number * MINUTE) });
		await room.begin();
		room.publish(4);
		await room.shows([4]);
	});

	test("FIRST_VISIT=latest:2 posts the newest two, oldest first, whatever their age", async ({ open }) => {
		const room = await open();
		for (const number of [1, 2, 3, 4]) room.publish(number, { publishedAt: ago((10 - number) * 24 * 60 * MINUTE) });
		await room.begin({ FIRST_VISIT: "latest:2" });
		await room.shows([3, 4]);
	});

	test("an empty list is no first visit", async ({ open }) => {
		const room = await open();
		const program = room.start();
		await program.until(() => room.site.hits("/feed") >= 2, "two looks at the empty list");
		room.publish(1);
		await program.until(() => program.said("new article").length === 1, "the first visit");
		room.publish(2);
		await room.shows([2]);
	});

	test("a new article reaches both channels once, as followers should see it", async ({ open }) => {
		const room = await open();
		await room.begin();
		const { url } = room.publish(1, { tags: ["إعمار"] });
		await room.shows([1]);
		const title = "مجلس المحافظة يقر مشروع الطريق رقم 1";
		const [post] = room.telegramPosts();
		const [headline = "", blank, lead = ""] = (post?.text ?? "").split("\n");
		expect([headline, blank]).toEqual([title, ""]);
		expect(lead).toMatch(/^أعلن مجلس المحافظة .*\.$/);
		const label = "اقرأ الخبر";
		expect(post?.text?.endsWith(`\n\n#إعمار\n\n${label}`), post?.text).toBe(true);
		expect(post?.text).not.toContain("http");
		expect(post?.entities?.filter(({ type }) => type !== "hashtag")).toEqual([
			{ type: "bold", offset: 0, length: title.length },
			{ type: "text_link", offset: post?.text?.indexOf(label), length: label.length, url },
		]);
		expect(post?.link_preview_options).toEqual({ url, prefer_large_media: true, show_above_text: true });
		const [tweet] = room.twitter.posts();
		expect(tweet?.text).toBe(`${title}\n\n${lead}\n\n#إعمار\n${url}`);
		room.publish(2);
		await room.shows([1, 2]);
	});

	const fresh = (entry: SiteEntry) => `${entry.guid}-again`;
	const changes: readonly (readonly [name: string, change: (room: Newsroom) => void])[] = [
		[
			"guid",
			({ site }) => {
				site.feed.guid = fresh;
			},
		],
		[
			"scheme and guid",
			({ site }) => {
				site.feed.guid = (entry) => `${entry.guid}-of-scheme`;
				site.feed.link = ({ slug }) => `https://naba.example/news/${slug}`;
			},
		],
		[
			"www. and guid",
			({ site }) => {
				site.feed.guid = (entry) => `${entry.guid}-of-www`;
				site.feed.link = ({ slug }) => `http://www.naba.example/news/${slug}`;
			},
		],
		[
			"tracking parameters and guid",
			({ site }) => {
				site.feed.guid = (entry) => `${entry.guid}-of-tracking`;
				site.feed.link = ({ slug }) => `http://naba.example/news/${slug}?utm_source=rss&utm_medium=feed&fbclid=abc`;
			},
		],
		[
			"order in the list",
			({ site }) => {
				site.feed.order = "oldest";
			},
		],
	];
	test(`the same article is posted once under a changed ${changes.map(([name]) => name).join(", ")}`, async ({
		open,
	}) => {
		const room = await open();
		room.site.feed.link = ({ slug }) => `http://naba.example/news/${slug}`;
		await room.begin();
		room.publish(1);
		await room.shows([1]);
		const wanted = [1];
		// Each change comes with another article: once that is posted, the change was seen.
		for (const [, change] of changes) {
			change(room);
			wanted.push(wanted.length + 1);
			room.publish(wanted.length);
			await room.shows(wanted);
		}
	});

	test("an article that leaves the list and comes back is posted once", async ({ open }) => {
		const room = await open();
		await room.begin();
		room.publish(1);
		await room.shows([1]);
		room.publish(2);
		room.site.feed.order = ["road-2", "road-0"];
		await room.shows([1, 2]);
		room.publish(3);
		room.site.feed.order = "newest";
		await room.shows([1, 2, 3]);
	});

	test("an article that two sources list is posted once", async ({ open }) => {
		const room = await open();
		const program = await room.begin({ SOURCES: `${room.site.feedUrl} ${room.site.atomUrl}, ${room.site.jsonUrl}` });
		await program.until(() => room.site.hits("/feed.json") >= 2 && room.site.hits("/atom") >= 2, "three first visits");
		room.publish(1);
		await room.shows([1]);
		room.publish(2);
		await room.shows([1, 2]);
	});

	test("articles go out by publication time, breaking ones first, equal times in reverse order of the list", async ({
		open,
	}) => {
		const room = await open();
		await room.begin();
		const same = ago(5 * MINUTE);
		room.publish(6, { publishedAt: ago(2 * MINUTE) });
		room.publish(2, { publishedAt: ago(9 * MINUTE) });
		room.publish(3, { publishedAt: same });
		room.publish(4, { publishedAt: same });
		room.publish(5, { publishedAt: same });
		room.publish(1, { title: "عاجل: سقوط جسر على الطريق رقم 1", publishedAt: ago(MINUTE) });
		room.site.feed.order = ["road-4", "road-6", "road-5", "road-3", "road-1", "road-2", "road-0"];
		await room.shows([1, 2, 3, 5, 4, 6]);
		expect(room.telegramPosts()[0]?.text).toMatch(/^🔴 عاجل \| سقوط جسر على الطريق رقم 1\n/);
	});

	test("titles are text: nothing in them formats or notifies", async ({ open }) => {
		const room = await open();
		await room.begin();
		const titles = [
			"الطريق رقم 1 <b>عريض</b> <script>alert(1)</script> <a href='tg://user?id=1'>هنا</a>",
			"الطريق رقم 2 & الجسر &amp; الممر &lt;i&gt;",
			"الطريق رقم 3 بحسب @durov و@nakhla_news و＠someone",
			"الطريق رقم 4 *نجمة* _خط_ [رابط](https://evil.example) `رمز` ||مخفي||",
			"الطريق رقم 5 /start /delete@mirsal_test_bot",
			"الطريق رقم 6 {{ title }} {% raw %} {{ nothing }}",
		];
		const before = ago(20 * MINUTE).getTime();
		for (const [at, title] of titles.entries())
			room.publish(at + 1, { title, publishedAt: new Date(before + at * MINUTE) });
		await room.shows([1, 2, 3, 4, 5, 6]);
		const posts = room.telegramPosts();
		for (const post of posts) {
			const types = new Set(post.entities?.map(({ type }) => type));
			expect(
				[...types].filter((type) => !["bold", "text_link", "hashtag", "url"].includes(type)),
				post.text,
			).toEqual([]);
			expect(post.entities?.filter(({ type }) => type === "bold")).toHaveLength(1);
			expect(post.entities?.filter(({ type }) => type === "text_link")).toHaveLength(1);
			const [bold] = post.entities?.filter(({ type }) => type === "bold") ?? [];
			expect([bold?.offset, bold?.length], "all of the title and nothing else is bold").toEqual([
				0,
				post.text?.indexOf("\n"),
			]);
		}
		for (const { text } of room.twitter.posts())
			expect(twitterText.extractMentionsOrListsWithIndices(text), text).toEqual([]);
		expect(room.twitter.posts()[5]?.text).toContain("{{ title }} {% raw %} {{ nothing }}");
	});

	test("a long title is cut at a word with «…», never dropped", async ({ open }) => {
		const room = await open();
		await room.begin();
		const words = Array.from({ length: 1_200 }, (_, at) => `كلمة${at}`);
		room.publish(1, { title: `الطريق رقم 1 ${words.join(" ")}` });
		room.publish(2, { title: `الطريق رقم 2 ${"ممتد".repeat(150)}` });
		await room.shows([1, 2]);
		for (const posts of [room.telegramPosts(), room.twitter.posts()]) {
			const [long = ""] = posts.map(({ text = "" }) => text.split("\n")[0] ?? "");
			expect(long.endsWith("…")).toBe(true);
			expect(words).toContain(long.slice(0, -1).split(" ").at(-1));
		}
		expect(room.twitter.posts()[1]?.text.split("\n")[0]).toMatch(/^الطريق رقم 2.*…$/);
		expect(room.telegramPosts()[0]?.text?.length).toBeGreaterThan(3_900);
		const { weightedLength } = twitterText.parseTweet(room.twitter.posts()[0]?.text ?? "");
		expect(weightedLength).toBeGreaterThan(250);
	});

	test("one article that cannot be posted never stops the next", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		const refusal = (code: number, words: string) => ({
			status: code,
			body: { ok: false, error_code: code, description: words },
			when: (body: Readonly<Record<string, unknown>>) => String(body["text"]).includes("رقم 1"),
			times: 9,
		});
		room.telegram.fault("sendMessage", refusal(400, "Bad Request: MEDIA_EMPTY"));
		room.twitter.fault("POST /2/tweets", {
			...refusal(400, ""),
			body: { title: "Invalid Request", detail: "One or more parameters to your request was invalid.", status: 400 },
		});
		room.publish(1, { publishedAt: ago(2 * MINUTE) });
		room.publish(2);
		await room.shows([2]);
		expect(
			program
				.said("refused")
				.map(({ channel }) => channel)
				.sort(),
		).toEqual(["telegram", "twitter"]);
		expect((await status(room)).channels).toMatchObject([{ refused: 1 }, { refused: 1 }]);
	});

	test("title only is posted as title and link; text only takes its first sentence as title; neither is skipped with its reason", async ({
		open,
	}) => {
		const room = await open();
		const program = await room.begin();
		room.site.setPages({ status: 404 });
		const before = ago(10 * MINUTE).getTime();
		const at = (minutes: number) => ({ publishedAt: new Date(before + minutes * MINUTE), summary: "" });
		const bare = room.publish(1, { body: "", ...at(0) });
		room.publish(2, { title: "", body: `${DAMAGE} في الطريق رقم 2 بعد السيول. ${story(2).body}`, ...at(1) });
		const nothing = room.publish(3, { title: "", body: "", ...at(2) });
		room.publish(4, at(3));
		await room.shows([1, 2, 4]);
		expect(room.telegramPosts()[0]?.text).toBe(`${bare.title}\n\nاقرأ الخبر`);
		expect(room.twitter.posts()[0]?.text).toBe(`${bare.title}\n\n${bare.url}`);
		expect(room.telegramPosts()[1]?.text?.split("\n")[0]).toMatch(/^أضرار في الطريق رقم 2 بعد السيول\.?$/);
		expect(program.said("new article").filter(({ url }) => url === nothing.url)).toMatchObject([
			{ state: "skipped", reason: "neither title nor text" },
		]);
	});

	test("a short entry is completed from its page", async ({ open }) => {
		const room = await open();
		room.site.feed.entries = "summary";
		await room.begin();
		room.publish(1);
		await room.shows([1]);
		expect(room.telegramPosts()[0]?.text).toContain("بعد نقاش استمر ثلاث ساعات.");
		expect(room.telegramPosts()[0]?.text).not.toContain("[…]");
	});

	test("a page that fails leaves the entry as it is, and the article is posted", async ({ open }) => {
		const room = await open();
		room.site.feed.entries = "summary";
		const program = await room.begin();
		room.site.setPages({ status: 500 });
		room.publish(1, { summary: "أقر المجلس مشروع الطريق الجديد." });
		await room.shows([1]);
		expect(room.telegramPosts()[0]?.text).toContain("أقر المجلس مشروع الطريق الجديد.");
		expect(program.log.filter(({ level, url }) => level === "warn" && url !== undefined)).toHaveLength(1);
	});

	test("a restart posts nothing again, and posts what was published meanwhile", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		room.publish(1);
		await room.shows([1]);
		expect(await first.stop()).toBe(0);
		room.publish(2);
		room.start();
		await room.shows([1, 2]);
	});

	test("H3: SIGTERM during a slow send finishes it and exits 0; the restart does not double it", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		room.telegram.fault("sendMessage", { delay: 2_000 });
		room.twitter.fault("POST /2/tweets", { delay: 2_000 });
		room.publish(1);
		await until(() => room.telegramPosts().length + room.twitter.posts().length === 2, "both sends are under way");
		room.publish(2);
		expect(await first.stop()).toBe(0);
		expect(first.said("sent")).toHaveLength(2);
		expect(numbers(room.telegramPosts())).toEqual([1]);
		room.start();
		await room.shows([1, 2]);
	});

	test("a preview channel shows its posts; they end as skipped (preview), and credentials added later never post them", async ({
		open,
	}) => {
		const room = await open();
		const none = { ...Object.fromEntries(Object.keys(SECRETS).map((name) => [name, ""])), TELEGRAM_CHANNEL: "" };
		const preview = await room.begin(none);
		room.publish(1);
		await preview.until(() => preview.stdout.split("رقم 1").length === 3, "both posts on stdout");
		expect(preview.stdout).toContain("telegram (preview");
		expect(preview.stdout).toContain("twitter (preview");
		await until(
			() => /of 4096/.test(preview.stdout) && /of 280/.test(preview.stdout),
			"the lengths of both posts on stdout",
		);
		expect((await status(room, none)).channels).toMatchObject([
			{ name: "telegram", state: "preview", sent: 0, waiting: 0, skipped: 2 },
			{ name: "twitter", state: "preview", sent: 0, waiting: 0, skipped: 2 },
		]);
		expect(await preview.stop()).toBe(0);
		room.start();
		room.publish(2);
		await room.shows([2]);
	});

	test("an article older than MAX_AGE when first seen is not posted", async ({ open }) => {
		const room = await open();
		const program = await room.begin({ MAX_AGE: "2h" });
		const old = room.publish(1, { publishedAt: ago(121 * MINUTE) });
		room.publish(2, { publishedAt: ago(118 * MINUTE) });
		await room.shows([2]);
		expect(program.said("new article").filter(({ url }) => url === old.url)).toMatchObject([
			{ state: "skipped", reason: "too old" },
		]);
	});

	test("429: the channel waits as told, nothing is lost, order is kept", async ({ open }) => {
		const room = await open();
		await room.begin();
		room.telegram.fault("sendMessage", { retryAfter: 2 });
		room.twitter.fault("POST /2/tweets", { retryAfter: 2 });
		for (const number of [1, 2, 3]) room.publish(number, { publishedAt: ago((9 - number) * MINUTE) });
		await room.shows([1, 2, 3]);
		for (const calls of [room.telegram.calls("sendMessage"), room.twitter.calls("POST /2/tweets")]) {
			expect(calls.map(({ status: code }) => code).filter((code) => code === 429)).toHaveLength(1);
			const [asked, next] = calls;
			expect((next?.at ?? 0) - (asked?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
			expect(calls).toHaveLength(4);
		}
	});

	test.for<[name: string, channel: "telegram" | "twitter", harm: (room: Newsroom) => void]>([
		["kicked from its channel", "telegram", ({ telegram }) => telegram.rights("@nakhla_news", { kicked: true })],
		[
			"with a revoked token",
			"telegram",
			({ telegram }) =>
				telegram.fault("sendMessage", {
					times: 99,
					status: 401,
					body: { ok: false, error_code: 401, description: "Unauthorized" },
				}),
		],
		[
			"with revoked keys",
			"twitter",
			({ twitter }) => twitter.fault("POST /2/tweets", { times: 99, problem: "unauthorized" }),
		],
		[
			"without credit",
			"twitter",
			({ twitter }) => twitter.fault("POST /2/tweets", { times: 99, problem: "creditsDepleted" }),
		],
	])("a channel %s is parked and keeps its queue; the other goes on", async ([, parked, harm], { open }) => {
		const room = await open();
		const program = await room.begin();
		harm(room);
		for (const number of [1, 2]) room.publish(number, { publishedAt: ago((9 - number) * MINUTE) });
		const [posts, calls] =
			parked === "telegram"
				? [() => room.twitter.posts(), () => room.telegram.calls("sendMessage")]
				: [() => room.telegramPosts(), () => room.twitter.calls("POST /2/tweets")];
		await until(
			() => String(numbers(posts())) === "1,2",
			"the other channel's posts",
			undefined,
			() => program.stderr,
		);
		await program.until(
			() => program.log.some(({ level, channel }) => level === "error" && channel === parked),
			"a word about the parked channel",
		);
		const { channels } = await status(room);
		expect(channels.find(({ name }) => name === parked)).toMatchObject({ state: "parked", waiting: 2, sent: 0 });
		expect(channels.find(({ name }) => name !== parked)).toMatchObject({ state: "ok", waiting: 0, sent: 2 });
		expect(calls()).toHaveLength(1);
	});

	test("the pace is kept, also across a restart", async ({ open }) => {
		// As strict as Telegram is at its own clock: shorter than the pace by what a slow request may take.
		const room = await open({ telegram: { limit: { count: 3, windowMs: 4_000 } } });
		const pace = { TELEGRAM_PACE: "3/6s" };
		const first = await room.begin(pace);
		for (let number = 1; number <= 5; number++) room.publish(number, { publishedAt: ago((20 - number) * MINUTE) });
		await first.until(
			() => first.said("sent").filter(({ channel }) => channel === "telegram").length === 3,
			"a full window",
		);
		expect(await first.stop()).toBe(0);
		room.start({ env: pace });
		await room.shows([1, 2, 3, 4, 5]);
		expect(room.telegram.tooMany).toBe(0);
	});

	test("H3: SIGINT while a source does not answer exits 0 at once", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		room.site.set({ hang: true });
		const before = room.site.hits("/feed");
		await until(() => room.site.hits("/feed") > before, "a look that hangs");
		const asked = Date.now();
		expect(await program.stop("SIGINT")).toBe(0);
		expect(Date.now() - asked).toBeLessThan(3_000);
	});
});

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { drawingLibrary } from "../../src/channels/drawing.ts";
import { picture } from "../channels/picture-samples.ts";
import { silence } from "../world.ts";
import { ADMIN, CHANNEL, type Newsroom, SECRETS, story, test } from "./newsroom.ts";

vi.setConfig({ maxConcurrency: 10 });

const SPORT = -1009876543210;
const drawing = await drawingLibrary(silence)();
if (!drawing) throw new Error("these tests need @napi-rs/canvas");
const PHOTO = await picture(drawing, "jpeg", 1_000, 600);

const YAML = `name: شبكة نخلة
channels:
  - { name: telegram, kind: telegram, picture: auto, unsureQuiet: 500ms, unsureBetween: 200ms }
  - { name: twitter, kind: twitter }
`;
const SILENT = { TWITTER_LINKS: "never" };
const QUIET = { TELEGRAM_OPS_CHAT: String(ADMIN) };

const shelfOf = (room: Newsroom): string[] => {
	try {
		return readdirSync(join(room.folder, "ledger", "mirsal.db.pictures"));
	} catch {
		return [];
	}
};
const captions = (room: Newsroom) =>
	room.telegramPosts().map(({ caption, photo }) => [caption?.split("\n")[0], !!photo]);

describe("pictures", { concurrent: true, timeout: 60_000 }, () => {
	test("the article's picture goes out with its words, and one without gets its card; nothing is left behind", async ({
		open,
	}) => {
		const room = await open({ yaml: YAML });
		room.site.serve("/photo.jpg", "image/jpeg", PHOTO);
		const program = await room.begin(SILENT);
		room.publish(1, { image: "/photo.jpg", publishedAt: new Date(Date.now() - 60_000) });
		await program.until(() => room.twitter.posts().length === 1 && room.telegramPosts().length === 1, "the first");
		room.publish(2);
		await program.until(() => room.twitter.posts().length === 2 && room.telegramPosts().length === 2, "the second");
		expect(captions(room)).toEqual([
			[story(1).title, true],
			[story(2).title, true],
		]);
		expect(room.twitter.posts().map(({ text, media }) => [text.split("\n")[0], media.length])).toEqual([
			[story(1).title, 1],
			[story(2).title, 1],
		]);
		expect([...room.twitter.altTexts.values()]).toEqual([story(1).title]);
		expect(room.telegram.calls("sendPhoto")).toHaveLength(2);
		expect(room.telegram.calls("sendMessage")).toEqual([]);
		expect(room.site.hits("/photo.jpg")).toBeLessThanOrEqual(2);
		expect(await program.stop()).toBe(0);
		expect(shelfOf(room)).toEqual([]);
	});

	test("no picture and no card: the page's preview, and the words do not wait", async ({ open }) => {
		const room = await open({ yaml: `${YAML}card: { off: true }\n` });
		const program = await room.begin(SILENT);
		room.publish(1, { image: "/missing.jpg" });
		await program.until(() => room.telegramPosts().length === 1 && room.twitter.posts().length === 1, "the posts");
		expect(room.telegram.calls("sendMessage").at(-1)?.body["link_preview_options"]).toMatchObject({
			prefer_large_media: true,
		});
		expect(room.twitter.posts()[0]?.media).toEqual([]);
	});

	test("T7, X7: platforms that take no picture get the words, once and in order", async ({ open }) => {
		const room = await open({ yaml: YAML });
		const refusal = { ok: false, error_code: 400, description: "Bad Request: IMAGE_PROCESS_FAILED" };
		room.telegram.fault("sendPhoto", { status: 400, body: refusal, times: 9 });
		room.twitter.fault("POST /2/media/upload/initialize", { problem: "notPermitted", times: 9 });
		await room.begin(SILENT);
		for (const number of [1, 2]) room.publish(number, { publishedAt: new Date(Date.now() - 60_000 + number) });
		await room.shows([1, 2]);
		expect(room.telegram.calls("sendMessage")).toHaveLength(2);
		expect(room.twitter.calls("POST /2/tweets")).toHaveLength(2);
	});

	test("killed in the upload, the next life finds that nothing is there and sends the same picture", async ({
		open,
	}) => {
		const room = await open({ yaml: YAML });
		room.site.serve("/photo.jpg", "image/jpeg", PHOTO);
		const first = await room.begin({ ...QUIET });
		room.publish(1, { publishedAt: new Date(Date.now() - 60_000) });
		await first.until(() => room.telegramPosts().length === 1, "the first");
		room.telegram.fault("sendPhoto", { hang: true });
		room.publish(2, { image: "/photo.jpg" });
		await first.until(() => room.telegram.calls("sendPhoto").length === 2, "the upload");
		await first.kill();
		const [kept = ""] = shelfOf(room);
		expect(kept).toMatch(/^telegram\./);
		room.site.serve("/photo.jpg", "image/png", "gone");
		const second = room.start({ env: QUIET });
		await second.until(() => room.telegramPosts().length === 2, "the second");
		const sent = room.telegram.calls("sendPhoto").map(({ body }) => (body["photo"] as { bytes: Buffer }).bytes);
		expect(sent.at(-1)?.equals(PHOTO)).toBe(true);
		expect(captions(room)[1]).toEqual([story(2).title, true]);
		await second.until(() => shelfOf(room).length === 0, "an empty shelf");
	});

	test("several channels: sport in a topic with a button, breaking news pinned, an English account", async ({
		open,
	}) => {
		const room = await open({
			telegram: {
				channels: [
					{ id: CHANNEL, username: "nakhla_news" },
					{ id: SPORT, topics: [7], group: true, title: "ملعب نخلة" },
				],
			},
			yaml: `channels:
  - { name: telegram, kind: telegram, pin: true }
  - name: sport
    kind: telegram
    chat: ${SPORT}
    thread: 7
    button: true
    preview: below
    filter: { include: { words: [دوري] } }
  - { name: english, kind: twitter, secrets: ENGLISH, language: en }
`,
		});
		const env = Object.fromEntries(
			Object.entries(SECRETS).flatMap(([name, secret]) =>
				name.startsWith("TWITTER_")
					? [
							[name.replace("TWITTER", "ENGLISH"), secret],
							[name, ""],
						]
					: [],
			),
		);
		const program = await room.begin(env);
		room.publish(1, { title: `عاجل | ${story(1).title}`, publishedAt: new Date(Date.now() - 60_000) });
		await program.until(() => room.telegramPosts().length === 1 && room.twitter.posts().length === 1, "breaking news");
		room.publish(2, { title: "انطلاق دوري المدارس في بغداد" });
		await program.until(() => room.telegramPosts().length === 2 && room.twitter.posts().length === 2, "the match");
		await program.until(() => room.telegram.posts(SPORT).length === 1, "the sport channel");
		const [match] = room.telegram.posts(SPORT);
		expect(match).toMatchObject({
			message_thread_id: 7,
			link_preview_options: { show_above_text: false },
			reply_markup: { inline_keyboard: [[{ text: "اقرأ الخبر" }]] },
		});
		expect(match?.text).not.toContain("اقرأ الخبر");
		expect(room.telegramPosts()[1]?.text).toContain("اقرأ الخبر");
		expect(room.twitter.posts()[0]?.text).toMatch(/^\u200F?🔴 BREAKING \| /u);
		await program.until(() => room.telegram.pinned.length === 1, "the pin");
		expect(room.telegram.pinned).toEqual([{ chat: CHANNEL, message: room.telegramPosts()[0]?.message_id }]);
		const check = room.start({ args: ["check"], env });
		expect(await check.exit, check.stdout).toBe(0);
		expect(check.stdout).toContain("may post in the group «ملعب نخلة»");
	});

	test("preview says which picture would go, in words and as JSON", async ({ open }) => {
		const room = await open({ yaml: YAML });
		room.site.serve("/photo.jpg", "image/jpeg", PHOTO);
		const { url } = room.publish(1, { image: "/photo.jpg" });
		const run = async (...more: readonly string[]) => {
			const program = room.start({ args: ["preview", url, ...more], env: SILENT });
			expect(await program.exit, program.stderr).toBe(0);
			return program.stdout;
		};
		const text = await run();
		expect(text).toContain(`[صورة] 1000×600 JPEG, ${Math.ceil(PHOTO.length / 1_000)} kB`);
		const { posts } = JSON.parse(await run("--json")) as { posts: Record<string, { picture?: object }> };
		const file = { from: "article", type: "image/jpeg", width: 1_000, height: 600, bytes: PHOTO.length };
		expect(posts["telegram"]?.picture).toEqual({ form: "photo", files: [file] });
		expect(posts["twitter"]?.picture).toEqual({ form: "media", files: [{ ...file, alt: story(1).title }] });
		expect(shelfOf(room)).toEqual([]);
	});
});

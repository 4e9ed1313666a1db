import { describe, expect, vi } from "vitest";
import { drawingLibrary } from "../../src/channels/drawing.ts";
import { picture } from "../channels/picture-samples.ts";
import { silence } from "../world.ts";
import { type Newsroom, story, test } from "./newsroom.ts";
import { until } from "./program.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 10 });

const drawing = await drawingLibrary(silence)();
if (!drawing) throw new Error("these tests need @napi-rs/canvas");
const PHOTO = await picture(drawing, "jpeg", 1_000, 600);
const OTHER = await picture(drawing, "jpeg", 800, 600);

const MINUTE = 60_000;
const texts = (room: Newsroom) => room.telegramPosts().map(({ text = "" }) => text);
const yaml = (twitter: string, telegram = "") =>
	`channels:\n  - { name: telegram, kind: telegram${telegram} }\n  - { name: twitter, kind: twitter${twitter} }\n`;

describe("corrections", { concurrent: true, timeout: 120_000 }, () => {
	test("a changed headline changes the Telegram post, marked, and leaves Twitter alone", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		const { slug } = room.publish(1);
		await room.shows([1]);
		const [before] = room.telegramPosts();
		room.site.edit(slug, { title: "مجلس المحافظة يؤجل مشروع الطريق رقم 1" });
		await program.until(() => texts(room)[0]?.startsWith("مجلس المحافظة يؤجل") === true, "the edit", MINUTE);
		const [after] = room.telegramPosts();
		expect(after?.message_id).toBe(before?.message_id);
		expect(after?.text?.split("\n")[0]).toBe("مجلس المحافظة يؤجل مشروع الطريق رقم 1 (تحديث)");
		expect(room.telegram.calls("sendMessage")).toHaveLength(1);
		expect(room.twitter.posts().map(({ text }) => text.split("\n")[0])).toEqual([story(1).title]);
	});

	test("an edit survives a crash, and changes meet in one edit a minute", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		const { slug } = room.publish(1);
		await room.shows([1]);
		room.telegram.fault("editMessageText", { hang: true });
		room.site.edit(slug, { title: "صيغة أولى للخبر رقم 1" });
		await program.until(() => room.telegram.calls("editMessageText").length === 1, "the first edit");
		await program.kill();
		const second = room.start();
		await second.until(() => texts(room)[0]?.startsWith("صيغة أولى") === true, "the edit again");
		const edits = room.telegram.calls("editMessageText").length;
		room.site.edit(slug, { title: "صيغة ثانية للخبر رقم 1" });
		const looks = room.site.hits("/feed");
		await second.until(() => room.site.hits("/feed") >= looks + 3, "three more looks");
		expect(room.telegram.calls("editMessageText")).toHaveLength(edits);
		expect(room.telegramPosts()).toHaveLength(1);
	});

	test("another picture takes the place of the first, under the same words", async ({ open }) => {
		const room = await open({ yaml: yaml("", ", picture: auto") });
		room.site.serve("/one.jpg", "image/jpeg", PHOTO);
		room.site.serve("/two.jpg", "image/jpeg", OTHER);
		const program = await room.begin({ TWITTER_LINKS: "never" });
		const { slug } = room.publish(1, { image: "/one.jpg" });
		await program.until(() => room.telegramPosts().length === 1, "the post");
		const [before] = room.telegramPosts();
		room.site.edit(slug, { image: "/two.jpg" });
		await program.until(() => room.telegram.calls("editMessageMedia").length === 1, "the edit", MINUTE);
		const [after] = room.telegramPosts();
		expect(after?.caption).toBe(before?.caption);
		expect(after?.photo).not.toEqual(before?.photo);
	});

	test("reply: Twitter gets the update as an answer to our own post", async ({ open }) => {
		const room = await open({ yaml: yaml(", corrections: reply") });
		await room.begin();
		const { slug } = room.publish(1);
		await room.shows([1]);
		room.site.edit(slug, { title: "مجلس المحافظة يؤجل مشروع الطريق رقم 1" });
		await until(() => room.twitter.posts().length === 2, "the answer", MINUTE);
		const [root, answer] = room.twitter.posts();
		expect(answer?.replyTo).toBe(root?.id);
		expect(answer?.text).toMatch(/^تحديث \| مجلس المحافظة يؤجل/);
	});

	test("repost: Twitter's young post is taken down and posted again", async ({ open }) => {
		const room = await open({ yaml: yaml(", corrections: repost") });
		await room.begin();
		const { slug } = room.publish(1);
		await room.shows([1]);
		room.site.edit(slug, { title: "مجلس المحافظة يؤجل مشروع الطريق رقم 1" });
		const text = () => room.twitter.posts().map((post) => post.text.split("\n")[0]);
		await until(() => text()[0]?.startsWith("تحديث | مجلس المحافظة يؤجل") === true, "the second post", MINUTE);
		expect(text()).toHaveLength(1);
		expect(room.twitter.calls("DELETE /2/tweets/:id")).toHaveLength(1);
	});

	test("check says what corrections cost", async ({ open }) => {
		const room = await open({ yaml: yaml(", corrections: repost, retractions: remove") });
		const program = room.start({ args: ["check"] });
		await program.exit;
		expect(program.stdout).toContain("posted again within 10 min ($0.025, with a link $0.21 each)");
		expect(program.stdout).toContain("those of retracted ones taken down ($0.01 each)");
	});

	test("what Twitter cannot do is a wrong setting: exit 2 with the channel's name", async ({ open }) => {
		const room = await open({ yaml: yaml(", corrections: edit") });
		const program = room.start({ args: ["check"] });
		expect(await program.exit).toBe(2);
		expect(program.stderr).toContain("channel «twitter»: «corrections: edit» cannot be");
	});
});

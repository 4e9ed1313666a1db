import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { type Newsroom, story, test } from "./newsroom.ts";

vi.setConfig({ maxConcurrency: 10 });

const clockTime = (minutesFromNow: number) =>
	new Date(Date.now() + minutesFromNow * 60_000).toISOString().slice(11, 16);
const env = { TIMEZONE: "UTC" };

async function run(room: Newsroom, args: readonly string[]) {
	const program = room.start({ args, env });
	const code = await program.exit;
	return { code, out: program.stdout, err: program.stderr };
}

describe("times", { concurrent: true, timeout: 60_000 }, () => {
	test("quiet hours hold what is ordinary and let breaking news out, silent ones make no sound, and without them all goes out", async ({
		open,
	}) => {
		const room = await open();
		const wish = (yaml: string) => writeFileSync(join(room.folder, "newsroom.yaml"), yaml);
		const end = clockTime(60);
		const hours = `from: "${clockTime(-60)}", to: "${end}"`;
		wish(`quietHours: { ${hours}, do: hold }\n`);
		const first = await room.begin(env);
		room.publish(1);
		room.publish(2, { title: `عاجل | ${story(2).title}` });
		await room.shows([2]);
		expect(await first.stop()).toBe(0);
		const status = await run(room, ["status"]);
		expect(status.out).toContain(`telegram: waiting (quiet until ${end}); sent 1, skipped 1, waiting 1`);
		const once = await run(room, ["once"]);
		expect(once.err).toContain(`channel telegram: 1 waiting (quiet until ${end})`);
		expect(once.code).toBe(1);

		wish(`quietHours: { ${hours}, do: silent }\n`);
		const second = room.start({ env });
		await room.shows([2, 1]);
		expect(await second.stop()).toBe(0);
		expect(room.telegram.calls("sendMessage").map(({ body }) => body["disable_notification"] ?? false)).toEqual([
			false,
			true,
		]);
	});

	test("a digest is posted once, on the channels that want it, through restarts", async ({ open }) => {
		const room = await open();
		const first = await room.begin(env);
		room.publish(1, { publishedAt: new Date(Date.now() - 50_000) });
		room.publish(2, { publishedAt: new Date(Date.now() - 40_000) });
		await room.shows([1, 2]);
		expect(await first.stop()).toBe(0);
		const at = clockTime(-1);
		writeFileSync(
			join(room.folder, "newsroom.yaml"),
			`digests:\n  - { at: "${at}", channel: telegram, title: نشرة الصباح }\n  - { at: "${at}", channel: twitter, title: نشرة الصباح }\n`,
		);
		const second = room.start({ env });
		await second.until(() => room.telegramPosts().length === 3 && room.twitter.posts().length === 3, "the digests");
		room.publish(3);
		await second.until(() => room.telegramPosts().length === 4 && room.twitter.posts().length === 4, "the next");
		expect(await second.stop()).toBe(0);
		expect((await run(room, ["once"])).code).toBe(0);
		expect(room.telegramPosts()).toHaveLength(4);
		expect(room.twitter.posts()).toHaveLength(4);
		const [, , digest] = room.telegramPosts();
		expect(digest?.text).toMatch(/^نشرة الصباح — .+\n\n• .+ رقم 2\n• .+ رقم 1$/u);
		expect(room.twitter.posts()[2]?.text).toMatch(/^نشرة الصباح\n\n• .+ رقم 2\n• .+ رقم 1$/u);
	});
});

import { describe, expect, vi } from "vitest";
import { type Newsroom, story, test } from "./newsroom.ts";

vi.setConfig({ maxConcurrency: 10 });

async function run(room: Newsroom, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const program = room.start({ args, env });
	const code = await program.exit;
	return { code, out: program.stdout, err: program.stderr };
}

const costOf = async (room: Newsroom, env: Readonly<Record<string, string>>) =>
	(JSON.parse((await run(room, ["status", "--json"], env)).out) as { cost: Record<string, number> }).cost;

describe("money", { concurrent: true, timeout: 60_000 }, () => {
	test("the budget stops Twitter before it is exceeded, Telegram goes on, and a higher one lets the rest go out", async ({
		open,
	}) => {
		const room = await open();
		const env = { TWITTER_MONTHLY_BUDGET: "0.50" };
		const program = await room.begin(env);
		for (const number of [1, 2, 3, 4]) room.publish(number, { publishedAt: new Date(Date.now() - 60_000 + number) });
		await program.until(
			() => program.said("channel parked: its queue is kept and tried again by itself").length > 0,
			"the park",
		);
		await program.until(() => room.telegramPosts().length === 4, "Telegram");
		expect(room.twitter.posts()).toHaveLength(2);
		const status = await run(room, ["status"], env);
		expect(status.out).toMatch(
			/twitter: parked \(the month's budget of 0\.50 dollars is spent\); sent 2, skipped 1, waiting 2/,
		);
		expect(status.out).toMatch(/Twitter, \d{4}-\d\d: \$0\.40 of \$0\.50, by its end \$/);
		expect(await program.stop()).toBe(0);
		room.start({ env: { TWITTER_MONTHLY_BUDGET: "5" } });
		await room.shows([1, 2, 3, 4]);
	});

	test("auto under a small budget: no link and no bare domain, and breaking news keeps its link", async ({ open }) => {
		const room = await open();
		const program = await room.begin({ TWITTER_MONTHLY_BUDGET: "1", TWITTER_LINKS: "auto" });
		const { title } = story(1);
		room.publish(1, { title: `${title} ويعلن موقع nirgal.com` });
		room.publish(2, { title: `عاجل | ${story(2).title}` });
		await program.until(() => room.twitter.posts().length === 2, "both");
		const text = (number: number) => room.twitter.posts().find((post) => post.text.includes(`رقم ${number}`))?.text;
		expect(text(1)).toContain("nirgal .com");
		expect(text(1)).not.toMatch(/https?:/);
		expect(text(2)).toContain("http://");
		expect(await costOf(room, {})).toMatchObject({ usd: 0.215, posts: 2, linked: 1 });
	});

	test("X2: without credit Twitter rests, and goes on by itself; what was refused is not booked", async ({ open }) => {
		const room = await open();
		room.twitter.fault("POST /2/tweets", { problem: "creditsDepleted" });
		const program = await room.begin();
		room.publish(1);
		await program.until(
			() => program.said("channel parked: its queue is kept and tried again by itself").length > 0,
			"the park",
		);
		await program.stop();
		room.start();
		await room.shows([1]);
		expect(await costOf(room, {})).toMatchObject({ usd: 0.2, posts: 1 });
	});

	test("check is billed for asking who it is, and does not ask where the budget is spent", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		room.publish(1);
		await room.shows([1]);
		await program.stop();
		const first = await run(room, ["check"], { TWITTER_MONTHLY_BUDGET: "0.21" });
		expect(first.out).toContain("posts as @nakhla_news");
		expect(first.out).toMatch(/money: Twitter, \d{4}-\d\d: \$0\.21 of \$0\.21/);
		const second = await run(room, ["check"], { TWITTER_MONTHLY_BUDGET: "0.21" });
		expect(second.out).toContain("not asked whose account it is");
		expect(second.code).toBe(0);
		expect(room.twitter.calls("GET /2/users/me")).toHaveLength(1);
	});
});

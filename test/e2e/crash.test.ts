import { describe, expect } from "vitest";
import { ADMIN, numbers, test } from "./newsroom.ts";
import { until } from "./program.ts";

const YAML = `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 500ms, unsureBetween: 200ms }
  - { name: twitter, kind: twitter, unsureQuiet: 500ms, unsureBetween: 200ms }
`;
const ARTICLES = 30;
const KILLS = 5;

/** Numbers between 0 and 1 that a seed repeats (mulberry32). */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

describe("a burst of 30 articles with SIGKILL at random moments", { timeout: 180_000 }, () => {
	test("loses none, doubles none, and keeps the order on both channels", async ({ open }) => {
		const seed = Date.now() % 1_000_000;
		const next = random(seed);
		const room = await open({ yaml: YAML });
		// A first post, so that Telegram's channel has a last known one.
		const env = { TELEGRAM_OPS_CHAT: String(ADMIN), FIRST_VISIT: "latest:1" };
		let program = await room.begin(env);
		await room.shows([0]);
		const slow = (most: number) => ({ times: 1, delay: 20 + Math.round(next() * most) });
		for (let call = 0; call < 200; call++) {
			room.telegram.fault("sendMessage", slow(150));
			room.twitter.fault("POST /2/tweets", slow(150));
		}
		const start = Date.now() - ARTICLES * 60_000;
		const wanted = [0];
		for (let number = 1; number <= ARTICLES; number++) {
			room.publish(number, { publishedAt: new Date(start + number * 60_000 - 1_000) });
			wanted.push(number);
		}
		const posts = () => room.telegramPosts().length + room.twitter.posts().length;
		for (let kill = 0; kill < KILLS; kill++) {
			const enough = posts() + 2 + Math.round(next() * 6);
			await until(
				() => posts() >= enough,
				`${enough} posts (seed ${seed})`,
				20_000,
				() => program.stderr.slice(-3_000),
			);
			await new Promise((resolve) => setTimeout(resolve, next() * 120));
			await program.kill();
			program = room.start({ env });
		}
		await until(
			() => posts() >= 2 * wanted.length,
			`all posts (seed ${seed}); telegram ${numbers(room.telegramPosts())}; twitter ${numbers(room.twitter.posts())}`,
			50_000,
			() => program.stderr.slice(-4_000),
		);
		expect({ seed, telegram: numbers(room.telegramPosts()) }).toEqual({ seed, telegram: wanted });
		expect({ seed, twitter: numbers(room.twitter.posts()) }).toEqual({ seed, twitter: wanted });
		expect(room.telegram.replies(ADMIN), "what was forwarded for a look is taken away again").toEqual([]);
	});
});

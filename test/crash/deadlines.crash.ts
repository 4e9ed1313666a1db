import { describe, expect } from "vitest";
import { ADMIN, type Newsroom, type NewsroomOptions, test } from "../e2e/newsroom.ts";
import { type Program, until } from "../e2e/program.ts";

const YAML = `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 500ms, unsureBetween: 200ms }
  - { name: twitter, kind: twitter, unsureQuiet: 500ms, unsureBetween: 200ms }
`;
const OPS = { TELEGRAM_OPS_CHAT: String(ADMIN) };

/** A newsroom in which story 1 was posted, so that there is a last known post. */
async function posted(
	open: (options?: NewsroomOptions) => Promise<Newsroom>,
): Promise<{ room: Newsroom; program: Program }> {
	const room = await open({ yaml: YAML });
	const program = await room.begin(OPS);
	room.publish(1, { publishedAt: new Date(Date.now() - 120_000) });
	await room.shows([1]);
	return { room, program };
}

// A send has 20 s for its answer, and these wait for all of them.
describe("an answer that never comes", { concurrent: true, timeout: 120_000 }, () => {
	test("though the post was made: posted exactly once on either channel, in order", async ({ open }) => {
		const { room } = await posted(open);
		room.telegram.fault("sendMessage", { hang: true, accept: true });
		room.twitter.fault("POST /2/tweets", { hang: true, accept: true });
		room.publish(2, { publishedAt: new Date(Date.now() - 60_000) });
		room.publish(3);
		await room.shows([1, 2, 3], 60_000);
		expect(room.telegram.replies(ADMIN), "what was forwarded for a look is taken away again").toEqual([]);
	});

	test("H3: that SIGTERM waits for in vain: exit 0 within 25 s, and the restart posts it exactly once", async ({
		open,
	}) => {
		const { room, program } = await posted(open);
		room.telegram.fault("sendMessage", { hang: true, accept: true });
		room.twitter.fault("POST /2/tweets", { hang: true });
		room.publish(2);
		await until(
			() => room.telegramPosts().length === 2 && room.twitter.calls("POST /2/tweets").length === 2,
			"two sends that hang",
		);
		const asked = Date.now();
		expect(await program.stop()).toBe(0);
		expect(Date.now() - asked).toBeLessThan(25_000);
		room.start({ env: OPS });
		await room.shows([1, 2]);
	});
});

import { describe, expect, vi } from "vitest";
import type { Fault } from "../servers/fault.ts";
import { ADMIN, CHANNEL, type Newsroom, type NewsroomOptions, numbers, test } from "./newsroom.ts";
import { type Program, until } from "./program.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 12 });

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const YAML = `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 500ms, unsureBetween: 200ms }
  - { name: twitter, kind: twitter, unsureQuiet: 500ms, unsureBetween: 200ms }
`;
const OPS = { TELEGRAM_OPS_CHAT: String(ADMIN) };

/** A newsroom in which story 1 was posted, so that there is a last known post. */
async function posted(
	open: (options?: NewsroomOptions) => Promise<Newsroom>,
	env: Readonly<Record<string, string>> = OPS,
	yaml = YAML,
): Promise<{ room: Newsroom; program: Program }> {
	const room = await open({ yaml });
	const program = await room.begin(env);
	room.publish(1, { publishedAt: ago(120_000) });
	await room.shows([1]);
	return { room, program };
}

/** What a channel's log says last. */
const lastOf = (program: Program, channel: string) =>
	program.log.filter((line) => line["channel"] === channel).at(-1)?.msg;

const counts = async (room: Newsroom) => {
	const program = room.start({ args: ["status", "--json"] });
	expect(await program.exit, program.stderr).toBe(0);
	return (JSON.parse(program.stdout) as { channels: object[] }).channels;
};

describe("a lost answer", { concurrent: true, timeout: 150_000 }, () => {
	test.for<[name: string, sends: number, faults: readonly (readonly [name: string, fault: Fault])[]]>([
		[
			"after the post was made",
			2,
			[
				["a connection that broke", { reset: "after" }],
				["a proxy's 502", { html: true, accept: true }],
				["a success that is no JSON", { raw: "<html>ok</html>" }],
				["a success that holds nothing", { status: 200, body: {}, accept: true }],
			],
		],
		[
			"before the post was made",
			3,
			[
				["a connection that broke", { reset: "before" }],
				["a proxy's 502", { html: true }],
			],
		],
	])("%s: posted exactly once on either channel, in order", async ([, sends, faults], { open }) => {
		const { room, program } = await posted(open);
		const calls = () => [room.telegram.calls("sendMessage").length, room.twitter.calls("POST /2/tweets").length];
		const lost = () => program.said("the answer was lost: looked for before anything is sent again");
		const wanted = [1];
		for (const [name, fault] of faults) {
			const begun = calls();
			const before = lost().length;
			room.telegram.fault("sendMessage", fault);
			room.twitter.fault("POST /2/tweets", fault);
			for (const age of [60_000, 30_000]) {
				wanted.push(wanted.length + 1);
				room.publish(wanted.length, { publishedAt: ago(age - wanted.length) });
			}
			await room.shows(wanted, 45_000);
			expect(
				lost()
					.slice(before)
					.map(({ channel }) => channel)
					.sort(),
				name,
			).toEqual(["telegram", "twitter"]);
			expect(
				calls().map((count, at) => count - (begun[at] ?? 0)),
				name,
			).toEqual([sends, sends]);
		}
		expect(room.telegram.replies(ADMIN), "what was forwarded for a look is taken away again").toEqual([]);
		await program.until(
			() => lastOf(program, "telegram") === "sent" && lastOf(program, "twitter") === "sent",
			"both receipts of the last article",
		);
		for (const channel of await counts(room))
			expect(channel).toMatchObject({ sent: wanted.length, waiting: 0, unsure: 0 });
	});

	test("on twitter, while its timeline lags: the second look finds the post", async ({ open }) => {
		const patient = YAML.replace(/(kind: twitter.*)200ms/, "$13s");
		const { room } = await posted(open, OPS, patient);
		room.twitter.setLag(2_000);
		room.twitter.fault("POST /2/tweets", { reset: "after" });
		room.publish(2, { publishedAt: ago(60_000) });
		room.publish(3);
		await room.shows([1, 2, 3]);
		expect(room.twitter.calls("GET /2/users/:id/tweets")).toHaveLength(2);
		expect(room.twitter.calls("POST /2/tweets")).toHaveLength(3);
	});

	test("on twitter, half an answer that still names the post: no look is needed", async ({ open }) => {
		const { room, program } = await posted(open);
		room.twitter.fault("POST /2/tweets", { truncate: true });
		room.publish(2, { publishedAt: ago(60_000) });
		room.publish(3);
		await room.shows([1, 2, 3]);
		expect(program.log.filter(({ msg }) => msg.startsWith("the answer was lost"))).toEqual([]);
	});

	test("on telegram, while an editor posts by hand: found behind the editor's post", async ({ open }) => {
		const { room } = await posted(open);
		room.telegram.humanPost(CHANNEL, "نشر يدوي من المحرر");
		room.telegram.fault("sendMessage", { reset: "after" });
		room.publish(2);
		await until(() => room.telegram.calls("forwardMessage").length >= 2, "looks");
		room.publish(3);
		await until(() => String(numbers(room.telegramPosts()).filter(Boolean)) === "1,2,3", "posts 1,2,3");
		expect(room.telegram.replies(ADMIN)).toEqual([]);
	});

	test("on telegram without a chat to look in: left unsure, never sent again, and the next article goes on", async ({
		open,
	}) => {
		const { room } = await posted(open, {});
		room.telegram.fault("sendMessage", { reset: "before" });
		room.publish(2, { publishedAt: ago(60_000) });
		room.publish(3);
		await until(() => String(numbers(room.telegramPosts())) === "1,3", "posts 1,3");
		expect(await counts(room)).toMatchObject([
			{ name: "telegram", sent: 2, waiting: 0, unsure: 1 },
			{ name: "twitter" },
		]);
		expect(numbers(room.twitter.posts())).toEqual([1, 2, 3]);
	});

	test("on telegram where nothing may be forwarded: left unsure, and the next article goes on", async ({ open }) => {
		const { room } = await posted(open);
		room.telegram.protect(CHANNEL, true);
		room.telegram.fault("sendMessage", { reset: "after" });
		room.publish(2, { publishedAt: ago(60_000) });
		room.publish(3);
		await room.shows([1, 2, 3]);
		expect(await counts(room)).toMatchObject([
			{ name: "telegram", sent: 2, waiting: 0, unsure: 1 },
			{ name: "twitter" },
		]);
	});

	test("H4: of sends that SIGKILL cut off: posted exactly once", async ({ open }) => {
		const { room, program } = await posted(open);
		room.telegram.fault("sendMessage", { delay: 5_000 });
		room.twitter.fault("POST /2/tweets", { delay: 5_000 });
		room.publish(2, { publishedAt: ago(60_000) });
		await room.shows([1, 2]);
		await program.kill();
		room.publish(3);
		room.start({ env: OPS });
		await room.shows([1, 2, 3], 30_000);
	});
});

import { join } from "node:path";
import { describe, expect } from "vitest";
import { ADMIN, numbers, test } from "./newsroom.ts";
import { until } from "./program.ts";
import { smallDisk } from "./small-disk.ts";

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const SOON = `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 1s, unsureBetween: 300ms }
  - { name: twitter, kind: twitter }
`;
const NO_ROOM = /امتلأ القرص|لا أستطيع الكتابة|The disk|The ledger/;

describe("H5: a disk that takes no more", { concurrent: true, timeout: 150_000 }, () => {
	test.for<[how: "is full" | "fails each write"]>([["is full"], ["fails each write"]])(
		"it %s: nothing is posted without its intent, admins are told once, and it resumes by itself",
		async ([how], { open, onTestFinished }) => {
			const disk = smallDisk(how === "is full" ? "full" : "failing");
			onTestFinished(() => disk.close());
			const room = await open();
			const program = await room.begin({
				STORE_URL: `sqlite:${join(disk.folder, "mirsal.db")}`,
				TELEGRAM_ADMINS: String(ADMIN),
			});
			room.publish(1, { publishedAt: ago(60_000) });
			await room.shows([1]);
			await program.until(() => program.said("sent").length === 2, "both receipts");
			disk.fill(program.pid);
			room.publish(2);
			const told = () => room.telegram.replies(ADMIN).filter(({ text = "" }) => NO_ROOM.test(text));
			await until(
				() => told().length > 0,
				`a word to the admins (${disk.how})`,
				20_000,
				() => program.stderr.slice(-3_000),
			);
			const failures = () => program.said("a run failed; it runs again").length;
			const before = failures();
			await program.until(() => failures() > before + 1, "more failures");
			expect([numbers(room.telegramPosts()), numbers(room.twitter.posts())], disk.how).toEqual([[1], [1]]);
			disk.free(program.pid);
			await room.shows([1, 2]);
			await until(() => room.telegram.replies(ADMIN).length === 2, "a word that it is over");
			expect(told(), "once").toHaveLength(1);
			expect(await program.stop()).toBe(0);
		},
	);

	test("it is read-only at the start: exit 1 with a sentence, and nothing is posted", async ({
		open,
		onTestFinished,
	}) => {
		const disk = smallDisk("read-only");
		onTestFinished(() => disk.close());
		const room = await open();
		const env = { STORE_URL: `sqlite:${join(disk.folder, "mirsal.db")}` };
		const first = await room.begin(env);
		expect(await first.stop()).toBe(0);
		room.publish(1);
		const second = room.start(disk.closed({ args: ["run"], env }));
		expect(await second.exit, second.stderr).toBe(1);
		expect(second.stderr, disk.how).toMatch(/mirsal\.db/);
		expect(second.stderr).not.toMatch(/^\s+at /m);
		expect(room.telegramPosts()).toEqual([]);
		disk.open();
		room.start({ env });
		await room.shows([1]);
	});
});

describe("H8: a fault that nobody foresaw", { concurrent: true, timeout: 150_000 }, () => {
	const later = (code: string) =>
		`--import data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2",()=>{${code}})`)}`;
	test.for<[name: string, code: string]>([
		["a rejection", 'Promise.reject(new Error("the moon fell"))'],
		["an exception", 'throw new Error("the moon fell")'],
	])("%s that nobody handles ends the process, and the next start goes on", async ([, code], { open }) => {
		const room = await open({ yaml: SOON });
		const program = await room.begin({ NODE_OPTIONS: later(code), TELEGRAM_OPS_CHAT: String(ADMIN) });
		room.publish(1, { publishedAt: ago(60_000) });
		await room.shows([1]);
		room.telegram.fault("sendMessage", { delay: 5_000 });
		room.publish(2);
		await room.shows([1, 2]);
		expect(await program.stop("SIGUSR2")).toBe(1);
		expect(program.stderr).toContain("the moon fell");
		room.publish(3);
		room.start({ env: { TELEGRAM_OPS_CHAT: String(ADMIN) } });
		await room.shows([1, 2, 3]);
	});
});

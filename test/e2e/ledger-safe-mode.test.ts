import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { ADMIN, type Newsroom, test } from "./newsroom.ts";

const ledgerOf = ({ folder }: Newsroom) => join(folder, "ledger", "mirsal.db");

function lose(room: Newsroom): void {
	for (const end of ["", "-wal", "-shm"]) rmSync(ledgerOf(room) + end, { force: true });
}

async function said(room: Newsroom, args: readonly string[]): Promise<string> {
	const program = room.start({ args });
	expect(await program.exit, program.stderr).toBe(0);
	return program.stdout;
}

describe("H6: a ledger that disappeared", { timeout: 60_000 }, () => {
	test("posts nothing again, says so everywhere, and goes on from now", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		room.publish(1);
		await room.shows([1]);
		await first.kill();
		expect(existsSync(`${ledgerOf(room)}.initialised`)).toBe(true);
		lose(room);

		// While its only source fails, safe mode lasts: also through another death.
		room.site.set({ status: 503 });
		const env = { TELEGRAM_ADMINS: String(ADMIN), FIRST_VISIT: "latest:5" };
		const second = room.start({ env });
		await second.until(
			() => second.said("the source could not be read: nothing is marked as seen, it is looked at again").length > 0,
			"a failed look",
		);
		expect(second.stderr).toContain("safe mode: the ledger is empty although it was in use before");
		await second.kill();
		const text = await said(room, ["status"]);
		expect(text).toMatch(/^Safe mode: .*mirsal ledger restore FILE/);
		expect(JSON.parse(await said(room, ["status", "--json"]))).toMatchObject({
			safeMode: expect.any(String),
			alerts: [{ incident: "safe-mode" }],
		});

		room.site.set({ status: undefined });
		const third = room.start({ env });
		await third.until(
			() => third.said("safe mode is over: every source was read, and what is new from now on is posted").length > 0,
			"its end",
		);
		// Feeds give whole seconds, and what bears the very second of the loss may have gone out before it.
		room.publish(2, { publishedAt: new Date(Date.now() + 2_000) });
		await room.shows([1, 2]);
		const told = room.telegram.posts(ADMIN).map(({ text: words = "" }) => words);
		expect(told.filter((words) => words.includes("ضاع السجل: وجدته فارغًا"))).toHaveLength(1);
		expect(told.at(-1)).toContain("قرأت المصادر كلها بعد ضياع السجل");
		expect(JSON.parse(await said(room, ["status", "--json"]))).not.toHaveProperty("safeMode");
	});

	test("brought back with `mirsal ledger restore`, it posts nothing twice: what was posted since the backup is asked about", async ({
		open,
	}) => {
		const room = await open();
		const first = await room.begin();
		room.publish(1);
		await room.shows([1]);
		const copy = join(room.folder, "given-backup.db");
		await said(room, ["ledger", "backup", copy]);
		room.publish(2);
		await room.shows([1, 2]);
		await first.kill();
		lose(room);
		expect(await said(room, ["ledger", "restore", copy])).toContain("is the ledger now");
		const files = readdirSync(join(room.folder, "ledger")).filter((name) => name.startsWith("mirsal.db.restoring"));
		expect(files).toEqual([]);
		await said(room, ["ledger", "check"]);
		const second = room.start({ env: { TELEGRAM_ADMINS: String(ADMIN) } });
		await second.until(
			() => room.telegram.posts(ADMIN).some(({ text = "" }) => text.includes("نُشر قبل استعادة السجل")),
			"the question",
		);
		room.publish(3, { publishedAt: new Date(Date.now() + 1_000) });
		await room.shows([1, 2, 3]);
		expect(second.stderr).not.toContain("safe mode");
	});

	test("both files deleted is a new start", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		await first.stop();
		rmSync(join(room.folder, "ledger"), { recursive: true });
		room.publish(1);
		const second = room.start({ env: { FIRST_VISIT: "latest:1" } });
		await room.shows([1]);
		expect(second.stderr).not.toContain("safe mode");
	});

	test("`mirsal once` ends it as well", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		await first.stop();
		lose(room);
		room.publish(1);
		const checked = room.start({ args: ["check"] });
		expect(await checked.exit, checked.stderr).toBe(0);
		const program = room.start({ args: ["once"] });
		expect(await program.exit).toBe(0);
		expect(program.stderr).toContain("safe mode is over");
		await room.shows([]);
		room.publish(2, { publishedAt: new Date(Date.now() + 2_000) });
		await said(room, ["once"]);
		await room.shows([2]);
		expect(readdirSync(join(room.folder, "ledger")).sort()).toContain("mirsal.db.initialised");
	});

	test("a ledger from before there were markers gets its own at the next start, and nothing is posted again", async ({
		open,
	}) => {
		const room = await open();
		const first = await room.begin();
		room.publish(1);
		await room.shows([1]);
		await first.stop();
		rmSync(`${ledgerOf(room)}.initialised`);
		await said(room, ["once"]);
		expect(existsSync(`${ledgerOf(room)}.initialised`)).toBe(true);
		await room.shows([1]);
	});
});

import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, vi } from "vitest";
import { ADMIN, type Newsroom, test } from "./newsroom.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 6 });

const HOUR = 3_600_000;
const ledgerOf = ({ folder }: Newsroom) => join(folder, "ledger", "mirsal.db");
const backupsOf = ({ folder }: Newsroom) => join(folder, "ledger", "backups");

/** A secret that stands in a ledger against every rule; not the newsroom's own, for what the program writes is searched for those. */
const PLANTED = "710000009:AAH-planted_in_the_ledger_0123456789";

async function mirsal(room: Newsroom, ...args: string[]) {
	const program = room.start({ args, env: { TELEGRAM_BOT_TOKEN: PLANTED } });
	const code = await program.exit;
	return { code, stdout: program.stdout, stderr: program.stderr };
}

/** A ledger with one posted article, whose first list was taken so many hours ago; nobody runs. */
async function aged(room: Newsroom, hours: number): Promise<void> {
	const program = await room.begin();
	room.publish(1);
	await room.shows([1]);
	expect(await program.stop()).toBe(0);
	const then = new Date(Date.now() - hours * HOUR);
	utimesSync(`${ledgerOf(room)}.initialised`, then, then);
}

describe("backups", { concurrent: true, timeout: 60_000 }, () => {
	test("a running Mirsal makes the day's backup, `ledger restore` lists it, and it restores", async ({ open }) => {
		const room = await open();
		await aged(room, 23);
		expect(await mirsal(room, "ledger", "restore")).toMatchObject({
			code: 0,
			stdout: expect.stringMatching(/^There is no backup in /),
		});
		const then = new Date(Date.now() - 25 * HOUR);
		utimesSync(`${ledgerOf(room)}.initialised`, then, then);
		const program = room.start();
		await program.until(() => program.said("the ledger was backed up").length > 0, "the backup");
		const [name = ""] = readdirSync(backupsOf(room));
		expect(name).toMatch(/^mirsal-\d{4}-\d\d-\d\d\.db$/);
		await program.kill();
		const { stdout } = await mirsal(room, "ledger", "restore");
		expect(stdout).toContain(join(backupsOf(room), name));
		expect(stdout).toContain("mirsal ledger restore FILE");
		writeFileSync(ledgerOf(room), "this is no ledger any more".repeat(1_000));
		expect(await mirsal(room, "once")).toMatchObject({ code: 1 });
		expect(await mirsal(room, "ledger", "restore", join(backupsOf(room), name))).toMatchObject({ code: 0 });
		room.publish(2, { publishedAt: new Date(Date.now() + 1_000) });
		room.start();
		await room.shows([1, 2]);
	});

	test("H5: a backup that cannot be written is told to the admins once, and posting goes on", async ({ open }) => {
		const room = await open();
		await aged(room, 25);
		writeFileSync(backupsOf(room), "a file in the folder's place");
		const program = room.start({ env: { TELEGRAM_ADMINS: String(ADMIN) } });
		await program.until(
			() => program.said("the ledger could not be backed up; it is tried again in an hour").length > 0,
			"the failure",
		);
		room.publish(2);
		await room.shows([1, 2]);
		const told = room.telegram
			.posts(ADMIN)
			.filter(({ text = "" }) => text.includes("لم أستطع حفظ نسخة اليوم من السجل"));
		expect(told).toHaveLength(1);
		expect(await program.stop()).toBe(0);
	});

	test("H4: SIGKILL while a backup is made leaves ledger and backups whole, and the next life makes it", async ({
		open,
	}) => {
		const room = await open();
		await aged(room, 25);
		const handle = new Database(ledgerOf(room));
		const insert = handle.prepare("INSERT INTO entries (key, value) VALUES (?, ?)");
		handle.exec("BEGIN");
		for (let number = 0; number < 40_000; number++)
			insert.run(`mirsal:filler:${number}`, `{"value":"${"x".repeat(1_000)}"}`);
		handle.exec("COMMIT");
		handle.close();
		const first = room.start();
		await first.until(() => existsSync(backupsOf(room)) && readdirSync(backupsOf(room)).length > 0, "a beginning");
		await first.kill();
		expect(readdirSync(backupsOf(room)).filter((name) => name.endsWith(".db"))).toEqual([]);
		expect(await mirsal(room, "ledger", "check")).toMatchObject({ code: 0 });
		const second = room.start();
		await second.until(() => second.said("the ledger was backed up").length > 0, "the backup");
		expect(readdirSync(backupsOf(room))).toHaveLength(1);
		room.publish(2);
		await room.shows([1, 2]);
	});

	test("the demo leaves nothing behind", async ({ folder, open }) => {
		const room = await open();
		const program = room.start({
			cwd: folder,
			env: Object.fromEntries(
				[...Object.keys(room.env), "WEB_ADDRESS"].map((name) => [name, name === "WEB_ADDRESS" ? "off" : ""]),
			),
		});
		await program.until(() => program.stdout.includes("\n"), "a post of the demo");
		await program.stop();
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe("looking into a ledger", { concurrent: true, timeout: 60_000 }, () => {
	test("export: JSON lines in key order, beside a live instance, to standard output or a file, without secrets", async ({
		open,
	}) => {
		const room = await open();
		await room.begin();
		room.publish(1);
		await room.shows([1]);
		const live = new Database(ledgerOf(room), { timeout: 10_000 });
		live
			.prepare("INSERT INTO entries (key, value) VALUES (?, ?)")
			.run("mirsal:zz", JSON.stringify({ value: `https://x/bot${PLANTED}/y` }));
		const { code, stdout, stderr } = await mirsal(room, "ledger", "export");
		live.prepare("DELETE FROM entries WHERE key = ?").run("mirsal:zz");
		live.close();
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const entries = stdout
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as { key: string; value: unknown });
		const keys = entries.map(({ key }) => key);
		expect(keys).toEqual([...keys].sort());
		expect(keys.some((key) => key.startsWith("delivery:telegram:"))).toBe(true);
		expect(entries.at(-1)).toEqual({ key: "zz", value: "https://x/bot[secret]/y" });
		const file = join(room.folder, "export.jsonl");
		expect(await mirsal(room, "ledger", "export", file)).toMatchObject({ code: 0, stdout: `Written to ${file}.\n` });
		expect(readFileSync(file, "utf8").split("\n").length).toBeGreaterThanOrEqual(entries.length);
		expect(readdirSync(room.folder)).not.toContain(expect.stringContaining(".partial"));
	});

	test("export to a reader who leaves early ends quietly", async ({ open }) => {
		const room = await open();
		await aged(room, 0);
		const program = room.start({ args: ["ledger", "export", "-"] });
		program.leave();
		expect(await program.exit, program.stderr).toBe(0);
	});

	test("export where nothing is: exit 1, and nothing is made", async ({ open }) => {
		const room = await open();
		const file = join(room.folder, "export.jsonl");
		expect(await mirsal(room, "ledger", "export", file)).toMatchObject({
			code: 1,
			stderr: expect.stringContaining("There is no ledger at"),
		});
		expect(existsSync(file)).toBe(false);
	});

	test("check: the inner order of a ledger, beside a live instance too; what is wrong in words, exit 1", async ({
		open,
	}) => {
		const room = await open();
		await aged(room, 0);
		const program = room.start();
		await program.ready();
		expect(await mirsal(room, "ledger", "check")).toMatchObject({
			code: 0,
			stdout: expect.stringContaining("is whole."),
		});
		await program.kill();
		const handle = new Database(ledgerOf(room));
		handle.exec(
			"DELETE FROM entries WHERE key LIKE 'mirsal:delivery:twitter:%'; INSERT INTO entries (key, value) VALUES ('mirsal:open:twitter:1:x:lost', '{\"value\":\"lost\"}')",
		);
		handle.exec("DELETE FROM entries WHERE key LIKE 'mirsal:delivery:telegram:%'");
		handle.close();
		const { code, stderr } = await mirsal(room, "ledger", "check");
		expect(code).toBe(1);
		expect(stderr).toContain("open:twitter:1:x:lost leads to a delivery that is not there.");
		expect(stderr).toMatch(/The article \w{26} has no delivery to any channel/);
	});
});

test("H8: a ledger that was deleted by hand with its backups kept can be brought back by what safe mode says", {
	timeout: 60_000,
}, async ({ open }) => {
	const room = await open();
	await aged(room, 25);
	const program = room.start();
	await program.until(() => program.said("the ledger was backed up").length > 0, "the backup");
	await program.stop();
	for (const end of ["", "-wal", "-shm"]) rmSync(ledgerOf(room) + end, { force: true });
	room.site.set({ status: 503 });
	const safe = room.start();
	await safe.until(() => safe.stderr.includes("safe mode"), "safe mode");
	await safe.stop();
	const [name = ""] = readdirSync(backupsOf(room));
	expect(await mirsal(room, "ledger", "restore", join(backupsOf(room), name))).toMatchObject({ code: 0 });
	room.site.set({ status: undefined });
	room.publish(2, { publishedAt: new Date(Date.now() + 1_000) });
	const again = room.start();
	await room.shows([1, 2]);
	expect(again.stderr).not.toContain("safe mode");
});

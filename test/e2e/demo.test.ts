import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./newsroom.ts";
import { startProgram } from "./program.ts";

test("the demo: without any setting, within 10 s a Telegram post and a tweet with their lengths; nothing is written here; Ctrl-C stops it", {
	timeout: 30_000,
}, async ({ folder }) => {
	const program = startProgram({ args: ["run"], cwd: folder });
	try {
		await program.until(
			() =>
				/telegram \(preview[\s\S]*\d+ of 4096/.test(program.stdout) &&
				/twitter \(preview[\s\S]*\d+ of 280/.test(program.stdout),
			"both posts with their lengths",
			10_000,
		);
		expect(program.stdout).toMatch(/[\u0621-\u064A]{3,}/);
		expect(program.stderr).toMatch(/demo[\s\S]*\.env/);
		expect(program.log.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
		expect(await program.stop("SIGINT")).toBe(0);
		expect(readdirSync(folder)).toEqual([]);
	} finally {
		await program.close();
	}
});

test("npm start passes SIGTERM on: the program ends by itself, and npm with 0", {
	timeout: 60_000,
}, async ({ folder }) => {
	const root = join(import.meta.dirname, "../..");
	const program = startProgram({
		command: "npm",
		args: ["start", "--silent"],
		cwd: root,
		env: {
			NEWSROOM_FILE: "off",
			SOURCES: "https://127.0.0.1:9/feed",
			STORE_URL: `sqlite:${join(folder, "mirsal.db")}`,
		},
	});
	try {
		await program.ready();
		expect(await program.stop()).toBe(0);
		expect(program.said("stopping: what is being sent is finished, the rest is kept")).toHaveLength(1);
	} finally {
		await program.close();
	}
});

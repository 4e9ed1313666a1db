import { expect, test } from "vitest";
import { type Level, openLog } from "../src/log.ts";
import { redactor } from "../src/redact.ts";

async function lines(level: Level, pretty: boolean): Promise<string[]> {
	const written: string[] = [];
	const log = await openLog({
		level,
		pretty,
		redact: redactor(["canary-token"]),
		write: (line) => void written.push(line),
	});
	log.debug({ n: 1 }, "debug line");
	log.info({ channel: "telegram", url: "https://u:p@example.org/?k=canary-token" }, "info line");
	log.warn({ error: new Error("canary-token was refused") }, "warn canary-token");
	log.error({}, "error line");
	return written;
}

test("one JSON object a line, with time and level, and no secret in it", async () => {
	const written = await lines("info", false);
	expect(written).toHaveLength(3);
	expect(written.every((line) => line.endsWith("\n") && line.trim().split("\n").length === 1)).toBe(true);
	const [info, warn] = written.map((line) => JSON.parse(line) as Record<string, unknown>);
	expect(info).toMatchObject({ level: "info", msg: "info line", channel: "telegram" });
	expect(info).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) });
	expect(warn).toMatchObject({ level: "warn", msg: "warn [secret]" });
	expect(written.join("")).not.toMatch(/canary|u:p@/);
});

test("on a terminal it is for people, and no secret leaves either", async () => {
	const written = (await lines("debug", true)).join("");
	expect(written).toContain("info line");
	expect(written).not.toMatch(/^\{/m);
	expect(written).not.toContain("canary");
});

test.each<[Level, number]>([
	["debug", 4],
	["info", 3],
	["warn", 2],
	["error", 1],
	["silent", 0],
])("level %s", async (level, count) => expect(await lines(level, false)).toHaveLength(count));

import { describe, expect, vi } from "vitest";
import { type Newsroom, test } from "./newsroom.ts";

vi.setConfig({ maxConcurrency: 10 });

async function run(room: Newsroom, ...args: string[]): Promise<{ code: number | undefined; out: string; err: string }> {
	const program = room.start({ args });
	const code = await program.exit;
	return { code, out: program.stdout, err: program.stderr };
}

async function held(room: Newsroom): Promise<number[]> {
	const { out } = await run(room, "status", "--json");
	const { channels } = JSON.parse(out) as { channels: { held: number }[] };
	return channels.map((channel) => channel.held);
}

describe("C9: a mass import", { concurrent: true, timeout: 150_000 }, () => {
	const flood = async (room: Newsroom) => {
		const program = await room.begin({ FLOOD_LIMIT: "3" });
		for (const number of [1, 2, 3, 4, 5]) room.publish(number, { publishedAt: new Date(Date.now() - 60_000 + number) });
		await program.until(() => program.said("new article").length === 6, "the import");
		return program;
	};

	test("waits, shows in the status, and goes out when somebody approves it beside the live instance", async ({
		open,
	}) => {
		const room = await open();
		await flood(room);
		room.publish(6);
		await room.shows([6]);
		expect(await held(room)).toEqual([5, 5]);
		const status = await run(room, "status");
		expect(status.out).toContain("held 5");
		const approved = await run(room, "approve");
		expect(approved, approved.err).toMatchObject({ code: 0, out: "Decided about 5 held articles.\n" });
		await room.shows([6, 1, 2, 3, 4, 5]);
		expect(await held(room)).toEqual([0, 0]);
	});

	test("only the newest, or none", async ({ open }) => {
		const room = await open();
		await flood(room);
		expect(await run(room, "approve", "nobody")).toMatchObject({ code: 1 });
		expect(await run(room, "approve", "--skip", "--latest")).toMatchObject({ code: 2 });
		expect(await run(room, "approve", "--latest")).toMatchObject({ code: 0 });
		await room.shows([3, 4, 5]);
		expect(await run(room, "approve")).toMatchObject({ code: 1, err: "Nothing is held.\n" });
	});
});

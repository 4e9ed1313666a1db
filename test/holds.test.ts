import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Release, holds } from "../src/holds.ts";
import { advance } from "../src/ledger/delivery.ts";
import { fakeAdmins, openWorld, POLICY, type World } from "./world.ts";

let world: World;
const CHANNELS = ["telegram", "twitter"];
const HOUR = 3_600_000;

beforeEach(async () => {
	world = await openWorld();
});
afterEach(() => world.close());

const desk = (admins = world.admins) => holds({ ledger: world.ledger, channels: CHANNELS, admins, clock: world.clock });

/** Five held articles, oldest first. */
async function held(name = "flood:feed"): Promise<string[]> {
	const ids: string[] = [];
	for (let minute = 0; minute < 5; minute++) {
		const id = await world.plan(`خبر ${minute}`, minute, { channels: CHANNELS });
		for (const channel of CHANNELS) {
			const before = await world.delivery(id, channel);
			await world.ledger.record(before, { ...before, state: "held", reason: "too many at once", hold: name });
		}
		ids.push(id);
	}
	return ids;
}

async function decisions(channel: string): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for await (const [id, decision] of world.ledger.decisions(channel)) found[id] = decision.do;
	return found;
}

const FLOOD = { name: "flood:feed", source: "feed", why: "flood", count: 5 } as const;

describe("a decision", () => {
	test.each<[Release, readonly string[]]>([
		["all", ["retry", "retry", "retry", "retry", "retry"]],
		["latest", ["skip", "skip", "retry", "retry", "retry"]],
		["none", ["skip", "skip", "skip", "skip", "skip"]],
	])("%s reaches every channel's lane, and the hold is over", async (answer, expected) => {
		const ids = await held();
		const { open, release } = desk();
		await open(FLOOD);
		expect(await release("flood:feed", answer, "7")).toBe(5);
		for (const channel of CHANNELS) {
			const found = await decisions(channel);
			expect(ids.map((id) => found[id])).toEqual(expected);
		}
		for await (const hold of world.ledger.holds()) expect(hold).toBeUndefined();
		expect(await world.ledger.incidents()).toEqual([]);
		expect(await release("flood:feed", answer, "7"), "deciding again harms nothing").toBe(5);
	});

	test("leaves other holds alone", async () => {
		await held("flood:feed");
		const others = await held("away:feed");
		await desk().release("flood:feed", "all", "7");
		const found = await decisions("telegram");
		expect(others.some((id) => id in found)).toBe(false);
	});

	test("what is posted is held no more", async () => {
		const [id = ""] = await held();
		const before = await world.delivery(id);
		expect(advance(before, { type: "retry" }, world.clock.now(), POLICY)).not.toHaveProperty("hold");
	});
});

describe("asking", () => {
	test("once for a hold, whatever is added to it", async () => {
		const { open } = desk();
		await open(FLOOD);
		await open({ ...FLOOD, count: 2 });
		expect(world.admins.asked).toMatchObject([{ sentence: "askFlood", fields: { count: 5 } }]);
		const found: number[] = [];
		for await (const { count } of world.ledger.holds()) found.push(count);
		expect(found).toEqual([7]);
	});

	test("again after two hours, then once a day", async () => {
		const { open, remind } = desk();
		await open(FLOOD);
		const asked: number[] = [];
		for (let hour = 1; hour <= 52; hour++) {
			await world.clock.advance(HOUR);
			const before = world.admins.asked.length;
			await remind();
			if (world.admins.asked.length > before) asked.push(hour);
		}
		expect(asked).toEqual([2, 26, 50]);
	});

	test("an answer to an earlier question counts until the next one is a day old", async () => {
		const admins = fakeAdmins();
		await desk(admins).open(FLOOD);
		const [question] = admins.asked;
		expect(new Date(question?.until ?? 0).getTime() - world.clock.now().getTime()).toBe(24 * HOUR);
	});

	test.each([
		["flood", 5, ["postAll", "postLatest", "leaveAll"]],
		["unpaid", 12, ["postAll", "postLatest", "leaveAll"]],
		["away", 2, ["postAll", "leaveAll"]],
		["similar", 1, ["postIt", "leaveIt"]],
	] as const)("%s offers what can be done", async (why, count, labels) => {
		await desk().open({ name: `${why}:x`, source: "feed", why, count, text: "خبر" });
		expect(world.admins.asked[0]?.buttons.map(({ label }) => label)).toEqual(labels);
	});
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { disorder, lines } from "../../src/ledger/order.ts";
import { openWorld, type World } from "../world.ts";

let world: World;

beforeEach(async () => {
	world = await openWorld();
});
afterEach(() => world.close());

async function problems(): Promise<string[]> {
	const found: string[] = [];
	for await (const problem of disorder(world.store)) found.push(problem);
	return found;
}

async function placeOf(shelf: string): Promise<string> {
	for await (const [key] of world.store.list(`${shelf}:`)) return key;
	throw new Error(`nothing is ${shelf}`);
}

async function settled(state: "sent" | "refused" | "unsure" | "skipped" | "held", id: string): Promise<void> {
	const before = await world.delivery(id);
	const closed = state === "unsure" ? { closed: true } : {};
	await world.ledger.record(before, { ...before, state, ...closed, changedAt: "2026-11-23T09:30:00.000Z" });
}

test("a ledger in which deliveries stand on every shelf is in order", async () => {
	const [first, ...others] = await Promise.all(
		["sent", "refused", "unsure", "skipped", "held", "planned"].map((title, minute) => world.plan(title, minute)),
	);
	const [second, third, fourth, fifth] = others;
	await settled("sent", first ?? "");
	await settled("refused", second ?? "");
	await settled("unsure", third ?? "");
	await settled("skipped", fourth ?? "");
	await settled("held", fifth ?? "");
	await world.ledger.decide("telegram", fifth ?? "", { v: 1, do: "retry", by: "سلمى", at: "2026-11-23T09:31:00.000Z" });
	expect(await problems()).toEqual([]);
});

test("an empty ledger is in order", async () => expect(await problems()).toEqual([]));

test("what was kept without what its key tells is in order", async () => {
	const id = await world.plan("خبر", 0);
	await world.store.write({
		set: [[`delivery:telegram:${id}`, { state: "sent", changedAt: "2026-11-23T09:30:00.000Z" }]],
		del: [await placeOf("open")],
	});
	expect(await problems()).toEqual([]);
});

describe("says in words", () => {
	test("a delivery to which nothing leads", async () => {
		const id = await world.plan("خبر", 0);
		await world.store.write({ del: [await placeOf("open")] });
		expect(await problems()).toEqual([
			`The article ${id} is planned for telegram, but nothing leads to it: it would wait for ever.`,
		]);
	});

	test("a place in the queue that leads nowhere", async () => {
		const id = await world.plan("خبر", 0, { channels: ["telegram", "twitter"] });
		const place = await placeOf("open");
		await world.store.write({ del: [`delivery:telegram:${id}`] });
		expect(await problems()).toEqual([`${place} leads to a delivery that is not there.`]);
	});

	test.each(["sent", "refused"] as const)("a place in the queue that leads to what was %s", async (state) => {
		const id = await world.plan("خبر", 0);
		const place = await placeOf("open");
		await settled(state, id);
		await world.store.write({ set: [[place, id]] });
		expect(await problems()).toEqual([
			`${place} leads to a delivery that does not belong there: the article ${id} is ${state} for telegram.`,
		]);
	});

	test("an article without any delivery", async () => {
		const id = await world.plan("خبر", 0);
		await world.store.write({ del: [`delivery:telegram:${id}`, await placeOf("open")] });
		expect(await problems()).toEqual([
			`The article ${id} has no delivery to any channel: nobody decided what becomes of it.`,
		]);
	});

	test("a delivery without its article", async () => {
		const id = await world.plan("خبر", 0);
		await world.store.write({ del: [`article:${id}`] });
		expect(await problems()).toEqual([`The delivery of the article ${id} to telegram (planned) has no article.`]);
	});

	test("a decision about nothing", async () => {
		await world.ledger.decide("telegram", "gone", { v: 1, do: "skip", by: "سلمى", at: "2026-11-23T09:31:00.000Z" });
		expect(await problems()).toEqual(["decision:telegram:gone is a decision about a delivery that is not there."]);
	});
});

test("a digest needs no article", async () => {
	const id = "digest:telegram:2026-11-23:morning";
	await world.store.write({
		set: [[`delivery:telegram:${id}`, { state: "sent", changedAt: "2026-11-23T09:30:00.000Z" }]],
	});
	expect(await problems()).toEqual([]);
});

test("the export has everything, one line each, in key order", async () => {
	const id = await world.plan("خبر «أول»\nفي سطرين", 0);
	await world.store.write({
		set: [
			["a", null],
			["z:é", [1, "\u2028"]],
		],
	});
	const found: { key: string; value: unknown }[] = [];
	for await (const line of lines(world.store)) {
		expect(line).not.toMatch(/\n/);
		found.push(JSON.parse(line) as { key: string; value: unknown });
	}
	const keys = found.map(({ key }) => key);
	expect(keys).toEqual([...keys].sort());
	expect(keys).toContain(`article:${id}`);
	expect(found.at(0)).toEqual({ key: "a", value: null });
	expect(found.at(-1)).toEqual({ key: "z:é", value: [1, "\u2028"] });
	for (const { key, value } of found) expect(await world.store.keyv.get(key)).toEqual(value);
});

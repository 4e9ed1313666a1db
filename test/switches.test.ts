import { afterEach, beforeEach, expect, test } from "vitest";
import { isPaused, restsUntil } from "../src/parking.ts";
import { openSwitches } from "../src/switches.ts";
import { openWorld, type World } from "./world.ts";

const HOUR = 3_600_000;
let world: World;
let woken: string[];

beforeEach(async () => {
	world = await openWorld();
	woken = [];
});
afterEach(() => world.close());

const open = () =>
	openSwitches({
		ledger: world.ledger,
		channels: ["telegram", "twitter"],
		clock: world.clock,
		wake: async (channel) => void woken.push(channel),
	});
const inHours = (hours: number) => new Date(world.clock.now().getTime() + hours * HOUR);

test("what was switched is known to the next life, and to another process after its next refresh", async () => {
	const [here, there] = [await open(), await open()];
	await here.pauseSource("feed", "سارة", inHours(2));
	await here.mute("feed", "حيدر");
	await here.add("new", "https://new.example/feed", "سارة");
	await here.setMode({ channel: "twitter" }, true, "سارة");
	await here.setMode({ source: "feed" }, true, "سارة");
	expect(there.isPaused("feed")).toBe(false);
	await there.refresh();
	for (const one of [there, await open()]) {
		expect(one.isPaused("feed")).toBe(true);
		expect(one.mutedBy("feed")).toBe("source muted by حيدر");
		expect(one.added()).toEqual([{ name: "new", url: "https://new.example/feed" }]);
		expect(one.mode()).toEqual({ channels: ["twitter"], sources: ["feed"] });
		expect([one.asks("feed", "telegram"), one.asks("new", "twitter"), one.asks("new", "telegram")]).toEqual([
			true,
			true,
			false,
		]);
	}
});

test("a source of which nothing is settled any more leaves nothing in the ledger", async () => {
	const switches = await open();
	await switches.pauseSource("feed", "سارة");
	await switches.mute("feed", "سارة");
	await switches.resumeSource("feed");
	await switches.unmute("feed");
	await switches.unmute("other");
	for await (const [key] of world.store.list("source:")) expect(key).toBeUndefined();
});

test("a source's pause ends at its time, also when nobody looks", async () => {
	const switches = await open();
	await switches.pauseSource("feed", "سارة", inHours(2));
	await world.clock.advance(2 * HOUR - 1);
	await switches.refresh();
	expect(switches.isPaused("feed")).toBe(true);
	await world.clock.advance(1);
	expect(switches.isPaused("feed")).toBe(false);
	await switches.refresh();
	expect(switches.of("feed")).toEqual({ v: 1 });
});

test("a channel's pause ends at its time and its lane is woken; one without a time lasts", async () => {
	const switches = await open();
	await switches.pauseChannel("telegram", "سارة", inHours(1));
	await switches.pauseChannel("twitter", "سارة");
	const record = await world.ledger.channel("telegram");
	expect(restsUntil(record, world.clock.now())).toEqual(inHours(1));
	expect(restsUntil(await world.ledger.channel("twitter"), world.clock.now())).toBe("paused");
	await world.clock.advance(HOUR);
	expect(restsUntil(record, world.clock.now())).toBeUndefined();
	expect(isPaused(record, world.clock.now())).toBe(false);
	await switches.refresh();
	expect(woken).toEqual(["telegram"]);
	expect((await world.ledger.channel("telegram")).paused).toBeUndefined();
	expect((await world.ledger.channel("twitter")).paused).toMatchObject({ by: "سارة" });
});

test.each([
	["a pause for good stays his who made it", undefined, undefined, "سارة"],
	["a time given later replaces it", undefined, 1, "حيدر"],
	["for good replaces a time", 1, undefined, "حيدر"],
])("%s", async (_name, first, second, by) => {
	const switches = await open();
	const until = (hours: number | undefined) => (hours === undefined ? undefined : inHours(hours));
	expect(await switches.pauseChannel("telegram", "سارة", until(first))).toBeUndefined();
	expect(await switches.pauseChannel("telegram", "حيدر", until(second))).toMatchObject({ by: "سارة" });
	expect((await world.ledger.channel("telegram")).paused?.by).toBe(by);
});

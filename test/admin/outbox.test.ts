import { afterEach, beforeEach, expect, test } from "vitest";
import { type Outbox, outbox } from "../../src/admin/outbox.ts";
import { EDITOR, type House, openHouse, OWNER, plain } from "./house.ts";

let house: House;
let out: Outbox;

beforeEach(async () => {
	house = await openHouse();
	out = outbox({ api: house.api, clock: house.clock, log: house.log, patience: 600_000 });
});
afterEach(async () => {
	out.close();
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

const waits = () => house.lines.filter(({ message }) => message === "a message to the admins waits").length;
const texts = (user: number) => house.telegram.replies(user).map(plain);

/** Looks again whenever the event loop comes round. */
async function until(check: () => boolean): Promise<void> {
	const end = performance.now() + 4_000;
	while (!check()) {
		if (performance.now() > end) throw new Error("not reached");
		await new Promise((resolve) => setImmediate(resolve));
	}
}

test("messages to one chat keep their order, and a chat that waits holds up no other", async () => {
	house.telegram.fault("sendMessage", { retryAfter: 30, when: (body) => body["chat_id"] === OWNER });
	const sent = ["أول", "ثان", "ثالث"].map((text) => out.send(OWNER, { text }));
	expect(await out.send(EDITOR, { text: "للآخر" })).toEqual({ chat: EDITOR, message: 1 });
	await until(() => waits() === 1);
	expect(texts(OWNER)).toEqual([]);
	await house.clock.advance(31_000);
	expect((await Promise.all(sent)).map((one) => one?.message)).toEqual([1, 2, 3]);
	expect(texts(OWNER)).toEqual(["أول", "ثان", "ثالث"]);
});

test("a message is given up after its time, and the next one goes out", async () => {
	house.telegram.fault("sendMessage", { html: true, times: 100, when: (body) => body["text"] === "أول" });
	const first = out.send(OWNER, { text: "أول" });
	const second = out.send(OWNER, { text: "ثان" });
	for (let turn = 1; !house.lines.some(({ message }) => message.includes("given up")); turn++) {
		await until(() => waits() === turn);
		await house.clock.advance(60_000);
		await until(() => waits() > turn || house.lines.some(({ message }) => message.includes("given up")));
	}
	expect(await first).toBeUndefined();
	expect(await second).toMatchObject({ chat: OWNER });
	expect(waits()).toBe(10);
});

test("what is refused is given up at once", async () => {
	expect(await out.send(99_999, { text: "x" })).toBeUndefined();
	expect(house.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
});

test("of more than a hundred that wait, the oldest are given up", async () => {
	house.telegram.fault("sendMessage", { retryAfter: 5 });
	const sent = Array.from({ length: 103 }, (_, number) => out.send(OWNER, { text: `رسالة ${number}` }));
	await until(() => waits() === 1);
	await house.clock.advance(6_000);
	const arrived = (await Promise.all(sent)).map((one) => one !== undefined);
	expect(arrived.filter(Boolean)).toHaveLength(100);
	expect(arrived.slice(0, 5)).toEqual([true, false, false, false, true]);
});

test("closing gives up what waits, at once, and takes nothing more", async () => {
	house.telegram.fault("sendMessage", { retryAfter: 3_600 });
	const sent = [out.send(OWNER, { text: "أول" }), out.send(OWNER, { text: "ثان" })];
	await until(() => waits() === 1);
	out.close();
	expect(await Promise.all([...sent, out.send(OWNER, { text: "ثالث" })])).toEqual([undefined, undefined, undefined]);
	expect(texts(OWNER)).toEqual([]);
});

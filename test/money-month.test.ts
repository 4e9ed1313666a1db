import { afterEach, beforeEach, expect, test } from "vitest";
import type { Channel } from "../src/channels/channel.ts";
import { holds } from "../src/holds.ts";
import { sumOf } from "../src/ledger/budget.ts";
import { publisher } from "../src/publish.ts";
import { fakeChannel, laneOf, openWorld, plainPost, silence, type World } from "./world.ts";

const HOUR = 3_600_000;
/** Every article of the newsroom's day, breaking ones among them. */
const A_DAY = 60;

let world: World;
beforeEach(async () => {
	world = await openWorld();
});
afterEach(() => world.close());

/** The newsroom's days, hour by hour, with what the channel showed at their end. */
async function live(from: string, days: number, dollars: number) {
	const { clock, ledger, admins } = world;
	await clock.advance(Date.parse(from) - clock.now().getTime());
	const fake = fakeChannel("twitter", {
		compose: (occasion) => ({
			...plainPost("twitter", occasion),
			addresses: occasion.kind !== "digest" && occasion.links ? 1 : 0,
		}),
	});
	const bills: Channel["bills"] = {
		post: ({ addresses = 1 }) => (addresses > 0 ? { postWithLink: 1 } : { post: 1 }),
		look: { read: 20 },
	};
	const channel = Object.assign(fake, { bills });
	const asked = holds({ ledger, channels: ["twitter"], admins, clock });
	const { run } = publisher({
		ledger,
		lanes: new Map([["twitter", laneOf(channel, { links: "auto", pace: { limit: 100, window: 1_000 } })]]),
		clock,
		log: silence,
		admins,
		money: { budget: dollars * 1e6, prices: [] },
		holds: asked,
	});
	const drain = async () => {
		const { signal } = new AbortController();
		for (let again = await run("twitter", signal); again !== "done"; again = await run("twitter", signal)) {
			const wait = again.again.getTime() - clock.now().getTime();
			if (wait >= HOUR) return;
			await clock.advance(Math.max(0, wait));
		}
	};
	let planned = 0;
	let most = 0;
	const hours = async (count: number, perHour: number) => {
		for (let hour = 0; hour < count; hour++) {
			for (let index = 0; index < perHour; index++, planned++)
				await world.plan(`خبر ${planned}`, 60 * 24 * 30 + planned, {
					channels: ["twitter"],
					kind: planned % 30 === 0 ? "breaking" : "article",
				});
			await drain();
			most = Math.max(most, sumOf(await ledger.money(clock.now().toISOString().slice(0, 7))).spent);
			await clock.advance(HOUR - (clock.now().getTime() % HOUR));
		}
	};
	for (let day = 0; day < days; day++) {
		await hours(20, A_DAY / 20);
		await hours(4, 0);
	}
	return { channel, planned, most: () => most, hours, asked };
}

const share = (posts: readonly { readonly addresses?: number }[]) =>
	posts.filter(({ addresses }) => addresses === 1).length / posts.length;

test("the last five days of a month of 60 articles a day: never over the budget, every article posted, links with what is left", async () => {
	const { channel, planned, most } = await live("2026-11-26T00:00:00.000Z", 5, 7);
	expect(planned).toBe(300);
	expect(channel.posts).toHaveLength(300);
	expect(most()).toBeLessThanOrEqual(7_000_000);
	// 300 posts without links are 4.50 dollars; the rest buys 13 links.
	expect(most()).toBeGreaterThan(6_500_000);
	expect(channel.posts.filter(({ kind, addresses }) => kind === "breaking" && addresses === 0)).toEqual([]);
	expect(share(channel.posts)).toBeGreaterThan(0.035);
});

test("where not even posts without links fit: the rest waits for the first of the month, the admins decide, and all of it goes out", async () => {
	const { channel, planned, most, hours, asked } = await live("2026-11-27T00:00:00.000Z", 4, 3);
	expect(most()).toBeLessThanOrEqual(3_000_000);
	const shown = channel.posts.length;
	expect(shown).toBeLessThan(planned);
	expect(world.admins.told.map(({ sentence }) => sentence)).toEqual(["budgetMost", "budgetSpent"]);
	await hours(1, 0);
	expect(channel.posts).toHaveLength(shown + 1);
	expect(world.admins.asked).toMatchObject([{ sentence: "askUnpaid", fields: { count: planned - shown - 1 } }]);
	await asked.release("unpaid:twitter", "all", "7");
	await hours(1, 0);
	expect(new Set(channel.texts).size).toBe(planned);
	expect(most()).toBeLessThanOrEqual(3_000_000);
});

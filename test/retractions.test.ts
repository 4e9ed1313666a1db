import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { retractions, type Standing } from "../src/retractions.ts";
import { revisions } from "../src/revisions.ts";
import { fakeChannel, laneOf, openWorld, silence, type World, work } from "./world.ts";
import { publisher } from "../src/publish.ts";

let world: World;
beforeEach(async () => {
	world = await openWorld();
});
afterEach(() => world.close());

const MINUTE = 60_000;
const signal = new AbortController().signal;

/** A site whose pages answer so, one after another; the last one for good. */
function watch(...answers: Standing[]) {
	const { ledger, clock } = world;
	let asked = 0;
	const taken = retractions({
		ledger,
		channels: ["telegram"],
		clock,
		log: silence,
		standing: async () => answers[Math.min(asked++, answers.length - 1)] ?? "stands",
	});
	return {
		get asked() {
			return asked;
		},
		/** So many ticks, a minute apart; true when an article was found to be taken back. */
		async minutes(count: number) {
			let found = false;
			for (let minute = 0; minute < count; minute++) {
				if (await taken.isDue()) found = (await taken.look(signal)) || found;
				await clock.advance(MINUTE);
			}
			return found;
		},
	};
}
const edits = () => revisions({ ledger: world.ledger, channels: ["telegram"], clock: world.clock, log: silence });
async function posted(): Promise<string> {
	const { clock, ledger, admins } = world;
	const id = await world.plan("مسحوب", 30);
	const lanes = new Map([["telegram", laneOf(fakeChannel())]]);
	const { run } = publisher({ ledger, lanes, clock, log: silence, admins });
	await work(clock, (stop) => run("telegram", stop));
	return id;
}
/** It leaves the list while older ones are listed. */
const vanishes = (id: string) => edits().gone([id], [{ publishedAt: "2026-11-23T08:10:00.000Z" }]);
const changes = async () => {
	const list: string[] = [];
	for await (const [, { what }] of world.ledger.changes("telegram")) list.push(what);
	return list;
};

describe("an article that left its list before its time", () => {
	test.each<readonly [string, readonly Standing[], boolean]>([
		["gone twice", ["gone"], true],
		["gone, then out of order, then gone twice", ["gone", "unclear", "gone"], true],
		["gone once, then it stands", ["gone", "stands"], false],
		["a site out of order", ["unclear"], false],
		["a page that stands", ["stands"], false],
		["gone between answers that are none", ["gone", "unclear", "gone", "unclear", "gone", "unclear", "stands"], false],
	])("%s", async (_name, answers, retracted) => {
		const id = await posted();
		await vanishes(id);
		expect(await watch(...answers).minutes(75)).toBe(retracted);
		expect((await world.ledger.article(id))?.retracted !== undefined).toBe(retracted);
		expect(await changes()).toEqual(retracted ? ["retract"] : []);
	});

	test("is asked for at once, and not believed before ten minutes are over", async () => {
		const id = await posted();
		await vanishes(id);
		const site = watch("gone");
		expect(await site.minutes(10)).toBe(false);
		expect(site.asked).toBe(1);
		expect(await site.minutes(1)).toBe(true);
		expect(site.asked).toBe(2);
		expect(await site.minutes(30)).toBe(false);
		expect(site.asked).toBe(2);
	});

	test("is not judged while its source cannot be read", async () => {
		const id = await posted();
		const fault = { since: world.clock.now().toISOString(), message: "503", times: 1 };
		await world.ledger.updateSource("feed", () => ({ v: 1, kind: "feed", cursor: {}, fault }));
		await vanishes(id);
		const site = watch("gone");
		expect(await site.minutes(30)).toBe(false);
		expect(site.asked).toBe(0);
	});

	test("that nobody ever posted is asked for by nobody", async () => {
		const id = await world.plan("مسحوب", 30, { channels: [] });
		await vanishes(id);
		const site = watch("gone");
		expect(await site.minutes(15)).toBe(false);
		expect(site.asked).toBe(0);
	});

	test("that is listed again stands again", async () => {
		const id = await posted();
		await vanishes(id);
		await watch("gone").minutes(12);
		await edits().back(id);
		expect((await world.ledger.article(id))?.retracted).toBeUndefined();
		expect(await changes()).toEqual(["back"]);
	});

	test("that an admin took back stays so when it is listed again", async () => {
		const id = await posted();
		await vanishes(id);
		const retracted = { at: world.clock.now().toISOString(), by: "سلمى" };
		await world.ledger.revise(id, (known) => ({ ...known, retracted }));
		await edits().back(id);
		expect((await world.ledger.article(id))?.retracted).toEqual(retracted);
		expect(await changes()).toEqual([]);
	});
});

describe("an admin's wording", () => {
	const fix = { at: "2026-11-23T09:00:00.000Z", by: "سلمى", title: { from: "مسحوب", to: "مصحح" } };
	test.each([
		["stays while the newsroom changes other things", "مسحوب", "مصحح"],
		["gives way when the newsroom changes these words itself", "عنوان الموقع الجديد", "عنوان الموقع الجديد"],
	])("%s", async (_name, title, wanted) => {
		const id = await posted();
		await world.ledger.revise(id, (known) => ({ ...known, article: { ...known.article, title: "مصحح" }, fixed: fix }));
		const article = (await world.ledger.article(id))?.article;
		if (!article) throw new Error("no article");
		await edits().note(id, { ...article, title, lead: "متن جديد." }, []);
		expect((await world.ledger.article(id))?.article).toMatchObject({ title: wanted, lead: "متن جديد." });
	});
});

import { beforeEach, expect, test } from "vitest";
import { troubles } from "../src/app-troubles.ts";
import type { Run } from "../src/engine/engine.ts";
import { type FakeAdmins, fakeAdmins } from "./world.ts";

let admins: FakeAdmins;
let broken: boolean;
let run: Run;

beforeEach(() => {
	admins = fakeAdmins();
	broken = true;
	run = troubles(admins)(async () => {
		if (broken) throw new Error("The disk is full");
		return "done";
	});
});

const turn = () => run("head", new AbortController().signal).catch((error: Error) => error.message);

test("the failure goes on to the engine, and a single one is nobody's business", async () => {
	expect(await turn()).toBe("The disk is full");
	expect(admins.told).toEqual([]);
});

test("what keeps failing is told once, with its reason, and told again when it is over", async () => {
	for (let times = 0; times < 5; times++) await turn();
	expect(admins.told).toEqual([{ sentence: "workFailing", fields: { reason: "The disk is full" }, incident: "work" }]);
	broken = false;
	expect(await turn()).toBe("done");
	expect(admins.resolved).toMatchObject([{ sentence: "workRecovered", incident: "work" }]);
});

test("it is over when all of it runs again", async () => {
	const told = troubles(admins);
	const other = told(async () => "done");
	run = told(async () => {
		if (broken) throw new Error("x");
		return "done";
	});
	for (let times = 0; times < 2; times++) await turn();
	await other("head", new AbortController().signal);
	expect(admins.resolved).toEqual([]);
	broken = false;
	await turn();
	expect(admins.resolved).toHaveLength(1);
});

test("what an earlier life said is taken back by the first run that succeeds", async () => {
	await admins.notify({ sentence: "workFailing", fields: { reason: "x" }, incident: "work" });
	broken = false;
	await turn();
	await turn();
	expect(admins.resolved).toHaveLength(1);
});

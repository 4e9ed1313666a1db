import { spawn } from "node:child_process";
import { expect, test } from "vitest";

/** Runs the simulation as `npm run sim` does, on what is built. */
function simulate(...words: readonly string[]): Promise<{ readonly code: number | null; readonly said: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ["test/sim/sim.mjs", ...words], {
			cwd: `${import.meta.dirname}/..`,
			stdio: ["ignore", "pipe", "pipe"],
		});
		let said = "";
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding("utf8").on("data", (text: string) => {
				said += text;
			});
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, said }));
	});
}

test("24 worlds, and every one that broke before, keep all promises; one seed is one course of events (I11)", {
	timeout: 300_000,
}, async () => {
	const { code, said } = await simulate("--seeds", "24", "--hours", "2", "--regressions", "--twice");
	expect(said).toMatch(/^24 seeds, \d+ a minute, 0 of them broken$/m);
	expect(code, said).toBe(0);
});

test("the worlds are not too tame: broken variants of Mirsal are found out", { timeout: 300_000 }, async () => {
	const wanted = ["lost-is-not-sent", "overtakes-unsure", "intent-not-durable", "first-visit-floods"];
	const { code, said } = await simulate("--mutants", "--seeds", "12", "--hours", "2", "--only", wanted.join(","));
	for (const mutant of wanted) expect(said).toMatch(new RegExp(`^${mutant} +seed +\\d+ `, "m"));
	expect(code, said).toBe(0);
});

// npm run sim -- --seeds N [--from M] [--seed X] [--mutant name] [--mutants [--only a,b]] [--hours H] [--trace] [--brief] [--regressions] [--twice]
// A newsroom's site, Telegram, X, the disk and time itself are made of chance; Mirsal is the real one. Every promise must hold in every world.
import { fork } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { lives } from "./lives.mjs";
import { mutants } from "./mutants.mjs";
import { scenario } from "./scenario.mjs";
import { shrunk } from "./shrink.mjs";
import { live } from "./world.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const WORKERS = 2;
const SHARE = 25;
/** So few are not worth a worker. */
const FEW = 12;
const LINES = 120;

const { values } = parseArgs({
	options: {
		seeds: { type: "string", default: "2000" },
		from: { type: "string", default: "1" },
		seed: { type: "string" },
		hours: { type: "string", default: "6" },
		mutant: { type: "string" },
		mutants: { type: "boolean", default: false },
		only: { type: "string" },
		trace: { type: "boolean", default: false },
		regressions: { type: "boolean", default: false },
		twice: { type: "boolean", default: false },
		brief: { type: "boolean", default: false },
	},
});
const hours = Number(values.hours);
const say = (text) => process.stdout.write(`${text}\n`);
const told = ({ invariant, what, at }) => `${invariant} after ${(at / 60_000).toFixed(1)} min: ${what}`;
if (values.mutant !== undefined && !mutants[values.mutant]) {
	process.stderr.write(`there is no mutant «${values.mutant}»: ${Object.keys(mutants).join(", ")}\n`);
	process.exit(2);
}

/** Lives many seeds in worker processes; stops at the first that breaks when asked to. */
async function many(from, count, { mutant, untilFirst = false }) {
	const total = {};
	const failed = [];
	let seeds = 0;
	let next = from;
	let over = false;
	const take = (done) => {
		seeds += done.seeds;
		failed.push(...done.failed);
		for (const [name, value] of Object.entries(done.total)) total[name] = (total[name] ?? 0) + value;
	};
	if (count <= FEW) {
		take(await lives({ from, count, mutant, hours, untilFirst }));
		return { total, failed, seeds };
	}
	await Promise.all(
		Array.from({ length: Math.min(WORKERS, Math.ceil(count / SHARE)) }, async () => {
			const child = fork(join(here, "worker.mjs"), { execArgv: ["--max-semi-space-size=64"] });
			try {
				while (!over && next < from + count) {
					const share = { from: next, count: Math.min(SHARE, from + count - next), mutant, hours, untilFirst };
					next += share.count;
					child.send(share);
					const done = await new Promise((resolve, reject) => {
						child.once("message", resolve);
						child.once("exit", (code) =>
							reject(new Error(`a worker ended with ${code} within the seeds from ${share.from} on`)),
						);
					});
					child.removeAllListeners();
					take(done);
					if (untilFirst && failed.length > 0) over = true;
				}
			} finally {
				child.removeAllListeners();
				child.kill();
			}
		}),
	);
	failed.sort((left, right) => left.seed - right.seed);
	return { total, failed, seeds };
}

/** Says what broke, makes it small, and shows how it came to that. */
async function explain({ seed, violations }) {
	const [first] = violations;
	if (values.brief) return say(`SEED=${seed} ${told(first)}`);
	const more = values.mutant ? ` --mutant ${values.mutant}` : "";
	say(`SEED=${seed} ${told(first)}\n  npm run sim -- --seed ${seed}${more}`);
	const mutant = mutants[values.mutant];
	const small = await shrunk(seed, first.invariant, { hours, mutant });
	const { lines } = await live(small, { mutant, trace: true });
	const end = lines.findIndex((line) => line.includes(`VIOLATION ${first.invariant}`));
	say(`  the smallest world found (test/sim/regressions/ takes it as it is):\n${JSON.stringify(small)}`);
	say(
		lines
			.slice(Math.max(0, end - LINES), end + 1)
			.map((line) => `    ${line}`)
			.join("\n"),
	);
}

/** Regressions, and that one seed is one course of events. */
async function always() {
	const folder = join(here, "regressions");
	let broken = 0;
	for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
		const { violations } = await live(JSON.parse(readFileSync(join(folder, file), "utf8")));
		if (violations.length === 0) continue;
		broken++;
		say(`${file} breaks again: ${told(violations[0])}`);
	}
	return broken;
}

async function twice(from, count) {
	let broken = 0;
	for (let seed = from; seed < from + count; seed++) {
		const [one, other] = [await live(scenario(seed, hours)), await live(scenario(seed, hours))];
		if (one.fingerprint === other.fingerprint) continue;
		broken++;
		say(`I11: seed ${seed} took two courses, ${one.fingerprint} and ${other.fingerprint}`);
	}
	return broken;
}

async function prove() {
	const most = Number(values.seeds);
	let tame = 0;
	const only = values.only?.split(",");
	for (const [name, { says }] of Object.entries(mutants)) {
		if (only && !only.includes(name)) continue;
		const { failed } = await many(Number(values.from), most, { mutant: name, untilFirst: true });
		const [first] = failed;
		if (!first) tame++;
		say(
			`${name.padEnd(22)} ${first ? `seed ${String(first.seed).padStart(5)}  ${told(first.violations[0])}` : `SURVIVES ${most} seeds`}   (${says})`,
		);
	}
	return tame;
}

let broken = 0;
if (values.mutants) broken = await prove();
else if (values.seed !== undefined) {
	const seed = Number(values.seed);
	const { violations, lines, count, fingerprint } = await live(scenario(seed, hours), {
		mutant: mutants[values.mutant],
		trace: values.trace,
	});
	if (values.trace) say(lines.join("\n"));
	say(`seed ${seed}: ${fingerprint} ${JSON.stringify(count)}`);
	if (violations.length > 0) await explain({ seed, violations });
	broken = violations.length;
} else {
	if (values.regressions) broken += await always();
	if (values.twice) broken += await twice(Number(values.from), 3);
	const begun = performance.now();
	const { total, failed, seeds } = await many(Number(values.from), Number(values.seeds), { mutant: values.mutant });
	const minutes = (performance.now() - begun) / 60_000;
	say(`${seeds} seeds, ${Math.round(seeds / minutes)} a minute, ${failed.length} of them broken`);
	say(
		Object.entries(total)
			.map(([name, value]) => `${name} ${value}`)
			.join(" · "),
	);
	for (const { seed, violations } of failed.slice(1, 20)) say(`SEED=${seed} ${told(violations[0])}`);
	if (failed[0]) await explain(failed[0]);
	broken += failed.length;
}
process.exitCode = broken > 0 ? 1 : 0;

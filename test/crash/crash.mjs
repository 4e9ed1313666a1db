// What takes too long for npm test: kills the built program many times among busy newsrooms and counts what followers saw, waits for
// answers that never come, reads sources in disorder, and looks for secrets behind everything that can fail.
//   npm run crash                    1,000 kills
//   npm run crash -- 50              as many as you say
//   npm run crash -- 50 --seed 7     the same moments again, as far as the machine allows
// Everything else is handed to vitest, a reporter for one.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const rest = process.argv.slice(2);
const kills = /^\d+$/.test(rest[0] ?? "") ? rest.shift() : "1000";
const at = rest.indexOf("--seed");
const seed = at < 0 ? undefined : rest.splice(at, 2)[1];
if (Number(kills) < 1 || (at >= 0 && !/^\d+$/.test(seed ?? ""))) {
	process.stderr.write("usage: npm run crash -- [kills] [--seed number]\n");
	process.exit(2);
}

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--config", "test/crash/vitest.config.ts", ...rest], {
	stdio: "inherit",
	env: { ...process.env, CRASH_KILLS: kills, ...(seed === undefined ? {} : { CRASH_SEED: seed }) },
});
process.exit(status ?? 1);

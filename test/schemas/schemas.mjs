// Compares what we know of Telegram's and X's interfaces with their full descriptions: every request that our fake servers take must be a documented one.
//   npm run schemas -- DIR     a folder with telegram-bot-api.jsonschema.json and x-api-v2-openapi.json
// Everything else is handed to vitest, a reporter for one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

const [folder = "", ...rest] = process.argv.slice(2);
const missing = ["telegram-bot-api.jsonschema.json", "x-api-v2-openapi.json"].filter(
	(name) => !existsSync(join(folder, name)),
);
if (folder === "" || missing.length > 0) {
	const why = folder === "" ? "" : ` (there is no ${missing.join(" and no ")} in ${folder})`;
	process.stderr.write(`usage: npm run schemas -- DIR${why}\n`);
	process.exit(2);
}

const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", "--config", "test/schemas/vitest.config.ts", ...rest], {
	stdio: "inherit",
	env: { ...process.env, SPECS: resolve(folder) },
});
process.exit(status ?? 1);

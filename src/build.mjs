// Builds dist when it is missing or older than src, so that `npm start`, `npm test` and `npx mirsal` need nothing but `npm ci`.
//   node src/build.mjs            build if needed
//   node src/build.mjs always     build
//   node src/build.mjs prepare    build if needed and possible (`npm ci --omit=dev` installs no compiler)
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const how = process.argv[2];
const src = dirname(fileURLToPath(import.meta.url));
const built = join(src, "..", "dist", "cli.js");
const newest = () =>
	readdirSync(src, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name))
		.reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs), 0);

function compiler() {
	try {
		return join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
	} catch {
		return undefined;
	}
}

if (how === "always" || !existsSync(built) || statSync(built).mtimeMs < newest()) {
	const tsc = compiler();
	if (tsc) {
		try {
			execFileSync(process.execPath, [tsc, "-p", src], { stdio: "inherit" });
		} catch {
			process.exit(1);
		}
		chmodSync(built, 0o755);
	} else if (how !== "prepare") {
		process.stderr.write(
			"dist is missing or older than src, and the compiler is not installed: run npm ci (with development dependencies) first.\n",
		);
		process.exitCode = 1;
	}
}

// npm run corpus -- DIR: what Mirsal makes of public corpora, beside other readers of the same files in the same run. Exits 1 when a bar is missed.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { clearurlsChecks, normalizeUrlChecks } from "./addresses.mjs";
import { feedColumns, feedjiraChecks, feedparserChecks, feedsmithChecks, rssParserChecks } from "./feeds.mjs";
import { readabilityChecks } from "./pages.mjs";
import { report } from "./report.mjs";
import { twitterTextChecks } from "./tweets.mjs";
import { wordpressChecks } from "./wordpress.mjs";

/** Folder of a corpus → its checks; those of feeds have a column for each other reader. */
const CORPORA = [
	["feedparser", feedparserChecks, feedColumns],
	["rss-parser", rssParserChecks, feedColumns],
	["feedsmith", feedsmithChecks, feedColumns],
	["feedjira", feedjiraChecks, feedColumns],
	["twitter-text", twitterTextChecks, []],
	["clearurls", clearurlsChecks, []],
	["normalize-url", normalizeUrlChecks, []],
	["readability", readabilityChecks, []],
	["wordpress-own", wordpressChecks, []],
];

async function run(directory) {
	const missed = [];
	let found = 0;
	for (const [name, checks, columns] of CORPORA) {
		const folder = join(directory, name);
		if (!existsSync(folder)) {
			process.stdout.write(`\n${name}: not in ${directory}, left out\n`);
			continue;
		}
		found++;
		try {
			if (!report(name, columns, await checks(folder))) missed.push(name);
		} catch (error) {
			process.stdout.write(`\n${name}: could not be checked: ${error instanceof Error ? error.message : error}\n`);
			missed.push(name);
		}
	}
	if (found === 0) return `${directory} holds none of the corpora: ${CORPORA.map(([name]) => name).join(", ")}.`;
	return missed.length > 0 ? `Bars were missed in: ${missed.join(", ")}.` : undefined;
}

const [directory] = process.argv.slice(2);
if (directory === undefined) {
	process.stderr.write("Name the folder of the corpora: npm run corpus -- DIR\n");
	process.exitCode = 2;
} else {
	const problem = await run(resolve(directory));
	if (problem === undefined) process.stdout.write("\nEvery bar was reached.\n");
	else {
		process.stderr.write(`\n${problem}\n`);
		process.exitCode = 1;
	}
}

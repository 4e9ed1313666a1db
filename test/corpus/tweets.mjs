// twitter-text: our weighing against the cases of today's rule, and our hashtags as X reads them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { hashtag } from "../../dist/arabic/hashtag.js";
import { twitterLayout } from "../../dist/post/tweet-text.js";
import { counted, noted } from "./report.mjs";

const { extractHashtags } = createRequire(import.meta.url)("twitter-text");
/** The cases of configuration v3, which X counts by; those of v2 beside them are out of date. */
const TODAY = "WeightedTweetsWithDiscountedEmojiCounterTest";

export async function twitterTextChecks(folder) {
	const { validate, extract } = JSON.parse(readFileSync(join(folder, "conformance.json"), "utf8"));
	return [...weights(validate[TODAY]), ...tags(extract.hashtags.flatMap(({ expected }) => expected))];
}

function weights(cases) {
	const weighed = cases.map(({ description, text, expected }) => {
		const weight = twitterLayout.measure(text);
		return { description, weight, valid: weight <= twitterLayout.limit, expected };
	});
	const wrongWeight = weighed.filter(({ weight, expected }) => weight !== expected.weightedLength);
	const wrongVerdict = weighed.filter(({ valid, expected }) => valid !== expected.valid);
	return [
		counted("weighted lengths", {
			got: weighed.length - wrongWeight.length,
			of: weighed.length,
			failing: wrongWeight.map(
				({ description, weight, expected }) => `${description}: ${weight} instead of ${expected.weightedLength}`,
			),
		}),
		counted("fits or does not", {
			got: weighed.length - wrongVerdict.length,
			of: weighed.length,
			failing: wrongVerdict.map(({ description, valid }) => `${description}: ${valid ? "taken" : "refused"}`),
		}),
	];
}

/** A tag of ours must be read whole; names that we make no tag of, or write otherwise, are only told. */
function tags(names) {
	const distinct = [...new Set(names)];
	const made = distinct.map((name) => ({ name, tag: hashtag(name) })).filter(({ tag }) => tag !== undefined);
	const broken = made.filter(({ tag }) => extractHashtags(`خبر ${tag} خبر`).join() !== tag.slice(1));
	const never = distinct.filter((name) => hashtag(name) === undefined);
	const changed = made.filter(({ name, tag }) => tag !== `#${name}`);
	return [
		counted("our hashtags read whole", {
			got: made.length - broken.length,
			of: made.length,
			failing: broken.map(
				({ name, tag }) => `${name}: ${tag} is read as ${extractHashtags(`خبر ${tag} خبر`).join(", ")}`,
			),
		}),
		{ ...noted("names of which we make no tag", `${never.length}/${distinct.length}`), listed: never },
		noted("names that we write otherwise", `${changed.length}/${distinct.length}`),
	];
}

// Addresses: parameters that only track readers, and other spellings of the same address.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalUrl } from "../../dist/article/identity.js";
import { counted, noted } from "./report.mjs";
import { samplesOf } from "./samples.mjs";

const STORY = "https://news.example/2026/11/%D8%AE%D8%A8%D8%B1?id=7";
/** Parameters by which sites pick an article. */
const TELLING = ["id", "p", "page", "article", "news", "nid", "aid", "story", "item", "q", "lang", "section", "v"];

/** ClearURLs: an address with any globally known tracking parameter is the address without it, and no parameter that picks an article goes. */
export async function clearurlsChecks(folder) {
	const { globalRules } = JSON.parse(readFileSync(join(folder, "data.min.json"), "utf8")).providers;
	const patterns = [...globalRules.rules, ...globalRules.referralMarketing];
	const bare = canonicalUrl(STORY);
	const clean = (name) =>
		canonicalUrl(`${STORY}&${name}=x1`) === bare && canonicalUrl(STORY.replace("?", `?${name}=x1&`)) === bare;
	const seen = patterns.flatMap((pattern) => samplesOf(pattern).filter((name) => !clean(name)));
	const passed = patterns.filter((pattern) => samplesOf(pattern).every(clean));
	const merged = TELLING.filter((name) => {
		const [one, other] = [1, 2].map((value) => canonicalUrl(`https://news.example/story?${name}=${value}`));
		return one === other;
	});
	return [
		counted("global rules that change nothing", { got: passed.length, of: patterns.length, failing: seen }),
		noted("names tried", new Set(patterns.flatMap(samplesOf)).size),
		counted("?id=1 and ?id=2 and the like stay two", {
			got: TELLING.length - merged.length,
			of: TELLING.length,
			failing: merged,
		}),
	];
}

/** Cases of normalize-url by test and options that mean what our canonical address means; others are choices of its callers that we do not offer. */
const OURS = [
	/^$/,
	/^\{stripHash: true\}$/,
	/^options in forceHttps/,
	/^options2 in stripWWW/,
	/^options1 in sortQueryParameters/,
];

/** normalize-url: two addresses that are one there are one for us, and two that differ in more than we leave out stay two. */
export async function normalizeUrlChecks(folder) {
	const all = casesIn(readFileSync(join(folder, "test.js"), "utf8"));
	const web = (address) => (/^https?:\/\//i.test(address) ? address : `http://${address.trim().replace(/^\/\//, "")}`);
	const apply = all
		.filter(({ input, options }) => isWeb(input) && OURS.some((pattern) => pattern.test(options)))
		.map(({ input, expected }) => ({ input: web(input), expected: web(expected) }))
		.filter(({ input, expected }) => input !== expected && URL.canParse(input));
	const different = apply.filter(({ input, expected }) => canonicalOf(input) !== canonicalOf(expected));
	const kept = [...new Map(apply.map(({ expected }) => [withoutRendering(expected), expected])).values()];
	const merged = kept.filter((one) => kept.some((other) => other !== one && canonicalOf(other) === canonicalOf(one)));
	return [
		noted("cases in all", all.length),
		counted("other spellings that mean the same to us", {
			got: apply.length - different.length,
			of: apply.length,
			failing: different.map(({ input, expected }) => `${input}: ${canonicalOf(input)}, and ${canonicalOf(expected)}`),
		}),
		counted("different addresses that stay different", {
			got: kept.length - merged.length,
			of: kept.length,
			failing: merged,
		}),
	];
}

function casesIn(code) {
	const cases = [];
	let test = "";
	for (const line of code.split("\n")) {
		test = /^test\('([^']+)'/.exec(line)?.[1] ?? test;
		const found = /^\s*t\.is\(normalizeUrl\('([^']*)'(?:, (\{.*?\}|\w+))?\), '([^']*)'/.exec(line);
		if (!found) continue;
		const [, input, options = "", expected] = found;
		const named = /^\w/.test(options) ? `${options} in ${test}` : options;
		cases.push({ input: input.replaceAll("\\\\", "\\"), options: named, expected: expected.replaceAll("\\\\", "\\") });
	}
	return cases;
}

/** Custom schemes and data are no articles. */
function isWeb(input) {
	return /^(?:https?:)?\/\//i.test(input) || !/^[a-z]+:(?!\d)/i.test(input);
}

function canonicalOf(address) {
	try {
		return canonicalUrl(address);
	} catch (error) {
		return String(error);
	}
}

/** An address without what our canonical one leaves out on purpose. */
function withoutRendering(address) {
	return address
		.replace(/^https?:\/\//i, "")
		.replace(/^(?:www\.)+/, "")
		.replace(/#.*$/, "")
		.replace(/\/+/g, "/")
		.replace(/\/$/, "");
}

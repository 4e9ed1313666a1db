// Feeds: how many files give entries, and how much of what they say is read right.
import { feedjiraSuite, feedparserSuite, feedsmithSuite, rssParserSuite } from "./expected.mjs";
import { PEERS, readWith } from "./readers.mjs";
import { counted, noted } from "./report.mjs";

/** Milliseconds that one file may take. */
const SLOWEST = 1_000;
const ALL = ["ours", ...PEERS];
const FIELDS = { title: "titles", link: "links", text: "descriptions, as plain text", date: "dates, to the second" };

export const feedColumns = PEERS;

/** feedparser's suite: all files that have entries give some, and damaged or odd characters stay readable. */
export async function feedparserChecks(folder) {
	const runs = await readAll(feedparserSuite(folder));
	const withEntries = runs.filter(({ known }) => known.yields);
	const encodings = withEntries.filter(({ known }) => known.name.startsWith("encoding/"));
	const readable = encodings.filter(({ ours }) => ours.entries.length > 0 && !/\uFFFD/.test(wordsOf(ours)));
	return [
		yieldOf(withEntries, withEntries.length),
		...fieldChecks(runs),
		counted("encodings read without a lost character", {
			got: readable.length,
			of: encodings.length,
			failing: encodings.filter((run) => !readable.includes(run)).map(({ known }) => known.name),
		}),
		...healthOf(runs),
	];
}

/** Real feeds with recorded results: as many files as the best of the others, and every field at least as often right. */
export async function rssParserChecks(folder) {
	const runs = await readAll(rssParserSuite(folder));
	return [yieldOf(runs, best(runs)), ...fieldChecks(runs), ...healthOf(runs)];
}

/** Reference feeds of every version: all of them. */
export async function feedsmithChecks(folder) {
	const runs = await readAll(feedsmithSuite(folder));
	return [yieldOf(runs, runs.length), ...fieldChecks(runs), ...healthOf(runs)];
}

/** Odd feeds without results: as many files and as many dated entries as the best of the others. */
export async function feedjiraChecks(folder) {
	const runs = await readAll(feedjiraSuite(folder));
	const xml = runs.filter(({ known }) => known.name.endsWith(".xml"));
	const json = runs.filter(({ known }) => known.name.endsWith(".json"));
	const dated = ALL.map((name) => total(runs, (run) => run[name].entries.filter(({ date }) => date.length > 0).length));
	const entries = ALL.map((name) => total(runs, (run) => run[name].entries.length));
	return [
		yieldOf(xml, best(xml), "XML files with entries"),
		yieldOf(json, json.length, "JSON files with entries"),
		noted("entries", entries[0], entries.slice(1)),
		counted("entries with a date", {
			got: dated[0],
			of: entries[0],
			bar: Math.max(...dated.slice(1)),
			peers: dated.slice(1),
			failing: runs
				.filter(({ ours, ...others }) => PEERS.some((name) => datesIn(others[name]) > datesIn(ours)))
				.map(({ known }) => known.name),
		}),
		agreedDates(runs),
		...healthOf(runs),
	];
}

/** Where nobody recorded what is right, a date that two others read alike is. */
function agreedDates(runs) {
	const cases = runs.flatMap(({ known, ours, ...others }) =>
		ours.entries.flatMap(({ date: [got] }, index) => {
			const aligned = PEERS.filter((name) => others[name].entries.length === ours.entries.length);
			const dates = aligned.map((name) => others[name].entries[index].date);
			const agreed = dates[0]?.filter((date) => dates.slice(1).some((other) => other.includes(date))) ?? [];
			return agreed.length > 0 ? [{ name: `${known.name} [${index}]`, got, agreed }] : [];
		}),
	);
	const wrong = cases.filter(({ got, agreed }) => !agreed.includes(got));
	return counted("dates on which others agree", {
		got: cases.length - wrong.length,
		of: cases.length,
		failing: wrong.map(({ name, got, agreed }) => `${name}: ${got} instead of ${agreed.join(" or ")}`),
	});
}

async function readAll(suite) {
	const runs = [];
	for (const known of suite) {
		const run = { known };
		for (const name of ALL) run[name] = await readWith(name, known);
		// A busy machine is not a slow reader: what took too long once is measured again.
		if (run.ours.time >= SLOWEST) run.ours = await readWith("ours", known);
		runs.push(run);
	}
	return runs;
}

function yieldOf(runs, bar, name = "files with entries") {
	const gives = (reader) => runs.filter((run) => run[reader].entries.length > 0).length;
	return counted(name, {
		got: gives("ours"),
		of: runs.length,
		bar,
		peers: PEERS.map(gives),
		failing: runs
			.filter(({ ours, ...others }) => {
				const anotherReadsIt = PEERS.some((peer) => others[peer].entries.length > 0);
				return ours.entries.length === 0 && (bar === runs.length || anotherReadsIt);
			})
			.map(({ known, ours }) => `${known.name}: ${ours.error?.message ?? "no entry"}`),
	});
}

function fieldChecks(runs) {
	return Object.entries(FIELDS).flatMap(([field, name]) => {
		const cases = runs.flatMap((run) =>
			run.known.says.filter((one) => one.field === field).map((one) => ({ run, one })),
		);
		return cases.length === 0 ? [] : [fieldCheck(name, cases), ...wordedCheck(field, cases)];
	});
}

function fieldCheck(name, cases) {
	const right = (reader) => cases.filter((each) => isRight(each, reader)).length;
	const peers = PEERS.map(right);
	return counted(name, {
		got: right("ours"),
		of: cases.length,
		bar: Math.max(...peers),
		peers,
		failing: cases.filter((each) => !isRight(each, "ours")).map(wrong),
	});
}

/** Some descriptions are a picture or an empty element: a reader that finds nothing there is right, but has shown nothing. */
function wordedCheck(field, cases) {
	const worded = cases.filter(({ one }) => one.values.some((value) => value !== ""));
	if (field !== "text" || worded.length === cases.length) return [];
	return [{ ...fieldCheck("… those with words in them", worded), failing: [] }];
}

function isRight({ run, one }, reader) {
	const entry = run[reader].entries[one.index];
	return entry?.[one.field].some((value) => one.values.includes(value)) ?? false;
}

function wrong({ run, one }) {
	const short = (values) => values.map((value) => `«${value.slice(0, 60)}»`).join(" ");
	const entry = run.ours.entries[one.index];
	const got = entry ? short(entry[one.field].filter(Boolean)) || "nothing" : "no such entry";
	return `${run.known.name} [${one.index}]: ${got} instead of ${short(one.values)}`;
}

function healthOf(runs) {
	const slowest = ALL.map((name) => Math.max(...runs.map((run) => run[name].time)));
	const crashed = runs.filter(({ ours }) => ours.crashed);
	return [
		counted("no crash", {
			got: runs.length - crashed.length,
			of: runs.length,
			failing: crashed.map(({ known, ours }) => `${known.name}: ${ours.error}`),
		}),
		{
			name: "longest time for a file",
			ours: milliseconds(slowest[0]),
			peers: slowest.slice(1).map(milliseconds),
			bar: `< ${milliseconds(SLOWEST)}`,
			passed: slowest[0] < SLOWEST,
			failing: runs.filter(({ ours }) => ours.time >= SLOWEST).map(({ known }) => known.name),
		},
	];
}

function best(runs) {
	return Math.max(...PEERS.map((name) => runs.filter((run) => run[name].entries.length > 0).length));
}

function datesIn({ entries }) {
	return entries.filter(({ date }) => date.length > 0).length;
}

function wordsOf({ entries }) {
	return entries.flatMap(({ title, text }) => [...title, ...text]).join(" ");
}

function total(runs, count) {
	return runs.reduce((sum, run) => sum + count(run), 0);
}

function milliseconds(time) {
	return `${Math.ceil(time)} ms`;
}

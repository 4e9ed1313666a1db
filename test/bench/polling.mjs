// node src/build.mjs && node test/bench/polling.mjs [seeds]: how late articles of other people's sites are found, by rule, at equal numbers of requests.
// Synthetic sources with known publication times, four weeks after one of warming up, looked at on whole minutes. Seeded: the same numbers on every machine.
import { nextLook } from "../../dist/article/schedule.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const START = Date.UTC(2026, 5, 1); // a Monday
const MEASURED = START + WEEK;
const END = MEASURED + 4 * WEEK;
const BAGHDAD = 3 * HOUR;

// Relative numbers of articles by hour, from midnight.
const ROUND_THE_CLOCK = [6, 5, 5, 5, 6, 8, 10, 11, 12, 13, 13, 13, 12, 12, 12, 12, 12, 12, 12, 11, 11, 10, 9, 7];
const NEWSROOM = [3, 2, 1, 1, 2, 6, 14, 20, 28, 34, 36, 36, 32, 32, 30, 30, 30, 32, 34, 34, 32, 26, 18, 8];
const MORNING = [0, 0, 0, 0, 20, 80, 60, 20, 7, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 2, 2, 0, 0];
const EVENING = [2, 0, 0, 0, 0, 0, 0, 0, 2, 5, 8, 10, 10, 10, 10, 10, 12, 20, 30, 35, 35, 25, 15, 8];
const OFFICE = [0, 0, 0, 0, 0, 0, 0, 2, 15, 30, 40, 40, 36, 30, 20, 8, 2, 1, 0, 0, 0, 0, 0, 0];
// By day, from Monday. Friday and Saturday are the weekend.
const EVERY_DAY = [1, 1, 1, 1, 1, 1, 1];
const QUIET_FRIDAYS = [10, 10, 10, 10, 3, 6, 10];
const WORKDAYS = [50, 50, 50, 50, 1, 1, 50];
const THURSDAYS = [2, 2, 2, 30, 5, 5, 2];

/** How many of each kind, articles a day (from, to), how likely one draws another within the hour, weeks on and off. */
const KINDS = [
	{ kind: "agency", count: 4, daily: [120, 250], hours: ROUND_THE_CLOCK, days: EVERY_DAY, burst: 0.15 },
	{ kind: "newsroom", count: 14, daily: [30, 120], hours: NEWSROOM, days: QUIET_FRIDAYS, burst: 0.25 },
	{ kind: "paper", count: 8, daily: [8, 25], hours: MORNING, days: QUIET_FRIDAYS, burst: 0.3 },
	{ kind: "local site", count: 14, daily: [2, 12], hours: EVENING, days: QUIET_FRIDAYS, burst: 0.15 },
	{ kind: "ministry", count: 14, daily: [1, 5], hours: OFFICE, days: WORKDAYS, burst: 0.1 },
	{ kind: "weekly blog", count: 14, daily: [0.1, 0.35], hours: EVENING, days: THURSDAYS, burst: 0 },
	{ kind: "seasonal", count: 6, daily: [0.5, 3], hours: OFFICE, days: EVERY_DAY, burst: 0.2, season: [2, 6] },
	{ kind: "dead", count: 10, daily: [0, 0], hours: EVENING, days: EVERY_DAY, burst: 0 },
];

/** Mulberry32: small, seeded, good enough for sites. */
function chance(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** Publication times of one source, oldest first. */
function publications({ kind, daily, hours, days, burst, season }, random) {
	if (kind === "dead") {
		const end = START - (60 + 200 * random()) * DAY;
		return Array.from({ length: 30 }, (_, index) => end - (29 - index) * 1.5 * DAY);
	}
	const perDay = daily[0] + (daily[1] - daily[0]) * random();
	const shift = Math.floor(random() * 5) - 2;
	const begin = START - Math.min(400, Math.max(20, 80 / perDay)) * DAY;
	const times = [];
	let on = true;
	let turn = begin;
	for (let hour = begin; hour < END; hour += HOUR) {
		if (season && hour >= turn) {
			on = !on;
			turn = hour + (on ? season[0] : season[1]) * WEEK * (0.5 + random());
		}
		if (!on) continue;
		const local = hour + BAGHDAD;
		const ofDay = hours[(Math.floor(local / HOUR) + shift + 24) % 24] / mean(hours);
		const ofWeek = days[(Math.floor(local / DAY) + 3) % 7] / mean(days);
		const none = Math.exp((-perDay / 24) * ofDay * ofWeek * (1 - burst));
		for (let left = random(); left > none; left *= random()) {
			const time = hour + random() * HOUR;
			times.push(time);
			while (random() < burst) times.push(time + random() * random() * HOUR);
		}
	}
	return times.filter((time) => time < END).sort((left, right) => left - right);
}

/** All sources of one seed. */
function fleet(seed) {
	let number = 0;
	return KINDS.flatMap((kind) =>
		Array.from({ length: kind.count }, () => {
			const random = chance(seed * 7_919 + ++number * 104_729);
			return { kind: kind.kind, times: publications(kind, random), seed: seed * 31 + number };
		}),
	);
}

/** Looks at one source by a rule for all the time: requests and the delays of its articles, in minutes. */
function follow(source, rule) {
	const random = chance(source.seed);
	const { times } = source;
	const delays = [];
	let requests = 0;
	let seen = 0;
	let now = START + Math.floor(random() * 60) * MINUTE;
	while (now < END) {
		for (; seen < times.length && times[seen] <= now; seen++)
			if (times[seen] >= MEASURED) delays.push((now - times[seen]) / MINUTE);
		if (now >= MEASURED) requests++;
		now = Math.ceil(rule(times, seen, now, random()) / MINUTE) * MINUTE;
	}
	return { requests, delays: delays.sort((left, right) => left - right) };
}

function measure(sources, rule) {
	const followed = sources.map((source) => ({ kind: source.kind, ...follow(source, rule) }));
	const articles = followed.flatMap(({ delays }) => delays).sort((left, right) => left - right);
	const alive = followed.filter(({ delays }) => delays.length > 0);
	return {
		followed,
		requests: followed.reduce((sum, { requests }) => sum + requests, 0),
		mean: mean(articles),
		p95: percentile(articles, 0.95),
		longest: articles.at(-1),
		sourceMean: mean(alive.map(({ delays }) => mean(delays))),
		sourceP95: mean(alive.map(({ delays }) => percentile(delays, 0.95))),
	};
}

const jittered = (interval, random) => interval * (0.9 + random / 5);
const fixed = (interval) => (_times, _seen, now, random) => now + jittered(interval, random);

/** Miniflux's entry frequency: a week divided by the week's entries, between bounds (by default 5 minutes and 24 hours). */
const entryFrequency = (longest) => (factor) => (times, seen, now, random) => {
	let week = 0;
	while (week < seen && times[seen - 1 - week] > now - WEEK) week++;
	const interval = week === 0 ? longest : WEEK / (week * factor);
	return now + jittered(Math.min(longest, Math.max(5 * MINUTE, interval)), random);
};

const ours = (times, seen, now, random) =>
	nextLook({
		own: false,
		now,
		outcome: { kind: "ok" },
		recent: times.slice(Math.max(0, seen - 50), seen).reverse(),
		random,
	}).at;

/** The rule with the setting that makes it ask as often as asked for, to a thousandth. */
function asOften(sources, make, requests, low, high) {
	const rising = measure(sources, make(low)).requests < measure(sources, make(high)).requests;
	let [from, to] = [low, high];
	for (let round = 0; round < 18; round++) {
		const setting = Math.sqrt(from * to);
		const found = measure(sources, make(setting));
		if (Math.abs(found.requests - requests) < requests / 1_000) return { setting, ...found };
		if (found.requests < requests === rising) from = setting;
		else to = setting;
	}
	throw new Error("no setting asks as often");
}

const say = (text) => process.stdout.write(`${text}\n`);
const cell = (number) => number.toFixed(1).padStart(9);
const seeds = Number(process.argv[2] ?? 3);
const columns = ["mean", "p95", "longest", "sourceMean", "sourceP95"];
say(`Delay from publication to detection, minutes. ${fleet(1).length} sources, four weeks, ${seeds} seeds.`);
const heads = ["requests", "mean", "p95", "longest", "by source:", "p95"].map((head) => head.padStart(10)).join("");
const lost = [];
for (let seed = 1; seed <= seeds; seed++) {
	const sources = fleet(seed);
	const own = measure(sources, ours);
	const rows = [
		["Mirsal", own],
		["fixed interval", asOften(sources, fixed, own.requests, 5 * MINUTE, 4 * HOUR)],
		["entry frequency, 24 h", asOften(sources, entryFrequency(DAY), own.requests, 0.05, 100)],
		["entry frequency, 1 h", asOften(sources, entryFrequency(HOUR), own.requests, 0.05, 100)],
	];
	say(`\nseed ${seed}`.padEnd(25) + heads);
	for (const [name, row] of rows)
		say(`${name.padEnd(24)}${String(row.requests).padStart(10)}${columns.map((key) => ` ${cell(row[key])}`).join("")}`);
	for (const [name, row] of rows.slice(1))
		for (const key of ["mean", "p95", "sourceMean", "sourceP95"])
			if (row[key] < own[key]) lost.push(`seed ${seed}: ${name} is better in ${key}`);
	if (seed < seeds) continue;
	say("\nBy kind of source: requests a day, mean delay");
	say("".padEnd(24) + rows.map(([name]) => name.padStart(24)).join(""));
	for (const { kind, count } of KINDS) {
		const cells = rows.map(([, { followed }]) => {
			const these = followed.filter((source) => source.kind === kind);
			const daily = these.reduce((sum, { requests }) => sum + requests, 0) / count / 28;
			const delays = these.flatMap((source) => source.delays);
			return `${daily.toFixed(0)} / ${delays.length > 0 ? mean(delays).toFixed(1) : "–"}`.padStart(24);
		});
		say(kind.padEnd(24) + cells.join(""));
	}
}
say(
	lost.length > 0
		? `\nNot the best rule: ${lost.join("; ")}`
		: "\nMirsal's rule is the best in mean and p95, by article and by source, with every seed.",
);
process.exitCode = lost.length > 0 ? 1 : 0;

// How the benchmarks speak: rows of figures, and goals that are said once more together at the end of a run.
const NAME = 54;
const goals = [];

export const isQuick = process.argv.includes("--quick");

export function say(text) {
	process.stdout.write(`${text}\n`);
}

export function row(name, text) {
	say(`${name.padEnd(NAME)} ${text}`);
}

/** A figure and whether it is as wanted; `beside` is what was measured beside it in the same run. */
export function goal(name, value, wanted, { unit = "", least = false, beside = "" } = {}) {
	const isMet = least ? value >= wanted : value <= wanted;
	const figure = `${Number.isInteger(value) || value >= 100 ? Math.round(value) : value.toFixed(1)} ${unit}`.trim();
	const text = `${figure}  (${least ? "at least" : "at most"} ${`${wanted} ${unit}`.trim()}: ${isMet ? "yes" : "NO"})`;
	row(name, text);
	goals.push({ name, text, beside });
}

/** Every goal of the run again, with what stood beside it. */
export function allGoals() {
	say("\nThe goals of this run");
	for (const { name, text, beside } of goals) row(name, beside === "" ? text : `${text}; ${beside}`);
}

// One table for each corpus: ours beside the others, the bar, and what missed it.
const MOST_NAMED = 20;
const LABEL = 40;

/**
 * One check of a corpus.
 * @typedef {object} Check
 * @property {string} name
 * @property {string} ours
 * @property {readonly string[]} [peers] in the order of the columns
 * @property {string} bar
 * @property {boolean} passed
 * @property {readonly string[]} [failing] what missed, by name
 * @property {readonly string[]} [listed] what a note is about
 */

/** A check that counts: ours must reach `bar` of `of`. */
export function counted(name, { got, of, bar = of, peers, failing }) {
	return {
		name,
		ours: `${got}/${of}`,
		...(peers ? { peers: peers.map(String) } : {}),
		bar: `≥ ${bar}`,
		passed: got >= bar,
		failing,
	};
}

/** Something worth knowing that nothing depends on. */
export function noted(name, ours, peers) {
	return { name, ours: String(ours), ...(peers ? { peers: peers.map(String) } : {}), bar: "", passed: true };
}

/** Writes the table and answers whether every bar was reached. */
export function report(title, columns, checks) {
	const lines = ["", title, row("", ["ours", ...columns, "bar", ""])];
	for (const { name, ours, peers, bar, passed } of checks) {
		const others = columns.map((_, index) => peers?.[index] ?? "");
		lines.push(row(name, [ours, ...others, bar, bar === "" ? "" : passed ? "ok" : "MISSED"]));
	}
	for (const { name, passed, failing = [], listed = [] } of checks) {
		lines.push(...named(`${name}, ${passed ? "wrong although the bar is reached" : "missed"}:`, failing));
		lines.push(...named(`${name}:`, listed));
	}
	process.stdout.write(`${lines.join("\n")}\n`);
	return checks.every(({ passed }) => passed);
}

function named(heading, names) {
	if (names.length === 0) return [];
	const more = names.length > MOST_NAMED ? [`    … and ${names.length - MOST_NAMED} more`] : [];
	return [`  ${heading}`, ...names.slice(0, MOST_NAMED).map((one) => `    ${one}`), ...more];
}

function row(label, cells) {
	return `  ${label.padEnd(LABEL)} ${cells.map((cell) => cell.padStart(11)).join(" ")}`.trimEnd();
}

// Names that a simple pattern matches: enough of regular expressions for lists of parameters (groups, alternatives, classes, ? * +).

/** Some names for each way through the pattern. Throws Error when a name does not match: the pattern uses something else. */
export function samplesOf(pattern) {
	const { words, at } = alternatives(pattern, 0);
	const whole = new RegExp(`^(?:${pattern})$`);
	const names = [...new Set(words)].filter((word) => word !== "");
	const odd = names.find((name) => !whole.test(name));
	if (at !== pattern.length || names.length === 0 || odd !== undefined)
		throw new Error(`the pattern ${pattern} uses more of regular expressions than is known here (${odd ?? "no name"})`);
	return names;
}

function alternatives(pattern, start) {
	const all = [];
	let words = [""];
	let at = start;
	while (at < pattern.length && pattern[at] !== ")") {
		if (pattern[at] === "|") {
			all.push(...words);
			words = [""];
			at++;
			continue;
		}
		const atom = atomAt(pattern, at);
		const { choices, next } = repeated(atom.words, pattern, atom.at);
		words = words.flatMap((word) => choices.map((choice) => word + choice));
		at = next;
	}
	return { words: [...all, ...words], at };
}

function atomAt(pattern, at) {
	if (pattern.startsWith("(?:", at)) {
		const group = alternatives(pattern, at + 3);
		return { words: group.words, at: group.at + 1 };
	}
	if (pattern[at] === "[") {
		const end = pattern.indexOf("]", at);
		return { words: [pattern[at + 1]], at: end + 1 };
	}
	if (pattern[at] === "\\") return { words: [pattern[at + 1]], at: at + 2 };
	return { words: [pattern[at]], at: at + 1 };
}

function repeated(words, pattern, at) {
	const twice = words.map((word) => word + word);
	if (pattern[at] === "?") return { choices: ["", ...words], next: at + 1 };
	if (pattern[at] === "*") return { choices: ["", ...words, ...twice], next: at + 1 };
	if (pattern[at] === "+") return { choices: [...words, ...twice], next: at + 1 };
	return { choices: words, next: at };
}

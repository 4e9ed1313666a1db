const SEGMENTER = new Intl.Segmenter("ar", { granularity: "sentence" });
// A quotation that never closes must not swallow the article.
const LONGEST = 600;
const PIECE = 10_000;
const ABBREVIATION =
	/(?:^|[\s.(«"“/])(?:و|ال|وال|ب|ل)?(?:\p{L}|أ\.د|ا\.د|م\.م|م\.د|أ\.م|ص\.ب|ق\.م|ب\.م|Dr|Mr|Mrs|Ms|Prof|St|No|vs|Gen|Lt|Col|Sen|Rep|Jr|Inc|Ltd|Co|[A-Z](?:\.[A-Z])+)\.\s*$/u;
// «2026 م.» and «1448 هـ.» close a sentence: the letter belongs to the year.
const ERA = /[0-9٠-٩۰-۹]\s*(?:م|هـ?)\.\s*$/;
const COUNTER = /^[\s(]*[0-9٠-٩۰-۹]{1,2}[.)]+\s*$/;
// «فزنا!» ثم …: the sign belongs to the quotation.
const QUOTED = /[!؟]["»”]\s*$/;
const GOES_ON =
	/^(?:ثم|قال|قالت|سأل|سألت|تساءل|تساءلت|هتف|هتفت|يقول|تقول|رد|ردت|بحسب|وفق|هكذا|بهذه|في|على|من|عن|إلى)\s/;
const PAUSE = /(?:^|[^.])\.\.\s*$/;

/** The sentences of a text, in order; a line break always ends one, a quotation of several sentences stays whole, «د.», «ص.ب.» and figures do not end one. */
export function sentences(text: string): string[] {
	const found: string[] = [];
	for (const line of text.split("\n")) {
		let open = "";
		for (const segment of segments(line)) {
			if (open !== "" && !continues(open, segment)) {
				found.push(open.trim());
				open = "";
			}
			open += segment;
		}
		found.push(open.trim());
	}
	return found
		.map((sentence) => sentence.replace(/^[.،؛…\s]+(?=[\p{L}«"“(])/u, ""))
		.filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** The segmenter's sentences, taken from pieces of a long line: over tens of thousands of characters it slows down with each sentence. */
function* segments(line: string): Generator<string> {
	let rest = line;
	while (rest.length > PIECE) {
		const stop = rest.lastIndexOf(". ", PIECE);
		const cut = stop > 0 ? stop + 2 : PIECE;
		for (const { segment } of SEGMENTER.segment(rest.slice(0, cut))) yield segment;
		rest = rest.slice(cut);
	}
	for (const { segment } of SEGMENTER.segment(rest)) yield segment;
}

function continues(before: string, part: string): boolean {
	if (!/[\p{L}\p{N}]/u.test(part)) return true;
	if (!/[\p{L}\p{N}]/u.test(before)) return true;
	if (COUNTER.test(before) || PAUSE.test(before)) return true;
	if (ABBREVIATION.test(before) && !ERA.test(before)) return true;
	if (QUOTED.test(before) && GOES_ON.test(part)) return true;
	return before.length + part.length <= LONGEST && leavesOpen(before);
}

/** Whether a quotation or bracket is left open at the end of the text. */
export function leavesOpen(text: string): boolean {
	let guillemets = 0;
	let curly = 0;
	let brackets = 0;
	let straight = 0;
	for (const sign of text) {
		if (sign === "«") guillemets++;
		else if (sign === "»") guillemets = Math.max(0, guillemets - 1);
		else if (sign === "“") curly++;
		else if (sign === "”") curly = Math.max(0, curly - 1);
		else if (sign === "(" || sign === "[") brackets++;
		else if (sign === ")" || sign === "]") brackets = Math.max(0, brackets - 1);
		else if (sign === '"') straight++;
	}
	return guillemets > 0 || curly > 0 || brackets > 0 || straight % 2 === 1;
}

const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const RTL_LETTER = /(?=\p{L})[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const STRONG = /[\p{L}\u200E\u200F\u061C]/u;
const ADDRESS = /https?:\/\/\S+/gi;
const ISOLATED = /[\u2066-\u2068][^\u2066-\u2069]*\u2069/g;

const DIGIT = "[0-9٠-٩۰-۹]";
// Left alone: addresses, e-mail addresses, hashtags, what is isolated already, and dates written 2026-11-23.
const ALONE = `https?:\\/\\/[^\\s\\u2066-\\u2069]+|[\\u2066-\\u2068][^\\u2066-\\u2069]*\\u2069|[\\w.+-]+@[\\w.-]+|#[^\\s\\u2066-\\u2069]+|(?<!${DIGIT})${DIGIT}{4}-${DIGIT}{1,2}-${DIGIT}{1,2}(?![${DIGIT.slice(1, -1)}-])`;
const PHONE = `\\+${DIGIT}(?:[ -]?\\(?${DIGIT}+\\)?){1,7}|(?<![\\p{L}\\p{N}.,/\\u2069-])\\(?[0٠۰]${DIGIT}{2,4}\\)?(?:[ -]${DIGIT}{2,8}){1,4}(?![.,/\\u2066]?${DIGIT})`;
const CODE =
	"(?<![\\p{L}\\p{N}\\u2069])[A-Za-z](?:\\+\\+|#)(?![\\p{L}\\p{N}+#\\u2066])|(?<![\\p{L}\\p{N}.\\u2069])[0-9]+(?:\\.[0-9]+)+-[A-Za-z][A-Za-z0-9]*";
const ISOLATE = new RegExp(`(${ALONE})|${PHONE}|${CODE}`, "gu");

/**
 * The text with U+200F before each line that holds right-to-left letters and would run from the left (UAX #9, P2: the first strong
 * character decides), and with isolates around what a right-to-left line would turn round: phone numbers, `C++`, `1.2.3-b`.
 */
export function direct(text: string): string {
	return text.split("\n").map(directLine).join("\n");
}

function directLine(line: string): string {
	const words = line.replace(ADDRESS, "h");
	if (!RTL_LETTER.test(words)) return line;
	const isolated = line.replace(ISOLATE, (found, alone: string | undefined) =>
		alone === undefined && turnsRound(found) ? `\u2066${found}\u2069` : found,
	);
	const first = STRONG.exec(words.replace(ISOLATED, ""))?.[0];
	const running = first === undefined || first === "\u200F" || first === "\u061C" || RTL.test(first);
	return running ? isolated : `\u200F${isolated}`;
}

// A bare run of digits keeps its order everywhere.
function turnsRound(found: string): boolean {
	return /[^0-9٠-٩۰-۹]/.test(found);
}

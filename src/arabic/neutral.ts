const URL_AT = /(https?:\/\/[^\s@]*[^\s@\w])@(?=\w)/gi;
const EMAIL =
	/(?<![A-Za-z0-9._%+-])(?!rt@)[A-Za-z0-9._%+-]*[A-Za-z0-9_]@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![A-Za-z0-9_])|[@＠](?=[A-Za-z0-9_])/gi;
const COMMAND = /(^|\s)\/(?=[A-Za-z0-9_])/g;

/**
 * Text as data: no «@name» in it mentions anybody and no leading "/command" is one; U+200C stands behind the sign (weight 1 on Twitter).
 * E-mail addresses stay as they are; in an address of the web the sign becomes `%40`, which means the same.
 */
export function neutral(text: string): string {
	return text
		.replace(URL_AT, "$1%40")
		.replace(EMAIL, (found) => (found.length === 1 ? `${found}\u200C` : found))
		.replace(COMMAND, "$1/\u200C");
}

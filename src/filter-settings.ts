import { z } from "zod";
import { patternFault, wordFault } from "./article/filter.ts";

/** Strings with a letter or digit each; a fault stands at the string's own place in the file. */
const names = z
	.array(z.string().trim().superRefine(refuse(wordFault)))
	.readonly()
	.default([]);

// Spaces mean something in a pattern: it is not trimmed.
const patterns = z
	.array(
		z
			.string()
			.min(1)
			.superRefine(refuse((pattern) => (pattern === "" ? undefined : patternFault(pattern)))),
	)
	.readonly()
	.default([]);

const list = z.strictObject({ words: names, categories: names, authors: names, patterns });

/** `filter` as it stands in newsroom.yaml, for the newsroom, a source or a channel. What passes it, compileFilter takes without throwing. */
export const filterSchema = z.strictObject({ include: list.optional(), exclude: list.optional() });

function refuse(faultOf: (text: string) => string | undefined) {
	return (text: string, context: z.RefinementCtx): void => {
		const message = faultOf(text);
		if (message !== undefined) context.addIssue({ code: "custom", message });
	};
}

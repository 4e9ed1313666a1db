import { z } from "zod";
import { microsOf, type PriceChange } from "./ledger/budget.ts";

const price = z.number().transform((sum, context) => {
	const micros = microsOf(sum);
	if (micros !== undefined) return micros;
	context.addIssue({ code: "custom", message: "a price in US dollars such as 0.015" });
	return z.NEVER;
});

const shape = {
	post: price.exactOptional(),
	postWithLink: price.exactOptional(),
	read: price.exactOptional(),
	me: price.exactOptional(),
	delete: price.exactOptional(),
	altText: price.exactOptional(),
};
const one = z.strictObject(shape);
const several = z.array(z.strictObject({ ...shape, from: z.iso.date("a day such as 2026-12-01").exactOptional() }));

/** `prices` as it stands in newsroom.yaml, in US dollars: one set that always holds, or a list of sets with the day (UTC) from which each holds. Gives millionths. */
export const pricesSchema = z
	.unknown()
	.transform((given, context): readonly PriceChange[] => {
		const result = Array.isArray(given) ? several.safeParse(given) : one.safeParse(given);
		if (result.success) return Array.isArray(result.data) ? result.data : [result.data];
		for (const { message, path } of result.error.issues) context.addIssue({ code: "custom", message, path });
		return z.NEVER;
	})
	.default([]);

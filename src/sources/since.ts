import type { Answer } from "../http.ts";

/**
 * The latest of the moments that a list names (ISO 8601 UTC), never earlier than `before`. What lies in the future by the site's own clock
 * (RFC 9110, 6.6.1) is passed over: it would hide whatever is published until then. Undefined when there is none.
 */
export function latestOf(
	moments: Iterable<string | undefined>,
	{ before, answer }: { readonly before: string | undefined; readonly answer: Pick<Answer, "headers"> },
): string | undefined {
	const clock = Date.parse(answer.headers["date"] ?? "");
	const now = Number.isNaN(clock) ? undefined : new Date(clock).toISOString();
	let latest = before;
	for (const moment of moments) {
		if (moment === undefined || (now !== undefined && moment > now)) continue;
		if (latest === undefined || moment > latest) latest = moment;
	}
	return latest;
}

import { isInitials } from "./endings.ts";
import { isPerson, isTopic, isTown } from "./name-like.ts";
import type { Segment } from "./segments.ts";
import { unwrap } from "./words.ts";

// «قنا ـ من رجب آدم» is a town and its reporter.
const FROM = /^من (?=\p{L}+ \p{L})/u;

/** Whom the pieces of a chain name; an unknown name behind an outlet's is a place or section when nothing else in the chain is one. `rest` is the text behind them. */
export function creditsOf(segments: readonly Segment[], rest = ""): string[] {
	const placed = segments.some((one) => one.reading?.kind === "place");
	const quoted = segments.some((one, index) => index > 0 && one.bracket !== "");
	const credits = segments.flatMap((one, index) =>
		isSubject(one, rest)
			? []
			: one.reading
				? one.reading.common && FROM.test(segments[index + 1]?.raw ?? "")
					? []
					: one.reading.credits
				: isTopic(one.raw) ||
						isInitials(one.raw) ||
						(quoted && index === 0 && isTown(one.raw)) ||
						(index > 0 && one.bracket === "" && !placed && isTown(one.raw)) ||
						(one.sep === "" && segments[index + 1]?.bracket)
					? []
					: [unwrap(one.raw).replace(FROM, "")],
	);
	// Whoever else it was, somebody is named.
	const unknown = segments.some((one) => isTopic(one.raw) || isSubject(one, rest))
		? undefined
		: segments.find((one) => !one.reading && !isInitials(one.raw));
	return credits.length > 0 || !unknown ? credits : [unwrap(unknown.raw)];
}

// «القوة الجوية / أعلن نادي القوة الجوية …», «حيدر السعدي / أكد النائب حيدر السعدي …»
function isSubject(segment: Segment, rest: string): boolean {
	if (segment.sep !== "/" || (segment.reading && segment.reading.common !== true)) return false;
	const name = unwrap(segment.raw);
	if (!segment.reading && isPerson(name, true) && rest.slice(0, 160).includes(` ${name}`)) return true;
	const about = /(?:^|\s)(?:ال)?(?:نادي|فريق|منتخب)\s+(.*)$/u.exec(rest.slice(0, 120))?.[1];
	return about?.startsWith(`${name} `) === true;
}

import { type Label, readLabelLine } from "./labels.ts";
import { isNameLike, isPerson } from "./name-like.ts";
import type { Register } from "./names.ts";
import { unwrap, wordsOf } from "./words.ts";

const FROM_TOWN = /^([\p{L}\p{M}\p{N} .]{3,40}?)\s+من\s+([\p{L}\p{M} ]{2,25})$/u;
const AT_PLACE = /^([\p{L}\p{M} ،]{3,40}?)\s*[-–—/|]\s*(?=(?:كتب|كتبت|بقلم|تقرير|تصوير|متابعة|إعداد|اعداد)\s*[:/–—-])/u;
// «كتب محمود شوقي», «ن. بوعلام»
const WROTE = /^كتبت?\s+([\p{L}\p{M} ]{5,40})$/u;
const SHORT_NAME = /^[^د]\.\s?[\p{L}\p{M}]{3,15}$/u;
const FROM_PERSON = /^من ([\p{L}\p{M}]+ [\p{L}\p{M}]+(?: [\p{L}\p{M}]+)?)(?: (?:و|و )[\p{L}\p{M}]+ [\p{L}\p{M}]+)?$/u;

/** A byline that stands alone on a line at the head of an article: «من أحمد رشيد», «بغداد: سرمد يعقوب». */
export function readByline(line: string, names: Register, credited: boolean): Label | undefined {
	const from = FROM_PERSON.exec(line);
	if (from?.[1] && isNameLike(from[1], 3) && !names.prefix(from[1]))
		return {
			rule: "byline",
			start: 0,
			end: line.length,
			credits: [line.slice(3)],
		};
	const [place, person, more] = line.split(/\s*:\s*/);
	if (place && person && more === undefined && names.read(place)?.kind === "place" && isPerson(person)) {
		return {
			rule: "byline",
			start: 0,
			end: line.length,
			credits: [unwrap(person)],
		};
	}
	const all = { rule: "byline" as const, start: 0, end: line.length };
	const wrote = WROTE.exec(line)?.[1];
	if (wrote && isPerson(wrote, true)) return { ...all, credits: [wrote] };
	if (SHORT_NAME.test(line)) return { ...all, credits: [line] };
	const [, outlet, town] = FROM_TOWN.exec(line) ?? [];
	const owner = outlet && town && names.read(town)?.kind === "place" ? names.read(outlet) : undefined;
	if (owner?.kind === "agency") return { ...all, credits: owner.credits };
	const at = AT_PLACE.exec(line);
	const label =
		at?.[1] && names.read(at[1])?.kind === "place" ? readLabelLine(line.slice(at[0].length), names) : undefined;
	if (label) return { ...label, end: line.length };
	// A name alone: under a line of credits, or certain by itself.
	if (!/[:/]|(?:^|\s)و/.test(line) && (credited || wordsOf(line).length > 2) && isPerson(line, true))
		return { rule: "byline", start: 0, end: line.length, credits: [unwrap(line)] };
	return undefined;
}

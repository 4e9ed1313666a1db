import { creditsOf } from "./chain-credits.ts";
import { isDateWord } from "./date-words.ts";
import { isNameLike, isOutletLike, isPerson } from "./name-like.ts";
import type { Register } from "./names.ts";
import { type Segment, split } from "./segments.ts";
import { isPastVerb, isVerb, opensNews, startsNews } from "./verbs.ts";
import { firstKey, unwrap, wordsOf } from "./words.ts";

/** What stands before the text of a line: how long it is, whom it names, and the rule that saw it. */
export interface Head {
	readonly end: number;
	readonly credits: readonly string[];
	readonly rule: "dateline" | "chain" | "shape" | "glued" | "credit-line" | "place-line";
	/** A place and an agency before news: a dateline wherever in a text it stands. */
	readonly certain?: boolean;
	/** «أزمة الوقود / أعلنت»: it says what the paragraph is about and names nobody. */
	readonly kicker?: boolean;
}

const LONGEST_LINE = 110;
// What is longer and not divided (by a sign, or by a date) is no name.
const LONGEST_NAME = 45;
const LONGEST_SEGMENT = 75;
const DIVIDED = /[0-9٠-٩۰-۹\\/|•:()[\]{}«»"“”–—ـ-]/;
// «الطائف – مدينة الورد تستقبل زوارها»
const APPOSITION = new Set("مدينه المدينه عاصمه العاصمه محافظه بلد بلده قضاء ناحيه قريه قلب بوابه ميناء".split(" "));
const DOTS = /^\s?(?:\.{1,4}|…)\s+/;
const PAUSES = /(?<=\S)\s*(?:\.{2,4}|…)\s*(?=\S)/u;
// «وكالة سومر - وهي الوكالة الرسمية - نفت …»
const ASIDE = /^(?:وه[يوم]|التي|الذي|كما|أو|أي)\s[^.؟!]{2,120}?\s[-–—]\s/u;
// «أشرف ريفي: …», for some names are verbs
const NAMED = /^\p{L}+\s(?!ال)\p{L}+:/u;
const SPEAKER = /^[^:،.؛]{2,40}:/;

/** The dateline or chain of credits that a line begins with, if the line goes on behind it. */
export function readHead(line: string, names: Register): Head | undefined {
	const run = names.run(line) ?? names.marked(line);
	if (run && isPastVerb(run.next) && line[run.end] === " ")
		return { end: run.end + 1, credits: run.reading.credits, rule: "glued", certain: true };
	// «شفق نيوز ... أعلنت», «سبوتنيك. أعلن»
	const name = names.prefix(line);
	const dots = name?.reading.kind === "agency" ? DOTS.exec(line.slice(name.end, name.end + 9)) : null;
	// «السومرية نيوز.. ديالى.. أعلنت»
	const town = name && dots ? names.prefix(line.slice(name.end + dots[0].length)) : undefined;
	const more = name && dots && town?.reading.kind === "place" ? name.end + dots[0].length + town.end : 0;
	const gap = more > 0 ? DOTS.exec(line.slice(more, more + 9)) : null;
	if (name && gap && startsNews(line.slice(more + gap[0].length)))
		return { end: more + gap[0].length, credits: name.reading.credits, rule: "glued" };
	if (name && dots && isPastVerb(name.next) && names.read(line.slice(0, name.end))?.common !== true)
		return { end: name.end + dots[0].length, credits: name.reading.credits, rule: "glued" };
	const segments = split(line, names);
	for (let count = segments.length; count > 0; count--) {
		const taken = segments.slice(0, count);
		const last = taken.at(-1);
		if (!last) break;
		const rest = line.slice(last.end);
		if (wordsOf(rest.slice(0, 80)).length < 3) continue;
		const behind = names.prefix(rest);
		if (behind?.reading.kind === "place" && isPastVerb(behind.next) && isUnknownChain(taken))
			return { end: last.end + behind.end + 1, credits: creditsOf(taken, rest), rule: "shape" };
		const rule = judge(taken, rest, names);
		if (!rule) continue;
		// Before an agency in brackets stands a place, known or not.
		const credits = creditsOf(rule === "dateline" ? taken.filter((one) => one.bracket || one.reading) : taken, rest);
		const kicker = count === 1 && last.sep === "/" && credits.length === 0 && last.reading?.kind !== "place";
		const placed = taken.some((one) => one.reading?.kind === "place");
		const sourced = taken.some((one) => one.reading?.kind === "agency" && !one.reading.common);
		const whole = rule === "dateline" && placed && last.reading?.kind === "agency" && startsNews(rest);
		const glued = gluedEnd(rest, credits.length > 0, names);
		if (glued)
			return {
				end: last.end + glued.end,
				credits: [...credits, ...glued.credits],
				rule: "glued",
				certain: placed && (sourced || isOutlet(glued.credits[0], names)),
			};
		return {
			end: last.end,
			credits,
			rule,
			certain: whole || (sourced && (rule === "dateline" || (placed && startsNews(rest)))),
			kicker,
		};
	}
	return undefined;
}

/** A line that is nothing but credits: agencies, places, dates and names between separators; `next` is the line below the first one. */
export function readCreditLine(line: string, names: Register, next = ""): Head | undefined {
	if (line.length > LONGEST_LINE || (line.length > LONGEST_NAME && !DIVIDED.test(line.slice(0, LONGEST_SEGMENT))))
		return undefined;
	const whole = names.read(line);
	if (
		whole &&
		(whole.kind === "agency" || (whole.kind === "weak" && wordsOf(line).length < 5 && !/[.؟!:]$/.test(line)))
	) {
		return { end: line.length, credits: whole.credits, rule: "credit-line" };
	}
	if (whole?.kind === "place") return { end: line.length, credits: [], rule: "place-line" };
	// «العراق اليوم..بغداد»
	if (PAUSES.test(line)) {
		const divided = readCreditLine(line.replace(PAUSES, " - "), names);
		return divided && { ...divided, end: line.length };
	}
	const segments = split(`${line} /`, names);
	const end = segments.at(-1)?.end ?? 0;
	const below = next.length > line.length && wordsOf(next.slice(0, 120)).length > 6 && startsNews(next);
	if (below && isOutletLike(line)) return { end: line.length, credits: [unwrap(line)], rule: "shape" };
	if (segments.length < 2 || end < line.length) return undefined;
	const agency = segments.some((one) => one.reading?.kind === "agency" || one.reading?.kind === "weak");
	const placed = segments.some((one) => one.reading?.kind === "place");
	const dated = segments.some((one) => one.reading?.kind === "date");
	const unknown = segments.filter((one) => !one.reading);
	const slashed = segments.slice(0, -1).every((one) => one.sep === "/" || one.sep === "|");
	const colon = segments.slice(0, -1).some((one) => one.sep === ":");
	if (unknown.some((one) => !isNameLike(one.raw, 3))) return undefined;
	// «الزوراء - الشرطة» play each other.
	const match = segments.every((one) => (one.reading ? one.reading.common : /^ال\S+$/.test(unwrap(one.raw))));
	if (match && !slashed && unknown.length > 0) return undefined;
	const signed = placed && !colon && segments.length > 2 && unknown.some((one) => isPerson(one.raw, true));
	// «البوصلة / الغراف» above a sentence of news
	if (below && slashed && segments.length === 2 && unknown.length === 2)
		return { end: line.length, credits: creditsOf(segments), rule: "shape" };
	if (unknown.length > (agency || dated || signed ? 2 : 1)) return undefined;
	if (!agency && !dated && unknown.length === 0) return undefined;
	if (
		!agency &&
		unknown.length > 0 &&
		!(placed && (slashed || signed)) &&
		!(placed && !colon && segments.length === 2 && isPerson(unknown[0]?.raw ?? "")) &&
		!((placed || slashed) && !colon && dated)
	)
		return undefined;
	return {
		end: line.length,
		credits: creditsOf(segments),
		rule: unknown.length > 0 ? "shape" : "credit-line",
	};
}

// «صوت الجنوب / السماوة حذرت»: the chain ends in a place the text is glued to.
function isUnknownChain(segments: readonly Segment[]): boolean {
	return (
		segments.length < 3 &&
		segments.every((one) => (one.sep === "/" || one.sep === "|") && !one.reading && isNameLike(one.raw, 3))
	);
}

function judge(segments: readonly Segment[], rest: string, names: Register): Head["rule"] | undefined {
	const last = segments.at(-1);
	const first = segments[0];
	if (!last || !first) return undefined;
	const opening = firstKey(rest.slice(0, 60));
	const past = isPastVerb(opening);
	// «البصرة (وكالة سومر الإخبارية) أعلنت», «{الفرات نيوز} أعلنت»
	if (last.sep === "") {
		const alone = segments.length === 1 || first.reading?.kind === "place";
		const closed = segments.length > 1 ? last.bracket !== "" : /[)\]}]/.test(last.bracket);
		if (!past || !closed) return undefined;
		if (first.reading?.kind === "agency" && last.reading?.kind === "place") return "dateline";
		return alone && last.reading?.kind === "agency" ? "dateline" : undefined;
	}
	// Two pieces with nothing between them are only read as one dateline when brackets or a date divide them.
	const loose = segments.some(
		(one, index) =>
			index < segments.length - 1 &&
			one.sep === "" &&
			!segments[index + 1]?.bracket &&
			!one.bracket &&
			one.reading?.kind !== "date",
	);
	if (loose) return undefined;
	const kinds = segments.map((one) => one.reading?.kind);
	const verb = isVerb(opening);
	const unknown = segments.filter((one) => !one.reading);
	const agencies = segments.filter((one) => one.reading?.kind === "agency");
	const weak = kinds.includes("weak");
	const placed = kinds.includes("place");
	const slashed = segments.every((one) => one.sep === "/" || one.sep === "|");
	const slashedTo = segments.slice(0, -1).every((one) => one.sep === "/" || one.sep === "|") && segments.length > 1;
	const inBrackets = segments.findIndex((one) => one.bracket);

	if (
		inBrackets === segments.length - 1 &&
		inBrackets === 1 &&
		last.reading?.kind !== "place" &&
		(last.sep === "-" || last.sep === ":")
	) {
		const source = last.reading?.kind;
		const place = first.reading?.kind === "place";
		if ((source === "agency" || source === "weak") && (place || !first.reading)) return "dateline";
		// «طهران (العاصمة) – …»
		if (place && !last.reading && !APPOSITION.has(firstKey(last.raw))) return "dateline";
	}
	if (unknown.length === 0) {
		if (agencies.length > 0) {
			if (last.sep === "-" && ASIDE.test(rest)) return undefined;
			const lonely = segments.length === 1 && first.reading?.common === true && !first.bracket;
			// «الزوراء / القوة الجوية: قمة الجولة»
			if (lonely && !verb && SPEAKER.test(rest.slice(0, 40))) return undefined;
			return lonely && last.sep !== "/" && last.sep !== "|" && !verb && !gluedEnd(rest, true, names)
				? undefined
				: "chain";
		}
		if (weak) return slashed || (verb && (placed || last.sep !== ":")) ? "chain" : undefined;
		if (placed) return judgePlaces(segments, rest, verb, names) ? "chain" : undefined;
		return undefined;
	}
	if (unknown.some((one) => !isNameLike(one.raw, 3)) || unknown.length > 2) return undefined;
	// «… بغداد / البصرة / أربيل، والتقى …» is a list.
	const next = names.prefix(rest);
	if (next?.reading.kind === "place" && !isVerb(next.next)) return undefined;
	if (agencies.length > 0) return slashed || verb || (placed && last.reading !== undefined) ? "shape" : undefined;
	if (placed && (slashed || (slashedTo && last.reading?.kind === "place") || verb))
		return unknown.length === 1 ? "shape" : undefined;
	const even = segments.length > 1 && segments.slice(0, -1).every((one) => one.sep === first.sep && one.sep !== ":");
	// «الكهرباء – الماء – تراجع …»
	const subjects = unknown.every((one) => one.bracket === "" && /^ال\S+$/.test(unwrap(one.raw)));
	return past && (slashed || (even && !subjects)) ? "shape" : undefined;
}

// «بغداد – أعلن», never «واشنطن - طهران: …», «بغداد: …».
function judgePlaces(segments: readonly Segment[], rest: string, verb: boolean, names: Register): boolean {
	const places = segments.filter((one) => one.reading?.kind === "place");
	const dates = segments.length - places.length;
	const last = segments.at(-1);
	if (places.length > 1 && !segments[1]?.bracket) return false;
	// «الأحد: بغداد، الاثنين: بابل» is a calendar.
	const [head] = segments;
	if (dates > 0) return !(head?.reading?.kind === "date" && head.sep === ":");
	// «دبي، الإمارات العربية المتحدة، 23 نوفمبر 2026: أعلنت …»
	if (last?.sep === ":") return wordsOf(last.raw).filter(isDateWord).length > 2 && startsNews(rest);
	// «بغداد - وزير النفط: …» is a headline.
	if (!verb ? SPEAKER.test(rest) : NAMED.test(rest)) return false;
	// «أربيل - العاصمة السياحية للعام» tells of the place.
	const [one, ...others] = wordsOf(rest.slice(0, 60));
	if (APPOSITION.has(one?.key ?? "")) return false;
	if (!opensNews(one?.key ?? "") && !others.slice(0, 2).some((word) => isVerb(word.key))) return false;
	return names.prefix(rest)?.reading.kind !== "place";
}

// «شفق نيوز / ديالى أعلن», «حلب-سانا نظمت», «موسكو – سبوتنيك. أعلن», «بغداد-واع-آمنة السلامي أعلنت»
function gluedEnd(
	rest: string,
	credited: boolean,
	names: Register,
): { end: number; credits: readonly string[] } | undefined {
	const name = names.prefix(rest);
	if (name && (credited || name.reading.kind === "agency")) {
		const between = /^\.*\s+/.exec(rest.slice(name.end))?.[0] ?? "";
		if (between !== "" && startsNews(rest.slice(name.end + between.length)))
			return { end: name.end + between.length, credits: name.reading.credits };
	}
	if (!credited) return undefined;
	const words = wordsOf(rest.slice(0, 60));
	for (const count of [2, 3, 4]) {
		const end = words[count]?.start ?? 0;
		if (isPastVerb(words[count]?.key ?? "") && isPerson(rest.slice(0, end), true))
			return { end, credits: [rest.slice(0, end).trim()] };
	}
	return undefined;
}

function isOutlet(name: string | undefined, names: Register): boolean {
	const read = name === undefined ? undefined : names.read(name);
	return read?.kind === "agency" && read.common !== true;
}

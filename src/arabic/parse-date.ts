import { compareKey } from "./normalize.ts";

const MINUTE = 60_000;
const MONTHS = monthNames([
	"كانون الثاني|كانون ثاني|كانون 2|كانون2|يناير|جانفي|january|jan",
	"شباط|فبراير|فيفري|february|feb",
	"آذار|مارس|march|mar",
	"نيسان|أبريل|إبريل|أفريل|april|apr",
	"أيار|مايو|ماي|may",
	"حزيران|يونيو|يونيه|جوان|june|jun",
	"تموز|يوليو|يوليه|يوليوز|جويلية|july|jul",
	"آب|أغسطس|غشت|أوت|august|aug",
	"أيلول|سبتمبر|شتنبر|سيبتمبر|september|sept|sep",
	"تشرين الأول|تشرين أول|تشرين 1|تشرين1|أكتوبر|اكتوبر|october|oct",
	"تشرين الثاني|تشرين ثاني|تشرين 2|تشرين2|نوفمبر|نونبر|november|nov",
	"كانون الأول|كانون أول|كانون 1|كانون1|ديسمبر|دجنبر|december|dec",
]);
const MONTH = new RegExp(
	`(?<!\\p{L})(${[...MONTHS.keys()].sort((a, b) => b.length - a.length).join("|")})(?!\\p{L})\\.?`,
	"u",
);
const HIJRI =
	/[0-9]{1,2}\s*(?:محرم|صفر|ربيع (?:الاول|الاخر|الثاني)|جمادي (?:الاولي|الاول|الاخره|الثانيه)|رجب|شعبان|رمضان|شوال|ذو القعده|ذي القعده|ذو الحجه|ذي الحجه)\s*[0-9]{0,4}\s*(?:هـ|ه)?/u;

// The named zones of RFC 822 and what feeds write besides, in minutes east of Greenwich.
const ZONES: Readonly<Record<string, number>> = {
	z: 0,
	ut: 0,
	utc: 0,
	gmt: 0,
	غرينتش: 0,
	كرينتش: 0,
	جرينتش: 0,
	est: -300,
	edt: -240,
	cst: -360,
	cdt: -300,
	mst: -420,
	mdt: -360,
	pst: -480,
	pdt: -420,
	bst: 60,
	cet: 60,
	cest: 120,
	eet: 120,
	eest: 180,
	msk: 180,
};

interface Moment {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
	/** Minutes east of Greenwich; absent when the text names no zone. */
	offset?: number;
}

/**
 * A date of RFC 822/2822, ISO 8601 or Arabic writing (all three families of month names, both sets of Arabic digits, ص/م, day before month
 * in numbers) as ISO 8601 UTC, or undefined. Without a zone in the text it is read in `zone` (IANA name), else as UTC. Throws RangeError for an unknown `zone`.
 */
export function parseDate(text: string, zone?: string): string | undefined {
	if (text.length > 200) return undefined;
	const plain = compareKey(text.replace(/هـ/g, "ه")).replace(/[،,؛;|()]+/g, " ");
	const moment = readCompact(plain) ?? readDate(plain);
	return moment && toIso(moment, zone);
}

function readCompact(plain: string): Moment | undefined {
	const found = /^(\d{4})(\d\d)(\d\d)(?:t(\d\d)(\d\d)(\d\d)?\s*(z|[+-]\d{2}:?\d{2})?)?$/.exec(plain);
	if (!found) return undefined;
	const offset = readZone(found[7] ?? "");
	const moment = {
		year: int(found[1]),
		month: int(found[2]),
		day: int(found[3]),
		hour: int(found[4]),
		minute: int(found[5]),
		second: int(found[6]),
	};
	return offset === undefined ? moment : { ...moment, offset };
}

function readDate(plain: string): Moment | undefined {
	const rest = plain.replace(HIJRI, " ");
	const day = readNumbers(rest) ?? readNamed(rest);
	if (!day) return undefined;
	const after = rest.replace(day.found, " ");
	const time = readTime(after);
	const offset = readZone(time?.rest ?? after);
	const moment = {
		...day.date,
		hour: time?.hour ?? 0,
		minute: time?.minute ?? 0,
		second: time?.second ?? 0,
	};
	return offset === undefined ? moment : { ...moment, offset };
}

interface Day {
	date: { year: number; month: number; day: number };
	found: string;
}

function readNumbers(text: string): Day | undefined {
	const yearFirst = /(?<!\d)(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)t?/.exec(text);
	if (yearFirst)
		return {
			date: {
				year: int(yearFirst[1]),
				month: int(yearFirst[3]),
				day: yearFirst[4] ? int(yearFirst[4]) : 1,
			},
			found: yearFirst[0],
		};
	const dayFirst = /(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)/.exec(text);
	if (!dayFirst) return undefined;
	const [first, second] = [int(dayFirst[1]), int(dayFirst[3])];
	// Day first, as the Arab world writes; 11/23/2026 can only be month first.
	const swapped = second > 12 && first <= 12;
	return {
		date: {
			year: int(dayFirst[4]),
			month: swapped ? first : second,
			day: swapped ? second : first,
		},
		found: dayFirst[0],
	};
}

function readNamed(text: string): Day | undefined {
	const named = MONTH.exec(text);
	if (!named) return undefined;
	const month = MONTHS.get(named[1] ?? "") ?? 0;
	// «كانون الأول/ديسمبر» and «ديسمبر كانون الأول» name one month twice.
	let end = named.index + named[0].length;
	const twin = MONTH.exec(text.slice(end));
	if (twin && /^\s*[/-]?\s*$/.test(text.slice(end).slice(0, twin.index)) && MONTHS.get(twin[1] ?? "") === month)
		end += twin.index + twin[0].length;
	const before = /(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?(?:\s*من)?(?:\s*شهر)?[\s/-]*$/.exec(text.slice(0, named.index));
	const behind = text.slice(end);
	if (before) {
		const year = /^[\s/-]*(?:من\s*)?(?:عام\s*|سنه\s*)?(\d{4}|\d{2}(?=\s+\d{1,2}:|$))(?![\d:])/.exec(behind);
		if (!year) return undefined;
		return {
			date: { year: fullYear(year[1] ?? ""), month, day: int(before[1]) },
			found: text.slice(named.index - before[0].length, end + year[0].length),
		};
	}
	const behindDay = /^\s*(\d{1,2})(?:st|nd|rd|th)?\s+(?:من\s*)?(\d{4})(?![\d:])/.exec(behind);
	if (behindDay)
		return {
			date: { year: int(behindDay[2]), month, day: int(behindDay[1]) },
			found: text.slice(named.index, end + behindDay[0].length),
		};
	// The C library's order: «Fri Nov 20 09:05:00 2026».
	const clock = /^\s*(\d{1,2})(\s+\d{1,2}:\d\d(?::\d\d)?(?:\s+[a-z]{1,5})?)\s+(\d{4})$/.exec(behind);
	if (!clock) return undefined;
	return {
		date: { year: int(clock[3]), month, day: int(clock[1]) },
		found: `\u0000`,
	};
}

function readTime(text: string): { hour: number; minute: number; second: number; rest: string } | undefined {
	const clock =
		/(?<![\d:+-])(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,]\d+)?)?/.exec(text) ??
		/(?:الساعه|at)\s+(\d{1,2})(?!\d)()()/.exec(text);
	if (!clock) return undefined;
	const rest = text.slice(clock.index + clock[0].length);
	const all = `${text.slice(0, clock.index)} ${rest}`;
	let hour = int(clock[1]);
	const evening = /(?<!\p{L})(?:م|مساء|مساءا|ظهرا|عصرا|ليلا|p\.?m\.?)(?!\p{L})/u.test(all);
	const morning = /(?<!\p{L})(?:ص|صباحا|فجرا|a\.?m\.?)(?!\p{L})/u.test(all);
	if (evening && hour < 12 && !(hour < 5 && /ليلا/.test(all))) hour += 12;
	if ((morning || /ليلا/.test(all)) && hour === 12) hour = 0;
	return { hour, minute: int(clock[2]), second: int(clock[3]), rest };
}

function readZone(text: string): number | undefined {
	const sign = /(?:^|[\s\d])(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d\d)?(?!\d)/.exec(text);
	if (sign) return (sign[1] === "-" ? -1 : 1) * (int(sign[2]) * 60 + int(sign[3]));
	for (const word of text.match(/(?<!\p{L})[\p{L}]+/gu) ?? []) {
		const minutes = Object.hasOwn(ZONES, word) ? ZONES[word] : undefined;
		if (minutes !== undefined) return minutes;
	}
	return undefined;
}

function toIso(moment: Moment, zone: string | undefined): string | undefined {
	const { year, month, day, hour, minute, second } = moment;
	if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || second > 60)
		return undefined;
	const local = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
	if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
	const offset = moment.offset ?? (zone === undefined ? 0 : zoneOffset(local, zone));
	return new Date(local - offset * MINUTE).toISOString();
}

// The offset is asked at the moment it leads to, so that the hours around a change of clocks come out right.
function zoneOffset(local: number, zone: string): number {
	const guess = offsetAt(local, zone);
	return offsetAt(local - guess * MINUTE, zone);
}

function offsetAt(time: number, zone: string): number {
	const parts = new Intl.DateTimeFormat("en-US", {
		timeZone: zone,
		timeZoneName: "longOffset",
	}).formatToParts(time);
	const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
	const found = /([+-])(\d\d):(\d\d)/.exec(name);
	return found ? (found[1] === "-" ? -1 : 1) * (int(found[2]) * 60 + int(found[3])) : 0;
}

function fullYear(digits: string): number {
	const year = int(digits);
	return digits.length > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

function int(digits: string | undefined): number {
	return digits ? Number.parseInt(digits, 10) : 0;
}

function monthNames(rows: readonly string[]): Map<string, number> {
	return new Map(rows.flatMap((row, index) => row.split("|").map((name) => [compareKey(name), index + 1] as const)));
}

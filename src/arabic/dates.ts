const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PLURALS = new Intl.PluralRules("ar");
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The forms of a counted noun, without the number; `one` and `two` stand alone («خبر واحد»، «خبران»), `zero` as well when given. */
export interface Noun {
	readonly one: string;
	readonly two: string;
	readonly few: string;
	readonly many: string;
	readonly other: string;
	readonly zero?: string;
}

/** A number with its noun in the form Arabic asks for (CLDR plural rules for ar: 3–10 few, 11–99 many, by the last two digits). */
export function counted(count: number, noun: Noun): string {
	const form = PLURALS.select(count);
	if (form === "one" || form === "two") return noun[form];
	if (form === "zero") return noun.zero ?? `0 ${noun.other}`;
	return `${count} ${noun[form]}`;
}

const UNITS: readonly (readonly [length: number, noun: Noun])[] = [
	[365 * DAY, { one: "سنة", two: "سنتين", few: "سنوات", many: "سنة", other: "سنة" }],
	[30 * DAY, { one: "شهر", two: "شهرين", few: "أشهر", many: "شهرًا", other: "شهر" }],
	[DAY, { one: "يوم", two: "يومين", few: "أيام", many: "يومًا", other: "يوم" }],
	[HOUR, { one: "ساعة", two: "ساعتين", few: "ساعات", many: "ساعة", other: "ساعة" }],
	[
		MINUTE,
		{
			one: "دقيقة",
			two: "دقيقتين",
			few: "دقائق",
			many: "دقيقة",
			other: "دقيقة",
		},
	],
];

/** How long ago, in words for a reply: «قبل 4 دقائق», «قبل دقيقتين», «الآن» below a minute; «بعد …» for a moment to come. */
export function ago(from: Date, now: Date): string {
	const distance = now.getTime() - from.getTime();
	const length = Math.abs(distance);
	const unit = UNITS.find(([least]) => length >= least);
	if (!unit) return "الآن";
	return `${distance > 0 ? "قبل" : "بعد"} ${counted(Math.floor(length / unit[0]), unit[1])}`;
}

/**
 * A moment as the newsroom's country writes dates: «الاثنين، 23 تشرين الثاني 2026» (ar-IQ by default). CLDR makes ٠–٩ the default
 * of ar-IQ and its neighbours, so the digits are always asked for by name. Throws RangeError for what is no moment or no time zone.
 */
export function formatDate(
	iso: string,
	options: {
		readonly timeZone: string;
		readonly digits?: "latn" | "arab";
		readonly locale?: string;
	},
): string {
	const digits = options.digits ?? "latn";
	const key = `${options.locale ?? "ar-IQ"}|${digits}|${options.timeZone}`;
	let formatter = formatters.get(key);
	if (!formatter) {
		const locale = new Intl.Locale(options.locale ?? "ar-IQ", {
			numberingSystem: digits,
		});
		formatter = new Intl.DateTimeFormat(locale.toString(), {
			dateStyle: "full",
			timeZone: options.timeZone,
		});
		formatters.set(key, formatter);
	}
	return formatter.format(new Date(iso)).replace(/[\u061C\u200E\u200F]/g, "");
}

export { parseDate } from "./parse-date.ts";

import { parseDate } from "../arabic/dates.ts";

const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const RFC822 =
	/^(?:[A-Z][a-z]{2}, )?(\d\d?) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) (?:GMT|UTC?|Z|([+-])(\d\d)(\d\d))$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):?(\d\d))$/;

/** The date of an entry as ISO 8601 UTC, or undefined when it is none: what `parseDate` gives, with a short way for the two forms that nearly every feed writes (RFC 822 and RFC 3339, always with a zone). */
export function feedDate(text: string): string | undefined {
	const written = RFC822.exec(text);
	if (written) {
		const month = MONTHS.indexOf(written[2] ?? "");
		if (month % 3 === 0) return moment(written[3], month / 3 + 1, written[1], written) ?? parseDate(text);
	}
	const iso = ISO.exec(text);
	return (iso && moment(iso[1], Number(iso[2]), iso[3], iso)) ?? parseDate(text);
}

/** Puts a moment together, from the hour on out of what a pattern found; undefined for what no calendar has. */
function moment(
	year: string | undefined,
	month: number,
	day: string | undefined,
	[, , , , hour, minute, second, sign, zoneHours, zoneMinutes]: readonly (string | undefined)[],
): string | undefined {
	const isOrdinary =
		month >= 1 && month <= 12 && Number(day) >= 1 && Number(day) <= 28 && Number(hour) <= 23 && Number(minute) <= 59;
	if (!isOrdinary || Number(second) > 59 || Number(year) < 1900 || Number(year) > 2200) return undefined;
	const local = Date.UTC(Number(year), month - 1, Number(day), Number(hour), Number(minute), Number(second));
	const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes));
	return new Date(local - offset * 60_000).toISOString();
}

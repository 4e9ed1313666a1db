const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes since midnight in a time of day such as `06:30` or `23:05`; undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
	const [, hours, minutes] = /^\s*([01]?\d|2[0-3]):([0-5]\d)\s*$/.exec(text) ?? [];
	return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/** What the clocks of a zone are ahead of UTC at a moment, in milliseconds. Throws RangeError for a zone that is none. */
function offsetAt(time: number, zone: string): number {
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat("en-US", {
			timeZone: zone,
			hourCycle: "h23",
			year: "numeric",
			month: "numeric",
			day: "numeric",
			hour: "numeric",
			minute: "numeric",
			second: "numeric",
		});
		formats.set(zone, format);
	}
	const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
	const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
	return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1_000) * 1_000;
}

/** The day on a zone's calendar, as 2026-11-23. Throws RangeError for a zone that is none. */
export function dateIn(zone: string, time: Date): string {
	return new Date(time.getTime() + offsetAt(time.getTime(), zone)).toISOString().slice(0, 10);
}

/** Minutes since midnight on a zone's clocks. Throws RangeError for a zone that is none. */
export function minutesIn(zone: string, time: Date): number {
	const wall = time.getTime() + offsetAt(time.getTime(), zone);
	return Math.floor((((wall % DAY) + DAY) % DAY) / MINUTE);
}

/** The day so many days after another one. */
export function daysAfter(date: string, days: number): string {
	return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/**
 * The moment at which a zone's clocks show a time of day: the first or the last one where it comes twice because clocks are put back,
 * and the moment at which they are put forward where they leave it out.
 */
export function momentOn(date: string, minutes: number, zone: string, which: "first" | "last" = "first"): Date {
	const wall = Date.parse(date) + minutes * MINUTE;
	const [before, after] = [offsetAt(wall - DAY, zone), offsetAt(wall + DAY, zone)];
	const shown = [wall - before, wall - after].filter((time) => time + offsetAt(time, zone) === wall);
	if (shown.length > 0) return new Date(which === "first" ? Math.min(...shown) : Math.max(...shown));
	let [early, late] = [wall - after, wall - before];
	while (late - early > 1) {
		const middle = Math.floor((early + late) / 2);
		if (offsetAt(middle, zone) === before) early = middle;
		else late = middle;
	}
	return new Date(late);
}

import { dateIn, daysAfter, momentOn } from "./day-time.ts";

/** Hours in which followers are left in peace, and how. */
export interface QuietHours {
	/** Minutes since midnight on the newsroom's clocks; a later `from` than `to` means over midnight. */
	readonly from: number;
	readonly to: number;
	/** News waits for the end, or comes without a sound. */
	readonly do: "hold" | "silent";
	/** The same for breaking news; `post`: as by day. */
	readonly breaking: "post" | "silent" | "hold";
}

/** A word of the admins that goes before the hours: quiet, or not, until a moment or until they say otherwise. */
export interface QuietWord {
	readonly on: boolean;
	/** ISO 8601 UTC. */
	readonly until?: string;
}

/** How a channel is quiet now. */
export interface Quiet extends Pick<QuietHours, "do" | "breaking"> {
	/** Undefined: until the admins say otherwise. */
	readonly until?: Date;
}

/** The end of the quiet hours that a moment lies in; undefined outside them. An hour that comes twice is quiet both times. */
export function quietUntil(now: Date, zone: string, { from, to }: Pick<QuietHours, "from" | "to">): Date | undefined {
	const today = dateIn(zone, now);
	for (const date of [daysAfter(today, -1), today]) {
		const end = momentOn(from < to ? date : daysAfter(date, 1), to, zone, "last");
		if (momentOn(date, from, zone) <= now && now < end) return end;
	}
	return undefined;
}

/** Whether and how a channel is quiet: by the admins' word, else by its hours; undefined when it is not. */
export function quietNow(
	now: Date,
	zone: string,
	hours: QuietHours | undefined,
	word: QuietWord | undefined,
): Quiet | undefined {
	const manner = { do: hours?.do ?? "hold", breaking: hours?.breaking ?? "post" } as const;
	const until = word?.until === undefined ? undefined : new Date(word.until);
	if (word && (until === undefined || until > now))
		return word.on ? { ...manner, ...(until ? { until } : {}) } : undefined;
	const end = hours && quietUntil(now, zone, hours);
	return end && { ...manner, until: end };
}

/** What quiet means for a piece of news: as by day, without a sound, or not before its end. */
export function mannerOf(quiet: Quiet | undefined, news: { readonly breaking: boolean }): QuietHours["breaking"] {
	if (!quiet) return "post";
	return news.breaking ? quiet.breaking : quiet.do;
}

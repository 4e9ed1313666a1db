import { hasGap, isSilent } from "./article/schedule.ts";
import type { SourceRecord } from "./ledger/ledger.ts";
import type { Admins } from "./ports.ts";
import { SourceError } from "./sources/source.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Admins are told of a failing source after so many failures and so long. */
const TOLD_AFTER = { times: 3, time: 30 * MINUTE } as const;
/** A source that usually brings more than this in a week and lists nothing for a day is worth a word. */
const LIVELY = 7;

/** What the admins are told of the sources' health, each thing once until it is over. */
export function health(admins: Admins) {
	return {
		/** Whether a failure is to be told now: at once when no patience will mend it, otherwise when it lasts. */
		isTold(error: unknown, fault: NonNullable<SourceRecord["fault"]>, now: Date): boolean {
			const final = error instanceof SourceError && (error.status === 410 || /TLS certificate/.test(error.message));
			const lasts = now.getTime() - Date.parse(fault.since) >= TOLD_AFTER.time;
			return final || (fault.times >= TOLD_AFTER.times && lasts);
		},

		async failing(source: string, fault: NonNullable<SourceRecord["fault"]>, now: Date): Promise<void> {
			const lasts = now.getTime() - Date.parse(fault.since);
			await admins.notify({
				sentence: "sourceFailing",
				fields: { source, reason: fault.message, minutes: Math.round(lasts / MINUTE) },
				incident: `source:${source}`,
			});
			if (lasts >= DAY && /name is not known/.test(fault.message))
				await admins.notify({ sentence: "domainGone", fields: { source }, incident: `domain:${source}` });
		},

		async recovered(source: string): Promise<void> {
			const over = { sentence: "sourceRecovered", fields: { source } };
			await admins.resolve({ ...over, incident: `source:${source}` });
			await admins.resolve({ ...over, incident: `domain:${source}` });
		},

		moved: (source: string, address: string): Promise<void> =>
			admins.notify({ sentence: "sourceMoved", fields: { source, address }, incident: `moved:${source}:${address}` }),

		switched: (source: string, kind: string, now: Date): Promise<void> =>
			admins.notify({
				sentence: "sourceSwitched",
				fields: { source, kind },
				incident: `door:${source}:${now.toISOString()}`,
			}),

		/** After a good look: articles that came and went unseen, an empty list, a silence that is not this source's way. */
		async looked(
			source: string,
			before: SourceRecord | undefined,
			after: SourceRecord,
			seen: { readonly times: readonly string[] | undefined; readonly fresh: number },
			now: Date,
		): Promise<void> {
			const { times } = seen;
			const oldest = [...(times ?? [])].sort()[0];
			const listed = times !== undefined && times.length > 1 && before?.firstVisit !== undefined && !before.newDoor;
			if (listed && before.lastArticle !== undefined && hasGap(timeOf(oldest), timeOf(before.lastArticle)))
				await admins.notify({
					sentence: "sourceGap",
					fields: { source },
					incident: `gap:${source}:${before.lastArticle}`,
				});
			const rhythm = (after.rhythm ?? []).map((moment) => Date.parse(moment));
			const incident = `silent:${source}`;
			const about = { source, hours: Math.floor((now.getTime() - (rhythm[0] ?? now.getTime())) / HOUR) };
			const week = rhythm.filter((moment) => now.getTime() - moment < 7 * DAY).length;
			const empty = after.emptySince !== undefined && now.getTime() - Date.parse(after.emptySince) >= DAY;
			if (isSilent(rhythm, now.getTime()) || (empty && week > LIVELY))
				await admins.notify({ sentence: "sourceSilent", fields: about, incident });
			else if (seen.fresh > 0) await admins.resolve({ sentence: "sourceSpeaks", fields: { source }, incident });
		},
	};
}

const timeOf = (moment: string | undefined): number | undefined =>
	moment === undefined ? undefined : Date.parse(moment);

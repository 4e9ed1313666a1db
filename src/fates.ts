import type { Draft } from "./article/article.ts";
import type { SourceRecord } from "./ledger/ledger.ts";

/** What is to become of a new entry. */
export type Fate =
	| { readonly state: "planned" }
	/** Published later than now, as a newsroom's schedule has it. */
	| { readonly state: "waiting"; readonly notBefore: string }
	/** Only its own page can tell whether it was published after this moment, ISO 8601 UTC; otherwise it was there before. */
	| { readonly state: "undated"; readonly after: string }
	| { readonly state: "skipped"; readonly reason: string }
	| { readonly state: "held"; readonly reason: string; readonly why: "flood" | "away" | "lost" };

/** The newsroom's wishes for new entries. */
export interface FateRules {
	/** How many of the articles that a source lists at the first visit are posted. */
	readonly firstVisit: number;
	/** The ledger was lost: what sources list at their next visit is marked as seen, whatever `firstVisit` says. */
	readonly safe?: boolean;
	/** Milliseconds; what is older when first seen is not posted. */
	readonly maxAge: number;
	/** More new articles than this in one poll wait for the admins; 0 = never. */
	readonly floodLimit: number;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	readonly day: (time: Date) => string;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
/** Clocks differ by so much. */
const CLOCK_ERROR = 10 * MINUTE;
/** A source with a week of history is held when it brings more than this and so many times what is usual. */
const FEW = 10;
const TIMES_USUAL = 5;
/** Pages that are fetched to learn when an entry was published, after a source is read through another door. */
const PAGES = 30;

/**
 * The fates of the entries that nobody knows yet, in their order. `list` is everything that the source lists now; `older` are those of them that the list
 * itself shows to be older than what was known.
 */
export function fatesOf(
	fresh: readonly Draft[],
	list: readonly Draft[],
	record: SourceRecord | undefined,
	now: Date,
	rules: FateRules,
	older: ReadonlySet<Draft> = new Set(),
): Fate[] {
	if (record?.firstVisit === undefined) {
		const lost = rules.safe || record?.lostUntil !== undefined;
		const wanted = new Set(newestFirst(list).slice(0, lost ? 0 : rules.firstVisit));
		const reason = lost ? "safe mode" : "first visit";
		return fresh.map((draft) => (wanted.has(draft) ? { state: "planned" } : { state: "skipped", reason }));
	}
	// Several dates in the future are a wrong clock, one is a schedule.
	const ahead = list.filter(({ publishedAt }) => publishedAt !== undefined && timeOf(publishedAt) > now.getTime());
	const unknown = new Set(fresh);
	const top = list.findIndex((draft) => !unknown.has(draft));
	const below = new Set(top < 0 ? [] : list.slice(top));
	const fates = fresh.map((draft): Fate => {
		if (draft.publishedAt === undefined && older.has(draft)) return { state: "skipped", reason: "too old" };
		if (isUncovered(draft, below, record, now, rules)) return DOUBTFUL;
		return fateOf(draft, record, now, rules, ahead.length === 1);
	});
	if (record.newDoor) keepToPages(fates);
	return flooding(fates, record, now, rules.floodLimit);
}

/** Whether an entry of this age is posted. */
function fateOf(draft: Draft, record: SourceRecord, now: Date, rules: FateRules, schedules: boolean): Fate {
	const { publishedAt } = draft;
	if (isDoubtful(publishedAt, record, now, rules)) return DOUBTFUL;
	const known = record.lastArticle ?? record.lastPoll ?? now.toISOString();
	if (publishedAt === undefined) return record.newDoor ? { state: "undated", after: known } : { state: "planned" };
	const ahead = timeOf(publishedAt) - now.getTime();
	if (schedules && ahead > CLOCK_ERROR && ahead <= DAY) return { state: "waiting", notBefore: publishedAt };
	const latest = latestOf(publishedAt, rules.day);
	if (now.getTime() - latest <= rules.maxAge)
		// Another door lists what the first one listed as well, perhaps under other addresses.
		return record.newDoor && latest <= timeOf(known)
			? { state: "skipped", reason: "first visit" }
			: { state: "planned" };
	// Published while nobody was looking: too old by the rule, yet nobody decided to leave it out.
	const away = record.lastPoll !== undefined && now.getTime() - timeOf(record.lastPoll) > rules.maxAge;
	if (away && publishedAt > (record.lastPoll ?? ""))
		return { state: "held", why: "away", reason: "published while Mirsal was away" };
	return { state: "skipped", reason: "too old" };
}

/** What becomes of an article that a lost ledger may have posted: the admins are asked. */
export const DOUBTFUL = {
	state: "held",
	why: "lost",
	reason: "may have been posted before the ledger was lost",
} as const;

/** Whether a lost ledger may have posted an article that this one does not know. What is too old to be posted is no question. */
export function isDoubtful(
	publishedAt: string | undefined,
	{ lostUntil, lastPoll = "" }: SourceRecord,
	now: Date,
	{ day, maxAge }: Pick<FateRules, "day" | "maxAge">,
): boolean {
	if (lostUntil === undefined) return false;
	// Of the first list since then nobody knows what is new; later, what bears no time or only a day came after it.
	const isFirst = lastPoll < lostUntil;
	if (publishedAt === undefined) return isFirst;
	const latest = latestOf(publishedAt, day);
	return now.getTime() - latest <= maxAge && (isFirst ? timeOf(publishedAt) : latest) <= timeOf(lostUntil);
}

/** Whether an entry without a date came to light below known ones after the ledger was lost: lists add on top, so it may have stood there before. */
function isUncovered(
	draft: Draft,
	below: ReadonlySet<Draft>,
	{ lostUntil }: SourceRecord,
	now: Date,
	{ maxAge }: Pick<FateRules, "maxAge">,
): boolean {
	if (lostUntil === undefined || draft.publishedAt !== undefined || !below.has(draft)) return false;
	return now.getTime() - timeOf(lostUntil) <= maxAge;
}

/** The latest moment that a publication time can mean: a date without a clock is written as midnight, and means the whole day. Milliseconds. */
export function latestOf(publishedAt: string, day: FateRules["day"]): number {
	const time = timeOf(publishedAt);
	const begins = /T00:00:00(?:\.0+)?Z$/.test(publishedAt) || day(new Date(time - 1)) !== day(new Date(time));
	return begins ? time + DAY : time;
}

/** Of the entries whose date stands on their pages alone, only the first ones of the list are looked at. */
function keepToPages(fates: Fate[]): void {
	let pages = 0;
	for (const [index, fate] of fates.entries())
		if (fate.state === "undated" && ++pages > PAGES) fates[index] = { state: "skipped", reason: "first visit" };
}

/** The same fates, or holds in place of posts when there are too many of them at once. */
function flooding(fates: Fate[], record: SourceRecord, now: Date, limit: number): Fate[] {
	const count = fates.filter(({ state }) => state === "planned").length;
	const unusual =
		record.firstVisit !== undefined &&
		now.getTime() - timeOf(record.firstVisit) >= WEEK &&
		count > FEW &&
		count > TIMES_USUAL * usual(record, now);
	if (limit === 0 || (count <= limit && !unusual)) return fates;
	return fates.map((fate) =>
		fate.state === "planned" ? { state: "held", why: "flood", reason: "too many at once" } : fate,
	);
}

/** How many articles one poll brings by the source's own last week: the mean of polls that brought any, or more when the last poll is long ago. */
function usual({ news = [], lastPoll }: SourceRecord, now: Date): number {
	const week = news.filter(([at]) => now.getTime() - timeOf(at) <= WEEK);
	const sum = week.reduce((total, [, count]) => total + count, 0);
	const since = lastPoll === undefined ? 0 : Math.min(now.getTime() - timeOf(lastPoll), WEEK);
	return Math.max(week.length === 0 ? 0 : sum / week.length, (sum * since) / WEEK);
}

/** By publication time where it is known, else as listed. */
export function newestFirst(drafts: readonly Draft[]): readonly Draft[] {
	return drafts
		.map((draft, place) => ({ draft, place }))
		.sort((left, right) => {
			const [a, b] = [left.draft.publishedAt, right.draft.publishedAt];
			return a !== undefined && b !== undefined && a !== b ? (a < b ? 1 : -1) : left.place - right.place;
		})
		.map(({ draft }) => draft);
}

const timeOf = (moment: string): number => Date.parse(moment);

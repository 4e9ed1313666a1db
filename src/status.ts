import { minutesIn } from "./article/day-time.ts";
import { type Quiet, quietNow } from "./article/quiet.ts";
import type { ChannelSetting, SourceSetting } from "./config.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { isPaused } from "./parking.ts";
import { SOURCE, type SourceSwitch } from "./switches.ts";
import { type Cost, costSoFar, type MoneySettings } from "./money.ts";

/** What `mirsal status --json` prints. */
export interface Status {
	readonly channels: readonly ChannelStatus[];
	readonly sources: readonly SourceStatus[];
	readonly cost: Cost;
	/** Since when the ledger stands in the place of one that disappeared, and sources are not posted from before they were read again. */
	readonly safeMode?: string;
	/** What the admins were told or asked and is still open. */
	readonly alerts: readonly { readonly incident: string; readonly text: string; readonly since: string }[];
}

export interface ChannelStatus {
	readonly name: string;
	readonly state: "ok" | "paused" | "parked" | "waiting" | "preview";
	readonly reason?: string;
	readonly sent: number;
	readonly waiting: number;
	readonly unsure: number;
	readonly held: number;
	readonly refused: number;
	readonly skipped: number;
}

export interface SourceStatus {
	readonly name: string;
	readonly kind: string;
	readonly state: "ok" | "failing" | "new";
	readonly lastPoll?: string;
	readonly lastArticle?: string;
	readonly error?: string;
}

/** Why ordinary news waits, in words; undefined when quiet does not hold it. */
export function quietReason(quiet: Quiet | undefined, timeZone: string): string | undefined {
	if (quiet?.do !== "hold") return undefined;
	if (!quiet.until) return "quiet, as the admins said";
	const minutes = minutesIn(timeZone, quiet.until);
	const two = (part: number) => String(Math.floor(part)).padStart(2, "0");
	return `quiet until ${two(minutes / 60)}:${two(minutes % 60)}`;
}

async function channelStatus(
	ledger: Ledger,
	setting: ChannelSetting,
	{ now, timeZone }: StatusParts,
): Promise<ChannelStatus> {
	const { name } = setting;
	const record = await ledger.channel(name);
	const { sent, skipped } = await ledger.counts(name);
	let waiting = 0;
	let unsure = await ledger.size("unsure", name);
	for await (const delivery of ledger.shelf("open", name)) {
		if (delivery.state === "unsure") unsure++;
		else waiting++;
	}
	const live = setting.telegram !== undefined || setting.twitter !== undefined;
	const asked = record.wait && new Date(record.wait.until) > now ? record.wait : undefined;
	const paused = isPaused(record, now) ? record.paused : undefined;
	const quiet = live ? quietReason(quietNow(now, timeZone, setting.quiet, record.quiet), timeZone) : undefined;
	const waits = asked !== undefined || (quiet !== undefined && waiting > 0);
	const state = paused ? "paused" : record.parked ? "parked" : waits ? "waiting" : live ? "ok" : "preview";
	const reason = paused ? `paused by ${paused.by}` : (record.parked?.reason ?? asked?.reason ?? quiet);
	return {
		name,
		state,
		...(reason ? { reason } : {}),
		sent,
		waiting,
		unsure,
		held: await ledger.size("held", name),
		refused: await ledger.size("refused", name),
		skipped,
	};
}

/** The sources that admins added, beside those of the settings. */
async function added(ledger: Ledger, sources: readonly SourceSetting[]): Promise<{ readonly name: string }[]> {
	const found: { name: string }[] = [];
	for await (const [name, settled] of ledger.keptUnder<SourceSwitch>(SOURCE))
		if (settled.added && !sources.some((source) => source.name === name)) found.push({ name });
	return found;
}

async function sourceStatus(ledger: Ledger, { name }: { readonly name: string }): Promise<SourceStatus> {
	const record = await ledger.source(name);
	return {
		name,
		kind: record?.kind ?? "feed",
		state: record?.fault ? "failing" : record?.lastPoll ? "ok" : "new",
		...(record?.lastPoll ? { lastPoll: record.lastPoll } : {}),
		...(record?.lastArticle ? { lastArticle: record.lastArticle } : {}),
		...(record?.fault ? { error: record.fault.message } : {}),
	};
}

export interface StatusParts {
	readonly channels: readonly ChannelSetting[];
	readonly sources: readonly SourceSetting[];
	readonly now: Date;
	readonly money: MoneySettings;
	readonly timeZone: string;
}

/** How things stand, from the ledger alone, so that it can be asked beside a live instance. */
export async function readStatus(ledger: Ledger, parts: StatusParts): Promise<Status> {
	const { channels, sources, now, money } = parts;
	const safeMode = await ledger.safeMode();
	return {
		...(safeMode === undefined ? {} : { safeMode }),
		channels: await Promise.all(channels.map((channel) => channelStatus(ledger, channel, parts))),
		sources: await Promise.all([...sources, ...(await added(ledger, sources))].map((one) => sourceStatus(ledger, one))),
		cost: await costSoFar(ledger, money, now),
		alerts: await ledger.incidents(),
	};
}

/** What the month costs, in a line. */
export function costText({ month, usd, budget, forecast, posts, linked, perPost }: Cost): string {
	const each = perPost === undefined ? "" : `; ${posts} posts, ${linked} with a link, $${perPost.toFixed(3)} each`;
	return `Twitter, ${month}: $${usd.toFixed(2)}${budget === undefined ? "" : ` of $${budget.toFixed(2)}`}, by its end $${forecast.toFixed(2)} at this pace${each}`;
}

const SAFE_MODE =
	"Safe mode: the ledger is empty although it was in use before. What each source lists at its next visit is marked as seen and not posted. Stop Mirsal and bring back a backup with `mirsal ledger restore FILE`, or let it go on from now.";

/** The same for people. */
export function statusText(status: Status, now: Date): string {
	const since = (time: string | undefined) =>
		time === undefined
			? "never"
			: `${Math.max(0, Math.round((now.getTime() - new Date(time).getTime()) / 60_000))} min ago`;
	const lines = status.safeMode === undefined ? [] : [`${SAFE_MODE} (${since(status.safeMode)})`];
	lines.push("Channels");
	for (const { name, state, reason, sent, skipped, waiting, unsure, held, refused } of status.channels) {
		const open = Object.entries({ waiting, unsure, held, refused }).filter(([, count]) => count > 0);
		lines.push(
			`  ${name}: ${state}${reason ? ` (${reason})` : ""}; sent ${sent}, skipped ${skipped}${open.map(([word, count]) => `, ${word} ${count}`).join("")}`,
		);
	}
	lines.push("Sources");
	if (status.sources.length === 0) lines.push("  none");
	for (const { name, state, lastPoll, lastArticle, error } of status.sources)
		lines.push(
			`  ${name}: ${state}${error ? ` (${error})` : ""}; read ${since(lastPoll)}, last article ${since(lastArticle)}`,
		);
	lines.push(costText(status.cost));
	for (const { text, since: time } of status.alerts) lines.push(`! ${text} (${since(time)})`);
	return lines.join("\n");
}

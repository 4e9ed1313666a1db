import { costSoFar } from "../money.ts";
import type { Ask } from "./ask.ts";
import { called } from "./ask.ts";
import type { DeskChannel } from "./desk.ts";
import type { Reply } from "./outbox.ts";

/** How things stand, for /status: from the ledger alone. */
export async function overview(ask: Ask): Promise<Reply> {
	const { desk, words } = ask;
	const channels = await Promise.all(desk.channels.map((channel) => channelLine(ask, channel)));
	const sources = await sourceLines(ask);
	const cost = await costLines(ask);
	const live = channels.filter(({ state }) => state !== "preview");
	const attention = sources.failing > 0 || live.some(({ state }) => state === "parked");
	const head =
		live.length > 0 && live.every(({ state }) => state === "paused")
			? "statusPaused"
			: attention
				? "statusAttention"
				: "statusWorking";
	return {
		text: [
			words.say(head),
			...channels.map(({ line }) => line),
			...cost,
			...sources.lines,
			await pendingLine(ask),
		].join("\n"),
		buttons: [
			[
				{ label: words.say("buttonLast"), run: "last" },
				{ label: words.say("buttonRefresh"), run: "status" },
			],
		],
	};
}

async function channelLine(
	{ desk, words, now }: Ask,
	channel: DeskChannel,
): Promise<{ line: string; state: "paused" | "parked" | "waiting" | "preview" | "ok" }> {
	const { name } = channel;
	const { ledger } = desk;
	const record = await ledger.channel(name);
	const { sent } = await ledger.countsToday(name);
	const waiting = await ledger.size("open", name);
	const last = record.recent[0] === undefined ? undefined : await ledger.delivery(name, record.recent[0]);
	const rest = record.wait && new Date(record.wait.until) > now ? record.wait : undefined;
	const state = record.paused
		? "paused"
		: record.parked
			? "parked"
			: channel.preview
				? "preview"
				: rest
					? "waiting"
					: "ok";
	const facts: string[] = [];
	if (channel.preview) facts.push(words.say("factPreview"));
	else facts.push(sent > 0 ? words.say("factSent", { count: sent }) : words.say("factNothingSent"));
	if (waiting > 0) facts.push(words.say("factWaiting", { count: waiting }));
	if (last?.receipt) facts.push(words.say("factLast", { ago: words.ago(new Date(last.changedAt), now) }));
	if (record.paused)
		facts.push(words.say("factPaused", { by: record.paused.by, ago: words.ago(new Date(record.paused.at), now) }));
	else if (record.parked)
		facts.push(
			words.say("factParked", {
				reason: record.parked.reason,
				span: words.span(now.getTime() - new Date(record.parked.since).getTime()),
			}),
		);
	else if (rest)
		facts.push(words.say("factResting", { reason: rest.reason, ago: words.ago(new Date(rest.until), now) }));
	return { line: words.say("channelLine", { channel: called(words, channel), facts: words.list(facts) }), state };
}

/** What Twitter costs, when a channel of it is live. */
async function costLines({ desk, words, now }: Ask): Promise<string[]> {
	if (!desk.channels.some(({ kind, preview }) => kind === "twitter" && !preview)) return [];
	const { usd, budget, forecast, posts, linked, perPost } = await costSoFar(desk.ledger, desk.money ?? {}, now);
	const sum = (value: number) => value.toFixed(2);
	const line =
		budget === undefined
			? words.say("costLine", { spent: sum(usd), forecast: sum(forecast) })
			: words.say("costBudgetLine", { spent: sum(usd), budget: sum(budget), forecast: sum(forecast) });
	if (perPost === undefined) return [line];
	return [words.say("costPosts", { line, each: perPost.toFixed(3), linked, posts })];
}

async function sourceLines({ desk, words, now }: Ask): Promise<{ lines: string[]; failing: number }> {
	const lines: string[] = [];
	let healthy = 0;
	let fresh = 0;
	for (const { name } of desk.sources) {
		const record = await desk.ledger.source(name);
		if (record?.fault)
			lines.push(
				words.say("sourceFault", {
					source: name,
					span: words.span(now.getTime() - new Date(record.fault.since).getTime()),
					reason: record.fault.message,
				}),
			);
		else if (record?.lastPoll === undefined) fresh++;
		else healthy++;
	}
	const counts = [
		...(healthy > 0 ? [words.say("sourcesHealthy", { count: healthy })] : []),
		...(fresh > 0 ? [words.say("sourcesNew", { count: fresh })] : []),
		...(lines.length > 0 ? [words.say("sourcesFailing", { count: lines.length })] : []),
	];
	const head = counts.length > 0 ? [words.say("sourcesLine", { sources: words.list(counts) })] : [];
	return { lines: [...head, ...lines], failing: lines.length };
}

async function pendingLine({ desk, words }: Ask): Promise<string> {
	const sum = { held: 0, refused: 0, unsure: 0 };
	for (const { name } of desk.channels)
		for (const shelf of ["held", "refused", "unsure"] as const) sum[shelf] += await desk.ledger.size(shelf, name);
	const count = sum.held + sum.refused + sum.unsure;
	if (count === 0) return words.say("pendingNone");
	const parts = (["held", "refused", "unsure"] as const)
		.filter((shelf) => sum[shelf] > 0)
		.map((shelf) => words.say(`pending_${shelf}`, { count: sum[shelf] }));
	return words.say("pending", { count, parts: words.list(parts) });
}

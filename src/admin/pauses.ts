import { type Ask, called, Declined, scopeOf } from "./ask.ts";
import { incidents } from "./incidents.ts";
import type { Reply } from "./outbox.ts";

const HOUR = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
	m: 60_000,
	د: 60_000,
	h: HOUR,
	س: HOUR,
	d: 24 * HOUR,
	ي: 24 * HOUR,
};
/** Nobody means a year when he pauses something. Milliseconds. */
const LONGEST = 30 * 24 * HOUR;

/** A name and a length of time, as in «sport for 2h»; the time in milliseconds. Throws Declined for a time that cannot be. */
export function scopeAndSpan(ask: Pick<Ask, "args" | "words">): { readonly name: string; readonly span?: number } {
	const words = ask.args.filter((word) => word !== "for" && word !== "لمدة");
	const last = (words.at(-1) ?? "").replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
	const [, count, unit = ""] = /^(\d{1,6})([mhdدسي])$/iu.exec(last) ?? [];
	if (count === undefined) return { name: words.join(" ") };
	const span = Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
	if (span <= 0 || span > LONGEST) throw new Declined(ask.words.say("spanWrong", { span: last }));
	return { name: words.slice(0, -1).join(" "), span };
}

/** Stops channels or a source, for good or for a while. */
export async function pause(ask: Ask): Promise<Reply> {
	const { desk, words, from, now } = ask;
	const { name, span } = scopeAndSpan(ask);
	const until = span === undefined ? undefined : new Date(now.getTime() + span);
	const scope = scopeOf(ask, name);
	if ("source" in scope) {
		await desk.switches.pauseSource(scope.source, from.name, until);
		const fields = { source: scope.source, span: words.span(span ?? 0) };
		return { text: words.say(until ? "sourcePausedFor" : "sourcePaused", fields) };
	}
	const lines: string[] = [];
	for (const channel of scope.channels) {
		const before = await desk.switches.pauseChannel(channel.name, from.name, until);
		const fields = {
			channel: called(words, channel),
			by: before?.by ?? "",
			ago: before ? words.ago(new Date(before.at), now) : "",
			span: words.span(span ?? 0),
		};
		lines.push(words.say(until ? "pausedFor" : before ? "pausedBefore" : "pausedNow", fields));
	}
	return { text: [...lines, words.say("pausedNext")].join("\n") };
}

/** Lets channels or a source go on. */
export async function resume(ask: Ask): Promise<Reply> {
	const { desk, words } = ask;
	const scope = scopeOf(ask, ask.args.join(" "));
	if ("source" in scope) {
		const { source } = scope;
		const stood = desk.switches.isPaused(source);
		await desk.switches.resumeSource(source);
		await desk.look(source);
		return { text: words.say(stood ? "sourceResumed" : "sourceRuns", { source }) };
	}
	const lines: string[] = [];
	for (const channel of scope.channels) {
		const { paused, parked, wait } = await desk.ledger.channel(channel.name);
		const stood = paused !== undefined || parked !== undefined || wait !== undefined;
		if (stood) {
			await desk.ledger.updateChannel(channel.name, ({ paused: _paused, parked: still, wait: _wait, ...before }) =>
				// What piled up for want of money is asked about first.
				still?.unpaid ? { ...before, parked: { ...still, until: ask.now.toISOString() } } : before,
			);
			// Parked again for the same reason, it is told again: somebody thought it mended.
			if (parked) await incidents(desk.ledger).forget(`parked:${channel.name}`);
		}
		await desk.wake(channel.name);
		const waiting = await desk.ledger.size("open", channel.name);
		lines.push(
			words.say(!stood ? "runsAlready" : waiting > 0 ? "resumedWaiting" : "resumed", {
				channel: called(words, channel),
				count: waiting,
			}),
		);
	}
	return { text: lines.join("\n") };
}

/** Whether articles wait for approval, everywhere or in one place; without a word, how it is. */
export async function mode(ask: Ask): Promise<Reply> {
	const { desk, words, from } = ask;
	const [wish, ...rest] = ask.args;
	if (wish === undefined) return { text: modeLines(ask).join("\n") };
	if (wish !== "auto" && wish !== "approve") throw new Declined(words.say("modeWrong", { mode: wish }));
	if (from.role !== "owner") throw new Declined(words.say("notAllowed", { command: `/mode ${wish}` }));
	const approve = wish === "approve";
	const scope = rest.length === 0 ? "all" : scopeOf(ask, rest.join(" "));
	if (scope === "all" || "source" in scope) await desk.switches.setMode(scope, approve, from.name);
	else for (const { name } of scope.channels) await desk.switches.setMode({ channel: name }, approve, from.name);
	return { text: [words.say("modeSet"), ...modeLines(ask)].join("\n") };
}

function modeLines({ desk, words }: Ask): string[] {
	const { all, channels, sources } = desk.switches.mode();
	if (all) return [words.say("modeApprove", { by: all.by })];
	if (channels.length === 0 && sources.length === 0) return [words.say("modeAuto")];
	const places = [...channels.map((channel) => words.say("bareName", { channel })), ...sources];
	return [words.say("modeSome", { places: words.list(places) })];
}

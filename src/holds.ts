import type { Decision, Hold, Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock } from "./ports.ts";

/** What is decided about everything in a hold: post all of it, only the newest ones, or none. */
export type Release = "all" | "latest" | "none";

const HOUR = 3_600_000;
/** The admins are asked again after this, and from then on once a day. */
const SOON = 2 * HOUR;
const DAILY = 24 * HOUR;
/** How many «only the newest» are. */
export const LATEST = 3;
/** Decisions that are written at a time. */
const AT_ONCE = 500;

const SENTENCES: Readonly<Record<Hold["why"], string>> = {
	flood: "askFlood",
	away: "askAway",
	lost: "askLost",
	similar: "askSimilar",
	unpaid: "askUnpaid",
};

/** What waits for a word of the admins: asks, asks again, and carries their answer to the channels' lanes. */
export function holds({
	ledger,
	channels,
	admins,
	clock,
}: {
	readonly ledger: Ledger;
	readonly channels: readonly string[];
	readonly admins: Pick<Admins, "ask">;
	readonly clock: Pick<Clock, "now">;
}) {
	async function ask(hold: Hold): Promise<void> {
		const { name, source, why, count, text = "", askedAt } = hold;
		await admins.ask({
			sentence: SENTENCES[why],
			fields: { source, count, text, latest: LATEST },
			incident: `hold:${name}:${askedAt}`,
			hold: name,
			buttons:
				why === "similar"
					? [
							{ label: "postIt", does: "all" },
							{ label: "leaveIt", does: "none" },
						]
					: [
							{ label: "postAll", does: "all" },
							...(count > LATEST ? [{ label: "postLatest", does: "latest" } as const] : []),
							{ label: "leaveAll", does: "none" },
						],
			until: new Date(new Date(askedAt).getTime() + DAILY).toISOString(),
		});
	}

	return {
		/** Opens a hold, or adds to an open one, and asks. The deliveries that name it are planned already. */
		async open(fresh: Pick<Hold, "name" | "source" | "why" | "count" | "text">): Promise<void> {
			const now = clock.now().toISOString();
			for await (const before of ledger.holds())
				if (before.name === fresh.name) {
					await ledger.hold({ ...before, count: before.count + fresh.count });
					return;
				}
			const hold: Hold = { ...fresh, since: now, askedAt: now };
			await ledger.hold(hold);
			await ask(hold);
		},

		/** Asks again about what waits long enough. */
		async remind(): Promise<void> {
			const now = clock.now();
			for await (const hold of ledger.holds()) {
				const asked = new Date(hold.askedAt).getTime();
				const patience = hold.askedAt === hold.since ? SOON : DAILY;
				if (now.getTime() - asked < patience) continue;
				const again = { ...hold, askedAt: now.toISOString() };
				await ledger.hold(again);
				await ask(again);
			}
		},

		/** Hands a decision about a hold to the lanes; the number of articles that it was about. */
		release: (name: string, answer: Release, by: string) =>
			release({ ledger, channels, now: clock.now }, name, answer, by),
	};
}

/** Hands a decision about a hold to the channels' lanes; the number of articles that it was about. Deciding again changes nothing. */
export async function release(
	{
		ledger,
		channels,
		now,
	}: { readonly ledger: Ledger; readonly channels: readonly string[]; readonly now: () => Date },
	name: string,
	answer: Release,
	by: string,
): Promise<number> {
	const about = new Set<string>();
	const at = now().toISOString();
	for (const channel of channels) {
		const ids: string[] = [];
		for await (const { id, hold } of ledger.shelf("held", channel)) if (hold === name) ids.push(id);
		for (const id of ids) about.add(id);
		const from = answer === "all" ? 0 : answer === "none" ? ids.length : Math.max(0, ids.length - LATEST);
		const decide = async (some: readonly string[], what: Decision["do"]) => {
			for (let first = 0; first < some.length; first += AT_ONCE)
				await ledger.decideAll(channel, some.slice(first, first + AT_ONCE), { v: 1, do: what, by, at });
		};
		await decide(ids.slice(0, from), "skip");
		await decide(ids.slice(from), "retry");
	}
	await ledger.endHold(name);
	for (const { incident } of await ledger.incidents())
		if (incident.startsWith(`hold:${name}:`)) await ledger.closeIncident(incident);
	return about.size;
}

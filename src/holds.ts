import type { Article } from "./article/article.ts";
import type { Decision, Hold, Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock } from "./ports.ts";

/** What is decided about everything in a hold: post all of it, only the newest ones, none, or ask again in an hour. */
export type Release = "all" | "latest" | "none" | "later";

const HOUR = 3_600_000;
/** The admins are asked again after this, and from then on once a day. */
const SOON = 2 * HOUR;
const DAILY = 24 * HOUR;
const LATER = HOUR;
/** What reached nobody is asked again after this. */
const UNHEARD = 5 * 60_000;
/** How many «only the newest» are. */
export const LATEST = 3;
/** Decisions that are written at a time. */
const AT_ONCE = 500;

const SENTENCES: Readonly<Record<Hold["why"], string>> = {
	flood: "askFlood",
	away: "askAway",
	lost: "askLost",
	similar: "askSimilar",
	approve: "askApprove",
	unpaid: "askUnpaid",
};

/** Name of the hold in which an article waits for approval. */
export const approvalOf = (article: string): string => `approve:${article}`;
/** Why an article was not posted that waited for approval until it was too old to be posted. */
const UNDECIDED = "nobody approved it in time";

/** What waits for a word of the admins: asks, asks again, and carries their answer to the channels' lanes. */
export function holds({
	ledger,
	channels,
	admins,
	clock,
	maxAge = DAILY,
}: {
	readonly ledger: Ledger;
	readonly channels: readonly string[];
	readonly admins: Pick<Admins, "ask">;
	readonly clock: Pick<Clock, "now">;
	/** Articles older than this are not posted; one that waits so long for approval is left out. Milliseconds. */
	readonly maxAge?: number;
}) {
	async function ask(hold: Hold): Promise<void> {
		const { name, source, why, count, text = "", askedAt } = hold;
		if (why === "approve")
			return admins.ask({
				sentence: SENTENCES[why],
				fields: { source, count, text, latest: LATEST },
				incident: `hold:${name}:${askedAt}`,
				hold: name,
				shows: name.slice(approvalOf("").length),
				buttons: [
					{ label: "approve", does: "all" },
					{ label: "later", does: "later" },
					{ label: "reject", does: "none" },
				],
				until: new Date(new Date(hold.since).getTime() + maxAge).toISOString(),
			});
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

	/** Whether the admins should be asked about an article now. What nobody approved in time is left out. */
	async function isToApprove(hold: Hold): Promise<boolean> {
		const now = clock.now().getTime();
		const known = await ledger.article(hold.name.slice(approvalOf("").length));
		if (now - new Date(hold.since).getTime() >= maxAge) {
			await release({ ledger, channels, now: clock.now }, hold.name, "none", "Mirsal", UNDECIDED);
			return false;
		}
		// It is planned only after its hold is kept.
		if (!known) return false;
		const deliveries = await Promise.all(channels.map((channel) => ledger.delivery(channel, known.article.id)));
		if (!deliveries.some((delivery) => delivery?.state === "held" && delivery.hold === hold.name)) {
			// Decided upon elsewhere, in the queue for one.
			await end(ledger, hold.name);
			return false;
		}
		if (hold.again !== undefined) return now >= Date.parse(hold.again);
		const told = await ledger.kept<{ readonly told?: boolean }>(`incident:hold:${hold.name}:${hold.askedAt}`);
		return !told?.told && now - Date.parse(hold.askedAt) >= UNHEARD;
	}

	return {
		/** Keeps the hold of an article that is about to be planned and must be approved. */
		async approval(article: Pick<Article, "id" | "title" | "source">): Promise<void> {
			const now = clock.now().toISOString();
			const { title: text, source } = article;
			await ledger.hold({
				name: approvalOf(article.id),
				source,
				why: "approve",
				count: 1,
				text,
				since: now,
				askedAt: now,
			});
		},
		/** Asks for the approval of an article that is planned now. */
		async askApproval(article: string): Promise<void> {
			const hold = await ledger.kept<Hold>(`hold:${approvalOf(article)}`);
			if (hold) await ask(hold);
		},

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
				if (hold.why === "approve") {
					if (!(await isToApprove(hold))) continue;
					const { again: _again, ...asking } = hold;
					const next = { ...asking, askedAt: now.toISOString() };
					await ledger.hold(next);
					await ask(next);
					continue;
				}
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
	reason?: string,
): Promise<number> {
	const about = new Set<string>();
	const at = now().toISOString();
	const more = reason === undefined ? {} : { reason };
	if (answer === "later") return postpone({ ledger, channels, now }, name);
	for (const channel of channels) {
		const ids: string[] = [];
		for await (const { id, hold } of ledger.shelf("held", channel)) if (hold === name) ids.push(id);
		for (const id of ids) about.add(id);
		const from = answer === "all" ? 0 : answer === "none" ? ids.length : Math.max(0, ids.length - LATEST);
		const decide = async (some: readonly string[], what: Decision["do"]) => {
			for (let first = 0; first < some.length; first += AT_ONCE)
				await ledger.decideAll(channel, some.slice(first, first + AT_ONCE), { v: 1, do: what, by, at, ...more });
		};
		await decide(ids.slice(0, from), "skip");
		await decide(ids.slice(from), "retry");
	}
	await end(ledger, name);
	return about.size;
}

/** Nobody is asked about a hold any more. */
async function end(ledger: Ledger, name: string): Promise<void> {
	await ledger.endHold(name);
	for (const { incident } of await ledger.incidents())
		if (incident.startsWith(`hold:${name}:`)) await ledger.closeIncident(incident);
}

/** Lets a hold wait until the admins are asked again. */
async function postpone(
	{
		ledger,
		channels,
		now,
	}: { readonly ledger: Ledger; readonly channels: readonly string[]; readonly now: () => Date },
	name: string,
): Promise<number> {
	const hold = await ledger.kept<Hold>(`hold:${name}`);
	if (!hold) return 0;
	const about = new Set<string>();
	for (const channel of channels)
		for await (const delivery of ledger.shelf("held", channel)) if (delivery.hold === name) about.add(delivery.id);
	if (about.size > 0) await ledger.hold({ ...hold, again: new Date(now().getTime() + LATER).toISOString() });
	return about.size;
}

import type { Article } from "./article/article.ts";
import type { Gone, Known } from "./ledger/kept.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";

/** What a site says of an article's page: gone is 404 and 410 alone. */
export type Standing = "stands" | "gone" | "unclear";

const MINUTE = 60_000;
/** Two answers that agree are so far apart at least: a site that is rebuilt or restored answers 404 for a while. */
const APART = 10 * MINUTE;
/** An article that left its list and stands is looked at for so long: lists are mended before pages are taken down, or after. */
const WATCHED = 60 * MINUTE;
/** A site that gives no clear answer for so long is asked no more. */
const PATIENCE = 24 * 60 * MINUTE;
/** Pages asked for in one go. */
const AT_ONCE = 20;

/** Finds out which articles their newsroom took back: those that left their list before their time and whose page answers «gone» twice. */
export function retractions({
	ledger,
	channels,
	standing,
	clock,
	log,
}: {
	readonly ledger: Ledger;
	readonly channels: readonly string[];
	/** Asks an article's site for its page. */
	readonly standing: (article: Article, signal: AbortSignal) => Promise<Standing>;
	readonly clock: Clock;
	readonly log: Log;
}) {
	/** Whether a channel shows it, or is about to. */
	async function isPosted(id: string): Promise<boolean> {
		for (const channel of channels) {
			const state = (await ledger.delivery(channel, id))?.state;
			if (state !== undefined && state !== "skipped" && state !== "removed" && state !== "refused") return true;
		}
		return false;
	}

	async function look(id: string, gone: Gone, signal: AbortSignal): Promise<boolean> {
		const known = await ledger.article(id);
		if (!known?.vanished || known.retracted || !(await isPosted(id))) {
			await ledger.forgetGone(id);
			return false;
		}
		// While its source cannot be read the site is out of order, and what it says of a page is worth nothing.
		const fault = (await ledger.source(known.article.source))?.fault;
		const answer = fault ? "unclear" : await standing(known.article, signal);
		if (signal.aborted) return false;
		const now = clock.now();
		const { since, missing } = gone;
		const later: Gone = { v: 1, since, next: new Date(now.getTime() + APART).toISOString() };
		if (answer !== "gone") {
			const over = now.getTime() - Date.parse(since) >= (answer === "stands" ? WATCHED : PATIENCE);
			await (over ? ledger.forgetGone(id) : ledger.keepGone(id, later));
			return false;
		}
		if (missing === undefined || now.getTime() - Date.parse(missing) < APART) {
			await ledger.keepGone(id, { ...later, missing: missing ?? now.toISOString() });
			return false;
		}
		const at = now.toISOString();
		const change = { what: "retract", at } as const;
		await ledger.revise(id, (before: Known) => ({ ...before, retracted: { at } }), { channels, change });
		await ledger.forgetGone(id);
		log.info({ source: known.article.source, article: id }, "an article was taken back by its newsroom");
		return true;
	}

	return {
		/** Whether any article is to be asked for now. */
		async isDue(): Promise<boolean> {
			const now = clock.now().toISOString();
			for await (const [, { next }] of ledger.gone()) if (next <= now) return true;
			return false;
		},
		/** Asks for the pages that are due; true when an article was found to be taken back. */
		async look(signal: AbortSignal): Promise<boolean> {
			const now = clock.now().toISOString();
			const due: (readonly [string, Gone])[] = [];
			for await (const entry of ledger.gone()) if (entry[1].next <= now && due.length < AT_ONCE) due.push(entry);
			let found = false;
			for (const [id, gone] of due) if (!signal.aborted) found = (await look(id, gone, signal)) || found;
			return found;
		},
	};
}

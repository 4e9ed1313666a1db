import type { Article } from "./article/article.ts";
import type { PlannedDigest } from "./ledger/kept.ts";
import type { Ledger } from "./ledger/ledger.ts";

const DAY = 24 * 3_600_000;

/** Why an article is not posted to a channel that posts digests alone. */
export const GATHERED = "kept for the digest";
/** Why a digest is not posted. */
export const EMPTY = "nothing new since the last digest";

/**
 * The articles that a digest tells of, breaking ones first, then the newest: what its channel was sent since the last digest, or has gathered for this one
 * (`gathers`: a channel that posts no single articles). What left the newsroom's site since is left out.
 */
export async function digestArticles(
	ledger: Pick<Ledger, "article" | "channel" | "delivery">,
	channel: string,
	{ at, most, since }: PlannedDigest,
	{ gathers, now }: { readonly gathers: boolean; readonly now: Date },
): Promise<readonly Article[]> {
	const { recent, gathered = [], digested = "" } = await ledger.channel(channel);
	const before = (span: number) => new Date(Date.parse(at) - span).toISOString();
	// A last digest in the future was noted by a clock that was wrong.
	const last = digested <= now.toISOString() ? digested : "";
	const from = since === undefined ? [before(DAY), last].sort().at(-1) : before(since);
	const found: { readonly article: Article; readonly rank: string }[] = [];
	for (const id of gathers ? gathered : recent) {
		const known = await ledger.article(id);
		const delivery = await ledger.delivery(channel, id);
		if (!known || !delivery || known.vanished !== undefined || known.article.title === "") continue;
		const { state, kind, intent, changedAt } = delivery;
		if (state !== (gathers ? "skipped" : "sent")) continue;
		if ((gathers ? changedAt : (intent?.at ?? changedAt)) <= (from ?? "")) continue;
		const moment = known.article.publishedAt ?? known.foundAt;
		found.push({ article: known.article, rank: `${kind === "breaking" ? 1 : 0}:${moment}` });
	}
	// Equal moments stay as they are remembered, the one sent last first.
	return found
		.sort((left, right) => (left.rank < right.rank ? 1 : left.rank > right.rank ? -1 : 0))
		.slice(0, most)
		.map(({ article }) => article);
}

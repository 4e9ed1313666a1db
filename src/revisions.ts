import type { Article, Draft } from "./article/article.ts";
import { changesOf } from "./article/revision.ts";
import type { Known, Ledger } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";

/** Changes of an article that are remembered. */
const REMEMBERED = 20;

/** Notes what newsrooms change in articles that are known already. */
export function revisions({
	ledger,
	clock,
	log,
}: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Log;
}) {
	return {
		/** Takes the article as it reads now; true when a reader would notice the difference. Only the source that brought an article revises it. */
		async note(id: string, after: Article, removed: Known["removed"]): Promise<boolean> {
			const known = await ledger.article(id);
			const before = known?.article;
			if (!before || before.source !== after.source) return false;
			const changed = changesOf(before, after);
			if (changed.length === 0) return false;
			const at = clock.now().toISOString();
			await ledger.revise(id, ({ article, revisions = [], ...known }) => {
				// It stays the article it was: followers have its first address, and its place in the queue is its first date.
				const { id: own, url, link, publishedAt } = article;
				const { link: _link, publishedAt: _publishedAt, ...words } = after;
				return {
					...known,
					article: { ...words, id: own, url, ...(link ? { link } : {}), ...(publishedAt ? { publishedAt } : {}) },
					removed,
					revisions: [...revisions, { at, changed, title: article.title, lead: article.lead }].slice(-REMEMBERED),
				};
			});
			log.info({ source: after.source, article: id, changed }, "an article was edited by its newsroom");
			return true;
		},

		/** Notes which of the articles that a source listed before it lists no more, though older ones still stand there; `listed` holds what it lists now, with its publication times. */
		async gone(ids: readonly string[], listed: readonly Pick<Draft, "publishedAt">[]): Promise<void> {
			const times = listed.flatMap(({ publishedAt }) => publishedAt ?? []).sort();
			const [oldest] = times;
			if (oldest === undefined || times.length < listed.length) return;
			for (const id of ids) {
				const known = await ledger.article(id);
				if (!known || known.vanished || (known.article.publishedAt ?? "") <= oldest) continue;
				const vanished = clock.now().toISOString();
				await ledger.revise(id, (before) => ({ ...before, vanished }));
				log.info({ source: known.article.source, article: id }, "an article left its source's list before its time");
			}
		},
		/** Notes that an article is listed again. */
		async back(id: string): Promise<void> {
			if ((await ledger.article(id))?.vanished) await ledger.revise(id, ({ vanished: _vanished, ...known }) => known);
		},
	};
}

import type { Article, Draft } from "./article/article.ts";
import { changesOf } from "./article/revision.ts";
import type { Known, Ledger } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";

/** Changes of an article that are remembered. */
const REMEMBERED = 20;

/** Notes what newsrooms change in articles that are known already. */
export function revisions({
	ledger,
	channels,
	clock,
	log,
}: {
	readonly ledger: Ledger;
	/** Whose posts follow their articles. */
	readonly channels: readonly string[];
	readonly clock: Clock;
	readonly log: Log;
}) {
	return {
		/** Takes the article as it reads now; true when a reader would notice the difference. Only the source that brought an article revises it. */
		async note(id: string, now: Article, removed: Known["removed"]): Promise<boolean> {
			const known = await ledger.article(id);
			const before = known?.article;
			if (!before || before.source !== now.source) return false;
			const after = fixed(now, known.fixed);
			const changed = changesOf(before, after);
			if (changed.length === 0) return false;
			const at = clock.now().toISOString();
			const was = changed.includes("title") ? { was: before.title } : {};
			const image = changed.includes("image") ? { image: true as const } : {};
			const asked = { channels, change: { what: "update", at, ...was, ...image } } as const;
			const update = ({ article, revisions = [], ...known }: Known): Known => {
				// It stays the article it was: followers have its first address, and its place in the queue is its first date.
				const { id: own, url, link, publishedAt } = article;
				const { link: _link, publishedAt: _publishedAt, ...words } = after;
				return {
					...known,
					article: { ...words, id: own, url, ...(link ? { link } : {}), ...(publishedAt ? { publishedAt } : {}) },
					removed,
					revisions: [...revisions, { at, changed, title: article.title, lead: article.lead }].slice(-REMEMBERED),
				};
			};
			await ledger.revise(id, update, asked);
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
				await ledger.keepGone(id, { v: 1, since: vanished, next: vanished });
				await ledger.revise(id, (before) => ({ ...before, vanished }));
				log.info({ source: known.article.source, article: id }, "an article left its source's list before its time");
			}
		},
		/** Notes that an article is listed again. What its newsroom had taken back stands again where its post still does. */
		async back(id: string): Promise<void> {
			const known = await ledger.article(id);
			if (!known?.vanished) return;
			const again = known.retracted !== undefined && known.retracted.by === undefined;
			const change = { what: "back", at: clock.now().toISOString() } as const;
			const update = ({ vanished: _vanished, retracted, ...kept }: Known): Known =>
				again || !retracted ? kept : { ...kept, retracted };
			await ledger.revise(id, update, again ? { channels, change } : undefined);
			await ledger.forgetGone(id);
		},
	};
}

/** The article with what an admin made of its words, as far as its newsroom left them as they were. */
function fixed(article: Article, fix: Known["fixed"]): Article {
	const { title, lead } = fix ?? {};
	return {
		...article,
		...(title && same(title.from, article.title) ? { title: title.to } : {}),
		...(lead && same(lead.from, article.lead) ? { lead: lead.to } : {}),
	};
}

const same = (left: string, right: string): boolean => left.replace(/\s+/g, " ") === right.replace(/\s+/g, " ");

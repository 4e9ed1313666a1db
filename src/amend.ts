import { aliasesOf } from "./article/identity.ts";
import type { Fix, Known } from "./ledger/kept.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Clock } from "./ports.ts";

/** What became of an admin's wish. */
export type Amended = "done" | "unknown" | "nothing to change";

/**
 * What admins decide about articles whose posts are out. Each wish is one durable write, with who and when; the channels' lanes carry it out, so whoever calls these wakes them.
 */
export function amendments({
	ledger,
	channels,
	clock,
}: {
	readonly ledger: Ledger;
	/** Names of the channels whose posts follow. */
	readonly channels: readonly string[];
	readonly clock: Pick<Clock, "now">;
}) {
	/** The id of the article with this id or address. */
	async function idOf(word: string): Promise<string | undefined> {
		if ((await ledger.article(word)) !== undefined) return word;
		if (!/^https?:/i.test(word)) return undefined;
		return ledger.idOf(aliasesOf({ url: word, source: "" }, { trustGuid: false }));
	}

	return {
		/** Takes an article back: its posts are struck or taken down, what waits is not posted. Throws TypeError for what is no address. */
		async retract(article: string, by: string): Promise<Amended> {
			const id = await idOf(article);
			const known = id === undefined ? undefined : await ledger.article(id);
			if (id === undefined || !known) return "unknown";
			if (known.retracted?.by !== undefined) return "nothing to change";
			const at = clock.now().toISOString();
			await ledger.revise(id, (before) => ({ ...before, retracted: { at, by } }), {
				channels,
				change: { what: "retract", at, by },
			});
			return "done";
		},

		/** Gives an article other words, in the posts that are out too. They stay until its newsroom changes the words that they replace. Throws TypeError for what is no address. */
		async fix(
			article: string,
			words: { readonly title?: string; readonly lead?: string },
			by: string,
		): Promise<Amended> {
			const id = await idOf(article);
			const known = id === undefined ? undefined : await ledger.article(id);
			if (id === undefined || !known) return "unknown";
			const title = words.title?.trim();
			const lead = words.lead?.trim();
			const { article: before } = known;
			const retitled = title !== undefined && title !== "" && title !== before.title;
			const reworded = lead !== undefined && lead !== before.lead;
			if (!retitled && !reworded) return "nothing to change";
			const at = clock.now().toISOString();
			const update = (kept: Known): Known => {
				const fixed: Fix = {
					...kept.fixed,
					at,
					by,
					...(retitled ? { title: { from: kept.fixed?.title?.from ?? kept.article.title, to: title } } : {}),
					...(reworded ? { lead: { from: kept.fixed?.lead?.from ?? kept.article.lead, to: lead } } : {}),
				};
				const { article } = kept;
				return {
					...kept,
					article: { ...article, ...(retitled ? { title } : {}), ...(reworded ? { lead } : {}) },
					fixed,
				};
			};
			const was = retitled ? { was: before.title } : {};
			await ledger.revise(id, update, { channels, change: { what: "update", at, by, ...was } });
			return "done";
		},
	};
}

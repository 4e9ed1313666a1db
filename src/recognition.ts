import { createHash } from "node:crypto";
import { compareKey } from "./arabic/normalize.ts";
import type { Draft } from "./article/article.ts";
import { aliasesOf, articleId, canonicalUrl, repeatsGuids, titleAlias } from "./article/identity.ts";
import type { Ledger, SourceRecord } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";

/** An entry with its place in the source's list. */
export interface Listed {
	readonly draft: Draft;
	readonly place: number;
	readonly id: string;
}

/** An entry that nobody knows, with the names it goes by. */
export type Fresh = Listed & { readonly aliases: readonly string[] };

/** The entries of a list by what is known of them. */
export interface Sorted {
	readonly fresh: readonly Fresh[];
	/** Known ones in which their source changed something, with the ids under which they are known. */
	readonly edited: readonly (Listed & { readonly known: string })[];
	/** Ids of known ones that the last list did not hold. */
	readonly back: readonly string[];
}

/** A weak name counts for so long. Milliseconds. */
const WEAK = 72 * 3_600_000;

/** Knows entries again, however their addresses and guids change. */
export function recognition({
	ledger,
	clock,
	log,
	day,
}: {
	readonly ledger: Ledger;
	readonly clock: Clock;
	readonly log: Log;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	readonly day: (time: Date) => string;
}) {
	/** The entries that have a usable address, each article once, with their places in the list. */
	function listed(drafts: readonly Draft[], source: string): readonly Listed[] {
		const entries = new Map<string, Listed>();
		for (const [place, draft] of drafts.entries()) {
			try {
				const id = articleId(canonicalUrl(draft.url));
				if (!entries.has(id)) entries.set(id, { draft, place, id });
			} catch (error) {
				log.warn(
					{ source, title: draft.title, error: messageOf(error) },
					"an entry without a usable address is passed over",
				);
			}
		}
		return [...entries.values()];
	}

	/** Tells entries that nobody knows from those that are known. Known ones learn the names they go by now. */
	async function sort(entries: readonly Listed[], before: SourceRecord["listed"], partial?: true): Promise<Sorted> {
		let trusted: boolean | undefined;
		// Only a list with something new in it asks for it, and it looks at every address.
		const names = (draft: Draft) => {
			trusted ??= !repeatsGuids(entries.map((one) => one.draft));
			return aliasesOf(draft, { trustGuid: trusted });
		};
		const present = new Set([...entries.map(({ id }) => id), ...(partial ? Object.keys(before ?? {}) : [])]);
		const fresh: Fresh[] = [];
		const edited: Sorted["edited"][number][] = [];
		const back: string[] = [];
		for (const entry of entries) {
			const { draft } = entry;
			const mark = before?.[entry.id];
			if (mark !== undefined && stampIn(mark) === stampIn(markOf(draft, mark))) continue;
			const aliases = names(draft);
			const id = await ledger.idOf(aliases);
			if (id === undefined) {
				const weak = titleAlias(draft, day(new Date(draft.publishedAt ?? clock.now())));
				const moved = weak === undefined ? undefined : await ledger.idOf([weak]);
				if (moved === undefined) {
					// Two of one headline in one list are two: only one of them can bear the weak name.
					const free = weak !== undefined && !fresh.some((one) => one.aliases.includes(weak));
					fresh.push({ ...entry, aliases: free ? [...aliases, weak] : aliases });
				} else if (await hasMoved(moved, present)) await ledger.alias(moved, aliases);
				else fresh.push({ ...entry, aliases });
			} else if (await isReused(draft, id)) fresh.push({ ...entry, aliases: aliasesOf(draft, { trustGuid: false }) });
			else {
				await ledger.alias(id, aliases);
				if (mark === undefined) back.push(id);
				else edited.push({ ...entry, known: id });
			}
		}
		return { fresh, edited, back };
	}

	/** Whether an entry with the headline of a known article of the same day is that article under another address: the known one left the list. */
	async function hasMoved(id: string, present: ReadonlySet<string>): Promise<boolean> {
		const known = await ledger.article(id);
		return known !== undefined && !present.has(id) && clock.now().getTime() - Date.parse(known.foundAt) <= WEAK;
	}

	/** Whether a guid leads to another article: one with another address, another title and another time. Some feeds give every article the same guid. */
	async function isReused(draft: Draft, id: string): Promise<boolean> {
		if ((await ledger.idOf(aliasesOf(draft, { trustGuid: false }))) !== undefined) return false;
		const known = (await ledger.article(id))?.article;
		// Of an article that was forgotten the names last a little longer: the date tells whether this is that one or a new one.
		if (!known) return draft.publishedAt !== undefined;
		return (
			known.publishedAt !== undefined &&
			draft.publishedAt !== undefined &&
			known.publishedAt !== draft.publishedAt &&
			compareKey(known.title) !== compareKey(draft.title)
		);
	}

	return { listed, sort };
}

/**
 * What is remembered of an entry to tell next time whether it was edited: its stamp and, behind a dot, its fingerprint where it has one.
 * An entry that stands as it stood keeps its mark: neither its stamp nor the rest of it is read, which would be most of the work of a look.
 */
export function markOf(draft: Draft, before?: string): string {
	const { fingerprint } = draft;
	if (fingerprint !== undefined && before?.endsWith(`.${fingerprint}`)) return before;
	const stamp = draft.stamp ?? stampOfWords(draft);
	return fingerprint === undefined ? stamp : `${stamp}.${fingerprint}`;
}

/** The stamp in a mark; stamps are written without dots. */
function stampIn(mark: string): string {
	const dot = mark.indexOf(".");
	return dot < 0 ? mark : mark.slice(0, dot);
}

function stampOfWords({ title, summary = "", body = "", images, guid = "" }: Draft): string {
	return createHash("sha256")
		.update([title, summary, body, images[0]?.url ?? "", guid].join("\n"))
		.digest("base64url")
		.slice(0, 12);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

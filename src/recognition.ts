import { createHash } from "node:crypto";
import { compareKey, compareWords } from "./arabic/normalize.ts";
import type { Draft } from "./article/article.ts";
import { aliasesOf, articleId, canonicalUrl, repeatsGuids, titleAlias } from "./article/identity.ts";
import { olderOnes } from "./article/numbering.ts";
import type { Ledger, SourceRecord } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";
import type { Source } from "./sources/source.ts";

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
	/** Ids of known ones that stand in this list under another address than their own. */
	readonly moved: readonly string[];
	/** Those that nobody knows and that were there before the known ones, as the list itself shows. */
	readonly older: ReadonlySet<Draft>;
}

/** A weak name counts for so long. Milliseconds. */
const WEAK = 72 * 3_600_000;
/** A page of news lists this many articles at least; a notice has no more links than a few. */
const A_LIST = 5;
const A_FEW = 2;
/** Headlines that share less of their words than this are not two states of one. */
const KINSHIP = 1 / 3;

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
		const here: ReadonlySet<string> = new Set(entries.map(({ id }) => id));
		const present: ReadonlySet<string> = partial ? new Set([...here, ...Object.keys(before ?? {})]) : here;
		const fresh: Fresh[] = [];
		const edited: Sorted["edited"][number][] = [];
		const back: string[] = [];
		const moved: string[] = [];
		for (const entry of entries) {
			const { draft } = entry;
			const mark = before?.[entry.id];
			if (mark !== undefined && stampIn(mark) === stampIn(markOf(draft, mark))) continue;
			const aliases = names(draft);
			const id = await ledger.idOf(aliases);
			const weak = titleAlias(draft, day(new Date(draft.publishedAt ?? clock.now())));
			if (id === undefined) {
				const alike = weak === undefined ? undefined : await ledger.idOf([weak]);
				if (alike === undefined) {
					// Two of one headline in one list are two: only one of them can bear the weak name.
					const free = weak !== undefined && !fresh.some((one) => one.aliases.includes(weak));
					fresh.push({ ...entry, aliases: free ? [...aliases, weak] : aliases });
				} else if (await hasMoved(alike, present)) {
					moved.push(alike);
					await ledger.alias(alike, aliases);
				} else fresh.push({ ...entry, aliases });
			} else if (await isReused(draft, id, here))
				fresh.push({ ...entry, aliases: aliasesOf(draft, { trustGuid: false }) });
			else {
				if (id !== entry.id) moved.push(id);
				// The headline that it bears now is the one under which it may move later.
				await ledger.alias(id, weak === undefined ? aliases : [...aliases, weak]);
				const former = mark ?? before?.[id];
				if (former === undefined) back.push(id);
				else if (stampIn(former) !== stampIn(markOf(draft, former))) edited.push({ ...entry, known: id });
			}
		}
		const unknown = new Set(fresh.map(({ place }) => place));
		const older = olderOnes(entries.map(({ draft, place }) => ({ url: draft.url, isNew: unknown.has(place) })));
		return { fresh, edited, back, moved, older: new Set([...older].flatMap((at) => entries[at]?.draft ?? [])) };
	}

	/** Whether an entry with the headline of a known article of the same day is that article under another address: the known one left the list. */
	async function hasMoved(id: string, present: ReadonlySet<string>): Promise<boolean> {
		const known = await ledger.article(id);
		return known !== undefined && !present.has(id) && clock.now().getTime() - Date.parse(known.foundAt) <= WEAK;
	}

	/** Whether a guid leads to another article. Some feeds give every article the same guid, some number the places of their list. */
	async function isReused(draft: Draft, id: string, here: ReadonlySet<string>): Promise<boolean> {
		if ((await ledger.idOf(aliasesOf(draft, { trustGuid: false }))) !== undefined) return false;
		// The known one stands in the list itself, at its own address.
		if (here.has(id)) return true;
		const known = (await ledger.article(id))?.article;
		// Of an article that was forgotten the names last a little longer: the date tells whether this is that one or a new one.
		if (!known) return draft.publishedAt !== undefined;
		if (known.publishedAt === undefined || draft.publishedAt === undefined) return !areAkin(known.title, draft.title);
		return known.publishedAt !== draft.publishedAt && compareKey(known.title) !== compareKey(draft.title);
	}

	return { listed, sort };
}

/** Whether two headlines may be one before and after it was rewritten. */
function areAkin(one: string, other: string): boolean {
	const [few, many] = [new Set(compareWords(one)), new Set(compareWords(other))].sort((a, b) => a.size - b.size);
	if (!few || !many || few.size === 0) return true;
	return [...few].filter((word) => many.has(word)).length >= few.size * KINSHIP;
}

/** Whether another page stands in the place of a list of articles: `fresh` of its few links nobody knows, where there were many that are all gone. */
export function isAnotherPage(
	source: Pick<Source, "kind">,
	record: SourceRecord | undefined,
	fresh: number,
	size: number,
): boolean {
	const kind = record?.cursor.door?.kind ?? source.kind;
	const before = Object.keys(record?.listed ?? {}).length;
	return kind === "listing" && !record?.newDoor && before >= A_LIST && size <= A_FEW && fresh === size;
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

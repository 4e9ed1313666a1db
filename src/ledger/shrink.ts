import type { Delivery } from "./delivery.ts";
import type { Known } from "./kept.ts";

/** Pieces taken out of a text that /why tells one by one; of the others it tells how many there are. */
const PIECES = 5;
/** Characters of a piece, and of a reason, that a phone shows. */
const PIECE = 200;
const REASON = 300;

/** An article as the ledger keeps it: whole, or, when nobody needs its text any more, without what its key tells and what is empty. */
export type KeptArticle = Omit<Known, "article" | "removed"> & {
	readonly article: Partial<Known["article"]> & Pick<Known["article"], "url" | "title" | "source">;
	readonly removed?: Known["removed"];
};

/** A delivery as the ledger keeps it: whole, or, when it was sent long ago, what became of it and where its post stands. */
export type KeptDelivery = Partial<Delivery> & Pick<Delivery, "state" | "changedAt">;

/**
 * What remains of an article that nobody will edit any more: enough to know it again and for /why; and where it was not posted everywhere, to post its headline and address
 * should somebody want it after all.
 */
export function shrunkArticle(
	{ v, article, foundAt, removed, revisions = [], vanished, retracted }: Known,
	{ posted }: { readonly posted: boolean },
): KeptArticle {
	const { url, link, title, publishedAt, source } = article;
	const last = revisions.at(-1);
	const pieces = removed.map(({ rule, text }, place) => ({ rule, text: place < PIECES ? text.slice(0, PIECE) : "" }));
	return {
		v,
		article: {
			url,
			...(link === undefined || posted ? {} : { link }),
			title,
			...(publishedAt === undefined ? {} : { publishedAt }),
			source,
		},
		foundAt,
		...(pieces.length === 0 ? {} : { removed: pieces }),
		...(last ? { revisions: [{ ...last, lead: "" }] } : {}),
		...(vanished === undefined ? {} : { vanished }),
		...(retracted ? { retracted } : {}),
	};
}

/** What remains of a finished delivery. One that was sent has no place in a queue any more; any other may be wanted there again. */
export function shrunkDelivery(delivery: Delivery): KeptDelivery {
	const { intent: _intent, lost: _lost, absent: _absent, notBefore: _notBefore, ...rest } = delivery;
	const { edited: _edited, titled: _titled, reason, receipt, ...kept } = rest;
	const { state, changedAt, kind, attempts } = delivery;
	const sent = {
		state,
		changedAt,
		...(kind === "article" ? {} : { kind }),
		...(attempts === 1 ? {} : { attempts }),
	};
	return {
		...(state === "sent" ? sent : kept),
		...(reason === undefined ? {} : { reason: reason.slice(0, REASON) }),
		...(receipt === undefined
			? {}
			: { receipt: { id: receipt.id, ...(receipt.url === undefined ? {} : { url: receipt.url }) } }),
	};
}

/** The article under this id, with everything that was left out in keeping it. */
export function wholeArticle(id: string, kept: KeptArticle): Known {
	const empty = { id, lead: "", paragraphs: [], credits: [], tags: [], images: [] };
	return { ...kept, article: { ...empty, ...kept.article }, removed: kept.removed ?? [] };
}

/** The delivery of this article to this channel, with everything that was left out in keeping it. */
export function wholeDelivery(channel: string, id: string, kept: KeptDelivery): Delivery {
	const usual = { v: 1, channel, id, kind: "article", order: "", plannedAt: kept.changedAt, attempts: 1 } as const;
	return { ...usual, ...kept };
}

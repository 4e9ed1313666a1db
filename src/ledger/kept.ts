import type { Article } from "../article/article.ts";
import type { Cursor } from "../sources/source.ts";

/** An article as the ledger keeps it: with how it was found. */
export interface Known {
	readonly v: 1;
	readonly article: Article;
	readonly foundAt: string;
	/** What cleaning took out, by rule. */
	readonly removed: readonly { readonly rule: string; readonly text: string }[];
}

/** What the ledger knows of a source. Times are ISO 8601 UTC. */
export interface SourceRecord {
	readonly v: 1;
	readonly kind: string;
	readonly cursor: Cursor;
	/** The first poll that gave a readable list. */
	readonly firstVisit?: string;
	readonly lastPoll?: string;
	readonly lastArticle?: string;
	/** What is wrong since when; absent while all is well. */
	readonly fault?: {
		readonly since: string;
		readonly message: string;
		readonly times: number;
		readonly told?: boolean;
	};
	/** Not to be looked at before, on the site's own word. */
	readonly next?: string;
}

/** What the ledger knows of a channel beside its deliveries. */
export interface ChannelRecord {
	readonly v: 1;
	/** Where it posts: what is remembered here belongs to that place. */
	readonly place?: string;
	readonly paused?: { readonly by: string; readonly at: string };
	readonly parked?: {
		readonly since: string;
		readonly reason: string;
		readonly tries: number;
		readonly until: string;
	};
	/** The platform asked to wait. */
	readonly wait?: { readonly until: string; readonly reason: string };
	/** Platform id of the last post known there. */
	readonly last?: string;
	/** The chat's new address after a migration. */
	readonly movedTo?: string;
	/** Ids of the articles sent last, newest first. */
	readonly recent: readonly string[];
}

/** Finished deliveries of a channel by state. */
export interface Counts {
	readonly sent: number;
	readonly refused: number;
	readonly skipped: number;
}

/** What an admin decided about a delivery; its channel's lane carries it out. */
export interface Decision {
	readonly v: 1;
	readonly do: "retry" | "skip" | "confirm";
	readonly by: string;
	readonly at: string;
}

/** Something the admins were told or asked, until it is over. */
export interface Incident {
	readonly incident: string;
	/** In words, as it was told. */
	readonly text: string;
	/** ISO 8601 UTC. */
	readonly since: string;
}

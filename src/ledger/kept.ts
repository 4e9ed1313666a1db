import type { Article } from "../article/article.ts";
import type { QuietWord } from "../article/quiet.ts";
import type { Cursor } from "../sources/source.ts";

/** An article as the ledger keeps it: with how it was found. */
export interface Known {
	readonly v: 1;
	readonly article: Article;
	readonly foundAt: string;
	/** What cleaning took out, by rule. */
	readonly removed: readonly { readonly rule: string; readonly text: string }[];
	/** Changes since, oldest first. */
	readonly revisions?: readonly Revision[];
	/** Since when its source lists it no more, although older articles are still listed. ISO 8601 UTC. */
	readonly vanished?: string;
	/** Taken back, by an admin or, without `by`, by its newsroom, whose page of it is gone. ISO 8601 UTC. */
	readonly retracted?: { readonly at: string; readonly by?: string };
	/** What an admin changed in its words, which stays while the newsroom's own words stay as they were then. */
	readonly fixed?: Fix;
}

/** An admin's own wording. */
export interface Fix {
	readonly at: string;
	readonly by: string;
	readonly title?: { readonly from: string; readonly to: string };
	readonly lead?: { readonly from: string; readonly to: string };
}

/** What happened to an article whose post may be out; each channel's lane carries it out. */
export interface Change {
	readonly v: 1;
	/** `back`: it was taken back and stands again. */
	readonly what: "update" | "retract" | "back";
	/** ISO 8601 UTC. */
	readonly at: string;
	/** The headline before, when that changed. */
	readonly was?: string;
	/** Its picture changed too. */
	readonly image?: true;
	/** The admin who wished it. */
	readonly by?: string;
}

/** An article that left its list before its time, until it is clear whether its newsroom took it back. Times are ISO 8601 UTC. */
export interface Gone {
	readonly v: 1;
	readonly since: string;
	/** When its page is asked for next. */
	readonly next: string;
	/** When its page was found to be gone. */
	readonly missing?: string;
}

/** A change that a newsroom made to an article after Mirsal knew it. */
export interface Revision {
	/** When it was seen. ISO 8601 UTC. */
	readonly at: string;
	readonly changed: readonly ("title" | "lead" | "text" | "image")[];
	/** As it was before. */
	readonly title: string;
	readonly lead: string;
}

/** A headline that went to a channel lately, to know the same story again when another source brings it. */
export interface Told {
	readonly id: string;
	readonly title: string;
	readonly source: string;
	/** Published or first seen. ISO 8601 UTC. */
	readonly at: string;
}

/** Deliveries that wait together for one decision of the admins. */
export interface Hold {
	readonly name: string;
	/** The source that it came from, or the channel that stood still. */
	readonly source: string;
	readonly why: "flood" | "away" | "similar" | "lost" | "unpaid" | "approve";
	/** Articles in it. */
	readonly count: number;
	/** ISO 8601 UTC. */
	readonly since: string;
	/** When the admins were asked last. */
	readonly askedAt: string;
	/** An admin wants to be asked again then. */
	readonly again?: string;
	/** The headline, when it is about one article. */
	readonly text?: string;
}

/** What the ledger knows of a source. Times are ISO 8601 UTC. */
export interface SourceRecord {
	readonly v: 1;
	readonly kind: string;
	readonly cursor: Cursor;
	/** The first poll that gave a readable list. */
	readonly firstVisit?: string;
	readonly lastPoll?: string;
	/** Publication time of the newest article seen. */
	readonly lastArticle?: string;
	/** What the last readable list held: ids with what tells whether an entry was edited. */
	readonly listed?: Readonly<Record<string, string>>;
	/** Polls of the last week that brought something new, and how much. */
	readonly news?: readonly (readonly [at: string, count: number])[];
	/** When the latest articles were published or first seen, newest first. */
	readonly rhythm?: readonly string[];
	/** It is read through another door since the last readable list, which may list older articles as well. */
	readonly newDoor?: true;
	/** The ledger was lost: what was published before this time and was not known then may have been posted by the lost one. */
	readonly lostUntil?: string;
	/** Where its site says it has moved for good, and how often and since when it says so. */
	readonly moved?: { readonly to: string; readonly times: number; readonly since: string };
	/** When another door was looked for last. */
	readonly reopened?: string;
	/** What is wrong since when; absent while all is well. */
	readonly fault?: {
		readonly since: string;
		readonly message: string;
		readonly times: number;
		readonly told?: boolean;
	};
	/** Lists nothing since then. */
	readonly emptySince?: string;
	/** Not to be looked at before. */
	readonly next?: string;
	/** That is the site's own word: nothing makes it sooner. */
	readonly asked?: true;
}

/** What the ledger knows of a channel beside its deliveries. */
export interface ChannelRecord {
	readonly v: 1;
	/** Where it posts: what is remembered here belongs to that place. */
	readonly place?: string;
	/** By whom and when; with `until` it ends by itself. */
	readonly paused?: { readonly by: string; readonly at: string; readonly until?: string };
	readonly parked?: {
		readonly since: string;
		readonly reason: string;
		readonly tries: number;
		readonly until: string;
		/** For want of money: what piled up is asked about before it goes out. */
		readonly unpaid?: true;
		/** It works again, and what piled up is being put aside for the question. */
		readonly resuming?: true;
	};
	/** The platform asked to wait. */
	readonly wait?: { readonly until: string; readonly reason: string };
	/** Platform id of the last post known there. */
	readonly last?: string;
	/** The chat's new address after a migration. */
	readonly movedTo?: string;
	/** Ids of the articles sent last, newest first. */
	readonly recent: readonly string[];
	/** When the last digest was sent. ISO 8601 UTC. */
	readonly digested?: string;
	/** Ids of the articles that digests tell of though they are not posted one by one, newest first. */
	readonly gathered?: readonly string[];
	/** What the admins last said of quiet. */
	readonly quiet?: QuietWord & { readonly by: string; readonly at: string };
}

/** A digest as it was planned, under its own id; which articles stand in it is settled when it is sent. */
export interface PlannedDigest {
	readonly v: 1;
	/** What followers know it by, such as «نشرة الصباح». */
	readonly title: string;
	/** When it was due. ISO 8601 UTC. */
	readonly at: string;
	/** Articles at the most. */
	readonly most: number;
	/** From how long before `at` articles are taken; without it, since the last digest. Milliseconds. */
	readonly since?: number;
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
	readonly do: "retry" | "skip" | "confirm" | "first" | "breaking" | "hold";
	readonly by: string;
	readonly at: string;
	/** Why, where nobody decided but a rule did. */
	readonly reason?: string;
}

/** One line of the audit trail: what an admin did, or tried to do. */
export interface Audit {
	readonly v: 1;
	/** ISO 8601 UTC. */
	readonly at: string;
	/** Numeric id, and the name that was shown then. */
	readonly id: number;
	readonly by: string;
	/** The command with what stood behind it, or what a button does. */
	readonly did: string;
	readonly outcome: "done" | "declined" | "forbidden" | "late" | "failed";
}

/** Something the admins were told or asked, until it is over. */
export interface Incident {
	readonly incident: string;
	/** In words, as it was told. */
	readonly text: string;
	/** ISO 8601 UTC. */
	readonly since: string;
}

import type { Article } from "../article/article.ts";
import type { FilterSetting } from "../article/filter.ts";
import type { Removed } from "../arabic/clean.ts";
import type { HandPosted } from "../by-hand.ts";
import type { Release } from "../holds.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { MoneySettings } from "../money.ts";
import type { Post } from "../post/post.ts";
import type { Switches } from "../switches.ts";
import type { Times } from "../times.ts";

/** What the people of a newsroom can see and do, whether by bot, page or command: reads of the ledger, calls into the rest of the house, no rules of its own. */
export interface Desk {
	readonly ledger: Ledger;
	readonly newsroom: string;
	readonly timeZone: string;
	readonly version: string;
	readonly channels: readonly DeskChannel[];
	/** Those of the settings, and those that admins added. */
	readonly sources: readonly DeskSource[];
	/** What admins settle while Mirsal works. */
	readonly switches: Switches;
	readonly manners: DeskManners;
	/** The month's budget for Twitter, when there is one. */
	readonly money?: Pick<MoneySettings, "budget">;
	/** Quiet hours and digests, as far as they can be steered. */
	readonly times?: Times;
	now(): Date;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	day(time: Date): string;
	/** Hands a decision about a hold to the lanes; the number of articles that it was about. */
	release(hold: string, answer: Release, by: string): Promise<number>;
	/** Lets a channel's lane look at its queue now. */
	wake(channel: string): Promise<void>;
	/** Reads an address as `mirsal preview` does; throws SourceError with a sentence for people. */
	preview(address: string): Promise<readonly Preview[]>;
	/** The posts that would be made of an article now, by channel. */
	posts(article: Article): Readonly<Record<string, Post>>;
	/** The known article that goes by this address, if any. Throws TypeError for what is no address. */
	known(address: string): Promise<string | undefined>;
	/** Posts the article at an address; throws NotOneArticle, SourceError. */
	post(
		address: string,
		wish: { readonly channels: readonly string[]; readonly kind: "article" | "breaking"; readonly by: string },
	): Promise<HandPosted>;
	/** Looks at a source now, unless its site asked for a pause. */
	look(source: string): Promise<void>;
	/** Finds out what lists articles at an address, without keeping anything. Throws SourceError. */
	find(address: string): Promise<Found>;
	/** Watches a source from now on; its name. */
	addSource(address: string, by: string): Promise<string>;
	/** Watches a source that was added no more; false when there is none of that name. */
	removeSource(name: string): Promise<boolean>;
	/** The templates in use, by file. */
	templates(): Promise<readonly DeskTemplate[]>;
	/** A whole copy of the ledger to be sent, encrypted where a key is set. Rejects with a sentence. */
	backup(): Promise<{ readonly name: string; readonly bytes: Uint8Array; readonly sealed: boolean }>;
}

export interface DeskChannel {
	readonly name: string;
	readonly kind: "telegram" | "twitter";
	/** Where it posts, for people: `@name`, `-100…`, or an account. */
	readonly address: string;
	readonly preview: boolean;
}

export interface DeskSource {
	readonly name: string;
	readonly url: string;
}

/** What the newsroom's settings say about posts. */
export interface DeskManners {
	readonly hashtags: {
		readonly map: Readonly<Record<string, string>>;
		readonly never: readonly string[];
		readonly most: number;
	};
	/** Filters with what they are for: the newsroom (no name), a source, a channel. */
	readonly filters: readonly { readonly of?: string; readonly filter: FilterSetting }[];
}

export interface DeskTemplate {
	readonly file: string;
	readonly text: string;
	/** The newsroom's own, not the built-in one. */
	readonly own: boolean;
}

/** What stands at an address that could be watched. */
export interface Found {
	readonly url: string;
	readonly kind: string;
	/** Articles that it lists now. */
	readonly count: number;
	/** The newest headlines, as listed. */
	readonly titles: readonly string[];
	/** The source that reads this address already. */
	readonly known?: string;
}

/** An article with the posts that would be made of it, by channel. */
export interface Preview {
	readonly article: Article;
	readonly removed: readonly Removed[];
	readonly posts: Readonly<Record<string, Post>>;
}

import type { Article } from "../article/article.ts";
import type { Removed } from "../arabic/clean.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { MoneySettings } from "../money.ts";
import type { Post } from "../post/post.ts";
import type { Times } from "../times.ts";

/** What the people of a newsroom can see and do, whether by bot, page or command: reads of the ledger, calls into the rest of the house, no rules of its own. */
export interface Desk {
	readonly ledger: Ledger;
	readonly newsroom: string;
	readonly timeZone: string;
	readonly version: string;
	readonly channels: readonly DeskChannel[];
	readonly sources: readonly DeskSource[];
	/** The month's budget for Twitter, when there is one. */
	readonly money?: Pick<MoneySettings, "budget">;
	/** Quiet hours and digests, as far as they can be steered. */
	readonly times?: Times;
	now(): Date;
	/** Hands a decision about a hold to the lanes; the number of articles that it was about. */
	release(hold: string, answer: "all" | "latest" | "none", by: string): Promise<number>;
	/** Lets a channel's lane look at its queue now. */
	wake(channel: string): Promise<void>;
	/** Reads an address as `mirsal preview` does; throws SourceError with a sentence for people. */
	preview(address: string): Promise<readonly Preview[]>;
	/** The known article that goes by this address, if any. Throws TypeError for what is no address. */
	known(address: string): Promise<string | undefined>;
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

/** An article with the posts that would be made of it, by channel. */
export interface Preview {
	readonly article: Article;
	readonly removed: readonly Removed[];
	readonly posts: Readonly<Record<string, Post>>;
}

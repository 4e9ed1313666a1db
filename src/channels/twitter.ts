import type { Post } from "../post/post.ts";
import { type Channel, SendError } from "./channel.ts";
import type { PictureShelf } from "./picture-shelf.ts";
import { type Failure, failureOf, MOST_READ, type Tweet, type TwitterClient } from "./twitter-api.ts";
import { twitterMedia } from "./twitter-media.ts";

export interface TwitterOptions {
	readonly name: string;
	readonly compose: Channel["compose"];
	readonly api: TwitterClient;
	readonly now: () => Date;
	/** Where the bytes of pictures lie; without it posts go without. */
	readonly shelf?: Pick<PictureShelf, "read">;
}

/** A Twitter account, spoken to through twitter-api-v2. */
export function twitterChannel({ name, compose, api, now, shelf }: TwitterOptions): Channel {
	const media = twitterMedia({ api, shelf, now });
	const address = (id: string) => `https://x.com/i/status/${id}`;

	return {
		name,
		kind: "twitter",
		preview: false,
		bills: {
			// A post of an earlier version does not say what stands in it: the dearer price is the safe one.
			post({ addresses = 1, pictures = [] }) {
				const altText = pictures.filter(({ alt }) => alt !== undefined).length;
				return { ...(addresses > 0 ? { postWithLink: 1 } : { post: 1 }), ...(altText > 0 ? { altText } : {}) };
			},
			look: { read: MOST_READ, me: 1 },
			remove: { delete: 1 },
		},
		compose,

		async send(post) {
			const ids = await media.idsOf(post);
			try {
				const more = { ...(ids.length > 0 ? { media: ids } : {}), replyTo: post.replyTo };
				const id = await api.tweet(post.text, more);
				media.forget(post);
				return { id, url: address(id) };
			} catch (error) {
				const failure = failureOf(error);
				if (failure.kind === "unanswered" && failure.id !== undefined)
					return { id: failure.id, url: address(failure.id) };
				throw sorted(failure, now());
			}
		},

		async find(post, { at }, signal, billed) {
			const since = new Date(new Date(at).getTime() - 60_000);
			let tweets: readonly Tweet[];
			try {
				tweets = await api.recent(since, signal, billed);
			} catch (error) {
				throw new Error(failureOf(error).description);
			}
			const found = tweets.find((tweet) => sameText(tweet, post));
			return found ? { id: found.id, url: address(found.id) } : "absent";
		},

		async remove({ id }, _signal, billed) {
			try {
				await api.remove(id);
			} catch (error) {
				const failure = failureOf(error);
				// X bills no request that failed (docs.x.com, “Pricing”).
				if (failure.kind !== "unanswered") billed?.({});
				if (failure.kind === "answered" && failure.status === 404) return;
				throw sorted(failure, now());
			}
		},
	};
}

/** X shortens addresses, escapes & < >, and adds an address for media; what stands there is compared without white space and marks. */
function sameText(tweet: Tweet, post: Post): boolean {
	const plain = (text: string) => text.normalize("NFC").replace(/[\s\u200F\u2066-\u2069]+/g, "");
	return plain(tweet.text) === plain(post.text);
}

const QUARTER = 15 * 60_000;

/** What may be done after a failed send (docs.x.com, "Response codes and errors"). */
function sorted(failure: Failure, now: Date): SendError {
	const { description } = failure;
	if (failure.kind === "unreached") return new SendError("later", description);
	if (failure.kind === "unanswered") return new SendError("unknown", description);
	const { status, problem, resetAt } = failure;
	if (status === 402) return new SendError("parked", `the X account has no credit: ${description}`, { unpaid: true });
	if (/^(usage-capped|credits)$/.test(problem) || /\bspend(ing)? (limit|cap)\b|usage cap/i.test(description))
		return new SendError("parked", `X's spending limit or usage cap is reached: ${description}`, { unpaid: true });
	if (status === 429)
		return new SendError("later", "X asks to wait", {
			retryAt: resetAt && resetAt > now ? resetAt : new Date(now.getTime() + QUARTER),
		});
	if (status === 407) return new SendError("parked", `the proxy does not accept us: ${description}`);
	if (status === 401) return new SendError("parked", `X does not accept the keys: ${description}`);
	if (status === 403 && /duplicate content/i.test(description))
		return new SendError("refused", description, { duplicate: true });
	if (status === 403 && !/reply|quote|you are not permitted/i.test(description))
		return new SendError("parked", `X refuses the account or the app: ${description}`);
	return new SendError("refused", `X refuses this post: ${description}`);
}

import type { Article } from "./article/article.ts";
import type { Channel } from "./channels/channel.ts";
import { isRetitled } from "./ledger/correction.ts";
import type { Delivery } from "./ledger/delivery.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { purse } from "./money.ts";
import type { Admins } from "./ports.ts";
import type { Digest, Occasion } from "./post/occasion.ts";
import type { Post } from "./post/post.ts";

/** Pictures for posts; neither throws. What `add` gave is dropped when its delivery needs it no more. */
export interface Pictures {
	add(post: Post, article: Article, signal: AbortSignal): Promise<Post>;
	drop(post: Post): Promise<void>;
}

/** Makes the posts that are sent, and those that take the place of posts that are out. */
export function composing<Lane extends { readonly channel: Channel; readonly links: boolean | "auto" }>({
	ledger,
	admins,
	money,
	pictures,
	digestOf,
}: {
	readonly ledger: Pick<Ledger, "article">;
	readonly admins: Admins;
	readonly money: Pick<ReturnType<typeof purse>, "affordsLink" | "affordable">;
	readonly pictures: Pictures | undefined;
	/** What a digest tells of. */
	readonly digestOf: (lane: Lane, delivery: Delivery) => Promise<Omit<Digest, "links" | "silent">>;
}) {
	/** The post for an occasion, without pictures; the admins are told what is wrong with its template. */
	async function composed(channel: Channel, occasion: Occasion): Promise<Post> {
		const post = channel.compose(occasion);
		if (post.complaint)
			await admins.notify({
				sentence: "templateBroken",
				fields: { problem: post.complaint },
				incident: `template:${post.complaint}`,
			});
		return post;
	}

	return {
		composed,

		/** What a delivery sends: what was frozen, or its article as it reads now. */
		async compose(lane: Lane, delivery: Delivery, silent: boolean, signal: AbortSignal): Promise<Post> {
			if (delivery.intent) return delivery.intent.post;
			const { channel, links: wanted } = lane;
			const linked = async () => (wanted === "auto" ? await money.affordsLink(channel, delivery) : wanted);
			if (delivery.kind === "digest")
				return composed(channel, { ...(await digestOf(lane, delivery)), links: await linked(), silent });
			const known = await ledger.article(delivery.id);
			if (!known) throw new Error(`the ledger has no article ${delivery.id}`);
			const { root, kind } = delivery;
			if (kind === "retraction") throw new Error(`${delivery.id} is planned as a ${kind}, and it is an article`);
			const { article } = known;
			const updated = root || isRetitled(delivery, article.title) ? { updated: true as const } : {};
			// What an answer is about stands above it with its link and its picture.
			const links = !root && (await linked());
			const post = await composed(channel, { kind, article, ...updated, links, silent });
			if (root) return { ...post, replyTo: root.id };
			return pictures ? money.affordable(channel, await pictures.add(post, article, signal)) : post;
		},
	};
}

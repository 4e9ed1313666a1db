import type { Post } from "../post/post.ts";
import { SourceError } from "../sources/source.ts";
import { type Ask, addressOf, called, Declined, type Who } from "./ask.ts";
import type { Preview } from "./desk.ts";
import type { Reply } from "./outbox.ts";
import { removedLines } from "./story.ts";

/** Articles shown by /preview when the address is a feed. */
const PREVIEWED = 3;

/** What stands at an address, as every channel would show it. */
export const preview = (ask: Ask): Promise<readonly Reply[]> => previewed(ask, ask.args[0]);

/** The same for an address as an admin writes it. Throws Declined. */
export async function previewed(ask: Ask, word: string | undefined): Promise<readonly Reply[]> {
	const { desk, words } = ask;
	const address = addressOf(ask, word);
	let previews: readonly Preview[];
	try {
		previews = await desk.preview(address);
	} catch (error) {
		if (error instanceof SourceError) throw new Declined(words.say("previewFailed", { reason: error.message }));
		throw error;
	}
	if (previews.length === 0) throw new Declined(words.say("previewEmpty"));
	const replies = previews
		.slice(0, PREVIEWED)
		.flatMap(({ posts, removed }) => [...shown(ask, posts), { text: removedLines(ask, removed).join("\n") }]);
	return previews.length > PREVIEWED
		? [...replies, { text: words.say("previewMore", { count: previews.length - PREVIEWED }) }]
		: replies;
}

/** A post as its channel would show it. */
export function replyOf(post: Post): Reply {
	return {
		text: post.html ?? post.text,
		...(post.html === undefined ? {} : { html: true as const }),
		...(post.html !== undefined && post.link !== undefined ? { link: post.link } : {}),
	};
}

/** Posts as their channels would show them, each with its length. */
export function shown({ desk, words }: Who, posts: Readonly<Record<string, Post>>): Reply[] {
	return desk.channels.flatMap((channel): Reply[] => {
		const post = posts[channel.name];
		if (!post) return [];
		const measure = words.say("previewLength", {
			channel: called(words, channel),
			length: post.length,
			limit: post.limit,
		});
		const complaint = post.complaint ? [words.say("templateBroken", { problem: post.complaint })] : [];
		return [replyOf(post), { text: [measure, ...complaint].join("\n") }];
	});
}

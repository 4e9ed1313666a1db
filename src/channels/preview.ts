import type { Post } from "../post/post.ts";
import type { Channel } from "./channel.ts";

/** A stand-in for a channel without credentials: its posts are shown, never sent. */
export function previewChannel(options: {
	readonly name: string;
	readonly kind: Channel["kind"];
	readonly compose: Channel["compose"];
	readonly show: (post: Post) => void;
}): Channel {
	const { name, kind, compose, show } = options;
	return {
		name,
		kind,
		preview: true,
		compose,
		async send(post) {
			show(post);
			return { id: "preview" };
		},
		find: async () => "cannot-tell",
	};
}

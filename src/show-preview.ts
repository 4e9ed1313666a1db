import type { Article } from "./article/article.ts";
import type { Post } from "./post/post.ts";
import type { Reading } from "./read.ts";
import { articleText, outside, type Preview, showPost } from "./show.ts";
import type { Tools } from "./tools.ts";

/** Prints what `mirsal preview` has read: the posts of each article, or at the end the one digest of all of them. */
export function previewer(options: {
	readonly as?: Preview | undefined;
	readonly json: boolean;
	readonly color: boolean;
	readonly out: (text: string) => void;
}): { each(reading: Reading, tools: Tools): void; end(tools: Tools): void } {
	const { as, json, color, out } = options;
	const read = new Map<string, Article>();
	const show = (posts: Readonly<Record<string, Post>>) => {
		for (const [name, post] of Object.entries(posts)) out(showPost(post, { color, label: name }));
	};
	return {
		each(reading, tools) {
			const { article, removed } = reading;
			if (as === "digest") {
				read.set(article.id, article);
				return;
			}
			const posts = tools.posts(reading, as);
			if (json) return out(JSON.stringify({ article: outside(article), posts: bare(posts), removed }));
			out(articleText(article, removed));
			show(posts);
		},
		end(tools) {
			if (as !== "digest") return;
			const articles = [...read.values()];
			const posts = articles.length === 0 ? {} : tools.digest(articles);
			if (json) return out(JSON.stringify({ articles: articles.map(outside), posts: bare(posts) }));
			if (articles.length === 0) out("There is no article to make a digest of.");
			show(posts);
		},
	};
}

/** Posts for programs: what is sent, and its length in the channel's own way of counting. */
function bare(posts: Readonly<Record<string, Post>>) {
	return Object.fromEntries(
		Object.entries(posts).map(([name, { html, text, length }]) => [
			name,
			html === undefined ? { text, weight: length } : { html, text, length },
		]),
	);
}

import type { Article } from "./article/article.ts";
import type { Post } from "./post/post.ts";
import type { Reading } from "./read.ts";
import { articleText, outside, type Preview, showPost } from "./show.ts";
import type { Tools } from "./tools.ts";

/** Gives a post the pictures that it would be sent with. */
export type Illustrate = (post: Post, article: Article, signal: AbortSignal) => Promise<Post>;

/** For all pictures of one article, in milliseconds. */
const PICTURES_WITHIN = 30_000;

/** Prints what `mirsal preview` has read: the posts of each article, or at the end the one digest of all of them. */
export function previewer(options: {
	readonly as?: Preview | undefined;
	readonly json: boolean;
	readonly color: boolean;
	readonly out: (text: string) => void;
}): { each(reading: Reading, tools: Tools, illustrate: Illustrate): Promise<void>; end(tools: Tools): void } {
	const { as, json, color, out } = options;
	const read = new Map<string, Article>();
	const show = (posts: Readonly<Record<string, Post>>) => {
		for (const [name, post] of Object.entries(posts)) out(showPost(post, { color, label: name }));
	};
	return {
		async each(reading, tools, illustrate) {
			const { article, removed } = reading;
			if (as === "digest") {
				read.set(article.id, article);
				return;
			}
			const signal = AbortSignal.timeout(PICTURES_WITHIN);
			const posts: Record<string, Post> = {};
			for (const [name, post] of Object.entries(tools.posts(reading, as)))
				posts[name] = await illustrate(post, article, signal);
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

/** Posts for programs: what is sent, its length in the channel's own way of counting, and its picture when one would be uploaded. */
function bare(posts: Readonly<Record<string, Post>>) {
	return Object.fromEntries(
		Object.entries(posts).map(([name, post]) => {
			const { html, text, length } = post;
			return [
				name,
				{ ...(html === undefined ? { text, weight: length } : { html, text, length }), ...pictureOf(post) },
			];
		}),
	);
}

function pictureOf({ html, pictures = [] }: Post) {
	if (pictures.length === 0) return {};
	const form = pictures.length > 1 ? "album" : html === undefined ? "media" : "photo";
	return { picture: { form, files: pictures.map(({ hash: _hash, ...file }) => file) } };
}

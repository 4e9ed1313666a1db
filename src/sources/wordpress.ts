import type { Draft } from "../article/article.ts";
import { lookAt } from "./conditional.ts";
import { completeDraft, type Completing } from "./feed.ts";
import { latestOf } from "./since.ts";
import { type Source, SourceError } from "./source.ts";
import { type Posts, readPosts, TURNED_OFF } from "./wordpress-posts.ts";

const ACCEPT = "application/json, */*;q=0.5";
const PER_PAGE = 20;
/** Pages that are read at most to fill the gap of an outage. */
const MOST_PAGES = 10;

/** The posts of one answer of WordPress's REST API, in its order; those behind a password and those not published are passed over. Throws SourceError `body` for what is no list of posts. */
export function parseWordpress(
	body: Uint8Array | string,
	at: { readonly url: string; readonly source: string },
): Draft[] {
	return [...readPosts(body, at).drafts];
}

/** A WordPress site read through its REST API, by the API's root or the address of its posts; after an outage it is paged back to where the last look ended. */
export function wordpressSource(
	options: Completing & {
		readonly name: string;
		readonly url: string;
		/** Whether it is the newsroom's own: looked at on every tick, unless it asks for a pause itself. */
		readonly own: boolean;
	},
): Source {
	const { name, url, web, own } = options;

	/** The pages behind the first one, until an entry that the last finished look knew. What cannot be read leaves the rest to the next look. */
	async function behind(first: Posts, since: string, pages: number, signal: AbortSignal) {
		const read: Posts[] = [];
		for (let page = first; read.length + 1 < pages && isNewer(page, since); ) {
			try {
				const address = postsAddress(url, read.length + 2);
				const answer = await web.get(address, { signal, accept: ACCEPT });
				page = readPosts(answer.body, { url: shown(answer.url), source: name });
				read.push(page);
			} catch (error) {
				if (!(error instanceof SourceError)) throw error;
				// Beyond the last page WordPress answers 400 (rest_post_invalid_page_number).
				return { read, finished: error.status === 400, ...(error.retryAt ? { retryAt: error.retryAt } : {}) };
			}
		}
		return { read, finished: true };
	}

	return {
		name,
		kind: "wordpress",
		url,
		async poll(cursor, signal) {
			const { since } = cursor;
			const address = postsAddress(url, 1);
			const look = await lookAt(address, { web, accept: ACCEPT, signal, before: cursor, own }).catch(explained);
			const { said } = look;
			if (look.unchanged)
				return { unchanged: true, cursor: { ...look.validators, ...(since === undefined ? {} : { since }) }, ...said };
			const { answer } = look;
			const first = readPosts(answer.body, { url: shown(answer.url), source: name });
			const more = since === undefined ? undefined : await behind(first, since, pagesOf(answer.headers, first), signal);
			const posts = [first, ...(more?.read ?? [])];
			const drafts = eachOnce(posts.flatMap((page) => page.drafts));
			// Order and completeness are the cursor's promise: while a page is missing it stays where it was.
			if (more?.finished === false)
				return { unchanged: false, drafts, cursor, ...said, ...(more.retryAt ? { next: more.retryAt } : {}) };
			const latest = latestOf(
				posts.flatMap((page) => page.dates),
				{ before: since, answer },
			);
			return {
				unchanged: false,
				drafts,
				cursor: { ...look.validators, ...(latest === undefined ? {} : { since: latest }) },
				...said,
			};
		},
		complete: (draft, signal) => completeDraft(draft, { ...options, signal }),
	};
}

/** The address of a page of posts behind the API's root (`/wp-json/`, `?rest_route=/`), a site's front page or an address of posts, whose own choice of posts (`categories=5`) stays. */
function postsAddress(url: string, page: number): string {
	const address = new URL(url);
	const query = address.searchParams;
	const route = query.get("rest_route");
	if (route !== null) query.set("rest_route", postsRoute(route));
	else address.pathname = postsRoute(address.pathname === "/" ? "/wp-json" : address.pathname);
	query.set("_fields", "id,date_gmt,modified_gmt,guid,link,status,title,content,excerpt,_links,_embedded");
	query.set("_embed", "author,wp:term,wp:featuredmedia");
	query.set("orderby", "date");
	query.set("order", "desc");
	query.set("per_page", String(PER_PAGE));
	if (page > 1) query.set("page", String(page));
	else query.delete("page");
	return address.href;
}

function postsRoute(path: string): string {
	return /^.*\/wp\/v2\/[\w-]+/.exec(path)?.[0] ?? `${path.replace(/(?:\/wp\/v2)?\/*$/, "")}/wp/v2/posts`;
}

function pagesOf(headers: Readonly<Record<string, string>>, first: Posts): number {
	const said = /^\d+$/.exec(headers["x-wp-totalpages"] ?? "")?.[0];
	return Math.min(MOST_PAGES, said === undefined ? (first.count < PER_PAGE ? 1 : MOST_PAGES) : Number(said));
}

/** Whether everything on a page was published after a moment. */
function isNewer({ dates }: Posts, moment: string): boolean {
	const last = dates.at(-1);
	return last !== undefined && last > moment;
}

/** Each post once: what is published while pages are read moves posts from one page to the next. */
function eachOnce(drafts: readonly Draft[]): Draft[] {
	const seen = new Set<string>();
	return drafts.filter(({ url }) => !seen.has(url) && seen.add(url));
}

/** What Mirsal itself asks for is left out of what people read. */
function shown(text: string): string {
	return text.replace(/[?&]_fields=\S*/, "");
}

function explained(error: unknown): never {
	if (!(error instanceof SourceError)) throw error;
	const isClosed = [401, 403, 404].includes(error.status ?? 0);
	throw new SourceError(error.kind, `${shown(error.message)}${isClosed ? ` ${TURNED_OFF}` : ""}`, {
		...(error.retryAt ? { retryAt: error.retryAt } : {}),
		...(error.status === undefined ? {} : { status: error.status }),
		cause: error,
	});
}

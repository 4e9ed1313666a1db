import { Agent as HttpAgent } from "node:http";
import type { Agent } from "node:http";
import {
	ApiPartialResponseError,
	ApiRequestError,
	ApiResponseError,
	type ITwitterApiClientPlugin,
	TwitterApi,
} from "twitter-api-v2";
import type { Bill } from "../ledger/budget.ts";
import { directAgent, neverConnected } from "./network.ts";
import { permitted } from "./permit.ts";

/** Total time for a call, in milliseconds. The library itself would wait for ever. */
const DEADLINE = 20_000;

/** The longest that a send takes, in milliseconds. */
export const SEND_DEADLINE = DEADLINE;

/** Codes with which X says that it did nothing. Anything else, 5xx above all and a gateway's 408, may have been carried out. */
const CERTAIN = new Set<number>([400, 401, 402, 403, 404, 407, 413, 422, 429]);

/** Posts that one look at the timeline reads at the most. */
export const MOST_READ = 20;

/** The address that X adds to a post for its own pictures. */
const OWN_PICTURE = /^https:\/\/(?:x|twitter)\.com\/\w+\/status\/\d+\/(?:photo|video)\/\d+$/;

/** OAuth 1.0a user context. */
export interface TwitterKeys {
	readonly appKey: string;
	readonly appSecret: string;
	readonly accessToken: string;
	readonly accessSecret: string;
}

/** A post of the account, as readers see it: with its addresses in full. */
export interface Tweet {
	readonly id: string;
	readonly text: string;
}

/** What a call to X came to, when it did not come to a result. */
export type Failure =
	| {
			readonly kind: "answered";
			readonly status: number;
			readonly problem: string;
			readonly description: string;
			readonly resetAt?: Date;
	  }
	| { readonly kind: "unreached"; readonly description: string }
	/** `id` when the broken answer still tells that the post was made. */
	| { readonly kind: "unanswered"; readonly description: string; readonly id?: string };

export interface TwitterClient {
	/** Publishes a text, with what was uploaded, as an answer to a post when `replyTo` is its id; gives its id. */
	tweet(
		text: string,
		more?: { readonly media?: readonly string[]; readonly replyTo?: string | undefined },
	): Promise<string>;
	/** Takes a post down, also one that is down already. */
	remove(id: string): Promise<void>;
	/** Uploads a picture; gives the id under which a post can show it within a day. */
	upload(bytes: Uint8Array, type: "image/jpeg" | "image/png", signal: AbortSignal): Promise<string>;
	/** Says what an uploaded picture shows; X bills this call. */
	describe(mediaId: string, alt: string, signal: AbortSignal): Promise<void>;
	/** The account's own posts since a time, newest first; tells what X bills for them. */
	recent(since: Date, signal: AbortSignal, billed?: (bill: Bill) => void): Promise<readonly Tweet[]>;
	/** Who the keys belong to; X bills this call. */
	me(): Promise<{ readonly id: string; readonly username: string }>;
}

/** twitter-api-v2, tamed: a total deadline on each call (`deadline`, in milliseconds), no retries, any origin (plain http too); `may` is asked in the very turn in which a request is written, and then the agent serves nobody else. */
export function twitterClient(
	keys: TwitterKeys,
	options: {
		readonly apiRoot: string;
		readonly agent?: Agent | undefined;
		readonly deadline?: number;
		readonly may?: () => boolean;
	},
): TwitterClient {
	const { deadline = DEADLINE } = options;
	const plain = options.apiRoot.startsWith("http:");
	const plugin: ITwitterApiClientPlugin = {
		onBeforeRequestConfig({ params }) {
			// The path must go on beginning with /2/, or the library sends bodies as forms.
			params.url = params.url.replace(/^https:\/\/api\.(?:x|twitter)\.com\//, new URL("/", options.apiRoot).href);
		},
		onBeforeRequest({ url, requestOptions }) {
			const total = AbortSignal.timeout(deadline);
			const signal = uploading && url.pathname.includes("/media/") ? AbortSignal.any([total, uploading]) : total;
			(requestOptions as { signal?: AbortSignal }).signal = signal;
		},
	};
	/** The library's upload is several calls and takes no signal; a lane uploads one thing at a time. */
	let uploading: AbortSignal | undefined;
	// The library always calls https.request: for a plain http origin only the agent can say otherwise.
	const agent = options.agent ?? (plain ? new HttpAgent({ keepAlive: true }) : directAgent(deadline));
	const httpAgent = options.may ? permitted(agent, options.may) : agent;
	const { v2 } = new TwitterApi(keys, { plugins: [plugin], httpAgent });

	// An OAuth 1.0a access token begins with its owner's id, and asking is billed.
	const [, known] = /^(\d+)-/.exec(keys.accessToken) ?? [];

	return {
		async tweet(text, { media = [], replyTo } = {}) {
			// The library's type wants as many ids as X allows, one to four, written out.
			const media_ids = [...media] as [string];
			const answer = await v2.tweet(text, {
				...(media.length > 0 ? { media: { media_ids } } : {}),
				...(replyTo === undefined ? {} : { reply: { in_reply_to_tweet_id: replyTo } }),
			});
			const id = answer.data?.id;
			if (typeof id === "string" && id !== "") return id;
			throw new NoReceipt(answer.errors?.[0]?.detail ?? "no id");
		},
		async remove(id) {
			const { data, errors } = await v2.deleteTweet(id);
			// X answers 200 for a post that is not there, with the problem beside the missing data.
			const gone = errors?.some(({ type }) => type?.endsWith("/resource-not-found")) === true;
			if (data?.deleted !== true && !gone) throw new NoReceipt(errors?.[0]?.detail ?? "not deleted");
		},
		async upload(bytes, type, signal) {
			uploading = signal;
			const id = await v2.uploadMedia(Buffer.from(bytes), { media_type: type, media_category: "tweet_image" });
			if (typeof id === "string" && id !== "") return id;
			throw new NoReceipt("no media id");
		},
		async describe(mediaId, alt, signal) {
			uploading = signal;
			await v2.createMediaMetadata(mediaId, { alt_text: { text: alt } });
		},
		async recent(since, signal, billed) {
			signal.throwIfAborted();
			const id = known ?? (await v2.me()).data.id;
			const page = await v2.userTimeline(id, {
				max_results: MOST_READ,
				exclude: ["retweets"],
				start_time: since.toISOString().replace(/\.\d+Z$/, "Z"),
				"tweet.fields": ["created_at", "entities"],
			});
			billed?.({ read: page.tweets.length, ...(known === undefined ? { me: 1 } : {}) });
			return page.tweets.map(({ id, text, entities }) => ({
				id,
				text: (entities?.urls ?? [])
					.reduce(
						(whole, { url, expanded_url }) => whole.replaceAll(url, OWN_PICTURE.test(expanded_url) ? "" : expanded_url),
						text,
					)
					.replace(/&lt;|&gt;|&amp;/g, (entity) => ({ "&lt;": "<", "&gt;": ">" })[entity] ?? "&"),
			}));
		},
		async me() {
			const { data } = await v2.me();
			return { id: data.id, username: data.username };
		},
	};
}

/** X answered 200 with neither a post nor a refusal that could be trusted. */
class NoReceipt extends Error {
	override readonly name = "NoReceipt";
}

/** Sorts what a call threw. The description is X's own words or a system error's name; it holds no key. */
export function failureOf(error: unknown): Failure {
	if (error instanceof ApiResponseError) {
		const data = (error.data ?? {}) as {
			title?: string;
			detail?: string;
			type?: string;
			errors?: { message?: string; detail?: string; code?: number }[];
		};
		const words = [data.title, data.detail ?? data.errors?.[0]?.detail ?? data.errors?.[0]?.message]
			.filter(Boolean)
			.join(": ");
		const description = words === "" ? `X answered ${error.code}` : `X answered ${error.code} ${words}`;
		if (!CERTAIN.has(error.code)) return { kind: "unanswered", description };
		const resetAt = resetOf(error.headers as Record<string, string | string[] | undefined>);
		const problem = data.type && data.type !== "about:blank" ? (data.type.split("/").at(-1) ?? "") : "";
		return { kind: "answered", status: error.code, problem, description, ...(resetAt ? { resetAt } : {}) };
	}
	if (error instanceof ApiPartialResponseError) {
		const [, id] = /"id"\s*:\s*"(\d+)"/.exec(error.rawContent ?? "") ?? [];
		return { kind: "unanswered", description: "X's answer broke off", ...(id ? { id } : {}) };
	}
	if (error instanceof NoReceipt) return { kind: "unanswered", description: `X gave no receipt (${error.message})` };
	const cause =
		error instanceof ApiRequestError ? (error as unknown as { _options?: { error?: unknown } })._options?.error : error;
	const { code, name } = (cause ?? {}) as { code?: unknown; name?: unknown };
	const word = typeof code === "string" ? code : typeof name === "string" ? name : "no answer";
	if (neverConnected(word)) return { kind: "unreached", description: `X could not be reached (${word})` };
	return {
		kind: "unanswered",
		description:
			word === "AbortError" || word === "ABORT_ERR" || word === "TimeoutError"
				? "X gave no answer in time"
				: `X gave no clear answer (${word})`,
	};
}

/** The latest reset among the windows that are used up; on a daily cap the 15-minute window still looks free. */
function resetOf(headers: Readonly<Record<string, string | string[] | undefined>>): Date | undefined {
	const number = (name: string) => (headers[name] === undefined ? undefined : Number(headers[name]));
	const resets = ["x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"]
		.filter(
			(window) =>
				number(`${window}-remaining`) === 0 ||
				(window === "x-rate-limit" && number(`${window}-remaining`) === undefined),
		)
		.map((window) => number(`${window}-reset`))
		.filter((reset) => reset !== undefined && Number.isFinite(reset));
	const latest = Math.max(...(resets as number[]), 0);
	return latest > 0 ? new Date(latest * 1_000) : undefined;
}

import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import twitterText from "twitter-text";
import { accepted, type Answer, deliver, type Fault, faultQueue } from "./fault.ts";
import {
	type Fields,
	isFile,
	type Listening,
	listen,
	looksLikePicture,
	readBody,
	readFields,
	watch,
} from "./listen.ts";
import { complaints, endpointOf } from "./twitter-schema.ts";

export interface TwitterOptions {
	readonly appKey: string;
	readonly appSecret: string;
	readonly accessToken: string;
	readonly accessSecret: string;
	readonly user: {
		readonly id: string;
		readonly username: string;
		readonly name: string;
	};
	/** OAuth 2 user tokens that are good as well. */
	readonly bearers?: readonly string[];
	/** Milliseconds before the timeline shows a new post. */
	readonly lag?: number;
	/** Strict rate of POST /2/tweets, in fixed windows as X has them. */
	readonly limit?: { readonly count: number; readonly windowMs: number };
	/** Milliseconds since 1970; the server's own clock by default. */
	readonly now?: () => number;
	readonly port?: number;
}

export interface TwitterPost {
	readonly id: string;
	/** As it was sent, before links were shortened. */
	readonly text: string;
	/** ISO 8601 UTC. */
	readonly createdAt: string;
	readonly media: readonly string[];
	readonly replyTo?: string;
}

export interface TwitterCall {
	/** Such as «POST /2/tweets» or «DELETE /2/tweets/:id»; the bare path when unknown. */
	readonly endpoint: string;
	readonly path: string;
	/** Query or body. */
	readonly body: Fields;
	readonly at: number;
	/** What the server decided, also when the answer was lost; 0 when it decided nothing. */
	status: number;
}

export interface TwitterFault extends Fault {
	/** A refusal in X's own words. */
	readonly problem?: ProblemName;
}

export interface FakeTwitter {
	/** The origin, without /2/. */
	readonly url: string;
	readonly port: number;
	readonly requests: readonly TwitterCall[];
	/** Every breach of the schema, in words. */
	readonly invalid: readonly string[];
	/** How often the strict rate was broken. */
	readonly tooMany: number;
	/** What followers see, oldest first. */
	posts(): readonly TwitterPost[];
	/** Alt texts by media id. */
	readonly altTexts: ReadonlyMap<string, string>;
	calls(endpoint: string): readonly TwitterCall[];
	/** `endpoint` as in the log, or `*`. */
	fault(endpoint: string, fault: TwitterFault): void;
	clearFaults(): void;
	/** Somebody posts by hand on the account. Gives the id. */
	humanPost(text: string): string;
	setLag(ms: number): void;
	until(check: () => boolean, what?: string, ms?: number): Promise<void>;
	close(): Promise<void>;
}

interface Kept extends TwitterPost {
	readonly at: number;
	/** With links shortened and signs escaped, as the API gives it. */
	readonly shown: string;
	readonly urls: readonly Fields[];
}

interface Media {
	readonly category: string;
	readonly total: number | undefined;
	readonly parts: Map<number, Buffer>;
	readonly at: number;
	done: boolean;
}

interface Problem {
	readonly status: number;
	readonly body: Fields;
}

const PROBLEMS_AT = "https://api.twitter.com/2/problems/";
const forbidden = (detail: string, type = "about:blank"): Problem => ({
	status: 403,
	body: { detail, type, title: "Forbidden", status: 403 },
});

/** X's refusals, word for word where the words are known. */
export const PROBLEMS = {
	unauthorized: {
		status: 401,
		body: {
			title: "Unauthorized",
			type: "about:blank",
			status: 401,
			detail: "Unauthorized",
		},
	},
	creditsDepleted: {
		status: 402,
		body: {
			title: "CreditsDepleted",
			detail: "Your enrolled account [1409] does not have any credits to fulfill this request.",
			type: `${PROBLEMS_AT}credits`,
		},
	},
	duplicate: forbidden("You are not allowed to create a Tweet with duplicate content."),
	replyNotAllowed: forbidden("You can only reply to or quote posts where you are mentioned or are the author."),
	oauth1Permissions: forbidden(
		"Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
		`${PROBLEMS_AT}oauth1-permissions`,
	),
	clientForbidden: {
		status: 403,
		body: {
			title: "Client Forbidden",
			detail:
				"This request must be made using an approved developer account that is enrolled in the requested endpoint.",
			reason: "client-forbidden",
			type: `${PROBLEMS_AT}client-forbidden`,
		},
	},
	clientNotEnrolled: {
		status: 403,
		body: {
			title: "Client Forbidden",
			detail:
				"When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a Twitter developer App that is attached to a Project.",
			reason: "client-not-enrolled",
			registration_url: "https://developer.twitter.com/en/docs/projects/overview",
			type: `${PROBLEMS_AT}client-forbidden`,
		},
	},
	suspended: {
		status: 403,
		body: {
			errors: [
				{
					code: 64,
					message: "Your account is suspended and is not permitted to access this feature.",
				},
			],
		},
	},
	locked: {
		status: 403,
		body: {
			errors: [
				{
					code: 326,
					message: "To protect our users from spam and other malicious activity, this account is temporarily locked.",
				},
			],
		},
	},
	notPermitted: forbidden("You are not permitted to perform this action."),
	spendingLimit: {
		status: 403,
		body: {
			title: "SpendCapReached",
			detail: "Your enrolled account [1409] has reached its billing cycle spend cap.",
			type: `${PROBLEMS_AT}credits`,
		},
	},
	usageCap: {
		status: 429,
		body: {
			title: "UsageCapExceeded",
			detail: "Usage cap exceeded: Monthly product cap",
			account_id: 1409,
			period: "Monthly",
			scope: "Product",
			type: `${PROBLEMS_AT}usage-capped`,
		},
	},
	errorsOnly: {
		status: 200,
		body: {
			errors: [
				{
					title: "Not Found Error",
					detail: "Could not find the resource.",
					type: `${PROBLEMS_AT}resource-not-found`,
				},
			],
		},
	},
	internalError: {
		status: 500,
		body: {
			title: "Internal Server Error",
			detail: "Something is broken.",
			type: "about:blank",
			status: 500,
		},
	},
	unavailable: {
		status: 503,
		body: {
			title: "Service Unavailable",
			detail: "Service Unavailable",
			type: "about:blank",
			status: 503,
		},
	},
} as const satisfies Readonly<Record<string, Problem>>;

export type ProblemName = keyof typeof PROBLEMS;

/** Calls in fifteen minutes for one user (docs.x.com/x-api/fundamentals/rate-limits). */
const LIMITS: Readonly<Record<string, number>> = {
	"POST /2/tweets": 100,
	"DELETE /2/tweets/:id": 50,
	"GET /2/users/me": 75,
	"GET /2/users/:id/tweets": 900,
};
const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const EPOCH = 1_288_834_974_657n;

const escape3986 = (text: string) =>
	encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** A strict X API v2 on loopback: verifies signatures, validates requests, keeps what followers see, and fails as scripted. */
export async function startTwitter(options: TwitterOptions): Promise<FakeTwitter> {
	const now = options.now ?? Date.now;
	const faults = faultQueue();
	const watched = watch();
	const requests: TwitterCall[] = [];
	const invalid: string[] = [];
	const nonces = new Set<string>();
	const media = new Map<string, Media>();
	const altTexts = new Map<string, string>();
	const windows = new Map<string, { from: number; count: number }>();
	/** A text stays known for a day even when its post was deleted. */
	let texts: { text: string; at: number }[] = [];
	let posts: Kept[] = [];
	let tooMany = 0;
	let serial = 0n;
	let lag = options.lag ?? 0;

	const newId = () => String(((BigInt(now()) - EPOCH) << 22n) + serial++);

	/** Why the request is not from our user; undefined when it is (RFC 5849 §3.4). */
	function unsigned(request: IncomingMessage, url: URL, form: Fields): string | undefined {
		const header = request.headers.authorization ?? "";
		if (header.startsWith("Bearer "))
			return options.bearers?.includes(header.slice("Bearer ".length)) ? undefined : "unknown bearer token";
		if (!header.startsWith("OAuth ")) return "no OAuth header";
		const given = new Map<string, string>();
		for (const part of header.slice("OAuth ".length).split(",")) {
			const pair = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(part);
			if (!pair) return `unreadable OAuth parameter: ${part}`;
			given.set(decodeURIComponent(pair[1] as string), decodeURIComponent(pair[2] as string));
		}
		if (given.get("oauth_consumer_key") !== options.appKey) return "unknown app key";
		if (given.get("oauth_token") !== options.accessToken) return "unknown access token";
		if (given.get("oauth_signature_method") !== "HMAC-SHA1") return "signature method is not HMAC-SHA1";
		if (Math.abs(now() / 1000 - Number(given.get("oauth_timestamp"))) > 300) return "timestamp out of bounds";
		const nonce = given.get("oauth_nonce") ?? "";
		if (nonce === "" || nonces.has(nonce)) return "nonce missing or used before";
		nonces.add(nonce);
		const pairs = [
			...[...given].filter(([name]) => name !== "oauth_signature" && name !== "realm"),
			...url.searchParams,
			...Object.entries(form).map(([name, value]) => [name, String(value)] as const),
		].map(([name, value]) => `${escape3986(name)}=${escape3986(value)}`);
		const base = [
			(request.method ?? "GET").toUpperCase(),
			escape3986(`http://${(request.headers.host ?? "").toLowerCase()}${url.pathname}`),
			escape3986(pairs.sort().join("&")),
		].join("&");
		const key = `${escape3986(options.appSecret)}&${escape3986(options.accessSecret)}`;
		const expected = createHmac("sha1", key).update(base).digest();
		const actual = Buffer.from(given.get("oauth_signature") ?? "", "base64");
		return expected.length === actual.length && timingSafeEqual(expected, actual) ? undefined : "wrong signature";
	}

	function rateOf(
		endpoint: string,
		counts: boolean,
	): {
		limit: number;
		remaining: number;
		reset: number;
		over: boolean;
	} {
		const strict = endpoint === "POST /2/tweets" ? options.limit : undefined;
		const limit = strict?.count ?? LIMITS[endpoint] ?? 500;
		const span = strict?.windowMs ?? QUARTER_MS;
		let window = windows.get(endpoint);
		if (!window || now() - window.from >= span) {
			window = { from: now(), count: 0 };
			windows.set(endpoint, window);
		}
		if (counts) window.count++;
		return {
			limit,
			// Without a strict limit nobody is refused, so nobody is told that nothing is left.
			remaining: Math.max(limit - window.count, strict ? 0 : 1),
			reset: Math.ceil((window.from + span) / 1000),
			over: counts && strict !== undefined && window.count > limit,
		};
	}

	const refuse = (problem: Problem): Answer => ({
		status: problem.status,
		body: JSON.stringify(problem.body),
	});
	const bad = (...messages: readonly string[]): Answer => ({
		status: 400,
		body: JSON.stringify({
			errors: messages.map((message) => ({ parameters: {}, message })),
			title: "Invalid Request",
			detail: "One or more parameters to your request was invalid.",
			type: `${PROBLEMS_AT}invalid-request`,
		}),
	});
	const notFound = (value: string, what: string): Answer => ({
		status: 200,
		body: JSON.stringify({
			errors: [
				{
					value,
					detail: `Could not find ${what} with id: [${value}].`,
					title: "Not Found Error",
					resource_type: what,
					parameter: "id",
					resource_id: value,
					type: `${PROBLEMS_AT}resource-not-found`,
				},
			],
		}),
	});
	const give = (status: number, body: unknown): Answer => ({
		status,
		body: JSON.stringify(body),
	});

	const key = (text: string) => text.normalize("NFC").trim();

	function keep(text: string, mediaIds: readonly string[], replyTo?: string): Kept {
		const id = newId();
		const urls: Fields[] = [];
		let shown = "";
		let at = 0;
		const shorten = (expanded: string, more: Fields = {}) => {
			const url = `https://t.co/${createHmac("sha1", id).update(`${urls.length}${expanded}`).digest("base64url").slice(0, 10).replace(/[-_]/g, "x")}`;
			const start = [...shown].length;
			urls.push({
				start,
				end: start + url.length,
				url,
				expanded_url: expanded,
				display_url: expanded.replace(/^https?:\/\//, "").slice(0, 26),
				...more,
			});
			shown += url;
		};
		const escaped = (part: string) => part.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
		for (const { url, indices } of twitterText.extractUrlsWithIndices(text)) {
			shown += escaped(text.slice(at, indices[0]));
			shorten(/^https?:\/\//i.test(url) ? url : `http://${url}`);
			at = indices[1];
		}
		shown += escaped(text.slice(at));
		if (mediaIds.length > 0) {
			shown += " ";
			shorten(`https://x.com/${options.user.username}/status/${id}/photo/1`, {
				media_key: `3_${mediaIds[0]}`,
			});
		}
		const post: Kept = {
			id,
			text,
			createdAt: new Date(now()).toISOString(),
			media: mediaIds,
			...(replyTo === undefined ? {} : { replyTo }),
			at: now(),
			shown,
			urls,
		};
		posts = [...posts, post];
		texts.push({ text: key(text), at: now() });
		return post;
	}

	function create(body: Fields): Answer {
		const text = body["text"] as string;
		const parsed = twitterText.parseTweet(text);
		if (!parsed.valid || parsed.weightedLength > 280)
			return bad(`Your Tweet text is too long or not valid (weighted length ${parsed.weightedLength} of 280).`);
		const ids = (body["media"] as { media_ids?: string[] } | undefined)?.media_ids ?? [];
		if (ids.some((id) => !media.get(id)?.done || now() - (media.get(id) as Media).at > DAY_MS))
			return bad("Your media IDs are invalid.");
		if (body["quote_tweet_id"] !== undefined || body["edit_options"] !== undefined)
			return refuse(PROBLEMS.notPermitted);
		const replyTo = (body["reply"] as { in_reply_to_tweet_id?: string } | undefined)?.in_reply_to_tweet_id;
		if (replyTo !== undefined && !posts.some((post) => post.id === replyTo)) return refuse(PROBLEMS.replyNotAllowed);
		texts = texts.filter((one) => now() - one.at < DAY_MS);
		if (texts.some((one) => one.text === key(text))) return refuse(PROBLEMS.duplicate);
		const { id, shown } = keep(text, ids, replyTo);
		return give(201, {
			data: { id, text: shown, edit_history_tweet_ids: [id] },
		});
	}

	function timeline(userId: string, query: Fields): Answer {
		if (userId !== options.user.id) return notFound(userId, "user");
		const exclude = String(query["exclude"] ?? "").split(",");
		const since = query["since_id"] === undefined ? undefined : BigInt(String(query["since_id"]));
		const until = query["until_id"] === undefined ? undefined : BigInt(String(query["until_id"]));
		const start = query["start_time"] === undefined ? undefined : Date.parse(String(query["start_time"]));
		const end = query["end_time"] === undefined ? undefined : Date.parse(String(query["end_time"]));
		const most = Number(query["max_results"] ?? 10);
		const skip = Number(query["pagination_token"] ?? 0);
		const fields = `${query["tweet.fields"] ?? ""},${query["post.fields"] ?? ""}`.split(",");
		const seen = posts
			.filter((post) => post.at + lag <= now())
			.filter((post) => since === undefined || BigInt(post.id) > since)
			.filter((post) => until === undefined || BigInt(post.id) < until)
			.filter((post) => start === undefined || post.at >= start)
			.filter((post) => end === undefined || post.at < end)
			.filter((post) => !(exclude.includes("replies") && post.replyTo !== undefined))
			.toReversed();
		const page = seen.slice(skip, skip + most);
		if (page.length === 0) return give(200, { meta: { result_count: 0 } });
		return give(200, {
			data: page.map((post) => ({
				id: post.id,
				text: post.shown,
				edit_history_tweet_ids: [post.id],
				...(fields.includes("created_at") ? { created_at: post.createdAt } : {}),
				...(fields.includes("author_id") ? { author_id: options.user.id } : {}),
				...(fields.includes("entities") && post.urls.length > 0 ? { entities: { urls: post.urls } } : {}),
				...(fields.includes("referenced_tweets") && post.replyTo !== undefined
					? { referenced_tweets: [{ type: "replied_to", id: post.replyTo }] }
					: {}),
			})),
			meta: {
				result_count: page.length,
				newest_id: (page[0] as Kept).id,
				oldest_id: (page.at(-1) as Kept).id,
				...(skip + most < seen.length ? { next_token: String(skip + most) } : {}),
			},
		});
	}

	function newMedia(category: string, total: number | undefined): string {
		const id = newId();
		media.set(id, {
			category,
			total,
			parts: new Map(),
			at: now(),
			done: false,
		});
		return id;
	}
	const bytesOf = (value: unknown) => (isFile(value) ? value.bytes : Buffer.from(String(value), "base64"));
	function finalize(id: string): Answer {
		const found = media.get(id);
		if (!found) return bad(`The media id ${id} is unknown.`);
		const indexes = [...found.parts.keys()].sort((a, b) => a - b);
		if (indexes.length === 0 || indexes.some((index, place) => index !== place))
			return bad("The segments of the media are not complete.");
		const whole = Buffer.concat(indexes.map((index) => found.parts.get(index) as Buffer));
		if (found.total !== undefined && whole.length !== found.total)
			return bad(`The media has ${whole.length} bytes, ${found.total} were announced.`);
		if (found.category === "tweet_image" && whole.length > 5 * 1024 * 1024)
			return bad("The image is larger than 5 MB.");
		if (!looksLikePicture(whole)) return bad("The media is not a picture.");
		found.done = true;
		return give(200, {
			data: {
				id,
				media_key: `3_${id}`,
				size: whole.length,
				expires_after_secs: 86_400,
			},
		});
	}

	function act(endpoint: string, id: string, given: Fields): Answer {
		switch (endpoint) {
			case "POST /2/tweets":
				return create(given);
			case "DELETE /2/tweets/:id": {
				if (!posts.some((post) => post.id === id)) return notFound(id, "tweet");
				posts = posts.filter((post) => post.id !== id);
				return give(200, { data: { deleted: true } });
			}
			case "GET /2/users/me":
				return give(200, { data: options.user });
			case "GET /2/users/:id/tweets":
				return timeline(id, given);
			case "POST /2/media/upload/initialize": {
				const made = newMedia(
					String(given["media_category"] ?? "tweet_image"),
					given["total_bytes"] as number | undefined,
				);
				return give(200, {
					data: {
						id: made,
						media_key: `3_${made}`,
						expires_after_secs: 86_400,
					},
				});
			}
			case "POST /2/media/upload/:id/append": {
				const found = media.get(id);
				if (!found || found.done) return bad(`The media id ${id} is unknown or finished.`);
				found.parts.set(Number(given["segment_index"]), bytesOf(given["media"]));
				return give(200, {
					data: { expires_at: Math.floor(now() / 1000) + 86_400 },
				});
			}
			case "POST /2/media/upload/:id/finalize":
				return finalize(id);
			case "POST /2/media/upload": {
				const made = newMedia(String(given["media_category"]), undefined);
				(media.get(made) as Media).parts.set(0, bytesOf(given["media"]));
				return finalize(made);
			}
			case "GET /2/media/upload": {
				const asked = String(given["media_id"]);
				if (!media.has(asked)) return notFound(asked, "media");
				return give(200, {
					data: {
						id: asked,
						media_key: `3_${asked}`,
						processing_info: { state: "succeeded", progress_percent: 100 },
					},
				});
			}
			default: {
				const asked = String(given["id"]);
				if (!media.has(asked)) return bad(`The media id ${asked} is unknown.`);
				const alt = (given["metadata"] as { alt_text?: { text: string } } | undefined)?.alt_text?.text;
				if (alt !== undefined) altTexts.set(asked, alt);
				return give(200, {
					data: { id: asked, associated_metadata: given["metadata"] ?? {} },
				});
			}
		}
	}

	async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const raw = await readBody(request);
		const url = new URL(request.url ?? "/", `http://${request.headers.host ?? "fake"}`);
		const type = request.headers["content-type"] ?? "";
		const fields = readFields(type, raw);
		const known = endpointOf(request.method ?? "GET", url.pathname);
		const query = Object.fromEntries(url.searchParams);
		const given = request.method === "GET" ? query : (fields ?? {});
		const endpoint = known?.name ?? `${request.method} ${url.pathname}`;
		const call: TwitterCall = {
			endpoint,
			path: url.pathname,
			body: given,
			at: now(),
			status: 0,
		};
		requests.push(call);
		watched.touch();
		const form = type.startsWith("application/x-www-form-urlencoded") ? (fields ?? {}) : {};
		const why = unsigned(request, url, form);
		const queued = why === undefined ? (faults.take(endpoint, given) as TwitterFault | undefined) : undefined;
		const fault: Fault | undefined = queued?.problem ? { ...queued, ...PROBLEMS[queued.problem] } : queued;
		// What never reached X does not use up the window.
		const rate = rateOf(endpoint, why === undefined && known !== undefined && accepted(fault));
		const headers: Record<string, string> = {
			"x-rate-limit-limit": String(rate.limit),
			"x-rate-limit-remaining": String(rate.remaining),
			"x-rate-limit-reset": String(rate.reset),
			...(why === undefined ? {} : { "x-fake-why": why }),
		};
		const limited: Answer = give(429, {
			title: "Too Many Requests",
			detail: "Too Many Requests",
			type: "about:blank",
			status: 429,
		});
		let answer: Answer;
		if (why !== undefined) answer = refuse(PROBLEMS.unauthorized);
		else if (!known)
			answer = give(404, {
				title: "Not Found",
				type: "about:blank",
				status: 404,
				detail: "Not Found",
			});
		else if (!accepted(fault)) {
			answer = limited;
			if (fault?.retryAfter !== undefined) {
				headers["x-rate-limit-remaining"] = "0";
				headers["x-rate-limit-reset"] = String(Math.ceil(now() / 1000) + fault.retryAfter);
			}
		} else if (rate.over) {
			tooMany++;
			answer = limited;
		} else {
			const wrong = fields ? complaints(known.name, given) : ["the body cannot be read"];
			if (request.method === "POST" && Object.keys(query).length > 0) invalid.push(`${endpoint}: a query on a POST`);
			invalid.push(...wrong.map((one) => `${endpoint}: ${one}`));
			answer = wrong.length > 0 ? bad(...wrong) : act(known.name, known.id ?? "", given);
		}
		call.status = accepted(fault) ? answer.status : (fault?.status ?? (fault?.retryAfter === undefined ? 0 : 429));
		deliver(response, { ...answer, headers }, fault);
		watched.touch();
	}

	const server: Listening = await listen(handle, options.port);
	return {
		url: server.url,
		port: server.port,
		requests,
		invalid,
		altTexts,
		get tooMany() {
			return tooMany;
		},
		posts: () =>
			posts.map(({ id, text, createdAt, media: ids, replyTo }) => ({
				id,
				text,
				createdAt,
				media: ids,
				...(replyTo === undefined ? {} : { replyTo }),
			})),
		calls: (endpoint) => requests.filter((one) => one.endpoint === endpoint),
		fault: (endpoint, fault) => faults.add(endpoint, fault),
		clearFaults: () => faults.clear(),
		humanPost: (text) => keep(text, []).id,
		setLag(ms) {
			lag = ms;
		},
		until: (check, what, ms) => watched.until(check, what, ms),
		close: () => server.close(),
	};
}

import { type Agent, Agent as HttpAgent } from "node:http";
import { Telegram, TelegramError } from "telegraf";
import { directAgent, neverConnected } from "./network.ts";
import { permitted } from "./permit.ts";

/** Total time for a call, in milliseconds: long polls answer within 50 s, uploads may be slow, everything else is short. */
const DEADLINES = { getUpdates: 65_000, upload: 60_000, other: 20_000 } as const;

/** The longest that a send takes, in milliseconds. */
export const SEND_DEADLINE = DEADLINES.upload;

/** Extras that telegraf drops from a multipart request unless they are text. */
const STRINGIFIED = ["reply_parameters", "link_preview_options", "suggested_post_parameters"] as const;

/** What a call to Telegram came to, when it did not come to a result: an answer that says no, or no clear answer. */
export type Failure =
	| {
			readonly kind: "answered";
			readonly code: number;
			readonly description: string;
			/** Seconds to wait, as Telegram says. */
			readonly retryAfter?: number;
			readonly movedTo?: string;
	  }
	/** No connection was made: the request surely did not reach Telegram. */
	| { readonly kind: "unreached"; readonly description: string }
	| { readonly kind: "unanswered"; readonly description: string };

/** Codes with which Telegram says that it did nothing. Anything else, 5xx above all, may have been carried out. */
const CERTAIN = new Set([400, 401, 403, 404, 409, 413, 429]);

/**
 * telegraf's client, tamed: a total deadline on each call, no retries, multipart extras repaired.
 * The one place that talks to Telegram, for the channel and the bot alike.
 */
export class TelegramApi extends Telegram {
	readonly #deadline: number;
	/** `deadline` is the total time of a short call, in milliseconds; `may` is asked in the very turn in which a request is written, and then the agent serves nobody else. */
	constructor(
		token: string,
		options: {
			readonly apiRoot: string;
			readonly agent?: Agent | undefined;
			readonly deadline?: number;
			readonly may?: () => boolean;
		},
	) {
		const deadline = options.deadline ?? DEADLINES.other;
		const agent = options.agent ?? directAgent(deadline);
		super(token, { apiRoot: options.apiRoot, webhookReply: false, agent, attachmentAgent: options.agent });
		// For a plain http origin telegraf drops the agent that it was given.
		if (options.may)
			this.options.agent = permitted(this.options.agent ?? new HttpAgent({ keepAlive: true }), options.may);
		this.#deadline = deadline;
	}

	override callApi: Telegram["callApi"] = (method, payload, options = {}) => {
		const upload = Object.values(payload).some(holdsFile);
		const limit = method === "getUpdates" ? DEADLINES.getUpdates : upload ? DEADLINES.upload : this.#deadline;
		const deadline = AbortSignal.timeout(limit);
		const signal = options.signal ? AbortSignal.any([options.signal as unknown as AbortSignal, deadline]) : deadline;
		// telegraf's types ask for the abort-controller package's signal; node-fetch takes the platform's.
		return super.callApi(method, upload ? stringified(payload) : payload, { signal: signal as never });
	};
}

function holdsFile(value: unknown): boolean {
	if (value === null || typeof value !== "object") return false;
	if ("source" in value || ("media" in value && typeof value.media === "object")) return true;
	return Array.isArray(value) && value.some(holdsFile);
}

function stringified<T extends object>(payload: T): T {
	const fixed = { ...payload } as Record<string, unknown>;
	for (const name of STRINGIFIED)
		if (fixed[name] !== null && typeof fixed[name] === "object") fixed[name] = JSON.stringify(fixed[name]);
	return fixed as T;
}

/** Sorts what a call threw. The description is Telegram's own or a system error's name: never an address, which would hold the token. */
export function failureOf(error: unknown): Failure {
	if (error instanceof TelegramError) {
		if (!CERTAIN.has(error.code))
			return { kind: "unanswered", description: `Telegram answered ${error.code} ${error.description}` };
		const { retry_after, migrate_to_chat_id } = error.parameters ?? {};
		return {
			kind: "answered",
			code: error.code,
			description: error.description,
			...(retry_after === undefined ? {} : { retryAfter: retry_after }),
			...(migrate_to_chat_id === undefined ? {} : { movedTo: String(migrate_to_chat_id) }),
		};
	}
	const { code, type, name } = error as { code?: unknown; type?: unknown; name?: unknown };
	const word =
		typeof code === "string" ? code : typeof type === "string" ? type : typeof name === "string" ? name : "no answer";
	if (neverConnected(word)) return { kind: "unreached", description: `Telegram could not be reached (${word})` };
	const said = word === "AbortError" || word === "TimeoutError" || type === "aborted" ? "in time" : `(${word})`;
	return { kind: "unanswered", description: `Telegram gave no clear answer ${said}` };
}

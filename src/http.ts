import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { dispatchers } from "./dispatchers.ts";
import { exemption, isPublicAddress, literalAddress } from "./guard.ts";
import { readBody } from "./http-body.ts";
import { answeredError, refused, shownAddress, transportError } from "./http-errors.ts";
import type { Cursor } from "./sources/source.ts";
import { SourceError } from "./sources/source.ts";

/** The one guarded door to the web. */
export interface Web {
	/** Fetches one address. Throws SourceError, or the signal's reason when the caller gave up. */
	get(url: string, options: GetOptions): Promise<Answer>;
	/** Posts a form (`application/x-www-form-urlencoded`) to one address, following no redirect, and gives the status. Throws SourceError, or the signal's reason. */
	post(url: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number>;
	close(): Promise<void>;
}

/** How to fetch one address. */
export interface GetOptions {
	readonly signal: AbortSignal;
	readonly accept?: string;
	/** Validators of the last answer: makes the request conditional. */
	readonly cursor?: Cursor;
	/** Most bytes of the decoded body; default 10 MiB. */
	readonly maxBytes?: number;
	/** Milliseconds for everything together, redirects and body included; default 20,000. */
	readonly deadline?: number;
}

/** What came back: 200 with a body, or 304 with an empty one. */
export interface Answer {
	readonly status: 200 | 304;
	/** The address after redirects, without credentials. */
	readonly url: string;
	/** Names in lower case; repeated ones joined by ", ". */
	readonly headers: Readonly<Record<string, string>>;
	/** Decoded: gzip, deflate and br are undone. */
	readonly body: Uint8Array;
	/** Where the site has moved to, when every hop was 301 or 308. */
	readonly permanent?: string;
}

/** How the door is built. */
export interface WebOptions {
	readonly userAgent: string;
	/** Exact `host` or `host:port` that may be private. */
	readonly allowPrivate: readonly string[];
	/**
	 * An http, https or socks5 proxy that every request goes through. Names are then resolved by the proxy, out of our sight:
	 * the guard still refuses literal private addresses and names such as localhost, the rest is the proxy's to guard.
	 */
	readonly proxyUrl?: string;
	readonly now: () => Date;
	/** The resolver; the system's by default. */
	readonly lookup?: LookupFunction;
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 10 * 1024 * 1024;
const DEADLINE = 20_000;
const HEADERS_DEADLINE = 10_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Names that are this machine or its network wherever they are resolved (RFC 6761, RFC 6762, RFC 8375). */
const LOCAL_NAME = /(^|\.)(localhost|local|localdomain|internal|home\.arpa)\.?$/;

/** Opens the door: nothing is loaded or connected before the first request. */
export function web(options: WebOptions): Web {
	const isExempt = exemption(options.allowPrivate);
	const open = dispatchers(options);

	function check(url: URL): void {
		if (url.protocol !== "http:" && url.protocol !== "https:") throw refused(url, "only http and https are read");
		if (isExempt(url)) return;
		const literal = literalAddress(url);
		if (literal !== undefined && !isPublicAddress(literal)) throw refused(url, "it is a private address");
		if (literal === undefined && LOCAL_NAME.test(url.hostname)) throw refused(url, "it names a private host");
	}

	async function send(url: URL, request: Sent, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
		check(url);
		const dispatcher = await open.of(isExempt(url));
		return await dispatcher
			.request({
				origin: url.origin,
				path: url.pathname + url.search,
				...request,
				signal,
				headersTimeout: HEADERS_DEADLINE,
				bodyTimeout: HEADERS_DEADLINE,
			})
			.catch((error: unknown) => {
				throw transportError(error, url);
			});
	}

	async function follow(start: URL, get: GetOptions, signal: AbortSignal): Promise<Answer> {
		let url = start;
		let permanent = true;
		for (let hops = 0; ; hops++) {
			const response = await send(url, { method: "GET", headers: requestHeaders(url, options.userAgent, get) }, signal);
			const headers = flatten(response.headers);
			const location = headers["location"];
			if (REDIRECTS.has(response.statusCode) && location !== undefined) {
				discard(response);
				if (hops === MAX_REDIRECTS)
					throw new SourceError("status", `${shownAddress(start)} redirects more than ${MAX_REDIRECTS} times.`);
				permanent &&= response.statusCode === 301 || response.statusCode === 308;
				url = nextHop(url, location);
				continue;
			}
			const notModified = response.statusCode === 304 && get.cursor !== undefined;
			if (response.statusCode !== 200 && !notModified) {
				discard(response);
				throw answeredError(url, response.statusCode, headers, options.now());
			}
			if (notModified) discard(response);
			const body = notModified
				? new Uint8Array()
				: await readBody(response.body, headers, get.maxBytes ?? MAX_BYTES, url);
			const status = notModified ? 304 : 200;
			const moved = hops > 0 && permanent ? { permanent: withoutCredentials(url) } : {};
			return { status, url: withoutCredentials(url), headers, body, ...moved };
		}
	}

	function nextHop(from: URL, location: string): URL {
		if (!URL.canParse(location, from.href))
			throw new SourceError("status", `${shownAddress(from)} redirects to something that is no address.`);
		const to = new URL(location, from.href);
		if (from.protocol === "https:" && to.protocol === "http:" && !(isExempt(from) && isExempt(to))) {
			throw refused(to, `it was reached by a redirect from https (${shownAddress(from)}) and is not encrypted`);
		}
		// A site must not choose what we log in with elsewhere, nor learn our credentials for another site.
		to.username = to.origin === from.origin ? from.username : "";
		to.password = to.origin === from.origin ? from.password : "";
		return to;
	}

	return {
		async get(address, get) {
			get.signal.throwIfAborted();
			const url = addressOf(address);
			const deadline = get.deadline ?? DEADLINE;
			const controller = new AbortController();
			// An error costs as much as a fifth of the request: it is made when it is needed.
			const timer = setTimeout(() => controller.abort(tooSlow(url, deadline)), deadline);
			const giveUp = () => controller.abort(get.signal.reason);
			get.signal.addEventListener("abort", giveUp, { once: true });
			try {
				return await follow(url, get, controller.signal);
			} catch (error) {
				throw controller.signal.aborted ? controller.signal.reason : error;
			} finally {
				clearTimeout(timer);
				get.signal.removeEventListener("abort", giveUp);
			}
		},
		async post(address, form, signal) {
			const url = addressOf(address);
			const headers = {
				...requestHeaders(url, options.userAgent, {}),
				"content-type": "application/x-www-form-urlencoded",
			};
			const body = new URLSearchParams(form).toString();
			const response = await send(url, { method: "POST", headers, body }, signal).catch((error: unknown) => {
				throw signal.aborted ? signal.reason : error;
			});
			discard(response);
			return response.statusCode;
		},
		close: () => open.close(),
	};
}

/** What a request sends beside its address. */
type Sent = Pick<Dispatcher.RequestOptions, "method" | "headers" | "body">;

function addressOf(address: string): URL {
	if (URL.canParse(address)) return new URL(address);
	throw new SourceError(
		"forbidden",
		`“${address.slice(0, 200)}” is not a web address: it should look like https://example.org/feed.`,
	);
}

function requestHeaders(
	url: URL,
	userAgent: string,
	get: Pick<GetOptions, "accept" | "cursor">,
): Record<string, string> {
	const headers: Record<string, string> = {
		"user-agent": userAgent,
		accept: get.accept ?? "*/*",
		"accept-encoding": "gzip, deflate, br",
	};
	if (get.cursor?.etag !== undefined) headers["if-none-match"] = get.cursor.etag;
	if (get.cursor?.lastModified !== undefined) headers["if-modified-since"] = get.cursor.lastModified;
	if (url.username || url.password) {
		const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
		headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
	}
	return headers;
}

function flatten(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
	}
	return flat;
}

function tooSlow(url: URL, deadline: number): SourceError {
	return new SourceError("slow", `${shownAddress(url)} did not answer completely within ${deadline / 1000} seconds.`);
}

function withoutCredentials(url: URL): string {
	if (!url.username && !url.password) return url.href;
	const bare = new URL(url.href);
	bare.username = "";
	bare.password = "";
	return bare.href;
}

function discard(response: Dispatcher.ResponseData): void {
	response.body.on("error", () => {});
	response.body.dump({ limit: 65_536 }).catch(() => {});
}

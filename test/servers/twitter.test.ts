import { createHmac, randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { PICTURE } from "./site.ts";
import { type FakeTwitter, PROBLEMS, type ProblemName, startTwitter, type TwitterOptions } from "./twitter.ts";

const KEYS = {
	appKey: "app key",
	appSecret: "app&secret",
	accessToken: "77-token",
	accessSecret: "access secret",
};
const USER = { id: "77", username: "nakhla_news", name: "شبكة النخلة" };
let x: FakeTwitter;
/** The time both sides go by. */
let now = Date.now();
afterEach(() => x.close());

async function start(options: Partial<TwitterOptions> = {}): Promise<void> {
	now = Date.now();
	x = await startTwitter({ ...KEYS, user: USER, now: () => now, ...options });
}

const quote = (text: string) =>
	encodeURIComponent(text).replace(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

function authorization(method: string, address: string, change: Record<string, string> = {}): string {
	const url = new URL(address);
	const oauth: Record<string, string> = {
		oauth_consumer_key: KEYS.appKey,
		oauth_nonce: randomBytes(12).toString("hex"),
		oauth_signature_method: "HMAC-SHA1",
		oauth_timestamp: String(Math.floor(now / 1000)),
		oauth_token: KEYS.accessToken,
		oauth_version: "1.0",
	};
	const all = [...Object.entries(oauth), ...url.searchParams]
		.map(([name, value]) => `${quote(name)}=${quote(value)}`)
		.sort()
		.join("&");
	const base = [method, quote(url.origin + url.pathname), quote(all)].join("&");
	const signature = createHmac("sha1", `${quote(KEYS.appSecret)}&${quote(KEYS.accessSecret)}`)
		.update(base)
		.digest("base64");
	const header = { ...oauth, oauth_signature: signature, ...change };
	return `OAuth ${Object.entries(header)
		.map(([name, value]) => `${quote(name)}="${quote(value)}"`)
		.join(", ")}`;
}

interface Reply {
	status: number;
	headers: Headers;
	data?: never;
	errors?: { message: string }[];
	title?: string;
	detail?: string;
	meta?: { result_count: number; next_token?: string };
}
/** Milliseconds; short only where an answer never comes, because a busy machine is slow. */
let patience = 20_000;
async function call(method: string, path: string, body?: object, change: Record<string, string> = {}): Promise<Reply> {
	const address = x.url + path;
	const response = await fetch(address, {
		method,
		headers: {
			authorization: authorization(method, address, change),
			...(body && !(body instanceof FormData) ? { "content-type": "application/json" } : {}),
		},
		...(body ? { body: body instanceof FormData ? body : JSON.stringify(body) } : {}),
		signal: AbortSignal.timeout(patience),
	});
	return {
		...((await response.json()) as object),
		status: response.status,
		headers: response.headers,
	};
}
const post = (text: string, more: object = {}) => call("POST", "/2/tweets", { text, ...more });
const timeline = (query = "") => call("GET", `/2/users/77/tweets?max_results=5${query}`);

test("a post is kept as it was sent and answered as X shows it", async () => {
	await start();
	const { status, data, headers } = await post("شعر & موسيقى\nhttps://a.iq/%D8%A7");
	expect(status).toBe(201);
	expect(data).toMatchObject({
		text: expect.stringMatching(/^شعر &amp; موسيقى\nhttps:\/\/t\.co\/\w{10}$/),
	});
	expect(headers.get("x-rate-limit-remaining")).toBe("99");
	expect(x.posts()).toMatchObject([{ text: "شعر & موسيقى\nhttps://a.iq/%D8%A7" }]);
	const shown = await timeline("&tweet.fields=created_at,entities");
	expect(shown.data).toMatchObject([{ entities: { urls: [{ expanded_url: "https://a.iq/%D8%A7" }] } }]);
	expect(x.invalid).toEqual([]);
});

test.each([
	["wrong signature", { oauth_signature: "AAAA" }],
	["another app", { oauth_consumer_key: "other" }],
	["another token", { oauth_token: "other" }],
	["a nonce that was not signed", { oauth_nonce: "other" }],
	["a clock that is an hour late", { oauth_timestamp: String(Math.floor(Date.now() / 1000) - 3600) }],
])("401: %s", async (_name, change) => {
	await start();
	expect(await call("POST", "/2/tweets", { text: "خبر" }, change)).toMatchObject({
		status: 401,
		title: "Unauthorized",
	});
	expect(x.posts()).toEqual([]);
});

test("a nonce is good once", async () => {
	await start();
	const address = `${x.url}/2/users/me`;
	const headers = { authorization: authorization("GET", address) };
	expect((await fetch(address, { headers })).status).toBe(200);
	expect((await fetch(address, { headers })).status).toBe(401);
});

test.each([
	["unknown field", { text: "خبر", tweet_mode: "extended" }, "additional properties (tweet_mode)"],
	["no text", {}, "required property 'text'"],
	["empty text", { text: "" }, "fewer than 1"],
	["everyone", { text: "خبر", reply_settings: "everyone" }, "/reply_settings"],
	["no media ids", { text: "خبر", media: { media_ids: [] } }, "/media/media_ids"],
	["unknown media", { text: "خبر", media: { media_ids: ["12"] } }, "media IDs are invalid"],
	["281 letters", { text: "ع".repeat(281) }, "281 of 280"],
	["direction marks weigh two", { text: `${"ع".repeat(279)}\u200f` }, "281 of 280"],
	["a mark that makes it invalid", { text: "خبر\ufeff" }, "not valid"],
])("400: %s", async (_name, body, words) => {
	await start();
	const answer = await call("POST", "/2/tweets", body);
	expect(answer.status).toBe(400);
	expect(JSON.stringify(answer.errors)).toContain(words);
	expect(x.posts()).toEqual([]);
});

test("280 letters pass, an address counting 23", async () => {
	await start();
	const text = `${"ع".repeat(256)} https://a.iq/${"x".repeat(200)}`;
	expect((await post(text)).status).toBe(201);
});

test("the same text is a duplicate for a day, even when the post is gone", async () => {
	await start();
	const { data } = await post("خبر");
	expect(await call("DELETE", `/2/tweets/${(data as unknown as { id: string }).id}`)).toMatchObject({
		data: { deleted: true },
	});
	expect(await post("خبر")).toMatchObject({
		status: 403,
		detail: "You are not allowed to create a Tweet with duplicate content.",
	});
	now += 86_400_000;
	expect(await post("خبر")).toMatchObject({ status: 201 });
});

test("the timeline: lag, since_id, replies, pages, fields", async () => {
	await start({ lag: 1000 });
	const first = (await post("أول")).data as unknown as { id: string };
	expect((await timeline()).meta).toEqual({ result_count: 0 });
	now += 1000;
	expect((await timeline()).data).toMatchObject([{ id: first.id, text: "أول" }]);
	x.setLag(0);
	await post("رد", { reply: { in_reply_to_tweet_id: first.id } });
	expect((await timeline(`&since_id=${first.id}`)).data).toMatchObject([{ text: "رد" }]);
	expect((await timeline("&exclude=retweets,replies")).meta?.result_count).toBe(1);
	for (const text of ["1", "2", "3", "4"]) x.humanPost(text);
	const page = await timeline();
	expect(page.data).toHaveLength(5);
	expect((await timeline(`&pagination_token=${page.meta?.next_token}`)).data).toHaveLength(1);
	expect((await timeline(`&start_time=${new Date(now + 1000).toISOString()}`)).meta?.result_count).toBe(0);
	expect((await call("GET", "/2/users/77/tweets?max_results=4")).status).toBe(400);
	expect((await timeline("&tweet.fields=nothing")).status).toBe(400);
	expect((await call("GET", "/2/users/me")).data).toEqual(USER);
});

test("a reply to a stranger is refused", async () => {
	await start();
	expect(await post("رد", { reply: { in_reply_to_tweet_id: "1" } })).toMatchObject({ status: 403 });
});

test("media: initialize, append, finalize, alt text, post", async () => {
	await start();
	const made = await call("POST", "/2/media/upload/initialize", {
		media_type: "image/png",
		media_category: "tweet_image",
		total_bytes: PICTURE.length,
	});
	const { id } = made.data as unknown as { id: string };
	expect((await call("POST", `/2/media/upload/${id}/finalize`)).status).toBe(400);
	for (const [index, part] of [PICTURE.subarray(0, 100), PICTURE.subarray(100)].entries()) {
		const form = new FormData();
		form.set("segment_index", String(index));
		form.set("media", new Blob([part]), "blob");
		expect((await call("POST", `/2/media/upload/${id}/append`, form)).status).toBe(200);
	}
	expect((await post("قبل الأوان", { media: { media_ids: [id] } })).status).toBe(400);
	expect((await call("POST", `/2/media/upload/${id}/finalize`)).data).toMatchObject({ id, size: PICTURE.length });
	await call("POST", "/2/media/metadata", {
		id,
		metadata: { alt_text: { text: "جسر" } },
	});
	expect(x.altTexts.get(id)).toBe("جسر");
	expect((await post("خبر", { media: { media_ids: [id] } })).data).toMatchObject({
		text: expect.stringMatching(/ https:\/\/t\.co\/\w+$/),
	});
	expect(x.posts()).toMatchObject([{ media: [id] }]);
});

test("media in one shot; what is no picture is refused", async () => {
	await start();
	const form = new FormData();
	form.set("media_category", "tweet_image");
	form.set("media", new Blob([PICTURE]), "a.png");
	expect((await call("POST", "/2/media/upload", form)).status).toBe(200);
	form.set("media", new Blob(["<svg/>"]), "a.svg");
	expect((await call("POST", "/2/media/upload", form)).status).toBe(400);
});

test("the strict rate answers 429 with headers", async () => {
	await start({ limit: { count: 1, windowMs: 60_000 } });
	x.fault("POST /2/tweets", { problem: "unavailable" });
	expect((await post("أول")).status).toBe(503);
	expect((await post("أول")).headers.get("x-rate-limit-remaining")).toBe("0");
	const answer = await post("ثان");
	expect(answer).toMatchObject({ status: 429, title: "Too Many Requests" });
	expect(Number(answer.headers.get("x-rate-limit-reset"))).toBeGreaterThan(Date.now() / 1000);
	expect(x.tooMany).toBe(1);
});

test.each(Object.keys(PROBLEMS) as ProblemName[])("problem: %s", async (problem) => {
	await start();
	x.fault("POST /2/tweets", { problem });
	const wanted: { status: number; body: object } = PROBLEMS[problem];
	expect(await post("خبر")).toMatchObject({
		...wanted.body,
		status: wanted.status,
	});
	expect(x.posts()).toEqual([]);
});

test.each([
	["retryAfter", { retryAfter: 60 }, "429", 0],
	["html", { html: 503 }, "no JSON", 0],
	["500 after accepting", { problem: "internalError" as const, accept: true }, "500", 1],
	["reset before", { reset: "before" as const }, "no answer", 0],
	["reset after", { reset: "after" as const }, "no answer", 1],
	["hang", { hang: true as const }, "no answer", 0],
	["hang after accepting", { hang: true as const, accept: true }, "no answer", 1],
	["truncate", { truncate: true as const }, "no answer", 1],
	["201 that is not JSON", { raw: '{"data":{"id":"1' }, "no JSON", 1],
	["drip", { drip: 1 }, "201", 1],
])("fault: %s", async (_name, fault, outcome, count) => {
	await start();
	x.fault("POST /2/tweets", fault);
	patience = "hang" in fault ? 800 : 20_000;
	const told = await post("خبر")
		.then(({ status }) => String(status))
		.catch((error: unknown) => (error instanceof SyntaxError ? "no JSON" : "no answer"));
	expect(told).toBe(outcome);
	expect(x.posts()).toHaveLength(count);
});

test("bearer tokens, when there are some", async () => {
	await start({ bearers: ["good"] });
	const ask = (token: string) =>
		fetch(`${x.url}/2/users/me`, {
			headers: { authorization: `Bearer ${token}` },
		});
	expect((await ask("good")).status).toBe(200);
	expect((await ask("bad")).status).toBe(401);
});

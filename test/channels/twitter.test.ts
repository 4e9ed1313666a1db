import { afterEach, describe, expect, test } from "vitest";
import { twitterChannel } from "../../src/channels/twitter.ts";
import { twitterClient } from "../../src/channels/twitter-api.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import { type ChannelHouse, channelContract, composeFor, type Misfortune, occasionOf } from "../contracts/channel.ts";
import { type FakeTwitter, type ProblemName, startTwitter } from "../servers/twitter.ts";

const KEYS = {
	appKey: "canary-app-key",
	appSecret: "canary-app-secret",
	accessToken: "1700000000000000001-canary-access-token",
	accessSecret: "canary-access-secret",
};
const USER = { id: "1700000000000000001", username: "nirgal_news", name: "شبكة أخبار" };
const TWEETS = "POST /2/tweets";
const TIMELINE = "GET /2/users/:id/tweets";

interface House extends ChannelHouse {
	readonly server: FakeTwitter;
	readonly now: () => Date;
}

const compose = await composeFor("twitter", twitterLayout);

async function open({ deadline, lag }: { deadline?: number; lag?: number } = {}): Promise<House> {
	const server = await startTwitter({ ...KEYS, user: USER, ...(lag === undefined ? {} : { lag }) });
	const now = () => new Date();
	return {
		server,
		now,
		channel: twitterChannel({
			name: "twitter",
			compose,
			api: twitterClient(KEYS, { apiRoot: server.url, ...(deadline === undefined ? {} : { deadline }) }),
			now,
		}),
		published: () => server.posts().map(({ text }) => text),
		sends: () => server.calls(TWEETS).length,
		secrets: ["canary"],
		close: () => server.close(),
	};
}

const problem = (row: string, name: ProblemName, kind: Misfortune<House>["kind"]): Misfortune<House> => ({
	name: `${row}: ${name}`,
	arrange: ({ server }) => server.fault(TWEETS, { problem: name }),
	kind,
	expected: { duplicate: false },
});

channelContract<House>("twitter", open, [
	problem("X1", "unauthorized", "parked"),
	problem("X2", "creditsDepleted", "parked"),
	problem("X2", "spendingLimit", "parked"),
	problem("X2", "usageCap", "parked"),
	{ ...problem("X3", "duplicate", "refused"), expected: { duplicate: true } },
	problem("X4", "suspended", "parked"),
	problem("X4", "locked", "parked"),
	problem("X4", "oauth1Permissions", "parked"),
	problem("X4", "clientForbidden", "parked"),
	problem("X4", "clientNotEnrolled", "parked"),
	problem("a reply that is not allowed", "replyNotAllowed", "refused"),
	problem("an action that is not permitted", "notPermitted", "refused"),
	{
		name: "400: a request that X does not understand",
		arrange: ({ server }) =>
			server.fault(TWEETS, {
				status: 400,
				body: { errors: [{ message: "text is missing" }], title: "Invalid Request", type: "x/invalid-request" },
			}),
		kind: "refused",
	},
	{ name: "X5: 429", arrange: ({ server }) => server.fault(TWEETS, { retryAfter: 90 }), kind: "later" },
	{
		name: "X6: a gateway that gave up waiting",
		arrange: ({ server }) => server.fault(TWEETS, { html: 408 }),
		kind: "unknown",
	},
	{
		name: "the proxy wants a password",
		arrange: ({ server }) => server.fault(TWEETS, { html: 407 }),
		kind: "parked",
	},
	problem("X6", "internalError", "unknown"),
	problem("X6", "unavailable", "unknown"),
	problem("X6, 200 without a post", "errorsOnly", "unknown"),
	{
		name: "X6: 503, carried out all the same",
		arrange: ({ server }) => server.fault(TWEETS, { problem: "unavailable", accept: true }),
		kind: "unknown",
		published: true,
	},
	{ name: "X6: a proxy's page", arrange: ({ server }) => server.fault(TWEETS, { html: true }), kind: "unknown" },
	{
		name: "X6: reset before",
		arrange: ({ server }) => server.fault(TWEETS, { reset: "before" }),
		kind: "unknown",
	},
	{
		name: "X6: reset after",
		arrange: ({ server }) => server.fault(TWEETS, { reset: "after" }),
		kind: "unknown",
		published: true,
	},
	{
		name: "X6: 201 that is not JSON",
		arrange: ({ server }) => server.fault(TWEETS, { raw: "<html>created</html>" }),
		kind: "unknown",
		published: true,
	},
	{
		name: "X6: no answer in time",
		arrange: ({ server }) => server.fault(TWEETS, { hang: true, accept: true }),
		kind: "unknown",
		published: true,
		deadline: 150,
	},
	{
		name: "X6: an answer in drops ends at the total deadline",
		arrange: ({ server }) => server.fault(TWEETS, { drip: 20 }),
		kind: "unknown",
		published: true,
		deadline: 150,
	},
	{ name: "nobody listens", arrange: ({ server }) => server.close(), kind: "later" },
]);

describe("the twitter channel", () => {
	const houses: House[] = [];
	afterEach(async () => {
		for (const house of houses.splice(0)) await house.close();
	});
	async function fresh(options: Parameters<typeof open>[0] = {}): Promise<House> {
		const house = await open(options);
		houses.push(house);
		return house;
	}
	const never = new AbortController().signal;

	test("the receipt is the post's id and address; the text goes out as it is", async () => {
		const { channel, server } = await fresh();
		const post = channel.compose(occasionOf());
		const { id, url } = await channel.send(post);
		expect(server.posts()).toMatchObject([{ id, text: post.text }]);
		expect(url).toBe(`https://x.com/i/status/${id}`);
		expect(server.invalid).toEqual([]);
	});

	test("an answer that breaks off behind the id is a receipt", async () => {
		const { channel, server } = await fresh();
		server.fault(TWEETS, { truncate: true });
		const { id } = await channel.send(channel.compose(occasionOf()));
		expect(id).toBe(server.posts()[0]?.id);
		expect(server.calls(TWEETS)).toHaveLength(1);
	});

	const limits = (headers: Record<string, number>) => ({
		status: 429,
		body: { title: "Too Many Requests", detail: "Too Many Requests", type: "about:blank", status: 429 },
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
	});
	test.each<[string, (now: number) => Record<string, number>, number]>([
		["the window's reset", (now) => ({ "x-rate-limit-remaining": 0, "x-rate-limit-reset": now + 400 }), 400],
		[
			"the day's reset, when that is what is used up",
			(now) => ({
				"x-rate-limit-remaining": 99,
				"x-rate-limit-reset": now + 400,
				"x-app-limit-24hour-remaining": 0,
				"x-app-limit-24hour-reset": now + 7_200,
			}),
			7_200,
		],
		[
			"the latest of both",
			(now) => ({
				"x-rate-limit-remaining": 0,
				"x-rate-limit-reset": now + 400,
				"x-user-limit-24hour-remaining": 0,
				"x-user-limit-24hour-reset": now + 5_000,
			}),
			5_000,
		],
		[
			"a quarter of an hour, when the reset has passed",
			(now) => ({ "x-rate-limit-remaining": 0, "x-rate-limit-reset": now - 5 }),
			900,
		],
	])("X5: after a 429 it waits for %s", async (_, headers, seconds) => {
		const { channel, server, now } = await fresh();
		const begun = now().getTime();
		server.fault(TWEETS, limits(headers(Math.floor(begun / 1_000))));
		const { retryAt } = (await channel.send(channel.compose(occasionOf())).catch((reason: unknown) => reason)) as {
			retryAt: Date;
		};
		const waits = (retryAt.getTime() - begun) / 1_000;
		expect(waits).toBeGreaterThan(seconds - 2);
		expect(waits).toBeLessThan(seconds + 30);
	});

	async function lost(house: House, arrived: boolean, title = "عودة 214 عائلة نازحة إلى سهل نينوى") {
		const post = house.channel.compose(occasionOf({ title }));
		const at = house.now().toISOString();
		house.server.fault(TWEETS, { reset: arrived ? "after" : "before" });
		await expect(house.channel.send(post)).rejects.toMatchObject({ kind: "unknown" });
		return { post, intent: { at } };
	}

	test.each([
		["plain", "عودة 214 عائلة نازحة إلى سهل نينوى"],
		["with signs that X escapes", "أسعار النفط > 80 دولاراً & «برنت» < 90"],
		["that begins in Latin", "COP31: العراق يعرض خطة لاستثمار الغاز"],
	])("find: a post that arrived is found by its text, shortened address and all: %s", async (_, title) => {
		const house = await fresh();
		const { post, intent } = await lost(house, true, title);
		house.server.humanPost("منشور آخر");
		const mine = house.server.posts().find(({ text }) => text === post.text);
		expect(await house.channel.find(post, intent, never)).toEqual({
			id: mine?.id,
			url: `https://x.com/i/status/${mine?.id}`,
		});
		expect(house.server.calls(TIMELINE)).toHaveLength(1);
		expect(house.server.posts()).toHaveLength(2);
		expect(house.server.invalid).toEqual([]);
	});

	test.each<[string, (house: House) => Promise<Awaited<ReturnType<typeof lost>>>]>([
		["it never arrived", (house) => lost(house, false)],
		[
			"only another post is there",
			async (house) => {
				house.server.humanPost("منشور آخر");
				return lost(house, false);
			},
		],
		[
			"the timeline does not show it yet",
			async (house) => {
				house.server.setLag(60_000);
				return lost(house, true);
			},
		],
	])("find: absent when %s", async (_, arrange) => {
		const house = await fresh();
		const { post, intent } = await arrange(house);
		expect(await house.channel.find(post, intent, never)).toBe("absent");
	});

	test.each([
		["5xx", { problem: "unavailable" as const }],
		["429", { retryAfter: 9 }],
		["a reset", { reset: "before" as const }],
		["401", { problem: "unauthorized" as const }],
	])("find: a look that fails itself (%s) says nothing", async (_, fault) => {
		const house = await fresh();
		const { post, intent } = await lost(house, true);
		house.server.fault(TIMELINE, fault);
		const error = (await house.channel.find(post, intent, never).catch((reason: unknown) => reason)) as Error;
		expect(error).toBeInstanceOf(Error);
		expect(error.message).not.toContain("canary");
		expect(await house.channel.find(post, intent, never)).toHaveProperty("id");
	});

	test.each<[string, number | undefined, object]>([
		["with an address", 1, { postWithLink: 1 }],
		["without one", 0, { post: 1 }],
		["of an earlier version, that does not say", undefined, { postWithLink: 1 }],
	])("a post %s is billed as such", async (_name, addresses, bill) => {
		const house = await open();
		try {
			const { addresses: _counted, ...post } = house.channel.compose(occasionOf());
			expect(house.channel.bills?.post(addresses === undefined ? post : { ...post, addresses })).toEqual(bill);
		} finally {
			await house.close();
		}
	});

	test("a look is billed by the posts that it read, and never for more than it said beforehand", async () => {
		const house = await open();
		try {
			for (let index = 0; index < 25; index++) house.server.humanPost(`خبر رقم ${index}`);
			const bills: object[] = [];
			const post = house.channel.compose(occasionOf());
			const look = () =>
				house.channel.find(post, { at: house.now().toISOString() }, new AbortController().signal, (bill) =>
					bills.push(bill),
				);
			expect(await look()).toBe("absent");
			expect(bills).toEqual([{ read: 20 }]);
			expect(house.channel.bills?.look).toEqual({ read: 20, me: 1 });
		} finally {
			await house.close();
		}
	});

	test.each(["creditsDepleted", "spendingLimit", "usageCap"] as const)("X2: %s is a matter of money", async (name) => {
		const house = await open();
		try {
			house.server.fault(TWEETS, { problem: name });
			await expect(house.channel.send(house.channel.compose(occasionOf()))).rejects.toMatchObject({
				unpaid: true,
			});
			house.server.fault(TWEETS, { problem: "suspended" });
			await expect(house.channel.send(house.channel.compose(occasionOf()))).rejects.toMatchObject({
				unpaid: false,
			});
		} finally {
			await house.close();
		}
	});

	test("find begins nothing when the program stops", async () => {
		const house = await fresh();
		const { post, intent } = await lost(house, true);
		await expect(house.channel.find(post, intent, AbortSignal.abort())).rejects.toThrow();
		expect(house.server.calls(TIMELINE)).toEqual([]);
	});
});

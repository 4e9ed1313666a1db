import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Channel, SendError } from "../../src/channels/channel.ts";
import { twitterChannel } from "../../src/channels/twitter.ts";
import { twitterClient } from "../../src/channels/twitter-api.ts";
import type { Bill } from "../../src/ledger/budget.ts";
import { twitterLayout } from "../../src/post/tweet-text.ts";
import { composeFor, occasionOf } from "../contracts/channel.ts";
import { type FakeTwitter, startTwitter } from "../servers/twitter.ts";

const KEYS = {
	appKey: "canary-app-key",
	appSecret: "canary-app-secret",
	accessToken: "1700000000000000001-canary-access-token",
	accessSecret: "canary-access-secret",
};
const DELETE = "DELETE /2/tweets/:id";
const signal = new AbortController().signal;
const compose = await composeFor("twitter", twitterLayout);
const post = compose(occasionOf());

let server: FakeTwitter;
let channel: Channel & Required<Pick<Channel, "remove">>;
beforeEach(async () => {
	server = await startTwitter({ ...KEYS, user: { id: "1700000000000000001", username: "nirgal_news", name: "أخبار" } });
	const api = twitterClient(KEYS, { apiRoot: server.url, deadline: 2_000 });
	channel = twitterChannel({ name: "twitter", compose, api, now: () => new Date() }) as typeof channel;
});
afterEach(async () => {
	const { invalid } = server;
	await server.close();
	expect(invalid).toEqual([]);
});

test("the update answers our own post", async () => {
	const { id } = await channel.send(post);
	await channel.send({ ...compose({ ...occasionOf(), links: false, updated: true }), replyTo: id });
	expect(server.posts()).toMatchObject([{ id }, { replyTo: id }]);
	expect(server.posts()[1]?.text).toMatch(/^تحديث \| /);
});

describe("taking a post down", () => {
	test("works, also when it is down already", async () => {
		const receipt = await channel.send(post);
		const bills: Bill[] = [];
		await channel.remove(receipt, signal, (bill) => bills.push(bill));
		expect(server.posts()).toEqual([]);
		await channel.remove(receipt, signal, (bill) => bills.push(bill));
		expect(bills).toEqual([]);
		expect(channel.bills?.remove).toEqual({ delete: 1 });
	});

	test.each([
		["429", { problem: "tooManyRequests" }, "later", [{}]],
		["keys that are not taken", { problem: "unauthorized" }, "parked", [{}]],
		["5xx", { status: 503, body: "<html>" }, "unknown", []],
		["a lost answer", { reset: "after" }, "unknown", []],
	] as const)("%s", async (_name, fault, kind, billed) => {
		const receipt = await channel.send(post);
		server.fault(DELETE, fault as Parameters<FakeTwitter["fault"]>[1]);
		const bills: Bill[] = [];
		const error = await channel
			.remove(receipt, signal, (bill) => bills.push(bill))
			.then(
				() => expect.unreachable("it went well"),
				(cause: SendError) => cause,
			);
		expect(error.kind).toBe(kind);
		expect(bills).toEqual(billed);
	});
});

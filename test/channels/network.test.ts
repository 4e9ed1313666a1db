import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failureOf as telegramFailure, TelegramApi } from "../../src/channels/telegram-api.ts";
import { failureOf as twitterFailure, twitterClient } from "../../src/channels/twitter-api.ts";

const TOKEN = "7000001:AAHk3-canary_canary_canary_canary_0";
const KEYS = { appKey: "app", appSecret: "secret", accessToken: "17-token", accessSecret: "secret" };

const ASKING = [
	["alone on its ledger", {}],
	["sharing it", { may: () => true }],
] as const;

describe("a connection that is never made, as behind a wall that swallows packets", () => {
	let server: Server;
	let apiRoot: string;
	const sockets: Socket[] = [];

	beforeEach(async () => {
		// It takes the connection and never answers the TLS greeting: no byte of a request leaves.
		server = createServer((socket) => void sockets.push(socket.on("error", () => {})));
		await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
		apiRoot = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		for (const socket of sockets.splice(0)) socket.destroy();
		server.close();
	});

	test.each(ASKING)("is known from a lost answer: telegram, %s", async (_, more) => {
		const api = new TelegramApi(TOKEN, { apiRoot, deadline: 1_000, ...more });
		const error: unknown = await api.sendMessage("@nirgal_news", "خبر").catch((thrown: unknown) => thrown);
		expect(telegramFailure(error).kind).toBe("unreached");
	});

	test.each(ASKING)("is known from a lost answer: twitter, %s", async (_, more) => {
		const api = twitterClient(KEYS, { apiRoot, deadline: 1_000, ...more });
		const error: unknown = await api.tweet("خبر").catch((thrown: unknown) => thrown);
		expect(twitterFailure(error).kind).toBe("unreached");
	});
});

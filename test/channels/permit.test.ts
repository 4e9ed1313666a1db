import { once } from "node:events";
import { type Agent, Agent as HttpAgent, createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createSecure, Agent as HttpsAgent, request as secureRequest } from "node:https";
import { request as plainRequest } from "node:http";
import { type AddressInfo, connect, createServer as createRaw, type Server as RawServer, type Socket } from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";
import { afterEach, describe, expect, test } from "vitest";
import { NOT_OURS } from "../../src/channels/network.ts";
import { permitted } from "../../src/channels/permit.ts";
import { SendError } from "../../src/channels/channel.ts";
import { telegramChannel } from "../../src/channels/telegram.ts";
import { failureOf as telegramFailure, TelegramApi } from "../../src/channels/telegram-api.ts";
import { failureOf as twitterFailure, twitterClient } from "../../src/channels/twitter-api.ts";
import { postOf } from "../world.ts";

const closing: (() => void)[] = [];
afterEach(() => {
	for (const close of closing.splice(0)) close();
});

// TLS by a shared key, so that the test needs no certificate.
const KEY = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const SECURE = { ciphers: "PSK-AES128-GCM-SHA256:@SECLEVEL=0", maxVersion: "TLSv1.2" } as const;
const CLIENT = { ...SECURE, checkServerIdentity: () => undefined, pskCallback: () => ({ psk: KEY, identity: "test" }) };

async function open(server: Server | RawServer): Promise<number> {
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.on("error", () => {});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(() => {
		server.close();
		for (const socket of sockets) socket.destroy();
	});
	return (server.address() as AddressInfo).port;
}

/** A door in front of a server: it keeps what arrives until it is opened, and then lets everything through. */
async function door(port: number) {
	let unlock = () => {};
	const unlocked = new Promise<void>((resolve) => {
		unlock = resolve;
	});
	let greet = () => {};
	const greeted = new Promise<void>((resolve) => {
		greet = resolve;
	});
	const server = createRaw((socket) => {
		socket.once("data", async (first) => {
			socket.pause();
			greet();
			await unlocked;
			const inner = connect(port, "127.0.0.1").on("error", () => socket.destroy());
			closing.push(() => inner.destroy());
			inner.write(first);
			socket.pipe(inner).pipe(socket);
		});
	});
	return { port: await open(server), greeted, open: () => unlock() };
}

/** What reached the server: begun requests, and those that came whole. */
async function house(kind: Kind) {
	const seen = { begun: 0, whole: [] as string[] };
	let more = () => {};
	const handle = async (request: IncomingMessage, response: { end(text: string): void }) => {
		seen.begun++;
		let body = "";
		try {
			for await (const part of request.setEncoding("utf8")) {
				body += part;
				more();
			}
		} catch {
			return more();
		}
		seen.whole.push(body);
		response.end("{}");
	};
	const server = kind === "http" ? createServer(handle) : createSecure({ ...SECURE, pskCallback: () => KEY }, handle);
	const gate = await door(await open(server));
	let agent: Agent = kind === "http" ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
	if (kind === "https by a proxy") {
		const proxy = createServer().on("connect", (request: IncomingMessage, socket: Socket) => {
			const inner = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
				socket.write("HTTP/1.1 200 OK\r\n\r\n");
				socket.pipe(inner).pipe(socket);
			}).on("error", () => socket.destroy());
			closing.push(() => inner.destroy());
		});
		agent = new HttpsProxyAgent(`http://127.0.0.1:${await open(proxy)}`);
	}
	closing.push(() => agent.destroy());
	const right = { ours: true, asked: 0 };
	const may = () => {
		right.asked++;
		return right.ours;
	};
	return {
		seen,
		gate,
		right,
		agent,
		may,
		part: () => new Promise<void>((resolve) => (more = resolve)),
		/** A request on its way, and what became of it. */
		begin(used: Agent) {
			const make = kind === "http" ? plainRequest : secureRequest;
			const request = make({ host: "127.0.0.1", port: gate.port, method: "POST", agent: used, ...CLIENT });
			const outcome = new Promise<string>((resolve) => {
				request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
				request.on("response", (response) => response.resume().on("end", () => resolve("answered")));
			});
			return { request, outcome };
		},
	};
}

type Kind = (typeof KINDS)[number];
const KINDS = ["http", "https", "https by a proxy"] as const;

describe.each(KINDS)("a request over %s", (kind) => {
	test("is written while this process may, one after another", async () => {
		const { agent, may, begin, gate, seen } = await house(kind);
		gate.open();
		const asking = permitted(agent, may);
		for (const words of ["أول", "ثان"]) {
			const { request, outcome } = begin(asking);
			request.end(words);
			expect(await outcome).toBe("answered");
		}
		expect(seen.whole).toEqual(["أول", "ثان"]);
	});

	test.each([
		["with an agent that does not ask it arrives", false, "answered", 1],
		["with one that asks, nothing of it arrives", true, NOT_OURS, 0],
	] as const)("when the right is lost while the connection is made: %s", async (_, asks, expected, arrived) => {
		const { agent, may, begin, gate, seen, right } = await house(kind);
		const { request, outcome } = begin(asks ? permitted(agent, may) : agent);
		request.end("خبر");
		// Over TLS: its first greeting was sent. Else: the call has done all that it does before a connection stands.
		await (kind === "http" ? new Promise<void>((resolve) => process.nextTick(resolve)) : gate.greeted);
		right.ours = false;
		gate.open();
		expect(await outcome).toBe(expected);
		expect(seen.begun).toBe(arrived);
	});

	test("is not written on a connection that stands already, when the right is lost after the call", async () => {
		const { agent, may, begin, gate, seen, right } = await house(kind);
		gate.open();
		const asking = permitted(agent, may);
		const first = begin(asking);
		first.request.end("أول");
		await first.outcome;
		const second = begin(asking);
		second.request.end("ثان");
		right.ours = false;
		expect(await second.outcome).toBe(NOT_OURS);
		expect(seen).toEqual({ begun: 1, whole: ["أول"] });
	});

	test("never arrives whole, when the right is lost in the middle of a body that is streamed", async () => {
		const { agent, may, begin, gate, seen, right, part } = await house(kind);
		gate.open();
		const { request, outcome } = begin(permitted(agent, may));
		const arrived = part();
		request.write("نصف");
		await arrived;
		right.ours = false;
		const broken = part();
		request.end("النصف الآخر");
		expect(await outcome).toBe(NOT_OURS);
		await broken;
		expect(seen).toEqual({ begun: 1, whole: [] });
	});
});

test.each(["http", "https"] as const)("over %s a connection that cannot be made says why", async (kind) => {
	const { agent, may, begin } = await house(kind);
	for (const close of closing.splice(0)) close();
	const { request, outcome } = begin(permitted(agent, may));
	request.end("خبر");
	expect(await outcome).toBe("ECONNREFUSED");
});

test("an agent asks for one channel only", () => {
	const agent = permitted(new HttpAgent(), () => true);
	expect(() => permitted(agent, () => true)).toThrow(/serves one channel/);
});

describe("a channel's client", () => {
	const TOKEN = "7000001:AAHk3-canary_canary_canary_canary_0";
	const KEYS = { appKey: "app", appSecret: "secret", accessToken: "17-token", accessSecret: "secret" };

	test.each(["telegram", "twitter"] as const)("%s: what was not written is known to be not sent", async (name) => {
		const { seen, gate, right, may } = await house("http");
		gate.open();
		const apiRoot = `http://127.0.0.1:${gate.port}`;
		const call =
			name === "telegram"
				? new TelegramApi(TOKEN, { apiRoot, may }).sendMessage("@nirgal_news", "خبر")
				: twitterClient(KEYS, { apiRoot, may }).tweet("خبر");
		right.ours = false;
		const error: unknown = await call.catch((thrown: unknown) => thrown);
		expect((name === "telegram" ? telegramFailure : twitterFailure)(error).kind).toBe("unreached");
		expect(seen.begun).toBe(0);
		expect(right.asked).toBe(1);
	});

	test("telegram: a post whose address is still looked up when the right is lost stays unsent, and may be sent later", async () => {
		const { seen, gate, right, may } = await house("http");
		gate.open();
		let found = (_: string) => {};
		const address = new Promise<string>((resolve) => (found = resolve));
		const channel = telegramChannel({
			name: "telegram",
			compose: () => postOf("telegram", "article", "1", "خبر"),
			api: new TelegramApi(TOKEN, { apiRoot: `http://127.0.0.1:${gate.port}`, may }),
			chat: () => address,
			opsChat: undefined,
			now: () => new Date("2026-11-23T09:00:00.000Z"),
			pause: async () => {},
		});
		const sending = channel.send(postOf("telegram", "article", "1", "خبر")).catch((thrown: unknown) => thrown);
		right.ours = false;
		found("@nirgal_news");
		const error = await sending;
		expect(error).toBeInstanceOf(SendError);
		expect(error).toMatchObject({ kind: "later" });
		expect(seen.begun).toBe(0);
	});
});

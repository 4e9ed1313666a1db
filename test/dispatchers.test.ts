import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Dispatchers, dispatchers } from "../src/dispatchers.ts";

const REQUESTS = 24;
const AT_MOST = 4;

let open: Dispatchers;
const servers: Server[] = [];

beforeEach(() => {
	open = dispatchers({});
});

afterEach(async () => {
	await open.close();
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** A site that answers nobody before `answer` is called; `connected` tells how many connections were made to it. */
async function patientSite() {
	const waiting: ServerResponse[] = [];
	let connected = 0;
	let arrived = () => {};
	const server = createServer((_, response) => {
		waiting.push(response);
		arrived();
	});
	server.on("connection", () => connected++);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	servers.push(server);
	return {
		origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		connected: () => connected,
		waiting: () => waiting.length,
		asked: (count: number) =>
			new Promise<void>((resolve) => {
				arrived = () => waiting.length >= count && resolve();
				arrived();
			}),
		answer: () => {
			for (const response of waiting.splice(0)) response.end("نعم");
		},
	};
}

async function ask(origin: string): Promise<string> {
	const dispatcher = await open.of(true);
	const { body } = await dispatcher.request({ origin, path: "/", method: "GET" });
	return body.text();
}

test(`${REQUESTS} requests to one host make ${AT_MOST} connections, and all are answered`, async () => {
	const site = await patientSite();
	const answers = Array.from({ length: REQUESTS }, () => ask(site.origin));
	for (let answered = 0; answered < REQUESTS; answered += AT_MOST) {
		await site.asked(AT_MOST);
		expect(site.waiting()).toBe(AT_MOST);
		site.answer();
	}
	expect(await Promise.all(answers)).toEqual(Array.from({ length: REQUESTS }, () => "نعم"));
	expect(site.connected()).toBe(AT_MOST);
});

test("a host whose connections are all busy holds up no other host", async () => {
	const [busy, other] = [await patientSite(), await patientSite()];
	const held = Promise.allSettled(Array.from({ length: REQUESTS }, () => ask(busy.origin)));
	await busy.asked(AT_MOST);
	const answer = ask(other.origin);
	await other.asked(1);
	other.answer();
	expect(await answer).toBe("نعم");
	await open.close();
	expect((await held).every(({ status }) => status === "rejected")).toBe(true);
});

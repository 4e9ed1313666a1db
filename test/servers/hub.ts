import { createHmac } from "node:crypto";
import { listen, readBody } from "./listen.ts";

/** How a hub signs. */
export type Method = "sha1" | "sha256" | "sha384" | "sha512";

interface Subscriber {
	readonly topic: string;
	readonly callback: string;
	readonly secret: string;
	/** Milliseconds since 1970. */
	readonly until: number;
}

/** A small real WebSub hub (https://www.w3.org/TR/websub/#hubs): takes requests, verifies them, and pushes to whom it verified until their lease ends. */
export interface Hub {
	/** Where it takes requests. */
	readonly url: string;
	/** The forms it was sent. */
	readonly forms: Readonly<Record<string, string>>[];
	/** What it answers to requests; 202 keeps them. */
	status: number;
	/** Seconds it grants; what was asked for when undefined. */
	lease: number | undefined;
	/** Whether it verifies before it answers, as hubs may. */
	eager: boolean;
	method: Method;
	/** Verifies what it was asked for; gives the statuses, or "mismatch" where the challenge did not come back. */
	verify(): Promise<(number | "mismatch")[]>;
	/** Pushes to everybody whose lease has not ended; gives the statuses. */
	push(topic: string, body: string): Promise<number[]>;
	/** Denies what it was asked for or had verified; gives the statuses. */
	deny(topic: string, reason?: string): Promise<number[]>;
	close(): Promise<void>;
}

/** Opens a hub whose leases run by `now`. */
export async function openHub({ now }: { readonly now: () => Date }): Promise<Hub> {
	const forms: Record<string, string>[] = [];
	const pending: Record<string, string>[] = [];
	const subscribers = new Map<string, Subscriber>();
	let challenges = 0;

	const server = await listen(async (request, response) => {
		const form = Object.fromEntries(new URLSearchParams((await readBody(request)).toString()));
		const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
		if (request.method !== "POST" || !isForm) return void response.writeHead(415).end();
		forms.push(form);
		if (hub.status === 202) pending.push(form);
		if (hub.eager) await hub.verify();
		response.writeHead(hub.status).end();
	});

	async function verifyOne(form: Record<string, string>): Promise<number | "mismatch"> {
		const { "hub.topic": topic = "", "hub.callback": callback = "", "hub.secret": secret = "" } = form;
		const lease = hub.lease ?? Number(form["hub.lease_seconds"]);
		const challenge = `challenge-${++challenges}`;
		const answer = await fetch(
			addressed(callback, { mode: form["hub.mode"] ?? "", topic, challenge, lease_seconds: String(lease) }),
		);
		const echo = await answer.text();
		if (!answer.ok) return answer.status;
		if (echo !== challenge) return "mismatch";
		subscribers.set(`${callback} ${topic}`, { topic, callback, secret, until: now().getTime() + lease * 1000 });
		return answer.status;
	}

	const hub: Hub = {
		url: `${server.url}/`,
		forms,
		status: 202,
		lease: undefined,
		eager: false,
		method: "sha256",
		async verify() {
			const statuses: (number | "mismatch")[] = [];
			for (const form of pending.splice(0)) statuses.push(await verifyOne(form));
			return statuses;
		},
		async push(topic, body) {
			const live = [...subscribers.values()].filter((one) => one.topic === topic && one.until > now().getTime());
			const statuses: number[] = [];
			for (const { callback, secret } of live)
				statuses.push(await pushTo(callback, body, { secret, method: hub.method }));
			return statuses;
		},
		async deny(topic, reason) {
			const callbacks = [
				...pending.splice(0).map((form) => form["hub.callback"] ?? ""),
				...[...subscribers.values()].filter((one) => one.topic === topic).map(({ callback }) => callback),
			];
			subscribers.clear();
			const said = { mode: "denied", topic, ...(reason === undefined ? {} : { reason }) };
			return Promise.all(callbacks.map(async (callback) => (await fetch(addressed(callback, said))).status));
		},
		close: () => server.close(),
	};
	return hub;
}

/** A callback with the hub's words behind it. */
export function addressed(callback: string, said: Readonly<Record<string, string>>): string {
	const url = new URL(callback);
	for (const [name, value] of Object.entries(said)) url.searchParams.append(`hub.${name}`, value);
	return url.href;
}

/** The value of `X-Hub-Signature`. */
export function signed(body: string, secret: string, method: Method = "sha256"): string {
	return `${method}=${createHmac(method, secret).update(body).digest("hex")}`;
}

/** Pushes a body to a callback; gives the status. */
export async function pushTo(
	callback: string,
	body: string,
	{
		secret,
		method,
		headers,
	}: { readonly secret: string; readonly method?: Method; readonly headers?: Record<string, string> },
): Promise<number> {
	const answer = await fetch(callback, {
		method: "POST",
		body,
		headers: headers ?? { "content-type": "application/rss+xml", "x-hub-signature": signed(body, secret, method) },
	});
	await answer.arrayBuffer();
	return answer.status;
}

import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { hookPath } from "../../src/web/hooks.ts";
import { openHub } from "../servers/hub.ts";
import { type Newsroom, test } from "./newsroom.ts";

const SECRET = "a-secret-of-our-own-for-pushes";
/** No look but the first one, and those that are asked for. */
const SELDOM = { POLL_CRON: "0 0 1 1 *", HOOK_SECRET: SECRET, WEB_ADDRESS: "127.0.0.1:0" };

const listening = (log: string) => /"address":"(127\.0\.0\.1:\d+)"/.exec(log)?.[1];

async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return port;
}

async function begin(room: Newsroom) {
	room.publish(0, { publishedAt: new Date(Date.now() - 60_000) });
	const program = room.start({ env: SELDOM });
	await program.until(() => program.said("new article").length === 1, "the first visit");
	const address = listening(program.stderr);
	if (!address) throw new Error("it does not listen");
	const source = new URL(room.site.feedUrl);
	const push = (secret: string, body = '{"post":"published"}') =>
		fetch(`http://${address}${hookPath(`${source.host}${source.pathname}`)}`, {
			method: "POST",
			headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}` },
			body,
		});
	return { program, push };
}

describe("a push", { concurrent: true, timeout: 150_000 }, () => {
	test("makes a new article go out at once, and nothing of what it carries", async ({ open }) => {
		const room = await open();
		const { push } = await begin(room);
		room.publish(1);
		expect((await push("somebody else's")).status).toBe(401);
		expect((await push(SECRET, '{"title":"<b>مجلس المحافظة يقر مشروع الطريق رقم 9</b>"}')).status).toBe(202);
		await room.shows([1]);
	});

	test("comes from the hub that a feed names, which was asked for it and verified", async ({ open }) => {
		const room = await open();
		const hub = await openHub({ now: () => new Date() });
		room.site.set({ hub: hub.url });
		room.publish(0, { publishedAt: new Date(Date.now() - 60_000) });
		writeFileSync(
			join(room.folder, "newsroom.yaml"),
			`sources:\n  - { name: city, url: "${room.site.feedUrl}", own: false }\n`,
		);
		const port = await freePort();
		const program = room.start({
			env: {
				...SELDOM,
				// Ticks ask the hub; the source itself is a stranger's, which is left alone for five minutes.
				POLL_CRON: "*/1 * * * * *",
				SOURCES: "",
				WEB_ADDRESS: `127.0.0.1:${port}`,
				PUBLIC_URL: `http://127.0.0.1:${port}/`,
				ALLOW_PRIVATE_HOSTS: `${room.site.host},${new URL(hub.url).host}`,
			},
		});
		await program.until(() => hub.forms.length === 1, "the hub is asked");
		expect(hub.forms[0]).toMatchObject({ "hub.mode": "subscribe", "hub.topic": room.site.feedUrl });
		expect(await hub.verify()).toEqual([200]);
		const looks = room.site.hits("/feed");
		room.publish(1);
		expect(await hub.push(room.site.feedUrl, "<rss>what it carries is never read</rss>")).toEqual([202]);
		await room.shows([1]);
		expect(room.site.hits("/feed")).toBe(looks + 1);
		expect(JSON.stringify(hub.forms)).not.toContain(SECRET);
		await hub.close();
	});

	test("to a port that is taken: a mistake when it was chosen, a warning when it was not", async ({ open }) => {
		const room = await open();
		const other = createServer().listen(0, "127.0.0.1");
		await new Promise((resolve) => other.once("listening", resolve));
		const { port } = other.address() as { port: number };
		const program = room.start({ env: { HOOK_SECRET: SECRET, WEB_ADDRESS: `127.0.0.1:${port}` } });
		expect(await program.exit).toBe(2);
		expect(program.stderr).toContain(`WEB_ADDRESS: 127.0.0.1:${port} is taken by another program`);
		other.close();
	});
});

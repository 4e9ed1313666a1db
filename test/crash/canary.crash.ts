import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Fault } from "../servers/fault.ts";
import { ADMIN, type Newsroom, SECRETS, test } from "../e2e/newsroom.ts";
import { type Program, until } from "../e2e/program.ts";

/** What else must never be seen, beside the keys of the platforms. */
const MORE = {
	HOOK_SECRET: "canaryHookSecret0123456789abcdef",
	sourcePassword: "canaryPasswordOfTheSource0123",
	sourceToken: "canaryTokenOfTheSource4567890",
	proxyPassword: "canaryPasswordOfTheProxy89",
} as const;
const CANARIES: Readonly<Record<string, string>> = { ...SECRETS, ...MORE };
const LEAST = 12;

/** Everything by which a secret would be known: raw, in addresses, in base64 at any place, and cut in two. */
function formsOf(secret: string): readonly string[] {
	const half = secret.length >> 1;
	const base64 = [0, 1, 2].map((before) => {
		const text = Buffer.from(`${"x".repeat(before)}${secret}`).toString("base64");
		// The signs at both ends hold something of the neighbours as well.
		return text.slice(before === 0 ? 0 : 4, text.length - 4).replace(/=+$/, "");
	});
	const halves = [secret.slice(0, half), secret.slice(half)].filter((part) => part.length > LEAST);
	const plain = [secret, ...halves];
	return [...new Set([...plain, ...plain.map(encodeURIComponent), ...base64])];
}

const leaksIn = (text: string): readonly string[] =>
	Object.entries(CANARIES).flatMap(([name, secret]) =>
		formsOf(secret)
			.filter((form) => text.includes(form))
			.map((form) => `${name} as ${form}: …${around(text, form)}…`),
	);
const around = (text: string, form: string) => {
	const at = text.indexOf(form);
	return text.slice(Math.max(0, at - 120), at + form.length + 40);
};

/** What a careless server says: the request, with all that it knows of it. */
const ECHO = Object.entries(CANARIES)
	.filter(([name]) => name !== "proxyPassword")
	.map(([, secret]) => secret)
	.map((secret) => `${secret} ${encodeURIComponent(secret)} ${Buffer.from(secret).toString("base64")}`)
	.join(" | ");
const PAGE = `<html><title>Bad Gateway</title><p>POST /bot${SECRETS.TELEGRAM_BOT_TOKEN}/sendMessage ${ECHO}</html>`;

const telegramSays = (status: number): Fault => ({
	status,
	body: { ok: false, error_code: status, description: `Refused: ${ECHO}` },
});
const twitterSays = (status: number): Fault => ({
	status,
	body: { title: "Refused", detail: ECHO, type: "about:blank", status, errors: [{ message: ECHO }] },
});
const BROKEN: readonly Fault[] = [
	{ raw: PAGE },
	{ status: 200, raw: PAGE },
	{ reset: "before" },
	{ reset: "after" },
	{ truncate: true },
	{ retryAfter: 1 },
];
const CODES = [400, 401, 403, 404, 409, 413, 500, 502, 503];

const YAML = `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 100ms, unsureBetween: 100ms }
  - { name: twitter, kind: twitter, unsureQuiet: 100ms, unsureBetween: 100ms }
`;

const guarded = (room: Newsroom) =>
	`${room.site.feedUrl.replace("http://", `http://salma:${MORE.sourcePassword}@`)}?token=${MORE.sourceToken}`;

/** Every text that the program gave away, by where it stood. */
function* saidBy(room: Newsroom, programs: readonly Program[]): Generator<readonly [where: string, text: string]> {
	for (const program of programs) {
		yield ["stdout", program.stdout];
		yield ["stderr", program.stderr];
	}
	const told = room.telegram.requests.filter(({ method }) => method !== "getUpdates").map(({ body }) => body);
	yield ["what the bot sent", JSON.stringify(told)];
	yield ["the posts", JSON.stringify(room.twitter.posts())];
	for (const entry of readdirSync(room.folder, { recursive: true, withFileTypes: true }))
		if (entry.isFile() && !entry.name.startsWith("given-"))
			yield [entry.name, readFileSync(join(entry.parentPath, entry.name), "latin1")];
}

function expectSilence(room: Newsroom, programs: readonly Program[]): void {
	const leaks: string[] = [];
	for (const [where, text] of saidBy(room, programs)) for (const leak of leaksIn(text)) leaks.push(`${where}: ${leak}`);
	expect(leaks).toEqual([]);
}

test("a canary in any form is found", () => {
	for (const secret of Object.values(CANARIES)) {
		for (const text of [
			secret,
			`bot${secret}/getMe`,
			encodeURIComponent(secret),
			Buffer.from(secret).toString("base64"),
			Buffer.from(`user:${secret}`).toString("base64"),
			secret.slice(0, secret.length >> 1).length > LEAST ? `cut ${secret.slice(0, secret.length >> 1)}` : secret,
		])
			expect(leaksIn(text), text).not.toEqual([]);
	}
	expect(leaksIn("مجلس المحافظة يقر مشروع الطريق")).toEqual([]);
});

describe("a canary stays inside", { concurrent: true, timeout: 150_000 }, () => {
	test("whatever the platforms answer", async ({ open }) => {
		const room = await open({ yaml: YAML });
		const env = {
			LOG_LEVEL: "debug",
			TELEGRAM_ADMINS: String(ADMIN),
			HOOK_SECRET: MORE.HOOK_SECRET,
			SOURCES: guarded(room),
		};
		const program = await room.begin(env);
		const faults = [
			...CODES.map((code) => [telegramSays(code), twitterSays(code)] as const),
			...BROKEN.map((fault) => [fault, fault] as const),
		];
		for (const method of ["getUpdates", "deleteWebhook", "setMyCommands", "forwardMessage", "deleteMessage"])
			room.telegram.fault(method, telegramSays(400));
		room.twitter.fault("GET /2/users/:id/tweets", twitterSays(503));
		const fates = (name: string) =>
			program.log.filter(
				({ channel, msg }) =>
					channel === name && /^(sent|refused|channel parked|not sent|the answer was lost)/.test(msg),
			).length;
		for (const [number, [ofTelegram, ofTwitter]] of faults.entries()) {
			const before = [fates("telegram"), fates("twitter")] as const;
			room.telegram.fault("sendMessage", { ...ofTelegram, when: ({ chat_id }) => chat_id !== ADMIN });
			room.twitter.fault("POST /2/tweets", ofTwitter);
			room.publish(number + 1);
			await program.until(
				() => fates("telegram") > before[0] && fates("twitter") > before[1],
				`what became of fault ${number}: ${JSON.stringify(ofTelegram).slice(0, 80)}`,
			);
			room.telegram.say(ADMIN, "/resume telegram");
			room.telegram.say(ADMIN, "/resume twitter");
		}
		for (const command of ["/status", "/sources", "/pending", "/last", "/log", "/why"])
			room.telegram.say(ADMIN, command);
		await until(() => room.telegram.pending === 0, "commands taken");
		for (const args of [["status"], ["status", "--json"], ["check"]]) await room.start({ args, env }).exit;
		await program.kill();
		expectSilence(room, [program]);
		expect(program.said("refused").length, "the faults were met").toBeGreaterThan(1);
		expect(room.telegram.replies(ADMIN).length).toBeGreaterThan(3);
	});

	test("whatever a source answers", async ({ open }) => {
		const room = await open();
		const address = guarded(room);
		const env = { SOURCES: address, LOG_LEVEL: "debug", TELEGRAM_ADMINS: String(ADMIN) };
		const program = await room.begin(env);
		const looks = () => room.site.requests.length;
		for (const trouble of [
			{ status: 401 },
			{ status: 403 },
			{ status: 404 },
			{ status: 500 },
			{ body: `<html><title>Login</title>${ECHO}</html>` },
			{ body: `<rss><channel><title>${ECHO}` },
			{ truncate: true },
			{ reset: true },
			{ location: `http://salma:${MORE.sourcePassword}@127.0.0.1:1/feed?token=${MORE.sourceToken}` },
			{ location: `ftp://salma:${MORE.sourcePassword}@127.0.0.1/?token=${MORE.sourceToken}` },
			{ location: `/feed?token=${MORE.sourceToken}&loop=1` },
		]) {
			const before = looks();
			room.site.set(trouble);
			await until(
				() => looks() >= before + 2,
				JSON.stringify(trouble).slice(0, 80),
				15_000,
				() => program.stderr,
			);
			room.site.set(Object.fromEntries(Object.keys(trouble).map((key) => [key, undefined])));
		}
		room.publish(1);
		await room.shows([1]);
		const status = room.start({ args: ["status"], env });
		const read = room.start({ args: ["read", address, "--json"], env });
		const gone = room.start({ args: ["read", address.replace(/:\d+\//, ":1/"), "--json"], env });
		await Promise.all([status.exit, read.exit, gone.exit]);
		expect(await program.stop()).toBe(0);
		expect(program.log.filter(({ level }) => level === "warn").length, "the faults were met").toBeGreaterThan(0);
		expectSilence(room, [program, status, read, gone]);
	});

	test("whatever is wrong with the settings, the proxy or the ledger", async ({ open }) => {
		const room = await open();
		const first = await room.begin({ LOG_LEVEL: "debug" });
		expect(await first.stop()).toBe(0);
		const file = room.env["STORE_URL"]?.slice("sqlite:".length) ?? "";
		const proxy = `http://salma:${MORE.proxyPassword}@127.0.0.1:1`;
		writeFileSync(join(room.folder, "given-newsroom.yaml"), `name: x\nsecrets: ${SECRETS.TELEGRAM_BOT_TOKEN}\n`);
		const settings: readonly (readonly [args: readonly string[], env: Readonly<Record<string, string>>])[] = [
			[["check"], { PROXY_URL: proxy }],
			[["check"], { PROXY_URL: proxy.replace("http:", "socks5:") }],
			[["check"], { PROXY_URL: `ftp://salma:${MORE.proxyPassword}@127.0.0.1` }],
			[["check"], { PROXY_URL: `salma:${MORE.proxyPassword}` }],
			[["check"], { STORE_URL: `postgres://salma:${MORE.sourcePassword}@127.0.0.1/x` }],
			[["check"], { SOURCES: `http://salma:${MORE.sourcePassword}@[bad/feed?token=${MORE.sourceToken}` }],
			[["check"], { SOURCES: `ftp://salma:${MORE.sourcePassword}@host/feed?token=${MORE.sourceToken}` }],
			[["check"], { TELEGRAM_API_ROOT: `gopher://salma:${MORE.proxyPassword}@127.0.0.1` }],
			[["check"], { TWITTER_APP_SECRET: "" }],
			[["check"], { TELEGRAM_CHANNEL: SECRETS.TELEGRAM_BOT_TOKEN }],
			[["check"], { TELEGRAM_ADMINS: SECRETS.TELEGRAM_BOT_TOKEN }],
			[["check"], { NEWSROOM_FILE: "given-newsroom.yaml" }],
			[["check"], { TELEGRAM_BOT_TOKEN: "", TELEGRAM_BOT_TOKEN_FILE: `/nowhere/${SECRETS.TELEGRAM_BOT_TOKEN}` }],
		];
		const programs: Program[] = [first];
		for (const [args, env] of settings) {
			const program = room.start({ args, env: { LOG_LEVEL: "debug", ...env } });
			programs.push(program);
			expect(await program.exit, `${JSON.stringify(env)}\n${program.stdout}`).toBeGreaterThan(0);
		}
		const proxied = room.start({ env: { PROXY_URL: proxy, LOG_LEVEL: "debug" } });
		programs.push(proxied);
		await proxied.until(
			() => proxied.log.some(({ level, source }) => level === "warn" && source !== undefined),
			"no way",
		);
		expect(await proxied.stop()).toBe(0);
		writeFileSync(file, `${"x".repeat(5_000)}`);
		const damaged = room.start({ env: { LOG_LEVEL: "debug" } });
		programs.push(damaged);
		expect(await damaged.exit).toBe(1);
		expectSilence(room, programs);
	});

	test("when Node writes a report of a crash", async ({ open }) => {
		const room = await open();
		// Nothing from outside makes Node die of itself but a lack of memory.
		const code = 'process.on("SIGUSR2",()=>{const heap=[];for(;;)heap.push(new Array(1e6).fill(heap.length))})';
		const env = {
			NODE_OPTIONS: [
				"--max-old-space-size=96",
				"--report-on-fatalerror",
				"--report-on-signal",
				"--report-signal=SIGHUP",
				`--report-directory=${room.folder}`,
				`--import data:text/javascript,${encodeURIComponent(code)}`,
			].join(" "),
			SOURCES: guarded(room),
			HOOK_SECRET: MORE.HOOK_SECRET,
			LOG_LEVEL: "debug",
		};
		const program = await room.begin(env);
		room.publish(1);
		await room.shows([1]);
		const reports = () => readdirSync(room.folder).filter((name) => /^report\..*\.json$/.test(name));
		process.kill(program.pid, "SIGHUP");
		await until(() => reports().length === 1, "a report while it lives");
		expect(await program.stop("SIGUSR2"), program.stderr).not.toBe(0);
		expect(reports(), "a report of its death").toHaveLength(2);
		expectSilence(room, [program]);
	});
});

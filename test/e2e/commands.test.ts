import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, vi } from "vitest";
import { CHANNEL, numbers, QUICK, SECRETS, story, test } from "./newsroom.ts";
import { type ProgramOptions, startProgram } from "./program.ts";

// These tests wait more than they work.
vi.setConfig({ maxConcurrency: 6 });

interface Outcome {
	readonly code: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a command to its end. */
async function mirsal(args: readonly string[], options: Omit<ProgramOptions, "args"> = {}): Promise<Outcome> {
	const program = startProgram({ args, ...options });
	const code = await program.exit;
	await program.close();
	return { code, stdout: program.stdout, stderr: program.stderr };
}

const objects = (stdout: string): Record<string, unknown>[] =>
	stdout
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Record<string, unknown>);

const page = (more: string) => `<!DOCTYPE html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>مجلس المحافظة يقر مشروع الطريق رقم 1</title>${more}</head><body><article><h1>مجلس المحافظة يقر مشروع الطريق رقم 1</h1>
${(story(1).body ?? "")
	.split("\n")
	.map((line) => `<p>${line}</p>`)
	.join("")}</article></body></html>`;

describe("mirsal read and preview", { concurrent: true, timeout: 150_000 }, () => {
	const FIELDS = ["id", "url", "title", "lead", "paragraphs", "credits", "tags", "images", "source"];
	const whole = {
		tags: ["إعمار"],
		author: "سلمى الجبوري",
		image: "/images/1.png",
		publishedAt: new Date("2026-11-20T08:30:00Z"),
	};

	test("read --json prints one Article JSON a line, for a feed and for a page", async ({ open }) => {
		const { site, env } = await open();
		const { url } = site.publish(story(1, whole));
		site.publish(story(2, { publishedAt: null }));
		const { code, stdout, stderr } = await mirsal(["read", site.feedUrl, url, "--json"], {
			env: { ALLOW_PRIVATE_HOSTS: env["ALLOW_PRIVATE_HOSTS"] ?? "" },
		});
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const articles = objects(stdout);
		expect(numbers(articles.map(({ title }) => ({ text: String(title) }))).sort()).toEqual([1, 1, 2]);
		const [inFeed, onPage] = articles.filter(({ title }) => String(title).endsWith("1"));
		expect(Object.keys(inFeed ?? {}).sort()).toEqual([...FIELDS, "author", "publishedAt"].sort());
		expect(inFeed).toMatchObject({
			url,
			title: "مجلس المحافظة يقر مشروع الطريق رقم 1",
			paragraphs: String(story(1).body).split("\n"),
			credits: [],
			tags: ["إعمار"],
			author: "سلمى الجبوري",
			images: [{ url: `${site.url}/images/1.png` }],
			publishedAt: "2026-11-20T08:30:00.000Z",
		});
		expect(inFeed?.["source"]).toMatch(/^127\.0\.0\.1/);
		expect(onPage).toMatchObject({
			id: inFeed?.["id"],
			url,
			title: inFeed?.["title"],
			paragraphs: inFeed?.["paragraphs"],
		});
		const bare = articles.find(({ title }) => String(title).endsWith("2"));
		expect(Object.keys(bare ?? {}).sort()).toEqual([...FIELDS].sort());
	});

	test("preview --json prints the article and both posts", async ({ open }) => {
		const { site, env } = await open();
		const { url } = site.publish(story(1, whole));
		const { code, stdout } = await mirsal(["preview", url, "--json"], {
			env: { ALLOW_PRIVATE_HOSTS: env["ALLOW_PRIVATE_HOSTS"] ?? "" },
		});
		expect(code).toBe(0);
		const [line] = objects(stdout) as { article: object; posts: Record<string, Record<string, unknown>> }[];
		expect(Object.keys(line ?? {}).sort()).toEqual(["article", "posts", "removed"]);
		expect(Object.keys(line?.posts ?? {})).toEqual(["telegram", "twitter"]);
		const { telegram = {}, twitter = {} } = line?.posts ?? {};
		expect(Object.keys(telegram).sort()).toEqual(["html", "length", "text"]);
		expect(Object.keys(twitter).sort()).toEqual(["text", "weight"]);
		expect(telegram["length"]).toBe(String(telegram["text"]).length);
		expect(String(telegram["html"])).toMatch(/^<b>مجلس المحافظة يقر مشروع الطريق رقم 1<\/b>\n\n/);
		expect(String(twitter["text"]).endsWith(url)).toBe(true);
	});

	test("what cannot be read prints its input and error, the command goes on, and exits 1", async ({ open }) => {
		const { site, env } = await open();
		const { url } = site.publish(story(1));
		const bad = `${site.url}/nothing`;
		site.serve("/huge", "text/html", `<html><body>${"x".repeat(11 * 1024 * 1024)}</body></html>`);
		const { code, stdout } = await mirsal(
			["read", bad, "no-such-file.xml", "http://10.0.0.1/", `${site.url}/huge`, url, "--json"],
			{
				env: { ALLOW_PRIVATE_HOSTS: env["ALLOW_PRIVATE_HOSTS"] ?? "" },
			},
		);
		expect(code).toBe(1);
		const lines = objects(stdout);
		expect(lines.slice(0, 4).map((line) => [Object.keys(line), line["input"]])).toEqual(
			[bad, "no-such-file.xml", "http://10.0.0.1/", `${site.url}/huge`].map((input) => [["input", "error"], input]),
		);
		expect(lines[4]).toMatchObject({ url });
		expect(lines).toHaveLength(5);
	});

	test("a completion that fails leaves the entry as it is, and exits 0", async ({ open }) => {
		const { site, env } = await open();
		site.feed.entries = "summary";
		site.publish(story(1, { summary: "أقر المجلس مشروع الطريق الجديد." }));
		site.setPages({ status: 500 });
		const { code, stdout } = await mirsal(["read", site.feedUrl, "--json"], {
			env: { ALLOW_PRIVATE_HOSTS: env["ALLOW_PRIVATE_HOSTS"] ?? "" },
		});
		expect(code).toBe(0);
		expect(objects(stdout)).toMatchObject([{ lead: "أقر المجلس مشروع الطريق الجديد." }]);
	});

	test("--inputs-from reads the list from a file or from standard input", async ({ folder }) => {
		const [one, two] = [join(folder, "1.html"), join(folder, "2.html")];
		writeFileSync(one, page(""));
		writeFileSync(two, page(""));
		writeFileSync(join(folder, "list.txt"), `${one}\r\n\n  ${two}  \n`);
		const fromFile = await mirsal(["read", "--json", "--inputs-from", "list.txt"], { cwd: folder });
		expect({ code: fromFile.code, lines: objects(fromFile.stdout).length }).toEqual({ code: 0, lines: 2 });
		const fromInput = await mirsal(["read", "--json", "--inputs-from", "-"], { cwd: folder, input: `${one}\n${two}` });
		expect(fromInput.stdout).toBe(fromFile.stdout);
		const missing = await mirsal(["read", "--json", "--inputs-from", "no-list.txt"], { cwd: folder });
		expect(missing.code).toBe(2);
		expect(missing.stderr).toMatch(/--inputs-from.*no-list\.txt/);
	});

	test("who listens may leave before the end", async ({ open, folder }) => {
		const { site, env } = await open();
		const { url } = site.publish(story(1));
		writeFileSync(join(folder, "list.txt"), `${url}\n`.repeat(40));
		const program = startProgram({
			args: ["read", "--json", "--inputs-from", "list.txt"],
			cwd: folder,
			env: { ALLOW_PRIVATE_HOSTS: env["ALLOW_PRIVATE_HOSTS"] ?? "" },
		});
		await program.until(() => program.stdout.includes("\n"), "a first line");
		program.leave();
		expect({ code: await program.exit, stderr: program.stderr }).toEqual({ code: 0, stderr: "" });
	});

	test("a file's address is --base, else its canonical or og:url, else file:", async ({ folder }) => {
		const files = {
			canonical: '<link rel="canonical" href="https://naba.example/news/1">',
			og: '<meta property="og:url" content="https://naba.example/news/2">',
			bare: "",
		};
		const paths = Object.entries(files).map(([name, more]) => {
			const file = join(folder, `${name}.html`);
			writeFileSync(file, page(more));
			return file;
		});
		const { stdout } = await mirsal(["read", "--json", ...paths]);
		expect(objects(stdout).map(({ url }) => url)).toEqual([
			"https://naba.example/news/1",
			"https://naba.example/news/2",
			pathToFileURL(join(folder, "bare.html")).href,
		]);
		const based = await mirsal(["read", "--json", join(folder, "canonical.html"), "--base", "https://naba.example/3"]);
		expect(objects(based.stdout)).toMatchObject([{ url: "https://naba.example/3" }]);
	});

	test("the id is a function of the canonical address alone", async ({ folder }) => {
		const ids = new Set<unknown>();
		for (const [at, address] of [
			"https://naba.example/خبر",
			"http://www.naba.example/%d8%ae%d8%a8%d8%b1/?utm_source=x",
		].entries()) {
			const file = join(folder, `${at}.html`);
			writeFileSync(file, page("").replaceAll("رقم 1", `رقم ${at}`));
			const { stdout } = await mirsal(["read", "--json", file, "--base", address]);
			const [article] = objects(stdout);
			ids.add(article?.["id"]);
			expect(article?.["url"]).toMatch(/\/%D8%AE%D8%A8%D8%B1$/);
		}
		expect(ids.size).toBe(1);
	});
});

describe("settings", { concurrent: true, timeout: 150_000 }, () => {
	const { TELEGRAM_BOT_TOKEN, ...TWITTER } = SECRETS;
	const source = { SOURCES: "https://naba.example/feed" };
	test.for<[name: string, env: Record<string, string>, says: RegExp[]]>([
		["a token without its channel", { ...source, TELEGRAM_BOT_TOKEN }, [/^TELEGRAM_CHANNEL: /m]],
		["a channel without its token", { ...source, TELEGRAM_CHANNEL: "@naba_news" }, [/^TELEGRAM_BOT_TOKEN: /m]],
		[
			"one of four Twitter keys missing",
			{ ...source, ...TWITTER, TWITTER_ACCESS_SECRET: "" },
			[/^TWITTER_ACCESS_SECRET: /m],
		],
		[
			"one of four Twitter keys given",
			{ ...source, TWITTER_APP_KEY: "abcdefgh" },
			[/^TWITTER_APP_SECRET: /m, /^TWITTER_ACCESS_TOKEN: /m],
		],
		["credentials without a source", { TELEGRAM_BOT_TOKEN, TELEGRAM_CHANNEL: "@naba_news" }, [/^SOURCES: /m]],
		["a source that is none", { SOURCES: "naba.example/feed" }, [/^SOURCES: .*naba\.example/m]],
		["a newsroom file that is a folder", { ...source, NEWSROOM_FILE: "/" }, [/^\/: .*directory/m]],
		[
			"a secret whose file is missing",
			{ ...source, TELEGRAM_CHANNEL: "@naba_news", TELEGRAM_BOT_TOKEN_FILE: "/nowhere/token" },
			[/^TELEGRAM_BOT_TOKEN_FILE: /m],
		],
		[
			"everything wrong at once",
			{
				SOURCES: "ftp://naba.example/",
				NEWSROOM_FILE: "none.yaml",
				TEMPLATES: "no-folder",
				TELEGRAM_BOT_TOKEN: "secret",
				TELEGRAM_CHANNEL: "https://t.me/naba",
				TELEGRAM_ADMINS: "@salma",
				TELEGRAM_OPS_CHAT: "here",
				TELEGRAM_API_ROOT: "api",
				TELEGRAM_PACE: "quick",
				TWITTER_API_ROOT: "ftp://x",
				TWITTER_PACE: "0/1m",
				TWITTER_LINKS: "sometimes",
				TWITTER_MONTHLY_BUDGET: "much",
				STORE_URL: "mysql://x",
				POLL_CRON: "often",
				TIMEZONE: "Mars/Olympus",
				BOT_LANGUAGE: "fr",
				FIRST_VISIT: "all",
				MAX_AGE: "old",
				FLOOD_LIMIT: "many",
				ALLOW_PRIVATE_HOSTS: "http://10.0.0.1/",
				PROXY_URL: "gopher://x",
				WEB_ADDRESS: "8080",
				LOG_LEVEL: "loud",
			},
			[
				/^SOURCES: /m,
				/^NEWSROOM_FILE: /m,
				/^TEMPLATES: /m,
				/^TELEGRAM_BOT_TOKEN: /m,
				/^TELEGRAM_CHANNEL: /m,
				/^TELEGRAM_ADMINS: /m,
				/^TELEGRAM_OPS_CHAT: /m,
				/^TELEGRAM_API_ROOT: /m,
				/^TELEGRAM_PACE: /m,
				/^TWITTER_API_ROOT: /m,
				/^TWITTER_PACE: /m,
				/^TWITTER_LINKS: /m,
				/^TWITTER_MONTHLY_BUDGET: /m,
				/^STORE_URL: /m,
				/^POLL_CRON: /m,
				/^TIMEZONE: /m,
				/^BOT_LANGUAGE: /m,
				/^FIRST_VISIT: /m,
				/^MAX_AGE: /m,
				/^FLOOD_LIMIT: /m,
				/^ALLOW_PRIVATE_HOSTS: /m,
				/^PROXY_URL: /m,
				/^WEB_ADDRESS: /m,
				/^LOG_LEVEL: /m,
			],
		],
	])("%s: exit 2, naming it", async ([, env, says]) => {
		const { code, stderr, stdout } = await mirsal(["check"], { env });
		expect({ code, stderr }).toMatchObject({ code: 2 });
		for (const words of says) expect(stderr).toMatch(words);
		expect(`${stdout}${stderr}`).not.toContain(TELEGRAM_BOT_TOKEN);
	});

	test("run and once exit 2 for them too", async () => {
		for (const command of ["run", "once"]) {
			const { code, stderr } = await mirsal([command], { env: { ...source, MAX_AGE: "old" } });
			expect({ command, code }).toEqual({ command, code: 2 });
			expect(stderr).toMatch(/^MAX_AGE: /m);
		}
	});

	test.for<[name: string, yaml: string, says: RegExp]>([
		["an unknown key", "name: شبكة النخيل\nsurces: []\n", /newsroom\.yaml:2:1: .*surces/],
		[
			"an unknown key of a source",
			"sources:\n  - url: https://naba.example/feed\n    nam: x\n",
			/newsroom\.yaml:3:5: .*nam/,
		],
		["a wrong value", "channels:\n  - { name: telegram, kind: telegraph }\n", /newsroom\.yaml:2:\d+: .*kind/],
		["a key twice", "name: a\nname: b\n", /newsroom\.yaml:2:\d+: /],
		["broken YAML", "name: [a\n", /newsroom\.yaml:\d+:\d+: /],
		["an alias of nothing", "name: *nothing\n", /newsroom\.yaml: .*alias/],
	])("newsroom.yaml with %s: exit 2 with line and column", async ([, yaml, says], { folder }) => {
		writeFileSync(join(folder, "newsroom.yaml"), yaml);
		const { code, stderr } = await mirsal(["check"], { cwd: folder, env: source });
		expect(code).toBe(2);
		expect(stderr).toMatch(says);
	});

	test.for<[name: string, template: string, says: RegExp]>([
		["an unknown variable", "{{ title }}\n{{ titel }}\n", /telegram\.liquid:2:\d+.*titel/],
		["an unknown filter", "{{ title | shout }}", /telegram\.liquid:1:\d+.*shout/],
		["an open tag", "{{ title }}\n{% if lead %}\n", /telegram\.liquid:2:\d+/],
		["HTML that Telegram refuses", "<b>{{ title }}", /telegram\.liquid.*<b>/],
	])("a template with %s: exit 2 with file, line and column", async ([, template, says], { folder }) => {
		writeFileSync(join(folder, "telegram.liquid"), template);
		const { code, stderr } = await mirsal(["run"], { env: { ...source, TEMPLATES: folder } });
		expect({ code, stderr }).toMatchObject({ code: 2 });
		expect(stderr).toMatch(says);
	});

	test("an empty variable is an unset one", async () => {
		const env = Object.fromEntries(
			readFileSync(new URL("../../.env.example", import.meta.url), "utf8")
				.split("\n")
				.filter((line) => /^[A-Z_]+=/.test(line))
				.map((line) => [line.split("=")[0] ?? "", ""]),
		);
		expect(Object.keys(env).length).toBeGreaterThan(25);
		const { code, stdout } = await mirsal(["check"], { env });
		expect(code).toBe(0);
		expect(stdout).toContain("No settings yet");
	});

	test("an empty variable of the environment does not hide the line of .env", async ({ folder }) => {
		writeFileSync(join(folder, ".env"), "TIMEZONE=Mars/Olympus\n");
		const { code, stderr } = await mirsal(["status"], { env: { TIMEZONE: "" }, cwd: folder });
		expect(code).toBe(2);
		expect(stderr).toContain("TIMEZONE: «Mars/Olympus»");
	});

	test(".env in the working directory is read, and the environment wins", async ({ folder }) => {
		writeFileSync(join(folder, ".env"), "SOURCES=https://naba.example/feed\nTIMEZONE=Mars/Olympus\nMAX_AGE=old\n");
		const { code, stderr } = await mirsal(["check"], { cwd: folder, env: { TIMEZONE: "Asia/Baghdad" } });
		expect(code).toBe(2);
		expect(stderr).toContain("MAX_AGE: ");
		expect(stderr).not.toContain("TIMEZONE");
	});

	test("secrets may come from files named by *_FILE", async ({ open, folder }) => {
		const { env, ...room } = await open();
		const files: Record<string, string> = {};
		for (const [name, secret] of Object.entries(SECRETS)) {
			writeFileSync(join(folder, name), `${secret}\n`);
			files[name] = "";
			files[`${name}_FILE`] = join(folder, name);
		}
		room.publish(1);
		const { code, stdout } = await mirsal(["check"], { env: { ...env, ...files } });
		expect({ code, stdout }).toMatchObject({ code: 0 });
		expect(stdout).toContain("posts as @nakhla_news");
	});
});

describe("mirsal check with credentials", { concurrent: true, timeout: 150_000 }, () => {
	test("lists what is well, and exits 0", async ({ open }) => {
		const { env, ...room } = await open();
		room.publish(1);
		const { code, stdout } = await mirsal(["check"], { env });
		expect(code).toBe(0);
		expect(stdout).toMatch(/source .*1 articles?/);
		expect(stdout).toContain("may post, edit and delete");
		expect(stdout).toContain("posts as @nakhla_news");
	});

	test("lists every problem at once, and exits 1", async ({ open }) => {
		const { env, ...room } = await open();
		room.site.set({ html: true });
		room.telegram.rights(CHANNEL, { post: false });
		room.twitter.fault("GET /2/users/me", { problem: "unauthorized" });
		const { code, stdout } = await mirsal(["check"], { env });
		expect(code).toBe(1);
		expect(stdout.split("\n").filter((line) => line.startsWith("✗"))).toHaveLength(3);
		expect(stdout).toMatch(/✗ source .*HTML page instead of a feed/);
		expect(stdout).toMatch(/✗ channel telegram: TELEGRAM_CHANNEL: .*lacks the right to post messages/);
		expect(stdout).toMatch(/✗ channel twitter: TWITTER_APP_KEY.*Unauthorized/);
		expect(room.telegramPosts()).toEqual([]);
	});

	test.for<[name: string, rights: object, says: RegExp]>([
		["was kicked", { kicked: true }, /✗ channel telegram: /],
		["never was a member", { member: false }, /✗ channel telegram: /],
	])("a bot that %s: exit 1", async ([, rights, says], { open }) => {
		const { env, ...room } = await open();
		room.publish(1);
		room.telegram.rights(CHANNEL, rights);
		const { code, stdout } = await mirsal(["check"], { env });
		expect(code).toBe(1);
		expect(stdout).toMatch(says);
	});
});

describe("mirsal once", { concurrent: true, timeout: 150_000 }, () => {
	test("looks once, delivers everything that is due, and exits 0", async ({ open }) => {
		const room = await open();
		room.publish(1);
		const first = room.start({ args: ["once"] });
		expect(await first.exit, first.stderr).toBe(0);
		expect(room.telegramPosts()).toEqual([]);
		room.publish(2);
		room.publish(3);
		room.telegram.fault("sendMessage", { retryAfter: 2 });
		const second = room.start({ args: ["once"] });
		expect(await second.exit, second.stderr).toBe(0);
		await room.shows([2, 3]);
		expect(room.site.hits("/feed")).toBe(2);
	});

	test("exits 1 when a source failed, and still delivers the rest", async ({ open }) => {
		const room = await open();
		const good = await room.anotherSite();
		good.publish(story(1));
		room.site.set({ status: 500 });
		const program = room.start({
			args: ["once"],
			env: {
				SOURCES: `${room.site.feedUrl} ${good.feedUrl}`,
				ALLOW_PRIVATE_HOSTS: `${room.site.host} ${good.host}`,
				FIRST_VISIT: "latest:1",
			},
		});
		expect(await program.exit).toBe(1);
		expect(program.stderr).toMatch(/^source .*answered 500/m);
		await room.shows([1]);
	});

	test("exits 1 when a delivery failed, and says what waits", async ({ open }) => {
		const room = await open();
		room.publish(1);
		room.telegram.rights(CHANNEL, { kicked: true });
		room.twitter.fault("POST /2/tweets", { status: 400, body: { title: "Invalid Request", detail: "no" } });
		const program = room.start({ args: ["once"], env: { FIRST_VISIT: "latest:1" } });
		expect(await program.exit).toBe(1);
		expect(program.stderr).toMatch(/^channel telegram: 1 waiting .*kicked/m);
		expect(program.stderr).toMatch(/^channel twitter: 1 refused/m);
	});
});

describe("mirsal status", { concurrent: true, timeout: 150_000 }, () => {
	test("--json beside a live instance", async ({ open }) => {
		const room = await open();
		const program = await room.begin();
		room.publish(1);
		await room.shows([1]);
		await program.until(() => program.said("sent").length === 2, "both receipts");
		room.site.set({ status: 500 });
		await program.until(
			() => program.log.some(({ level, source }) => level === "warn" && source !== undefined),
			"a failure",
		);
		const { code, stdout, stderr } = await mirsal(["status", "--json"], { env: room.env });
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		const status = JSON.parse(stdout) as { channels: object[]; sources: object[] };
		const counts = { sent: 1, waiting: 0, unsure: 0, held: 0, refused: 0, skipped: 1 };
		const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
		expect(status).toMatchObject({
			channels: [
				{ name: "telegram", state: "ok", ...counts },
				{ name: "twitter", state: "ok", ...counts },
			],
			sources: [
				{
					name: `${room.site.host}/feed`,
					kind: "feed",
					state: "failing",
					lastPoll: time,
					lastArticle: time,
					error: expect.stringContaining("answered 500"),
				},
			],
			cost: {
				month: expect.stringMatching(/^\d{4}-\d\d$/),
				usd: 0.2,
				forecast: expect.any(Number),
				posts: 1,
				linked: 1,
				perPost: 0.2,
			},
		});
		expect(Object.keys(status.channels[0] ?? {}).sort()).toEqual(["name", "state", ...Object.keys(counts)].sort());
		const text = await mirsal(["status"], { env: room.env });
		expect(text.code).toBe(0);
		expect(text.stdout).toMatch(/telegram: ok; sent 1/);
	});

	test("without a ledger says so quietly and makes none", async ({ folder }) => {
		const { code, stdout } = await mirsal(["status", "--json"], { cwd: folder });
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ sources: [] });
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe("the ledger", { concurrent: true, timeout: 150_000 }, () => {
	test("H7: a second instance exits 75 and names the first; SIGKILL frees the lock", async ({ open }) => {
		const room = await open();
		const first = await room.begin();
		const second = room.start();
		expect(await second.exit, second.stderr).toBe(75);
		expect(second.stderr).toContain(`pid ${first.pid}`);
		const once = room.start({ args: ["once"] });
		expect(await once.exit).toBe(75);
		room.publish(1);
		await room.shows([1]);
		await first.until(() => first.said("sent").length === 2, "both receipts");
		await first.kill();
		const third = room.start();
		await third.ready();
		room.publish(2);
		await room.shows([1, 2]);
	});

	test.for<[name: string, harm: (bytes: Buffer) => Buffer]>([
		["no database", () => Buffer.from("هذا ليس سجلًا\n".repeat(500))],
		["cut in half", (bytes) => bytes.subarray(0, bytes.length >> 1)],
		[
			"overwritten in the middle",
			(bytes) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0xa5)]),
		],
	])(
		"H6: damaged (%s): run exits 1 naming both commands, and the file stays byte for byte",
		async ([, harm], { open }) => {
			const room = await open();
			const first = await room.begin();
			expect(await first.stop()).toBe(0);
			const file = room.env["STORE_URL"]?.slice("sqlite:".length) ?? "";
			const damaged = harm(readFileSync(file));
			writeFileSync(file, damaged);
			room.publish(1);
			for (const args of [["run"], ["status"]]) {
				const program = room.start({ args });
				expect({ args, code: await program.exit }).toEqual({ args, code: 1 });
				expect(program.stderr).toContain("mirsal ledger check");
				expect(program.stderr).toContain("mirsal ledger restore");
				expect(program.stderr).not.toMatch(/^\s+at /m);
			}
			expect(readFileSync(file).equals(damaged)).toBe(true);
			expect(room.telegramPosts()).toEqual([]);
		},
	);

	test("check, backup and restore", async ({ open, folder }) => {
		const room = await open();
		const program = await room.begin();
		const copy = join(folder, "copy.db");
		expect(await mirsal(["ledger", "backup", copy], { env: room.env })).toMatchObject({ code: 0 });
		expect(await mirsal(["ledger", "check"], { env: room.env })).toMatchObject({ code: 0 });
		expect(await mirsal(["ledger", "restore", copy], { env: room.env })).toMatchObject({ code: 75 });
		await program.stop();
		writeFileSync(room.env["STORE_URL"]?.slice("sqlite:".length) ?? "", "damage");
		expect(await mirsal(["ledger", "check"], { env: room.env })).toMatchObject({ code: 1 });
		expect(await mirsal(["ledger", "restore", copy], { env: room.env })).toMatchObject({ code: 0 });
		// What is older than the restoring would be asked about.
		room.publish(1, { publishedAt: new Date(Date.now() + 1_000) });
		room.start();
		await room.shows([1]);
	});
});

describe("usage", { concurrent: true, timeout: 150_000 }, () => {
	test.for([
		["run"],
		["once"],
		["read"],
		["preview"],
		["check"],
		["status"],
		["ledger"],
		["ledger", "check"],
		["ledger", "backup"],
		["ledger", "restore"],
	])("--help of %s", async (command) => {
		const { code, stdout, stderr } = await mirsal([...command, "--help"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toMatch(new RegExp(`^Usage: mirsal ${command.join(" ")}`));
	});

	test.for<[args: string[], says: RegExp]>([
		[["rum"], /unknown command 'rum'/],
		[["run", "--fast"], /unknown option '--fast'/],
		[["status", "--yaml"], /unknown option '--yaml'/],
		[["ledger", "burn"], /unknown command 'burn'/],
		[["ledger", "backup"], /missing required argument/],
		[["read"], /address or file/],
		[["read", "x.html", "--base", "nowhere"], /--base/],
	])("mirsal %s: exit 2, and the message names it", async ([args, says]) => {
		const { code, stdout, stderr } = await mirsal(args);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toMatch(says);
	});

	test("--version", async () => {
		const { code, stdout } = await mirsal(["--version"]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	});
});

describe("secrets", { concurrent: true, timeout: 150_000 }, () => {
	// The newsroom, when it closes, looks for every secret in all output and in every file.
	test("stay inside whatever fails", async ({ open }) => {
		const room = await open();
		const program = await room.begin({ LOG_LEVEL: "debug" });
		room.telegram.fault("sendMessage", {
			status: 400,
			body: { ok: false, error_code: 400, description: "Bad Request: MEDIA_EMPTY" },
		});
		room.twitter.fault("POST /2/tweets", {
			status: 400,
			body: { title: "Invalid Request", detail: "One or more parameters to your request was invalid." },
		});
		room.publish(1, { publishedAt: new Date(Date.now() - 90_000) });
		await program.until(() => program.said("refused").length === 2, "two refusals");
		room.telegram.fault("sendMessage", { reset: "before" });
		room.twitter.fault("POST /2/tweets", { reset: "before" });
		room.publish(2, { publishedAt: new Date(Date.now() - 60_000) });
		await program.until(
			() => program.log.filter(({ msg }) => msg.startsWith("the answer was lost")).length === 2,
			"two lost answers",
		);
		await program.kill();
		await Promise.all([room.telegram.close(), room.twitter.close()]);
		room.publish(3);
		const second = room.start({ env: { LOG_LEVEL: "debug" } });
		await second.until(() => second.said("new article").length === 1, "the article");
		for (const args of [["check"], ["status"], ["status", "--json"]]) await room.start({ args }).exit;
		await second.stop();
	});

	test("of a source's address stay inside", async ({ open }) => {
		const room = await open();
		const guarded = room.site.feedUrl.replace("http://", "http://salma:canaryPassword99@");
		room.publish(0);
		const program = room.start({ env: { ...QUICK, SOURCES: guarded, LOG_LEVEL: "debug" } });
		await program.until(() => room.site.hits("/feed") >= 2, "looks");
		room.site.set({ status: 401 });
		await program.until(
			() => program.log.some(({ level, source }) => level === "warn" && source !== undefined),
			"a warning",
		);
		const { stdout } = await mirsal(["status", "--json"], { env: { ...room.env, SOURCES: guarded } });
		expect(await program.stop()).toBe(0);
		const ledger = readFileSync(room.env["STORE_URL"]?.slice("sqlite:".length) ?? "", "latin1");
		for (const text of [program.stderr, program.stdout, stdout, ledger]) expect(text).not.toContain("canaryPassword99");
	});
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base } from "vitest";
import { type FakeSite, type NewsItem, type SiteEntry, startSite } from "../servers/site.ts";
import { type FakeTelegram, startTelegram, type TelegramMessage, type TelegramOptions } from "../servers/telegram.ts";
import { type FakeTwitter, startTwitter, type TwitterOptions } from "../servers/twitter.ts";
import { type Program, type ProgramOptions, startProgram, until } from "./program.ts";

export const CHANNEL = -1001234567890;
export const ADMIN = 4242;

/** Every one of them must stay out of all that the program says and keeps. */
export const SECRETS = {
	TELEGRAM_BOT_TOKEN: "710000001:AAH-canary_of_telegram_0123456789ab",
	TWITTER_APP_KEY: "canaryAppKey0123456789",
	TWITTER_APP_SECRET: "canaryAppSecret0123456789abcdefghijklmnop",
	TWITTER_ACCESS_TOKEN: "777001-canaryAccessToken0123456789",
	TWITTER_ACCESS_SECRET: "canaryAccessSecret0123456789abcdefghijkl",
} as const;

/** Looks every second, and does not make tests wait for the pace. */
export const QUICK = { POLL_CRON: "*/1 * * * * *", TELEGRAM_PACE: "1000/1s", TWITTER_PACE: "1000/1s" } as const;

const BODY = [
	"أعلن مجلس المحافظة في جلسته الاعتيادية إقرار تخصيصات الطريق الرابط بين مركز القضاء والقرى المجاورة بعد نقاش استمر ثلاث ساعات.",
	"وقال رئيس لجنة الإعمار إن العمل يبدأ مطلع الشهر المقبل، وإن الشركة المنفذة تعهدت بتسليم المقطع الأول قبل نهاية الصيف.",
	"وطالب الأهالي بشمول الجسر الخشبي القديم بالمشروع لأنه الممر الوحيد لطلبة المدارس في موسم الأمطار.",
].join("\n");

/** An article that is told from others by its number, and needs no page to be complete. */
export const story = (number: number, more: Partial<NewsItem> = {}): NewsItem => ({
	title: `مجلس المحافظة يقر مشروع الطريق رقم ${number}`,
	slug: `road-${number}`,
	body: BODY,
	...more,
});

/** The numbers of the stories in posts, as followers see them. */
export const numbers = (posts: readonly { readonly text?: string }[]): number[] =>
	posts.map(({ text = "" }) => Number(/رقم (\d+)/.exec(text)?.[1] ?? Number.NaN));

export interface NewsroomOptions {
	readonly telegram?: Partial<TelegramOptions>;
	readonly twitter?: Partial<TwitterOptions>;
	readonly site?: Parameters<typeof startSite>[0];
	/** newsroom.yaml. */
	readonly yaml?: string;
}

/** A site, a Telegram and a Twitter, with the settings that connect them. */
export interface Newsroom {
	readonly site: FakeSite;
	readonly telegram: FakeTelegram;
	readonly twitter: FakeTwitter;
	/** The working directory of the programs started here. */
	readonly folder: string;
	readonly env: Readonly<Record<string, string>>;
	/** Runs a command here; settings of `env` replace those of the newsroom, empty ones take them away. */
	start(options?: Partial<ProgramOptions>): Program;
	/** `mirsal run`, until what the site lists has been seen: an old article, unless there are others. */
	begin(env?: Readonly<Record<string, string>>): Promise<Program>;
	/** A second site, closed with the newsroom. */
	anotherSite(port?: number): Promise<FakeSite>;
	publish(number: number, more?: Partial<NewsItem>): SiteEntry;
	telegramPosts(): readonly TelegramMessage[];
	/** Waits until both channels show exactly these stories, in this order. */
	shows(wanted: readonly number[], ms?: number): Promise<void>;
	close(): Promise<void>;
}

export async function newsroom(options: NewsroomOptions = {}): Promise<Newsroom> {
	const [site, telegram, twitter] = await Promise.all([
		startSite(options.site),
		startTelegram({
			token: SECRETS.TELEGRAM_BOT_TOKEN,
			channels: [{ id: CHANNEL, username: "nakhla_news" }],
			users: [{ id: ADMIN, first_name: "سلمى" }],
			...options.telegram,
		}),
		startTwitter({
			appKey: SECRETS.TWITTER_APP_KEY,
			appSecret: SECRETS.TWITTER_APP_SECRET,
			accessToken: SECRETS.TWITTER_ACCESS_TOKEN,
			accessSecret: SECRETS.TWITTER_ACCESS_SECRET,
			user: { id: "777001", username: "nakhla_news", name: "نخلة" },
			...options.twitter,
		}),
	]);
	const folder = mkdtempSync(join(tmpdir(), "mirsal-e2e-"));
	if (options.yaml !== undefined) writeFileSync(join(folder, "newsroom.yaml"), options.yaml);
	const programs: Program[] = [];
	const others: FakeSite[] = [];
	const env = {
		...QUICK,
		...SECRETS,
		SOURCES: site.feedUrl,
		TELEGRAM_CHANNEL: "@nakhla_news",
		TELEGRAM_API_ROOT: telegram.url,
		TWITTER_API_ROOT: twitter.url,
		ALLOW_PRIVATE_HOSTS: site.host,
		STORE_URL: `sqlite:${join(folder, "ledger", "mirsal.db")}`,
		WEB_ADDRESS: "off",
	};
	const telegramPosts = () => telegram.posts(CHANNEL);
	const words = () =>
		`telegram: ${numbers(telegramPosts())}\ntwitter: ${numbers(twitter.posts())}\n${programs.at(-1)?.stderr.slice(-4_000) ?? ""}`;

	const room: Newsroom = {
		site,
		telegram,
		twitter,
		folder,
		env,
		telegramPosts,
		start({ args = ["run"], env: more = {}, cwd = folder, ...rest } = {}) {
			const program = startProgram({ args, env: { ...env, ...more }, cwd, ...rest });
			programs.push(program);
			return program;
		},
		async begin(more = {}) {
			if (site.items.length === 0) site.publish(story(0, { publishedAt: new Date(Date.now() - 60_000) }));
			const program = room.start({ env: more });
			// The second look begins after the first one is written down.
			await program.until(() => site.hits("/feed") >= 2, "the first visit");
			return program;
		},
		async anotherSite(port) {
			const other = await startSite(port === undefined ? {} : { port });
			others.push(other);
			return other;
		},
		publish: (number, more) => site.publish(story(number, more)),
		async shows(wanted, ms) {
			const same = (posts: readonly { readonly text?: string }[]) => String(numbers(posts)) === String(wanted);
			await until(() => same(telegramPosts()) && same(twitter.posts()), `posts ${wanted}`, ms, words);
		},
		async close() {
			await Promise.all(programs.map((program) => program.close()));
			await Promise.all([...others.map((other) => other.close()), site.close(), telegram.close(), twitter.close()]);
			const kept = filesIn(folder).map((file) => [file, readFileSync(file, "latin1")] as const);
			rmSync(folder, { recursive: true, force: true });
			const leaks = [
				...programs.flatMap(({ stdout, stderr }) => [["stdout", stdout] as const, ["stderr", stderr] as const]),
				...kept,
			].flatMap(([where, text]) =>
				Object.entries(SECRETS).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${where}`] : [])),
			);
			if (leaks.length > 0) throw new Error(`a secret left the program: ${leaks.join(", ")}`);
			const wrong = [...telegram.invalid, ...twitter.invalid];
			if (wrong.length > 0) throw new Error(`requests against the platforms' schemas: ${wrong.join("; ")}`);
		},
	};
	return room;
}

/** What the program writes is searched for secrets; what a test puts there itself is named so. */
const filesIn = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile() && !/^(given-.*|\.env)$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name));

/** Tests with newsrooms that are closed behind them; closing also proves that no secret left and no request was against a schema. */
export const test = base.extend<{
	open: (options?: NewsroomOptions) => Promise<Newsroom>;
	/** A folder of the test's own. */
	folder: string;
}>({
	// biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are wanted
	folder: async ({}, use) => {
		const folder = mkdtempSync(join(tmpdir(), "mirsal-e2e-"));
		await use(folder);
		rmSync(folder, { recursive: true, force: true });
	},
	// biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are wanted
	open: async ({}, use) => {
		const rooms: Newsroom[] = [];
		await use(async (options) => {
			const room = await newsroom(options);
			rooms.push(room);
			return room;
		});
		for (const room of rooms) await room.close();
	},
});

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { config as loadEnvironment } from "dotenv";
import type { App } from "./app.ts";
import { systemClock } from "./clock.ts";
import { readSettings, type Settings } from "./config.ts";
import { openLog } from "./log.ts";
import type { Log } from "./ports.ts";
import type { Post } from "./post/post.ts";
import { redactor, secretsIn } from "./redact.ts";
import { showPost } from "./show.ts";
import type { Tools } from "./tools.ts";
import { readVariables } from "./variables.ts";

/** The whole of a stop, in milliseconds: the open send has 20 s for its answer. */
const STOP_WITHIN = 24_000;
/** The demo publishes this often, in milliseconds. */
const DEMO_EVERY = 4_000;

const BUILTIN = join(dirname(fileURLToPath(import.meta.url)), "..", "templates");

/** What an opened house is used with. */
export interface House {
	readonly app: App;
	readonly settings: Settings;
	readonly log: Log;
	/** Fires on SIGTERM or SIGINT. */
	readonly signal: AbortSignal;
}

/** Everything between the operating system and the house: settings from the environment and `.env`, standard output and error with every secret taken out, signals. */
export function openShell(options: {
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly version: string;
}) {
	const { version } = options;
	const clock = systemClock();
	let redact = redactor([]);

	const out = (text: string) => void process.stdout.write(`${redact(text)}\n`);
	const complain = (text: string) => void process.stderr.write(`${redact(text)}\n`);

	/** Reads the settings. Throws ConfigError. */
	function settle(wanted: { readonly sources: boolean } = { sources: true }): Settings {
		// An empty variable is an unset one: it must not hide the line of .env.
		const environment: Record<string, string> = {};
		for (const [name, value] of Object.entries(options.environment)) if (value?.trim()) environment[name] = value;
		loadEnvironment({ quiet: true, processEnv: environment });
		const read = (path: string) => readFileSync(path, "utf8");
		const variables = readVariables(environment, read);
		redact = redactor(variables.secrets);
		const settings = readSettings(variables, { exists: existsSync, read }, version, wanted);
		redact = redactor([...variables.secrets, ...settings.sources.flatMap(({ url }) => secretsIn(url))]);
		return settings;
	}

	function logOf(settings: Settings, quiet: boolean): Promise<Log> {
		const level = quiet && settings.logLevel === "info" ? "warn" : settings.logLevel;
		return openLog({
			level,
			redact,
			pretty: process.stderr.isTTY === true,
			write: (line) => void process.stderr.write(line),
		});
	}

	async function withTools<T>(
		settings: Settings,
		use: (tools: Tools, log: Log) => Promise<T>,
		given?: Log,
	): Promise<T> {
		const log = given ?? (await logOf(settings, true));
		const { openTools } = await import("./tools.ts");
		const tools = await openTools(settings, { builtin: BUILTIN, log, now: clock.now });
		try {
			return await use(tools, log);
		} finally {
			await tools.close();
		}
	}

	/** Fires on the first SIGTERM or SIGINT; a second one, or a stop that takes too long, ends the process at once. */
	function untilStopped(log: Log): { readonly signal: AbortSignal; stopped(): void } {
		const stopping = new AbortController();
		let calm = () => {};
		const stop = (signal: NodeJS.Signals) => {
			if (stopping.signal.aborted) process.exit(1);
			log.info({ signal }, "stopping: what is being sent is finished, the rest is kept");
			calm = clock.at(new Date(clock.now().getTime() + STOP_WITHIN), () => {
				log.error({}, "the stop took too long; what was being sent is looked for at the next start");
				process.exit(1);
			});
			stopping.abort();
		};
		process.on("SIGTERM", stop);
		process.on("SIGINT", stop);
		return { signal: stopping.signal, stopped: () => calm() };
	}

	return {
		clock,
		redact: (text: string) => redact(text),
		out,
		/** Prints many lines no faster than they are read; who listens may leave before the end. */
		async outEach(lines: AsyncIterable<string>): Promise<void> {
			async function* clean() {
				for await (const line of lines) yield `${redact(line)}\n`;
			}
			await pipeline(Readable.from(clean()), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
				if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
			});
		},
		complain,
		settle,
		withTools,

		/** Opens the house with the user's settings, or with the demo's when there are none, and closes it after `use`. */
		async withApp(use: (house: House) => Promise<void>): Promise<void> {
			// The heap may grow little between two collections: a small server has more time than memory to spare.
			setFlagsFromString("--heap-growing-percent=15");
			const given = settle();
			const log = await logOf(given, false);
			const { openApp } = await import("./app.ts");
			const { signal, stopped } = untilStopped(log);
			const crash = (error: unknown) => {
				log.error({ error: String(error) }, "a fault that nobody expected; ending, so that a fresh start can recover");
				process.exit(1);
			};
			process.on("unhandledRejection", crash);
			process.on("uncaughtException", crash);
			const demo = given.demo
				? await (await import("./app-demo.ts")).openDemo(given, { builtin: BUILTIN, clock, every: DEMO_EVERY })
				: undefined;
			const settings = demo?.settings ?? given;
			const color = process.stdout.isTTY === true;
			const show = (post: Post) => out(showPost(post, { color, label: `${post.channel} (preview: shown, not sent)` }));
			const house = async (tools: Tools) => {
				const app = await openApp(settings, { tools, clock, log, version, show, redact });
				for (const warning of settings.warnings) log.warn({}, warning);
				try {
					await use({ app, settings, log, signal });
				} finally {
					await app.stop();
				}
			};
			try {
				await withTools(settings, house, log);
			} finally {
				await demo?.stop();
				stopped();
			}
		},
	};
}

#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Command, CommanderError, Option } from "commander";
import { cardCommand } from "./cli-card.ts";
import { ledgerCommands } from "./cli-ledger.ts";
import { ConfigError } from "./config.ts";
import type { Reading } from "./read.ts";
import { openShell } from "./shell.ts";
import { articleText, outside, PREVIEWS, type Preview } from "./show.ts";
import { type Illustrate, previewer } from "./show-preview.ts";
import type { Tools } from "./tools.ts";
import { takeSecrets } from "./variables.ts";

const FAILED = 1;
const WRONG = 2;
const HELD = 75;

const { version } = createRequire(import.meta.url)("../package.json") as { version: string };
const shell = openShell({ environment: takeSecrets(process.env), version });
const { clock, out, complain, settle, withTools, withApp } = shell;

// Who listens may leave before we are done (mirsal read … | head): that must not end a process that posts.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

/** What went wrong was said already; only the exit code is left. */
class Exit extends Error {
	readonly code: number;
	constructor(code: number) {
		super(`exit ${code}`);
		this.code = code;
	}
}

async function run(): Promise<void> {
	await withApp(async ({ app, settings, log, signal }) => {
		if (settings.demo)
			complain(
				"This is the demo newsroom. To post for real, copy .env.example to .env and fill in SOURCES, TELEGRAM_BOT_TOKEN and TELEGRAM_CHANNEL, or the four TWITTER_ keys; then: npx mirsal check. Ctrl-C stops.",
			);
		log.info(
			{
				version,
				sources: settings.sources.map(({ name }) => name),
				channels: settings.channels.map(({ name, telegram, twitter }) =>
					telegram || twitter ? name : `${name} (preview)`,
				),
				ledger: settings.ledger,
			},
			"ready",
		);
		await app.start();
		if (!signal.aborted)
			await new Promise<void>((stopped) => signal.addEventListener("abort", () => stopped(), { once: true }));
	});
}

async function once(): Promise<void> {
	const { runOnce } = await import("./once.ts");
	let problems: readonly string[] = [];
	await withApp(async ({ app, log, signal }) => {
		problems = await runOnce(app, { clock, log, signal });
	});
	for (const problem of problems) complain(problem);
	if (problems.length > 0) throw new Exit(FAILED);
}

/** For one input with all the pages of its entries, in milliseconds. */
const READ_WITHIN = 120_000;

interface ReadOptions {
	readonly json?: boolean;
	readonly base?: string;
	readonly inputsFrom?: string;
}

function listIn(file: string): readonly string[] {
	try {
		return readFileSync(file === "-" ? 0 : file, "utf8").split(/\r?\n/);
	} catch (error) {
		throw new ConfigError([`--inputs-from: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`]);
	}
}

async function readEach(
	inputs: readonly string[],
	options: ReadOptions,
	each: (reading: Reading, tools: Tools, illustrate: Illustrate) => void | Promise<void>,
	end: (tools: Tools) => void = () => {},
): Promise<void> {
	const listed = options.inputsFrom === undefined ? [] : listIn(options.inputsFrom);
	const all = [...inputs, ...listed].map((input) => input.trim()).filter(Boolean);
	if (all.length === 0) throw new ConfigError(["name at least one address or file, or --inputs-from FILE"]);
	if (options.base !== undefined && !URL.canParse(options.base))
		throw new ConfigError([`--base: «${options.base}» is no web address`]);
	let failed = false;
	const settings = settle({ sources: false });
	await withTools(settings, async (tools, log) => {
		const illustrate: Illustrate = async (post, article, signal) => {
			illustrator ??= import("./app-pictures.ts").then((pictures) =>
				pictures.openIllustrator(settings, { web: tools.web, log }),
			);
			return (await illustrator).add(post, article, signal);
		};
		let illustrator: Promise<{ readonly add: Illustrate }> | undefined;
		for (const input of all) {
			try {
				for (const reading of await tools.reader.read(input, {
					base: options.base,
					signal: AbortSignal.timeout(READ_WITHIN),
				}))
					await each(reading, tools, illustrate);
			} catch (error) {
				failed = true;
				const words = error instanceof Error ? error.message : String(error);
				if (options.json) out(JSON.stringify({ input, error: words }));
				else complain(`${input}: ${words}`);
			}
		}
		end(tools);
	});
	if (failed) throw new Exit(FAILED);
}

const program = new Command("mirsal")
	.description(
		"Brings every new article of a newsroom's site to its Telegram channel and its Twitter account: once, in order, in Arabic.",
	)
	.version(version)
	.exitOverride()
	.configureHelp({ showGlobalOptions: true });

program
	.command("run")
	.description("watch and post until SIGTERM or SIGINT; without any setting: the demo newsroom")
	.action(run);
program
	.command("once")
	.description(
		"look at every source once, deliver everything that is due, and exit; 1 if something failed or still waits",
	)
	.action(once);

const inputs = (command: Command) =>
	command
		.argument("[inputs...]", "addresses or files: feeds or article pages")
		.option("--json", "one JSON object a line")
		.option("--inputs-from <file>", "read the list of inputs from a file, one a line (- is standard input)")
		.option("--base <url>", "the address of a file")
		.exitOverride();

inputs(
	program
		.command("read")
		.description("read sources or article pages and print their articles; stores nothing, posts nothing"),
).action(async (given: string[], options: ReadOptions) => {
	await readEach(given, options, ({ article }) =>
		out(options.json ? JSON.stringify(outside(article)) : articleText(article)),
	);
});

inputs(program.command("preview").description("as read, with the posts that would be made; sends nothing"))
	.addOption(new Option("--as <occasion>", "show the posts for another occasion").choices(PREVIEWS))
	.action(async (given: string[], options: ReadOptions & { readonly as?: Preview }) => {
		const { json = false, as } = options;
		const { each, end } = previewer({ as, json, color: process.stdout.isTTY === true, out });
		await readEach(given, options, each, end);
	});

cardCommand(program, shell, (bytes) => void process.stdout.write(bytes));

program
	.command("check")
	.description("check the settings and, with credentials, the channels' rights; every problem in one list")
	.action(async () => {
		const settings = settle();
		const [{ openLedgerBeside }, { check }] = await Promise.all([import("./app.ts"), import("./check.ts")]);
		// «Who am I» is billed, so it is booked; where nothing was ever sent there is no ledger, and none is made.
		const ledger = existsSync(settings.ledger) ? await openLedgerBeside(settings, clock, "beside") : undefined;
		const findings = await withTools(settings, (tools) =>
			check(settings, { tools, clock, ...(ledger ? { ledger } : {}) }),
		).finally(() => ledger?.close());
		if (settings.demo)
			out(
				"No settings yet: npm start runs the demo newsroom. To post for real, copy .env.example to .env and fill it in.",
			);
		for (const { ok, what, words } of findings) out(`${ok ? "✓" : "✗"} ${what}: ${words}`);
		if (findings.some(({ ok }) => !ok)) throw new Exit(FAILED);
	});

program
	.command("status")
	.description("how things stand; works beside a live instance")
	.option("--json", "as JSON")
	.action(async (options: { json?: boolean }) => {
		const settings = settle({ sources: false });
		const [{ openLedgerBeside }, { readStatus, statusText }] = await Promise.all([
			import("./app.ts"),
			import("./status.ts"),
		]);
		const ledger = await openLedgerBeside(settings, clock);
		try {
			const now = clock.now();
			const status = await readStatus(ledger, { ...settings, now });
			out(options.json ? JSON.stringify(status) : statusText(status, now));
		} finally {
			await ledger.close();
		}
	});

program
	.command("approve")
	.description("post what is held for a decision; a live instance carries it out within a minute, else the next start")
	.argument("[source]", "only what is held from this source, by its name in mirsal status; all of it by default")
	.addOption(new Option("--latest", "post only the newest 3 of each").conflicts("skip"))
	.option("--skip", "post none of it")
	.exitOverride()
	.action(async (source: string | undefined, options: { latest?: boolean; skip?: boolean }) => {
		const settings = settle({ sources: false });
		const [{ openLedgerBeside }, { release }] = await Promise.all([import("./app.ts"), import("./holds.ts")]);
		const ledger = await openLedgerBeside(settings, clock, "beside");
		try {
			const names: string[] = [];
			for await (const hold of ledger.holds())
				if (source === undefined || hold.source === source) names.push(hold.name);
			let count = 0;
			const channels = settings.channels.map(({ name }) => name);
			const answer = options.skip ? "none" : options.latest ? "latest" : "all";
			for (const name of names)
				count += await release({ ledger, channels, now: clock.now }, name, answer, "mirsal approve");
			if (names.length === 0) {
				complain(
					source === undefined
						? "Nothing is held."
						: `Nothing is held from «${source}»: mirsal status names the sources.`,
				);
				throw new Exit(FAILED);
			}
			out(`Decided about ${count} held ${count === 1 ? "article" : "articles"}.`);
		} finally {
			await ledger.close();
		}
	});

ledgerCommands(program, shell, () => new Exit(FAILED));

function exitCodeOf(error: unknown): number {
	if (error instanceof Exit) return error.code;
	if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG;
	const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
	complain(message);
	if (name === "ConfigError" || name === "TemplateError" || name === "LedgerNewerError" || name === "PortTakenError")
		return WRONG;
	return name === "LedgerHeldError" ? HELD : FAILED;
}

try {
	await program.parseAsync();
} catch (error) {
	process.exitCode = exitCodeOf(error);
}

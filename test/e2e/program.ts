import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built program. */
export const CLI = join(dirname(fileURLToPath(import.meta.url)), "../../dist/cli.js");

/** One line of the program's log. */
export interface LogLine {
	readonly level: string;
	readonly time: string;
	readonly msg: string;
	readonly [field: string]: unknown;
}

export interface ProgramOptions {
	readonly args: readonly string[];
	/** Everything the program finds in its environment, beside PATH. */
	readonly env?: Readonly<Record<string, string>>;
	/** The working directory; an empty temporary one by default. */
	readonly cwd?: string;
	/** What stands on its standard input. */
	readonly input?: string;
	/** What is started instead of the built program itself. */
	readonly command?: string;
}

export interface Program {
	readonly pid: number;
	readonly folder: string;
	readonly stdout: string;
	readonly stderr: string;
	readonly log: readonly LogLine[];
	/** The exit code; undefined after a signal. */
	readonly exit: Promise<number | undefined>;
	/** The lines of the log with this message. */
	said(msg: string): readonly LogLine[];
	/** Resolves once `check` holds; rejects with what the program said when it does not within `ms`, or when the program ends before. */
	until(check: () => boolean, what: string, ms?: number): Promise<void>;
	ready(): Promise<void>;
	/** Stops listening to its standard output, as `head` does. */
	leave(): void;
	/** SIGTERM, unless said otherwise; gives the exit code. */
	stop(signal?: NodeJS.Signals): Promise<number | undefined>;
	/** SIGKILL. */
	kill(): Promise<void>;
	/** Ends it, if it lives, and removes its folder, if it was its own. */
	close(): Promise<void>;
}

/** Resolves once `check` holds; rejects with `what` and `more` when it does not within `ms`. */
export async function until(check: () => boolean, what: string, ms = 60_000, more = () => ""): Promise<void> {
	const end = Date.now() + ms;
	while (!check()) {
		if (Date.now() > end) throw new Error(`${what}: not reached within ${ms} ms\n${more()}`);
		await new Promise((resolve) => setTimeout(resolve, 15));
	}
}

/** Starts the built program as a user would. */
export function startProgram({ args, env = {}, cwd, input, command }: ProgramOptions): Program {
	const folder = cwd ?? mkdtempSync(join(tmpdir(), "mirsal-e2e-"));
	const child: ChildProcess = spawn(command ?? process.execPath, command ? [...args] : [CLI, ...args], {
		cwd: folder,
		env: { PATH: process.env["PATH"] ?? "", ...env },
		stdio: ["pipe", "pipe", "pipe"],
	});
	child.stdin?.on("error", () => {});
	child.stdin?.end(input ?? "");
	let stdout = "";
	let stderr = "";
	child.stdout?.setEncoding("utf8").on("data", (text: string) => {
		stdout += text;
	});
	child.stderr?.setEncoding("utf8").on("data", (text: string) => {
		stderr += text;
	});
	let ended = false;
	const exit = new Promise<number | undefined>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code) => {
			ended = true;
			resolve(code ?? undefined);
		});
	});
	const lines = (): LogLine[] =>
		stderr
			.split("\n")
			.filter((line) => line.startsWith("{") && line.endsWith("}"))
			.map((line) => JSON.parse(line) as LogLine);
	const words = () => `$ mirsal ${args.join(" ")}\n${stderr.slice(-4_000)}\n${stdout.slice(-1_000)}`;
	const program: Program = {
		pid: child.pid as number,
		folder,
		exit,
		get stdout() {
			return stdout;
		},
		get stderr() {
			return stderr;
		},
		get log() {
			return lines();
		},
		said: (msg) => lines().filter((line) => line.msg === msg),
		async until(check, what, ms) {
			await until(() => check() || ended, what, ms, words);
			if (!check()) throw new Error(`${what}: the program ended before\n${words()}`);
		},
		ready: () => program.until(() => program.said("ready").length > 0, "ready"),
		leave() {
			child.stdout?.destroy();
		},
		async stop(signal = "SIGTERM") {
			child.kill(signal);
			return exit;
		},
		async kill() {
			child.kill("SIGKILL");
			await exit;
		},
		async close() {
			if (!ended) await program.kill();
			if (cwd === undefined) rmSync(folder, { recursive: true, force: true });
		},
	};
	return program;
}

import pino from "pino";
import type { Log } from "./ports.ts";

export type Level = "debug" | "info" | "warn" | "error" | "silent";

/** Logs as JSON lines, readable ones on a terminal. Every line passes `redact` at the sink, so that no secret leaves whatever was logged. */
export async function openLog(options: {
	readonly level: Level;
	readonly redact: (text: string) => string;
	readonly pretty: boolean;
	readonly write: (line: string) => void;
}): Promise<Log> {
	const { redact, write } = options;
	const layOut = options.pretty
		? (await import("pino-pretty")).default.prettyFactory({
				colorize: true,
				translateTime: "SYS:HH:MM:ss",
				ignore: "pid,hostname",
				singleLine: true,
			})
		: (line: string) => line;
	const sink = { write: (line: string) => write(redact(layOut(line))) };
	const logger: Log = pino(
		{
			level: options.level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
		},
		sink,
	);
	return logger;
}

import type { Command } from "commander";
import type { openShell } from "./shell.ts";
import type { CardOptions } from "./show-card.ts";

/** For the article with its page, in milliseconds. */
const READ_WITHIN = 120_000;

/** Adds `mirsal card` to the program. */
export function cardCommand(
	program: Command,
	shell: Pick<ReturnType<typeof openShell>, "settle" | "withTools" | "out" | "complain">,
	write: (bytes: Uint8Array) => void,
): void {
	const { settle, withTools, out, complain } = shell;
	program
		.command("card")
		.description("draw the headline card of an article, as PNG; sends nothing")
		.argument("<input>", "address or file of an article")
		.requiredOption("-o, --output <file>", "where to write it (- is standard output)")
		.option("--breaking", "as breaking news")
		.option("--dark", "in dark colours")
		.option("--base <url>", "the address of a file")
		.exitOverride()
		.action(async (input: string, options: CardOptions) => {
			const settings = settle({ sources: false });
			const { writeCard } = await import("./show-card.ts");
			await withTools(settings, (tools, log) =>
				writeCard(input, options, {
					settings,
					tools,
					log,
					out,
					complain,
					write,
					signal: AbortSignal.timeout(READ_WITHIN),
				}),
			);
		});
}

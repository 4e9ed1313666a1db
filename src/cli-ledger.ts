import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import type { Backup } from "./ledger/backups.ts";
import type { openShell } from "./shell.ts";

type Shell = Pick<ReturnType<typeof openShell>, "clock" | "out" | "outEach" | "complain" | "settle" | "redact">;

/** Adds `mirsal ledger …` to the program; `failed` makes the error that ends it with exit code 1 when everything was said. */
export function ledgerCommands(program: Command, shell: Shell, failed: () => Error): void {
	const { clock, out, outEach, complain, redact } = shell;
	// What looks after the ledger must work while a source's setting is wrong.
	const ledgerPath = () => shell.settle({ sources: false }).ledger;
	const command = program.command("ledger").description("look after the ledger's file").exitOverride();

	command
		.command("check")
		.description("look for damage, in the file and in the order of what it holds; 1 if there is any")
		.action(async () => {
			const ledger = ledgerPath();
			const { checkSqlite } = await import("./ledger/sqlite-file.ts");
			const problems = await checkSqlite(ledger);
			if (problems.length === 0) {
				const [{ openSqlite }, { disorder }] = await Promise.all([
					import("./ledger/sqlite.ts"),
					import("./ledger/order.ts"),
				]);
				const store = await openSqlite({ path: ledger, lock: false, still: true, now: clock.now });
				try {
					for await (const problem of disorder(store)) problems.push(problem);
				} finally {
					await store.close();
				}
			}
			for (const problem of problems) complain(problem);
			if (problems.length > 0) throw failed();
			out(`${ledger} is whole.`);
		});

	command
		.command("backup")
		.description("write a copy of the ledger; works beside a live instance")
		.argument("<file>", "where to write it")
		.action(async (file: string) => {
			const { backupSqlite } = await import("./ledger/sqlite-file.ts");
			await backupSqlite(ledgerPath(), file);
			out(`Written to ${file}.`);
		});

	command
		.command("restore")
		.description("put a backup in the ledger's place; what stood there is kept under another name")
		.argument("[file]", "the backup; without it, the daily ones are listed")
		.action(async (file: string | undefined) => {
			const ledger = ledgerPath();
			if (file === undefined) {
				const { backupFolder, listBackups } = await import("./ledger/backups.ts");
				const backups = listBackups(ledger);
				if (backups.length === 0) return out(`There is no backup in ${backupFolder(ledger)} yet.`);
				for (const backup of backups) out(lineOf(backup));
				return out("To put one in the ledger's place, stop Mirsal and name it: mirsal ledger restore FILE");
			}
			const [{ restoreSqlite }, { openSqlite }, { doubtRestored }] = await Promise.all([
				import("./ledger/sqlite-file.ts"),
				import("./ledger/sqlite.ts"),
				import("./ledger/restored.ts"),
			]);
			const { kept } = await restoreSqlite(ledger, file, async (copy) => {
				const store = await openSqlite({ path: copy, lock: "beside", now: clock.now });
				try {
					await doubtRestored(store, clock.now());
				} finally {
					await store.close();
				}
			});
			out(
				kept === undefined
					? `${file} is the ledger now.`
					: `${file} is the ledger now; the former one is kept as ${kept}.`,
			);
			out(
				"What it does not know of may have been posted since it was made: articles from before now that are new to it wait for a word of the admins.",
			);
		});

	command
		.command("open")
		.description(
			"decrypt and unpack a copy of the ledger that the bot has sent; LEDGER_KEY is the one that it was encrypted with",
		)
		.argument("<file>", "the copy, as it came from the bot")
		.argument("<to>", "where to write the ledger; it must not exist")
		.action(async (file: string, to: string) => {
			const { ledgerKey } = shell.settle({ sources: false });
			const { unpack } = await import("./ledger/sealed.ts");
			try {
				writeFileSync(to, unpack(readFileSync(file), ledgerKey), { flag: "wx", mode: 0o600 });
			} catch (error) {
				complain(error instanceof Error ? error.message : String(error));
				throw failed();
			}
			out(`Written to ${to}. To put it in the ledger's place, stop Mirsal and run: mirsal ledger restore ${to}`);
		});

	command
		.command("export")
		.description("everything in the ledger as JSON lines, without secrets; works beside a live instance")
		.argument("[file]", "where to write it; - is standard output", "-")
		.action(async (file: string) => {
			const ledger = ledgerPath();
			if (!existsSync(ledger)) {
				complain(`There is no ledger at ${ledger}.`);
				throw failed();
			}
			const [{ openSqlite }, { lines }] = await Promise.all([
				import("./ledger/sqlite.ts"),
				import("./ledger/order.ts"),
			]);
			const store = await openSqlite({ path: ledger, lock: false, now: clock.now });
			try {
				if (file === "-") return await outEach(lines(store));
				await writeWhole(file, lines(store), redact);
			} finally {
				await store.close();
			}
			out(`Written to ${file}.`);
		});
}

function lineOf({ file, at, size }: Backup): string {
	return `${file}  ${at.toISOString().slice(0, 16).replace("T", " ")} UTC  ${(size / 1_000_000).toFixed(1)} MB`;
}

/** Under another name first, so that half a file never bears the wanted one. */
async function writeWhole(file: string, lines: AsyncIterable<string>, redact: (text: string) => string): Promise<void> {
	const { sync } = await import("./ledger/sqlite-file.ts");
	const target = resolve(file);
	const partial = `${target}.${process.pid}.partial`;
	async function* clean() {
		for await (const line of lines) yield `${redact(line)}\n`;
	}
	try {
		await pipeline(Readable.from(clean()), createWriteStream(partial, { mode: 0o600 }));
		sync(partial);
		renameSync(partial, target);
		sync(dirname(target));
	} finally {
		rmSync(partial, { force: true });
	}
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLI, type ProgramOptions } from "./program.ts";

/** A place for a ledger that can come to take nothing more. */
export interface SmallDisk {
	/** How it is done: a file system of its own, or a limit on the size of the program's files, where none may be mounted and for a disk that fails. */
	readonly how: "tmpfs" | "file-size limit";
	readonly folder: string;
	/** From now on a program can write nothing more. */
	fill(pid: number): void;
	/** There is room again. */
	free(pid: number): void;
	/** Makes it read-only; gives the options of a program that meets it so. */
	closed(options: Pick<ProgramOptions, "args" | "env">): Partial<ProgramOptions>;
	/** Makes it writable again. */
	open(): void;
	close(): void;
}

export function smallDisk(kind: "full" | "failing" | "read-only"): SmallDisk {
	const folder = mkdtempSync(join(tmpdir(), "mirsal-disk-"));
	const limited = limit(folder);
	if (kind === "failing") return limited;
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], { stdio: "ignore" });
	} catch {
		return limited;
	}
	const filler = join(folder, "given-filler");
	const remount = (how: "ro" | "rw") => execFileSync("mount", ["-o", `remount,${how}`, folder]);
	return {
		how: "tmpfs",
		folder,
		fill() {
			for (const size of [65_536, 4_096, 1]) {
				try {
					for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: "a" });
				} catch (error) {
					if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
				}
			}
		},
		free: () => rmSync(filler),
		closed(options) {
			remount("ro");
			return options;
		},
		open: () => void remount("rw"),
		close() {
			// A program that a failed test left behind may still be there.
			execFileSync("umount", ["--lazy", folder]);
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Each write that would make a file longer fails (EFBIG). Node ignores the signal that comes with it. */
function limit(folder: string): SmallDisk {
	const set = (pid: number, bytes: string) =>
		void execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
	return {
		how: "file-size limit",
		folder,
		fill: (pid) => set(pid, "0"),
		free: (pid) => set(pid, "unlimited"),
		closed: ({ args, ...rest }) => ({
			...rest,
			command: "prlimit",
			args: ["--fsize=0:unlimited", process.execPath, CLI, ...args],
		}),
		open() {},
		close: () => rmSync(folder, { recursive: true, force: true }),
	};
}

import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { sync } from "./sqlite-file.ts";

/** The file beside a ledger which says that the ledger was in use, so that an empty one in its place is known for a loss and not taken for a new start. */
export interface Marker {
	stands(): boolean;
	/** When it was written; undefined while it does not stand. */
	since(): Date | undefined;
	/** Writes it, durable when this returns; writing it again changes nothing. Throws the system's error when the disk refuses. */
	write(): void;
}

const WORDS = `The ledger beside this file was in use. If the ledger disappears while this file stands, Mirsal posts
nothing of what the sources list by then: bring it back with \`mirsal ledger restore FILE\`, or let
Mirsal go on from now. Delete both files for a new start.
`;

/** The marker `<ledger>.initialised` of the ledger at this path. */
export function ledgerMarker(ledger: string): Marker {
	const file = `${resolve(ledger)}.initialised`;
	return {
		stands: () => existsSync(file),
		since: () => statSync(file, { throwIfNoEntry: false })?.mtime,
		write() {
			if (existsSync(file)) return;
			const partial = `${file}.partial`;
			try {
				writeFileSync(partial, WORDS);
				sync(partial);
				renameSync(partial, file);
				sync(dirname(file));
			} finally {
				rmSync(partial, { force: true });
			}
		},
	};
}

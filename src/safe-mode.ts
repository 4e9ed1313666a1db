import type { Ledger } from "./ledger/ledger.ts";
import type { Admins, Log } from "./ports.ts";

/** What is known of a ledger beside itself: whether it was in use before. */
export interface LedgerMarker {
	stands(): boolean;
	write(): void;
}

export interface SafeModeParts {
	readonly ledger: Ledger;
	/** Undefined for a ledger that is thrown away, such as the demo's. */
	readonly marker: LedgerMarker | undefined;
	/** Names of the sources that are watched. */
	readonly sources: readonly string[];
	readonly admins: Pick<Admins, "notify" | "resolve">;
	readonly log: Log;
}

/** Whether Mirsal works with an empty ledger in the place of one that disappeared. */
export interface SafeMode {
	readonly on: boolean;
	/** Looks whether it is over: once every source has had a successful poll. */
	settle(): Promise<void>;
	/** Notes that a first poll stands in the ledger. Never throws: what the disk refuses is tried again later. */
	initialised(): void;
}

/** The incident under which the admins are told of a lost ledger. */
const INCIDENT = "safe-mode";

/**
 * Keeps an empty ledger from being taken for a new start. When the ledger knows no source while its marker stands, everything that the sources list now is to be marked as seen, with nothing posted,
 * until each of them has been read once. The mode itself stands in the ledger, so it outlasts a death.
 */
export async function openSafeMode({ ledger, marker, sources, admins, log }: SafeModeParts): Promise<SafeMode> {
	let marked = marker === undefined;
	const initialised = () => {
		if (marked) return;
		try {
			marker?.write();
			marked = true;
		} catch (error) {
			log.warn(
				{ error: error instanceof Error ? error.message : String(error) },
				"the marker beside the ledger could not be written; it is tried again",
			);
		}
	};

	let on = (await ledger.safeMode()) !== undefined;
	if (!on && marker?.stands() && !(await ledger.knowsSources())) {
		await ledger.beginSafeMode();
		on = true;
	}
	if (on) {
		log.warn(
			{ command: "mirsal ledger restore FILE" },
			"safe mode: the ledger is empty although it was in use before. What the sources list now is marked as seen and not posted. Bring back a backup with the command, or let it go on from now",
		);
		await admins.notify({ sentence: "safeMode", fields: {}, incident: INCIDENT });
	}
	if (await ledger.knowsVisits()) initialised();

	return {
		get on() {
			return on;
		},
		initialised,
		async settle() {
			if (!marked && (await ledger.knowsVisits())) initialised();
			if (!on) return;
			for (const name of sources) if ((await ledger.source(name))?.firstVisit === undefined) return;
			await ledger.endSafeMode();
			on = false;
			log.info({}, "safe mode is over: every source was read, and what is new from now on is posted");
			await admins.resolve({ sentence: "safeModeOver", fields: {}, incident: INCIDENT });
		},
	};
}

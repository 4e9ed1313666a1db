import type { Ledger } from "./ledger/ledger.ts";
import type { Admins, Clock, Log } from "./ports.ts";

/** Where copies of the ledger go. */
export interface LedgerBackups {
	last(now: Date): Date | undefined;
	make(now: Date, signal: AbortSignal): Promise<string>;
}

export interface CareParts {
	readonly ledger: Ledger;
	readonly channels: readonly string[];
	/** Undefined for a ledger that is thrown away, such as the demo's. */
	readonly backups: LedgerBackups | undefined;
	/** Since when the ledger is in use; undefined while it is not. */
	readonly since: () => Date | undefined;
	/** Forgets a little of what nobody needs any more. */
	readonly forget: () => Promise<unknown>;
	readonly clock: Pick<Clock, "now">;
	readonly admins: Pick<Admins, "notify" | "resolve">;
	readonly log: Log;
}

const HOUR = 3_600_000;
/** Between two backups; made later while channels have something to send, but not later than the second number. */
const EVERY = 24 * HOUR;
const AT_LATEST = 26 * HOUR;
/** Between two tries of a backup that fails: on a full disk each of them writes until nothing fits. */
const AGAIN = HOUR;
/** Between two looks at what is due, a little less than the tick of a minute. */
const LOOK = 50_000;

const INCIDENT = "backup";

/** Looks after the ledger while it is in use: a backup a day, and what nobody needs any more is forgotten. */
export function ledgerCare({ ledger, channels, backups, since, forget, clock, admins, log }: CareParts) {
	let failed = Number.NEGATIVE_INFINITY;
	let looked = Number.NEGATIVE_INFINITY;

	async function isQuiet(): Promise<boolean> {
		for (const name of channels) if (await ledger.head(name)) return false;
		return true;
	}

	async function backUp(signal: AbortSignal): Promise<void> {
		if (!backups) return;
		const now = clock.now();
		try {
			const last = backups.last(now) ?? since();
			if (last === undefined) return;
			const age = now.getTime() - last.getTime();
			// A clock that was set back must not put it off for ever.
			if (Math.abs(age) < EVERY || Math.abs(now.getTime() - failed) < AGAIN) return;
			if (Math.abs(age) < AT_LATEST && !(await isQuiet())) return;
			const file = await backups.make(now, signal);
			failed = Number.NEGATIVE_INFINITY;
			log.info({ file, ms: clock.now().getTime() - now.getTime() }, "the ledger was backed up");
			await admins.resolve({ sentence: "backupWorks", fields: {}, incident: INCIDENT });
		} catch (error) {
			if (signal.aborted) return;
			failed = now.getTime();
			const reason = error instanceof Error ? error.message : String(error);
			log.error({ error: reason }, "the ledger could not be backed up; it is tried again in an hour");
			await admins.notify({ sentence: "backupFailed", fields: { reason }, incident: INCIDENT });
		}
	}

	return {
		/** Does what is due. Never throws: nothing waits for it. */
		async run(signal: AbortSignal): Promise<void> {
			const now = clock.now().getTime();
			if (Math.abs(now - looked) < LOOK) return;
			looked = now;
			await backUp(signal);
			if (signal.aborted) return;
			try {
				await forget();
			} catch (error) {
				log.warn(
					{ error: error instanceof Error ? error.message : String(error) },
					"what nobody needs any more could not be forgotten; it is tried again",
				);
			}
		},
	};
}

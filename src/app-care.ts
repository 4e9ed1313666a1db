import { ledgerCare } from "./care.ts";
import type { Settings } from "./config.ts";
import { ledgerBackups } from "./ledger/backups.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { ledgerMarker } from "./ledger/marker.ts";
import { retention } from "./ledger/retention.ts";
import type { Store } from "./ledger/store.ts";
import type { Admins, Clock, Log } from "./ports.ts";
import { openSafeMode } from "./safe-mode.ts";

/** What looks after the ledger of a house: its safe mode, its backups, and what it forgets. The demo's ledger is thrown away and gets neither marker nor backup. */
export async function openCare(
	settings: Settings,
	parts: {
		readonly ledger: Ledger;
		readonly store: Store;
		readonly day: (time: Date) => string;
		readonly pause: (milliseconds: number) => Promise<void>;
		readonly clock: Clock;
		readonly log: Log;
		readonly admins: Admins;
	},
) {
	const { ledger, store, clock, log, admins } = parts;
	const marker = settings.demo ? undefined : ledgerMarker(settings.ledger);
	const safeMode = await openSafeMode({
		ledger,
		marker,
		sources: settings.sources.map(({ name }) => name),
		admins,
		log,
	});
	const forgetful = retention(store, {
		now: clock.now,
		maxAge: settings.maxAge,
		day: parts.day,
		breathe: () => parts.pause(0),
	});
	const { run } = ledgerCare({
		ledger,
		channels: settings.channels.map(({ name }) => name),
		backups: marker && ledgerBackups(settings.ledger, { day: parts.day }),
		since: () => marker?.since(),
		forget: forgetful.step,
		clock,
		admins,
		log,
	});
	return {
		safeMode,
		/** The lane's work: what is due. Never throws. */
		async run(signal: AbortSignal): Promise<"done"> {
			await run(signal);
			return "done";
		},
		/** The last visits may have ended the safe mode, and so may the only ones of `mirsal once`. Never throws: the ledger must be closed in any case. */
		async close(): Promise<void> {
			await safeMode
				.settle()
				.catch((error: unknown) => log.warn({ error: String(error) }, "safe mode was not settled"));
		},
	};
}

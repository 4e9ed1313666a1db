import type { Run } from "./engine/engine.ts";
import type { Admins } from "./ports.ts";

/** Failures of one key in a row that people hear of: a single one may mend itself unseen. */
const ENOUGH = 2;
const INCIDENT = "work";

/** Tells the admins of work that keeps failing for a reason that nobody foresaw, a full disk for one, and when all of it runs again. The failure itself goes on to the engine, which tries again. */
export function troubles(admins: Admins): (run: Run) => Run {
	const failing = new Map<string, number>();
	// An earlier life may have said so, and ended before it was over.
	let said = true;
	let lanes = 0;
	return (run) => {
		const lane = lanes++;
		return async (key, signal) => {
			const name = `${lane}:${key}`;
			try {
				const again = await run(key, signal);
				failing.delete(name);
				if (said && failing.size === 0) {
					said = false;
					await admins.resolve({ sentence: "workRecovered", fields: {}, incident: INCIDENT });
				}
				return again;
			} catch (error) {
				const times = (failing.get(name) ?? 0) + 1;
				failing.set(name, times);
				const reason = error instanceof Error ? error.message : String(error);
				if (times === ENOUGH) {
					said = true;
					await admins.notify({ sentence: "workFailing", fields: { reason }, incident: INCIDENT });
				}
				throw error;
			}
		};
	};
}

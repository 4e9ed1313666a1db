import type { App } from "./app.ts";
import type { Clock, Log } from "./ports.ts";
import { quietReason } from "./status.ts";

/** How long `once` waits for pace and for what platforms ask to wait, in milliseconds. */
const PATIENCE = 10 * 60_000;

/**
 * Looks at every source once and delivers everything that is due.
 * Gives what did not work or still waits, in words; nothing when all is well.
 */
export async function runOnce(
	app: App,
	parts: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<readonly string[]> {
	const { clock, signal } = parts;
	const problems: string[] = [];
	const until = new Date(clock.now().getTime() + PATIENCE);
	const pause = (time: Date) =>
		new Promise<void>((resume) => {
			const cancel = clock.at(time, resume);
			const stop = () => {
				cancel();
				resume();
			};
			if (signal.aborted) stop();
			else signal.addEventListener("abort", stop, { once: true });
		});

	await Promise.all(
		[...app.sources.keys()].map(async (name) => {
			if (app.isPaused(name)) return;
			if (await app.watch.look(name, signal)) return;
			const fault = (await app.ledger.source(name))?.fault;
			problems.push(`source ${name}: ${fault?.message ?? "asked not to be looked at yet"}`);
		}),
	);

	await app.digests.plan();

	async function deliver(name: string): Promise<void> {
		const refused = await app.ledger.size("refused", name);
		const unsure = await app.ledger.size("unsure", name);
		for (;;) {
			const again = await app.publish.run(name, signal);
			if (again === "done" || signal.aborted) break;
			if (again.again > until) break;
			const { parked } = await app.ledger.channel(name);
			if (parked) break;
			await pause(again.again);
		}
		const waiting = await app.ledger.size("open", name);
		const { paused, parked, wait } = await app.ledger.channel(name);
		const quiet = quietReason(await app.times.quietNow(name), app.timeZone);
		const why = parked?.reason ?? (paused ? `paused by ${paused.by}` : (wait?.reason ?? quiet));
		if (waiting > 0) problems.push(`channel ${name}: ${waiting} waiting${why ? ` (${why})` : ""}`);
		const more = {
			refused: (await app.ledger.size("refused", name)) - refused,
			unsure: (await app.ledger.size("unsure", name)) - unsure,
		};
		if (more.refused > 0) problems.push(`channel ${name}: ${more.refused} refused`);
		if (more.unsure > 0) problems.push(`channel ${name}: ${more.unsure} without a clear answer`);
	}
	await Promise.all([...app.lanes.keys()].map(deliver));
	return problems;
}

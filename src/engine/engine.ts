/** What a lane's run says at its end: nothing more to do, or come again at that time. */
export type Again = "done" | { readonly again: Date };

/** The work of a lane for one key. The signal fires when the engine stops: finish what cannot be left half done, start nothing new. */
export type Run = (key: string, signal: AbortSignal) => Promise<Again>;

/**
 * Runs lanes and the tick. A lane is a queue of keys; a key waiting in its lane is one job, and a key added while it runs runs once more afterwards.
 * The engine never decides when to retry: it obeys `{ again }`. A run that throws is logged and the key runs again after a pause; it never stops the lane.
 */
export interface Engine {
	lane(name: string, concurrency: number, run: Run): void;
	/** Adds a key to a lane, now or at a time; the earlier of two times wins. */
	add(lane: string, key: string, at?: Date): Promise<void>;
	/** Adds `key` to `lane` at each moment of the cron expression, once per moment over all processes. */
	every(cron: string, lane: string, key: string): void;
	/** Twice is once. */
	start(): Promise<void>;
	/** Finishes what runs, keeps the rest. Twice is once. */
	stop(): Promise<void>;
}

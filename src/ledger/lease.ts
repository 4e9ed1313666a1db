import type { Log, SteadyClock } from "../ports.ts";
import type { LossPolicy } from "./delivery.ts";
import type { Json, Store } from "./store.ts";

/** How a lease stands in the ledger, under `lease:<name>`. */
interface LeaseRecord {
	readonly v: 1;
	/** Absent when it was given up. */
	readonly owner?: string;
	/** Grows by one with every new owner. */
	readonly token: number;
	/** Grows by one with every renewal, so that no two records are alike whatever the clocks do. */
	readonly turn: number;
	/** How long it lasts from its last renewal, in milliseconds. */
	readonly term: number;
	/** ISO 8601 UTC by the owner's clock, for people to read: nothing is decided by it, for wall clocks jump and differ between machines. */
	readonly until: string;
}

interface Owned {
	record: LeaseRecord;
	/** When the last write that made or renewed it was asked for. */
	since: Moment;
	over: boolean;
	renewing: Promise<void>;
	cancel: () => void;
}

interface Moment {
	readonly steady: number;
	readonly wall: number;
}

const TERM = 30_000;

/** The part of a term by which an owner stops early and a successor waits longer: clocks of two machines run differently fast. */
const MARGIN = 1 / 10;

/** What this process owns of a store that others share. */
export type Leases = ReturnType<typeof leases>;

/** Somebody else owns the lane by now: nothing was written. */
export class LeaseLostError extends Error {
	override readonly name = "LeaseLostError";
}

const keyOf = (name: string) => `lease:${name}`;
const json = (record: LeaseRecord | undefined): Json | undefined => record as Json | undefined;

/**
 * Rights that one process at a time has on a shared store, each for a `term` (milliseconds) that the owner renews at its thirds.
 * A successor takes a lease that was given up, or that it saw unchanged for longer than a term by its own monotonic clock: no wall clock is believed.
 * Once a lease has ended here (its time passed, a renewal failed, somebody else has it) it does not come back by itself: it is acquired anew, with a new token.
 */
export function leases(options: {
	readonly store: Store;
	readonly clock: SteadyClock;
	readonly log: Log;
	/** Who we are, for people: host and pid. */
	readonly owner: string;
	readonly random: () => number;
	readonly term?: number;
}) {
	const { store, clock, log, random, term = TERM } = options;
	// In a container every process is pid 1 of the same host: a successor must not take its predecessor's lease for its own.
	const me = `${options.owner} ${Math.floor(random() * 2 ** 48).toString(36)}`;
	const owned = new Map<string, Owned>();
	const watched = new Map<string, { readonly seen: string; readonly at: number }>();
	const trying = new Map<string, Promise<boolean>>();
	const kept = new Map<string, { readonly gained: () => void; cancel: () => void }>();
	let closed = false;

	const read = async (name: string): Promise<LeaseRecord | undefined> =>
		(await store.keyv.get(keyOf(name))) as LeaseRecord | undefined;
	const moment = (): Moment => ({ steady: clock.monotonic(), wall: clock.now().getTime() });
	const after = (milliseconds: number, wake: () => void) =>
		clock.at(new Date(clock.now().getTime() + milliseconds), wake);
	const untilOf = (from: Moment) => new Date(from.wall + term).toISOString();

	/** Whether its time has passed. By the wall clock too: the monotonic one stands still while a machine sleeps, and ending early does no harm. */
	function passed({ steady, wall }: Moment): boolean {
		return Math.max(clock.monotonic() - steady, clock.now().getTime() - wall) >= term * (1 - MARGIN);
	}

	function end(name: string, lease: Owned, why: string): void {
		if (lease.over) return;
		lease.over = true;
		lease.cancel();
		if (owned.get(name) === lease) owned.delete(name);
		log.warn({ lease: name, token: lease.record.token, why }, "a lease ended: nothing is sent there any more");
		tryLater(name, 0);
	}

	function held(name: string): boolean {
		const lease = owned.get(name);
		if (!lease) return false;
		if (!passed(lease.since)) return true;
		end(name, lease, "its time passed without a renewal");
		return false;
	}

	async function renew(name: string, lease: Owned): Promise<void> {
		if (lease.over || !held(name)) return;
		const since = moment();
		const record = { ...lease.record, turn: lease.record.turn + 1, until: untilOf(since) };
		try {
			const written = await store.write({
				set: [[keyOf(name), json(record) as Json]],
				expect: [[keyOf(name), json(lease.record)]],
			});
			if (!written) return end(name, lease, "somebody else has it");
		} catch (error) {
			return end(name, lease, `it could not be renewed: ${String(error)}`);
		}
		lease.record = record;
		// An answer that came too late does not bring back what has ended meanwhile.
		if (lease.over || !held(name)) return;
		lease.since = since;
		renewLater(name, lease);
	}

	function renewLater(name: string, lease: Owned): void {
		lease.cancel = after(term / 3, () => {
			lease.renewing = renew(name, lease);
		});
	}

	/** Whether a lease of somebody else has ended, as far as we saw it ourselves. */
	function abandoned(name: string, found: LeaseRecord): boolean {
		const seen = `${found.owner} ${found.token} ${found.turn}`;
		const before = watched.get(name);
		if (before?.seen === seen) return clock.monotonic() - before.at >= Math.max(term, found.term) * (1 + MARGIN);
		watched.set(name, { seen, at: clock.monotonic() });
		return false;
	}

	async function attempt(name: string): Promise<boolean> {
		if (held(name)) return true;
		const found = await read(name);
		if (found?.owner !== undefined && found.owner !== me && !abandoned(name, found)) return false;
		const since = moment();
		const token = (found?.token ?? 0) + 1;
		const record: LeaseRecord = { v: 1, owner: me, token, turn: 0, term, until: untilOf(since) };
		const set = [[keyOf(name), json(record) as Json]] as const;
		if (!(await store.write({ set, expect: [[keyOf(name), json(found)]] }))) return false;
		watched.delete(name);
		const lease: Owned = { record, since, over: false, renewing: Promise.resolve(), cancel: () => {} };
		owned.set(name, lease);
		if (!held(name)) return false;
		renewLater(name, lease);
		log.info({ lease: name, token }, "a lease was taken");
		return true;
	}

	/** Tries once; true when it is ours. Throws when the store does. */
	function acquire(name: string): Promise<boolean> {
		const before = trying.get(name);
		if (before) return before;
		if (closed) return Promise.resolve(false);
		const turn = attempt(name).finally(() => trying.delete(name));
		trying.set(name, turn);
		return turn;
	}

	function tryLater(name: string, pause: number): void {
		const keeping = kept.get(name);
		if (!keeping || closed) return;
		keeping.cancel();
		keeping.cancel = after(pause, async () => {
			let got = false;
			try {
				got = await acquire(name);
			} catch (error) {
				log.warn({ lease: name, error: String(error) }, "a lease could not be asked for");
			}
			if (got && held(name)) keeping.gained();
			else if (!got) tryLater(name, (term / 4) * (0.75 + random() / 2));
		});
	}

	/** Gives a lease up, so that another process takes it without waiting; what was sent under it must have ended. */
	async function release(name: string): Promise<void> {
		kept.get(name)?.cancel();
		kept.delete(name);
		const lease = owned.get(name);
		if (!lease) return;
		lease.over = true;
		lease.cancel();
		owned.delete(name);
		await lease.renewing;
		const { owner: _owner, ...rest } = lease.record;
		const record = { ...rest, turn: rest.turn + 1, until: clock.now().toISOString() };
		try {
			await store.write({
				set: [[keyOf(name), json(record) as Json]],
				expect: [[keyOf(name), json(lease.record)]],
			});
		} catch (error) {
			log.warn({ lease: name, error: String(error) }, "a lease could not be given up: it runs out by itself");
		}
	}

	return {
		term,
		acquire,
		release,

		/** Owns it from now on whenever it can; `gained` is called each time that it becomes ours. */
		keep(name: string, gained: () => void): void {
			kept.set(name, { gained, cancel: kept.get(name)?.cancel ?? (() => {}) });
			tryLater(name, 0);
		},

		/** Whether it is ours at this very moment: to be asked in the same turn of the event loop in which something is done by its right. */
		held,

		/** What must still stand in the ledger for a write by this right. Throws LeaseLostError when it is somebody else's. */
		async fence(name: string): Promise<readonly [key: string, value: Json]> {
			const found = await read(name);
			if (found?.owner === me) return [keyOf(name), json(found) as Json];
			const lease = owned.get(name);
			if (lease) end(name, lease, "somebody else has it");
			throw new LeaseLostError(`«${name}» is owned by another process by now: this one may not write for it any more.`);
		},

		/** Gives everything up; nothing is acquired any more. */
		async close(): Promise<void> {
			closed = true;
			for (const { cancel } of kept.values()) cancel();
			kept.clear();
			await Promise.allSettled(trying.values());
			await Promise.all([...owned.keys()].map(release));
		},
	};
}

/**
 * The policy of a channel whose lane passes from process to process: what a former owner wrote at the last moment of its lease must have arrived before anybody looks for it.
 * `term` is the lease's, `deadline` the longest that a send takes, both in milliseconds.
 */
export function sharedPolicy(policy: LossPolicy, { term, deadline }: { term: number; deadline: number }): LossPolicy {
	return { ...policy, quiet: Math.max(policy.quiet, term + deadline) };
}

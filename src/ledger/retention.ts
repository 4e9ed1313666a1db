import { isDeepStrictEqual } from "node:util";
import { titleAlias } from "../article/identity.ts";
import { type Delivery, shelf } from "./delivery.ts";
import type { SourceRecord } from "./kept.ts";
import {
	type KeptArticle,
	type KeptDelivery,
	shrunkArticle,
	shrunkDelivery,
	wholeArticle,
	wholeDelivery,
} from "./shrink.ts";
import type { Batch, Json, Store } from "./store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** After its last delivery was finished an article keeps its text for so long, and is known for so long. */
const TEXT = 30 * DAY;
const ARTICLE = 400 * DAY;
/** Nothing is forgotten that is younger than the age up to which articles are posted, and this. */
const MARGIN = 7 * DAY;
/** Days are counted for so long. */
const STATS = 400 * DAY;
/** What admins did is told for so long. */
const TRAIL = 400 * DAY;
/** Questions and incidents that nobody will come back to. */
const TALK = 30 * DAY;
/** Telegram keeps an update for 24 hours at the longest (core.telegram.org/bots/api#getting-updates); stories are compared for two days. */
const SHORT = 7 * DAY;
/** Keys that one step looks at. */
const KEYS = 200;
/** Between two walks through the ledger. */
const REST = 6 * HOUR;
/** A source of which so many entries are remembered may list more than that. */
const FULL = 300;
/** Sources read between two breaths. */
const BREATH = 50;

const PROGRESS = "retention";
/** In key order. */
const PREFIXES = [
	"alias:",
	"article:",
	"audit:",
	"decision:",
	"digest:",
	"incident:",
	"nonce:",
	"stats:",
	"story:",
	"told:",
	"update:",
] as const;

/** How far the walk has come. */
interface Progress {
	readonly v: 1;
	readonly after?: string;
	/** When the last walk ended. ISO 8601 UTC. */
	readonly ended?: string;
}

/** One thing to forget; `once` names the article that no source may list for it. */
interface Change extends Batch {
	readonly once?: string;
	/** It is the name of an article that is gone. */
	readonly alias?: true;
}

export interface RetentionOptions {
	readonly now: () => Date;
	/** Articles older than this when first seen are not posted. Milliseconds. */
	readonly maxAge: number;
	/** The day of the newsroom's calendar, as 2026-11-23. */
	readonly day: (time: Date) => string;
	/** Lets others have their turn. */
	readonly breathe?: () => Promise<void>;
}

// The one place where this walk's JSON and our types meet.
const json = (value: unknown): Json => value as Json;

/**
 * Forgets what nobody needs any more, in small steps through the whole ledger, again and again. What is forgotten must not come back as new:
 * an article stays known while a source lists it, while a delivery of it waits for anything, and for ever when it has no date or nothing later came from its source,
 * for then nobody could tell that it is old.
 */
export function retention(store: Store, { now, maxAge, day, breathe = async () => {} }: RetentionOptions) {
	const read = async <T>(key: string): Promise<T | undefined> => (await store.keyv.get(key)) as T | undefined;
	const isOld = (time: string | undefined, age: number) => now().getTime() - Date.parse(time ?? "") > age;

	/**
	 * Whether an article would be too old to be posted if it came back: by our clock, and by what its source has published since, for a clock that is years ahead for an hour
	 * must not make Mirsal forget the news of yesterday. A date in the future is never old.
	 */
	function wouldBeTooOld(publishedAt: string | undefined, latest: string | undefined): boolean {
		if (publishedAt === undefined || latest === undefined) return false;
		return isOld(publishedAt, maxAge + MARGIN) && Date.parse(latest) - Date.parse(publishedAt) > maxAge + MARGIN;
	}

	/** Every channel that has deliveries, also one that left the settings. */
	async function channels(): Promise<string[]> {
		const names: string[] = [];
		for (let after = "delivery:"; ; ) {
			let next: string | undefined;
			for await (const [key] of store.list("delivery:", { after, limit: 1 })) next = key.split(":")[1];
			if (next === undefined) return names;
			names.push(next);
			// «;» follows «:», so this is behind all of the channel's keys.
			after = `delivery:${next};`;
		}
	}

	async function articleChange(
		key: string,
		value: Json,
		id: string,
		names: readonly string[],
	): Promise<Change | undefined> {
		const known = wholeArticle(id, value as unknown as KeptArticle);
		const { source, publishedAt } = known.article;
		const expect: [string, Json | undefined][] = [[key, value]];
		const deliveries: Delivery[] = [];
		for (const name of names) {
			const kept = await read<KeptDelivery>(`delivery:${name}:${id}`);
			if (!kept) continue;
			deliveries.push(wholeDelivery(name, id, kept));
			expect.push([`delivery:${name}:${id}`, json(kept)]);
		}
		if (deliveries.some((delivery) => shelf(delivery) !== undefined)) return undefined;
		const times = [known.foundAt, ...deliveries.map(({ changedAt }) => changedAt)];
		const ended = [...times, ...(known.revisions ?? []).map(({ at }) => at)].sort().at(-1);
		if (!isOld(ended, TEXT)) return undefined;
		for (const { channel } of deliveries) {
			const decision = `decision:${channel}:${id}`;
			if ((await read(decision)) !== undefined) return undefined;
			expect.push([decision, undefined]);
		}
		const record = await read<SourceRecord>(`cursor:${source}`);
		const listed = record?.listed?.[id] !== undefined;
		const places = deliveries.map(({ channel }) => `delivery:${channel}:${id}`);
		const over = isOld(ended, Math.max(ARTICLE, maxAge + MARGIN)) && wouldBeTooOld(publishedAt, record?.lastArticle);
		if (!listed && over)
			return { del: [key, ...places], expect: [...expect, [`cursor:${source}`, json(record)]], once: id };
		const less: [string, Json][] = deliveries.map((delivery, place) => [
			places[place] ?? key,
			json(shrunkDelivery(delivery)),
		]);
		const posted = deliveries.every(({ state }) => state === "sent");
		// While it is listed its text tells whether it was edited.
		if (!listed) less.push([key, json(shrunkArticle(known, { posted }))]);
		const before = new Map(expect);
		const set = less.filter(([place, kept]) => !isDeepStrictEqual(kept, before.get(place)));
		if (set.length === 0) return undefined;
		// A headline counts as a name for three days only.
		const weak = `alias:${titleAlias(known.article, day(new Date(publishedAt ?? known.foundAt)))}`;
		const named = (await read(weak)) === id;
		return { set, del: named ? [weak] : [], expect: named ? [...expect, [weak, id]] : expect };
	}

	/** A digest is due once: after its delivery was finished nobody asks for it again. */
	async function digestChange(key: string, value: Json): Promise<Change | undefined> {
		const [, channel = ""] = key.split(":", 2);
		const place = `delivery:${channel}:${key}`;
		const kept = await read<KeptDelivery>(place);
		if (!kept || shelf(wholeDelivery(channel, key, kept)) !== undefined || !isOld(kept.changedAt, TEXT))
			return undefined;
		return {
			del: [key, place],
			expect: [
				[key, value],
				[place, json(kept)],
			],
		};
	}

	/** Whether what the admins were told of still stands, and is told by nobody again. */
	async function stands(incident: string): Promise<boolean> {
		const [kind, ...rest] = incident.split(":");
		if (kind === "hold") return (await read(`hold:${rest.slice(0, -3).join(":")}`)) !== undefined;
		if (kind !== "refused" && kind !== "unsure") return false;
		// An unsure one's name ends with the attempt.
		const place = kind === "unsure" ? rest.slice(0, -1) : rest;
		const [channel = "", ...id] = place;
		const kept = await read<KeptDelivery>(`delivery:${place.join(":")}`);
		return kept !== undefined && shelf(wholeDelivery(channel, id.join(":"), kept)) === kind;
	}

	async function changeOf(key: string, value: Json, names: readonly string[]): Promise<Change | undefined> {
		const [prefix] = key.split(":", 1);
		const name = key.slice(`${prefix}:`.length);
		const gone: Change = { del: [key], expect: [[key, value]] };
		const parts = (value ?? {}) as { readonly since?: string; readonly until?: string };
		switch (prefix) {
			case "article":
				return articleChange(key, value, name, names);
			case "alias": {
				const article = `article:${value}`;
				if ((await read(article)) !== undefined) return undefined;
				return {
					del: [key],
					expect: [
						[key, value],
						[article, undefined],
					],
					once: String(value),
					alias: true,
				};
			}
			case "audit":
				return isOld(name.slice(0, 24), TRAIL) ? gone : undefined;
			case "decision":
				return (await read(`delivery:${name}`)) === undefined ? gone : undefined;
			case "digest":
				return digestChange(key, value);
			case "incident":
				return isOld(parts.since, TALK) && !(await stands(name)) ? gone : undefined;
			case "nonce":
				return isOld(parts.until, TALK) ? gone : undefined;
			case "stats":
				return isOld(`${name}T00:00:00.000Z`, STATS) ? gone : undefined;
			case "story":
				return isOld(name.slice(0, 24), SHORT) ? gone : undefined;
			case "told":
			case "update":
				return isOld(String(value), SHORT) ? gone : undefined;
			default:
				return undefined;
		}
	}

	/** The changes without those that some source forbids by listing the article still. */
	async function allowed(changes: readonly Change[]): Promise<readonly Change[]> {
		const wanted = new Set(changes.flatMap(({ once }) => once ?? []));
		if (wanted.size === 0) return changes;
		const listed = new Set<string>();
		let full = false;
		let count = 0;
		for await (const [, value] of store.list("cursor:")) {
			const ids = (value as unknown as SourceRecord).listed ?? {};
			full ||= Object.keys(ids).length >= FULL;
			for (const id of wanted) if (ids[id] !== undefined) listed.add(id);
			if (++count % BREATH === 0) await breathe();
		}
		// Where a list is longer than what is remembered of it, any name may still be in use there.
		return changes.filter(({ once, alias }) => once === undefined || !(listed.has(once) || (alias && full)));
	}

	async function apply(changes: readonly Change[], progress: Progress): Promise<number> {
		const note: [string, Json] = [PROGRESS, json(progress)];
		const all = {
			set: [...changes.flatMap(({ set = [] }) => set), note],
			del: changes.flatMap(({ del = [] }) => del),
			expect: changes.flatMap(({ expect = [] }) => expect),
		};
		if (await store.write(all)) return changes.length;
		// Something changed meanwhile: what did not is forgotten now, the rest with the next walk.
		let done = 0;
		for (const { set = [], del = [], expect = [] } of changes) if (await store.write({ set, del, expect })) done++;
		await store.write({ set: [note] });
		return done;
	}

	return {
		/** One step, resumed where the last one ended, also by another life. Gives how many keys it looked at and how many things it forgot. */
		async step(): Promise<{ readonly looked: number; readonly forgotten: number }> {
			const progress = await read<Progress>(PROGRESS);
			// A clock that was set back must not make it rest for ever.
			if (progress?.ended && Math.abs(now().getTime() - Date.parse(progress.ended)) < REST)
				return { looked: 0, forgotten: 0 };
			const names = await channels();
			const changes: Change[] = [];
			let after = progress?.after;
			let looked = 0;
			walk: for (const prefix of PREFIXES) {
				if (after !== undefined && !after.startsWith(prefix) && after > prefix) continue;
				const from = after?.startsWith(prefix) ? { after } : {};
				for await (const [key, value] of store.list(prefix, { ...from, limit: KEYS - looked })) {
					const change = await changeOf(key, value, names);
					if (change) changes.push(change);
					after = key;
					looked += prefix === "article:" ? 1 + names.length : 1;
					if (looked >= KEYS) break walk;
				}
			}
			const next = looked < KEYS ? { ended: now().toISOString() } : after === undefined ? {} : { after };
			return { looked, forgotten: await apply(await allowed(changes), { v: 1, ...next }) };
		},
	};
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Channel, SendError } from "../src/channels/channel.ts";
import type { Again } from "../src/engine/engine.ts";
import { type Delivery, type LossPolicy, orderOf } from "../src/ledger/delivery.ts";
import { type Ledger, openLedger } from "../src/ledger/ledger.ts";
import { openSqlite } from "../src/ledger/sqlite.ts";
import type { Store } from "../src/ledger/store.ts";
import type { Admins, Log, Notice, Question } from "../src/ports.ts";
import { articlesOf, type Occasion, type OccasionKind } from "../src/post/occasion.ts";
import type { Post } from "../src/post/post.ts";
import type { Lane } from "../src/publish.ts";
import { type FakeClock, fakeClock } from "./servers/clock.ts";

/** The process died here; nothing it does afterwards reaches the outside. */
export class Death extends Error {
	override readonly name = "Death";
}

/** Counts calls to the outside and dies before or after the n-th of them. */
export interface Fate {
	/** Outside calls so far, the fatal one included. */
	readonly calls: number;
	readonly dead: boolean;
	meet<T>(call: () => Promise<T>): Promise<T>;
}

export function fate(n = Number.POSITIVE_INFINITY, moment: "before" | "after" = "before"): Fate {
	let calls = 0;
	let dead = false;
	const die = (): never => {
		dead = true;
		throw new Death(`died ${moment} call ${calls}`);
	};
	return {
		get calls() {
			return calls;
		},
		get dead() {
			return dead;
		},
		async meet(call) {
			if (dead) throw new Death("dead already");
			calls++;
			if (calls === n && moment === "before") die();
			const result = await call();
			if (calls === n) die();
			return result;
		},
	};
}

/** The object with the named methods under a fate. */
export function mortal<T extends object>(object: T, methods: readonly (keyof T)[], { meet }: Fate): T {
	return new Proxy(object, {
		get(target, name, receiver) {
			const value: unknown = Reflect.get(target, name, receiver);
			if (typeof value !== "function" || !methods.includes(name as keyof T)) return value;
			return (...given: unknown[]) => meet(() => value.apply(target, given) as Promise<unknown>);
		},
	});
}

export type Outcome =
	| "sent"
	/** Published, and the answer was lost. */
	| "lost"
	/** Not published, and the answer was lost. */
	| "vanished"
	| SendError;

/** A channel in memory: what followers see, and what happens to the next sends and looks. */
export interface FakeChannel extends Channel {
	/** What followers see, oldest first. */
	readonly posts: Post[];
	readonly texts: readonly string[];
	sends: number;
	looks: number;
	/** Fates of the next sends; sent when there is none. */
	readonly next: Outcome[];
	/** What the next looks find; the truth when there is none. */
	readonly found: ("cannot-tell" | "absent" | Error)[];
	/** Edits and removals begun. */
	edits: number;
	removals: number;
	/** Fates of the next edits and removals; carried out when there is none. */
	readonly nextEdits: Outcome[];
	/** Runs in the middle of each send. */
	during: (post: Post) => Promise<void>;
}

export function fakeChannel(
	name = "telegram",
	more: {
		readonly preview?: boolean;
		readonly kind?: Channel["kind"];
		readonly compose?: (occasion: Occasion) => Post;
	} = {},
): FakeChannel {
	const posts: Post[] = [];
	const gone = new Set<Post>();
	/** Changes a post, unless something else is to happen. */
	const changed = (id: string, change: (place: number, post: Post) => void) => {
		const outcome = channel.nextEdits.shift() ?? "sent";
		if (outcome instanceof SendError) throw outcome;
		const post = posts[Number(id) - 1];
		if (!post) throw new SendError("refused", "message to edit not found");
		if (outcome !== "vanished") change(Number(id) - 1, post);
		if (outcome !== "sent") throw new SendError("unknown", "the connection was reset");
	};
	const channel: FakeChannel = {
		name,
		kind: more.kind ?? "telegram",
		preview: more.preview ?? false,
		posts,
		get texts() {
			return posts.filter((post) => !gone.has(post)).map(({ text }) => text);
		},
		edits: 0,
		removals: 0,
		nextEdits: [],
		sends: 0,
		looks: 0,
		next: [],
		found: [],
		during: () => Promise.resolve(),
		compose: more.compose ?? ((occasion) => plainPost(name, occasion)),
		async send(post) {
			channel.sends++;
			const outcome = channel.next.shift() ?? "sent";
			await channel.during(post);
			if (outcome instanceof SendError) throw outcome;
			if (outcome !== "vanished") posts.push(post);
			if (outcome !== "sent") throw new SendError("unknown", "the connection was reset");
			return { id: String(posts.length) };
		},
		async find(post) {
			channel.looks++;
			const outcome = channel.found.shift();
			if (outcome instanceof Error) throw outcome;
			if (outcome !== undefined) return outcome;
			const place = posts.findIndex((one) => one.text === post.text && !gone.has(one));
			return place < 0 ? "absent" : { id: String(place + 1) };
		},
		async edit({ id }, post) {
			channel.edits++;
			changed(id, (place) => {
				posts[place] = post;
			});
		},
		async remove({ id }) {
			channel.removals++;
			changed(id, (_place, post) => gone.add(post));
		},
	};
	return channel;
}

/** The headline alone. */
export function plainPost(channel: string, occasion: Occasion): Post {
	const [article] = articlesOf(occasion);
	if (!article) throw new Error("an occasion without articles");
	const update = "updated" in occasion && occasion.updated ? " (تحديث)" : "";
	const text = occasion.kind === "retraction" ? `حُذف: ${article.title}` : `${article.title}${update}`;
	return postOf(channel, occasion.kind, article.id, text);
}

export function postOf(channel: string, kind: OccasionKind, id: string, text: string): Post {
	return { channel, kind, articles: [id], silent: false, text, length: text.length, limit: 4096 };
}

/** Admins who write down what they hear; like the real ones, each incident reaches them once until it is over. */
export interface FakeAdmins extends Admins {
	readonly told: Notice[];
	readonly asked: Question[];
	readonly resolved: Notice[];
}

export function fakeAdmins(): FakeAdmins {
	const open = new Set<string>();
	const told: Notice[] = [];
	const asked: Question[] = [];
	const resolved: Notice[] = [];
	const once =
		<T extends Notice>(list: T[]) =>
		async (notice: T) => {
			if (open.has(notice.incident)) return;
			open.add(notice.incident);
			list.push(notice);
		};
	return {
		told,
		asked,
		resolved,
		notify: once(told),
		ask: once(asked),
		resolve: async (notice) => {
			if (open.delete(notice.incident)) resolved.push(notice);
		},
	};
}

export const silence: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const POLICY: LossPolicy = { onLost: "ask", quiet: 20_000, between: 5_000, patience: 60_000 };

export function laneOf(channel: Channel, more: Partial<Lane> = {}): Lane {
	return { channel, pace: { limit: 20, window: 60_000 }, policy: POLICY, links: true, ...more };
}

/** A ledger on a disk of its own, under a clock that stands still. */
export interface World {
	readonly clock: FakeClock;
	readonly store: Store;
	readonly ledger: Ledger;
	readonly admins: FakeAdmins;
	/** The same ledger, under a fate: as a process would open it. */
	reopen(end: Fate): Ledger;
	/** Plans an article published so many minutes after eight o'clock. */
	plan(title: string, minute: number, more?: { kind?: OccasionKind; channels?: readonly string[] }): Promise<string>;
	delivery(id: string, channel?: string): Promise<Delivery>;
	close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
	const folder = mkdtempSync(join(tmpdir(), "mirsal-world-"));
	const clock = fakeClock("2026-11-23T09:00:00.000Z");
	const store = await openSqlite({ path: join(folder, "mirsal.db"), lock: true, now: clock.now });
	const options = { now: clock.now, day: (time: Date) => time.toISOString().slice(0, 10) };
	const ledger = openLedger(store, options);
	let planned = 0;
	return {
		clock,
		store,
		ledger,
		admins: fakeAdmins(),
		reopen: (end) => openLedger(mortal(store, ["write"], end), options),
		async plan(title, minute, { kind = "article", channels = ["telegram"] } = {}) {
			const id = `article${++planned}`;
			const stamp = clock.now().toISOString();
			const publishedAt = new Date(Date.parse("2026-11-23T08:00:00.000Z") + minute * 60_000).toISOString();
			const article = {
				id,
				url: `https://example.org/${id}`,
				title,
				lead: "",
				paragraphs: [],
				credits: [],
				tags: [],
				images: [],
				publishedAt,
				source: "feed",
			};
			await ledger.plan(
				{ v: 1, article, foundAt: stamp, removed: [] },
				[`url-${id}`],
				channels.map((channel) => ({
					v: 1,
					channel,
					id,
					kind,
					order: orderOf(kind, publishedAt, String(planned).padStart(4, "0")),
					state: "planned",
					plannedAt: stamp,
					changedAt: stamp,
					attempts: 0,
				})),
			);
			return id;
		},
		async delivery(id, channel = "telegram") {
			const delivery = await ledger.delivery(channel, id);
			if (!delivery) throw new Error(`no delivery of ${id} to ${channel}`);
			return delivery;
		},
		async close() {
			await ledger.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Runs a lane as the engine would, coming again when it says so, for `within` milliseconds at the most; true when it is done. */
export async function work(
	clock: FakeClock,
	run: (signal: AbortSignal) => Promise<Again>,
	within = 3_600_000,
): Promise<boolean> {
	const end = clock.now().getTime() + within;
	const { signal } = new AbortController();
	for (let turn = 0; turn < 1_000; turn++) {
		const again = await run(signal);
		if (again === "done") return true;
		const wait = Math.max(again.again.getTime() - clock.now().getTime(), 0);
		if (clock.now().getTime() + wait > end) {
			await clock.advance(end - clock.now().getTime());
			return false;
		}
		await clock.advance(wait);
	}
	throw new Error("the lane comes again without end");
}

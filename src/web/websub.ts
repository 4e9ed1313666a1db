import { createHash } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Json } from "../ledger/store.ts";
import type { Log } from "../ports.ts";
import { answered, asked, dueAt, found, LEASE, type Subscription } from "./subscription.ts";
import { judge, websubKeys } from "./websub-keys.ts";

/** Bytes of a push that are read. */
const MOST = 1024 * 1024;
/** Milliseconds in which the same push counts once. */
const ONCE_IN = 60_000;
/** Milliseconds that a hub has for its answer. */
const DEADLINE = 15_000;

export interface WebsubOptions {
	/** Where the world reaches this process. */
	readonly publicUrl: string;
	/** What callbacks and signatures are derived from. */
	readonly secret: string;
	readonly sources: readonly { readonly name: string }[];
	readonly now: () => Date;
	readonly random: () => number;
	readonly log: Log;
	/** Has a source looked at as soon as its site allows it. */
	readonly hint: (source: string) => Promise<void>;
	readonly keep: (key: string, value: Json) => Promise<void>;
	readonly kept: <T>(key: string) => Promise<T | undefined>;
	/** Posts a form (`application/x-www-form-urlencoded`) through the guarded door and gives the status; throws when no answer came. */
	readonly post: (url: string, form: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<number>;
}

export interface Websub {
	/** The hubs' way in: `/websub/<id>`. */
	readonly app: Hono;
	/** Notes the hub that a source's site names. */
	learned(source: string, named: { readonly hub: string; readonly topic: string }): Promise<void>;
	/** Asks for what is due, one request at a time; ends early, without an error, when the signal aborts. */
	tend(signal: AbortSignal): Promise<void>;
}

/**
 * Subscribes sources to the hubs that their sites name (https://www.w3.org/TR/websub/), so that a new article is seen without waiting for the next look.
 * A push is only a hint to look now: what it carries is never read. Without a hub's help everything works as before, only later.
 */
export function websub(options: WebsubOptions): Websub {
	const { now, random, log, hint, keep, kept, post } = options;
	const keys = websubKeys(options.secret, options.sources);
	const names = new Set(options.sources.map(({ name }) => name));
	const root = options.publicUrl.replace(/\/+$/, "");
	/** When to ask, in milliseconds, by source: the ledger knows better, but is not asked on every tick. */
	const due = new Map<string, number>();
	const complaints = new Set<string>();
	/** When pushes came, the oldest first. */
	const pushes = new Map<string, number>();
	let turn: Promise<unknown> = Promise.resolve();
	let round: Promise<void> | undefined;
	let isLoaded = false;

	const callbackOf = (source: string, about: Subscription) => `${root}/websub/${keys.idOf({ source, ...about })}`;
	const markOf = (source: string, about: Subscription) => keys.markOf(callbackOf(source, about));

	async function read(source: string): Promise<Subscription | undefined> {
		const about = await kept<Subscription>(`websub:${source}`);
		return about?.v === 1 ? about : undefined;
	}

	function note(source: string, about: Subscription | undefined): void {
		if (about) due.set(source, dueAt(about, markOf(source, about)));
		else due.delete(source);
	}

	/** Changes what is remembered, one change after the other; gives what `edit` gave, which leaves it as it is by giving nothing. */
	function change(
		source: string,
		edit: (about: Subscription | undefined) => Subscription | undefined,
	): Promise<Subscription | undefined> {
		const changed = turn.then(async () => {
			const before = await read(source);
			const wanted = edit(before);
			if (wanted) await keep(`websub:${source}`, wanted);
			note(source, wanted ?? before);
			return wanted;
		});
		turn = changed.catch(() => {});
		return changed;
	}

	async function ask(source: string, silent: Set<string>, signal: AbortSignal): Promise<void> {
		// Durable before the request, because the hub may verify it before it answers.
		const about = await change(source, (before) => {
			if (!before || silent.has(before.hub)) return undefined;
			const mark = markOf(source, before);
			return dueAt(before, mark) > now().getTime() ? undefined : asked(before, mark, now());
		});
		if (!about) return;
		const { hub, topic, next } = about;
		const secret = keys.secretOf({ source, hub, topic });
		const form = {
			"hub.mode": "subscribe",
			"hub.topic": topic,
			"hub.callback": callbackOf(source, about),
			"hub.secret": secret,
			"hub.lease_seconds": String(LEASE),
		};
		const fields = { source, hub: hostOf(hub), next };
		try {
			const status = await post(hub, form, AbortSignal.any([signal, AbortSignal.timeout(DEADLINE)]));
			if (status >= 200 && status < 300) return log.debug(fields, "the hub was asked for pushes");
			if (status === 429 || status >= 500) silent.add(hub);
			log.warn({ ...fields, status }, "the hub refused to be asked for pushes: it is asked again later");
		} catch (error) {
			if (signal.aborted) return;
			// Others with the same hub need not wait for its silence too.
			silent.add(hub);
			const words = error instanceof Error ? error.message : String(error);
			const reason = words.replaceAll(secret, "[secret]").replaceAll(keys.idOf({ source, hub, topic }), "[secret]");
			log.warn({ ...fields, reason }, "the hub could not be asked for pushes: it is asked again later");
		}
	}

	async function askDue(signal: AbortSignal): Promise<void> {
		if (!isLoaded) {
			for (const name of names) {
				const about = await read(name);
				if (about && !due.has(name)) note(name, about);
			}
			isLoaded = true;
		}
		const time = now().getTime();
		const silent = new Set<string>();
		for (const [source, at] of due) {
			if (signal.aborted) return;
			if (at <= time) await ask(source, silent, signal);
		}
	}

	/** Hints, but once a minute for the same push: one that somebody kept could otherwise be used to wear out the source's site. */
	async function received(source: string, body: Uint8Array): Promise<void> {
		const time = now().getTime();
		for (const [key, at] of pushes) {
			if (time - at < ONCE_IN) break;
			pushes.delete(key);
		}
		const key = `${source} ${createHash("sha256").update(body).digest("hex")}`;
		if (pushes.has(key)) return;
		log.debug({ source }, "a push: the source is looked at now");
		await hint(source);
		pushes.set(key, time);
	}

	const app = new Hono();

	app.get("/websub/:id", async (c) => {
		const id = c.req.param("id");
		const said = (name: string) => c.req.query(`hub.${name}`);
		const [mode, challenge = ""] = [said("mode"), said("challenge")];
		const word = { mode, topic: said("topic"), challenge, lease_seconds: said("lease_seconds") };
		const source = keys.sourceOf(id);
		if (source === undefined) return c.text("not found\n", 404);
		let isFirst = false;
		const about = await change(source, (before) => {
			if (!before || !keys.isId(id, { source, ...before })) return undefined;
			isFirst = before.until === undefined;
			return answered(before, word, now(), random);
		});
		if (!about) {
			log.info({ source, mode: mode?.slice(0, 40) }, "a verification was refused: nothing of the kind was asked for");
			return c.text("not found\n", 404);
		}
		const fields = { source, hub: hostOf(about.hub), next: about.next };
		if (about.state === "denied") {
			log.warn(
				{ ...fields, reason: said("reason")?.slice(0, 200) },
				"the hub denies pushes: it is asked again in a day",
			);
			return c.text("noted\n");
		}
		log[isFirst ? "info" : "debug"]({ ...fields, until: about.until }, "the hub pushes what is new");
		// Whatever it holds, a browser must not take it for a page.
		c.header("x-content-type-options", "nosniff");
		return c.text(challenge);
	});

	app.post("/websub/:id", bodyLimit({ maxSize: MOST, onError: (c) => c.text("too large\n", 413) }), async (c) => {
		const id = c.req.param("id");
		const source = keys.sourceOf(id);
		const about = source === undefined ? undefined : await read(source);
		if (source === undefined || !about || !keys.isId(id, { source, ...about })) return c.text("not found\n", 404);
		const body = new Uint8Array(await c.req.arrayBuffer());
		const signatures = [c.req.header("x-hub-signature"), c.req.header("x-hub-signature-256")].join(",");
		const verdict = judge(body, signatures, keys.secretOf({ source, ...about }));
		if (verdict === "right") await received(source, body);
		else if (!complaints.has(`${verdict} ${id}`)) {
			complaints.add(`${verdict} ${id}`);
			const words = verdict === "weak" ? "SHA-1 alone, which is too weak" : "no signature, or a wrong one";
			log.warn({ source, hub: hostOf(about.hub) }, `a push was ignored: it bears ${words} (said once)`);
		}
		// The same answer to all: whoever guesses signatures learns nothing.
		return c.text("thank you\n", 202);
	});

	return {
		app,
		async learned(source, named) {
			if (names.has(source)) await change(source, (about) => found(about, named, now()));
		},
		tend(signal) {
			round ??= askDue(signal).finally(() => {
				round = undefined;
			});
			return round;
		},
	};
}

function hostOf(address: string): string {
	return URL.canParse(address) ? new URL(address).host : address.slice(0, 200);
}

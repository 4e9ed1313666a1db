import type { Hono } from "hono";
import type { Settings } from "./config.ts";
import type { Web } from "./http.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Clock, Log } from "./ports.ts";
import type { WebServer } from "./web/server.ts";
import type { Websub } from "./web/websub.ts";

export interface PushParts {
	readonly ledger: Pick<Ledger, "keep" | "kept">;
	readonly web: Pick<Web, "post">;
	readonly hint: (source: string) => Promise<void>;
	readonly clock: Clock;
	readonly random: () => number;
	readonly log: Log;
}

/** How pushes come in. */
export interface Pushes {
	/** Asks hubs for pushes, when the world can reach this process. */
	readonly hubs?: Websub;
	/** Listens. Throws PortTakenError for an address that was set by hand; another one that is taken costs no more than a warning. */
	open(): Promise<WebServer | undefined>;
}

/** The ways in for pushes, when they are signed with a secret. */
export async function openPushes(settings: Settings, parts: PushParts): Promise<Pushes | undefined> {
	const { hooks: setting, sources } = settings;
	if (!setting) return undefined;
	const { ledger, web, hint, clock, random, log } = parts;
	const [{ hooks }, { websub }] = await Promise.all([import("./web/hooks.ts"), import("./web/websub.ts")]);
	const app = hooks({ secret: setting.secret, sources, hint, log });
	const hubs =
		setting.publicUrl === undefined
			? undefined
			: websub({
					publicUrl: setting.publicUrl,
					secret: setting.secret,
					sources,
					now: clock.now,
					random,
					log,
					hint,
					keep: ledger.keep,
					kept: ledger.kept,
					post: web.post,
				});
	if (hubs) app.route("/", hubs.app);
	return { ...(hubs ? { hubs } : {}), open: () => opened(app, setting, log) };
}

async function opened(app: Hono, setting: NonNullable<Settings["hooks"]>, log: Log): Promise<WebServer | undefined> {
	const { listen, PortTakenError } = await import("./web/server.ts");
	try {
		const server = await listen(app, setting.address);
		log.info({ address: server.address }, "listens for pushes at /hooks/<source>");
		return server;
	} catch (error) {
		if (!(error instanceof PortTakenError) || setting.chosen) throw error;
		log.warn({}, `${error.message}: pushes are not received; set WEB_ADDRESS to a free port`);
		return undefined;
	}
}

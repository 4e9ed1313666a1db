import type { Settings } from "./config.ts";
import type { Log } from "./ports.ts";
import type { WebServer } from "./web/server.ts";

/** Receives pushes, when they are signed with a secret. Throws PortTakenError for an address that was set by hand; another one that is taken costs no more than a warning. */
export async function openWeb(
	settings: Settings,
	{ hint, log }: { readonly hint: (source: string) => Promise<void>; readonly log: Log },
): Promise<WebServer | undefined> {
	const { hooks: setting, sources } = settings;
	if (!setting) return undefined;
	const [{ hooks }, { listen, PortTakenError }] = await Promise.all([
		import("./web/hooks.ts"),
		import("./web/server.ts"),
	]);
	try {
		const server = await listen(hooks({ secret: setting.secret, sources, hint, log }), setting.address);
		log.info({ address: server.address }, "listens for pushes at /hooks/<source>");
		return server;
	} catch (error) {
		if (!(error instanceof PortTakenError) || setting.chosen) throw error;
		log.warn({}, `${error.message}: pushes are not received; set WEB_ADDRESS to a free port`);
		return undefined;
	}
}

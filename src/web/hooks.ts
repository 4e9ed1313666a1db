import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Log } from "../ports.ts";
import { isSigned } from "./signature.ts";

/** Bytes of a push that are read. */
const MOST = 1024 * 1024;

export interface HooksOptions {
	readonly secret: string;
	readonly sources: readonly { readonly name: string }[];
	/** Has a source looked at as soon as its site allows it. */
	readonly hint: (source: string) => Promise<void>;
	readonly log: Log;
}

/**
 * `POST /hooks/<source>`: a publishing system says that something is new. A push is only a hint to look now; what it carries is never posted.
 * Whoever cannot sign learns nothing, not even which sources there are.
 */
export function hooks({ secret, sources, hint, log }: HooksOptions): Hono {
	const app = new Hono();
	app.post("/hooks/*", bodyLimit({ maxSize: MOST, onError: (c) => c.text("too large\n", 413) }), async (c) => {
		const body = new Uint8Array(await c.req.arrayBuffer());
		if (!isSigned(body, (name) => c.req.header(name), secret)) {
			log.warn({ path: c.req.path }, "a push without a valid signature was refused: does its sender know HOOK_SECRET?");
			return c.text("signature missing or wrong\n", 401);
		}
		const name = nameIn(c.req.path);
		if (!sources.some((source) => source.name === name)) {
			log.warn({ source: name }, "a push names a source that is not there");
			return c.text("no such source\n", 404);
		}
		log.debug({ source: name }, "a push: the source is looked at now");
		await hint(name);
		return c.text("thank you\n", 202);
	});
	return app;
}

/** The source's name behind `/hooks/`: names are addresses without their scheme, so they may hold slashes, written as they are or as %2F. */
function nameIn(path: string): string {
	const rest = path.replace(/^\/hooks\//, "");
	try {
		return decodeURIComponent(rest);
	} catch {
		return rest;
	}
}

/** The path at which a source's pushes are received. */
export function hookPath(source: string): string {
	return `/hooks/${encodeURIComponent(source)}`;
}

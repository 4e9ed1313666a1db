import { createHash } from "node:crypto";
import type { Answer, Web } from "../http.ts";
import type { Validators } from "./source.ts";

const LONGEST_WAIT = 60 * 60 * 1000;

/** What a conditional look at one address gave: nothing new, or an answer with a body; `next` is the earliest moment the site allows another look. */
export type Look =
	| { readonly unchanged: true; readonly validators: Validators; readonly next?: Date }
	| { readonly unchanged: false; readonly answer: Answer; readonly validators: Validators; readonly next?: Date };

/** Asks an address whether it changed, by its validators (RFC 9110, 13) and by the bytes themselves. Throws SourceError. */
export async function lookAt(
	url: string,
	options: {
		readonly web: Web;
		readonly accept: string;
		readonly signal: AbortSignal;
		readonly before?: Validators | undefined;
		/** Whether it belongs to the newsroom: then only Retry-After makes it wait. */
		readonly own: boolean;
	},
): Promise<Look> {
	const { web, accept, signal, before = {}, own } = options;
	const answer = await web.get(url, { signal, cursor: before, accept });
	const pause = pauseOf(answer, own);
	const next = pause ? { next: pause } : {};
	if (answer.status === 304) return { unchanged: true, validators: { ...before, ...validatorsOf(answer) }, ...next };
	const hash = createHash("sha256").update(answer.body).digest("hex");
	const validators: Validators = { ...validatorsOf(answer), hash };
	if (hash === before.hash) return { unchanged: true, validators, ...next };
	return { unchanged: false, answer, validators, ...next };
}

function validatorsOf(answer: Answer): Validators {
	const etag = answer.headers["etag"];
	const lastModified = answer.headers["last-modified"];
	return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) };
}

/** When the site may be asked again, at its own clock: Retry-After in seconds for everybody, Cache-Control's max-age for other people's sites; an hour at most. */
function pauseOf(answer: Answer, own: boolean): Date | undefined {
	const date = Date.parse(answer.headers["date"] ?? "");
	const wait =
		/^\d+$/.exec(answer.headers["retry-after"] ?? "")?.[0] ??
		(own ? undefined : /max-age=(\d+)/i.exec(answer.headers["cache-control"] ?? "")?.[1]);
	if (Number.isNaN(date) || wait === undefined || Number(wait) === 0) return undefined;
	return new Date(date + Math.min(Number(wait) * 1000, LONGEST_WAIT));
}

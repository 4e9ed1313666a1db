import { createHash } from "node:crypto";
import type { Answer, Web } from "../http.ts";
import { shownAddress } from "../http-errors.ts";
import type { Validators } from "./source.ts";

const HOUR = 60 * 60 * 1000;

/** What the site said beside the answer itself. */
export interface Said {
	/** The earliest moment at which it allows another look (Retry-After). */
	readonly next?: Date;
	/** How long its answer stays fresh (Cache-Control), said to strangers only. Milliseconds. */
	readonly pause?: number;
	/** Where it has moved for good. */
	readonly movedTo?: string;
}

/** What a conditional look at one address gave: nothing new, or an answer with a body. */
export type Look = { readonly said: Said; readonly validators: Validators } & (
	| { readonly unchanged: true }
	| { readonly unchanged: false; readonly answer: Answer }
);

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
	const next = retryAt(answer, own);
	const pause = own ? 0 : seconds(/max-age=(\d+)/i.exec(answer.headers["cache-control"] ?? "")?.[1]);
	const said: Said = {
		...(next ? { next } : {}),
		...(pause > 0 ? { pause: Math.min(pause, HOUR) } : {}),
		// An address with a password or a token in it is not passed on: it would be kept.
		...(answer.permanent === undefined || shownAddress(new URL(url)) !== new URL(url).href
			? {}
			: { movedTo: answer.permanent }),
	};
	if (answer.status === 304) return { unchanged: true, validators: { ...before, ...validatorsOf(answer) }, said };
	const hash = createHash("sha256").update(answer.body).digest("hex");
	const validators: Validators = { ...validatorsOf(answer), hash };
	if (hash === before.hash) return { unchanged: true, validators, said };
	return { unchanged: false, answer, validators, said };
}

function validatorsOf(answer: Answer): Validators {
	const etag = answer.headers["etag"];
	const lastModified = answer.headers["last-modified"];
	return { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) };
}

/** When the site may be asked again after a good answer, at its own clock: Retry-After in seconds; an hour at most for the newsroom's own site, a day for others. */
function retryAt(answer: Answer, own: boolean): Date | undefined {
	const date = Date.parse(answer.headers["date"] ?? "");
	const wait = seconds(/^\d+$/.exec(answer.headers["retry-after"] ?? "")?.[0]);
	return Number.isNaN(date) || wait === 0 ? undefined : new Date(date + Math.min(wait, own ? HOUR : 24 * HOUR));
}

const seconds = (text: string | undefined): number => (text === undefined ? 0 : Number(text) * 1_000);

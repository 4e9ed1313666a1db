import type { ServerResponse } from "node:http";

/** A scripted misfortune of a fake server: exactly one of status, retryAfter, html, raw, reset, hang, truncate, drip, delay. */
export interface Fault {
	/** How many matching requests it hits; 1 when not given. */
	readonly times?: number;
	readonly when?: (body: Readonly<Record<string, unknown>>) => boolean;
	/** Whether the request is carried out although its answer is lost or wrong; by default as the kind says. */
	readonly accept?: boolean;
	/** An answer of one's own: JSON `body` under `status`. */
	readonly status?: number;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** 429 in the service's own form; seconds. */
	readonly retryAfter?: number;
	/** A proxy's HTML page: 502, or the status given. */
	readonly html?: true | number;
	/** Bytes that are not JSON, under `status` (the service's own success by default); accepted. */
	readonly raw?: string;
	/** The socket is destroyed: `before` the request was accepted, or `after`. */
	readonly reset?: "before" | "after";
	/** No answer ever comes. */
	readonly hang?: true;
	/** Accepted, and the answer ends short of its Content-Length. */
	readonly truncate?: true;
	/** Accepted, and the answer comes one byte each so many milliseconds. */
	readonly drip?: number;
	/** Accepted, and the answer comes so many milliseconds later. */
	readonly delay?: number;
}

export interface Answer {
	readonly status: number;
	readonly body: string;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface Faults {
	add(name: string, fault: Fault): void;
	/** The first waiting fault for this call, used up by it. */
	take(name: string, body: Readonly<Record<string, unknown>>): Fault | undefined;
	clear(): void;
	/** How many hits are still to come. */
	readonly left: number;
}

export function faultQueue(): Faults {
	let queue: { name: string; fault: Fault; left: number }[] = [];
	return {
		add(name, fault) {
			queue.push({ name: name.toLowerCase(), fault, left: fault.times ?? 1 });
		},
		take(name, body) {
			const hit = queue.find(
				(one) => (one.name === "*" || one.name === name.toLowerCase()) && (one.fault.when?.(body) ?? true),
			);
			if (!hit) return undefined;
			hit.left--;
			if (hit.left <= 0) queue = queue.filter((one) => one !== hit);
			return hit.fault;
		},
		clear() {
			queue = [];
		},
		get left() {
			return queue.reduce((sum, one) => sum + one.left, 0);
		},
	};
}

/** Whether the call takes effect at the server although it goes wrong. */
export function accepted(fault: Fault | undefined): boolean {
	if (!fault) return true;
	if (fault.accept !== undefined) return fault.accept;
	return (
		fault.reset === "after" ||
		fault.truncate === true ||
		fault.drip !== undefined ||
		fault.delay !== undefined ||
		fault.raw !== undefined
	);
}

const PAGE =
	"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";

/** Gives the answer as the fault bends it. */
export function deliver(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
	if (response.destroyed) return;
	if (fault?.reset) {
		response.socket?.destroy();
		return;
	}
	if (fault?.hang) return;
	let { status, body } = answer;
	let type = "application/json; charset=utf-8";
	if (fault?.html) {
		status = fault.html === true ? 502 : fault.html;
		body = PAGE.replaceAll("502 Bad Gateway", `${status} Bad Gateway`);
		type = "text/html";
	} else if (fault?.raw !== undefined) {
		status = fault.status ?? status;
		body = fault.raw;
	} else if (fault?.status !== undefined) {
		status = fault.status;
		body = JSON.stringify(fault.body ?? {});
	}
	const bytes = Buffer.from(body);
	const headers = {
		"content-type": type,
		...answer.headers,
		...fault?.headers,
		"content-length": String(bytes.length),
	};
	const send = () => {
		if (response.destroyed) return;
		response.writeHead(status, headers);
		if (fault?.truncate) {
			response.write(bytes.subarray(0, Math.max(1, bytes.length >> 1)), () => response.socket?.end());
			return;
		}
		if (fault?.drip !== undefined) {
			drip(response, bytes, fault.drip);
			return;
		}
		response.end(bytes);
	};
	if (fault?.delay !== undefined) {
		const timer = setTimeout(send, fault.delay);
		response.on("close", () => clearTimeout(timer));
	} else send();
}

/** One byte each `ms` milliseconds, until the reader has enough or leaves. */
export function drip(response: ServerResponse, bytes: Buffer, ms: number): void {
	let at = 0;
	const timer = setInterval(() => {
		if (response.destroyed || at >= bytes.length) {
			clearInterval(timer);
			if (!response.destroyed) response.end();
			return;
		}
		response.write(bytes.subarray(at, ++at));
	}, ms);
	response.on("close", () => clearInterval(timer));
}

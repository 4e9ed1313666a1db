import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Listening {
	/** Origin without a closing slash: http://127.0.0.1:port */
	readonly url: string;
	readonly port: number;
	close(): Promise<void>;
}

/** A server on 127.0.0.1 that answers through `handle`; what `handle` throws becomes a 500 with its message. */
export async function listen(
	handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void,
	port = 0,
): Promise<Listening> {
	const server = createServer((request, response) => {
		request.on("error", () => {});
		response.on("error", () => {});
		Promise.resolve()
			.then(() => handle(request, response))
			.catch((error: unknown) => {
				if (response.headersSent || response.destroyed) return response.destroy();
				response.writeHead(500, {
					"content-type": "text/plain; charset=utf-8",
				});
				return response.end(`fake server: ${error instanceof Error ? error.stack : String(error)}`);
			});
	});
	server.keepAliveTimeout = 60_000;
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
	const bound = (server.address() as AddressInfo).port;
	let closing: Promise<void> | undefined;
	return {
		url: `http://127.0.0.1:${bound}`,
		port: bound,
		close() {
			closing ??= new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
			return closing;
		},
	};
}

/** The whole body, bytes joined before anything is decoded. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts);
}

export interface UploadedFile {
	readonly filename: string;
	readonly type: string;
	readonly bytes: Buffer;
}

export type Fields = Record<string, unknown>;

/** Fields of a form, a multipart form (files as UploadedFile) or a JSON object; undefined when the body is none of them. */
export function readFields(type: string, body: Buffer): Fields | undefined {
	if (body.length === 0) return {};
	const kind = (type.split(";")[0] as string).trim().toLowerCase();
	if (kind === "application/json") {
		try {
			const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
			return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : undefined;
		} catch {
			return undefined;
		}
	}
	if (kind === "application/x-www-form-urlencoded")
		return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
	const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
	if (kind === "multipart/form-data" && boundary) return readMultipart(body, (boundary[1] ?? boundary[2]) as string);
	return undefined;
}

function readMultipart(body: Buffer, boundary: string): Fields {
	const fields: Fields = {};
	const mark = Buffer.from(`--${boundary}`);
	let at = body.indexOf(mark);
	while (at >= 0) {
		const from = at + mark.length;
		const next = body.indexOf(mark, from);
		if (next < 0) break;
		const part = body.subarray(from, next);
		const split = part.indexOf("\r\n\r\n");
		const head = part.subarray(0, split).toString("utf8");
		// The line break before the next boundary belongs to the boundary (RFC 2046 §5.1.1).
		const value = part.subarray(split + 4, part.length - 2);
		const name = /\bname="([^"]*)"/i.exec(head)?.[1] ?? /\bname=([^;\s]+)/i.exec(head)?.[1];
		const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
		const type = /content-type:\s*([^\r\n]+)/i.exec(head)?.[1];
		if (split >= 0 && name !== undefined)
			fields[name] =
				filename !== undefined || (type !== undefined && !type.startsWith("text/plain"))
					? ({
							filename: filename ?? "",
							type: type ?? "application/octet-stream",
							bytes: Buffer.from(value),
						} satisfies UploadedFile)
					: value.toString("utf8");
		at = next;
	}
	return fields;
}

export function isFile(value: unknown): value is UploadedFile {
	return typeof value === "object" && value !== null && "bytes" in value && Buffer.isBuffer(value.bytes);
}

/** Whether the bytes begin like a picture that both platforms take. */
export function looksLikePicture(bytes: Buffer): boolean {
	const head = bytes.subarray(0, 12).toString("latin1");
	return (
		["\xff\xd8\xff", "\x89PNG", "GIF8"].some((magic) => head.startsWith(magic)) ||
		(head.startsWith("RIFF") && head.endsWith("WEBP"))
	);
}

export interface Watch {
	/** Tells those who wait that something happened. */
	touch(): void;
	/** Resolves once `check` holds, looked at after everything that happens here; rejects after `ms` with `what`. */
	until(check: () => boolean, what?: string, ms?: number): Promise<void>;
}

/** Lets tests wait for a state instead of for a time. */
export function watch(): Watch {
	const waiting = new Set<() => void>();
	return {
		touch() {
			for (const look of [...waiting]) look();
		},
		until(check, what = "the awaited state", ms = 15_000) {
			return new Promise((resolve, reject) => {
				const timer = setTimeout(() => {
					waiting.delete(look);
					reject(new Error(`${what}: not reached within ${ms} ms`));
				}, ms);
				const look = () => {
					if (!check()) return;
					waiting.delete(look);
					clearTimeout(timer);
					resolve();
				};
				waiting.add(look);
				look();
			});
		},
	};
}

import { PassThrough, type Readable, pipeline } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from "node:zlib";
import { shownAddress } from "./http-errors.ts";
import { SourceError } from "./sources/source.ts";

/** Reads a body to its end and undoes its content encodings. Throws SourceError `body` when it is larger than `maxBytes` decoded, breaks off, or is damaged. */
export async function readBody(
	stream: Readable,
	headers: Readonly<Record<string, string>>,
	maxBytes: number,
	url: URL,
): Promise<Uint8Array> {
	const encodings = (headers["content-encoding"] ?? "")
		.toLowerCase()
		.split(",")
		.map((name) => name.trim())
		.filter((name) => name && name !== "identity");
	if (encodings.length > 2) throw new SourceError("body", `${shownAddress(url)} packs its answer more than twice.`);
	const chunks: Buffer[] = [];
	let size = 0;
	try {
		let decoded = stream;
		for (const name of encodings.reverse()) decoded = await unpacked(decoded, name, url);
		for await (const chunk of decoded as AsyncIterable<Buffer>) {
			size += chunk.length;
			if (size > maxBytes) {
				stream.destroy();
				throw new SourceError("body", `${shownAddress(url)} is larger than ${maxBytes} bytes.`);
			}
			chunks.push(chunk);
		}
	} catch (error) {
		if (error instanceof SourceError) throw error;
		throw new SourceError("body", `The answer of ${shownAddress(url)} broke off or is damaged after ${size} bytes.`, {
			cause: error,
		});
	}
	return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

async function unpacked(stream: Readable, encoding: string, url: URL): Promise<Readable> {
	const decoder = await decoderFor(stream, encoding);
	if (!decoder)
		throw new SourceError(
			"body",
			`${shownAddress(url)} answers in an encoding that Mirsal does not know (${encoding}).`,
		);
	// The error reaches the reader of the last stream; the callback only keeps it from being unhandled.
	return pipeline(decoder.from, decoder.to, () => {});
}

async function decoderFor(
	stream: Readable,
	encoding: string,
): Promise<{ from: Readable; to: PassThrough | ReturnType<typeof createGunzip> } | undefined> {
	if (encoding === "gzip" || encoding === "x-gzip") return { from: stream, to: createGunzip() };
	if (encoding === "br") return { from: stream, to: createBrotliDecompress() };
	if (encoding !== "deflate") return undefined;
	// Some servers send raw deflate instead of zlib under this name: the low four bits of a zlib stream's first byte are 8 (RFC 1950).
	const first = await firstChunk(stream);
	const from = new PassThrough();
	if (first) from.write(first);
	pipeline(stream, from, () => {});
	return {
		from,
		to: first && (first[0] ?? 0) % 16 !== 8 ? createInflateRaw() : createInflate(),
	};
}

function firstChunk(stream: Readable): Promise<Buffer | undefined> {
	return new Promise((resolve, reject) => {
		const onReadable = () => {
			const chunk: Buffer | null = stream.read();
			if (chunk === null && !stream.readableEnded) return;
			cleanup();
			resolve(chunk ?? undefined);
		};
		const onEnd = () => {
			cleanup();
			resolve(undefined);
		};
		const onError = (error: Error) => {
			cleanup();
			reject(error);
		};
		const cleanup = () => {
			stream.off("readable", onReadable).off("end", onEnd).off("error", onError);
		};
		stream.on("readable", onReadable).on("end", onEnd).on("error", onError);
	});
}

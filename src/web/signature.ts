import { createHmac, timingSafeEqual } from "node:crypto";

/** Header values by lower-case name; undefined when the header is missing. */
type Header = (name: string) => string | undefined;

/**
 * Whether a body was signed with the secret, in one of the ways in which publishing systems sign: `X-Hub-Signature-256` (GitHub and many others),
 * `X-Ghost-Signature` (Ghost 5, with its time in the signed text since 5.87), `X-WC-Webhook-Signature` and `X-WP-Webhook-Signature` (WordPress plug-ins, base64).
 */
export function isSigned(body: Uint8Array, header: Header, secret: string): boolean {
	const hub = /^sha256=([0-9a-f]{64})$/i.exec(header("x-hub-signature-256") ?? "")?.[1];
	if (hub !== undefined) return same(hub.toLowerCase(), hmac(secret, body, "hex"));
	const ghost = header("x-ghost-signature");
	if (ghost !== undefined) {
		const sum = /(?:^|[,\s])sha256=([0-9a-f]{64})/i.exec(ghost)?.[1]?.toLowerCase() ?? "";
		const time = /(?:^|[,\s])t=(\d{1,16})/.exec(ghost)?.[1] ?? "";
		return same(sum, hmac(secret, body, "hex")) || same(sum, hmac(secret, joined(body, time), "hex"));
	}
	const base64 = header("x-wc-webhook-signature") ?? header("x-wp-webhook-signature");
	return base64 !== undefined && same(base64, hmac(secret, body, "base64"));
}

function hmac(secret: string, body: Uint8Array, encoding: "hex" | "base64"): string {
	return createHmac("sha256", secret).update(body).digest(encoding);
}

function joined(body: Uint8Array, time: string): Uint8Array {
	return Buffer.concat([body, Buffer.from(time)]);
}

function same(given: string, expected: string): boolean {
	const [one, two] = [Buffer.from(given), Buffer.from(expected)];
	return one.length === two.length && timingSafeEqual(one, two);
}

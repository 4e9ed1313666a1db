import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";

/** What one subscription is about. */
export interface Subject {
	readonly source: string;
	readonly hub: string;
	readonly topic: string;
}

/** How a push was signed: `weak` is rightly, but with SHA-1 alone. */
export type Verdict = "right" | "weak" | "wrong";

/** Hexadecimal digits at the beginning of an id that lead to its source. */
const TAG = 16;

/** What subscriptions are known and signed by. All of it is derived from one secret, so that nothing needs to be kept, and nothing secret is. */
export function websubKeys(secret: string, sources: readonly { readonly name: string }[]) {
	// Not the secret itself: an HMAC with that one is a valid signature at /hooks, and a hub is told what is derived here.
	const key = Buffer.from(hkdfSync("sha256", secret, "", "mirsal websub", 32));
	const derive = (...words: readonly string[]) => createHmac("sha256", key).update(JSON.stringify(words)).digest("hex");
	const tagOf = (source: string) => derive("tag", source).slice(0, TAG);
	const byTag = new Map(sources.map(({ name }) => [tagOf(name), name]));

	/** The unguessable last part of the callback's path: another one for each source, hub and topic. */
	const idOf = ({ source, hub, topic }: Subject) => tagOf(source) + derive("id", source, hub, topic).slice(TAG);

	return {
		idOf,
		isId: (id: string, subject: Subject): boolean => same(id, idOf(subject)),
		/** The source whose ids begin like this one, which proves nothing yet. */
		sourceOf: (id: string): string | undefined => byTag.get(id.slice(0, TAG)),
		/** What the hub signs its pushes with; 64 bytes, fewer than 200 as the rule is. */
		secretOf: ({ source, hub, topic }: Subject) => derive("secret", source, hub, topic),
		/** Tells whether a callback is still the same one without giving it away. */
		markOf: (callback: string) => derive("mark", callback).slice(0, TAG),
	};
}

/**
 * Judges the value of `X-Hub-Signature` (https://www.w3.org/TR/websub/#signing-content), of several methods the strongest that is there.
 * SHA-1 counts as weak, although the recommendation lists it.
 */
export function judge(body: Uint8Array, signature: string, secret: string): Verdict {
	const given = new Map<string, string>();
	for (const [, method = "", sum = ""] of signature.toLowerCase().matchAll(/\b(sha(?:1|256|384|512))=([0-9a-f]+)/g))
		given.set(method, sum);
	const isRight = (method: string) => {
		const sum = given.get(method);
		return sum !== undefined && same(sum, createHmac(method, secret).update(body).digest("hex"));
	};
	if (["sha512", "sha384", "sha256"].some(isRight)) return "right";
	return given.size === 1 && isRight("sha1") ? "weak" : "wrong";
}

function same(given: string, expected: string): boolean {
	const [one, two] = [Buffer.from(given), Buffer.from(expected)];
	return one.length === two.length && timingSafeEqual(one, two);
}

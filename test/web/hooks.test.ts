import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hookPath, hooks } from "../../src/web/hooks.ts";
import { listen, PortTakenError, type WebServer } from "../../src/web/server.ts";
import { silence } from "../world.ts";

const SECRET = "hook-secret";
const BODY = JSON.stringify({ post: { title: "خبر" } });
const hinted: string[] = [];
let server: WebServer;

beforeEach(async () => {
	hinted.length = 0;
	const app = hooks({
		secret: SECRET,
		sources: [{ name: "nirgal" }, { name: "example.org/الأخبار/feed" }],
		hint: async (source) => void hinted.push(source),
		log: silence,
	});
	server = await listen(app, "127.0.0.1:0");
});
afterEach(() => server.close());

const sum = (text: string, encoding: "hex" | "base64" = "hex", secret = SECRET) =>
	createHmac("sha256", secret).update(text).digest(encoding);
const push = (path: string, headers: Record<string, string>, body: string | Uint8Array = BODY) =>
	fetch(`http://${server.address}${path}`, { method: "POST", headers, body });

describe("a signed push", () => {
	test.each<[string, Record<string, string>]>([
		["as GitHub signs", { "x-hub-signature-256": `sha256=${sum(BODY)}` }],
		["in capital letters", { "x-hub-signature-256": `sha256=${sum(BODY).toUpperCase()}` }],
		[
			"as Ghost signs, with the time",
			{ "x-ghost-signature": `sha256=${sum(`${BODY}1764000000000`)}, t=1764000000000` },
		],
		["as Ghost signed before", { "x-ghost-signature": `sha256=${sum(BODY)}, t=1764000000000` }],
		["as WooCommerce signs", { "x-wc-webhook-signature": sum(BODY, "base64") }],
		["as WP Webhooks signs", { "x-wp-webhook-signature": sum(BODY, "base64") }],
	])("%s makes the source be looked at", async (_name, headers) => {
		expect((await push("/hooks/nirgal", headers)).status).toBe(202);
		expect(hinted).toEqual(["nirgal"]);
	});

	test.each([
		["as it is", "/hooks/example.org/الأخبار/feed"],
		["encoded", hookPath("example.org/الأخبار/feed")],
	])("may name a source with slashes and Arabic letters, %s", async (_name, path) => {
		expect((await push(path, { "x-hub-signature-256": `sha256=${sum(BODY)}` })).status).toBe(202);
		expect(hinted).toEqual(["example.org/الأخبار/feed"]);
	});

	test("of nothing is one too", async () => {
		expect((await push("/hooks/nirgal", { "x-hub-signature-256": `sha256=${sum("")}` }, "")).status).toBe(202);
	});

	test("for a source that is not there is told so", async () => {
		expect((await push("/hooks/other", { "x-hub-signature-256": `sha256=${sum(BODY)}` })).status).toBe(404);
		expect(hinted).toEqual([]);
	});
});

describe("refused", () => {
	test.each<[string, string, Record<string, string>]>([
		["no signature", "/hooks/nirgal", {}],
		["a signature with another secret", "/hooks/nirgal", { "x-hub-signature-256": `sha256=${sum(BODY, "hex", "x")}` }],
		["a signature of another body", "/hooks/nirgal", { "x-hub-signature-256": `sha256=${sum("x")}` }],
		["a cut signature", "/hooks/nirgal", { "x-hub-signature-256": `sha256=${sum(BODY).slice(0, 32)}` }],
		["a Ghost time that was not signed", "/hooks/nirgal", { "x-ghost-signature": `sha256=${sum(`${BODY}1`)}, t=2` }],
		["an empty Ghost signature", "/hooks/nirgal", { "x-ghost-signature": "" }],
		["an empty base64 signature", "/hooks/nirgal", { "x-wc-webhook-signature": "" }],
		["a stranger who asks for a source", "/hooks/other", {}],
	])("%s", async (_name, path, headers) => {
		expect((await push(path, headers)).status).toBe(401);
		expect(hinted).toEqual([]);
	});

	test("more than a mebibyte", async () => {
		const body = new Uint8Array(1024 * 1024 + 1);
		expect((await push("/hooks/nirgal", {}, body)).status).toBe(413);
	});

	test.each(["GET", "PUT"])("%s", async (method) => {
		expect((await fetch(`http://${server.address}/hooks/nirgal`, { method })).status).toBe(404);
	});
});

test("a port that is taken is said by name", async () => {
	const other = createServer().listen(0, "127.0.0.1");
	await new Promise((resolve) => other.once("listening", resolve));
	const { port } = other.address() as { port: number };
	await expect(
		listen(hooks({ secret: "", sources: [], hint: async () => {}, log: silence }), `127.0.0.1:${port}`),
	).rejects.toThrow(PortTakenError);
	other.close();
});

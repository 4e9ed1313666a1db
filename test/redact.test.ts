import fc from "fast-check";
import { expect, test } from "vitest";
import { redactor, secretsIn, withoutSecretParameters } from "../src/redact.ts";

const SECRET = 's3cr/t+canary="x"';
const redact = redactor([SECRET, "short", "canary-token"]);

test.each<[string, string, string]>([
	["raw", `the key ${SECRET} was refused`, "the key [secret] was refused"],
	["percent-encoded", `?key=${encodeURIComponent(SECRET)}&x=1`, "?key=[secret]&x=1"],
	["in JSON", JSON.stringify({ key: SECRET }), '{"key":"[secret]"}'],
	["in base64", `Basic ${Buffer.from(SECRET).toString("base64")}`, "Basic [secret]"],
	["twice", "canary-token canary-token", "[secret] [secret]"],
	[
		"a bot token nobody told us of",
		"https://api.telegram.org/bot123456789:AAHk3-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/getMe",
		"https://api.telegram.org/bot[secret]/getMe",
	],
	["a password in an address", "socks5://user:pass@proxy:1080 failed", "socks5://[secret]@proxy:1080 failed"],
	["a user alone in an address", "https://user@example.org/feed", "https://[secret]@example.org/feed"],
	["too short to be told from words", "a short one", "a short one"],
	["an address with @ in its path", "https://example.org/@nirgal", "https://example.org/@nirgal"],
	["a time", "at 2026-11-23T09:00:00.000Z", "at 2026-11-23T09:00:00.000Z"],
	["Arabic", "عودة الماء إلى الحي", "عودة الماء إلى الحي"],
])("%s", (_, text, clean) => expect(redact(text)).toBe(clean));

test("a secret within another leaves nothing of the longer", () => {
	expect(redactor(["canary", "canary-and-more"])("x canary-and-more y")).toBe("x [secret] y");
});

test("whatever stands around it, no secret leaves", () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), fc.string({ minLength: 6, maxLength: 20 }), (before, after, secret) => {
			fc.pre(!"[secret]".includes(secret) && secret.trim() === secret);
			expect(redactor([secret])(`${before} ${secret} ${after}`)).not.toContain(` ${secret} `);
		}),
	);
});

test.each<[string, string, readonly string[]]>([
	["a password", "http://salma:canaryPassword@host/feed", ["canaryPassword"]],
	["a token", "https://host/feed?page=2&token=canaryToken#x", ["canaryToken"]],
	["an access token", "https://host/feed?access_token=canaryToken", ["canaryToken"]],
	["a key, encoded", "https://host/feed?api_key=canary%2FKey", ["canary%2FKey", "canary/Key"]],
	["in what is no address", "ftp://u:canaryPassword@[bad/feed?token=canaryToken", ["canaryToken", "canaryPassword"]],
	["broken encoding", "https://host/?key=canary%zzKey", ["canary%zzKey"]],
	["several addresses", "https://h/?token=canaryOne1 https://h/?token=canaryTwo2", ["canaryOne1", "canaryTwo2"]],
	["too short to be told from words", "https://host/feed?key=news", []],
	["an author is nobody's secret", "https://host/feed?author=mohammed-ali", []],
	["an ordinary address", "https://host/feed?cat=politics&page=2", []],
])("finds in an address: %s", (_, address, secrets) => {
	expect(secretsIn(address)).toEqual(secrets);
	for (const secret of secretsIn(address).filter((one) => !address.includes(`:${one}@`)))
		expect(withoutSecretParameters(address)).not.toContain(`=${secret}`);
});

test("an address without secret parameters stays as it is", () => {
	expect(withoutSecretParameters("https://host/feed?cat=politics&page=2")).toBe(
		"https://host/feed?cat=politics&page=2",
	);
	expect(withoutSecretParameters("?token=canaryToken&page=2")).toBe("?token=***&page=2");
});

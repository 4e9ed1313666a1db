import { expect, test } from "vitest";
import { readVariables, takeSecrets } from "../src/variables.ts";

const files: Readonly<Record<string, string>> = { "/run/token": " 7000001:canary \n", "/run/empty": "\n" };
const read = (path: string): string => {
	const text = files[path];
	if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
	return text;
};

test("an empty variable is an unset one, and values are trimmed", () => {
	const { get } = readVariables({ A: "", B: "  ", C: " x ", D: undefined }, read);
	expect(["A", "B", "C", "D"].map(get)).toEqual([undefined, undefined, "x", undefined]);
});

test("a secret may come from a file", () => {
	const { get, problems, secrets } = readVariables({ TELEGRAM_BOT_TOKEN_FILE: "/run/token" }, read);
	expect(get("TELEGRAM_BOT_TOKEN")).toBe("7000001:canary");
	expect(secrets).toContain("7000001:canary");
	expect(problems).toEqual([]);
});

test("a channel's secrets behind its own prefix may, too; what is no secret may not", () => {
	const { get } = readVariables({ ENGLISH_APP_KEY_FILE: "/run/token", SOURCES_FILE: "/run/token" }, read);
	expect(get("ENGLISH_APP_KEY")).toBe("7000001:canary");
	expect(get("SOURCES")).toBeUndefined();
});

test.each([
	["both are set", { LEDGER_KEY: "canary", LEDGER_KEY_FILE: "/run/token" }, "LEDGER_KEY_FILE: LEDGER_KEY is set too"],
	[
		"the file is not there",
		{ LEDGER_KEY_FILE: "/run/none" },
		"LEDGER_KEY_FILE: the file it names cannot be read (ENOENT)",
	],
	["the file is empty", { LEDGER_KEY_FILE: "/run/empty" }, "LEDGER_KEY_FILE: the file it names is empty"],
])("a problem: %s", (_, environment, words) => {
	const { problems } = readVariables(environment, read);
	expect(problems).toEqual([expect.stringContaining(words)]);
	expect(problems.join()).not.toContain("canary");
});

test("every secret is known as one, and nothing else", () => {
	const environment = {
		TELEGRAM_BOT_TOKEN: "canary-1",
		TWITTER_APP_SECRET: "canary-2",
		ENGLISH_ACCESS_SECRET: "canary-3",
		SPORT_BOT_TOKEN: "canary-4",
		HOOK_SECRET: "canary-5",
		SOURCES: "https://example.org",
		TIMEZONE: "Asia/Baghdad",
	};
	expect(readVariables(environment, read).secrets.toSorted()).toEqual([1, 2, 3, 4, 5].map((n) => `canary-${n}`));
});

test("passwords and tokens within addresses are secrets too", () => {
	const { secrets } = readVariables(
		{
			SOURCES: "http://salma:canaryPassword@host/feed?token=canaryToken",
			PROXY_URL: "http://u:canaryProxy@proxy:1",
			STORE_URL: "postgres://u:canaryStore@db/x",
			TIMEZONE: "Asia/Baghdad",
		},
		read,
	);
	expect([...secrets].sort()).toEqual(["canaryPassword", "canaryProxy", "canaryStore", "canaryToken"]);
});

test("secrets are taken out of the environment that Node would write into a crash report, and nothing else is", () => {
	const given = {
		PATH: "/bin",
		TELEGRAM_BOT_TOKEN: "1:canary",
		ENGLISH_APP_KEY: "canary",
		SOURCES: "http://a:canary@h",
	};
	const environment: Record<string, string | undefined> = { ...given };
	expect(takeSecrets(environment)).toEqual(given);
	expect(environment).toEqual({ PATH: "/bin" });
});

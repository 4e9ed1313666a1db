import { secretsIn } from "./redact.ts";

/** Variables whose value may also come from a file named by the variable with `_FILE` behind it. */
const SECRETS = [
	"TELEGRAM_BOT_TOKEN",
	"TELEGRAM_WEBHOOK_SECRET",
	"TWITTER_APP_KEY",
	"TWITTER_APP_SECRET",
	"TWITTER_ACCESS_TOKEN",
	"TWITTER_ACCESS_SECRET",
	"TWITTER_CLIENT_ID",
	"TWITTER_CLIENT_SECRET",
	"LEDGER_KEY",
	"HOOK_SECRET",
	"PROXY_URL",
	"STORE_URL",
] as const;

/** Names of secrets that channels of newsroom.yaml read behind their own prefix, such as ENGLISH_APP_KEY. */
const CHANNEL_SECRETS = /_(?:APP_KEY|APP_SECRET|ACCESS_TOKEN|ACCESS_SECRET|BOT_TOKEN)$/;

const isSecret = (name: string) => (SECRETS as readonly string[]).includes(name) || CHANNEL_SECRETS.test(name);

/** Takes what is secret, and addresses that may hold a password, out of the process's own environment, which Node writes into its reports of crashes. Gives it as it was. */
export function takeSecrets(
	environment: Record<string, string | undefined>,
): Readonly<Record<string, string | undefined>> {
	const whole = { ...environment };
	for (const name of Object.keys(whole)) if (isSecret(name) || name === "SOURCES") delete environment[name];
	return whole;
}

/** The environment as Mirsal reads it: an empty variable is an unset one. */
export interface Variables {
	get(name: string): string | undefined;
	/** Values that must never be shown, those within addresses too. */
	readonly secrets: readonly string[];
	readonly problems: readonly string[];
}

/** Reads the environment; `readFile` reads what a `_FILE` variable names. */
export function readVariables(
	environment: Readonly<Record<string, string | undefined>>,
	readFile: (path: string) => string,
): Variables {
	const values = new Map<string, string>();
	const problems: string[] = [];
	for (const [name, value] of Object.entries(environment))
		if (value !== undefined && value.trim() !== "") values.set(name, value.trim());
	for (const [name, path] of [...values]) {
		const plain = name.replace(/_FILE$/, "");
		if (plain === name || !isSecret(plain)) continue;
		if (values.has(plain)) {
			problems.push(`${name}: ${plain} is set too; keep one of the two`);
			continue;
		}
		try {
			const value = readFile(path).trim();
			if (value === "") problems.push(`${name}: the file it names is empty`);
			else values.set(plain, value);
		} catch (error) {
			problems.push(
				`${name}: the file it names cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`,
			);
		}
	}
	const secrets = [...values].flatMap(([name, value]) =>
		isSecret(name) && name !== "STORE_URL" && name !== "PROXY_URL" ? [value] : secretsIn(value),
	);
	return { get: (name) => values.get(name), secrets, problems };
}

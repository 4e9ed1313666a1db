/** A Telegram bot token wherever it stands, also one nobody told us of: it is part of every request path. */
const BOT_TOKEN = /\d{6,}:[A-Za-z0-9_-]{30,}/g;
const USER_INFO = /(\w+:\/\/)[^\s/@:]+(?::[^\s/@]*)?@/g;
/** A parameter of an address whose name says that its value is a secret. */
const PARAMETER = /([?&](?:[\w.-]*(?:token|secret|passw|api_?key|signature)[\w.-]*|key|auth|sig)=)([^&#\s"'»<>]+)/gi;
const PASSWORD = /\w+:\/\/[^\s/@:]*:([^\s/@]+)@/g;
const SHORTEST = 6;
/** A shorter value in an address may be a word that stands in any text. */
const SHORTEST_IN_ADDRESS = 8;

/** An address, also one that is none, with the values of its secret parameters taken out. */
export function withoutSecretParameters(address: string): string {
	return address.replace(PARAMETER, "$1***");
}

/** The passwords and the values of secret parameters in addresses, as they stand there and as they are meant. */
export function secretsIn(text: string): readonly string[] {
	const found = [
		...[...text.matchAll(PARAMETER)].map(([, , value = ""]) => value),
		...[...text.matchAll(PASSWORD)].map(([, value = ""]) => value),
	];
	return [...new Set(found.flatMap((value) => [value, decoded(value)]))].filter(
		({ length }) => length >= SHORTEST_IN_ADDRESS,
	);
}

function decoded(value: string): string {
	try {
		return decodeURIComponent(value);
	} catch {
		return value;
	}
}

/** Takes secrets out of a text: each by its value, raw, percent-encoded, as JSON would write it and in base64, and what looks like a token or a password in an address. */
export function redactor(secrets: readonly string[]): (text: string) => string {
	const forms = new Set<string>();
	for (const secret of secrets) {
		if (secret.length < SHORTEST) continue;
		const base64 = Buffer.from(secret).toString("base64");
		for (const form of [
			secret,
			encodeURIComponent(secret),
			JSON.stringify(secret).slice(1, -1),
			base64,
			base64.replace(/=+$/, ""),
		])
			forms.add(form);
	}
	const longestFirst = [...forms].sort((left, right) => right.length - left.length);
	return (text) => {
		let clean = text;
		for (const form of longestFirst) clean = clean.replaceAll(form, "[secret]");
		return clean.replace(BOT_TOKEN, "[secret]").replace(USER_INFO, "$1[secret]@");
	};
}

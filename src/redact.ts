/** A Telegram bot token wherever it stands, also one nobody told us of: it is part of every request path. */
const BOT_TOKEN = /\d{6,}:[A-Za-z0-9_-]{30,}/g;
const USER_INFO = /(\w+:\/\/)[^\s/@:]+(?::[^\s/@]*)?@/g;
const SHORTEST = 6;

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

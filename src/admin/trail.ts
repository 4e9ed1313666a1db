import type { Audit } from "../ledger/ledger.ts";
import type { Ask } from "./ask.ts";
import { hourOf, short } from "./lines.ts";
import type { Reply } from "./outbox.ts";

const DAY = 24 * 3_600_000;
/** Lines of the trail that one message tells, and how far back it looks. */
const SHOWN = 20;
const BACK = 7 * DAY;
const LABEL = 60;

/** What admins did last, newest first, and how many messages nobody may send. */
export async function trail(ask: Ask): Promise<Reply> {
	const { desk, words, now, strangers } = ask;
	const found: Audit[] = [];
	for await (const line of desk.ledger.audits(new Date(now.getTime() - BACK))) {
		found.push(line);
		if (found.length > SHOWN) found.shift();
	}
	const today = desk.day(now);
	const lines = found.reverse().map(({ at, by, did, outcome }) => {
		const day = desk.day(new Date(at));
		const hour = hourOf(desk.timeZone, at);
		return words.say(outcome === "done" ? "logDone" : `log_${outcome}`, {
			time: day === today ? hour : `${day} ${hour}`,
			by,
			did: short(did, LABEL),
		});
	});
	return {
		text: [
			words.say(lines.length > 0 ? "logHead" : "logEmpty"),
			...lines,
			...(strangers > 0 ? [words.say("logStrangers", { count: strangers })] : []),
		].join("\n"),
	};
}

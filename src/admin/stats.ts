import { type Ask, called, Declined } from "./ask.ts";
import type { Reply } from "./outbox.ts";

const DAY = 24 * 3_600_000;
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };

/** What was posted on the last days, by channel, and by day where there are several. */
export async function stats(ask: Ask): Promise<Reply> {
	const { desk, words, now } = ask;
	const period = ask.args[0]?.toLowerCase() ?? "day";
	const days = DAYS[period];
	if (days === undefined) throw new Declined(words.say("periodWrong", { period }));
	const dates = Array.from({ length: days }, (_none, back) => desk.day(new Date(now.getTime() - back * DAY)));
	const byDay = new Map<string, number>(dates.map((date) => [date, 0]));
	const lines: string[] = [];
	for (const channel of desk.channels) {
		const sum = { sent: 0, refused: 0, skipped: 0 };
		for (const date of dates) {
			const counts = await desk.ledger.countsOn(channel.name, date);
			for (const name of ["sent", "refused", "skipped"] as const) sum[name] += counts[name];
			byDay.set(date, (byDay.get(date) ?? 0) + counts.sent);
		}
		const facts = [
			sum.sent > 0 ? words.say("statsSent", { count: sum.sent }) : words.say("statsNone"),
			...(sum.refused > 0 ? [words.say("statsRefused", { count: sum.refused })] : []),
			...(sum.skipped > 0 ? [words.say("statsSkipped", { count: sum.skipped })] : []),
		];
		lines.push(words.say("channelLine", { channel: called(words, channel), facts: words.list(facts) }));
	}
	const posting = [...byDay].filter(([, count]) => count > 0);
	return {
		text: [
			words.say(`stats_${period}`),
			...lines,
			...(days > 1 && posting.length > 0
				? [words.say("statsDays"), ...posting.map(([date, count]) => words.say("statsDay", { date, count }))]
				: []),
		].join("\n"),
		buttons: [
			Object.keys(DAYS)
				.filter((one) => one !== period)
				.map((one) => ({ label: words.say(`buttonStats_${one}`), run: `stats ${one}` })),
		],
	};
}

import { direct } from "../arabic/direction.ts";
import { formatDate } from "../arabic/dates.ts";
import type { Who } from "./ask.ts";

const LONGEST = 160;

/** The text on one line, as much of it as a phone shows well. */
export function short(text: string, longest = LONGEST): string {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length <= longest ? line : `${line.slice(0, longest - 1).replace(/\s+\S*$/, "")}…`;
}

/** The headline of an article as a line of its own: from the right where it is Arabic, and never nothing. */
export async function headline({ desk, words }: Who, id: string): Promise<string> {
	const known = await desk.ledger.article(id);
	return direct(short(known?.article.title ?? id) || words.say("noTitle"));
}

/** A moment on the newsroom's clock: «الاثنين، 23 تشرين الثاني 2026، 14:05». */
export function clockTime({ desk, words }: Who, iso: string): string {
	return words.say("clockTime", { hour: hourOf(desk.timeZone, iso), date: dateOf(words.language, desk.timeZone, iso) });
}

/** The hour on the newsroom's clock: «14:05». */
export function hourOf(timeZone: string, iso: string): string {
	return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
}

function dateOf(language: "ar" | "en", timeZone: string, iso: string): string {
	return formatDate(iso, { timeZone, locale: language === "ar" ? "ar-IQ" : "en-GB" });
}

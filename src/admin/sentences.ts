import { parse } from "yaml";
import { z } from "zod";
import { counted, type Noun } from "../arabic/dates.ts";
import { direct } from "../arabic/direction.ts";

/** What stands in a sentence's gaps, by their names. */
export type Fields = Readonly<Record<string, string | number>>;

/** What the bot says, in one language. */
export interface Sentences {
	readonly language: "ar" | "en";
	/** Each sentence's name with its gaps as written, sorted: what two languages must have in common. */
	readonly gaps: ReadonlyMap<string, readonly string[]>;
	/** A sentence with its gaps filled, laid out for its direction. An unknown name says its fields plainly; nothing throws. */
	say(name: string, fields?: Fields): string;
	/** A length of time in its largest unit: «35 دقيقة». Milliseconds. */
	span(length: number): string;
	/** How long ago, or in how long: «قبل 4 دقائق», «بعد ساعتين», «الآن». */
	ago(from: Date, now: Date): string;
	/** Several things in one breath: «تلغرام، تويتر». */
	list(things: readonly string[]): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const Forms = z.strictObject({
	one: z.string().min(1),
	two: z.string().min(1),
	few: z.string().min(1),
	many: z.string().min(1),
	other: z.string().min(1),
	zero: z.string().min(1).exactOptional(),
});
const Regex = z.string().refine(compiles, "is no regular expression");
const File = z.strictObject({
	language: z.enum(["ar", "en"]),
	nouns: z.record(z.string(), Forms),
	names: z.record(z.string(), z.string().min(1)),
	reasons: z.array(z.strictObject({ match: Regex, says: z.string().min(1) })),
	sentences: z.record(z.string(), z.string().min(1)),
});

/** `{gap}`, or `{gap|how}`: a counted noun of the file, `name` (a channel's name) or `reason` (words of a platform or site). */
const GAP = /\{(\w+)(?:\|(\w+))?\}/g;
/** The slash of a command is neutral (UAX #9): in a line from the right it would stand behind its word without a mark. */
const COMMAND = /(?<=^|[\s(«])\/[a-z]/gm;
const HOW = new Set(["name", "reason"]);
/** Sentences and nouns that this file itself asks for. */
const NEEDED = { sentences: ["now", "ago", "ahead", "moment", "comma"], nouns: ["minute", "hour", "day"] } as const;

/** Reads a file of sentences. Throws an Error that lists what is wrong with it. */
export function sentences(yaml: string): Sentences {
	const read = File.safeParse(parse(yaml));
	if (!read.success)
		throw new Error(
			`the bot's sentences: ${read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`,
		);
	const file = read.data;
	const problems = [...check(file)];
	if (problems.length > 0) throw new Error(`the bot's sentences: ${problems.join("; ")}`);
	const reasons = file.reasons.map(({ match, says }) => ({ match: new RegExp(match, "iu"), says }));

	const named = (value: string | number): string => file.names[value] ?? String(value);
	const reasoned = (value: string): string => {
		for (const { match, says } of reasons) {
			const found = match.exec(value);
			if (found) return says.replace(/\$(\d)/g, (_all, group: string) => found[Number(group)] ?? "");
		}
		return value.replace(/\.$/, "");
	};
	function filled(value: string | number | undefined, how: string | undefined): string {
		if (value === undefined) return "";
		const noun = how === undefined ? undefined : file.nouns[how];
		if (noun && typeof value === "number") return counted(value, noun as Noun);
		if (how === "name") return named(value);
		return how === "reason" ? reasoned(String(value)) : String(value);
	}
	function say(name: string, fields: Fields = {}): string {
		const sentence = file.sentences[name];
		if (sentence === undefined) return direct(plainly(name, fields));
		const text = sentence.replace(GAP, (_all, gap: string, how: string | undefined) => filled(fields[gap], how)).trim();
		return direct(file.language === "ar" ? text.replace(COMMAND, "\u200E$&") : text);
	}
	function span(length: number): string {
		const unit = (
			[
				[DAY, "day"],
				[HOUR, "hour"],
				[MINUTE, "minute"],
			] as const
		).find(([least]) => length >= least);
		return unit ? counted(Math.floor(length / unit[0]), file.nouns[unit[1]] as Noun) : say("moment");
	}

	return {
		language: file.language,
		gaps: new Map(Object.entries(file.sentences).map(([name, text]) => [name, gapsOf(text).sort()])),
		say,
		span,
		ago(from, now) {
			const distance = now.getTime() - from.getTime();
			if (Math.abs(distance) < MINUTE) return say("now");
			return say(distance > 0 ? "ago" : "ahead", { span: span(Math.abs(distance)) });
		},
		list: (things) => things.join(file.sentences["comma"]),
	};
}

/** A notice without a sentence of its own: its name and its fields, as they are. */
function plainly(name: string, fields: Fields): string {
	return [name, ...Object.entries(fields).map(([field, value]) => `${field}: ${value}`)].join("\n");
}

const gapsOf = (text: string): string[] => [...text.matchAll(GAP)].map(([gap]) => gap);

function* check(file: z.infer<typeof File>): Generator<string> {
	for (const [name, text] of Object.entries(file.sentences)) {
		for (const [gap, , how] of text.matchAll(GAP))
			if (how !== undefined && !HOW.has(how) && !file.nouns[how])
				yield `${name}: ${gap} asks for a noun that is not there`;
		if (/[{}]/.test(text.replace(GAP, ""))) yield `${name}: a brace that belongs to no gap`;
	}
	for (const name of NEEDED.sentences) if (!file.sentences[name]) yield `the sentence «${name}» is missing`;
	for (const name of NEEDED.nouns) if (!file.nouns[name]) yield `the noun «${name}» is missing`;
}

function compiles(text: string): boolean {
	try {
		return new RegExp(text, "iu") instanceof RegExp;
	} catch {
		return false;
	}
}

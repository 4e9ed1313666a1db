import { SourceError } from "../sources/source.ts";
import { type Ask, addressOf, Declined, sourceOf } from "./ask.ts";
import { hourOf, short } from "./lines.ts";
import type { Button, Reply } from "./outbox.ts";

/** Sources in one message, and those of them that get buttons. */
const SHOWN = 20;
const WITH_BUTTONS = 8;
/** Characters of a source's name on a button. */
const LABEL = 24;

/** The sources with their health; with `add` and an address what could be watched there, with `remove` and a name the end of one that was added. */
export async function sources(ask: Ask): Promise<Reply> {
	const [wish, ...rest] = ask.args;
	if (wish === "add") return found(ask, rest[0]);
	if (wish === "remove") return removal(ask, rest.join(" "));
	if (wish !== undefined && wish !== "all") return one(ask, sourceOf(ask, ask.args.join(" ")));
	const { desk, words } = ask;
	const ordered = await byHealth(ask);
	const lines: string[] = [];
	for (const { name } of ordered.slice(0, SHOWN)) lines.push(await lineOf(ask, name));
	if (ordered.length > SHOWN) lines.push(words.say("sourcesMore", { count: ordered.length - SHOWN }));
	const buttons = ordered.slice(0, WITH_BUTTONS).map(({ name }) => buttonsOf(ask, name));
	return {
		text: [words.say("sourcesHead", { count: desk.sources.length }), ...lines, words.say("sourcesNext")].join("\n"),
		buttons,
	};
}

/** What is wrong stands first. */
async function byHealth({ desk }: Ask) {
	const ranked: { readonly name: string; readonly rank: number }[] = [];
	for (const { name } of desk.sources) {
		const record = await desk.ledger.source(name);
		const settled = desk.switches.isPaused(name) || desk.switches.mutedBy(name) !== undefined;
		ranked.push({ name, rank: record?.fault ? 0 : settled ? 1 : 2 });
	}
	return ranked.sort((left, right) => left.rank - right.rank);
}

async function one(ask: Ask, name: string): Promise<Reply> {
	return { text: await lineOf(ask, name), buttons: [buttonsOf(ask, name)] };
}

function buttonsOf({ desk, words, from }: Ask, name: string): readonly Button[] {
	const source = short(name, LABEL);
	const { switches } = desk;
	const { added } = switches.of(name);
	const muted = switches.mutedBy(name) !== undefined;
	return [
		{ label: words.say("buttonLook", { source }), act: { do: "look", source: name } },
		switches.isPaused(name)
			? { label: words.say("buttonWake"), act: { do: "wake", source: name } }
			: { label: words.say("buttonRest"), act: { do: "rest", source: name } },
		{ label: words.say(muted ? "buttonUnmute" : "buttonMute"), act: { do: muted ? "unmute" : "mute", source: name } },
		...(added && from.role === "owner"
			? [{ label: words.say("buttonRemove"), act: { do: "remove", source: name } as const }]
			: []),
	];
}

async function lineOf({ desk, words, now }: Ask, name: string): Promise<string> {
	const record = await desk.ledger.source(name);
	const { added, paused, muted } = desk.switches.of(name);
	const ago = (time: string) => words.ago(new Date(time), now);
	const facts = [
		...(record?.fault
			? [
					words.say("sourceBroken", {
						span: words.span(now.getTime() - Date.parse(record.fault.since)),
						reason: record.fault.message,
					}),
				]
			: record?.lastPoll === undefined
				? [words.say("sourceUnread")]
				: [words.say("sourceRead", { ago: ago(record.lastPoll), kind: record.kind })]),
		...(record?.lastArticle ? [words.say("sourceLast", { ago: ago(record.lastArticle) })] : []),
		...(paused && desk.switches.isPaused(name)
			? paused.until
				? [words.say("sourceStopsUntil", { by: paused.by, hour: hourOf(desk.timeZone, paused.until) })]
				: [words.say("sourceStops", { by: paused.by })]
			: []),
		...(muted ? [words.say("sourceMutes", { by: muted.by })] : []),
		...(added ? [words.say("sourceAddedBy", { by: added.by })] : []),
	];
	return words.say("sourceLine", { source: name, facts: words.list(facts) });
}

/** What could be watched at an address, with a button that begins it. */
async function found(ask: Ask, word: string | undefined): Promise<Reply> {
	const { desk, words, from } = ask;
	if (from.role !== "owner") throw new Declined(words.say("notAllowed", { command: "/sources add" }));
	const address = addressOf(ask, word);
	try {
		const { url, kind, count, titles, known } = await desk.find(address);
		if (known !== undefined) throw new Declined(words.say("sourceKnown", { source: known }));
		return {
			text: [
				words.say("sourceFound", { kind, address: url, count }),
				...titles.map((title) => words.say("quoted", { text: short(title) })),
				words.say("sourceFoundNext"),
			].join("\n"),
			buttons: [[{ label: words.say("buttonAdd"), act: { do: "add", address } }]],
		};
	} catch (error) {
		if (error instanceof SourceError) throw new Declined(words.say("previewFailed", { reason: error.message }));
		throw error;
	}
}

/** Asks whether a source that was added is to go. */
async function removal(ask: Ask, name: string): Promise<Reply> {
	const { desk, words, from } = ask;
	if (from.role !== "owner") throw new Declined(words.say("notAllowed", { command: "/sources remove" }));
	const source = sourceOf(ask, name);
	if (!desk.switches.of(source).added) throw new Declined(words.say("sourceFixed", { source }));
	return {
		text: words.say("sourceRemoveSure", { source }),
		buttons: [[{ label: words.say("buttonRemoveSurely"), act: { do: "surely", source } }]],
	};
}

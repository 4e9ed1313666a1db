import type { Log } from "../ports.ts";
import type { Desk, DeskChannel } from "./desk.ts";
import type { Reply } from "./outbox.ts";
import type { Sentences } from "./sentences.ts";

export type Role = "owner" | "editor";

/** Who commands, and what is needed to answer. */
export interface Who {
	readonly desk: Desk;
	readonly words: Sentences;
	readonly log: Log;
	readonly from: { readonly id: number; readonly name: string; readonly role: Role };
	readonly now: Date;
}

/** One command of one admin, with what it may need. */
export interface Ask extends Who {
	/** What stands behind the command, by words. */
	readonly args: readonly string[];
	/** Where the command was given. */
	readonly place: "private" | "group";
	/** Messages to the bot since it started that nobody may send. */
	readonly strangers: number;
	/** Speaks with this admin in that language from now on; gives the sentences of it, and nothing when there are none. */
	speak(language: string): Promise<Sentences | undefined>;
}

/** What stands behind a command, in this order; with `?` it may be missing. */
export type Argument =
	| "address"
	| "channel?"
	| "scope?"
	| "span?"
	| "period?"
	| "mode?"
	| "language?"
	| "subject?"
	| "backup";

/** A row of the bot's table of commands. */
export interface Command {
	readonly name: string;
	readonly takes?: readonly Argument[];
	/** Who may use it; an owner may all. */
	readonly who: Role;
	/** Name of the sentence that says what it does, for /help and the menu. */
	readonly says: string;
	/** It changes something: refused when it comes late, and noted in the audit trail. */
	readonly changes?: true;
	/** It waits for the web: the same admin's next commands do not wait for it. */
	readonly slow?: true;
	run(ask: Ask): Promise<Reply | readonly Reply[]>;
}

/** A wish that cannot be granted, in a sentence for the admin. */
export class Declined extends Error {
	override readonly name = "Declined";
}

/** Whether somebody of this role may use a command. */
export function may(role: Role, { who }: Pick<Command, "who">): boolean {
	return role === "owner" || who === "editor";
}

/** A channel as people call it: «تلغرام @name». */
export function called(words: Sentences, { name, address }: DeskChannel): string {
	return words.say("channelName", { channel: name, address: address === name ? "" : address });
}

/** The channels of that name, address, or what the bot calls them. */
function channelsNamed({ desk, words }: Who, word: string): readonly DeskChannel[] {
	const wanted = word.toLowerCase();
	return desk.channels.filter(({ name, address }) =>
		[name, address, words.say("bareName", { channel: name })].some((one) => one.toLowerCase() === wanted),
	);
}

/** The channel that is meant, by its name, its address or what the bot calls it; all of them without a word. Throws Declined. */
export function channelsOf(who: Who, word: string | undefined): readonly DeskChannel[] {
	const { desk, words } = who;
	if (word === undefined) return desk.channels;
	const found = channelsNamed(who, word);
	if (found.length > 0) return found;
	throw new Declined(
		words.say("noSuchChannel", { channel: word, channels: words.list(desk.channels.map(({ name }) => name)) }),
	);
}

/** The source of that name or address. Throws Declined. */
export function sourceOf({ desk, words }: Who, name: string): string {
	const found = sourceNamed(desk, name);
	if (found === undefined) throw new Declined(words.say("noSuchSource", { source: name }));
	return found;
}

function sourceNamed(desk: Desk, name: string): string | undefined {
	const wanted = name.toLowerCase();
	return desk.sources.find((source) => [source.name, source.url].some((one) => one.toLowerCase() === wanted))?.name;
}

/** What a wish is about: every channel without a word, else the channels or the source of that name. Throws Declined. */
export function scopeOf(
	who: Who,
	name: string,
): { readonly channels: readonly DeskChannel[] } | { readonly source: string } {
	const { desk, words } = who;
	if (name === "") return { channels: desk.channels };
	const channels = channelsNamed(who, name);
	if (channels.length > 0) return { channels };
	const source = sourceNamed(desk, name);
	if (source !== undefined) return { source };
	const known = [...desk.channels.map((channel) => channel.name), ...desk.sources.slice(0, 10).map((one) => one.name)];
	throw new Declined(words.say("noSuchScope", { name, known: words.list(known) }));
}

/** A web address as an admin writes it, `https://` added when it is missing. Throws Declined for anything else: a path would be read from our own disk. */
export function addressOf({ words }: Pick<Who, "words">, word: string | undefined): string {
	if (word === undefined) throw new Declined(words.say("missing_address"));
	const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(word)
		? word
		: /^[^\s/@:]+\.[^\s/@:]+(\/|$)/.test(word)
			? `https://${word}`
			: "";
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
	throw new Declined(words.say("notAnAddress", { address: word }));
}

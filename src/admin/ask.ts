import type { Log } from "../ports.ts";
import type { Desk, DeskChannel } from "./desk.ts";
import type { Reply } from "./outbox.ts";
import type { Sentences } from "./sentences.ts";

export type Role = "owner" | "editor";

/** One command of one admin, with what it may need. */
export interface Ask {
	readonly desk: Desk;
	readonly words: Sentences;
	readonly log: Log;
	readonly from: { readonly id: number; readonly name: string; readonly role: Role };
	/** What stands behind the command, by words. */
	readonly args: readonly string[];
	readonly now: Date;
}

/** A row of the bot's table of commands. */
export interface Command {
	readonly name: string;
	/** Who may use it; an owner may all. */
	readonly who: Role;
	/** Name of the sentence that says what it does, for /help and the menu. */
	readonly says: string;
	/** It changes something: refused when it comes late. */
	readonly changes?: true;
	/** It waits for the web: the same admin's next commands do not wait for it. */
	readonly slow?: true;
	run(ask: Ask): Promise<Reply | readonly Reply[]>;
}

/** A wish that cannot be granted, in a sentence for the admin. */
export class Declined extends Error {
	override readonly name = "Declined";
}

/** A channel as people call it: «تلغرام @name». */
export function called(words: Sentences, { name, address }: DeskChannel): string {
	return words.say("channelName", { channel: name, address: address === name ? "" : address });
}

/** The channel that is meant, by its name, its address or what the bot calls it; all of them without a word. Throws Declined. */
export function channelsOf({ desk, words }: Ask, word: string | undefined): readonly DeskChannel[] {
	if (word === undefined) return desk.channels;
	const wanted = word.toLowerCase();
	const found = desk.channels.filter(({ name, address }) =>
		[name, address, words.say("bareName", { channel: name })].some((one) => one.toLowerCase() === wanted),
	);
	if (found.length > 0) return found;
	throw new Declined(
		words.say("noSuchChannel", { channel: word, channels: words.list(desk.channels.map(({ name }) => name)) }),
	);
}

/** A web address as an admin writes it, `https://` added when it is missing. Throws Declined for anything else: a path would be read from our own disk. */
export function addressOf({ words }: Ask, word: string | undefined): string {
	if (word === undefined) throw new Declined(words.say("addressMissing"));
	const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(word)
		? word
		: /^[^\s/@:]+\.[^\s/@:]+(\/|$)/.test(word)
			? `https://${word}`
			: "";
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (url?.protocol === "https:" || url?.protocol === "http:") return url.href;
	throw new Declined(words.say("notAnAddress", { address: word }));
}

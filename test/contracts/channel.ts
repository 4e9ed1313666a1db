import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { cleaner } from "../../src/arabic/clean.ts";
import { articleOf, type Draft } from "../../src/article/article.ts";
import { type Channel, SendError, type SendFault } from "../../src/channels/channel.ts";
import { composer, type Layout } from "../../src/post/compose.ts";
import type { News } from "../../src/post/occasion.ts";
import type { Manner } from "../../src/post/view.ts";
import { loadTemplates } from "../../src/templates.ts";

/** A channel with the platform behind it. */
export interface ChannelHouse {
	readonly channel: Channel;
	/** What followers see, oldest first. */
	published(): readonly string[];
	/** Requests that would publish something. */
	sends(): number;
	/** What must never stand in an error. */
	readonly secrets: readonly string[];
	close(): Promise<void>;
}

/** A misfortune of a send and what the channel makes of it. */
export interface Misfortune<House> {
	/** Row of the error tables, such as T5, and what happens. */
	readonly name: string;
	readonly arrange: (house: House) => void | Promise<void>;
	readonly kind: SendFault;
	/** Whether followers see the post all the same. */
	readonly published?: boolean;
	readonly expected?: Partial<SendError>;
	/** Total time of a call, in milliseconds, where the misfortune is that no answer comes. */
	readonly deadline?: number;
}

const BUILTIN = join(import.meta.dirname, "..", "..", "templates");

const MANNER: Manner = {
	newsroom: "شبكة أخبار السنابل",
	timeZone: "Asia/Baghdad",
	digits: "latin",
	hashtags: { map: {}, never: [], most: 2 },
	linkParameters: {},
};

/** `compose` with the built-in templates. */
export async function composeFor(kind: "telegram" | "twitter", layout: Layout): Promise<Channel["compose"]> {
	return composer(kind, await loadTemplates({ own: [], builtin: BUILTIN }, kind, layout), MANNER, layout);
}

/** An occasion for an article, cleaned as in life. */
export function occasionOf(draft: Partial<Draft> = {}, more: Partial<News> = {}): News {
	const made = articleOf(
		{
			url: "https://example.org/news/%D9%85%D8%A7%D8%A1",
			title: "عودة 214 عائلة نازحة إلى قرى سهل نينوى بعد تأهيل شبكات الماء",
			body: "عادت 214 عائلة نازحة إلى قراها في سهل نينوى بعد أن أنجزت الملاكات الفنية تأهيل شبكات الماء.",
			tags: ["نينوى", "النازحون"],
			images: [],
			source: "example.org/feed",
			...draft,
		},
		cleaner({ agencies: [], places: [] }),
	);
	if (!made) throw new Error("an article without words");
	return { kind: "article", article: made.article, links: true, silent: false, ...more };
}

/** What every channel promises. */
export function channelContract<House extends ChannelHouse>(
	name: string,
	open: (options: { readonly deadline?: number }) => Promise<House>,
	misfortunes: readonly Misfortune<House>[],
): void {
	describe(`channel contract: ${name}`, () => {
		const houses: House[] = [];
		afterEach(async () => {
			for (const house of houses.splice(0)) await house.close();
		});
		async function fresh(options: { readonly deadline?: number } = {}): Promise<House> {
			const house = await open(options);
			houses.push(house);
			return house;
		}

		test("composing is pure: the same occasion gives the same bytes, before and after a send", async () => {
			const { channel, published, sends } = await fresh();
			const occasion = occasionOf();
			const frozen = structuredClone(occasion);
			const post = channel.compose(occasion);
			expect(channel.compose(structuredClone(occasion))).toEqual(post);
			expect(JSON.parse(JSON.stringify(post)), "it can be kept in the ledger").toEqual(post);
			expect(sends()).toBe(0);
			await channel.send(JSON.parse(JSON.stringify(post)));
			expect(channel.compose(occasion)).toEqual(post);
			expect(occasion).toEqual(frozen);
			expect(published()).toEqual([post.text]);
			expect(post.length).toBeLessThanOrEqual(post.limit);
			expect(post).toMatchObject({ kind: "article", articles: [occasion.article.id], silent: false });
		});

		test("a send is one request and gives a receipt", async () => {
			const { channel, sends } = await fresh();
			const receipt = await channel.send(channel.compose(occasionOf()));
			expect(receipt.id).not.toBe("");
			if (!channel.preview) expect(receipt.url).toMatch(/^https:\/\/\S+$/);
			expect(sends()).toBe(1);
		});

		test.each(misfortunes)("$name → $kind", async ({ arrange, kind, published = false, expected, deadline }) => {
			const house = await fresh(deadline === undefined ? {} : { deadline });
			const { channel, secrets } = house;
			const post = channel.compose(occasionOf());
			await arrange(house);
			const before = house.sends();
			const error: unknown = await channel.send(post).then(
				(receipt) => `sent as ${receipt.id}`,
				(reason: unknown) => reason,
			);
			expect(error).toBeInstanceOf(SendError);
			expect(error).toMatchObject({ kind, ...expected });
			expect(house.sends() - before, "nothing is retried inside").toBeLessThanOrEqual(1);
			expect(house.published()).toHaveLength(published ? 1 : 0);
			for (const secret of secrets) expect(inspect(error, { depth: 9 })).not.toContain(secret);
			expect((error as Error).message).not.toMatch(/https?:\/\/|\n\s+at /);
		});
	});
}

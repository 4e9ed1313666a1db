import type { Article } from "./article/article.ts";
import { alike, type Headline, headlineOf, likeness, STORY_WINDOW, type Story } from "./article/similar.ts";
import type { Ledger, Told } from "./ledger/ledger.ts";

/** A story that went to the channels already, from another source. */
export interface Twin {
	readonly likeness: "duplicate" | "similar";
	readonly told: Told;
}

/** What keys of the same moment may be written late by. Milliseconds. */
const OVERLAP = 60_000;

/** Knows the headlines of the last two days, to see that another source tells the same story. */
export function stories(ledger: Ledger, parts: { readonly now: () => Date; readonly day: (time: Date) => string }) {
	const known = new Map<string, { readonly told: Told; readonly headline: Headline }>();
	const dayOf = (at: number) => parts.day(new Date(at));

	/** Reads what was planned since the last time, and forgets what is too old. */
	async function catchUp(): Promise<void> {
		const now = parts.now().getTime();
		const last = [...known.keys()].at(-1);
		const seen = last === undefined ? undefined : Date.parse(last.slice("story:".length, "story:".length + 24));
		const after = seen === undefined ? undefined : `story:${new Date(seen - OVERLAP).toISOString()}`;
		const old: string[] = [];
		for await (const [key, told] of ledger.stories(after))
			if (now - Date.parse(told.at) > STORY_WINDOW) old.push(key);
			else if (!known.has(key)) known.set(key, { told, headline: headlineOf(told.title) });
		for (const [key, { told }] of known)
			if (now - Date.parse(told.at) > STORY_WINDOW) {
				known.delete(key);
				old.push(key);
			}
		await ledger.forgetStories(old);
	}

	return {
		/** The story of another source that an article tells again; undefined when it tells a new one. */
		async twinOf(article: Article): Promise<Twin | undefined> {
			await catchUp();
			const fresh = storyOf(article, headlineOf(article.title), parts.now().toISOString());
			let similar: Twin | undefined;
			for (const { told, headline } of known.values()) {
				if (told.source === article.source || told.id === article.id || !alike(fresh.headline, headline)) continue;
				const other = (await ledger.article(told.id))?.article;
				if (!other) continue;
				const verdict = likeness(fresh, storyOf(other, headline, told.at), dayOf);
				if (verdict === "duplicate") return { likeness: verdict, told };
				if (verdict === "similar") similar ??= { likeness: verdict, told };
			}
			return similar;
		},
	};
}

function storyOf(article: Article, headline: Headline, seen: string): Story {
	return {
		headline,
		text: article.paragraphs.join("\n"),
		at: Date.parse(article.publishedAt ?? seen),
	};
}

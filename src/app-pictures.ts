import { cards } from "./channels/card.ts";
import { type CardLook, cardOf } from "./channels/card-content.ts";
import { drawingLibrary } from "./channels/drawing.ts";
import { illustrator } from "./channels/illustrate.ts";
import { pictureHabits } from "./channels/picture.ts";
import type { PictureShelf } from "./channels/picture-shelf.ts";
import { pictureShelf } from "./channels/picture-shelf.ts";
import type { Settings } from "./config.ts";
import type { Web } from "./http.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Log } from "./ports.ts";
import type { Post } from "./post/post.ts";
import { cardLook } from "./show-card.ts";

/** Gives posts their pictures as the settings wish it; with a shelf they can be sent, without one they are only looked at. */
export function openIllustrator(
	settings: Settings,
	{ web, log, shelf }: { readonly web: Web; readonly log: Log; readonly shelf?: PictureShelf },
) {
	const drawing = drawingLibrary(log);
	const { draw } = cards({ drawing, log });
	let look: Promise<CardLook> | undefined;
	return illustrator({
		web,
		log,
		drawing,
		habits: pictureHabits(),
		wishes: new Map(
			settings.channels.map(({ name, kind, look: { picture, album }, telegram, twitter }) => [
				name,
				{ kind, picture, album, preview: !telegram && !twitter },
			]),
		),
		async card(article, kind) {
			if (settings.newsroom.card.off) return undefined;
			look ??= cardLook(settings).catch((error: unknown) => {
				log.warn({ error: String(error) }, "the newsroom's logo cannot be read: cards go without it");
				const { logo: _logo, ...bare } = settings;
				return cardLook(bare);
			});
			return draw(cardOf(article, kind, await look));
		},
		...(shelf ? { shelf } : {}),
	});
}

/** Pictures of a house that posts: their bytes lie beside the ledger until the post is out. */
export function openPictures(
	settings: Settings,
	parts: { readonly web: Web; readonly log: Log; readonly ledger: Ledger },
) {
	const shelf = pictureShelf(`${settings.ledger}.pictures`);
	const { add } = openIllustrator(settings, { ...parts, shelf });
	return {
		shelf,
		add,
		drop: shelf.drop,
		/** Takes away what an earlier life left behind. */
		async sweep(): Promise<void> {
			const posts: Post[] = [];
			for (const { name } of settings.channels) {
				for await (const { intent } of parts.ledger.shelf("open", name)) if (intent) posts.push(intent.post);
				for await (const { edit } of parts.ledger.shelf("edit", name)) if (edit?.post) posts.push(edit.post);
			}
			await shelf.sweep(posts);
		},
	};
}

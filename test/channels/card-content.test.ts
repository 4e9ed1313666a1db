import { expect, test } from "vitest";
import { type CardLook, cardOf } from "../../src/channels/card-content.ts";

const look: CardLook = {
	newsroom: "السنابل",
	scheme: "dark",
	font: "naskh",
	timeZone: "Asia/Baghdad",
	digits: "latin",
};
const article = { title: "عاجل | افتتاح الجسر", tags: ["عاجل", "محليات"], publishedAt: "2026-11-22T22:30:00.000Z" };

test.each([
	[
		"a breaking article: without the mark that the card shows itself",
		article,
		"breaking",
		look,
		{ headline: "افتتاح الجسر", breaking: true, category: "محليات", date: "الاثنين، 23 تشرين الثاني 2026" },
	],
	[
		"another article: its title as it stands",
		article,
		"article",
		look,
		{ headline: "عاجل | افتتاح الجسر", breaking: false },
	],
	[
		"digits as the newsroom writes them",
		article,
		"article",
		{ ...look, digits: "arab" },
		{ date: "الاثنين، ٢٣ تشرين الثاني ٢٠٢٦" },
	],
	["the newsroom's look", article, "article", look, { newsroom: "السنابل", scheme: "dark", font: "naskh" }],
] as const)("%s", (_, given, kind, wished, wanted) => expect(cardOf(given, kind, wished)).toMatchObject(wanted));

test.each([["Uncategorized"], ["غير مصنف"], ["عاجل"], ["…"]])("«%s» is no category", (tag) => {
	const card = cardOf({ title: "خبر", tags: [tag] }, "article", look);
	expect(Object.keys(card).sort()).toEqual(["breaking", "font", "headline", "newsroom", "scheme"]);
});

import type { OccasionKind } from "./occasion.ts";
import type { DigestView, Item, NewsView, RetractionView, View } from "./view.ts";

const SAMPLE: NewsView = {
	title: "مجلس المحافظة يفتتح مكتبة عامة في مركز المدينة",
	lead: "افتتح مجلس المحافظة، الاثنين، مكتبة عامة تضم عشرة آلاف كتاب.",
	more: "وتفتح المكتبة أبوابها كل يوم.",
	text: "افتتح مجلس المحافظة، الاثنين، مكتبة عامة تضم عشرة آلاف كتاب.",
	credit: "وكالة الأنباء",
	hashtags: "#ثقافة #مكتبات",
	link: "https://example.org/news/1",
	date: "الاثنين، 23 تشرين الثاني 2026",
	author: "مراسل القسم الثقافي",
	category: "ثقافة",
	newsroom: "شبكة الأخبار",
	source: "example.org/feed",
	breaking: false,
	updated: true,
};

const BARE: NewsView = {
	...SAMPLE,
	lead: "",
	more: "",
	text: "",
	credit: "",
	hashtags: "",
	link: "",
	date: "",
	author: "",
	category: "",
	updated: false,
};

const ITEM: Item = SAMPLE;
const DIGEST: DigestView = {
	name: "نشرة الصباح",
	date: SAMPLE.date,
	newsroom: SAMPLE.newsroom,
	items: [ITEM, { ...ITEM, lead: "", link: "", category: "", date: "" }, ITEM],
	rest: "و3 أخبار أخرى",
};

/** For each kind of occasion a view with everything in it and one with hardly anything, for trying a template before it is needed. */
export const SAMPLES: Readonly<Record<OccasionKind, readonly View[]>> = {
	article: [SAMPLE, BARE],
	breaking: [
		{ ...SAMPLE, breaking: true },
		{ ...BARE, breaking: true },
	],
	retraction: [SAMPLE, BARE].map(
		({ title, date, author, category, newsroom, source }): RetractionView => ({
			title,
			date,
			author,
			category,
			newsroom,
			source,
		}),
	),
	digest: [DIGEST, { ...DIGEST, items: DIGEST.items.slice(0, 1), rest: "" }],
};

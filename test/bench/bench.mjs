// npm run bench [-- --quick]: what things cost, each beside something bare that is measured in the same run. Medians of many rounds, one core.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { cleaner } from "../../dist/arabic/clean.js";
import { lead } from "../../dist/arabic/lead.js";
import { articleOf, kindOf } from "../../dist/article/article.js";
import { composer } from "../../dist/post/compose.js";
import { telegramLayout } from "../../dist/post/telegram-html.js";
import { twitterLayout } from "../../dist/post/tweet-text.js";
import { loadTemplates } from "../../dist/templates.js";
import { allGoals, isQuick, row, say } from "./say.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const templates = join(root, "templates");
const names = parse(readFileSync(join(templates, "credits.yaml"), "utf8"));
const { articles } = parse(readFileSync(join(templates, "demo.yaml"), "utf8"));
const drafts = articles.map(({ title, paragraphs, category, tags }, index) => ({
	url: `https://news.example.org/${index}`,
	title,
	// Of a usual length: some 1,500 characters.
	body: Array.from({ length: 12 }, () => paragraphs)
		.flat()
		.slice(0, 12)
		.join("\n")
		.slice(0, 1_500),
	tags: [category, ...tags],
	images: [],
	publishedAt: "2026-11-23T09:00:00.000Z",
	source: "bench",
}));

const clean = cleaner(names);
const manner = {
	newsroom: "",
	timeZone: "Asia/Baghdad",
	hashtags: { map: {}, never: [], most: 2 },
	linkParameters: {},
};
const folders = { own: [], builtin: templates };
const telegram = composer("telegram", await loadTemplates(folders, "telegram", telegramLayout), manner, telegramLayout);
const twitter = composer("twitter", await loadTemplates(folders, "twitter", twitterLayout), manner, twitterLayout);
const segmenter = new Intl.Segmenter("ar", { granularity: "sentence" });
const made = drafts.map((draft) => articleOf(draft, clean)?.article).filter(Boolean);

/** Microseconds for one article: the median of the rounds. */
function median(work, rounds = isQuick ? 15 : 60) {
	for (let round = 0; round < 15; round++) work();
	const times = [];
	for (let round = 0; round < rounds; round++) {
		const start = performance.now();
		work();
		times.push(((performance.now() - start) * 1_000) / drafts.length);
	}
	return times.sort((left, right) => left - right)[rounds >> 1];
}

const floor = median(() => drafts.map(({ body }) => [...segmenter.segment(body)].length));
const rows = [
	["bare Intl.Segmenter, sentences (the floor)", floor],
	["clean", median(() => drafts.map(({ title, body }) => clean.clean(title, body)))],
	["lead", median(() => made.map(({ title, paragraphs }) => lead({ title, paragraphs })))],
	["article (clean, lead, identity)", median(() => drafts.map((draft) => articleOf(draft, clean)))],
	[
		"Telegram post",
		median(() => made.map((article) => telegram({ kind: kindOf(article), article, links: true, silent: false }))),
	],
	[
		"tweet",
		median(() => made.map((article) => twitter({ kind: kindOf(article), article, links: true, silent: false }))),
	],
];
const total = rows.slice(3).reduce((sum, [, time]) => sum + time, 0);
rows.push(["article and both posts", total]);
const characters = Math.round(drafts.reduce((sum, { body }) => sum + body.length, 0) / drafts.length);
say(`An article of ${characters} characters, ${drafts.length} articles a round`);
for (const [name, time] of rows)
	row(name, `${time.toFixed(0).padStart(7)} µs  ${(time / floor).toFixed(1).padStart(6)} × the floor`);
say("");
await import("./feeds.mjs");
say("");
await import("./cards.mjs");
say("");
await import("./scale.mjs");
allGoals();

import type { FilterList } from "../article/filter.ts";
import { escapeHtml } from "../post/telegram-html.ts";
import { type Ask, Declined } from "./ask.ts";
import type { Reply } from "./outbox.ts";
import { previewed, shown } from "./previews.ts";

/** Rows of a list, and characters of a template, that one message shows. */
const ROWS = 40;
const TEMPLATE = 3_000;

/** Which hashtags posts bear, by the newsroom's settings. */
export async function hashtags({ desk, words }: Ask): Promise<Reply> {
	const { map, never, most } = desk.manners.hashtags;
	const rows = Object.entries(map);
	return {
		text: [
			words.say("hashtagsMost", { count: most }),
			...(rows.length === 0 ? [words.say("hashtagsNoMap")] : [words.say("hashtagsMap")]),
			...rows.slice(0, ROWS).map(([category, tag]) => words.say("hashtagsRow", { category, tag })),
			...(never.length > 0 ? [words.say("hashtagsNever", { list: words.list(never.slice(0, ROWS)) })] : []),
			words.say("settingsWhere"),
		].join("\n"),
	};
}

/** What is posted and what is not, by the newsroom's settings. */
export async function filters({ desk, words }: Ask): Promise<Reply> {
	const lines: string[] = [];
	for (const { of, filter } of desk.manners.filters) {
		lines.push(of === undefined ? words.say("filtersAll") : words.say("filtersOf", { name: of }));
		for (const [name, list] of [
			["filterInclude", filter.include],
			["filterExclude", filter.exclude],
		] as const)
			for (const row of rowsOf(list)) lines.push(words.say(name, { list: words.list(row.slice(0, ROWS)) }));
	}
	return {
		text: [
			...(lines.length === 0 ? [words.say("filtersNone")] : lines.slice(0, ROWS)),
			words.say("settingsWhere"),
		].join("\n"),
	};
}

const rowsOf = (list: FilterList | undefined): readonly (readonly string[])[] =>
	[list?.words, list?.categories, list?.authors, list?.patterns]
		.filter((row) => row !== undefined)
		.filter((row) => row.length > 0);

/** The templates in use; with a file's name its text, with an address or `try` how they lay out an article. */
export async function templates(ask: Ask): Promise<Reply | readonly Reply[]> {
	const { desk, words } = ask;
	const [wish] = ask.args;
	if (wish === "try") return tried(ask);
	if (wish !== undefined && /[/:]/.test(wish)) return previewed(ask, wish);
	const all = await desk.templates();
	const file = wish && all.find((one) => one.file === wish || one.file === `${wish}.liquid`);
	if (wish !== undefined && !file)
		throw new Declined(words.say("noSuchTemplate", { name: wish, files: words.list(all.map((one) => one.file)) }));
	if (file)
		return {
			text: `<b>${escapeHtml(file.file)}</b>\n<pre>${escapeHtml(file.text.slice(0, TEMPLATE))}</pre>`,
			html: true,
			buttons: [[{ label: words.say("buttonTry"), run: "templates try" }]],
		};
	return {
		text: [
			words.say("templatesHead"),
			...all.map((one) => words.say(one.own ? "templateOwn" : "templateBuiltin", { file: one.file })),
			words.say("templatesNext"),
		].join("\n"),
		buttons: [[{ label: words.say("buttonTry"), run: "templates try" }]],
	};
}

/** How the templates lay out the latest post. */
async function tried(ask: Ask): Promise<readonly Reply[]> {
	const { desk, words } = ask;
	for (const { name } of desk.channels) {
		const [id] = (await desk.ledger.channel(name)).recent;
		const known = id === undefined ? undefined : await desk.ledger.article(id);
		if (known) return shown(ask, desk.posts(known.article));
	}
	throw new Declined(words.say("nothingPosted"));
}

import { parseDate } from "../arabic/parse-date.ts";
import { around, type Block, linesOf, MARK, namesOf, within } from "./blocks.ts";
import { momentOf } from "./headlines.ts";
import type { Link } from "./links.ts";

const LONGEST = 80;
const ITEM_DEPTH = 6;
/** More text than this is no item of a list. */
const LARGEST_ITEM = 1500;
const AROUND = /^[\s|/•·،:()[\]–—-]+|[\s|/•·،:()[\]–—-]+$/g;
const YEAR = /[\d٠-٩۰-۹]{4}/;
const PAGE = new Set(["", "html", "body", "main", "form"]);

/**
 * The moment that stands beside an article's link in its item of the list, ISO 8601 UTC: one whole date and no other, or undefined.
 * `isAlone` tells whether a block holds no other link that could carry a date of its own; a time without a zone is read in `zone`.
 */
export function dateBeside(
	links: readonly Link[],
	isAlone: (block: Block) => boolean,
	zone: string | undefined,
): string | undefined {
	const items = new Set(links.map(({ block }) => itemOf(block, isAlone)));
	for (const item of items) {
		const date = only(momentsIn(item, zone));
		if (date) return date;
	}
	return undefined;
}

function itemOf(link: Block, isAlone: (block: Block) => boolean): Block {
	let item = link;
	for (const above of around(link).slice(0, ITEM_DEPTH)) {
		if (PAGE.has(above.name) || !isAlone(above)) break;
		item = above;
	}
	return item;
}

function momentsIn(item: Block, zone: string | undefined): readonly string[] {
	const whole = linesOf(item).join(" ");
	if (whole.length > LARGEST_ITEM) return [];
	const marked: (string | undefined)[] = [];
	const written = new Set<string>();
	for (const block of within(item)) {
		const names = namesOf(block).join(" ");
		// WordPress writes «entry-date updated» on a time that is the publication's.
		if (/(?:^|[-_ ])(?:updated|modified)(?:[-_ ]|$)/.test(names) && !/published|entry-date/.test(names)) continue;
		const said = block.name === "time" ? block.attributes["datetime"] : undefined;
		if (said !== undefined && /\d{4}-?\d\d-?\d\d/.test(said)) marked.push(parseDate(said, zone));
		if (!YEAR.test(whole)) continue;
		const text = linesOf(block).join(" ");
		if (block.attributes[MARK.time] !== undefined) marked.push(parseDate(text, zone));
		written.add(text);
		for (const child of block.children) if (typeof child === "string") written.add(child.replace(AROUND, ""));
	}
	const told = marked.filter((moment) => moment !== undefined);
	if (told.length > 0) return told;
	return [...written]
		.filter((text) => text.length <= LONGEST && YEAR.test(text))
		.flatMap((text) => momentOf(text, zone) ?? []);
}

/** The one moment of several tellings; a day and a time on that day are one. */
function only(moments: readonly string[]): string | undefined {
	const timed = new Set(moments.filter((moment) => !isDay(moment)));
	const days = new Set(moments.filter(isDay));
	if (timed.size > 1 || days.size > 1) return undefined;
	const [moment] = timed;
	const [day] = days;
	if (!moment || !day) return moment ?? day;
	return Math.abs(Date.parse(moment) - Date.parse(day)) < 36 * 3_600_000 ? moment : undefined;
}

/** Whether a moment was told as a day without a time, or is midnight by chance. */
export function isDay(moment: string): boolean {
	return moment.endsWith("T00:00:00.000Z");
}

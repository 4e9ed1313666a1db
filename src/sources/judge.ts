import { compareWords } from "../arabic/normalize.ts";
import { around, type Block, linesOf } from "./blocks.ts";
import {
	bestWording,
	headlineOf,
	headlineStrength,
	isFurniture,
	isMore,
	isService,
	type Wording,
} from "./headlines.ts";
import type { Link } from "./links.ts";
import { headingIn } from "./wording.ts";
import { zonesOf } from "./zones.ts";

/** An address that a page leads to, judged to be an article's: its links, and the words that are its title. */
export interface Found {
	readonly key: string;
	readonly url: string;
	readonly title: string;
	readonly links: readonly Link[];
}

/** All links to one address, weighed. */
interface Candidate extends Found {
	readonly pattern: string;
	/** What the address says, as in Shape. */
	readonly address: 0 | 1 | 2;
	/** What the words say, as in headlineStrength. */
	readonly words: 0 | 1 | 2;
	readonly isTitled: boolean;
	/** Whether it stands only in the page's head. */
	readonly isHead: boolean;
	readonly places: ReadonlySet<string>;
}

/** So many addresses of one pattern beside each other are a list, which is a menu when most of its texts are short. */
const LIST = 3;
/** So far above a link its item may begin. */
const ITEM_DEPTH = 6;
/** More characters than this are no headline. */
const LONGEST = 220;

/** The articles a page lists, in document order, each address once. */
export function articlesAmong(links: readonly Link[]): Found[] {
	const zone = zonesOf(links);
	const news = links.flatMap((link) => {
		const where = zone(link);
		return where === "frame" || !link.shape ? [] : [{ link, isHead: where === "head" }];
	});
	const all = candidatesOf(news);
	const isMenu = menus(all);
	const unlisted = all.filter((one) => !isMenu(one));
	const isName = names(unlisted);
	const usable = unlisted.filter((one) => !isName(one));
	const sure = new Set(sureOnes(usable, links));
	const kin = tally([...sure].map(({ pattern }) => pattern));
	const neighbours = tally([...sure].flatMap(({ places }) => [...places]));
	return usable.filter((one) => {
		if (sure.has(one)) return true;
		if (one.isHead) return one.words > 0 && one.address > 0 && kin([one.pattern]) > 0;
		// A short headline among long ones: «وفاة الفنان فلان».
		if (compareWords(one.title).length < 2) return false;
		if (one.isTitled && neighbours(one.places) > 1) return true;
		return one.address > 0 && kin([one.pattern]) >= LIST && (one.isTitled || neighbours(one.places) > 0);
	});
}

/** Those that address, words and neighbours together say are articles. */
function sureOnes(usable: readonly Candidate[], links: readonly Link[]): Candidate[] {
	const worded = usable.filter(({ words }) => words > 0);
	const numbered = worded.filter(({ address }) => address > 0);
	const kin = tally(numbered.map(({ pattern }) => pattern));
	const peers = tally(numbered.flatMap(({ places }) => [...places]));
	const like = tally(worded.flatMap(({ places }) => [...places]));
	const unlike = tally(links.flatMap(({ wording, place }) => (wording?.words === 0 ? [place] : [])));
	const isCounted = ({ pattern }: Candidate) => /#(?:\.\w+)?$/.test(pattern);
	// A site numbers its articles through: beside numbers of three digits and more, small ones are sections and forms.
	const countsHigh = worded.filter((one) => one.address === 2 && isCounted(one)).length >= LIST;
	return worded.filter((one) => {
		if (one.isHead) return false;
		if (one.address === 2) return true;
		if (one.address === 1) {
			if (countsHigh && isCounted(one)) return false;
			return (one.words === 2 && unlike(one.places) < 2) || kin([one.pattern]) > 1 || peers(one.places) > 1;
		}
		// An address that says nothing: only with a heading's words, or as one of a list of headlines.
		if (one.isTitled) return one.words === 2 || like(one.places) > 1;
		return one.words === 2 && like(one.places) >= LIST && unlike(one.places) === 0;
	});
}

/** Counts names; what it returns tells how often the most frequent of some names was there. */
function tally(all: readonly string[]): (some: Iterable<string>) => number {
	const times = new Map<string, number>();
	for (const name of all) times.set(name, (times.get(name) ?? 0) + 1);
	return (some) => Math.max(0, ...[...some].map((name) => times.get(name) ?? 0));
}

function candidatesOf(news: readonly { readonly link: Link; readonly isHead: boolean }[]): Candidate[] {
	const holds = addressesIn(news.map(({ link }) => link));
	const isOpener = openers(news.map(({ link }) => link));
	const byKey = new Map<string, { link: Link; isHead: boolean }[]>();
	for (const one of news) {
		const same = byKey.get(one.link.key);
		if (same) same.push(one);
		else byKey.set(one.link.key, [one]);
	}
	return [...byKey].flatMap(([key, all]) => {
		const first = all[0]?.link;
		if (!first?.shape) return [];
		const links = all.map(({ link }) => link);
		const wordings = links.flatMap(({ wording }) => wording ?? []);
		const isWorded = wordings.some(({ words, rank }) => rank > 1 && words > 0);
		// Beside a word of its own («صور», «ثقافة») only a sure address may take the heading of its item.
		if (!isWorded && first.shape.strength > (wordings.length > 0 ? 1 : 0))
			wordings.push(...links.flatMap((link) => besideWording(link, holds)));
		const opens = wordings.length === 0 ? links.find(isOpener) : undefined;
		if (opens) wordings.push(...textBeside(opens, holds));
		const best = bestWording(wordings);
		if (!best) return [];
		const { pattern, strength } = first.shape;
		return {
			key,
			url: first.url,
			title: best.text,
			links,
			pattern,
			address: strength,
			words: best.words,
			isTitled: best.rank > 3 || opens !== undefined,
			isHead: all.every(({ isHead }) => isHead),
			places: new Set(links.filter((link) => link.wording || link === opens).map(({ place }) => place)),
		};
	});
}

/** The heading of the item a link without words stands in («اقرأ المزيد», a picture). */
export function besideWording(link: Link, holds: ReadonlyMap<Block, ReadonlySet<string>>): Wording[] {
	for (const above of around(link.block)) {
		if (above.depth < link.block.depth - ITEM_DEPTH || (holds.get(above)?.size ?? 0) > 1) break;
		const text = headingIn(above);
		if (!text || isFurniture(text) || isService(text)) continue;
		const title = headlineOf(text, new Set());
		return [{ text: title, rank: 3, words: headlineStrength(title) }];
	}
	return [];
}

/** Tells the links that open the items of a list: «اقرأ المزيد» at the same place of several items, each with an address of its own. */
function openers(links: readonly Link[]): (link: Link) => boolean {
	const lists = new Map<string, Set<string>>();
	const more = new Set(links.filter(({ wording, block }) => !wording && isMore(linesOf(block).join(" "))));
	for (const { place, key } of more) lists.set(place, (lists.get(place) ?? new Set()).add(key));
	return (link) => more.has(link) && (lists.get(link.place)?.size ?? 0) >= LIST;
}

/** The headline of the item that a link opens: its heading, or its first words that are long enough for one. */
function textBeside(link: Link, holds: ReadonlyMap<Block, ReadonlySet<string>>): Wording[] {
	for (const above of around(link.block)) {
		if (above.depth < link.block.depth - ITEM_DEPTH || (holds.get(above)?.size ?? 0) > 1) break;
		const lines = linesOf(above, (one) => one.name === "a").filter((line) => !isFurniture(line) && !isService(line));
		const text = headingIn(above) ?? lines.find((line) => headlineStrength(line) > 0);
		if (!text) continue;
		// Cut, so that the page's own title wins over a teaser.
		const title = headlineOf(
			text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/\s+\S*$/, "")}…` : text,
			new Set(),
		);
		return [{ text: title, rank: 3, words: headlineStrength(title) }];
	}
	return [];
}

/** Which addresses each block holds that may be articles. */
export function addressesIn(links: readonly Link[]): ReadonlyMap<Block, ReadonlySet<string>> {
	const holds = new Map<Block, Set<string>>();
	for (const { block, key, shape } of links) {
		if (!shape || (shape.strength === 0 && !isMore(linesOf(block).join(" ")))) continue;
		for (const above of around(block)) {
			const held = holds.get(above);
			if (held) held.add(key);
			else holds.set(above, new Set([key]));
		}
	}
	return holds;
}

/** Tells what is of a pattern whose texts are mostly short: people, teams, places. */
function names(all: readonly Candidate[]): (one: Candidate) => boolean {
	const patterns = new Map<string, Counted>();
	for (const one of all) note(patterns, one);
	return ({ pattern }) => {
		const counted = patterns.get(pattern);
		return counted !== undefined && counted.all > 1 && counted.short > counted.all / 2;
	};
}

/** Tells what stands only in menus: in the nearest list of its pattern most texts are short. */
function menus(all: readonly Candidate[]): (one: Candidate) => boolean {
	const lists = new Map<Block, Map<string, Counted>>();
	for (const one of all) {
		for (const above of new Set(one.links.flatMap(({ block }) => [...around(block)]))) {
			const patterns = lists.get(above) ?? new Map<string, Counted>();
			lists.set(above, patterns);
			note(patterns, one);
		}
	}
	const inMenu = ({ pattern }: Candidate, { block }: Link) => {
		for (const above of around(block)) {
			const list = lists.get(above)?.get(pattern);
			if (list && list.all >= LIST) return list.short > list.all / 2;
		}
		return false;
	};
	return (one) =>
		!one.links.some(({ wording }) => (wording?.rank ?? 0) > 3) && one.links.every((link) => inMenu(one, link));
}

/** How many addresses of a pattern there are, and how many of them have short texts. */
interface Counted {
	short: number;
	all: number;
}

function note(patterns: Map<string, Counted>, { pattern, words }: Candidate): void {
	const counted = patterns.get(pattern) ?? { short: 0, all: 0 };
	patterns.set(pattern, counted);
	counted.all++;
	if (words === 0) counted.short++;
}

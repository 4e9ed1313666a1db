import { createRequire } from "node:module";
import { compareKey, compareWords } from "../arabic/normalize.ts";
import type { Article } from "./article.ts";

/** What articles are known by; a missing list is an empty one. */
export interface FilterList {
	/** Words and phrases in title, lead or text, whole, with the particles Arabic writes on to them. */
	readonly words?: readonly string[] | undefined;
	/** The site's own categories and tags. */
	readonly categories?: readonly string[] | undefined;
	readonly authors?: readonly string[] | undefined;
	/** RE2 expressions. */
	readonly patterns?: readonly string[] | undefined;
}

/** What is let through: of `include`, when anything stands in it, at least one must be found; of `exclude` nothing. Exclusion wins. */
export interface FilterSetting {
	readonly include?: FilterList | undefined;
	readonly exclude?: FilterList | undefined;
}

/** What a filter looks at. */
export type Filtered = Pick<Article, "title" | "lead" | "paragraphs" | "tags" | "author">;

/** Whether an article passes; otherwise why not, in words that end a sentence. */
export type Verdict = { readonly pass: true } | { readonly pass: false; readonly reason: string };

/** A filter that cannot work, in words for whoever wrote it. */
export class FilterError extends Error {
	override readonly name = "FilterError";
}

/** Characters of title, lead and text that patterns see: time grows with the text, and news says what it is about before that. */
const SEEN = 20_000;
const LONGEST_PATTERN = 1_000;
/** ASCII's word boundary or letter beside Arabic: it would never match, and nobody would learn why. */
const LATIN_ONLY = /(?:^|[^\\])(?:\\\\)*\\[bBwW]/u;

const PASS: Verdict = { pass: true };

/** Compiles a filter, once for all articles. Throws FilterError for a word without letters and for a pattern that RE2 does not know. */
export function compileFilter(setting: FilterSetting): (article: Filtered) => Verdict {
	const include = compileList(setting.include);
	const exclude = compileList(setting.exclude);
	if (include.length === 0 && exclude.length === 0) return () => PASS;
	return (article) => {
		const view = viewOf(article);
		const found = exclude.find((rule) => rule.matches(view));
		if (found) return { pass: false, reason: `excluded by the ${found.name}` };
		if (include.length === 0 || include.some((rule) => rule.matches(view))) return PASS;
		return {
			pass: false,
			reason:
				include.length === 1 && include[0]
					? `not included: it lacks the ${include[0].name}`
					: "not included: nothing that «include» names was found",
		};
	};
}

/** What is wrong with a word, phrase, category or author; undefined when it can be looked for. */
export function wordFault(word: string): string | undefined {
	return compareWords(word).length > 0 ? undefined : `«${word}» has no letter and no digit: nothing would match it`;
}

/** What is wrong with a pattern; undefined when it can be used. */
export function patternFault(pattern: string): string | undefined {
	try {
		compilePattern(pattern);
		return undefined;
	} catch (error) {
		if (error instanceof FilterError) return error.message;
		throw error;
	}
}

/** An article as rules look at it; what only some of them need is made when first asked for. */
interface View {
	/** The words of each text between spaces, one text a line. */
	readonly words: () => string;
	readonly tags: ReadonlySet<string>;
	readonly authors: ReadonlySet<string>;
	readonly text: () => string;
	/** The text in compareKey's form. */
	readonly key: () => string;
}

interface Rule {
	readonly name: string;
	readonly matches: (view: View) => boolean;
}

function viewOf({ title, lead, paragraphs, tags, author = "" }: Filtered): View {
	const texts = [title, lead, ...paragraphs].flatMap((text) => text.split("\n"));
	const text = once(() => texts.join("\n").slice(0, SEEN));
	return {
		words: once(() => texts.map((one) => ` ${compareWords(one).join(" ")} `).join("\n")),
		tags: new Set(tags.map(labelKey)),
		authors: new Set([author, ...author.split(/[،,؛;/|]/)].map(labelKey)),
		text,
		key: once(() => text().split("\n").map(compareKey).join("\n")),
	};
}

function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

function compileList({ words = [], categories = [], authors = [], patterns = [] }: FilterList = {}): readonly Rule[] {
	for (const name of [...words, ...categories, ...authors]) {
		const fault = wordFault(name);
		if (fault !== undefined) throw new FilterError(fault);
	}
	return [
		...words.map((word): Rule => {
			const pattern = wordPattern(word);
			return { name: `word «${word}»`, matches: (view) => pattern.test(view.words()) };
		}),
		...categories.map((category): Rule => {
			const key = labelKey(category);
			return { name: `category «${category}»`, matches: (view) => view.tags.has(key) };
		}),
		...authors.map((author): Rule => {
			const key = labelKey(author);
			return { name: `author «${author}»`, matches: (view) => view.authors.has(key) };
		}),
		...patterns.map((pattern): Rule => {
			const { plain, folded } = compilePattern(pattern);
			return {
				name: `pattern «${pattern}»`,
				matches: (view) => plain.test(view.text()) || (folded?.test(view.key()) ?? false),
			};
		}),
	];
}

/** A category or name as it is compared: a hashtag is the words it is made of. */
function labelKey(label: string): string {
	return compareKey(label.replace(/[#_]/g, " "));
}

/**
 * Finds a word or phrase among words in compareKey's form. Arabic writes particles on to the word, so the first word may carry و ف ب ل ك and the article,
 * in their usual order, and the others the article: «نفط» finds «والنفط», «للنفط» and «بنفط», never «نفطية»; «وزير خارجية» finds «لوزير الخارجية».
 * Short words carry less, for «كمال» is not «مال» with ك, nor «ورد» «رد» with و: of two letters the article only, of three و ب ل besides.
 * A word written with its article is found with it: «النفط» finds «للنفط», not «نفط».
 */
function wordPattern(phrase: string): RegExp {
	const [first = "", ...others] = compareWords(phrase);
	const rest = others.map((word) => ` (?:ال)?${word}`).join("");
	return new RegExp(` ${carried(first)}${rest} `, "u");
}

function carried(word: string): string {
	const arabic = /^[ء-ي]/.test(word);
	const length = arabic ? word.length : Number.POSITIVE_INFINITY;
	if (arabic && word.length > 3 && word.startsWith("ال")) {
		const bare = word.slice(2);
		// ل swallows the article's alif, and three lams in a row are written as two.
		return `[وف]?(?:[بلك]?${word}|${bare.startsWith("ل") ? "ل" : "لل"}${bare})`;
	}
	const article = `[وف]?[بك]?ال|[وف]?${word.startsWith("ل") ? "ل" : "لل"}`;
	const particles = length < 3 ? "" : length < 4 ? "|و?[بل]|و" : "|[وف]?[بلك]|[وف]";
	return `(?:${article}${particles})?${word}`;
}

/** The little of re2js that is used here. */
interface Matcher {
	test(text: string): boolean;
}

const require = createRequire(import.meta.url);

/** RE2 takes linear time for any pattern (github.com/google/re2/wiki/WhyRE2). It is loaded when the first pattern is met: few newsrooms have one. */
function compilePattern(pattern: string): { readonly plain: Matcher; readonly folded?: Matcher } {
	if (pattern.length > LONGEST_PATTERN)
		throw new FilterError(
			`the pattern «${pattern.slice(0, 40)}…» is longer than ${LONGEST_PATTERN} characters: divide it`,
		);
	if (LATIN_ONLY.test(pattern) && /[ء-ي]/.test(pattern))
		throw new FilterError(
			`the pattern «${pattern}» cannot be used: \\b, \\w and their opposites know no Arabic letter in RE2; put the word under «words», or write \\pL for any letter, [A-Za-z] for a Latin one`,
		);
	const { RE2JS } = require("re2js") as typeof import("re2js");
	const compile = (text: string) => RE2JS.compile(text, RE2JS.MULTILINE);
	let plain: Matcher;
	try {
		plain = compile(pattern);
	} catch (error) {
		const why = (error instanceof Error ? error.message : String(error)).replace(
			/^error parsing regexp: |\(\?m\)/g,
			"",
		);
		throw new FilterError(
			`the pattern «${pattern}» cannot be used: ${why} (patterns are RE2: no look-around, no back-references, at most 1000 repetitions)`,
		);
	}
	const folded = pattern.replace(/[آأؤإئةىٱیەکگڤڨپچ٠-٩۰-۹]/g, compareKey);
	try {
		return { plain, folded: folded === pattern ? plain : compile(folded) };
	} catch {
		// A range between two letters that folding turns round: the text as it was written has to do.
		return { plain };
	}
}

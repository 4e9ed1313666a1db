import { isDate, isDateWord } from "./date-words.ts";
import { isNameLike, isSpeaking, STOP } from "./name-like.ts";
import { opensNews } from "./verbs.ts";
import { firstKey, unwrap, type Word, wordsOf } from "./words.ts";

/** The names a newsroom knows: who may stand in a credit line, and what may stand in a dateline. */
export interface Names {
	readonly agencies: readonly string[];
	readonly places: readonly string[];
}

/** agency: known, or certain by its shape («… نيوز», a domain) · weak: only looks like an outlet («وكالة …») · place · date */
export type Kind = "agency" | "weak" | "place" | "date";

/** What a piece of text between separators is, and the names of sources in it, as written. */
export interface Reading {
	readonly kind: Kind;
	readonly credits: readonly string[];
	/** An outlet with a name that is a common word («البيان»), or one that nobody knows: alone it proves nothing. */
	readonly common?: boolean;
}

/** Known names, ready to be recognised. */
export interface Register {
	read(segment: string): Reading | undefined;
	/** The known name that the text begins with: where it ends, and what it is. */
	prefix(text: string): Prefix | undefined;
	/** An agency and «خاص» or its like with nothing between them. */
	marked(text: string): Prefix | undefined;
	/** A place, a date and an agency with nothing between them, as the Gulf's agencies write. */
	run(text: string): Prefix | undefined;
}

/** A name at the head of a text; `next` is the key of the word behind it. */
export interface Prefix {
	readonly end: number;
	readonly reading: Reading;
	readonly next: string;
}

interface Known {
	readonly kind: "agency" | "place";
	readonly count: number;
	/** An «و» stands glued in front of it. */
	readonly joined?: boolean;
}

const LONGEST_NAME = 7;
const DOMAIN =
	/^(?:https?:\/\/)?(?:www\.)?((?:[a-z0-9-]+\.)+(?:com|net|org|info|iq|tv|news|co|io|me|eg|sa|ae|jo|lb|sy|kw|qa|krd|press|media|online|example))(?:\/\S*)?$/i;
const AREA = new Set(["محافظه", "مدينه", "قضاء", "ناحيه", "العاصمه", "بلده", "مطار", "اقليم"]);
const OUTLET = new Set(
	"وكاله وكالات شبكه قناه فضائيه صحيفه جريده اذاعه راديو موقع مجله تلفزيون منصه مكتب مراسل مراسلو مراسله المركز الاعلام اعلام".split(
		" ",
	),
);
const BROADCAST = new Set("وكاله شبكه قناه فضائيه منصه راديو اذاعه تلفزيون صحيفه جريده موقع".split(" "));
const NEWS_WORD =
	/^(?:نيوز|برس|بريس|الانباء|للانباء|انباء|الاخباريه|اخباريه|الاخباري|اخباري|للاخبار|الاخبار|اخبار|الخبريه|الخبري|الصحفي|الصحافي|ميديا|news|press|newswire|media|tv|radio|fm)$/;
const NEWS_END =
	/^(?:نيوز|برس|بريس|الاخباريه|الاخباري|للانباء|اونلاين|ديجيتال|ميديا|تيفي|تايمز|تريبيون|news|press|newswire|media|tv|fm|online|times|post|tribune|agency)$/;
// What an outlet says of a text that is its own.
const MARK = new Set(["خاص", "حصري", "متابعه", "متابعات"]);
// Short names that are no other word at the head of a text.
const SURE = new Set(["خاص", "واع", "رصد", "كونا", "بترا", "سانا"]);
/** Makes a register of the names handed in. */
export function register(names: Names): Register {
	const agencies = new Set(names.agencies.map(nameKey));
	const places = new Set(names.places.map(nameKey));
	agencies.delete("");
	places.delete("");
	const firsts = new Set([...agencies, ...places].map((name) => name.split(" ", 1)[0] ?? ""));
	for (const area of AREA) firsts.add(area);

	function known(words: readonly Word[], from: number): Known | undefined {
		if (!firsts.has(words[from]?.key ?? "")) return undefined;
		const most = Math.min(LONGEST_NAME, words.length - from);
		for (let count = most; count > 0; count--) {
			const key = keyOf(words, from, count);
			if (agencies.has(key)) return { kind: "agency", count };
			if (places.has(key)) return { kind: "place", count };
			if (count > 1 && AREA.has(words[from]?.key ?? "") && places.has(keyOf(words, from + 1, count - 1)))
				return { kind: "place", count };
		}
		return undefined;
	}

	function cover(segment: string, words: readonly Word[]): Reading | undefined {
		const credits: string[] = [];
		let placed = 0;
		const dates: Word[] = [];
		for (let at = 0; at < words.length; ) {
			const name = known(words, at) ?? knownAfterAnd(words, at);
			const word = words[at];
			if (name) {
				if (name.kind === "place") placed++;
				else credits.push(cut(segment, words, at, name));
				at += name.count;
			} else if (word && isDateWord(word)) {
				dates.push(word);
				at++;
			} else return undefined;
		}
		if (dates.length > 0 && (credits.length > 0 || placed > 0) && !isDate(dates)) return undefined;
		// «نينوى الغد» is one name; «الرياض واس» is a place and its agency.
		const only = placed > 0 && dates.length === 0 && credits.length === 1 && /^ال\S+$/.test(credits[0] ?? "");
		if (only && !/[،,:/|–—()«»"“”-]|\sـ/.test(segment)) return { kind: "agency", credits: [segment] };
		if (credits.length > 0)
			return {
				kind: "agency",
				credits,
				...(credits.length === 1 && placed + dates.length === 0 && isCommon(words) ? { common: true } : {}),
			};
		// «بغداد والرياض» is a pair in a sentence; «دبي، الإمارات» is a place with its country.
		if (placed === 1 || (placed === 2 && /[،,]/.test(segment))) return { kind: "place", credits: [] };
		return placed === 0 && isDate(words) ? { kind: "date", credits: [] } : undefined;
	}

	function knownAfterAnd(words: readonly Word[], at: number): Known | undefined {
		const word = words[at];
		if (!word || at === 0) return undefined;
		if (word.key === "و") return { kind: "place", count: 1 };
		if (!word.key.startsWith("و")) return undefined;
		const stripped = words.map((one, index) => (index === at ? { ...one, key: one.key.slice(1) } : one));
		const name = known(stripped, at);
		return name?.kind === "agency" ? { ...name, joined: true } : undefined;
	}

	function read(segment: string): Reading | undefined {
		if (segment.length > 90) return undefined;
		const trimmed = unwrap(segment);
		if (trimmed === "" || trimmed.length > 70) return undefined;
		const domain = DOMAIN.exec(trimmed);
		if (domain?.[1]) return { kind: "agency", credits: [domain[1].toLowerCase()] };
		const words = wordsOf(trimmed);
		if (words.length === 0 || words.length > 14) return undefined;
		return cover(trimmed, words) ?? shape(trimmed, words) ?? signed(trimmed, words);
	}

	// «عرعر 12 ذو القعدة 1445 هـ واس»: before a date and an agency stands a place, known or not.
	function signed(segment: string, words: readonly Word[]): Reading | undefined {
		const day = words.findIndex(isDateWord);
		if (day < 1 || day > 3) return undefined;
		let at = day;
		for (let word = words[at]; word && isDateWord(word); word = words[at]) at++;
		const agency = isDate(words.slice(day, at)) ? known(words, at) : undefined;
		return agency?.kind === "agency" &&
			at + agency.count === words.length &&
			isNameLike(segment.slice(0, words[day - 1]?.end), 3)
			? { kind: "agency", credits: [cut(segment, words, at, agency)] }
			: undefined;
	}

	// «خاص السومرية نيوز أكد», «خاص لشفق نيوز كشف», «السومرية نيوز خاص أعلنت»: two names, of which one says that nobody else has it.
	function marked(text: string): Prefix | undefined {
		if (!firsts.has(firstKey(text.slice(0, 60)))) return undefined;
		const words = wordsOf(text.slice(0, 90));
		const first = known(words, 0);
		if (first?.kind !== "agency") return undefined;
		const [own, other] = [words[0]?.key ?? "", words[first.count]];
		const ours = first.count === 1 && MARK.has(own);
		const glued =
			ours && other?.key.startsWith("ل") ? { ...other, key: other.key.slice(1), start: other.start + 1 } : undefined;
		const to = known(words, first.count) ? undefined : glued;
		const second = known(to ? words.with(1, to) : words, first.count);
		const last = words[first.count + (second?.count ?? 0) - 1];
		if (second?.kind !== "agency" || !last || !(ours || MARK.has(other?.key ?? ""))) return undefined;
		// «متابعة الصباح أظهرت» tells of a morning.
		if (ours && own !== "خاص" && isCommon(words.slice(1, 1 + second.count))) return undefined;
		const credits = [text.slice(0, words[first.count - 1]?.end), text.slice((to ?? other)?.start, last.end)];
		return { end: last.end, reading: { kind: "agency", credits }, next: words[first.count + second.count]?.key ?? "" };
	}

	return {
		read,
		marked,
		prefix(text) {
			if (!firsts.has(firstKey(text.slice(0, 60)))) return undefined;
			const words = wordsOf(text.slice(0, 90));
			const name = known(words, 0);
			const last = name && words[name.count - 1];
			if (!last) return undefined;
			const credits = name.kind === "agency" ? [text.slice(0, last.end)] : [];
			return {
				end: last.end,
				reading: { kind: name.kind, credits },
				next: words[name.count]?.key ?? "",
			};
		},
		run(text) {
			if (!firsts.has(firstKey(text.slice(0, 60)))) return undefined;
			const words = wordsOf(text.slice(0, 110));
			const place = known(words, 0);
			if (place?.kind !== "place") return undefined;
			let at = place.count;
			for (let word = words[at]; word && isDateWord(word); word = words[at]) at++;
			const agency = at > place.count && isDate(words.slice(place.count, at)) ? known(words, at) : undefined;
			if (agency?.kind !== "agency") return undefined;
			const next = words[at + agency.count];
			return {
				end: words[at + agency.count - 1]?.end ?? 0,
				reading: { kind: "agency", credits: [cut(text, words, at, agency)] },
				next: next?.key ?? "",
			};
		},
	};
}

function shape(segment: string, words: readonly Word[]): Reading | undefined {
	if (words.length > 7 || /[؟?!،,؛;%/|:()«»]|\s[-–—]\s/.test(segment)) return undefined;
	if (words.some((word, index) => index > 0 && (opensNews(word.key) || STOP.has(word.key)))) return undefined;
	const first = words[0]?.key ?? "";
	// «المكتب الإعلامي لوزارة الزراعة»
	if (/^(?:ال)?مكتب$/.test(first) && /^(?:ال)?(?:اعلامي|صحفي)$/.test(words[1]?.key ?? "") && words.length < 7)
		return { kind: "weak", credits: [segment] };
	if (first !== "خاص" && !BROADCAST.has(first) && isSpeaking(words)) return undefined;
	const last = words.at(-1)?.key ?? "";
	const outlet = OUTLET.has(first);
	if (
		(words.length > 1 && words.length < 5 && NEWS_END.test(last)) ||
		(words.length > 1 && words.length < 5 && words[1]?.key === "نيوز")
	) {
		// «السوشيال ميديا: …», «مراسل شفق نيوز: …»
		return { kind: "agency", credits: [segment], common: true };
	}
	if (outlet && words.length > 1 && words.some((word) => NEWS_WORD.test(word.key)))
		return { kind: "agency", credits: [segment] };
	// «قناة 24», «وكالة 964»
	if (BROADCAST.has(first) && words.length === 2 && /^\d+$/.test(last)) return { kind: "agency", credits: [segment] };
	if (outlet && words.length > 1) return { kind: "weak", credits: [segment] };
	// «المفرق 23 تشرين الثاني»: before a date stands a place, known or not.
	const day = words.findIndex((word) => isDateWord(word));
	if (day > 0 && day < 4 && words.slice(day).every(isDateWord) && isDate(words.slice(day)) && words.length > day + 1)
		return isNameLike(segment.slice(0, words[day - 1]?.end), 3) ? { kind: "place", credits: [] } : undefined;
	if (/^خاص$/.test(first) && words.length > 1 && words.length < 4) {
		const of = words[1]?.key ?? "";
		if (/^(?:ب|ل)?(?:شبكه|وكاله|موقع|قناه|صحيفه)/.test(of)) return { kind: "agency", credits: [segment] };
	}
	return /^[A-Z]{2,6}$/.test(segment) ? { kind: "weak", credits: [segment] } : undefined;
}

function isCommon(words: readonly Word[]): boolean {
	const key = words[0]?.key ?? "";
	return (
		(words.length === 1 &&
			!SURE.has(key) &&
			(key.startsWith("ال") || key.startsWith("متابع") || /^[\u0600-\u06FF]{1,4}$/.test(key))) ||
		(words.length === 2 && key === "الشرق" && words[1]?.key === "الاوسط")
	);
}

function cut(text: string, words: readonly Word[], from: number, name: Known): string {
	const start = words[from]?.start ?? 0;
	return text.slice(name.joined ? start + 1 : start, words[from + name.count - 1]?.end);
}

function keyOf(words: readonly Word[], from: number, count: number): string {
	return words
		.slice(from, from + count)
		.map((word) => word.key)
		.join(" ");
}

function nameKey(name: string): string {
	return wordsOf(name)
		.map((word) => word.key)
		.join(" ");
}

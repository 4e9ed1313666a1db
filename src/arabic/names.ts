import { isPastVerb, isVerb, opensNews } from "./verbs.ts";
import { unwrap, type Word, wordsOf } from "./words.ts";

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
	/** An outlet with a name that is a common word («البيان»): alone it proves nothing. */
	readonly common?: boolean;
}

/** Known names, ready to be recognised. */
export interface Register {
	read(segment: string): Reading | undefined;
	/** The known name that the text begins with: where it ends, and what it is. */
	prefix(text: string): Prefix | undefined;
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
	"وكاله وكالات شبكه قناه فضائيه صحيفه جريده اذاعه راديو موقع مجله تلفزيون منصه مكتب مراسل مراسلو مراسله المركز الاعلام اعلام دائره".split(
		" ",
	),
);
const NEWS_WORD =
	/^(?:نيوز|برس|بريس|الانباء|للانباء|انباء|الاخباريه|اخباريه|الاخباري|اخباري|للاخبار|الاخبار|اخبار|الخبريه|الخبري|الصحفي|الصحافي|ميديا|news|press|newswire|media|tv|radio|fm)$/;
const NEWS_END =
	/^(?:نيوز|برس|بريس|الاخباريه|الاخباري|للانباء|اونلاين|ميديا|تيفي|تايمز|تريبيون|news|press|newswire|media|tv|fm|online|times|post|tribune|agency)$/;
const STOP = new Set(
	"في علي الي عن ان التي الذي هذا هذه بعد قبل خلال لا ما لم لن هل كيف لماذا متي اين اذا كل مع او ضد عبر حول بين دون حتي منذ بسبب بحسب حسب وفق وفقا وهو وهي اليوم غدا امس جديد جديده".split(
		" ",
	),
);
// Who speaks in a headline, never who reports it.
const ORGAN = new Set(
	"وزير وزيره وزاره رئيس رئيسه رئاسه نائب نواب مجلس لجنه محافظ حكومه الحكومه قائد قياده امين مدير مديريه هيئه حزب تيار ائتلاف كتله تحالف مصدر مصادر بيان مسؤول خبير خبراء محلل نقابه جامعه شركه بنك البنك محكمه القضاء الداخليه الخارجيه الصحه الدفاع النفط الماليه التربيه التعليم الدوله البرلمان منظمه برنامج مفوضيه صندوق جمعيه مؤسسه المصدر المصادر تصوير بقلم الرئيس الوزير الشيخ السيد الملك الامير الدولار النفط الذهب اسعار".split(
		" ",
	),
);
const DATE_WORD = new Set(
	"السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه يوم كانون تشرين الاول الثاني اول ثاني شباط اذار نيسان ايار حزيران تموز اب ايلول يناير فبراير مارس ابريل مايو يونيو يونيه يوليو يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر جانفي فيفري افريل ماي جوان جويليه اوت غشت شتنبر نونبر دجنبر يوليوز ثان محرم صفر ربيع الاخر جمادي الاولي الاخره الثانيه رجب شعبان رمضان شوال ذو ذي القعده الحجه الموافق في م ه هـ ص صباحا مساء".split(
		" ",
	),
);
// Given names of which one is enough to tell a person from a phrase.
const GIVEN = new Set(
	"عبد محمد احمد علي حسن حسين كاظم جاسم عباس حيدر مصطفي ابراهيم يوسف خالد سعد سعيد صالح كريم فاضل عادل عمر عمار مهدي هادي ناصر زينب فاطمه مريم نور ساره هدي رنا ايناس بن ابو ال جورج يعقوب متي".split(
		" ",
	),
);
const TOWN = new Set(
	"هور ناحيه قضاء قلعه كرمه ابو ام سوق تل قريه حي بني عين شط خان باب جسر دير راس وادي جبل كفر منفذ ميناء مخيم منطقه مدينه محافظه بلده سهل سد حقل جزيره".split(
		" ",
	),
);
// Short names that are no other word at the head of a text.
const SURE = new Set(["خاص", "واع", "رصد", "كونا", "بترا", "سانا"]);
const MONTH =
	/^(?:كانون|تشرين|جمادي|محرم|صفر|ربيع|رجب|شعبان|رمضان|شوال|القعده|الحجه|شباط|اذار|نيسان|ايار|حزيران|تموز|اب|ايلول|يناير|فبراير|مارس|ابريل|مايو|يونيو|يوليو|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر)$/;
const WEEKDAY = /^(?:السبت|الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه)$/;

/** Makes a register of the names handed in. */
export function register(names: Names): Register {
	const agencies = new Set(names.agencies.map(nameKey));
	const places = new Set(names.places.map(nameKey));
	agencies.delete("");
	places.delete("");

	function known(words: readonly Word[], from: number): Known | undefined {
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
		// «نينوى الغد» is one name.
		const only = placed > 0 && dates.length === 0 && credits.length === 1 && isCommon(wordsOf(credits[0] ?? ""));
		if (only && !/[،,:/|–—-]/.test(segment)) return { kind: "agency", credits: [segment] };
		if (credits.length > 0)
			return {
				kind: "agency",
				credits,
				...(credits.length === 1 && placed + dates.length === 0 && isCommon(words) ? { common: true } : {}),
			};
		// «بغداد والرياض» is a pair in a sentence; «دبي، الإمارات» is a place with its country.
		if (placed === 1 || (placed === 2 && dates.length === 0 && /[،,]/.test(segment)))
			return { kind: "place", credits: [] };
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
		const trimmed = unwrap(segment);
		if (trimmed === "" || trimmed.length > 70) return undefined;
		const domain = DOMAIN.exec(trimmed);
		if (domain?.[1]) return { kind: "agency", credits: [domain[1].toLowerCase()] };
		const words = wordsOf(trimmed);
		if (words.length === 0 || words.length > 14) return undefined;
		return cover(trimmed, words) ?? shape(trimmed, words);
	}

	return {
		read,
		prefix(text) {
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

/** Whether an unknown piece of text could be the name of an outlet or a person: a few words, no verb, no figure, nobody who speaks in headlines. */
export function isNameLike(segment: string, most: number): boolean {
	const trimmed = unwrap(segment);
	if (trimmed.length > 40 || /[\d٠-٩۰-۹؟?!،,؛;%#@]/.test(trimmed)) return false;
	const words = wordsOf(trimmed);
	return (
		words.length > 0 &&
		words.length <= most &&
		!ORGAN.has(words[0]?.key ?? "") &&
		!(words.length > 1 && isActing(words[0]?.key ?? "")) &&
		words.every(
			(word) =>
				(!STOP.has(word.key) || trimmed.slice(word.start, word.end) === "علي") &&
				!(word !== words[0] && isVerb(word.key)),
		)
	);
}

/** Whether a name-like piece could be a person's: two words without an article, or (`surely`: always) with a given name in it or a name of origin at its end. */
export function isPerson(segment: string, surely = false): boolean {
	const words = wordsOf(unwrap(segment)).map((word) => word.key);
	const [first = ""] = words;
	if (words.length < 2 || words.length > 4 || /^ال/.test(first) || !isNameLike(segment, 4)) return false;
	const origin = words.length < 4 && /^ال.+ي$/.test(words.at(-1) ?? "") && !/^ال/.test(words.at(-2) ?? "");
	return (words.length === 2 && !surely) || origin || words.some((word) => GIVEN.has(word));
}

/** Whether an unknown name behind an outlet's is more likely a place or section than a person. */
export function isTown(segment: string): boolean {
	const words = wordsOf(unwrap(segment));
	return words.length === 1 || TOWN.has(words[0]?.key ?? "");
}

// «شملت …», but «صوت الجنوب».
function isActing(key: string): boolean {
	return key.endsWith("ت") && key !== "صوت" && isPastVerb(key);
}

function shape(segment: string, words: readonly Word[]): Reading | undefined {
	if (words.length > 7 || /[؟?!،,؛;%/|:()«»]|\s[-–—]\s/.test(segment)) return undefined;
	if (words.some((word, index) => index > 0 && (opensNews(word.key) || STOP.has(word.key)))) return undefined;
	const first = words[0]?.key ?? "";
	const last = words.at(-1)?.key ?? "";
	const outlet = OUTLET.has(first);
	if (
		(words.length > 1 && words.length < 5 && NEWS_END.test(last)) ||
		(words.length > 1 && words.length < 5 && words[1]?.key === "نيوز")
	) {
		return { kind: "agency", credits: [segment] };
	}
	if (outlet && words.length > 1 && words.some((word) => NEWS_WORD.test(word.key)))
		return { kind: "agency", credits: [segment] };
	if (outlet && words.length > 1) return { kind: "weak", credits: [segment] };
	// «المفرق 23 تشرين الثاني»: before a date stands a place, known or not.
	const day = words.findIndex((word) => isDateWord(word));
	if (day > 0 && day < 4 && words.slice(day).every(isDateWord) && isDate(words.slice(day)) && words.length > day + 1)
		return isNameLike(segment.slice(0, words[day - 1]?.end), 3) ? { kind: "place", credits: [] } : undefined;
	if (/^خاص$/.test(first) && words.length > 1 && words.length < 4) {
		const of = words[1]?.key ?? "";
		if (/^(?:ب|ل)?(?:شبكه|وكاله|موقع|قناه|صحيفه)/.test(of)) return { kind: "agency", credits: [segment] };
	}
	return /^[A-Z][A-Z0-9]{1,5}$/.test(segment) ? { kind: "weak", credits: [segment] } : undefined;
}

function isCommon(words: readonly Word[]): boolean {
	const key = words[0]?.key ?? "";
	return (
		(words.length === 1 && !SURE.has(key) && (key.startsWith("ال") || /^[\u0600-\u06FF]{1,4}$/.test(key))) ||
		(words.length === 2 && key === "الشرق" && words[1]?.key === "الاوسط")
	);
}

function isDate(words: readonly Word[]): boolean {
	const numbers = words.filter((word) => /^\d/.test(word.key)).length;
	const month = words.some((word) => MONTH.test(word.key));
	return (
		(words.length === 1 && (month || WEEKDAY.test(words[0]?.key ?? ""))) ||
		(month && (numbers > 0 || words.length === 2)) ||
		(numbers === 3 && words.some((word) => /^\d{4}/.test(word.key)))
	);
}

function isDateWord(word: Word): boolean {
	return DATE_WORD.has(word.key) || /^\d{1,4}[مه]?$/.test(word.key);
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

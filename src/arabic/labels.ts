import { isNameLike, isPerson } from "./name-like.ts";
import type { Reading, Register } from "./names.ts";
import { compareKey } from "./normalize.ts";
import { isPastVerb, isVerb } from "./verbs.ts";
import { firstKey, fold, unwrap, wordsOf } from "./words.ts";

/** A byline or label found in a line: what it covers, whom it names. */
export interface Label {
	readonly rule: "label" | "byline" | "provided" | "caption";
	readonly start: number;
	readonly end: number;
	readonly credits: readonly string[];
	/** The name stands on the next line. */
	readonly open?: boolean;
}

const DATE =
	"(?:[0-9٠-٩۰-۹]{1,4}[/.-][0-9٠-٩۰-۹]{1,2}[/.-][0-9٠-٩۰-۹]{1,4}|(?:(?:السبت|الأحد|الاحد|الاثنين|الإثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة)[،,]?\\s*)?[0-9٠-٩۰-۹]{1,2}\\s\\p{L}+(?:\\s\\p{L}+)?\\s[0-9٠-٩۰-۹]{4})(?:\\s*[-–،,]?\\s*[0-9٠-٩۰-۹]{1,2}:[0-9٠-٩۰-۹]{2}(?:\\s*[صم])?)?";
const SOURCE =
	"المصدر|المصادر|مصدر الخبر|مصدر المقال|المصدر الأصلي|نقلا عن|نقلاً عن|نقلًا عن|نقلا من|نقلاً من|بالتعاون مع|سەرچاوە|Source|Via";
const PERSON =
	"(?:كتب|نشر|أضيف) بواسطة|إعداد وتحرير|اعداد وتحرير|ترجمة وتحرير|كتابة وتحرير|إعداد وتصوير|كتابة وتصوير|تقرير وتصوير|حوار وتصوير|أجرى الحوار|أجرت الحوار|نقلها|نقله|كتب|كتبت|كتبه|كتبها|كتابة|تحرير|إعداد|اعداد|أعد التقرير|أعده|أعدته|اعداد وتقديم|تصوير|عدسة|ترجمة|تقرير|متابعة|متابعات|بقلم|بواسطة|المحرر|المحررة|محرر|محررة|اسم الكاتب|الكاتبة|الكاتب|المراسل|مراسلنا|حاوره|حاورها|حاورته|حاورتها|أجرى الحوار|أجرى المقابلة|أجرت المقابلة|حوار|تحقيق|تغطية|خاص|ئامادەکردنی|نووسینی|By|Written by";
const PICTURE =
	"صورة|الصورة|الصور|صور|تعليق الصورة|صدر الصورة|تعليق على الصورة|التعليق على الصورة|شرح الصورة|حقوق الصورة|حقوق الصور|مصدر الصورة|مصدر الصور|Photo|Image";
const LINE = new RegExp(
	`^(?:[•·*■▪►◄|.\\-–—\\s]*)(?:${DATE}\\s*[-–—|/،]*\\s*)?(?:(${SOURCE})|(${PERSON})|(${PICTURE})|(مصدر|مصادر|عن))(?:\\s*[:/\\\\|–—-]+\\s*|(?<=صورة)،\\s*|(\\s+)(?=\\S)|$)(.*)$`,
	"iu",
);
// «تقرير: سرى العبيدي - تصوير: أحمد محيي»
const ANOTHER = new RegExp(`\\s*[-–—|/،]?\\s*(?:${PERSON})\\s*[:/]\\s*`, "u");
const TRAILING_DATE = new RegExp(`\\s*[-–—|/،]*\\s*${DATE}\\s*$`, "u");
const BETWEEN = /\s*(?:[/|\\+]|\s[-–—]\s|،)\s*/;
const PROVIDED = new RegExp(
	fold(
		"^(?:(?:تم|جرى|يتم|يجري) )?(?:نشر|تقديم|عرض|ينشر|تنشر|يقدم لكم|يقدم|تقدم|انجز|انجزت|انجاز|انتج|انتجت|إنتاج|أعد|أعدت|إعداد|ترجمة)?\\s*هذ[اه] (?:المحتوى|المادة|المقال|الخبر|التقرير|التحقيق|القصة)\\s[^.؟!]{0,60}?(?:من قبل|مقدم من|مقدمة من|بواسطة|نقلا عن|نقلاً عن|بالتعاون مع|بالاتفاق مع|بالشراكة مع|بالتنسيق مع|برعاية|بدعم من|بإشراف|بتمويل من|ضمن مشروع|من)\\s*:?\\s*(.{2,60}?)[.\\s]*$|^(?:نشر|ينشر|تنشر) هذ[اه] (?:المقال|المقالة|التقرير|المادة)\\s+في\\s+(.{2,60}?)[.\\s]*$|^(?:المحتوى|المادة) (?:مقدم|مقدمة|من)\\s+(?:من )?(.{2,60}?)[.\\s]*$",
	),
	"u",
);
const TAIL_SOURCE = new RegExp(
	`(?<=[.!؟…»"”)\\]])\\s*[(\\[]?\\s*(?:${SOURCE})\\s*[:/–—-]\\s*([^.؟!]{2,60}?)\\s*[)\\].]*$`,
	"u",
);
// «يقدم هذا المقال أكثر من إجابة عن السؤال»
const NO_GIVER = /^(?:عن|ما|مما|التي|الذي|هذا|هذه)$/;
const LONGEST_TAIL = 120;
const DEGREE = /(?:^|\s)(?:أ\.)?\s?(?:[دم]|أ)\.\s+/u;
const SOURCE_HEAD = new RegExp(`^(?:${SOURCE})\\s*[:/]\\s*`, "u");
const FROM_PLACE = /^([\p{L}\p{M} .]{4,40}?)\s+من\s+([\p{L}\p{M} ]{2,25}?)\s*(?:[:/|]|[-–—])\s*/u;
const WRITES =
	/^(?:كتب|كتبت|بقلم|تقرير|متابعة|إعداد|اعداد|ترجمة|تحرير)\s*(?:[:/|–—-])\s*([\p{L}\p{M} .]{4,40}?)\s*[:|–—-]\s*(?=\p{L})/u;
const CAPTION = /\s*[([]([^()[\]]{2,40})[)\]]$|\s[-–—|/]\s([^-–—|/:()]{2,30})$/u;
// What systems call whoever typed it in.
const NOBODY = /^(?:admin(?:istrator)?|super user|(?:مدير|مدير عام|إدارة|ادارة) الموقع|الإدارة|المدير العام)$/iu;
const EDITED = /^\((?:إعداد|اعداد|تغطية صحفية|تحرير|كتابة|شارك في التغطية)\s+([^()]{4,120})\)\.?$/u;

// «… - تحرير هناء الجبوري»
const EDITORS = /\s+[-–—|/]\s+(?:تحرير|إعداد|اعداد|كتابة|شارك في التغطية)\s+/u;
// «جانب من المسيرة (تصوير: يوسف بهنام)», «… – عدسة: يوسف بهنام»
const PHOTOGRAPHER = /\s*[([–—|/-]\s*(?:تصوير|عدسة|بعدسة|Photo by|Photo)\s*[:/]?\s+([^()[\]:/]{3,40}?)\s*[)\].]*$/iu;

/** A line that only says who wrote, took, translated or gave something. */
export function readLabelLine(line: string, names: Register): Label | undefined {
	if (line.length > 160) return undefined;
	const whole = { start: 0, end: line.length };
	const edited = EDITED.exec(line);
	if (edited?.[1]) {
		const several = edited[1].split(EDITORS).map((one) => one.trim());
		const credits = several.every((one) => isNameLike(one, 3)) ? several : [edited[1].trim()];
		return { ...whole, rule: "byline", credits };
	}
	const plain = line.replace(/[\u064B-\u0652]/g, "");
	const provided = /هذ|المحتو|الماد/.test(plain.slice(0, 40)) ? PROVIDED.exec(fold(plain)) : null;
	const giver = provided?.[1] ?? provided?.[2] ?? provided?.[3];
	if (
		giver !== undefined &&
		wordsOf(giver).length <= 5 &&
		wordsOf(giver).every((word) => !isPastVerb(word.key) && !NO_GIVER.test(word.key))
	) {
		const start = fold(plain).lastIndexOf(giver);
		return { ...whole, rule: "provided", credits: namesIn(plain.slice(start, start + giver.length), names) };
	}
	const found = LINE.exec(/^[([].*[)\]]$/.test(line) ? line.slice(1, -1) : line);
	if (!found) return undefined;
	const written = (found[6] ?? "").trim();
	const rest = written.replace(DEGREE, " ").trim();
	const spaced = found[5] !== undefined;
	const taken = found[3] === undefined || spaced ? null : PHOTOGRAPHER.exec(rest);
	if (taken?.[1] && isNameLike(taken[1], 4)) return { ...whole, rule: "label", credits: namesIn(taken[1], names) };
	if (rest.length > 60 || /[.؟!]\s+\S/.test(rest)) return undefined;
	// «ترجمة: ليث الحمداني عن صحيفة الغارديان»
	const translated =
		found[2] === "ترجمة" && !found[5] ? /^(\S+(?: \S+){1,3}) (?:نقلا )?عن (.+)$/u.exec(fold(written)) : null;
	const from = translated?.[2] === undefined ? "" : written.slice(-translated[2].length);
	if (translated?.[1] && isPerson(translated[1]) && /agency|weak/.test(names.read(from)?.kind ?? ""))
		return { ...whole, rule: "label", credits: [written.slice(0, translated[1].length), ...namesIn(from, names)] };
	const several = written.split(ANOTHER);
	if (found[2] !== undefined && several.length > 1 && several.every((one) => isNameLike(one.replace(DEGREE, " "), 4)))
		return { ...whole, rule: "label", credits: several.map(unwrap) };
	const bare = unwrap(rest.replace(TRAILING_DATE, ""));
	// A degree is no part of a name and stays with it.
	const own = unwrap(written.replace(TRAILING_DATE, ""));
	const label = { ...whole, rule: "label" as const };
	const read = names.read(bare) ?? readList(bare, names);
	const words = wordsOf(bare);
	if (found[1] !== undefined) {
		if (bare === "") return { ...label, credits: [], open: true };
		if (spaced && !read && (/^المص/.test(found[1]) || words.length > 4 || words.some((word) => isVerb(word.key))))
			return undefined;
		return spaced && /^بالتعاون/.test(found[1]) && !read ? undefined : { ...label, credits: namesIn(bare, names) };
	}
	if (found[4] !== undefined)
		return !spaced && read?.kind === "agency" ? { ...label, credits: namesIn(bare, names) } : undefined;
	if (found[3] !== undefined) {
		if (spaced || (bare === "" && !/[:/]\s*$/.test(line))) return undefined;
		const owned = /حقوق|مصدر|صدر/.test(found[3]) || read?.kind === "agency" || /^المكتب الإعلامي\s/.test(bare);
		// «صور: أحمد كاظم» names who took them, «صور: بغداد تحت الثلج» is a headline.
		if (found[3] === "صور") return owned || isNamed(bare) ? { ...label, credits: namesIn(bare, names) } : undefined;
		const caption = owned ? undefined : readSource(rest.replace(TRAILING_DATE, ""), names);
		return { ...label, credits: owned ? namesIn(bare, names) : (caption?.credits ?? []) };
	}
	if (bare === "") return /الكاتبة?$/.test(found[2] ?? "") ? { ...label, credits: [], open: true } : undefined;
	if (NOBODY.test(bare)) return { ...label, credits: [] };
	const person = isNameLike(bare, 6) || read?.kind === "agency" || /^(?:هيئة|أسرة) التحرير$/.test(bare);
	if (!person || (/خاص/.test(found[2] ?? "") && read?.kind !== "agency" && read?.kind !== "weak")) return undefined;
	if (spaced)
		return (/^(?:بقلم|عدسة|By|Written by)$/iu.test(found[2] ?? "") && words.length <= 4) ||
			(/^كتبت?$/u.test(found[2] ?? "") && rest.endsWith(":") && (isPerson(bare) || /^(?:ال)?محرر/.test(bare)))
			? { ...label, credits: [own] }
			: undefined;
	// «تحقيق: حرائق الحقول» is a headline.
	const story = /^(?:تحقيق|تغطية|محررة?)$/.test(found[2] ?? "") && read?.kind !== "agency";
	if (story && !isNamed(bare)) return undefined;
	return /^(?:تقرير|متابعة|متابعات|ترجمة|حوار|كتابة)$/.test(found[2] ?? "") && words.length > 4
		? undefined
		: { ...label, credits: namesIn(own, names) };
}

/** A picture's caption above the text, known by the agency it ends with: «أطفال في مخيم (أ ف ب)», «… - رويترز». */
export function readCaption(line: string, next: string, names: Register): Label | undefined {
	if (line.length > 140 || next.length <= line.length || isPastVerb(firstKey(line.slice(0, 30)))) return undefined;
	const source = readSource(line, names);
	return source && { rule: "caption", start: 0, end: line.length, credits: source.credits };
}

function readSource(caption: string, names: Register): Reading | undefined {
	const source = CAPTION.exec(caption);
	const bare = (source?.[1] ?? source?.[2] ?? "").replace(
		/^(?:أرشيفية|أرشيف|ارشيف)\s*[-–—،/]\s*|\s*[-–—،/]?\s*(?:أرشيفية|أرشيف|ارشيف)\s*$/u,
		"",
	);
	const read = names.read(bare) ?? readList(bare, names);
	return source && wordsOf(caption.slice(0, source.index)).length > 2 && read?.kind === "agency" ? read : undefined;
}

// A person by more than the number of words.
function isNamed(text: string): boolean {
	return isPerson(text, true) || (isPerson(text) && !/\sال/.test(text));
}

/** A label or byline before the text of a line: «المصدر: واع أعلنت …», «كتب – سرمد يعقوب: …», «سرمد يعقوب من البصرة: …». */
export function readLabelHead(line: string, names: Register): Label | undefined {
	const source = SOURCE_HEAD.exec(line);
	if (source) {
		const name = names.prefix(line.slice(source[0].length));
		if (name && name.reading.kind === "agency" && isPastVerb(name.next)) {
			return {
				rule: "label",
				start: 0,
				end: source[0].length + name.end,
				credits: name.reading.credits,
			};
		}
	}
	const writes = WRITES.exec(line);
	if (
		writes?.[1] &&
		isNameLike(writes[1], 4) &&
		// «متابعة – بلا نتائج: …» is a headline.
		(!/^(?:متابعة|تقرير)\s*[–—-]/.test(line) || isPerson(writes[1], true)) &&
		wordsOf(writes[1]).length > 1 &&
		wordsOf(line.slice(writes[0].length)).length > 3
	) {
		return {
			rule: "byline",
			start: 0,
			end: writes[0].length,
			credits: [writes[1]],
		};
	}
	const from = FROM_PLACE.exec(line);
	if (
		from?.[1] &&
		from[2] &&
		names.read(from[2])?.kind === "place" &&
		isNameLike(from[1], 4) &&
		(wordsOf(from[1]).length > 1 || names.read(from[1])?.kind === "agency")
	) {
		const rest = line.slice(from[0].length);
		if (rest === "" || wordsOf(rest).length > 3)
			return {
				rule: "byline",
				start: 0,
				end: from[0].length,
				credits: [from[1]],
			};
	}
	return undefined;
}

/** A source named at the very end of a paragraph: «… خسائر. المصدر: وكالات», «… خسائر. (رويترز)». */
export function readLabelTail(line: string, names: Register): Label | undefined {
	const from = Math.max(0, line.length - LONGEST_TAIL);
	const found = TAIL_SOURCE.exec(line.slice(from));
	if (found?.[1] && wordsOf(found[1]).length <= 6)
		return {
			rule: "label",
			start: from + found.index,
			end: line.length,
			credits: namesIn(found[1], names),
		};
	const bracket = !/[)\]]\.?$/.test(line) ? null : /(?<=[.!؟…»"”])\s*[([]([^()[\]]{2,50})[)\]]\.?$/u.exec(line);
	const read = bracket?.[1] === undefined ? undefined : names.read(bracket[1]);
	return bracket && read?.kind === "agency"
		? {
				rule: "label",
				start: bracket.index,
				end: line.length,
				credits: read.credits,
			}
		: undefined;
}

function readList(text: string, names: Register): Reading | undefined {
	const parts = text.split(BETWEEN);
	const readings = parts.map((part) => names.read(part));
	const agency = readings.some((one) => one?.kind === "agency");
	return parts.length > 1 && agency && readings.every((one) => one !== undefined)
		? { kind: "agency", credits: readings.flatMap((one) => one?.credits ?? []) }
		: undefined;
}

function namesIn(text: string, names: Register): readonly string[] {
	const bare = unwrap(text.replace(TRAILING_DATE, ""));
	if (bare === "" || compareKey(bare) === "") return [];
	const read = names.read(bare) ?? readList(bare, names);
	// «مروة الأسدي – بغداد»
	const [person, town, third] = bare.split(/\s+[-–—|/]\s+/);
	if (!read && person && town && third === undefined && names.read(town)?.kind === "place" && isPerson(person))
		return [person];
	// «هانس برغر / رويترز»
	const parts = bare.split(/\s*[/|]\s*/);
	if (
		!read &&
		parts.length === 2 &&
		parts.some((part) => names.read(part)?.kind === "agency") &&
		parts.every((part) => isNameLike(part, 4))
	)
		return parts.map(unwrap);
	return read && read.credits.length > 0 && (read.kind === "agency" || read.kind === "weak") ? read.credits : [bare];
}

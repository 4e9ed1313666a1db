import { compareWords } from "./normalize.ts";

const PREFIX = /^(?:وال|بال|كال|فال|لل|ال)(?=.{2})/u;
const SUFFIXES = ["ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"];
const STOP = new Set(
	"في من علي الي عن ان انه انها التي الذي الذين هذا هذه ذلك تلك مع بين بعد قبل كما قد كان كانت يكون او ثم لا لم لن ما هو هي هم كل خلال حول عبر اليوم امس غدا و ب ل اي حيث فيما اذ اذا لكن منذ حتي ضد دون وفق بحسب قال قالت اضاف اكد".split(
		" ",
	),
);

/** The stem of a word in compareKey's form, by the light rules of Light10 (Larkey, Ballesteros, Connell 2002). */
function stem(key: string): string {
	let word = key.length > 3 && key.startsWith("و") ? key.slice(1) : key;
	word = word.replace(PREFIX, "");
	for (const suffix of SUFFIXES) {
		if (word.length - suffix.length >= 2 && word.endsWith(suffix)) word = word.slice(0, -suffix.length);
	}
	return word;
}

/** The stems of a text that carry meaning, with how often each occurs. */
export function terms(text: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const word of compareWords(text)) {
		if (STOP.has(word)) continue;
		const key = stem(word);
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

/** Cosine of two term counts, 0 to 1. */
export function similarity(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
	let dot = 0;
	for (const [term, count] of one) dot += count * (other.get(term) ?? 0);
	return dot === 0 ? 0 : dot / (norm(one) * norm(other));
}

function norm(counts: ReadonlyMap<string, number>): number {
	let sum = 0;
	for (const count of counts.values()) sum += count * count;
	return Math.sqrt(sum);
}

import fc from "fast-check";

const arabic = fc.constantFrom(
	..."أعلنت الحكومة في بغداد ١٢ ٪ ، ؛ ؟ . : « » — … ـ ً ُ ﷺ ﻻ ڨ ێ ە".split(" "),
	"حكومة",
	"قال:",
	"المصدر: وكالة",
	"بغداد – ",
);
const foreign = fc.constantFrom(
	..."a COP31 C++ @name #tag /start https://x.org/a?b=1&c=2 a@b.org <b> </b> &amp; & < > \" ' &#0; ]]> <a".split(" "),
);
const odd = fc.constantFrom(
	..."😀|👨‍👩‍👧‍👦|🇮🇶|1️⃣|\u0000|\u0007|\u001B|\u200B|\u200F|\u202E|\u2066|\u2069|\uFEFF|\uFFFE|\uFFFF|\u00AD|\u0085|\u2028|\uD800|\uDC00|\uE000".split(
		"|",
	),
);
const piece = fc.oneof(
	{ weight: 5, arbitrary: arabic },
	{ weight: 2, arbitrary: foreign },
	{ weight: 1, arbitrary: odd },
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
);
/** A text of at most so many pieces: Arabic, foreign, odd, and anything at all. */
export const text = (most: number) =>
	fc
		.array(fc.tuple(piece, fc.constantFrom(" ", " ", " ", "", "\n", ". ")), { maxLength: most })
		.map((pieces) => pieces.flat().join(""));

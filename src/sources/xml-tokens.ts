/** What a reader of XML is told, in the order of the text. */
export interface XmlReader {
	/** An element begins; entities in its attributes are decoded, the first of a name counts. A self-closing one ends here as well. `at` is where its name stands. */
	open(name: string, attributes: Readonly<Record<string, string>>, selfClosing: boolean, at: number): void;
	/** A closing tag; true ends the reading. `at` is where its name stands. */
	close(name: string, at: number): boolean;
	/** Text whose entities are still coded. */
	text(coded: string): void;
	/** Text that stands as it is: CDATA, and what was begun but never ended. */
	verbatim(text: string): void;
}

const [TAB, LINE_FEED, FORM_FEED, RETURN, SPACE] = [9, 10, 12, 13, 32];
const [BANG, DOUBLE_QUOTE, SINGLE_QUOTE, SLASH, EQUALS, MORE, QUESTION] = [33, 34, 39, 47, 61, 62, 63];
const NONE: Readonly<Record<string, string>> = Object.freeze({});

/**
 * Reads XML from its beginning to its end, as tolerantly as htmlparser2 does in its XML mode: whatever cannot be markup is text,
 * a tag that breaks off is left out, nothing is ever an error. Every character is looked at once, so that no text takes longer than its length.
 */
export function readTokens(xml: string, reader: XmlReader): void {
	const tag = tagReader(xml, reader);
	let begin = 0;
	let from = 0;
	for (;;) {
		const open = xml.indexOf("<", from);
		if (open < 0 || open + 1 === xml.length) break;
		const kind = xml.charCodeAt(open + 1);
		if (kind === MORE || isSpace(kind)) {
			from = open + 1;
			continue;
		}
		const name = kind === SLASH ? afterSpace(xml, open + 2) : open + 1;
		if (name === xml.length) break;
		if (kind === SLASH && xml.charCodeAt(name) === MORE) {
			from = name + 1;
			continue;
		}
		if (open > begin) reader.text(xml.slice(begin, open));
		const end =
			kind === SLASH
				? closingTag(xml, name, reader)
				: kind === BANG || kind === QUESTION
					? declaration(xml, open, reader)
					: tag(name);
		if (end === undefined) return;
		begin = end;
		from = end;
	}
	if (begin < xml.length) reader.text(xml.slice(begin));
}

/** A text with the entities of XML decoded: the five named ones and numbers; others stay as they are. */
export function decoded(coded: string): string {
	if (!coded.includes("&")) return coded;
	// Feeds that escape their markup hold thousands: fixed words with fixed characters for them are replaced ten times as fast.
	const marks = coded
		.replace(/&lt;/g, "<")
		.replace(/&gt;/g, ">")
		.replace(/&quot;/g, '"')
		.replace(/&apos;/g, "'");
	if (!marks.includes("&#")) return marks.replace(/&amp;/g, "&");
	// In one go: the ampersand that one of them gives begins no other.
	return marks.replace(/&(?:amp|#(\d+)|#[xX]([\da-fA-F]+));/g, (written, decimal, hexadecimal) =>
		written === "&amp;" ? "&" : character(decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16)),
	);
}

function character(code: number): string {
	const exists = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
	return exists ? String.fromCodePoint(code) : "\uFFFD";
}

function isSpace(code: number): boolean {
	return code === SPACE || code === LINE_FEED || code === TAB || code === FORM_FEED || code === RETURN;
}

function afterSpace(xml: string, from: number): number {
	let at = from;
	while (at < xml.length && isSpace(xml.charCodeAt(at))) at++;
	return at;
}

/** Where a name ends that begins here; its first character belongs to it whatever it is. */
function nameEnd(xml: string, from: number, last = MORE): number {
	let at = from + 1;
	for (; at < xml.length; at++) {
		const code = xml.charCodeAt(at);
		if (code === MORE || code === SLASH || code === last || isSpace(code)) break;
	}
	return at;
}

/** Reads a closing tag from its name on; gives where it ends, or undefined when nothing follows. */
function closingTag(xml: string, name: number, reader: XmlReader): number | undefined {
	if (xml.charCodeAt(name) === SLASH) return passed(xml, name, name + 1, reader);
	const end = nameEnd(xml, name);
	if (end === xml.length || reader.close(xml.slice(name, end), name)) return undefined;
	const more = xml.indexOf(">", end);
	return more < 0 ? undefined : more + 1;
}

/** Reads what begins with `<!` or `<?`: CDATA is text, the rest says nothing. */
function declaration(xml: string, open: number, reader: XmlReader): number | undefined {
	const inside = open + 2;
	if (xml.charCodeAt(open + 1) === QUESTION) {
		const end = xml.indexOf("?>", inside);
		if (end < 0) reader.verbatim(xml.slice(inside));
		return end < 0 ? undefined : end + 2;
	}
	if (xml.startsWith("[CDATA[", inside)) {
		const end = xml.indexOf("]]>", inside + 7);
		reader.verbatim(xml.slice(inside + 7, end < 0 ? undefined : end));
		return end < 0 ? undefined : end + 3;
	}
	if (xml.startsWith("--", inside)) {
		const comment = /--!?>/g;
		comment.lastIndex = inside + 2;
		return comment.test(xml) ? comment.lastIndex : undefined;
	}
	return passed(xml, inside, inside + (xml[inside] === "-" ? 2 : 1), reader);
}

/** Passes over everything to the next `>`; without one it was text. */
function passed(xml: string, begin: number, from: number, reader: XmlReader): number | undefined {
	const more = xml.indexOf(">", from);
	if (more < 0) reader.verbatim(xml.slice(begin));
	return more < 0 ? undefined : more + 1;
}

/** Gives the reader of opening tags: from the name's place to where the tag ends, or undefined when it breaks off. */
function tagReader(xml: string, reader: XmlReader): (name: number) => number | undefined {
	let attributes: Record<string, string> | undefined;

	/** Reads one attribute and gives where it ends. */
	function attribute(begin: number): number {
		const end = nameEnd(xml, begin, EQUALS);
		let at = afterSpace(xml, end);
		let value = "";
		if (xml.charCodeAt(at) === EQUALS) {
			at = afterSpace(xml, at + 1);
			const quote = xml.charCodeAt(at);
			if (quote === DOUBLE_QUOTE || quote === SINGLE_QUOTE) {
				const close = xml.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", at + 1);
				if (close < 0) return xml.length;
				value = xml.slice(at + 1, close);
				at = close + 1;
			} else {
				const start = at;
				while (at < xml.length && xml.charCodeAt(at) !== MORE && !isSpace(xml.charCodeAt(at))) at++;
				value = xml.slice(start, at);
			}
		}
		attributes ??= {};
		const name = xml.slice(begin, end);
		if (!Object.hasOwn(attributes, name)) attributes[name] = decoded(value);
		return at;
	}

	return (begin) => {
		const end = nameEnd(xml, begin);
		attributes = undefined;
		for (let at = end; at < xml.length; ) {
			const code = xml.charCodeAt(at);
			const close = code === SLASH ? afterSpace(xml, at + 1) : at;
			if (xml.charCodeAt(close) === MORE) {
				reader.open(xml.slice(begin, end), attributes ?? NONE, code === SLASH, begin);
				return close + 1;
			}
			if (code === SLASH) at = close;
			else if (isSpace(code)) at++;
			else at = attribute(at);
		}
		return undefined;
	};
}

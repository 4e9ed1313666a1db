import { direct } from "../arabic/direction.ts";
import type { Layout } from "./compose.ts";

/** Characters of a message after its entities are parsed, in UTF-16 units (core.telegram.org/bots/api#sendmessage). */
export const MESSAGE_LENGTH = 4096;

/** Characters of a picture's caption, counted the same way (core.telegram.org/bots/api#sendphoto). */
export const CAPTION_LENGTH = 1024;

/** Elements of Telegram's HTML mode that our templates may use; anything else is refused by Telegram with a 400 (core.telegram.org/bots/api#html-style). */
const ELEMENTS = new Set([
	"b",
	"strong",
	"i",
	"em",
	"u",
	"ins",
	"s",
	"strike",
	"del",
	"a",
	"code",
	"pre",
	"blockquote",
	"tg-spoiler",
	"span",
]);
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };
const TOKEN = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[\s/][^<>]*)?)>|&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]+);|([<>&])/g;

/** Text as it must stand in Telegram's HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
	return text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;");
}

/** What a reader sees of Telegram HTML. Throws an Error that says what Telegram would refuse. */
export function visibleText(html: string): string {
	const open: string[] = [];
	const text = html.replace(
		TOKEN,
		(
			_all,
			closing: string | undefined,
			name: string | undefined,
			rest: string | undefined,
			entity: string | undefined,
			sign: string | undefined,
		) => {
			if (sign === "&" || sign === ">") return sign;
			if (sign) throw new Error("a bare < stands in it (write &lt;)");
			if (entity) return decoded(entity);
			const element = (name ?? "").toLowerCase();
			if (!ELEMENTS.has(element)) throw new Error(`Telegram knows no <${element}>`);
			if (!closing) {
				if (element === "a" && !/\shref\s*=/.test(rest ?? "")) throw new Error("an <a> has no href");
				if (rest?.trimEnd().endsWith("/")) throw new Error(`<${element}/> closes nothing in Telegram`);
				open.push(element);
			} else if (open.pop() !== element) throw new Error(`</${element}> closes nothing that is open`);
			return "";
		},
	);
	const left = open.at(-1);
	if (left) throw new Error(`<${left}> is never closed`);
	return text;
}

function decoded(entity: string): string {
	if (!entity.startsWith("#")) {
		const sign = NAMED[entity.toLowerCase()];
		if (sign === undefined) throw new Error(`Telegram knows no &${entity};`);
		return sign;
	}
	const code = entity[1] === "x" ? Number.parseInt(entity.slice(2), 16) : Number.parseInt(entity.slice(1), 10);
	if (code === 0 || code > 0x10ffff) throw new Error(`&${entity}; is no character`);
	return String.fromCodePoint(code);
}

/** The HTML with U+200F in front of each line whose visible text would otherwise run from the left, before the line's first tag. */
function directHtml(html: string): string {
	const marked = (line: string) => {
		const visible = line.replace(/<[^<>]*>/g, "").replace(/&(amp|lt|gt|quot);/g, "-");
		return direct(visible).startsWith("\u200F") && !visible.startsWith("\u200F") ? `\u200F${line}` : line;
	};
	return html.split("\n").map(marked).join("\n");
}

/** Telegram's HTML mode and its way of counting. */
export const telegramLayout: Layout = {
	limit: MESSAGE_LENGTH,
	escape: escapeHtml,
	finish(rendered) {
		const html = directHtml(rendered);
		return { html, text: visibleText(html) };
	},
	measure: (text) => text.length,
};

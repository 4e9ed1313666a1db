import { Parser } from "htmlparser2";
import { withoutControls } from "./entries.ts";
import { SourceError } from "./source.ts";

/** An element of a page as far as finding headlines needs it: a tree far lighter than a DOM. */
export interface Block {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly parent: Block | undefined;
	readonly depth: number;
	readonly children: (Block | string)[];
	/** The blocks around it, once somebody asked. */
	above?: readonly Block[];
}

/** Marks that selectors left on the elements they name, for a page read by them. */
export const MARK = { list: "data-mirsal-list", title: "data-mirsal-title", time: "data-mirsal-time" } as const;

const DROPPED = new Set("script style template noscript iframe object svg math select textarea audio video".split(" "));
const LINES = new Set(
	"address article aside blockquote body center dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p section table tbody td tfoot th thead tr ul".split(
		" ",
	),
);
/** Far beyond any front page. */
const MOST_ELEMENTS = 60_000;
/** Deeper elements hang on the one above: what stands in them is kept, and climbing stays short. */
const DEEPEST = 200;

/** A page as a tree of blocks, built in one pass. Throws SourceError `body` for a page with more elements than any list of news. */
export function readBlocks(html: string, url: string): Block {
	const root: Block = { name: "", attributes: {}, parent: undefined, depth: 0, children: [] };
	const open: Block[] = [root];
	let dropped = 0;
	let elements = 0;
	const parser = new Parser({
		onopentag(name, attributes) {
			if (++elements > MOST_ELEMENTS)
				throw new SourceError("body", `The page ${url} has more elements than any list of news (${MOST_ELEMENTS}).`);
			if (DROPPED.has(name)) dropped++;
			const parent = open.at(-1) ?? root;
			const link = name === "a" ? open.findLast((one) => one.name === "a") : undefined;
			// A link never stands in another (HTML, 4.5.1): the one before was left open.
			const above = link ? link.parent : parent.depth >= DEEPEST ? parent.parent : parent;
			const block: Block = { name, attributes, parent: above, depth: (above?.depth ?? 0) + 1, children: [] };
			if (dropped === 0) above?.children.push(block);
			open.push(block);
		},
		ontext(text) {
			if (dropped > 0) return;
			const { children } = open.at(-1) ?? root;
			const last = children.at(-1);
			if (typeof last === "string") children[children.length - 1] = last + text;
			else children.push(text);
		},
		onclosetag(name) {
			if (open.length > 1) open.pop();
			if (DROPPED.has(name)) dropped--;
		},
	});
	parser.end(withoutControls(html));
	return root;
}

/** The elements of a block in document order, itself first. */
export function within(block: Block): Block[] {
	const found: Block[] = [];
	const open = [block];
	for (let one = open.pop(); one; one = open.pop()) {
		found.push(one);
		for (let at = one.children.length - 1; at >= 0; at--) {
			const child = one.children[at];
			if (typeof child === "object") open.push(child);
		}
	}
	return found;
}

/** The blocks around a block, the nearest first. */
export function around(block: Block): readonly Block[] {
	const { parent } = block;
	block.above ??= parent ? [parent, ...around(parent)] : [];
	return block.above;
}

/** The text of a block, a line for each element that stands on a line of its own; what `leaves` names is left out. */
export function linesOf(block: Block, leaves: (inner: Block) => boolean = () => false): string[] {
	let text = "";
	const walk = (one: Block) => {
		for (const child of one.children) {
			if (typeof child === "string") text += child.replace(/\s+/g, " ");
			else if (leaves(child)) text += " ";
			else if (child.name === "br") text += " ";
			else if (LINES.has(child.name)) {
				text += "\n";
				walk(child);
				text += "\n";
			} else walk(child);
		}
	};
	walk(block);
	return text
		.split("\n")
		.map((line) => line.replace(/\s+/g, " ").trim())
		.filter(Boolean);
}

/** Names an author gave a block: its classes and its id. */
export function namesOf(block: Block): string[] {
	return `${block.attributes["class"] ?? ""} ${block.attributes["id"] ?? ""}`
		.toLowerCase()
		.split(/\s+/)
		.filter(Boolean);
}

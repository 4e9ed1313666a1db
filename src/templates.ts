import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Names } from "./arabic/clean.ts";
import type { Layout, Templates } from "./post/compose.ts";
import type { OccasionKind } from "./post/occasion.ts";
import { SAMPLES } from "./post/samples.ts";
import { compileTemplate, type Template, TemplateError } from "./post/template.ts";
import type { View } from "./post/view.ts";
import { parseSites, type SiteRules } from "./sources/sites.ts";

/** Folders whose files come one before the other: the newsroom's own first, the built-in one last. */
export interface TemplateFolders {
	readonly own: readonly string[];
	readonly builtin: string;
}

const PREFIX: Readonly<Record<OccasionKind, string>> = {
	article: "",
	breaking: "breaking.",
	retraction: "retraction.",
	digest: "digest.",
};

async function read(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT") return undefined;
		if (code === "ENOTDIR") throw new TemplateError(`TEMPLATES: «${dirname(path)}» is no folder`);
		throw new Error(`${path} cannot be read (${code})`);
	}
}

/** Compiles and tries the templates of one kind of channel. Throws TemplateError naming file, line and column. */
export async function loadTemplates(
	folders: TemplateFolders,
	kind: "telegram" | "twitter",
	layout: Layout,
): Promise<Templates> {
	const load = async (occasion: OccasionKind): Promise<[Template, ...Template[]]> => {
		const file = `${PREFIX[occasion]}${kind}.liquid`;
		const templates: Template[] = [];
		const seen = new Set<string>();
		for (const folder of [...folders.own, folders.builtin]) {
			const source = await read(join(folder, file));
			if (source === undefined || seen.has(source)) continue;
			seen.add(source);
			const template = compileTemplate(
				folder === folders.builtin ? file : join(folder, file),
				source,
				layout.escape,
				occasion,
			);
			tryOut(template, layout, SAMPLES[occasion]);
			templates.push(template);
		}
		const [first, ...rest] = templates;
		if (!first) throw new TemplateError(`${join(folders.builtin, file)} is missing: install Mirsal again`);
		return [first, ...rest];
	};
	return {
		article: await load("article"),
		breaking: await load("breaking"),
		retraction: await load("retraction"),
		digest: await load("digest"),
	};
}

/** Templates that follow their files: a changed one is used from the next post on, a broken one leaves the last good ones in place. */
export interface KeptTemplates {
	readonly current: Templates;
	/** Looks at the files again; the mistake, once, when what changed cannot be used. */
	refresh(): Promise<string | undefined>;
	/** What changed last cannot be used. */
	readonly broken: boolean;
}

/** Loads templates and keeps them up to date. Throws TemplateError when they cannot be used at the start. */
export async function keepTemplates(
	folders: TemplateFolders,
	kind: "telegram" | "twitter",
	layout: Layout,
): Promise<KeptTemplates> {
	const files = Object.values(PREFIX).flatMap((prefix) =>
		[...folders.own, folders.builtin].map((folder) => join(folder, `${prefix}${kind}.liquid`)),
	);
	const look = async () => (await Promise.all(files.map(stamp))).join(" ");
	let seen = await look();
	let current = await loadTemplates(folders, kind, layout);
	let broken = false;
	return {
		get broken() {
			return broken;
		},
		get current() {
			return current;
		},
		async refresh() {
			const now = await look();
			if (now === seen) return undefined;
			seen = now;
			try {
				current = await loadTemplates(folders, kind, layout);
				broken = false;
				return undefined;
			} catch (error) {
				broken = true;
				return error instanceof Error ? error.message : String(error);
			}
		},
	};
}

/** What changes when a file does. */
async function stamp(path: string): Promise<string> {
	try {
		const { mtimeMs, size, ino } = await stat(path);
		return `${ino}:${size}:${mtimeMs}`;
	} catch {
		return "-";
	}
}

/** Lays out samples: one with everything in it, and one with hardly anything. */
function tryOut(template: Template, layout: Layout, samples: readonly View[]): void {
	for (const view of samples) {
		const rendered = template.render(view);
		try {
			const { text } = layout.finish(rendered);
			if (text.trim() === "") throw new Error("it prints nothing for an article that has a title only");
		} catch (error) {
			throw new TemplateError(`${template.name}: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
}

/** The text of a data file: the newsroom's own when it has one, else the built-in one. */
export async function loadText(folders: TemplateFolders, file: string): Promise<string> {
	for (const folder of [...folders.own, folders.builtin]) {
		const text = await read(join(folder, file));
		if (text !== undefined) return text;
	}
	throw new Error(`${join(folders.builtin, file)} is missing: install Mirsal again`);
}

/** The templates in use by file, each with its text and whether it is the newsroom's own. */
export async function templatesIn(
	folders: TemplateFolders,
	kinds: readonly ("telegram" | "twitter")[],
): Promise<readonly { readonly file: string; readonly text: string; readonly own: boolean }[]> {
	const found: { file: string; text: string; own: boolean }[] = [];
	for (const kind of kinds)
		for (const prefix of Object.values(PREFIX)) {
			const file = `${prefix}${kind}.liquid`;
			const text = await loadText(folders, file);
			found.push({ file, text, own: text !== (await read(join(folders.builtin, file))) });
		}
	return found;
}

/** Names that stand in credit lines and datelines: those that come with Mirsal and the newsroom's own. */
export async function loadNames(folders: TemplateFolders, own: Names): Promise<Names> {
	const known = parse(await loadText(folders, "credits.yaml")) as { agencies?: string[]; places?: string[] };
	return { agencies: [...(known.agencies ?? []), ...own.agencies], places: [...(known.places ?? []), ...own.places] };
}

/** How single sites' pages are built. */
export async function loadSites(folders: TemplateFolders): Promise<SiteRules> {
	return parseSites(await loadText(folders, "sites.yaml"));
}

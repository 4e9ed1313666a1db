import { isMap, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { cardSchema, DEFAULT_CARD, logoSchema } from "./card-settings.ts";
import { correctionShape } from "./correction-settings.ts";
import { parseDuration } from "./duration.ts";
import { filterSchema } from "./filter-settings.ts";
import { LOOK_KEYS, lookProblem } from "./picture-settings.ts";
import { pricesSchema } from "./price-settings.ts";
import { channelQuietSchema, digestProblems, digestSchema, gapSchema, quietSchema } from "./times-settings.ts";

export { parseDuration };

const words = z.array(z.string().trim().min(1)).readonly().default([]);
const name = z
	.string()
	.regex(/^[a-z][a-z0-9-]*$/, "a name is lower-case Latin letters, digits and hyphens, a letter first");
const duration = z.string().refine((text) => parseDuration(text) !== undefined, "a time such as 20s, 5m, 2h");

const selector = z.string().trim().min(1).refine(isSelector, "a CSS selector such as “.news h3 a”");

const source = z.strictObject({
	url: z.url({ protocol: /^https?$/ }),
	name: z.string().trim().min(1).optional(),
	own: z.boolean().default(true),
	/** Further pages of a site without a feed that list articles. */
	pages: z
		.array(z.url({ protocol: /^https?$/ }))
		.readonly()
		.optional(),
	filter: filterSchema.optional(),
	/** CSS selectors, for pages that cannot be read by themselves. */
	selectors: z
		.strictObject({ list: selector.optional(), title: selector.optional(), body: selector.optional() })
		.optional(),
});

const channel = z.strictObject({
	name,
	kind: z.enum(["telegram", "twitter"]),
	chat: z
		.union([z.string().regex(/^(@\w+|-?\d+)$/, "@name or -100…"), z.number().int().negative().transform(String)])
		.optional(),
	secrets: z
		.string()
		.regex(/^[A-Z][A-Z0-9_]*$/, "the beginning of variable names, such as ENGLISH")
		.optional(),
	templates: name.optional(),
	filter: filterSchema.optional(),
	unsure: z.enum(["ask", "never", "resend"]).optional(),
	unsureQuiet: duration.optional(),
	unsureBetween: duration.optional(),
	quietHours: channelQuietSchema.exactOptional(),
	gap: gapSchema.exactOptional(),
	/** Single articles are not posted there. */
	only: z.literal("digests").exactOptional(),

	...LOOK_KEYS,
	...correctionShape,
});

const channels = z.array(
	channel.superRefine((setting, context) => {
		const problem = lookProblem(setting);
		if (problem) context.addIssue({ code: "custom", path: [problem.key], message: problem.message });
	}),
);

/** The channels of a newsroom that names none. */
export const USUAL_CHANNELS = [
	{ name: "telegram", kind: "telegram" },
	{ name: "twitter", kind: "twitter" },
] as const;

const wishes = z.strictObject({
	name: z.string().trim().min(1).optional(),
	logo: logoSchema.optional(),
	card: cardSchema.default(DEFAULT_CARD),
	language: z.literal("ar").optional(),
	digits: z.enum(["latin", "arab"]).default("latin"),
	sources: z.array(source).readonly().default([]),
	credits: words,
	places: words,
	hashtags: z
		.strictObject({
			map: z.record(z.string(), z.string()).default({}),
			never: words,
			most: z.number().int().min(0).max(10).default(2),
		})
		.default({ map: {}, never: [], most: 2 }),
	filter: filterSchema.optional(),
	channels: channels.min(1).readonly().optional(),
	links: z.partialRecord(z.enum(["telegram", "twitter"]), z.record(z.string(), z.string())).optional(),
	prices: pricesSchema,
	quietHours: quietSchema.exactOptional(),
	gap: gapSchema.exactOptional(),
	digests: z.array(digestSchema).readonly().default([]),
	editors: z.array(z.number().int().positive()).readonly().default([]),
});
const newsroom = wishes.superRefine(({ digests, channels = USUAL_CHANNELS }, context) => {
	for (const { path, words } of digestProblems(digests, channels))
		context.addIssue({ code: "custom", path: [...path], message: words });
});

/** What stands in newsroom.yaml. */
export type Newsroom = z.infer<typeof newsroom>;

/** Whether a text could be a CSS selector: whether it finds anything is for the site to say. */
function isSelector(text: string): boolean {
	return /^[^{};@<]+$/.test(text) && (text.match(/[[(]/g)?.length ?? 0) === (text.match(/[\])]/g)?.length ?? 0);
}

/** The newsroom without a file. */
export const NO_NEWSROOM: Newsroom = newsroom.parse({});

/** Reads newsroom.yaml; problems name the file with line and column. */
export function readNewsroom(
	text: string,
	file: string,
): { readonly newsroom: Newsroom; readonly problems: readonly string[] } {
	const counter = new LineCounter();
	const document = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
	const at = (offset: number | undefined) => {
		const { line, col } = counter.linePos(offset ?? 0);
		return `${file}:${line}:${col}`;
	};
	if (document.errors.length > 0)
		return {
			newsroom: NO_NEWSROOM,
			problems: document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split("\n")[0]}`),
		};
	const value: unknown = document.toJS() ?? {};
	const result = newsroom.safeParse(value);
	if (result.success) return { newsroom: result.data, problems: [] };
	const problems = result.error.issues.flatMap((issue) => {
		const path = issue.path.filter((step) => typeof step !== "symbol");
		const where = (steps: readonly (string | number)[]) => {
			const parent = document.getIn(steps.slice(0, -1), true);
			const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(steps.at(-1))) : undefined;
			const node = (pair?.key ?? document.getIn(steps, true)) as { range?: [number, number, number] } | undefined;
			return at(node?.range?.[0]);
		};
		if (issue.code !== "unrecognized_keys") return [`${where(path)}: ${path.join(".")}: ${issue.message}`];
		return issue.keys.map((key) => `${where([...path, key])}: there is no «${[...path, key].join(".")}»`);
	});
	return { newsroom: NO_NEWSROOM, problems };
}

import { z } from "zod";
import { parseTimeOfDay } from "./article/day-time.ts";
import type { QuietHours } from "./article/quiet.ts";
import { parseDuration } from "./duration.ts";

const TIME = 'a time of day such as "08:00", in quotation marks';

const timeOfDay = z.string(TIME).transform((text, context) => {
	const minutes = parseTimeOfDay(text);
	if (minutes !== undefined) return minutes;
	context.addIssue({ code: "custom", message: TIME });
	return z.NEVER;
});

const span = (example: string) =>
	z.string(`a time such as ${example}`).transform((text, context) => {
		const milliseconds = parseDuration(text);
		if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
		context.addIssue({ code: "custom", message: `a time such as ${example}` });
		return z.NEVER;
	});

/** `gap` as it stands in newsroom.yaml: the least time between two posts of a channel. Gives milliseconds. */
export const gapSchema = span("3m");

/** `quietHours` as it stands in newsroom.yaml; where breaking news is not mentioned, it goes out while others wait, and is silent where others are. */
export const quietSchema = z
	.strictObject({
		from: timeOfDay,
		to: timeOfDay,
		do: z.enum(["hold", "silent"], "hold or silent").default("hold"),
		breaking: z.enum(["post", "silent", "hold"], "post, silent or hold").exactOptional(),
	})
	.superRefine(({ from, to }, context) => {
		if (from === to)
			context.addIssue({ code: "custom", path: ["to"], message: "the same time as from: quiet hours need an end" });
	})
	.transform(({ breaking, ...hours }): QuietHours => {
		return { ...hours, breaking: breaking ?? (hours.do === "hold" ? "post" : "silent") };
	});

/** The same for one channel, where `off` frees it from those of the newsroom. */
export const channelQuietSchema = z.unknown().transform((given, context): QuietHours | "off" => {
	if (given === "off" || given === false) return "off";
	const { data, error } = quietSchema.safeParse(given);
	if (data) return data;
	for (const { message, path, ...issue } of error?.issues ?? [])
		context.addIssue({ code: "custom", path, message: "keys" in issue ? `there is no «${issue.keys}»` : message });
	return z.NEVER;
});

/** What a digest is called that has no title of its own. */
export function digestTitle(minutes: number): string {
	if (minutes >= 4 * 60 && minutes < 12 * 60) return "نشرة الصباح";
	return minutes >= 12 * 60 && minutes < 16 * 60 ? "نشرة الظهيرة" : "نشرة المساء";
}

/** Headlines of a digest that does not say how many. */
export const DIGEST_MOST = 10;

/** One of `digests` as it stands in newsroom.yaml. */
export const digestSchema = z
	.strictObject({
		at: timeOfDay,
		channel: z.string(),
		name: z
			.string()
			.regex(/^[a-z0-9][a-z0-9-]*$/, "a name is lower-case Latin letters, digits and hyphens")
			.exactOptional(),
		title: z.string().trim().min(1).exactOptional(),
		most: z.number().int().min(1).max(50).default(DIGEST_MOST),
		since: span("12h").exactOptional(),
	})
	.transform(({ name, title, ...rest }) => ({
		...rest,
		name: name ?? `${String(Math.floor(rest.at / 60)).padStart(2, "0")}${String(rest.at % 60).padStart(2, "0")}`,
		title: title ?? digestTitle(rest.at),
	}));

/** A digest that a newsroom wants every day. */
export type DigestSetting = z.output<typeof digestSchema>;

/** What is wrong in the digests of a newsroom with these channels, each with the keys that lead to it. */
export function digestProblems(
	digests: readonly DigestSetting[],
	channels: readonly { readonly name: string; readonly only?: "digests" | undefined }[],
): readonly { readonly path: readonly (string | number)[]; readonly words: string }[] {
	const twice = (index: number) =>
		digests.findIndex(({ channel, name }) => channel === digests[index]?.channel && name === digests[index].name);
	return [
		...digests.flatMap(({ channel, name }, index) => {
			if (!channels.some((one) => one.name === channel))
				return [{ path: ["digests", index, "channel"], words: `there is no channel «${channel}»` }];
			if (twice(index) < index)
				return [
					{ path: ["digests", index], words: `two digests of «${channel}» are named «${name}»: name one of them` },
				];
			return [];
		}),
		...channels.flatMap(({ name, only }, index) =>
			only === "digests" && !digests.some(({ channel }) => channel === name)
				? [
						{
							path: ["channels", index, "only"],
							words: `«${name}» would never post: digests names no digest for it`,
						},
					]
				: [],
		),
	];
}

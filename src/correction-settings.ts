import { z } from "zod";
import type { Channel } from "./channels/channel.ts";
import { type PriceChange, dayOf, dollars, pricesOn } from "./ledger/budget.ts";
import { CORRECTIONS, type CorrectionPolicy } from "./corrections.ts";

const MINUTE = 60_000;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE, h: 60 * MINUTE };
/** An hour and more after it was posted a post has been read and quoted: taking it down corrects nothing. */
const LONGEST = 60 * MINUTE;

const within = z.string().transform((text, context) => {
	const [, count, unit] = /^\s*(\d+)\s*([smh])\s*$/.exec(text) ?? [];
	const time = Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
	if (time > 0 && time <= LONGEST) return time;
	context.addIssue({ code: "custom", message: "a time up to an hour, such as 10m" });
	return z.NEVER;
});

/** What newsroom.yaml may say of a channel's corrections; `repostWithin` in milliseconds. */
export const correctionShape = {
	corrections: z.enum(["edit", "reply", "repost", "none"]).optional(),
	repostWithin: within.optional(),
	retractions: z.enum(["strike", "remove", "none"]).optional(),
};

interface Wishes {
	readonly kind: Channel["kind"];
	readonly corrections?: CorrectionPolicy["updates"] | undefined;
	readonly repostWithin?: number | undefined;
	readonly retractions?: CorrectionPolicy["retractions"] | undefined;
}

/** A channel's policy, with what its kind cannot do as a problem. */
export function correctionPolicy(
	{ kind, corrections, repostWithin, retractions }: Wishes,
	problem: (words: string) => void,
): CorrectionPolicy {
	const usual = CORRECTIONS[kind];
	if (kind === "twitter" && corrections === "edit")
		problem("«corrections: edit» cannot be: Twitter lets no program edit a post; none, reply or repost");
	if (kind === "telegram" && (corrections === "reply" || corrections === "repost"))
		problem(`«corrections: ${corrections}» is for Twitter: on Telegram the post itself is edited; edit or none`);
	if (kind === "twitter" && retractions === "strike")
		problem("«retractions: strike» cannot be: Twitter lets no program edit a post; none or remove");
	if (repostWithin !== undefined && corrections !== "repost")
		problem("«repostWithin» says nothing without «corrections: repost»");
	return {
		updates: corrections ?? usual.updates,
		repostWithin: repostWithin ?? usual.repostWithin,
		retractions: retractions ?? usual.retractions,
	};
}

/** What corrections of a Twitter channel do and cost, for people, at the prices of that moment. */
export function correctionWords(
	{ updates, repostWithin, retractions }: CorrectionPolicy,
	own: readonly PriceChange[],
	now: Date,
): string {
	const { post, postWithLink, delete: deletion } = pricesOn(own, dayOf(now));
	const again = `$${dollars(deletion + post)}, with a link $${dollars(deletion + postWithLink)}`;
	const edited = {
		none: "left alone ($0)",
		edit: "left alone ($0)",
		reply: `answered with the update ($${dollars(post)} each)`,
		repost: `taken down and posted again within ${repostWithin / MINUTE} min (${again} each)`,
	};
	const retracted = retractions === "remove" ? `taken down ($${dollars(deletion)} each)` : "left alone ($0)";
	return `posts of edited articles are ${edited[updates]}, those of retracted ones ${retracted}`;
}

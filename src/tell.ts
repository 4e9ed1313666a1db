import type { Delivery, LossPolicy } from "./ledger/delivery.ts";
import type { Admins } from "./ports.ts";
import type { Post } from "./post/post.ts";

/** How long admins have for a question before the answer is taken to be «leave it», in milliseconds. */
export const ANSWER_WITHIN = 30 * 60_000;

/** Tells the admins of a delivery that needs them; nothing for any other. */
export async function tell(
	admins: Admins,
	policyOf: (channel: string) => Pick<LossPolicy, "onLost">,
	delivery: Delivery,
): Promise<void> {
	const { channel, id, kind, intent, reason = "" } = delivery;
	if (delivery.state === "refused")
		return admins.notify({
			sentence: "postRefused",
			fields: { channel, reason, article: id, ...(kind === "digest" && intent ? { text: headOf(intent.post) } : {}) },
			incident: `refused:${channel}:${id}`,
		});
	if (!delivery.closed || !intent) return;
	const fields = { channel, text: headOf(intent.post), article: id };
	const incident = `unsure:${channel}:${id}:${intent.attempt}`;
	if (policyOf(channel).onLost !== "ask") return admins.notify({ sentence: "leftUnsure", fields, incident });
	const until = new Date(new Date(delivery.changedAt).getTime() + ANSWER_WITHIN).toISOString();
	const buttons = [
		{ label: "posted", does: "confirm" },
		{ label: "resend", does: "retry" },
	] as const;
	await admins.ask({ sentence: "askUnsure", fields, incident, channel, id, buttons, until });
}

const headOf = ({ text }: Post): string => text.split("\n")[0] ?? "";

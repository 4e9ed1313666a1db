import { createHash } from "node:crypto";
import type { Json } from "../ledger/store.ts";
import type { DeliveryQuestion, HoldQuestion, Question } from "../ports.ts";
import type { Desk } from "./desk.ts";
import { incidents } from "./incidents.ts";

/** A question that was put to the admins, by its nonce: what its buttons do and until when. */
export type Asked = (
	| (Pick<DeliveryQuestion, "channel" | "id" | "buttons"> & {
			/** The state of the delivery that was asked about; a decision about another one would surprise. */
			readonly changedAt?: string;
	  })
	| Pick<HoldQuestion, "hold" | "buttons">
) & {
	readonly v: 1;
	readonly incident: string;
	/** The text of the question, to be edited when it is answered; Telegram's HTML with `html`. */
	readonly text: string;
	readonly html?: true;
	/** The address whose preview is shown above it. */
	readonly link?: string;
	/** Where it was put. */
	readonly copies?: readonly { readonly chat: number; readonly message: number }[];
	readonly until: string;
	readonly used?: { readonly by: string; readonly label: string; readonly at: string };
};

/** What a pressed button came to. */
export type Press =
	| { readonly kind: "decided" | "already"; readonly asked: Asked; readonly by: string; readonly label: string }
	| { readonly kind: "late" | "settled"; readonly asked: Asked }
	| { readonly kind: "unknown" };

const DATA = /^nonce:([0-9a-f]{24}):(\d)$/;
const keyOf = (nonce: string) => `nonce:${nonce}`;

/** Questions to the admins and their answers: nothing of them stands in the buttons but a nonce that only the ledger understands. */
export function questions({ ledger, release }: Pick<Desk, "ledger" | "release">) {
	const nonceOf = (question: Question, now: Date) =>
		createHash("sha256")
			.update(
				JSON.stringify([
					question.incident,
					...("hold" in question ? [question.hold] : [question.channel, question.id]),
					now.toISOString(),
				]),
			)
			.digest("hex")
			.slice(0, 24);

	const incident = incidents(ledger);

	/** The label of the answer that was carried out; undefined when what was asked about moved on. */
	async function carryOut(asked: Asked, index: number, by: string, now: Date): Promise<string | undefined> {
		if ("hold" in asked) {
			const button = asked.buttons[index];
			return button && (await release(asked.hold, button.does, by)) > 0 ? button.label : undefined;
		}
		const button = asked.buttons[index];
		const delivery = await ledger.delivery(asked.channel, asked.id);
		if (!button || !delivery || delivery.changedAt !== asked.changedAt) return undefined;
		await ledger.decide(asked.channel, asked.id, { v: 1, do: button.does, by, at: now.toISOString() });
		return button.label;
	}

	return {
		/** Keeps a question; its callback data by button, at most 64 bytes each (core.telegram.org/bots/api#inlinekeyboardbutton). */
		async keep(
			question: Question,
			shown: Pick<Asked, "text" | "html" | "link">,
			now: Date,
		): Promise<{ readonly nonce: string; readonly data: readonly string[] }> {
			const nonce = nonceOf(question, now);
			const common = { v: 1 as const, incident: question.incident, ...shown, until: question.until };
			const delivery = "hold" in question ? undefined : await ledger.delivery(question.channel, question.id);
			const asked: Asked =
				"hold" in question
					? { ...common, hold: question.hold, buttons: question.buttons }
					: {
							...common,
							channel: question.channel,
							id: question.id,
							buttons: question.buttons,
							...(delivery ? { changedAt: delivery.changedAt } : {}),
						};
			await ledger.keep(keyOf(nonce), asked as unknown as Json);
			return { nonce, data: question.buttons.map((_button, index) => `nonce:${nonce}:${index}`) };
		},

		/** Notes where a question was put; what became of it meanwhile, when it was answered. */
		async put(nonce: string, copy: { readonly chat: number; readonly message: number }): Promise<Press | undefined> {
			let after: Asked | undefined;
			await ledger.keepBy<Asked>(keyOf(nonce), (before) => {
				after = before && { ...before, copies: [...(before.copies ?? []), copy] };
				return after;
			});
			const { used } = after ?? {};
			return after && used && { kind: "already", asked: after, by: used.by, label: used.label };
		},

		/** Carries a pressed button into the ledger. Presses come one after the other: the first one counts. */
		async press(data: string, by: string, now: Date): Promise<Press> {
			const [, nonce = "", index = ""] = DATA.exec(data) ?? [];
			const asked = nonce === "" ? undefined : await ledger.kept<Asked>(keyOf(nonce));
			if (!asked?.buttons[Number(index)]) return { kind: "unknown" };
			if (asked.used) return { kind: "already", asked, by: asked.used.by, label: asked.used.label };
			if (now >= new Date(asked.until)) return { kind: "late", asked };
			const label = await carryOut(asked, Number(index), by, now);
			if (label === undefined) return { kind: "settled", asked };
			// Deciding the same again is harmless, so a stop between the two writes loses nothing.
			let decided: Asked = asked;
			await ledger.keepBy<Asked>(keyOf(nonce), (before) => {
				decided = { ...(before ?? asked), used: { by, label, at: now.toISOString() } };
				return decided;
			});
			await incident.forget(asked.incident);
			return { kind: "decided", asked: decided, by, label };
		},
	};
}

import { createHash } from "node:crypto";
import type { Ledger } from "../ledger/ledger.ts";
import type { Question } from "../ports.ts";
import { incidents } from "./incidents.ts";

/** A question that was put to the admins, by its nonce: what its buttons do and until when. */
export interface Asked {
	readonly v: 1;
	readonly channel: string;
	readonly id: string;
	readonly incident: string;
	/** The text of the question, to be edited when it is answered. */
	readonly text: string;
	readonly buttons: readonly { readonly label: string; readonly does: "retry" | "confirm" | "skip" }[];
	readonly until: string;
	/** The state of the delivery that was asked about; a decision about another one would surprise. */
	readonly changedAt?: string;
	readonly used?: { readonly by: string; readonly label: string; readonly at: string };
}

/** What a pressed button came to. */
export type Press =
	| { readonly kind: "decided" | "already"; readonly asked: Asked; readonly by: string; readonly label: string }
	| { readonly kind: "late" | "settled"; readonly asked: Asked }
	| { readonly kind: "unknown" };

const DATA = /^nonce:([0-9a-f]{24}):(\d)$/;
const keyOf = (nonce: string) => `nonce:${nonce}`;

/** Questions to the admins and their answers: nothing of them stands in the buttons but a nonce that only the ledger understands. */
export function questions(ledger: Ledger) {
	const incident = incidents(ledger);

	return {
		/** Keeps a question; its callback data by button, at most 64 bytes each (core.telegram.org/bots/api#inlinekeyboardbutton). */
		async keep(question: Question, text: string, now: Date): Promise<readonly string[]> {
			const nonce = createHash("sha256")
				.update(JSON.stringify([question.incident, question.channel, question.id, now.toISOString()]))
				.digest("hex")
				.slice(0, 24);
			const delivery = await ledger.delivery(question.channel, question.id);
			const asked: Asked = {
				v: 1,
				channel: question.channel,
				id: question.id,
				incident: question.incident,
				text,
				buttons: question.buttons.map(({ label, does }) => ({ label, does })),
				until: question.until,
				...(delivery ? { changedAt: delivery.changedAt } : {}),
			};
			await ledger.keep(keyOf(nonce), { ...asked });
			return question.buttons.map((_button, index) => `nonce:${nonce}:${index}`);
		},

		/** Carries a pressed button into the ledger. Presses come one after the other: the first one counts. */
		async press(data: string, by: string, now: Date): Promise<Press> {
			const [, nonce = "", index = ""] = DATA.exec(data) ?? [];
			const asked = nonce === "" ? undefined : await ledger.kept<Asked>(keyOf(nonce));
			const button = asked?.buttons[Number(index)];
			if (!asked || !button) return { kind: "unknown" };
			if (asked.used) return { kind: "already", asked, by: asked.used.by, label: asked.used.label };
			if (now >= new Date(asked.until)) return { kind: "late", asked };
			const delivery = await ledger.delivery(asked.channel, asked.id);
			if (!delivery || delivery.changedAt !== asked.changedAt) return { kind: "settled", asked };
			// Deciding the same again is harmless, so a stop between the two writes loses nothing.
			await ledger.decide(asked.channel, asked.id, { v: 1, do: button.does, by, at: now.toISOString() });
			await ledger.keep(keyOf(nonce), { ...asked, used: { by, label: button.label, at: now.toISOString() } });
			await incident.close(asked.incident);
			return { kind: "decided", asked, by, label: button.label };
		},
	};
}

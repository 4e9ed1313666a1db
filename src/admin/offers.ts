import { randomBytes } from "node:crypto";
import type { Json } from "../ledger/store.ts";
import type { Act } from "./act.ts";
import type { Desk } from "./desk.ts";
import type { Button, Reply } from "./outbox.ts";

const DAY = 24 * 3_600_000;

/** A row of buttons that was offered to one admin: one of them may be pressed, once. */
interface Offer {
	readonly v: 1;
	readonly admin: number;
	readonly acts: readonly { readonly label: string; readonly act: Act }[];
	readonly until: string;
	readonly used?: { readonly label: string; readonly at: string };
}

/** What a pressed button stands for. */
export type Offered =
	| { readonly kind: "act"; readonly nonce: string; readonly label: string; readonly act: Act }
	| { readonly kind: "used"; readonly label: string }
	| { readonly kind: "late" | "others" };

const DATA = /^nonce:([0-9a-f]{24}):(\d)$/;
const keyOf = (nonce: string) => `nonce:${nonce}`;

/** Buttons that act: bound to the admin who was offered them, to be used once within a day. */
export function offers({ ledger }: Pick<Desk, "ledger">) {
	async function bound(row: readonly Button[], admin: number, now: Date): Promise<readonly Button[]> {
		const acts = row.flatMap((button) => ("act" in button ? [{ label: button.label, act: button.act }] : []));
		if (acts.length === 0) return row;
		const nonce = randomBytes(12).toString("hex");
		const offer: Offer = { v: 1, admin, acts, until: new Date(now.getTime() + DAY).toISOString() };
		await ledger.keep(keyOf(nonce), offer as unknown as Json);
		return row.map((button) =>
			"act" in button
				? {
						label: button.label,
						data: `nonce:${nonce}:${acts.findIndex(({ act }) => act === button.act)}`,
					}
				: button,
		);
	}

	return {
		/** The same reply with its acting buttons bound to an admin. */
		async bind(reply: Reply, admin: number, now: Date): Promise<Reply> {
			if (!reply.buttons) return reply;
			const buttons: (readonly Button[])[] = [];
			for (const row of reply.buttons) buttons.push(await bound(row, admin, now));
			return { ...reply, buttons };
		},

		/** What a press means; undefined when the button is no offer. */
		async pressed(data: string, admin: number, now: Date): Promise<Offered | undefined> {
			const [, nonce = "", index = ""] = DATA.exec(data) ?? [];
			const offer = nonce === "" ? undefined : await ledger.kept<Partial<Offer>>(keyOf(nonce));
			const chosen = offer?.acts?.[Number(index)];
			if (!offer || !chosen) return undefined;
			if (offer.admin !== admin) return { kind: "others" };
			if (offer.used) return { kind: "used", label: offer.used.label };
			if (now >= new Date(offer.until ?? 0)) return { kind: "late" };
			return { kind: "act", nonce, ...chosen };
		},

		/** Notes that one of a row was pressed: the others are worth nothing any more. */
		use: (nonce: string, label: string, now: Date): Promise<void> =>
			ledger.keepBy<Offer>(keyOf(nonce), (before) => before && { ...before, used: { label, at: now.toISOString() } }),
	};
}

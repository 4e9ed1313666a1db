import type { Decision } from "../ledger/ledger.ts";

export interface DeliveryAct {
	readonly do: Decision["do"];
	/** Deliveries in the state in which the admin saw them. */
	readonly of: readonly { readonly channel: string; readonly id: string; readonly changedAt: string }[];
}

/** What a button does when it is pressed. Only the ledger keeps it; the button itself bears a nonce. */
export type Act =
	| DeliveryAct
	| { readonly do: "mute" | "unmute" | "rest" | "wake" | "look" | "remove" | "surely"; readonly source: string }
	| { readonly do: "add"; readonly address: string };

import { SendError } from "./channels/channel.ts";
import type { Delivery, Event } from "./ledger/delivery.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { PaceRecord } from "./ledger/pace.ts";
import type { Log } from "./ports.ts";

/** Brings what a failed send means into the ledger, and tells those whom it concerns. */
export function faults({
	ledger,
	log,
	happens,
	park,
	tell,
}: {
	readonly ledger: Pick<Ledger, "updateChannel">;
	readonly log: Log;
	/** Carries an event into the ledger. */
	readonly happens: (delivery: Delivery, event: Event, also: { readonly pace: PaceRecord }) => Promise<Delivery>;
	readonly park: (channel: string, reason: string, fault: SendError) => Promise<void>;
	readonly tell: (delivery: Delivery) => Promise<void>;
}) {
	return async (delivery: Delivery, error: unknown, also: { readonly pace: PaceRecord }): Promise<void> => {
		const { channel: name } = delivery;
		const fault = error instanceof SendError ? error : new SendError("unknown", String(error), { cause: error });
		const fields = { channel: name, article: delivery.id, attempt: delivery.attempts, reason: fault.message };
		const retryAt = fault.retryAt?.toISOString();
		switch (fault.kind) {
			case "later": {
				const { movedTo } = fault;
				if (movedTo !== undefined)
					// Message ids begin anew there, and one of the old chat would make a lost post look absent.
					await ledger.updateChannel(name, ({ last: _last, ...before }) => ({ ...before, movedTo }));
				if (retryAt)
					await ledger.updateChannel(name, (before) => ({
						...before,
						wait: { until: retryAt, reason: fault.message },
					}));
				await happens(delivery, { type: "later", reason: fault.message, ...(retryAt ? { retryAt } : {}) }, also);
				return log.warn({ ...fields, retryAt }, "not sent, tried again later");
			}
			case "refused": {
				const { instead, duplicate, message: reason } = fault;
				const next = await happens(
					delivery,
					{ type: "refused", reason, duplicate, ...(instead ? { instead } : {}) },
					also,
				);
				if (next.state === "sent") return log.info(fields, "the platform says that the post stands there already");
				if (instead) return log.warn(fields, "refused, tried in another form");
				log.error(fields, "refused");
				return tell(next);
			}
			case "parked":
				await happens(delivery, { type: "parked", reason: fault.message }, also);
				return park(name, fault.message, fault);
			case "unknown":
				await happens(delivery, { type: "unknown", reason: fault.message }, also);
				return log.warn(fields, "the answer was lost: looked for before anything is sent again");
		}
	};
}

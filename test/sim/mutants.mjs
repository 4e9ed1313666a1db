import { SendError } from "./product.mjs";

const isUnknown = (error) => error instanceof SendError && error.kind === "unknown";
const withSend = (change) => ({ channel: (channel) => ({ ...channel, send: change(channel) }) });
const withRecord = (change) => ({ ledger: (ledger, parts) => ({ ...ledger, record: change(ledger, parts) }) });

/** Mirsal with one promise broken on purpose, each by a part that is wrapped from outside: a world in which none of them is found out would be too tame. */
export const mutants = {
	"send-then-record": {
		says: "the intent is written with the result",
		...withRecord((ledger) => {
			const begun = new Map();
			return (before, after, also) => {
				const key = `${after.channel} ${after.id}`;
				if (after.state === "sending") return void begun.set(key, { before, also });
				const claim = begun.get(key);
				begun.delete(key);
				return claim && before.state === "sending"
					? ledger.record(claim.before, after, { ...claim.also, ...also })
					: ledger.record(before, after, also);
			};
		}),
	},
	"intent-not-durable": {
		says: "the send does not wait for the intent's write",
		...withRecord((ledger) => (before, after, also) => {
			const written = ledger.record(before, after, also);
			if (after.state !== "sending") return written;
			written.catch(() => {});
			return undefined;
		}),
	},
	"retry-at-once": {
		says: "a lost answer is sent again at once",
		...withSend(
			(channel) => (post) =>
				channel.send(post).catch((error) => {
					if (isUnknown(error)) return channel.send(post);
					throw error;
				}),
		),
	},
	"lost-is-not-sent": {
		says: "a lost answer counts as surely not sent",
		...withSend((channel) => async (post) => {
			try {
				return await channel.send(post);
			} catch (error) {
				throw isUnknown(error) ? new SendError("later", error.message) : error;
			}
		}),
	},
	"restart-sends-again": {
		says: "what a dead process was sending is sent again without a look",
		ledger: (ledger) => ({
			...ledger,
			async head(channel) {
				const head = await ledger.head(channel);
				if (head?.state !== "sending") return head;
				const again = { ...head, state: "planned" };
				await ledger.record(head, again);
				return again;
			},
		}),
	},
	"no-quiet-period": {
		says: "looked for at once, while the request may be under way",
		lane: (lane) => ({ ...lane, policy: { ...lane.policy, quiet: 0 } }),
	},
	"one-look": {
		says: "one look that finds nothing is enough",
		...withRecord((ledger) => (before, after, also) => {
			if (after.state !== "unsure" || after.absent !== 1 || before.state !== "unsure")
				return ledger.record(before, after, also);
			const { absent: _absent, notBefore: _notBefore, ...planned } = after;
			return ledger.record(before, { ...planned, state: "planned" }, also);
		}),
	},
	"overtakes-unsure": {
		says: "the next post goes out while an outcome is not known",
		ledger: (ledger) => ({
			...ledger,
			async head(channel) {
				for await (const delivery of ledger.shelf("open", channel)) if (delivery.state === "planned") return delivery;
				return ledger.head(channel);
			},
		}),
	},
	"cursor-first": {
		says: "the cursor is saved before the articles",
		source: (source, parts) => ({
			...source,
			async poll(cursor, signal) {
				const poll = await source.poll(cursor, signal);
				if (!poll.unchanged)
					await parts.ledger.updateSource(source.name, (before) => ({
						v: 1,
						kind: "feed",
						...before,
						cursor: poll.cursor,
					}));
				return poll;
			},
		}),
	},
	"window-60": {
		says: "the pace's window is exactly a minute",
		// pace.ts makes it a thirtieth longer.
		lane: (lane) => ({ ...lane, pace: { ...lane.pace, window: Math.floor((lane.pace.window * 30) / 31) } }),
	},
	"late-arrivals": {
		says: "a post that arrived late counts from when it was given up",
		...withRecord(
			(ledger) =>
				(before, after, { pace, ...also } = {}) =>
					ledger.record(before, after, before.state === "unsure" || pace === undefined ? also : { ...also, pace }),
		),
	},
	"pace-forgotten": {
		says: "the pace is forgotten at a restart",
		ledger(ledger) {
			const begun = new Map();
			return {
				...ledger,
				pace: async (channel) => begun.get(channel) ?? [],
				record(before, after, also = {}) {
					if (also.pace) begun.set(after.channel, also.pace);
					return ledger.record(before, after, also);
				},
			};
		},
	},
	"double-limit": {
		says: "twice as many posts as the platform takes",
		lane: (lane) => ({ ...lane, pace: { ...lane.pace, limit: lane.pace.limit * 2 } }),
	},
	"no-lock": { says: "two processes on one ledger", unlocked: true },
	"rendered-again": {
		says: "a retry is rendered again",
		ledger: (ledger) => ({
			...ledger,
			async head(channel) {
				const head = await ledger.head(channel);
				// Another form of a refused post is lawful, and would be lost here.
				if (!head || (head.state !== "planned" && head.state !== "waiting") || /refuses this/.test(head.reason))
					return head;
				const { intent: _intent, ...bare } = head;
				return bare;
			},
		}),
	},
	"decisions-lost": {
		says: "what admins decide is forgotten",
		ledger: (ledger) => ({
			...ledger,
			async *decisions(channel) {
				for await (const [id] of ledger.decisions(channel)) await ledger.dismiss(channel, id);
				yield* [];
			},
		}),
	},
	"one-name": {
		says: "of an article's names only its address is remembered",
		ledger: (ledger) => ({
			...ledger,
			plan: (known, aliases, deliveries) => ledger.plan(known, aliases.slice(0, 1), deliveries),
		}),
	},
	"first-visit-floods": {
		says: "what a source lists at the first visit is posted",
		watch: (parts) => ({ ...parts, firstVisit: 1_000 }),
	},
	"order-of-polls": {
		says: "articles go out in the order in which they were found",
		ledger: (ledger) => ({
			...ledger,
			plan: (known, aliases, deliveries) =>
				ledger.plan(
					known,
					aliases,
					deliveries.map((delivery) => ({
						...delivery,
						order: delivery.order.replace(/^(.):.{24}:/, `$1:${delivery.plannedAt}:`),
					})),
				),
		}),
	},
	"baseline-forgotten": {
		says: "the last known post is not noted",
		...withRecord(
			(ledger) =>
				(before, after, { last: _last, ...also } = {}) =>
					ledger.record(before, after, also),
		),
	},
	"disk-errors-pass": {
		says: "a write that the disk refuses counts as written",
		store: (store) => ({ ...store, write: (batch) => store.write(batch).catch(() => true) }),
	},
};

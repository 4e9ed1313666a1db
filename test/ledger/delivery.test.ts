import { describe, expect, test } from "vitest";
import {
	advance,
	type Delivery,
	type Event,
	type Intent,
	type LossPolicy,
	orderOf,
	type State,
	shelf,
} from "../../src/ledger/delivery.ts";
import type { Post } from "../../src/post/post.ts";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const POLICY: LossPolicy = { onLost: "ask", quiet: 20_000, between: 5_000, patience: 60_000 };
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000).toISOString();

const post: Post = {
	channel: "telegram",
	kind: "article",
	articles: ["a1"],
	silent: false,
	html: "<b>عودة الماء إلى الحي</b>",
	text: "عودة الماء إلى الحي",
	length: 19,
	limit: 4096,
};
const plain: Post = { ...post, text: "عودة الماء إلى الحي بلا تنسيق" };
const intent: Intent = { attempt: 1, at: at(-10), hash: "h", post, baseline: "7" };

function delivery(state: State, more: Partial<Delivery> = {}): Delivery {
	const begun = state === "sending" || state === "unsure" || state === "sent";
	return {
		v: 1,
		channel: "telegram",
		id: "a1",
		kind: "article",
		order: "1:x",
		state,
		plannedAt: at(-60),
		changedAt: at(-10),
		attempts: begun ? 1 : 0,
		...(begun ? { intent } : {}),
		...more,
	};
}

const EVENTS: Readonly<Record<Event["type"], Event>> = {
	claim: { type: "claim", intent },
	sent: { type: "sent", receipt: { id: "8" } },
	later: { type: "later", reason: "429" },
	refused: { type: "refused", reason: "no" },
	parked: { type: "parked", reason: "kicked" },
	unknown: { type: "unknown", reason: "reset" },
	absent: { type: "absent" },
	"look-failed": { type: "look-failed" },
	"cannot-tell": { type: "cannot-tell" },
	unpublishable: { type: "unpublishable", reason: "template" },
	preview: { type: "preview" },
	hold: { type: "hold", hold: "unpaid:telegram", reason: "no money" },
	skip: { type: "skip", reason: "skipped by 1" },
	confirm: { type: "confirm" },
	retry: { type: "retry" },
	first: { type: "first" },
	breaking: { type: "breaking" },
};
const STATES: readonly State[] = ["held", "planned", "sending", "waiting", "sent", "refused", "unsure", "skipped"];

/** What each event makes of each state; what is not listed throws. */
const TABLE: Readonly<Record<Event["type"], Partial<Record<State, State>>>> = {
	claim: { planned: "sending", waiting: "sending" },
	sent: { sending: "sent", unsure: "sent" },
	later: { sending: "waiting" },
	refused: { sending: "refused" },
	parked: { sending: "planned" },
	unknown: { sending: "unsure" },
	absent: { unsure: "unsure" },
	"look-failed": { unsure: "unsure" },
	"cannot-tell": { unsure: "unsure" },
	unpublishable: { planned: "refused", waiting: "refused" },
	preview: { planned: "skipped", waiting: "skipped" },
	skip: { planned: "skipped", waiting: "skipped", held: "skipped", refused: "skipped" },
	confirm: { unsure: "sent" },
	retry: { refused: "planned", skipped: "planned", held: "planned", unsure: "planned" },
	first: { planned: "planned", waiting: "planned", held: "planned" },
	breaking: { planned: "planned", waiting: "planned", held: "planned", refused: "planned", skipped: "planned" },
	hold: { planned: "held", waiting: "held" },
};

const rows = STATES.flatMap((state) =>
	Object.values(EVENTS).map((event) => [state, event.type, TABLE[event.type][state]] as const),
);
test.each(rows)("%s + %s → %s", (state, type, becomes) => {
	const before = delivery(state);
	const step = () => advance(before, EVENTS[type], NOW, POLICY);
	if (becomes === undefined) {
		expect(step).toThrow(`telegram/a1 is ${state}: «${type}» cannot happen to it`);
		return;
	}
	const frozen = structuredClone(before);
	const after = step();
	expect(after).toMatchObject({ v: 1, channel: "telegram", id: "a1", plannedAt: at(-60) });
	expect(after.order).toBe(type === "first" || type === "breaking" ? `0:0:${NOW.toISOString()}` : "1:x");
	expect(after.state).toBe(becomes);
	expect(after.changedAt).toBe(NOW.toISOString());
	expect(before).toEqual(frozen);
});

describe("details", () => {
	test("breaking news begins afresh, unless its bytes may stand in the channel already", () => {
		const begun = delivery("waiting", { intent, attempts: 1 });
		expect(advance(begun, EVENTS.breaking, NOW, POLICY)).toMatchObject({ kind: "breaking", attempts: 1 });
		expect(advance(begun, EVENTS.breaking, NOW, POLICY)).not.toHaveProperty("intent");
		expect(advance({ ...begun, lost: true }, EVENTS.breaking, NOW, POLICY)).toMatchObject({ kind: "article", intent });
	});

	test("what goes first stands before breaking news, and what went first earlier before that", () => {
		const early = advance(delivery("planned"), EVENTS.first, NOW, POLICY).order;
		const late = advance(delivery("planned"), EVENTS.first, new Date(NOW.getTime() + 1_000), POLICY).order;
		expect([orderOf("breaking", at(-60), "1"), late, early].sort()).toEqual([early, late, expect.any(String)]);
	});

	test("a claim freezes the payload and counts the attempt", () => {
		const claimed = advance(delivery("waiting", { notBefore: at(-1), reason: "429" }), EVENTS.claim, NOW, POLICY);
		expect(claimed).toMatchObject({ intent, attempts: 1 });
		expect(claimed).not.toHaveProperty("notBefore");
		expect(claimed).not.toHaveProperty("reason");
	});

	test.each([
		[1, 5],
		[2, 10],
		[3, 20],
		[6, 160],
		[7, 300],
		[40, 300],
	])("not sent at attempt %i: again after %i s", (attempts, seconds) => {
		const after = advance(delivery("sending", { attempts }), EVENTS.later, NOW, POLICY);
		expect(after.notBefore).toBe(at(seconds));
	});

	test("the platform's own word about when to come again is obeyed", () => {
		const event: Event = { type: "later", reason: "429", retryAt: at(77) };
		expect(advance(delivery("sending"), event, NOW, POLICY).notBefore).toBe(at(77));
	});

	test("a retry keeps the frozen bytes", () => {
		for (const event of [EVENTS.later, EVENTS.parked])
			expect(advance(delivery("sending"), event, NOW, POLICY).intent).toEqual(intent);
	});

	test("T1: a refused post with another to offer is planned again with the other bytes", () => {
		const event: Event = { type: "refused", reason: "entities", instead: plain };
		const after = advance(delivery("sending", { lost: true }), event, NOW, POLICY);
		expect(after).toMatchObject({ state: "planned", reason: "entities", intent: { post: plain } });
		// What was lost were other bytes.
		expect(after.lost).toBeUndefined();
	});

	test("X3: «duplicate» proves the post only after a lost answer to these bytes", () => {
		const duplicate: Event = { type: "refused", reason: "duplicate content", duplicate: true };
		expect(advance(delivery("sending"), duplicate, NOW, POLICY).state).toBe("refused");
		let one = advance(delivery("sending"), EVENTS.unknown, NOW, POLICY);
		for (let look = 0; look < 2; look++) one = advance(one, EVENTS.absent, NOW, POLICY);
		expect(one).toMatchObject({ state: "planned", lost: true, intent });
		one = advance(one, { type: "claim", intent: { ...intent, attempt: 2 } }, NOW, POLICY);
		expect(advance(one, duplicate, NOW, POLICY).state).toBe("sent");
	});

	test("the quiet period runs from the moment the answer was given up; from the attempt, where its process died", () => {
		expect(advance(delivery("sending"), EVENTS.unknown, NOW, POLICY).notBefore).toBe(at(20));
		const died = { ...EVENTS.unknown, since: at(-10) };
		expect(advance(delivery("sending"), died, NOW, POLICY).notBefore).toBe(at(10));
	});

	test("two agreeing looks, so far apart, before it is sent again; a failed look between them changes nothing", () => {
		const one = advance(delivery("unsure", { absent: 0, reason: "reset" }), EVENTS.absent, NOW, POLICY);
		expect(one).toMatchObject({ state: "unsure", absent: 1, notBefore: at(5), reason: "reset" });
		const failed = advance(one, EVENTS["look-failed"], NOW, POLICY);
		expect(failed).toMatchObject({ state: "unsure", absent: 1, notBefore: at(5), reason: "reset" });
		expect(advance(failed, EVENTS.absent, NOW, POLICY)).toMatchObject({ state: "planned", intent });
	});

	test.each([
		["ask", "unsure", true],
		["never", "unsure", true],
		["resend", "planned", undefined],
	] as const)("looking is impossible, policy %s: %s", (onLost, state, closed) => {
		const after = advance(delivery("unsure"), EVENTS["cannot-tell"], NOW, { ...POLICY, onLost });
		expect(after.state).toBe(state);
		expect(after.closed).toBe(closed);
	});

	test("one look that fails, long after the attempt, is not too long", () => {
		const old = { intent: { ...intent, at: at(-600) } };
		expect(advance(delivery("unsure", old), EVENTS["look-failed"], NOW, POLICY)).toMatchObject({
			failing: NOW.toISOString(),
			notBefore: at(5),
		});
	});

	test("looks that fail themselves for too long are a look that cannot tell", () => {
		const old = { intent: { ...intent, at: at(-600) }, failing: at(-60) };
		expect(advance(delivery("unsure", old), EVENTS["look-failed"], NOW, POLICY).closed).toBeUndefined();
		const older = { ...old, failing: at(-61) };
		expect(advance(delivery("unsure", older), EVENTS["look-failed"], NOW, POLICY).closed).toBe(true);
	});

	test("an admin's retry forgets the frozen bytes and what was lost", () => {
		const after = advance(
			delivery("unsure", { closed: true, lost: true, failing: at(-30), absent: 1 }),
			EVENTS.retry,
			NOW,
			POLICY,
		);
		expect(after).toEqual({ ...delivery("planned"), changedAt: NOW.toISOString(), attempts: 1 });
	});
});

test.each<[string, Delivery, ReturnType<typeof shelf>]>([
	["planned", delivery("planned"), "open"],
	["waiting", delivery("waiting"), "open"],
	["sending", delivery("sending"), "open"],
	["unsure, still looked for", delivery("unsure"), "open"],
	["unsure for good", delivery("unsure", { closed: true }), "unsure"],
	["held", delivery("held"), "held"],
	["refused", delivery("refused"), "refused"],
	["sent", delivery("sent"), undefined],
	["skipped", delivery("skipped"), undefined],
])("the shelf of a delivery that is %s", (_, one, expected) => expect(shelf(one)).toBe(expected));

test("breaking first, then by publication time, then by turn", () => {
	const early = "2026-11-23T08:00:00.000Z";
	const late = "2026-11-23T08:59:59.000Z";
	const places = [
		orderOf("article", late, "1"),
		orderOf("breaking", late, "2"),
		orderOf("article", early, "2"),
		orderOf("article", early, "1"),
		orderOf("breaking", early, "9"),
	];
	expect(places.toSorted()).toEqual([places[4], places[1], places[3], places[2], places[0]]);
});

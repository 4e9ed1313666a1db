import { describe, expect, test } from "vitest";
import { answered, type CorrectionEvent, correct, isRetitled, looksSame } from "../../src/ledger/correction.ts";
import { type Delivery, type Edit, shelf, shelfKey } from "../../src/ledger/delivery.ts";
import { postOf } from "../world.ts";

const NOW = new Date("2026-11-23T09:00:00.000Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000).toISOString();
const POST = postOf("telegram", "article", "a", "افتتاح جسر في العمارة");
const OTHER = postOf("telegram", "article", "a", "افتتاح جسرين في العمارة");

const sent: Delivery = {
	v: 1,
	channel: "telegram",
	id: "a",
	kind: "article",
	order: "1:x",
	state: "sent",
	plannedAt: at(-90),
	changedAt: at(-80),
	attempts: 1,
	intent: { attempt: 1, at: at(-81), hash: "h", post: POST },
	receipt: { id: "7" },
};
const due = (edit: Partial<Edit> = {}): Edit => ({ kind: "update", since: at(-5), attempts: 0, ...edit });
const edited: Delivery = { ...sent, edit: due() };
const struck: Delivery = { ...sent, state: "removed", struck: true };

describe("correct", () => {
	const rows: readonly [string, Delivery, CorrectionEvent, Partial<Delivery>][] = [
		["a change makes an edit due", sent, { type: "due", what: "update" }, { edit: due({ since: at(0) }) }],
		[
			"the headline that it was posted under is kept",
			sent,
			{ type: "due", what: "update", was: "قديم" },
			{ titled: "قديم", edit: due({ since: at(0) }) },
		],
		[
			"the first headline stays the one",
			{ ...edited, titled: "أول" },
			{ type: "due", what: "update", was: "ثان" },
			{ titled: "أول", edit: due() },
		],
		["changes before the first call meet in one edit", edited, { type: "due", what: "update" }, { edit: due() }],
		[
			"a change while the bytes are frozen is another edit afterwards",
			{ ...sent, edit: due({ post: POST, attempts: 1 }) },
			{ type: "due", what: "update" },
			{ edit: due({ post: POST, attempts: 1, more: true }) },
		],
		[
			"a post edited a moment ago waits until a minute is over",
			{ ...sent, edited: { at: at(-20) } },
			{ type: "due", what: "update" },
			{ edit: due({ since: at(0), notBefore: at(40) }) },
		],
		[
			"a retraction outweighs an update",
			{ ...sent, edit: due({ post: POST, attempts: 3 }) },
			{ type: "due", what: "retract" },
			{ edit: due({ kind: "retraction", since: at(0) }) },
		],
		[
			"an update does not undo a retraction",
			{ ...sent, edit: due({ kind: "retraction" }) },
			{ type: "due", what: "update" },
			{ edit: due({ kind: "retraction" }) },
		],
		[
			"what stands again is no longer to be struck",
			{ ...sent, edit: due({ kind: "retraction" }) },
			{ type: "due", what: "back" },
			{ edit: due({ since: at(0) }) },
		],
		["a struck post can stand again", struck, { type: "due", what: "back" }, { edit: due({ since: at(0) }) }],
		["an update leaves a struck post alone", struck, { type: "due", what: "update" }, { state: "removed" }],
		[
			"the bytes are frozen by the first call",
			{ ...sent, edit: due({ notBefore: at(-1) }) },
			{ type: "begin", post: OTHER },
			{ edit: due({ post: OTHER, attempts: 1 }) },
		],
		[
			"followers see it",
			{ ...sent, edit: due({ post: OTHER, attempts: 1 }) },
			{ type: "done" },
			{ state: "sent", changedAt: at(-80), edited: { at: at(0), post: OTHER } },
		],
		[
			"followers see it, and more has changed",
			{ ...sent, edit: due({ post: OTHER, attempts: 1, more: true }) },
			{ type: "done" },
			{ edited: { at: at(0), post: OTHER }, edit: due({ since: at(0), notBefore: at(60) }) },
		],
		[
			"struck out",
			{ ...sent, edit: due({ kind: "retraction", post: OTHER }) },
			{ type: "done" },
			{ state: "removed", struck: true, changedAt: at(0) },
		],
		[
			"standing again",
			{ ...struck, edit: due({ post: POST }) },
			{ type: "done" },
			{ state: "sent", edited: { at: at(0), post: POST } },
		],
		["nothing to change", edited, { type: "same" }, { state: "sent", changedAt: at(-80) }],
		[
			"a lost answer: the same bytes again",
			{ ...sent, edit: due({ post: OTHER, attempts: 1 }) },
			{ type: "later" },
			{ edit: due({ post: OTHER, attempts: 1, notBefore: at(5) }) },
		],
		[
			"many lost answers: five minutes at the most",
			{ ...sent, edit: due({ post: OTHER, attempts: 30 }) },
			{ type: "later" },
			{ edit: due({ post: OTHER, attempts: 30, notBefore: at(300) }) },
		],
		["429", edited, { type: "later", retryAt: at(17) }, { edit: due({ notBefore: at(17) }) }],
		["another form", edited, { type: "instead", post: OTHER }, { edit: due({ post: OTHER }) }],
		["never", edited, { type: "ended", reason: "message to edit not found" }, { reason: "message to edit not found" }],
		["taken down", edited, { type: "deleted" }, { state: "removed", changedAt: at(0) }],
		["an answer", edited, { type: "answer" }, { state: "planned", root: { id: "7" }, receipt: { id: "7" } }],
		["posted again", edited, { type: "repost" }, { state: "planned", again: at(-81) }],
		[
			"posted again and again counts from the first time",
			{ ...edited, again: at(-200) },
			{ type: "repost" },
			{ state: "planned", again: at(-200) },
		],
	];
	test.each(rows)("%s", (_name, before, event, wanted) => {
		const after = correct(before, event, NOW);
		expect(after).toMatchObject(wanted);
		if (!("edit" in wanted)) expect(after.edit).toBeUndefined();
	});

	test("what goes out anew has no bytes of its own yet", () => {
		for (const type of ["answer", "repost"] as const)
			expect(correct(edited, { type }, NOW)).not.toHaveProperty("intent");
		expect(correct(edited, { type: "repost" }, NOW)).not.toHaveProperty("receipt");
	});

	test.each([
		["a change of what is not out", { ...sent, state: "planned" }, { type: "due", what: "update" }],
		["a change of what is taken down", { ...sent, state: "removed" }, { type: "due", what: "back" }],
		["an edit that is not due", sent, { type: "begin", post: POST }],
		["the end of an edit that is not due", sent, { type: "done" }],
		["an answer to a struck post", { ...struck, edit: due() }, { type: "answer" }],
		["a struck post posted again", { ...struck, edit: due() }, { type: "repost" }],
	] satisfies [string, Delivery, CorrectionEvent][])("%s is a bug", (_name, before, event) => {
		expect(() => correct(before, event, NOW)).toThrow("cannot happen");
	});
});

test.each([
	["an edit that is due", edited, "edit:telegram:1:x:a"],
	["a struck post that is to stand again", { ...struck, edit: due() }, "edit:telegram:1:x:a"],
	["a post that is as it should be", sent, undefined],
	["a struck post", struck, undefined],
	["an answer that waits: behind everything new", correct(edited, { type: "answer" }, NOW), "open:telegram:~1:x:a"],
	["a post that was taken down to be posted again", correct(edited, { type: "repost" }, NOW), "open:telegram:1:x:a"],
] satisfies [string, Delivery, string | undefined][])("%s has its place", (_name, delivery, key) => {
	expect(shelfKey(delivery)).toBe(key);
	expect(shelf(delivery)).toBe(key?.split(":")[0]);
});

describe("an answer to a post", () => {
	const answer: Delivery = {
		...correct(edited, { type: "answer" }, NOW),
		intent: { attempt: 2, at: at(0), hash: "i", post: OTHER },
	};
	test.each([
		["sent", { post: OTHER }],
		["refused", {}],
		["skipped", {}],
	] as const)("%s: the post itself stays sent", (state, more) => {
		const after = answered({ ...answer, state, receipt: { id: "8" } }, NOW);
		expect(after).toMatchObject({ state: "sent", receipt: { id: "7" } });
		expect(after.edited).toEqual({ at: at(0), ...more });
		expect(after.root).toBeUndefined();
	});
	test.each(["planned", "sending", "unsure", "waiting", "held"] as const)("%s: it is not over", (state) => {
		expect(answered({ ...answer, state }, NOW)).toEqual({ ...answer, state });
	});
});

test("a headline that came back is no other headline", () => {
	expect([isRetitled({}, "أ"), isRetitled({ titled: "أ" }, "أ"), isRetitled({ titled: "أ" }, "ب")]).toEqual([
		false,
		false,
		true,
	]);
});

test("posts look the same when followers would see no difference", () => {
	expect(looksSame(POST, { ...POST, silent: true, complaint: "x" })).toBe(true);
	expect(looksSame(POST, { ...POST, link: "https://example.org/1" })).toBe(false);
	expect(looksSame(POST, OTHER)).toBe(false);
	const picture = { hash: "h", type: "image/png", width: 9, height: 9, bytes: 9, from: "article" } as const;
	expect(looksSame(POST, { ...POST, pictures: [picture] })).toBe(false);
	expect(looksSame({ ...POST, pictures: [picture] }, { ...POST, pictures: [{ ...picture, width: 8 }] })).toBe(true);
});

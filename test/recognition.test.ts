import { describe, expect, test } from "vitest";
import type { Draft } from "../src/article/article.ts";
import { markOf } from "../src/recognition.ts";

const WORDS: Draft = {
	url: "https://news.example/a",
	title: "افتتاح محطة ماء في قضاء الكوفة",
	body: "نص الخبر.",
	tags: [],
	images: [],
	source: "news",
};

/** A draft that tells when its stamp is read. */
function marked(stamp: string, fingerprint?: string) {
	const read: string[] = [];
	const draft = Object.defineProperty({ ...WORDS, ...(fingerprint === undefined ? {} : { fingerprint }) }, "stamp", {
		get() {
			read.push(stamp);
			return stamp;
		},
	}) as Draft;
	return { draft, read };
}

describe("markOf", () => {
	test.each([
		["first seen", undefined, "stamp.f1", ["stamp"]],
		["as it stood", "older.f1", "older.f1", []],
		["in other characters", "stamp.f0", "stamp.f1", ["stamp"]],
		["remembered by its stamp alone", "stamp", "stamp.f1", ["stamp"]],
		["remembered by a stamp that ends like it", "stampf1", "stamp.f1", ["stamp"]],
	])("an entry %s", (_, before, mark, reads) => {
		const { draft, read } = marked("stamp", "f1");
		expect(markOf(draft, before)).toBe(mark);
		expect(read).toEqual(reads);
	});

	test("an entry without a fingerprint is marked by its stamp", () => {
		expect(markOf(marked("stamp").draft, "stamp")).toBe("stamp");
	});

	test("an entry without a stamp is marked by its words, never by a dot", () => {
		expect(markOf(WORDS)).toMatch(/^[\w-]{12}$/);
		expect(markOf(WORDS)).toBe(markOf({ ...WORDS, tags: ["العراق"] }));
		expect(markOf(WORDS)).not.toBe(markOf({ ...WORDS, body: "نص آخر." }));
	});
});

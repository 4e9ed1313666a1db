import { describe, expect, test } from "vitest";
import type { Draft } from "../../src/article/article.ts";
import { completed, isShort } from "../../src/sources/merge.ts";

const TEASER = "أعلنت مديرية مجاري كربلاء إنجاز خط ناقل جديد في حي العسكري";
const TEXT = `${TEASER} بطول ستة كيلومترات، بعد شهرين من العمل المتواصل.\nوقال مديرها إن الخط ينهي مشكلة الفيضان في أربعة أحياء.`;
const entry: Draft = {
	url: "https://news.example/n/3",
	guid: "3",
	title: "إنجاز خط مجار جديد في كربلاء",
	body: `${TEASER} [...]`,
	tags: [],
	images: [],
	source: "أخبار",
};
const page: Draft = {
	url: "https://news.example/n/3?amp",
	title: "إنجاز خط مجار جديد في كربلاء | أخبار",
	body: TEXT,
	author: "زينب عادل",
	publishedAt: "2026-05-01T06:00:00.000Z",
	tags: ["كربلاء"],
	images: [{ url: "https://news.example/pipe.jpg" }],
	source: "news.example",
};

describe("an entry completed from its page", () => {
	test("keeps what it says and takes what it lacks", () => {
		expect(completed(entry, page)).toEqual({
			...entry,
			body: TEXT,
			author: "زينب عادل",
			publishedAt: "2026-05-01T06:00:00.000Z",
			tags: ["كربلاء"],
			images: [{ url: "https://news.example/pipe.jpg" }],
		});
	});

	test.each([
		["its own author", { author: "مكتب كربلاء" }],
		["its own time", { publishedAt: "2026-05-01T05:00:00.000Z" }],
		["its own tags", { tags: ["خدمات"] }],
		["its own pictures", { images: [{ url: "https://news.example/own.jpg" }] }],
		["its longer body", { body: `${TEXT}\nوختم بالشكر.` }],
	])("keeps %s", (_, own) => {
		expect(completed({ ...entry, ...own }, page)).toMatchObject(own);
	});

	test("keeps an editor's sentence as its summary", () => {
		const body = "انتهت معاناة أربعة أحياء في كربلاء مع الفيضان بعد إنجاز خط مجار.";
		expect(completed({ ...entry, body }, page)).toMatchObject({ summary: body, body: TEXT });
	});

	test.each([
		[
			"a notice of cookies",
			"نستخدم ملفات تعريف الارتباط لتحسين تجربتك، وباستمرارك في التصفح فإنك توافق على سياسة الخصوصية.",
		],
		["another article", "شاركت فرق من سبع محافظات في بطولة السباحة التي اختتمت مساء الجمعة على مسبح الشعب في بغداد."],
	])("takes nothing from %s", (_, body) => {
		expect(completed(entry, { ...page, title: "أخبار", body: body.repeat(3) })).toEqual(entry);
	});

	test("takes the page's text when it says too little itself to tell", () => {
		const bare = { ...entry, title: "كربلاء", body: "" };
		expect(completed(bare, page).body).toBe(TEXT);
	});
});

describe("too short to stand alone", () => {
	test.each([
		["a teaser", TEASER, true],
		["a long text cut off", `${TEXT.repeat(3)} [...]`, true],
		["a long text with the call to read on", `${TEXT.repeat(3)} اقرأ المزيد`, true],
		["a long text", TEXT.repeat(3), false],
	])("%s", (_, body, short) => {
		expect(isShort({ body })).toBe(short);
	});
});

import { expect, test } from "vitest";
import { breaking } from "../../src/arabic/breaking.ts";

const H = "الدفاع المدني يخمد حريقاً في السوق";

test.each([
	[`عاجل | ${H}`, H],
	[`عاجل.. ${H}`, H],
	[`عاجل... ${H}`, H],
	[`عاجل: ${H}`, H],
	[`عاجل / ${H}`, H],
	[`عاجل - ${H}`, H],
	[`#عاجل ${H}`, H],
	[`#عاجل | ${H}`, H],
	[`🔴 عاجل: ${H}`, H],
	[`🔴عاجل ${H}`, H],
	[`🚨 #عاجل 🚨 ${H}`, H],
	[`‼️عاجل‼️ ${H}`, H],
	[`[عاجل] ${H}`, H],
	[`(عاجل) ${H}`, H],
	[`خبر عاجل: ${H}`, H],
	[`عاجل ${H}`, H],
	[`عاجل | عاجل | ${H}`, H],
	[`${H} | عاجل`, H],
	[`${H} #عاجل`, H],
	[`Breaking: ${H}`, H],
	["عاجل", "عاجل"],
])("%s is breaking", (title, headline) => {
	expect(breaking(title, [])).toEqual({ breaking: true, headline });
});

test.each([
	[H],
	["اجتماع عاجل لمجلس الوزراء"],
	["عاجلاً أم آجلاً سيعود النهر"],
	["نداء عاجل إلى المجتمع الدولي"],
	["🔴 مباشر: مؤتمر الوزير"],
	["Breakingham الفريق يفوز"],
])("%s is not", (title) => {
	expect(breaking(title, ["محليات"])).toEqual({
		breaking: false,
		headline: title,
	});
});

test.each([["عاجل"], ["#عاجل"], ["أخبار عاجلة"], ["Breaking News"]])("the tag %s makes it breaking", (tag) => {
	expect(breaking(H, ["محليات", tag])).toEqual({
		breaking: true,
		headline: H,
	});
});

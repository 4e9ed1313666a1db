import { afterEach, beforeEach, expect, test } from "vitest";
import { may } from "../../src/admin/ask.ts";
import { SourceError } from "../../src/sources/source.ts";
import { claim, EDITOR, type House, lost, openHouse, OWNER, plain, postOf, sent, sentencesOf } from "./house.ts";

const ADDRESS = "https://nirgal.example/news/a1";
const TITLE = "مجلس ذي قار يصوت على موازنة الطوارئ لمواجهة الجفاف";
let house: House;

beforeEach(async () => {
	house = await openHouse();
});
afterEach(async () => {
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

async function say(text: string, count = 1, user = OWNER): Promise<string[]> {
	return (await house.told(user, text, count)).map(plain);
}

test("/start says who it is, what it does and what comes next", async () => {
	house.bot().start();
	const [reply] = await house.told(OWNER, "/start");
	expect(plain(reply)).toBe(
		"مرحبًا سارة، أنا مرسال في شبكة نيركال.\nصلاحيتك: مالك، ولك كل الأوامر.\nأحمل كل خبر جديد من الموقع إلى: تلغرام @nirgal_news، تويتر.\nلترى كيف تسير الأمور أرسل /status، ولكل الأوامر /help.",
	);
	expect(reply?.reply_markup?.inline_keyboard).toEqual([
		[
			{ text: "الحالة", callback_data: "run:status" },
			{ text: "الأوامر", callback_data: "run:help" },
		],
	]);
	expect(await say("/start", 1, EDITOR)).toEqual([expect.stringContaining("مرحبًا حيدر")]);
});

test("/id gives the number, /help every command with its use", async () => {
	house.bot().start();
	expect(await say("/id")).toEqual([`رقمك في تلغرام: ${OWNER}`]);
	const [help] = await say("/help");
	for (const name of ["start", "id", "help", "status", "last", "pause", "resume", "preview", "why", "retry"])
		expect(help).toContain(`/${name} — `);
	expect(help).toContain("الإصدار 0.1.0");
});

test("the same in English", async () => {
	house.bot({ sentences: sentencesOf("en") }).start();
	expect(await say("/start")).toEqual([
		"Hello سارة, I am Mirsal at شبكة نيركال.\nYou are an owner; all commands are yours.\nI bring every new article of the site to: Telegram @nirgal_news, Twitter.\nTo see how things stand, send /status; for all commands, /help.",
	]);
	expect(await say("/status")).toEqual([
		"Status: working ✅\nTelegram @nirgal_news: nothing posted today\nTwitter: preview only\nSources: one was not read yet\nNothing waits for your decision.",
	]);
});

test("/status of a quiet day", async () => {
	house.bot().start();
	await house.ledger.updateSource("nirgal.example/feed", () => ({
		v: 1,
		kind: "feed",
		cursor: {},
		lastPoll: house.clock.now().toISOString(),
	}));
	expect(await say("/status")).toEqual([
		"الحالة: تعمل ✅\nتلغرام @nirgal_news: لم يُنشر شيء اليوم\nتويتر: معاينة فقط\nالمصادر: مصدر واحد سليم\nلا شيء بانتظار قرارك.",
	]);
});

test.each<[string, number | undefined, string]>([
	["no budget", undefined, "كلفة تويتر هذا الشهر: 0.43 دولارًا، وتبلغ بنهايته بهذه الوتيرة "],
	["a budget", 20_000_000, "كلفة تويتر هذا الشهر: 0.43 من 20.00 دولارًا، وتبلغ بنهايته بهذه الوتيرة "],
])("/status says what Twitter costs, with %s", async (_name, budget, line) => {
	const channels = house.desk.channels.map((channel) => ({ ...channel, preview: false }));
	house.bot({ desk: { ...house.desk, channels, money: budget === undefined ? {} : { budget } } }).start();
	const day = house.clock.now().toISOString().slice(0, 10);
	const spent = { spent: 430_000, posts: 4, linked: 2, breaking: 0, extra: 370_000 };
	await house.ledger.updateMoney(day.slice(0, 7), () => ({ v: 1, days: { [day]: spent } }));
	const [status = ""] = await say("/status");
	expect(status).toContain(line);
	expect(status).toContain("(كلفة المنشور 0.107، ومعه رابط: 2 من 4)");
});

test("/resume of a channel that had no money tries at once and leaves the question about the rest", async () => {
	house.bot().start();
	const parked = {
		since: house.clock.now().toISOString(),
		reason: "no credit",
		tries: 3,
		until: "2027-01-01T00:00:00.000Z",
	};
	await house.ledger.updateChannel("twitter", (before) => ({ ...before, parked: { ...parked, unpaid: true } }));
	await house.ledger.updateChannel("telegram", (before) => ({ ...before, parked }));
	await say("/resume");
	expect((await house.ledger.channel("twitter")).parked).toMatchObject({ unpaid: true, tries: 3 });
	expect(Date.parse((await house.ledger.channel("twitter")).parked?.until ?? "")).toBeLessThanOrEqual(
		house.clock.now().getTime(),
	);
	expect(await house.ledger.channel("telegram")).not.toHaveProperty("parked");
});

test("/status of a hard day", async () => {
	for (const id of ["a1", "a2", "a3", "a4", "a5", "a6"]) await house.plan(id);
	await house.happen("telegram", "a1", claim(), sent("12"));
	await house.happen("telegram", "a2", claim(), sent("13"));
	await house.happen("telegram", "a3", claim(), { type: "refused", reason: "Telegram refuses this post: x" });
	await house.happen("telegram", "a4", ...lost);
	const faultSince = house.clock.now();
	await house.clock.advance(240_000);
	await house.ledger.updateChannel("telegram", (before) => ({
		...before,
		parked: {
			since: house.clock.now().toISOString(),
			reason: "Telegram refuses the bot: Forbidden: bot was kicked from the channel chat",
			tries: 1,
			until: house.clock.now().toISOString(),
		},
	}));
	await house.ledger.updateSource("nirgal.example/feed", () => ({
		v: 1,
		kind: "feed",
		cursor: {},
		fault: {
			since: faultSince.toISOString(),
			message: "https://nirgal.example/feed answered 503 (Service Unavailable).",
			times: 3,
		},
	}));
	await house.clock.advance(120_000);
	house.bot().start();
	expect(await say("/status")).toEqual([
		"الحالة: تحتاج إلى انتباهك ⚠️\nتلغرام @nirgal_news: نُشر اليوم خبران، في الانتظار خبران، آخر نشر قبل 6 دقائق، متعطلة منذ دقيقتين (أُخرج البوت من القناة، فأعده إليها مشرفًا)\nتويتر: معاينة فقط، في الانتظار 6 أخبار\nالمصادر: مصدر واحد متوقف\nnirgal.example/feed: متوقف منذ 6 دقائق (الخادم يرد 503)\nبانتظار قرارك: خبران (مرفوض: 1، غير مؤكد: 1)",
	]);
});

test("/status while a channel rests", async () => {
	house.bot().start();
	await house.ledger.updateChannel("telegram", (before) => ({
		...before,
		wait: { until: "2026-11-23T09:02:00.000Z", reason: "Telegram asks to wait 120 s" },
	}));
	expect((await say("/status"))[0]).toContain(
		"تلغرام @nirgal_news: لم يُنشر شيء اليوم، يطلب تلغرام الانتظار قليلًا، وأعود بعد دقيقتين\n",
	);
});

test("/status while the channels are paused", async () => {
	house.bot().start();
	await house.ledger.updateChannel("telegram", (before) => ({
		...before,
		paused: { by: "سارة", at: "2026-11-23T07:00:00.000Z" },
	}));
	expect((await say("/status"))[0]).toMatch(
		/^الحالة: متوقفة مؤقتًا ⏸\nتلغرام @nirgal_news: لم يُنشر شيء اليوم، متوقفة بطلب من سارة قبل ساعتين\n/,
	);
});

test("a button under a reply runs its command", async () => {
	house.bot().start();
	const [reply] = await house.told(OWNER, "/status");
	house.telegram.press(OWNER, reply?.message_id ?? 0, "run:last");
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "the answer");
	expect(plain(house.telegram.replies(OWNER)[1])).toContain("لم يُنشر شيء بعد.");
	expect(house.telegram.answers.size).toBe(1);
	expect((await house.ledger.channel("telegram")).paused).toBeUndefined();
});

test("a button never runs a command that changes something", async () => {
	house.bot().start();
	const [reply] = await house.told(OWNER, "/status");
	house.telegram.press(OWNER, reply?.message_id ?? 0, "run:pause");
	await house.told(OWNER, "/id");
	expect((await house.ledger.channel("telegram")).paused).toBeUndefined();
});

test("/last shows the latest posts with their links, a Latin headline from the right", async () => {
	await house.plan("a1");
	await house.plan("a2", { title: "COP31: <العراق> يعرض خطة" });
	await house.happen("telegram", "a1", claim(), sent("12"));
	await house.happen("telegram", "a2", claim(), sent("13"));
	await house.clock.advance(180_000);
	house.bot().start();
	const [reply] = await house.told(EDITOR, "/last تلغرام");
	expect(plain(reply)).toBe(`تلغرام @nirgal_news\n• COP31: <العراق> يعرض خطة (قبل 3 دقائق)\n• ${TITLE} (قبل 3 دقائق)`);
	expect(reply?.text).toContain("\u200FCOP31");
	expect(reply?.entities?.filter(({ type }) => type === "text_link").map(({ url }) => url)).toEqual([
		"https://t.me/nirgal_news/13",
		"https://t.me/nirgal_news/12",
	]);
	expect(await say("/last")).toEqual([expect.stringMatching(/تلغرام @nirgal_news[\s\S]*تويتر\nلم يُنشر شيء بعد\.$/)]);
});

test("/pause stops a channel, a second time says who did it, /resume starts it again", async () => {
	house.bot().start();
	await house.plan("a1");
	expect(await say("/pause telegram")).toEqual([
		"توقف النشر في تلغرام @nirgal_news. الأخبار الجديدة تنتظر بترتيبها.\nللاستئناف أرسل /resume",
	]);
	expect((await house.ledger.channel("telegram")).paused).toEqual({ by: "سارة", at: "2026-11-23T09:00:00.000Z" });
	expect((await house.ledger.channel("twitter")).paused).toBeUndefined();
	expect(await say("/pause @nirgal_news", 1, EDITOR)).toEqual([
		expect.stringContaining("متوقف من قبل، بطلب من سارة الآن."),
	]);
	expect(await say("/resume telegram")).toEqual(["استؤنف النشر في تلغرام @nirgal_news، وفي الانتظار خبر واحد."]);
	expect(house.woken).toEqual(["telegram"]);
	expect(await say("/resume telegram")).toEqual(["النشر في تلغرام @nirgal_news غير متوقف."]);
	await say("/pause");
	expect((await house.ledger.channel("twitter")).paused).toBeDefined();
});

test("/resume takes a parked and a waiting channel up again", async () => {
	house.bot().start();
	await house.ledger.openIncident("parked:telegram", "x");
	await house.ledger.updateChannel("telegram", (before) => ({
		...before,
		last: "40",
		parked: { since: "2026-11-23T08:00:00.000Z", reason: "x", tries: 3, until: "2026-11-23T10:00:00.000Z" },
		wait: { until: "2026-11-23T10:00:00.000Z", reason: "x" },
	}));
	expect(await say("/resume telegram")).toEqual(["استؤنف النشر في تلغرام @nirgal_news."]);
	expect(await house.ledger.channel("telegram")).toEqual({ v: 1, last: "40", recent: [] });
	expect(await house.ledger.incidents()).toEqual([]);
});

test("/preview shows each post as its channel would, its length, and what was taken out", async () => {
	house.bot().start();
	const html = `<b>${TITLE}</b>\n\n<a href="${ADDRESS}">اقرأ الخبر</a>`;
	house.previews = async () => [
		{
			article: await house.plan("a1"),
			removed: [{ rule: "credit-line", text: "خاص/ نيركال" }],
			posts: {
				telegram: postOf("telegram", `${TITLE}\n\nاقرأ الخبر`, { html, link: ADDRESS, length: 312, limit: 4096 }),
				twitter: postOf("twitter", `${TITLE}\n${ADDRESS}`, {
					length: 216,
					link: ADDRESS,
					complaint: "twitter.liquid:3:1 undefined variable",
				}),
			},
		},
	];
	const replies = await house.told(OWNER, "/preview nirgal.example/news/a1", 5);
	expect(replies.map(plain)).toEqual([
		`${TITLE}\n\nاقرأ الخبر`,
		"تلغرام @nirgal_news: 312 من 4096",
		`${TITLE}\n${ADDRESS}`,
		"تويتر: 216 من 280\nفي قالب المنشور خطأ، فاستعملت القالب الأصلي:\ntwitter.liquid:3:1 undefined variable",
		"حذفت من النص: «خاص/ نيركال»",
	]);
	expect(replies[0]?.entities?.map(({ type }) => type)).toEqual(["bold", "text_link"]);
	expect(replies[0]?.link_preview_options).toMatchObject({ url: ADDRESS, show_above_text: true });
});

test("/preview of a feed shows the first articles and counts the others", async () => {
	house.bot().start();
	const article = await house.plan("a1");
	house.previews = async () =>
		Array.from({ length: 5 }, () => ({ article, removed: [], posts: { twitter: postOf("twitter", TITLE) } }));
	const replies = await say("/preview https://nirgal.example/feed", 10);
	expect(replies).toHaveLength(10);
	expect(replies[9]).toBe("وفي هذا العنوان أيضًا: خبران");
});

test.each([
	[
		"a site that does not answer",
		async () => Promise.reject(new SourceError("slow", "https://nirgal.example did not answer in time.")),
		"لم أستطع فتح هذا العنوان: الموقع لا يرد. جرّب بعد قليل، أو تحقق من العنوان.",
	],
	["a page without an article", async () => [], "لم أجد خبرًا في هذا العنوان."],
	[
		"an error of ours",
		async () => Promise.reject(new Error("stack and secrets")),
		"تعذر تنفيذ /preview لخطأ عندي، والتفاصيل في السجل. النشر مستمر.",
	],
])("/preview of %s", async (_name, previews, said) => {
	house.previews = previews as House["previews"];
	house.bot().start();
	expect(await say(`/preview ${ADDRESS}`)).toEqual([said]);
});

test.each([
	"/preview /etc/passwd",
	"/preview file:///etc/passwd",
	"/why ftp://nirgal.example/x",
	"/retry not-an-address",
])("%s is refused before anything is read", async (text) => {
	let read = false;
	house.previews = async () => {
		read = true;
		return [];
	};
	house.bot().start();
	expect(await say(text)).toEqual([`«${text.split(" ")[1]}» ليس عنوان صفحة. العنوان يبدأ بـ https://`]);
	expect(read).toBe(false);
});

test.each(["/preview", "/why", "/retry"])("%s without an address says how it is used", async (text) => {
	house.bot().start();
	expect(await say(text)).toEqual(["أرسل الأمر ثم عنوان الخبر، مثل https://example.org/news/1"]);
});

test("/why tells where an article comes from, what was taken out, and where it stands", async () => {
	await house.plan("a1");
	await house.happen(
		"telegram",
		"a1",
		claim(),
		{ type: "later", reason: "Telegram asks to wait 3 s" },
		claim(2),
		sent("14"),
	);
	await house.happen("twitter", "a1", { type: "preview" });
	await house.clock.advance(240_000);
	house.bot().start();
	const [reply] = await house.told(OWNER, `/why ${ADDRESS}`);
	expect(plain(reply)).toBe(
		`«${TITLE}»\nوجدته قبل 4 دقائق (الاثنين، 23 تشرين الثاني 2026، 12:00) في المصدر: nirgal.example/feed\nنُشر في الموقع: الاثنين، 23 تشرين الثاني 2026، 11:30\nحذفت من النص: «خاص/ نيركال»\nتلغرام @nirgal_news: نُشر قبل 4 دقائق، بعد محاولتين — افتح المنشور\nتويتر: لم يُنشر: قناة للمعاينة فقط`,
	);
	expect(reply?.entities?.at(-1)).toMatchObject({ type: "text_link", url: "https://t.me/nirgal_news/14" });
});

test.each([
	["planned", [], "ينتظر دوره"],
	["sending", [claim()], "يُرسل الآن"],
	[
		"waiting",
		[claim(), { type: "later", reason: "Telegram asks to wait 120 s", retryAt: "2026-11-23T09:02:00.000Z" }],
		"أعيد المحاولة بعد دقيقتين (يطلب تلغرام الانتظار قليلًا)",
	],
	[
		"refused",
		[claim(), { type: "refused", reason: "Telegram refuses this post: Bad Request: message is too long" }],
		"رُفض الآن: المنشور أطول مما يقبله تلغرام",
	],
	["unsure", lost.slice(0, 2), "لم يصل الجواب، وأتحقق الآن (لم يصل من تلغرام جواب واضح)"],
	["left unsure", lost, "لا أعلم هل نُشر (لم يصل من تلغرام جواب واضح)، والقرار لك"],
	[
		"parked",
		[claim(), { type: "parked", reason: "Telegram refuses the bot: Bad Request: chat not found" }],
		"سيُرسل من جديد (لا يجد تلغرام القناة، فتحقق من اسمها ومن أن البوت مشرف فيها)",
	],
	["skipped", [{ type: "skip", reason: "first visit" }], "لم يُنشر: كان في المصدر قبل أن أبدأ بمراقبته"],
] as const)("/why of an article that is %s", async (_name, events, said) => {
	house.bot().start();
	await house.plan("a1");
	await house.happen("telegram", "a1", ...events);
	expect((await say(`/why ${ADDRESS}`))[0]?.split("\n")).toContain(`تلغرام @nirgal_news: ${said}`);
});

test("/why and /retry of an unknown article", async () => {
	house.bot().start();
	const said = "لا أعرف خبرًا بهذا العنوان. لترى كيف سيُنشر أرسل /preview ثم العنوان.";
	expect(await say(`/why ${ADDRESS}`)).toEqual([said]);
	expect(await say(`/retry ${ADDRESS}`)).toEqual([said]);
});

const decisions = async (channel: string) => {
	const found: string[] = [];
	for await (const [id, decision] of house.ledger.decisions(channel)) found.push(`${id} ${decision.do} ${decision.by}`);
	return found;
};

test.each([
	["refused", [claim(), { type: "refused", reason: "x" }], true, "سأعيد إرساله في دوره"],
	["skipped", [{ type: "skip", reason: "too old" }], true, "سأعيد إرساله في دوره"],
	["left unsure", lost, true, "سأعيد إرساله في دوره"],
	["being looked for", lost.slice(0, 2), false, "ما زلت أتحقق من وصوله، فانتظر دقيقة"],
	["planned", [], false, "ينتظر دوره من قبل، ولا شيء لإعادته"],
	["sent", [claim(), sent("9")], false, "منشور من قبل، ولا شيء لإعادته"],
] as const)("/retry of an article that is %s", async (_name, events, decided, said) => {
	house.bot().start();
	await house.plan("a1");
	await house.happen("telegram", "a1", ...events);
	await house.ledger.openIncident("refused:telegram:a1", "x");
	expect(await say(`/retry ${ADDRESS} telegram`)).toEqual([`تلغرام @nirgal_news: ${said}`]);
	expect(await decisions("telegram")).toEqual(decided ? ["a1 retry سارة"] : []);
	expect(house.woken).toEqual(decided ? ["telegram"] : []);
	expect(await house.ledger.incidents()).toHaveLength(decided ? 0 : 1);
});

test("/retry without a channel is about all of them", async () => {
	house.bot().start();
	await house.plan("a1", {}, { state: "held", reason: "published while Mirsal was away" });
	expect(await say(`/retry ${ADDRESS}`)).toEqual([
		"تلغرام @nirgal_news: سأعيد إرساله في دوره\nتويتر: سأعرضه للمعاينة، ولن يُرسل",
	]);
});

test("a channel that is not there is named with those that are", async () => {
	house.bot().start();
	expect(await say("/last فيسبوك")).toEqual(["لا أعرف قناة بالاسم «فيسبوك». القنوات هي: telegram، twitter."]);
	expect(await say("/pause فيسبوك")).toEqual([
		"لا أعرف قناة ولا مصدرًا بالاسم «فيسبوك». أعرف: telegram، twitter، nirgal.example/feed.",
	]);
});

test.each([
	["an unknown command", "/dance", "لا أعرف الأمر /dance، وقائمة الأوامر في /help"],
	["plain words", "صباح الخير", "أفهم الأوامر فقط، وقائمتها في /help"],
	["a command with the bot's name", `/id@mirsal_test_bot`, `رقمك في تلغرام: ${OWNER}`],
])("%s", async (_name, text, said) => {
	house.bot().start();
	expect(await say(text)).toEqual([said]);
});

test.each([
	["owner", "owner", true],
	["owner", "editor", true],
	["editor", "editor", true],
	["editor", "owner", false],
] as const)("an %s and a command for an %s", (role, who, allowed) => expect(may(role, { who })).toBe(allowed));

import { afterEach, beforeEach, expect, test } from "vitest";
import { commands } from "../../src/admin/commands.ts";
import type { Article } from "../../src/article/article.ts";
import { SourceError } from "../../src/sources/source.ts";
import {
	claim,
	EDITOR,
	type House,
	lost,
	openHouse,
	OWNER,
	plain,
	postOf,
	sent,
	sentencesOf,
	STRANGER,
} from "./house.ts";

const ADDRESS = "https://nirgal.example/news/a1";
let house: House;

beforeEach(async () => {
	house = await openHouse();
});
afterEach(async () => {
	expect(house.telegram.invalid).toEqual([]);
	await house.close();
});

const say = async (text: string, count = 1, user = OWNER) => (await house.told(user, text, count)).map(plain);
async function trail(): Promise<string[]> {
	const found: string[] = [];
	for await (const { by, did, outcome } of house.ledger.audits(new Date(0))) found.push(`${by} ${did} ${outcome}`);
	return found;
}
const article = (more: Partial<Article> = {}): Article => ({
	id: "b1",
	url: "https://nirgal.example/news/b1",
	title: "افتتاح جسر جديد في الكوت",
	lead: "",
	paragraphs: [],
	credits: [],
	tags: [],
	images: [],
	source: "nirgal.example",
	...more,
});
const shows =
	(...articles: Article[]) =>
	async () =>
		articles.map((one) => ({ article: one, removed: [], posts: { telegram: postOf("telegram", one.title) } }));

test.each(commands.map(({ name, who, changes, takes = [] }) => [name, { who, changes, takes }] as const))(
	"/%s: an owner is answered, an editor where he may, a stranger never; what changes something is in the trail",
	async (name, { who, changes, takes }) => {
		house.bot().start();
		await house.plan("a1");
		house.previews = shows(article());
		const text = `/${name}${takes[0] === "address" ? ` ${ADDRESS}` : takes[0] === "backup" ? " backup" : ""}`;
		house.telegram.say(STRANGER, text);
		expect((await house.told(EDITOR, text)).map(plain)[0] === `الأمر /${name} للمالكين فقط.`).toBe(who === "owner");
		expect((await house.told(OWNER, text)).map(plain)[0]).not.toContain("للمالكين فقط");
		expect(house.telegram.calls("sendMessage").map(({ body }) => body["chat_id"])).not.toContain(STRANGER);
		const lines = (await trail()).map((line) => line.replace(/^(\S+) \S+( \S+)? /, "$1 "));
		expect(lines).toEqual([
			...(who === "owner" ? ["حيدر forbidden"] : changes ? ["حيدر done"] : []),
			...(changes ? ["سارة done"] : []),
		]);
	},
);

test.each(commands.filter(({ changes }) => changes).map(({ name }) => name))(
	"/%s that comes eleven minutes late changes nothing, and the trail says so",
	async (name) => {
		house.bot().start();
		await house.plan("a1");
		house.telegram.say(OWNER, `/${name} ${ADDRESS}`, { date: Math.floor(house.clock.now().getTime() / 1_000) - 660 });
		await house.telegram.until(() => house.telegram.replies(OWNER).length === 1, "the answer");
		expect(plain(house.telegram.replies(OWNER)[0])).toContain("متأخرًا أكثر من عشر دقائق");
		expect(await house.decisions()).toEqual([]);
		expect(await trail()).toEqual([`سارة /${name} ${ADDRESS} late`]);
	},
);

test.each(commands.filter(({ takes }) => takes?.[0] === "address").map(({ name }) => name))(
	"/%s without an address says how it is used",
	async (name) => {
		house.bot().start();
		expect(await say(`/${name}`)).toEqual(["أرسل الأمر ثم عنوان الخبر، مثل https://example.org/news/1"]);
	},
);

test.each([
	["/post", "article", "1:2026-11-23T09:00:00.000Z:0"],
	["/breaking", "breaking", "0:2026-11-23T09:00:00.000Z:0"],
])("%s plans a new article for every channel", async (command, kind, order) => {
	house.bot().start();
	house.previews = shows(article());
	expect(await say(`${command} nirgal.example/news/b1`)).toEqual([
		"«افتتاح جسر جديد في الكوت»\nتلغرام @nirgal_news: سيُنشر في دوره\nتويتر: سأعرضه للمعاينة، ولن يُرسل",
	]);
	expect(await house.ledger.delivery("telegram", "b1")).toMatchObject({ kind, state: "planned", order });
	expect(house.woken).toEqual(["telegram", "twitter"]);
	expect(await say(`${command} nirgal.example/news/b1 telegram`)).toEqual([
		`«افتتاح جسر جديد في الكوت»\nتلغرام @nirgal_news: ${kind === "breaking" ? "سيُنشر في دوره" : "ينتظر دوره من قبل"}`,
	]);
});

test("/post to one channel leaves the others out until somebody wants it there", async () => {
	house.bot().start();
	house.previews = shows(article());
	await say("/post https://nirgal.example/news/b1 تلغرام");
	expect(await house.ledger.delivery("twitter", "b1")).toMatchObject({ state: "skipped", reason: "left out by سارة" });
	await say("/post https://nirgal.example/news/b1 twitter", 1, EDITOR);
	expect(await house.decisions()).toEqual(["twitter b1 retry حيدر"]);
});

test.each([
	["a posted one", [claim(), sent("12")], "منشور من قبل", []],
	["one that is being sent", [claim()], "أُرسل للتو ولم يتأكد وصوله بعد، فانتظر دقيقة", []],
	["one that was skipped", [{ type: "skip", reason: "first visit" }], "سيُنشر في دوره", ["telegram a1 retry سارة"]],
	["one that was left unsure", lost, "سيُنشر في دوره", ["telegram a1 retry سارة"]],
] as const)("/post of a known article: %s", async (_name, events, said, decided) => {
	house.bot().start();
	await house.plan("a1");
	await house.happen("telegram", "a1", ...events);
	expect((await say(`/post ${ADDRESS} telegram`))[0]).toContain(`تلغرام @nirgal_news: ${said}`);
	expect(await house.decisions()).toEqual(decided);
});

test.each([
	["a list", shows(article(), article({ id: "b2" })), "في هذا العنوان خبران. أرسل عنوان الخبر الذي تريده."],
	["an empty page", shows(), "لم أجد خبرًا في هذا العنوان."],
	[
		"a site that does not answer",
		() => Promise.reject(new SourceError("slow", "https://nirgal.example did not answer in time.")),
		"لم أستطع فتح هذا العنوان: الموقع لا يرد. جرّب بعد قليل، أو تحقق من العنوان.",
	],
])("/post of %s posts nothing", async (_name, previews, said) => {
	house.bot().start();
	house.previews = previews as House["previews"];
	expect(await say("/post https://nirgal.example/x")).toEqual([said]);
	expect(await trail()).toEqual(["سارة /post https://nirgal.example/x declined"]);
});

test.each([
	["planned", [], "أُلغي ولن يُنشر", ["telegram a1 skip سارة"]],
	["refused", [claim(), { type: "refused", reason: "x" }], "أُلغي ولن يُنشر", ["telegram a1 skip سارة"]],
	["posted", [claim(), sent("12")], "منشور من قبل، فلا يُلغى", []],
	["being sent", [claim()], "ما زلت أتحقق من وصوله، فانتظر دقيقة", []],
	["skipped", [{ type: "skip", reason: "x" }], "لم يكن سيُنشر", []],
] as const)("/skip of an article that is %s", async (_name, events, said, decided) => {
	house.bot().start();
	await house.plan("a1");
	await house.happen("telegram", "a1", ...events);
	expect(await say(`/skip ${ADDRESS} telegram`)).toEqual([`تلغرام @nirgal_news: ${said}`]);
	expect(await house.decisions()).toEqual(decided);
});

test("/pause for a while ends by itself, and a second word about it changes the time", async () => {
	house.bot().start();
	expect(await say("/pause telegram for 2h")).toEqual([
		"توقف النشر في تلغرام @nirgal_news لمدة ساعتين. الأخبار الجديدة تنتظر بترتيبها.\nللاستئناف أرسل /resume",
	]);
	expect((await house.ledger.channel("telegram")).paused).toMatchObject({
		by: "سارة",
		until: "2026-11-23T11:00:00.000Z",
	});
	await say("/pause telegram لمدة ٣٠د", 1, EDITOR);
	expect((await house.ledger.channel("telegram")).paused).toMatchObject({
		by: "حيدر",
		until: "2026-11-23T09:30:00.000Z",
	});
	await house.desk.switches.refresh();
	expect((await house.ledger.channel("telegram")).paused).toBeDefined();
	await house.clock.advance(30 * 60_000);
	await house.desk.switches.refresh();
	expect((await house.ledger.channel("telegram")).paused).toBeUndefined();
	expect(house.woken).toEqual(["telegram"]);
});

test("/pause and /resume of a source", async () => {
	house.bot().start();
	const name = "nirgal.example/feed";
	expect(await say(`/pause ${name} 1d`)).toEqual([`لن أقرأ المصدر ${name} خلال يوم.`]);
	expect(house.desk.switches.isPaused(name)).toBe(true);
	expect(await say(`/resume ${name}`)).toEqual([`أقرأ المصدر ${name} من جديد.`]);
	expect(house.desk.switches.isPaused(name)).toBe(false);
	expect(house.looked).toEqual([name]);
	expect(await say(`/resume ${name}`)).toEqual([`المصدر ${name} غير متوقف.`]);
});

test.each([
	["/pause telegram 0h", "لا أفهم المدة «0h». اكتبها مثل 30m أو 2h أو 1d، وأقصاها 30 يومًا."],
	["/pause 90d", "لا أفهم المدة «90d». اكتبها مثل 30m أو 2h أو 1d، وأقصاها 30 يومًا."],
	["/mode later", "لا أعرف الطريقة «later». هي auto أو approve."],
	["/stats year", "لا أعرف المدة «year». هي day أو week أو month."],
	["/lang fr", "لا أعرف اللغة «fr». هي ar أو en."],
	["/templates moon", "لا أعرف قالبًا بالاسم «moon». القوالب هي: telegram.liquid، twitter.liquid."],
	["/sources nobody", "لا أعرف مصدرًا بالاسم «nobody». أسماء المصادر في /sources"],
	["/sources add", "أرسل الأمر ثم عنوان الخبر، مثل https://example.org/news/1"],
	[
		"/sources remove nirgal.example/feed",
		"المصدر nirgal.example/feed من الإعدادات ولا يُزال من هنا. يمكنك كتمه أو إيقافه.",
	],
	["/ledger", "الأمر الكامل هو: /ledger backup"],
])("%s is declined in a sentence", async (text, said) => {
	house.bot().start();
	expect(await say(text)).toEqual([said]);
});

test.each([
	["/sources add https://new.example/feed", "الأمر /sources add للمالكين فقط."],
	["/sources remove new.example", "الأمر /sources remove للمالكين فقط."],
	["/mode approve", "الأمر /mode approve للمالكين فقط."],
])("an editor may not %s", async (text, said) => {
	house.bot().start();
	expect(await say(text, 1, EDITOR)).toEqual([said]);
});

test("/sources: health, mute, pause and look, each by its button", async () => {
	house.bot().start();
	const name = "nirgal.example/feed";
	await house.ledger.updateSource(name, () => ({
		v: 1,
		kind: "feed",
		cursor: {},
		lastPoll: "2026-11-23T08:59:00.000Z",
		lastArticle: "2026-11-23T07:00:00.000Z",
		fault: {
			since: "2026-11-23T08:25:00.000Z",
			message: `https://${name} answered 503 (Service Unavailable).`,
			times: 4,
		},
	}));
	const [reply] = await house.told(EDITOR, "/sources");
	expect(plain(reply)).toBe(
		`عندي مصدر واحد:\n• ${name}: متعطل منذ 35 دقيقة: الخادم يرد 503، آخر أخباره قبل ساعتين\nلإضافة مصدر أرسل: /sources add ثم العنوان`,
	);
	expect(await house.pressed(EDITOR, reply, "كتم")).toBe("لن يُنشر شيء من هذا المصدر.");
	expect(house.desk.switches.mutedBy(name)).toBe("source muted by حيدر");
	const [muted] = await house.told(EDITOR, `/sources ${name}`);
	expect(plain(muted)).toContain("كتمه حيدر");
	expect(await house.pressed(EDITOR, muted, "إلغاء الكتم")).toBe("يُنشر هذا المصدر من جديد.");
	const [third] = await house.told(EDITOR, `/sources ${name}`);
	expect(await house.pressed(EDITOR, third, "إيقاف")).toBe("لن أقرأ هذا المصدر حتى تستأنفه.");
	const [fourth] = await house.told(EDITOR, `/sources ${name}`);
	expect(plain(fourth)).toContain("أوقفه حيدر");
	expect(await house.pressed(EDITOR, fourth, "استئناف")).toBe("أقرأ هذا المصدر من جديد.");
	const [fifth] = await house.told(EDITOR, `/sources ${name}`);
	expect(await house.pressed(EDITOR, fifth, `اقرأ: ${name}`)).toBe("أقرأ المصدر الآن.");
	expect(house.looked).toEqual([name, name]);
	expect(house.desk.switches.of(name)).toEqual({ v: 1 });
});

test("a source is found, shown, added, and in two steps removed; one that is known is not added twice", async () => {
	house.bot().start();
	house.found = async () => ({ url: "https://new.example/feed", kind: "feed", count: 11, titles: ["افتتاح جسر"] });
	const [found] = await house.told(OWNER, "/sources add new.example");
	expect(plain(found)).toBe(
		"وجدت خلاصة الموقع (RSS)، وفيها 11 خبرًا:\nhttps://new.example/feed\n«افتتاح جسر»\nإن أضفته فلن يُنشر شيء مما يعرضه الآن، بل ما يأتي بعده.",
	);
	expect(house.desk.switches.added()).toEqual([]);
	expect(await house.pressed(OWNER, found, "أضف المصدر")).toBe("أُضيف المصدر.");
	expect(house.desk.switches.added()).toEqual([{ name: "new.example", url: "https://new.example/" }]);
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "the word about it");
	expect(plain(house.telegram.replies(OWNER)[1])).toBe("أضفت المصدر new.example وأقرؤه الآن.");
	house.found = async () => ({ url: "https://new.example/", kind: "feed", count: 1, titles: [], known: "new.example" });
	expect(await say("/sources add new.example")).toEqual(["أقرأ هذا العنوان من قبل: new.example"]);
	const [one] = await house.told(OWNER, "/sources new.example");
	const before = house.telegram.replies(OWNER).length;
	expect(await house.pressed(OWNER, one, "إزالة")).toBe("أكّد من فضلك.");
	expect(house.desk.switches.added()).toHaveLength(1);
	await house.telegram.until(() => house.telegram.replies(OWNER).length > before, "the question");
	expect(await house.pressed(OWNER, house.telegram.replies(OWNER).at(-1), "نعم، أزله")).toBe("أُزيل المصدر.");
	expect(house.desk.switches.added()).toEqual([]);
});

test("/mode: everything, one channel, one source, and back", async () => {
	house.bot().start();
	const { switches } = house.desk;
	expect(await say("/mode", 1, EDITOR)).toEqual(["النشر تلقائي: كل خبر يُنشر في دوره."]);
	await say("/mode approve تويتر");
	expect(await say("/mode approve nirgal.example/feed")).toEqual([
		"تغيّرت طريقة النشر.\nالنشر تلقائي، إلا هنا فبالموافقة: تويتر، nirgal.example/feed",
	]);
	expect([
		switches.asks("x", "twitter"),
		switches.asks("x", "telegram"),
		switches.asks("nirgal.example/feed", "telegram"),
	]).toEqual([true, false, true]);
	expect(await say("/mode approve")).toEqual([
		"تغيّرت طريقة النشر.\nالنشر بالموافقة: كل خبر ينتظر قرار مشرف (بطلب من سارة).",
	]);
	expect(switches.asks("x", "telegram")).toBe(true);
	await say("/mode auto");
	await say("/mode auto twitter");
	await say("/mode auto nirgal.example/feed");
	expect(switches.mode()).toEqual({ channels: [], sources: [] });
});

test("/lang speaks another language with one admin, also in the next life, and his menu follows", async () => {
	const first = house.bot({ menus: [sentencesOf("en")] });
	first.start();
	expect(await say("/lang en")).toEqual(["I speak English with you from now on."]);
	expect((await say("/version"))[0]).toBe("Version 0.1.0");
	expect(await say("/version", 1, EDITOR)).toEqual(["الإصدار 0.1.0"]);
	await first.stop();
	house.bot({ menus: [sentencesOf("en")] }).start();
	expect(await say("/version")).toEqual(["Version 0.1.0"]);
	const menu = () =>
		[...house.telegram.commands].find(([key]) => key.includes(String(OWNER)) && key.includes('"ar"'))?.[1] ?? [];
	await house.telegram.until(() => menu().some(({ description }) => description === "the version"), "his menu");
	expect(await say("/lang")).toEqual(["أتكلم معك بالعربية من الآن."]);
});

test("/stats by day, week and month, with the right plurals", async () => {
	house.bot().start();
	for (let number = 0; number < 11; number++) {
		await house.plan(`s${number}`);
		await house.happen("telegram", `s${number}`, claim(), sent(String(number)));
	}
	await house.plan("r1");
	await house.happen("telegram", "r1", claim(), { type: "refused", reason: "x" });
	expect(await say("/stats")).toEqual(["اليوم:\nتلغرام @nirgal_news: نُشر 11 خبرًا، رُفض خبر واحد\nتويتر: لم يُنشر شيء"]);
});

test("/stats week tells the days apart", async () => {
	for (let day = 0; day < 2; day++) {
		await house.plan(`d${day}`);
		await house.happen("telegram", `d${day}`, claim(), sent(String(day)));
		await house.clock.advance(24 * 3_600_000);
	}
	house.bot().start();
	expect(await say("/stats week", 1, EDITOR)).toEqual([
		"آخر سبعة أيام:\nتلغرام @nirgal_news: نُشر خبران\nتويتر: لم يُنشر شيء\nبحسب الأيام:\n• 2026-11-24: منشور واحد\n• 2026-11-23: منشور واحد",
	]);
});

test.each([
	[
		"/hashtags",
		"أقصى عدد من الوسوم: 2\nالأقسام ووسومها:\n• رياضة: رياضة_نيركال\nلا تصير وسومًا: أخرى\nهذا من ملف newsroom.yaml",
	],
	["/filters", "لكل الأخبار:\n• لا يُنشر ما فيه: إعلان\nتويتر:\n• يُنشر ما فيه: سياسة، أمن\nهذا من ملف newsroom.yaml"],
	[
		"/templates",
		"القوالب:\n• telegram.liquid (قالبكم)\n• twitter.liquid\nلقراءة قالب أرسل /templates ثم اسمه، ولتجربته على خبر أرسل /templates ثم عنوان الخبر.",
	],
	["/templates telegram", "telegram.liquid\n<b>{{ title }}</b>"],
])("%s shows what is set", async (text, said) => {
	house.bot().start();
	expect(await say(text, 1, EDITOR)).toEqual([said]);
});

test("/templates are tried on the latest post by a button, and on any article by its address", async () => {
	house.bot().start();
	const [head] = await house.told(OWNER, "/templates");
	await house.pressed(OWNER, head, "جرّب على آخر خبر");
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 2, "the answer");
	expect(plain(house.telegram.replies(OWNER)[1])).toBe("لم يُنشر شيء بعد.");
	await house.plan("a1", { title: "خبر للتجربة" });
	await house.happen("telegram", "a1", claim(), sent("12"));
	expect(await say("/templates try", 2)).toEqual(["خبر للتجربة", "تلغرام @nirgal_news: 11 من 280"]);
	house.previews = shows(article());
	expect((await say("/templates https://nirgal.example/x", 3))[0]).toBe("افتتاح جسر جديد في الكوت");
});

test("/ledger backup sends the file to an owner in private, and nothing into a group", async () => {
	const group = { id: -1_009_876_543_210, type: "supergroup", title: "غرفة التحرير" };
	house.bot({ opsChat: String(group.id) }).start();
	const [reply] = await house.told(OWNER, "/ledger backup");
	expect(reply).toMatchObject({ document: { file_name: "mirsal.db.gz.sealed", file_size: 3 } });
	expect(reply?.caption).toContain("LEDGER_KEY");
	house.telegram.say(OWNER, "/ledger backup", { chat: group });
	await house.telegram.until(
		() => house.telegram.calls("sendMessage").some(({ body }) => body["chat_id"] === group.id),
		"the answer in the group",
	);
	expect(house.telegram.calls("sendDocument")).toHaveLength(1);
});

test("/log tells who did what, newest first, and how many strangers wrote", async () => {
	house.bot().start();
	await say("/pause telegram");
	await say("/log", 1, EDITOR);
	house.telegram.say(STRANGER, "/start");
	expect(await say("/log")).toEqual([
		"آخر ما فعله المشرفون:\n12:00 حيدر: /log (لا يحق له)\n12:00 سارة: /pause telegram\nرسائل من غير المشرفين لم أجب عليها: 1",
	]);
});

test("a flood of 1,000 updates from strangers and 200 from admins: no stranger is answered, nothing is written for them, and a button still works", async () => {
	await house.plan("a1");
	let writes = 0;
	const ledger = {
		...house.ledger,
		note: (name: string) => {
			writes++;
			return house.ledger.note(name);
		},
	};
	house.bot({ desk: { ...house.desk, ledger } }).start();
	const [reply] = await house.told(EDITOR, "/queue");
	const before = writes;
	for (let number = 0; number < 1_000; number++)
		if (number % 2 === 0) house.telegram.say(STRANGER + number, "/pause");
		else house.telegram.press(STRANGER + number, 1, "run:status");
	for (let number = 0; number < 200; number++) house.telegram.say(OWNER, "/id");
	expect(await house.pressed(EDITOR, reply, "1. إلغاء")).toBe("أُلغي ولن يُنشر.");
	expect(await house.decisions()).toHaveLength(2);
	await house.telegram.until(() => house.telegram.replies(OWNER).length === 11, "ten answers and a request to wait");
	// Ten commands and a press of admins; nothing for anybody else.
	expect(writes - before).toBe(11);
	const answered = new Set(house.telegram.calls("sendMessage").map(({ body }) => Number(body["chat_id"])));
	expect([...answered].sort()).toEqual([OWNER, EDITOR].sort());
	expect(house.telegram.answers.size).toBe(1);
});

import { endingOf, isEnd } from "./endings.ts";
import { compareKey } from "./normalize.ts";
import { firstKey, fold, wordsOf } from "./words.ts";

/** A line, or the end of one, that belongs to the page and not to the article. `ends`: what follows it belongs to the page as well; `list`: headlines may follow it. */
export interface Furniture {
	readonly rule: "furniture" | "share" | "tags" | "end" | "timestamp";
	readonly ends?: boolean;
	readonly list?: boolean;
}

const ALSO = "(?:أيض|ايض)(?:ا|اً|ًا)?";
// An order to the reader, never a part of a sentence.
const READ = `(?:(?:هەروەها |زیاتر )?بخوێنەرەوە(?=\\s*:)|اقرأ(?:وا|/ي)? (?:${ALSO}|المزيد|كذلك)|طالع (?:${ALSO}|المزيد)|تابعونا (?:على|عبر)|read (?:more|also)|continue reading)`;
const MORE = `(?:${READ}|تابع ${ALSO}(?=\\s*(?:[:.…|]|$))|شاهد(?=\\s*:[^.؟!]*$)|المزيد من (?:الأخبار|المقالات|المواضيع)(?=\\s*:?\\s*$)|شاهد (?:${ALSO}|المزيد|الفيديو|بالفيديو)(?=\\s*(?:[:.…|]|$))|قد يهمك|قد يعجبك|ربما يعجبك|قد ترغب|يمكنكم قراءة|يمكنك قراءة|(?:مواضيع|موضوعات|أخبار|مقالات|الأخبار|قصص|المزيد من) (?:ذات صلة|ذات الصلة|متعلقة|مشابهة|مرتبطة|أخرى)|ذات صلة(?=\\s*[:]?\\s*$)|related (?:posts|articles|news|stories|topics)|you may (?:also )?like|see also)`;
const CALL =
	"(?:تابع(?:وا)? (?:قناة|صفحة|حساب)\\s[^.؟!:]{2,40}\\s(?:على|عبر|في) (?:ال)?(?:واتس|تل[يغك]|فيس|يوتيوب|تويتر|اكس|انست)|للتواصل معنا|للاتصال بنا|لمراسلتنا|رابط (?:القناة|قناتنا|المجموعة)|يسمح (?:بإعادة النشر|بالنقل)|إذا كنت تعتقد(?:/تعتقدين)? أن (?:المقال|الخبر|المادة)\\s|تابعونا|تابعنا|تابعوا (?:قناتنا|صفحتنا|حساباتنا|آخر|شبكة)|تابع (?:قناتنا|صفحتنا|حساباتنا|آخر|أحدث)|يمكنكم? متابعة (?:أخبارنا|آخر|قناتنا)|لمتابعة (?:آخر|أحدث|المزيد|قناتنا|صفحتنا|الأخبار|أخبارنا)|لمتابعتنا|لتصلك (?:آخر|أحدث|الأخبار|أخبار)|اشترك(?:وا)? (?:في (?:قنا|صفح|نشر|النشرة|خدم|القنا)|ب(?:ال)?(?:قنا|نشر|خدم)|معنا|الآن)|للاشتراك|انضم(?:وا)? (?:إلى قنا|إلى مجموع|لقناة|إلينا)|حمل(?:وا)? (?:تطبيق|التطبيق)|لتحميل التطبيق|شارك(?:ونا)? (?:الخبر|المقال|الموضوع|هذا|عبر|على|رأيك)|شاركها|انشر الخبر|(?:اضغط|انقر) (?:هنا(?! و)|ل)|معجب بهذه|إعجاب تحميل|للاطلاع على (?:المزيد|آخر الأخبار)|هل تريد متابعة|للمزيد|لمزيد من (?:الأخبار|أخبار|التفاصيل|المعلومات)|لقراءة (?:المزيد|الخبر|المقال|التقرير|بقية|تفاصيل)|لمشاهدة (?:الفيديو|المزيد|الصور|التقرير|ملخص|أهداف|البث|المقطع|اللقاء|الحلقة)|المزيد من (?:الأخبار|المقالات|التفاصيل)(?=\\s*(?:[:.…|<>»-]|(?:عن|على|عبر|حول|في|من|اضغط|تجدونه)\\s|$))|share on|follow us|subscribe|share this|click here|join (?:us|our)|download (?:the|our) app)";
const START = '^[\\s•·*■▪►◄«"|<>.–—-]*';
// Behind a coloured sign what is read as a tail is none of these.
const SIGNED = `^[\\p{Extended_Pictographic}\\uFE0F\\s]+(?!${READ})${CALL}`;
const ANYWHERE = new RegExp(fold(`${START}(?:${MORE}|${CALL})|${SIGNED}`), "iu");
const LIST = new RegExp(fold(`${START}${MORE}(?![\\p{L}])[^:]{0,12}:?\\s*[.…<>«»|-]*$`), "iu");
const TAIL = new RegExp(
	fold(
		`(?:(?<=[.!؟…»”)])\\s*|(?<=")\\s+)[|•–—-]*\\s*(?:${MORE}|${CALL}).*$|(?<=\\S)\\s+[|•–—-]*\\s*${READ}(?![\\p{L}]).*$`,
	),
	"iu",
);
// A path through the site above the article.
// What a call to action calls to; without it a whole sentence is the text's own.
const OURS =
	/http|قنات|صفحت|تطبيق|نشرت|النشره|الرابط|هنا|تلغرام|تلكرام|تليجرام|تيليجرام|واتس|فيسبوك|يوتيوب|تويتر|اخبار/u;
const NEIGHBOUR = /^[←→<>«»\s]*(?:الخبر|المقال|المقاله|التدوينه) (?:السابق|السابقه|التالي|التاليه)(?!\p{L})/u;
const PATH = /^(?:الرئيسيه|الصفحه الرئيسيه|home)\s*[/|»>›\\←-]\s*\S.{0,80}$/iu;
const WHOLE = new Set(
	[
		"إعلان",
		"اعلانات",
		"إعلان ممول",
		"الأخبار",
		"الاخبار",
		"أخبار",
		"المزيد",
		"آخر الأخبار",
		"الرئيسية",
		"الصفحة الرئيسية",
		"القائمة",
		"بحث",
		"البحث",
		"عودة إلى الأعلى",
		"تخطي إلى المحتوى",
		"انتقل إلى المحتوى",
		"التجاوز إلى المحتوى",
		"التجاوز إلى المحتوى الرئيسي",
		"Skip to main content",
		"Skip to content",
		"Advertisement",
		"Advertisements",
		"Opinions",
		"Menu",
		"Search",
		"Home",
		"News",
		"Loading",
		"Side Adv1",
		"Side Adv2",
		"Side Adv2 Side Adv1",
		"اخر تحديث",
		"تعليقات",
		"لا توجد تعليقات",
		"لا يوجد تعليقات",
		"نص الخبر",
		"التاريخ",
		"قيم هذا الخبر",
		"قيم الخبر",
		"قيم المقال",
		"قيم هذا المقال",
		"تفاصيل الخبر",
		"التفاصيل",
		"حجم الخط",
		"استمع للخبر",
		"استمع إلى الخبر",
		"استمع",
		"A+ A",
		"تكبير الخط",
		"تصغير الخط",
		"تكبير الخط تصغير الخط",
		"في هذا المقال",
		"صورة أرشيفية",
		"صور أرشيفية",
		"صورة من الأرشيف",
		"الصورة من الأرشيف",
		"صور من الأرشيف",
		"صورة تعبيرية",
		"صورة توضيحية",
		"أرشيف",
		"أرشيفية",
		"سياسة",
		"سياسية",
		"محليات",
		"محلي",
		"اقتصاد",
		"رياضة",
		"ثقافة",
		"أمن",
		"منوعات",
		"أخبار العراق",
		"أخبار محلية",
		"أخبار عربية",
		"أخبار دولية",
		"تابع القراءة",
		"متابعة القراءة",
		"أكمل القراءة",
		"إكمال القراءة",
		"نسخ الرابط",
		"تم نسخ الرابط",
		"الرابط المختصر",
		"رابط مختصر",
		"طباعة",
	].map(compareKey),
);
const CLOSERS = new Set(
	[
		"Opinions",
		"الأكثر قراءة",
		"الأكثر مشاهدة",
		"الأكثر تداولا",
		"الأكثر شعبية",
		"الأكثر شيوعا",
		"الأكثر تفاعلا",
		"الأخبار اقرأ المزيد",
		"اترك تعليقا",
		"اترك تعليق",
		"اترك ردا",
		"أضف تعليقا",
		"اضف تعليق",
		"أضف تعليق",
		"اكتب تعليقا",
		"التعليقات",
		"comments",
		"leave a comment",
		"leave a reply",
		"most read",
		"most popular",
		"شارك برأيك",
		"لن يتم نشر عنوان بريدك الإلكتروني",
	].map(compareKey),
);
const CLOSER_START =
	/^(?:جميع الحقوق محفوظة|كافة الحقوق محفوظة|حقوق النشر محفوظة|©|copyright|all rights reserved|ظهرت (?:المقالة|المقال|التدوينة|هذه المقالة) |the post .* (?:appeared first on|first appeared on) |لن يتم نشر عنوان بريدك)/iu;
const COUNTS =
	/^(?:القراءات|عدد القراءات|المشاهدات|عدد المشاهدات|الزيارات|عدد الزيارات|قراءات|مشاهدات|views|التعليقات|عدد التعليقات|تعليقات|المشاركات|عدد المشاركات|الإعجابات|كود الخبر|رقم الخبر|رمز الخبر|معرف الخبر|وقت القراءة|مدة القراءة|زمن القراءة)\s*[:：]?\s*[\d٠-٩.,]+(?:\s+\p{L}+){0,2}$|^[0-5](?:[.,][0-9])?\s?\/\s?5$|^\(?[\d٠-٩]+\s+(?:صوت|أصوات|تصويت)\)?$|^[\d٠-٩.,]+\s+(?:قراءة|مشاهدة|تعليق|تعليقات|زيارة|مشاركة|views?|comments?|shares?)$/iu;
// The buttons above an article: «طباعة | إرسال إلى صديق | حجم الخط».
const TOOLS = new RegExp(
	fold(
		"^(?:[\\s|•·/،+-]*(?:طباعة(?: (?:الخبر|المقال|الصفحة))?|(?:إرسال|أرسل)(?: (?:الخبر|المقال))? (?:إلى|الى|ل)\\s?صديق|(?:إرسال|أرسل) بالبريد(?: الإلكتروني)?|(?:حجم|تكبير|تصغير) (?:الخط|النص)|نسخ الرابط|حفظ (?:المقال|الخبر|الصفحة)|استمع(?: (?:للخبر|للمقال|إلى الخبر|إلى المقال))?|مشاركة|A ?[+-]|print|pdf)(?![\\p{L}]))+[\\s|•·/+A-]*$",
	),
	"iu",
);
const TOOL = /^(?:طباع|[اي]?رسال|ارسل|حجم|تكبير|تصغير|نسخ|حفظ|استمع|مشاركه|a|print|pdf)/;
// «لمشاهدة ملخص المباراة اضغط هنا»
const CLICK =
	/^(?:لل?\p{L}+ه?\s[^.؟!:«»"]{0,60}|للمزيد\s?)\s?(?:اضغطو?ا?|انقرو?ا?) (?:هنا|علي? ال(?:رابط|صوره))[\s.!]*$/u;
const CLICK_KURDISH = /(?:کلیک|کرتە) (?:لێرە|لەسەر لینکەکە) ?بکەن?[\s.!]*$/u;
// A line of nothing but these and figures says when.
const STAMP = new Set(
	"السبت الاحد الاثنين الثلاثاء الاربعاء الخميس الجمعه يوم اليوم كانون تشرين كانون1 كانون2 تشرين1 تشرين2 الاول الثاني اول ثاني ثان شباط اذار نيسان ايار حزيران تموز اب ايلول يناير فبراير مارس ابريل مايو يونيو يونيه يوليو يوليه اغسطس سبتمبر اكتوبر نوفمبر ديسمبر جانفي فيفري افريل ماي جوان جويليه اوت غشت شتنبر نونبر دجنبر يوليوز محرم صفر ربيع الاخر جمادي الاولي الاخره الثانيه رجب شعبان رمضان شوال ذو ذي القعده الحجه الموافق في علي بتاريخ تاريخ التاريخ نشر نشرت النشر الاضافه تم اخر الاخبار تحديث الوقت الساعه بتوقيت توقيت مكه المكرمه غرينتش جرينتش كرينتش بغداد المحلي ت م ه ص صباحا مساء ظهرا عصرا ليلا فجرا منذ قبل ثانيه ثوان ثواني ثانيتين دقيقه دقائق دقيقتين ساعه ساعات ساعتين يومين ايام اسبوع اسبوعين اسابيع شهر شهرين اشهر للقراءه قراءه وقت مده زمن القراءه updated published last on at am pm gmt utc monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may june july august september october november december jan feb mar apr jun jul aug sep oct nov dec min read minutes ago hours"
		.split(" ")
		.map(compareKey),
);
const MOMENT =
	/\d{1,2}\s?([/.-])\s?\d{1,2}\s?\1\s?\d{2,4}|\d{4}\s?([/.-])\s?\d{1,2}\s?\2|\d\d?:\d\d|\p{L}\s*\d{4}|\d{4}\s*م|(?:منذ|قبل) \S|\d+ (?:دقيقه|دقايق|min)|,\s*\d{4}/u;
const TAGS =
	/^(?:الكلمات (?:المفتاحية|الدلالية|المفتاحيه|الدالة)|كلمات (?:مفتاحية|دلالية|دالة)|وسوم|الوسوم|وسم|الوسم|دلالات(?=\s*:[^.؟!]*[،,|][^.؟!]*$)|تاغات|تاجات|علامات|هاشتاك|tags?|keywords|filed under|التصنيف|التصنيفات|القسم|الأقسام)\s*(?:[:/|]|$)/iu;
const HASHTAGS = /^(?:[#＃][\p{L}\p{M}\p{N}_\u200C]+[\s،,|/•-]*)+$/u;
const HASHTAG_TAIL = /(?<=[.!؟…»"”)])(?:[\s،|]*#[\p{L}\p{M}\p{N}_\u200C]+)+[\s.]*$/u;
const SHARE_WORDS = new Set(
	"facebook twitter x whatsapp telegram youtube instagram linkedin pinterest email mail print share tweet viber messenger skype reddit tumblr tiktok snapchat rss copy link threads bluesky google plus vk فيسبوك فيس بوك تويتر اكس واتساب واتس اب تلغرام تلكرام تليجرام تيليجرام تيليغرام تليغرام يوتيوب انستغرام انستقرام انستجرام لينكدان لينكد لينكدين بنترست بينتيريست فايبر ماسنجر مسنجر تيك توك سناب شات مشاركه شارك شاركها طباعه نسخ الرابط رابط البريد الالكتروني بريد ايميل حفظ تغريد تغريده على علي عبر عبره غرد ارسال ارسل"
		.split(" ")
		.map(compareKey),
);
const SHARE_NAMES =
	/facebook|twitter|whatsapp|telegram|youtube|instagram|linkedin|فيسبوك|فيس بوك|تويتر|واتس ?[اآ]ب|تل[يغك]|انست|لينكد|يوتيوب|تيك توك|ماسنجر|سناب|فايبر|share|مشارك|شارك|تغريد|طباع|نسخ الرابط/iu;
const SHARE_TAIL =
	/(?:\s+(?:Facebook|Twitter|WhatsApp|Telegram|YouTube|Instagram|LinkedIn|Pinterest|Email|Print|Share|Tweet|Viber|Messenger|X|فيسبوك|تويتر|واتساب|تلغرام|تليجرام|تيليجرام|يوتيوب|انستغرام|إنستغرام|لينكدإن|لينكد إن|ماسنجر|فايبر|طباعة|مشاركة)){2,}\s*$/u;

// An address on a network is where to follow somebody or what was embedded.
const NETWORK =
	/^(?:https?:\/\/)?(?:www\.|m\.|mobile\.|pic\.)?(?:t\.me|telegram\.me|facebook\.com|fb\.watch|fb\.com|twitter\.com|x\.com|instagram\.com|youtube\.com|youtu\.be|tiktok\.com|whatsapp\.com|chat\.whatsapp\.com|wa\.me|linkedin\.com|threads\.net)(?:\/\S*)?$/i;

const LONGEST_WHOLE = 45;

/** What a whole line of the page's furniture is, or undefined for a line of text. */
export function readFurniture(line: string): Furniture | undefined {
	if (line.length > 250) return HASHTAGS.test(line) ? { rule: "tags" } : undefined;
	const first = firstKey(line.slice(0, 24));
	const figure = /^\d{1,4}[مه]?$/.test(first);
	const stamped = figure || STAMP.has(first);
	const shared = figure || SHARE_WORDS.has(first) || SHARE_WORDS.has(first.replace(/^و/, ""));
	const key =
		line.length > LONGEST_WHOLE && !stamped && !shared
			? ""
			: compareKey(line).replace(/^[\s•·*|<>.»«(-]+|[\s:.…|<>»«)-]+$/g, "");
	if (CLOSERS.has(key) || CLOSER_START.test(line) || /^(?:ال)?تعليقات\s*\([0-9٠-٩]+\)$/.test(line))
		return { rule: "furniture", ends: true, list: /^(?:الاكثر|most)/.test(key) };
	if (WHOLE.has(key) || (line.length <= 90 && TOOL.test(first) && TOOLS.test(fold(line)))) return { rule: "furniture" };
	if (
		line.length <= 110 &&
		/هنا|علي|على|بک/.test(line.slice(-30)) &&
		(CLICK.test(fold(line)) || CLICK_KURDISH.test(line))
	)
		return { rule: "furniture" };
	if (isEnd(line)) return { rule: "end" };
	if (COUNTS.test(line) || (stamped && isStamp(line, key))) return { rule: "timestamp" };
	if (HASHTAGS.test(line)) return { rule: "tags" };
	if (TAGS.test(line)) return { rule: "tags", list: /[\p{L}]\s*:?$/u.test(line) && wordsOf(line).length < 3 };
	if (NETWORK.test(line)) return { rule: "share" };
	if (shared && isShare(key)) return { rule: "share" };
	const head = fold(line.slice(0, 90).replace(/[\u064B-\u0652]/g, ""));
	if (!ANYWHERE.test(head) && !NEIGHBOUR.test(head) && !PATH.test(head)) return undefined;
	const plain = fold(line.replace(/[\u064B-\u0652]/g, ""));
	if (PATH.test(plain) || NEIGHBOUR.test(plain)) return { rule: "furniture" };
	if (plain.length <= 200 && ANYWHERE.test(plain)) {
		if (LIST.test(plain)) return { rule: "furniture", list: true };
		const call = ANYWHERE.exec(plain)?.[0].length ?? 0;
		if (/[^.]\.$/.test(plain) && wordsOf(plain).length > 7 && !OURS.test(plain.slice(call))) return undefined;
		// A call to action is short, or carries an address.
		if (plain.length <= 130 && !/[.؟!]\s+\S+\s+\S+\s+\S+/.test(plain.replace(/https?:\S+/g, "")))
			return { rule: "furniture" };
	}
	return undefined;
}

/** Where the furniture glued to the end of a paragraph (`plain` is its folded form) begins, and which rule saw it. */
export function readTail(
	line: string,
	plain: string,
): { readonly start: number; readonly rule: "tail" | "end" | "share" | "tags" } | undefined {
	const more = line.length > 3000 ? null : TAIL.exec(plain);
	if (more && more.index > 0 && line.length - more.index <= 300) return { start: more.index, rule: "tail" };
	const end = endingOf(line);
	if (end > 0) return { start: end, rule: "end" };
	const tags = line.includes("#") ? HASHTAG_TAIL.exec(line) : null;
	if (tags && tags.index > 0) return { start: tags.index, rule: "tags" };
	const share = /[.؟!…»"”):]$/.test(line) ? null : SHARE_TAIL.exec(line);
	return share && share.index > 0 ? { start: share.index, rule: "share" } : undefined;
}

/** Whether a line in a list of other articles is a headline: short, and no sentence. */
export function isListed(line: string): boolean {
	return line.length <= 130 && !/[.!؟:]["»”)]*$/.test(line);
}

function isStamp(line: string, key: string): boolean {
	if (line.length > 90 || !MOMENT.test(key)) return false;
	const words = wordsOf(line);
	return words.length <= 18 && words.every((word) => STAMP.has(word.key) || /^\d{1,4}[مه]?$/.test(word.key));
}

function isShare(key: string): boolean {
	const words = key.match(/[\p{L}\p{N}]+/gu) ?? [];
	return (
		words.length > 0 &&
		words.length <= 24 &&
		words.every((word) => SHARE_WORDS.has(word) || SHARE_WORDS.has(word.replace(/^و/, "")) || /^\d{1,4}$/.test(word)) &&
		SHARE_NAMES.test(key)
	);
}

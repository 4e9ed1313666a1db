/** One case of cleaning: what goes in, what is left, who is credited, and the rule without which it fails. */
export interface Case {
	readonly rule: string;
	readonly body: string;
	readonly text: readonly string[];
	readonly credits?: readonly string[];
	readonly title?: string;
}

const A = "أعلنت مديرية الموارد المائية، اليوم الأحد، إطلاق حصة إضافية من المياه إلى أنهار الجنوب.";
const B = "اتهم عضو في مجلس المحافظة، الاثنين، شركات التنفيذ بالتلكؤ في إنجاز جسر المدينة الجديد.";
const C = "وقال مدير المشروع إن العمل يستمر ثلاثة أشهر، وإن الكلفة تبلغ سبعة مليارات دينار.";
const T = "الموارد المائية تطلق حصة إضافية إلى أنهار الجنوب";

function goes(rule: string, head: string, credits: readonly string[] = [], text = A): Case {
	return { rule, body: head + text, text: [text], credits };
}

function line(rule: string, above: string, credits: readonly string[] = []): Case {
	return { rule, body: `${above}\n${A}\n${C}`, text: [A, C], credits };
}

function tail(rule: string, below: string, credits: readonly string[] = []): Case {
	return { rule, body: `${A}\n${C}\n${below}`, text: [A, C], credits };
}

export const cases: readonly Case[] = [
	// Label lines
	line("label", "المصدر: منظمة جسور الرافدين", ["منظمة جسور الرافدين"]),
	line("label", "المصدر : وكالة الفجر الجديد", ["وكالة الفجر الجديد"]),
	line("label", "• المصدر / السومرية نيوز", ["السومرية نيوز"]),
	line("label", "22/11/2026 المصدر: صدى الأهوار", ["صدى الأهوار"]),
	line("label", "22 تشرين الثاني 2026 | المصدر: رويترز", ["رويترز"]),
	line("label", "المصدر: رويترز - الأناضول", ["رويترز", "الأناضول"]),
	line("label", "المصدر: رابطة نهر العظيم | 22-11-2026", ["رابطة نهر العظيم"]),
	line("label", "المصدر: https://www.dijlah-voice.example/news/44", ["dijlah-voice.example"]),
	line("label", "نقلا عن السومرية نيوز", ["السومرية نيوز"]),
	line("label", "نقلاً عن: صحيفة ضفاف", ["صحيفة ضفاف"]),
	line("label", "كتب: مراسل القسم الاقتصادي", ["مراسل القسم الاقتصادي"]),
	line("label", "كتبت / نهلة عبد الأمير", ["نهلة عبد الأمير"]),
	line("label", "تصوير: حيدر السعدي", ["حيدر السعدي"]),
	line("label", "ترجمة: قسم الترجمة", ["قسم الترجمة"]),
	line("label", "إعداد: ميادة الربيعي", ["ميادة الربيعي"]),
	line("label", "بقلم نوري الحمداني", ["نوري الحمداني"]),
	line("label", "تعليق على الصورة: عمال في محطة الضخ", []),
	line("label", "مصدر الصورة: رويترز", ["رويترز"]),
	tail("label", "المصدر: وكالات", ["وكالات"]),
	{
		rule: "label",
		body: `${A} المصدر: رويترز`,
		text: [A],
		credits: ["رويترز"],
	},
	{
		rule: "label",
		body: `${A}\n${C} (رويترز)`,
		text: [A, C],
		credits: ["رويترز"],
	},
	goes("label", "المصدر: السومرية نيوز ", ["السومرية نيوز"]),

	// Bylines
	line("byline", "من سرمد يعقوب", ["سرمد يعقوب"]),
	line("byline", "بغداد: سرمد يعقوب", ["سرمد يعقوب"]),
	goes("byline", "سرمد يعقوب من البصرة: ", ["سرمد يعقوب"]),
	goes("byline", "كتبت – هناء الجبوري: ", ["هناء الجبوري"]),
	goes("byline", "تقرير: نبيل الساعدي – ", ["نبيل الساعدي"]),
	tail("byline", "(إعداد سرمد يعقوب للنشرة العربية - تحرير هناء الجبوري)", [
		"سرمد يعقوب للنشرة العربية - تحرير هناء الجبوري",
	]),

	// Provided by
	line("provided", "هذا المحتوى مقدم من مرصد الرافدين", ["مرصد الرافدين"]),
	tail("provided", "هذه المادة مقدمة من: شبكة ضفاف الإخبارية", ["شبكة ضفاف الإخبارية"]),
	tail("provided", "تم إعداد هذا التقرير بالتعاون مع منظمة جسور", ["منظمة جسور"]),

	// Chains
	goes("chain", "السومرية نيوز/ بغداد: ", ["السومرية نيوز"]),
	goes("chain", "شفق نيوز/ ", ["شفق نيوز"]),
	goes("chain", "بغداد – واع: ", ["واع"]),
	goes("chain", "بغداد/ واع - ", ["واع"]),
	goes("chain", "واع – بغداد – ", ["واع"]),
	goes("chain", "بغداد - ", []),
	goes("chain", "الناصرية / ", []),
	goes("chain", "كربلاء المقدسة — ", []),
	goes("chain", "بغداد-واع: ", ["واع"]),
	goes("chain", "المدى | البصرة | ", ["المدى"]),
	goes("chain", "خاص / السومرية نيوز / الموصل - ", ["خاص", "السومرية نيوز"]),
	goes("dateline", "بغداد 22 تشرين الثاني (رويترز) - ", ["رويترز"]),
	goes("chain", "بغداد 22 نوفمبر تشرين الثاني – ", []),
	goes("chain", "بغداد - 22-11-2026 - واع: ", ["واع"]),
	goes("chain", "رويترز: ", ["رويترز"]),
	goes("dateline", "القاهرة: «الشرق الأوسط» - ", ["الشرق الأوسط"]),
	goes("dateline", 'بغداد - "AFP" - ', ["AFP"]),
	goes("chain", "(أ ف ب) - ", ["أ ف ب"]),
	goes("chain", "rafidain-voice.com / البصرة: ", ["rafidain-voice.com"]),
	goes("chain", "وكالة ضفاف للأنباء/ أربيل: ", ["وكالة ضفاف للأنباء"]),
	goes("chain", "نهران نيوز – الديوانية – ", ["نهران نيوز"]),
	goes("chain", "شبكة اخبار المربد / وكالة الهور نيوز / ميسان / ", ["شبكة اخبار المربد", "وكالة الهور نيوز"]),
	goes("chain", "صحيفة الضفتين / ", ["صحيفة الضفتين"]),
	goes("chain", "بيروت (لبنان) – رويترز: ", ["رويترز"]),
	goes("chain", "محافظة واسط - ", []),
	goes("chain", "بغداد / خاص : ", ["خاص"]),
	goes("chain", "بغداد، العراق – ", []),

	// Place and agency in brackets
	goes("dateline", "بغداد (رويترز) - ", ["رويترز"]),
	goes("dateline", "دبي، الإمارات العربية المتحدة (CNN)-- ", ["CNN"]),
	goes("dateline", "السماوة (وكالة ضفاف نيوز) – ", ["وكالة ضفاف نيوز"]),
	goes("dateline", "أنقرة (أ ف ب): ", ["أ ف ب"]),
	goes("dateline", "السليمية (رويترز) - ", ["رويترز"]),
	goes("dateline", "النجف [واع] - ", ["واع"]),
	goes("dateline", 'أربيل "روداو" – ', ["روداو"]),
	goes("dateline", "كركوك (صدى كركوك) - ", ["صدى كركوك"]),
	goes("dateline", "قره تبه، ديالى (السومرية نيوز) - ", ["السومرية نيوز"]),

	// Glued: the first sentence stands behind the last place
	goes("glued", "شبكة اخبار الضفاف/ السومرية نيوز / ذي قار ", ["شبكة اخبار الضفاف", "السومرية نيوز"], B),
	goes("glued", "شفق نيوز / ديالى ", ["شفق نيوز"], B),
	goes("glued", "خاص – واسط ", ["خاص"], B),
	goes("glued", "واع / كربلاء المقدسة ", ["واع"], B),

	// Unknown names, known by their place in a chain
	goes("shape", "صوت الفرات / الحلة / ", ["صوت الفرات"]),
	goes("shape", "بابل نت/ الحلة: ", ["بابل نت"]),
	goes("shape", "بغداد / المسار الجديد / ", ["المسار الجديد"]),
	goes("shape", "بغداد – صدى النهرين: ", ["صدى النهرين"]),
	goes("shape", "السومرية نيوز / حسن الكعبي / بغداد: ", ["السومرية نيوز", "حسن الكعبي"]),
	goes("shape", "مرايا الجنوب/ ", ["مرايا الجنوب"]),
	line("shape", "صدى الرافدين / بغداد", ["صدى الرافدين"]),
	line("shape", "المدى / سعد كاظم / بغداد", ["المدى", "سعد كاظم"]),
	line("shape", "بغداد / سعد كاظم", ["سعد كاظم"]),
	line("shape", "بغداد – سعد كاظم", ["سعد كاظم"]),
	line("shape", "سعد كاظم – بغداد", ["سعد كاظم"]),
	goes("dateline", "دهوك، 21 تشرين الثاني (رويترز) - ", ["رويترز"]),
	goes("chain", "دهوك، 21 تشرين الثاني/نوفمبر (رويترز) - ", ["رويترز"]),
	goes("chain", "عنكاوا كوم – بغديدا – ", ["عنكاوا كوم"]),

	// Lines of nothing but credits
	line("credit-line", "بغداد/ واع", ["واع"]),
	line("credit-line", "خاص", ["خاص"]),
	line("credit-line", "السماوة / وكالات", ["وكالات"]),
	line("credit-line", "وكالة ضفاف نيوز – البصرة", ["وكالة ضفاف نيوز"]),
	line("credit-line", "شبكة اخبار الضفاف | السومرية نيوز | ذي قار", ["شبكة اخبار الضفاف", "السومرية نيوز"]),
	line("credit-line", "(رويترز)", ["رويترز"]),
	line("credit-line", "الرياض: «صحيفة الشرق الأوسط»", ["صحيفة الشرق الأوسط"]),
	line("label", "متابعة – ضفاف نيوز", ["ضفاف نيوز"]),
	line("credit-line", "dijlah-voice.news", ["dijlah-voice.news"]),
	line("place-line", "البصرة", []),
	line("place-line", "النجف الأشرف:", []),

	// The title again
	{ rule: "title", title: T, body: `${T}\n${A}`, text: [A] },
	{ rule: "title", title: T, body: `${T} ${A}`, text: [A] },
	{ rule: "title", title: T, body: `.${T} ${T} ${A}`, text: [A] },
	{ rule: "title", title: T, body: `${T}. ${T}! ${T} - ${A}`, text: [A] },
	{
		rule: "title",
		title: T,
		body: `${T}: في بيان صدر اليوم عن الوزارة وتسلمنا نسخة منه.`,
		text: ["في بيان صدر اليوم عن الوزارة وتسلمنا نسخة منه."],
	},
	{ rule: "title", title: `عاجل | ${T}`, body: `${T} ${A}`, text: [A] },
	{
		rule: "title",
		title: T,
		body: `${T} السومرية نيوز / بغداد: ${A}`,
		text: [A],
		credits: ["السومرية نيوز"],
	},
	{ rule: "title", title: T, body: `${A}\n${T}\n${C}`, text: [A, C] },
	{
		rule: "title",
		title: T,
		body: `${T} Facebook Twitter Telegram\n${A}`,
		text: [A],
	},
	{
		rule: "title",
		title: "«الموارد» تطلق حصة إضافية إلى أنهار الجنوب",
		body: `الموارد تطلق حصّة إضافية الى أنهار الجنوب\n${A}`,
		text: [A],
	},

	// Stray signs
	goes("stray", "."),
	goes("stray", "• "),
	goes("stray", "- "),
	goes("stray", "…"),
	goes("stray", "، "),
	goes("stray", "► "),
	{ rule: "stray", title: `.${T}`, body: `• ${A}`, text: [A] },
	{
		rule: "doubled",
		body: "أعلنت الوزارة،، اليوم، إطلاق حصة جديدة من المياه.",
		text: ["أعلنت الوزارة، اليوم، إطلاق حصة جديدة من المياه."],
	},
	{
		rule: "doubled",
		body: "أعلنت الوزارة اليوم إطلاق حصة جديدة من المياه .",
		text: ["أعلنت الوزارة اليوم إطلاق حصة جديدة من المياه."],
	},

	// Sub-headlines
	line("subheadline", "• حصص جديدة لأهوار الجنوب\n• العمل يستمر ثلاثة أشهر"),
	line("subheadline", "- الكلفة سبعة مليارات دينار"),
	line("subheadline", "▪ الوزارة: لا نقص في المياه\n▪ جولة ميدانية الأسبوع المقبل\n▪ افتتاح محطتين"),

	// Furniture
	tail("furniture", "اقرأ أيضاً: أسعار الذهب في الأسواق المحلية"),
	tail("furniture", "إقرأ المزيد"),
	tail("furniture", "للمزيد: https://rafidain.example/تقارير/المياه"),
	tail("furniture", "تابعونا على تلغرام: t.me/rafidain"),
	tail("furniture", "اشترك في قناتنا على يوتيوب"),
	line("furniture", "Skip to main content"),
	line("furniture", "إعلان"),
	tail("furniture", "جميع الحقوق محفوظة 2026"),
	tail("furniture", "ظهرت المقالة الموارد المائية أولاً على شبكة الضفاف."),
	tail("sidebar", "الأكثر قراءة\nفيضانات محدودة في أطراف المدينة القديمة"),
	tail("sidebar", "أخبار ذات صلة\nافتتاح سوق الخضار الجديد في بعقوبة\nحملة تشجير على ضفاف شط العرب"),
	{ rule: "tail", body: `${A} اقرأ أيضاً: أسعار الذهب اليوم`, text: [A] },
	{ rule: "tail", body: `${A}\n${C} تابعونا على تلغرام وفيسبوك`, text: [A, C] },
	tail("end", "انتهى / م.ع"),
	tail("end", "/انتهى/"),
	tail("end", "انتهى29/ح"),
	{ rule: "end", body: `${A}\n${C} انتهى/ س.ك`, text: [A, C] },
	tail("share", "Facebook Twitter WhatsApp"),
	tail("share", "فيسبوك تويتر واتساب تلغرام"),
	tail("share", "شارك على: فيسبوك، تويتر"),
	{ rule: "share", body: `${A} Facebook Twitter Telegram`, text: [A] },
	tail("tags", "الكلمات المفتاحية: مياه، أهوار، الجنوب"),
	tail("tags", "#العراق #الأهوار #مياه"),
	line("timestamp", "الأحد 22 تشرين الثاني 2026 - 10:30"),
	line("timestamp", "2026-11-22 10:20"),
	line("timestamp", "آخر تحديث: 22/11/2026"),
	line("timestamp", "منذ 3 ساعات"),
	line("timestamp", "عدد المشاهدات: 345"),
	{ rule: "repeat", body: `${A}\n${C}\n${A}`, text: [A, C] },
	{ rule: "empty", body: `${A}\n=====\n${C}`, text: [A, C] },
];

/** What merely looks like a credit, a dateline, a repeated title or furniture: it stays to the character. */
export const stays: readonly (readonly [name: string, body: string, title?: string])[] = [
	["two places that sign", "بغداد والرياض توقعان اتفاقاً لربط شبكتي الكهرباء خلال العام المقبل."],
	["a place that acts", "بغداد تستضيف القمة العربية في دورتها المقبلة وسط إجراءات أمنية مشددة."],
	["an airline named like an outlet", "العربية للطيران تعلن تسيير رحلات يومية بين الشارقة والنجف."],
	["a range named like a paper", "المدى الزمني للمشروع لا يتجاوز عامين بحسب الشركة المنفذة."],
	["an agency quoted in the sentence", "نقلت وكالة الأنباء السورية (سانا) عن مصدر عسكري قوله إن الطريق أعيد فتحه."],
	["place-dash-place-colon", "واشنطن - طهران: مفاوضات صعبة حول ملف العقوبات تنطلق الأسبوع المقبل."],
	["place-dash-place without colon", "بغداد - دمشق خط جوي جديد يبدأ رحلاته مطلع الشهر المقبل."],
	["two places with a slash", "البصرة / ميسان: طريق جديد يختصر المسافة إلى النصف."],
	["a speaker and a place", "قال رئيس الوزراء: بغداد آمنة وأبوابها مفتوحة أمام المستثمرين."],
	["a place before a colon", "بغداد: ارتفاع أسعار الوقود يثير قلق أصحاب المولدات الأهلية."],
	["for students only", "خاص بالطلبة: تعليمات جديدة للتقديم على الجامعات الحكومية هذا العام."],
	["a ministry before a colon", "وزارة الصحة: تسجيل سبع إصابات جديدة بالحمى النزفية في الجنوب."],
	["an energy agency before a colon", "وكالة الطاقة الدولية: الطلب على النفط يتراجع للشهر الثالث على التوالي."],
	["a place, a minister, a colon", "بغداد - وزير النفط: الصادرات ترتفع إلى أربعة ملايين برميل يومياً."],
	["a score", "العراق 2 - 1 الأردن في افتتاح بطولة غرب آسيا للناشئين."],
	["a canal before a colon", "قناة السويس: عبور 60 سفينة اليوم بحمولة أربعة ملايين طن."],
	["a source before a colon", "مصدر: وفد دبلوماسي يصل إلى العاصمة غداً لبحث ملف المياه."],
	["a report before a colon", "تقرير: انخفاض نسبة البطالة في ثلاث محافظات خلال عام 2026."],
	["a common word that is a paper", "البيان: ندين الاعتداء على المتظاهرين ونطالب بمحاسبة الفاعلين."],
	["the world before a colon", "العالم: ثمانية مليارات نسمة يتقاسمون موارد تتناقص كل عام."],
	["a footnote in brackets", "محمد سعيد (مهندس) - الذي أشرف على المشروع - يروي تفاصيل البناء."],
	["a witness is no call to action", "شاهد العيان أبو كرار يروي تفاصيل الحريق الذي اندلع في السوق."],
	["it ended", "انتهى اجتماع اللجنة العليا من دون اتفاق على موعد الانتخابات."],
	["a follower", "تابع الوزير سير العمل في المحطة وأوعز بتوفير المواد اللازمة."],
	["more of something", "المزيد من الأمطار متوقعة في شمال البلاد خلال الأيام المقبلة."],
	["an editor wrote", "كتب رئيس التحرير في افتتاحية الصحيفة أن الإصلاح يبدأ من المدرسة."],
	["a negative figure", "-5 درجات سجلتها محطة الرصد في قضاء جومان فجر اليوم."],
	["a fraction at the head", "3.5 مليون زائر وصلوا إلى المدينة القديمة منذ مطلع الشهر."],
	["a question", "هل تعود مياه الأهوار إلى سابق عهدها؟ خبراء يجيبون عن السؤال."],
	["a quotation at the head", "«لن نتخلى عن أرضنا»، قال المزارعون في وقفتهم أمام مبنى المحافظة."],
	["a list in a sentence", "شملت الزيارة بغداد / البصرة / أربيل، والتقى الوفد مسؤولين في المدن الثلاث."],
	["a hyphenated pair", "الاتفاق العراقي-التركي يدخل حيز التنفيذ مطلع العام المقبل."],
	["an agency as subject", "رويترز تنقل مقرها الإقليمي إلى مبنى جديد في وسط العاصمة."],
	["a party before a colon", "الاتحاد: سنخوض المباراة المقبلة بتشكيلة كاملة ومن دون غيابات."],
	["a colon late in the sentence", "وأضاف المتحدث في مؤتمر صحفي: البصرة ستشهد مشاريع كبيرة هذا العام."],
	["an English word", "COP31 ينطلق الأسبوع المقبل بمشاركة وفود من مئة وتسعين دولة."],
	["ten o'clock", "10:30 صباحاً موعد انطلاق الماراثون من ساحة التحرير باتجاه الجسر."],
	["the source of the river", "المصدر الرئيس لمياه النهر هو الثلوج التي تذوب في جبال طوروس."],
	["a bracketed country", "منتخب الناشئين (العراق) يبدأ معسكره التدريبي في مدينة أنطاليا."],
	["an advertisement in the sentence", "إعلان نتائج الامتحانات يتأخر أسبوعاً بسبب اعتراضات الطلبة."],
	["a picture of the city", "صورة المدينة القديمة تتغير مع اكتمال ترميم البيوت التراثية."],
	["a hashtag in the sentence", "أطلق ناشطون وسم #أنقذوا_الأهوار الذي تصدر مواقع التواصل خلال ساعات."],
	[
		"the title in a longer sentence",
		"بوتين يفوز بولاية رئاسية رابعة في انتخابات حصد فيها ثلاثة أرباع الأصوات.",
		"بوتين يفوز بولاية رئاسية رابعة",
	],
	["a short title as subject", "مجلس محافظة ذي قار أعلن أسماء اللجان الدائمة بعد جلسة طويلة.", "مجلس محافظة ذي قار"],
	["several paragraphs", "أعلنت البلدية خطة النظافة.\nوقال مديرها إن العمل يبدأ غداً.\nوتشمل الخطة عشرة أحياء."],
	["zero-width non-joiner", "می‌روم إلى المكتبة كل صباح لقراءة الصحف القديمة."],
];

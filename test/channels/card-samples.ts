import type { Card } from "../../src/channels/card.ts";

/** An ear of wheat on a round ground. */
export const LOGO = new TextEncoder().encode(
	`<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#c8892b"/>
<g fill="#fff"><path d="M30.500 16h3v38h-3z"/><path d="M32 8q5 6 0 12-5-6 0-12zM31 27q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9zM31 38q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9zM31 49q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9z"/></g></svg>`,
);

const PLAIN: Omit<Card, "headline"> = {
	newsroom: "شبكة أخبار السنابل",
	logo: LOGO,
	category: "محليات",
	date: "الاثنين، 23 تشرين الثاني 2026",
	breaking: false,
	scheme: "light",
};

/** Cards that were looked at, by what is difficult about them. */
export const SAMPLES: Readonly<Record<string, Card>> = {
	short: { ...PLAIN, headline: "افتتاح جسر جديد على دجلة" },
	"two words": { ...PLAIN, headline: "عودة الحياة" },
	long: {
		...PLAIN,
		category: "اقتصاد",
		headline:
			"مجلس محافظة نينوى يصوت على موازنة العام المقبل ويخصص 120 مليار دينار لإعادة تأهيل شبكات الماء والكهرباء في القرى العائدة وسط مطالبات بالشفافية",
	},
	"numbers and brackets": {
		...PLAIN,
		scheme: "dark",
		category: "اقتصاد",
		headline: "الموازنة (2026): 3.5% نموًّا و12,400 وظيفة [تفاصيل]",
	},
	"Latin names": {
		...PLAIN,
		category: "طاقة",
		headline: "COP30: العراق يوقع اتفاقًا مع TotalEnergies و Siemens لتشغيل 4 محطات",
	},
	"ڨ and ڤ in Naskh": { ...PLAIN, font: "naskh", category: "ثقافة", headline: "إيڨان ڨاهان يفوز بجائزة ڤيينا للرواية" },
	Sorani: {
		newsroom: "تۆڕی هەواڵی گەنم",
		category: "ژینگە",
		breaking: false,
		scheme: "light",
		colours: { background: "#ffffff", accent: "#7a3b12" },
		headline:
			"هەولێر: پڕۆژەیەکی نوێ بۆ پاراستنی ڕووبار و دارستانەکان لە کوردستان دەستی پێکرد، ساڵی داهاتوو تەواو دەبێت",
	},
	"quotation marks, without a category": {
		newsroom: "شبكة أخبار السنابل",
		breaking: false,
		scheme: "light",
		headline: 'الوزير: «لا تراجع عن الإصلاح» و"المشاريع مستمرة" في 18 محافظة',
	},
	"breaking, with emoji and a phone number": {
		...PLAIN,
		breaking: true,
		headline: "🔴 انقطاع الكهرباء عن بغداد ⚡️ والفرق تعمل 👷‍♂️ للإبلاغ +964 770 123 4567",
	},
	"breaking in dark, with harakat": {
		...PLAIN,
		breaking: true,
		scheme: "dark",
		category: "ثقافة",
		headline: "وَفَاةُ شَاعِرِ البَصْرَةِ بَعْدَ مَسِيرَةٍ امْتَدَّتْ سِتِّينَ عَامًا",
	},
	"a very long word": {
		...PLAIN,
		headline: "لجنة الاستقلاليةوالمؤسساتوالاستراتيجياتوالاقتصاديةوالاجتماعيةوالثقافيةوالسياسية تجتمع",
	},
	"from the left": {
		...PLAIN,
		newsroom: "Sanabil News",
		category: "Energy",
		date: "Monday, November 23, 2026",
		headline: "Iraq signs a new agreement with Siemens to run four power stations in the south",
	},
};

// Draws the pictures of this folder: our own posts, composed by the built program, in the manner of the two platforms.
//   npm run build && CHROMIUM=/usr/bin/chromium node docs/pictures/make.mjs
// Needs Chromium and the fonts Noto Sans Arabic and Noto Color Emoji.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cleaner } from "../../dist/arabic/clean.js";
import { articleOf } from "../../dist/article/article.js";
import { readDemo } from "../../dist/demo.js";
import { composer } from "../../dist/post/compose.js";
import { telegramLayout } from "../../dist/post/telegram-html.js";
import { twitterLayout } from "../../dist/post/tweet-text.js";
import { loadNames, loadTemplates } from "../../dist/templates.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const TEMPLATES = join(HERE, "..", "..", "templates");
const WIDTH = 600;
const folders = { own: [], builtin: TEMPLATES };

const { name, articles } = readDemo(readFileSync(join(TEMPLATES, "demo.yaml"), "utf8"));
const clean = cleaner(await loadNames(folders, { agencies: [], places: [] }));
const manner = {
	newsroom: name,
	timeZone: "Asia/Baghdad",
	digits: "latin",
	hashtags: { map: {}, never: [], most: 2 },
	linkParameters: {},
};
const telegram = composer("telegram", await loadTemplates(folders, "telegram", telegramLayout), manner, telegramLayout);
const twitter = composer("twitter", await loadTemplates(folders, "twitter", twitterLayout), manner, twitterLayout);

/** The demo article whose title holds these words. */
function article(words) {
	const index = articles.findIndex(({ title }) => title.includes(words));
	const { title, tags, paragraphs } = articles[index];
	const url = `https://news.example.org/2026/11/23/${index + 1}`;
	return articleOf({ url, title, body: paragraphs.join("\n"), tags, images: [], source: "demo" }, clean).article;
}
const about = (words, more = {}) => ({ kind: "article", article: article(words), links: true, silent: false, ...more });

const STYLE = `
* { box-sizing: border-box; margin: 0 }
body { width: ${WIDTH}px; font: 17px/1.62 "Noto Sans Arabic", "Noto Sans", "Noto Color Emoji", sans-serif; direction: rtl }
a { color: #1f78c8; text-decoration: none }
.chat { background: #cfe0d3; padding: 22px 26px }
.bubble { background: #fff; border-radius: 14px; padding: 12px 16px 8px; box-shadow: 0 1px 2px #0003 }
.bubble + .bubble { margin-top: 14px }
.channel { color: #1f78c8; font-weight: 700; font-size: 15px; margin-bottom: 4px }
.preview { border-inline-start: 4px solid #1f78c8; background: #eef5fb; border-radius: 6px; padding: 8px 12px; margin: 4px 0 10px }
.preview .site { color: #1f78c8; font-weight: 700; font-size: 14px }
.preview .headline { font-weight: 700; font-size: 15px }
.preview svg { display: block; width: 100%; border-radius: 6px; margin-top: 6px }
.foot { color: #8a9aa5; font-size: 13px; display: flex; gap: 14px; direction: ltr; justify-content: flex-end }
.post { white-space: pre-wrap; overflow-wrap: anywhere }
.post div { unicode-bidi: plaintext; min-height: 1em }
.sheet { background: #fff; padding: 20px 24px; border: 1px solid #dfe5e9 }
.who { display: flex; gap: 12px; align-items: center; margin-bottom: 10px }
.sign { width: 46px; height: 46px; border-radius: 50%; background: #2f6f4f; color: #fff; display: grid; place-items: center; font-weight: 700; font-size: 21px }
.who b { display: block; font-size: 16px; line-height: 1.4 }
.who span, .time { color: #6b7780; font-size: 14px }
.who span, .time { direction: ltr; unicode-bidi: isolate }
.time { margin-top: 12px; padding-top: 10px; border-top: 1px solid #e8edf0 }
`;

/** A picture for an article that has none of its own: a house by a river. */
const HOUSE = `<svg viewBox="0 0 520 200"><rect width="520" height="200" fill="#f3d9a8"/><circle cx="430" cy="52" r="26" fill="#f2b45a"/>
<path d="M0 128q130-46 260-12t260-14v98H0z" fill="#b98a58"/><path d="M96 150V74l66-34 66 34v76z" fill="#8a5a37"/>
<path d="M112 92h26v26h-26zm72 0h26v26h-26z" fill="#f7e4bf"/><path d="M148 104q13-14 26 0v46h-26z" fill="#5d3a22"/>
<path d="M0 150h520v50H0z" fill="#5d93a8"/><path d="M20 170h90M170 182h130M330 168h110" stroke="#8fbccb" stroke-width="4"/></svg>`;

const EYE = `<svg viewBox="0 0 20 12" width="17" fill="none" stroke="#8a9aa5" stroke-width="1.6"><path d="M1 6q9-10 18 0-9 10-18 0z"/><circle cx="10" cy="6" r="2.4"/></svg>`;

/** Both platforms make links of hashtags by themselves. */
const tagged = (markup) => markup.replace(/#[\p{L}\p{M}\p{N}_]+/gu, "<a>$&</a>");

/** Each line by itself, because each has a direction of its own. */
const lines = (markup) =>
	markup
		.split("\n")
		.map((line) => `<div>${line}</div>`)
		.join("");

function bubble({ html, link }, { headline, time, seen }) {
	const preview = link
		? `<div class="preview"><div class="site">${name}</div><div class="headline">${headline}</div>${HOUSE}</div>`
		: "";
	return `<div class="bubble"><div class="channel">${name}</div>${preview}<div class="post">${lines(tagged(html))}</div>
<div class="foot"><span>${EYE} ${seen}</span><span>${time}</span></div></div>`;
}

function tweet({ text }, { time }) {
	const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
	const marked = tagged(escaped.replace(/https:\/\/(\S+)/g, '<a dir="ltr">$1</a>'));
	return `<div class="sheet"><div class="who"><div class="sign">س</div><div><b>${name}</b><span>@sanabil_news</span></div></div>
<div class="post">${lines(marked)}</div><div class="time">${time} · Nov 23, 2026</div></div>`;
}

const HERITAGE = about("ترميم دار تراثية");
const PICTURES = {
	telegram: `<div class="chat">${bubble(telegram(HERITAGE), { headline: HERITAGE.article.title, time: "09:32", seen: "1.2K" })}</div>`,
	twitter: tweet(twitter(HERITAGE), { time: "9:32 AM" }),
	breaking: `<div class="chat">${bubble(telegram(about("عودة التيار", { kind: "breaking", links: false })), { time: "11:05", seen: "3.4K" })}</div>`,
	update: `<div class="chat">${bubble(telegram(about("المراكز الصحية", { links: false, updated: true })), { time: "edited 12:40", seen: "870" })}${bubble(
		telegram(about("رحلة مسائية", { kind: "retraction" })),
		{ time: "edited 13:15", seen: "412" },
	)}</div>`,
	digest: `<div class="chat">${bubble(
		telegram({
			kind: "digest",
			name: "نشرة الصباح",
			at: "2026-11-23T05:00:00.000Z",
			articles: ["مكتبة عامة", "جسر المشاة", "AgriTech", "أسعار الطماطم", "الفراشات", "لقاح الإنفلونزا"].map(article),
			links: true,
			silent: false,
		}),
		{ time: "08:00", seen: "2.1K" },
	)}</div>`,
};

const work = mkdtempSync(join(tmpdir(), "mirsal-pictures-"));
function chromium(...flags) {
	return execFileSync(
		process.env.CHROMIUM || "chromium",
		[
			..."--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(
				" ",
			),
			..."--disable-component-update --disable-sync --hide-scrollbars --force-device-scale-factor=1.5".split(" "),
			`--user-data-dir=${join(work, "profile")}`,
			...flags,
		],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
	);
}
try {
	for (const [picture, body] of Object.entries(PICTURES)) {
		const file = join(work, `${picture}.html`);
		const measure =
			"<script>document.body.dataset.height = Math.ceil(document.body.getBoundingClientRect().height)</script>";
		writeFileSync(
			file,
			`<!DOCTYPE html><html lang="ar"><meta charset="utf-8"><style>${STYLE}</style><body>${body}${measure}</body></html>`,
		);
		const address = pathToFileURL(file).href;
		const height = /data-height="(\d+)"/.exec(chromium(`--window-size=${WIDTH},900`, "--dump-dom", address))[1];
		chromium(`--window-size=${WIDTH},${height}`, `--screenshot=${join(HERE, `${picture}.png`)}`, address);
	}
} finally {
	rmSync(work, { recursive: true, force: true });
}

// node src/build.mjs && node test/bench/cards.mjs: what a headline card costs, beside the bare encoding of the very same picture.
import { CARD_HEIGHT, CARD_WIDTH, drawCard } from "../../dist/channels/card.js";
import { cardText, layOut } from "../../dist/channels/card-text.js";
import { drawingLibrary } from "../../dist/channels/drawing.js";
import { goal, row, say } from "./say.mjs";

/** Milliseconds a card may take once library and fonts are loaded. */
const MOST = 120;

const HEADLINES = [
	"عودة الحياة إلى سوق النبي يونس",
	"مجلس المحافظة يصوت على موازنة العام المقبل ويخصص 120 مليار دينار لإعادة تأهيل شبكات الماء والكهرباء في القرى العائدة",
	"COP30: العراق يوقع اتفاقًا مع TotalEnergies لتشغيل 4 محطات",
	"هەولێر: پڕۆژەیەکی نوێ بۆ پاراستنی ڕووبار و دارستانەکان",
];
const start = performance.now();
const drawing = await drawingLibrary({ warn: (_fields, words) => say(words) })();
if (drawing) {
	const card = (headline) =>
		drawCard(drawing, {
			headline,
			newsroom: "شبكة أخبار السنابل",
			category: "محليات",
			breaking: false,
			scheme: "light",
		});
	const pictures = [await card(HEADLINES[0])];
	const first = performance.now() - start;
	for (const headline of HEADLINES.slice(1)) pictures.push(await card(headline));
	const sheets = [];
	for (const png of pictures) {
		const sheet = drawing.createCanvas(CARD_WIDTH, CARD_HEIGHT);
		sheet.getContext("2d").drawImage(await drawing.loadImage(png), 0, 0, CARD_WIDTH, CARD_HEIGHT);
		sheets.push(sheet);
	}
	const room = { width: 1_032, height: 380, largest: 148, smallest: 40, pitch: 1.42, mostLines: 6 };

	/** Milliseconds for one: the median of the rounds. */
	const median = async (work) => {
		const times = [];
		for (let round = 0; round < 15; round++) {
			const from = performance.now();
			for (let index = 0; index < HEADLINES.length; index++) await work(index);
			times.push((performance.now() - from) / HEADLINES.length);
		}
		return times.sort((left, right) => left - right)[times.length >> 1];
	};
	const floor = await median((index) => sheets[index].encode("png"));
	const sizes = pictures.map(({ length }) => Math.round(length / 1_000)).join(", ");
	say(
		`Headline cards of ${CARD_WIDTH}×${CARD_HEIGHT}: ${sizes} kB; the first, with library and fonts, ${first.toFixed(0)} ms`,
	);
	row("bare PNG encoding of the same pictures (the floor)", `${floor.toFixed(1)} ms`);
	const lines = await median((index) => layOut(cardText(HEADLINES[index]), room, (text) => text.length / 2));
	row("a card's lines alone", `${lines.toFixed(2)} ms`);
	goal("a headline card", await median((index) => card(HEADLINES[index])), MOST, {
		unit: "ms",
		beside: `its bare PNG encoding ${floor.toFixed(1)} ms`,
	});
}

// Draws the three cards of this folder: articles of the demo newsroom, as `mirsal card` draws them.
//   npm run build && node docs/pictures/cards.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawCard } from "../../dist/channels/card.js";
import { cardOf } from "../../dist/channels/card-content.js";
import { drawingLibrary } from "../../dist/channels/drawing.js";
import { readDemo } from "../../dist/demo.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const { name, articles } = readDemo(readFileSync(join(HERE, "..", "..", "templates", "demo.yaml"), "utf8"));
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#c8892b"/>
<g fill="#fff"><path d="M30.500 16h3v38h-3z"/><path d="M32 8q5 6 0 12-5-6 0-12zM31 27q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9zM31 38q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9zM31 49q-9-1-10-9 9 1 10 9zm2 0q9-1 10-9-9 1-10 9z"/></g></svg>`;
const look = {
	newsroom: name,
	logo: new TextEncoder().encode(LOGO),
	scheme: "light",
	timeZone: "Asia/Baghdad",
	digits: "latin",
};

const CARDS = {
	card: ["ترميم دار تراثية", "article", {}],
	"card-dark": ["AgriTech", "article", { scheme: "dark" }],
	"card-breaking": ["عودة التيار", "breaking", {}],
};

const drawing = await drawingLibrary({ warn: (_fields, words) => process.stderr.write(`${words}\n`) })();
if (!drawing) process.exit(1);
for (const [file, [words, kind, more]] of Object.entries(CARDS)) {
	const { title, category, tags } = articles.find((article) => article.title.includes(words));
	const article = { title, tags: [category, ...tags], publishedAt: "2026-11-23T06:32:00.000Z" };
	writeFileSync(join(HERE, `${file}.png`), await drawCard(drawing, { ...cardOf(article, kind, look), ...more }));
}

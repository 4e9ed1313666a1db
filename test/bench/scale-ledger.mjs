// The ledger's part of the scale benchmark, in a process of its own: lists that changed, through watch and intake, and what a post costs the ledger.
//   <folder> <begin> <rounds>
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { cleaner } from "../../dist/arabic/clean.js";
import { embeddedEngine } from "../../dist/engine/embedded.js";
import { holds } from "../../dist/holds.js";
import { openLedger } from "../../dist/ledger/ledger.js";
import { openSqlite } from "../../dist/ledger/sqlite.js";
import { publisher } from "../../dist/publish.js";
import { feedSource } from "../../dist/sources/feed.js";
import { watcher } from "../../dist/watch.js";
import { feedOf, item, sharedItems } from "./scale-feed.mjs";

const [, , folder, begin, count] = process.argv;
const rounds = Number(count);
const warm = 8;
const names = parse(
	readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../templates/credits.yaml"), "utf8"),
);
let time = Number(begin);
const clock = { now: () => new Date(time), at: () => () => {} };
const silence = { debug() {}, info() {}, warn() {}, error() {} };
const quiet = { notify: async () => {}, resolve: async () => {}, ask: async () => {} };
const day = (moment) => moment.toISOString().slice(0, 10);
const { signal } = new AbortController();

const disk = await openSqlite({ path: join(folder, "lists.db"), lock: true, now: clock.now });
let reads = 0;
let writes = 0;
const written = [];
const store = {
	...disk,
	keyv: {
		get(key) {
			reads++;
			return disk.keyv.get(key);
		},
	},
	list(...given) {
		reads++;
		return disk.list(...given);
	},
	async write(batch) {
		writes++;
		const start = performance.now();
		const kept = await disk.write(batch);
		written.push(performance.now() - start);
		return kept;
	},
};
const ledger = openLedger(store, { now: clock.now, day });

/** One look after another, each at a list of its own. */
async function looks(title, listAt) {
	const name = title.replace(/\W+/g, "-");
	let body;
	const door = {
		get: async (url) => ({ status: 200, url, headers: { "content-type": "application/rss+xml" }, body }),
	};
	const url = `https://${name}.example/feed`;
	const source = feedSource({ name, url, web: door, sites: [], own: false });
	const watch = watcher({
		ledger,
		sources: new Map([[name, source]]),
		channels: ["telegram", "twitter"],
		cleaner: cleaner(names),
		firstVisit: 0,
		maxAge: 30 * 86_400_000,
		floodLimit: 50,
		filtered: () => undefined,
		holds: holds({ ledger, channels: ["telegram", "twitter"], admins: quiet, clock }),
		own: new Set(),
		random: Math.random,
		asks: false,
		day,
		clock,
		log: silence,
		admins: quiet,
		wake: async () => {},
	});
	const times = [];
	for (let turn = -warm; turn < rounds; turn++) {
		time += 4_000_000;
		body = listAt(turn + warm, time);
		if (turn === 0) [reads, writes] = [0, 0];
		const [start, cpu] = [performance.now(), process.cpuUsage()];
		await watch.look(name, signal);
		const { user, system } = process.cpuUsage(cpu);
		if (turn >= 0) times.push({ wall: performance.now() - start, cpu: user + system });
	}
	return { title, reads: reads / rounds, writes: writes / rounds, ...middle(times) };
}

function middle(times) {
	const half = times.length >> 1;
	const sorted = (key) => times.map((one) => one[key]).sort((left, right) => left - right)[half];
	return { wall: sorted("wall"), cpu: sorted("cpu") };
}

const at = Number(begin);
const shared = sharedItems(at);
const news = [];
const kinds = {
	"the same entries in other bytes": (turn) => feedOf([`<lastBuildDate>${turn}</lastBuildDate>`, ...shared]),
	"view counters in the markup of 50": (turn) => feedOf(sharedItems(at, `<p data-views="${turn}">.</p>`, "marked")),
	"view counters in the words of 50": (turn) => feedOf(sharedItems(at, `<p>${turn} مشاهدة</p>`, "counted")),
	"49 known, 1 new": (turn, now) => {
		news.unshift(item({ url: `https://new.example/${turn}`, seed: 9_000 + turn, at: now - 60_000 }));
		return feedOf([...news, ...shared]);
	},
};
// Once for nothing, so that what stands first is not measured while the program is still being compiled.
await looks("warming up", kinds["the same entries in other bytes"]);
const looked = [];
for (const [title, listAt] of Object.entries(kinds)) looked.push(await looks(title, listAt));

const handle = openSync(join(folder, "raw"), "w");
const bytes = Buffer.alloc(2_500, 65);
const raw = [];

/** Milliseconds for as many bytes as a post's, appended and forced to the disk by hand, twice. */
function appended() {
	const start = performance.now();
	for (let turn = 0; turn < 2; turn++) {
		writeSync(handle, bytes);
		fdatasyncSync(handle);
	}
	return performance.now() - start;
}

// Posts what was planned, to a channel that answers at once.
const channel = {
	name: "telegram",
	kind: "telegram",
	preview: false,
	compose: ({ article }) => ({
		channel: "telegram",
		kind: "article",
		articles: [article.id],
		silent: false,
		text: article.paragraphs.join("\n"),
		length: 900,
		limit: 4_096,
	}),
	async send() {
		raw.push(appended());
		return { id: "1" };
	},
	find: async () => "absent",
};
const lane = {
	channel,
	pace: { limit: 1_000_000, window: 1_000 },
	policy: { onLost: "ask", quiet: 0, between: 0, patience: 0 },
	links: true,
};
const publish = publisher({
	ledger,
	lanes: new Map([["telegram", lane]]),
	clock,
	log: silence,
	admins: quiet,
	stands: async () => true,
});
const open = await ledger.size("open", "telegram");
written.length = 0;
await publish.run("telegram", signal);
const perPost = written.length / open;
closeSync(handle);
// Intent and result.
const posts = Array.from({ length: open }, (_, turn) => (written[2 * turn] ?? 0) + (written[2 * turn + 1] ?? 0));

const quantile = (times, share) => times.sort((left, right) => left - right)[Math.floor(times.length * share)];

// Keys through a lane of the embedded engine, for nothing.
const engine = embeddedEngine({ clock, log: silence, timeZone: "Asia/Baghdad" });
const keys = 10_000;
const started = process.cpuUsage();
await new Promise((resolve) => {
	let left = keys;
	engine.lane("bench", 8, async () => {
		if (--left === 0) resolve();
		return "done";
	});
	for (let key = 0; key < keys; key++) engine.add("bench", String(key));
	engine.start();
});
const spent = process.cpuUsage(started);
await engine.stop();
process.send({
	looked,
	posts: { open, perPost, p50: quantile(posts, 0.5), p95: quantile(posts, 0.95) },
	raw: { p50: quantile(raw, 0.5), p95: quantile(raw, 0.95) },
	engine: (spent.user + spent.system) / keys,
});
await ledger.close();
process.disconnect();

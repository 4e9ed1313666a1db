// node src/build.mjs && node test/bench/scale.mjs [--quick]: ten thousand sources and a million articles, beside bare undici and a bare disk in the same run.
// Compressed: time. A round is what five minutes bring to sources that are looked at every five minutes; rounds follow one another at once, the clock is moved on by hand.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Agent } from "undici";
import { openSqlite } from "../../dist/ledger/sqlite.js";
import { hostOf } from "./scale-feed.mjs";
import { allGoals, goal, isQuick as quick, row, say } from "./say.mjs";

const SOURCES = quick ? 1_000 : 10_000;
const ARTICLES = quick ? 100_000 : 1_000_000;
const LOOKS = 50;
const INTERVAL = 300_000;
/** Longer than the longest wait between two looks, so that every source is due. */
const MOVE = 4_000_000;
const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "mirsal-scale-"));
const children = new Set();

try {
	await measure();
} finally {
	for (const child of children) child.kill();
	rmSync(folder, { recursive: true, force: true });
}
if (process.argv[1] === fileURLToPath(import.meta.url)) allGoals();

async function measure() {
	const begin = Date.now();
	const sites = start("scale-sites.mjs", begin);
	const { port } = await answer(sites);
	say(`${SOURCES} sources, each on a host of its own; a round is what ${INTERVAL / 60_000} minutes bring`);
	const file = join(folder, "sources.db");
	await newsroom("start", file, port, 1, begin);
	await copySource(file, port);
	const floor = await bare(port);
	const mirsal = start("scale-newsroom.mjs", "serve", file, port, SOURCES, begin);
	const { settings, open } = await answer(mirsal);
	const rounds = [];
	let shown = 0;
	let now = begin;
	for (const [round, { title, oneIn }] of [
		// Compiling weighs little among ten thousand looks.
		...(quick ? [{ title: "", oneIn: 0 }] : []),
		{ title: "all answer 304", oneIn: 0 },
		{ title: "9 of 10 answer 304, 1 has news", oneIn: 10 },
	].entries()) {
		now += MOVE;
		sites.send({ round, sources: SOURCES, oneIn, now: now - 60_000 });
		const { news } = await answer(sites);
		shown += news * 2;
		mirsal.send({ move: MOVE, start: round === 0 });
		const asked = await answer(sites);
		mirsal.send({ shown });
		const spent = await answer(mirsal);
		if (title) rounds.push({ title, news, asked, ...spent });
	}
	const [quiet, lively] = rounds;
	const share = (cpu) => (cpu / 1_000 / INTERVAL) * 100;
	row("bare undici, 304 (the floor)", `${floor.toFixed(0)} µs a look`);
	for (const { title, cpu } of rounds)
		row(title, `${(cpu / SOURCES).toFixed(0)} µs a look, ${(cpu / SOURCES / floor).toFixed(1)} × the floor`);
	row(
		"a look that brings something new, with both previews",
		`${((lively.cpu - 0.9 * quiet.cpu) / lively.news).toFixed(0)} µs`,
	);
	goal("10000 sources: share of one core, 9 of 10 unchanged", share(lively.cpu) * (10_000 / SOURCES), 35, {
		unit: "%",
	});
	goal(`${SOURCES} sources: memory (RSS), the highest of all`, lively.highest, 220, { unit: "MB" });
	goal("sources looked at in each round", Math.min(...rounds.map(({ asked }) => asked.sources)), SOURCES, {
		least: true,
	});
	goal("looks at one source in a round, the most", Math.max(...rounds.map(({ asked }) => asked.most)), 1);
	goal("posts that are missing", shown - lively.shown, 0);
	row("connections at a time, the most", `${Math.max(...rounds.map(({ asked }) => asked.mostSockets))}`);
	row("settings and opening at the start", `${settings.toFixed(0)} + ${open.toFixed(0)} ms`);
	mirsal.send({});
	await once(mirsal, "exit");

	say("\nLists that changed, through watch and intake into the ledger; a post; a lane");
	const lists = start("scale-ledger.mjs", folder, begin, LOOKS);
	const { looked, posts, raw, engine } = await answer(lists);
	for (const { title, reads, writes, cpu, wall } of looked)
		row(
			title,
			`${reads.toFixed(1)} reads, ${writes.toFixed(1)} writes, ${cpu.toFixed(0)} µs of processor, ${(1_000 / wall).toFixed(0)} a second`,
		);
	row("append and fdatasync, twice (the floor)", `p50 ${raw.p50.toFixed(2)} ms, p95 ${raw.p95.toFixed(2)} ms`);
	row(`a post's ${posts.perPost} writes`, `p50 ${posts.p50.toFixed(2)} ms, p95 ${posts.p95.toFixed(2)} ms`);
	row("a key through a lane", `${engine.toFixed(1)} µs`);
	goal("writes of a look at nothing new", Math.max(...looked.slice(0, 2).map(({ writes }) => writes)), 1);
	goal("reads of a look at nothing new", Math.max(...looked.slice(0, 2).map(({ reads }) => reads)), 5);
	goal("a post's time in the ledger, p50", posts.p50, 1, {
		unit: "ms",
		beside: `append and fdatasync, twice: ${raw.p50.toFixed(2)} ms`,
	});

	const many = join(folder, "articles.db");
	await once(start("million.mjs", many, ARTICLES), "exit");
	say(`\nA ledger of ${ARTICLES} articles (${Math.round(statSync(many).size / 1e6)} MB): 6 records for each`);
	// What ten sources list becomes known among them; then their own lists are forgotten, so that every entry must be found.
	await newsroom("start", many, port, 10, begin);
	await forgetLists(many);
	const started = await newsroom("start", many, port, 10, begin);
	await newsroom("die", many, port, 10, begin);
	const again = await newsroom("start", many, port, 10, begin);
	row("program and settings loaded", `${(started.boot + started.settings).toFixed(0)} ms`);
	row("opening", `${started.open.toFixed(0)} ms`);
	row("first heads, first look at 10 feeds", `${started.looks.toFixed(0)} ms`);
	goal(`${ARTICLES} articles: a start, opening to first looks`, started.open + started.looks, 700, { unit: "ms" });
	goal(`${ARTICLES} articles: memory (RSS) then`, started.memory, 140, { unit: "MB" });
	row("memory (RSS), the highest on the way there", `${started.highest} MB`);
	row("opening after an end by force: every page is read", `${again.open.toFixed(0)} ms`);
	goal("feeds whose 50 entries were all known", started.known ? 10 : 0, 10, { least: true });
}

/** Every other source has been looked at as well, the same as the first one. */
async function copySource(file, port) {
	const store = await openSqlite({ path: file, lock: true, now: () => new Date() });
	const key = (index) => `cursor:${hostOf(index)}:${port}/feed`;
	const record = await store.keyv.get(key(0));
	const set = Array.from({ length: SOURCES }, (_, index) => [
		key(index),
		{ ...record, cursor: { ...record.cursor, door: { kind: "feed", url: `http://${hostOf(index)}:${port}/feed` } } },
	]);
	await store.write({ set });
	await store.close();
}

async function forgetLists(file) {
	const store = await openSqlite({ path: file, lock: true, now: () => new Date() });
	const del = [];
	for await (const [key] of store.list("cursor:")) del.push(key);
	await store.write({ del });
	await store.close();
}

/** Microseconds of processor time for one conditional request to a host that was not connected yet, some at a time. */
async function bare(port) {
	const agent = new Agent({ connections: 4 });
	let next = 0;
	const count = Math.min(SOURCES, 3_000);
	const ask = async () => {
		while (next < count) {
			const { body } = await agent.request({
				origin: `http://${hostOf(next++)}:${port}`,
				path: "/feed",
				method: "GET",
				headers: { "if-none-match": '"v0"' },
			});
			await body.dump();
		}
	};
	const before = process.cpuUsage();
	await Promise.all(Array.from({ length: 8 }, ask));
	const { user, system } = process.cpuUsage(before);
	await agent.close();
	return (user + system) / count;
}

async function newsroom(...given) {
	const child = start("scale-newsroom.mjs", ...given);
	const said = await answer(child);
	await once(child, "exit");
	return said;
}

function start(script, ...given) {
	const child = fork(join(here, script), given.map(String));
	children.add(child);
	child.once("exit", () => children.delete(child));
	return child;
}

async function answer(child) {
	const gone = new AbortController();
	const ended = once(child, "exit", { signal: gone.signal }).then(([code]) => {
		throw new Error(`a process of the benchmark ended early (${code})`);
	});
	ended.catch(() => {});
	const [message] = await Promise.race([once(child, "message", { signal: gone.signal }), ended]);
	gone.abort();
	return message;
}

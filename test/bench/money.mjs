// node src/build.mjs && node test/bench/money.mjs [dollars]: a month of 60 articles a day under a budget with TWITTER_LINKS=auto, through the real ledger on a clock that jumps, and the first day of the next month.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sumOf } from "../../dist/ledger/budget.js";
import { orderOf } from "../../dist/ledger/delivery.js";
import { openLedger } from "../../dist/ledger/ledger.js";
import { openSqlite } from "../../dist/ledger/sqlite.js";
import { publisher } from "../../dist/publish.js";

const HOUR = 3_600_000;
const DAYS = 30;
const HOURS = 20;
const AN_HOUR = 3;
/** Every so many articles one is breaking. */
const BREAKING = 30;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

async function month(dollars) {
	const folder = mkdtempSync(join(tmpdir(), "mirsal-money-"));
	let time = Date.UTC(2026, 10, 1);
	const clock = { now: () => new Date(time), at: () => () => {} };
	const day = (at) => at.toISOString().slice(0, 10);
	const ledger = openLedger(await openSqlite({ path: join(folder, "mirsal.db"), lock: true, now: clock.now }), {
		now: clock.now,
		day,
	});
	const posts = [];
	const channel = {
		name: "twitter",
		kind: "twitter",
		preview: false,
		bills: { post: ({ addresses }) => (addresses > 0 ? { postWithLink: 1 } : { post: 1 }), look: { read: 20 } },
		compose: ({ kind, article, links }) => ({
			channel: "twitter",
			kind,
			articles: [article.id],
			silent: false,
			text: article.title,
			length: 100,
			addresses: links ? 1 : 0,
			limit: 280,
		}),
		send: async (post) => ({ id: String(posts.push(post)) }),
		find: async () => "absent",
	};
	const told = [];
	const once = async ({ sentence, incident }) =>
		void (told.some((one) => one.incident === incident) || told.push({ sentence, incident, at: day(clock.now()) }));
	const policy = { onLost: "never", quiet: 30_000, between: 30_000, patience: 60_000 };
	const { run } = publisher({
		ledger,
		lanes: new Map([["twitter", { channel, pace: { limit: 100, window: 900_000 }, policy, links: "auto" }]]),
		clock,
		log: quiet,
		admins: { notify: once, ask: once, resolve: async () => {} },
		money: { budget: dollars * 1e6, prices: [] },
	});
	const { signal } = new AbortController();
	async function hour(articles) {
		const end = time + HOUR;
		for (let index = 0; index < articles; index++) {
			const id = `a${planned++}`;
			const kind = planned % BREAKING === 0 ? "breaking" : "article";
			const at = clock.now().toISOString();
			const article = {
				id,
				url: `https://example.org/${id}`,
				title: id,
				lead: "",
				paragraphs: [],
				credits: [],
				tags: [],
				images: [],
				source: "feed",
			};
			await ledger.plan(
				{ v: 1, article, foundAt: at, removed: [] },
				[id],
				[
					{
						v: 1,
						channel: "twitter",
						id,
						kind,
						order: orderOf(kind, at, String(planned).padStart(5, "0")),
						state: "planned",
						plannedAt: at,
						changedAt: at,
						attempts: 0,
					},
				],
			);
		}
		for (
			let again = await run("twitter", signal);
			again !== "done" && again.again.getTime() < end;
			again = await run("twitter", signal)
		) {
			time = Math.max(time, again.again.getTime());
			const sum = sumOf(await ledger.money(day(clock.now()).slice(0, 7))).spent;
			if (sum > dollars * 1e6) throw new Error(`${sum / 1e6} dollars are more than ${dollars}`);
		}
		time = end;
	}
	let planned = 0;
	for (let at = 0; at < DAYS * 24; at++) await hour(at % 24 < HOURS ? AN_HOUR : 0);
	const inMonth = posts.length;
	const linked = posts.filter(({ addresses }) => addresses > 0).length;
	const { spent } = sumOf(await ledger.money("2026-11"));
	for (let at = 0; at < 24; at++) await hour(0);
	await ledger.close();
	rmSync(folder, { recursive: true, force: true });
	console.log(
		`$${dollars}: ${inMonth} of ${planned} posted in the month for $${(spent / 1e6).toFixed(3)}, ${linked} with a link (${((100 * linked) / inMonth).toFixed(1)} %), the other ${posts.length - inMonth} on the first of the next; ${new Set(posts.map(({ text }) => text)).size} in all.`,
	);
	for (const { sentence, at } of told) console.log(`  ${at}: ${sentence}`);
}

for (const dollars of process.argv[2] ? [Number(process.argv[2])] : [20, 35, 60, 120]) await month(dollars);

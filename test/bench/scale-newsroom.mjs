// A whole Mirsal of the scale benchmark, wired by src/app.ts, in a process of its own so that its memory and processor time are its own.
//   serve <ledger> <port> <sources> <begin>    many sources, looked at whenever the clock is moved on
//   die <ledger> <port> <sources> <begin>      ends by force after its first write
//   start <ledger> <port> <sources> <begin>    how long a start takes: opening, the first head, the first look at every source
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { openApp } from "../../dist/app.js";
import { readSettings } from "../../dist/config.js";
import { openTools } from "../../dist/tools.js";
import { readVariables } from "../../dist/variables.js";
import { hostOf } from "./scale-feed.mjs";

const [, , mode, ledger, port, count, begin] = process.argv;
// What src/shell.ts tells V8 about memory holds here as well.
const shell = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "../../dist/shell.js"), "utf8");
for (const [, flag] of shell.matchAll(/setFlagsFromString\("([^"]+)"\)/g)) setFlagsFromString(flag);
const silence = { debug() {}, info() {}, warn() {}, error() {} };
const loaded = performance.now();

/** The real time, moved on by hand; what waits for a time that has come then is woken. */
function movedClock() {
	let ahead = Number(begin) - Date.now();
	const waiting = new Map();
	const arm = (entry) => {
		clearTimeout(entry.timer);
		entry.timer = setTimeout(
			() => {
				waiting.delete(entry);
				entry.wake();
			},
			Math.min(2 ** 31 - 1, Math.max(0, entry.time - Date.now() - ahead)),
		);
	};
	return {
		now: () => new Date(Date.now() + ahead),
		at(time, wake) {
			const entry = { time: time.getTime(), wake };
			waiting.set(entry, entry);
			arm(entry);
			return () => {
				clearTimeout(entry.timer);
				waiting.delete(entry);
			};
		},
		move(milliseconds) {
			ahead += milliseconds;
			for (const entry of waiting.keys()) arm(entry);
		},
	};
}

const clock = movedClock();
const hosts = Array.from({ length: Number(count) }, (_, index) => `${hostOf(index)}:${port}`);
const file = `sources:\n${hosts.map((host) => `  - { url: "http://${host}/feed", own: false }`).join("\n")}\n`;
const environment = {
	STORE_URL: `sqlite:${ledger}`,
	POLL_CRON: "* * * * * *",
	WEB_ADDRESS: "off",
	MAX_AGE: "30d",
};
const disk = { exists: (path) => path === "newsroom.yaml", read: () => file };
const read = performance.now();
const settings = {
	...readSettings(
		readVariables(environment, () => ""),
		disk,
		"bench",
	),
	allowPrivate: hosts,
};
const builtin = join(dirname(fileURLToPath(import.meta.url)), "../../templates");
const tools = await openTools(settings, { builtin, log: silence, now: clock.now });
const configured = performance.now();
let shown = 0;
const app = await openApp(settings, {
	tools,
	clock,
	log: silence,
	version: "bench",
	show: () => shown++,
	redact: (text) => text,
});

const memory = () => Math.round(process.memoryUsage.rss() / 1e6);
const highest = () => Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6);

if (mode === "die") {
	await app.ledger.keep("bench", 1);
	process.send({}, () => process.kill(process.pid, "SIGKILL"));
} else if (mode === "start") {
	const opened = performance.now();
	for (const channel of app.lanes.keys()) await app.ledger.head(channel);
	const { signal } = new AbortController();
	const names = [...app.sources.keys()];
	const some = async () => {
		for (let name = names.shift(); name; name = names.shift()) await app.watch.look(name, signal);
	};
	await Promise.all(Array.from({ length: 8 }, some));
	const done = performance.now();
	const records = await Promise.all([...app.sources.keys()].map((name) => app.ledger.source(name)));
	const known = records.every((record) => Object.keys(record?.listed ?? {}).length === 50 && !record.fault);
	process.send({
		boot: loaded,
		settings: configured - loaded,
		open: opened - configured,
		looks: done - opened,
		whole: done,
		memory: memory(),
		highest: highest(),
		known,
	});
	await app.stop();
	await tools.close();
	process.disconnect();
} else {
	process.send({ settings: configured - read, open: performance.now() - configured });
	let before;
	process.on("disconnect", () => process.exit());
	process.on("message", async (message) => {
		if (message.move) {
			before = process.cpuUsage();
			clock.move(message.move);
			if (message.start) await app.start();
		} else if (message.shown !== undefined) {
			// Every look is over and every post shown when nothing moves any more.
			const deadline = Date.now() + 20_000;
			while (shown < message.shown && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
			await new Promise((resolve) => setTimeout(resolve, 300));
			const { user, system } = process.cpuUsage(before);
			process.send({ cpu: user + system, memory: memory(), highest: highest(), shown });
		} else {
			await app.stop();
			await tools.close();
			process.disconnect();
		}
	});
}

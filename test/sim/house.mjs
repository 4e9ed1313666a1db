import { join } from "node:path";
import {
	botAdmins,
	cleaner,
	composer,
	embeddedEngine,
	holds,
	ledgerCare,
	loadNames,
	loadTemplates,
	loadText,
	logAdmins,
	noteChannelPost,
	openLedger,
	openSafeMode,
	publisher,
	questions,
	redactor,
	retention,
	root,
	sentences,
	telegramChannel,
	telegramLayout,
	twitterChannel,
	twitterLayout,
	watcher,
} from "./product.mjs";
import { OPS, TOKEN } from "./telegram.mjs";

const folders = { own: [], builtin: join(root, "templates") };
const manner = { newsroom: "", timeZone: "UTC", hashtags: { map: {}, never: [], most: 2 }, linkParameters: {} };
const layouts = { telegram: telegramLayout, twitter: twitterLayout };
const composers = {};
for (const [kind, layout] of Object.entries(layouts))
	composers[kind] = remembered(
		composer(kind, await loadTemplates(folders, kind, layout), manner, layout),
		(occasion) => {
			const { publishedAt: _publishedAt, source: _source, ...article } = occasion.article;
			return JSON.stringify([occasion.kind, article]);
		},
	);
const names = cleaner(await loadNames(folders, { agencies: [], places: [] }));
const clean = remembered(
	(title, body) => names.clean(title, body),
	(title, body) => `${title}\n\n${body}`,
);
const words = sentences(await loadText(folders, "admin.ar.yaml"));
const redact = redactor([TOKEN]);

/** Pure work is done once for all worlds: nothing of it depends on the seed. */
function remembered(work, keyOf) {
	const known = new Map();
	return (...given) => {
		const key = keyOf(...given);
		const before = known.get(key);
		if (before !== undefined) return before;
		const made = work(...given);
		known.set(key, made);
		return made;
	};
}

const DAY = 24 * 3_600_000;
/** So much older everything is in the eyes of what forgets: a month passes in no simulation. */
const AGES = 31 * DAY;

const PACE = { limit: 20, window: 60_000 };
/** As channel-settings.ts has them for who sets nothing. */
const POLICY = {
	telegram: { onLost: "ask", quiet: 20_000, between: 5_000, patience: 60_000 },
	twitter: { onLost: "never", quiet: 30_000, between: 5_000, patience: 60_000 },
};

/** The day of a calendar without zones. */
export const day = (time) => time.toISOString().slice(0, 10);

/** The product, wired for one process as app.ts wires it; every way out of it ends at this process's death. */
export async function openHouse(world, process) {
	const { scenario, mutant } = world;
	const clock = {
		now: () => new Date(world.clock.now),
		at: (time, wake) => world.clock.at(time.getTime(), () => process.alive && wake()),
	};
	const said = (level) => (fields, message) => world.said(process, level, fields, message);
	const log = { debug: said("debug"), info: said("info"), warn: said("warn"), error: said("error") };
	const store = world.disk.open(process);
	const parts = { world, process, clock, log, store };
	let initialised = () => {};
	const visited = () => initialised();
	const kept = changed("store", store);
	const ledger = changed("ledger", openLedger(kept, { now: clock.now, day, redact, visited }));
	parts.ledger = ledger;
	const engine = embeddedEngine({ clock, log, timeZone: "UTC" });
	const pause = (milliseconds) => new Promise((resume) => clock.at(new Date(world.clock.now + milliseconds), resume));

	/** A part as it is, or as a mutant has it. */
	function changed(name, part) {
		return mutant?.[name]?.(part, parts) ?? part;
	}

	const telegramApi = world.telegram.api(process);
	const channels = {
		telegram: telegramChannel({
			name: "telegram",
			compose: composers.telegram,
			api: telegramApi,
			chat: async () => (await ledger.channel("telegram")).movedTo ?? world.telegram.first,
			opsChat: scenario.opsChat ? String(OPS) : undefined,
			now: clock.now,
			pause,
		}),
		twitter: twitterChannel({
			name: "twitter",
			compose: composers.twitter,
			api: world.twitter.api(process),
			now: clock.now,
		}),
	};
	const lanes = new Map();
	for (const name of ["telegram", "twitter"])
		lanes.set(
			name,
			changed("lane", {
				channel: changed("channel", channels[name]),
				pace: name === "telegram" ? PACE : scenario.twitterPace,
				policy: POLICY[name],
				links: true,
			}),
		);
	const sources = new Map();
	const own = new Set(["news"]);
	sources.set("news", changed("source", world.site.open(process, "news")));
	if (scenario.sister) {
		const { own: mine, delay } = scenario.sister;
		sources.set("sister", changed("source", world.site.open(process, "sister", { delay, sister: true })));
		if (mine) own.add("sister");
	}
	const wake = async (at) => {
		for (const name of lanes.keys()) await engine.add(`publish:${name}`, "head", at);
	};
	let held;
	const desk = {
		ledger,
		channels: [
			{ name: "telegram", kind: "telegram", address: world.telegram.first, preview: false },
			{ name: "twitter", kind: "twitter", address: "twitter", preview: false },
		],
		release: (hold, answer, by) => held.release(hold, answer, by),
	};
	const admins =
		scenario.bot && scenario.opsChat
			? botAdmins({ api: telegramApi, chat: OPS, desk, sentences: words, clock, log })
			: logAdmins(log, ledger);
	const safeMode = await openSafeMode({
		ledger,
		marker: changed("marker", world.disk.marker(process)),
		sources: [...sources.keys()],
		admins,
		log,
	});
	initialised = safeMode.initialised;
	const channelNames = [...lanes.keys()];
	const ageing = () => new Date(world.clock.now + (scenario.forgets ? AGES : 0));
	const care = ledgerCare({
		ledger,
		channels: channelNames,
		backups: undefined,
		since: () => undefined,
		forget: retention(kept, { now: ageing, maxAge: DAY, day, breathe: () => pause(0) }).step,
		clock,
		admins,
		log,
	});
	held = holds({ ledger, channels: channelNames, admins, clock });
	const publish = publisher({
		ledger,
		lanes,
		clock,
		log,
		admins,
		...(scenario.bot && scenario.opsChat ? { holds: held } : {}),
		stands: (article) => world.site.stands(process, article),
	});
	await publish.settleIn("telegram", world.telegram.first);
	await publish.settleIn("twitter", "1");
	const jitter = world.chance.fork(`jitter ${process.id}`);
	const watch = watcher(
		changed("watch", {
			ledger,
			sources,
			own,
			channels: [...lanes.keys()],
			cleaner: { clean },
			firstVisit: scenario.firstVisit,
			get safe() {
				return safeMode.on;
			},
			maxAge: DAY,
			floodLimit: scenario.floodLimit,
			filtered: () => undefined,
			holds: held,
			random: jitter.next,
			asks: scenario.bot && scenario.opsChat,
			day,
			clock,
			log,
			admins,
			wake,
		}),
	);
	engine.lane("tick", 1, async () => {
		await held.remind();
		await safeMode.settle();
		await engine.add("care", "ledger");
		for (const name of lanes.keys())
			for await (const _ of ledger.decisions(name)) {
				await engine.add(`publish:${name}`, "head");
				break;
			}
		for (const name of sources.keys()) if (await watch.isDue(name)) await engine.add("watch", name);
		return "done";
	});
	engine.lane("care", 1, async (_ledger, signal) => {
		await care.run(signal);
		return "done";
	});
	engine.lane("watch", 8, (name, signal) => watch.run(name, signal));
	for (const name of lanes.keys()) engine.lane(`publish:${name}`, 1, (_head, signal) => publish.run(name, signal));

	const press = questions(desk);
	const note = noteChannelPost(desk);
	let stopped = false;
	// node-cron lives on real timers: its moments are made here, and the engine's lane takes them.
	const tick = () => {
		const next = (Math.floor(world.clock.now / scenario.tick) + 1) * scenario.tick;
		clock.at(new Date(next), () => {
			if (stopped) return;
			void engine.add("tick", "tick");
			tick();
		});
	};

	return {
		async start() {
			await engine.start();
			await wake(clock.now());
			await engine.add("tick", "tick");
			tick();
		},
		/** Finishes what runs, keeps the rest. */
		async stop() {
			stopped = true;
			await engine.stop();
			await safeMode.settle().catch(() => {});
			admins.close?.();
			await ledger.close();
		},
		/** An admin presses a button. */
		async press(data) {
			await press.press(data, "admin", clock.now());
			await wake(clock.now());
		},
		/** The bot hears of a post in the channel. */
		hear: (chat, id) => note({ id: chat }, id),
		async pause(on) {
			for (const name of lanes.keys())
				await ledger.updateChannel(name, ({ paused: _paused, ...before }) =>
					on ? { ...before, paused: { by: "admin", at: clock.now().toISOString() } } : before,
				);
			if (!on) await wake(clock.now());
		},
	};
}

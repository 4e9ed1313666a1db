import { logAdmins } from "./admin/log-admins.ts";
import { openBot } from "./app-bot.ts";
import { openPictures } from "./app-pictures.ts";
import { openCare } from "./app-care.ts";
import { channelsOf } from "./app-channels.ts";
import { openDesk, watchAdded } from "./app-desk.ts";
import { troubles } from "./app-troubles.ts";
import { openPushes } from "./app-web.ts";
import type { Settings } from "./config.ts";
import { digests } from "./digests.ts";
import { embeddedEngine } from "./engine/embedded.ts";
import { filters } from "./filters.ts";
import { holds } from "./holds.ts";
import { type Ledger, openLedger } from "./ledger/ledger.ts";
import { openSqlite } from "./ledger/sqlite.ts";
import type { Clock, Log } from "./ports.ts";
import type { Post } from "./post/post.ts";
import { proxyAgent } from "./proxy.ts";
import { type Lane, publisher } from "./publish.ts";
import { retractions } from "./retractions.ts";
import { standingOf, stillStands } from "./sources/stands.ts";
import { gathers } from "./timing.ts";
import { times } from "./times.ts";
import type { Source } from "./sources/source.ts";
import { openSwitches } from "./switches.ts";
import type { Tools } from "./tools.ts";
import { watcher } from "./watch.ts";
import type { WebServer } from "./web/server.ts";

export interface AppParts {
	readonly tools: Tools;
	readonly clock: Clock;
	readonly log: Log;
	readonly version: string;
	/** Shows the post of a preview channel. */
	readonly show: (post: Post) => void;
	/** Takes secrets out of a text. */
	readonly redact: (text: string) => string;
}

/** Sources looked at at the same time. */
const LOOKS_AT_ONCE = 8;

/** The day of the newsroom's calendar, as 2026-11-23. */
export function dayIn(timeZone: string): (time: Date) => string {
	const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
	return (time) => format.format(time);
}

/** Opens the ledger beside a live instance: to read it, or to leave a word in it. */
export async function openLedgerBeside(
	settings: Settings,
	clock: Clock,
	lock: false | "beside" = false,
): Promise<Ledger> {
	const store = await openSqlite({ path: settings.ledger, lock, now: clock.now });
	return openLedger(store, { now: clock.now, day: dayIn(settings.timeZone) });
}

/** Wires the house: names the adapters, hands them out, starts them in order and stops them in reverse. Throws LedgerHeldError, LedgerDamagedError. */
export async function openApp(settings: Settings, parts: AppParts) {
	const { tools, clock, log, show, redact } = parts;
	const store = await openSqlite({ path: settings.ledger, lock: true, now: clock.now });
	let initialised = () => {};
	const visited = () => initialised();
	const ledger = openLedger(store, { now: clock.now, day: dayIn(settings.timeZone), redact, visited });
	const pictures = openPictures(settings, { web: tools.web, log, ledger });
	await pictures.sweep();
	const agent = await proxyAgent(settings.proxyUrl);
	const engine = embeddedEngine({ clock, log, timeZone: settings.timeZone });
	const pause = (milliseconds: number) =>
		new Promise<void>((resume) => void clock.at(new Date(clock.now().getTime() + milliseconds), resume));
	const { telegram, channelOf } = channelsOf(settings, {
		tools,
		ledger,
		agent,
		shelf: pictures.shelf,
		pause,
		clock,
		log,
		show,
	});
	const lanes = new Map<string, Lane>();
	for (const setting of settings.channels) {
		const { telegram: _keys, twitter: _tokens, ...wishes } = setting;
		lanes.set(setting.name, { ...wishes, channel: await channelOf(setting) });
	}
	const sources = new Map(settings.sources.map((source): [string, Source] => [source.name, tools.openSite(source)]));

	const wake = async (at: Date): Promise<void> => {
		for (const name of lanes.keys()) await engine.add(`publish:${name}`, "head", at);
	};
	const { timeZone } = settings;
	const bulletins = digests({ ledger, digests: settings.newsroom.digests, timeZone, clock, log });
	const wakeOne = (channel: string) => engine.add(`publish:${channel}`, "head");
	const steered = times({
		ledger,
		channels: [...lanes].map(([name, lane]) => ({ ...lane, name, gathers: gathers(lane) })),
		timeZone,
		clock,
		planned: bulletins,
		wake: wakeOne,
	});
	const day = dayIn(timeZone);
	const switches = await openSwitches({ ledger, channels: [...lanes.keys()], clock, wake: wakeOne });
	const own = new Set(settings.sources.filter((source) => source.own).map(({ name }) => name));
	watchAdded({ switches, sources, own, tools });
	const desk = openDesk(settings, {
		ledger,
		tools,
		switches,
		times: steered,
		clock,
		version: parts.version,
		day,
		sources,
		own,
		release: (hold, answer, by) => held.release(hold, answer, by),
		wake: (channel) => engine.add(`publish:${channel}`, "head"),
		async look(name) {
			await watch.hint(name);
			await engine.add("watch", name);
		},
	});
	const bot = settings.bot
		? await openBot(settings, { desk, api: await telegram(settings.bot.token), agent, tools, clock, log, redact })
		: undefined;
	const admins = bot?.admins ?? logAdmins(log, ledger);
	const held = holds({ ledger, channels: [...lanes.keys()], admins, clock, maxAge: settings.maxAge });
	const care = await openCare(settings, { ledger, store, day, pause, clock, log, admins });
	initialised = care.safeMode.initialised;
	const publish = publisher({
		ledger,
		lanes,
		clock,
		log,
		admins,
		money: settings.money,
		timeZone,
		pictures,
		...(bot ? { holds: held } : {}),
		stands: (article, signal) => stillStands(article, { web: tools.web, signal }),
	});
	for (const { name, telegram: keys, twitter } of settings.channels) {
		// An OAuth 1.0a access token begins with its owner's id.
		if (keys) await publish.settleIn(name, keys.chat);
		else if (twitter) await publish.settleIn(name, /^\d+(?=-)/.exec(twitter.accessToken)?.[0] ?? "an account");
	}
	const pushes = await openPushes(settings, {
		ledger,
		web: tools.web,
		clock,
		random: Math.random,
		log,
		async hint(name) {
			await watch.hint(name);
			await engine.add("watch", name);
		},
	});
	const { firstVisit, maxAge, floodLimit } = settings;
	const filtered = filters(settings);
	const watch = watcher({
		ledger,
		sources,
		channels: [...lanes.keys()],
		cleaner: tools.cleaner,
		firstVisit,
		get safe() {
			return care.safeMode.on;
		},
		maxAge,
		floodLimit,
		filtered: (article, channel) => switches.mutedBy(article.source) ?? filtered(article, channel),
		holds: held,
		// Without admins nobody could approve anything.
		...(bot ? { approves: switches.asks } : {}),
		own,
		random: Math.random,
		...(pushes?.hubs ? { learned: pushes.hubs.learned } : {}),
		asks: bot !== undefined,
		day,
		clock,
		log,
		admins,
		wake,
	});

	const taken = retractions({
		ledger,
		channels: [...lanes.keys()],
		standing: (article, signal) => standingOf(article, { web: tools.web, signal }),
		clock,
		log,
	});

	const told = troubles(admins);
	/** Perhaps by a word of an earlier life: what is broken at a start ends the start. */
	let templatesBroken = true;
	engine.lane("tick", 1, async () => {
		for (const problem of await tools.refresh()) {
			log.error({ problem }, "a changed template cannot be used: the last good one stays");
			await admins.notify({ sentence: "templateBroken", fields: { problem }, incident: `template:${problem}` });
		}
		if (templatesBroken && !tools.broken())
			for (const { incident } of await ledger.incidents())
				if (incident.startsWith("template:")) await admins.resolve({ sentence: "templateWorks", fields: {}, incident });
		templatesBroken = tools.broken();
		await switches.refresh();
		await held.remind();
		await care.safeMode.settle();
		await engine.add("care", "ledger");
		// Somebody may have left a decision in the ledger from outside.
		for (const name of lanes.keys())
			for await (const _ of ledger.decisions(name)) {
				await engine.add(`publish:${name}`, "head");
				break;
			}
		for (const name of await bulletins.plan()) await engine.add(`publish:${name}`, "head");
		for (const name of sources.keys())
			if (!switches.isPaused(name) && (await watch.isDue(name))) await engine.add("watch", name);
		if (await taken.isDue()) await engine.add("gone", "gone");
		if (web) await engine.add("hubs", "hubs");
		return "done";
	});
	engine.lane("gone", 1, async (_gone, signal) => {
		if (await taken.look(signal)) await wake(clock.now());
		return "done";
	});
	engine.lane("care", 1, (_ledger, signal) => care.run(signal));
	engine.lane(
		"watch",
		LOOKS_AT_ONCE,
		// A source may have been stopped or taken away while it waited in the lane.
		told(async (name, signal) => (!sources.has(name) || switches.isPaused(name) ? "done" : watch.run(name, signal))),
	);
	for (const name of lanes.keys())
		engine.lane(
			`publish:${name}`,
			1,
			told((_head, signal) => publish.run(name, signal)),
		);
	engine.lane("hubs", 1, async (_key, signal) => {
		await pushes?.hubs?.tend(signal);
		return "done";
	});
	engine.every(settings.pollCron, "tick", "tick");

	let web: WebServer | undefined;

	return {
		ledger,
		lanes,
		sources,
		/** Whether an admin stopped a source. */
		isPaused: switches.isPaused,
		watch,
		publish,
		digests: bulletins,
		times: steered,
		timeZone,
		/** Starts the lanes and the bot; what an earlier life left behind is taken up first. */
		async start(): Promise<void> {
			web = await pushes?.open();
			await engine.start();
			await wake(clock.now());
			await engine.add("tick", "tick");
			bot?.bot.start();
		},
		/** Finishes what runs, keeps the rest. */
		async stop(): Promise<void> {
			await Promise.all([bot?.bot.stop(), engine.stop(), web?.close()]);
			await care.close();
			bot?.admins.close();
			await ledger.close();
		},
	};
}

export type App = Awaited<ReturnType<typeof openApp>>;

import { check } from "./check.mjs";
import { simClock } from "./clock.mjs";
import { simDisk } from "./disk.mjs";
import { openHouse } from "./house.mjs";
import { unseal } from "./product.mjs";
import { random } from "./random.mjs";
import { simSite } from "./site.mjs";
import { simTelegram, TOKEN } from "./telegram.mjs";
import { simTwitter } from "./twitter.mjs";
import { simWatch } from "./watch.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-11-23T06:00:00.000Z");
/** A supervisor starts a program again that ended by itself. */
const SUPERVISED = 5 * SECOND;

/** Lives one scenario: faulty hours, then calm, then a restart that must change nothing. Gives what broke, what happened, and a fingerprint of it all. */
export async function live(scenario, { mutant, trace: tracing = false } = {}) {
	const chance = random(scenario.seed).fork("world");
	const clock = simClock(START, chance.fork("ties"));
	const end = START + scenario.hours * HOUR;
	const lines = [];
	let fingerprint = 0x811c9dc5;
	const windows = new Map();
	for (const fault of scenario.faults) {
		if (fault.long === undefined) continue;
		const entry = {
			...fault,
			begin: START + fault.at,
			over: Math.min(START + fault.at + fault.long, end),
			chance: chance.fork(`fault ${fault.id}`),
		};
		const some = windows.get(fault.kind);
		if (some) some.push(entry);
		else windows.set(fault.kind, [entry]);
	}
	let calm = false;
	/** The admins have gone home. */
	let absent = scenario.admin === "absent";
	let main;
	let second;
	let born = 0;
	let armed = [];
	const world = {
		scenario,
		mutant,
		chance,
		clock,
		secret: TOKEN.slice(TOKEN.indexOf(":") + 1),
		violations: [],
		count: {
			posts: 0,
			sent: 0,
			unsure: 0,
			crashes: 0,
			stops: 0,
			lost: 0,
			looks: 0,
			waits: 0,
			early: 0,
			polls: 0,
			told: 0,
			diskFaults: 0,
			runErrors: 0,
			held75: 0,
			answers: 0,
			ledgersLost: 0,
		},
		/** Errors of runs, for whoever reads the trace. */
		fault(kind) {
			if (calm) return false;
			const some = windows.get(kind);
			if (!some) return false;
			const { now } = clock;
			for (const window of some)
				if (now >= window.begin && now < window.over && window.chance.chance(window.share)) {
					world.trace(`fault ${kind}`);
					if (kind.startsWith("tell-")) world.watch.excused();
					return true;
				}
			return false;
		},
		violate(invariant, what) {
			world.violations.push({ invariant, what, at: clock.now - START });
			world.trace(`VIOLATION ${invariant} ${what}`);
		},
		trace(line) {
			const text = `${clock.now} ${line}`;
			for (let at = 0; at < text.length; at++) fingerprint = Math.imul(fingerprint ^ text.charCodeAt(at), 0x01000193);
			if (tracing) lines.push(`${new Date(clock.now).toISOString().slice(11, 23)} ${line}`);
		},
		said(process, level, fields, message) {
			if (!process.alive) return;
			if (message === "a run failed; it runs again") world.count.runErrors++;
			if (level !== "debug") {
				const line = `${process.id} ${level}: ${message} ${JSON.stringify(fields)}`;
				if (line.includes(world.secret)) world.violate("I9", `a secret stands in a log line: ${message}`);
				if (tracing) lines.push(`${new Date(clock.now).toISOString().slice(11, 23)} ${line}`);
			}
		},
		/** The admins see a question with these buttons, and answer by what they see in the channel. */
		asked(data) {
			const wait = scenario.admin === "quick" ? people.int(20, 300) * SECOND : people.int(5, 90) * MINUTE;
			clock.after(wait, () => answer(data));
		},
		/** A post by hand: the bot hears of it while it lives, and afterwards when it lives again. */
		heard(chat, id) {
			clock.after(people.int(100, 2_000), () => {
				if (main?.house) void main.house.hear(chat, id).catch(() => {});
				else unheard.push([chat, id]);
			});
		},
	};
	const people = chance.fork("people");
	const unheard = [];
	world.watch = simWatch(world);
	world.disk = simDisk(world);
	world.site = simSite(world);
	world.telegram = simTelegram(world);
	world.twitter = simTwitter(world);

	async function answer(data) {
		if (absent) return;
		if (!main?.house) return void clock.after(MINUTE, () => answer(data));
		const asked = world.disk.read(data[0].slice(0, data[0].lastIndexOf(":")));
		if (!asked) return;
		world.count.answers++;
		world.watch.excused();
		let at = people.int(0, data.length - 1);
		if (asked.id !== undefined) {
			const index = world.watch.articleOf.get(asked.id);
			const stands = (world.watch.counts[asked.channel].get(index) ?? 0) > 0;
			at = asked.buttons.findIndex(({ does }) => does === (stands ? "confirm" : "retry"));
		} else if (asked.hold?.startsWith("lost:")) {
			// They do not know either: posting all of it would be their own word for posting twice.
			at = asked.buttons.findIndex(({ does }) => does === "none");
		}
		world.trace(`admin answers ${asked.buttons[at].does} to ${asked.incident}`);
		await main.house.press(data[at]).catch(() => {});
	}

	/** A process: what it does reaches the outside as long as it lives. */
	function spawn() {
		const process = {
			id: ++born,
			alive: true,
			/** Whether it dies at this outside call. */
			meets(call, when) {
				if (!process.alive) return true;
				for (const death of armed)
					if (death.call === call && death.when === when && --death.nth < 1) {
						armed.splice(armed.indexOf(death), 1);
						kill(process, death.back);
						return true;
					}
				return false;
			},
		};
		return process;
	}

	function kill(process, back) {
		if (!process.alive) return;
		process.alive = false;
		process.house = undefined;
		world.disk.crash(process);
		world.count.crashes++;
		world.watch.excused();
		world.trace(`process ${process.id} died`);
		if (process === main) {
			main = undefined;
			clock.after(back, boot);
		}
	}

	async function boot() {
		if (main) return;
		if (!mutant?.unlocked && second?.alive) return void clock.after(SUPERVISED, boot);
		main = spawn();
		await open(main);
		if (main?.house) for (const [chat, id] of unheard.splice(0)) void main.house.hear(chat, id).catch(() => {});
	}

	async function open(process) {
		world.trace(`process ${process.id} starts`);
		try {
			const house = await openHouse(world, process);
			if (!process.alive) return;
			process.house = house;
			await house.start();
		} catch (error) {
			if (!process.alive) return;
			world.trace(`process ${process.id} ended by itself: ${error.message}`);
			if (!/disk/.test(error.message)) world.violate("start", String(error.stack));
			kill(process, SUPERVISED);
		}
	}

	/** Somebody deletes the ledger of a process that does not run. */
	function lose(back) {
		if (second?.alive) kill(second);
		if (main) kill(main, back);
		world.trace("the ledger is deleted");
		world.disk.lose();
		world.watch.lost();
		// The pace was kept in it: the platforms' last minutes are forgiven.
		world.telegram.forgive();
		world.twitter.forgive();
		world.count.ledgersLost++;
	}

	async function stop(back) {
		const process = main;
		if (!process?.house) return;
		const begun = clock.now;
		const faults = world.count.diskFaults;
		await process.house.stop();
		if (!process.alive) return;
		world.count.stops++;
		world.watch.excused();
		process.alive = false;
		process.house = undefined;
		world.trace(`process ${process.id} stopped`);
		main = undefined;
		if (clock.now - begun > 25 * SECOND + slack()) world.violate("H3", `a stop took ${clock.now - begun} ms`);
		if (faults === world.count.diskFaults)
			for (const channel of ["telegram", "twitter"])
				for (const { state, id } of world.watch.openOf(channel))
					if (state === "sending") world.violate("H3", `${channel}: a clean stop left ${id} as it was being sent`);
		clock.after(back, boot);
	}
	/** A slow disk may hold up a stop. */
	const slack = () => (windows.has("disk-slow") ? 30 * SECOND : 0);

	for (const fault of scenario.faults) {
		const when = START + fault.at;
		const at = (time, act) => clock.at(time, () => !calm && act());
		if (fault.kind === "death")
			at(when, () => {
				if (fault.call) armed.push({ ...fault });
				else if (main) kill(main, fault.back);
			});
		else if (fault.kind === "stop") at(when, () => void stop(fault.back));
		else if (fault.kind === "ledger-lost") at(when, () => lose(fault.back));
		else if (fault.kind === "telegram-moved") at(when, () => world.telegram.move());
		else if (fault.kind === "pause") {
			at(when, () => void main?.house?.pause(true).catch(() => {}));
			at(when + fault.long, () => void main?.house?.pause(false).catch(() => {}));
		} else if (fault.kind === "second") {
			at(when, () => {
				if (second?.alive) return;
				if (main && !mutant?.unlocked) {
					// The lock is the system's: it is held as long as the holder lives, and no longer.
					world.count.held75++;
					return;
				}
				if (!main) return;
				second = spawn();
				void open(second);
			});
			at(when + fault.long, () => second?.alive && kill(second));
		}
	}
	for (let left = Math.round(scenario.humans * scenario.hours); left > 0; left--)
		clock.at(START + Math.floor(people.next() * (end - START)), () => world.telegram.human());

	void boot();
	await clock.run(end);
	calm = true;
	armed = [];
	if (second?.alive) kill(second);
	world.trace("calm");
	resume();
	// The longest time that a process stays down, and a little more.
	await clock.run(end + 11 * MINUTE);
	const settledBy = await settle(clock.now);
	const before = check(world, { settledBy, begun: end, replay: undefined });
	absent = true;
	if (main) kill(main, SECOND);
	await clock.run(clock.now + 3 * MINUTE);
	check(world, { replay: before });
	if (main) kill(main, HOUR);
	return {
		seed: scenario.seed,
		violations: world.violations,
		count: world.count,
		events: clock.events,
		fingerprint: (fingerprint >>> 0).toString(16),
		lines,
	};

	/** Takes the channels up again as soon as somebody is there to do it. */
	function resume() {
		if (main?.house) void main.house.pause(false).catch(() => {});
		else clock.after(SECOND, resume);
	}

	/** Runs on until nothing waits any more, or until it should have been so long ago; gives how late it was, in milliseconds. */
	async function settle(from) {
		let rest = 0;
		let backlog = 0;
		for (const [channel, pace] of [
			["telegram", { limit: 20, window: MINUTE }],
			["twitter", scenario.twitterPace],
		]) {
			const record = world.disk.read(`channel:${channel}`) ?? {};
			for (const until of [record.parked?.until, record.wait?.until])
				if (until) rest = Math.max(rest, Date.parse(until) - from);
			const open = world.watch.openOf(channel);
			for (const { notBefore } of open) if (notBefore) rest = Math.max(rest, Date.parse(notBefore) - from);
			// What the sources list and nobody could read so far comes as well.
			const waiting = open.length + scenario.site.archive;
			backlog = Math.max(backlog, (Math.ceil(waiting / pace.limit) + 1) * (pace.window + 2_000) + waiting * SECOND);
		}
		// What is dated ahead waits for its time, and the sister source lists the last articles with its delay.
		for (const { date } of world.site.articles) if (date !== undefined) rest = Math.max(rest, date - from);
		rest = Math.max(rest, scenario.sister?.delay ?? 0);
		for (const name of ["news", "sister"]) {
			const next = world.disk.read(`cursor:${name}`)?.next;
			if (next) rest = Math.max(rest, Date.parse(next) - from);
		}
		const stranger = scenario.sister && !scenario.sister.own ? HOUR : 0;
		// A run that failed because of the disk comes again after five minutes at the latest.
		const limit = from + rest + 5 * MINUTE + backlog + 4 * MINUTE + stranger;
		const least = from + rest + 6 * MINUTE + stranger;
		const isQuiet = () => ["telegram", "twitter"].every((channel) => world.watch.openOf(channel).length === 0);
		while (clock.now < limit && !(clock.now >= least && isQuiet())) await clock.run(clock.now + 30 * SECOND);
		return isQuiet() ? undefined : limit;
	}
}

export { unseal };

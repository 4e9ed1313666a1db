import { random } from "./random.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * What can go wrong, with how long it goes on (minutes, from … to) and how many of the requests it meets then (from … to).
 * Instants have no length: they happen once.
 */
const WINDOWS = {
	"disk-full": { long: [0.1, 8], share: [1, 1] },
	"disk-error": { long: [1, 20], share: [0.02, 0.3] },
	/** A write that fails and stands there all the same. */
	"disk-ghost": { long: [1, 30], share: [0.01, 0.1] },
	"disk-slow": { long: [1, 20], share: [0.1, 0.6] },
	"site-down": { long: [1, 25], share: [0.5, 1] },
	"site-page": { long: [1, 20], share: [0.3, 1] },
	"site-busy": { long: [1, 10], share: [0.3, 1] },
	"site-slow": { long: [2, 40], share: [0.2, 1] },
	"site-broken": { long: [1, 20], share: [0.2, 0.8] },
	"pages-down": { long: [10, 120], share: [0.5, 1] },
	"telegram-unreached": { long: [1, 15], share: [0.3, 1] },
	"telegram-vanished": { long: [5, 120], share: [0.02, 0.25] },
	"telegram-late": { long: [5, 120], share: [0.03, 0.3] },
	"telegram-lost": { long: [5, 120], share: [0.02, 0.3] },
	"telegram-5xx-before": { long: [2, 60], share: [0.03, 0.3] },
	"telegram-5xx-after": { long: [2, 60], share: [0.03, 0.3] },
	"telegram-wait": { long: [5, 90], share: [0.02, 0.2] },
	"telegram-kicked": { long: [1, 25], share: [1, 1] },
	"telegram-entities": { long: [10, 200], share: [0.02, 0.1] },
	"telegram-look": { long: [5, 120], share: [0.1, 0.6] },
	"telegram-protected": { long: [10, 60], share: [1, 1] },
	"telegram-jitter": { long: [10, 200], share: [0.2, 0.7] },
	"twitter-unreached": { long: [1, 15], share: [0.3, 1] },
	"twitter-vanished": { long: [5, 120], share: [0.02, 0.25] },
	"twitter-late": { long: [5, 120], share: [0.03, 0.3] },
	"twitter-lost": { long: [5, 120], share: [0.02, 0.3] },
	"twitter-5xx-before": { long: [2, 60], share: [0.03, 0.3] },
	"twitter-5xx-after": { long: [2, 60], share: [0.03, 0.3] },
	"twitter-wait": { long: [5, 60], share: [0.02, 0.2] },
	"twitter-no-credit": { long: [1, 25], share: [1, 1] },
	"twitter-look": { long: [5, 120], share: [0.1, 0.6] },
	"tell-lost": { long: [5, 120], share: [0.1, 0.6] },
	"tell-unreached": { long: [2, 60], share: [0.3, 1] },
};

/** Outside calls at which a process may die: before they begin, or when they are done and nobody heard of it. */
const CALLS = ["claim", "result", "plan", "cursor", "write", "telegram", "twitter", "look", "tell", "poll"];

/** Everything that one seed decides beforehand: the newsroom, and what goes wrong when. Dropping one of the faults changes none of the others. */
export function scenario(seed, hours = 6) {
	const chance = random(seed).fork("scenario");
	const moment = () => Math.floor(chance.next() * hours * HOUR);
	const between = ([low, high]) => low + chance.next() * (high - low);
	const faults = [];
	const add = (fault) => faults.push({ id: faults.length, ...fault });
	for (const [kind, { long, share }] of Object.entries(WINDOWS)) {
		if (!chance.chance(0.45)) continue;
		for (let count = chance.int(1, 2); count > 0; count--)
			add({ kind, at: moment(), long: Math.round(between(long) * MINUTE), share: between(share) });
	}
	const deaths = chance.int(2, 12);
	for (let count = 0; count < deaths; count++) {
		const down = chance.pick([
			[0.2, 3],
			[0.2, 3],
			[5, 60],
			[120, 600],
		]);
		const back = Math.round(between(down) * SECOND);
		if (chance.chance(0.25)) add({ kind: "death", at: moment(), back });
		else if (chance.chance(0.15)) add({ kind: "stop", at: moment(), back });
		else {
			const call = chance.pick(CALLS);
			add({ kind: "death", at: moment(), back, call, when: chance.pick(["before", "after"]), nth: chance.int(1, 4) });
		}
	}
	for (let count = chance.int(0, 2); count > 0; count--)
		add({ kind: "second", at: moment(), long: chance.int(1, 40) * MINUTE });
	if (chance.chance(0.15)) add({ kind: "telegram-moved", at: moment() });
	if (chance.chance(0.4)) add({ kind: "pause", at: moment(), long: chance.int(1, 30) * MINUTE });
	if (chance.chance(0.12)) add({ kind: "ledger-lost", at: moment(), back: chance.int(1, 90) * SECOND });
	const forgets = chance.chance(0.15);
	const site = {
		articles: chance.int(8, 30),
		bursts: chance.pick([0, 0, 1, 1, 2]),
		edits: chance.int(0, 12),
		reorders: chance.int(0, 3),
		guids: chance.int(0, 3),
		// By its headline an article is known for three days only, and here these are over at once.
		moves: forgets ? 0 : chance.int(0, 4),
		schedules: chance.int(0, 2),
		returns: chance.int(0, 3),
		ancients: chance.int(0, 2),
		breaking: chance.pick([0, 0.05, 0.2]),
		undated: chance.pick([0, 0, 0.1]),
		short: chance.pick([0, 0.05]),
		poison: chance.pick([0, 0.02]),
		late: chance.int(0, 4),
		removals: chance.int(0, 2),
		archive: chance.pick([chance.int(6, 20), chance.int(6, 20), chance.int(21, 50)]),
	};
	return {
		seed,
		hours,
		forgets,
		faults,
		site,
		/** A second source that lists the first one's articles under other guids, later; somebody else's, in some worlds. */
		sister: chance.chance(0.2) ? { own: chance.chance(0.5), delay: chance.int(1, 60) * MINUTE } : undefined,
		tick: chance.pick([1, 3, 5]) * MINUTE,
		opsChat: chance.chance(0.85),
		bot: chance.chance(0.85),
		admin: chance.pick(["quick", "slow", "absent"]),
		humans: chance.pick([0, 4, 20, 60]),
		/** How much faster or slower than ours the platforms' clocks go. */
		drift: (chance.next() - 0.5) * 0.002,
		/** When the platforms' clocks began. */
		phase: chance.int(0, 60_000),
		refusesCopies: chance.chance(0.5),
		twitterPace: chance.pick([
			{ limit: 100, window: 15 * MINUTE },
			{ limit: 20, window: 15 * MINUTE },
		]),
		floodLimit: chance.pick([50, 50, 20, 0]),
		firstVisit: chance.pick([0, 0, 0, 3]),
	};
}

import { createHash } from "node:crypto";
import { unseal } from "./product.mjs";

/** How long before a claim something must have been durable for the claim to have known of it: a look whether an article still stands may take 5 s. */
const KNEW = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Sees every durable write and everything that arrives outside, and holds them against the promises while they happen. */
export function simWatch(world) {
	/** Per channel: deliveries by id, as the disk has them. */
	const deliveries = { telegram: new Map(), twitter: new Map() };
	/** Per channel: what durable intents announced, with the delivery that it is of. */
	const announced = { telegram: new Map(), twitter: new Map() };
	/** Per channel: how often a delivery was accepted outside. */
	const accepted = { telegram: new Map(), twitter: new Map() };
	/** Ledger ids by the site's article, and back. */
	const ids = new Map();
	const articleOf = new Map();
	const sourceOf = new Map();
	/** Versions of the site's list whose cursor is durable. */
	const committed = new Set();
	const firstCommit = new Map();
	const sisterLists = new Map();
	/** Per channel: when the first post's receipt was durable. */
	const firstSent = {};
	/** What admins decided about deliveries that waited for it. */
	const decided = [];
	const asked = new Map();
	const lastPolls = new Map();
	const toldTexts = new Map();
	/** Incidents by what they read. */
	const incidents = new Map();
	let excuse = -HOUR;

	function rankOf(delivery) {
		const article = world.site.articles[articleOf.get(delivery.id)];
		const date = article?.date;
		if (delivery.scheduled) return [1, date];
		return [
			delivery.kind === "breaking" ? 0 : 1,
			date === undefined || date > delivery.plannedAt ? delivery.plannedAt : date,
		];
	}
	const isBefore = ([kindA, a], [kindB, b]) => kindA < kindB || (kindA === kindB && a < b);
	const isOpen = ({ state, closed }) =>
		state === "planned" || state === "waiting" || state === "sending" || (state === "unsure" && !closed);

	function claimed(channel, id, before, text) {
		const delivery = unseal(text);
		const { intent } = delivery;
		const now = world.clock.now;
		const hash = createHash("sha256").update(JSON.stringify(intent.post)).digest("hex");
		if (hash !== intent.hash) world.violate("I5", `${channel}: an intent's hash is not that of its post`);
		const bytes = intent.post.html ?? intent.post.text;
		if (before?.bytes !== undefined && before.bytes !== bytes && !before.mayChange)
			world.violate("I5", `${channel}: a post changed between two attempts`);
		announced[channel].set(bytes, id);
		if (before?.notBefore && Date.parse(before.notBefore) > now + 1)
			world.violate("I3", `${channel}: ${id} went out before its time`);
		const decidedAt = Date.parse(intent.at);
		const mine = before && rankOf(before);
		for (const [other, delivery] of deliveries[channel]) {
			if (other === id || !isOpen(delivery)) continue;
			if (delivery.state === "sending" || delivery.state === "unsure")
				world.violate("I3", `${channel}: ${id} overtakes ${other}, whose outcome is not known`);
			else if (mine && delivery.openSince < decidedAt - KNEW && isBefore(rankOf(delivery), mine))
				world.violate("I3", `${channel}: ${id} overtakes ${other}`);
		}
		return { bytes, hash, baseline: intent.baseline, at: decidedAt };
	}

	function delivered(key, text) {
		const [, channel, id] = key.split(":");
		const state = /"state":"(\w+)"/.exec(text)[1];
		const before = deliveries[channel].get(id);
		const closed = state === "unsure" && text.includes('"closed":true');
		const next = {
			id,
			channel,
			kind: before?.kind ?? /"kind":"(\w+)"/.exec(text)[1],
			plannedAt: before?.plannedAt ?? Date.parse(/"plannedAt":"([^"]+)"/.exec(text)[1]),
			scheduled: before ? before.scheduled : state === "waiting",
			state,
			closed,
			notBefore: state === "waiting" ? /"notBefore":"([^"]+)"/.exec(text)?.[1] : undefined,
			reason: /"reason":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1],
			bytes: before?.bytes,
			baseline: before?.baseline,
			at: before?.at,
			mayChange: before?.mayChange,
			firstAt: before?.firstAt ?? world.clock.now,
		};
		const wasOpen = before && isOpen(before);
		next.openSince = isOpen(next) ? (wasOpen ? before.openSince : world.clock.now) : undefined;
		if (state === "sending") Object.assign(next, claimed(channel, id, before, text), { mayChange: false });
		deliveries[channel].set(id, next);
		world.trace(`${channel} ${id.slice(0, 6)} ${state}${closed ? " closed" : ""} ${next.notBefore ?? ""}`);
		if (state === "sent" && before?.state !== "sent") {
			world.count.sent++;
			firstSent[channel] ??= world.clock.now;
		}
		if (state === "unsure" && before?.state !== "unsure") world.count.unsure++;
	}

	return {
		deliveries,
		counts: accepted,
		ids,
		articleOf,
		committed,
		firstCommit,
		sourceOf,
		firstSent,
		decided,
		isOpen,
		openOf: (channel) => [...deliveries[channel].values()].filter(isOpen),

		/** Everything that a write made durable. */
		written({ set, del }) {
			for (const [key, text] of set) {
				if (key.startsWith("article:")) {
					const index = world.site.indexOf(/"url":"([^"]+)"/.exec(text)[1]);
					const id = key.slice("article:".length);
					articleOf.set(id, index);
					sourceOf.set(id, text.includes('"source":"sister"') ? "sister" : "news");
					const known = ids.get(index);
					if (!known) ids.set(index, new Set([id]));
					else known.add(id);
				} else if (key.startsWith("delivery:")) delivered(key, text);
				else if (key.startsWith("cursor:")) {
					const tag = /"etag":"([^"]+)"/.exec(text)?.[1];
					if (tag !== undefined) {
						committed.add(tag);
						const name = key.slice("cursor:".length);
						if (!firstCommit.has(name) && text.includes('"firstVisit"')) firstCommit.set(name, world.clock.now);
					}
				} else if (key.startsWith("decision:")) {
					const [, channel, id] = key.split(":");
					const delivery = deliveries[channel].get(id);
					if (!delivery) continue;
					delivery.mayChange = true;
					if (!isOpen(delivery)) decided.push({ channel, id, from: delivery, do: unseal(text).do });
				}
				if (key.startsWith("incident:")) incidents.set(unseal(text).text, key);
				if (text.includes(world.secret)) world.violate("I9", `a secret stands in the ledger under ${key}`);
			}
			for (const key of del) if (key.startsWith("incident:")) excuse = world.clock.now;
		},

		/** A post arrived in a channel. */
		accepted(channel, bytes) {
			const id = announced[channel].get(bytes);
			if (id === undefined) return world.violate("I5", `${channel}: a post that no durable intent announced`);
			const index = articleOf.get(id);
			const times = (accepted[channel].get(index) ?? 0) + 1;
			accepted[channel].set(index, times);
			if (times > 1) world.violate("I2", `${channel}: article ${index} stands there ${times} times`);
			world.count.posts++;
			world.trace(`${channel} has article ${index}`);
		},
		/** The platform's parser refused a form of a post: another form is due. */
		refusedForm(channel, bytes) {
			const delivery = deliveries[channel].get(announced[channel].get(bytes));
			if (delivery) delivery.mayChange = true;
		},

		asked(name, process, until) {
			asked.set(name, { process, until });
		},
		/** A look at a source begins. */
		polled(name, process) {
			const now = world.clock.now;
			const pause = asked.get(name);
			if (pause && pause.process === process && process.alive && now < pause.until - 1 && world.count.diskFaults === 0)
				world.violate("I10", `${name} is asked before the time that its site named`);
			if (pause && now >= pause.until) asked.delete(name);
			const last = lastPolls.get(name);
			const stranger = name === "sister" && !world.scenario.sister.own;
			if (stranger && last && last.process === process && now - last.at < 299_000 && world.count.diskFaults === 0)
				world.violate("I10", `somebody else's site is asked twice within ${now - last.at} ms`);
			lastPolls.set(name, { process, at: now });
		},
		sister(tag, indexes) {
			sisterLists.set(tag, indexes);
		},
		listOf: (tag) => (tag.startsWith("v") ? world.site.versions[Number(tag.slice(1))] : sisterLists.get(tag)) ?? [],

		/** The ledger is gone: what it said holds no longer, what the platforms have stands. */
		lost() {
			for (const channel of ["telegram", "twitter"]) {
				deliveries[channel].clear();
				delete firstSent[channel];
			}
			committed.clear();
			firstCommit.clear();
			decided.length = 0;
			excuse = world.clock.now;
		},
		/** From now on the admins may hear the same again. */
		excused() {
			excuse = world.clock.now;
		},
		told(text) {
			world.count.told++;
			if (text.includes(world.secret)) world.violate("I9", "a secret stands in a message to the admins");
			// Two incidents can read the same.
			const incident = incidents.get(text) ?? "";
			const last = toldTexts.get(`${incident} ${text}`);
			if (last !== undefined && world.clock.now - last < HOUR && excuse < last - MINUTE)
				world.violate("I12", `the admins are told twice: ${text.slice(0, 80)}`);
			toldTexts.set(`${incident} ${text}`, world.clock.now);
		},
	};
}

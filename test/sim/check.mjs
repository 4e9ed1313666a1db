const LAWFUL = [/^first visit$/, /^safe mode$/, /^too old$/, /^retracted$/, /^the same story as /, /^skipped by admin/];
const HOUR = 3_600_000;

/** Holds what stands when all is calm against the promises. Gives a picture of it; with an earlier picture, nothing may have changed. */
export function check(world, { settledBy, replay }) {
	const { watch, disk, scenario } = world;
	if (replay) {
		const now = picture(world);
		for (const [key, text] of now)
			if (replay.get(key) !== text)
				return void world.violate("I7", `starting again changed ${key}: ${replay.get(key)} became ${text}`);
		if (now.size !== replay.size) world.violate("I7", "starting again took something out of the ledger");
		return;
	}
	if (settledBy !== undefined)
		for (const channel of ["telegram", "twitter"])
			for (const { id, state, reason } of watch.openOf(channel))
				world.violate("I8", `${channel}: ${id} is still ${state} when all is calm (${reason})`);
	const listed = new Set([...watch.committed].flatMap((tag) => watch.listOf(tag)));
	if (!watch.committed.has(`v${world.site.version}`)) {
		const { next, fault } = disk.read("cursor:news") ?? {};
		world.violate("I8", `the last list of the site was never taken in (${next ?? ""} ${fault?.message ?? ""})`);
	}
	for (const index of listed) {
		const ids = [...(watch.ids.get(index) ?? [])].filter((id) => watch.deliveries.telegram.has(id));
		if (ids.length === 0) {
			world.violate("I1", `article ${index} stood in a list that was taken in, and the ledger does not know it`);
			continue;
		}
		for (const channel of ["telegram", "twitter"]) {
			const all = ids.map((id) => watch.deliveries[channel].get(id)).filter(Boolean);
			if (all.length === 0) world.violate("I1", `${channel}: article ${index} was never planned`);
			else if (
				!all.some(
					(delivery) => delivery.state === "sent" || watch.isOpen(delivery) || mayRest(world, channel, index, delivery),
				)
			)
				world.violate(
					"I1",
					`${channel}: article ${index} ended as ${all.map(({ state, reason }) => `${state} (${reason})`).join(", ")}`,
				);
		}
	}
	for (const channel of ["telegram", "twitter"])
		for (const delivery of watch.deliveries[channel].values()) {
			const times = watch.counts[channel].get(watch.articleOf.get(delivery.id)) ?? 0;
			if (delivery.state === "sent") {
				const { receipt } = disk.read(`delivery:${channel}:${delivery.id}`);
				if (times === 0) world.violate("I6", `${channel}: ${delivery.id} counts as sent, and nothing stands there`);
				else if (receipt && !world[channel].find(receipt.id))
					world.violate("I6", `${channel}: ${delivery.id} has the receipt ${receipt.id}, and no post has that id`);
			} else if (times > 0 && delivery.state !== "unsure" && !watch.isOpen(delivery)) {
				const twins = [...watch.ids.get(watch.articleOf.get(delivery.id))].some((id) =>
					/^(sent|unsure)$/.test(watch.deliveries[channel].get(id)?.state),
				);
				if (!twins && world.count.ledgersLost === 0)
					world.violate("I6", `${channel}: ${delivery.id} stands there and counts as ${delivery.state}`);
			}
			if (delivery.closed && !mayBeUnsure(world, channel, delivery))
				world.violate(
					"I8",
					`${channel}: ${delivery.id} could have been looked up, and nobody knows whether it was posted`,
				);
		}
	for (const { channel, id, from, do: what } of watch.decided) {
		const { state, at } = watch.deliveries[channel].get(id);
		// The answer of another attempt may have been lost as well.
		if (state === from.state && at === from.at && state !== "skipped" && state !== "sent")
			world.violate("I1", `${channel}: the admins decided to ${what} ${id}, and it is still ${state}`);
	}
	for (const [name, time] of watch.firstCommit)
		for (const channel of ["telegram", "twitter"]) {
			const posted = [...watch.deliveries[channel].values()].filter(
				({ id, state, firstAt }) => state === "sent" && firstAt <= time && watch.sourceOf.get(id) === name,
			).length;
			// A first visit that died is another one, with other newest articles.
			if (posted > scenario.firstVisit * 4)
				world.violate("C9", `${channel}: the first visit of ${name} brought ${posted} posts`);
		}
	const counts = disk.read("stats:all") ?? {};
	for (const channel of ["telegram", "twitter"])
		for (const state of ["sent", "skipped"]) {
			const all = [...watch.deliveries[channel].values()].filter((delivery) => delivery.state === state).length;
			// What admins retry counts twice, as it was finished twice.
			if ((counts[channel]?.[state] ?? 0) < all)
				world.violate("I6", `${channel}: ${all} are ${state}, counted ${counts[channel]?.[state]}`);
		}
	return picture(world);
}

/** What must outlast a restart as it is. */
function picture({ disk, scenario }) {
	const all = new Map();
	// What is forgotten may be forgotten at any time.
	const kinds = [
		"open",
		"held",
		"unsure",
		"refused",
		"hold",
		...(scenario.forgets ? [] : ["article", "alias", "delivery"]),
	];
	for (const kind of kinds) for (const key of disk.keysOf(kind)) all.set(key, asked(disk.texts.get(key)));
	return all;
}

/** What is kept, whenever the admins were last reminded of it. */
const asked = (text) => text.replace(/"askedAt":"[^"]*"/, "");

/** Whether an article may rightly end as this, unposted. */
function mayRest(world, channel, index, { state, reason = "", closed, id, firstAt }) {
	const article = world.site.articles[index];
	if (state === "held")
		return (
			world.disk.texts.has(`held:${channel}:`) ||
			world.disk.keysOf("held").some((key) => key.startsWith(`held:${channel}:`) && key.endsWith(`:${id}`))
		);
	if (closed) return true;
	if (state !== "skipped") return false;
	if (!LAWFUL.some((rule) => rule.test(reason))) return false;
	if (reason === "first visit") return [...world.watch.firstCommit.values()].some((time) => firstAt <= time);
	if (reason === "safe mode") return world.scenario.faults.some(({ kind }) => kind === "ledger-lost");
	// Without a date, what slides into the end of a list is told from an old one by nothing.
	if (reason === "too old") return article.date === undefined || firstAt - article.date > 24 * HOUR;
	if (reason === "retracted") return article.removed;
	return true;
}

/** Whether a lost answer may have stayed without one: looking was impossible, or failed itself. */
function mayBeUnsure({ scenario, watch }, channel, delivery) {
	const has = (...kinds) => scenario.faults.some(({ kind }) => kinds.includes(kind));
	if (channel === "twitter") return has("twitter-look");
	if (!scenario.opsChat) return true;
	if (delivery.baseline === undefined) return has("telegram-moved") || !(watch.firstSent.telegram < delivery.at);
	return scenario.humans > 0 || has("telegram-look", "telegram-protected", "telegram-moved");
}

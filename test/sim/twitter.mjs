import { ApiResponseError } from "twitter-api-v2";
import { simNetwork } from "./network.mjs";

const HOUR = 3_600_000;
const QUARTER = 15 * 60_000;
const LATEST = 19_000;

const refusal = (code, title, detail, headers = {}) =>
	new ApiResponseError(`Request failed with code ${code}`, {
		code,
		headers,
		data: { title, detail, type: "about:blank" },
	});

/** X as far as one account goes, with a clock of its own. */
export function simTwitter(world) {
	const { clock, scenario } = world;
	const chance = world.chance.fork("twitter");
	const ownTime = () => clock.now * (1 + scenario.drift) + scenario.phase;
	const posts = [];
	const arrivals = [];
	let next = 1_800_000_000;
	let mutedUntil = 0;
	const network = simNetwork(world, "twitter", {
		latest: LATEST,
		failed: (code) => refusal(code, "Service Unavailable", ""),
	});

	function accept(text) {
		const now = ownTime();
		if (world.fault("twitter-no-credit"))
			throw refusal(402, "CreditsDepleted", "Your account does not have any credits.");
		const wait = (reset) =>
			refusal(429, "Too Many Requests", "Too Many Requests", {
				"x-rate-limit-remaining": "0",
				// Whole seconds of our clock: X's answers carry its own, and both are set by the same time servers.
				"x-rate-limit-reset": String(Math.ceil((reset - scenario.phase) / (1 + scenario.drift) / 1_000)),
			});
		if (now < mutedUntil) {
			world.count.early++;
			throw wait(mutedUntil);
		}
		if (world.fault("twitter-wait")) {
			mutedUntil = now + chance.int(10, 600) * 1_000;
			world.count.waits++;
			throw wait(mutedUntil);
		}
		if (scenario.refusesCopies && posts.some((post) => post.text === text && post.until > clock.now))
			throw refusal(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.");
		while (arrivals.length > 0 && arrivals[0] <= now - QUARTER) arrivals.shift();
		if (arrivals.length >= scenario.twitterPace.limit) {
			world.violate("I4", `X got its ${scenario.twitterPace.limit + 1}st post within a quarter of an hour`);
			throw wait(arrivals[0] + QUARTER);
		}
		arrivals.push(now);
		const id = String(next++);
		posts.push({
			id,
			text,
			seen: clock.now + chance.int(0, 12_000),
			at: clock.now,
			until: clock.now + chance.int(12, 36) * HOUR,
		});
		world.watch.accepted("twitter", text, id);
		return id;
	}

	return {
		posts,
		forgive() {
			arrivals.length = 0;
		},
		find: (id) => posts.some((post) => post.id === id),
		api: (process) => ({
			tweet: (text) => network.request(process, "twitter", () => accept(text)),
			recent: (since, signal) =>
				network.request(
					process,
					"look",
					() => {
						if (world.fault("twitter-look")) throw refusal(503, "Service Unavailable", "");
						world.count.looks++;
						return posts
							.filter((post) => post.seen <= clock.now && post.at >= since.getTime())
							.slice(-20)
							.reverse();
					},
					{ faults: false, signal },
				),
			me: async () => ({ id: "1", username: "sim" }),
		}),
	};
}

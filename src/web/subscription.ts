const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Seconds that are asked for: few enough that a subscription which the hub lost is soon asked for again. */
export const LEASE = 3 * 24 * 60 * 60;
/** The longest time for which a hub is believed, in seconds. */
const LONGEST_LEASE = 30 * 24 * 60 * 60;

/** A source's subscription to its hub, as it is remembered. Times are ISO 8601 UTC. */
export type Subscription = {
	readonly v: 1;
	readonly hub: string;
	readonly topic: string;
	/** When the site named this hub and topic. */
	readonly learned: string;
	/** `asked` waits for the hub's verification, also when it is a renewal. */
	readonly state: "wanted" | "asked" | "subscribed" | "denied";
	/** Of the callback that was last asked for, which is secret itself. */
	readonly mark?: string;
	/** When the lease ends. */
	readonly until?: string;
	/** When to ask next; at once without it. */
	readonly next?: string;
	/** Times it was asked since the hub last verified or denied it. */
	readonly tries: number;
};

/** What the hub says when it verifies or denies, without the `hub.` of its names. */
export interface Word {
	readonly mode: string | undefined;
	readonly topic: string | undefined;
	readonly challenge: string | undefined;
	readonly lease_seconds: string | undefined;
}

/** The subscription after a look at the site, which named this hub and topic; undefined when nothing changes. */
export function found(
	about: Subscription | undefined,
	{ hub, topic }: { readonly hub: string; readonly topic: string },
	now: Date,
): Subscription | undefined {
	if (about?.hub === hub && about.topic === topic) return undefined;
	// A site that names now one hub, now another, must not make us ask on every look.
	if (about && now.getTime() - Date.parse(about.learned) < HOUR) return undefined;
	return { v: 1, hub, topic, learned: now.toISOString(), state: "wanted", tries: 0 };
}

/** When to ask, in milliseconds since 1970; at once when the callback that was asked for is ours no more, because PUBLIC_URL or HOOK_SECRET changed. */
export function dueAt(about: Subscription, mark: string): number {
	const isElsewhere = about.mark !== undefined && about.mark !== mark && about.state !== "denied";
	return about.next === undefined || isElsewhere ? 0 : Date.parse(about.next);
}

/** The subscription as it stands before a request goes out: whatever becomes of that, the next one waits 1, 2, 4 … 60 minutes, and a day after a denial. */
export function asked(about: Subscription, mark: string, now: Date): Subscription {
	const tries = about.tries + 1;
	const wait = about.state === "denied" ? DAY : Math.min(2 ** (tries - 1), 60) * MINUTE;
	return { ...about, state: "asked", tries, next: later(now, wait), mark };
}

/**
 * The subscription after the hub's word; undefined when nothing of the kind was asked for or is pending
 * (https://www.w3.org/TR/websub/#hub-verifies-intent). A lease is renewed when 85 to 90 % of it are over.
 */
export function answered(about: Subscription, word: Word, now: Date, random: () => number): Subscription | undefined {
	if (word.topic === undefined || !isSameAddress(word.topic, about.topic)) return undefined;
	if (word.mode === "denied") {
		// Told again, it must not put off the next request.
		if (about.state === "denied") return about;
		const { until: _until, ...rest } = about;
		return { ...rest, state: "denied", tries: 0, next: later(now, DAY + random() * HOUR) };
	}
	const lease = leaseOf(word.lease_seconds);
	if (word.mode !== "subscribe" || about.state !== "asked" || !word.challenge || lease === undefined) return undefined;
	const next = later(now, lease * 1000 * (0.9 - 0.05 * random()));
	return { ...about, state: "subscribed", tries: 0, until: later(now, lease * 1000), next };
}

/** Seconds for which the hub subscribes us; undefined when it names something else than seconds. */
function leaseOf(text: string | undefined): number | undefined {
	// Hubs from before the recommendation name none: then it is what they were asked for.
	if (text === undefined) return LEASE;
	const seconds = /^\d+$/.test(text) ? Number(text) : 0;
	return seconds > 0 ? Math.min(seconds, LONGEST_LEASE) : undefined;
}

/** Whether both are one address: some hubs write the one they were given in their own way. */
function isSameAddress(one: string, other: string): boolean {
	return one === other || (URL.canParse(one) && new URL(one).href === new URL(other).href);
}

function later(now: Date, milliseconds: number): string {
	return new Date(now.getTime() + milliseconds).toISOString();
}

import { expect } from "vitest";
import { ADMIN, type Newsroom, type NewsroomOptions } from "../e2e/newsroom.ts";
import { type Program, until } from "../e2e/program.ts";
import type { Fault } from "../servers/fault.ts";
import { judge, type Verdict } from "./verdict.ts";

/** Where SIGKILL meets the program. */
export const DEATHS = ["anywhere", "starting", "accepted", "unheard", "looking"] as const;
export type Death = (typeof DEATHS)[number];

/** What came of a newsroom whose program was killed many times. */
export interface Siege {
	readonly kills: Readonly<Record<Death, number>>;
	readonly published: number;
	readonly telegram: Verdict;
	readonly twitter: Verdict;
	/** Looks at what became of a post whose answer was lost, at either platform. */
	readonly looks: number;
	/** Requests that the platforms refused for coming too fast. */
	readonly tooMany: number;
	/** Deliveries that are not finished although there is nothing more to wait for. */
	readonly unsettled: number;
}

const SENDS = { telegram: "sendMessage", twitter: "POST /2/tweets" } as const;
const LOOKS = { telegram: "forwardMessage", twitter: "GET /2/users/:id/tweets" } as const;

/** The platforms count more strictly than the program is told, by what a request may need to arrive on a busy machine. */
export const SIEGE: NewsroomOptions = {
	telegram: { limit: { count: 20, windowMs: 2_000 } },
	yaml: `channels:
  - { name: telegram, kind: telegram, unsureQuiet: 1s, unsureBetween: 300ms }
  - { name: twitter, kind: twitter, unsureQuiet: 1s, unsureBetween: 300ms }
`,
};
const ENV = {
	TELEGRAM_OPS_CHAT: String(ADMIN),
	// A first post, so that Telegram's channel has a last known one.
	FIRST_VISIT: "latest:1",
	TELEGRAM_PACE: "20/3s",
	TWITTER_PACE: "20/3s",
	FLOOD_LIMIT: "0",
};

const UNSETTLED = ["waiting", "unsure", "refused", "held"] as const;

/** Entries that the site lists, and how many of them may wait: what is not yet seen must never leave the list. */
const LISTED = 60;
const BACKLOG = 40;
/** The longest that a hook waits for its request. Milliseconds. */
const PATIENCE = 4_000;
/** One after the other at three in a second, which share their time of publication. */
const PER_SECOND = 3;

/** Publishes a steady stream with bursts while the program is killed `kills` times; then lets it come to rest and judges what followers saw. `next` gives numbers from 0 up to 1. */
export async function besiege(
	room: Newsroom,
	{ kills, next, now }: { readonly kills: number; readonly next: () => number; readonly now: number },
): Promise<Siege> {
	room.site.feed.most = LISTED;
	const wanted = [0];
	const programs: Program[] = [];
	const start = () => {
		const program = room.start({ env: ENV });
		programs.push(program);
		return program;
	};
	const posted = () => Math.min(room.telegramPosts().length, room.twitter.posts().length);
	const publish = () => {
		if (wanted.length - posted() >= BACKLOG) return;
		const number = wanted.length;
		room.publish(number, { publishedAt: new Date(now + Math.floor(number / PER_SECOND) * 1_000) });
		wanted.push(number);
	};

	programs.push(await room.begin(ENV));
	await room.shows([0], 30_000);

	const count: Record<Death, number> = { anywhere: 0, starting: 0, accepted: 0, unheard: 0, looking: 0 };
	let streaming = true;
	const stream = (async () => {
		while (streaming) {
			for (let burst = next() < 0.1 ? 4 + Math.floor(next() * 12) : 1; burst > 0; burst--) publish();
			await pause(150 + next() * 600);
		}
	})();
	try {
		for (let kill = 0; kill < kills; kill++) {
			const program = programs.at(-1) as Program;
			const death = DEATHS[Math.floor(next() ** 1.3 * DEATHS.length)] ?? "anywhere";
			count[await die(room, program, death, next)]++;
			start();
		}
	} finally {
		streaming = false;
		await stream;
		room.telegram.clearFaults();
		room.twitter.clearFaults();
	}

	const last = programs.at(-1) as Program;
	// What is doubled must not hide what is lost: the count of posts tells nothing.
	const missing = () =>
		judge(wanted, room.telegramPosts()).lost.length + judge(wanted, room.twitter.posts()).lost.length;
	await until(
		() => missing() === 0,
		"calm: every story on both channels",
		120_000,
		() => `${missing()} are missing\n${last.stderr.slice(-4_000)}`,
	).catch((error) => process.stderr.write(`${error}\n`));
	expect(await last.stop(), last.stderr.slice(-2_000)).toBe(0);
	const status = room.start({ args: ["status", "--json"], env: ENV });
	expect(await status.exit, status.stderr).toBe(0);
	const { channels } = JSON.parse(status.stdout) as { channels: Readonly<Record<string, number>>[] };
	const unsettled = channels.flatMap((channel) => UNSETTLED.map((name) => channel[name] ?? Number.NaN));
	return {
		kills: count,
		published: wanted.length,
		telegram: judge(wanted, room.telegramPosts()),
		twitter: judge(wanted, room.twitter.posts()),
		looks: room.telegram.calls(LOOKS.telegram).length + room.twitter.calls(LOOKS.twitter).length,
		tooMany: room.telegram.tooMany,
		unsettled: unsettled.reduce((sum, one) => sum + one, 0),
	};
}

/** Kills a program; gives the death that it died: a hook may wait for its request in vain. */
async function die(room: Newsroom, program: Program, death: Death, next: () => number): Promise<Death> {
	room.telegram.clearFaults();
	room.twitter.clearFaults();
	const channel = next() < 0.5 ? "telegram" : "twitter";
	let met: Death = "anywhere";
	const hook = (endpoint: string, fault: Fault) => {
		const armed: Fault = {
			...fault,
			// The server asks this before it takes the request: what it does then happens to a program that is gone.
			when: () => {
				process.kill(program.pid, "SIGKILL");
				met = death;
				return true;
			},
		};
		if (channel === "telegram") room.telegram.fault(endpoint, armed);
		else room.twitter.fault(endpoint, armed);
	};
	if (death === "accepted") hook(SENDS[channel], { hang: true, accept: true });
	if (death === "unheard") hook(SENDS[channel], { reset: "before" });
	if (death === "looking") hook(LOOKS[channel], { reset: next() < 0.5 ? "before" : "after" });
	// Slow answers make it likelier that a death comes while one is awaited.
	const slow = { times: Number.POSITIVE_INFINITY, delay: Math.round(next() * 150) };
	room.telegram.fault(SENDS.telegram, slow);
	room.twitter.fault(SENDS.twitter, slow);
	// A life that ends before it began proves little: only one kind of death comes while it starts.
	if (death !== "starting") await program.ready();
	const wait = death === "anywhere" ? next() * 2_000 : death === "starting" ? next() * 700 : PATIENCE;
	const timer = setTimeout(() => void program.kill(), wait);
	expect(await program.exit, `ended by itself: ${program.stderr.slice(-2_000)}`).toBeUndefined();
	clearTimeout(timer);
	return death === "starting" ? death : met;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

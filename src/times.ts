import { type Quiet, type QuietHours, quietNow, quietUntil } from "./article/quiet.ts";
import type { digests } from "./digests.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Clock } from "./ports.ts";

/** What the times of a channel depend on. */
export interface TimedChannel {
	readonly name: string;
	readonly quiet?: QuietHours;
	/** What its digests tell of is gathered for them, because nothing else is sent there. */
	readonly gathers: boolean;
}

/** What the people of a newsroom can do about times. */
export interface Times {
	/** Plans a digest of a channel for now; gives its articles, none when there is nothing to tell. */
	digestNow(channel: string): Promise<number>;
	/** Makes a channel quiet until they say otherwise or until a moment, or ends its quiet: quiet hours that have begun as well, and the next ones come as ever. */
	quiet(channel: string, word: "on" | "off" | Date, by: string): Promise<void>;
	/** How a channel is quiet now; undefined when it is not. */
	quietNow(channel: string): Promise<Quiet | undefined>;
}

/** The newsroom's times as its people steer them. Throws for a channel that there is not. */
export function times({
	ledger,
	channels,
	timeZone,
	clock,
	planned,
	wake,
}: {
	readonly ledger: Pick<Ledger, "channel" | "updateChannel">;
	readonly channels: readonly TimedChannel[];
	readonly timeZone: string;
	readonly clock: Pick<Clock, "now">;
	readonly planned: Pick<ReturnType<typeof digests>, "now">;
	/** Lets a channel's lane look at its queue now. */
	readonly wake: (channel: string) => Promise<void>;
}): Times {
	const channelOf = (name: string): TimedChannel => {
		const channel = channels.find((one) => one.name === name);
		if (!channel) throw new Error(`no channel is named «${name}»`);
		return channel;
	};

	return {
		async digestNow(name) {
			const articles = await planned.now(name, channelOf(name).gathers);
			if (articles > 0) await wake(name);
			return articles;
		},

		async quiet(name, word, by) {
			const { quiet: hours } = channelOf(name);
			const now = clock.now();
			const end = hours && quietUntil(now, timeZone, hours);
			await ledger.updateChannel(name, ({ quiet: _quiet, ...record }) => {
				const said = { by, at: now.toISOString() };
				if (word === "on") return { ...record, quiet: { on: true, ...said } };
				if (word !== "off") return { ...record, quiet: { on: true, until: word.toISOString(), ...said } };
				return end ? { ...record, quiet: { on: false, until: end.toISOString(), ...said } } : record;
			});
			await wake(name);
		},

		async quietNow(name) {
			const { quiet: hours } = channelOf(name);
			return quietNow(clock.now(), timeZone, hours, (await ledger.channel(name)).quiet);
		},
	};
}

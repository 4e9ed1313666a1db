import type { ChannelRecord, Ledger } from "./ledger/ledger.ts";
import type { Clock } from "./ports.ts";

/** Who did something, and when (ISO 8601 UTC). */
export interface Mark {
	readonly by: string;
	readonly at: string;
}

/** What admins settled about one source; a source of which they settled nothing has none. */
export interface SourceSwitch {
	readonly v: 1;
	/** They added it: it stands in no setting. */
	readonly added?: Mark & { readonly url: string };
	/** Not looked at, for good or until that time (ISO 8601 UTC). */
	readonly paused?: Mark & { readonly until?: string };
	/** Looked at, and nothing of it is posted. */
	readonly muted?: Mark;
	/** Its articles wait for approval. */
	readonly asks?: Mark;
}

/** Where articles wait for approval, apart from single sources. */
export interface Mode {
	readonly v: 1;
	readonly all?: Mark;
	readonly channels: Readonly<Record<string, Mark>>;
}

/** What a wish is about: everything, one channel, or one source. */
export type Scope = "all" | { readonly channel: string } | { readonly source: string };

/** What the names of a source's switches in the ledger begin with. */
export const SOURCE = "source:";
const MODE = "mode";
const NO_MODE: Mode = { v: 1, channels: {} };

/** What admins switch while Mirsal works: kept in the ledger, and known here without asking it. */
export type Switches = Awaited<ReturnType<typeof openSwitches>>;

/** Reads the switches of an earlier life. */
export async function openSwitches({
	ledger,
	channels,
	clock,
	wake,
}: {
	readonly ledger: Ledger;
	readonly channels: readonly string[];
	readonly clock: Pick<Clock, "now">;
	/** Lets a channel's lane look at its queue. */
	readonly wake: (channel: string) => Promise<void>;
}) {
	const sources = new Map<string, SourceSwitch>();
	let mode: Mode = NO_MODE;
	/** Changes made here: what was read before one of them says nothing about it. */
	let changes = 0;

	async function read(): Promise<void> {
		for (let before = -1; before !== changes; ) {
			before = changes;
			const found = new Map<string, SourceSwitch>();
			for await (const [name, value] of ledger.keptUnder<SourceSwitch>(SOURCE)) found.set(name, value);
			const kept = (await ledger.kept<Mode>(MODE)) ?? NO_MODE;
			if (before !== changes) continue;
			sources.clear();
			for (const [name, value] of found) sources.set(name, value);
			mode = kept;
		}
	}

	async function change(name: string, update: (before: SourceSwitch) => SourceSwitch): Promise<void> {
		let after: SourceSwitch | undefined;
		await ledger.keepBy<SourceSwitch>(SOURCE + name, (before) => {
			const wanted = update(before ?? { v: 1 });
			after = Object.keys(wanted).length > 1 ? wanted : undefined;
			return after;
		});
		changes++;
		if (after) sources.set(name, after);
		else sources.delete(name);
	}

	const mark = (by: string): Mark => ({ by, at: clock.now().toISOString() });
	const isOver = (until: string | undefined) => until !== undefined && new Date(until) <= clock.now();

	await read();

	return {
		/** What was settled about a source. */
		of: (source: string): SourceSwitch => sources.get(source) ?? { v: 1 },
		/** The sources that admins added, by name. */
		added: (): readonly { readonly name: string; readonly url: string }[] =>
			[...sources].flatMap(([name, { added }]) => (added ? [{ name, url: added.url }] : [])),
		isPaused(source: string): boolean {
			const paused = sources.get(source)?.paused;
			return paused !== undefined && !isOver(paused.until);
		},
		/** Why nothing of a source is posted; undefined when it is. */
		mutedBy(source: string): string | undefined {
			const muted = sources.get(source)?.muted;
			return muted && `source muted by ${muted.by}`;
		},
		/** Whether articles of a source wait for approval before they go to a channel. */
		asks: (source: string, channel: string): boolean =>
			(mode.all ?? mode.channels[channel] ?? sources.get(source)?.asks) !== undefined,
		/** Where articles wait for approval. */
		mode: (): { readonly all?: Mark; readonly channels: readonly string[]; readonly sources: readonly string[] } => ({
			...(mode.all ? { all: mode.all } : {}),
			channels: Object.keys(mode.channels),
			sources: [...sources].flatMap(([name, { asks }]) => (asks ? [name] : [])),
		}),

		pauseSource: (source: string, by: string, until?: Date): Promise<void> =>
			change(source, (before) => ({
				...before,
				paused: { ...mark(by), ...(until ? { until: until.toISOString() } : {}) },
			})),
		resumeSource: (source: string): Promise<void> => change(source, ({ paused: _paused, ...before }) => before),
		mute: (source: string, by: string): Promise<void> =>
			change(source, (before) => ({ ...before, muted: before.muted ?? mark(by) })),
		unmute: (source: string): Promise<void> => change(source, ({ muted: _muted, ...before }) => before),
		add: (source: string, url: string, by: string): Promise<void> =>
			change(source, (before) => ({ ...before, added: { ...mark(by), url } })),
		/** Takes away everything that was settled about a source, and with it one that was added. */
		remove: (source: string): Promise<void> => change(source, () => ({ v: 1 })),
		/** From now on articles in this scope wait for approval, or do not. What waits already goes on waiting. */
		async setMode(scope: Scope, approve: boolean, by: string): Promise<void> {
			if (scope !== "all" && "source" in scope)
				return change(scope.source, ({ asks: _asks, ...before }) => (approve ? { ...before, asks: mark(by) } : before));
			let after = NO_MODE;
			await ledger.keepBy<Mode>(MODE, (before = NO_MODE) => {
				const { all: _all, ...others } = before;
				if (scope === "all") after = approve ? { ...others, all: mark(by) } : others;
				else {
					const { [scope.channel]: _one, ...rest } = before.channels;
					after = { ...before, channels: approve ? { ...rest, [scope.channel]: mark(by) } : rest };
				}
				return after;
			});
			changes++;
			mode = after;
		},
		/** Stops a channel, for good or until that time; gives how it was before. */
		async pauseChannel(channel: string, by: string, until?: Date): Promise<ChannelRecord["paused"]> {
			const { paused } = await ledger.channel(channel);
			const before = paused && !isOver(paused.until) ? paused : undefined;
			if (!before || until || before.until !== undefined)
				await ledger.updateChannel(channel, (record) => ({
					...record,
					paused: { ...mark(by), ...(until ? { until: until.toISOString() } : {}) },
				}));
			return before;
		},

		/** Takes up what another process or an earlier life wrote, and ends the pauses whose time is over. */
		async refresh(): Promise<void> {
			await read();
			for (const [name, { paused }] of [...sources])
				if (isOver(paused?.until)) await change(name, ({ paused: _paused, ...before }) => before);
			for (const name of channels) {
				const { paused } = await ledger.channel(name);
				if (!isOver(paused?.until)) continue;
				await ledger.updateChannel(name, ({ paused: now, ...before }) =>
					now && !isOver(now.until) ? { ...before, paused: now } : before,
				);
				await wake(name);
			}
		},
	};
}

import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Desk, DeskSource } from "./admin/desk.ts";
import { kindOf } from "./article/article.ts";
import { aliasesOf } from "./article/identity.ts";
import { byHand } from "./by-hand.ts";
import type { Settings } from "./config.ts";
import type { Release } from "./holds.ts";
import { copyInThread } from "./ledger/backups.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { CHANCE, seal } from "./ledger/sealed.ts";
import type { Clock } from "./ports.ts";
import { nameOf } from "./source-settings.ts";
import type { Source } from "./sources/source.ts";
import type { Switches } from "./switches.ts";
import { templatesIn } from "./templates.ts";
import type { Times } from "./times.ts";
import type { Tools } from "./tools.ts";

/** What somebody asked for on the spot may take so long. Milliseconds. */
const READ_WITHIN = 30_000;
const FIND_WITHIN = 60_000;
const COPY_WITHIN = 120_000;
/** The largest file that a bot may send (core.telegram.org/bots/api#senddocument). Bytes. */
const LARGEST = 50_000_000;
const TITLES = 3;

export interface DeskParts {
	readonly ledger: Ledger;
	readonly tools: Tools;
	readonly switches: Switches;
	readonly times: Times;
	readonly clock: Clock;
	readonly version: string;
	readonly day: (time: Date) => string;
	/** The sources that are watched, and those of them that are the newsroom's own. */
	readonly sources: Map<string, Source>;
	readonly own: Set<string>;
	readonly release: (hold: string, answer: Release, by: string) => Promise<number>;
	readonly wake: (channel: string) => Promise<void>;
	readonly look: (source: string) => Promise<void>;
}

/** The sources that admins added, as watched from now on. */
export function watchAdded({
	switches,
	sources,
	own,
	tools,
}: Pick<DeskParts, "switches" | "sources" | "own" | "tools">) {
	for (const { name, url } of switches.added()) {
		if (sources.has(name)) continue;
		sources.set(name, tools.openSite({ name, url, own: true }));
		own.add(name);
	}
}

/** What the newsroom's people see and can do, of the parts that the house consists of. */
export function openDesk(settings: Settings, parts: DeskParts): Desk {
	const { ledger, tools, switches, clock, day, sources, own } = parts;
	const { newsroom } = settings;
	const read = (address: string) => tools.reader.read(address, { signal: AbortSignal.timeout(READ_WITHIN) });
	const all = (): readonly DeskSource[] => [
		...settings.sources,
		...switches.added().filter(({ name }) => !settings.sources.some((one) => one.name === name)),
	];
	const hand = byHand({ ledger, channels: settings.channels.map(({ name }) => name), read, day, now: clock.now });

	return {
		ledger,
		times: parts.times,
		newsroom: newsroom.name ?? "",
		timeZone: settings.timeZone,
		version: parts.version,
		channels: settings.channels.map(({ name, kind, telegram: keys, twitter }) => ({
			name,
			kind,
			address: keys?.chat ?? name,
			preview: !keys && !twitter,
		})),
		get sources() {
			return all();
		},
		money: settings.money,
		switches,
		manners: {
			hashtags: newsroom.hashtags,
			filters: [
				...(newsroom.filter ? [{ filter: newsroom.filter }] : []),
				...[...settings.sources, ...settings.channels].flatMap(({ name, filter }) =>
					filter ? [{ of: name, filter }] : [],
				),
			],
		},
		now: clock.now,
		day,
		release: parts.release,
		wake: parts.wake,
		preview: async (address) => (await read(address)).map((reading) => ({ ...reading, posts: tools.posts(reading) })),
		posts: (article) => tools.posts({ article, kind: kindOf(article), removed: [] }),
		known: (address) => ledger.idOf(aliasesOf({ url: address, source: "" }, { trustGuid: false })),
		post: hand.post,
		look: parts.look,
		async find(address) {
			const url = new URL(address);
			const known = all().find((source) => source.url === url.href)?.name;
			const site = tools.openSite({ name: nameOf(url), url: url.href, own: true });
			const { door, poll } = await site.discover(AbortSignal.timeout(FIND_WITHIN));
			return {
				url: door.url ?? url.href,
				kind: door.kind,
				count: poll.drafts.length,
				titles: poll.drafts.slice(0, TITLES).map(({ title }) => title),
				...(known === undefined ? {} : { known }),
			};
		},
		async addSource(address, by) {
			const url = new URL(address);
			const before = all();
			const same = before.find((source) => source.url === url.href);
			if (same) return same.name;
			let name = nameOf(url);
			for (let turn = 2; before.some((source) => source.name === name); turn++) name = `${nameOf(url)} (${turn})`;
			await switches.add(name, url.href, by);
			watchAdded(parts);
			await parts.look(name);
			return name;
		},
		async removeSource(name) {
			if (!switches.of(name).added || settings.sources.some((source) => source.name === name)) return false;
			await switches.remove(name);
			sources.delete(name);
			own.delete(name);
			return true;
		},
		async templates() {
			const kinds = [...new Set(settings.channels.map(({ kind }) => kind))];
			return templatesIn(tools.folders, kinds);
		},
		async backup() {
			const stamp = clock.now().toISOString().slice(0, 16).replace(/[:T]/g, "-");
			const file = join(dirname(resolve(settings.ledger)), `mirsal-${stamp}.db.sending`);
			try {
				await copyInThread(resolve(settings.ledger), file, AbortSignal.timeout(COPY_WITHIN));
				const packed = await promisify(gzip)(await readFile(file));
				const { ledgerKey } = settings;
				const bytes = ledgerKey === undefined ? packed : seal(packed, ledgerKey, randomBytes(CHANCE));
				if (bytes.length > LARGEST) throw new Error("the copy is larger than the 50 MB that a bot may send");
				const sealed = ledgerKey !== undefined;
				return { name: `mirsal-${stamp}.db.gz${sealed ? ".sealed" : ""}`, bytes, sealed };
			} finally {
				await rm(file, { force: true });
			}
		},
	};
}

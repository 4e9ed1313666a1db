import { textOf } from "./newsroom.mjs";
import { SourceError } from "./product.mjs";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A newsroom's site: what it publishes and what its feed looks like at each moment. The end of the faulty hours is the end of its news. */
export function simSite(world) {
	const chance = world.chance.fork("site");
	const plan = world.scenario.site;
	const start = world.clock.now;
	const end = start + world.scenario.hours * HOUR;
	const articles = [];
	/** What the feed listed, by version: the articles' indexes. */
	const versions = [];
	let era = 0;
	let version = 0;
	let order = [];
	let drafts;

	function write(at, more = {}) {
		const index = articles.length;
		const article = {
			index,
			at,
			date: at,
			url: `https://news.example.org/articles/${index}`,
			edits: 0,
			titleEdits: 0,
			breaking: chance.chance(plan.breaking),
			short: chance.chance(plan.short),
			poison: chance.chance(plan.poison),
			hidden: false,
			removed: false,
			...more,
		};
		if (more.date === undefined && chance.chance(plan.undated)) article.date = undefined;
		articles.push(article);
		order.unshift(article);
		return article;
	}
	const changed = () => {
		version++;
		drafts = undefined;
	};
	const listed = () => order.filter(({ hidden, removed }) => !hidden && !removed).slice(0, plan.archive);
	const recent = () => {
		const list = listed();
		return list.length === 0 ? undefined : chance.pick(list.slice(0, 12));
	};
	const moment = () => start + Math.floor(chance.next() * (end - start));
	const at = (time, act) => world.clock.at(time, act);

	for (let count = chance.int(1, plan.archive); count > 0; count--)
		write(start - Math.floor(count * chance.next() * 20 * MINUTE) - MINUTE, { undatedOk: false });
	order.sort((left, right) => right.at - left.at);
	changed();

	for (let count = plan.articles; count > 0; count--)
		at(moment(), () => {
			write(world.clock.now);
			changed();
		});
	for (let count = plan.bursts; count > 0; count--)
		at(moment(), () => {
			for (let some = chance.int(25, 45); some > 0; some--) write(world.clock.now - some * 1_000);
			changed();
		});
	const happen = (count, act) => {
		for (; count > 0; count--)
			at(moment(), () => {
				act();
				changed();
			});
	};
	happen(plan.edits, () => {
		const article = recent();
		if (!article) return;
		if (article.edits < 5) article.edits++;
		// One that moves keeps its headline: changed address, guid and headline in one night make a new article for anybody.
		if (!article.moves && chance.chance(0.4) && article.titleEdits < 3) article.titleEdits++;
	});
	happen(plan.reorders, () => {
		order = [...chance.shuffled(order.slice(0, plan.archive)), ...order.slice(plan.archive)];
	});
	happen(plan.guids, () => {
		era++;
	});
	happen(plan.moves, () => {
		const article = recent();
		if (!article || article.titleEdits > 0 || article.date === undefined) return;
		article.moves = (article.moves ?? 0) + 1;
		article.url = `https://www.news.example.org/archive/${article.index}/${article.moves}`;
	});
	happen(plan.schedules, () => {
		write(world.clock.now, { date: world.clock.now + chance.int(11, 90) * MINUTE, breaking: false });
	});
	happen(plan.returns, () => {
		const article = recent();
		if (!article) return;
		article.hidden = true;
		at(Math.min(world.clock.now + chance.int(2, 60) * MINUTE, end - 1), () => {
			article.hidden = false;
			changed();
		});
	});
	happen(plan.ancients, () => {
		write(world.clock.now, { date: world.clock.now - chance.int(2, 30) * DAY, ancient: true });
	});
	happen(plan.late, () => {
		write(world.clock.now, { date: world.clock.now - chance.int(3, 60) * MINUTE });
	});
	happen(plan.removals, () => {
		const article = recent();
		if (article) article.removed = true;
	});

	function draftOf(article, source, sister) {
		const { title, body } = textOf(article.index, article.edits);
		const mark = article.titleEdits > 0 ? ` ${"؛ تفاصيل إضافية".repeat(1)} ${article.titleEdits}` : "";
		const address = sister ? `https://news.example.org/articles/${article.index}` : article.url;
		const dressed = [address, address.replace("https:", "http:"), `${address}?utm_source=rss`][
			(version + article.index) % 3
		];
		return {
			url: dressed,
			guid: sister ? `s-${article.index}` : `g${era}-${article.index}`,
			title: `${title}${mark}`,
			body: article.short ? body.slice(0, 90) : body,
			tags: article.breaking ? ["عاجل"] : [],
			images: [],
			...(article.date === undefined ? {} : { publishedAt: new Date(article.date).toISOString() }),
			source,
			stamp: `${article.edits}.${article.titleEdits}.${sister ? "" : era}`,
		};
	}

	function fail(message, kind, more) {
		throw new SourceError(kind, message, more);
	}

	/** A door to the site for one process; as a sister source, the same articles some time later. */
	function open(process, name, { delay = 0, sister = false } = {}) {
		/** Versions as the sister counts them. */
		const look = () => {
			if (world.fault("site-down"))
				return chance.chance(0.5)
					? fail("the site cannot be reached", "unreachable")
					: fail("answered 502", "status", { status: 502 });
			if (world.fault("site-page")) return fail("an HTML page instead of a feed", "body");
			if (world.fault("site-broken")) return fail("the feed breaks off", "body");
			if (world.fault("site-busy")) {
				const retryAt = new Date(world.clock.now + chance.int(10, 600) * SECOND);
				world.watch.asked(name, process, retryAt.getTime());
				return fail("answered 429", "status", { status: chance.pick([429, 503]), retryAt });
			}
			if (!sister) {
				versions[version] ??= listed().map(({ index }) => index);
				drafts ??= listed().map((article) => draftOf(article, name));
				return { tag: `v${version}`, drafts };
			}
			const old = listed().filter((article) => article.at <= world.clock.now - delay);
			const tag = `s${old.map(({ index, edits, titleEdits }) => `${index}.${edits}.${titleEdits}`).join("_")}`;
			return {
				tag,
				drafts: old.map((article) => draftOf(article, name, true)),
				indexes: old.map(({ index }) => index),
			};
		};
		return {
			name,
			kind: "feed",
			url: `https://news.example.org/${name}.xml`,
			poll(cursor, signal) {
				if (!process.alive) return new Promise(() => {});
				world.count.polls++;
				world.watch.polled(name, process);
				return new Promise((resolve, reject) => {
					const long = world.fault("site-slow") ? chance.int(1_000, 15_000) : chance.int(20, 400);
					const stopped = () => process.alive && reject(signal.reason);
					signal.addEventListener("abort", stopped, { once: true });
					world.clock.after(long, () => {
						if (!process.alive || process.meets("poll", "after")) return;
						signal.removeEventListener("abort", stopped);
						try {
							const { tag, drafts, indexes } = look();
							if (indexes) world.watch.sister(tag, indexes);
							if (cursor.etag === tag) return resolve({ unchanged: true, cursor });
							resolve({ unchanged: false, drafts, cursor: { etag: tag } });
						} catch (error) {
							reject(error);
						}
					});
				});
			},
			complete(draft, signal) {
				if (draft.body.length >= 200) return Promise.resolve(draft);
				return new Promise((resolve, reject) => {
					const stopped = () => process.alive && reject(signal.reason);
					signal.addEventListener("abort", stopped, { once: true });
					world.clock.after(chance.int(20, 400), () => {
						if (!process.alive) return;
						signal.removeEventListener("abort", stopped);
						if (world.fault("pages-down")) return reject(new SourceError("status", "answered 503", { status: 503 }));
						const article = articles[Number(/(\d+)/.exec(draft.guid.slice(draft.guid.indexOf("-")))[1])];
						resolve({ ...draft, body: textOf(article.index, article.edits).body });
					});
				});
			},
		};
	}

	return {
		articles,
		versions,
		open,
		get version() {
			return version;
		},
		/** The article at an address that it ever had. */
		indexOf: (url) => Number(/(?:articles|archive)\/(\d+)/.exec(url)[1]),
		stands(process, article) {
			return new Promise((resolve) => {
				world.clock.after(chance.int(20, 400), () => {
					if (process.alive) resolve(!articles[Number(/(?:articles|archive)\/(\d+)/.exec(article.url)[1])]?.removed);
				});
			});
		},
		/** Titles that Telegram's parser chokes on. */
		isPoison: (text) => articles.some((article) => article.poison && text.includes(textOf(article.index).title)),
	};
}

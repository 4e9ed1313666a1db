import { join } from "node:path";
import { type Cleaner, cleaner } from "./arabic/clean.ts";
import type { Article } from "./article/article.ts";
import type { ChannelSetting, Settings, SourceSetting } from "./config.ts";
import { type Web, web } from "./http.ts";
import type { Log } from "./ports.ts";
import { composer } from "./post/compose.ts";
import { dressed } from "./post/dress.ts";
import type { News, Occasion, Retraction } from "./post/occasion.ts";
import type { Post } from "./post/post.ts";
import { CAPTION_LENGTH, telegramLayout } from "./post/telegram-html.ts";
import { twitterLayout } from "./post/tweet-text.ts";
import type { Manner } from "./post/view.ts";
import { type Reading, reader } from "./read.ts";
import type { Preview } from "./show.ts";
import { type Site, siteSource } from "./sources/site.ts";
import type { SiteRules } from "./sources/sites.ts";
import { type KeptTemplates, keepTemplates, loadNames, loadSites, type TemplateFolders } from "./templates.ts";

/** What a digest is called that was only asked for, without one in the newsroom's plan. */
const ANY_DIGEST = "نشرة الأخبار";

const LAYOUTS = { telegram: telegramLayout, twitter: twitterLayout } as const;

/** What reading and composing need, without a ledger: enough for `read` and `preview`, and the beginning of `run`. */
export interface Tools {
	readonly web: Web;
	readonly sites: SiteRules;
	readonly cleaner: Cleaner;
	readonly folders: TemplateFolders;
	readonly reader: ReturnType<typeof reader>;
	readonly composers: ReadonlyMap<string, (occasion: Occasion) => Post>;
	/** The posts that would be made of a reading, by channel: for what it is, or for another occasion. */
	posts(reading: Reading, as?: Exclude<Preview, "digest">): Readonly<Record<string, Post>>;
	/** The posts of a digest of these articles, dated now, by channel. */
	digest(articles: readonly Article[]): Readonly<Record<string, Post>>;
	/** A source by whatever stands at its address. */
	openSite(setting: Omit<SourceSetting, "filter">): Site;
	/** Takes up changed templates; the mistakes of those that cannot be used. */
	refresh(): Promise<readonly string[]>;
	/** Whether templates changed last into something that cannot be used. */
	broken(): boolean;
	close(): Promise<void>;
}

/** Loads templates and data files, and opens the door to the web. Throws TemplateError for a template that would not work. */
export async function openTools(
	settings: Settings,
	parts: { readonly builtin: string; readonly log: Log; readonly now: () => Date },
): Promise<Tools> {
	const own = settings.templates === undefined ? [] : [settings.templates];
	const folders: TemplateFolders = { own, builtin: parts.builtin };
	const { newsroom } = settings;
	const [names, sites] = await Promise.all([
		loadNames(folders, { agencies: newsroom.credits, places: newsroom.places }),
		loadSites(folders),
	]);
	const composers = new Map<string, (occasion: Occasion) => Post>();
	const templates: KeptTemplates[] = [];
	for (const channel of settings.channels) {
		const { compose, kept } = await open(channel, settings, folders);
		composers.set(channel.name, compose);
		templates.push(kept);
	}
	const door = web({
		userAgent: settings.userAgent,
		allowPrivate: settings.allowPrivate,
		now: parts.now,
		...(settings.proxyUrl === undefined ? {} : { proxyUrl: settings.proxyUrl }),
	});
	const clean = cleaner(names);
	const sourceName = (url: string) => settings.sources.find((source) => source.url === url)?.name;
	const openSite: Tools["openSite"] = ({ name, url, own, pages, selectors }) =>
		siteSource({
			name,
			url,
			own,
			...(pages ? { pages } : {}),
			...(selectors ? { selectors } : {}),
			web: door,
			sites,
			timeZone: settings.timeZone,
			now: parts.now,
		});
	const posts = (occasion: (links: boolean) => Occasion) =>
		Object.fromEntries(
			settings.channels.flatMap(({ name, links }) => {
				const post = composers.get(name)?.(occasion(links !== false));
				return post ? [[name, post]] : [];
			}),
		);
	return {
		web: door,
		sites,
		cleaner: clean,
		folders,
		composers,
		openSite,
		reader: reader({
			web: door,
			sites,
			cleaner: clean,
			log: parts.log,
			sourceName,
			timeZone: settings.timeZone,
			openSite: (url, name) =>
				openSite({ own: true, ...settings.sources.find((source) => source.url === url), url, name }),
		}),
		posts: (reading, as) => posts((links) => occasionAs(reading, as, links)),
		digest: (articles) =>
			posts((links) => ({
				kind: "digest",
				name: ANY_DIGEST,
				at: parts.now().toISOString(),
				articles,
				links,
				silent: false,
			})),
		broken: () => templates.some(({ broken }) => broken),
		async refresh() {
			const problems = await Promise.all(templates.map((kept) => kept.refresh()));
			return [...new Set(problems.filter((problem) => problem !== undefined))];
		},
		close: () => door.close(),
	};
}

function occasionAs(
	{ article, kind }: Reading,
	as: Exclude<Preview, "digest"> | undefined,
	links: boolean,
): News | Retraction {
	const common = { article, links, silent: false };
	if (as === "update") return { kind, updated: true, ...common };
	return { kind: as ?? kind, ...common };
}

async function open(
	channel: ChannelSetting,
	settings: Settings,
	folders: TemplateFolders,
): Promise<{ readonly compose: (occasion: Occasion) => Post; readonly kept: KeptTemplates }> {
	const inFront =
		channel.templates === undefined ? [] : folders.own.map((folder) => join(folder, channel.templates as string));
	const layout = LAYOUTS[channel.kind];
	const { language } = channel.look;
	// The newsroom's common templates are in its own language.
	const common = language === "ar" ? folders.own : [join(folders.builtin, language)];
	const kept = await keepTemplates({ own: [...inFront, ...common], builtin: folders.builtin }, channel.kind, layout);
	const manner: Manner = {
		newsroom: settings.newsroom.name ?? "",
		timeZone: settings.timeZone,
		digits: settings.newsroom.digits,
		hashtags: settings.newsroom.hashtags,
		linkParameters: channel.linkParameters,
	};
	// A post that always has a picture has its words under it.
	const captions = channel.kind === "telegram" && channel.look.picture === "caption";
	const short = captions ? { ...layout, limit: CAPTION_LENGTH } : layout;
	const layoutOf = ({ kind }: Occasion) => (kind === "article" || kind === "breaking" ? short : layout);
	return {
		compose: dressed(
			(occasion) => composer(channel.name, kept.current, manner, layoutOf(occasion))(occasion),
			channel.look,
		),
		kept,
	};
}

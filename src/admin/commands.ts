import { type Ask, type Command, may } from "./ask.ts";
import { id, lang, ledger, start, version } from "./general.ts";
import { last } from "./last.ts";
import { filters, hashtags, templates } from "./manners.ts";
import type { Reply } from "./outbox.ts";
import { overview } from "./overview.ts";
import { mode, pause, resume } from "./pauses.ts";
import { preview } from "./previews.ts";
import { queue, unsure } from "./queue.ts";
import { sources } from "./source-list.ts";
import { stats } from "./stats.ts";
import { story } from "./story.ts";
import { trail } from "./trail.ts";
import { breaking, post, retry, skip } from "./wishes.ts";

/** Everything the bot can be told to do, in the order of /help and the menu. */
export const commands: readonly Command[] = [
	{ name: "start", who: "editor", says: "helpStart", run: start },
	{ name: "status", who: "editor", says: "helpStatus", run: overview },
	{ name: "queue", takes: ["channel?"], who: "editor", says: "helpQueue", run: queue },
	{ name: "last", takes: ["channel?"], who: "editor", says: "helpLast", run: last },
	{ name: "pause", takes: ["scope?", "span?"], who: "editor", says: "helpPause", changes: true, run: pause },
	{ name: "resume", takes: ["scope?"], who: "editor", says: "helpResume", changes: true, run: resume },
	{ name: "preview", takes: ["address"], who: "editor", says: "helpPreview", slow: true, run: preview },
	{
		name: "post",
		takes: ["address", "channel?"],
		who: "editor",
		says: "helpPost",
		changes: true,
		slow: true,
		run: post,
	},
	{
		name: "breaking",
		takes: ["address", "channel?"],
		who: "editor",
		says: "helpBreaking",
		changes: true,
		slow: true,
		run: breaking,
	},
	{ name: "skip", takes: ["address", "channel?"], who: "editor", says: "helpSkip", changes: true, run: skip },
	{ name: "retry", takes: ["address", "channel?"], who: "editor", says: "helpRetry", changes: true, run: retry },
	{ name: "why", takes: ["address"], who: "editor", says: "helpWhy", run: story },
	{ name: "unsure", takes: ["channel?"], who: "editor", says: "helpUnsure", run: unsure },
	{ name: "sources", takes: ["subject?"], who: "editor", says: "helpSources", slow: true, run: sources },
	{ name: "hashtags", who: "editor", says: "helpHashtags", run: hashtags },
	{ name: "filters", who: "editor", says: "helpFilters", run: filters },
	{ name: "templates", takes: ["subject?"], who: "editor", says: "helpTemplates", slow: true, run: templates },
	{ name: "stats", takes: ["period?"], who: "editor", says: "helpStats", run: stats },
	{ name: "mode", takes: ["mode?", "scope?"], who: "editor", says: "helpMode", changes: true, run: mode },
	{ name: "log", who: "owner", says: "helpLog", run: trail },
	{ name: "ledger", takes: ["backup"], who: "owner", says: "helpLedger", changes: true, slow: true, run: ledger },
	{ name: "lang", takes: ["language?"], who: "editor", says: "helpLang", run: lang },
	{ name: "id", who: "editor", says: "helpId", run: id },
	{ name: "version", who: "editor", says: "helpVersion", run: version },
	{ name: "help", who: "editor", says: "helpHelp", run: help },
];

async function help({ desk, words, from }: Ask): Promise<Reply> {
	const mine = commands.filter((command) => may(from.role, command));
	return {
		text: [
			words.say("helpHead"),
			...mine.map(({ name, says }) => words.say("helpLine", { command: `/${name}`, says: words.say(says) })),
			words.say("version", { version: desk.version }),
		].join("\n"),
	};
}

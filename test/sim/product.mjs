import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The product as it is built: what is simulated is what is shipped. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const built = process.env.SIM_DIST ?? join(root, "dist");
const load = (path) => import(pathToFileURL(join(built, path)).href);

export const { cleaner } = await load("arabic/clean.js");
export const { botAdmins } = await load("admin/admins.js");
export const { noteChannelPost } = await load("admin/channel-posts.js");
export const { logAdmins } = await load("admin/log-admins.js");
export const { questions } = await load("admin/questions.js");
export const { sentences } = await load("admin/sentences.js");
export const { SendError } = await load("channels/channel.js");
export const { telegramChannel } = await load("channels/telegram.js");
export const { twitterChannel } = await load("channels/twitter.js");
export const { embeddedEngine } = await load("engine/embedded.js");
export const { holds } = await load("holds.js");
export const { openLedger } = await load("ledger/ledger.js");
export const { namespace, holds: sealsSame, seal, unseal } = await load("ledger/record.js");
export const { composer } = await load("post/compose.js");
export const { telegramLayout } = await load("post/telegram-html.js");
export const { twitterLayout } = await load("post/tweet-text.js");
export const { publisher } = await load("publish.js");
export const { redactor } = await load("redact.js");
export const { SourceError } = await load("sources/source.js");
export const { loadNames, loadTemplates, loadText } = await load("templates.js");
export const { ledgerCare } = await load("care.js");
export const { openSafeMode } = await load("safe-mode.js");
export const { retention } = await load("ledger/retention.js");
export const { watcher } = await load("watch.js");

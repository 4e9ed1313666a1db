import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "./config.ts";
import type { Clock } from "./ports.ts";
import { loadText } from "./templates.ts";

/** The built-in demo newsroom, and the settings that watch it: its own temporary ledger, and nothing of the user's is touched. */
export async function openDemo(
	settings: Settings,
	parts: { readonly builtin: string; readonly clock: Clock; readonly every: number },
) {
	const { readDemo, startDemo } = await import("./demo.ts");
	const { name, articles } = readDemo(await loadText({ own: [], builtin: parts.builtin }, "demo.yaml"));
	const site = await startDemo({ articles, every: parts.every, clock: parts.clock, name });
	const folder = await mkdtemp(join(tmpdir(), "mirsal-demo-"));
	return {
		settings: {
			...settings,
			newsroom: { ...settings.newsroom, name },
			sources: [{ name, url: site.feedUrl, own: true }],
			allowPrivate: [site.host],
			ledger: join(folder, "mirsal.db"),
		} satisfies Settings,
		async stop(): Promise<void> {
			await site.stop();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

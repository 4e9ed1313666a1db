import type { Article } from "../article/article.ts";
import type { Web } from "../http.ts";
import { SourceError } from "./source.ts";

/** A post must not wait long for an answer that is nearly always «yes». Milliseconds. */
const DEADLINE = 5_000;
/** The status line is enough; a page that is larger than this stands as well. Bytes. */
const ENOUGH = 2_000_000;

/** Whether an article still stands on its site: false only when the site says that it is gone (404, 410). */
export async function stillStands(
	{ url, link }: Pick<Article, "url" | "link">,
	{ web, signal }: { readonly web: Web; readonly signal: AbortSignal },
): Promise<boolean> {
	try {
		await web.get(link ?? url, { signal, deadline: DEADLINE, maxBytes: ENOUGH, accept: "text/html, */*;q=0.5" });
		return true;
	} catch (error) {
		return !(error instanceof SourceError && (error.status === 404 || error.status === 410));
	}
}

import type { Article } from "../article/article.ts";
import type { Web } from "../http.ts";
import { SourceError } from "./source.ts";

/** A post must not wait long for an answer that is nearly always «yes». Milliseconds. */
const DEADLINE = 5_000;
/** The status line is enough; a page that is larger than this stands as well. Bytes. */
const ENOUGH = 2_000_000;

/** What a site says of an article's page: `gone` is 404 and 410 alone; what it says while it is out of order, or to a robot that it does not trust, is `unclear`. */
export async function standingOf(
	{ url, link }: Pick<Article, "url" | "link">,
	{ web, signal }: { readonly web: Web; readonly signal: AbortSignal },
): Promise<"stands" | "gone" | "unclear"> {
	try {
		await web.get(link ?? url, { signal, deadline: DEADLINE, maxBytes: ENOUGH, accept: "text/html, */*;q=0.5" });
		return "stands";
	} catch (error) {
		return error instanceof SourceError && (error.status === 404 || error.status === 410) ? "gone" : "unclear";
	}
}

/** Whether an article still stands on its site: false only when the site says that it is gone. */
export async function stillStands(...asked: Parameters<typeof standingOf>): Promise<boolean> {
	return (await standingOf(...asked)) !== "gone";
}

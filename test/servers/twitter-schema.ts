import { Ajv2020 } from "ajv/dist/2020.js";
import type { Fields } from "./listen.ts";

type Schema = Readonly<Record<string, unknown>>;

const id: Schema = { type: "string", pattern: "^[0-9]{1,19}$" };
const str: Schema = { type: "string" };
const bool: Schema = { type: "boolean" };
const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
	type: "object",
	properties,
	required,
	additionalProperties: false,
});
const category: Schema = { enum: ["tweet_image", "tweet_gif", "tweet_video"] };
/** A comma-separated list in a query, each word one of those the documentation has. */
const words = (...allowed: readonly string[]): Schema => ({
	type: "string",
	pattern: `^(?:(?:${allowed.join("|")})(?:,(?!$)|$))+$`,
});
const postFields = words(
	"article",
	"attachments",
	"author_id",
	"conversation_id",
	"created_at",
	"display_text_range",
	"edit_controls",
	"edit_history_tweet_ids",
	"entities",
	"id",
	"in_reply_to_user_id",
	"lang",
	"media_metadata",
	"non_public_metrics",
	"note_post",
	"note_tweet",
	"possibly_sensitive",
	"public_metrics",
	"referenced_tweets",
	"reply_settings",
	"source",
	"text",
	"withheld",
);
const userFields = words(
	"created_at",
	"description",
	"id",
	"name",
	"protected",
	"public_metrics",
	"username",
	"verified",
);
const date: Schema = {
	type: "string",
	pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$",
};
const media: Schema = {
	anyOf: [
		{ type: "string", minLength: 1 },
		{ type: "object", required: ["bytes"] },
	],
};

/** The part of the API that the fake knows: body or query of each endpoint (docs.x.com/x-api). */
const ENDPOINTS: Readonly<Record<string, Schema>> = {
	"POST /2/tweets": object(
		{
			text: { type: "string", minLength: 1 },
			media: object(
				{
					media_ids: {
						type: "array",
						minItems: 1,
						maxItems: 4,
						uniqueItems: true,
						items: id,
					},
					tagged_user_ids: { type: "array", maxItems: 10, items: id },
				},
				["media_ids"],
			),
			reply: object(
				{
					in_reply_to_tweet_id: id,
					exclude_reply_user_ids: { type: "array", items: id },
					auto_populate_reply_metadata: bool,
				},
				["in_reply_to_tweet_id"],
			),
			// There is no word for everyone: that is said by leaving the field out.
			reply_settings: {
				enum: ["following", "mentionedUsers", "subscribers", "verified"],
			},
			quote_tweet_id: id,
			edit_options: object({ previous_post_id: id }, ["previous_post_id"]),
			made_with_ai: bool,
			paid_partnership: bool,
			nullcast: bool,
		},
		["text"],
	),
	"DELETE /2/tweets/:id": object({}),
	"GET /2/users/me": object({
		"user.fields": userFields,
		"tweet.fields": postFields,
		expansions: str,
	}),
	"GET /2/users/:id/tweets": object({
		max_results: { type: "string", pattern: "^([5-9]|[1-9][0-9]|100)$" },
		pagination_token: { type: "string", minLength: 1 },
		since_id: id,
		until_id: id,
		start_time: date,
		end_time: date,
		exclude: words("replies", "retweets"),
		"tweet.fields": postFields,
		"post.fields": postFields,
		"user.fields": userFields,
		expansions: str,
	}),
	"POST /2/media/upload/initialize": object({
		media_type: {
			enum: ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"],
		},
		media_category: category,
		total_bytes: { type: "integer", minimum: 0 },
		additional_owners: { type: "array", items: id },
		shared: bool,
	}),
	"POST /2/media/upload/:id/append": object(
		{
			media,
			// In a form the number is text.
			segment_index: {
				anyOf: [
					{ type: "integer", minimum: 0, maximum: 999 },
					{ type: "string", pattern: "^[0-9]{1,3}$" },
				],
			},
		},
		["media", "segment_index"],
	),
	"POST /2/media/upload/:id/finalize": object({}),
	"POST /2/media/upload": object({ media, media_category: category, additional_owners: str }, [
		"media",
		"media_category",
	]),
	"GET /2/media/upload": object({ command: { const: "STATUS" }, media_id: id }, ["media_id"]),
	"POST /2/media/metadata": object(
		{
			id,
			metadata: object({
				alt_text: object({ text: { type: "string", maxLength: 1000 } }, ["text"]),
			}),
		},
		["id"],
	),
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
const checks = new Map(Object.entries(ENDPOINTS).map(([name, schema]) => [name, ajv.compile(schema)]));

/** The endpoint's name, such as «DELETE /2/tweets/:id», and the id in the path. */
export function endpointOf(method: string, path: string): { name: string; id?: string } | undefined {
	for (const name of checks.keys()) {
		const [verb, pattern] = name.split(" ") as [string, string];
		if (verb !== method) continue;
		const match = new RegExp(`^${pattern.replace(":id", "([0-9]+)")}$`).exec(path);
		if (match) return { name, ...(match[1] === undefined ? {} : { id: match[1] }) };
	}
	return undefined;
}

/** What the documentation does not allow in it, a sentence each; empty when nothing. */
export function complaints(endpoint: string, given: Fields): readonly string[] {
	const check = checks.get(endpoint);
	if (!check || check(given)) return [];
	return (check.errors ?? []).map((error) => {
		const extra = error.params["additionalProperty"] as string | undefined;
		return `${error.instancePath || "$"} ${error.message}${extra ? ` (${extra})` : ""}`;
	});
}

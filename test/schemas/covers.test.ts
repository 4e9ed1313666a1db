import { expect, test } from "vitest";
import { beyond, type Schema } from "./covers.ts";

const full: Schema = {
	$defs: {
		Chat: { anyOf: [{ type: "integer" }, { type: "string" }] },
		Media: { type: "object", properties: { ids: { type: "array", items: { type: "string" } } }, required: ["ids"] },
	},
	type: "object",
	properties: {
		chat: { $ref: "#/$defs/Chat" },
		text: { type: "string" },
		silent: { type: "boolean" },
		size: { type: "number" },
		who: { type: "string", enum: ["following", "verified"] },
		media: { $ref: "#/$defs/Media" },
		file: { anyOf: [{}, { type: "string" }] },
	},
	required: ["chat"],
};
const object = (properties: Schema, required: readonly string[] = ["chat"]): Schema => ({
	type: "object",
	properties: { chat: { type: "integer" }, ...properties },
	required,
});

test.each<[string, Schema, readonly string[]]>([
	["less than there is", object({ text: { type: "string", pattern: "^a" } }), []],
	["a reference on either side", { $defs: { One: object({}) }, $ref: "#/$defs/One" }, []],
	["each of several forms", object({ chat: { anyOf: [{ type: "string" }, { type: "integer" }] } }), []],
	["an integer where numbers are taken", object({ size: { type: "integer" } }), []],
	["an uploaded file", object({ file: { type: "object", required: ["bytes"] } }), []],
	["some of the words", object({ who: { enum: ["following"] } }), []],
	["a word that is not there", object({ who: { enum: ["everyone"] } }), ['$.who: "everyone" is not documented']],
	["any word", object({ who: { type: "string" } }), ["$.who: the documentation has a list of words for it"]],
	["an obsolete field", object({ disable_preview: { type: "boolean" } }), ["$: there is no «disable_preview»"]],
	["another kind", object({ silent: { type: "string" } }), ["$.silent: it is documented as boolean, not as string"]],
	["what must be there", object({}, []), ["$: «chat» must be there"]],
	[
		"a fault deep inside",
		object({
			media: { type: "object", properties: { ids: { type: "array", items: { type: "integer" } } }, required: ["ids"] },
		}),
		["$.media.ids[]: it is documented as string, not as integer"],
	],
	[
		"a form that is none of theirs",
		object({ chat: { type: "boolean" } }),
		["$.chat: none of the documented forms has it ($.chat: it is documented as integer, not as boolean)"],
	],
])("%s", (_name, ours, complaints) => {
	expect(beyond({ root: ours, at: ours }, { root: full, at: full })).toEqual(complaints);
});

import fc from "fast-check";
import { Parser } from "htmlparser2";
import { describe, expect, test } from "vitest";
import { decoded, readTokens } from "../../src/sources/xml-tokens.ts";

/** What a text is read as, one line for each event; neighbouring texts are one. */
function eventsOf(xml: string): readonly string[] {
	const events: string[] = [];
	const say = (text: string) => {
		const last = events.at(-1);
		if (text !== "")
			events.splice(
				last?.startsWith("text ") ? -1 : events.length,
				1,
				`${last?.startsWith("text ") ? last : "text "}${text}`,
			);
	};
	readTokens(xml, {
		open: (name, attributes, selfClosing) =>
			events.push(`${selfClosing ? "empty" : "open"} ${name} ${JSON.stringify(attributes)}`),
		close: (name) => {
			events.push(`close ${name}`);
			return false;
		},
		text: (coded) => say(decoded(coded)),
		verbatim: say,
	});
	return events;
}

describe("readTokens", () => {
	test.each([
		["an element with text", "<a>نص</a>", ["open a {}", "text نص", "close a"]],
		["attributes in all three ways of writing", `<a b="1" c='2' d=3 e/>`, ['empty a {"b":"1","c":"2","d":"3","e":""}']],
		["the first of two attributes", "<a b=1 b=2>", ['open a {"b":"1"}']],
		["entities in an attribute", `<a b="&lt;&#x41;&nbsp;">`, ['open a {"b":"<A&nbsp;"}']],
		["a slash in an unquoted value", "<a b=/c/>", ['open a {"b":"/c/"}']],
		["white space wherever it may stand", "<a\n b = '1' / ></ a\t>", ['empty a {"b":"1"}', "close a"]],
		["CDATA as it is", "<![CDATA[<b>&amp;]]]]>", ["text <b>&amp;]]"]],
		["CDATA that never ends", "<![CDATA[أ<b>", ["text أ<b>"]],
		["comments as nothing", "أ<!-- <b> -- --!>ب<!--->-->ج", ["text أبج"]],
		["declarations and instructions as nothing", "<?xml version='1.0'?><!DOCTYPE a>أ<!b><?c > ?>", ["text أ"]],
		["signs that begin nothing as text", "3 < 5 <> </> </ > 7", ["text 3 < 5 <> </> </ > 7"]],
		["a tag that breaks off as nothing", "أ<a b='1' c", ["text أ"]],
		["a closing tag that breaks off as nothing", "أ</a", ["text أ"]],
		["a last sign as text", "أ<", ["text أ<"]],
		["nothing", "", []],
	])("reads %s", (_, xml, events) => {
		expect(eventsOf(xml)).toEqual(events);
	});

	test("stops where its reader wants", () => {
		const names: string[] = [];
		readTokens("<a></a></b></c>", {
			open: () => {},
			close: (name) => names.push(name) === 2,
			text: () => {},
			verbatim: () => {},
		});
		expect(names).toEqual(["a", "b"]);
	});
});

describe("decoded", () => {
	test.each([
		["the five named ones", "&lt;&gt;&amp;&quot;&apos;", `<>&"'`],
		["numbers", "&#1575;&#x628;&#X1F600;", "اب😀"],
		["what stands for no character", "&#0;&#xD800;&#1114112;&#99999999999;", "\uFFFD\uFFFD\uFFFD\uFFFD"],
		["each once", "&amp;lt; &#38;amp; &amp;#39;", "&lt; &amp; &#39;"],
		["no others", "&nbsp; &lt &#; &#x; & &LT;", "&nbsp; &lt &#; &#x; & &LT;"],
	])("decodes %s", (_, coded, text) => {
		expect(decoded(coded)).toBe(text);
	});

	test("as htmlparser2 does, whatever comes in", () => {
		const piece = fc.constantFrom(
			"&",
			"amp;",
			"lt;",
			"quot;",
			"#38;",
			"#x26;",
			"#",
			"x",
			"3",
			";",
			"&amp;",
			"&#60;",
			"أ",
			" ",
		);
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				let text = "";
				const parser = new Parser({ ontext: (data) => (text += data) }, { xmlMode: true });
				parser.end(`<a>${pieces.join("")}</a>`);
				expect(decoded(pieces.join(""))).toBe(text);
			}),
		);
	});
});

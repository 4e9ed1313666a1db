import type { RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Drawing, drawingLibrary } from "../../src/channels/drawing.ts";
import { PICTURE_LIMITS, pictureHabits } from "../../src/channels/picture.ts";
import { readPictureHeader } from "../../src/channels/picture-header.ts";
import { fetchPicture, type PictureWish } from "../../src/channels/picture-fetch.ts";
import { type Web, web } from "../../src/http.ts";
import { type HttpServer, httpServer } from "../servers/http.ts";
import { damaged, heic, picture } from "./picture-samples.ts";

const open = drawingLibrary({ debug() {}, info() {}, warn() {}, error() {} });
const drawing = (await open()) as Drawing;
const { telegram, twitter } = PICTURE_LIMITS;

const [photo, narrow, webp, avif, icon, strip, huge, clear] = await Promise.all([
	picture(drawing, "jpeg", 1_200, 675),
	picture(drawing, "jpeg", 320, 240),
	picture(drawing, "webp", 900, 500),
	picture(drawing, "avif", 3_000, 1_500),
	picture(drawing, "png", 120, 120),
	picture(drawing, "png", 4_500, 210),
	picture(drawing, "png", 1_800, 1_200, true),
	picture(drawing, "webp", 700, 700),
]);
const HTML = "<!DOCTYPE html><html><body><h1>404</h1></body></html>";

const as =
	(type: string, body: Buffer | string): RequestListener =>
	(_, response) =>
		void response.writeHead(200, { "content-type": type }).end(body);
/** Sends the beginning, then a little now and then, and never ends. */
const drip: RequestListener = (_, response) => {
	response.writeHead(200, { "content-type": "image/jpeg" });
	response.write(photo.subarray(0, 2_000));
	const timer = setInterval(() => response.write("\0"), 20);
	response.on("close", () => clearInterval(timer));
};
/** 40 MB of nothing in 200 kB. */
const bomb: RequestListener = (_, response) =>
	void response
		.writeHead(200, { "content-type": "image/png", "content-encoding": "gzip" })
		.end(gzipSync(Buffer.concat([photo.subarray(0, 100), Buffer.alloc(40_000_000)]), { level: 1 }));

let server: HttpServer;
let door: Web;
beforeAll(async () => {
	server = await httpServer({
		"/photo.jpg": as("image/jpeg", photo),
		"/narrow.jpg": as("image/jpeg", narrow),
		"/lying.html": as("text/html", photo),
		"/page.jpg": as("image/jpeg", HTML),
		"/w.webp": as("image/webp", webp),
		"/square.webp": as("image/webp", clear),
		"/a.avif": as("image/avif", avif),
		"/icon.png": as("image/png", icon),
		"/strip.png": as("image/png", strip),
		"/huge.png": as("image/png", huge),
		"/phone.heic": as("image/heic", heic(4_032, 3_024)),
		"/cut.jpg": as("image/jpeg", damaged(photo)),
		"/head.png": as("image/png", icon.subarray(0, 20)),
		"/torn.webp": as("image/webp", Buffer.concat([webp.subarray(0, 30), Buffer.alloc(400, 7)])),
		"/silent.jpg": () => {},
		"/drip.jpg": drip,
		"/bomb.png": bomb,
		"/hop.jpg": (_, response) => void response.writeHead(302, { location: "/photo.jpg" }).end(),
		"/out.jpg": (_, response) => void response.writeHead(302, { location: "http://10.0.0.1/x.jpg" }).end(),
		"/logo.png": as("image/png", photo),
	});
	door = web({ userAgent: "test", allowPrivate: [server.host], now: () => new Date("2026-11-23T09:00:00Z") });
});
afterAll(async () => {
	await door.close();
	await server.close();
});

const wish = (paths: readonly string[], more: Partial<PictureWish> = {}): PictureWish => ({
	urls: paths.map((path) => (path.startsWith("/") ? server.origin + path : path)),
	web: door,
	signal: new AbortController().signal,
	drawing: open,
	...more,
});

describe("what is sent as it came", () => {
	test.each([
		["a photograph", ["/photo.jpg"]],
		["whatever the server calls it", ["/lying.html"]],
		["after a redirect", ["/hop.jpg"]],
		["the next one where the first is gone", ["/gone.jpg", "/photo.jpg"]],
		["the next one where the first is a page", ["/page.jpg", "/photo.jpg"]],
		["the wide one before the narrow one", ["/narrow.jpg", "/photo.jpg"]],
		["the next one where the first is slow", ["/silent.jpg", "/photo.jpg"]],
		["what stands behind the site's own logo", ["/logo.png", "/photo.jpg"]],
		["what stands behind something that is no address", ["data:image/png;base64,xx", "/photo.jpg"]],
	])("%s", async (_, paths) => {
		const { picture } = await fetchPicture(wish(paths, { within: 2_000 }), telegram);
		expect(picture).toMatchObject({ type: "image/jpeg", width: 1_200, height: 675 });
		expect(Buffer.compare(picture?.bytes ?? Buffer.alloc(0), photo)).toBe(0);
	});

	test("a narrow one, where there is no other", async () => {
		const { picture } = await fetchPicture(wish(["/narrow.jpg", "/icon.png"]), twitter);
		expect(picture).toMatchObject({ width: 320, url: `${server.origin}/narrow.jpg` });
	});
});

describe("what is converted", () => {
	test.each([
		["WebP", "/w.webp", twitter, [900, 500]],
		["a large AVIF", "/a.avif", telegram, [2_048, 1_024]],
		["more bytes than the platform takes", "/huge.png", twitter, [1_800, 1_200]],
		["what is too large even then, smaller,", "/huge.png", { ...twitter, maxBytes: 700_000 }, [1_080, 720]],
	] as const)("%s becomes a JPEG", async (_, path, limits, [width, height]) => {
		const { picture } = await fetchPicture(wish([path]), limits);
		expect(picture).toMatchObject({ type: "image/jpeg", width, height });
		expect(picture && readPictureHeader(picture.bytes)).toEqual({ kind: "jpeg", width, height });
		expect(picture?.bytes.length).toBeLessThanOrEqual(limits.maxBytes);
	});
});

describe("nothing, and why", () => {
	test.each([
		["no address at all", [], /names no picture/],
		["a missing picture", ["/gone.jpg"], /answered 404/],
		["a page", ["/page.jpg"], /no picture/],
		["an icon", ["/icon.png"], /only 120×120/],
		["a strip", ["/strip.png"], /a strip/],
		["a phone's own format", ["/phone.heic"], /cannot be decoded/],
		["half a picture", ["/cut.jpg"], /breaks off/],
		["a header that ends", ["/head.png"], /no picture/],
		["rubbish behind a good header", ["/torn.webp"], /damaged/],
		["a bomb", ["/bomb.png"], /larger than|too large|more than/],
		["a redirect into the inner network", ["/out.jpg"], /private address/],
		["an address of the inner network", ["http://127.0.0.1:9/x.jpg"], /private address/],
		["the site's own logo", ["/logo.png"], /every article/],
	])("%s", async (_, paths, reason) => {
		const fetched = await fetchPicture(wish(paths), telegram);
		expect(fetched.picture).toBeUndefined();
		expect(fetched.reason).toMatch(reason);
	});

	test.each([
		["never answer", ["/silent.jpg", "/silent.jpg?2", "/silent.jpg?3"]],
		["never end", ["/drip.jpg", "/drip.jpg?2", "/drip.jpg?3"]],
	])("servers that %s, within the time for all", async (_, paths) => {
		const { reason } = await fetchPicture(wish(paths, { within: 600 }), telegram);
		expect(reason).toMatch(
			/did not answer completely within [\d.]+ seconds.*(?: · .*was not there within 0.6 seconds|within)/,
		);
	});

	test("when the caller gives up", async () => {
		const stop = new AbortController();
		const fetched = fetchPicture(wish(["/silent.jpg"], { signal: stop.signal }), telegram);
		stop.abort(new Error("stopping"));
		expect((await fetched).reason).toMatch(/stopping/);
	});

	test.each([
		["nothing to draw with", { drawing: async () => undefined }, /nothing is installed/],
		["nothing given", {}, /nothing is installed/],
	])("WebP with %s", async (_, more, reason) => {
		const { drawing: _none, ...bare } = wish(["/w.webp"]);
		expect((await fetchPicture({ ...bare, ...more }, twitter)).reason).toMatch(reason);
	});

	test("what stands with every article", async () => {
		const habits = pictureHabits();
		const urls = [`${server.origin}/photo.jpg`];
		for (const id of ["a", "b", "c"]) habits.note(id, urls);
		expect((await fetchPicture(wish(urls, { habits }), telegram)).reason).toMatch(/every article/);
	});

	test("at most four addresses are asked", async () => {
		const before = server.requests.length;
		await fetchPicture(wish(Array.from({ length: 12 }, (_, index) => `/none-${index}.jpg`)), telegram);
		expect(server.requests.length - before).toBe(4);
	});

	test("no secret of an address is told", async () => {
		const { reason } = await fetchPicture(wish(["/icon.png?token=abcd1234"]), telegram);
		expect(reason).not.toContain("abcd1234");
	});
});

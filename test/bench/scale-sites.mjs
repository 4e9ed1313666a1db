// The sites of the scale benchmark, in a process of their own: every address of 127.0.0.0/8 is one.
import { createServer } from "node:http";
import { feedOf, indexOf, item, sharedItems } from "./scale-feed.mjs";

const begin = Number(process.argv[2]);
const shared = sharedItems(begin);
const first = feedOf(shared);
/** By site: how often it published, and when. */
const published = new Map();
let polls = new Map();
let asked = 0;
let expected = Number.POSITIVE_INFINITY;
let sockets = 0;
let mostSockets = 0;

function bodyOf(index) {
	const times = published.get(index);
	if (!times) return first;
	const own = times.map((at, turn) =>
		item({ url: `http://${index}.example/${turn}`, seed: 1_000 + index * 8 + turn, at }),
	);
	return feedOf([...own.reverse(), ...shared]);
}

/** In life four seconds, at 33 looks a second: so many connections are open at a time here as well, although thirty times as many looks happen. */
const IDLE = 130;

const server = createServer((request, response) => {
	response.setHeader("connection", "keep-alive");
	response.on("finish", () => setTimeout(() => request.socket.end(), IDLE));
	const index = indexOf(request.headers.host ?? "");
	polls.set(index, (polls.get(index) ?? 0) + 1);
	const etag = `"v${published.get(index)?.length ?? 0}"`;
	if (request.headers["if-none-match"] === etag) response.writeHead(304, { etag }).end();
	else response.writeHead(200, { etag, "content-type": "application/rss+xml; charset=utf-8" }).end(bodyOf(index));
	if (++asked === expected)
		response.on("close", () =>
			process.send({ asked, sources: polls.size, most: Math.max(...polls.values()), mostSockets }),
		);
});
server.on("connection", (socket) => {
	mostSockets = Math.max(mostSockets, ++sockets);
	socket.on("close", () => sockets--);
});
server.keepAliveTimeout = 60_000;

/** A new round: one of so many sites publishes something. */
process.on("message", ({ round, sources, oneIn, now }) => {
	polls = new Map();
	asked = 0;
	mostSockets = sockets;
	expected = sources;
	let news = 0;
	for (let index = 0; index < sources; index++)
		if (oneIn > 0 && (index + round) % oneIn === 0) {
			published.set(index, [...(published.get(index) ?? []), now]);
			news++;
		}
	process.send({ news });
});
process.on("disconnect", () => process.exit());
server.listen(0, "0.0.0.0", 4_096, () => process.send({ port: server.address().port }));

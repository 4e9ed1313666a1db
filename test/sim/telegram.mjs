import { TelegramError } from "telegraf";
import { simNetwork } from "./network.mjs";

/** The token that must never come out anywhere. */
export const TOKEN = "123456789:AAsimulated-token-of-forty-letters-000";
export const OPS = -1009000000001;

const refusal = (error_code, description, parameters) =>
	new TelegramError({ ok: false, error_code, description, ...(parameters ? { parameters } : {}) });

const plainOf = (html) =>
	html
		.replace(/<[^>]+>/g, "")
		.replace(/&(lt|gt|quot|amp);/g, (_all, name) => ({ lt: "<", gt: ">", quot: '"', amp: "&" })[name]);

const WINDOW = 60_000;
const LIMIT = 20;
/** A request that left arrives within its client's deadline or never. Milliseconds. */
const LATEST = 19_000;

/** Telegram as far as one channel and the admins' chat go, with a clock of its own. */
export function simTelegram(world) {
	const { clock, scenario } = world;
	const chance = world.chance.fork("telegram");
	const ownTime = () => clock.now * (1 + scenario.drift) + scenario.phase;
	const rooms = new Map();
	let channel = -1001000000001;
	let old;
	rooms.set(channel, { posts: new Map(), next: chance.int(2, 900) });
	let opsNext = 1;
	const arrivals = [];
	let mutedUntil = 0;
	const network = simNetwork(world, "telegram", { latest: LATEST, failed: (code) => refusal(code, "Bad Gateway") });
	const tells = simNetwork(world, "tell", { latest: LATEST, failed: (code) => refusal(code, "Bad Gateway") });

	function roomOf(address) {
		const id = Number(address);
		if (id === old)
			throw refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", { migrate_to_chat_id: channel });
		const room = rooms.get(id);
		if (!room) throw refusal(400, "Bad Request: chat not found");
		return room;
	}

	/** What arrives in the channel. Throws what the platform answers instead. */
	function accept(address, text, extra) {
		const room = roomOf(address);
		const now = ownTime();
		if (world.fault("telegram-kicked")) throw refusal(403, "Forbidden: bot is not a member of the channel chat");
		if (now < mutedUntil) {
			world.count.early++;
			throw refusal(429, "Too Many Requests", { retry_after: Math.ceil((mutedUntil - now) / 1_000) });
		}
		if (world.fault("telegram-wait")) {
			const seconds = chance.int(1, 60);
			mutedUntil = now + seconds * 1_000;
			world.count.waits++;
			throw refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds });
		}
		const html = extra.parse_mode === "HTML";
		if (html && (world.fault("telegram-entities") || world.site.isPoison(text))) {
			world.watch.refusedForm("telegram", text);
			throw refusal(400, "Bad Request: can't parse entities: Unsupported start tag");
		}
		while (arrivals.length > 0 && arrivals[0] <= now - WINDOW) arrivals.shift();
		if (arrivals.length >= LIMIT) {
			world.violate("I4", `Telegram got its ${LIMIT + 1}st post within a minute`);
			throw refusal(429, "Too Many Requests", { retry_after: Math.ceil((arrivals[0] + WINDOW - now) / 1_000) });
		}
		arrivals.push(now);
		const id = room.next++;
		room.posts.set(id, { text: html ? plainOf(text) : text, seen: clock.now + chance.int(0, 2_500) });
		world.watch.accepted("telegram", text, String(id));
		return { message_id: id, chat: { id: channel, type: "channel" } };
	}

	function forward({ from_chat_id, message_id }) {
		if (world.fault("telegram-look"))
			throw chance.chance(0.5)
				? refusal(429, "Too Many Requests: retry after 3", { retry_after: 3 })
				: refusal(502, "Bad Gateway");
		world.count.looks++;
		if (world.fault("telegram-protected")) throw refusal(400, "Bad Request: message can't be forwarded");
		// A group that became a supergroup can still be read under its former number.
		const post = rooms.get(Number(from_chat_id))?.posts.get(message_id);
		if (!post || post.seen > clock.now) throw refusal(400, "Bad Request: message to forward not found");
		return {
			message_id: opsNext++,
			chat: { id: OPS, type: "supergroup" },
			text: post.text,
			forward_origin: { type: "channel", chat: { id: Number(from_chat_id) }, message_id },
		};
	}

	function tell(text, extra) {
		const id = opsNext++;
		world.watch.told(text);
		const data = (extra.reply_markup?.inline_keyboard ?? []).flat().flatMap((button) => button.callback_data ?? []);
		if (data.length > 0) world.asked(data);
		return { message_id: id, chat: { id: OPS, type: "supergroup" } };
	}

	return {
		get channel() {
			return String(channel);
		},
		first: String(channel),
		/** Posts in the channel that stand there now, by id. */
		posts: () => rooms.get(channel).posts,
		/** Every room's posts: those of a chat that moved as well. */
		find: (id) => [...rooms.values()].some(({ posts }) => posts.get(Number(id))?.text !== undefined),
		/** Somebody posts by hand; whoever listens hears of it. */
		human() {
			const room = rooms.get(channel);
			const id = room.next++;
			room.posts.set(id, { text: `كتب المحرر بنفسه منشورًا رقم ${id}`, seen: 0 });
			if (scenario.bot) world.heard(channel, id);
		},
		move() {
			old = channel;
			channel -= 1_000;
			rooms.set(channel, { posts: new Map(), next: 2 });
		},
		forgive() {
			arrivals.length = 0;
		},
		/** What a process speaks to it through. */
		api: (process) => ({
			token: TOKEN,
			sendMessage: (address, text, extra = {}) =>
				Number(address) === OPS
					? tells.request(process, "tell", () => tell(text, extra))
					: network.request(process, "telegram", () => accept(address, text, extra)),
			callApi(method, payload, { signal } = {}) {
				if (method === "forwardMessage")
					return network.request(process, "look", () => forward(payload), { faults: false, signal });
				return network.request(process, "look", () => true, { faults: false, signal });
			},
		}),
	};
}

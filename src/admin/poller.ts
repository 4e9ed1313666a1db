import type { Update, UserFromGetMe } from "telegraf/types";
import { type Failure, failureOf, type TelegramApi } from "../channels/telegram-api.ts";
import type { Clock, Log } from "../ports.ts";

/** Seconds that Telegram may keep a poll open, and milliseconds after which a poll without an answer is given up. */
const LONG = 50;
const DEADLINE = 60_000;
const OTHER_DEADLINE = 20_000;
const BACKOFF_FIRST = 2_000;
const BACKOFF_MOST = 60_000;
/** Failures in a row between two words about them in the log. */
const SAID_EVERY = 15;
const WANTED = ["message", "callback_query", "channel_post"] as const;

export interface PollerParts {
	readonly api: TelegramApi;
	readonly clock: Clock;
	readonly log: Log;
	/** Called with each fresh connection, before its first update. */
	readonly ready: (me: UserFromGetMe) => void;
	/** Called with each update, in order; must not throw, and is not waited for. */
	readonly handle: (update: Update) => void;
}

/**
 * Long polling that never gives up: whatever goes wrong (409, 401, a proxy's page, silence), it starts afresh after 2 s, later 60 s at most.
 * It polls by itself because telegraf's own loop cannot be stopped during its back-off, tries again without end and in silence when a proxy answers in its place,
 * and lets the slowest handler hold up the next poll.
 */
export function poller({ api, clock, log, ready, handle }: PollerParts): { start(): void; stop(): Promise<void> } {
	const stopping = new AbortController();
	let running: Promise<void> | undefined;
	/** The call that is open; a signal of its own each time, because signals that depend on one that lives long are kept by it. */
	let current = new AbortController();
	let offset = 0;
	let failures = 0;

	/** A call that ends at once when the poller stops, and after its deadline by the clock. */
	async function call<T>(method: string, payload: object, deadline: number): Promise<T> {
		const mine = new AbortController();
		current = mine;
		if (stopping.signal.aborted) mine.abort();
		const cancel = clock.at(new Date(clock.now().getTime() + deadline), () => mine.abort());
		try {
			return (await api.callApi(method as "getMe", payload as never, { signal: mine.signal as never })) as T;
		} finally {
			cancel();
		}
	}

	async function session(): Promise<void> {
		ready(await call<UserFromGetMe>("getMe", {}, OTHER_DEADLINE));
		await call("deleteWebhook", { drop_pending_updates: false }, OTHER_DEADLINE);
		while (!stopping.signal.aborted) {
			const updates = await call<Update[]>("getUpdates", { timeout: LONG, offset, allowed_updates: WANTED }, DEADLINE);
			if (failures > 0) log.info({ failures }, "the bot receives commands again");
			failures = 0;
			for (const update of updates) {
				offset = update.update_id + 1;
				handle(update);
			}
		}
	}

	function pause(milliseconds: number): Promise<void> {
		return new Promise((resolve) => {
			const done = () => {
				cancel();
				stopping.signal.removeEventListener("abort", done);
				resolve();
			};
			const cancel = clock.at(new Date(clock.now().getTime() + milliseconds), done);
			stopping.signal.addEventListener("abort", done);
		});
	}

	async function run(): Promise<void> {
		while (!stopping.signal.aborted) {
			try {
				await session();
			} catch (error) {
				if (stopping.signal.aborted) return;
				const failure = failureOf(error);
				const wait = Math.max(
					Math.min(BACKOFF_FIRST * 2 ** failures, BACKOFF_MOST),
					failure.kind === "answered" ? (failure.retryAfter ?? 0) * 1_000 : 0,
				);
				failures++;
				const fields = { reason: failure.description, failures, seconds: wait / 1_000 };
				if (failures % SAID_EVERY === 1) log.warn(fields, `the bot receives no commands for now: ${advice(failure)}`);
				else log.debug(fields, "the bot still receives no commands");
				await pause(wait);
			}
		}
	}

	return {
		start() {
			if (!stopping.signal.aborted) running ??= run();
		},
		async stop() {
			stopping.abort();
			current.abort();
			await running;
		},
	};
}

function advice(failure: Failure): string {
	if (failure.kind !== "answered") return "Telegram cannot be reached; posting goes on by itself";
	if (failure.code === 409)
		return "another program receives this bot's messages; if it stays so, stop that program or give it a bot of its own";
	if (failure.code === 401 || failure.code === 404)
		return "Telegram does not know the token; ask @BotFather for a new one and put it into TELEGRAM_BOT_TOKEN";
	return "Telegram said no";
}

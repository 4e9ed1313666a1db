import type { Desk } from "./desk.ts";

/** Lets the ledger learn the id of what people post by hand: a lost answer is looked for behind the last id known. */
export function noteChannelPost({ ledger, channels }: Desk) {
	return async (chat: { readonly id: number; readonly username?: string }, messageId: number): Promise<void> => {
		const addresses = [String(chat.id), `@${chat.username}`.toLowerCase()];
		for (const { name, kind, address } of channels) {
			if (kind !== "telegram") continue;
			const { movedTo } = await ledger.channel(name);
			if (!addresses.includes(movedTo ?? address.toLowerCase())) continue;
			await ledger.updateChannel(name, (before) =>
				Number(before.last ?? 0) < messageId ? { ...before, last: String(messageId) } : before,
			);
		}
	};
}

import { expect, test } from "vitest";
import { previewChannel } from "../../src/channels/preview.ts";
import type { Post } from "../../src/post/post.ts";
import { telegramLayout } from "../../src/post/telegram-html.ts";
import { type ChannelHouse, channelContract, composeFor, occasionOf } from "../contracts/channel.ts";

const compose = await composeFor("telegram", telegramLayout);

async function open(): Promise<ChannelHouse> {
	const shown: Post[] = [];
	return {
		channel: previewChannel({ name: "telegram", kind: "telegram", compose, show: (post) => void shown.push(post) }),
		published: () => shown.map(({ text }) => text),
		sends: () => shown.length,
		secrets: [],
		close: async () => {},
	};
}

channelContract("preview", open, []);

test("a preview channel says that it is one, shows the very post, and never claims to have looked", async () => {
	const { channel, published } = await open();
	expect(channel).toMatchObject({ name: "telegram", kind: "telegram", preview: true });
	const post = channel.compose(occasionOf());
	await channel.send(post);
	expect(published()).toEqual([post.text]);
	expect(await channel.find(post, { at: "2026-11-23T09:00:00.000Z" }, new AbortController().signal)).toBe(
		"cannot-tell",
	);
});

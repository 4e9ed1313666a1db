import type { Act, DeliveryAct } from "./act.ts";
import type { Who } from "./ask.ts";
import { incidents } from "./incidents.ts";
import type { Reply } from "./outbox.ts";

/** What a button has done: a short word for the one who pressed it, and what is said besides. */
export interface Acted {
	readonly toast: string;
	readonly reply?: Reply;
}

/** What an act is about, for the audit trail. */
export function aboutOf(act: Act): string {
	if ("of" in act) return act.of.map(({ channel, id }) => `${channel}/${id}`).join(" ");
	return "source" in act ? act.source : act.address;
}

/** Carries out what a button says; undefined when what it is about moved on meanwhile. */
export async function carryOut(who: Who, act: Act): Promise<Acted | undefined> {
	if ("of" in act) return decide(who, act);
	const { desk, words, from } = who;
	const owned = act.do === "add" || act.do === "remove" || act.do === "surely";
	if (owned && from.role !== "owner") return undefined;
	if (act.do === "add") {
		const source = await desk.addSource(act.address, from.name);
		return { toast: words.say("act_add"), reply: { text: words.say("sourceAdded", { source }) } };
	}
	const { source } = act;
	if (!desk.sources.some(({ name }) => name === source)) return undefined;
	const { switches } = desk;
	switch (act.do) {
		case "mute":
			await switches.mute(source, from.name);
			break;
		case "unmute":
			await switches.unmute(source);
			break;
		case "rest":
			await switches.pauseSource(source, from.name);
			break;
		case "wake":
			await switches.resumeSource(source);
			await desk.look(source);
			break;
		case "look":
			await desk.look(source);
			break;
		case "remove":
			return {
				toast: words.say("act_remove"),
				reply: {
					text: words.say("sourceRemoveSure", { source }),
					buttons: [[{ label: words.say("buttonRemoveSurely"), act: { do: "surely", source } }]],
				},
			};
		case "surely":
			if (!(await desk.removeSource(source))) return undefined;
			return { toast: words.say("act_surely"), reply: { text: words.say("sourceRemoved", { source }) } };
	}
	return { toast: words.say(`act_${act.do}`, { source }) };
}

/** Asks the lanes to do it with all deliveries that still stand as they stood; an earlier decision that is on its way counts. */
async function decide({ desk, words, from, now }: Who, { do: does, of }: DeliveryAct): Promise<Acted | undefined> {
	const { ledger } = desk;
	const fitting: { channel: string; id: string }[] = [];
	for (const { channel, id, changedAt } of of) {
		const delivery = await ledger.delivery(channel, id);
		if (delivery?.changedAt !== changedAt) continue;
		if ((await ledger.kept(`decision:${channel}:${id}`)) !== undefined) continue;
		fitting.push({ channel, id });
	}
	if (fitting.length === 0) return undefined;
	for (const { channel, id } of fitting) {
		await ledger.decide(channel, id, { v: 1, do: does, by: from.name, at: now.toISOString() });
		await incidents(ledger).forgetAbout(channel, id);
		await desk.wake(channel);
	}
	return { toast: words.say(`act_${does}`) };
}

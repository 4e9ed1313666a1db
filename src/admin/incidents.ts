import type { Incident, Ledger } from "../ledger/ledger.ts";
import type { Notice } from "../ports.ts";
import type { Fields } from "./sentences.ts";

const keyOf = (incident: string) => `incident:${incident}`;
const toldKeyOf = (incident: string) => `told:${incident}`;
/** What comes and goes is told at most so often. Milliseconds. */
const HOUR = 3_600_000;

/** What the ledger keeps of an open incident, with whether the admins were reached. */
interface Open {
	readonly text: string;
	readonly since: string;
	readonly told?: boolean;
}

/** The open incidents, as far as telling people of them goes. */
export function incidents(ledger: Ledger) {
	/** Whether an incident is open and reached nobody. */
	async function isUntold(incident: string): Promise<boolean> {
		const open = await ledger.kept<Open>(keyOf(incident));
		return open !== undefined && !open.told;
	}

	/** Ends an incident because somebody did something about it: should it come back, it is told at once. */
	async function forget(incident: string): Promise<void> {
		await ledger.closeIncident(incident);
		await ledger.forget(toldKeyOf(incident));
	}

	return {
		/** Keeps an incident. «told» when people were told of it before; a time when it was over and told of less than an hour ago: to be told then, unless it is over again. */
		async open(incident: string, text: string, now: Date): Promise<"tell" | "told" | Date> {
			if (!(await ledger.openIncident(incident, text)) && !(await isUntold(incident))) return "told";
			const last = await ledger.kept<string>(toldKeyOf(incident));
			const free = last === undefined ? 0 : Date.parse(last) + HOUR;
			// A clock that was set back must not silence it for longer.
			return free > now.getTime() && free <= now.getTime() + HOUR ? new Date(free) : "tell";
		},
		isUntold,
		/** The open incidents that reached nobody. */
		async untold(): Promise<readonly Incident[]> {
			return (await ledger.incidents()).filter((open) => !(open as Incident & Open).told);
		},
		/** Notes that people were reached. */
		async told(incident: string, now: Date): Promise<void> {
			await ledger.keepBy<Open>(keyOf(incident), (open) => open && { ...open, told: true });
			await ledger.keep(toldKeyOf(incident), now.toISOString());
		},
		/** Ends an incident; true when people had been told of it. */
		async close(incident: string): Promise<boolean> {
			const open = await ledger.kept<Open>(keyOf(incident));
			return (await ledger.closeIncident(incident)) && open?.told === true;
		},
		forget,
		/** Ends what people were told of a delivery, because somebody decided about it. */
		async forgetAbout(channel: string, id: string): Promise<void> {
			const about = [refusalOf(channel, id), `unsure:${channel}:${id}:`];
			for (const { incident } of await ledger.incidents())
				if (about.some((one) => incident === one || (one.endsWith(":") && incident.startsWith(one))))
					await forget(incident);
		},
		/** A notice's fields with the headline of the article it is about: an id tells people nothing. */
		async fields({ fields }: Notice): Promise<Fields> {
			const { article, text } = fields;
			if (article === undefined || (text !== undefined && text !== "")) return fields;
			const known = await ledger.article(String(article));
			return { ...fields, text: known?.article.title || String(article) };
		},
	};
}

/** What `publish` calls the refusal of a post; a decision about the post ends it, so that a second refusal is told again. */
const refusalOf = (channel: string, id: string): string => `refused:${channel}:${id}`;

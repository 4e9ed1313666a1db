import type { Incident, Ledger } from "../ledger/ledger.ts";
import type { Notice } from "../ports.ts";
import type { Fields } from "./sentences.ts";

const keyOf = (incident: string) => `incident:${incident}`;

/** What the ledger keeps of an open incident, with whether the admins were reached. */
interface Open {
	readonly text: string;
	readonly since: string;
	readonly told?: boolean;
}

/** The open incidents, as far as telling people of them goes. */
export function incidents(ledger: Ledger) {
	return {
		/** Keeps an incident; false when people were told of it before. */
		async open(incident: string, text: string): Promise<boolean> {
			if (await ledger.openIncident(incident, text)) return true;
			return !(await ledger.kept<Open>(keyOf(incident)))?.told;
		},
		/** The open incidents that reached nobody. */
		async untold(): Promise<readonly Incident[]> {
			return (await ledger.incidents()).filter((open) => !(open as Incident & Open).told);
		},
		/** Notes that people were reached. */
		async told(incident: string): Promise<void> {
			const open = await ledger.kept<Open>(keyOf(incident));
			if (open) await ledger.keep(keyOf(incident), { ...open, told: true });
		},
		/** Ends an incident; true when people had been told of it. */
		async close(incident: string): Promise<boolean> {
			const open = await ledger.kept<Open>(keyOf(incident));
			return (await ledger.closeIncident(incident)) && open?.told === true;
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
export const refusalOf = (channel: string, id: string): string => `refused:${channel}:${id}`;

import type { Ledger } from "../ledger/ledger.ts";
import type { Admins, Log, Notice } from "../ports.ts";

/** The way to the admins without a bot: the log, once per incident, and what is open stays in the ledger for `mirsal status`. */
export function logAdmins(log: Log, ledger: Ledger): Admins {
	const textOf = ({ sentence, fields }: Notice) =>
		`${sentence}: ${Object.entries(fields)
			.map(([name, value]) => `${name} ${value}`)
			.join(", ")}`;
	async function open(notice: Notice): Promise<void> {
		if (await ledger.openIncident(notice.incident, textOf(notice)).catch(() => true))
			log.warn({ incident: notice.incident, ...notice.fields }, `for the admins: ${notice.sentence}`);
	}
	return {
		notify: open,
		ask: open,
		async resolve(notice) {
			if (await ledger.closeIncident(notice.incident).catch(() => false))
				log.info({ incident: notice.incident, ...notice.fields }, `for the admins: ${notice.sentence}`);
		},
	};
}

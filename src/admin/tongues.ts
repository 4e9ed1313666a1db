import type { Ledger } from "../ledger/ledger.ts";
import type { Sentences } from "./sentences.ts";

/** What the ledger keeps of one admin. */
interface AdminRecord {
	readonly v: 1;
	readonly language?: string;
}

const keyOf = (id: number) => `admin:${id}`;

/** The language of each admin: the newsroom's until he chooses another one. */
export type Tongues = ReturnType<typeof tongues>;

export function tongues(ledger: Ledger, languages: readonly [Sentences, ...Sentences[]]) {
	const known = new Map<number, Sentences>();
	const [main] = languages;

	return {
		main,
		/** All of them, the newsroom's first. */
		languages,
		async of(id: number): Promise<Sentences> {
			const before = known.get(id);
			if (before) return before;
			const { language } = (await ledger.kept<AdminRecord>(keyOf(id))) ?? {};
			const found = languages.find((one) => one.language === language) ?? main;
			known.set(id, found);
			return found;
		},
		/** Speaks another language with one admin; undefined when there is none of that name. */
		async speak(id: number, language: string): Promise<Sentences | undefined> {
			const found = languages.find((one) => one.language === language);
			if (!found) return undefined;
			await ledger.keepBy<AdminRecord>(keyOf(id), (before) => ({ ...before, v: 1, language }));
			known.set(id, found);
			return found;
		},
	};
}

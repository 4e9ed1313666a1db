/** Time, handed out by `app.ts` alone: everything else asks here, so that tests and simulations own it. */
export interface Clock {
	/** Wall clock. */
	now(): Date;
	/** Runs `wake` once at `time` (soon, when that has passed); the returned function cancels it. */
	at(time: Date, wake: () => void): () => void;
}

/** A clock that also measures: what depends on how long something took must not believe a wall clock, which people and NTP set. */
export interface SteadyClock extends Clock {
	/** Milliseconds since some moment of this process's own; never goes back, goes on while the process is stopped, and may stand still while the machine sleeps. */
	monotonic(): number;
}

/** Words for operators: one line per event, structured, never a secret (the sink redacts). */
export interface Log {
	debug(fields: LogFields, message: string): void;
	info(fields: LogFields, message: string): void;
	warn(fields: LogFields, message: string): void;
	error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** The people who run the newsroom's channels. Telling them never throws and never holds up the work. */
export interface Admins {
	/** Tells them something; once for each incident until it is resolved. */
	notify(notice: Notice): Promise<void>;
	/** Says that an incident is over, if they were told of it. */
	resolve(notice: Notice): Promise<void>;
	/** Asks for a decision about a delivery. */
	ask(question: Question): Promise<void>;
}

/** A sentence of `templates/admin.*.yaml` by its name, and what stands in its gaps. */
export interface Notice {
	readonly sentence: string;
	readonly fields: Readonly<Record<string, string | number>>;
	/** What it is about; the same incident is told once. */
	readonly incident: string;
}

/** A question about one delivery, or about everything that a hold keeps. */
export type Question = DeliveryQuestion | HoldQuestion;

export interface DeliveryQuestion extends Notice {
	readonly channel: string;
	readonly id: string;
	/** Answers, by their names in the sentences file, and what each does. */
	readonly buttons: readonly { readonly label: string; readonly does: "retry" | "confirm" | "skip" }[];
	/** ISO 8601 UTC; later answers change nothing. */
	readonly until: string;
}

export interface HoldQuestion extends Notice {
	/** Name of the hold. */
	readonly hold: string;
	/** The article that is to be approved: the admins see it as it would be posted. */
	readonly shows?: string;
	readonly buttons: readonly { readonly label: string; readonly does: "all" | "latest" | "none" | "later" }[];
	/** ISO 8601 UTC; later answers change nothing. */
	readonly until: string;
}

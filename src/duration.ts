const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `20s`, `5m`, `24h`, `2d`; undefined when it is not of that form. */
export function parseDuration(text: string): number | undefined {
	const [, count, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*$/.exec(text) ?? [];
	return count && unit ? Number(count) * (UNITS[unit] ?? 0) : undefined;
}

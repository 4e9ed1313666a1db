/** How much of a feed is looked at: what it says of itself stands before its entries. Bytes. */
const HEAD = 8_192;
const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, number>> = {
	hourly: HOUR,
	daily: 24 * HOUR,
	weekly: 7 * 24 * HOUR,
	monthly: 30 * 24 * HOUR,
	yearly: 365 * 24 * HOUR,
};

/** How long a feed asks to be left alone between two looks: RSS's `ttl` (minutes) or `sy:updatePeriod` and `sy:updateFrequency` (RSS 1.0 syndication module). Milliseconds; undefined when it says nothing. */
export function periodOf(body: Uint8Array): number | undefined {
	const [head = ""] = Buffer.from(body.subarray(0, HEAD))
		.toString("latin1")
		.split(/<(?:item|entry)[\s>]/i);
	const said = (name: string) => new RegExp(`<${name}>\\s*([^<]{1,20}?)\\s*</${name}>`, "i").exec(head)?.[1];
	const ttl = said("ttl");
	if (ttl !== undefined && /^\d{1,6}$/.test(ttl) && ttl !== "0") return Number(ttl) * 60_000;
	const period = PERIODS[said("sy:updatePeriod")?.toLowerCase() ?? ""];
	const times = Number(said("sy:updateFrequency") ?? 1);
	return period === undefined || !(times > 0) ? undefined : Math.round(period / times);
}
